"""Every scene in every emotion on one sheet, and how well the emotions can be distinguished.

    python -m installation.evaluation.contact_sheet                 the sheet, docs/contact_sheet.jpg
    python -m installation.evaluation.contact_sheet --measure       a line of figures for each scene

docs/look.md explains the figures.
"""

from __future__ import annotations

import os

# Mesa looks at this when it is loaded; the machine's other cores are not for looking at pictures.
os.environ.setdefault("LP_NUM_THREADS", "1")

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from installation.base.arguments import size as parse_size
from installation.base.files import PROJECT, ROOT
from installation.config.load import ConfigError, load_config
from installation.config.look import LOOK_NAMES
from installation.config.scene_files import scene_names
from installation.config.settings import Config
from installation.evaluation.booth import Booth
from installation.evaluation.look_measure import Telling, features, telling
from installation.render.surface import DisplayError
from installation.types import EMOTIONS, ByteArray

SHEET = ROOT / "docs" / "contact_sheet.jpg"
MAX_BYTES = 400_000
SHEET_SEED = 3
MARGIN_PX, LABEL_PX = 4, 22
PAPER = 12
INK = (150, 146, 140)


def sheet(config: Config, scenes: Sequence[str], size: tuple[int, int], seed: int) -> ByteArray:
    """(H, W, 3) uint8 sRGB: a row for each scene, a column for each of LOOK_NAMES, pictures of ``size`` (width, height).

    Raises DisplayError where nothing can be drawn.
    """
    width, height = size[0] + MARGIN_PX, size[1] + MARGIN_PX
    out = np.full((LABEL_PX + len(scenes) * height, LABEL_PX + len(LOOK_NAMES) * width, 3), PAPER, np.uint8)
    for column, mood in enumerate(LOOK_NAMES):
        _write(out, mood, LABEL_PX + column * width + 4, 15)
    names = np.full((LABEL_PX, out.shape[0], 3), PAPER, np.uint8)
    for row, name in enumerate(scenes):
        _write(names, name, out.shape[0] - LABEL_PX - (row + 1) * height + 4, 15)
        # A booth for each scene: particles of one must not remember another.
        booth = Booth(config, size)
        try:
            for column, mood in enumerate(LOOK_NAMES):
                y, x = LABEL_PX + row * height, LABEL_PX + column * width
                out[y : y + size[1], x : x + size[0]] = booth.pictures(name, mood, seed)[1]
        finally:
            booth.close()
    out[:, :LABEL_PX] = np.rot90(names)
    return out


def _write(picture: ByteArray, text: str, x: int, y: int) -> None:
    cv2.putText(picture, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.42, INK, 1, cv2.LINE_AA)


def store(picture: ByteArray, path: Path) -> int:
    """Write it as JPEG, as good as MAX_BYTES allow; gives its bytes. OSError where it cannot be written."""
    for quality in range(92, 30, -4):
        good, data = cv2.imencode(".jpg", picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
        if good and len(data) <= MAX_BYTES:
            path.write_bytes(data.tobytes())
            return len(data)
    raise OSError(f"{path} would be larger than {MAX_BYTES // 1000} kB; choose a smaller --size")


def measure(config: Config, scene: str, seeds: Sequence[int], size: tuple[int, int]) -> Telling:
    """Draw ``scene`` in each of the seven emotions for each seed, and say how far they can be distinguished."""
    rows, emotions, of_seeds = [], [], []
    booth = Booth(config, size)
    try:
        for seed in seeds:
            # In an order of its own for each seed: what particles keep of the picture before must not give it away.
            for emotion in np.random.default_rng([seed, 11]).permutation(EMOTIONS):
                rows.append(features(*booth.pictures(scene, str(emotion), seed)))
                emotions.append(str(emotion))
                of_seeds.append(seed)
    finally:
        booth.close()
    return telling(scene, np.stack(rows), emotions, of_seeds)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", nargs="+", choices=scene_names(), default=scene_names(), help="default: all")
    parser.add_argument(
        "--size", type=parse_size, default=None, help="of one picture; default 240x135, measured 192x108"
    )
    parser.add_argument("--out", type=Path, default=SHEET, help="default: docs/contact_sheet.jpg")
    parser.add_argument("--measure", action="store_true", help="print figures instead of drawing the sheet")
    parser.add_argument("--seeds", type=int, default=8, help="pictures of each emotion that are measured")
    parser.add_argument("--config", type=Path, default=PROJECT / "config.yaml", help="whose looks are drawn")
    return parser


def main(argv: list[str] | None = None) -> int:
    """Draw the sheet or measure; gives the exit code."""
    options = _parser().parse_args(argv)
    try:
        config = load_config(options.config)
        if not options.measure:
            size = options.size or (240, 135)
            written = store(sheet(config, options.scenes, size, SHEET_SEED), options.out)
            print(f"{options.out}: {written // 1000} kB")
            return 0
        print(
            "scene        closest pair           ratio  median ratio  told apart  by form alone  pictures   (chance 14 %)"
        )
        for name in options.scenes:
            found = measure(config, name, range(1, options.seeds + 1), options.size or (192, 108))
            pair = "-".join(found.worst)
            print(
                f"{name:12} {pair:20} {found.ratio:7.2f} {found.median_ratio:13.2f} {found.accuracy:11.0%}"
                f" {found.form_accuracy:14.0%} {found.pictures:9}",
                flush=True,
            )
    except (ConfigError, DisplayError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
