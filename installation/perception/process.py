"""Perception in a process of its own: neither its Python nor its crash touches the picture.

The newest frame travels in one block of shared memory (``frame_memory.py``), strictly in turns: the parent writes the frame
and asks, the child answers with an Observation, and, where silhouettes are wanted, with the silhouette after it (so that the
observation is not later than without); only then is the block written again. A child that dies, does not answer or fails at
picture after picture is ended and restarted with back-off, while the parent goes on drawing.
"""

from __future__ import annotations

import contextlib
import logging
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from installation.base.backoff import Backoff
from installation.base.children import start_child
from installation.base.mailbox import Closed, Latest
from installation.base.notices import Notices
from installation.base.shared_memory import TRACKER
from installation.perception.child_process import ChildPerceiver, run_child
from installation.perception.frame_memory import MEMORY, FramesOut, limit_writing
from installation.types import Frame, Observation, Silhouette, read_only

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 5.0
"""A child that failed is restarted after such a pause."""
START_S = 30.0
"""A child gets this long to load its networks (a cold disk is slow)."""
CLOSE_S = 0.5
FAILURES_IN_A_ROW = 10
"""After so many pictures in a row that it could not perceive a child is taken for broken (a graphics driver that lost its card
never recovers within a process)."""
PROCESS, FRAME, SILHOUETTE = "perception", "perception frame", "silhouettes"
"""Stages of the notices: the child itself, a frame it could not perceive, a silhouette it could not draw."""


class _LostError(Exception):
    """The child died, hung or could not start; the message says which."""


