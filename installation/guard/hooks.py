"""What the guard tells whoever is plugged into it: plain callables, called by its one thread.

``installation/commands/guard.py`` makes the ``Hooks`` and puts them in. Whatever a hook raises is logged and changes nothing;
one that takes long holds the guard up, so those on ``on_figures`` and ``on_tick`` must return within milliseconds, those on
``on_ended`` within a second: the piece is started again only after them.

The order of a run: ``on_started``, then ``on_ready`` with the first picture, ``on_figures`` with every beat, ``on_ended`` when
the process and all it started are gone. ``on_tick`` comes four times a second at all times, ``on_end`` once, the very last.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, TypeVar

from installation.guard.figures import Figures

log = logging.getLogger(__name__)
T = TypeVar("T")
MOST_SAID = 100

Why = Literal["ended", "asked", "restart", "hang", "memory", "start", "refused", "broke", "killed"]
"""How a run came to its end. ``ended``: the piece ended by itself and as asked (exit code 0). ``asked``: the guard was told to
end. ``restart``: the piece asked to be started again. ``hang``: no beat. ``start``: no first picture in time. ``memory``: above
guard.memory_mb. ``refused``: exit code 2. ``broke``: another exit code. ``killed``: a signal that the guard did not send."""


@dataclass(frozen=True)
class StartedRun:
    """A run of the piece that has just begun. ``t_s``: seconds of the guard's clock."""

    number: int
    """1 for the first."""
    pid: int
    t_s: float
    safe: str = ""
    """Why it runs with safe settings; empty: with the artist's own."""


@dataclass(frozen=True)
class EndedRun:
    """A run of the piece that is over, with all its processes."""

    number: int
    pid: int
    why: Why
    text: str
    """For people, such as "killed by SIGKILL" or "no beat for 5 s"."""
    code: int
    """As Popen.returncode: minus the number of a signal."""
    started_s: float
    ended_s: float
    was_ready: bool
    """Whether a picture had been shown."""
    figures: Figures | None
    """The newest; None where none came."""
    safe: str = ""
    last_lines: tuple[str, ...] = ()
    """The end of what it printed, passwords masked by itself; newest last."""

    @property
    def said_goodbye(self) -> bool:
        """Whether the piece had the time to tell its receivers itself; where not, the guard does."""
        return self.why in ("ended", "asked", "restart") and self.code >= 0

    @property
    def is_failure(self) -> bool:
        """Whether it should not have ended."""
        return self.why not in ("ended", "asked", "restart")

    @property
    def lasted_s(self) -> float:
        """Seconds."""
        return self.ended_s - self.started_s


@dataclass
class Hooks:
    """Lists of callables; append to them before the guard runs."""

    on_started: list[Callable[[StartedRun], None]] = field(default_factory=list)
    on_ready: list[Callable[[StartedRun], None]] = field(default_factory=list)
    """The first picture of a run is on the wall."""
    on_figures: list[Callable[[Figures], None]] = field(default_factory=list)
    """A beat came, once a second."""
    on_ended: list[Callable[[EndedRun], None]] = field(default_factory=list)
    """A run is over, in whatever way: goodbye, crash bundle, counts."""
    on_tick: list[Callable[[float], None]] = field(default_factory=list)
    """Four times a second, with the guard's time in seconds: heartbeats, the line a day."""
    on_end: list[Callable[[], None]] = field(default_factory=list)
    """The guard ends: close what was opened."""
    trouble: Trouble = field(default_factory=lambda: Trouble())

    def call(self, hooks: list[Callable[[T], None]], value: T) -> None:
        """Call all of one list; what one raises is logged."""
        for hook in hooks:
            self.trouble.survive(partial(hook, value))


class Trouble:
    """The guard's own: logged once for each text, for it may come four times a second for months, and survived."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def survive(self, step: Callable[[], object]) -> None:
        """Do ``step``, whatever it raises."""
        try:
            step()
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            if text not in self._said:
                if len(self._said) >= MOST_SAID:
                    self._said.clear()
                self._said.add(text)
                log.exception("guard: trouble of its own; going on")
