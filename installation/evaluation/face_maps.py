"""``run.py evaluate maps``: where in a face the expression network, or the drawn-face network, looks.

    run.py evaluate maps PICTURE ...           faces that are found in pictures, read by the expression network
    run.py evaluate maps --drawn PICTURE ...   pictures of drawn faces, read by the drawn-face network
    run.py evaluate maps --by-rule             faces drawn by rule, read by the drawn-face network: nobody's

Both end in a mean over the place and one dense layer, so a class activation map (Zhou et al. 2016) is exact: what each place
adds to a word's logit. Its cells are a third of a face; it is taken of the face in sixteen places and put together.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from installation.base.files import ROOT
from installation.base.model_files import ModelError, model_path
from installation.evaluation.contact_sheet import store
from installation.perception.depicted import FACE_PX
from installation.perception.expression import crop_face
from installation.perception.landmarkers import FaceFinder
from installation.training.drawn.by_rule import drawn_faces
from installation.training.drawn.data import read_drawing
from installation.training.drawn.maps import Looked, look
from installation.training.drawn.net import Expression
from installation.training.running import DataError, run
from installation.types import DEPICTED, EMOTIONS, ByteArray, FloatArray

TILE_PX, LABEL_PX = 144, 22
ACROSS = 4
LARGEST_PX = 1280


@dataclass(frozen=True, eq=False)
class Face:
    """A face (S, S, 3) uint8 sRGB and where it is from."""

    rgb: ByteArray
    name: str


def tile(face: Face, found: Looked) -> ByteArray:
    """The face, and where the two words that are read most come from (warm: for it, cold: against it)."""
    first, second = (int(k) for k in np.argsort(-found.shares)[:2])
    plain = np.asarray(cv2.resize(face.rgb, (TILE_PX, TILE_PX), interpolation=cv2.INTER_AREA), np.uint8)
    label = np.full((LABEL_PX, 3 * TILE_PX, 3), 14, np.uint8)
    words = [f"{found.words[k]} {found.shares[k]:.2f}" for k in (first, second)]
    for number, text in enumerate((face.name[:22], *words)):
        place = (number * TILE_PX + 4, 15)
        cv2.putText(label, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.36, (190, 186, 180), 1, cv2.LINE_AA)
    return np.concatenate(
        [np.concatenate([plain, _mapped(plain, found, first), _mapped(plain, found, second)], axis=1), label]
    )


def _mapped(plain: ByteArray, found: Looked, word: int) -> ByteArray:
    """``plain`` with what speaks for and against ``word``, beside the mean of all words: what speaks for each says nothing."""
    own = found.maps[:, :, word] - found.maps.mean(axis=2)
    strength = np.clip(own / max(float(np.abs(own).max()), 1e-6), -1, 1)
    warm = cv2.resize(strength, plain.shape[:2], interpolation=cv2.INTER_CUBIC)[:, :, None]
    grey = cv2.cvtColor(cv2.cvtColor(plain, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB).astype(np.float32)
    colour = np.where(warm > 0, np.array([255, 110, 20], np.float32), np.array([40, 110, 255], np.float32))
    share = 0.65 * np.clip(np.abs(warm), 0, 1)
    return np.asarray(np.clip(grey * (1 - share) + colour * share, 0, 255), np.uint8)


def sheet(tiles: Sequence[ByteArray], across: int) -> ByteArray:
    """All of them, ``across`` to a row."""
    height, width = tiles[0].shape[:2]
    rows = -(-len(tiles) // across)
    out = np.full((rows * (height + 4), across * (width + 4), 3), 14, np.uint8)
    for number, one in enumerate(tiles):
        y, x = number // across * (height + 4), number % across * (width + 4)
        out[y : y + height, x : x + width] = one
    return out


def faces_in(paths: Sequence[Path], smallest_px: int) -> Iterator[Face]:
    """The largest face that is found in each picture, cut out as the piece does. Says where there is none."""
    for path in paths:
        bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if bgr is None:
            raise DataError(f"{path} is no picture that can be read")
        scale = min(1.0, LARGEST_PX / max(bgr.shape[:2]))
        rgb = np.ascontiguousarray(cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)[:, :, ::-1])
        found = _largest(rgb)
        if found is None or np.ptp(found, axis=0).min() < smallest_px:
            print(f"{path}: no face of {smallest_px} pixels is found")
            continue
        yield Face(crop_face(rgb, found), path.stem[:30])


def _largest(rgb: ByteArray) -> FloatArray | None:
    """(478, 2) pixels of the largest face."""
    finder = FaceFinder(0.5, 4, blendshapes=False)
    try:
        found = [landmarks[:, :2] * np.array(rgb.shape[1::-1], np.float32) for landmarks, _ in finder.find(rgb)]
    finally:
        finder.close()
    return max(found, key=lambda one: float(np.ptp(one, axis=0).prod()), default=None)


def main(argv: Sequence[str] | None = None) -> int:
    """Give the exit code."""
    style = argparse.RawTextHelpFormatter
    made = argparse.ArgumentParser(prog="run.py evaluate maps", description=__doc__, formatter_class=style)
    made.add_argument("pictures", nargs="*", type=Path, metavar="PICTURE")
    made.add_argument("--drawn", action="store_true", help="the pictures are drawn faces")
    made.add_argument("--by-rule", action="store_true", help="faces drawn by rule, two of each word")
    made.add_argument("--smallest", type=int, default=60, metavar="PX", help="faces below this are left out")
    made.add_argument("--out", type=Path, default=ROOT / "runs" / "maps.jpg", help="the sheet, JPEG")
    options = made.parse_args(argv)
    if not options.pictures and not options.by_rule:
        made.error("name a PICTURE, or --by-rule")
    return run(lambda: draw(options), bad_input=(ModelError,))


def draw(options: argparse.Namespace) -> None:
    """Write the sheet. Raises DataError where no face is found."""
    if options.by_rule:
        faces = [Face(one, "") for label in DEPICTED for one in drawn_faces(label, 2, 8)]
    elif options.drawn:
        faces = [Face(read_drawing(path), path.stem[:30]) for path in options.pictures]
    else:
        faces = list(faces_in(options.pictures, options.smallest))
    if not faces:
        raise DataError("there is no face to look at")
    drawn = options.drawn or options.by_rule
    net = Expression(model_path("drawn" if drawn else "expression"))
    words = DEPICTED if drawn else EMOTIONS
    tiles = []
    for face in faces:
        grey = cv2.resize(cv2.cvtColor(face.rgb, cv2.COLOR_RGB2GRAY), (FACE_PX, FACE_PX), interpolation=cv2.INTER_AREA)
        tiles.append(tile(face, look(net, np.asarray(grey, np.uint8), words)))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    written = store(sheet(tiles, min(ACROSS, len(tiles))), options.out)
    print(f"{options.out}: {len(tiles)} faces, {written // 1000} kB")
