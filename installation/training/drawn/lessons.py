"""What a drawn-face network learns from: drawings of families, faces drawn by rule, photographs as drawings, and no faces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from installation.perception.depicted import FACE_PX, standardised
from installation.training.drawn.augment import WORK_PX, Changes, Grey
from installation.training.drawn.by_rule import every_label
from installation.training.drawn.data import FOUR, Drawings
from installation.training.fer import IntArray, load_faces
from installation.training.fer_votes import load_votes, shares
from installation.types import DEPICTED, EMOTIONS, ByteArray, FloatArray

OF_DEPICTED = tuple(EMOTIONS.index(name) for name in ("angry", "fear", "sad", "happy", "surprise", "neutral"))
"""The columns of EMOTIONS that people's votes have for DEPICTED; disgust has none."""
AGREED = 0.6
"""A photograph is learnt from where so many of the votes fall on DEPICTED."""
RARE = 0.06
"""How often surprise and neutral are drawn from the families: only emoji depict them."""
MOST_PHOTOGRAPHS = 1200
"""Of each class."""


@dataclass(frozen=True)
class Mixture:
    """Of a batch: how many drawings, faces by rule, photographs, and pictures without a face."""

    drawings: int = 30
    by_rule: int = 16
    photographs: int = 12
    nothing: int = 6


@dataclass(frozen=True, eq=False)
class Photographs:
    """FER-2013's faces (N, 48, 48) uint8 with the ``target`` (N, len(DEPICTED)) shares of people's votes."""

    images: ByteArray
    target: FloatArray


def load_photographs(folder: Path) -> Photographs:
    """As many of each emotion as there are, at most MOST_PHOTOGRAPHS. Raises FileNotFoundError or ValueError."""
    images, _ = load_faces(folder / "train.npz")
    votes = load_votes(folder / "train.npz")
    if votes is None:
        raise ValueError(f"{folder / 'train.npz'} has no votes")
    share = shares(votes)[:, list(OF_DEPICTED)]
    rng = np.random.default_rng(5)
    rows: list[int] = []
    for k in range(len(DEPICTED)):
        able = np.flatnonzero((share.argmax(1) == k) & (share.sum(1) >= AGREED) & (share[:, k] >= 0.5))
        rows += [int(row) for row in rng.permutation(able)[:MOST_PHOTOGRAPHS]]
    return Photographs(images[rows], np.asarray(share[rows] / share[rows].sum(1, keepdims=True), np.float32))


class Lessons:
    """Batches without end. ``rows`` of ``drawings`` may be learnt from. ``rng`` decides everything."""

    def __init__(
        self,
        drawings: Drawings,
        rows: IntArray,
        photographs: Photographs | None,
        mixture: Mixture,
        rule_faces: int,
        seed: int,
    ) -> None:
        self.rng = np.random.default_rng(seed)
        self._change = Changes(self.rng)
        self._drawings, self._mixture = drawings, mixture
        self._frames = drawings.frames
        hands = np.asarray(drawings.hands)
        labels = drawings.labels
        self._of: dict[int, list[IntArray]] = {}
        for k in np.unique(labels[rows]):
            members = rows[labels[rows] == k]
            self._of[int(k)] = [members[hands[members] == hand] for hand in np.unique(hands[members])]
        self._photographs = photographs if mixture.photographs else None
        likeliest = np.zeros(0, int) if photographs is None else photographs.target.argmax(1)
        self._by_photo = [np.flatnonzero(likeliest == k) for k in range(len(DEPICTED))]
        self._ruled: tuple[ByteArray, IntArray] | None = every_label(rule_faces, seed) if mixture.by_rule else None

    def batch(self) -> tuple[ByteArray, FloatArray]:
        """(B, FACE_PX, FACE_PX) uint8 and (B, len(DEPICTED) + 1) shares, the last for no face."""
        kinds: list[tuple[Callable[[], tuple[Grey, FloatArray]], int]] = [
            (self._drawing, self._mixture.drawings),
            (self._by_rule, self._mixture.by_rule),
            (self._photograph, self._mixture.photographs),
            (self._nothing, self._mixture.nothing),
        ]
        made = [make() for make, count in kinds for _ in range(count)]
        return np.stack([picture for picture, _ in made]), np.stack([target for _, target in made])

    def _drawing(self) -> tuple[Grey, FloatArray]:
        """Each of FOUR as often, then each hand that draws it as often."""
        rare = [k for k in self._of if k >= len(FOUR)]
        common = [k for k in self._of if k < len(FOUR)]
        classes = rare if rare and self.rng.random() < RARE * len(rare) else common
        label = classes[int(self.rng.integers(len(classes)))]
        members = self._of[label][int(self.rng.integers(len(self._of[label])))]
        row = int(self.rng.choice(members))
        return self._change(self._drawings.pictures[row], self._frames[row]), one_hot(label)

    def _by_rule(self) -> tuple[Grey, FloatArray]:
        assert self._ruled is not None
        pictures, labels = self._ruled
        row = int(self.rng.integers(len(pictures)))
        frame = (0.5, 0.52, float(self.rng.uniform(0.72, 1.0)))
        return self._change(pictures[row], frame), one_hot(int(labels[row]))

    def _photograph(self) -> tuple[Grey, FloatArray]:
        assert self._photographs is not None
        members = self._by_photo[int(self.rng.integers(len(DEPICTED)))]
        row = int(self.rng.choice(members))
        target = np.append(self._photographs.target[row], np.float32(0))
        return self._change(self._photographs.images[row]), target

    def _nothing(self) -> tuple[Grey, FloatArray]:
        return no_face(self._drawings.pictures[int(self.rng.integers(len(self._drawings)))], self.rng), one_hot(
            len(DEPICTED)
        )


