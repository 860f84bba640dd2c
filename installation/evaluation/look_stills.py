"""``run.py evaluate look``: stills of every scene in every mood, for eyes that know nothing of the piece, and what they said.

    run.py evaluate look --stills FOLDER [FILM ...]   draws them, numbered in random order, in colour and in grey
    run.py evaluate look --judged FOLDER              reads the marks again and prints the figures

Each still shows a performer, whole, to the hips or head and shoulders; with films, their visitors near, half and far as well,
in turn. Nothing is picked out. A machine whose processor draws has few pixels; ``--card`` draws all of them, as a
graphics card would. ``colour`` and ``grey`` in the folder hold the pictures under numbers that say nothing, ``key.csv`` what
each is; a judge writes ``colour.csv`` and ``grey.csv`` (number, mood, beauty from 1 to 5), and never sees the key.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from installation.base.arguments import size as parse_size
from installation.base.files import PROGRAM, PROJECT
from installation.base.model_files import ModelError
from installation.base.onnx_sessions import UnusableModelError
from installation.config.load import ConfigError, load_config
from installation.config.scene_files import scene_names
from installation.config.settings import Config
from installation.evaluation.filmed import HEAD_HEIGHTS, FilmStage, Moment, film, performed, play
from installation.evaluation.presence import EvaluationError
from installation.render.surface import DisplayError
from installation.types import EMOTIONS, ByteArray

WAYS = ("colour", "grey")
ZOOMS = {"whole": 1.0, "half": 1.9, "bust": 3.2}
FILM_S = 4.0
DRAWN = 50
"""So many pictures before the still are drawn one by one, the earlier ones every fifth."""


@dataclass(frozen=True)
class Judged:
    """What a judge said of a still."""

    scene: str
    mood: str
    said: str
    beauty: float


def draw(
    config: Config,
    scene: str,
    mood: str,
    moments: Sequence[Moment],
    size: tuple[int, int],
    seed: int,
    card: bool = False,
) -> ByteArray:
    """(H, W, 3) uint8 sRGB: ``scene`` at the end of ``moments`` in ``mood``; ``card`` as in FilmStage. Raises DisplayError,
    UnusableModelError."""
    stage = FilmStage(config, size, "medium", seed, card)
    try:
        stage.dress(mood, seed)
        run = list(play(config, scene, moments, mood, seed))
        for n, (moment, state) in enumerate(run):
            if n >= len(run) - DRAWN or n % 5 == 0:
                stage.draw(state, moment.silhouette)
        return stage.rgb()
    finally:
        stage.close()


def visitors(config: Config, films: Sequence[Path]) -> dict[str, list[Moment]]:
    """Each film's visitors at each distance, by "film, distance". Raises EvaluationError, ModelError."""
    return {
        f"{path.stem}, {distance}": film(path, config, distance, FILM_S) for path in films for distance in HEAD_HEIGHTS
    }


