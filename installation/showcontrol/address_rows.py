"""What a row of the address table is."""

from __future__ import annotations

import math
from dataclasses import dataclass

from installation.base.live_commands import Argument

Message = tuple[str, list[Argument]]
"""(address below the prefix, arguments)."""


@dataclass(frozen=True, slots=True)
class Arg:
    """One argument: ``tag`` is i, f or s; numbers lie in [low, high]."""

    name: str
    tag: str
    low: float = 0.0
    high: float = 0.0
    unit: str = ""

    def fit(self, value: Argument) -> Argument:
        """``value`` as a plain Python number or text, clamped to the range. ValueError when not finite."""
        if self.tag == "s":
            return str(value)[:200]
        number = float(value)
        if not math.isfinite(number):
            raise ValueError(f"{self.name} must be finite")
        number = min(max(number, self.low), self.high)
        return int(number) if self.tag == "i" else number


@dataclass(frozen=True, slots=True)
class Address:
    """One address pattern below the prefix; ``{id}`` stands for a visitor's number, ``{joint}`` for a joint's name.

    ``when`` it is sent, ``meaning``. ``on_request``: only to targets whose ``addresses`` ask for it.
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
