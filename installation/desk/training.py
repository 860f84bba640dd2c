"""Training of poses from the page: ``train poses`` in a process of its own, at low priority, one at a time."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from installation.base.files import PROJECT, ROOT, TYPED

PACKAGES = {"sklearn": "scikit-learn", "skl2onnx": "skl2onnx", "onnx": "onnx", "matplotlib": "matplotlib"}
"""What training imports, by its name to pip."""
MOST_LETTERS = 20_000
"""Of the output the last are kept."""
NICE = 10
_PROGRAM = (
    "import os, runpy, sys; sys.path.insert(0, {root!r}); "
    "from installation.base.processes import end_with; end_with({parent}); os.nice({nice}); "
    "sys.argv[0] = 'run.py'; runpy.run_module('installation', run_name='__main__')"
)


def missing_packages() -> list[str]:
    """Packages that training needs and this Python does not have."""
    return [title for name, title in PACKAGES.items() if importlib.util.find_spec(name) is None]


class Training:
    """Belongs to the event loop; ``news`` is called when there is more output, or when it began or ended. ``command`` is
    what is run; training as ``run.py train poses`` does it without one."""

    def __init__(self, news: Callable[[], None], command: Sequence[str] | None = None) -> None:
        self._news, self._command = news, command
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None
        self.output = ""
        self.result: int | None = None
        """The exit code of the last one; None before any, and while one runs."""

    @property
    def runs(self) -> bool:
        """Whether one is under way."""
        return self._task is not None and not self._task.done()

    def start(self, data: str, model: str, options: Sequence[str] = ()) -> None:
        """Begin, with this table and for this model. ValueError while another is under way, or where packages are missing."""
        if self.runs:
            raise ValueError("a training is under way already")
        missing = missing_packages()
        if missing:
            raise ValueError(f"{', '.join(missing)} not installed; {TYPED} train poses installs what is missing")
        command = self._command or _command(data, model, options)
        self.output, self.result = "", None
        self._task = asyncio.create_task(self._run(command))
        self._news()

    def stop(self) -> None:
        """End it."""
        if self._process is not None and self.runs:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def wait(self) -> None:
        """Wait until it has ended."""
        if self._task is not None:
            await asyncio.wait({self._task})

    async def _run(self, command: Sequence[str]) -> None:
        few = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        try:
            self._process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                cwd=PROJECT,
                env={**os.environ, **few},
            )
            assert self._process.stdout is not None
            while data := await self._process.stdout.read(4096):
                self.output = (self.output + data.decode("utf-8", "replace"))[-MOST_LETTERS:]
                self._news()
            self.result = await self._process.wait()
        except OSError as error:
            self.output, self.result = f"{self.output}cannot be started: {error}\n", 1
        finally:
            self._process = None
            self._news()


def _command(data: str, model: str, options: Sequence[str]) -> list[str]:
    program = _PROGRAM.format(root=str(ROOT), parent=os.getpid(), nice=NICE)
    return [
        sys.executable,
        "-E",
        "-u",
        "-c",
        program,
        "train",
        "poses",
        "--data",
        data,
        "--out",
        str(Path(model)),
        *options,
    ]
