"""The share of light that picture and lamps have: 1 as a rule, less outside the opening hours. Reads no clock."""

from __future__ import annotations

from dataclasses import replace

from installation.types import SceneState


class Light:
    """Goes to another share evenly in time."""

    def __init__(self) -> None:
        self.share = 1.0
        self._aim, self._per_s = 1.0, 0.0

    def toward(self, share: float, seconds: float) -> None:
        """Reach ``share`` [0, 1] after ``seconds`` of what ``dim`` is told; 0: with the next picture."""
        self._aim = min(max(share, 0.0), 1.0)
        self._per_s = abs(self._aim - self.share) / seconds if seconds > 0 else float("inf")

    def dim(self, scene: SceneState, dt_s: float) -> SceneState:
        """``scene``, ``dt_s`` seconds after the last one, with the share of now."""
        if self.share != self._aim:
            step = self._per_s * dt_s if dt_s > 0 or self._per_s < float("inf") else float("inf")
            low, high = self.share - step, self.share + step
            self.share = min(max(self._aim, low), high)
        return scene if self.share == 1 else replace(scene, light=self.share)
