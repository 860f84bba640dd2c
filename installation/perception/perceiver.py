"""One camera picture in, one Observation out: pose, head crop, face, expression, presence."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from installation.config import PerceptionConfig
from installation.perception.landmarkers import FaceFinder, PersonDetector, PoseFinder
from installation.perception.presence import PresenceGate, agreement, bounds, seen_points
from installation.types import Box, ByteArray, FloatArray, Frame, Observation, Person, read_only

ReadExpression = Callable[[ByteArray, FloatArray], FloatArray]
"""(rgb (H, W, 3) uint8, face landmarks (478, 2) in pixels) -> probabilities (7,)."""

FACE_CROP_PX = 256
DETECT_EVERY_S = 0.1
"""A body without a face is shown to the person detector this often until it is confirmed, then five times less."""
LOOK_ROUND_S = 0.1
"""Where no body is seen, the whole picture is searched for a near face this often."""


@dataclass(frozen=True, slots=True, eq=False)
class _Face:
    """A face read at ``t_s``: landmarks (478, 3) in the picture's [0, 1], blendshapes (52,), expression (7,) or None."""

    t_s: float
    landmarks: FloatArray
    blendshapes: FloatArray
    expression: FloatArray | None


def head_square(pose: FloatArray, width: int, height: int) -> tuple[int, int, int, int]:
    """Left, top, right, bottom in pixels of a square round the head of ``pose`` (33, 4), which may pass the border.

    Half its size is the largest of 1.5 x the extent of points 0-10, 0.55 x the shoulder width and 12 pixels (measured:
    with it a far performer's face is found in every frame, without it in none).
    """
    pixels = pose[:, :2] * np.array([width, height], np.float32)
    head = pixels[:11]
    centre = (head.min(axis=0) + head.max(axis=0)) / 2
    shoulders = float(np.hypot(*(pixels[11] - pixels[12])))
    half = max(1.5 * float(np.ptp(head, axis=0).max()), 0.55 * shoulders, 12.0)
    left, top = centre - half
    right, bottom = centre + half
    return round(left), round(top), round(right), round(bottom)


def cut_square(rgb: ByteArray, square: tuple[int, int, int, int]) -> ByteArray | None:
    """The square of the picture at FACE_CROP_PX, black beyond the border; None where it misses the picture."""
    height, width = rgb.shape[:2]
    left, top, right, bottom = square
    inner = rgb[max(top, 0) : min(bottom, height), max(left, 0) : min(right, width)]
    if min(inner.shape[:2]) < 8:
        return None
    over = (max(-top, 0), max(bottom - height, 0), max(-left, 0), max(right - width, 0))
    if any(over):
        inner = cv2.copyMakeBorder(inner, *over, cv2.BORDER_CONSTANT)
    shrinks = right - left > FACE_CROP_PX
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(inner, (FACE_CROP_PX, FACE_CROP_PX), interpolation=how), np.uint8)


