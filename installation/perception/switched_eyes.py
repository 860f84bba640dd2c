"""Several sources by name (``capture.sources``): one is seen with, a command takes another, and one that fails gives way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.config.settings import Config
from installation.perception.eyes import STAGE as SOURCE
from installation.perception.eyes import Eyes

STAGE, COMMAND = "source switch", "source command"
FAILING = ("capture", SOURCE)
"""Stages whose faults say that the source in use gives nothing."""


class Changing(Protocol):
    """The eyes in use, and their change; ``LiveEyes``."""

    current: Eyes

    @property
    def changing(self) -> bool: ...
    def reconfigure(self, config: Config) -> None: ...
    def rest(self, on: bool) -> None: ...
    def take_change(self) -> bool: ...
    def close(self) -> None: ...


class SwitchedEyes:
    """As ``LiveEyes``, with the source that was chosen in the place of ``capture.source``. For the main thread."""

    def __init__(self, eyes: Changing, config: Config, notices: Notices, clock: Clock) -> None:
        self._eyes, self._config, self._notices, self._clock = eyes, config, notices, clock
        self._chosen: str | None = None
        """A name of ``capture.sources``; None: that of the settings."""
        self._failing_since_s: float | None = None
        self._rests = False

    @property
    def current(self) -> Eyes:
        """The eyes in use."""
        return self._eyes.current

    @property
    def changing(self) -> bool:
        """Whether a change is under way."""
        return self._eyes.changing

    @property
    def name(self) -> str:
        """What is seen with, or will be in a moment, as the settings name it."""
        return str(self._config.capture.source) if self._chosen is None else self._chosen

    def reconfigure(self, config: Config) -> None:
        """Go on with other settings. Another ``capture.source``, or a chosen one that is gone, ends the choice."""
        old, self._config = self._config.capture, config
        if config.capture.source != old.source or self._chosen not in config.capture.sources:
            self._forget()
        self._eyes.reconfigure(self._wanted())

    def choose(self, name: str) -> None:
        """See with this one of ``capture.sources``, without a name with the next; a fault where there is none of that name."""
        names = self._names()
        wanted = name or self._next(names)
        if wanted not in names:
            there = f"there are {', '.join(names)}" if names else "capture.sources names none"
            self._notices.fault(COMMAND, f"there is no source {wanted!r}; {there}")
            return
        self._notices.resolve(COMMAND)
        self._notices.resolve(STAGE)
        self._take(wanted)

    def rest(self, on: bool) -> None:
        """Whether the source is to be left alone."""
        self._rests = on
        self._eyes.rest(on)

    def take_change(self) -> bool:
        """Whether ``current`` are other eyes from now on. Looks whether the source in use fails, too."""
        self._look()
        return self._eyes.take_change()

    def close(self) -> None:
        """Close what is in use."""
        self._eyes.close()

    def _look(self) -> None:
        """Take the next source where this one has given nothing for ``capture.next_after_s``."""
        after_s, names = self._config.capture.next_after_s, self._names()
        fails = any(notice.stage in FAILING for notice in self._notices.active("fault"))
        if after_s <= 0 or len(names) < 2 or not fails or self._rests or self._eyes.changing:
            self._failing_since_s = None
            return
        now_s = self._clock.now()
        if self._failing_since_s is None:
            self._failing_since_s = now_s
        elif now_s - self._failing_since_s >= after_s:
            failed, wanted = self.name, self._next(names)
            self._take(wanted)
            self._notices.fallback(
                STAGE, f"{failed} gives no picture: {wanted} is seen instead; the command source goes back"
            )

    def _take(self, name: str) -> None:
        self._chosen, self._failing_since_s = name, None
        self._eyes.reconfigure(self._wanted())

    def _forget(self) -> None:
        if self._chosen is not None:
            self._chosen = None
            self._notices.resolve(STAGE)

    def _names(self) -> Sequence[str]:
        return list(self._config.capture.sources)

    def _next(self, names: Sequence[str]) -> str:
        if not names:
            return ""
        place = names.index(self.name) if self.name in names else -1
        return names[(place + 1) % len(names)]

    def _wanted(self) -> Config:
        if self._chosen is None:
            return self._config
        capture = self._config.capture.model_copy(update={"source": self._chosen})
        return self._config.model_copy(update={"capture": capture})
