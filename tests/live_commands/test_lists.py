"""Lists of the settings, as the operator's page changes them while the piece runs."""

import json
from typing import Any

import pytest
from pydantic import BaseModel

from installation.base.secrets import hide
from installation.config.output import ScreenConfig
from installation.config.settings import Config
from installation.live_commands.live_settings import LiveSettings
from installation.live_commands.setting_table import LISTS, table

SCREENS, COMMANDS = "/control/output/screens", "/control/poses/commands"
ASLANT = [[0.1, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.9]]


def with_screens(*screens: dict[str, Any]) -> Config:
    return Config.model_validate({"output": {"screens": list(screens)}})


def test_osc_does_not_have_them() -> None:
    assert not LISTS.keys() & table().keys()


def test_every_setting_is_in_the_table_or_among_them_but_who_may_reach_the_page() -> None:
    known = {one.place for one in (*table().values(), *LISTS.values())}

    def missing(model: type[BaseModel], place: tuple[str, ...]) -> list[str]:
        found = []
        for name, field in model.model_fields.items():
            here, kind = (*place, name), field.annotation
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                found += missing(kind, here)
            elif not any(one[: len(here)] == here for one in known):
                found.append(".".join(here))
        return found

    assert missing(Config, ()) == ["look.name"]
    assert not any(path.startswith("/control/desk/") for path in LISTS)


def test_what_is_read_can_be_set_again() -> None:
    rich = {
        "capture": {"source": 1},
        "osc": {"targets": [{"host": "10.0.0.1", "port": 9000}], "allow": ["10.0.0.0/8"]},
        "scene": {"playlist": [{"scene": "blossom", "seconds": 60}]},
        "perception": {"ignore": [[[0.0, 0.0], [0.2, 0.0], [0.2, 0.2]]]},
        "notice": {"languages": ["de", "pl"]},
        "hours": {"dates": {"2026-12-24": "closed"}, "projectors": [{"host": "10.0.0.2", "password": "long-secret"}]},
        "lights": {
            "universes": [{"name": "stage", "protocol": "sacn"}],
            "fixtures": [{"name": "spot", "universe": "stage", "channel": 1, "layout": "rgb"}],
        },
    }
    config = Config.model_validate(rich)
    for one in LISTS.values():
        value = json.loads(json.dumps(one.read(config)))
        assert one.changed(config, value) == config


def test_a_list_is_taken_over_and_read_back_as_plain_data() -> None:
    live = LiveSettings(Config())
    live.put(SCREENS, [{"name": "left", "corners": ASLANT}])
    live.put(COMMANDS, {"arms_up": "snapshot"})
    taken = live.take(0.0)
    assert taken is not None
    assert taken.output.screens == [ScreenConfig(name="left", corners=ASLANT)]
    assert taken.poses.commands == {"arms_up": "snapshot"}
    assert LISTS[SCREENS].read(taken) == [{"name": "left", "corners": ASLANT}]
    assert LISTS[COMMANDS].read(taken) == {"arms_up": "snapshot"}


@pytest.mark.parametrize(
    ("path", "value"),
    [(SCREENS, [{"corners": [[0, 0]]}]), (SCREENS, [{"colour": 1}]), (COMMANDS, {"arms_up": "quit"}), (COMMANDS, 3)],
)
def test_what_cannot_be_is_refused_and_changes_nothing(path: str, value: Any) -> None:
    live = LiveSettings(Config())
    with pytest.raises(ValueError, match=r"(?i)corners|list|extra|pose may|dictionary"):
        live.put(path, value)
    assert live.take(0.0) is None


def test_another_address_is_none() -> None:
    with pytest.raises(KeyError):
        LiveSettings(Config()).put("/control/osc/nothing", [])


def test_a_change_holds_until_the_file_says_something_else() -> None:
    live = LiveSettings(Config())
    live.put(SCREENS, [{"corners": ASLANT}])
    other = Config.model_validate({"output": {"glow": 2.0}})
    assert live.rebase(other).output.screens == [ScreenConfig(corners=ASLANT)]
    assert live.rebase(with_screens({"name": "new"})).output.screens == [ScreenConfig(name="new")]


def test_saving_writes_the_whole_list() -> None:
    saved: dict[Any, Any] = {}
    live = LiveSettings(Config(), saved.update)
    live.put(SCREENS, [{"corners": ASLANT}])
    assert live.save() == 1
    assert saved == {("output", "screens"): [{"corners": ASLANT}]}


def test_a_password_that_is_set_is_kept_out_of_what_is_told() -> None:
    live = LiveSettings(Config())
    live.put("/control/capture/source", "rtsp://artist:unheard-of@10.0.0.9/stream")
    live.put("/control/hours/projectors", [{"host": "10.0.0.2", "password": "spotless-beam"}])
    assert hide("no answer to unheard-of, nor to spotless-beam") == "no answer to ***, nor to ***"
