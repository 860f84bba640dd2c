"""``run.py evaluate strips``: ten seconds of every scene with visitors of films, near, half and far, as strips.

    run.py evaluate strips FILM FILM FILM --out docs/strips

Each scene becomes a JPEG: for each film a row of eight pictures, the first film near, the second half, the third far, and so
on; ``--all`` gives every film at every distance. The visitors' own emotions are shown.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
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
from installation.evaluation.contact_sheet import store
from installation.evaluation.filmed import HEAD_HEIGHTS, FilmStage, Moment, film, play
from installation.evaluation.presence import EvaluationError
from installation.render.surface import DisplayError
from installation.types import ByteArray

SECONDS, PICTURES = 10.0, 8
DRAWN = 20
"""So many pictures before each that is kept are drawn, the others are not: particles have a past on the graphics card only."""


def strip(config: Config, name: str, moments: Sequence[Moment], size: tuple[int, int], seed: int) -> ByteArray:
    """(H, PICTURES * W, 3) uint8 sRGB: scene ``name`` at even times of ``moments``. Raises DisplayError, UnusableModelError."""
    kept = np.linspace(0, len(moments) - 1, PICTURES + 1).astype(int)[1:]
    stage, pictures = FilmStage(config, size, "medium", seed), []
    try:
        stage.dress(None, seed)
        for n, (moment, scene) in enumerate(play(config, name, moments, None, seed)):
            if n % 4 == 0 or (kept - n)[kept >= n].min(initial=DRAWN) < DRAWN:
                stage.draw(scene, moment.silhouette)
            if n in kept:
                pictures.append(stage.rgb())
    finally:
        stage.close()
    return np.hstack(pictures)


def main(argv: list[str] | None = None) -> int:
    """Draw the strips; gives the exit code."""
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} evaluate strips", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("films", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="folder for a JPEG of each scene")
    parser.add_argument("--all", action="store_true", help="every film at every distance")
    parser.add_argument("--scenes", nargs="+", choices=scene_names(), default=scene_names(), help="default: all")
    parser.add_argument("--size", type=parse_size, default=(240, 135), help="of one picture; default 240x135")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--config", type=Path, default=PROJECT / "config.yaml")
    options = parser.parse_args(argv)
    distances = tuple(HEAD_HEIGHTS)
    rows = [(path, distances[n % len(distances)]) for n, path in enumerate(options.films)]
    if options.all:
        rows = [(path, distance) for path in options.films for distance in distances]
    try:
        config = load_config(options.config)
        options.out.mkdir(parents=True, exist_ok=True)
        seen = [film(path, config, distance, SECONDS) for path, distance in rows]
        for name in options.scenes:
            sheet = np.vstack([strip(config, name, moments, options.size, options.seed) for moments in seen])
            path = options.out / f"{name}.jpg"
            print(f"{path}: {store(sheet, path) // 1000} kB", flush=True)
    except (ConfigError, DisplayError, EvaluationError, ModelError, UnusableModelError, OSError, cv2.error) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
