"""From a trained repainting network to the ONNX file that the piece runs."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from installation.training.onnx_file import write_onnx
from installation.training.running import RefusedError
from installation.training.texture_check import session_of
from installation.training.translate_fit import RepaintTrainer
from installation.training.translate_net import AFFECT, GROUND, STRIDE

PARITY = 1e-3


def export(trainer: RepaintTrainer, path: Path) -> float:
    """Write the averaged generator as ONNX; gives its largest difference from torch at three sizes.

    Raises RefusedError where that is PARITY or more; no file is left then.
    """
    module = copy.deepcopy(trainer.average).cpu().eval()
    noise = torch.Generator().manual_seed(1)
    free = {"rgb": {2: "4*h", 3: "4*w"}, "ground": {2: "h", 3: "w"}, "painted": {2: "4*h", 3: "4*w"}}
    write_onnx(module, _inputs(64, 96, noise), "painted", path, free, {"step": trainer.step})
    session, worst = session_of(path), 0.0
    for size in ((64, 96), (256, 256), (144, 256)):
        inputs = _inputs(*size, noise)
        painted = session.run(None, {name: value.numpy() for name, value in inputs.items()})[0]
        with torch.no_grad():
            worst = max(worst, float(np.abs(painted - module(*inputs.values()).numpy()).max()))
    if not worst < PARITY:
        path.unlink()
        raise RefusedError(f"ONNX and torch differ by up to {worst:.1e}, not less than {PARITY:g}")
    return worst


def _inputs(height: int, width: int, noise: torch.Generator) -> dict[str, Tensor]:
    return {
        "rgb": torch.rand(1, 3, height, width, generator=noise),
        "affect": torch.rand(1, AFFECT, generator=noise) * 2 - 1,
        "ground": torch.randn(1, GROUND, height // STRIDE, width // STRIDE, generator=noise),
    }
