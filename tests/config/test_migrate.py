"""Older settings mean the same under today's names, and every rename leads both ways."""

from pathlib import Path

import pytest
import yaml

from installation.config.load import load_config
from installation.config.migrate import RENAMED, find_rename, migrate, retire, reword
from installation.config.save import migrate_file
from installation.config.settings import Config

HERE = Path(__file__).parent


def old_file() -> dict:
    return yaml.safe_load((HERE / "config_v1.yaml").read_text(encoding="utf-8"))


def test_the_full_file_of_version_1_means_what_the_defaults_mean() -> None:
    assert Config.model_validate(migrate(old_file())) == Config()


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        ("output.bloom", "output.glow", 0.3, 0.5),
        ("perception.budget_ms", "perception.budget_s", 40.0, 0.04),
        ("video.file_minutes", "video.file_s", 0.05, 3.0),
        ("lights.presence", "lights.idle_level", 0.9, 0.1),
        ("textures.latent_speed", "generation.latent_per_second", 0.2, 0.2),
        ("textures.size_px", "generation.size_px", 128, 128),
        ("translation.over", "repainting.over", 0.25, 0.25),
        ("look.sad.light.key", "look.sad.lighting.key", 0.7, 0.7),
        ("osc.targets.1.rate", "osc.targets.1.per_second", 30.0, 30.0),
    ],
)
def test_an_old_place_leads_to_the_new_one_and_back(old: str, new: str, before: float, after: float) -> None:
    found = find_rename(old)
    assert found is not None
    place, rename = found
    assert place == new
    if rename.old.count(".") == old.count("."):
        assert rename.to_new(before) == after
        assert rename.to_old(after) == before


def test_what_was_not_renamed_is_not_found() -> None:
    assert find_rename("scene.follow") is None
    assert find_rename("output") is None


def test_order_stays_and_the_given_settings_are_left_alone() -> None:
    given = {"output": {"hud": True, "bloom": 0.6, "width": 640}, "textures": {"styles": "mine"}}
    assert list(migrate(given)["output"]) == ["hud", "glow", "width"]
    assert migrate(given)["generation"] == {"styles_folder": "mine"}
    assert given["output"]["bloom"] == 0.6


def test_old_and_new_name_at_once_is_a_mistake() -> None:
    with pytest.raises(ValueError, match=r"output\.bloom is called output\.glow now"):
        migrate({"output": {"bloom": 0.6, "glow": 1.0}})


def test_what_is_no_number_stays_for_the_check_to_report() -> None:
    assert migrate({"output": {"bloom": "much"}}) == {"output": {"glow": "much"}}


def test_every_new_name_is_a_setting() -> None:
    known = yaml.safe_dump(Config().model_dump())
    for rename in RENAMED:
        assert f"{rename.new.rsplit('.', 1)[-1]}:" in known or rename.new.startswith(
            ("lights.universes", "lights.fixtures")
        ), rename


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"enabled": True, "manner": "network", "model": "mine.onnx", "over": 0.3}, {"enabled": False, "over": 0.3}),
        ({"enabled": True, "manner": "styles", "provider": "cpu"}, {"enabled": True}),
        ({"manner": "styles"}, {"enabled": True}),
        ({"model": "mine.onnx"}, {"enabled": False}),
        ({"enabled": True}, {"enabled": True}),
    ],
)
def test_what_is_left_of_the_network_that_repainted(before: dict, after: dict) -> None:
    settings = {"repainting": dict(before)}
    assert retire(settings) is (before != after)
    assert settings == {"repainting": after}
    assert migrate({"translation": before}) == {"repainting": after}
    assert not retire({"repainting": None})
    assert not retire({})


@pytest.mark.parametrize("version", ["", "version: 2\n"])
def test_a_file_that_names_the_network_is_read_and_written_without_it(
    version: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(
        f"{version}repainting:\n  enabled: true  # my own\n  manner: network\n  over: 0.3\n", encoding="utf-8"
    )
    config = load_config(path)
    assert (config.repainting.enabled, config.repainting.over) == (False, 0.3)
    assert "are gone with their network" in caplog.text
    assert migrate_file(path) is not None
    assert "manner" not in path.read_text(encoding="utf-8")
    caplog.clear()
    assert load_config(path) == config
    assert not caplog.records
    assert migrate_file(path) is None


@pytest.mark.parametrize(
    ("written", "means", "rewritten"),
    [
        ("true", "figures", "figures"),
        ("yes", "figures", "figures"),
        ("false", "off", "'off'"),
        ("off", "off", None),
        ("'off'", "off", None),
        ("notices", "notices", None),
    ],
)
@pytest.mark.parametrize("version", ["", "version: 2\n"])
def test_a_switch_that_became_a_choice(version: str, written: str, means: str, rewritten: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    text = f"{version}output:\n  hud: {written}  # mine\n  glow: 2.0\n"
    path.write_text(text, encoding="utf-8")
    assert load_config(path).output.hud == means
    backup = migrate_file(path)
    after = text.replace(f" {written} ", f" {rewritten or written} ")
    assert path.read_text(encoding="utf-8").replace("  #", " #") == after.replace("  #", " #")
    assert (backup is None) == (rewritten is None)
    assert load_config(path).output.hud == means
    assert migrate_file(path) is None
    assert migrate({"output": {"hud": yaml.safe_load(written)}}) == {"output": {"hud": means}}


def test_what_is_no_switch_is_left_to_the_check() -> None:
    for value in ("figures", 3, None, [True]):
        settings = {"output": {"hud": value}}
        assert not reword(settings)
        assert settings == {"output": {"hud": value}}
    assert not reword({"output": None})
