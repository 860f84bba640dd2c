"""The parent of a run: without torch, it begins the training anew should the GPU be left broken, or hang, by a graph."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from installation.base.files import ROOT
from installation.training.paint_log import BEGUN_NAME, BEGUN_S, say, spent_s
from installation.training.paint_settings import FILES, PaintSettings

CHILD = "--watched-in"
PATIENCE_S, LEAST_LEFT_S, ATTEMPTS = 150.0, 75.0, 3
"""Seconds without a sign of life after which a training is ended; what must be left for another; trainings in all."""
MILDER = (["--no-graph"], ["--no-graph", "--batch", "32", "--way", "contiguous"])


class Heart:
    """Signs of life that a training gives its parent, in files of ``folder``; nothing without one."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def beat(self) -> None:
        """Still alive."""
        self._touch("heart")

    def ending(self) -> None:
        """What follows (exports, sheets) takes its time."""
        self._touch("ending")

    def finished(self) -> None:
        """All is written."""
        self._touch("finished")

    def _touch(self, name: str) -> None:
        if self._folder is not None:
            (self._folder / name).touch()


def watch(argv: Sequence[str], settings: PaintSettings) -> int:
    """Run ``argv`` (of paint.py) in a process of its own, anew where it breaks; gives its exit code.

    SIGTERM and SIGINT are passed on once: the training then ends and writes all there is.
    """
    asked: list[int] = []
    with tempfile.TemporaryDirectory(prefix="paint") as made:
        folder, code, more = Path(made), 1, list[str]()
        for attempt in range(ATTEMPTS):
            code = _attempt([*argv, *more, CHILD, made], folder, asked)
            if (folder / "finished").exists() or asked or code == 2:
                return code
            left_s = settings.seconds - spent_s()
            say(f"the training ended with {code} before it was done; {left_s:.0f} s left")
            if left_s < LEAST_LEFT_S:
                break
            more = MILDER[min(attempt, 1)] + _resumed(settings.out)
    return code


def _attempt(argv: Sequence[str], folder: Path, asked: list[int]) -> int:
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = dict(os.environ, PYTHONPATH=path, **{BEGUN_NAME: str(BEGUN_S)})
    heart, ending = folder / "heart", folder / "ending"
    heart.touch()
    ending.unlink(missing_ok=True)
    command = [sys.executable, "-m", "installation.training.paint", *argv]
    child = subprocess.Popen(command, env=environment, start_new_session=True)

    def pass_on(number: int, _: FrameType | None) -> None:
        if not asked and child.poll() is None:
            child.send_signal(signal.SIGTERM)
        asked.append(number)

    before = {number: signal.signal(number, pass_on) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                return child.wait(0.25)
            if not asked and not ending.exists() and time.time() - heart.stat().st_mtime > PATIENCE_S:
                say("no sign of life: the training is ended")
                child.kill()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _resumed(out: Path) -> list[str]:
    files = [out / name for name in FILES]
    fresh = all(file.exists() and file.stat().st_mtime > BEGUN_S for file in files)
    return ["--resume", str(out)] if fresh else []
