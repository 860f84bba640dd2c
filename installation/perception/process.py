"""Perception in a process of its own: neither its Python nor its crash touches the picture.

The newest frame travels in one block of shared memory, strictly in turns: the parent writes the frame and asks, the child
answers with an Observation, and, where silhouettes are wanted, with the silhouette after it (so that what is seen is told as
early as without); only then is the block written again. A child that dies or does not answer is ended and
started anew with back-off, while the parent goes on drawing.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from functools import partial
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.shared_memory import SharedMemory
from typing import Any, Protocol

import numpy as np

from installation.base.mailbox import Closed, Latest
from installation.base.notices import Notices
from installation.types import ByteArray, Frame, Observation, Silhouette, read_only

log = logging.getLogger(__name__)

FIRST_BACK_OFF_S = 0.5
LAST_BACK_OFF_S = 10.0
START_S = 30.0
"""A child gets this long to load its networks (a cold disk is slow)."""
CLOSE_S = 0.5


class Sees(Protocol):
    """What runs in the child."""

    def perceive(self, frame: Frame, masks: bool) -> Observation:
        """One frame in, one observation out; with ``masks``, ``silhouette`` is asked for next."""
        ...

    def silhouette(self) -> ByteArray | None:
        """(H, W) uint8 of the frame last perceived, as ``Silhouette.alpha``; None where that was without masks."""
        ...

    def close(self) -> None:
        """Free everything."""
        ...


class _LostError(Exception):
    """The child died, hung or could not start; the message says which."""


class PerceptionProcess:
    """Reads ``frames``, publishes ``observations`` and, while they are wanted, ``silhouettes``.

    ``make`` builds the perceiver inside the child and must be picklable. ``timeout_s`` is how long one frame may take.
    """

    def __init__(self, make: Callable[[], Sees], frames: Latest[Frame], notices: Notices, timeout_s: float) -> None:
        self.observations: Latest[Observation] = Latest("observations")
        self.silhouettes: Latest[Silhouette] = Latest("silhouettes")
        self.providers: dict[str, str] = {}
        self.pid: int | None = None
        self.restarts = 0
        self._make, self._frames, self._notices, self._timeout_s = make, frames, notices, timeout_s
        self._seq = self._answered = 0
        self._masks = threading.Event()
        self._stop = threading.Event()
        self._ready = threading.Event()
        self._process: Any = None
        self._pipe: Connection | None = None
        self._memory: SharedMemory | None = None
        self._thread = threading.Thread(target=self._watch, name="perception", daemon=True)

    def start(self) -> None:
        """Start the child and the thread that feeds it; returns at once."""
        self._thread.start()

    @property
    def ready(self) -> bool:
        """Whether the child has loaded its networks."""
        return self._ready.is_set()

    def want_silhouettes(self, wanted: bool) -> None:
        """Whether silhouettes are to come, from the next frame on. May be called at any time, also for what is so already."""
        if wanted:
            self._masks.set()
        else:
            self._masks.clear()

    def close(self) -> None:
        """End the child and the thread, within about a second, whatever the child is doing."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(2 * CLOSE_S)
        self.observations.close()
        self.silhouettes.close()
        _end_tracker()

    def _watch(self) -> None:
        back_off_s = FIRST_BACK_OFF_S
        while not self._stop.is_set():
            try:
                seen = self._answered
                self._begin()
                self._feed()
            except _LostError as error:
                if self._answered > seen:
                    back_off_s = FIRST_BACK_OFF_S
                self._notices.fault("perception", f"{error}; starting it again in {back_off_s:g} s")
                self.restarts += 1
            except Closed:
                break
            finally:
                self._end()
            self._stop.wait(back_off_s)
            back_off_s = min(2 * back_off_s, LAST_BACK_OFF_S)

    def _begin(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_child, args=(theirs, self._make), name="mien-perception", daemon=True)
        self._process.start()
        theirs.close()
        self.pid = self._process.pid
        kind, value = self._receive(START_S)
        if kind != "ready":
            raise _LostError(f"perception cannot start: {value}")
        self.providers = value
        self._ready.set()

    def _feed(self) -> None:
        while not self._stop.is_set():
            # The number outlives the child: a frame that killed one is not shown to the next.
            got = self._frames.wait_newer(self._seq, 0.1)
            if got is None:
                if not self._process.is_alive():
                    raise _LostError(f"perception ended by itself (exit code {self._process.exitcode})")
                continue
            self._seq, frame = got
            masks = self._masks.is_set()
            self._send(frame, masks)
            kind, value = self._receive(self._timeout_s)
            if kind == "observation":
                with contextlib.suppress(Closed):
                    self.observations.put(value)
                self._answered += 1
                self._notices.resolve("perception")
                self._notices.resolve("perception frame")
                if masks:
                    self._take_silhouette(frame)
            else:
                self._notices.fault("perception frame", str(value))

    def _take_silhouette(self, frame: Frame) -> None:
        kind, value = self._receive(self._timeout_s)
        if kind != "silhouette":
            self._notices.fault("perception frame", str(value))
        elif value is not None:
            with contextlib.suppress(Closed):
                self.silhouettes.put(Silhouette(frame.t_s, frame.seq, read_only(value), frame.rgb))

    def _send(self, frame: Frame, masks: bool) -> None:
        rgb = frame.rgb
        if self._memory is None or self._memory.size < rgb.nbytes:
            self._free_memory()
            self._memory = SharedMemory(create=True, size=max(rgb.nbytes, 1))
        np.ndarray(rgb.shape, np.uint8, self._memory.buf)[:] = rgb
        assert self._pipe is not None
        try:
            self._pipe.send((self._memory.name, rgb.shape, frame.t_s, frame.seq, masks))
        except OSError as error:
            raise _LostError(f"perception ended by itself ({error})") from error

    def _receive(self, timeout_s: float) -> tuple[str, Any]:
        """The child's next message. Waits in short steps so that stopping is quick. Raises _LostError."""
        assert self._pipe is not None
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
            raise _LostError(f"perception ended by itself (exit code {self._process.exitcode})") from error
        raise _LostError(f"perception did not answer for {timeout_s:g} s")

    def _end(self) -> None:
        self._ready.clear()
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        process, self._process, self.pid = self._process, None, None
        if process is not None and process.pid is not None:
            # Its networks keep no state worth saving, so there is nothing to wait for.
            process.kill()
            process.join(CLOSE_S)
            with contextlib.suppress(ValueError):
                process.close()
        self._free_memory()

    def _free_memory(self) -> None:
        if self._memory is not None:
            self._memory.close()
            self._memory.unlink()
            self._memory = None


