"""Live changes: when they take effect, how long they hold, how they are saved, and that they follow the scenes there are."""

import shutil
import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from installation.config import scene, scene_files
from installation.config.load import load_config, with_overrides
from installation.config.save import save_settings
from installation.config.settings import Config
from installation.live_commands import live_settings, setting_table
from installation.live_commands.live_settings import PERIOD_S, REOPEN_PERIOD_S, SCENES_PERIOD_S, LiveSettings

OLD_ADDRESSES = [
    ("capture/fps", "capture/per_second", 24.0, 24.0),
    ("perception/budget_ms", "perception/budget_s", 80.0, 0.08),
    ("output/fps", "output/per_second", 50.0, 50.0),
    ("output/software_fps", "output/software_per_second", 20.0, 20.0),
    ("output/bloom", "output/glow", 0.3, 0.5),
    ("output/exposure", "output/brightness", 1.5, 1.5),
    ("video/fps", "video/per_second", 25.0, 25.0),
    ("video/file_minutes", "video/file_s", 5.0, 300.0),
    ("lights/presence", "lights/idle_level", 0.75, 0.25),
    ("midi/rate", "midi/per_second", 20.0, 20.0),
    ("textures/latent_speed", "generation/latent_per_second", 0.5, 0.5),
    ("textures/enabled", "generation/enabled", 0, 0),
    ("translation/over", "repainting/over", 0.25, 0.25),
    ("look/happy/light/bloom", "look/happy/lighting/bloom", 0.25, 0.25),
]
"""(old address, today's, value as the old one takes it, as today's has it)."""
HOLD, BETA = "/control/smoothing/label_hold_s", "/control/smoothing/beta"


def test_a_change_is_taken_once_and_many_as_one() -> None:
    live = LiveSettings(Config())
    assert live.take(0.0) is None
    for step in range(1, 50):
        live.change(HOLD, [step / 10])
    live.change(BETA, [2])
    found = live.take(0.0)
    assert found is not None
    assert (found.smoothing.label_hold_s, found.smoothing.beta) == (4.9, 2.0)
    assert found == with_overrides(Config(), {"smoothing.label_hold_s": 4.9, "smoothing.beta": 2.0})
    assert live.take(1.0) is None
    live.change(BETA, [2.0])
    assert live.take(2.0) is None, "it is the same value"


def test_changes_are_taken_at_most_so_often() -> None:
    live = LiveSettings(Config())
    live.change(HOLD, [1.0])
    assert live.take(5.0) is not None
    live.change(HOLD, [2.0])
    assert live.take(5.0 + PERIOD_S / 2) is None
    assert live.value(HOLD) == 2.0
    assert live.take(5.0 + PERIOD_S) is not None


def test_what_opens_the_camera_anew_counts_more_seldom() -> None:
    live = LiveSettings(Config())
    live.change("/control/capture/per_second", [25.0])
    assert live.take(0.0) is not None
    live.change("/control/capture/per_second", [24.0])
    assert live.take(REOPEN_PERIOD_S / 2) is None
    found = live.take(REOPEN_PERIOD_S)
    assert found is not None
    assert found.capture.per_second == 24.0


def test_what_cannot_be_changes_nothing() -> None:
    live = LiveSettings(Config())
    with pytest.raises(ValueError, match="0 to 10"):
        live.change(HOLD, [11])
    with pytest.raises(ValueError, match="multiple of 32"):
        live.change("/control/generation/size_px", [100])
    with pytest.raises(KeyError):
        live.change("/control/smoothing/nothing", [1])
    assert live.take(0.0) is None
    assert live.config == Config()


def test_near_names_what_was_meant() -> None:
    live = LiveSettings(Config())
    assert live.near("/control/smoothing/label_hold") == f"did you mean {HOLD}?"
    assert "beta" in live.near("/control/smoothing/xyz")
    assert "control.md" in live.near("/control/xyz/xyz")


