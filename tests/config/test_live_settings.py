"""Changes over OSC: when they count, how long they hold, and how they are saved."""

import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from installation.config.live_settings import PERIOD_S, REOPEN_PERIOD_S, ControlDesk
from installation.config.load import load_config, with_overrides
from installation.config.save import save_settings
from installation.config.settings import Config

HOLD, BETA = "/control/smoothing/label_hold_s", "/control/smoothing/beta"


def test_a_change_is_taken_once_and_many_as_one() -> None:
    desk = ControlDesk(Config())
    assert desk.take(0.0) is None
    for step in range(1, 50):
        desk.change(HOLD, [step / 10])
    desk.change(BETA, [2])
    found = desk.take(0.0)
    assert found is not None
    assert (found.smoothing.label_hold_s, found.smoothing.beta) == (4.9, 2.0)
    assert found == with_overrides(Config(), {"smoothing.label_hold_s": 4.9, "smoothing.beta": 2.0})
    assert desk.take(1.0) is None
    desk.change(BETA, [2.0])
    assert desk.take(2.0) is None, "it is the same value"


def test_changes_are_taken_at_most_so_often() -> None:
    desk = ControlDesk(Config())
    desk.change(HOLD, [1.0])
    assert desk.take(5.0) is not None
    desk.change(HOLD, [2.0])
    assert desk.take(5.0 + PERIOD_S / 2) is None
    assert desk.value(HOLD) == 2.0
    assert desk.take(5.0 + PERIOD_S) is not None


def test_what_opens_the_camera_anew_counts_more_seldom() -> None:
    desk = ControlDesk(Config())
    desk.change("/control/capture/per_second", [25.0])
    assert desk.take(0.0) is not None
    desk.change("/control/capture/per_second", [24.0])
    assert desk.take(REOPEN_PERIOD_S / 2) is None
    found = desk.take(REOPEN_PERIOD_S)
    assert found is not None
    assert found.capture.per_second == 24.0


def test_what_cannot_be_changes_nothing() -> None:
    desk = ControlDesk(Config())
    with pytest.raises(ValueError, match="0 to 10"):
        desk.change(HOLD, [11])
    with pytest.raises(ValueError, match="multiple of 32"):
        desk.change("/control/generation/size_px", [100])
    with pytest.raises(KeyError):
        desk.change("/control/smoothing/nothing", [1])
    assert desk.take(0.0) is None
    assert desk.config == Config()


def test_near_names_what_was_meant() -> None:
    desk = ControlDesk(Config())
    assert desk.near("/control/smoothing/label_hold") == f"did you mean {HOLD}?"
    assert "beta" in desk.near("/control/smoothing/xyz")
    assert "control.md" in desk.near("/control/xyz/xyz")


def test_a_saved_file_wins_over_changes_of_the_same_setting_only() -> None:
    desk = ControlDesk(Config())
    desk.change(HOLD, [1.0])
    desk.change(BETA, [3.0])
    desk.take(0.0)
    found = desk.rebase(with_overrides(Config(), {"smoothing.label_hold_s": 2.0, "scene.follow": 0.5}))
    smoothing = found.smoothing
    assert (smoothing.label_hold_s, smoothing.beta, found.scene.follow) == (2.0, 3.0, 0.5)
    assert desk.config == found
    assert desk.take(10.0) is None, "the loop has it already"
    assert desk.rebase(Config()).smoothing.beta == 3.0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text("# mine\nsmoothing:\n  beta: 1.0  # calm\n")
    return path


def test_saving_writes_the_changes_and_keeps_the_comments(file: Path) -> None:
    desk = ControlDesk(load_config(file), partial(save_settings, file))
    assert desk.save() == 0
    changes: dict[str, Any] = {
        BETA: 2.5,
        "/control/group/mode": "recent",
        "/control/output/hud": 1,
        "/control/body/valence/openness": 0.5,
        "/control/look/happy/form/spread": 0.25,
        "/control/look/happy/palette/deep": "#102030",
        "/control/scene/parameters/blossom/petals": 100.0,
    }
    for path, value in changes.items():
        desk.change(path, [value])
    assert desk.save() == len(changes)
    assert "# mine\nsmoothing:\n  beta: 2.5  # calm\n" in file.read_text()
    saved = load_config(file)
    assert saved == desk.config
    assert {path: desk.table[path].read(saved) for path in changes} == changes
    assert desk.rebase(saved) == saved
    assert desk.save() == 0, "what stands in the file is no change any more"


def test_a_file_that_cannot_be_written_is_told(file: Path) -> None:
    desk = ControlDesk(load_config(file), partial(save_settings, file))
    desk.change(BETA, [2.5])
    file.write_text("smoothing: [")
    with pytest.raises(ValueError, match="not saved"):
        desk.save()
    file.write_text("{}\n")
    assert desk.save() == 1, "it is not forgotten"
    with pytest.raises(ValueError, match="no settings file"):
        ControlDesk(Config()).save()


def test_threads_lose_no_change() -> None:
    desk = ControlDesk(Config())
    names = ["emotion_s", "affect_s", "label_hold_s", "fade_in_s"]

    def move(name: str) -> None:
        for step in range(1, 101):
            desk.change(f"/control/smoothing/{name}", [step / 100])

    threads = [threading.Thread(target=move, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    found = desk.take(0.0)
    assert found is not None
    assert [getattr(found.smoothing, name) for name in names] == [1.0] * 4
