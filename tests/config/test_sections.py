"""Settings handed on by the sections that changed."""

import json

import pytest
from pydantic import ValidationError

from installation.config.load import with_overrides
from installation.config.settings import Config, changed_sections, waiting_for_restart, with_sections


def test_what_changed_makes_the_new_settings_of_the_old_ones() -> None:
    old = with_overrides(Config(), {"scene.pace": 0.5})
    new = with_overrides(
        old, {"scene.pace": 0.7, "look.sad.grain": 0.1, "lights.palettes": {"happy": {"deep": "#102030"}}}
    )
    sections = changed_sections(old, new)
    assert set(sections) == {"scene", "look", "lights"}
    assert with_sections(old, json.loads(json.dumps(sections))) == new
    assert changed_sections(new, new) == {}
    assert changed_sections(new, Config.model_validate(new.model_dump())) == {}, "equal, though not the same"


def test_a_section_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValidationError):
        with_sections(Config(), {"scene": {"pace": 99.0}})
    with pytest.raises(KeyError):
        with_sections(Config(), {"weather": {}})


def test_what_waits_for_a_restart() -> None:
    assert waiting_for_restart(Config(), Config()) == []
    assert waiting_for_restart(Config(), with_overrides(Config(), {"output.width": 640, "scene.pace": 0.5})) == [
        "output.width"
    ]
