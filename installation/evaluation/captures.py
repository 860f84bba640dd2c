"""``run.py capture DIR``: thousands of small pictures of random scenes, for training what repaints them.

A sitting is a scene with its visitors (the simulated performer's bodies, in emotions drawn at random, mixtures too) and
gives some pictures; every few sittings also give a clip, successive pictures CLIP_STEP_S apart, on which flicker is
measured. ``index.tsv`` says of each what was shown. Stop it at any time: it resumes at the first sitting that is missing.
"""

from __future__ import annotations

import os

# Mesa looks at this when it is loaded.
os.environ.setdefault("LP_NUM_THREADS", "1")

import argparse
import csv
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from installation.base.clock import ManualClock
from installation.base.files import ROOT, write_whole
from installation.base.model_files import MODELS_DIR
from installation.base.notices import Notices
from installation.base.onnx_sessions import UnusableModelError
from installation.base.picture_file import write_bgr
from installation.capture.simulated.performer import MAX_PERFORMERS, PerformerScript
from installation.config.load import ConfigError, load_config
from installation.config.scene_files import scene_names
from installation.config.settings import Config
from installation.emotion.fusion import EmotionEstimator
from installation.emotion.group import Group
from installation.evaluation.booth import TEXTURE_PX
from installation.generation.affect import affect_of
from installation.generation.generator import TextureGenerator
from installation.generation.procedural import procedural_texture
from installation.render.renderer import Renderer
from installation.render.surface import DisplayError, Offscreen
from installation.scene.scene import Scene
from installation.training.interrupt import STOPPED, Stop, stop_on_signals
from installation.types import (
    EMOTIONS,
    ByteArray,
    EmotionEstimate,
    EmotionState,
    FloatArray,
    SceneState,
    TextureFrame,
    TextureRequest,
)

INDEX = "index.tsv"
COLUMNS = ("file", "kind", "sitting", "t_s", "scene", "people", *EMOTIONS, "valence", "arousal", "presence")
PICTURES = 10
"""Of a sitting."""
CLIP_EVERY, CLIP_FRAMES, CLIP_STEP_S = 6, 8, 1 / 30
"""Each sixth sitting gives a clip of eight pictures, a thirtieth of a second apart."""
STEP_S = 1 / 30
BETWEEN_STEPS = 18
"""Steps of the scene from one picture to the next: 0.6 s, in which the emotion moves on."""
DRAW_EVERY = 6
"""Of these steps every sixth is drawn, too: particles have a past on the graphics card only."""
EMPTY_SHARE = 0.08
"""So many sittings have nobody in them."""
LEFT_OUT = {"portrait"}
"""Draws the camera's picture: nothing here has one."""


