"""The artist's guide: every recipe can be used as it is printed and changes something, and every picture is there."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from installation.base.picture_file import read_picture
from installation.config.load import ConfigError, parse_config
from installation.config.settings import Config
from installation.cues.sheet_file import with_checked_lines
from installation.desk.setting_tree import parts, search
from installation.evaluation import guide
from installation.evaluation.guide import (
    GUIDE,
    MAX_BYTES,
    GuideError,
    Pair,
    Recipe,
    config_with,
    note_of,
    perform,
    read_guide,
)
from installation.live_commands.cue_sheet import parse_sheet
from installation.live_commands.live_settings import LiveSettings
from installation.live_commands.setting_table import table
from tests.screen import or_skipped

RECIPES, PAIRS = read_guide(GUIDE.read_text(encoding="utf-8"))
BLOCK = "## Calmer\n\n```yaml\n# config.yaml\nscene: {pace: 0.5}\n```\n\n"


def of(file: str) -> list[Recipe]:
    return [recipe for recipe in RECIPES if recipe.file == file]


@pytest.mark.parametrize("recipe", of("config.yaml"), ids=lambda recipe: str(recipe.title))
def test_a_recipe_is_settings_that_differ_from_those_shipped(recipe: Recipe) -> None:
    given = yaml.safe_load(recipe.text)
    changed, shipped = config_with(recipe), config_with(None)
    assert changed != shipped
    for section, values in given.items():
        for name in values if isinstance(values, dict) else ():
            if (section, name) != ("look", "name"):
                pair = [getattr(getattr(config, section), name) for config in (changed, shipped)]
                assert pair[0] != pair[1], f"{recipe.title}: {section}.{name} is as shipped"


@pytest.mark.parametrize("recipe", of("cues.yaml"), ids=lambda recipe: str(recipe.title))
def test_a_recipe_is_a_list_of_cues(recipe: Recipe) -> None:
    sheet = parse_sheet(recipe.text)
    assert sheet.cues
    assert with_checked_lines(sheet, LiveSettings(Config())).left_out == ()


def test_the_rest_are_looks() -> None:
    looks = [recipe for recipe in RECIPES if recipe.file not in ("config.yaml", "cues.yaml")]
    assert [recipe.file for recipe in looks] == ["looks/evening.yaml"]
    for recipe in looks:
        assert parse_config(yaml.safe_dump({"look": yaml.safe_load(recipe.text)})).look != Config().look


def test_what_the_guide_searches_for_on_the_desk_is_found() -> None:
    searched = 0
    for section in GUIDE.read_text(encoding="utf-8").split("\n## ")[1:]:
        title = section.split("\n", 1)[0]
        given = [yaml.safe_load(recipe.text) for recipe in RECIPES if recipe.title == title]
        for phrases in re.findall(r"search ((?:`[^`]+`(?:, )?)+)", section):
            for phrase in re.findall(r"`([^`]+)`", phrases):
                found = [entry.place[:2] for entry in search(parts(table()), phrase, lambda _: True)]
                of_recipe = {(part, name) for block in given for part, values in block.items() for name in values}
                assert of_recipe & set(found), f"{title}: {phrase} finds {found}"
                assert len(found) <= 15, f"{title}: {phrase} finds {len(found)} settings"
                searched += 1
    assert searched >= 8


def test_every_picture_is_there_and_no_other() -> None:
    folder = GUIDE.with_suffix("")
    names = [found.name for found in PAIRS]
    assert len(set(names)) == len(names) >= 6
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{name}.jpg" for name in names)
    assert sum(path.stat().st_size for path in folder.iterdir()) < MAX_BYTES


@pytest.mark.parametrize("found", PAIRS, ids=lambda found: str(found.name))
def test_a_picture_is_drawn_from_the_recipe_as_it_stands(found: Pair) -> None:
    data = (GUIDE.with_suffix("") / f"{found.name}.jpg").read_bytes()
    assert note_of(data) == found.drawn_from, "python -m installation.evaluation.guide --write --only " + found.name
    height, width = read_picture(GUIDE.with_suffix("") / f"{found.name}.jpg").shape[:2]
    assert (width, height) == (2 * guide.SIZE_PX[0] + guide.GAP_PX, guide.SIZE_PX[1])


def test_the_guide_is_read() -> None:
    recipes, pairs = read_guide(BLOCK + "![before and after: blossom, 2 s into sad](artist/calmer.jpg)\n")
    assert [(recipe.title, recipe.file, recipe.line) for recipe in recipes] == [("Calmer", "config.yaml", 3)]
    assert [(found.name, found.scene, found.moment) for found in pairs] == [("calmer", "blossom", "2 s into sad")]
    assert config_with(recipes[0]).scene.pace == 0.5
    with pytest.raises(ConfigError, match=r"docs/artist\.md:5: scene\.pase"):
        config_with(replace(recipes[0], text="# config.yaml\nscene: {pase: 1}\n"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("```yaml\nscene: {pace: 1}\n```\n", r"artist\.md:1: a recipe's first line names its file"),
        (BLOCK + "## Other\n\n![before and after: blossom, sad](artist/a.jpg)\n", r"artist\.md:10: there is no recipe"),
        (BLOCK + "![before and after: blosom, sad](artist/a.jpg)\n", r"artist\.md:8: there is no scene blosom"),
        (BLOCK + "![before and after: blossom, glum](artist/a.jpg)\n", r"no such moment as 'glum'"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text: str, why: str) -> None:
    with pytest.raises(GuideError, match=why):
        read_guide(text)


def test_a_moment_is_the_performers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guide, "LEAD_S", 1.5)
    early = perform(Config(), "blossom", "0.5 s into sad")[-1][0]
    late = perform(Config(), "blossom", "2.5 s into sad")[-1][0]
    assert int(np.argmax(late.emotion)) == 4 != int(np.argmax(early.emotion))
    monkeypatch.setattr(guide, "HELD_S", 0.5)
    assert perform(Config(), "blossom", "nobody")[-1][0].presence == 0


def test_pictures_are_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guide, "SIZE_PX", (64, 36))
    for name, seconds in (("DRAWN_S", 0.2), ("LEAD_S", 0.5), ("HELD_S", 0.5)):
        monkeypatch.setattr(guide, name, seconds)
    guide._shipped.cache_clear()
    found = Pair("grey", "aurora", "nobody", Recipe("", "config.yaml", "# config.yaml\noutput: {saturation: 0}\n", 0))
    with or_skipped():
        guide.write([found], tmp_path)
    guide._shipped.cache_clear()
    assert note_of((tmp_path / "grey.jpg").read_bytes()) == '["aurora", "nobody", {"output": {"saturation": 0}}]'
    picture = read_picture(tmp_path / "grey.jpg")
    assert picture.shape == (36, 2 * 64 + guide.GAP_PX, 3)
    left, right = picture[:, :64].astype(int), picture[:, -64:].astype(int)
    assert np.ptp(left, axis=2).mean() > 2 * np.ptp(right, axis=2).mean()
