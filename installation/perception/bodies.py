"""Following bodies: each track's pose network is shown the part of the picture where its body should be."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from installation.base.landmarks import NOSE
from installation.perception.crops import (
    WINDOW_PX,
    Square,
    cut_window,
    follow,
    from_crop,
    grown,
    only,
    window_round,
    within,
)
from installation.perception.landmarkers import Body, PoseFinder
from installation.perception.likeness import overlap
from installation.perception.person_search import WATCH_S
from installation.perception.silhouettes import Silhouettes
from installation.perception.track import Track
from installation.perception.tracker import Tracker
from installation.perception.turns import RETRY_S, Budget, PosePool, periods
from installation.perception.zones import Zones
from installation.types import Box, ByteArray, FloatArray

REST_S = 0.06
"""A body at rest is looked at this often, one that moves in every picture."""
MOVES = 0.35
"""A body moves whose points go faster than this, on average, in heights of the body a second. Landmarks of a body that
stands still jitter by 0.1."""
FACE_FRESH_S = 0.3
"""A face read so lately is still where it was, ..."""
NEAR_FACE = 0.25
"""... when it is of at least this share of the picture's height."""
MOVED_S = 0.5
"""It counts as moving for so long afterwards."""

MISSED_MARGIN = 0.1
"""A person in whom no body was found is shown alone, with this share of the size on every side: the network, which looks for
faces first, overlooks many who turned away. Of 65 passers-by that it missed in this way in whole windows it found 56."""


class BodyFollower:
    """Finds the pose of each track, and with ``masks`` its outline. Times in seconds."""

    def __init__(
        self, poses: PosePool, silhouettes: Silhouettes, tracks: Tracker, budget: Budget, zones: Zones
    ) -> None:
        self._poses, self._silhouettes, self._tracks, self._budget = poses, silhouettes, tracks, budget
        self._zones = zones
        self.masks = False

    def waited(self, t_s: float) -> float:
        """How long the body looked at longest ago has waited, in periods; 1 is due. A moving body is always due."""
        return max((_waited(track, t_s) for track in self._tracks.all), default=0.0)

    def follow(self, t_s: float, rgb: ByteArray, small: ByteArray, face_due: Callable[[], bool]) -> None:
        """Look at bodies, the one unseen for longest first; at least at one in each picture.

        Time for a face that is due is left over. But where bodies touch, who is who comes first.
        """
        looked, touching = False, self._tracks.touching(t_s)
        for track in sorted(self._tracks.all, key=lambda track: track.posed_s):
            due = not touching and face_due()
            kinds = ("pose", "mask") if self.masks else ("pose",)
            if looked and not self._budget.allows(*kinds, *(("face",) if due else ())):
                return
            if track.pose is None and t_s - track.posed_s < RETRY_S:
                continue
            finder = self._poses.of(track.number)
            if finder is None:
                continue
            since_s = t_s - track.posed_s
            looked, track.posed_s = True, t_s
            with self._budget.spend("pose"):
                found, cut = self._find(finder, track, t_s, rgb, small)
            track.misses = track.misses + 1 if found is None else 0
            if found is None or _misses_face(track, t_s, found.pose) or self._zones.hide_body(found.pose):
                track.lose_body()
            else:
                if track.pose is not None and speed(track.pose, found.pose, since_s) > MOVES:
                    track.moved_s = t_s
                self._tracks.posed(track, t_s, found.pose, found.world, small)
                self._take_mask(found, t_s, cut, rgb)

    def _take_mask(self, found: Body, t_s: float, cut: Square, rgb: ByteArray) -> None:
        # The body may have been given to another track, or to none.
        owner = next((track for track in self._tracks.all if track.pose is found.pose), None)
        if owner is not None and found.mask is not None and self.masks:
            with self._budget.spend("mask"):
                self._silhouettes.seen(owner, t_s, found.mask, cut, (rgb.shape[1], rgb.shape[0]))

    def _find(
        self, finder: PoseFinder, track: Track, t_s: float, rgb: ByteArray, small: ByteArray
    ) -> tuple[Body | None, Square]:
        """The body, its landmarks in the whole picture's [0, 1] but its mask in that of the window; and the window."""
        height, width = rgb.shape[:2]
        where = _whereabouts(track, t_s)
        track.window = follow(track.window, window_round(where, width, height))
        shown, cut = cut_window(rgb, track.window, WINDOW_PX)
        # A mask is drawn in the size of what is shown, and in the larger size it costs twice as much.
        if cut == (0, 0, width, height) and not finder.masks:
            shown = small
        seen = grown(where, 0.3)
        if any(other is not track and overlap(other.box, seen) > 0 for other in self._tracks.all):
            shown = only(shown, within(seen, cut, width, height))
        elif _is_missed(track, t_s):
            shown = only(shown, within(grown(where, MISSED_MARGIN), cut, width, height))
        found = finder.find(np.ascontiguousarray(shown))
        if found is None:
            return None, cut
        points = from_crop(found.pose[:, :3], cut, width, height)
        return found._replace(pose=np.concatenate([points, found.pose[:, 3:]], axis=1)), cut


def speed(before: FloatArray, now: FloatArray, since_s: float) -> float:
    """How fast the points of a pose (33, 4) seen in both pictures went in ``since_s`` seconds: their mean distance, in heights
    of their bounding box a second; 0 where fewer than four are seen."""
    seen = (np.minimum(before[:, 3], now[:, 3]) > 0.5) & (np.abs(now[:, :2] - 0.5) <= 0.5).all(axis=1)
    if seen.sum() < 4 or since_s <= 0:
        return 0.0
    points = now[seen, :2]
    height = max(float(np.ptp(points, axis=0).max()), 1e-3)
    return float(np.hypot(*(points - before[seen, :2]).T).mean()) / height / since_s


def _misses_face(track: Track, t_s: float, pose: FloatArray) -> bool:
    """Whether the pose lies beside the near face of its track: where a face fills the picture there is no body to be found, and
    the network finds one in a cheek or a sleeve."""
    face = track.last_face
    if face is None or t_s - face.t_s > FACE_FRESH_S or face.box.height < NEAR_FACE:
        return False
    x, y = pose[NOSE, :2]
    here = grown(face.box, 0.2)
    return not (here.left <= x <= here.right and here.top <= y <= here.bottom)


def _waited(track: Track, t_s: float) -> float:
    if not track.is_near and 0 <= t_s - track.moved_s < MOVED_S:
        return math.inf
    return periods(t_s - track.posed_s, REST_S if track.pose is not None else RETRY_S)


def _is_missed(track: Track, t_s: float) -> bool:
    """Whether to show a person alone: every other time that the pose network saw no body where the detector sees somebody."""
    return track.pose is None and track.misses % 2 == 1 and t_s - track.detected_s <= WATCH_S


def _whereabouts(track: Track, t_s: float) -> Box:
    """Where to look for a body: its points, and what the detector saw of it a moment ago."""
    box = track.predicted(t_s)
    if track.pose is None and track.face is not None and overlap(box, track.face.box) > 0.5:
        # Only a face so far: the body hangs below it.
        return Box(
            max(0.0, box.left - 1.2 * box.width),
            max(0.0, box.top - 0.6 * box.height),
            min(1.0, box.right + 1.2 * box.width),
            min(1.0, box.bottom + 5.0 * box.height),
        )
    seen = track.detected_box
    if seen is None or t_s - track.detected_s > 2 * WATCH_S or overlap(seen, box) == 0:
        return box
    return Box(
        min(box.left, seen.left), min(box.top, seen.top), max(box.right, seen.right), max(box.bottom, seen.bottom)
    )