class Perceiver:
    """Holds the networks. Not thread-safe; ``close`` frees them. Raises ModelError when a model file is wrong."""

    def __init__(self, config: PerceptionConfig, expression: ReadExpression | None = None) -> None:
        cv2.setNumThreads(1)
        self._config = config
        self._expression = expression
        self.providers: dict[str, str] = getattr(expression, "providers", {})
        self._pose = PoseFinder(config.pose_confidence)
        self._face = FaceFinder(config.face_confidence)
        self._person = PersonDetector(config.person_confidence)
        self._gate = PresenceGate(config.confirm_s, config.forget_s)
        self._detected_s: float | None = None
        self._looked_s: float | None = None
        self._face_known: _Face | None = None
        self._agreed = 0.0

    def perceive(self, frame: Frame) -> Observation:
        """See who is there. Frames must come in the order of their time.

        Raises ValueError for a frame that is no picture and RuntimeError when a network failed (it is made again, the
        next frame may succeed).
        """
        started_s = time.perf_counter()
        rgb = frame.rgb
        height, width = rgb.shape[:2]
        small = self._scaled(rgb)
        found = self._pose.find(small)
        pose, world = found if found is not None else (None, None)
        face = self._read_face(frame.t_s, rgb, small, pose)
        evidence = face is not None or self._detector_confirms(frame.t_s, small, pose)
        present = self._gate.update(frame.t_s, pose is not None or face is not None, evidence)
        people: tuple[Person, ...] = ()
        if present:
            person = self._person_of(pose, world, face)
            if person is not None:
                people = (person,)
        compute_ms = (time.perf_counter() - started_s) * 1000
        return Observation(frame.t_s, frame.seq, people, (width, height), compute_ms)

    def close(self) -> None:
        """Free the networks."""
        for part in (self._pose, self._face, self._person):
            part.close()

    def _scaled(self, rgb: ByteArray) -> ByteArray:
        height, width = rgb.shape[:2]
        scale = self._config.width / max(width, height)
        if scale >= 1:
            return rgb
        size = (round(width * scale), round(height * scale))
        return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)

    def _read_face(self, t_s: float, rgb: ByteArray, small: ByteArray, pose: FloatArray | None) -> _Face | None:
        """The face with its expression; one read a moment ago holds, for faces cost as much as bodies."""
        known = self._face_known
        if known is not None and 0 <= t_s - known.t_s < self._config.face_interval_s:
            return known
        found = self._find_face(t_s, rgb, small, pose)
        if found is None:
            self._face_known = None
            return None
        expression = None
        if self._expression is not None and self._gate.present:
            height, width = rgb.shape[:2]
            expression = self._expression(rgb, found[0][:, :2] * np.array([width, height], np.float32))
        self._face_known = _Face(t_s, *found, expression)
        return self._face_known

    def _find_face(
        self, t_s: float, rgb: ByteArray, small: ByteArray, pose: FloatArray | None
    ) -> tuple[FloatArray, FloatArray] | None:
        """Landmarks (478, 3) in the whole picture's [0, 1], and blendshapes."""
        height, width = rgb.shape[:2]
        if pose is not None:
            square = head_square(pose, width, height)
            crop = cut_square(rgb, square)
            found = self._face.find(crop) if crop is not None else None
            if found is not None:
                left, top, right, bottom = square
                scale = np.array([(right - left) / width, (bottom - top) / height, (right - left) / width], np.float32)
                offset = np.array([left / width, top / height, 0.0], np.float32)
                return found[0] * scale + offset, found[1]
        if self._face_known is None and self._looked_s is not None and t_s - self._looked_s < LOOK_ROUND_S:
            return None
        self._looked_s = t_s
        return self._face.find(small)

    def _detector_confirms(self, t_s: float, small: ByteArray, pose: FloatArray | None) -> bool:
        if pose is None:
            return False
        wait_s = DETECT_EVERY_S * (5 if self._gate.present else 1)
        if self._detected_s is not None and t_s - self._detected_s < wait_s:
            return False
        self._detected_s = t_s
        agreed = agreement(pose, self._person.find(small))
        if agreed > 0:
            self._agreed = agreed
        return agreed > 0

    def _person_of(self, pose: FloatArray | None, world: FloatArray | None, face: _Face | None) -> Person | None:
        points = seen_points(pose) if pose is not None else np.empty((0, 2), np.float32)
        face_box = bounds(face.landmarks[:, :2]) if face is not None else None
        box: Box | None = bounds(points) if len(points) >= 2 else face_box
        if box is None:
            return None
        arrays = (pose, world) if face is None else (pose, world, face.landmarks, face.blendshapes, face.expression)
        for array in arrays:
            if array is not None:
                read_only(array)
        return Person(
            id=self._gate.visitor,
            box=box,
            confidence=1.0 if face is not None else self._agreed,
            pose=pose,
            pose_world=world,
            face=face.landmarks if face is not None else None,
            face_box=face_box,
            blendshapes=face.blendshapes if face is not None else None,
            expression=face.expression if face is not None else None,
        )
