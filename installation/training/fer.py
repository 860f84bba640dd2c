"""FER-2013: reading it, splitting it, and the figures that say how accurately it is read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from installation.types import EMOTIONS, ByteArray, FloatArray

IntArray = npt.NDArray[np.int64]

DATA = Path(__file__).resolve().parents[3] / "shared" / "fer2013"
"""Where train.npz and publictest.npz are looked for unless a command names another folder."""


def load_faces(path: Path) -> tuple[ByteArray, IntArray]:
    """Read ``images`` (N, 48, 48) uint8 grey and ``labels`` (N,) in 0..6, the order of ``EMOTIONS``, from an npz.

    Raises FileNotFoundError, or ValueError when shapes, types or labels are not these.
    """
    with np.load(path) as archive:
        images, labels = archive["images"], archive["labels"].astype(np.int64)
    if images.dtype != np.uint8 or images.ndim != 3 or images.shape[1:] != (48, 48):
        raise ValueError(f"{path}: images must be (N, 48, 48) uint8, not {images.shape} {images.dtype}")
    if labels.shape != (len(images),) or labels.min() < 0 or labels.max() >= len(EMOTIONS):
        raise ValueError(f"{path}: labels must be (N,) in 0..{len(EMOTIONS) - 1}")
    return images, labels


def split(images: ByteArray, labels: IntArray, share: float, seed: int) -> tuple[IntArray, IntArray]:
    """Indices (train, validation), with ``share`` of every class in validation.

    FER-2013 holds some pictures twice or more; all copies of one go to the same side, so that validation is honest.
    """
    rng = np.random.default_rng(seed)
    group_of: dict[str, int] = {}
    groups = np.array(
        [group_of.setdefault(hashlib.sha256(image.tobytes()).hexdigest(), len(group_of)) for image in images]
    )
    first_label = np.full(len(group_of), -1)
    first_label[groups[::-1]] = labels[::-1]
    held = np.zeros(len(group_of), bool)
    for emotion in range(len(EMOTIONS)):
        members = rng.permutation(np.flatnonzero(first_label == emotion))
        held[members[: round(share * len(members))]] = True
    return np.flatnonzero(~held[groups]), np.flatnonzero(held[groups])


def copies(images: ByteArray, others: ByteArray) -> npt.NDArray[np.bool_]:
    """(N,) true where an image (48, 48) is, to the last bit, also among ``others``."""
    known = {hashlib.sha256(other.tobytes()).digest() for other in others}
    return np.array([hashlib.sha256(image.tobytes()).digest() in known for image in images], bool)


@dataclass(frozen=True)
class Scores:
    """How well probabilities match labels. All but ``confusion`` and ``recall`` are fractions.

    ``confusion`` (7, 7): rows are the true emotion, columns what was read. ``ece`` is the expected calibration
    error over 15 equal bins of the top probability (Guo et al. 2017).
    """

    accuracy: float
    macro_recall: float
    macro_f1: float
    ece: float
    recall: FloatArray
    confusion: IntArray


def confusion_of(truth: IntArray, read: npt.NDArray[np.intp]) -> IntArray:
    """(7, 7) counts of (N,) classes: rows are the true emotion, columns what was read."""
    confusion = np.zeros((len(EMOTIONS), len(EMOTIONS)), np.int64)
    np.add.at(confusion, (truth, read), 1)
    return confusion


def score(probabilities: FloatArray, labels: IntArray) -> Scores:
    """Measure (N, 7) probabilities against (N,) labels. A class without any picture is left out of the means."""
    top = probabilities.argmax(axis=1)
    confusion = confusion_of(labels, top)
    hits, actual, read = np.diag(confusion), confusion.sum(axis=1), confusion.sum(axis=0)
    present = actual > 0
    recall = hits / np.maximum(actual, 1)
    f1 = 2 * hits / np.maximum(actual + read, 1)
    confidence = probabilities.max(axis=1)
    bins = np.minimum((confidence * 15).astype(np.int64), 14)
    gap = np.zeros(15)
    np.add.at(gap, bins, (top == labels) - confidence)
    return Scores(
        accuracy=float(hits.sum() / len(labels)),
        macro_recall=float(recall[present].mean()),
        macro_f1=float(f1[present].mean()),
        ece=float(np.abs(gap).sum() / len(labels)),
        recall=recall.astype(np.float32),
        confusion=confusion,
    )


def table(scores: Scores) -> str:
    """The figures and the confusion matrix as Markdown."""
    lines = [
        f"accuracy {scores.accuracy:.2%}, macro recall {scores.macro_recall:.2%}, "
        f"macro F1 {scores.macro_f1:.2%}, calibration error {scores.ece:.2%}",
        "",
        "| true \\ read | " + " | ".join(EMOTIONS) + " | recall |",
        "|---|" + "---:|" * (len(EMOTIONS) + 1),
    ]
    for emotion, row, recall in zip(EMOTIONS, scores.confusion, scores.recall):
        lines.append(f"| {emotion} | " + " | ".join(str(count) for count in row) + f" | {recall:.1%} |")
    return "\n".join(lines)
