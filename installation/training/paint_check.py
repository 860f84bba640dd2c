"""``run.py train paint check``: a finished painter by an eye that its training did not see, beside real views.

    python3 run.py train paint check --data views.npz [--model FILE] [--beside OLDER] [--layouts FILE]

The eye is the network that reads styles (100 numbers of a picture; Ghiasi et al. 2017): KID by it says how like the paintings'
a picture's manner is. What real views get beside held-out real ones stands beside it: that, not 0, is the best that can be.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from installation.base.files import PROGRAM
from installation.base.model_files import model_file
from installation.generation.layout import masses, painters_layout
from installation.generation.style_networks import STYLE, StyleReader
from installation.training.paint_affect import MOODS, mixtures
from installation.training.paint_data import Views, load_views
from installation.training.paint_export import shipped
from installation.training.paint_eyes import Lite0
from installation.training.paint_gauge import Paint, measured
from installation.training.paint_layouts import SceneLayouts, load_scene_layouts
from installation.training.paint_net import LATENT
from installation.training.paint_sheet import byte
from installation.training.running import run
from installation.training.texture_score import Look, Vectors, kid
from installation.types import EMOTIONS

READER = model_file("fetched/style_predict.onnx")
MODEL = model_file("paint.onnx")
COUNT, BATCH, NEIGHBOURS = 192, 16, 5
SHAPES = 0.7
"""As shipped (``picture.shapes``)."""


def style_eye(path: Path = READER) -> Look:
    """The reader of styles. Raises UnusableModelError for a broken or other file."""
    reader = StyleReader(path)

    def look(rgb: Tensor) -> Vectors:
        return np.stack([reader.read(one) for one in byte(rgb)]).astype(np.float64).reshape(-1, STYLE)

    return look


def trained_eye(path: Path) -> Look:
    """EfficientNet-Lite0, through which the painter was trained: it flatters, or is fooled."""
    with np.load(path) as stored:
        network = Lite0(dict(stored), torch.float32)

    def look(rgb: Tensor) -> Vectors:
        with torch.no_grad():
            parts = [network(rgb[i : i + BATCH])[3].mean((2, 3)) for i in range(0, len(rgb), BATCH)]
        return np.asarray(torch.cat(parts).double().numpy())

    return look


def distances(paint: Paint, views: Views, layouts: SceneLayouts, look: Look, count: int = COUNT) -> dict[str, float]:
    """KID x 1000 against held-out views: of known ones, of pictures composed by the painter, and of those under layouts of
    scenes; all asked for affects of real views but the last two."""
    noise = torch.Generator().manual_seed(2)
    torch.manual_seed(3)
    chosen = torch.randperm(len(views.real), generator=noise)[:count]
    affects = views.labels[chosen].clamp(-1, 1)
    held = look(Views.rgb(views.held))
    cells, cover, moods = layouts.draw(len(affects), "cpu")
    layout = torch.cat([cells * 2 - 1, cover[:, None]], 1)
    pictures: dict[str, Callable[[], Tensor]] = {
        "known real views": lambda: Views.rgb(views.real[chosen]),
        "composed by itself": lambda: paint(affects, 31, None),
        "under layouts of scenes": lambda: paint(affects, 32, layout),
        "under them as the piece gives them": lambda: paint(affects, 32, as_the_piece(cells, cover)),
        "under layouts of scenes, in their moods": lambda: paint(moods, 33, layout),
        "the piece's moods": lambda: paint(mixtures(len(affects), "cpu"), 34, None),
    }
    return {name: kid(held, look(made())) for name, made in pictures.items()}


def as_the_piece(cells: Tensor, cover: Tensor) -> Tensor:
    """(N, 3, 16, 16) in [0, 1] and (N, 16, 16) to (N, 4, 16, 16) as generation/layout.py makes them for the painter."""
    rgba = byte(torch.cat([cells, cover[:, None]], 1))
    return torch.from_numpy(np.concatenate([painters_layout(masses(one), SHAPES) for one in rgba]))


def told_apart(paint: Paint, views: Views, each: int) -> tuple[float, list[float]]:
    """Share of pictures whose mood is read off their colours and roughness, and that of each mood; chance is a seventh.

    A real view shows the mood whose affect is nearest to its own; a picture shows what most of its NEIGHBOURS nearest real
    views show. It says little more than how well the affect is kept.
    """
    shown = torch.cdist(views.labels, MOODS).argmin(1)
    asked = torch.arange(len(MOODS)).repeat_interleave(each)
    seen = measured(paint(MOODS[asked], 35, None), views.scale)
    near = shown[torch.cdist(seen, views.labels).topk(NEIGHBOURS, largest=False).indices]
    right = (near.mode(1).values == asked).float().reshape(len(MOODS), each).mean(1)
    return float(right.mean()), right.tolist()


def main(argv: Sequence[str] | None = None) -> int:
    """Measure; gives the exit code."""
    made = argparse.ArgumentParser(prog=f"{PROGRAM} train paint check", description=(__doc__ or "").splitlines()[0])
    made.add_argument("--model", type=Path, default=MODEL, help="exported painter")
    made.add_argument(
        "--beside", type=Path, nargs="+", default=(), metavar="FILE", help="other painters, measured alike"
    )
    made.add_argument("--data", type=Path, required=True, help="the views it was trained on, and those held out")
    made.add_argument("--layouts", type=Path, help="layouts of scenes")
    made.add_argument("--eyes", type=Path, help="the frozen networks, to measure by those of the training, too")
    made.add_argument("--reader", type=Path, default=READER)
    made.add_argument("--count", type=int, default=COUNT, help="pictures of each kind")
    made.add_argument("--threads", type=int, default=1)
    options = made.parse_args(argv)
    return run(lambda: _check(options), options.threads)


def _check(options: argparse.Namespace) -> None:
    eyes = {"style": style_eye(options.reader)}
    if options.eyes is not None:
        eyes["Lite0 (trained through)"] = trained_eye(options.eyes)
    _, held = load_scene_layouts(options.layouts, "cpu")
    for model in (options.model, *options.beside):
        paint = shipped(model, LATENT)
        views = load_views(options.data, int(paint(torch.zeros(1, 4), 0, None).shape[2]), "cpu")
        for eye, look in eyes.items():
            for name, value in distances(paint, views, held, look, options.count).items():
                print(f"{model.name}: KID x 1000 by {eye}: {name:42} {value:8.1f}", flush=True)
        share, each = told_apart(paint, views, max(1, options.count // len(MOODS)))
        moods = ", ".join(f"{name} {value:.2f}" for name, value in zip(EMOTIONS, each, strict=True))
        print(f"{model.name}: moods told apart {share:.2f} (chance {1 / len(MOODS):.2f}): {moods}", flush=True)
