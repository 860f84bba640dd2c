"""Chooses paintings for each emotion and stores the numbers of their manner.

    python3 run.py train styles --data FOLDER [--each 3] [--by evoked]

Every painting's manner is put on the same plain texture. For an emotion those paintings are taken with which that came out
nearest to what the piece depicts the emotion by (the table of installation/generation/affect.py); none is taken twice. With
``--by evoked`` an emotion gets the paintings that evoke it most, by models/art.onnx (neutral those that evoke least). Only 100
numbers a painting are stored, no picture.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from installation.base.arguments import whole
from installation.base.files import PROJECT
from installation.base.model_files import ModelError, model_path
from installation.base.onnx_sessions import UnusableModelError
from installation.base.picture_file import read_bgr
from installation.generation.affect import DEPICTED
from installation.generation.evoked import ANSWER, EVOKED, EvokedReader
from installation.generation.picture_features import features
from installation.generation.procedural import procedural_texture
from installation.generation.style_networks import SEEN_PX, StyleReader, Stylist
from installation.generation.style_table import PICTURES, StyleTable
from installation.training.running import run
from installation.types import EMOTIONS, ByteArray, FloatArray


def nearest(measured: FloatArray, each: int) -> dict[str, list[int]]:
    """For each emotion the indices of the ``each`` paintings nearest to it, of (N, 4) features; emotions take turns."""
    spread = (measured - measured.mean(0)) / (2 * measured.std(0) + 1e-6)
    return in_turns(np.linalg.norm(spread[None] - DEPICTED[:, None], axis=2), each)


def evoking(standing: FloatArray, each: int) -> dict[str, list[int]]:
    """The same by what the paintings evoke: (N, 20) as EvokedReader.standing gives it."""
    apart = np.empty((len(EMOTIONS), len(standing)), np.float32)
    for row, name in enumerate(EMOTIONS):
        answer = ANSWER.get(name)
        apart[row] = np.abs(standing).mean(1) if answer is None else -standing[:, EVOKED.index(answer)]
    return in_turns(apart, each)


def in_turns(apart: FloatArray, each: int) -> dict[str, list[int]]:
    """For each emotion the indices of the ``each`` paintings that are the least ``apart`` (7, N); none is taken twice."""
    apart = apart.copy()
    chosen: dict[str, list[int]] = {name: [] for name in EMOTIONS}
    for _ in range(each):
        for row, name in enumerate(EMOTIONS):
            best = int(np.argmin(apart[row]))
            chosen[name].append(best)
            apart[:, best] = np.inf
    return chosen


def load(folder: Path) -> tuple[list[Path], list[ByteArray]]:
    """Files and their pictures. Raises ValueError for a folder without enough of them."""
    files, read = [], []
    for path in sorted(folder.glob("*")):
        bgr = read_bgr(path) if path.suffix.lower() in PICTURES else None
        if bgr is not None:
            files.append(path)
            read.append(np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8))
    if len(files) < len(EMOTIONS):
        raise ValueError(f"{folder} has {len(files)} pictures that can be read; {len(EMOTIONS)} are the least")
    return files, read


def main(argv: Sequence[str] | None = None) -> int:
    """Write the table and print which paintings it comes from; gives the exit code: 0 good, 2 bad input, 130 stopped."""
    parser = argparse.ArgumentParser(prog="styles", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of paintings")
    parser.add_argument("--each", type=whole, default=3, help="paintings for each emotion")
    parser.add_argument("--by", choices=("manner", "evoked"), default="manner", help="what a painting is chosen by")
    parser.add_argument("--file", type=Path, default=PROJECT / "models" / "styles.npz")
    options = parser.parse_args(argv)
    return run(lambda: _choose(options), threads=None, bad_input=(ModelError, UnusableModelError))


def _choose(options: argparse.Namespace) -> None:
    files, pictures = load(options.data)
    reader, stylist = StyleReader(model_path("style_predict")), Stylist(model_path("style_transform"))
    styles = np.stack([reader.read(picture) for picture in pictures])
    each = min(options.each, len(files) // len(EMOTIONS))
    if options.by == "evoked":
        art = EvokedReader(model_path("art"))
        chosen = evoking(np.stack([art.standing(art.shares(picture)) for picture in pictures]), each)
    else:
        plain = procedural_texture(np.zeros(4, np.float32), 0.0, SEEN_PX)
        chosen = nearest(np.stack([features(stylist.texture(plain, style)) for style in styles]), each)
    StyleTable({name: styles[rows] for name, rows in chosen.items()}).save(options.file)
    for name, rows in chosen.items():
        print(f"{name:10} {', '.join(files[n].stem for n in rows)}")


if __name__ == "__main__":
    raise SystemExit(main())