def one_hot(label: int) -> FloatArray:
    """(len(DEPICTED) + 1,)."""
    out = np.zeros(len(DEPICTED) + 1, np.float32)
    out[label] = 1
    return out


def no_face(picture: ByteArray, rng: np.random.Generator) -> Grey:
    """(FACE_PX, FACE_PX) uint8 without a face: ``picture`` in shuffled squares, scribble, writing or paper, or what rooms have
    in frames: bars of a grille, panels within panels, and soft nothing."""
    kind = int(rng.integers(0, 7))
    grey = _shuffled(picture, rng) if kind == 0 else _scribbled(kind, rng) if kind < 4 else _furniture(kind, rng)
    return Changes(rng)(grey)


def _shuffled(picture: ByteArray, rng: np.random.Generator) -> Grey:
    parts = int(rng.integers(3, 6))
    small = cv2.resize(
        cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), (parts * 16, parts * 16), interpolation=cv2.INTER_AREA
    )
    squares = small.reshape(parts, 16, parts, 16).swapaxes(1, 2).reshape(-1, 16, 16)
    squares = np.stack([np.rot90(one, int(turn)) for one, turn in zip(squares, rng.integers(0, 4, len(squares)))])
    grey = rng.permutation(squares).reshape(parts, parts, 16, 16).swapaxes(1, 2).reshape(parts * 16, parts * 16)
    return np.ascontiguousarray(grey)


def _scribbled(kind: int, rng: np.random.Generator) -> Grey:
    """Paper (1), with strokes (2), with writing over them (3)."""
    paper = int(rng.integers(0, 256))
    grey = np.full((WORK_PX, WORK_PX), paper, np.uint8)
    for _ in range(0 if kind == 1 else int(rng.integers(2, 14))):
        start, ink = rng.uniform(0, WORK_PX, 2), int(rng.integers(0, 256))
        points = start + np.cumsum(rng.normal(0, 9, (int(rng.integers(2, 12)), 2)), axis=0)
        cv2.polylines(grey, [np.round(points).astype(np.int32)], False, (ink,), int(rng.integers(1, 5)), cv2.LINE_AA)
    if kind == 3:
        letters = "".join(chr(int(c)) for c in rng.integers(65, 91, 7))
        cv2.putText(grey, letters, (2, int(rng.integers(20, 90))), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (255 - paper,), 2)
    return grey


def _furniture(kind: int, rng: np.random.Generator) -> Grey:
    """Bars (4), panels within panels (5), soft patches (6)."""
    light, dark = (float(rng.uniform(0, 255)) for _ in range(2))
    if kind == 4:
        y, x = np.mgrid[:WORK_PX, :WORK_PX] / WORK_PX
        turn = float(rng.normal(0, 0.1)) + float(rng.choice([0.0, np.pi / 2]))
        wave = np.sin((x * np.cos(turn) + y * np.sin(turn)) * 2 * np.pi * float(rng.uniform(2, 20)) + rng.uniform(0, 6))
        level = dark + (light - dark) * (0.5 + 0.5 * np.clip(wave * float(rng.uniform(1, 5)), -1, 1))
    elif kind == 5:
        level = np.full((WORK_PX, WORK_PX), light)
        for _ in range(int(rng.integers(1, 5))):
            (left, right), (top, bottom) = (np.sort(rng.integers(2, WORK_PX - 2, 2)) for _ in range(2))
            thick = int(rng.integers(1, 5)) if rng.random() < 0.7 else -1
            cv2.rectangle(level, (int(left), int(top)), (int(right), int(bottom)), (float(rng.uniform(0, 255)),), thick)
    else:
        cells = int(rng.integers(2, 10))
        patches = rng.normal(light, float(rng.uniform(8, 60)), (cells, cells)).astype(np.float32)
        level = cv2.resize(patches, (WORK_PX, WORK_PX), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(level, 0, 255), np.uint8)


def standard(pictures: npt.NDArray[np.uint8]) -> FloatArray:
    """(N, FACE_PX, FACE_PX) uint8 -> (N, 1, FACE_PX, FACE_PX) as the network reads them."""
    assert pictures.shape[1:] == (FACE_PX, FACE_PX)
    return np.stack([standardised(one) for one in pictures])
