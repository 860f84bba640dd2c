"""``run.py evaluate picture``: the painter of pictures in our own scenes: does it flicker, obey the affect, keep the shapes?

Clips of scenes are rendered, their layouts given to the painter as the running piece gives them (followed in 0.7 s, five
paintings a second, faded into one another), with the latents standing still; what the screen would show is measured frame
by frame. Affect and layout are measured on layouts that no training saw (of --layouts, or of scenes rendered for it).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from installation.base.files import PROGRAM, PROJECT
from installation.base.model_files import model_file
from installation.base.onnx_sessions import UnusableModelError, check_file, cpu_session
from installation.config.load import ConfigError, load_config
from installation.config.scene_files import SceneFileError
from installation.config.settings import Config
from installation.evaluation.flicker import flicker
from installation.evaluation.layouts import affect_asked, render, shown_scenes
from installation.evaluation.sittings import Stage, Visitors
from installation.generation.affect import AFFECT
from installation.generation.layout import SteadyMasses, masses, painters_layout
from installation.generation.picture_features import features
from installation.render.surface import DisplayError
from installation.scene.scene import Scene
from installation.training.interrupt import Stop
from installation.types import LAYOUT, ByteArray, FloatArray

CLIP_PX = (256, 144)
FRAME_S = 1 / 30
BEFORE_S = 2.0
"""Of a clip that is not looked at: forms grow, particles get a past."""
PER_SECOND, SHAPES = 5.0, 0.7
"""As shipped (``picture.per_second``, ``picture.shapes``)."""
CELLS = 8
"""Across and down of the maps of luminance that are compared."""
LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
COVERED = 0.5
OBEDIENCE, KEPT = 80, 200
"""Layouts that affect and masses are measured on."""

Array = npt.NDArray[np.floating]
Paint = Callable[[FloatArray, FloatArray], ByteArray]
"""An affect (4,) and a layout (1, 4, LAYOUT, LAYOUT) to a picture (H, W, 3) uint8 sRGB."""


@dataclass(frozen=True)
class Clip:
    """Frames FRAME_S apart: ``rgb`` (H, W, 3) uint8 sRGB each, ``layouts`` (LAYOUT, LAYOUT, 4) uint8, ``affects`` (4,)."""

    scene: str
    rgb: list[ByteArray]
    layouts: list[ByteArray]
    affects: list[FloatArray]


class Painter:
    """A network like models/paint.onnx with latents that stand still. Raises UnusableModelError."""

    def __init__(self, path: Path, seed: int = 1) -> None:
        check_file(path)
        self._session = cpu_session(path)
        shapes = {entry.name: entry.shape for entry in self._session.get_inputs()}
        if not {"affect", "layout"} <= set(shapes):
            raise UnusableModelError(f"{path} is no painter with a layout: its inputs are {sorted(shapes)}")
        self._shapes = {name: shape for name, shape in shapes.items() if name not in ("affect", "layout")}
        self.change(seed)

    def change(self, seed: int) -> None:
        """Take other latents."""
        rng = np.random.default_rng(seed)
        self._latents = {
            name: rng.standard_normal([size if isinstance(size, int) else 1 for size in shape], np.float32)
            for name, shape in self._shapes.items()
        }

    def __call__(self, affect: FloatArray, layout: FloatArray) -> ByteArray:
        """See Paint."""
        feeds = {**self._latents, "affect": np.asarray(affect, np.float32)[None], "layout": layout}
        return np.asarray(self._session.run(None, feeds)[0][..., :3], np.uint8)


def film(config: Config, seconds: float, seed: int = 5) -> list[Clip]:
    """A clip of one visitor and one of two in each scene that composes pictures. Raises DisplayError."""
    stage = Stage(config, CLIP_PX, seed)
    try:
        numbered = list(enumerate(shown_scenes()))
        return [
            _clip(stage, config, name, people, seconds, [seed + people, number])
            for number, name in numbered
            for people in (1, 2)
        ]
    finally:
        stage.close()


def _clip(stage: Stage, config: Config, name: str, people: int, seconds: float, seed: list[int]) -> Clip:
    rng = np.random.default_rng(seed)
    scene = Scene(config.scene.model_copy(update={"name": name}), seed[0], config.look)
    visitors = Visitors(config, people, rng)
    scene.look_through(visitors.frame_size)
    visitors.feel(rng)
    clip = Clip(name, [], [], [])
    first = round(BEFORE_S / FRAME_S)
    for step in range(first + round(seconds / FRAME_S)):
        states, group = visitors.at(step * FRAME_S)
        state = scene.update(states, group, step * FRAME_S, FRAME_S)
        if step == 0:
            stage.dress(state, rng)
        if step < first and step % 3:
            continue
        stage.draw(state)
        if step >= first:
            clip.rgb.append(stage.rgb())
            clip.layouts.append(stage.layout(state))
            clip.affects.append(affect_asked(state))
    return clip


def paintings(paint: Paint, clip: Clip, shapes: float = SHAPES, per_second: float = PER_SECOND) -> list[ByteArray]:
    """What the piece would show of the painter, frame by frame of ``clip`` and as large: paintings of its layouts, followed
    as generation/layout.py does, each faded into over the time to the next."""
    steady, every = SteadyMasses(), max(1, round(1 / (per_second * FRAME_S)))
    size = (clip.rgb[0].shape[1], clip.rgb[0].shape[0])
    before = newest = None
    shown = []
    for k, (layout, affect) in enumerate(zip(clip.layouts, clip.affects, strict=True)):
        if k % every == 0:
            mass = steady.follow(masses(layout), every * FRAME_S)
            painted = cv2.resize(paint(affect, painters_layout(mass, shapes)), size, interpolation=cv2.INTER_AREA)
            before, newest = painted if newest is None else newest, painted
        shown.append(cv2.addWeighted(newest, (k % every) / every, before, 1 - (k % every) / every, 0))
    return shown


def paint_flicker(paint: Paint, clips: Sequence[Clip], shapes: float = SHAPES) -> dict[str, float]:
    """``flicker`` of what is painted of ``clips``, against the clips. Raises ValueError where nothing moves.

    "still": the same of a picture that stands still. It changes nothing, but moving it along the input's flow does.
    """
    inputs = [clip.rgb for clip in clips]
    shown = [paintings(paint, clip, shapes) for clip in clips]
    still = flicker(inputs, [[frames[0]] * len(frames) for frames in shown])
    name = "after the input's flow, output over input"
    return {**flicker(inputs, shown), f"{name}, still": still[name]}


def obedience(paint: Paint, layouts: Sequence[ByteArray], shapes: float = SHAPES) -> dict[str, float]:
    """Correlation of affect asked and affect seen: each layout is painted for two random affects, and the difference of the
    pictures' measured features is set against that of the affects."""
    rng = np.random.default_rng(11)
    asked, seen = [], []
    for layout in layouts[:OBEDIENCE]:
        pair = rng.uniform(-1, 1, (2, len(AFFECT))).astype(np.float32)
        cells = painters_layout(masses(layout), shapes)
        one, other = (features(paint(affect, cells)) for affect in pair)
        asked.append(pair[1] - pair[0])
        seen.append(other - one)
    columns = zip(AFFECT, np.array(asked).T, np.array(seen).T, strict=True)
    return {name: correlation(a, b) for name, a, b in columns}


