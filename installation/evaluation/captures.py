"""``run.py capture DIR``: thousands of small pictures of random scenes, for training what repaints them.

A sitting is a scene with its visitors (the simulated performer's bodies, in emotions drawn at random, mixtures too) and
gives some pictures; every few sittings also give a clip, successive pictures CLIP_STEP_S apart, on which flicker is
measured. ``index.tsv`` says of each what was shown. Stop it at any time: it resumes at the first sitting that is missing.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from installation.base.files import ROOT, write_whole
from installation.base.picture_file import write_bgr
from installation.config.load import ConfigError, load_config
from installation.config.scene_files import scene_names
from installation.config.settings import Config
from installation.evaluation.sittings import LEFT_OUT, Stage, Visitors
from installation.render.surface import DisplayError
from installation.scene.scene import Scene
from installation.training.interrupt import STOPPED, Stop, stop_on_signals
from installation.types import (
    EMOTIONS,
    ByteArray,
    SceneState,
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


class Studio:
    """Draws sittings at ``size_px`` squared. Raises DisplayError without OpenGL."""

    def __init__(self, config: Config, size_px: int, seed: int) -> None:
        self._config, self._seed = config, seed
        self._stage = Stage(config, (size_px, size_px), seed)

    def close(self) -> None:
        """Free everything."""
        self._stage.close()

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
                    self._stage.dress(state, rng)
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
        self._stage.draw(scene)
        return self._stage.rgb()


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