def test_a_saved_file_wins_over_changes_of_the_same_setting_only() -> None:
    live = LiveSettings(Config())
    live.change(HOLD, [1.0])
    live.change(BETA, [3.0])
    live.take(0.0)
    found = live.rebase(with_overrides(Config(), {"smoothing.label_hold_s": 2.0, "scene.follow": 0.5}))
    smoothing = found.smoothing
    assert (smoothing.label_hold_s, smoothing.beta, found.scene.follow) == (2.0, 3.0, 0.5)
    assert live.config == found
    assert live.take(10.0) is None, "the loop has it already"
    assert live.rebase(Config()).smoothing.beta == 3.0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text("# mine\nsmoothing:\n  beta: 1.0  # calm\n")
    return path


def test_saving_writes_the_changes_and_keeps_the_comments(file: Path) -> None:
    live = LiveSettings(load_config(file), partial(save_settings, file))
    assert live.save() == 0
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
        live.change(path, [value])
    assert live.save() == len(changes)
    assert "# mine\nsmoothing:\n  beta: 2.5  # calm\n" in file.read_text()
    saved = load_config(file)
    assert saved == live.config
    assert {path: live.table[path].read(saved) for path in changes} == changes
    assert live.rebase(saved) == saved
    assert live.save() == 0, "what stands in the file is no change any more"


def test_a_file_that_cannot_be_written_is_told(file: Path) -> None:
    live = LiveSettings(load_config(file), partial(save_settings, file))
    live.change(BETA, [2.5])
    file.write_text("smoothing: [")
    with pytest.raises(ValueError, match="not saved"):
        live.save()
    file.write_text("{}\n")
    assert live.save() == 1, "it is not forgotten"
    with pytest.raises(ValueError, match="no settings file"):
        LiveSettings(Config()).save()


