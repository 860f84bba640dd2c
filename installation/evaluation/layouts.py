"""``run.py evaluate layouts --out FILE.npz``: thousands of layouts of our scenes, for training the painter of pictures.

A performance is a scene in one of the looks with its visitors (nobody, one, two or three; near and far; in emotions drawn at
random, mixtures too) and gives ten layouts, 0.4 s apart. Every tenth performance of each scene is held out. Only
cells are kept, no picture. FILE holds N rows of
  layouts  (N, 16, 16, 4) uint8, row 0 on top: sRGB of the shapes, and how much of the cell they cover
  affects  (N, 4) float16: valence, arousal, warmth, roughness that the scene asks for, each in [-1, 1]
  scenes   (N,) names;  performances (N,) their numbers;  held (N,) bool
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from installation.base.files import PROGRAM, PROJECT, write_whole
from installation.config.load import ConfigError, load_config
from installation.config.look import LookConfig
from installation.config.look_files import look_names
from installation.config.scene_files import SceneFileError, load_scene, scene_names
from installation.config.settings import Config
from installation.evaluation.sittings import Stage, Visitors
from installation.generation.affect import affect_of
from installation.render.surface import DisplayError
from installation.scene.scene import Scene
from installation.training.interrupt import STOPPED, Stop, stop_on_signals
from installation.types import ByteArray, FloatArray, SceneState, TextureRequest

SIZE = (128, 72)
"""Pixels that are drawn: eight by four and a half a cell."""
EACH = 10
"""Layouts of a performance."""
STEP_S, STEPS, DRAW_EVERY = 0.1, 4, 2
"""Of the scene; steps from one layout to the next; every so many of them is drawn, for particles' sake."""
EMPTY_SHARE = 0.06
HELD_EVERY = 10


def performance(
    stage: Stage, config: Config, looks: Sequence[LookConfig], number: int, seed: int
) -> Iterator[tuple[SceneState, ByteArray]]:
    """EACH moments of performance ``number``: the scene and its layout. The numbers decide all of it."""
    rng = np.random.default_rng([seed, number])
    names = shown_scenes()
    scene = Scene(
        config.scene.model_copy(
            update={"name": names[number % len(names)], "idle_next_s": 0.0, "size": float(rng.uniform(0.75, 1.4))}
        ),
        number,
        looks[int(rng.integers(len(looks)))],
    )
    people = 0 if rng.random() < EMPTY_SHARE else int(rng.choice([1, 2, 3], p=[0.55, 0.3, 0.15]))
    zoom = float(np.exp(rng.uniform(np.log(0.7), np.log(2.0))))
    visitors = Visitors(config, people, rng, zoom, float(rng.uniform(-0.2, 0.2)) / zoom)
    scene.look_through(visitors.frame_size)
    for n in range(EACH + 1):
        if n % 2 == 0:
            visitors.feel(rng)
        for step in range(n * STEPS, (n + 1) * STEPS):
            states, group = visitors.at(step * STEP_S)
            state = scene.update(states, group, step * STEP_S, STEP_S)
            if step % (4 * STEPS) == 0:
                stage.dress(state, rng)
            if (step + 1) % DRAW_EVERY == 0:
                stage.draw(state)
        # The first moments are all the form at rest.
        if n:
            yield state, stage.layout(state)


def shown_scenes() -> list[str]:
    """The scenes whose shapes compose pictures: no camera's picture, no painting hung up. Raises SceneFileError."""
    scenes = [load_scene(name) for name in scene_names()]
    return [scene.name for scene in scenes if scene.composes and not scene.camera]


def is_held(number: int) -> bool:
    """Whether performance ``number`` is held out: every tenth of each scene."""
    return number // len(shown_scenes()) % HELD_EVERY == HELD_EVERY - 1


def affect_asked(scene: SceneState) -> FloatArray:
    """(4,) float32: the affect that a picture for ``scene`` is asked for."""
    return affect_of(TextureRequest(scene.t_s, scene.emotion, scene.valence, scene.arousal))


def render(config: Config, looks: Sequence[LookConfig], count: int, seed: int, stop: Stop) -> dict[str, np.ndarray]:
    """The arrays of the file, ``count`` rows or fewer where the end was asked for. Raises DisplayError."""
    layouts: list[ByteArray] = []
    affects: list[FloatArray] = []
    scenes: list[str] = []
    numbers: list[int] = []
    stage = Stage(config, SIZE, seed)
    try:
        with tqdm(total=count, unit="layout") as progress:
            while len(layouts) < count and not stop.is_set:
                number = len(layouts) // EACH
                for scene, layout in performance(stage, config, looks, number, seed):
                    layouts.append(layout)
                    affects.append(affect_asked(scene))
                    scenes.append(scene.scene)
                    numbers.append(number)
                progress.update(min(EACH, count - progress.n))
    finally:
        stage.close()
    return {
        "layouts": np.array(layouts, np.uint8)[:count],
        "affects": np.array(affects, np.float16)[:count],
        "scenes": np.array(scenes)[:count],
        "performances": np.array(numbers, np.int32)[:count],
        "held": np.array([is_held(number) for number in numbers])[:count],
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Render them; gives the exit code: 0 good, 2 bad input."""
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} evaluate layouts", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="an .npz file")
    parser.add_argument("--count", type=int, default=4000, metavar="N", help="layouts (default 4000)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of everything random (default 1)")
    parser.add_argument("--config", type=Path, default=PROJECT / "config.yaml", help="whose scenes are drawn")
    options = parser.parse_args(argv)
    if options.count < 1 or options.out.suffix != ".npz":
        parser.error("--count must be 1 or more, --out a file that ends in .npz")
    try:
        config = load_config(options.config)
        looks = [load_config(options.config, overrides={"look.name": name}).look for name in look_names()]
        with stop_on_signals() as stop:
            found = render(config, looks, options.count, options.seed, stop)
        if len(found["layouts"]) == 0:
            return STOPPED
        data = io.BytesIO()
        np.savez_compressed(data, allow_pickle=False, **found)
        write_whole(options.out, data.getvalue())
    except (ConfigError, SceneFileError, DisplayError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return STOPPED
    print(summary(options.out, found))
    return 0


def summary(path: Path, found: dict[str, np.ndarray]) -> str:
    """What the file holds, for a person."""
    cover = found["layouts"][..., 3].mean(axis=(1, 2)) / 255
    names, counts = np.unique(found["scenes"], return_counts=True)
    of_scenes = ", ".join(
        f"{name} {count} ({cover[found['scenes'] == name].mean():.2f})" for name, count in zip(names, counts)
    )
    return (
        f"{path}: {len(cover)} layouts, {int(found['held'].sum())} held out; shapes cover {cover.mean():.2f} of a layout,\n"
        f"under .02 in {(cover < 0.02).mean():.1%}; by scene (cover): {of_scenes}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
