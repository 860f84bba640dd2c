"""One camera picture in, one Observation out: who is there, their bodies, heads, faces, expressions and hands.

The person detector says where people may be; each is then followed by a pose network of its own, and their faces are read
one after the other. With several people they take turns within ``budget_s`` a picture, so that more visitors are each
looked at less often while pictures go on at their pace.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import cv2
import numpy as np

from installation.base.landmarks import NOSE
from installation.config.perception import PerceptionConfig
from installation.perception.crops import (
    WINDOW_PX,
    Square,
    cut_square,
    cut_window,
    end_squares,
    face_square_round,
    follow,
    from_crop,
    grown,
    hand_square,
    head_square,
    only,
    out_of,
    window_round,
    within,
)
from installation.perception.landmarkers import Body, FaceFinder, GestureFinder, PersonDetector, PoseFinder
from installation.perception.likeness import covered, overlap
from installation.perception.presence import agreement, bounds
from installation.perception.silhouettes import Silhouettes
from installation.perception.tracks import Face, Track, Tracks
from installation.perception.turns import Budget, PosePool
from installation.types import Box, ByteArray, FloatArray, Frame, Observation, Person, read_only

ReadExpression = Callable[[ByteArray, FloatArray], tuple[FloatArray, float]]
"""(rgb (H, W, 3) uint8, face landmarks (478, 3) in pixels) -> probabilities (7,), quality [0, 1]."""

SEARCH_S, TOUCHING_S, WATCH_S = 0.1, 0.2, 0.3
"""The person detector looks this often while somebody is not confirmed, while bodies touch, and while all is clear."""
AGREE_S = 0.15
"""A body and a detection that are no further apart in time may agree."""
LOOK_ROUND_S, GLANCE_S = 0.1, 0.5
"""The whole picture is searched for near faces this often while nobody is seen, and while somebody is."""
RETRY_S = 0.1
"""A body or face that was not found is looked for again after this."""
DETECTOR_PX = 480
FAR = 0.6
"""Share of an end square's height below which a person counts as far."""
GESTURE_CONFIDENCE = 0.6
FACE_ONLY_S = 1.0
"""A face without a detected body for this long stands for itself."""


