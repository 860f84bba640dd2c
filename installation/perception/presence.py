"""When a body counts as a visitor: more than a confident skeleton is needed.

The pose network finds bodies in cartoon titles and bottles, with full confidence. Evidence is therefore either a face in
the head's place, or a person detector that sees a person of the same place *and extent* as the skeleton: a detector that
fires on a hand, with a phantom body stretched beside it, does not agree with itself. Evidence must last before a visitor
is confirmed, and a confirmed visitor stays while the body is tracked and some evidence returns now and then.
"""

from __future__ import annotations

import numpy as np

from installation.base import landmarks as lm
from installation.types import Box, FloatArray

INSIDE = 0.7
"""Least share of the skeleton inside the detector's box."""
AREA, HEIGHT = 0.45, 0.8
"""Least area of the skeleton's bounding box, as a share of the detector's; or its least height if it stands upright. From the
side, from behind and under a coat a skeleton is narrow, and as high as ever. Of 176 people cut out of a film of passers-by, 12
were too narrow and 11 of these high enough; a phantom on a hand is hardly ever both upright and so high."""
CUT_HEIGHT, CUT_AREA = 0.55, 0.25
"""The same of who stands so near that the picture's lower border cuts them off: head and shoulders are all of the skeleton."""
CUT_OFF = 0.97
"""A box that reaches down to here is cut off."""
MARGIN = 0.1
"""The detector's box is widened by this share of its size before points count as outside."""
_LEVELS = (
    (lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER),
    (lm.LEFT_HIP, lm.RIGHT_HIP),
    (lm.LEFT_KNEE, lm.RIGHT_KNEE),
    (lm.LEFT_ANKLE, lm.RIGHT_ANKLE),
)


def seen_points(pose: FloatArray) -> FloatArray:
    """(M, 2) of the landmarks of ``pose`` (33, 4) that lie in the picture and are visible (above 0.5)."""
    inside = (np.abs(pose[:, :2] - 0.5) <= 0.52).all(axis=1)
    return pose[inside & (pose[:, 3] > 0.5), :2]


def bounds(points: FloatArray) -> Box:
    """Bounding box of (M, 2) points; ValueError when there are none."""
    low, high = points.min(axis=0), points.max(axis=0)
    return Box(float(low[0]), float(low[1]), float(high[0]), float(high[1]))


def agreement(pose: FloatArray, people: list[tuple[float, Box]], least: float, known: bool = False) -> float:
    """How well one of the detected ``people`` (score, box) agrees in place and size with the skeleton ``pose`` (33, 4).

    Gives the best product of score and share of the skeleton inside the box, [0, 1]; 0 where the score is below ``least``,
    too little of the skeleton is inside, or the extents differ. A body ``known`` for a visitor's may be of any extent: all
    that is asked is whether somebody is there still.
    """
    points = seen_points(pose)
    if len(points) < 4:
        return 0.0
    best = 0.0
    body, upright = bounds(points), stands(pose)
    for score, box in people:
        width, height = box.right - box.left, box.height
        low = np.array([box.left - MARGIN * width, box.top - MARGIN * height])
        high = np.array([box.right + MARGIN * width, box.bottom + MARGIN * height])
        share = float(((points >= low) & (points <= high)).all(axis=1).mean())
        if score >= least and share > INSIDE and (known or _alike(body, upright, box)):
            best = max(best, score * share)
    return best


def _alike(body: Box, upright: bool, box: Box) -> bool:
    area, height = body.width * body.height / max(box.width * box.height, 1e-9), body.height / max(box.height, 1e-9)
    if area > AREA:
        return True
    cut_off = box.bottom >= CUT_OFF and height > CUT_HEIGHT and area > CUT_AREA
    return upright and (height > HEIGHT or cut_off)


def stands(pose: FloatArray) -> bool:
    """Whether head, shoulders, hips, knees and ankles of ``pose`` (33, 4) come one below the other."""
    levels = [pose[lm.NOSE, 1], *(pose[list(pair), 1].mean() for pair in _LEVELS)]
    return bool((np.diff(levels) > 0).all())


class PresenceGate:
    """Turns evidence over time into "a visitor is there". All times in seconds.

    ``confirm_s``: how long evidence must last. ``forget_s``: a visitor without a body is gone after this. ``doubt_s``: a
    tracked body without any new evidence is doubted after this.
    """

    def __init__(self, confirm_s: float, forget_s: float, doubt_s: float = 2.0) -> None:
        self._confirm_s, self.forget_s, self._doubt_s = confirm_s, forget_s, doubt_s
        self._since_s: float | None = None
        self._evidence_s: float | None = None
        self._body_s: float | None = None
        self.present = False

    def update(self, t_s: float, body: bool, evidence: bool, sure: bool = False, enough: bool = True) -> bool:
        """One picture at ``t_s``: whether a body was tracked, and whether there was evidence. Gives whether a visitor is there.

        ``sure`` evidence need not last; without ``enough`` of it, evidence that lasts does not count.

        When the body is lost, the visitor stays present for ``forget_s``.
        """
        if body:
            self._body_s = t_s
        if evidence:
            # The detector runs now and then, so its evidence has gaps; gaps of up to ``forget_s`` are bridged.
            lasted = self._evidence_s is not None and t_s - self._evidence_s <= self.forget_s
            self._since_s = self._since_s if lasted and self._since_s is not None else t_s
            self._evidence_s = t_s
            if sure or (enough and t_s - self._since_s >= self._confirm_s):
                self.present = True
        elif self.present and self._gone(t_s):
            self.present = False
            self._since_s = None
        return self.present

    def begin_again(self) -> None:
        """Unless it is a visitor already, evidence must last from now on."""
        if not self.present:
            self._since_s = self._evidence_s = None

    def _gone(self, t_s: float) -> bool:
        no_body = self._body_s is None or t_s - self._body_s > self.forget_s
        no_evidence = self._evidence_s is None or t_s - self._evidence_s > self._doubt_s
        return no_body or no_evidence
