"""The parts of a picture that a network is shown: heads, hands, one person among several."""

from __future__ import annotations

import cv2
import numpy as np

from installation.base.landmarks import LEFT_HIP, LEFT_SHOULDER, RIGHT_HIP, RIGHT_SHOULDER
from installation.base.sizes import fit_within
from installation.types import Box, ByteArray, FloatArray

CROP_PX = 256
WINDOW_PX = 384
WHOLE = 0.8
Square = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; it may pass the picture's border."""

_HANDS = ((13, 15, 17, 19, 21), (14, 16, 18, 20, 22))
"""Elbow, wrist, little finger, index finger and thumb of the left and of the right arm."""


def square(centre: FloatArray, half: float) -> Square:
    """The square of half-size ``half`` round ``centre`` (2,), in pixels."""
    (left, top), (right, bottom) = centre - half, centre + half
    return round(float(left)), round(float(top)), round(float(right)), round(float(bottom))


def head_square(pose: FloatArray, width: int, height: int, wider: float = 1.0) -> Square:
    """A square round the head of ``pose`` (33, 4) in a picture of ``width`` x ``height`` pixels.

    Half its size is the largest of 1.5 x the extent of points 0-10, 0.55 x the shoulder width, 0.45 x the torso's length
    (a far or turned figure's head points lie too close together) and 12 pixels, times ``wider``. Measured on a far
    performer: with such a crop the face is found in every frame it shows, in the whole picture in none.
    """
    pixels = pose[:, :2] * np.array([width, height], np.float32)
    head = pixels[:11]
    centre = (head.min(axis=0) + head.max(axis=0)) / 2
    shoulders = float(np.hypot(*(pixels[LEFT_SHOULDER] - pixels[RIGHT_SHOULDER])))
    middle = (pixels[LEFT_SHOULDER] + pixels[RIGHT_SHOULDER] - pixels[LEFT_HIP] - pixels[RIGHT_HIP]) / 2
    half = max(1.5 * float(np.ptp(head, axis=0).max()), 0.55 * shoulders, 0.45 * float(np.hypot(*middle)), 12.0)
    return square(centre, wider * half)


def face_square_round(box: Box, width: int, height: int) -> Square:
    """A square of twice the size of a known face's ``box``."""
    centre = np.array(box.centre, np.float32) * np.array([width, height], np.float32)
    return square(centre, max(box.width * width, box.height * height))


def hand_square(pose: FloatArray, side: int, width: int, height: int) -> Square | None:
    """A square round the left (``side`` 0) or right (1) hand of ``pose`` (33, 4); None where it is not in sight
    or the wrist is out of the picture.

    Centred on the fingers' side of the wrist, half as large as 0.9 of the forearm.
    """
    elbow, wrist, little, index, thumb = _HANDS[side]
    if pose[wrist, 3] < 0.5 or np.abs(pose[wrist, :2] - 0.5).max() > 0.52:
        return None
    pixels = pose[:, :2] * np.array([width, height], np.float32)
    centre = (pixels[wrist] + pixels[[little, index, thumb]].sum(axis=0)) / 4
    forearm = float(np.hypot(*(pixels[wrist] - pixels[elbow])))
    fingers = float(np.hypot(*(pixels[index] - pixels[wrist])))
    return square(centre, max(0.9 * forearm, 2.2 * fingers, 16.0))


def cut_square(rgb: ByteArray, cut: Square) -> ByteArray | None:
    """The square of the picture at CROP_PX, black beyond the border; None where it misses the picture."""
    height, width = rgb.shape[:2]
    left, top, right, bottom = cut
    inner = rgb[max(top, 0) : min(bottom, height), max(left, 0) : min(right, width)]
    if min(inner.shape[:2]) < 8:
        return None
    over = (max(-top, 0), max(bottom - height, 0), max(-left, 0), max(right - width, 0))
    if any(over):
        inner = cv2.copyMakeBorder(inner, *over, cv2.BORDER_CONSTANT)
    shrinks = right - left > CROP_PX
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(inner, (CROP_PX, CROP_PX), interpolation=how), np.uint8)


def from_crop(landmarks: FloatArray, cut: Square, width: int, height: int) -> FloatArray:
    """(N, 3) in a cut square's [0, 1] -> in the whole picture's."""
    left, top, right, bottom = cut
    scale = np.array([(right - left) / width, (bottom - top) / height, (right - left) / width], np.float32)
    return landmarks * scale + np.array([left / width, top / height, 0.0], np.float32)


