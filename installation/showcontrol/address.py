"""What a row of the table of OSC addresses is."""

from __future__ import annotations

import math
from dataclasses import dataclass

from installation.live_commands.table import Argument

_OF_EMOTION = frozenset({"label", "emoji", "emotions", "emotion", "agreement", "valence", "arousal", "depicted"})
"""What the addresses end with that do not exist while ``emotion.enabled`` is false."""


MANY = 2**31 - 1
"""The largest of OSC's integers."""
T_WRAP_S = 16384.0
"""Seconds are sent from 0 again after these: in OSC's single precision they are told apart to a thousandth up to here, after a
year to two seconds."""


def within_int32(number: int) -> int:
    """A number that only grows (pictures, events, visitors), as it is sent: after MANY it goes on with 1."""
    return number if number <= MANY else (number - 1) % MANY + 1


def is_of_emotion(path: str) -> bool:
    """Whether an address below the prefix, such as "/person/3/valence", tells of an emotion."""
    return path.rsplit("/", 1)[-1] in _OF_EMOTION


@dataclass(frozen=True, slots=True)
class Arg:
    """One argument: ``tag`` is i, f or s; numbers lie in [low, high]. One that counts goes on with 1 after ``high``."""

    name: str
    tag: str
    low: float = 0.0
    high: float = 0.0
    unit: str = ""
    counts: bool = False

    def fit(self, value: Argument) -> Argument:
        """``value`` as a plain Python number or text, clamped to the range. ValueError when not finite."""
        if self.tag == "s":
            return str(value)[:200]
        number = float(value)
        if not math.isfinite(number):
            raise ValueError(f"{self.name} must be finite")
        if self.counts:
            return within_int32(max(int(number), 0))
        number = min(max(number, self.low), self.high)
        return int(number) if self.tag == "i" else number


@dataclass(frozen=True, slots=True)
class Address:
    """One address pattern below the prefix; ``{id}`` stands for a visitor's number, ``{joint}`` for a joint's name.

    ``when`` says when it is sent. ``on_request``: only to targets whose ``addresses`` ask for it.
    """

    path: str
    args: tuple[Arg, ...]
    when: str
    meaning: str
    on_request: bool = False

    @property
    def tags(self) -> str:
        """OSC type tags, such as "fff"."""
        return "".join(arg.tag for arg in self.args)

    @property
    def of_emotion(self) -> bool:
        """Whether it is there only while emotions are read."""
        return is_of_emotion(self.path)
