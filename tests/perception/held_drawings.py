"""Films in which somebody holds a sheet with a drawn face into the camera: drawn over real footage, frame by frame."""

import math
from collections.abc import Iterator

import cv2
import numpy as np

from installation.types import ByteArray

MARGIN = 0.12
"""White round the drawing, in sides of it."""


def on_paper(drawing: ByteArray, side_px: int = 256) -> ByteArray:
    """(side, side, 3): the drawing on a white sheet."""
    sheet = np.full((side_px, side_px, 3), 246, np.uint8)
    edge = round(MARGIN * side_px)
    inner = side_px - 2 * edge
    sheet[edge : edge + inner, edge : edge + inner] = cv2.resize(drawing, (inner, inner), interpolation=cv2.INTER_CUBIC)
    return sheet


RAISED_S = 0.8
"""It is lifted from below in this time."""


def corners_at(t_s: float, centre: tuple[float, float], side: float, height: int) -> np.ndarray:
    """(4, 2) pixels: a sheet that is lifted in a hand that is never quite still: it drifts, turns and leans."""
    turn = 0.09 * math.sin(1.7 * t_s + 0.4)
    lean = 1 - 0.12 * (0.5 + 0.5 * math.sin(1.1 * t_s))
    half = side * height / 2
    square = np.array([(-lean, -1), (lean, -0.97), (lean, 0.97), (-lean, 1)]) * half
    rotation = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    drift = np.array([0.03 * math.sin(0.9 * t_s), 0.02 * math.cos(1.3 * t_s)]) * height
    below = np.array([0.0, max(0.0, 1 - t_s / RAISED_S) ** 2 * (1.2 - centre[1] + side)]) * height
    return (square @ rotation.T + np.array(centre) * height + drift + below).astype(np.float32)


def hold(
    frame: ByteArray, drawing: ByteArray, t_s: float, centre: tuple[float, float], side: float, fingers: bool = True
) -> ByteArray:
    """``frame`` (H, W, 3) with the drawing held up: ``centre`` and ``side`` in heights of the picture, two fingers over its
    lower border."""
    height, width = frame.shape[:2]
    sheet = on_paper(drawing)
    size = len(sheet)
    corners = corners_at(t_s, centre, side, height)
    square = np.array([(0, 0), (size, 0), (size, size), (0, size)], np.float32)
    there = cv2.getPerspectiveTransform(square, corners)
    placed = cv2.warpPerspective(sheet, there, (width, height), flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full((size, size), 255, np.uint8), there, (width, height))
    soft = cv2.GaussianBlur(mask, (3, 3), 0)[:, :, None].astype(np.float32) / 255
    out = (frame * (1 - soft) + placed * (0.93 * soft)).astype(np.uint8)
    if fingers:
        for along in (0.42, 0.55):
            x, y = corners[3] + (corners[2] - corners[3]) * along
            radii = round(0.025 * height), round(0.06 * height)
            cv2.ellipse(out, (round(float(x)), round(float(y))), radii, 0, 0, 360, (196, 148, 122), -1)
    return out


def frames_of(path: str, count: int) -> Iterator[ByteArray]:
    """The first ``count`` pictures of a film, forwards and backwards where it is too short, RGB."""
    capture = cv2.VideoCapture(path)
    kept: list[ByteArray] = []
    while len(kept) < count:
        ok, bgr = capture.read()
        if not ok:
            break
        kept.append(np.ascontiguousarray(bgr[:, :, ::-1]))
    capture.release()
    if not kept:
        raise OSError(f"{path} has no pictures")
    there_and_back = kept + kept[-2:0:-1]
    for n in range(count):
        yield there_and_back[n % len(there_and_back)]
