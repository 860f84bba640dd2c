"""From the painter's average to the ONNX file that the running piece loads, past the gates."""

from __future__ import annotations

import copy
import math
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from installation.training.onnx_file import LARGE, halve, write_onnx
from installation.training.paint_composition import COMPOSITION, Composition, laid_over
from installation.training.paint_correct import TOLD, bent, summary
from installation.training.paint_gauge import Gauge, Paint, by_chance, calibrate, figures, nothing
from installation.training.paint_layouts import plain_layout
from installation.training.paint_log import say
from installation.training.paint_net import GRID, Painter, draw
from installation.training.paint_scenes import scenes
from installation.training.paint_state import load_average
from installation.training.running import DataError, RefusedError
from installation.training.texture_data import AffectScale
from installation.training.texture_net import AFFECT

INPUTS = ("z", "noise", "affect", "layout", "composition")
MIN_REAL, MIN_PIECE, MIN_DIVERSITY, MIN_LAYOUT, MAX_BORDER, MAX_LEVELS = 0.9, 0.85, 0.6, 0.8, 1.5, 2
CHECKED, CALIBRATED = 320, 1500
"""Pictures for each of the gates' figures, and those by which the correction is fitted: two minutes on one thread."""


class ExportedPainter(nn.Module):
    """What the running piece gets: one picture as (S, S, 4) uint8 sRGB. ``bend`` (4, TOLD) corrects what is asked for."""

    def __init__(self, painter: Painter, composition: Composition, bend: Tensor | None = None) -> None:
        super().__init__()
        self.painter, self.composition = painter, composition
        self.register_buffer("bend", torch.zeros(AFFECT, TOLD) if bend is None else bend)

    def forward(self, z: Tensor, noise: Tensor, affect: Tensor, layout: Tensor, composition: Tensor) -> Tensor:
        """``Painter.forward`` of one picture, with the layout laid over a composed one."""
        layout = laid_over(self.composition(composition), layout)
        rgb = self.painter(z, noise, bent(affect, summary(layout), self.get_buffer("bend")), layout)
        rgba = torch.cat([rgb, torch.ones_like(rgb[:, :1])], 1)[0].permute(1, 2, 0)
        return (rgba * 255 + 0.5).clamp(0, 255).to(torch.uint8)


