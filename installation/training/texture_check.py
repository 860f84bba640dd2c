"""What can be measured of a texture generator with nothing but the network: seams, affect, hatch, speed; and its sheets."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from installation.base.onnx_sessions import model_source
from installation.base.picture_file import write_bgr
from installation.generation.affect import AFFECT as AFFECT_NAMES
from installation.generation.affect import DEPICTED
from installation.training.texture_data import features
from installation.training.texture_net import AFFECT, CELL_PX, ExportedTexture, TextureNet, all_latents
from installation.types import ByteArray

Paint = Callable[..., ByteArray]
"""The inputs of ``ExportedTexture`` (torch) to one picture (S, S, 4) uint8 sRGB."""
INPUTS = ("coarse", "fine", "style", "second", "blend", "affect")


def session_of(path: Path) -> Any:
    """An ONNX Runtime session on one thread. Raises ValueError for a file that cannot be used."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(model_source(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ValueError(f"{path} cannot be loaded: {error}") from error


def shipped(path: Path) -> Paint:
    """The exported network, as the running piece has it. Raises ValueError for a file that cannot be used."""
    session = session_of(path)

    def paint(*inputs: Tensor) -> ByteArray:
        feeds = {name: value.numpy() for name, value in zip(INPUTS, inputs, strict=True)}
        return np.asarray(session.run(None, feeds)[0], np.uint8)

    return paint


def in_training(generator: TextureNet) -> Paint:
    """The network as it stands, on the processor, asked without any correction."""
    module = ExportedTexture(copy.deepcopy(generator).cpu()).eval()

    def paint(*inputs: Tensor) -> ByteArray:
        with torch.no_grad():
            return np.asarray(module(*inputs).numpy(), np.uint8)

    return paint


def painted(paint: Paint, asked: Tensor, size_px: int, seed: int) -> Tensor:
    """A picture for each row of ``asked`` (N, 4): (N, 3, S, S) float32 in [0, 1]."""
    noise = torch.Generator().manual_seed(seed)
    cells = size_px // CELL_PX
    pictures = [paint(*all_latents(cells, noise), asked[i : i + 1])[:, :, :3] for i in range(len(asked))]
    return torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 255


def seam_ratio(rgb: npt.NDArray[np.floating]) -> float:
    """Mean step across the seams of (S, S, 3) over the mean step inside; 1 is seamless."""
    across = np.abs(rgb[0] - rgb[-1]).mean() + np.abs(rgb[:, 0] - rgb[:, -1]).mean()
    inside = np.abs(np.diff(rgb, axis=0)).mean() + np.abs(np.diff(rgb, axis=1)).mean()
    return float(across / max(inside, 1e-9))


def seams(pictures: Tensor) -> float:
    """Mean ``seam_ratio`` of (N, 3, S, S)."""
    return float(np.mean([seam_ratio(one.permute(1, 2, 0).numpy()) for one in pictures]))


def spectrum(pictures: Tensor) -> npt.NDArray[np.float64]:
    """Mean power of the grey values of (N, 3, S, S), windowed: (S, S), the frequency 0 at [0, 0]."""
    grey = pictures.mean(1).numpy().astype(np.float64)
    side = grey.shape[1]
    window = np.outer(np.hanning(side), np.hanning(side))
    centred = grey - grey.mean((1, 2), keepdims=True)
    return np.asarray((np.abs(np.fft.fft2(centred * window)) ** 2).mean(0))


def hatch(pictures: Tensor) -> float:
    """How far the strongest line stands above its surroundings at periods of 2 to 5.3 pixels, in (N, 3, S, S), S >= 64.

    Ratio of a frequency's mean power to the median of its 7 x 7 neighbours, the largest over all frequencies from 3/16
    of a cycle a pixel. Grain of any colour gives little above 1; a hatch or a checkerboard is a line, and gives 5 or more.
    """
    power = np.fft.fftshift(spectrum(pictures))
    side = len(power)
    axis = np.abs(np.fft.fftshift(np.fft.fftfreq(side)))
    patches = np.lib.stride_tricks.sliding_window_view(np.pad(power, 3, mode="wrap"), (7, 7))
    ratio = power / np.median(patches, (2, 3)).clip(1e-12)
    fine = np.maximum(axis[:, None], axis[None, :]) >= 3 / 16
    # What lies 60 dB below the whole is not seen, whatever its shape.
    seen = power > 1e-6 * power.max()
    return float(ratio[fine & seen].max(initial=1.0))


def correlations(paint: Paint, asked: Tensor, size_px: int, seed: int = 7) -> dict[str, float]:
    """Of the affect asked for, (N, 4), with the affect measured, for each axis; needs no scale."""
    measured = features(painted(paint, asked, size_px, seed)).numpy()
    return {name: float(np.corrcoef(asked[:, k].numpy(), measured[:, k])[0, 1]) for k, name in enumerate(AFFECT_NAMES)}


def any_affect(count: int, seed: int = 7) -> Tensor:
    """(count, 4) drawn evenly from the whole range."""
    return torch.rand(count, AFFECT, generator=torch.Generator().manual_seed(seed)) * 2 - 1


def own_requests(count: int, seed: int = 7) -> Tensor:
    """(count, 4) as the running piece asks: mixtures of the emotions, moved by what is shown (generation/affect.py)."""
    rng = np.random.default_rng(seed)
    affect = rng.dirichlet(np.full(len(DEPICTED), 0.3), count) @ DEPICTED
    affect[:, :2] += rng.uniform(-0.2, 0.2, (count, 2))
    return torch.from_numpy(np.clip(affect, -1, 1).astype(np.float32))


def speeds(paint: Paint, sizes_px: tuple[int, ...] = (256, 512, 1024), repeats: int = 9) -> dict[str, float]:
    """Median milliseconds a picture, on one thread of this machine."""
    found = {}
    for size_px in sizes_px:
        inputs = (*all_latents(size_px // CELL_PX), torch.zeros(1, AFFECT))
        paint(*inputs)
        spent = []
        for _ in range(repeats):
            started_s = time.perf_counter()
            paint(*inputs)
            spent.append(time.perf_counter() - started_s)
        found[f"ms at {size_px} px"] = 1000 * float(np.median(spent))
    return found


def write_sheet(paint: Paint, path: Path, size_px: int, columns: int) -> None:
    """A PNG or JPEG with a row an emotion and ``columns`` pictures each."""
    noise = torch.Generator().manual_seed(5)
    rows = []
    for affect in DEPICTED:
        wanted = torch.from_numpy(affect.copy())[None]
        row = [paint(*all_latents(size_px // CELL_PX, noise), wanted) for _ in range(columns)]
        rows.append(np.concatenate(row, axis=1))
    sheet = np.concatenate(rows)[:, :, :3]
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bgr(path, np.asarray(cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR), np.uint8))
