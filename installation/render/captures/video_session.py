"""One video while it is recorded: a pool of buffers, a queue, a thread that encodes, one file or several in a row."""

from __future__ import annotations

import contextlib
import logging
import math
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import numpy as np

from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.base.pacing import step_back
from installation.base.side_files import DiskRoom, words
from installation.base.threads import try_to_start
from installation.config.output import VideoConfig
from installation.render.captures.encoder import VideoError, output_size
from installation.types import ByteArray

log = logging.getLogger(__name__)

STAGE, START_STAGE = "video", "video start"
POOL_BYTES = 64 * 2**20
MIN_POOL, MAX_POOL = 3, 24
EARLY = 0.25
"""Share of an interval by which a picture may come early and still count for the next place in the video: pictures
wobble about their time, and none of two that fall together may be lost."""
MAX_REPEAT_S = 2.0
"""A gap up to here is filled with the picture before it, so that the rate is constant, as editing programs want it. A longer
one (the show stood still) is left open in the time stamps: players go on showing the picture before it."""
DISK_LOOK_S = 1.0
NICE = 5
"""Behind drawing and perception, ahead of the generator (10): a video should have all of its pictures."""


@dataclass(frozen=True, slots=True)
class VideoFigures:
    """Of one recording: pictures ``taken`` from the show, ``repeated`` to keep the rate, ``dropped`` because the encoder
    could not follow; ``bytes`` written; ``busy_s`` seconds the encoder worked; ``files`` in their order."""

    taken: int = 0
    repeated: int = 0
    dropped: int = 0
    bytes: int = 0
    busy_s: float = 0.0
    files: tuple[Path, ...] = ()


class FileEncoder(Protocol):
    """What is needed of a ``VideoEncoder``."""

    bytes: int

    def write(self, rgba: ByteArray, number: int) -> None:
        """See ``VideoEncoder``."""

    def repeat(self, number: int) -> None:
        """See ``VideoEncoder``."""

    def close(self) -> None:
        """See ``VideoEncoder``."""


OpenFile = Callable[[Path, tuple[int, int], tuple[int, int], Fraction, int, int], FileEncoder]


def place(t_s: float, start_s: float, rate: Fraction) -> int:
    """Number of the picture of a video begun at ``start_s`` that a picture drawn at ``t_s`` seconds is."""
    return math.floor((t_s - start_s) * rate + EARLY)


def numbered(path: Path, number: int) -> Path:
    """take.mp4, take-002.mp4, take-003.mp4 ..."""
    return path if number == 1 else path.with_stem(f"{path.stem}-{number:03d}")


