"""Layouts of our own scenes: what a cell holds, what is held out, and that a number decides all of a performance."""

from pathlib import Path

import numpy as np
import pytest

from installation.config.settings import Config
from installation.evaluation import layouts
from installation.evaluation.layouts import EACH, is_held, render, shown_scenes
from installation.render.surface import Offscreen
from installation.training.interrupt import Stop
from installation.types import LAYOUT
from tests.screen import or_skipped


@pytest.fixture
def _drawable() -> None:
    with or_skipped():
        Offscreen((64, 64)).close()


def test_scenes_that_hang_a_picture_up_or_show_the_camera_are_left_out() -> None:
    assert {"blossom", "swarm"} <= set(shown_scenes())
    assert not {"portrait", "landscape", "atelier"} & set(shown_scenes())


def test_every_tenth_performance_of_each_scene_is_held_out() -> None:
    scenes = len(shown_scenes())
    held = [number for number in range(20 * scenes) if is_held(number)]
    assert len(held) == 2 * scenes
    assert {number % scenes for number in held} == set(range(scenes)), "each scene is among them"


@pytest.mark.usefixtures("_drawable")
def test_performances_are_decided_by_their_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layouts, "shown_scenes", lambda: ["blossom", "sculpture"])
    config = Config()
    found = render(config, [config.look], EACH + 2, 4, Stop())
    assert found["layouts"].shape == (EACH + 2, LAYOUT, LAYOUT, 4)
    assert found["scenes"].tolist() == ["blossom"] * EACH + ["sculpture"] * 2
    assert found["performances"].tolist() == [0] * EACH + [1] * 2
    assert found["affects"].shape == (EACH + 2, 4)
    assert np.abs(found["affects"]).max() <= 1
    cover = found["layouts"][..., 3] / 255
    assert 0.01 < cover.mean() < 0.9, "shapes are seen, and the room does not count"
    assert np.ptp(found["layouts"].astype(np.int16), axis=0).max() > 20, "they move"
    again = render(config, [config.look], 2, 4, Stop())
    assert np.abs(again["layouts"].astype(np.int16) - found["layouts"][:2]).max() <= 2


@pytest.mark.usefixtures("_drawable")
def test_the_command_writes_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(layouts, "shown_scenes", lambda: ["blossom"])
    file = tmp_path / "layouts.npz"
    assert layouts.main(["--out", str(file), "--count", "3"]) == 0
    with np.load(file) as stored:
        assert {name: len(stored[name]) for name in stored} == dict.fromkeys(
            ("layouts", "affects", "scenes", "performances", "held"), 3
        )
    assert "3 layouts" in capsys.readouterr().out
    assert layouts.main(["--out", str(tmp_path / "missing" / "layouts.npz"), "--count", "1"]) == 2


@pytest.mark.parametrize("wrong", [["--count", "0", "--out", "a.npz"], ["--out", "a.txt"]])
def test_wrong_options_are_refused(wrong: list[str]) -> None:
    with pytest.raises(SystemExit):
        layouts.main(wrong)
