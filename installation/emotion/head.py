"""Where a visitor's head is, how large, and where it looks: calm at rest and quick in motion. Times in seconds."""

from __future__ import annotations

import math

import numpy as np

from installation.base import landmarks as lm
from installation.base.easing import eased_share
from installation.base.head_angles import head_turn
from installation.emotion.one_euro import OneEuro
from installation.emotion.posture import seen
from installation.types import NO_HEAD, FloatArray, Person, read_only

HEAD_SHARE = 0.130
"""Crown to chin as a share of the body's height (Drillis and Contini 1966)."""
CROWN_SHARE = 0.7
"""Forehead to chin (face landmarks 10 and 152) as a share of crown to chin; see ``emotion/size.py``."""
HELD_S, FADE_S, FOUND_S = 0.3, 0.4, 0.12
"""A face that is lost keeps its turn for HELD_S and looks ahead again with time constant FADE_S; one that is found sets in."""
_CUTOFF_HZ, _BETA = 1.2, 2.0
_EARS_AND_NOSE = [lm.LEFT_EAR, lm.RIGHT_EAR, lm.NOSE]


def read_head(person: Person, height: float, aspect: float) -> FloatArray | None:
    """(7,) float32, the columns of HEAD_COLUMNS, for a body of ``height`` pictures' heights in a picture ``aspect`` times as
    wide as high: by the face, else by the body; None where neither shows a head. ``face`` is 1 or 0."""
    if person.face is not None:
        points = person.face.astype(np.float64) * (aspect, 1.0, aspect)
        up = points[lm.FOREHEAD] - points[lm.CHIN]
        # The crown is as far above the forehead as it is missing from the landmarks.
        middle = points[lm.CHIN] + 0.5 / CROWN_SHARE * up
        half = 0.5 / CROWN_SHARE * math.hypot(*up)
        return np.array((middle[0] / aspect, middle[1], half, *head_turn(points), 1.0), np.float32)
    if person.pose is None or float(seen(person.pose[_EARS_AND_NOSE, 3]).min()) < 0.5:
        return None
    x, y = person.pose[_EARS_AND_NOSE, :2].mean(axis=0).tolist()
    return np.array((x, y, 0.5 * HEAD_SHARE * height, 0.0, 0.0, 0.0, 0.0), np.float32)


class HeadFilter:
    """A One Euro filter on place, size and turn; the turn goes back to straight where no face is seen."""

    def __init__(self, derivative_cutoff_hz: float) -> None:
        self.derivative_cutoff_hz = derivative_cutoff_hz
        self._filter: OneEuro | None = None
        self._shown: FloatArray = NO_HEAD
        self._face = 0.0
        self._seen_s = self._face_s = -math.inf

    def update(self, head: FloatArray | None, t_s: float) -> None:
        """``head`` (7,) at ``t_s``, finite; None where none is seen. A time that does not rise changes nothing."""
        if head is None or t_s <= self._seen_s:
            return
        has_face, fresh = head[6] > 0.5, self._filter is None or t_s - self._seen_s > 4 * HELD_S
        self._face = self._face_at(t_s)
        if has_face:
            since_s = min(t_s - self._face_s, HELD_S)
            self._face += (1.0 - self._face) * eased_share(since_s, FOUND_S)
            self._face_s = t_s
        if self._filter is None or fresh:
            self._filter = OneEuro(_CUTOFF_HZ, _BETA, self.derivative_cutoff_hz)
        self._filter.derivative_cutoff_hz = self.derivative_cutoff_hz
        aim = head[:6].astype(np.float64)
        if not has_face and not fresh:
            # A face that is missed now and then has not turned away.
            aim[3:] = self._shown[3:6]
        self._seen_s = t_s
        self._shown = np.array((*self._filter.update(aim, t_s), 1.0), np.float32)

    def at(self, t_s: float) -> FloatArray:
        """(7,) float32, read-only, at ``t_s`` seconds; NO_HEAD as long as none was seen."""
        if self._filter is None:
            return NO_HEAD
        face = self._face_at(t_s)
        shown = self._shown.copy()
        shown[3:6] *= face
        shown[6] = face
        return read_only(shown)

    def _face_at(self, t_s: float) -> float:
        """[0, 1]: what is left at ``t_s`` of the face seen last."""
        return self._face * math.exp(-max(t_s - self._face_s - HELD_S, 0.0) / FADE_S)


def check_head(head: FloatArray | None) -> None:
    """ValueError for anything but None and (7,) finite numbers."""
    if head is not None and not (head.shape == NO_HEAD.shape and np.isfinite(head).all()):
        raise ValueError(f"a head is {NO_HEAD.shape} and finite")
