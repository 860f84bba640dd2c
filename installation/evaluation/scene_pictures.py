"""The small pictures by which the operator's page shows the scenes: each in a mood that suits it.

python -m installation.evaluation.scene_pictures --write                  all of them, into installation/desk/static/scenes
python -m installation.evaluation.scene_pictures --write --scenes mask    this one alone
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from installation.base.files import ROOT, write_whole
from installation.base.model_files import ModelError
from installation.base.onnx_sessions import UnusableModelError
from installation.base.picture_file import jpeg
from installation.config.load import ConfigError, load_config
from installation.config.scene_files import scene_names
from installation.config.settings import Config
from installation.evaluation.filmed import performed
from installation.evaluation.look_stills import draw
from installation.render.surface import DisplayError
from installation.types import ByteArray

FOLDER = ROOT / "installation" / "desk" / "static" / "scenes"
SIZE_PX = (320, 180)
DRAWN_AT = 2
"""Drawn so many times larger and then shrunk: fine lines stay."""
QUALITY = 82
SEED = 7
MOODS = {
    "blossom": "happy",
    "sculpture": "surprise",
    "mask": "happy",
    "supershape": "happy",
    "crystals": "surprise",
    "swarm": "angry",
    "atelier": "happy",
    "aurora": "neutral",
    "landscape": "sad",
    "portrait": "surprise",
}
"""What each scene is shown in; one that is not named here in "happy"."""


def picture(config: Config, scene: str) -> ByteArray:
    """(180, 320, 3) uint8 sRGB: ``scene`` with one visitor. Raises DisplayError, UnusableModelError."""
    mood = MOODS.get(scene, "happy")
    size = (SIZE_PX[0] * DRAWN_AT, SIZE_PX[1] * DRAWN_AT)
    rgb = draw(config, scene, mood, performed(config, mood, SEED, 1.0), size, SEED)
    return np.asarray(cv2.resize(rgb, SIZE_PX, interpolation=cv2.INTER_AREA), np.uint8)


def write(config: Config, scenes: Sequence[str], folder: Path) -> None:
    """Draw ``scenes`` into ``folder``. Raises as ``picture`` does, and OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    for scene in scenes:
        data = jpeg(picture(config, scene), QUALITY)
        write_whole(folder / f"{scene}.jpg", data)
        print(f"{scene}: {len(data) / 1000:.0f} kB", flush=True)


def main(argv: list[str] | None = None) -> int:
    """Draw the pictures; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", required=True, help=f"into {FOLDER.relative_to(ROOT)}")
    parser.add_argument("--scenes", nargs="+", choices=scene_names(), default=scene_names(), help="default: all")
    options = parser.parse_args(argv)
    try:
        write(load_config(ROOT / "config.yaml"), options.scenes, FOLDER)
    except (ConfigError, DisplayError, ModelError, UnusableModelError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