def grown(box: Box, share: float) -> Box:
    """``box`` with ``share`` of its size added on every side, cut at the picture's border."""
    across, down = share * box.width, share * box.height
    return Box(
        max(0.0, box.left - across), max(0.0, box.top - down), min(1.0, box.right + across), min(1.0, box.bottom + down)
    )


def window_round(box: Box, width: int, height: int) -> FloatArray:
    """(4,) left, top, right, bottom in pixels of a square of 1.7 times the larger side of ``box``, within the picture.

    Larger than WHOLE of the picture it is the whole picture. A pose network finds a far body in such a window, and not in
    the whole picture.
    """
    half = max(0.85 * max(box.width * width, box.height * height), 48.0)
    if 2 * half > WHOLE * max(width, height):
        return np.array([0, 0, width, height], np.float32)
    # A person who walks out of the picture is looked for at its border.
    x, y = (min(max(centre, 0.0), 1.0) * size for centre, size in zip(box.centre, (width, height)))
    return np.array([max(x - half, 0), max(y - half, 0), min(x + half, width), min(y + half, height)], np.float32)


def follow(window: FloatArray | None, target: FloatArray) -> FloatArray:
    """``window`` moved half of the way to ``target``; ``target`` where they have little in common.

    A network that tracks from picture to picture copes with a window that glides, not with one that jumps.
    """
    if window is None:
        return target
    common = np.minimum(window[2:], target[2:]) - np.maximum(window[:2], target[:2])
    larger = max(float((window[2:] - window[:2]).prod()), float((target[2:] - target[:2]).prod()))
    if (common <= 0).any() or float(common.prod()) < 0.5 * larger:
        return target
    return np.asarray((window + target) / 2, np.float32)


def cut_window(rgb: ByteArray, window: FloatArray, max_px: int) -> tuple[ByteArray, Square]:
    """The window of the picture, no larger than ``max_px``, and its edges as they were cut (whole pixels)."""
    left, top = (int(value) for value in window[:2])
    right, bottom = (max(int(np.ceil(value)), low + 8) for value, low in zip(window[2:], (left, top)))
    inner = rgb[top:bottom, left:right]
    bottom, right = top + inner.shape[0], left + inner.shape[1]
    size = fit_within(inner.shape[1], inner.shape[0], max_px)
    if size != (inner.shape[1], inner.shape[0]):
        inner = np.asarray(cv2.resize(inner, size, interpolation=cv2.INTER_AREA), np.uint8)
    return inner, (left, top, right, bottom)


def within(box: Box, cut: Square, width: int, height: int) -> Box:
    """A box of the whole picture in a cut window's [0, 1], cut at its edges."""
    left, top, right, bottom = cut
    across, down = right - left, bottom - top
    return Box(
        *(
            min(max(value, 0.0), 1.0)
            for value in (
                (box.left * width - left) / across,
                (box.top * height - top) / down,
                (box.right * width - left) / across,
                (box.bottom * height - top) / down,
            )
        )
    )


def end_squares(width: int, height: int) -> list[Square]:
    """The squares at both ends of a picture that is not nearly square itself; between them they cover 4:3 to 2:1."""
    side = min(width, height)
    if max(width, height) < 1.2 * side:
        return []
    return [(0, 0, side, side), (width - side, height - side, width, height)]


def out_of(box: Box, cut: Square, width: int, height: int) -> Box | None:
    """A box of a cut square in the whole picture's [0, 1]; None where the square's inner edge cuts it in two."""
    left, top, right, bottom = cut
    edges = (
        (box.left, left > 0),
        (box.top, top > 0),
        (1 - box.right, right < width),
        (1 - box.bottom, bottom < height),
    )
    if any(inner and to_edge < 0.02 for to_edge, inner in edges):
        return None
    across, down = right - left, bottom - top
    return Box(
        (left + box.left * across) / width,
        (top + box.top * down) / height,
        (left + box.right * across) / width,
        (top + box.bottom * down) / height,
    )


def only(rgb: ByteArray, box: Box) -> ByteArray:
    """The picture with everything outside ``box`` black: a network that follows one body then follows this one."""
    height, width = rgb.shape[:2]
    rows = slice(int(box.top * height), max(int(np.ceil(box.bottom * height)), 1))
    columns = slice(int(box.left * width), max(int(np.ceil(box.right * width)), 1))
    out = np.zeros_like(rgb)
    out[rows, columns] = rgb[rows, columns]
    return out
