"""Addresses of hosts: all that a name has, looked up without anybody waiting for a name server."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
import threading
from typing import Any, TypeAlias

from installation.base.backoff import Backoff

FIRST_LOOK_S, LONGEST_LOOK_S = 1.0, 5.0
"""Between two look-ups of a name that cannot be resolved, or whose addresses do not answer."""
REFRESH_S = 60.0
"""A name that is known is looked up again after this long: a receiver may have got another address."""

SocketAddress: TypeAlias = "tuple[int, Any]"
"""(family, address) as the socket module has them."""


class HostError(OSError):
    """A name that has no address now; the message says why."""


def addresses_of(host: str, port: int, kind: int) -> tuple[SocketAddress, ...]:
    """All addresses of ``host`` for SOCK_DGRAM or SOCK_STREAM, each once, IPv4 first; may take half a minute.

    IPv4 first as most programs for sound and light listen there only, while systems name ::1 before 127.0.0.1. HostError
    for whatever is wrong with the name: a part without letters or a zero inside are no OSError where they come from.
    """
    try:
        found = socket.getaddrinfo(host, port, type=kind)
    except OSError as error:
        raise HostError(f"the name {host} cannot be resolved: {error.strerror or error}") from error
    except Exception as error:
        raise HostError(f"{host!r} is no name of a host: {type(error).__name__}: {error}") from error
    addresses = dict.fromkeys((int(family), address) for family, _, _, _, address in found)
    return tuple(sorted(addresses, key=lambda entry: entry[0] != socket.AF_INET))


def is_figures(host: str) -> bool:
    """Whether ``host`` is an address in figures, for which no name server is asked."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def cannot_be_here(error: OSError) -> bool:
    """Whether a socket cannot be bound as the address is not of this machine (or the machine has no IPv6)."""
    return error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


def bound_sockets(addresses: tuple[SocketAddress, ...], kind: int) -> list[socket.socket]:
    """Sockets that are bound to each of ``addresses`` that this machine has; OSError where it has none of them, or where
    one cannot be had. A name may stand for both families where the machine has one only."""
    bound: list[socket.socket] = []
    refusal: OSError = HostError("there is no address")
    try:
        for family, address in addresses:
            wire = socket.socket(family, kind)
            try:
                if kind == socket.SOCK_STREAM and os.name == "posix":
                    # A port that this program left a moment ago.
                    wire.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    # Both families have sockets of their own here, where the name has both.
                    wire.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(len(addresses) > 1))
                wire.bind(address)
                wire.setblocking(False)
            except OSError as error:
                wire.close()
                if not cannot_be_here(error):
                    raise
                refusal = error
            else:
                bound.append(wire)
        if not bound:
            raise refusal
    except OSError:
        for wire in bound:
            wire.close()
        raise
    return bound


class HostLookUp:
    """What is known of a host's addresses. For one thread, which calls ``poll`` and never waits.

    A name is looked up in a thread of its own; what is known stays in use until another answer comes.
    """

    def __init__(self, host: str, port: int, kind: int) -> None:
        self.host, self.port, self._kind = host, port, kind
        self._figures = is_figures(host)
        self._known: tuple[SocketAddress, ...] = ()
        self._looks = Backoff(FIRST_LOOK_S, LONGEST_LOOK_S)
        self._next_s = float("-inf")
        self._thread: threading.Thread | None = None
        self._answer: tuple[SocketAddress, ...] | str = ()
        self.trouble = ""
        """Why the last look-up failed; empty where it did not. A text: a kept error would keep its frames."""

    def poll(self, now_s: float) -> tuple[SocketAddress, ...]:
        """The addresses; empty while they are looked up. HostError once for each look-up that fails while none is known."""
        if self._thread is None:
            if now_s >= self._next_s:
                self._begin(now_s)
        elif not self._thread.is_alive():
            self._thread = None
            self._take(self._answer, now_s)
        return self._known

    def again(self, now_s: float) -> None:
        """None of the addresses answers: look whether the name has others by now, though not too often."""
        if not self._figures and self._thread is None:
            self._next_s = min(self._next_s, now_s + LONGEST_LOOK_S)

    def _begin(self, now_s: float) -> None:
        self._answer = ()
        if self._figures:
            self._look()
            self._take(self._answer, now_s)
            return
        thread = threading.Thread(target=self._look, name="host-names", daemon=True)
        # Where no thread can be had: RuntimeError, tried again like a name that is unknown.
        self._next_s = now_s + LONGEST_LOOK_S
        thread.start()
        self._thread = thread

    def _look(self) -> None:
        try:
            self._answer = addresses_of(self.host, self.port, self._kind)
        except HostError as error:
            self._answer = str(error)

    def _take(self, answer: tuple[SocketAddress, ...] | str, now_s: float) -> None:
        if isinstance(answer, tuple) and answer:
            self._known, self.trouble = answer, ""
            self._looks.reset()
            self._next_s = float("inf") if self._figures else now_s + REFRESH_S
            return
        self._next_s = now_s + self._looks.fail(now_s)
        self.trouble = str(answer) if answer else f"the name {self.host} has no address"
        if not self._known:
            raise HostError(self.trouble)
