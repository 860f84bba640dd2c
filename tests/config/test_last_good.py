"""Settings to go on with: kept when they have done well, read when the artist's cannot be used."""

import stat
import threading
from pathlib import Path

import pytest
import yaml

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.last_good import KEEPING, STAGE, WELL_S, LastGood, StandIn, read_unattended
from installation.config.load import load_config, parse_config
from installation.config.settings import Config
from installation.config.watch import ConfigWatcher

TEXT = "scene: {name: aurora, pace: 1.5}\ncapture: {source: 'rtsp://door:hunter22@cam/1'}\nlook: ink\n"


@pytest.fixture
def notices() -> Notices:
    return Notices(ManualClock())


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(TEXT)
    return path


@pytest.fixture
def last_good(tmp_path: Path) -> LastGood:
    return LastGood(tmp_path / "state" / "key")


def written(last_good: LastGood) -> Config | None:
    for thread in threading.enumerate():
        if thread.name == "last-good":
            thread.join(20)
    return last_good.stored({})


def test_what_is_stored_comes_back_whole_with_its_look(config_file: Path, last_good: LastGood) -> None:
    config = load_config(config_file)
    last_good.store(config)
    assert last_good.stored({}) == config
    assert config.look.name == "ink"
    assert stat.S_IMODE(last_good.path.stat().st_mode) == 0o600, "a camera's password is in it"
    last_good.store(Config())
    assert last_good.stored({}) == Config()
    assert stat.S_IMODE(last_good.path.stat().st_mode) == 0o600


MANY = """
lights: {universes: [{name: room, number: 1}, {name: node, protocol: artnet, number: 0, host: 10.0.0.5}]}
output: {display: all, screens: [{edges: {right: 0.1}}, {}]}
osc: {targets: [{host: "::1", port: 9101, addresses: [/mien/group/*]}], allow: [10.0.0.0/8]}
poses: {meanings: {arms_up: {happy: 1.0}}}
capture: {source: "/films/caf\\xe9.mp4"}
guard: {heartbeat_targets: [{port: 3002}]}
"""


def test_lists_and_names_of_any_kind_come_back(last_good: LastGood) -> None:
    config = parse_config(MANY)
    # A name that is no text, as Python keeps it.
    config = config.model_copy(update={"capture": config.capture.model_copy(update={"source": "/films/caf\udce9.mp4"})})
    last_good.store(config)
    assert last_good.stored({}) == config


def test_it_needs_no_look_file_of_the_artists(config_file: Path, last_good: LastGood) -> None:
    last_good.store(load_config(config_file))
    text = last_good.path.read_text()
    last_good.path.write_text(text.replace("name: ink", "name: of_another_time"))
    kept = last_good.stored({})
    assert kept is not None
    assert kept.look.happy == load_config(config_file).look.happy


def test_settings_are_kept_once_they_have_done_well(config_file: Path, last_good: LastGood, notices: Notices) -> None:
    config = load_config(config_file)
    last_good.took(config)
    last_good.prove(10.0, True, notices)
    last_good.prove(9.9 + WELL_S, True, notices)
    assert written(last_good) is None
    last_good.prove(10.0 + WELL_S, True, notices)
    assert written(last_good) == config
    last_good.path.unlink()
    last_good.prove(10.0 + 3 * WELL_S, True, notices)
    assert written(last_good) is None, "they are kept already"


def test_neither_trouble_nor_a_change_counts_as_well(last_good: LastGood, notices: Notices) -> None:
    last_good.took(Config())
    last_good.prove(0.0, True, notices)
    last_good.prove(50.0, False, notices)
    last_good.prove(51.0, True, notices)
    last_good.prove(100.0, True, notices)
    assert written(last_good) is None
    last_good.took(Config())
    last_good.prove(110.0, True, notices)
    last_good.prove(169.0, True, notices)
    assert written(last_good) is None
    last_good.prove(170.0, True, notices)
    assert written(last_good) is not None


def test_a_disk_that_takes_nothing_is_a_fault_and_tried_again(tmp_path: Path, notices: Notices) -> None:
    (tmp_path / "state").write_text("no folder")
    last_good = LastGood(tmp_path / "state")
    last_good.took(Config())
    for now_s in (0.0, WELL_S):
        last_good.prove(now_s, True, notices)
    assert written(last_good) is None
    assert [notice.stage for notice in notices.active("fault")] == [KEEPING]
    (tmp_path / "state").unlink()
    for now_s in (WELL_S + 1, 2 * WELL_S + 1):
        last_good.prove(now_s, True, notices)
    assert written(last_good) == Config()
    assert notices.active() == ()