def test_threads_lose_no_change() -> None:
    live = LiveSettings(Config())
    names = ["emotion_s", "affect_s", "label_hold_s", "fade_in_s"]

    def move(name: str) -> None:
        for step in range(1, 101):
            live.change(f"/control/smoothing/{name}", [step / 100])

    threads = [threading.Thread(target=move, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    found = live.take(0.0)
    assert found is not None
    assert [getattr(found.smoothing, name) for name in names] == [1.0] * 4


@pytest.mark.parametrize(("old", "new", "sent", "value"), OLD_ADDRESSES)
def test_an_old_address_goes_on_working_in_its_old_unit(old: str, new: str, sent: float, value: float) -> None:
    live = LiveSettings(Config())
    old, new = f"/control/{old}", f"/control/{new}"
    assert old not in live.table, "only today's are listed"
    live.change(old, [sent])
    assert live.value(new) == pytest.approx(value)
    assert live.value(old) == pytest.approx(sent)
    assert live.setting(old) is live.setting(new)
    assert live.take(0.0) is not None
    live.change(new, [live.table[new].read(Config())])
    assert live.config == Config()


def test_an_old_address_refuses_with_the_new_name() -> None:
    live = LiveSettings(Config())
    with pytest.raises(ValueError, match=r"is called /control/perception/budget_s now, which must be 0.01 to 1, not 5"):
        live.change("/control/perception/budget_ms", [5000])
    for path in ("/control/textures/nothing", "/control/capture/fps/x", "/control/textures"):
        with pytest.raises(KeyError):
            live.change(path, [1])


SCENE = """title: Rain
draws: [{fragment: rain.frag}]
parameters:
  drops: {value: 3, low: 1, high: 9, meaning: how many}
"""


@pytest.fixture
def scenes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of scenes of its own."""
    folder = tmp_path / "scenes"
    shutil.copytree(scene_files.FOLDER, folder)
    for module in (setting_table, live_settings, scene):
        monkeypatch.setattr(module, "scene_names", partial(scene_files.scene_names, folder))
    for module in (setting_table, scene):
        monkeypatch.setattr(module, "load_scene", partial(scene_files.load_scene, folder=folder))
    monkeypatch.setattr(live_settings, "scenes_stamp", partial(setting_table.scenes_stamp, folder))
    return folder


def test_a_scene_that_is_dropped_in_brings_its_settings_and_takes_them_along(scenes: Path) -> None:
    live, drops = LiveSettings(Config()), "/control/scene/parameters/rain/drops"
    live.take(0.0)
    before = live.table
    (scenes / "rain.yaml").write_text(SCENE)
    live.take(SCENES_PERIOD_S / 2)
    assert live.table is before, "it is looked now and then only"
    live.take(SCENES_PERIOD_S)
    assert live.table.keys() - before.keys() == {drops}
    assert "rain" in live.table["/control/scene/name"].choices
    live.change(drops, [5.0])
    live.change("/control/scene/name", ["rain"])
    live.change(HOLD, [1.0])
    found = live.take(2 * SCENES_PERIOD_S)
    assert found is not None
    assert (found.scene.name, found.scene.parameters) == ("rain", {"rain": {"drops": 5.0}})

    (scenes / "rain.yaml").write_text("parameters: [")
    live.take(3 * SCENES_PERIOD_S)
    assert drops not in live.table, "a scene with a mistake has no numbers"
    (scenes / "rain.yaml").write_text(SCENE)
    live.take(4 * SCENES_PERIOD_S)
    assert live.value(drops) == 5.0, "what was changed comes back with them"

    (scenes / "rain.yaml").unlink()
    found = live.take(5 * SCENES_PERIOD_S)
    assert found is not None
    assert found == with_overrides(Config(), {"smoothing.label_hold_s": 1.0}), "all else that was changed stays"
    assert live.table.keys() == before.keys()
    assert "rain" not in live.table["/control/scene/name"].choices
    live.change("/control/scene/follow", [0.5])
    assert live.rebase(Config()).scene.follow == 0.5


GLOW = "/control/output/glow"
DEEP = "/control/look/sad/palette/deep"


def test_many_settings_are_changed_as_one_and_checked_together() -> None:
    live = LiveSettings(Config())
    good, wrong = live.fitted({GLOW: 2, DEEP: "orange", HOLD: 99, "/control/output/bloom": 0.3, "/control/none": 1})
    assert good[DEEP] == "#ffa500"
    assert good[GLOW] in (2.0, 0.5), "one of the two names it has"
    assert wrong[HOLD] == "must be 0 to 10, not 99"
    assert wrong["/control/none"].startswith("no such setting changes while the piece runs")
    assert live.config == Config(), "nothing is done yet"


def test_a_glide_lets_go_of_what_somebody_else_changes() -> None:
    live = LiveSettings(Config())
    live.begin_glide([GLOW, BETA, HOLD])
    assert live.glide({GLOW: 2.0, BETA: 3.0, HOLD: 1.0}) == set()
    assert live.value(GLOW) == 2.0
    live.change(BETA, [live.value(BETA)])
    live.change(GLOW, [0.5])
    assert live.glide({GLOW: 2.5, BETA: 3.5, HOLD: 1.5}) == {GLOW, BETA}
    assert [live.value(path) for path in (GLOW, BETA, HOLD)] == [0.5, 3.0, 1.5]
    live.rebase(with_overrides(Config(), {"smoothing.label_hold_s": 4.0}))
    assert live.glide({HOLD: 2.0}) == {HOLD}
    live.begin_glide([GLOW])
    assert live.glide({GLOW: 3.0}) == set(), "another one takes it over"
    live.end_glide([GLOW])
    assert live.glide({GLOW: 3.5}) == {GLOW}


def test_a_step_that_cannot_be_keeps_no_other_from_its_value() -> None:
    live = LiveSettings(Config())
    live.begin_glide([GLOW, HOLD, "/control/gone"])
    assert live.glide({GLOW: 2.0, HOLD: 99.0, "/control/gone": 1.0}) == {HOLD, "/control/gone"}
    assert live.value(GLOW) == 2.0


def test_what_differs_from_the_file_is_known() -> None:
    live = LiveSettings(Config())
    live.change(GLOW, [2.0])
    live.change(BETA, [3.0])
    live.change(BETA, [live.table[BETA].read(Config())])
    assert live.changed() == {GLOW: 2.0}
