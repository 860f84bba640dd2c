"""How good a texture generator is, and what it looks like: nothing but the network is needed, no training pictures."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor

from installation.textures.affect import AFFECT as AFFECT_NAMES
from installation.textures.affect import DEPICTED
from installation.training.texture_data import features
from installation.training.texture_net import AFFECT, Exported, Generator, latents
from installation.types import ByteArray

Paint = Callable[..., ByteArray]
"""coarse, fine, style, affect (torch) to one picture (S, S, 4) uint8 sRGB."""


def shipped(path: Path) -> Paint:
    """The exported network, as the running piece has it. Raises ValueError for a file that cannot be used."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ValueError(f"{path} cannot be loaded: {error}") from error
    names = ("coarse", "fine", "style", "affect")

    def paint(*inputs: Tensor) -> ByteArray:
        feeds = {name: value.numpy() for name, value in zip(names, inputs, strict=True)}
        return np.asarray(session.run(None, feeds)[0], np.uint8)

    return paint


def in_training(generator: Generator) -> Paint:
    """The network as it stands, on the processor and as it would be exported."""
    module = Exported(copy.deepcopy(generator).cpu()).eval()

    def paint(*inputs: Tensor) -> ByteArray:
        with torch.no_grad():
            return np.asarray(module(*inputs).numpy(), np.uint8)

    return paint


def seam_ratio(rgb: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    """Mean step across the seams of (S, S, 3) over the mean step inside; 1 is seamless."""
    across = np.abs(rgb[0] - rgb[-1]).mean() + np.abs(rgb[:, 0] - rgb[:, -1]).mean()
    inside = np.abs(np.diff(rgb, axis=0)).mean() + np.abs(np.diff(rgb, axis=1)).mean()
    return float(across / max(inside, 1e-9))


def evaluate(paint: Paint, count: int = 200) -> dict[str, float]:
    """Correlation of asked and measured affect, seam ratio, and diversity on ``count`` pictures of 256 pixels.

    Needs no training pictures: a correlation does not ask in which units the features are.
    """
    noise = torch.Generator().manual_seed(7)
    asked = torch.rand(count, AFFECT, generator=noise) * 2 - 1
    pictures = [paint(*latents(1, 16, "cpu", noise), asked[i : i + 1])[:, :, :3] for i in range(count)]
    stack = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 255
    measured = features(stack).numpy()
    found = {
        f"correlation {name}": float(np.corrcoef(asked[:, k].numpy(), measured[:, k])[0, 1])
        for k, name in enumerate(AFFECT_NAMES)
    }
    found["seam ratio"] = float(np.mean([seam_ratio(picture.astype(np.float64)) for picture in pictures]))
    small = functional.avg_pool2d(stack, 32).flatten(1)
    found["diversity (mean distance at 8 px)"] = float(torch.pdist(small).mean())
    return found


def write_sheet(paint: Paint, path: Path, size_px: int, columns: int) -> None:
    """A PNG or JPEG with a row an emotion and ``columns`` pictures each."""
    noise = torch.Generator().manual_seed(5)
    rows = []
    for affect in DEPICTED:
        wanted = torch.from_numpy(affect.copy())[None]
        row = [paint(*latents(1, size_px // 16, "cpu", noise), wanted) for _ in range(columns)]
        rows.append(np.concatenate(row, axis=1))
    sheet = np.concatenate(rows)[:, :, :3]
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))
