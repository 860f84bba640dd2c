"""Stills for judges, and what they said; visitors of films at three distances."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.config.settings import Config
from installation.evaluation import film_strips, look_stills
from installation.evaluation.filmed import ASPECT, HEAD_HEIGHTS, FilmStage, distant, film, in_mood, performed, play
from installation.evaluation.look_stills import Judged, figures, read_judged
from installation.evaluation.moods import nearer
from installation.evaluation.presence import EvaluationError
from installation.render.quality import GPU, SOFTWARE, TIERS, Quality
from installation.types import EMOTIONS, Frame
from tests.screen import or_skipped

KEY = "colour,grey,scene,mood,who,seed\n1,3,blossom,sad,whole,5\n2,1,blossom,happy,half,6\n3,2,aurora,fear,bust,7\n"


def judged(folder: Path, lines: str) -> Path:
    (folder / "key.csv").write_text(KEY)
    (folder / "colour.csv").write_text(lines)
    return folder


def test_marks_meet_the_key(tmp_path: Path) -> None:
    found = read_judged(judged(tmp_path, "number,mood,beauty\n2,happy,4.5\n1,fear,3\n3,Fear,2\n"), "colour")
    assert found == [
        Judged("blossom", "happy", "happy", 4.5),
        Judged("blossom", "sad", "fear", 3.0),
        Judged("aurora", "fear", "fear", 2.0),
    ]
    text = figures(found)
    assert "beauty 3.17, moods named right 67% of 3" in text
    assert "blossom     beauty 3.75, named right 50%" in text
    assert "sad         named right 0%; also called fear" in text


@pytest.mark.parametrize("line", ["9,happy,4", "1,happi,4", "1,happy,7", "1,happy", "1,happy,fine"])
def test_marks_that_cannot_be_are_told_with_their_line(tmp_path: Path, line: str) -> None:
    with pytest.raises(EvaluationError, match=r"colour\.csv:2: "):
        read_judged(judged(tmp_path, f"2,happy,4.5\n{line}\n"), "colour")


@pytest.mark.parametrize("distance", HEAD_HEIGHTS)
def test_a_head_is_as_high_as_its_distance_says(distance: str) -> None:
    rgb = np.zeros((2000, 3200, 3), np.uint8)
    rgb[900:1100, 1550:1650] = 255
    cut = distant(Frame(0.0, 0, rgb), (1600.0, 1000.0, 200.0), distance).rgb
    assert cut.shape[1] / cut.shape[0] == pytest.approx(ASPECT, abs=0.01)
    bright = np.argwhere(cut[..., 0] > 127)[:, 0]
    assert np.ptp(bright) / cut.shape[0] == pytest.approx(HEAD_HEIGHTS[distance], abs=0.01)


def test_without_a_head_all_of_the_film_is_seen() -> None:
    frame = Frame(0.0, 0, np.zeros((90, 160, 3), np.uint8))
    assert distant(frame, None, "near") is frame


def test_the_performer_plays_the_mood_and_steps_nearer() -> None:
    far, near = (performed(Config(), "sad", 3, zoom)[-1] for zoom in (1.0, 3.2))
    assert far.group is not None
    assert near.group is not None
    assert far.group.label == "sad"
    assert near.states[0].head[2] == pytest.approx(3.2 * far.states[0].head[2])
    assert (far.states[0].extent, near.states[0].extent) == ("whole", "bust")
    assert near.silhouette.alpha.mean() > far.silhouette.alpha.mean() > 0


def test_a_mood_is_put_on_and_all_else_is_the_visitors() -> None:
    own = performed(Config(), "sad", 3)[-1].states[0]
    angry = in_mood(own, "angry")
    assert EMOTIONS[int(angry.probabilities.argmax())] == angry.label == "angry"
    assert angry.probabilities.sum() == pytest.approx(1.0)
    assert angry.joints is own.joints
    assert nearer(angry, 1.0) is angry


def test_scenes_of_a_mood_show_it() -> None:
    moments = performed(Config(), "happy", 3)[-30:]
    scenes = [scene for _, scene in play(Config(), "aurora", moments, "fear", 1)]
    assert EMOTIONS[int(scenes[-1].emotion.argmax())] == "fear"
    assert scenes[-1].scene == "aurora"
    assert scenes[-1].figures[0, 3] > 0.9


@pytest.mark.long
def test_stills_are_numbered_without_a_hint(tmp_path: Path) -> None:
    with or_skipped():
        assert look_stills.main(["--stills", str(tmp_path), "--scenes", "aurora", "--size", "160x90"]) == 0
    for way in look_stills.WAYS:
        assert sorted(path.stem for path in (tmp_path / way).iterdir()) == [f"{n:03d}" for n in range(1, 8)]
    grey = cv2.imread(str(tmp_path / "grey" / "001.png"))
    assert grey is not None
    assert (grey[..., 0] == grey[..., 2]).all()


@pytest.mark.parametrize(("card", "levels"), [(False, SOFTWARE), (True, GPU)])
def test_a_card_has_its_own_quality_levels(card: bool, levels: tuple[Quality, ...]) -> None:
    with or_skipped():
        stage = FilmStage(Config(), (160, 90), "high", card=card)
    try:
        assert stage.quality == levels[TIERS["high"]]
    finally:
        stage.close()


@pytest.mark.long
def test_a_film_becomes_a_strip(tmp_path: Path) -> None:
    path = tmp_path / "still.png"
    cv2.imwrite(str(path), np.full((120, 160, 3), 90, np.uint8))
    assert len(film(path, Config(), "near", 1.0)) == 25
    with or_skipped():
        assert (
            film_strips.main([str(path), "--out", str(tmp_path / "out"), "--scenes", "aurora", "--size", "160x90"]) == 0
        )
    strip = cv2.imread(str(tmp_path / "out" / "aurora.jpg"))
    assert strip is not None
    assert strip.shape == (90, 8 * 160, 3)