def example(latent: int, seed: int, kind: str = "none") -> dict[str, Tensor]:
    """Inputs of ``ExportedPainter``; ``kind`` of its layout: none, full or half."""
    noise = torch.Generator().manual_seed(seed)
    z, grain = draw(1, latent, "cpu", noise)
    layout = nothing(1) if kind == "none" else plain_layout(scenes(1, "cpu"))
    if kind == "half":
        layout[:, 3, : GRID // 2] = 0.4
    affect = torch.rand(1, AFFECT, generator=noise) * 2 - 1
    values = (z, grain, affect, layout, torch.randn(1, COMPOSITION, generator=noise))
    return dict(zip(INPUTS, values, strict=True))


def rounded(painter: Painter, composition: Composition) -> tuple[Painter, Composition]:
    """Copies on the processor whose large weights are what halves can hold, so that torch and the file hold the same."""
    nets = tuple(copy.deepcopy(net).cpu().to(memory_format=torch.contiguous_format) for net in (painter, composition))
    with torch.no_grad():
        for net in nets:
            for values in (*net.parameters(), *net.buffers()):
                if values.is_floating_point() and values.numel() >= LARGE:
                    values.copy_(values.half().float())
    return nets[0].eval(), nets[1].eval()


def write(module: ExportedPainter, path: Path, scale: AffectScale, counts: Mapping[str, object]) -> None:
    """The file, unchecked. ``module`` must be of ``rounded`` networks; ``counts`` goes into its metadata."""
    inputs = example(module.painter.latent, 3)
    told = {
        "kind": "picture",
        "affect_mean": _row(scale.mean),
        "affect_deviation": _row(scale.deviation),
        "affect_bend": _row(module.get_buffer("bend").flatten()),
        "size_px": module.painter.size,
        "latent": module.painter.latent,
        "layout": "1 4 16 16: sRGB in -1..1, confidence 0..1; where it is below 1 the network composes by itself",
        "composition": f"1 {COMPOSITION}: Gaussian, what it composes",
        **counts,
    }
    try:
        write_onnx(module, inputs, "rgba", path, {})
    except Exception as error:  # noqa: BLE001 - some versions of torch come without what the older exporter needs
        say(f"the older exporter failed, trying the newer one: {str(error)[:200]}")
        _write_newer(module, inputs, path)
    halve(path, told)


def _write_newer(module: nn.Module, inputs: Mapping[str, Tensor], path: Path) -> None:
    names = {"input_names": list(inputs), "output_names": ["rgba"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(module, tuple(inputs.values()), str(path), dynamo=True, external_data=False, **names)


def parity(module: ExportedPainter, path: Path) -> tuple[int, float]:
    """ONNX against torch at six pictures: the largest and the mean difference in levels."""
    session = _session(path)
    worst, mean = 0, 0.0
    for k in range(6):
        inputs = example(module.painter.latent, 40 + k, ("none", "full", "half")[k % 3])
        got = session.run(None, {name: value.numpy() for name, value in inputs.items()})[0]
        with torch.no_grad():
            apart = np.abs(got.astype(int) - module(**inputs).numpy().astype(int))
        worst, mean = max(worst, int(apart.max())), max(mean, float(apart.mean()))
    return worst, mean


def shipped(path: Path, latent: int) -> Paint:
    """The exported network, as the running piece has it. Raises ValueError for a file that cannot be used."""
    session = _session(path)

    def paint(asked: Tensor, seed: int, layout: Tensor | None = None) -> Tensor:
        count = len(asked)
        z, grain, code = by_chance(count, latent, seed)
        values = (z, grain, asked.cpu(), nothing(count) if layout is None else layout, code)
        feeds = [{n: v[i : i + 1].float().numpy() for n, v in zip(INPUTS, values, strict=True)} for i in range(count)]
        made = np.stack([session.run(None, feed)[0][:, :, :3] for feed in feeds])
        return torch.from_numpy(made).permute(0, 3, 1, 2).float() / 255

    return paint


def export(run: Path, file: Path) -> list[str]:
    """Write the network of a run's folder to ``file``, corrected, check it, and give what was found. Raises RefusedError,
    DataError."""
    painter, composition, scale, stored = load_average(run / "paint_ema.pt")
    if composition is None or "gauge" not in stored:
        raise DataError(f"{run} holds weights to begin from, no finished run: it has no composition; train on from it")
    painter, composition = rounded(painter, composition)
    gauge, counts = Gauge.restored(stored["gauge"]), {"step": stored["step"], "images": stored["images"]}
    write(ExportedPainter(painter, composition).eval(), file, scale, counts)
    bend = calibrate(shipped(file, painter.latent), composition, gauge, scale, CALIBRATED)
    module = ExportedPainter(painter, composition, bend).eval()
    write(module, file, scale, counts)
    worst, mean = parity(module, file)
    if worst > MAX_LEVELS:
        raise RefusedError(f"ONNX and torch differ by up to {worst} levels")
    found = figures(shipped(file, painter.latent), composition, gauge, scale, CHECKED)
    refuse(found)
    lines = [f"{name}: {value}" for name, value in found.items()]
    return [f"paint, step {stored['step']}, {stored['images']} pictures", f"parity: {worst} levels, {mean:.4f}", *lines]


def refuse(found: Mapping[str, Any]) -> None:
    """Raises RefusedError where a figure of ``paint_gauge.figures`` does not pass its gate."""
    asked = (
        ("affect of real views: correlation", min(found["affect_correlation_real"]), MIN_REAL),
        ("affect of the piece: correlation", min(found["affect_correlation_piece"]), MIN_PIECE),
        ("diversity over that of real views", found["diversity_over_real"], MIN_DIVERSITY),
        ("luminance of views' layouts: correlation", found["layout_luma_8_views"], MIN_LAYOUT),
        ("luminance of scenes' layouts: correlation", found["layout_luma_8_scenes"], MIN_LAYOUT),
    )
    for name, value, least in asked:
        if not value >= least and not (math.isnan(value) and "scenes" in name):
            raise RefusedError(f"{name} {value:.2f}, less than {least}")
    if not found["border_ratio"] <= MAX_BORDER:
        raise RefusedError(
            f"there is a border: {found['border_ratio']:.2f} times the steps inside, more than {MAX_BORDER}"
        )


def _session(path: Path) -> Any:
    from installation.training.texture_check import session_of

    return session_of(path)


def _row(values: Tensor) -> str:
    return " ".join(f"{float(value):.6f}" for value in values)
