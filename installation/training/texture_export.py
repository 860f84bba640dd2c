"""From a checkpoint to the ONNX file that the running piece loads, past the gates."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch

from installation.training.onnx_file import drafted, write_onnx
from installation.training.running import RefusedError
from installation.training.texture_calibrate import calibrate
from installation.training.texture_check import INPUTS, any_affect, correlations, own_requests, painted, seams, shipped
from installation.training.texture_data import AffectScale
from installation.training.texture_net import AFFECT, CELL_PX, TERMS, ExportedTexture, TextureNet, all_latents

MIN_CORRELATION, MAX_SEAM_RATIO, MAX_MEGABYTES = 0.9, 1.15, 20.0
MAX_PARITY = 1e-3
"""Mean difference of ONNX and torch in [0, 1]; a single value may differ by one of 255 levels, which rounding decides."""


def export(generator: TextureNet, path: Path, scale: AffectScale, step: int, pictures: int = 200) -> None:
    """Write ``generator`` to ``path`` if it passes: as torch at three sizes, seamless, affect obeyed, small.

    What fails is not written; a file that was there stays. Raises RefusedError.
    """
    bend = calibrate(generator, scale, 3 * pictures)
    with drafted(path) as draft:
        write(generator, draft, scale, step, bend)
        check_parity(generator, draft, bend)
        check_gates(draft, pictures)


def write(generator: TextureNet, path: Path, scale: AffectScale, step: int, bend: torch.Tensor | None = None) -> None:
    """The file, unchecked, with the affect's scale, and the correction of what is asked for, in its metadata."""
    bend = torch.zeros(AFFECT, TERMS) if bend is None else bend
    inputs = dict(zip(INPUTS, (*all_latents(4), torch.zeros(1, AFFECT)), strict=True))
    metadata = {
        "affect_mean": _row(scale.mean),
        "affect_deviation": _row(scale.deviation),
        "affect_bend": _row(bend.flatten()),
        "step": step,
        "cell_px": CELL_PX,
    }
    cells, quarters = {2: "h", 3: "w"}, {2: "h4", 3: "w4"}
    free = {"coarse": cells, "fine": quarters, "blend": cells, "rgba": {0: "height", 1: "width"}}
    write_onnx(ExportedTexture(generator, bend), inputs, "rgba", path, free, metadata)


def _row(values: torch.Tensor) -> str:
    return " ".join(f"{float(value):.6f}" for value in values)


def bend_of(metadata: Mapping[str, str]) -> torch.Tensor:
    """The correction that a file's metadata holds; none where it is older than that."""
    numbers = [float(value) for value in metadata.get("affect_bend", "").split()]
    return torch.tensor(numbers).reshape(AFFECT, TERMS) if numbers else torch.zeros(AFFECT, TERMS)


def check_parity(generator: TextureNet, path: Path, bend: torch.Tensor | None = None) -> None:
    """ONNX against torch at 64, 144 and 256 pixels. Raises RefusedError."""
    module, paint = ExportedTexture(generator, bend).eval(), shipped(path)
    noise = torch.Generator().manual_seed(1)
    for cells in (4, 9, 16):
        inputs = (*all_latents(cells, noise), torch.rand(1, AFFECT, generator=noise) * 2 - 1)
        with torch.no_grad():
            apart = np.abs(paint(*inputs).astype(int) - module(*inputs).numpy().astype(int))
        if apart.max() > 1 or apart.mean() / 255 > MAX_PARITY:
            raise RefusedError(f"ONNX and torch differ by up to {apart.max()} levels at {16 * cells} pixels")


def check_gates(path: Path, pictures: int) -> None:
    """Affect on ``pictures`` requests such as the piece makes, seams on as many of any kind, and the file's size.

    Raises RefusedError.
    """
    paint = shipped(path)
    asked = own_requests(pictures)
    for name, value in correlations(paint, asked, 256).items():
        if value < MIN_CORRELATION:
            raise RefusedError(f"{name} asked for and measured correlate at {value:.2f}, less than {MIN_CORRELATION}")
    seam = seams(painted(paint, any_affect(pictures), 256, 3))
    if not seam <= MAX_SEAM_RATIO:
        raise RefusedError(f"the seam ratio is {seam:.2f}, more than {MAX_SEAM_RATIO}")
    megabytes = path.stat().st_size / 1e6
    if megabytes > MAX_MEGABYTES:
        raise RefusedError(f"the file has {megabytes:.0f} MB, more than {MAX_MEGABYTES:.0f}")