@pytest.mark.parametrize("broken", ["scene: {pace: fast}", "scene: {name: aurora", "", "look: nowhere"])
def test_a_broken_file_is_stood_in_for(config_file: Path, last_good: LastGood, notices: Notices, broken: str) -> None:
    good = load_config(config_file)
    last_good.store(good)
    config_file.write_text(broken)
    config, stand_in = read_unattended([config_file], {}, last_good)
    if not broken:  # no settings at all are settings, where nothing ran before
        assert (config, stand_in.trouble) == (Config(), "")
        return
    assert config == good
    assert str(config_file) in stand_in.trouble
    stand_in.tell(notices)
    assert [notice.stage for notice in notices.active("fault")] == ["config"]
    assert notices.active("fallback")[0].stage == STAGE
    assert "the last good settings (" in notices.active("fallback")[0].message


def test_without_anything_stored_nobody_is_filmed(config_file: Path, last_good: LastGood) -> None:
    config_file.write_text("emotion: {")
    config, stand_in = read_unattended([config_file], {"scene.pace": 2.0}, last_good)
    assert config.capture.source == "simulated"
    assert config.scene.pace == 2.0
    assert stand_in.what == "Mien's own settings"
    typed, _ = read_unattended([config_file], {"capture.source": "0"}, last_good)
    assert typed.capture.source == "0"


@pytest.mark.parametrize("stored", ["scene: {pace: fast}", "\x00\x00\x00", ""])
def test_a_copy_that_cannot_be_used_is_passed_over(last_good: LastGood, stored: str) -> None:
    last_good.path.parent.mkdir(parents=True)
    last_good.path.write_text(stored)
    assert last_good.read({})[1] == "Mien's own settings"


def test_what_was_typed_counts_where_it_can_be_used(config_file: Path, last_good: LastGood) -> None:
    last_good.store(load_config(config_file))
    assert last_good.read({"scene.pace": 3.0})[0].scene.pace == 3.0
    assert last_good.read({"scene.pace": "fast"})[0].scene.pace == 1.5


def test_safe_settings_are_the_last_good_ones_with_the_performer(
    config_file: Path, last_good: LastGood, notices: Notices
) -> None:
    for is_stored, what in ((False, "the settings files as they are"), (True, "the last good settings (")):
        if is_stored:
            last_good.store(load_config(config_file))
            config_file.write_text("scene: {name: mask}")
        config, stand_in = read_unattended([config_file], {"capture.source": "0"}, last_good, "it failed three times")
        assert what in stand_in.what
        assert (config.capture.source, config.scene.name) == ("simulated", "aurora")
    stand_in.tell(notices)
    (fault,) = notices.active("fault")
    assert fault.stage == STAGE
    assert "it failed three times" in fault.message


def test_a_source_is_stood_in_for_by_the_last_good_one_and_then_by_the_performer(last_good: LastGood) -> None:
    def sources(config: Config) -> list[object]:
        return [other.capture.source for other in StandIn(last_good).for_source(config)]

    film = Config.model_validate({"capture": {"source": "film.mp4"}, "scene": {"pace": 2.0}})
    assert sources(film) == ["simulated", "simulated"]
    assert StandIn(last_good).for_source(film)[0].scene.pace == 2.0
    last_good.store(Config.model_validate({"capture": {"source": "0"}}))
    assert sources(film) == ["0", "simulated"]
    last_good.store(film)
    assert sources(film) == ["simulated"]


def test_the_watcher_keeps_what_was_saved_and_does_well(
    config_file: Path, last_good: LastGood, notices: Notices
) -> None:
    """The same object serves a start with nobody there and the files that are saved while the piece runs."""
    config_file.write_text("scene: {pace: fast}")
    config, stand_in = read_unattended([config_file], {}, last_good)
    stand_in.tell(notices)
    watcher = ConfigWatcher([config_file], {}, config.look.name, broken=True, last_good=last_good)
    watcher.prove(0.0, notices)
    watcher.prove(WELL_S, notices)
    assert written(last_good) is None, "what stands in is no settings of the artist's"
    config_file.write_text(TEXT + "smoothing: {calmness: 2.0}\n")
    found = [watcher.poll() for _ in range(3)]
    assert isinstance(found[1], Config)
    for stage in ("config", STAGE):
        notices.resolve(stage)
    for now_s in (100.0, 100.0 + WELL_S):
        watcher.prove(now_s, notices)
    assert written(last_good) == found[1]
    assert yaml.safe_load(last_good.path.read_text())["smoothing"]["calmness"] == 2.0


def test_without_files_nothing_is_ever_new() -> None:
    watcher = ConfigWatcher([], {}, "mien")
    assert [watcher.poll() for _ in range(3)] == [None] * 3
