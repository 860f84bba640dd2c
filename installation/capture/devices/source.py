"""What every kind of source has in common: open, grab, retrieve, close, and an error that says what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from installation.capture.devices.camera_settings import CameraSetting
from installation.types import ByteArray

MAX_BAD = 30
"""A source is given up, or a film is over, when so many pictures in a row could not be had; fewer are skipped."""
Kind = Literal["camera", "stream", "file", "folder", "simulated"]


class CaptureError(Exception):
    """A source that cannot be opened or read. ``problem`` says what is wrong, ``fix`` what to do about it (or nothing)."""

    def __init__(self, problem: str, fix: str = "") -> None:
        super().__init__(f"{problem}; {fix}" if fix else problem)
        self.problem, self.fix = problem, fix


class BadPictureError(CaptureError):
    """One picture could not be had; the next one may be good again, and the source is still open."""


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What a source is and gives. ``width``, ``height`` in pixels and ``fps`` as the source states them, 0 where it does
    not say; ``requested`` is (width, height, fps) as asked of a camera; ``measured_fps`` what really came lately, 0 before
    that is known; ``skipped`` counts the pictures that could not be decoded; ``settings`` are a camera's own."""

    kind: Kind
    name: str
    width: int
    height: int
    fps: float
    requested: tuple[int, int, float] | None = None
    measured_fps: float = 0.0
    skipped: int = 0
    settings: tuple[CameraSetting, ...] = ()

    @property
    def refused(self) -> tuple[CameraSetting, ...]:
        """Settings that the camera did not take as they were asked for."""
        return tuple(setting for setting in self.settings if not setting.as_asked)

    @property
    def as_requested(self) -> bool:
        """Whether the source gives the size and rate that it was asked for."""
        if self.requested is None:
            return True
        width, height, fps = self.requested
        return (width, height) == (self.width, self.height) and abs(fps - self.fps) < 1

    def describe(self) -> str:
        """One line for the log and the screen."""
        rate = f"{self.fps:.3g} a second" if self.fps > 0 else "a rate it does not state"
        skipped = f", {self.skipped} pictures skipped" if self.skipped else ""
        got = f"{self.name}: {self.width}x{self.height} at {rate}{skipped}"
        if self.requested is not None and not self.as_requested:
            width, height, fps = self.requested
            got = f"{got} (asked for {width}x{height} at {fps:.3g})"
        told = [one.describe() for one in self.settings if one.asked is not None or not one.as_asked]
        return ", ".join([got, *told])


class Source(Protocol):
    """A source of pictures, used by one thread at a time. All methods may block and may raise CaptureError,
    ``grab`` and ``retrieve`` of a live source BadPictureError, too.

    ``live``: it sets the pace itself, and a repeated picture means that it hangs. Otherwise it is a file: it is slowed to
    the times of its pictures, and they may repeat.
    """

    live: bool

    def open(self) -> SourceInfo:
        """Open, or open again."""
        ...

    def rewind(self) -> None:
        """Back to a file's first picture; not asked of a live source."""
        ...

    def grab(self) -> float | None:
        """Fetch the next picture. Gives its time in seconds since the file's first one, which means nothing for a live
        source; None at a file's end."""
        ...

    def retrieve(self) -> ByteArray:
        """The picture last grabbed, (H, W, 3) uint8 RGB, not mirrored. May be left out for a picture nobody needs."""
        ...

    def read(self) -> ByteArray | None:
        """``grab`` and ``retrieve`` in one; None at a file's end."""
        ...

    def close(self) -> None:
        """Let go of the device or file; may be called twice."""
        ...