class Perceiver:
    """Holds the networks. Not thread-safe; ``close`` frees them. Raises ModelError when a model file is wrong."""

    def __init__(self, config: PerceptionConfig, expression: ReadExpression | None = None) -> None:
        cv2.setNumThreads(1)
        self._config = config
        self._expression = expression
        self.providers: dict[str, str] = getattr(expression, "providers", {})
        self._poses = PosePool(lambda masks: PoseFinder(config.pose_confidence, masks), config.max_people)
        self._face = FaceFinder(config.face_confidence)
        self._faces = FaceFinder(config.face_confidence, config.max_people)
        self._person = PersonDetector(config.person_confidence, config.max_people)
        self._gesture = GestureFinder(GESTURE_CONFIDENCE) if config.gestures else None
        self._tracks = Tracks(config.max_people, config.confirm_s, config.forget_s, config.remember_s)
        self._budget = Budget(config.budget_s * 1000, time.process_time)
        self._silhouettes = Silhouettes()
        self._masks = False
        self._last: tuple[float, tuple[int, int]] | None = None
        self._search = 0
        self._found: list[tuple[float, Box]] = []
        self._detected_s = self._looked_s = -np.inf

    def perceive(self, frame: Frame, masks: bool = False) -> Observation:
        """See who is there. Frames must come in the order of their time. With ``masks``, ``silhouette`` may be asked for.

        Raises ValueError for a frame that is no picture and RuntimeError when a network failed (it is made again, the
        next frame may succeed).
        """
        started_s = time.perf_counter()
        self._budget.start()
        t_s, rgb = frame.t_s, frame.rgb
        height, width = rgb.shape[:2]
        small = self._scaled(rgb)
        self._prepare_masks(masks, t_s, (width, height))
        self._detect(t_s, rgb, small)
        # Before bodies are followed: nobody's clothes may be learned from who stands in front.
        self._tracks.touching(t_s)
        self._follow(t_s, rgb, small)
        self._compare(t_s)
        if self._tracks.touching(t_s):
            self._tracks.untangle(t_s)
        self._read_faces(t_s, rgb)
        self._look_round(t_s, rgb, small)
        self._read_hands(t_s, rgb)
        self._tracks.settle(t_s)
        self._poses.keep({track.number for track in self._tracks.all})
        people = [self._person_of(track, t_s) for track in self._tracks.all if track.id is not None]
        people.sort(key=lambda person: person.id)
        compute_ms = (time.perf_counter() - started_s) * 1000
        return Observation(t_s, frame.seq, tuple(people), (width, height), compute_ms)

    def silhouette(self) -> ByteArray | None:
        """(H, W) uint8, 255 where a visitor is, of the picture last perceived; None when that was without masks.

        Apart from ``perceive`` so that what was seen can be told before.
        """
        if self._last is None:
            return None
        with self._budget.spend("mask"):
            return self._silhouettes.draw(self._last[0], self._tracks.all, self._last[1])

    def _prepare_masks(self, masks: bool, t_s: float, size: tuple[int, int]) -> None:
        self._last = (t_s, size) if masks else None
        if masks != self._masks:
            self._masks = masks
            self._poses.want(masks)
            self._silhouettes.clear()

    @property
    def spent_ms(self) -> dict[str, float]:
        """Processor time of all pictures so far by kind of work: detect, pose, face, faces, hand, mask; milliseconds."""
        return dict(self._budget.total_ms)

    def close(self) -> None:
        """Free the networks."""
        for part in (self._poses, self._face, self._faces, self._person, self._gesture):
            if part is not None:
                part.close()

    def _scaled(self, rgb: ByteArray) -> ByteArray:
        height, width = rgb.shape[:2]
        scale = self._config.width / max(width, height)
        if scale >= 1:
            return rgb
        size = (round(width * scale), round(height * scale))
        return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)

    def _detect(self, t_s: float, rgb: ByteArray, small: ByteArray) -> None:
        """Where people may be; new ones are followed from here on."""
        tracks = self._tracks.all
        wait_s = TOUCHING_S if self._tracks.touching(t_s) else WATCH_S
        if not tracks or any(track.id is None for track in tracks):
            wait_s = SEARCH_S
        if 0 <= t_s - self._detected_s < wait_s:
            return
        self._detected_s = t_s
        with self._budget.spend("detect"):
            found = self._find_people(rgb, small)
        self._tracks.detected(t_s, found)
        self._found = found

    def _find_people(self, rgb: ByteArray, small: ByteArray) -> list[tuple[float, Box]]:
        """(score, box) of each. The detector sees 320 pixels: who is far is found in the picture's end squares only.

        While nobody is there the whole picture and one of its ends are searched, else one after the other.
        """
        self._search += 1
        height, width = rgb.shape[:2]
        ends = end_squares(width, height)
        idle = not self._tracks.all
        found: list[tuple[float, Box]] = []
        if idle or not ends or self._search % 2 == 0:
            found = self._person.find(small)
        if ends and (idle or self._search % 2 == 1):
            cut = ends[self._search // (1 if idle else 2) % len(ends)]
            shown, _ = cut_window(rgb, np.array(cut, np.float32), DETECTOR_PX)
            for score, box in self._person.find(np.ascontiguousarray(shown)):
                whole = out_of(box, cut, width, height)
                # Large ones were seen in the whole picture, and an end may cut them into parts.
                far = whole is not None and box.height < FAR
                if whole is not None and far and all(overlap(whole, other) < 0.4 for _, other in found):
                    found.append((score, whole))
        return found

    def _follow(self, t_s: float, rgb: ByteArray, small: ByteArray) -> None:
        """Bodies, the longest unseen first; at least one in each picture.

        A due face's time is left over; but where bodies touch, who is who comes first.
        """
        looked, touching = False, self._tracks.touching(t_s)
        for track in sorted(self._tracks.all, key=lambda track: track.posed_s):
            due = not touching and any(self._face_due(other, t_s) for other in self._tracks.all)
            kinds = ("pose", "mask") if self._masks else ("pose",)
            if looked and not self._budget.allows(*kinds, *(("face",) if due else ())):
                return
            if track.pose is None and t_s - track.posed_s < RETRY_S:
                continue
            finder = self._poses.of(track.number)
            if finder is None:
                continue
            looked, track.posed_s = True, t_s
            with self._budget.spend("pose"):
                found, cut = self._find_pose(finder, track, t_s, rgb, small)
            if found is None:
                track.loses_body()
            else:
                self._tracks.posed(track, t_s, found.pose, found.world, small)
                self._take_mask(found, t_s, cut, rgb)

    def _take_mask(self, found: Body, t_s: float, cut: Square, rgb: ByteArray) -> None:
        # The body may have been given to another track, or to none.
        owner = next((track for track in self._tracks.all if track.pose is found.pose), None)
        if owner is not None and found.mask is not None and self._masks:
            with self._budget.spend("mask"):
                self._silhouettes.seen(owner, t_s, found.mask, cut, (rgb.shape[1], rgb.shape[0]))

    def _find_pose(
        self, finder: PoseFinder, track: Track, t_s: float, rgb: ByteArray, small: ByteArray
    ) -> tuple[Body | None, Square]:
        """The body, its landmarks in the whole picture's [0, 1] but its mask in that of the window, and the window."""
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
        found = finder.find(np.ascontiguousarray(shown))
        if found is None:
            return None, cut
        points = from_crop(found.pose[:, :3], cut, width, height)
        return found._replace(pose=np.concatenate([points, found.pose[:, 3:]], axis=1)), cut

    def _compare(self, t_s: float) -> None:
        """A body that both the detector and the pose network see, in one place and alike in size, is a person.

        With several people a pose may come some pictures after the detection. Each detection is evidence once at most.
        """
        if t_s - self._detected_s > AGREE_S:
            return
        for track in self._tracks.all:
            if track.agreed_s == self._detected_s or track.pose is None:
                continue
            agreed = agreement(track.pose, self._found)
            if agreed > 0:
                self._tracks.agree(track, self._detected_s, agreed)
            elif t_s == self._detected_s and any(covered(track.box, box) > 0.5 for _, box in self._found):
                # A person of quite another extent is seen here: a hand with a bottle agrees by chance now and then.
                track.gate.begin_again()

    def _read_faces(self, t_s: float, rgb: ByteArray) -> None:
        """Faces of those followed, the longest unread first; at least one in each picture where one is due."""
        due = [track for track in self._tracks.all if self._face_due(track, t_s)]
        for turn, track in enumerate(sorted(due, key=lambda track: track.face_tried_s)):
            if turn > 0 and not self._budget.allows("face"):
                return
            # A head that was not found in a tight square may be found in a wider one.
            wider = 1.0 if track.face is not None or t_s - track.face_tried_s > 2 * RETRY_S else 1.5
            track.face_tried_s = t_s
            cut = self._head_of(track, rgb, wider)
            with self._budget.spend("face"):
                self._read_face(track, t_s, rgb, cut)

    def _face_due(self, track: Track, t_s: float) -> bool:
        if track.pose is None and track.face is None:
            return False
        interval_s = self._config.face_interval_s if track.face is not None else max(self._config.face_interval_s, 0.05)
        return not 0 <= t_s - track.face_tried_s < interval_s

    def _head_of(self, track: Track, rgb: ByteArray, wider: float) -> Square:
        height, width = rgb.shape[:2]
        if track.pose is not None:
            return head_square(track.pose, width, height, wider)
        assert track.face is not None
        return face_square_round(track.face.box, width, height)

    def _read_face(self, track: Track, t_s: float, rgb: ByteArray, cut: Square) -> None:
        height, width = rgb.shape[:2]
        crop = cut_square(rgb, cut)
        found = self._face.find(crop) if crop is not None else []
        if not found:
            track.face = None
            return
        self._take_face(track, t_s, rgb, from_crop(found[0][0], cut, width, height), found[0][1])

    def _take_face(self, track: Track, t_s: float, rgb: ByteArray, landmarks: FloatArray, shapes: FloatArray) -> None:
        height, width = rgb.shape[:2]
        expression, quality = None, 0.0
        if self._expression is not None and track.id is not None:
            expression, quality = self._expression(rgb, landmarks * np.array([width, height, width], np.float32))
        track.face = Face(t_s, landmarks, bounds(landmarks[:, :2]), shapes, expression, quality)
        track.evidence, track.body_s = True, t_s
        if track.pose is None and t_s - track.detected_s > FACE_ONLY_S:
            track.move(track.face.box, t_s)

    def _look_round(self, t_s: float, rgb: ByteArray, small: ByteArray) -> None:
        """Search the whole picture for faces that belong to nobody yet: a head close up has no body to be seen."""
        everybody = all(track.face is not None for track in self._tracks.all) and bool(self._tracks.all)
        wait_s = GLANCE_S if everybody or any(track.id is not None for track in self._tracks.all) else LOOK_ROUND_S
        if 0 <= t_s - self._looked_s < wait_s or not self._budget.allows("faces"):
            return
        self._looked_s = t_s
        with self._budget.spend("faces"):
            found = self._faces.find(small)
        for landmarks, shapes in found:
            box = bounds(landmarks[:, :2])
            owner = self._owner(box, t_s)
            if owner is None:
                owner = self._tracks.begin(box, t_s)
            if owner is not None and owner.face is None:
                self._take_face(owner, t_s, rgb, landmarks, shapes)

    def _owner(self, face: Box, t_s: float) -> Track | None:
        """Whose face it is: the track whose head, face or upper half is there."""
        x, y = face.centre
        for track in self._tracks.all:
            if track.face is not None and overlap(track.face.box, face) > 0.2:
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

    def _read_hands(self, t_s: float, rgb: ByteArray) -> None:
        """One hand a picture, of the visitor whose hands were read longest ago."""
        if self._gesture is None:
            return
        height, width = rgb.shape[:2]
        due = [
            track
            for track in self._tracks.all
            if track.id is not None
            and track.pose is not None
            and t_s - track.hand_tried_s >= self._config.gesture_interval_s / 2
        ]
        if not due or not self._budget.allows("hand"):
            return
        track = min(due, key=lambda track: track.hand_tried_s)
        track.hand_tried_s, track.hand = t_s, 1 - track.hand
        assert track.pose is not None
        cut = hand_square(track.pose, track.hand, width, height)
        crop = cut_square(rgb, cut) if cut is not None else None
        name = None
        if crop is not None:
            with self._budget.spend("hand"):
                name = self._gesture.find(crop)
        if name is None:
            track.gestures.pop(track.hand, None)
        else:
            track.gestures[track.hand] = name

    def _person_of(self, track: Track, t_s: float) -> Person:
        assert track.id is not None
        face = track.face
        arrays: tuple[FloatArray | None, ...] = (track.pose, track.world)
        if face is not None:
            arrays += (face.landmarks, face.blendshapes, face.expression)
        for array in arrays:
            if array is not None:
                read_only(array)
        seen_s = max(track.posed_s, track.face_tried_s)
        return Person(
            id=track.id,
            box=track.box,
            confidence=1.0 if face is not None else track.agreed,
            pose=track.pose,
            pose_world=track.world,
            face=face.landmarks if face is not None else None,
            face_box=face.box if face is not None else None,
            blendshapes=face.blendshapes if face is not None else None,
            expression=face.expression if face is not None else None,
            face_quality=face.quality if face is not None else 0.0,
            gestures=tuple(sorted(set(track.gestures.values()))),
            seen_s=None if seen_s >= t_s else max(seen_s, 0.0),
        )


def _whereabouts(track: Track, t_s: float) -> Box:
    """Where a body is to be looked for: its points, and what the detector saw of it a moment ago."""
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