def store_stills(
    config: Config,
    scenes: Sequence[str],
    films: Sequence[Path],
    folder: Path,
    size: tuple[int, int],
    seed: int,
    card: bool = False,
) -> int:
    """Draw all into ``folder``, with their key; gives how many. Raises as ``draw`` and ``visitors`` do, and OSError."""
    rng = np.random.default_rng(seed)
    filmed = visitors(config, films)
    stills = [(scene, mood) for scene in scenes for mood in EMOTIONS]
    numbers = {way: rng.permutation(len(stills)) + 1 for way in WAYS}
    for way in WAYS:
        (folder / way).mkdir(parents=True, exist_ok=True)
    rows = []
    for n, (scene, mood) in enumerate(stills):
        words = [*ZOOMS, *filmed]
        who = words[(n + n // len(words)) % len(words)]
        own_seed = int(rng.integers(1, 1 << 30))
        moments = filmed[who] if who in filmed else performed(config, mood, own_seed % 97, ZOOMS[who])
        rgb = draw(config, scene, mood, moments, size, own_seed, card)
        grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
        for way, picture in (("colour", rgb[:, :, ::-1]), ("grey", grey)):
            path = folder / way / f"{numbers[way][n]:03d}.png"
            if not cv2.imwrite(str(path), picture):
                raise OSError(f"{path} cannot be written")
        rows.append([int(numbers["colour"][n]), int(numbers["grey"][n]), scene, mood, who, own_seed])
        print(f"{n + 1} of {len(stills)}: {scene}, {mood}, {who}", flush=True)
    with (folder / "key.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([[*WAYS, "scene", "mood", "who", "seed"], *rows])
    return len(stills)


def read_judged(folder: Path, way: str) -> list[Judged]:
    """What stands in ``way``.csv, with the key. Raises OSError, EvaluationError for what is not readable."""
    with (folder / "key.csv").open(encoding="utf-8") as file:
        key = {int(row[way]): row for row in csv.DictReader(file)}
    path, found = folder / f"{way}.csv", []
    with path.open(encoding="utf-8") as file:
        for line, row in enumerate(csv.reader(file), 1):
            if line == 1 and not row[0].strip().isdigit():
                continue
            try:
                of, said, beauty = key[int(row[0])], row[1].strip().lower(), float(row[2])
            except (KeyError, ValueError, IndexError) as error:
                raise EvaluationError(
                    f"{path}:{line}: is number, mood, beauty of a still in key.csv; found {','.join(row)}"
                ) from error
            if said not in EMOTIONS or not 1 <= beauty <= 5:
                raise EvaluationError(f"{path}:{line}: the mood is one of {', '.join(EMOTIONS)}, beauty 1 to 5")
            found.append(Judged(of["scene"], of["mood"], said, beauty))
    return found


def figures(judged: Sequence[Judged]) -> str:
    """Beauty by scene, and how often each mood is named right."""
    by_scene: dict[str, list[Judged]] = defaultdict(list)
    by_mood: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        by_scene[one.scene].append(one)
        by_mood[one.mood].append(one)
    lines = [
        f"beauty {_mean([one.beauty for one in judged]):.2f}, moods named right {_right(judged):.0%} of {len(judged)}"
    ]
    for scene, those in by_scene.items():
        lines.append(f"  {scene:11} beauty {_mean([one.beauty for one in those]):.2f}, named right {_right(those):.0%}")
    for mood, those in by_mood.items():
        wrong = sorted({one.said for one in those if one.said != mood})
        lines.append(
            f"  {mood:11} named right {_right(those):.0%}" + (f"; also called {', '.join(wrong)}" if wrong else "")
        )
    return "\n".join(lines)


def _mean(numbers: Sequence[float]) -> float:
    return float(np.mean(numbers))


def _right(judged: Sequence[Judged]) -> float:
    return float(np.mean([one.said == one.mood for one in judged]))


def main(argv: list[str] | None = None) -> int:
    """Draw stills, or print what was said of them; gives the exit code."""
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} evaluate look", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("films", nargs="*", type=Path, help="films whose visitors are drawn as well")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--stills", type=Path, metavar="FOLDER", help="draw into it")
    what.add_argument("--judged", type=Path, metavar="FOLDER", help="print the figures of what was said")
    parser.add_argument("--scenes", nargs="+", choices=scene_names(), default=scene_names(), help="default: all")
    parser.add_argument("--size", type=parse_size, default=(960, 540), help="of one still; default 960x540")
    parser.add_argument("--card", action="store_true", help="as a graphics card draws them: all pixels, all detail")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--config", type=Path, default=PROJECT / "config.yaml", help="whose looks are drawn")
    options = parser.parse_args(argv)
    try:
        if options.judged is not None:
            for way in WAYS:
                if (options.judged / f"{way}.csv").exists():
                    print(f"{way}: {figures(read_judged(options.judged, way))}")
            return 0
        config = load_config(options.config)
        count = store_stills(
            config, options.scenes, options.films, options.stills, options.size, options.seed, options.card
        )
        print(f"{options.stills}: {count} stills")
    except (ConfigError, DisplayError, EvaluationError, ModelError, UnusableModelError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
