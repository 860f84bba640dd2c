"""Ports that nobody else is given: what is free by a system's word may be somebody's the moment after."""

import itertools
import os
import socket

LOCAL = "127.0.0.1"
# Systems give ports of their own accord from 32768 on (Linux) or from 49152 on (RFC 6335). Each process begins elsewhere.
_NEXT = itertools.cycle(range(20_000, 32_000))
for _ in range(os.getpid() % 120 * 100):
    next(_NEXT)


def free_port() -> int:
    """A port of this machine that neither UDP nor TCP uses, another one each time."""
    for port in _NEXT:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
            try:
                udp.bind((LOCAL, port))
                tcp.bind((LOCAL, port))
            except OSError:
                continue
            return port
    raise AssertionError("itertools.cycle has no end")