class Studio:
    """Draws sittings at ``size_px`` squared. Raises DisplayError without OpenGL."""

    def __init__(self, config: Config, size_px: int, seed: int) -> None:
        self._config, self._seed = config, seed
        output = config.output.model_copy(update={"render_scale": 1.0, "quality": "medium", "background": "black"})
        self._surface = Offscreen((size_px, size_px))
        self._renderer = Renderer(self._surface, output, config.scene.parameters, Notices(ManualClock()))
        self._generator: TextureGenerator | None = None
        path = MODELS_DIR / config.generation.model
        try:
            self._generator = TextureGenerator(path, TEXTURE_PX, seed, config.generation.provider)
        except UnusableModelError as error:
            print(f"{error}; the procedural texture is worn", file=sys.stderr)

    def close(self) -> None:
        """Free everything."""
        self._renderer.close()
        self._surface.close()

    def sitting(self, number: int, pictures: int) -> Iterator[tuple[str, SceneState, int, ByteArray]]:
        """(kind, scene, people, picture (H, W, 3) uint8 sRGB) of each picture; the number decides all but the texture's
        fade. Kind is "picture" or "clip"."""
        rng = np.random.default_rng([self._seed, number])
        names = [name for name in scene_names() if name not in LEFT_OUT]
        scene = Scene(
            self._config.scene.model_copy(update={"name": names[number % len(names)]}), number, self._config.look
        )
        people = 0 if rng.random() < EMPTY_SHARE else int(rng.choice([1, 2, 3], p=[0.6, 0.25, 0.15]))
        visitors = Visitors(self._config, people, rng)
        scene.look_through(visitors.frame_size)
        clip = number % CLIP_EVERY == 0
        step = 0
        for n in range(pictures + 1):
            if n % 2 == 0:
                visitors.feel(rng)
            for _ in range(BETWEEN_STEPS):
                t_s = step * STEP_S
                states, group = visitors.at(t_s)
                state = scene.update(states, group, t_s, STEP_S)
                if n % 4 == 0 and step % BETWEEN_STEPS == 0:
                    self._dress(state, rng)
                step += 1
                if step % DRAW_EVERY == 0 or (clip and n == pictures):
                    picture = self._draw(state)
                if clip and n == pictures and step % BETWEEN_STEPS > BETWEEN_STEPS - 1 - CLIP_FRAMES:
                    yield "clip", state, len(states), picture
            if n < pictures:
                yield "picture", state, len(states), self._draw(state)
            elif not clip:
                return

    def _draw(self, scene: SceneState) -> ByteArray:
        self._renderer.draw(scene)
        self._surface.present(lambda: None)
        return self._renderer.read_rgb()

    def _dress(self, scene: SceneState, rng: np.random.Generator) -> None:
        request = TextureRequest(scene.t_s, scene.emotion, scene.valence, scene.arousal)
        affect, place = affect_of(request), float(rng.uniform(0, 8))
        if self._generator is None:
            rgba = procedural_texture(affect, place, TEXTURE_PX)
        else:
            rgba = self._generator.generate(affect, place)
        self._renderer.set_texture(TextureFrame(scene.t_s, 1, rgba, request, "capture", 0.0), scene.t_s - 60)


class Visitors:
    """The performer's bodies with emotions of ours."""

    def __init__(self, config: Config, people: int, rng: np.random.Generator) -> None:
        self._script = PerformerScript(int(rng.integers(1 << 30)), min(max(people, 1), MAX_PERFORMERS))
        self._people, self._start_s = people, float(rng.uniform(3, 50))
        self._estimator = EmotionEstimator(config.emotion, config.body, config.poses)
        self._group = Group(config.group)
        self._moods: list[tuple[FloatArray, float, float]] = []
        self.frame_size = self._script.observe(0.0, 0).frame_size

    def feel(self, rng: np.random.Generator) -> None:
        """Draw new emotions: mostly one with some of another, sometimes any mixture."""
        self._moods = []
        for _ in range(MAX_PERFORMERS):
            weights = np.full(len(EMOTIONS), 0.3)
            if rng.random() < 0.8:
                weights[rng.integers(len(EMOTIONS))] = 6.0
            probabilities = rng.dirichlet(weights).astype(np.float32)
            self._moods.append((probabilities, float(rng.uniform(-1, 1)), float(rng.uniform(-1, 1))))

    def at(self, t_s: float) -> tuple[tuple[EmotionState, ...], EmotionState | None]:
        """Who is there ``t_s`` seconds into the sitting, and the state of all."""
        if not self._people:
            return (), None
        found = self._estimator.estimate(self._script.observe(self._start_s + t_s, round(t_s / STEP_S)))
        states = tuple(self._felt(estimate, t_s) for estimate in found)
        return states, self._group.update(states, t_s)

    def _felt(self, estimate: EmotionEstimate, t_s: float) -> EmotionState:
        probabilities, valence, arousal = self._moods[estimate.person_id % len(self._moods)]
        return EmotionState(
            t_s=t_s,
            person_id=estimate.person_id,
            probabilities=probabilities,
            # Half what the emotions say, half chance: the two are not one in visitors either.
            valence=float(np.clip(0.5 * valence + 0.5 * estimate.valence, -1, 1)),
            arousal=float(np.clip(0.5 * arousal + 0.5 * estimate.arousal, -1, 1)),
            confidence=0.8,
            energy=estimate.energy,
            openness=estimate.openness,
            position=estimate.position,
            presence=min(1.0, 0.4 + t_s / 2),
            label=EMOTIONS[int(probabilities.argmax())],
            joints=estimate.joints,
            extent=estimate.extent,
        )


