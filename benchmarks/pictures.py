"""What composed pictures cost, how steadily they wander, and how far the scenes' shapes compose them.

    .venv/bin/python benchmarks/pictures.py [cost] [walk] [shapes] [--sheets FOLDER] [--model paint.onnx]

cost    milliseconds a picture and a large painting on one thread: wall time, and the thread's own
walk    levels from frame to frame of a walk at the settings' pace, over 20 seconds of three pictures
shapes  scenes are drawn without a window; luminance of their shapes asked and painted, correlated at 8 x 8 cells where shapes
        are, with the setting at 0 and as it is

--sheets writes paint_moods.jpg (a row a mood, composed by itself), paint_landscapes.jpg (each scene, its layout, the picture
without it, and three with it) and paint_walk.jpg (ten seconds of a walk, two frames a second, from sad to happy). Nothing is
picked out.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("LP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

import cv2
import numpy as np

from installation.base.clock import RealClock
from installation.base.model_files import MODELS_DIR
from installation.base.notices import Notices
from installation.commands.screenshot import perform, worn_texture
from installation.config.load import load_config, with_overrides
from installation.config.picture import PictureConfig
from installation.generation.affect import DEPICTED, affect_of
from installation.generation.enlarging import Enlarging
from installation.generation.layout import masses, painters_layout
from installation.generation.painting_orders import agreement
from installation.generation.picture_generator import PictureGenerator, PictureWalk
from installation.render.renderer import Renderer
from installation.render.surface import Offscreen
from installation.types import EMOTIONS, LAYOUT, ByteArray, FloatArray, PictureRequest, SceneState

SHOWN = (
    *(("blossom", "happy"), ("blossom", "fear"), ("sculpture", "sad"), ("sculpture", "happy")),
    *(("supershape", "angry"), ("supershape", "disgust"), ("crystals", "surprise"), ("crystals", "angry")),
    *(("swarm", "fear"), ("aurora", "happy")),
)
"""Scenes and the performer's moods."""
VARIANTS = 4
"""Pictures of each scene."""
CELL_PX = (256, 192)
Seen = tuple[str, SceneState, ByteArray, ByteArray]
"""A scene's name, its state, its picture and its layout."""


def main() -> int:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", default=["cost", "walk", "shapes"], help="cost, walk, shapes")
    parser.add_argument("--sheets", type=Path, help="folder for sheets of moods, shapes and a walk")
    parser.add_argument("--model", default=PictureConfig().model)
    options = parser.parse_args()
    model = PictureGenerator(MODELS_DIR / options.model)
    if "cost" in options.what:
        cost(model)
    if "walk" in options.what:
        walk(model)
    if "shapes" in options.what:
        shapes(model, options.sheets)
    if options.sheets is not None:
        moods(model, options.sheets / "paint_moods.jpg")
        strip(model, options.sheets / "paint_walk.jpg")
    return 0


def cost(model: PictureGenerator) -> None:
    """Of a frame, and of a painting on order."""
    settings, notices = PictureConfig(), Notices(RealClock())
    enlarging, affect = Enlarging(MODELS_DIR, notices), np.zeros(4, np.float32)
    latents = PictureWalk(model.shapes, 1, 1, 0).at(0.0)

    def large() -> None:
        for _ in range(settings.candidates):
            picture = model.paint(affect, latents)
        enlarging.picture(picture, 1024, "cpu", 0.0)

    for name, work, times in (
        ("a picture", lambda: model.paint(affect, latents), 20),
        ("a painting of 1024 px", large, 3),
    ):
        wall_ms, own_ms = timed(work, times)
        print(f"{name}: {wall_ms:.0f} ms, {own_ms:.0f} of the thread's own")


def timed(work: Callable[[], object], times: int) -> tuple[float, float]:
    """(wall, own) milliseconds, the median of ``times``."""
    work()
    found = []
    for _ in range(times):
        wall_s, own_s = time.perf_counter(), time.thread_time()
        work()
        found.append((time.perf_counter() - wall_s, time.thread_time() - own_s))
    wall, own = np.median(found, axis=0) * 1000
    return float(wall), float(own)


def walk(model: PictureGenerator) -> None:
    """Steps of a walk."""
    settings, affect = PictureConfig(), np.zeros(4, np.float32)
    step = settings.latent_per_second / settings.per_second
    for number in (1, 2, 3):
        way = PictureWalk(model.shapes, 1, number, 0)
        count = round(20 * settings.per_second)
        frames = [model.paint(affect, way.at(n * step))[:, :, :3].astype(np.float32) for n in range(count)]
        steps = [float(np.abs(b - a).mean()) for a, b in pairwise(frames)]
        whole = float(np.abs(frames[-1] - frames[0]).mean())
        print(
            f"walk {number}: steps {np.mean(steps):.2f} levels, the largest {max(steps):.2f}; the whole way {whole:.1f}"
        )