def masses_kept(
    paint: Paint, layouts: Sequence[ByteArray], affects: Sequence[FloatArray], shapes: float = SHAPES
) -> dict[str, float]:
    """Correlation of luminance asked and painted, CELLS x CELLS a picture, over the cells of all pictures.

    Asked for is the shapes' colour, by its confidence, over what the painter composes by itself for the same affect and
    latents; covered cells are those that shapes cover to more than COVERED. "change": how far both are from the painter's
    own composition. "own composition": how much of the correlation there would be, were the layout not followed at all.
    """
    empty = np.zeros((1, 4, LAYOUT, LAYOUT), np.float32)
    rows = []
    for layout, affect in list(zip(layouts, affects, strict=True))[:KEPT]:
        cells = painters_layout(masses(layout), shapes)
        confidence, colour = cells[0, 3, :, :, None], (cells[0, :3].transpose(1, 2, 0) + 1) / 2
        own = shrunk(paint(affect, empty) / np.float32(255), LAYOUT)
        cover = shrunk(layout[:, :, 3] / np.float32(255), CELLS)
        shape = luminance(masses(layout)[:, :, :3]) / np.maximum(cover, np.float32(1e-3))
        asked = luminance(own + confidence * (colour - own))
        rows.append((shape, asked, luminance(own), luminance(paint(affect, cells) / np.float32(255)), cover))
    shape, asked, own, painted, cover = np.array(rows).swapaxes(0, 1)
    inside, other = cover > COVERED, np.roll(painted, len(rows) // 2, axis=0)
    return {
        "covered cells": correlation(asked[inside], painted[inside]),
        "covered cells, own composition": correlation(asked[inside], own[inside]),
        "covered cells, change": correlation((asked - own)[inside], (painted - own)[inside]),
        "covered cells, against the shapes' plain colour": correlation(shape[inside], painted[inside]),
        "covered cells, plain colour, another layout": correlation(shape[inside], other[inside]),
        "all cells": correlation(asked.ravel(), painted.ravel()),
        "all cells, own composition": correlation(asked.ravel(), own.ravel()),
        "all cells, change": correlation((asked - own).ravel(), (painted - own).ravel()),
    }


def shrunk(picture: Array, cells: int) -> FloatArray:
    """(H, W) or (H, W, C) -> (cells, cells) or (cells, cells, C): means."""
    return np.asarray(cv2.resize(picture, (cells, cells), interpolation=cv2.INTER_AREA), np.float32)


def luminance(rgb: Array) -> FloatArray:
    """(CELLS, CELLS) of (H, W, 3) in [0, 1]."""
    return shrunk((rgb @ LUMA).astype(np.float32), CELLS)


def correlation(a: Array, b: Array) -> float:
    """0 where one of them does not change at all."""
    return float(np.corrcoef(a, b)[0, 1]) if a.size > 1 and min(a.std(), b.std()) > 1e-5 else 0.0


def held_out(path: Path | None, config: Config) -> tuple[list[ByteArray], list[FloatArray]]:
    """Layouts that no training saw and their affects: of a file that ``layouts`` wrote, or rendered. Raises DisplayError,
    OSError, ValueError for another file."""
    if path is None:
        found = render(config, [config.look], KEPT, 99, Stop())
        keep = found["scenes"] != ""
    else:
        with np.load(path) as stored:
            found = {name: stored[name] for name in ("layouts", "affects", "scenes", "held")}
        keep = found["held"]
    keep = np.flatnonzero(keep & np.isin(found["scenes"], shown_scenes()))
    if len(keep) < 2:
        raise ValueError(f"{path} holds no layouts to check with; render some: run.py evaluate layouts")
    keep = np.random.default_rng(3).permutation(keep)
    return list(found["layouts"][keep]), list(found["affects"][keep].astype(np.float32))


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures; gives the exit code: 0 good, 2 bad input."""
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} evaluate picture", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, default=model_file("paint.onnx"), metavar="FILE", help="the painter")
    parser.add_argument(
        "--layouts", type=Path, metavar="FILE", help="of run.py evaluate layouts; its held-out ones count"
    )
    parser.add_argument("--seconds", type=float, default=3.0, metavar="S", help="of a clip (default 3)")
    parser.add_argument("--config", type=Path, default=PROJECT / "config.yaml", help="whose scenes are drawn")
    options = parser.parse_args(argv)
    if not 0.5 <= options.seconds <= 60:
        parser.error("--seconds must be 0.5 to 60")
    try:
        config = load_config(options.config)
        paint = Painter(options.model)
        layouts, affects = held_out(options.layouts, config)
        clips = film(config, options.seconds)
        lines = report(paint, clips, layouts, affects)
    except (ConfigError, SceneFileError, DisplayError, UnusableModelError, OSError, ValueError, KeyError) as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join([f"{options.model.name}", *lines]))
    return 0


def report(
    paint: Paint, clips: Sequence[Clip], layouts: Sequence[ByteArray], affects: Sequence[FloatArray]
) -> list[str]:
    """All figures, a line each."""
    lines = [f"flicker, {name}: {value:.3g}" for name, value in paint_flicker(paint, clips).items()]
    lines += [
        f"affect asked and seen, {name}, correlation: {value:.2f}" for name, value in obedience(paint, layouts).items()
    ]
    kept = masses_kept(paint, layouts, affects)
    return lines + [f"luminance at {CELLS} x {CELLS}, {name}, correlation: {value:.2f}" for name, value in kept.items()]


if __name__ == "__main__":
    raise SystemExit(main())
