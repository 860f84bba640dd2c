"""One thread reads the source and keeps its newest frame; another notices when nothing new comes and opens it again."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np

from installation.base.backoff import Backoff
from installation.base.clock import Clock
from installation.base.mailbox import Closed, Latest
from installation.base.notices import Notices
from installation.base.pacing import Every
from installation.base.secrets import masked
from installation.base.threads import unending
from installation.capture.devices.source import MAX_BAD, BadPictureError, CaptureError, Source, SourceInfo
from installation.config.capture import CaptureConfig
from installation.types import ByteArray, Frame, read_only

log = logging.getLogger(__name__)

STAGE, DRIVER_STAGE, SETTINGS_STAGE = "capture", "capture driver", "camera settings"
FIRST_PAUSE_S = 0.25
OPEN_S = 8.0
"""Opening a source and getting its first new picture may take this long (cameras negotiate, streams wait for a key picture)."""
MAX_HANGING = 8
"""Readers that hang in the driver cannot be ended; beyond this many no new one is started until one comes back."""
WATCH_S = 0.05
REPEATED_S = 0.005
"""A driver that repeats its last picture does so without waiting; this keeps the reader from spinning."""
MAX_PASSED_OVER = 3
"""A machine too slow for a clip still shows every fourth picture of it."""
MIN_INTERVAL_S = 1 / 125
"""Of a clip of 1,000 pictures a second only so many are shown: perception and the screen have no use for more."""
REST_S = 1.0
"""While the source rests a black picture comes this often, so that perception forgets whom it saw last."""
MEASURE_S = 2.0
"""The measured rate is that of the newest pictures of this many seconds."""


class Capture:
    """Publishes ``frames``: RGB, contiguous, mirrored once if so configured, stamped when they arrived.

    ``make_source`` gives a source not yet opened; it is called for each new try (``choose`` makes it). A source that brings
    nothing new for ``stall_s`` (error, hang, or a live source that repeats its picture: OpenCV goes on giving the last one of
    a camera that was pulled out) is opened again with back-off, for as long as it takes, and raises a fault meanwhile. A
    picture that cannot be decoded is skipped and counted. Files loop, at their own pace. They cannot hang as a driver can, so
    one that is slow (its disk is gone) raises a fault and is waited for. Time stamps rise through all of that.
    """

    def __init__(
        self, make_source: Callable[[], Source], config: CaptureConfig, clock: Clock, notices: Notices
    ) -> None:
        self.frames: Latest[Frame] = Latest("frames")
        self._make_source, self._config, self._clock, self._notices = make_source, config, clock, notices
        self._stop, self._rest = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._generation = 0
        """Number of the reader that may publish. What follows belongs to that reader and is under the lock."""
        self._info: SourceInfo | None = None
        self._live = True
        self._patience_s = OPEN_S
        self._alive_s = 0.0
        self._bad, self._skipped, self._tell_at = 0, 0, 1
        self._trouble: str | None = None
        self._fingerprint: bytes | None = None
        self._seq = 0
        self._arrivals: deque[float] = deque(maxlen=512)
        self._left_behind: list[threading.Thread] = []
        self._watcher = threading.Thread(
            target=unending(self._watch, self._stop, notices, STAGE), name="capture", daemon=True
        )

    def resolve_notices(self) -> None:
        """What was wrong with this source matters no longer: another one is in its place."""
        for stage in (STAGE, DRIVER_STAGE, SETTINGS_STAGE):
            self._notices.withdraw(stage)

    def start(self) -> None:
        """Begin to read; returns at once."""
        cv2.setNumThreads(1)
        self._watcher.start()

    def rest(self, on: bool) -> None:
        """Close the source and leave it closed, until ``rest(False)``; returns at once. Its last picture becomes black."""
        (self._rest.set if on else self._rest.clear)()

    @property
    def info(self) -> SourceInfo | None:
        """What the source gives and how many new pictures a second came lately; None until it was opened once."""
        with self._lock:
            if self._info is None:
                return None
            now_s = self._clock.now()
            recent = [t_s for t_s in self._arrivals if now_s - t_s <= MEASURE_S]
            span_s = recent[-1] - recent[0] if len(recent) > 1 else 0.0
            # What a network held back arrives in a burst, of which a rate would mean nothing.
            measured_fps = (len(recent) - 1) / span_s if span_s >= MEASURE_S / 4 else 0.0
            return replace(self._info, measured_fps=measured_fps, skipped=self._skipped)

    def describe(self) -> str:
        """The source and what it gives, for the operator."""
        if self._rest.is_set():
            return f"{masked(str(self._config.source))}: not read now"
        info = self.info
        return info.describe() if info is not None else f"{masked(str(self._config.source))}: opening"

    @property
    def hanging(self) -> int:
        """Readers left behind in the driver."""
        with self._lock:
            self._left_behind = [reader for reader in self._left_behind if reader.is_alive()]
            return len(self._left_behind)

    def age_s(self) -> float | None:
        """Seconds since the newest frame arrived; None before the first."""
        _, frame = self.frames.peek()
        return None if frame is None else self._clock.now() - frame.t_s

    def close(self) -> None:
        """Stop and release the source, within a second also when the driver hangs."""
        self._stop.set()
        if self._watcher.is_alive():
            self._watcher.join(0.9)
        self.frames.close()

    def _watch(self) -> None:
        backoff = Backoff(FIRST_PAUSE_S, self._config.reopen_max_s)
        while not self._stop.is_set():
            if self._rest.is_set():
                self._keep_resting()
                backoff.reset()
                continue
            seq = self._seq
            trouble = self._read_until_trouble()
            if trouble is None:
                continue
            # A source that worked is opened again soon; one that never came back is tried less and less often.
            if self._seq > seq:
                backoff.reset()
            self._notices.fault(STAGE, f"{trouble}; opening it again")
            self._stop.wait(backoff.fail())
            self._wait_while_too_many_hang()

    def _keep_resting(self) -> None:
        """Nothing is read, nothing is wrong, and no visitor's picture is kept."""
        self.resolve_notices()
        due = Every(REST_S)
        while self._rest.is_set() and not self._stop.wait(WATCH_S):
            _, last = self.frames.peek()
            if last is not None and due.due(self._clock.now()):
                with self._lock:
                    self._seq += 1
                    self._fingerprint = None
                    self._arrivals.clear()
                    self.frames.put(Frame(self._clock.now(), self._seq, read_only(np.zeros_like(last.rgb))))

    def _wait_while_too_many_hang(self) -> None:
        while self.hanging >= MAX_HANGING and not self._stop.wait(WATCH_S):
            self._notices.fault(
                DRIVER_STAGE, f"{MAX_HANGING} readers hang in the driver; unplug the camera and plug it in again"
            )
        self._notices.resolve(DRIVER_STAGE)

    def _read_until_trouble(self) -> str | None:
        """Run one reader; what was wrong when it ended, None when stopping."""
        with self._lock:
            self._generation += 1
            generation = self._generation
            self._patience_s, self._trouble, self._alive_s, self._bad = OPEN_S, None, self._clock.now(), 0
        reader = threading.Thread(target=self._read, args=(generation,), name=f"reader-{generation}", daemon=True)
        reader.start()
        trouble = None
        while trouble is None and not self._rest.is_set() and not self._stop.wait(WATCH_S):
            trouble = self._look_for_trouble()
        with self._lock:
            self._generation += 1
        reader.join(0.5 if self._stop.is_set() or self._rest.is_set() else 0.1)
        if reader.is_alive():
            with self._lock:
                self._left_behind.append(reader)
            if not self._stop.is_set():
                log.warning("a reader hangs in the driver; left behind")
        return trouble

    def _look_for_trouble(self) -> str | None:
        """Why the reader is to be given up, if it is."""
        with self._lock:
            silent_s, trouble, live = self._clock.now() - self._alive_s, self._trouble, self._live
            name = "the source" if self._info is None else self._info.name
        if trouble is not None or silent_s < self._patience_s - WATCH_S:
            return trouble
        if live:
            return f"{name} brought nothing new for {silent_s:.1f} s"
        # Another reader would wait for the same disk.
        self._notices.fault(STAGE, f"{name} is read very slowly, or not at all; is its disk or network share there?")
        return None

    def _read(self, generation: int) -> None:
        """A reader's life. It has a source of its own, for one that hangs may still be in the driver when the next begins."""
        source: Source | None = None
        try:
            source = self._make_source()
            with self._lock:
                if generation == self._generation:
                    self._live = source.live
            info = source.open()
            if not self._note_opened(generation, info):
                return
            self._loop(generation, source) if source.live else self._play(generation, source)
        except Closed:
            pass
        except Exception as error:  # noqa: BLE001 - the border to drivers and decoders: what they raise is a fault of the source
            with self._lock:
                if generation == self._generation:
                    known = isinstance(error, (CaptureError, cv2.error, OSError))
                    self._trouble = str(error) if known else f"the source failed ({type(error).__name__}: {error})"
        finally:
            if source is not None:
                source.close()

    def _note_opened(self, generation: int, info: SourceInfo) -> bool:
        """Publish ``info``; False for a reader that was given up."""
        with self._lock:
            if generation != self._generation:
                return False
            known, self._info, self._alive_s = self._info, info, self._clock.now()
        if info != known:
            log.log(logging.INFO if info.as_requested else logging.WARNING, "%s", info.describe())
        if info.refused:
            refused = ", ".join(setting.describe() for setting in info.refused)
            self._notices.note(SETTINGS_STAGE, f"{info.name} does not do all that was asked: {refused}")
        else:
            self._notices.withdraw(SETTINGS_STAGE)
        return True

    def _wanted(self, generation: int) -> bool:
        return not self._stop.is_set() and generation == self._generation

    def _loop(self, generation: int, source: Source) -> None:
        """A live source: as fast as it gives."""
        first = True
        while self._wanted(generation):
            try:
                if source.grab() is None:
                    raise CaptureError("the stream ended", "is its sender running?")
                t_s = self._clock.now()
                rgb = source.retrieve()
            except BadPictureError as error:
                self._skip(error)
                continue
            self._had_good()
            fingerprint = rgb[::4].tobytes()
            with self._lock:
                if generation != self._generation:
                    return
                # Kept from reader to reader: a source that freezes is not new because it was opened again.
                new, self._fingerprint = fingerprint != self._fingerprint, fingerprint
                if first:
                    self._alive_s, self._patience_s = t_s, self._config.stall_s
            first = False
            if new:
                self._publish(generation, t_s, rgb)
            else:
                self._stop.wait(REPEATED_S)

    def _play(self, generation: int, source: Source) -> None:
        """A file, round and round, each picture when it is due. Pictures that are over already are passed over."""
        start_s, end_s, interval_s, passed_over = self._clock.now(), 0.0, 1 / self._config.per_second, 0
        shown_s = -MIN_INTERVAL_S
        while self._wanted(generation):
            media_s = source.grab()
            if media_s is None:
                source.rewind()
                # The last picture stays for as long as the one before it did.
                start_s, end_s, shown_s = start_s + end_s + interval_s, 0.0, -MIN_INTERVAL_S
                continue
            if media_s > end_s:
                interval_s, end_s = media_s - end_s, media_s
            if media_s - shown_s < MIN_INTERVAL_S:
                continue
            late_s = self._clock.now() - (start_s + media_s)
            if late_s > 1.0:
                start_s += late_s  # the machine slept, or cannot decode in time: the clip goes on from here
            elif late_s > max(interval_s, MIN_INTERVAL_S) and passed_over < MAX_PASSED_OVER:
                passed_over += 1
                continue
            elif late_s < 0:
                with self._lock:
                    if generation == self._generation:
                        self._alive_s = self._clock.now() - late_s  # silence counts from when the picture is due
                self._stop.wait(-late_s)
            passed_over, shown_s = 0, media_s
            if self._wanted(generation):
                try:
                    rgb = source.retrieve()
                except BadPictureError as error:
                    self._skip(error)
                    continue
                self._had_good()
                self._publish(generation, self._clock.now(), rgb)

    def _skip(self, error: BadPictureError) -> None:
        """Count a picture that could not be had; raises ``error`` when there are too many in a row."""
        self._bad += 1
        if self._bad >= MAX_BAD:
            raise error
        with self._lock:
            self._skipped += 1
        self._stop.wait(REPEATED_S)

    def _had_good(self) -> None:
        """There is a good picture: if after bad ones, log how many these were, each time that they are twice as many."""
        if self._bad == 0:
            return
        self._bad = 0
        with self._lock:
            skipped, name = self._skipped, "the source" if self._info is None else self._info.name
        if skipped >= self._tell_at:
            self._tell_at = 2 * skipped
            log.warning("%s: pictures that cannot be decoded are skipped, %d so far", name, skipped)

    def _publish(self, generation: int, t_s: float, rgb: ByteArray) -> None:
        if self._config.mirror:
            rgb = np.asarray(cv2.flip(rgb, 1), np.uint8)
        rgb = np.ascontiguousarray(rgb)
        with self._lock:
            if generation != self._generation:
                return
            self._alive_s = self._clock.now()
            self._patience_s = self._config.stall_s if self._live else OPEN_S
            self._seq += 1
            self._arrivals.append(t_s)
            if self._info is not None and (rgb.shape[1], rgb.shape[0]) != (self._info.width, self._info.height):
                self._info = replace(self._info, width=rgb.shape[1], height=rgb.shape[0])
            self.frames.put(Frame(t_s, self._seq, read_only(rgb)))
        self._notices.resolve(STAGE)