def _end_tracker() -> None:
    # Python's tracker of shared memory is a process of its own that would outlive this one by a moment.
    tracker = getattr(resource_tracker, "_resource_tracker", None)
    if tracker is not None and hasattr(tracker, "_stop"):
        tracker._stop()


class _Attached:
    """The parent's shared memory, seen from the child; the parent owns and unlinks it."""

    def __init__(self) -> None:
        self._memory: SharedMemory | None = None

    def frame(self, name: str, shape: tuple[int, ...], t_s: float, seq: int) -> Frame:
        """A view of the frame that the parent wrote; valid until the answer is sent."""
        if self._memory is None or self._memory.name != name:
            self.close()
            self._memory = SharedMemory(name=name)
        return Frame(t_s, seq, np.ndarray(shape, np.uint8, self._memory.buf))

    def close(self) -> None:
        """Let go of the memory."""
        if self._memory is not None:
            self._memory.close()
            self._memory = None


def _quiet_environment() -> None:
    # The child shares two cores with the picture: one thread per library, and no chatter from native code.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    os.environ.setdefault("GLOG_minloglevel", "2")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")


def _child(pipe: Connection, make: Callable[[], Sees]) -> None:
    # A Ctrl-C in the terminal reaches all processes of the group; the parent decides when this one ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _quiet_environment()
    try:
        perceiver = make()
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent must be told
        pipe.send(("failed", f"{type(error).__name__}: {error}"))
        return
    pipe.send(("ready", getattr(perceiver, "providers", {})))
    attached = _Attached()
    while True:
        try:
            name, shape, t_s, seq, masks = pipe.recv()
        except (EOFError, OSError):
            # The parent is gone, in whatever way. MediaPipe's threads would delay a polite exit.
            attached.close()
            os._exit(0)
        frame = attached.frame(name, shape, t_s, seq)
        if _answer(pipe, "observation", partial(perceiver.perceive, frame, masks)) and masks:
            _answer(pipe, "silhouette", perceiver.silhouette)


def _answer(pipe: Connection, kind: str, ask: Callable[[], Any]) -> bool:
    """Send what ``ask`` gives, or why it cannot be had; whether it could."""
    try:
        value = ask()
    except Exception as error:  # noqa: BLE001 - one bad frame must not end perception; the parent reports it
        pipe.send(("failed", f"{type(error).__name__}: {error}"))
        return False
    pipe.send((kind, value))
    return True