class VideoSession:
    """The recorder's methods of the same names do their work here; ``ready``: the file is open."""

    def __init__(
        self,
        path: Path,
        size: tuple[int, int],
        rate: Fraction,
        config: VideoConfig,
        clock: Clock,
        notices: Notices,
        open_file: OpenFile,
        room: DiskRoom,
    ) -> None:
        self.size, self.figures = size, VideoFigures()
        self._path, self._rate, self._config, self._clock, self._notices = path, rate, config, clock, notices
        self._open_file, self._room = open_file, room
        self._out_size = output_size(size, config.width)
        width, height = size
        count = min(max(POOL_BYTES // (4 * width * height), MIN_POOL), MAX_POOL)
        self._free: deque[ByteArray] = deque(np.empty((height, width, 4), np.uint8) for _ in range(count))
        self._waiting: deque[tuple[ByteArray, int]] = deque()
        self._changed = threading.Condition()
        self._start_s: float | None = None
        self.from_s: float | None = None
        """When the video's first picture was drawn."""
        self._asked = -1  # the last place in the video that a picture was asked for
        self._finishing = self._failed = False
        self.ready = self._is_there = False
        self._number = 0  # of the file
        self._encoder: FileEncoder | None = None
        self._first = self._last = -1  # places: the file's first picture, the last one encoded
        self._looked = -1
        self._thread = threading.Thread(target=self._run, name="video", daemon=True)
        if not try_to_start(self._thread, notices, STAGE):
            self._failed = True

    @property
    def open(self) -> bool:
        """Whether it takes pictures."""
        return not (self._finishing or self._failed)

    @property
    def alive(self) -> bool:
        """Whether the thread still works."""
        return self._thread.is_alive()

    def wants(self, t_s: float) -> bool:
        if self._start_s is None:
            self._start_s = t_s
        return place(t_s, self._start_s, self._rate) > self._asked

    def reserve(self, t_s: float) -> int:
        start_s = self._start_s if self._start_s is not None else t_s
        self._asked = max(place(t_s, start_s, self._rate), self._asked + 1)
        self.from_s = t_s if self.from_s is None else self.from_s
        return self._asked

    def lend(self) -> ByteArray | None:
        with self._changed:
            if self._free:
                return self._free.popleft()
            self._count(dropped=1)
        self._notices.fallback(
            STAGE,
            f"encoding {self._out_size[0]}x{self._out_size[1]} at {float(self._rate):g} a second is too slow here: "
            "pictures are left out of the video; lower video.width or video.per_second",
        )
        return None

    def hand_in(self, rgba: ByteArray, number: int) -> None:
        with self._changed:
            if self.open:
                self._waiting.append((rgba, number))
                self._changed.notify_all()
            else:
                self._free.append(rgba)

    def finish(self) -> None:
        with self._changed:
            self._finishing = True
            self._changed.notify_all()

    def join(self, timeout_s: float) -> bool:
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        step_back(NICE)
        try:
            self._next_file(0)
            self.ready = True
            while (taken := self._take()) is not None:
                rgba, number = taken
                try:
                    self._encode(rgba, number)
                finally:
                    with self._changed:
                        self._free.append(rgba)
            self._end_file()
            self._notices.resolve(STAGE, "fallback")
        except VideoError as error:
            self._fail(str(error))
        except Exception as error:
            # Not foreseen: the video ends, the show goes on.
            log.exception("the video's thread failed")
            self._fail(f"{type(error).__name__}: {error}; the video ends here")
        figures = self.figures
        log.info(
            "video: %d pictures (%d repeated, %d left out), %.1f MB: %s",
            figures.taken + figures.repeated, figures.repeated, figures.dropped, figures.bytes / 1e6,
            ", ".join(str(path) for path in figures.files) or "no file",
        )  # fmt: skip
        self._notices.resolve(START_STAGE)

    def _take(self) -> tuple[ByteArray, int] | None:
        """The next picture, or None when the recording is over and all are encoded."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._finishing)
            return self._waiting.popleft() if self._waiting else None

    def _encode(self, rgba: ByteArray, number: int) -> None:
        started_s = self._clock.now()
        if self._first < 0:
            self._first = number
        self._look_at_disk(number)
        assert self._encoder is not None
        gap = number - self._last - 1 if self._last >= 0 else 0
        repeats = gap if gap <= MAX_REPEAT_S * self._rate else 0
        # A file that is full ends before the gap is filled: each file begins with a picture of its own.
        if self._is_full(number):
            self._end_file()
            self._next_file(number)
            self._first, repeats = number, 0
        for missing in range(number - repeats, number):
            self._encoder.repeat(missing - self._first)
        self._encoder.write(rgba, number - self._first)
        self._last = number
        with self._changed:
            self._count(taken=1, repeated=repeats, busy_s=self._clock.now() - started_s)

    def _is_full(self, number: int) -> bool:
        assert self._encoder is not None
        long = number - self._first >= self._config.file_s * self._rate
        return long or self._encoder.bytes >= self._config.file_mb * 1e6

    def _next_file(self, number: int) -> None:
        self._looked = number - math.ceil(DISK_LOOK_S * self._rate)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise VideoError(f"{self._path.parent} cannot be made ({error})") from error
        self._look_at_disk(number)
        self._number += 1
        while (path := numbered(self._path, self._number)).exists():
            self._number += 1
        config = self._config
        self._encoder = self._open_file(path, self.size, self._out_size, self._rate, config.quality, config.threads)
        self._is_there = False
        with self._changed:
            self.figures = replace(self.figures, files=(*self.figures.files, path))
        log.info("video %s: %dx%d, %g a second", path, *self._out_size, float(self._rate))

    def _look_at_disk(self, number: int) -> None:
        """Raises VideoError when less is free than must stay free, or the file was deleted; looks about once a second."""
        if number - self._looked < DISK_LOOK_S * self._rate:
            return
        self._looked = number
        try:
            self._room.check(self._path.parent)
        except OSError as error:
            raise VideoError(f"{self._path}: {words(error)}; the video ends here") from error
        if self._encoder is not None:
            # FFmpeg makes the file with the first picture.
            was_there, self._is_there = self._is_there, self.figures.files[-1].exists()
            if was_there and not self._is_there:
                raise VideoError(f"{self.figures.files[-1]} was deleted or moved; the video ends here")

    def _end_file(self) -> None:
        encoder, self._encoder = self._encoder, None
        if encoder is None:
            return
        try:
            encoder.close()
        finally:
            with self._changed:
                self._count(written=encoder.bytes)

    def _fail(self, message: str) -> None:
        with self._changed:
            self._failed = True
            self._waiting.clear()
        self._notices.fault(STAGE, message)
        with contextlib.suppress(VideoError):  # the first failure is the one to report
            self._end_file()

    def _count(
        self, taken: int = 0, repeated: int = 0, dropped: int = 0, written: int = 0, busy_s: float = 0.0
    ) -> None:
        """Add to the figures; with the lock held."""
        old = self.figures
        self.figures = VideoFigures(
            old.taken + taken,
            old.repeated + repeated,
            old.dropped + dropped,
            old.bytes + written,
            old.busy_s + busy_s,
            old.files,
        )
