"""Models that are loaded when they are wanted, dropped when they fail, and tried again with growing pauses."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeAlias, TypeVar

from installation.base.backoff import Backoff
from installation.base.files import FileStamp, file_stamp
from installation.base.notices import Notices
from installation.base.onnx_sessions import OnnxModel, UnusableModelError, has_nvidia_gpu

log = logging.getLogger(__name__)
T = TypeVar("T")
Lend: TypeAlias = Callable[[OnnxModel], None]
"""Has a network run on a server from now on, while that is well."""

FIRST_RETRY_S, LONGEST_RETRY_S = 5.0, 8.0
"""The longest still lets a painter be back within ten seconds of its trouble's end."""
PROVED_S = 30.0
"""A model that ran for so long was working: the pauses are short again."""
SETTLED_S = 0.5
"""A file that changes counts once it has stayed the same for so long: a copy is written in steps."""


class RetriedModel(Generic[T]):
    """One model. ``stage`` names its notices, ``instead`` says what runs while it cannot. Times in seconds.

    Whatever loading raises is a fallback: a file may hold anything. A network that was loaded is given to ``lend``.
    """

    def __init__(self, stage: str, instead: str, notices: Notices, lend: Lend | None = None) -> None:
        self._stage, self._instead, self._notices, self._lend = stage, instead, notices, lend
        self._wanted: Hashable = None
        self._loaded: Hashable = None
        self._backoff = Backoff(FIRST_RETRY_S, LONGEST_RETRY_S, PROVED_S)
        self._failed_in_use = False
        self.value: T | None = None
        self.name = ""
        """Of the model that is loaded now; empty while none is."""

    def get(self, name: str, key: Hashable, now_s: float, load: Callable[[], T]) -> T | None:
        """What ``load`` gave for ``key``. Another key is loaded at once; while that fails, the model before goes on."""
        if self.value is not None and self._loaded == key:
            if self._wanted != key:
                # Another was wanted meanwhile, and failed: nobody wants it any more.
                self._wanted = key
                self._backoff.succeed(now_s)
                self._notices.resolve(self._stage)
            return self.value
        if key != self._wanted:
            self._backoff.reset()
        self._wanted = key
        if not self._backoff.due(now_s):
            return self.value
        try:
            self.value, self._loaded, self.name = load(), key, name
        except Exception as error:  # the border to files of any content
            if not isinstance(error, UnusableModelError | MemoryError):
                log.warning("%s cannot be loaded", name, exc_info=True)
            instead = f"{self.name} goes on" if self.value is not None else self._instead
            self._failed(str(error) or f"{name} cannot be loaded ({type(error).__name__})", instead, now_s)
            return self.value
        if self._lend is not None and isinstance(self.value, OnnxModel):
            self._lend(self.value)
        self._backoff.succeed(now_s)
        if not self._failed_in_use:
            self._notices.resolve(self._stage)
        return self.value

    @property
    def unproved(self) -> bool:
        """Loaded again after it had failed in use: well only once it has been used without failing."""
        return self.value is not None and self._failed_in_use

    def worked(self) -> None:
        """It was used, and did not fail: a trouble with its use is over."""
        if self._failed_in_use:
            self._failed_in_use = False
            self._notices.resolve(self._stage)

    def give_up(self, why: str, now_s: float) -> None:
        """It failed in use: dropped, and loaded again after a pause that is longer where it soon failed again."""
        self.value, self.name, self._failed_in_use = None, "", True
        self._failed(why, self._instead, now_s)

    def hurry(self) -> None:
        """Try at once what was waiting for its next try."""
        self._backoff.reset()

    def forget_trouble(self) -> None:
        """Nobody asks for it now: what keeps it from being loaded is nobody's trouble. One that works stays."""
        if self.value is None or self.unproved or self._loaded != self._wanted:
            self.drop()

    def drop(self) -> None:
        """No model is wanted: dropped without a notice. Calling it again does nothing."""
        if self._wanted is None and self.value is None:
            return
        self._wanted = self._loaded = self.value = None
        self.name, self._failed_in_use = "", False
        self._notices.withdraw(self._stage)

    def _failed(self, why: str, instead: str, now_s: float) -> None:
        pause_s = self._backoff.fail(now_s)
        self._notices.fallback(self._stage, f"{why}; {instead}, next try in {pause_s:g} s")


@dataclass
class _Look:
    steady: FileStamp
    newest: FileStamp
    since_s: float


class SteadyStamps:
    """Stamps of files that may be written while they are looked at."""

    def __init__(self) -> None:
        self._looks: dict[Path, _Look] = {}

    def of(self, path: Path, now_s: float) -> FileStamp:
        """``file_stamp`` as it was when the file last stayed the same for SETTLED_S; at the first look, as it is."""
        stamp = file_stamp(path)
        look = self._looks.setdefault(path, _Look(stamp, stamp, now_s))
        if stamp != look.newest:
            look.newest, look.since_s = stamp, now_s
        elif now_s - look.since_s >= SETTLED_S:
            look.steady = stamp
        return look.steady


def check_provider(model: OnnxModel, asked: str, stage: str, notices: Notices) -> None:
    """Say where a model does not run on the provider that the settings ask for: a fallback of ``stage``.

    A note only where they leave the choice (``asked`` is "auto") and there is no GPU: then nothing is missing.
    """
    notices.resolve(stage)
    if not model.as_wanted:
        report = notices.note if asked == "auto" and not has_nvidia_gpu() else notices.fallback
        report(stage, f"{model.wanted} was to run, but {model.providers[0]} does")