def moods(model: PictureGenerator, path: Path) -> None:
    """A row a mood, each picture with latents of its own."""
    columns = 7
    rows = []
    for row, affect in enumerate(DEPICTED):
        walks = [PictureWalk(model.shapes, 1, 100 + columns * row + k, 0).at(0.0) for k in range(columns)]
        rows.append(np.hstack([_cell(model.paint(affect, latents)) for latents in walks]))
    _store(np.vstack(rows), path, 1568)


def strip(model: PictureGenerator, path: Path) -> None:
    """Ten seconds of one picture at the settings' pace while the mood goes from sad to happy."""
    settings, across, count = PictureConfig(), 7, 21
    way = PictureWalk(model.shapes, 1, 300, 0)
    sad, happy = DEPICTED[EMOTIONS.index("sad")], DEPICTED[EMOTIONS.index("happy")]
    tiles = []
    for n in range(count):
        share = n / (count - 1)
        affect = (sad + np.float32(share) * (happy - sad)).astype(np.float32)
        tiles.append(_cell(model.paint(affect, way.at(settings.latent_per_second * 10 * share))))
    _store(np.vstack([np.hstack(tiles[k : k + across]) for k in range(0, count, across)]), path, 1568)


def _store(rgb: ByteArray, path: Path, width: int) -> None:
    scale = min(1.0, width / rgb.shape[1])
    rgb = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(path), cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 84])


def shapes(model: PictureGenerator, sheets: Path | None) -> None:
    """Scenes, their layouts and what is made of them."""
    share = PictureConfig().shapes
    rows, kept = [], {0.0: list[float](), share: list[float]()}
    off = {key: list[FloatArray]() for key in kept}
    for number, (name, scene, picture, layout) in enumerate(seen()):
        affect, mass = _affect(scene), masses(layout)
        without: list[ByteArray] = []
        with_it: list[ByteArray] = []
        for variant in range(VARIANTS):
            latents = PictureWalk(model.shapes, 1, number + 1, variant).at(0.0)
            for key in kept:
                painted = model.paint(affect, latents, painters_layout(mass, key))
                kept[key].append(agreement(painted, mass))
                off[key].append(np.abs(model.scale(painted) - affect))
                (without if key == 0 else with_it).append(painted)
        print(f"{name:24} cover {mass[:, :, 3].mean():.2f}   kept {np.mean(kept[share][-VARIANTS:]):5.2f}")
        flat = np.dstack([layout[:, :, :3] * (layout[:, :, 3:] / 255.0), np.full((LAYOUT, LAYOUT), 255)]).astype(
            np.uint8
        )
        rows.append(
            np.hstack([_cell(picture), _cell(flat, cv2.INTER_NEAREST), *map(_cell, [without[0], *with_it[:3]])])
        )
    for key, values in kept.items():
        wrong = " ".join(f"{value:.2f}" for value in np.mean(off[key], axis=0))
        print(
            f"shapes {key:g}: luminance kept {np.mean(values):.2f} (median {np.median(values):.2f}); affect off by {wrong}"
        )
    if sheets is not None:
        _store(np.vstack(rows), sheets / "paint_landscapes.jpg", 1536)


def seen() -> list[Seen]:
    """The scenes of SHOWN, drawn."""
    found = []
    for name, emotion in SHOWN:
        config = with_overrides(load_config(ROOT / "config.yaml"), {"scene.name": name, "output.background": "black"})
        notices = Notices(RealClock())
        scenes = perform(config, 1, emotion, 3.5)
        surface = Offscreen((640, 360))
        renderer = Renderer(surface, config.output, config.scene.parameters, notices)
        renderer.set_texture(worn_texture(config, 1, scenes[-1], notices), scenes[0].t_s - 60)
        for scene in scenes[-30:]:
            renderer.draw(scene)
        found.append((f"{name}, {emotion}", scenes[-1], renderer.read_rgb(), renderer.layout_now(scenes[-1])))
        renderer.close()
        surface.close()
    return found


def _affect(scene: SceneState) -> FloatArray:
    return affect_of(PictureRequest(scene.t_s, scene.emotion, scene.valence, scene.arousal, 0))


def _cell(picture: ByteArray, way: int = cv2.INTER_AREA) -> ByteArray:
    return np.asarray(cv2.resize(picture[:, :, :3], CELL_PX, interpolation=way), np.uint8)


if __name__ == "__main__":
    raise SystemExit(main())