class PerceptionProcess:
    """Reads ``frames``, publishes ``observations`` and, while they are wanted, ``silhouettes``.

    ``make`` builds the perceiver inside the child and must be picklable. ``timeout_s`` is how long one frame may take.
    ``frames`` belongs to the capture: closing this leaves it open, so that another PerceptionProcess, with other settings,
    may read the same frames. One runs once; its own two mailboxes close with it.
    """

    def __init__(
        self, make: Callable[[], ChildPerceiver], frames: Latest[Frame], notices: Notices, timeout_s: float
    ) -> None:
        self.observations: Latest[Observation] = Latest("observations")
        self.silhouettes: Latest[Silhouette] = Latest("silhouettes")
        self.providers: dict[str, str] = {}
        self.pid: int | None = None
        self.restarts = 0
        self._make, self._frames, self._notices, self._timeout_s = make, frames, notices, timeout_s
        self._seq = 0
        self._backoff = Backoff(FIRST_PAUSE_S, LONGEST_PAUSE_S)
        self._masks = threading.Event()
        self._stop = threading.Event()
        self._ready = threading.Event()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._out = FramesOut(notices)
        self._failed = 0
        """Pictures in a row that the child could not perceive."""
        self._thread = threading.Thread(target=self._watch, name="perception", daemon=True)

    def start(self) -> None:
        """Start the child and the thread that feeds it; returns at once."""
        TRACKER.enter(self)
        self._thread.start()

    @property
    def ready(self) -> bool:
        """Whether the child has loaded its networks."""
        return self._ready.is_set()

    def want_silhouettes(self, wanted: bool) -> None:
        """Whether silhouettes should come, from the next frame on. May be called at any time, also without a change."""
        if wanted:
            self._masks.set()
        else:
            self._masks.clear()

    def close(self) -> None:
        """End the child and the thread, within about a second, whatever the child is doing. ``frames`` stays open.

        Resolves its notices: there is nothing left that could.
        """
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(CLOSE_S)
        if self._thread.is_alive():
            # It writes to a child that does not read.
            _kill(self._process)
            self._thread.join(CLOSE_S)
        self.observations.close()
        self.silhouettes.close()
        for stage in (PROCESS, FRAME, SILHOUETTE, MEMORY):
            self._notices.withdraw(stage)
        TRACKER.leave(self)

    def _watch(self) -> None:
        pause_s = 0.0
        while not self._stop.wait(pause_s):
            try:
                self._begin()
                self._feed()
            except Closed:
                break
            except Exception as error:  # noqa: BLE001 - no room for a process, an answer that is none: the next one may do
                why = str(error) if isinstance(error, _LostError) else f"{type(error).__name__}: {error}"
                pause_s = self._backoff.fail()
                self._notices.fault(PROCESS, f"{why}; restarting it in {pause_s:g} s")
                self.restarts += 1
            finally:
                self._end()

    def _begin(self) -> None:
        try:
            self._process, self._pipe = start_child(run_child, "mien-perception", self._make)
        except OSError as error:
            raise _LostError(f"no process for perception can be started ({error}); are there too many?") from error
        limit_writing(self._pipe, self._timeout_s)
        self.pid = self._process.pid
        kind, value = self._receive(START_S)
        if kind != "ready":
            raise _LostError(f"perception cannot start: {value}")
        self.providers = value
        self._ready.set()

    def _feed(self) -> None:
        assert self._process is not None
        while not self._stop.is_set():
            # The number outlives the child: a frame that killed one is not shown to the next.
            got = self._frames.wait_newer(self._seq, 0.1)
            if got is None:
                if not self._process.is_alive():
                    raise _LostError(f"perception ended by itself ({_ending(self._process)})")
                continue
            self._seq, frame = got
            masks = self._masks.is_set()
            self._send(frame, masks)
            kind, value = self._receive(self._timeout_s)
            if kind == "observation":
                self._take_observation(value)
                if masks:
                    self._take_silhouette(frame)
                else:
                    self._notices.resolve(SILHOUETTE)
            elif kind == "no memory":
                self._out.refused(f"perception cannot reach it ({value})", frame.t_s)
            else:
                self._note_failure(str(value))

    def _take_observation(self, observation: Observation) -> None:
        with contextlib.suppress(Closed):
            self.observations.put(observation)
        self._failed = 0
        self._backoff.succeed()
        self._out.worked()
        self._notices.resolve(PROCESS)
        self._notices.resolve(FRAME)

    def _note_failure(self, why: str) -> None:
        self._notices.fault(FRAME, why)
        self._failed += 1
        if self._failed >= FAILURES_IN_A_ROW:
            raise _LostError(f"perception failed at {self._failed} pictures in a row")

    def _take_silhouette(self, frame: Frame) -> None:
        kind, value = self._receive(self._timeout_s)
        if kind != "silhouette":
            self._notices.fault(SILHOUETTE, str(value))
            return
        self._notices.resolve(SILHOUETTE)
        if value is not None:
            with contextlib.suppress(Closed):
                self.silhouettes.put(Silhouette(frame.t_s, frame.seq, read_only(value), frame.rgb))

    def _send(self, frame: Frame, masks: bool) -> None:
        assert self._pipe is not None
        assert self._process is not None
        try:
            self._out.send(self._pipe, frame, masks)
        except BlockingIOError as error:
            raise _LostError(f"perception took no picture for {self._timeout_s:g} s") from error
        except OSError as error:
            self._process.join(0.2)
            raise _LostError(f"perception ended by itself ({_ending(self._process)})") from error

    def _receive(self, timeout_s: float) -> tuple[str, Any]:
        """The child's next message. Waits in short steps so that stopping is quick. Raises _LostError."""
        assert self._pipe is not None
        assert self._process is not None
        steps = max(1, round(timeout_s / 0.05))
        try:
            for _ in range(steps):
                if self._pipe.poll(0.05):
                    message: tuple[str, Any] = self._pipe.recv()
                    return message
                if self._stop.is_set():
                    raise Closed
        except (EOFError, OSError) as error:
            self._process.join(0.2)
            raise _LostError(f"perception ended by itself ({_ending(self._process)})") from error
        raise _LostError(f"perception did not answer for {timeout_s:g} s")

    def _end(self) -> None:
        self._ready.clear()
        self._failed = 0
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        process, self._process, self.pid = self._process, None, None
        if process is not None and process.pid is not None:
            # Its networks keep no state worth saving, so there is nothing to wait for.
            _kill(process)
            process.join(CLOSE_S)
            with contextlib.suppress(ValueError):
                process.close()
        self._out.free()


def _kill(process: BaseProcess | None) -> None:
    """End it, if it still is; also one that was stopped."""
    if process is not None:
        with contextlib.suppress(ValueError, OSError):
            process.kill()


def _ending(process: BaseProcess) -> str:
    """How a process ended, such as "exit code 7" or "killed by SIGSEGV"."""
    code = process.exitcode
    if code is None or code >= 0:
        return f"exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"killed by {name}" + (": by hand, or the machine ran out of memory" if name == "SIGKILL" else "")
