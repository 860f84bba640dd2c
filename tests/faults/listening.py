"""What a piece says: over OSC (its health), in its log (its notices), and by the pictures that it shows."""

import itertools
import re
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_message import OscMessage

_NOTICE = re.compile(r"^\d\d:\d\d:\d\d (ERROR|WARNING|INFO) +(.+?): (.*)$")
_PICTURE = struct.Struct("<ddd")
RESOLVED = "resolved"


def messages(packet: bytes) -> list[tuple[str, list[Any]]]:
    """(address, arguments) of all messages in a packet."""
    if not OscBundle.dgram_is_bundle(packet):
        found = OscMessage(packet)
        return [(found.address, list(found.params))]
    return [pair for part in OscBundle(packet) for pair in messages(part.dgram)]


@dataclass
class Health:
    """One health message with what belongs to it. Rates are per second."""

    t_s: float
    frames: float
    perception: float
    faults: int
    fallbacks: int
    active: list[tuple[str, str]] = field(default_factory=list)
    """(stage, message) of every fault and fallback."""

    @property
    def whole(self) -> bool:
        return len(self.active) >= self.faults + self.fallbacks


class UdpListener:
    """Gives every packet that comes on a socket to ``take``, in a thread of its own, until ``close``."""

    def __init__(self, sock: socket.socket, take: Callable[[bytes], None]) -> None:
        self._socket, self._take = sock, take
        self.port = int(sock.getsockname()[1])
        self._socket.settimeout(0.2)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._ending.set()
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                packet = self._socket.recv(65536)
            except OSError:
                continue
            self._take(packet)


class HealthReceiver(UdpListener):
    """Hears /health, /fault, /fallback and /people on a socket until ``close``; ``last`` is the newest health that is whole.

    ``people``: how many visitors there are, and when that was said last. ``visitors``: how many came, as
    far as they were there when it was said. ``textures``: how many pictures were generated.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.last: Health | None = None
        self.people: tuple[float, int] = (0.0, 0)
        self.visitors = self.textures = 0
        self._ids: set[int] = set()
        self._texture = 0
        self._next: Health | None = None
        super().__init__(sock, self._hear_all)

    def _hear_all(self, packet: bytes) -> None:
        for address, args in messages(packet):
            self._hear(address, args)

    def _hear(self, address: str, args: list[Any]) -> None:
        if address == "/mien/health":
            frames, perception, _, faults, fallbacks, _ = args
            self._next = Health(time.monotonic(), frames, perception, faults, fallbacks)
        elif address == "/mien/people":
            self.people = (time.monotonic(), args[0])
        elif address == "/mien/people/ids":
            self.visitors += len(set(args) - self._ids)
            self._ids = set(args)
        elif address == "/mien/event/texture_done" and args[0] != self._texture:
            # Sent three times.
            self._texture = args[0]
            self.textures += 1
        elif address in ("/mien/fault", "/mien/fallback") and self._next is not None:
            self._next.active.append((args[0], args[1]))
        if self._next is not None and self._next.whole:
            self.last, self._next = self._next, None


@dataclass(frozen=True)
class Line:
    """One line of the log, and of a notice its stage and message."""

    t_s: float
    text: str
    level: str = ""
    stage: str = ""
    message: str = ""


class Log:
    """Reads a piece's standard error in a thread, to its end."""

    def __init__(self, stream: IO[str]) -> None:
        self.lines: list[Line] = []
        self._thread = threading.Thread(target=self._run, args=(stream,), daemon=True)
        self._thread.start()

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    def since(self, t_s: float) -> list[Line]:
        return [line for line in self.lines if line.t_s >= t_s]

    def told(self, stage: str, since_s: float) -> bool:
        """Whether a fault or fallback of a stage that matches ``stage`` was raised since then."""
        troubles = [line for line in self.since(since_s) if line.level in ("ERROR", "WARNING")]
        return any(re.fullmatch(stage, line.stage) for line in troubles)

    def join(self) -> None:
        self._thread.join(20)

    def _run(self, stream: IO[str]) -> None:
        with stream:
            for text in stream:
                found = _NOTICE.match(text.rstrip("\n"))
                self.lines.append(Line(time.monotonic(), text.rstrip("\n"), *(found.groups() if found else ())))


class Pictures:
    """When each picture was shown and how light it was: read from the file that hooks/sitecustomize.py writes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def since(self, t_s: float) -> list[tuple[float, float, float]]:
        """(t_s, mean light, seconds waited for a processor so far) of the pictures since then, with the last one before."""
        data = self._path.read_bytes() if self._path.exists() else b""
        found = list(_PICTURE.iter_unpack(data[: len(data) // _PICTURE.size * _PICTURE.size]))
        first = next((n for n, (shown_s, *_) in enumerate(found) if shown_s >= t_s), len(found))
        return found[max(0, first - 1) :]

    def longest_gap_s(self, since_s: float) -> tuple[float, float]:
        """The longest time without a new picture, and the longest less what others held the processor for; up to now."""
        found = self.since(since_s)
        first_s, _, first_waited_s = found[0] if found else (since_s, 0.0, 0.0)
        steps = [(first_s, first_waited_s), *((shown_s, waited_s) for shown_s, _, waited_s in found)]
        steps.append((time.monotonic(), steps[-1][1]))
        gaps = [(b[0] - a[0], b[0] - a[0] - (b[1] - a[1])) for a, b in itertools.pairwise(steps)]
        return max(whole_s for whole_s, _ in gaps), max(own_s for _, own_s in gaps)

    def darkest(self, since_s: float) -> float:
        """The least mean light of those that were looked at; 255 where none was."""
        return min((light for _, light, _ in self.since(since_s) if light >= 0), default=255.0)
