"""The perception process from inside: frames come in shared memory or through a pipe, answers go back through a pipe."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from typing import Any, Protocol

from installation.base.processes import end_with, leave_ends_to_parent
from installation.perception.frame_memory import FramesIn
from installation.types import ByteArray, Frame, Observation


class ChildPerceiver(Protocol):
    """What runs in the child. ``providers`` says which network runs on what."""

    providers: dict[str, str]
    forget_after_s: float
    """Who was there is forgotten when no picture came for so long."""

    def perceive(self, frame: Frame, masks: bool) -> Observation:
        """One frame in, one observation out; with ``masks``, ``silhouette`` is asked for next."""
        ...

    def silhouette(self) -> ByteArray | None:
        """(H, W) uint8 of the frame last perceived, as ``Silhouette.alpha``; None where that was without masks."""
        ...

    def forget_everybody(self) -> None:
        """Whoever comes now is somebody new."""
        ...

    def close(self) -> None:
        """Free everything."""
        ...


NICE = -3
"""Under load perception goes before the picture, where the system lets it (root, or a limit set for the user)."""


def _go_first() -> None:
    with contextlib.suppress(AttributeError, OSError):
        os.nice(NICE)


def _quiet_environment() -> None:
    # The child shares two cores with the picture: one thread per library, and no chatter from native code.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    os.environ.setdefault("GLOG_minloglevel", "2")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")


def run_child(pipe: Connection, make: Callable[[], ChildPerceiver]) -> None:
    """Make the perceiver and answer requests until the parent is gone. Main function of the child."""
    leave_ends_to_parent()
    # A hang in native code would not notice that the pipe is closed. The thread that started this process outlives it.
    end_with(os.getppid())
    _quiet_environment()
    _go_first()
    try:
        perceiver = make()
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent reports it
        pipe.send(("failed", f"{type(error).__name__}: {error}"))
        return
    pipe.send(("ready", perceiver.providers))
    frames = FramesIn()
    while True:
        try:
            if not pipe.poll(perceiver.forget_after_s):
                # No picture will come to age what is remembered: the camera is gone, or slow beyond measure.
                perceiver.forget_everybody()
            request = frames.receive(pipe)
        except (EOFError, OSError):
            # The parent is gone, in whatever way. MediaPipe's threads would delay a polite exit.
            frames.close()
            os._exit(0)
        try:
            frame = frames.frame(request)
        except (OSError, ValueError) as error:
            pipe.send(("no memory", str(error)))
            continue
        masks = request[-1]
        if _answer(pipe, "observation", partial(perceiver.perceive, frame, masks)) and masks:
            _answer(pipe, "silhouette", perceiver.silhouette)


def _answer(pipe: Connection, kind: str, ask: Callable[[], Any]) -> bool:
    """Send what ``ask`` gives, or why it failed; gives whether it worked."""
    try:
        value = ask()
    except Exception as error:  # noqa: BLE001 - one bad frame must not end perception; the parent reports it
        pipe.send(("failed", f"{type(error).__name__}: {error}"))
        return False
    pipe.send((kind, value))
    return True
