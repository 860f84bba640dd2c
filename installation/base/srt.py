"""SRT by libsrt of the system (Debian: libsrt1.5-openssl), for FFmpeg as OpenCV's and PyAV's packages bring it has none.

A program or camera that listens, such as OBS, an encoder or a media server, is called (mode caller). libsrt resends what the
network loses within the latency, and drops what comes too late.
"""

from __future__ import annotations

import atexit
import ctypes
import ctypes.util
import functools
import socket
import struct
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAYLOAD = 7 * 188
"""Bytes of a packet: seven of MPEG-TS."""
CONNECT_MS = 3000
MESSAGE = 1456
"""Bytes of the largest packet that libsrt receives."""
_NAMES = ("libsrt-openssl.so.1.5", "libsrt-gnutls.so.1.5", "libsrt.so.1.5", "libsrt.dylib", "srt.dll")
_RECEIVE_LIMIT, _LATENCY, _PASSPHRASE, _CONNECT, _STREAM = 14, 23, 26, 36, 46
"""Of SRT_SOCKOPT, srt.h."""
_FIX = "install it with: apt-get install libsrt1.5-openssl (brew install srt)"


class SrtError(OSError):
    """What libsrt says, or that it is not there."""


@functools.cache
def _library() -> Any:
    """libsrt, ready; tidied up when Python ends, or its threads would outlive what they use."""
    found = ctypes.util.find_library("srt-openssl") or ctypes.util.find_library("srt-gnutls")
    for name in (*_NAMES, *filter(None, (found, ctypes.util.find_library("srt")))):
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        library.srt_getlasterror_str.restype = ctypes.c_char_p
        library.srt_startup()
        atexit.register(library.srt_cleanup)
        return library
    raise SrtError(f"SRT needs libsrt; {_FIX}")


class SrtCaller:
    """A connection that bytes of MPEG-TS are written to or read from, as with a file. Raises SrtError.

    ``address``: srt://host:port, with ?passphrase=, streamid= and latency= (milliseconds) where wanted. Who reads waits for
    ``silent_s`` at most.
    """

    def __init__(self, address: str, silent_s: float = 3.0) -> None:
        parts = urlsplit(address)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if query.get("mode", "caller") != "caller":
            raise SrtError("SRT only calls; let the other side listen, and leave mode= out")
        if parts.hostname is None or parts.port is None:
            raise SrtError("SRT needs a host and a port, such as srt://127.0.0.1:9000")
        self._buffer, self._rest = ctypes.create_string_buffer(MESSAGE), b""
        self._srt = _library()
        self._socket = self._srt.srt_create_socket()
        try:
            self._set(_CONNECT, CONNECT_MS)
            self.wait_for(silent_s)
            if "latency" in query:
                self._set(_LATENCY, int(query["latency"]))
            for name, option in (("passphrase", _PASSPHRASE), ("streamid", _STREAM)):
                if name in query:
                    self._set(option, query[name])
            self._connect(parts.hostname, parts.port)
        except (OSError, ValueError):
            self.close()
            raise

    def write(self, data: bytes) -> int:
        """Send what a muxer wrote; gives how many bytes that were."""
        for place in range(0, len(data), PAYLOAD):
            packet = bytes(data[place : place + PAYLOAD])
            if self._srt.srt_send(self._socket, packet, len(packet)) < 0:
                raise SrtError(self._why())
        return len(data)

    def wait_for(self, silent_s: float) -> None:
        """From here on who reads waits for so long at most."""
        self._set(_RECEIVE_LIMIT, round(1000 * silent_s))

    def read(self, size: int) -> bytes:
        """What came, in the order in which it was sent: up to ``size`` bytes, at least one; waits for them."""
        while not self._rest:
            got = self._srt.srt_recv(self._socket, self._buffer, MESSAGE)
            if got < 0:
                raise SrtError(self._why())
            self._rest = self._buffer.raw[:got]
        data, self._rest = self._rest[:size], self._rest[size:]
        return data

    def close(self) -> None:
        """Hang up."""
        if self._socket >= 0:
            self._srt.srt_close(self._socket)
            self._socket = -1

    def _connect(self, host: str, port: int) -> None:
        ip = socket.getaddrinfo(host, port, socket.AF_INET, socket.SOCK_DGRAM)[0][4][0]
        family = struct.pack("=H", socket.AF_INET) + struct.pack("!H", port)
        where = family + socket.inet_aton(str(ip)) + bytes(8)
        if self._srt.srt_connect(self._socket, where, len(where)) < 0:
            raise SrtError(self._why())

    def _set(self, option: int, value: int | str) -> None:
        data = struct.pack("=i", value) if isinstance(value, int) else value.encode()
        if self._srt.srt_setsockflag(self._socket, option, data, len(data)) < 0:
            raise SrtError(self._why())

    def _why(self) -> str:
        return bytes(self._srt.srt_getlasterror_str()).decode("utf-8", "replace")
