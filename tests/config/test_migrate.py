"""Older settings mean the same under today's names, and every rename leads both ways."""

from pathlib import Path

import pytest
import yaml

from installation.config.migrate import RENAMED, find_rename, migrate
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
