"""What repainted pictures look like beside their input, and how much it flickers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from installation.base.onnx_sessions import UnusableModelError
from installation.generation.affect import AFFECT
from installation.generation.translator import Translator
from installation.training.texture_data import features
from installation.training.translate_data import CaptureSet, tensor
from installation.types import ByteArray, FloatArray

Repaint = Callable[[ByteArray, FloatArray], ByteArray]
"""A picture (H, W, 3) uint8 sRGB and an affect (4,) to the painting of the same size."""
PAIRS, COLUMNS = 24, 8
SHEET_SEED = 3
MARGIN_PX = 6
PAPER = 14
MAX_BYTES = 295_000
STILL = 0.02
"""Change (0 to 255) of the input below which a pair of pictures says nothing about flicker."""


def shipped(path: Path) -> Repaint:
    """The exported network, as the running piece has it. Raises ValueError for a file that cannot be used."""
    try:
        translator = Translator(path)
    except UnusableModelError as error:
        raise ValueError(str(error)) from error
    return lambda rgb, affect: np.asarray(translator.translate(rgb, affect)[:, :, :3], np.uint8)


def flicker(repaint: Repaint, captures: CaptureSet) -> dict[str, float]:
    """How much the painting changes where the picture does, over successive pictures of the clips.

    Change is the mean absolute difference between two successive pictures, levels of 0 to 255. ``flow``: the same after the
    earlier painting was moved along with the optical flow of the input (Farneback 2003), against the input moved so: what
    is left is what motion does not explain. Raises ValueError for captures without clips that move.
    """
    changes, left = [], []
    for clip, affect in zip(captures.clips, captures.clip_affects, strict=True):
        painted = [repaint(rgb, affect) for rgb in clip]
        for k in range(1, len(clip)):
            of_input = _apart(clip[k - 1], clip[k])
            if of_input > STILL:
                changes.append((of_input, _apart(painted[k - 1], painted[k])))
                flow = _flow(clip[k - 1], clip[k])
                left.append(
                    (_apart(_along(clip[k - 1], flow), clip[k]), _apart(_along(painted[k - 1], flow), painted[k]))
                )
    if not changes:
        raise ValueError("the captures have no clips in which anything moves; capture more")
    means, left_means = np.mean(changes, axis=0), np.mean(left, axis=0)
    return {
        "pairs of successive pictures": float(len(changes)),
        "change of the input (levels)": float(means[0]),
        "change of the painting (levels)": float(means[1]),
        "painting over input": float(means[1] / means[0]),
        "left after the flow, input (levels)": float(left_means[0]),
        "left after the flow, painting (levels)": float(left_means[1]),
        "left after the flow, painting over input": float(left_means[1] / max(left_means[0], 1e-3)),
    }


def obedience(repaint: Repaint, captures: CaptureSet, count: int = 80) -> dict[str, float]:
    """Correlation of what is asked and what is seen: ``count`` captures are each painted with two random affects, and the
    difference of the two paintings' measured features is set against the difference of the affects."""
    rng = np.random.default_rng(11)
    asked, seen = [], []
    for _ in range(count):
        rgb = captures.pictures[int(rng.integers(len(captures.pictures)))]
        pair = rng.uniform(-1, 1, (2, len(AFFECT))).astype(np.float32)
        asked.append(pair[1] - pair[0])
        measured = features(tensor([repaint(rgb, affect) for affect in pair])).numpy()
        seen.append(measured[1] - measured[0])
    columns = zip(AFFECT, np.array(asked).T, np.array(seen).T, strict=True)
    return {f"asked and seen {name}, correlation": _correlation(a, b) for name, a, b in columns}


def _correlation(a: npt.NDArray[np.float32], b: npt.NDArray[np.float32]) -> float:
    """0 where one of them does not change at all."""
    return float(np.corrcoef(a, b)[0, 1]) if a.std() > 0 and b.std() > 0 else 0.0


def _apart(one: ByteArray, other: ByteArray) -> float:
    return float(np.abs(one.astype(np.float32) - other).mean())


def _flow(before: ByteArray, now: ByteArray) -> FloatArray:
    """(H, W, 2): where in ``before`` each pixel of ``now`` came from, pixels to add."""
    grey = [cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY) for rgb in (now, before)]
    flow = cv2.calcOpticalFlowFarneback(grey[0], grey[1], None, 0.5, 4, 15, 3, 5, 1.1, 0)
    return np.asarray(flow, np.float32)


def _along(rgb: ByteArray, flow: FloatArray) -> ByteArray:
    y, x = np.mgrid[: rgb.shape[0], : rgb.shape[1]].astype(np.float32)
    moved = cv2.remap(rgb, x + flow[:, :, 0], y + flow[:, :, 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)


def draw_sheet(repaint: Repaint, captures: CaptureSet, path: Path) -> None:
    """A JPEG under MAX_BYTES: captures, drawn by lot and not chosen, each with its painting below it."""
    count = min(PAIRS, len(captures.pictures))
    numbers = np.random.default_rng(SHEET_SEED).choice(len(captures.pictures), count, replace=False)
    tiles = []
    for n in numbers:
        rgb = captures.pictures[n]
        pair = np.vstack([rgb, repaint(rgb, captures.affects[n])])
        rim = (MARGIN_PX,) * 4
        tiles.append(cv2.copyMakeBorder(pair, *rim, cv2.BORDER_CONSTANT, value=(PAPER,) * 3))
    while len(tiles) % COLUMNS:
        tiles.append(np.full_like(tiles[0], PAPER))
    sheet = np.vstack([np.hstack(tiles[k : k + COLUMNS]) for k in range(0, len(tiles), COLUMNS)])
    scale = min(1.0, 1680 / sheet.shape[1])
    sheet = cv2.resize(sheet, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    path.parent.mkdir(parents=True, exist_ok=True)
    for quality in range(92, 20, -6):
        good, data = cv2.imencode(".jpg", sheet[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
        if good and len(data) <= MAX_BYTES:
            break
    path.write_bytes(data.tobytes())


def figures(repaint: Repaint, captures: CaptureSet) -> list[str]:
    """How far the affect is obeyed and how much paintings flicker, a line each; says what the captures do not suffice for."""
    found = [f"{name}: {value:.3g}" for name, value in obedience(repaint, captures).items()]
    try:
        return found + [f"{name}: {value:.3g}" for name, value in flicker(repaint, captures).items()]
    except ValueError as error:
        return [*found, f"flicker: not measured, for {error}"]
