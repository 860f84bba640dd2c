"""A model that is loaded when it is wanted, kept, given up when it fails and tried again with growing patience."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from installation.base.notices import Notices
from installation.base.onnx_sessions import UnusableModelError

T = TypeVar("T")

FIRST_RETRY_S = 5.0
LAST_RETRY_S = 300.0
PROVED_S = 30.0
"""What ran this long was well."""


class Kept(Generic[T]):
    """One loaded thing. ``stage`` is whose notices these are, ``instead`` what runs while it cannot. Times in seconds."""

    def __init__(self, stage: str, instead: str, notices: Notices) -> None:
        self._stage, self._instead, self._notices = stage, instead, notices
        self._wanted: Hashable = None
        self._loaded: Hashable = None
        self.value: T | None = None
        self.name = ""
        """Of what is loaded now; empty while nothing is."""
        self._retry_s, self._try_again_s, self._loaded_s = FIRST_RETRY_S, 0.0, 0.0

    def get(self, name: str, key: Hashable, now_s: float, load: Callable[[], T]) -> T | None:
        """What ``load`` gave for ``key``. Another key is loaded at once; while that fails, what ran before goes on."""
        if self.value is not None and self._loaded == key:
            return self.value
        if key != self._wanted:
            self._retry_s, self._try_again_s = FIRST_RETRY_S, now_s
        self._wanted = key
        if now_s < self._try_again_s:
            return self.value
        try:
            self.value, self._loaded, self.name = load(), key, name
        except (UnusableModelError, MemoryError) as error:
            self._wait(now_s)
            what = f"{self.name} goes on" if self.value is not None else self._instead
            self._tell(str(error), what)
            return self.value
        self._loaded_s = now_s
        self._notices.resolve(self._stage)
        return self.value

    def give_up(self, why: str, now_s: float) -> None:
        """It failed in use: it is let go, and loaded again after a while, which is longer where it failed soon again."""
        if now_s - self._loaded_s >= PROVED_S:
            self._retry_s = FIRST_RETRY_S
        self.value, self.name = None, ""
        self._wait(now_s)
        self._tell(why, self._instead)

    def hurry(self) -> None:
        """Try at once what was waiting for its next try."""
        self._try_again_s = 0.0

    def drop(self) -> None:
        """Nothing is wanted: let go, without a notice."""
        self._wanted = self._loaded = self.value = None
        self.name = ""
        self._notices.resolve(self._stage)

    def _wait(self, now_s: float) -> None:
        self._try_again_s, self._waits_s = now_s + self._retry_s, self._retry_s
        self._retry_s = min(2 * self._retry_s, LAST_RETRY_S)

    def _tell(self, why: str, what: str) -> None:
        self._notices.fallback(self._stage, f"{why}; {what}, next try in {self._waits_s:g} s")

    _waits_s = FIRST_RETRY_S
