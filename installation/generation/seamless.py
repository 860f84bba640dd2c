"""Seamless pictures, as tori: beyond a border lies the opposite one, so they stay seamless when they are resized."""

from __future__ import annotations

import cv2
import numpy as np

from installation.types import ByteArray


def wrapped(picture: ByteArray, margin: int) -> ByteArray:
    """(H, W, C) with ``margin`` pixels of the opposite border added on every side; any margin."""
    rows, columns = (np.arange(-margin, size + margin) % size for size in picture.shape[:2])
    return np.ascontiguousarray(picture[rows][:, columns])


def resized(picture: ByteArray, size_px: int) -> ByteArray:
    """(S, S, C) uint8 at ``size_px``: bicubic when it grows, averaged when it shrinks; the very array when it is that size."""
    size = picture.shape[0]
    if size == size_px:
        return picture
    if size_px < size:
        return np.asarray(cv2.resize(picture, (size_px, size_px), interpolation=cv2.INTER_AREA), np.uint8)
    margin = 4
    # Whole pixels of margin at both sizes, or the picture would be shifted by a part of one.
    scale = size_px / size
    while (margin * scale) % 1:
        margin += 1
    side = round((size + 2 * margin) * scale)
    large = cv2.resize(wrapped(picture, margin), (side, side), interpolation=cv2.INTER_CUBIC)
    cut = round(margin * scale)
    return np.ascontiguousarray(large[cut : cut + size_px, cut : cut + size_px], np.uint8)
