"""One way out, from the piece's side: its process, and the memory that the newest picture is read into.

The process asks for a picture when it has none to send; only then one is drawn for it and read back. So the newest wins,
nothing waits in a queue, and a receiver that is gone or slow costs the frame loop nothing.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.shared_memory import SharedMemory

import numpy as np

from installation.base.backoff import Backoff
from installation.base.children import let_go, start_child
from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.base.shared_memory import TRACKER, reserved, take_name
from installation.base.threads import try_to_start
from installation.config.sends import SendConfig
from installation.sends.child import Request, run_child
from installation.types import ByteArray

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 10.0
"""Before a process that ended or hung is started again."""
HANGS_S = 5.0
"""So long a picture may take to be sent."""
CLOSE_S = 0.5
EARLY_S = 0.002
"""A picture drawn so much before it is due counts as due: intervals of the frame loop scatter."""


class _LostError(Exception):
    """The process ended or hangs; the message says which."""


class SendLink:
    """``wants``, ``size``, ``lend`` and ``hand_in`` belong to the thread that draws, and never wait. Notices are those of
    ``config.stage``. ``child`` is what the process runs; tests give others."""

    def __init__(
        self,
        config: SendConfig,
        notices: Notices,
        clock: Clock,
        child: Callable[[Connection, SendConfig], None] = run_child,
    ) -> None:
        self.config, self.alpha = config, config.alpha
        self.sent = 0
        """Pictures handed in."""
        self._notices, self._clock, self._child = notices, clock, child
        self._period_s, self._next_s = 1.0 / config.per_second, float("-inf")
        self._lock = threading.Lock()
        self._pipe: Connection | None = None
        self._is_ready = False
        self._busy_since_s: float | None = None
        self._memory: SharedMemory | None = None
        self._has_name = self._is_known = self._is_stale = False
        """Of the memory: whether it can be opened by its name; whether its process was told of it; whether another block is
        needed, for the next process finds no name any more."""
        self._lent: tuple[int, int] | None = None
        self._process: BaseProcess | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name=config.stage, daemon=True)

    def start(self) -> None:
        """Start its process; returns at once."""
        TRACKER.enter(self)
        if not try_to_start(self._thread, self._notices, self.config.stage):
            TRACKER.leave(self)

    @property
    def is_ready(self) -> bool:
        """Whether its process waits for a picture."""
        return self._is_ready

    def wants(self, t_s: float) -> bool:
        """Whether a picture drawn at ``t_s`` seconds is due, and its process waits for one; True once for each."""
        if not self._is_ready or (t_s < self._next_s - EARLY_S and self._next_s - t_s <= self._period_s):
            return False
        # On the beat where that can be held; after a gap, or where time went back, a new beat begins.
        is_on = 0.0 <= t_s - self._next_s + EARLY_S < self._period_s
        self._next_s = self._next_s + self._period_s if is_on else t_s + self._period_s
        return True

    def size(self, picture: tuple[int, int]) -> tuple[int, int]:
        """(width, height) of what is sent of a picture of this size, both even: its form, in the width that is set."""
        width = self.config.width or picture[0]
        height = width * picture[1] / picture[0]
        return max(2, 2 * round(width / 2)), max(2, 2 * round(height / 2))

    def lend(self, size: tuple[int, int]) -> ByteArray | None:
        """Memory (H, W, 4) uint8 for a picture of ``size`` (width, height); None where its process waits for none, or there
        is no room."""
        if not self._is_ready:
            return None
        width, height = size
        try:
            memory = self._block(4 * width * height)
        except OSError as error:
            self._notices.fault(self.config.stage, f"no room for a picture of {width}x{height} ({error.strerror})")
            return None
        self._lent = height, width
        return np.ndarray((height, width, 4), np.uint8, memory.buf)

    def hand_in(self, t_s: float) -> None:
        """Send what was written into the memory lent last, drawn at ``t_s`` seconds."""
        memory, shape = self._memory, self._lent
        with self._lock:
            if self._pipe is None or not self._is_ready or memory is None or shape is None:
                return
            self._is_ready, self._busy_since_s = False, self._clock.now()
            request: Request = (memory.name, shape, t_s)
            try:
                self._pipe.send(request)
            except OSError:
                return  # it has ended: the thread that listens says so
            self._is_known = True
            self.sent += 1

    def end(self) -> None:
        """Free the memory and let the process end, within about a second, whatever it is doing; returns at once. To be called
        by the thread that draws. Its notice falls."""
        with self._lock:
            self._is_ready = False
        self._free()
        self._stop.set()
        self._notices.withdraw(self.config.stage)

    def join(self, timeout_s: float) -> None:
        """Wait until it has ended."""
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _block(self, size: int) -> SharedMemory:
        if self._memory is None or self._memory.size < size or self._is_stale:
            self._free()
            self._memory = reserved(size)
            self._has_name, self._is_known, self._is_stale = True, False, False
        return self._memory

    def _free(self) -> None:
        with self._lock:
            memory, self._memory, self._lent = self._memory, None, None
            if memory is not None:
                with contextlib.suppress(BufferError):
                    memory.close()
                if self._has_name:
                    take_name(memory)
                    self._has_name = False

    def _watch(self) -> None:
        backoff = Backoff(FIRST_PAUSE_S, LONGEST_PAUSE_S, proved_s=10.0)
        pause_s = 0.0
        while not self._stop.wait(pause_s):
            try:
                pipe = self._begin()
                backoff.succeed(self._clock.now())
                self._listen(pipe)
            except (_LostError, OSError, EOFError) as error:
                if self._stop.is_set():
                    return
                why = str(error) if isinstance(error, _LostError) else "its process ended"
                pause_s = backoff.fail(self._clock.now())
                self._notices.fault(self.config.stage, f"{why}; starting it again in {pause_s:g} s")
            finally:
                self._end()
                if self._stop.is_set():
                    TRACKER.leave(self)

    def _begin(self) -> Connection:
        self._process, ours = start_child(self._child, f"mien-{self.config.kind}", self.config)
        with self._lock:
            self._pipe, self._busy_since_s = ours, None
        return ours

    def _listen(self, pipe: Connection) -> None:
        while not self._stop.is_set():
            if pipe.poll(0.1):
                self._hear(*pipe.recv())
                continue
            since_s = self._busy_since_s
            if since_s is not None and self._clock.now() - since_s > HANGS_S:
                raise _LostError(f"took no picture for {HANGS_S:g} s")

    def _hear(self, word: str, text: str) -> None:
        with self._lock:
            if word in ("ready", "idle"):
                self._busy_since_s, self._is_ready = None, word == "ready"
            if self._memory is not None and self._has_name and self._is_known:
                # From here on the memory goes with the two processes, however they end: no picture stays.
                take_name(self._memory)
                self._has_name = False
            if word == "trouble":
                self._busy_since_s, self._is_stale = None, True
        if word == "trouble":
            self._notices.fault(self.config.stage, text)
        elif word == "works":
            self._notices.resolve(self.config.stage)
            log.info("%s: %s", self.config.stage, text)

    def _end(self) -> None:
        with self._lock:
            pipe, self._pipe, self._is_ready, self._busy_since_s = self._pipe, None, False, None
            self._is_stale = True
        process, self._process = self._process, None
        let_go(process, pipe, CLOSE_S)
