"""The MediaPipe networks, guarded against what breaks them.

Known traps of mediapipe 0.10.33: an empty picture poisons a graph, after which every call fails and close() raises; a
picture that is not contiguous is silently misread; a time stamp that does not rise raises; reading the mask of a picture whose
width is no multiple of 4 ends the process. Here pictures are checked first and widened where need be, time stamps come from a
counter of our own, and a poisoned graph is replaced by a new one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

import cv2
import numpy as np

from installation.base.model_files import model_path
from installation.base.names import is_text
from installation.perception.mediapipe_import import BaseOptions, mediapipe, vision
from installation.types import Box, ByteArray, FloatArray

log = logging.getLogger(__name__)
T = TypeVar("T")

TIMESTAMP_STEP_MS = 33
"""Between two pictures; VIDEO mode only wants it to rise."""
MASK_WIDTH_STEP = 4
"""Rows of a mask are padded to 16 bytes, and MediaPipe cannot give back one with padding."""


def check_picture(rgb: ByteArray) -> None:
    """Raise ValueError for what is not (H, W, 3) uint8, or empty."""
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or 0 in rgb.shape:
        raise ValueError(f"a picture must be (H, W, 3) uint8 and not empty, not {rgb.shape} {rgb.dtype}")


def picture(rgb: ByteArray) -> Any:
    """A MediaPipe image of (H, W, 3) uint8 RGB. Raises ValueError as ``check_picture`` does."""
    check_picture(rgb)
    return mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(rgb))


class _Task(Generic[T]):
    """One network; made again when its graph is poisoned."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self.task = make()

    def call(self, run: Callable[[T], Any]) -> Any:
        """``run`` the network. A failure inside the graph remakes it and is raised as RuntimeError."""
        try:
            return run(self.task)
        except (RuntimeError, ValueError) as error:
            self._discard()
            self.task = self._make()
            raise RuntimeError(f"mediapipe failed and was restarted: {error}") from error

    def close(self) -> None:
        """Free the graph."""
        self._discard()

    def _discard(self) -> None:
        task: Any = self.task
        try:
            task.close()
        except (RuntimeError, ValueError):
            # A poisoned graph raises on close, and its finaliser would then wait for ever: cut it loose.
            task._handle = None
            task._dispatcher.close()


def _model(name: str) -> Any:
    """A model of the manifest for MediaPipe: by its name, or its bytes where the name is no text."""
    path = model_path(name)
    if is_text(str(path)):
        return BaseOptions(model_asset_path=str(path))
    return BaseOptions(model_asset_buffer=path.read_bytes())


def _points(landmarks: Any, last: str | None) -> FloatArray:
    if last is None:
        return np.array([(p.x, p.y, p.z) for p in landmarks], np.float32)
    return np.array([(p.x, p.y, p.z, getattr(p, last)) for p in landmarks], np.float32)


class Body(NamedTuple):
    """What the pose network sees: ``pose`` and ``world`` (33, 4) as ``Person`` has them; ``mask`` (H, W) in [0, 1] says how
    surely each point of the picture is this body, None where it was not asked for."""

    pose: FloatArray
    world: FloatArray
    mask: FloatArray | None


class PoseFinder:
    """33 landmarks of one body, in the picture and in metres, and with ``masks`` its outline (1.3 ms more)."""

    def __init__(self, confidence: float, masks: bool = False) -> None:
        def make() -> Any:
            return vision.PoseLandmarker.create_from_options(
                vision.PoseLandmarkerOptions(
                    base_options=_model("pose_landmarker"),
                    running_mode=vision.RunningMode.VIDEO,
                    min_pose_detection_confidence=confidence,
                    min_pose_presence_confidence=confidence,
                    min_tracking_confidence=confidence,
                    output_segmentation_masks=masks,
                )
            )

        self.masks = masks
        self._task = _Task(make)
        self._timestamp_ms = 0

    def find(self, rgb: ByteArray) -> Body | None:
        """The body in a picture (H, W, 3), or None."""
        width = rgb.shape[1]
        if self.masks and width % MASK_WIDTH_STEP:
            more = -width % MASK_WIDTH_STEP
            rgb = np.asarray(cv2.copyMakeBorder(rgb, 0, 0, 0, more, cv2.BORDER_REPLICATE), np.uint8)
        image = picture(rgb)
        self._timestamp_ms += TIMESTAMP_STEP_MS
        stamp = self._timestamp_ms
        found = self._task.call(lambda task: task.detect_for_video(image, stamp))
        if not found.pose_landmarks:
            return None
        mask = None
        if found.segmentation_masks:
            # A copy: the view's memory is MediaPipe's.
            mask = np.array(found.segmentation_masks[0].numpy_view(), np.float32).reshape(rgb.shape[:2])[:, :width]
        pose = _points(found.pose_landmarks[0], "visibility")
        pose[:, [0, 2]] *= rgb.shape[1] / width
        return Body(pose, _points(found.pose_world_landmarks[0], "visibility"), mask)

    def close(self) -> None:
        """Free the network."""
        self._task.close()


