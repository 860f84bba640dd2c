"""How fast the visitors' hands move, for scenes that they push."""

from __future__ import annotations

import math

from installation.types import JOINTS, FloatArray

HAND_S = 0.08
"""Seconds over which a hand's velocity is a mean: perception brings a new place every other picture."""
MAX_HAND_SPEED = 9.0
"""Units a second: what is faster is a leap of perception, not a hand."""
HAND_SEEN = 0.3
WRISTS = slice(JOINTS.index("left_wrist"), JOINTS.index("right_wrist") + 1)
"""The two stand together."""
_STILL = [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]


class Hands:
    """How fast hands move, from where they are."""

    def __init__(self) -> None:
        self._before: dict[float, list[list[float]]] = {}
        """By a shape's seed, two rows of four: where its hands were, and how well they were seen."""
        self._velocity: dict[float, list[list[float]]] = {}

    def follow(self, wrists: FloatArray, seeds: FloatArray, dt_s: float) -> list[list[float]]:
        """Two rows of four for each shape: velocity in units a second, at most MAX_HAND_SPEED each way, and how well the
        hand is seen, of ``wrists`` (N, 2, 4) ``dt_s`` seconds after the call before.

        Plain numbers: there are too few for arrays.
        """
        share = 1.0 - math.exp(-dt_s / HAND_S)
        found, before, velocities = [], {}, {}
        for seed, hands in zip(seeds.tolist(), wrists.tolist(), strict=True):
            velocity = self._velocity.get(seed, _STILL)
            known = self._before.get(seed)
            if known is not None and dt_s > 0:
                (left, right), (left_before, right_before), (left_now, right_now) = velocity, known, hands
                velocity = [
                    _moved(left, left_before, left_now, dt_s, share),
                    _moved(right, right_before, right_now, dt_s, share),
                ]
            before[seed] = hands if dt_s > 0 or known is None else known
            velocities[seed] = velocity
            found += [[*speed, hand[3]] for speed, hand in zip(velocity, hands, strict=True)]
        self._before, self._velocity = before, velocities
        return found


def _moved(velocity: list[float], before: list[float], now: list[float], dt_s: float, share: float) -> list[float]:
    vx, vy, vz = velocity
    if before[3] <= HAND_SEEN or now[3] <= HAND_SEEN:
        keep = 1.0 - share
        return [vx * keep, vy * keep, vz * keep]
    # Written out: this is done for every hand in every picture.
    x = min(max((now[0] - before[0]) / dt_s, -MAX_HAND_SPEED), MAX_HAND_SPEED)
    y = min(max((now[1] - before[1]) / dt_s, -MAX_HAND_SPEED), MAX_HAND_SPEED)
    z = min(max((now[2] - before[2]) / dt_s, -MAX_HAND_SPEED), MAX_HAND_SPEED)
    return [vx + (x - vx) * share, vy + (y - vy) * share, vz + (z - vz) * share]
