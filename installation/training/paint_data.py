"""Views of pictures: squares of one size, those to train on and those held out, and what their colours and strokes say.

From a folder of pictures (``run.py ingest`` makes one), or from a views.npz: their JPEG or WebP bytes one after another
(``bytes``), where each ends (``ends``) and whether it is held out (``held``).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor

from installation.training.running import DataError
from installation.training.texture_data import AffectScale, features, load_pictures
from installation.types import ByteArray

VIEW_PX, QUALITY = 288, 90
"""Side and JPEG quality of the views that ``store_views`` writes."""
LEAST_PX, SQUEEZED, STEP = 128, 1.5, 0.5
"""A picture at most so much wider than high is also taken whole, squeezed into a square; windows along the longer side stand
STEP of the shorter one apart."""
HELD_OUT_EVERY, FEW = 12, 24
MEASURED = 128


class Views:
    """``real`` and ``held`` (N, S, S, 3) uint8 on the device; ``labels`` (N, 4) are the affects of ``real``."""

    def __init__(self, real: Tensor, held: Tensor, scale: AffectScale | None = None) -> None:
        self.real, self.held = real, held
        measured = torch.cat([features(self.rgb(real[i : i + MEASURED])) for i in range(0, len(real), MEASURED)])
        self.scale = scale if scale is not None else AffectScale(measured.mean(0), measured.std(0))
        self.labels = (measured - self.scale.mean) / (2 * self.scale.deviation)

    @staticmethod
    def rgb(stored: Tensor) -> Tensor:
        """(N, S, S, 3) uint8 -> (N, 3, S, S) in [0, 1]."""
        return stored.permute(0, 3, 1, 2).float() / 255

    def some(self, count: int) -> Tensor:
        """``count`` views to train on, evenly taken, (N, 3, S, S) in [0, 1]."""
        return self.rgb(self.real[torch.linspace(0, len(self.real) - 1, count, device=self.real.device).long()])


def load_views(source: Path, size: int, device: str, most: int = 0) -> Views:
    """Of a folder or an .npz; ``most``: about so many only. Raises DataError where there are none or one is broken."""
    pictures, held = _from_file(source, size) if source.suffix == ".npz" else _from_folder(source, size)
    if most:
        step = max(1, len(pictures) // most)
        pictures, held = pictures[::step], held[::step]
    if held.all():
        raise DataError(f"{source} holds no views to train on")
    stored = torch.from_numpy(pictures)
    kept = stored[torch.from_numpy(held)] if held.any() else stored
    return Views(stored[torch.from_numpy(~held)].to(device), kept.to(device))


def store_views(source: Path, target: Path) -> int:
    """Write the views of a folder as an .npz; gives how many. Raises DataError as ``load_views``."""
    pictures, held = _from_folder(source, VIEW_PX)
    quality = [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
    encoded = [cv2.imencode(".jpg", np.ascontiguousarray(one[:, :, ::-1]), quality)[1].ravel() for one in pictures]
    np.savez(target, bytes=np.concatenate(encoded), ends=np.cumsum([len(one) for one in encoded]), held=held)
    return len(pictures)


def squares(rgb: ByteArray) -> Iterator[ByteArray]:
    """A picture's views, uncut first: (H, W, 3) each, square but for the first."""
    height, width = rgb.shape[:2]
    side = min(height, width)
    if max(height, width) <= SQUEEZED * side:
        yield rgb
    extra = max(height, width) - side
    count = max(1, round(extra / (STEP * side)) + 1) if extra > 0.1 * side else 0
    for k in range(count):
        first = round(extra * (k + 0.5) / count) if count == 1 else round(extra * k / (count - 1))
        yield rgb[:, first : first + side] if width > height else rgb[first : first + side]


def _sized(rgb: ByteArray, size: int) -> ByteArray:
    if rgb.shape[:2] == (size, size):
        return rgb
    how = cv2.INTER_AREA if min(rgb.shape[:2]) > size else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(rgb, (size, size), interpolation=how), np.uint8)


def _from_folder(folder: Path, size: int) -> tuple[ByteArray, np.ndarray]:
    pictures = load_pictures(folder, size, LEAST_PX)
    views, held = [], []
    for number, picture in enumerate(pictures):
        for view in squares(picture):
            views.append(_sized(view, size))
            held.append(len(pictures) >= FEW and number % HELD_OUT_EVERY == HELD_OUT_EVERY // 2)
    return np.stack(views), np.array(held)


def _from_file(path: Path, size: int) -> tuple[ByteArray, np.ndarray]:
    with np.load(path) as stored:
        if not {"bytes", "ends", "held"} <= set(stored.files):
            raise DataError(f"{path} holds no views: bytes, ends and held are asked for")
        data, ends, held = stored["bytes"], stored["ends"], stored["held"].astype(bool)
    starts = np.concatenate([[0], ends[:-1]])
    with ThreadPoolExecutor(max(2, min(16, os.cpu_count() or 2))) as pool:
        decode: Callable[[tuple[int, int]], ByteArray] = lambda span: _decoded(data[span[0] : span[1]], size, path)  # noqa: E731
        return np.stack(list(pool.map(decode, zip(starts.tolist(), ends.tolist(), strict=True)))), held


def _decoded(data: ByteArray, size: int, path: Path) -> ByteArray:
    bgr = cv2.imdecode(data, cv2.IMREAD_COLOR)
    if bgr is None:
        raise DataError(f"{path}: a view cannot be decoded; this OpenCV may lack its format (WebP)")
    return _sized(np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8), size)
