"""Many pictures on one sheet."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from installation.types import ByteArray

GROUND, TEXT = 18, (168, 168, 168)
GAP_PX, LABEL_PX = 4, 84


def sheet_of(pictures: ByteArray, names: Sequence[str] = ()) -> ByteArray:
    """(rows, columns, S, S, 3) -> one picture, unscaled, on a dark ground; ``names`` stand before the rows."""
    rows, columns, side = pictures.shape[:3]
    left = LABEL_PX if names else GAP_PX
    step = side + GAP_PX
    sheet = np.full((GAP_PX + rows * step, left + columns * step, 3), GROUND, np.uint8)
    for row in range(rows):
        top = GAP_PX + row * step
        if names:
            place = (8, top + side // 2 + 5)
            cv2.putText(sheet, names[row], place, cv2.FONT_HERSHEY_SIMPLEX, 0.45, TEXT, 1, cv2.LINE_AA)
        for column in range(columns):
            start = left + column * step
            sheet[top : top + side, start : start + side] = pictures[row, column]
    return sheet
