"""``run.py gallery NAME``: all emotions on one sheet, painted by models/NAME.onnx.

    python3 run.py gallery NAME [--size 256] [--columns 5] [--file FILE]

A texture generator paints through the very code that paints in the running piece: an emotion becomes an affect, the walk
through the latent space goes on from column to column. The small generators for comparison paint their 64 pixels.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from installation.base.files import PROGRAM, PROJECT
from installation.base.model_files import model_file
from installation.base.onnx_sessions import UnusableModelError
from installation.base.picture_file import write_bgr
from installation.generation.affect import affect_of
from installation.generation.generator import CELL_PX, TextureGenerator
from installation.training.running import run
from installation.training.sheets import sheet_of
from installation.training.texture_check import INPUTS, session_of
from installation.types import EMOTIONS, ByteArray, TextureRequest

GALLERY = PROJECT / "runs" / "gallery"
FILES = {".jpg", ".jpeg", ".png"}
STEP_KEYS = 2.0
"""From one column to the next, so far along the walk that the pictures have nothing in common but the emotion."""


def textures(model: Path, size_px: int, columns: int, seed: int = 1) -> ByteArray:
    """(7, columns, S, S, 3) uint8 sRGB by the running piece's own generator. Raises UnusableModelError for another model."""
    generator = TextureGenerator(model, size_px, seed)
    out = np.empty((len(EMOTIONS), columns, size_px, size_px, 3), np.uint8)
    for row in range(len(EMOTIONS)):
        emotion = np.eye(len(EMOTIONS), dtype=np.float32)[row]
        affect = affect_of(TextureRequest(0.0, emotion, 0.0, 0.0))
        for column in range(columns):
            out[row, column] = generator.generate(affect, STEP_KEYS * column)[:, :, :3]
    return out


def small(model: Path, columns: int) -> ByteArray:
    """(7, columns, 64, 64, 3) uint8 by a generator for comparison. Raises ValueError for another model."""
    from installation.training.simple_gan_export import paint

    made = paint(model, np.repeat(np.arange(len(EMOTIONS)), columns))
    return made.reshape(len(EMOTIONS), columns, *made.shape[1:])


def draw(model: Path, size_px: int, columns: int) -> ByteArray:
    """The sheet of a model.

    Raises ValueError or UnusableModelError for a file that is missing, broken or of another kind.
    """
    if not model.is_file():
        raise ValueError(f"{model} is not there; export a run first: python3 run.py export {model.stem}")
    inputs = {entry.name for entry in session_of(model).get_inputs()}
    if inputs == set(INPUTS):
        return sheet_of(textures(model, size_px, columns), EMOTIONS)
    return sheet_of(small(model, columns), EMOTIONS if "label" in inputs else ())


def parser() -> argparse.ArgumentParser:
    """Options of ``run.py gallery``."""
    made = argparse.ArgumentParser(
        prog=f"{PROGRAM} gallery", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("name", help="a model in models/, without .onnx, or the path of an ONNX file")
    made.add_argument(
        "--size", type=_size, default=256, help=f"pixels of a texture, a multiple of {CELL_PX} (default 256)"
    )
    made.add_argument("--columns", type=_columns, default=5, help="pictures an emotion (default 5)")
    made.add_argument("--file", type=Path, help="JPEG or PNG to write (default: runs/gallery/NAME.jpg)")
    return made


def _size(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 64 <= int(text) <= 2048 and int(text) % CELL_PX == 0):
        raise argparse.ArgumentTypeError(f"must be a multiple of {CELL_PX} from 64 to 2048, not {text!r}")
    return int(text)


def _columns(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 40):
        raise argparse.ArgumentTypeError(f"must be a number from 1 to 40, not {text!r}")
    return int(text)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit code: 0 good, 2 bad input, 130 stopped."""
    options = parser().parse_args(argv)
    return run(lambda: _gallery(options), bad_input=(UnusableModelError,), stopped="stopped; nothing was written")


def _gallery(options: argparse.Namespace) -> None:
    model = Path(options.name) if options.name.endswith(".onnx") else model_file(f"{options.name}.onnx")
    file = options.file if options.file is not None else GALLERY / f"{model.stem}.jpg"
    if file.suffix.lower() not in FILES:
        raise ValueError(f"{file} cannot be written: its name must end in .jpg or .png")
    bgr = cv2.cvtColor(draw(model, options.size, options.columns), cv2.COLOR_RGB2BGR)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_bgr(file, np.asarray(bgr, np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 90])
    print(f"{file} written")


if __name__ == "__main__":
    raise SystemExit(main())