def sittings_done(index: Path) -> tuple[set[int], int]:
    """(finished sittings, pictures among them) of an index; rows of one that was cut off are taken out of the file."""
    if not index.is_file():
        return set(), 0
    with index.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if None not in row.values() and row["arousal"]]
    ended = {int(row["sitting"]) for row in rows if row["kind"] == "end"}
    kept = [row for row in rows if int(row["sitting"]) in ended]
    written = io.StringIO()
    writer = csv.DictWriter(written, COLUMNS, delimiter="\t")
    writer.writeheader()
    writer.writerows(kept)
    write_whole(index, written.getvalue().encode())
    return ended, sum(row["kind"] == "picture" for row in kept)


def row_of(file: str, kind: str, sitting: int, scene: SceneState, people: int) -> list[str]:
    """The index's row: COLUMNS."""
    numbers = [*scene.emotion.tolist(), scene.valence, scene.arousal, scene.presence]
    return [file, kind, str(sitting), f"{scene.t_s:.4f}", scene.scene, str(people), *(f"{n:.4f}" for n in numbers)]


def capture(config: Config, folder: Path, count: int, size_px: int, seed: int, stop: Stop) -> int:
    """Draw until ``folder`` has ``count`` pictures (clips come on top) or the end is asked for; gives how many it has.

    Raises DisplayError, OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    index = folder / INDEX
    done, there = sittings_done(index)
    if not index.is_file():
        index.write_text("\t".join(COLUMNS) + "\n", encoding="utf-8")
    studio = Studio(config, size_px, seed)
    number = 0
    try:
        with tqdm(total=count, initial=min(there, count), unit="picture") as progress:
            while there < count and not stop.is_set:
                if number not in done:
                    taken = _store(studio, folder, index, number, min(PICTURES, count - there))
                    there += taken
                    progress.update(taken)
                number += 1
    finally:
        studio.close()
    return there


def _store(studio: Studio, folder: Path, index: Path, number: int, pictures: int) -> int:
    rows, taken = [], 0
    last: list[str] = []
    for k, (kind, scene, people, rgb) in enumerate(studio.sitting(number, pictures)):
        name = f"{number:05d}_{k:02d}{'c' if kind == 'clip' else ''}.png"
        write_bgr(folder / name, np.ascontiguousarray(rgb[:, :, ::-1]))
        last = row_of(name, kind, number, scene, people)
        rows.append(last)
        taken += kind == "picture"
    rows.append(["", "end", *last[2:]])
    with index.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t").writerows(rows)
    return taken


def main(argv: Sequence[str] | None = None) -> int:
    """Draw the pictures; gives the exit code: 0 good, 2 bad input."""
    parser = argparse.ArgumentParser(
        prog="run.py capture", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="where pictures and index.tsv go")
    parser.add_argument("--count", type=int, default=2000, metavar="N", help="pictures (default 2000)")
    parser.add_argument("--size", type=int, default=256, metavar="PX", help="of a picture (default 256)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of everything random (default 1)")
    parser.add_argument("--config", type=Path, default=ROOT / "config.yaml", help="whose looks are drawn")
    options = parser.parse_args(argv)
    if options.count < 1 or not 64 <= options.size <= 2048:
        parser.error("--count must be 1 or more, --size 64 to 2048")
    try:
        config = load_config(options.config)
        with stop_on_signals() as stop:
            there = capture(config, options.folder, options.count, options.size, options.seed, stop)
    except (ConfigError, DisplayError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return STOPPED
    if there < options.count:
        print(f"stopped at {there} of {options.count} pictures; the same command resumes", file=sys.stderr)
        return STOPPED
    print(f"{options.folder}: {there} pictures")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
