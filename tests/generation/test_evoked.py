"""What pictures evoke: read, held against works of art, asked for by what a visitor shows, and weighed among candidates."""

from pathlib import Path

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.base.onnx_sessions import UnusableModelError
from installation.config.generation import GenerationConfig
from installation.generation.candidates import EVOKING, Candidate, best, score
from installation.generation.evoked import ANSWER, EVOKED, MOST, EvokedReader
from installation.generation.ranking import MODEL, Ranking
from installation.types import EMOTIONS, FloatArray
from tests.robustness.foreign_models import UINT8, node, write

SIDE = 8
WARM, COLD = np.zeros((12, 20, 3), np.uint8), np.zeros((12, 20, 4), np.uint8)
WARM[..., 0], COLD[..., 2] = 255, 255


def art(path: Path, side: int = SIDE, **more: object) -> Path:
    """Red evokes happiness, blue sadness, and nothing else is evoked."""
    weights = np.zeros((3, len(EVOKED)), np.float32)
    weights[0, EVOKED.index("happiness")] = weights[2, EVOKED.index("sadness")] = 1 / 255
    nodes = [
        node("Cast", "rgb", "floats", to=1),
        node("ReduceMean", "floats axes", "mean", keepdims=0),
        node("MatMul", "mean weights", "shares"),
    ]
    rows = {"evoked_mean": " ".join(["0.5"] * 20), "evoked_deviation": " ".join(["0.25"] * 20), "readable": "happiness"}
    constants = {"axes": np.int64([0, 1]), "weights": weights}
    output = ("shares", 1, [len(EVOKED)])
    return write(path, nodes, {"rgb": [side, side, 3]}, output, constants, rows | more, kinds={"rgb": UINT8})  # type: ignore[arg-type]


def shown(name: str) -> FloatArray:
    return np.eye(len(EMOTIONS), dtype=np.float32)[EMOTIONS.index(name)]


def test_shares_of_a_picture_of_any_size(tmp_path: Path) -> None:
    reader = EvokedReader(art(tmp_path / MODEL))
    shares = reader.shares(WARM)
    assert shares.shape == (20,)
    assert shares[EVOKED.index("happiness")] == pytest.approx(1)
    assert reader.shares(COLD)[EVOKED.index("sadness")] == pytest.approx(1)
    assert reader.standing(shares)[EVOKED.index("happiness")] == pytest.approx(2)
    assert reader.standing(shares)[EVOKED.index("fear")] == pytest.approx(-2)


def test_what_is_shown_is_answered_by_what_is_evoked(tmp_path: Path) -> None:
    reader = EvokedReader(art(tmp_path / MODEL))
    assert reader.answers(WARM, shown("happy")) == pytest.approx(2)
    assert reader.answers(WARM, shown("sad")) == pytest.approx(-2)
    assert reader.answers(WARM, (shown("happy") + shown("sad")) / 2) == pytest.approx(0)
    assert reader.answers(WARM, shown("neutral")) == 0, "nothing answers neutral"
    assert set(ANSWER) == set(EMOTIONS) - {"neutral"}
    assert set(ANSWER.values()) < set(EVOKED)


def test_what_stands_out_beyond_measure_counts_as_the_most(tmp_path: Path) -> None:
    reader = EvokedReader(art(tmp_path / MODEL, evoked_deviation=" ".join(["0.001"] * 20)))
    assert reader.answers(WARM, shown("happy")) == pytest.approx(MOST)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"evoked_mean": "1 2"}, "its metadata has no evoked_mean of 20 numbers"),
        ({"evoked_mean": "x " * 20}, "its metadata has no evoked_mean"),
        ({"evoked_deviation": "0 " * 20}, "must be above 0"),
    ],
)
def test_a_file_without_the_scale_is_refused(tmp_path: Path, more: dict[str, str], said: str) -> None:
    with pytest.raises(UnusableModelError, match=said):
        EvokedReader(art(tmp_path / MODEL, **more))


def test_another_network_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / MODEL, [node("Identity", "z", "y")], {"z": [1, 4]}, ("y", 1, [1, 4]))
    with pytest.raises(UnusableModelError, match="does not read what pictures evoke"):
        EvokedReader(path)


def test_ranking_reads_only_where_it_is_asked_to(tmp_path: Path) -> None:
    art(tmp_path / MODEL)
    notices = Notices(ManualClock())
    ranking = Ranking(GenerationConfig(), tmp_path, notices)
    assert ranking.answers(WARM, shown("happy"), 0.0) == 0
    ranking.reconfigure(GenerationConfig(rank_by="affect_and_evoked"))
    assert ranking.answers(WARM, shown("happy"), 0.0) == pytest.approx(2)
    ranking.reconfigure(GenerationConfig())
    assert ranking.answers(WARM, shown("happy"), 0.0) == 0


def test_without_the_model_ranking_goes_on_and_says_so(tmp_path: Path) -> None:
    notices = Notices(ManualClock())
    ranking = Ranking(GenerationConfig(rank_by="affect_and_evoked"), tmp_path, notices)
    assert ranking.answers(WARM, shown("happy"), 0.0) == 0
    (told,) = notices.active("fallback")
    assert told.stage == "ranking"
    assert "ranked without what they evoke" in told.message


def test_a_candidate_that_evokes_what_is_asked_for_is_preferred() -> None:
    asked = np.zeros(4, np.float32)
    plain, evoking = (Candidate(n, asked, np.full(23, n, np.float32), 2.0 * n) for n in range(2))
    assert score(evoking, asked, []) - score(plain, asked, []) == pytest.approx(2 * EVOKING)
    assert best([plain, evoking], asked, [], 1) == [evoking]
    far = Candidate(2, np.full(4, 3, np.float32), np.full(23, 2, np.float32), MOST)
    assert best([plain, far], asked, [], 1) == [plain], "what it evokes does not outweigh that it depicts another thing"
