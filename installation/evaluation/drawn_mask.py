"""Does our own mask read as what it means? Stills of the scene ``mask`` in each mood, read by the drawn-face network."""

from __future__ import annotations

import os

# Mesa looks at this when it is loaded; the machine's other cores are not for looking at pictures.
os.environ.setdefault("LP_NUM_THREADS", "1")

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from installation.base.files import ROOT
from installation.base.model_files import model_path
from installation.config.load import load_config
from installation.config.settings import Config
from installation.evaluation.booth import Booth
from installation.evaluation.contact_sheet import store
from installation.perception.depicted import DepictedNet, Reading
from installation.training.fer import IntArray
from installation.types import DEPICTED, EMOTIONS, ByteArray, SceneState

SCENE = "mask"
SIZE_PX = (320, 180)
MEANS = {
    "angry": "anger",
    "fear": "fear",
    "sad": "sadness",
    "happy": "happiness",
    "surprise": "surprise",
    "neutral": "neutral",
}
"""What each mood's mask should depict; disgust has no word among DEPICTED."""
REACH = 1.05
"""Side of what is cut out round a mask, in its own scales: horns and mane do not fit in."""


@dataclass(frozen=True, eq=False)
class MaskStill:
    """A still of the mask in a ``mood``: what is cut out of it (96, 96, 3), and what is read there."""

    mood: str
    carved: float
    picture: ByteArray
    reading: Reading


def stills(config: Config, carved: Sequence[float], seeds: Sequence[int]) -> list[MaskStill]:
    """One of each mood, seed and amount of carving. Raises DisplayError, ModelError, UnusableModelError."""
    net, out = DepictedNet(model_path("drawn")), []
    for amount in carved:
        scene = config.scene.model_copy(update={"parameters": {**config.scene.parameters, SCENE: {"carved": amount}}})
        booth = Booth(config.model_copy(update={"scene": scene}), SIZE_PX)
        try:
            for mood in EMOTIONS:
                for seed in seeds:
                    _, picture = booth.pictures(SCENE, mood, seed)
                    cut = cut_out(picture, booth.last)
                    out.append(MaskStill(mood, amount, cut, net.read(cut)))
        finally:
            booth.close()
    return out


def cut_out(picture: ByteArray, scene: SceneState, side_px: int = 96) -> ByteArray:
    """(side, side, 3): the square of a picture (H, W, 3) in which the first mask hangs; beyond it the border is repeated."""
    height, width = picture.shape[:2]
    x, y, scale = (float(value) for value in scene.shapes[0, :3])
    half = REACH * scale * height / 2
    middle = np.array([width / 2 + x * height / 2, height / 2 - y * height / 2])
    corners = (middle + half * np.array([(-1, -1), (1, -1), (1, 1)])).astype(np.float32)
    target = np.array([(0, 0), (side_px, 0), (side_px, side_px)], np.float32)
    to_cut = cv2.getAffineTransform(corners - np.float32(0.5), target - np.float32(0.5))
    return np.asarray(
        cv2.warpAffine(picture, to_cut, (side_px, side_px), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
        np.uint8,
    )


def mask_table(found: Sequence[MaskStill]) -> list[str]:
    """Markdown, a row for each mood and amount of carving: mean shares, and how often it is read as what it means."""
    lines = ["| carved | mood | means | " + " | ".join(DEPICTED) + " | a face | read as meant |"]
    lines.append("|---" * (len(DEPICTED) + 5) + "|")
    for amount in dict.fromkeys(one.carved for one in found):
        for mood in EMOTIONS:
            own = [one for one in found if one.carved == amount and one.mood == mood]
            shares = np.mean([one.reading.shares for one in own], axis=0)
            meant = MEANS.get(mood)
            right = sum(int(one.reading.shares.argmax()) == _index(meant) for one in own)
            told = f"{right} of {len(own)}" if meant else "no word for it"
            cells = " | ".join(f"{share:.2f}" for share in shares)
            face = np.mean([one.reading.face for one in own])
            lines.append(f"| {amount:g} | {mood} | {meant or ''} | {cells} | {face:.2f} | {told} |")
    return lines


def summary(found: Sequence[MaskStill]) -> list[str]:
    """A line for each amount of carving: mean recall of the six moods that have a word, and of the four."""
    lines = []
    for amount in dict.fromkeys(one.carved for one in found):
        own = [one for one in found if one.carved == amount and one.mood in MEANS]
        labels = np.array([_index(MEANS[one.mood]) for one in own], np.int64)
        shares = np.stack([one.reading.shares for one in own])
        four = labels < 4
        lines.append(
            f"carved {amount:g}: {_recall(labels, shares):.2f} of six moods (chance 0.17), "
            f"{_recall(labels[four], shares[four][:, :4]):.2f} of anger, fear, sadness, happiness (chance 0.25)"
        )
    return lines


def _index(meant: str | None) -> int:
    return DEPICTED.index(meant) if meant is not None else -1


def _recall(labels: IntArray, shares: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> float:
    said = shares.argmax(axis=1)
    return float(np.mean([(said[labels == k] == k).mean() for k in np.unique(labels)]))


def main(carved: Sequence[float], seeds: int, out: Path) -> None:
    """Draw, read, print the table, and store what was cut out as ``out``/mask.jpg, a row for each amount of carving."""
    found = stills(load_config(ROOT / "config.yaml"), carved, range(1, seeds + 1))
    print("\n".join([*mask_table(found), "", *summary(found)]))
    out.mkdir(parents=True, exist_ok=True)
    rows = [np.hstack([one.picture for one in found if one.carved == amount]) for amount in carved]
    store(np.vstack(rows), out / "mask.jpg")
