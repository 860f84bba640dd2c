"""Doubt and rest, held against what ten people say about FER-2013's public test: `pytest -s tests/emotion/test_votes.py`.

The figures of docs/evaluation.md come from here.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

from installation.base.model_files import model_path
from installation.emotion.calibration import resting_bias
from installation.emotion.fusion import DOUBT
from installation.perception.expression import ExpressionNet
from installation.training.fer import DATA
from installation.types import EMOTIONS, NEUTRAL

Rows = npt.NDArray[np.float64]
ORDER = [4, 5, 6, 1, 3, 2, 0]
"""EMOTIONS among the columns of the votes."""


class Faces(NamedTuple):
    """(N, 7) as the network reads them, (N, 7) as people voted, (N,) how many votes."""

    read: Rows
    voted: Rows
    votes: Rows


@pytest.fixture(scope="module")
def faces() -> Faces:
    """All of the public test that seven people or more gave one of the seven emotions."""
    path = Path(DATA) / "publictest.npz"
    if not path.is_file():
        pytest.skip(f"{path} is missing")
    with np.load(path) as data:
        images, votes, given = data["images"], data["votes"].astype(np.float64)[:, ORDER], data["voted"]
    net = ExpressionNet(model_path("expression"))
    crops = [np.repeat(image[..., None], 3, axis=2) for image in images]
    read = np.concatenate([net.batch_probabilities(crops[n : n + 64]) for n in range(0, len(crops), 64)])
    enough = given & (votes.sum(axis=1) >= 7)
    total = votes[enough].sum(axis=1)
    return Faces(read[enough].astype(np.float64), votes[enough] / total[:, None], total)


def away(one: Rows, other: Rows) -> Rows:
    """(N,) total variation."""
    return np.asarray(0.5 * np.abs(one - other).sum(axis=1))


@pytest.mark.long
def test_an_undecided_reading_is_mostly_a_mixed_face(faces: Faces) -> None:
    rng = np.random.default_rng(1)
    shares = faces.read / faces.read.sum(axis=1, keepdims=True)
    drawn = np.stack([rng.multinomial(round(n), p) / round(n) for n, p in zip(faces.votes, shares, strict=True)])
    entropy = -(shares * np.log(np.maximum(shares, 1e-9))).sum(axis=1) / np.log(len(EMOTIONS))
    found, by_chance = away(shares, faces.voted), away(shares, drawn)
    print("\nentropy    faces  from the votes  from votes drawn from it  beyond chance")
    for low, high in ((0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1)):
        within = (entropy >= low) & (entropy < high)
        beyond = float((found - by_chance)[within].mean())
        means = f"{found[within].mean():13.3f} {by_chance[within].mean():18.3f} {beyond:18.3f}"
        print(f"{low:.1f}-{high:.1f} {within.sum():7d} {means}")
        # What chance does not explain is less than what confidence is taken off.
        assert beyond < DOUBT * high
        # Nearly all of the distance is people's own disagreement.
        assert beyond < 0.5 * by_chance[within].mean()


@pytest.mark.long
def test_calibration_seldom_takes_a_mood_for_rest(faces: Faces) -> None:
    agreed = faces.voted.max(axis=1) > 0.5
    seen, helped, harmed = (np.zeros(len(EMOTIONS), int) for _ in range(3))
    for read, true in zip(faces.read[agreed], faces.voted[agreed].argmax(axis=1), strict=True):
        bias = resting_bias(np.repeat(read[None], 10, axis=0).astype(np.float32))
        before = after = int(read.argmax())
        if bias is not None:
            after = int((read * np.exp(-bias)).argmax())
        seen[true] += 1
        helped[true] += before != true and after == true
        harmed[true] += before == true and after != true
    print("\nmost people say   faces  mended  spoilt (each face held for the first seconds of a visit)")
    for row in zip(EMOTIONS, seen, helped, harmed, strict=True):
        print(f"{row[0]:<15} {row[1]:7d} {row[2]:7d} {row[3]:7d}")
    assert helped[NEUTRAL] > 0.02 * seen[NEUTRAL]
    assert harmed[NEUTRAL] == 0
    assert (harmed <= 0.08 * seen).all()
