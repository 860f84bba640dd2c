"""FER+: what ten people said of each of FER-2013's faces (Barsoum et al. 2016), and the figures against their votes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from installation.training.fer import IntArray, confusion_of
from installation.types import FloatArray

VOTE_NAMES = (
    "neutral",
    "happiness",
    "surprise",
    "sadness",
    "anger",
    "disgust",
    "fear",
    "contempt",
    "unknown",
    "NF",
)
"""The ten columns of ``votes``; NF is no face."""
OF_EMOTIONS = tuple(
    VOTE_NAMES.index(n) for n in ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
)
"""The columns of ``EMOTIONS``, in their order."""
FEWEST_VOTES = 3
"""A face with fewer votes for the seven says too little about how they are shared; it is left out."""
BINS = 15


def load_votes(path: Path) -> FloatArray | None:
    """Read ``votes`` (N, 10) float32 from an npz; None where it has none.

    Raises ValueError when they are not ten a face, or when the columns are named otherwise than ``VOTE_NAMES``.
    """
    with np.load(path) as archive:
        if "votes" not in archive:
            return None
        votes: FloatArray = archive["votes"].astype(np.float32)
        count = len(archive["labels"])
        names = tuple(str(name) for name in archive["vote_names"]) if "vote_names" in archive else VOTE_NAMES
    if votes.shape != (count, len(VOTE_NAMES)) or names != VOTE_NAMES:
        raise ValueError(f"{path}: votes must be (N, 10) for {', '.join(VOTE_NAMES)}")
    return votes


def of_the_seven(votes: FloatArray) -> FloatArray:
    """(N, 10) votes -> (N, 7) those for ``EMOTIONS``, in their order."""
    seven: FloatArray = np.stack([votes[:, column] for column in OF_EMOTIONS], axis=1)
    return seven


def shares(votes: FloatArray) -> FloatArray:
    """(N, 10) votes -> (N, 7) shares of the votes for the seven, sum 1; zeros where there are none."""
    seven = of_the_seven(votes)
    share: FloatArray = seven / np.maximum(seven.sum(axis=1, keepdims=True), 1)
    return share


def has_enough(votes: FloatArray) -> npt.NDArray[np.bool_]:
    """(N,) true where at least ``FEWEST_VOTES`` are for one of the seven."""
    enough: npt.NDArray[np.bool_] = of_the_seven(votes).sum(axis=1) >= FEWEST_VOTES
    return enough


def most_agree(votes: FloatArray) -> npt.NDArray[np.bool_]:
    """(N,) true where more than half of all ten columns' votes are for one of the seven."""
    agree: npt.NDArray[np.bool_] = of_the_seven(votes).max(axis=1) > votes.sum(axis=1) / 2
    return agree


@dataclass(frozen=True)
class Reliability:
    """Probability against share of votes, the seven classes pooled, in ``BINS`` equal bins of the probability.

    ``counts`` (15,) numbers in each bin, ``predicted`` and ``voted`` (15,) their mean probability and mean share of votes
    (0 in an empty bin). ``gap`` is the mean distance of the two, weighted by count.
    """

    counts: IntArray
    predicted: FloatArray
    voted: FloatArray
    gap: float


def reliability(probabilities: FloatArray, share: FloatArray) -> Reliability:
    """How far (N, 7) probabilities are the (N, 7) shares of votes that they stand for."""
    p, s = probabilities.ravel().astype(np.float64), share.ravel().astype(np.float64)
    bins = np.minimum((p * BINS).astype(np.int64), BINS - 1)
    counts = np.bincount(bins, minlength=BINS)
    filled = np.maximum(counts, 1)
    predicted, voted = np.bincount(bins, p, BINS) / filled, np.bincount(bins, s, BINS) / filled
    gap = float((np.abs(predicted - voted) * counts).sum() / max(1, len(p)))
    return Reliability(counts, predicted.astype(np.float32), voted.astype(np.float32), gap)


@dataclass(frozen=True)
class VoteScores:
    """How well (N, 7) probabilities match the votes. All shares are fractions.

    ``majority`` counts the ``sure`` faces of which more than half of all ten columns' votes go to one of the seven;
    ``recall`` (7,) and ``confusion`` (7, 7; rows are what most people said) are of these. The others are of all ``faces``
    with at least three votes for the seven: ``plain_majority``; ``kl``, the divergence of the reading from the votes
    (nats); ``brier``, the summed square of the differences.
    """

    sure: int
    majority: float
    recall: FloatArray
    confusion: IntArray
    faces: int
    plain_majority: float
    kl: float
    brier: float
    reliability: Reliability


def score_votes(probabilities: FloatArray, votes: FloatArray) -> VoteScores:
    """Measure (N, 7) probabilities against (N, 10) votes. Raises ValueError when no face has votes enough."""
    enough, sure = has_enough(votes), most_agree(votes)
    if not enough.any() or not sure.any():
        raise ValueError("no face has votes enough to measure by")
    share, top = shares(votes), probabilities.argmax(axis=1)
    majority = share.argmax(axis=1)
    confusion = confusion_of(majority[sure], top[sure])
    p, s = probabilities[enough].astype(np.float64), share[enough].astype(np.float64)
    tiny = 1e-9  # a probability of 0 would make it infinite
    return VoteScores(
        sure=int(sure.sum()),
        majority=float((top == majority)[sure].mean()),
        recall=(np.diag(confusion) / np.maximum(confusion.sum(axis=1), 1)).astype(np.float32),
        confusion=confusion,
        faces=int(enough.sum()),
        plain_majority=float((top == majority)[enough].mean()),
        kl=float((s * np.log((s + tiny) / (p + tiny))).sum(axis=1).mean()),
        brier=float(((p - s) ** 2).sum(axis=1).mean()),
        reliability=reliability(probabilities[enough], share[enough]),
    )


def stand_in(labels: IntArray) -> FloatArray:
    """(N,) labels -> (N, 10) ten votes each for the label, for faces of which nobody was asked."""
    votes = np.zeros((len(labels), len(VOTE_NAMES)), np.float32)
    votes[np.arange(len(labels)), np.array(OF_EMOTIONS)[labels]] = 10
    return votes
