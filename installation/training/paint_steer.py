"""What is steered while the painter trains: weights of affect and layout, how far views are disturbed, the critic's pace."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from installation.training.paint_log import say

WARM_STEPS, WAIT_STEPS, SETTLED_STEPS = 60, 120, 200
FULL_UNTIL, LAST_RATE = 0.6, 0.06
"""The rate is full for so much of the time, then falls by half a cosine to this part."""


@dataclass
class Steering:
    """All that goes on in a resumed run. ``images`` counts real views seen; ``progress`` is the schedule's, 0 to 1."""

    step: int = 0
    images: int = 0
    affect_weight: float = 4.0
    layout_weight: float = 2.0
    critic_factor: float = 1.0
    strength: float = 0.4
    rate_factor: float = 1.0
    progress: float = 0.0
    batch: int = 64
    mixing_seed: int = 1
    bad: int = 0

    def state(self) -> dict[str, float]:
        """For a checkpoint."""
        return asdict(self)

    def counted(self, steps: int = 1) -> None:
        """So many steps more were made."""
        self.step, self.images = self.step + steps, self.images + steps * self.batch

    def rate(self, full: float) -> float:
        """The generator's by the schedule."""
        late = min(1.0, max(0.0, (self.progress - FULL_UNTIL) / (1 - FULL_UNTIL)))
        fall = LAST_RATE + (1 - LAST_RATE) * 0.5 * (1 + math.cos(math.pi * late))
        return full * fall * self.rate_factor

    def heed(self, row: Mapping[str, float]) -> bool:
        """Steer by what was measured at a step; gives whether the generator must go back to its average."""
        if not all(math.isfinite(value) for value in row.values()):
            self.bad += 1
            if self.bad % 3 == 0:
                self.rate_factor *= 0.5
                say(f"not finite, rate halved; the generator goes back to its average: {dict(row)}")
                return True
            return False
        self._obedience(row)
        if self.step > SETTLED_STEPS:
            self._balance(row["hinge_lite"])
        return False

    def _obedience(self, row: Mapping[str, float]) -> None:
        if row["affect_mse"] > 0.03:
            self.affect_weight = min(16.0, self.affect_weight * 1.05)
        elif row["affect_mse"] < 0.012:
            self.affect_weight = max(2.0, self.affect_weight * 0.97)
        if row["layout_luma_8"] < 0.85:
            self.layout_weight = min(10.0, self.layout_weight * 1.05)
        elif row["layout_luma_8"] > 0.92:
            self.layout_weight = max(0.5, self.layout_weight * 0.97)

    def _balance(self, hinge: float) -> None:
        """A critic that has won says little of use: its views are disturbed more, and it is slowed."""
        if hinge < 0.5:
            self.strength = min(1.0, self.strength + 0.05)
        elif hinge > 0.9:
            self.strength = max(0.0, self.strength - 0.03)
        slower = max(0.4, self.critic_factor * 0.94)
        self.critic_factor = slower if hinge < 0.3 else min(1.0, self.critic_factor * 1.06)
