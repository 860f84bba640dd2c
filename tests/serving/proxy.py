"""A TCP proxy that stands between a piece and its server, and spoils what comes back."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from typing import Literal

Mode = Literal["pass", "slow", "trickle", "garbage", "half", "hold"]
"""pass; slow: each piece of an answer comes ``delay_s`` later; trickle: 2 kB a second; garbage: random bytes of the same
length; half: an answer is cut off after ``half_bytes`` and the line drops; hold: the line stays open and nothing comes."""
LOCAL = "127.0.0.1"
CHUNK = 64 << 10


class Proxy:
    """Listens on ``port``, forwards to ``to``. ``refuse`` closes it and all lines; ``listen`` opens it again there."""

    def __init__(self, to: int) -> None:
        self.to = to
        self.mode: Mode = "pass"
        self.delay_s, self.half_bytes = 1.0, 20_000
        self._lines: list[socket.socket] = []
        self._lock = threading.Lock()
        self._ear: socket.socket | None = None
        self.port = 0
        self.listen()

    def listen(self) -> None:
        self._ear = socket.create_server((LOCAL, self.port), backlog=16)
        self.port = self._ear.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._ear,), daemon=True).start()

    def refuse(self) -> None:
        ear, self._ear = self._ear, None
        if ear is not None:
            with contextlib.suppress(OSError):
                ear.shutdown(socket.SHUT_RDWR)
            ear.close()
        self.drop()

    def drop(self) -> None:
        """Every line breaks; new ones are taken."""
        with self._lock:
            lines, self._lines = self._lines, []
        for line in lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    close = refuse

    def _accept(self, ear: socket.socket) -> None:
        while True:
            try:
                near, _ = ear.accept()
            except OSError:
                return
            try:
                far = socket.create_connection((LOCAL, self.to), 5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            for one in (near, far):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._lines += [near, far]
            threading.Thread(target=self._forward, args=(near, far, False), daemon=True).start()
            threading.Thread(target=self._forward, args=(far, near, True), daemon=True).start()

    def _forward(self, source: socket.socket, sink: socket.socket, back: bool) -> None:
        sent = 0
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                if back:
                    sent = self._spoil(data, sink, sent)
                else:
                    sent = 0
                    sink.sendall(data)
        for line in (source, sink):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _spoil(self, data: bytes, sink: socket.socket, sent: int) -> int:
        if self.mode == "hold":
            while self.mode == "hold":
                time.sleep(0.02)
        elif self.mode == "slow":
            time.sleep(self.delay_s)
        elif self.mode == "garbage":
            data = os.urandom(len(data))
        elif self.mode == "trickle":
            for at in range(0, len(data), 200):
                if self.mode == "trickle":
                    time.sleep(0.1)
                sink.sendall(data[at : at + 200])
            return 0
        elif self.mode == "half" and sent + len(data) > self.half_bytes:
            sink.sendall(data[: max(0, self.half_bytes - sent)])
            raise OSError("cut off")
        sink.sendall(data)
        return sent + len(data) if self.mode == "half" else 0
