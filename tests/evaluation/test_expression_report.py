"""The figures of expression networks: against labels, against votes, how they are printed, and those of the shipped one."""

from __future__ import annotations

import math

import numpy as np
import pytest

pytest.importorskip("onnx")
pytest.importorskip("torch")


from installation.base.model_files import MODELS_DIR
from installation.evaluation.expression_report import Faces, Row, as_json, label_table, report, votes_table
from installation.training.expression_export import read
from installation.training.fer import DATA, load_faces, score, table
from installation.training.fer_votes import (
    OF_EMOTIONS,
    VOTE_NAMES,
    load_votes,
    reliability,
    score_votes,
)
from installation.types import EMOTIONS
from tests.training.labelled_faces import votes_for


def answers(count: int = 400, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities that are right about half the time and wrong unevenly, and the labels; all seven are there."""
    rng = np.random.default_rng(seed)
    labels = np.concatenate([np.arange(7), rng.choice(7, count - 7, p=[0.13, 0.02, 0.14, 0.25, 0.17, 0.12, 0.17])])
    logits = rng.normal(size=(count, 7))
    logits[np.arange(count), labels] += 1.2
    logits[:, 3] += 0.4
    powers = np.exp(1.7 * logits)
    return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32), labels


def test_figures_are_those_of_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    probabilities, labels = answers()
    read = probabilities.argmax(axis=1)
    scores = score(probabilities, labels)
    assert scores.accuracy == pytest.approx(metrics.accuracy_score(labels, read))
    assert scores.macro_f1 == pytest.approx(metrics.f1_score(labels, read, average="macro"))
    assert scores.macro_recall == pytest.approx(metrics.recall_score(labels, read, average="macro"))
    np.testing.assert_allclose(scores.recall, metrics.recall_score(labels, read, average=None), atol=1e-6)
    np.testing.assert_array_equal(scores.confusion, metrics.confusion_matrix(labels, read))
    assert not np.array_equal(scores.confusion, scores.confusion.T)


def test_calibration_error_is_the_weighted_gap_of_fifteen_bins() -> None:
    probabilities, labels = answers()
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    expected = 0.0
    for low in range(15):
        within = (confidence >= low / 15) & ((confidence < (low + 1) / 15) | (low == 14))
        if within.any():
            expected += within.mean() * abs(right[within].mean() - confidence[within].mean())
    assert expected > 0.02
    assert score(probabilities, labels).ece == pytest.approx(expected, abs=1e-6)


def always(read: str, truth: list[str]) -> Row:
    probabilities = np.zeros((len(truth), 7), np.float32)
    probabilities[:, EMOTIONS.index(read)] = 1
    labels = np.array([EMOTIONS.index(emotion) for emotion in truth])
    scores, by_votes = score(probabilities, labels), score_votes(probabilities, votes_for(labels))
    return Row("ours", "here", scores.accuracy, scores, by_votes=by_votes, weights=1_500_000, ms=2.0)


def cells_of(table_text: str, network: str) -> dict[str, str]:
    """A line of a table by the names of its columns; of two columns of one name the first counts."""
    lines = table_text.splitlines()
    (line,) = (line for line in lines if line.startswith(f"| {network} "))
    pairs = list(zip((c.strip() for c in lines[0].split("|")), (c.strip() for c in line.split("|"))))
    return dict(reversed(pairs))


def test_figures_against_the_votes_are_those_counted_by_hand() -> None:
    """Four faces: a sure one read rightly, a sure one read wrongly, a split one, one with two votes for the seven."""
    votes = np.zeros((4, 10), np.float32)
    happy, sad, neutral = (OF_EMOTIONS[EMOTIONS.index(name)] for name in ("happy", "sad", "neutral"))
    votes[0, happy], votes[0, neutral] = 6, 4
    votes[1, sad], votes[1, VOTE_NAMES.index("unknown")] = 6, 4
    votes[2, sad], votes[2, neutral] = 5, 5
    votes[3, sad], votes[3, VOTE_NAMES.index("NF")] = 2, 8
    probabilities = np.full((4, 7), 0.05, np.float32)
    for face, emotion in enumerate(("happy", "neutral", "sad", "sad")):
        probabilities[face, EMOTIONS.index(emotion)] = 0.7
    s = score_votes(probabilities, votes)
    assert (s.sure, s.faces) == (2, 3)
    assert s.majority == 0.5
    assert s.plain_majority == pytest.approx(2 / 3)
    assert s.recall[EMOTIONS.index("happy")] == 1
    assert s.confusion[EMOTIONS.index("sad"), EMOTIONS.index("neutral")] == 1
    kl = [0.6 * math.log(0.6 / 0.7) + 0.4 * math.log(0.4 / 0.05), math.log(1 / 0.05)]
    kl.append(0.5 * math.log(0.5 / 0.7) + 0.5 * math.log(0.5 / 0.05))
    assert s.kl == pytest.approx(sum(kl) / 3, rel=1e-5)
    brier = [0.1**2 + 0.35**2 + 5 * 0.05**2, 0.95**2 + 0.7**2 + 5 * 0.05**2, 0.2**2 + 0.45**2 + 5 * 0.05**2]
    assert s.brier == pytest.approx(sum(brier) / 3, rel=1e-5)
    with pytest.raises(ValueError, match="votes enough"):
        score_votes(probabilities, np.zeros((4, 10), np.float32))


def test_reliability_is_the_gap_of_fifteen_bins_of_all_classes() -> None:
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet(np.ones(7), 500).astype(np.float32)
    share = np.stack(
        [rng.multinomial(10, row.astype(np.float64) / row.sum(dtype=np.float64)) / 10 for row in probabilities]
    )
    honest = reliability(probabilities, share.astype(np.float32))
    assert honest.counts.sum() == 3500
    assert honest.gap < 0.01
    expected = 0.0
    for low in range(15):
        within = (probabilities >= low / 15) & ((probabilities < (low + 1) / 15) | (low == 14))
        if within.any():
            expected += within.mean() * abs(share[within].mean() - probabilities[within].mean())
    assert honest.gap == pytest.approx(expected, abs=1e-5)
    bold = probabilities**2 / (probabilities**2).sum(axis=1, keepdims=True)
    assert reliability(bold, share.astype(np.float32)).gap > 0.03


def test_rows_are_the_truth_in_every_output() -> None:
    row = always("sad", ["fear"] * 5 + ["sad"] * 3)
    assert row.by_label is not None
    assert row.by_votes is not None
    fear, sad = EMOTIONS.index("fear"), EMOTIONS.index("sad")
    for confusion in (row.by_label.confusion, row.by_votes.confusion):
        assert confusion[fear, sad] == 5
        assert confusion.sum(axis=1)[[fear, sad]].tolist() == [5, 3]
    assert "| fear | 0 | 0 | 0 | 0 | 5 | 0 | 0 | 0.0% |" in table(row.by_label)
    labels = np.array([fear] * 5 + [sad] * 3)
    faces = Faces(np.zeros((8, 48, 48), np.uint8), labels, votes_for(labels), None)
    (as_data,) = as_json([row], faces)["rows"]
    for part in ("label", "votes"):
        assert as_data[part]["confusion"][fear][sad] == 5
        assert as_data[part]["recall"] == {emotion: float(emotion == "sad") for emotion in EMOTIONS}
    assert as_data["votes_without_copies"] is None
    cells = cells_of(label_table([row]), "ours")
    assert cells["accuracy"] == "37.50"
    assert (cells["sad"], cells["fear"]) == ("100.0", "0.0")
    assert cells["M weights"] == "1.50"
    cells = cells_of(votes_table([("ours", row.by_votes)]), "ours")
    assert (cells["majority"], cells["plain"]) == ("37.50", "37.50")
    assert (cells["sad"], cells["fear"]) == ("100.0", "0.0")
    printed = report([row], faces)
    assert "more than half agree about 8 faces; 8 have at least three votes" in printed
    assert "| 0.93 to 1.00 |        8 | 1.000 |        0.300 |" in printed


def test_what_was_not_measured_is_not_made_up() -> None:
    rows = [Row("VGG19", "published", 0.6565), Row("face-api", "npm", note="npm is not there")]
    published, missing, note = label_table(rows).splitlines()[2:]
    assert [cell.strip() for cell in published.split("|")[1:-1]] == ["VGG19", "published", "65.65"] + ["-"] * 13
    assert [cell.strip() for cell in missing.split("|")[1:-1]] == ["face-api", "npm"] + ["-"] * 14
    assert note == "face-api: npm is not there"


def test_the_shipped_network_reads_fer_as_its_card_says() -> None:
    """At least as well as the bars ask, and to the digit what the card says."""
    if not (DATA / "publictest.npz").exists():
        pytest.skip("needs FER-2013")
    images, labels = load_faces(DATA / "publictest.npz")
    votes = load_votes(DATA / "publictest.npz")
    assert votes is not None
    probabilities, label = read(MODELS_DIR / "expression.onnx", images)
    by_votes, by_label = score_votes(probabilities, votes), score(label, labels)
    assert by_votes.sure == 2854
    assert by_votes.majority >= 0.91
    assert by_votes.recall[EMOTIONS.index("neutral")] >= 0.88
    assert by_votes.reliability.gap <= 0.03
    assert by_label.accuracy >= 0.705
    card = (MODELS_DIR / "expression.md").read_text(encoding="utf-8")
    # Eight-bit sums round differently from processor to processor: a face or two may be read otherwise.
    for figure in (by_votes.majority, by_votes.plain_majority, by_label.accuracy):
        assert any(f"{100 * figure + off:.1f}" in card for off in (-0.1, 0.0, 0.1))
