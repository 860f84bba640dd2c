"""Films of real rooms into which a drawn face is held: what it depicts is read, and nobody becomes of it."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from installation.base.model_files import model_path
from installation.config.perception import PerceptionConfig
from installation.perception.build import build_perceiver
from installation.perception.depicted import DepictedNet
from installation.training.drawn.data import FOLDER, Drawings, load_drawings
from installation.types import DEPICTED, ByteArray, Frame, Observation
from tests.perception.held_drawings import frames_of, hold

VISITOR, NOBODY = "pyfeat_single_face.mp4", "intel_bottle.mp4"
RATE_HZ, PICTURES = 15, 60
PLACE, SIDE = (1.35, 0.62), 0.5


@pytest.fixture(scope="module")
def drawings() -> Drawings:
    if not FOLDER.is_dir():
        pytest.skip(f"no drawn faces here: {FOLDER}")
    return load_drawings()


def of(drawings: Drawings, family: str, label: str, number: int = 0) -> ByteArray:
    wanted = DEPICTED.index(label)
    rows = [row for row, name in enumerate(drawings.families) if name == family and drawings.labels[row] == wanted]
    return drawings.pictures[rows[number]]


def perceive(
    film: Path, drawing: ByteArray | None, on: bool, place: tuple[float, float], side: float
) -> list[Observation]:
    perceiver = build_perceiver(PerceptionConfig(drawings=on))
    perceiver._budget._stopwatch = lambda: 0.0  # on a slow machine, too, all is looked at that is due
    try:
        seen = []
        for number, rgb in enumerate(frames_of(str(film), PICTURES)):
            t_s = number / RATE_HZ
            shown = rgb if drawing is None else hold(rgb, drawing, t_s, place, side)
            seen.append(perceiver.perceive(Frame(t_s, number, np.ascontiguousarray(shown))))
        return seen
    finally:
        perceiver.close()


def told(seen: list[Observation]) -> Counter[str]:
    return Counter(DEPICTED[int(one.depicted.argmax())] for one in seen if one.depicted is not None)


@pytest.mark.parametrize(("family", "label"), [("twemoji", "anger"), ("noto", "happiness"), ("lorelei", "happiness")])
def test_a_visitor_holds_a_drawing_up(models: None, footage: Path, drawings: Drawings, family: str, label: str) -> None:
    seen = perceive(footage / VISITOR, of(drawings, family, label), True, PLACE, SIDE)
    late = seen[PICTURES // 2 :]
    assert {len(one.people) for one in late} == {1}, "the visitor, and not who is drawn"
    assert all(one.people[0].face_box is not None and one.people[0].face_box.centre[0] < 0.6 for one in late)
    assert sum(one.depicted is not None for one in late) >= 0.9 * len(late)
    assert told(late).most_common(1)[0][0] == label


def test_nobody_becomes_of_a_drawing_that_looks_like_a_face(models: None, footage: Path, drawings: Drawings) -> None:
    """This one the face landmarker takes for a face: without the toggle it is a visitor."""
    drawing = of(drawings, "fluent-emoji", "anger", 3)
    without = perceive(footage / NOBODY, drawing, False, (0.8, 0.5), 0.7)
    seen = perceive(footage / NOBODY, drawing, True, (0.8, 0.5), 0.7)
    assert sum(bool(one.people) for one in without[PICTURES // 2 :]) > PICTURES // 4
    assert not any(one.people for one in seen[PICTURES // 2 :])
    assert sum(one.depicted is not None for one in seen[PICTURES // 2 :]) > PICTURES // 4


def test_without_a_drawing_nothing_is_depicted(models: None, footage: Path) -> None:
    seen = perceive(footage / VISITOR, None, True, PLACE, SIDE)
    assert not told(seen)
    assert {len(one.people) for one in seen[PICTURES // 2 :]} == {1}


def test_what_is_shipped_reads_most_of_what_it_learnt_from(drawings: Drawings) -> None:
    net = DepictedNet(model_path("drawn"))
    rows = np.random.default_rng(0).permutation(np.flatnonzero(drawings.labels < 4))[:80]
    right = [int(net.read(drawings.pictures[row]).shares[:4].argmax()) == drawings.labels[row] for row in rows]
    assert np.mean(right) > 0.8
