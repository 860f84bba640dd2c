"""Following bodies: each track's pose network is shown the part of the picture where its body should be."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

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
from installation.perception.turns import RETRY_S, Budget, PosePool
from installation.types import Box, ByteArray

MISSED_MARGIN = 0.1
"""A person in whom no body was found is shown alone, with this share of the size on every side: the network, which looks for
faces first, overlooks many who turned away. Of 65 passers-by that it missed in this way in whole windows it found 56."""


class BodyFollower:
    """Finds the pose of each track, and with ``masks`` its outline. Times in seconds."""

    def __init__(self, poses: PosePool, silhouettes: Silhouettes, tracks: Tracker, budget: Budget) -> None:
        self._poses, self._silhouettes, self._tracks, self._budget = poses, silhouettes, tracks, budget
        self.masks = False

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
            looked, track.posed_s = True, t_s
            with self._budget.spend("pose"):
                found, cut = self._find(finder, track, t_s, rgb, small)
            track.misses = track.misses + 1 if found is None else 0
            if found is None:
                track.lose_body()
            else:
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
