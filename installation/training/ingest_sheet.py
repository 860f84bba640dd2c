"""The contact sheet of a folder: every picture, and what each emotion would be painted from."""

from __future__ import annotations

import cv2
import numpy as np

from installation.training.ingest_affect import NEAR, Measured, distances
from installation.types import EMOTIONS, ByteArray

WIDTH_PX, GAP_PX, GROUND = 1440, 8, 18
LINE_PX = 30
MOST = 240
"""Pictures on a sheet; of more, an even choice is shown."""
TEXT = (168, 168, 168)
CROP_SHOWN_PX, LABEL_PX = 128, 120
COLUMNS = (WIDTH_PX - LABEL_PX) // (CROP_SHOWN_PX + GAP_PX)
Near = tuple[float, ByteArray]
"""Distance of a crop to the place of an emotion, and the crop (S, S, 3)."""


def keep_nearest(nearest: list[list[Near]], picture: Measured) -> None:
    """Let a picture's best crop for each emotion into that emotion's row of ``nearest``, if it is among the best so far."""
    apart = distances(picture.affect)
    for k, row in enumerate(nearest):
        best = int(apart[:, k].argmin())
        row.append((float(apart[best, k]), picture.rgb[best].copy()))
        row.sort(key=lambda near: near[0])
        del row[COLUMNS:]


def contact_sheet(title: str, pictures: list[ByteArray], nearest: list[list[Near]]) -> ByteArray:
    """(H, 1440, 3) uint8 sRGB: ``pictures`` in rows of one height, then for each emotion the crops ``nearest`` to it; one
    that is too far to teach it is dimmed."""
    rows = [_line(title), *_rows_of(pictures), _line("what each emotion is painted from; dim: too far to teach it")]
    rows += [_emotion_row(name, near) for name, near in zip(EMOTIONS, nearest, strict=True)]
    foot = np.full((GAP_PX, WIDTH_PX, 3), GROUND, np.uint8)
    return np.concatenate([*rows, foot])


def _line(text: str) -> ByteArray:
    line = np.full((LINE_PX, WIDTH_PX, 3), GROUND, np.uint8)
    # OpenCV's own letters are ASCII only.
    plain = text.encode("ascii", "replace").decode()
    cv2.putText(line, plain, (GAP_PX, LINE_PX - 10), cv2.FONT_HERSHEY_SIMPLEX, 0.5, TEXT, 1, cv2.LINE_AA)
    return line


def _rows_of(pictures: list[ByteArray]) -> list[ByteArray]:
    """Pictures side by side in rows as wide as the sheet."""
    if len(pictures) > MOST:
        pictures = [pictures[i] for i in np.linspace(0, len(pictures) - 1, MOST).astype(int)]
    height = int(np.clip(WIDTH_PX * 0.55 / len(pictures) ** 0.5, 72, 200))
    rows, row, left = [], np.full((height + GAP_PX, WIDTH_PX, 3), GROUND, np.uint8), GAP_PX
    for rgb in pictures:
        width = min(WIDTH_PX - 2 * GAP_PX, max(1, round(rgb.shape[1] * height / rgb.shape[0])))
        if left > GAP_PX and left + width > WIDTH_PX - GAP_PX:
            rows.append(row)
            row, left = np.full_like(row, GROUND), GAP_PX
        row[:height, left : left + width] = cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA)
        left += width + GAP_PX
    return [*rows, row]


def _emotion_row(name: str, nearest: list[Near]) -> ByteArray:
    row = np.full((CROP_SHOWN_PX + GAP_PX, WIDTH_PX, 3), GROUND, np.uint8)
    place = (GAP_PX, CROP_SHOWN_PX // 2 + 5)
    cv2.putText(row, name, place, cv2.FONT_HERSHEY_SIMPLEX, 0.6, TEXT, 1, cv2.LINE_AA)
    for column, (apart, rgb) in enumerate(nearest):
        left = LABEL_PX + column * (CROP_SHOWN_PX + GAP_PX)
        crop = cv2.resize(rgb, (CROP_SHOWN_PX, CROP_SHOWN_PX), interpolation=cv2.INTER_AREA)
        row[:CROP_SHOWN_PX, left : left + CROP_SHOWN_PX] = crop if apart < NEAR else crop // 4 + 3 * GROUND // 4
    return row
