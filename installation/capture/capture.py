"""One thread reads the source and keeps its newest frame; another notices when nothing new comes and opens it again."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable

import cv2
import numpy as np

from installation.capture.sources import CaptureError, Source, SourceInfo
from installation.clock import Clock
from installation.config import CaptureConfig
from installation.mailbox import Closed, Latest
from installation.notices import Notices
from installation.types import ByteArray, Frame, read_only

log = logging.getLogger(__name__)

FIRST_BACK_OFF_S = 0.25
OPEN_S = 5.0
"""Opening a source may take this long (cameras negotiate, streams wait for a key picture)."""
MAX_HANGING = 8
"""Readers that hang in the driver cannot be ended; beyond this many no new one is started until one comes back."""


class Capture:
    """Publishes ``frames``: RGB, mirrored once if so configured, stamped when they arrived.

    ``make_source`` gives a source not yet opened; it is called for each new try. A source that brings nothing new for
    ``stall_s`` (error, hang, or a live source repeating its picture) is opened again with back-off, for as long as it
    takes; the notices tell. Files loop, at their own pace.
    """

    def __init__(
        self, make_source: Callable[[], Source], config: CaptureConfig, clock: Clock, notices: Notices
    ) -> None:
        self.frames: Latest[Frame] = Latest("frames")
        self.info: SourceInfo | None = None
        self._make_source, self._config, self._clock, self._notices = make_source, config, clock, notices
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._generation = 0
        self._hanging: list[threading.Thread] = []
        self._seq = 0
        self._new_s = 0.0
        self._opened = False
        self._trouble: str | None = None
        self._fingerprint: bytes | None = None
        self._watcher = threading.Thread(target=self._watch, name="capture", daemon=True)

    def start(self) -> None:
        """Begin to read; returns at once."""
        cv2.setNumThreads(1)
        self._watcher.start()

    def age_s(self) -> float | None:
        """Seconds since the newest frame arrived; None before the first."""
        _, frame = self.frames.peek()
        return None if frame is None else self._clock.now() - frame.t_s

    def close(self) -> None:
        """Stop and release the source, within about a second also when the driver hangs."""
        self._stop.set()
        if self._watcher.is_alive():
            self._watcher.join(0.9)
        self.frames.close()

    def _watch(self) -> None:
        back_off_s = FIRST_BACK_OFF_S
        while not self._stop.is_set():
            if len(self._hanging) >= MAX_HANGING:
                self._notices.fault(
                    "capture", f"{self._hanging} readers hang in the driver; unplug and plug the camera"
                )
                self._stop.wait(self._config.reopen_max_s)
                continue
            seen = self._seq
            trouble = self._read_until_trouble()
            if trouble is None:
                return
            # A source that worked for a while starts again at once; one that never came back is asked less and less.
            back_off_s = FIRST_BACK_OFF_S if self._seq > seen else min(2 * back_off_s, self._config.reopen_max_s)
            self._notices.fault("capture", f"{trouble}; opening it again")
            self._stop.wait(back_off_s)

    def _read_until_trouble(self) -> str | None:
        """Run one reader; what was wrong when it ended, None when stopping."""
        with self._lock:
            self._generation += 1
            generation = self._generation
            self._opened, self._trouble, self._fingerprint = False, None, None
            self._new_s = self._clock.now()
        reader = threading.Thread(target=self._read, args=(generation,), name=f"reader-{generation}", daemon=True)
        reader.start()
        trouble = None
        while not self._stop.is_set() and trouble is None:
            self._stop.wait(0.05)
            with self._lock:
                silent_s = self._clock.now() - self._new_s
                patience_s = self._config.stall_s if self._opened else OPEN_S
                trouble = self._trouble
            if trouble is None and silent_s > patience_s:
                trouble = f"nothing new for {silent_s:.1f} s"
        with self._lock:
            self._generation += 1
        reader.join(0.5)
        if reader.is_alive():
            self._hanging.append(reader)
            log.warning("a reader hangs in the driver; left behind")
        return trouble

    def _read(self, generation: int) -> None:
        # Each reader has a source of its own: one that hangs may still be inside the driver when the next one begins.
        source = self._make_source()
        try:
            info = source.open()
            with self._lock:
                if generation != self._generation:
                    return
                if info != self.info:
                    log.info("source %s", info.describe())
                self.info, self._opened, self._new_s = info, True, self._clock.now()
            self._read_pictures(generation, source, info)
        except CaptureError as error:
            with self._lock:
                if generation == self._generation:
                    self._trouble = str(error)
        except Closed:
            pass
        finally:
            source.close()

    def _read_pictures(self, generation: int, source: Source, info: SourceInfo) -> None:
        any_since_open = False
        pace = _Pace(info.fps or self._config.fps, self._clock.now) if source.paced else None
        while not self._stop.is_set() and generation == self._generation:
            if pace is not None:
                self._stop.wait(max(0.0, pace.wait_s()))
                for _ in range(pace.late()):
                    if not source.skip():
                        break
            rgb = source.read()
            if rgb is not None:
                any_since_open = True
                self._publish(generation, rgb, source.live)
            elif any_since_open:
                any_since_open = False
                source.open()
            else:
                raise CaptureError(f"{info.name} holds no picture that can be decoded")

    def _publish(self, generation: int, rgb: ByteArray, live: bool) -> None:
        fingerprint = rgb[::16, ::16].tobytes() if live else None
        if self._config.mirror:
            rgb = np.asarray(cv2.flip(rgb, 1), np.uint8)
        rgb = read_only(np.ascontiguousarray(rgb))
        with self._lock:
            if generation != self._generation:
                return
            if fingerprint is not None and fingerprint == self._fingerprint:
                return
            self._fingerprint = fingerprint
            self._new_s = self._clock.now()
            self._seq += 1
            with contextlib.suppress(Closed):
                self.frames.put(Frame(self._new_s, self._seq, rgb))
        self._notices.clear("capture", "fault")


class _Pace:
    """When a file's pictures are due. A reader that fell behind is told how many to pass over."""

    def __init__(self, fps: float, now: Callable[[], float]) -> None:
        self._interval_s, self._now = 1 / fps, now
        self._due_s = now()

    def wait_s(self) -> float:
        """Seconds until the next picture is due; negative when late."""
        return self._due_s - self._now()

    def late(self) -> int:
        """Pictures that are over already. Counts the next one as taken. A stall of a second starts anew."""
        behind_s = self._now() - self._due_s
        missed = int(behind_s / self._interval_s) if 0 < behind_s < 1 else 0
        self._due_s = self._now() + self._interval_s if behind_s >= 1 else self._due_s + (missed + 1) * self._interval_s
        return missed
