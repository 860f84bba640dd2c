"""How a slider's positions lie along a setting's range: evenly, or denser where small differences count. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from installation.live_commands.setting_table import Setting

POSITIONS = 400
"""Of a slider that is not even."""
LOG_RATIO = 20.0
"""A range whose ends differ by this factor is walked by factors."""
CUBIC_SPAN = 60.0
"""A range from zero to this many and more starts slowly: zero has no factors."""
WIDEST = 1e6
"""No slider spans more."""
PORTS = 8192
"""Whole numbers without a unit over a wider range are no quantity but a name, such as a port's: no slider."""
_DIGITS = 3


@dataclass(frozen=True)
class Scale:
    """``low`` and ``high`` are values that may be set; positions are values, or 0 to POSITIONS where it is not even."""

    low: float
    high: float
    step: float
    curve: Literal["even", "log", "cubic"]
    whole: bool
    multiple: float = 0.0

    @property
    def ends(self) -> tuple[float, float, float]:
        """(lowest position, highest position, step)."""
        return (self.low, self.high, self.step) if self.curve == "even" else (0, POSITIONS, 1)

    def position(self, value: float) -> float:
        """Where ``value`` lies; one outside of the range lies at its end."""
        value = min(max(value, self.low), self.high)
        if self.curve == "even":
            return value
        if self.curve == "log":
            share = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            share = ((value - self.low) / (self.high - self.low)) ** (1 / 3)
        return round(share * POSITIONS)

    def value(self, position: float) -> float:
        """What a position stands for, rounded as a person would say it."""
        if self.curve == "even":
            found = round(self.low + round((position - self.low) / self.step) * self.step, 9)
        else:
            share = position / POSITIONS
            if self.curve == "log":
                found = self.low * (self.high / self.low) ** share
            else:
                found = self.low + (self.high - self.low) * share**3
            found = _rounded(found)
        if self.multiple:
            found = round(found / self.multiple) * self.multiple
        found = min(max(found, self.low), self.high)
        return round(found) if self.whole else found


def scale_of(setting: Setting) -> Scale | None:
    """The scale of a number; None for one that a slider does not suit."""
    span = setting.high - setting.low
    if setting.choices or setting.kind not in ("int", "float") or not 0 < span <= WIDEST:
        return None
    whole = setting.kind == "int"
    if whole and not setting.unit and span > PORTS:
        return None
    step = setting.step or (1.0 if whole else _nice(span / 200))
    low = setting.low + (min(step, span / 1000) if setting.above else 0)
    high = setting.high - (step if setting.below else 0)
    curve: Literal["even", "log", "cubic"] = "even"
    if whole and span <= POSITIONS:
        curve = "even"
    elif setting.low > 0 and high / low >= LOG_RATIO:
        curve = "log"
    elif setting.low >= 0 and low <= 0.001 * span and span >= (CUBIC_SPAN if not setting.above else 5.0):
        curve = "cubic"
    if curve != "even":
        step = setting.step or (1.0 if whole else _nice(max(setting.low, span / 1000)))
    return Scale(low, high, step, curve, whole, setting.step)


def number_text(value: float) -> str:
    """A number as it is shown in a field: up to six digits."""
    return f"{value:.6g}" if abs(value) < 1e6 else f"{value:.0f}"


def _nice(size: float) -> float:
    """1, 2 or 5 times a power of ten, not above ``size``."""
    power = 10.0 ** math.floor(math.log10(size) + 1e-9)
    return float(f"{power * max(one for one in (1, 2, 5) if one * power <= size * (1 + 1e-9)):.3g}")


def _rounded(value: float) -> float:
    if value == 0:
        return 0.0
    return round(value, _DIGITS - 1 - math.floor(math.log10(abs(value))))
