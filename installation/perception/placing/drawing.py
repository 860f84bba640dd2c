"""A camera's picture with what is seen in it: boxes, joints, face frames, moods, and warnings in words below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from installation.base.sizes import fit_within
from installation.perception.expression import face_square
from installation.types import ByteArray, FloatArray, Observation, Person

SIZE_PX = (1280, 800)
"""The picture is drawn no larger than this."""
LEAST_WIDTH_PX = 640
"""A smaller one is enlarged, so that the words can be read."""
BONES = (
    *((11, 12), (11, 13), (13, 15), (12, 14), (14, 16), (11, 23), (12, 24), (23, 24)),
    *((23, 25), (25, 27), (27, 31), (24, 26), (26, 28), (28, 32), (0, 7), (0, 8)),
)
"""Joints of MediaPipe's BlazePose that belong together."""
SEEN = 0.5
_COLOURS = ((255, 196, 60), (90, 210, 255), (190, 240, 120), (255, 140, 190), (200, 170, 255), (255, 255, 255))
_PAPER, _INK, _WARNING = (18, 20, 24), (226, 224, 218), (255, 176, 64)
_FONT, _LINE_PX, _EDGE_PX = cv2.FONT_HERSHEY_SIMPLEX, 24, 12
_LEAST_ROWS = 7
"""There is room for so many lines of words, so that a window need not grow with every warning."""


def draw_view(rgb: ByteArray, seen: Observation | None, moods: Mapping[int, str], lines: Sequence[str],
              warnings: Sequence[str]) -> ByteArray:  # fmt: skip
    """(H, W, 3) uint8 RGB: ``rgb`` with the people of ``seen``, each with ``moods[id]`` in words; below it ``lines`` and
    ``warnings``. ``rgb`` stays as it is."""
    height, width = rgb.shape[:2]
    size = fit_within(width, height, *SIZE_PX)
    if max(size) < LEAST_WIDTH_PX:
        grow = LEAST_WIDTH_PX / max(size)
        size = round(size[0] * grow), round(size[1] * grow)
    picture = np.array(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if size[0] < width else cv2.INTER_LINEAR))
    for person in seen.people if seen is not None else ():
        _draw_person(picture, person, moods.get(person.id, ""))
    return np.asarray(np.concatenate([picture, _words_below(picture.shape[1], lines, warnings)]), np.uint8)


def _draw_person(picture: npt.NDArray[np.uint8], person: Person, mood: str) -> None:
    height, width = picture.shape[:2]
    colour, size = _COLOURS[(person.id - 1) % len(_COLOURS)], np.array([width, height], np.float64)
    box = person.box
    corners = (np.array([box.left, box.top, box.right, box.bottom]) * [width, height, width, height]).astype(int)
    cv2.rectangle(picture, corners[:2].tolist(), corners[2:].tolist(), colour, 1, cv2.LINE_AA)
    if person.pose is not None:
        _draw_body(picture, person.pose, size, colour)
    top = corners[:2]
    if person.face is not None:
        points = person.face * np.array([width, height, width], np.float32)
        try:
            frame = face_square(points)
        except ValueError:
            frame = None
        if frame is not None:
            cv2.polylines(picture, [np.round(frame).astype(np.int32)], True, colour, 2, cv2.LINE_AA)
            top = frame.min(axis=0).astype(int)
    _label(picture, f"{person.id} {mood}".strip(), int(top[0]), int(top[1]) - 8, colour)


def _draw_body(
    picture: npt.NDArray[np.uint8], pose: FloatArray, size: npt.NDArray[np.float64], colour: tuple[int, int, int]
) -> None:
    points = np.round(pose[:, :2] * size).astype(int)
    seen = pose[:, 3] > SEEN
    for one, other in BONES:
        if seen[one] and seen[other]:
            cv2.line(picture, points[one].tolist(), points[other].tolist(), colour, 2, cv2.LINE_AA)
    for point in points[seen]:
        cv2.circle(picture, point.tolist(), 3, colour, -1, cv2.LINE_AA)


def _label(picture: npt.NDArray[np.uint8], text: str, left: int, bottom: int, colour: tuple[int, int, int]) -> None:
    (across, up), _ = cv2.getTextSize(text, _FONT, 0.55, 1)
    left = min(max(left, 2), max(picture.shape[1] - across - 4, 2))
    bottom = min(max(bottom, up + 6), picture.shape[0] - 4)
    cv2.rectangle(picture, (left - 2, bottom - up - 4), (left + across + 2, bottom + 4), _PAPER, -1)
    cv2.putText(picture, text, (left, bottom), _FONT, 0.55, colour, 1, cv2.LINE_AA)


def _words_below(width: int, lines: Sequence[str], warnings: Sequence[str]) -> npt.NDArray[np.uint8]:
    """A strip with the words, wrapped to the picture's width."""
    rows = [(row, _INK) for line in lines for row in _wrapped(line, width)]
    rows += [(row, _WARNING) for line in warnings for row in _wrapped(line, width)]
    strip = np.full((2 * _EDGE_PX + _LINE_PX * max(len(rows), _LEAST_ROWS), width, 3), _PAPER, np.uint8)
    for number, (row, colour) in enumerate(rows):
        place = _EDGE_PX, _EDGE_PX + _LINE_PX * (number + 1) - 7
        cv2.putText(strip, row, place, _FONT, 0.55, colour, 1, cv2.LINE_AA)
    return strip


def _wrapped(line: str, width: int) -> list[str]:
    rows = [""]
    # The font draws ASCII only.
    for word in line.encode("ascii", "replace").decode().split():
        longer = f"{rows[-1]} {word}".strip()
        if rows[-1] and cv2.getTextSize(longer, _FONT, 0.55, 1)[0][0] > width - 2 * _EDGE_PX:
            rows.append(f"   {word}")
        else:
            rows[-1] = longer
    return rows