class FaceFinder:
    """478 landmarks, and with ``blendshapes`` 52 of these, of up to ``faces`` faces in a picture, each picture for itself."""

    def __init__(self, confidence: float, faces: int = 1, blendshapes: bool = True) -> None:
        def make() -> Any:
            return vision.FaceLandmarker.create_from_options(
                vision.FaceLandmarkerOptions(
                    base_options=_model("face_landmarker"),
                    running_mode=vision.RunningMode.IMAGE,
                    num_faces=faces,
                    min_face_detection_confidence=confidence,
                    min_face_presence_confidence=confidence,
                    output_face_blendshapes=blendshapes,
                )
            )

        self._blendshapes = blendshapes
        self._task = _Task(make)

    def find(self, rgb: ByteArray) -> list[tuple[FloatArray, FloatArray | None]]:
        """(H, W, 3) -> for each face landmarks (478, 3) in this picture's [0, 1] and blendshapes (52,), None without these."""
        image = picture(rgb)
        found = self._task.call(lambda task: task.detect(image))
        places = [_points(landmarks, None) for landmarks in found.face_landmarks]
        if not self._blendshapes:
            return [(place, None) for place in places]
        shapes = [np.array([shape.score for shape in shapes], np.float32) for shapes in found.face_blendshapes]
        return list(zip(places, shapes, strict=True))

    def close(self) -> None:
        """Free the network."""
        self._task.close()


class GestureFinder:
    """The gesture of one hand, by MediaPipe's names: Closed_Fist, Open_Palm, Pointing_Up, Thumb_Down, Thumb_Up, Victory,
    ILoveYou."""

    def __init__(self, confidence: float) -> None:
        def make() -> Any:
            return vision.GestureRecognizer.create_from_options(
                vision.GestureRecognizerOptions(
                    base_options=_model("gesture_recognizer"),
                    running_mode=vision.RunningMode.IMAGE,
                    num_hands=1,
                )
            )

        self._confidence = confidence
        self._task = _Task(make)

    def find(self, rgb: ByteArray) -> str | None:
        """(H, W, 3) round one hand -> the gesture's name; None without a hand or a clear gesture."""
        image = picture(rgb)
        found = self._task.call(lambda task: task.recognize(image))
        if not found.gestures:
            return None
        best = found.gestures[0][0]
        name = str(best.category_name)
        return name if name not in ("", "None") and best.score >= self._confidence else None

    def close(self) -> None:
        """Free the network."""
        self._task.close()


class PersonDetector:
    """Boxes of up to ``people`` people, with scores."""

    def __init__(self, confidence: float, people: int) -> None:
        def make() -> Any:
            return vision.ObjectDetector.create_from_options(
                vision.ObjectDetectorOptions(
                    base_options=_model("person_detector"),
                    running_mode=vision.RunningMode.IMAGE,
                    category_allowlist=["person"],
                    score_threshold=confidence,
                    max_results=people,
                )
            )

        self._task = _Task(make)

    def find(self, rgb: ByteArray) -> list[tuple[float, Box]]:
        """(H, W, 3) -> (score [0, 1], box in [0, 1]) of each person, best first."""
        image = picture(rgb)
        height, width = rgb.shape[:2]
        found = self._task.call(lambda task: task.detect(image))
        people = []
        for detection in found.detections:
            box = detection.bounding_box
            left, top = box.origin_x / width, box.origin_y / height
            people.append(
                (
                    float(detection.categories[0].score),
                    Box(left, top, left + box.width / width, top + box.height / height),
                )
            )
        return sorted(people, reverse=True)

    def close(self) -> None:
        """Free the network."""
        self._task.close()
