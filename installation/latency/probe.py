"""The measuring itself, beside the running piece: draws the code, reads the camera's pictures, hears the bundles."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from installation.base.clock import Clock
from installation.base.mailbox import Closed, Latest
from installation.latency.code import CodeReader, bright_runs, cells_of, patch_box
from installation.latency.figures import Moments
from installation.types import ByteArray, Frame, Observation

LOOK_ANEW = 60
"""After so many pictures the code's place is looked for again: somebody may have moved the camera."""


class Event(Protocol):
    """What the show takes."""

    kind: str
    value: Any


class Probe:
    """``number`` is that of the next picture. ``event`` and ``shown`` are called by the frame loop, ``saw`` and ``heard`` by
    threads of this probe; ``moments`` may be read when all have ended.

    ``is_mirrored``: ``capture.mirror``; ``prefix``: ``osc.prefix``.
    """

    def __init__(self, clock: Clock, is_mirrored: bool, prefix: str) -> None:
        self.moments = Moments()
        self.number = 0
        self._clock, self._prefix = clock, prefix
        self._reader = CodeReader(is_mirrored)
        self._known = self._drawn = 0
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.2)
        self.port = int(self._socket.getsockname()[1])
        """Where bundles are to be sent."""

    def event(self, event: Event) -> None:
        """The show takes this: an observation it knows from now on, or a picture that is made of what it knows."""
        if event.kind == "observation":
            observation: Observation = event.value
            self._known = observation.seq
            self.moments.people[observation.seq] = len(observation.people)
        elif event.kind == "frame":
            self._drawn = self._known

    def shown(self) -> None:
        """The picture ``number`` has just gone to the screen."""
        self.moments.shown.append((self._clock.now(), self.number, self._drawn))
        self.number += 1

    def saw(self, frame: Frame) -> None:
        """A picture came from the camera."""
        if frame.seq % LOOK_ANEW == 0:
            self._reader.forget()
        self.moments.seen.append((frame.t_s, frame.seq, self._reader.read(frame.rgb)))

    def heard(self, packet: bytes, t_s: float) -> None:
        """A packet came by network at ``t_s``."""
        seq = frame_number(packet, self._prefix)
        if seq is not None:
            self.moments.sent.setdefault(seq, t_s)

    def begin(self, frames: Latest[Frame] | None) -> None:
        """Forget what came before, and measure from now on. ``frames``: None where the source has no pictures."""
        self.moments = Moments(has_pictures=frames is not None)
        works: list[Callable[[], None]] = [self._hear]
        if frames is not None:
            works.append(lambda: self._look(frames))
        for work in works:
            thread = threading.Thread(target=work, name="latency", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """End the threads. The port stays open: the piece still sends, and would raise a fallback."""
        self._stop.set()
        for thread in self._threads:
            thread.join(1.0)

    def close(self) -> None:
        """Close the port, too, when the piece has ended."""
        self.stop()
        self._socket.close()

    def _look(self, frames: Latest[Frame]) -> None:
        seq = frames.peek()[0]
        while not self._stop.is_set():
            try:
                got = frames.wait_newer(seq, 0.1)
            except Closed:
                return
            if got is not None:
                seq, frame = got
                self.saw(frame)

    def _hear(self) -> None:
        while not self._stop.is_set():
            with contextlib.suppress(OSError):  # nothing for a while, or closed
                packet = self._socket.recv(65536)
                self.heard(packet, self._clock.now())


def frame_number(packet: bytes, prefix: str) -> int | None:
    """The camera frame's number in the /frame message of an OSC bundle; None where the packet has none."""
    address = f"{prefix}/frame".encode()
    address += bytes(4 - len(address) % 4) + b",if\0"
    at = packet.find(address)
    if at < 0 or len(packet) < at + len(address) + 4:
        return None
    return int(struct.unpack_from(">i", packet, at + len(address))[0])


class ProbedSurface:
    """A surface over which the code is drawn, after all else and right before it goes to the screen.

    All but ``present`` is the surface's own. ``on_picture`` gets each picture as it is shown: (H, W, 3) uint8 RGB, row 0 top.
    """

    def __init__(self, surface: Any, probe: Probe, on_picture: Callable[[ByteArray], None] | None = None) -> None:
        self._surface, self._probe, self._on_picture = surface, probe, on_picture

    def __getattr__(self, name: str) -> Any:
        return getattr(self._surface, name)

    def present(self, meanwhile: Callable[[], None]) -> None:
        """Draw the code, show the picture, note when."""
        framebuffer, size = self._surface.framebuffer, self._surface.size
        left, bottom, cell = patch_box(size)
        cells = cells_of(self._probe.number)
        rows, columns = cells.shape
        framebuffer.clear(0.0, 0.0, 0.0, 1.0, viewport=(left, bottom, columns * cell, rows * cell))
        for row, first, count in bright_runs(cells):
            box = (left + first * cell, bottom + (rows - 1 - row) * cell, count * cell, cell)
            framebuffer.clear(1.0, 1.0, 1.0, 1.0, viewport=box)
        # Before it is shown: what the buffer holds afterwards is the driver's affair.
        data = framebuffer.read((0, 0, *size), components=4) if self._on_picture is not None else b""
        self._surface.present(meanwhile)
        self._probe.shown()
        if self._on_picture is not None:
            rgba = np.frombuffer(data, np.uint8).reshape(size[1], size[0], 4)
            self._on_picture(np.ascontiguousarray(rgba[::-1, :, :3]))
