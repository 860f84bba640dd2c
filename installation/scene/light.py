"""The share of light that picture and lamps have: 1 as a rule, less outside the opening hours, 0 in a blackout."""

from __future__ import annotations

from dataclasses import replace

from installation.types import SceneState

BLACKOUT_S = 0.4
"""The light goes, and comes back, in this time: quick, but no flash."""


class _Fade:
    """Goes to another share evenly in time."""

    def __init__(self) -> None:
        self.share = self.aim = 1.0
        self._per_s = 0.0

    def toward(self, share: float, seconds: float) -> None:
        self.aim = min(max(share, 0.0), 1.0)
        self._per_s = abs(self.aim - self.share) / seconds if seconds > 0 else float("inf")

    def advance(self, dt_s: float) -> None:
        if self.share != self.aim:
            step = self._per_s * dt_s if dt_s > 0 or self._per_s < float("inf") else float("inf")
            low, high = self.share - step, self.share + step
            self.share = min(max(self.aim, low), high)


class Light:
    """That of the opening hours times that of a blackout."""

    def __init__(self) -> None:
        self._hours, self._black = _Fade(), _Fade()

    @property
    def is_black(self) -> bool:
        """Whether a blackout is wanted, or there already."""
        return self._black.aim == 0

    def toward(self, share: float, seconds: float) -> None:
        """By the hours: reach ``share`` [0, 1] after ``seconds`` of what ``dim`` is told; 0: with the next picture."""
        self._hours.toward(share, seconds)

    def black_out(self, on: bool) -> None:
        """By the operator: no light, or as much as the hours leave, after BLACKOUT_S."""
        self._black.toward(0.0 if on else 1.0, BLACKOUT_S)

    def dim(self, scene: SceneState, dt_s: float) -> SceneState:
        """``scene``, ``dt_s`` seconds after the last one, with the share of now."""
        self._hours.advance(dt_s)
        self._black.advance(dt_s)
        share = self._hours.share * self._black.share
        return scene if share == 1 else replace(scene, light=share)
