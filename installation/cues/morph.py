"""Fades of settings: numbers and colours glide to their goals, each by itself, so that several fades run side by side. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from installation.base.colour import hex_of_linear, linear_of_hex, linear_of_oklab, oklab_of_linear
from installation.base.easing import eased
from installation.live_commands.table import Argument

Array = npt.NDArray[np.float64]
_AT_ONCE = ("capture", "perception", "hours", "guard", "log", "osc", "oscquery", "video", "midi", "cues", "desk")
"""Sections whose numbers do not glide: each step would open the source, a file or a connection anew."""
_AT_ONCE_TOO = frozenset({"output/render_scale", "output/per_second", "output/software_per_second"})
_DONE = 1.0 - 1e-9


@dataclass(slots=True)
class _Glide:
    """``start`` and ``goal`` are numbers, or OKLab (3,) of colours; ``last`` is the value at the end, exactly."""

    start: float | Array
    goal: float | Array
    last: Argument
    seconds: float
    easing: str
    run_s: float = 0.0

    @property
    def share(self) -> float:
        """How far it is on its way, [0, 1], as it is seen."""
        return eased(self.run_s / self.seconds, self.easing)


def may_glide(path: str) -> bool:
    """Whether the setting at an address may change in steps."""
    place = path.removeprefix("/control/")
    return place not in _AT_ONCE_TOO and place.split("/", 1)[0] not in _AT_ONCE


def glides(now: Argument, goal: Argument) -> bool:
    """Whether there is a way between two values: numbers with a fraction and colours have one; switches, whole numbers, words
    and choices change at once."""
    if isinstance(now, float) and isinstance(goal, float):
        return True
    return _is_colour(now) and _is_colour(goal)


class Morph:
    """What glides now. Colours go straight through OKLab, in which equal steps look equal."""

    def __init__(self) -> None:
        self._glides: dict[str, _Glide] = {}

    def __len__(self) -> int:
        return len(self._glides)

    @property
    def left_s(self) -> float:
        """Seconds until all have arrived."""
        return max((one.seconds - one.run_s for one in self._glides.values()), default=0.0)

    def begin(
        self, now: Mapping[str, Argument], goals: Mapping[str, Argument], seconds: float, easing: str
    ) -> dict[str, Argument]:
        """Start towards ``goals`` within ``seconds``; what glided there before is forgotten, for these settings alone.

        ``now`` holds what all of them are. Gives what is to be set at once: all that does not glide, for a scene or a mode
        must be there while the rest fades to it.
        """
        at_once = {}
        for path, goal in goals.items():
            self._glides.pop(path, None)
            if seconds <= 0 or now[path] == goal or not glides(now[path], goal):
                at_once[path] = goal
            elif isinstance(goal, str):
                self._glides[path] = _Glide(_lab(str(now[path])), _lab(goal), goal, seconds, easing)
            else:
                self._glides[path] = _Glide(float(now[path]), float(goal), goal, seconds, easing)
        return at_once

    def drop(self, paths: Iterable[str]) -> None:
        """These settings are somebody else's from now on."""
        for path in paths:
            self._glides.pop(path, None)

    def advance(self, dt_s: float) -> tuple[dict[str, Argument], list[str]]:
        """(values ``dt_s`` seconds later, addresses of those that have arrived and glide no more)."""
        values: dict[str, Argument] = {}
        colours: dict[str, Array] = {}
        arrived = []
        for path, one in self._glides.items():
            one.run_s += max(dt_s, 0.0)
            if one.run_s >= one.seconds * _DONE:
                values[path] = one.last
                arrived.append(path)
            elif isinstance(one.start, float):
                values[path] = float(one.start + (one.goal - one.start) * one.share)
            else:
                colours[path] = one.start + (one.goal - one.start) * one.share
        if colours:
            # All in one go: a whole look has forty of them.
            values.update(zip(colours, hex_of_linear(linear_of_oklab(np.array(list(colours.values())))), strict=True))
        self.drop(arrived)
        return values, arrived


def _is_colour(value: Argument) -> bool:
    return isinstance(value, str) and len(value) == 7 and value.startswith("#")


@lru_cache(maxsize=1024)
def _lab(colour: str) -> Array:
    """OKLab (3,), read-only. Kept: a list fades to and fro between the same colours."""
    lab = oklab_of_linear(linear_of_hex(colour))
    lab.setflags(write=False)
    return lab
