"""Reading faces: those of the people who are followed in turn, and now and then the whole picture for new ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from installation.base.face_size import large_enough
from installation.base.landmarks import NOSE
from installation.base.unread import place_of_face
from installation.config.perception import PerceptionConfig
from installation.perception.crops import Square, cut_square, face_square_round, from_crop, grown, head_square
from installation.perception.landmarkers import FaceFinder
from installation.perception.likeness import overlap
from installation.perception.presence import bounds
from installation.perception.track import LOST_S, Face, Track
from installation.perception.tracker import Tracker
from installation.perception.turns import RETRY_S, Budget, periods
from installation.perception.zones import Zones
from installation.types import Box, ByteArray, FloatArray

ReadExpression = Callable[[ByteArray, FloatArray], tuple[FloatArray, float]]
"""(rgb (H, W, 3) uint8, face landmarks (478, 3) in pixels) -> probabilities (7,), quality [0, 1]."""

LOOK_ROUND_S, GLANCE_S = 0.1, 0.5
"""The whole picture is searched for near faces this often while nobody is seen, and while somebody is."""
PLACE_S = 0.15
"""Where emotions are not read a visitor whose body is seen needs no more readings of the face to turn the head."""
FACE_ONLY_S = 1.0
"""A face without a detected body for this long stands for itself."""


class FaceReader:
    """Landmarks, blendshapes and expression of the tracks' faces; without ``emotions`` no more than is needed to know where a
    head is and where it turns. Times in seconds."""

    def __init__(
        self,
        config: PerceptionConfig,
        tracks: Tracker,
        budget: Budget,
        expression: ReadExpression | None,
        emotions: bool = True,
        zones: Zones | None = None,
    ) -> None:
        self._interval_s, self._tracks, self._budget, self._expression = (
            config.face_interval_s,
            tracks,
            budget,
            expression,
        )
        self._finder = FaceFinder(config.face_confidence, config.max_people, blendshapes=emotions)
        self._place_only = not emotions
        self._zones = zones or Zones(config.ignore)
        self._looked_s = -np.inf

    def read(self, t_s: float, rgb: ByteArray) -> None:
        """Read the faces that are due, the one unread for longest first; at least one in each picture."""
        due = [track for track in self._tracks.all if self._waited(track, t_s) >= 1.0]
        for turn, track in enumerate(sorted(due, key=lambda track: track.face_tried_s)):
            if turn > 0 and not self._budget.allows("face"):
                return
            # A head that was not found in a tight square may be found in a wider one.
            wider = 1.0 if track.face is not None or t_s - track.face_tried_s > 2 * RETRY_S else 1.5
            track.face_tried_s = t_s
            cut = _head_of(track, t_s, rgb, wider)
            with self._budget.spend("face"):
                self._read_one(track, t_s, rgb, cut)

    def waited(self, t_s: float) -> float:
        """How long the face that was read longest ago has waited, in periods; 1 is due."""
        return max((self._waited(track, t_s) for track in self._tracks.all), default=0.0)

    def any_due(self, t_s: float) -> bool:
        """Whether it is time to read somebody's face."""
        return self.waited(t_s) >= 1.0

    def waited_to_look_round(self, t_s: float) -> float:
        """How long the search of the whole picture has waited, in periods; 1 is due."""
        everybody = all(track.face is not None for track in self._tracks.all) and bool(self._tracks.all)
        wait_s = GLANCE_S if everybody or any(track.id is not None for track in self._tracks.all) else LOOK_ROUND_S
        return periods(t_s - self._looked_s, wait_s)

    def look_round(self, t_s: float, rgb: ByteArray, small: ByteArray) -> None:
        """Search the whole picture for faces that belong to nobody yet: a head close up shows no body."""
        self._looked_s = t_s
        with self._budget.spend("faces"):
            found = self._finder.find(small)
        for landmarks, shapes in found:
            box = bounds(landmarks[:, :2])
            if self._zones.hide_face(box):
                continue
            owner = self._owner(box, t_s)
            if owner is None:
                owner = self._tracks.begin(box, t_s)
            if owner is not None and owner.face is None:
                self._take(owner, t_s, rgb, landmarks, shapes)

    def close(self) -> None:
        """Free the networks."""
        self._finder.close()

    def _waited(self, track: Track, t_s: float) -> float:
        if track.pose is None and track.face is None:
            return 0.0
        interval_s = self._interval_s if track.face is not None else max(self._interval_s, 0.05)
        if self._place_only and track.pose is not None and track.id is not None:
            interval_s = max(interval_s, PLACE_S)
        return periods(t_s - track.face_tried_s, interval_s)

    def _read_one(self, track: Track, t_s: float, rgb: ByteArray, cut: Square) -> None:
        height, width = rgb.shape[:2]
        crop = cut_square(rgb, cut)
        found = self._finder.find(crop) if crop is not None else []
        if not found:
            track.face = None
            return
        # The head that the square was cut round, should another one look into it.
        landmarks, shapes = min(found, key=lambda face: float(np.abs(face[0][:, :2].mean(axis=0) - 0.5).max()))
        landmarks = from_crop(landmarks, cut, width, height)
        if self._zones.hide_face(bounds(landmarks[:, :2])):
            track.face = None
            return
        self._take(track, t_s, rgb, landmarks, shapes)

    def _take(self, track: Track, t_s: float, rgb: ByteArray, landmarks: FloatArray, shapes: FloatArray | None) -> None:
        height, width = rgb.shape[:2]
        expression, quality, box = None, 0.0, bounds(landmarks[:, :2])
        if self._place_only:
            landmarks = place_of_face(landmarks)
        readable = large_enough(box, width, height)
        if self._expression is not None and track.id is not None and readable:
            expression, quality = self._expression(rgb, landmarks * np.array([width, height, width], np.float32))
        track.face = track.last_face = Face(t_s, landmarks, box, shapes if readable else None, expression, quality)
        twin = self._tracks.twin(track, t_s)
        if twin is not None and track.id is None:
            return  # somebody else's face is no evidence of a newcomer
        track.evidence, track.body_s = True, t_s
        if track.pose is None and t_s - track.detected_s > FACE_ONLY_S:
            track.move(track.face.box, t_s)

    def _owner(self, face: Box, t_s: float) -> Track | None:
        """Whose face it is: the track whose head, face or upper half is there."""
        x, y = face.centre
        for track in self._tracks.all:
            last = track.last_face
            if last is not None and t_s - last.t_s <= LOST_S and overlap(last.box, face) > 0.2:
                return track
            if track.pose is not None:
                nose_x, nose_y = (float(value) for value in track.pose[NOSE, :2])
                if abs(nose_x - x) < face.width and abs(nose_y - y) < face.height:
                    return track
                continue
            box = grown(track.predicted(t_s), 0.1)
            if track.face is None and box.left < x < box.right and box.top < y < box.top + 0.6 * box.height:
                return track
        return None


def _head_of(track: Track, t_s: float, rgb: ByteArray, wider: float) -> Square:
    """Where the head should be: by the face where that is near or just lost, else by the pose, which sees far heads, too."""
    height, width = rgb.shape[:2]
    last = track.last_face
    if last is not None and (track.face is not None or t_s - last.t_s <= LOST_S):
        lost = track.face is None and wider == 1.0
        if track.pose is None or track.is_near or lost:
            return face_square_round(last.box, width, height)
    assert track.pose is not None
    return head_square(track.pose, width, height, wider)
