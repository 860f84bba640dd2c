"""A projector for tests: a thread that answers PJLink, warms up, cools down, refuses, hangs."""

from __future__ import annotations

import hashlib
import socket
import threading
from types import TracebackType

RANDOM = "498e4a67"


class FakeProjector:
    """``power`` is 0 off, 1 on, 2 cooling, 3 warming; a command leads over 3 or 2, and ``settle`` ends that.

    ``way``: "" as it should be; "hang" takes the connection and says nothing; "drip" sends a byte now and then; "hangup" closes
    at once; "rubbish" is no PJLink; ERR2 and so on: answers that to commands that set power; "ERR4?" to all.
    """

    def __init__(self, password: str = "", way: str = "", power: int = 0) -> None:
        self.password, self.way, self.power = password, way, power
        self.heard: list[str] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.getsockname()[1])

    def settle(self) -> None:
        self.power = {2: 0, 3: 1}.get(self.power, self.power)

    def close(self) -> None:
        self._stop.set()
        # A thread in accept is not woken by closing.
        socket.create_connection(("127.0.0.1", self.port), 60).close()
        self._thread.join(60)
        self._server.close()

    def __enter__(self) -> FakeProjector:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self) -> None:
        while True:
            wire, _ = self._server.accept()
            with wire:
                if self._stop.is_set():
                    return
                try:
                    self._serve(wire)
                except OSError:
                    continue

    def _serve(self, wire: socket.socket) -> None:
        wire.settimeout(20)
        if self.way == "hang":
            self._stop.wait(1.5)
            return
        if self.way == "drip":
            while not self._stop.wait(0.05):
                wire.sendall(b"P")
            return
        if self.way in ("hangup", "rubbish"):
            wire.sendall(b"" if self.way == "hangup" else b"SSH-2.0-OpenSSH\r")
            return
        wire.sendall((f"PJLINK 1 {RANDOM}" if self.password else "PJLINK 0").encode() + b"\r")
        line = b""
        while not line.endswith(b"\r"):
            more = wire.recv(1)
            if not more:
                return
            line += more
        wire.sendall(self._answer(line[:-1].decode()).encode() + b"\r")

    def _answer(self, line: str) -> str:
        if self.password:
            digest, line = line[:32], line[32:]
            if digest != hashlib.md5((RANDOM + self.password).encode()).hexdigest():
                return "PJLINK ERRA"
        self.heard.append(line)
        body, _, parameter = line.partition(" ")
        if body != "%1POWR":
            return "%1XXXX=ERR1"
        if self.way.endswith("?"):
            return f"%1POWR={self.way[:4]}"
        if parameter == "?":
            return f"%1powr={self.power}"
        if self.way.startswith("ERR"):
            return f"%1POWR={self.way}"
        if self.power in (2, 3):
            return "%1POWR=ERR3"
        if parameter == "1" and self.power == 0:
            self.power = 3
        elif parameter == "0" and self.power == 1:
            self.power = 2
        return "%1POWR=OK"
