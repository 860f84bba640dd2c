"""Training faces from a folder: FER-2013's archive, or your own pictures, sorted by emotion."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from installation.perception.expression import FACE_SIZE
from installation.training.fer import IntArray, load_faces, split
from installation.training.fer_votes import has_enough, load_votes, stand_in
from installation.training.pack_faces import PACK, load_labelled, load_sets
from installation.types import EMOTIONS, ByteArray, FloatArray

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp")
VALIDATION_SHARE = 0.1
SPLIT_SEED = 2013
NAMED = 10
"""How many pictures that cannot be read are named."""


@dataclass(frozen=True)
class TrainingFaces:
    """``images`` (N, 48, 48) uint8 grey, ``labels`` (N,) in the order of ``EMOTIONS``, ``votes`` (N, 10) as in FER+.

    ``asked`` False says that nobody was asked: ten votes for the label stand in. ``rows`` (N,) tells where each face was
    in the archive before those with too few votes were left out.
    """

    images: ByteArray
    labels: IntArray
    votes: FloatArray
    asked: bool
    rows: IntArray

    @property
    def fingerprint(self) -> str:
        """Sixteen hex digits that identify this set of faces."""
        parts = (self.images, self.labels.astype(np.int64), self.votes.astype(np.float32))
        return hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()[:16]

    def split(self) -> tuple[IntArray, IntArray]:
        """Rows (to learn from, held out), the same for every training; a tenth of every emotion is held out."""
        return split(self.images, self.labels, VALIDATION_SHARE, SPLIT_SEED)


def without_votes(images: ByteArray, labels: IntArray) -> TrainingFaces:
    """Faces of which only the label is known."""
    return TrainingFaces(images, labels, stand_in(labels), False, np.arange(len(labels)))


def load_training(folder: Path) -> TrainingFaces:
    """Faces and what is said of them, from either kind of folder.

    With train.npz or faces.npz: that; where it has votes, the faces with at least three for one of the seven. Else pictures in
    FOLDER/EMOTION/ and folders below it, of any size, grey or colour; each should be a face as ``crop_face`` cuts it,
    upright and filling the picture from brow to chin. What is not square is cut to the square in its middle; then all are
    brought to 48 x 48. Pictures that cannot be read are named and left out.

    Raises FileNotFoundError or ValueError, with what to do.
    """
    if (folder / "train.npz").is_file() or (folder / PACK).is_file():
        return _from_archive(folder)
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is no folder; --data wants train.npz in it or a folder for each emotion")
    from tqdm import tqdm  # a machine that only trains from an archive may lack it

    files = _pictures(folder)
    images, labels, broken = [], [], []
    for path, label in tqdm(files, desc="reading", unit="picture", leave=False, disable=None):
        face = read_face(path)
        if face is None:
            broken.append(path)
        else:
            images.append(face)
            labels.append(label)
    if broken:
        print(f"{len(broken)} of {len(files)} pictures cannot be read and are left out:")
        print("\n".join(f"  {path}" for path in broken[:NAMED]))
        if len(broken) > NAMED:
            print(f"  and {len(broken) - NAMED} more")
    counts = np.bincount(np.array(labels, np.int64), minlength=len(EMOTIONS))
    print(f"{folder}: " + ", ".join(f"{emotion} {count}" for emotion, count in zip(EMOTIONS, counts)))
    if (counts > 0).sum() < 2:
        raise ValueError(f"{folder} has readable pictures of fewer than two emotions; two or more are needed")
    return without_votes(np.stack(images), np.array(labels, np.int64))


def _from_archive(folder: Path) -> TrainingFaces:
    """train.npz, or the same faces packed to travel: of faces.npz ``votes`` are in the columns of ``VOTE_NAMES``."""
    if not (folder / "train.npz").is_file():
        ((images, labels),) = load_labelled(folder, ("train",))
        votes = load_sets(folder, ("train",))["train"].get("votes")
        votes = None if votes is None else votes.astype(np.float32)
    else:
        (images, labels), votes = load_faces(folder / "train.npz"), load_votes(folder / "train.npz")
    if votes is None:
        return without_votes(images, labels)
    rows = np.flatnonzero(has_enough(votes))
    return TrainingFaces(images[rows], labels[rows], votes[rows], True, rows)


def _pictures(folder: Path) -> list[tuple[Path, int]]:
    """Every picture with its label, in an order that does not depend on the machine."""
    classes = {p.name.lower(): p for p in sorted(folder.iterdir()) if p.is_dir() and not p.name.startswith((".", "__"))}
    unknown = [path.name for name, path in classes.items() if name not in EMOTIONS]
    if unknown or not classes:
        has = f"has the folder{'s' if len(unknown) > 1 else ''} {', '.join(unknown)}" if unknown else "has no folders"
        raise ValueError(f"{folder} {has}; it must have train.npz, or folders named {', '.join(EMOTIONS)}")
    found = []
    for label, emotion in enumerate(EMOTIONS):
        if emotion in classes:
            paths = (path for path in classes[emotion].rglob("*") if path.suffix.lower() in PICTURES and path.is_file())
            found += [(path, label) for path in sorted(paths, key=lambda path: path.as_posix())]
    return found


def read_face(path: Path) -> ByteArray | None:
    """A picture file as (48, 48) uint8 grey; None when it cannot be read."""
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
        grey = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE) if len(data) > 0 else None
    except (OSError, cv2.error):
        return None
    if grey is None:
        return None
    side = min(grey.shape)
    top, left = (grey.shape[0] - side) // 2, (grey.shape[1] - side) // 2
    square = grey[top : top + side, left : left + side]
    if side != FACE_SIZE:
        how = cv2.INTER_AREA if side > FACE_SIZE else cv2.INTER_LINEAR
        square = cv2.resize(square, (FACE_SIZE, FACE_SIZE), interpolation=how)
    return np.ascontiguousarray(square, dtype=np.uint8)
