"""One table for commands, settings, save and get: listed, checked and performed alike, by who may."""

from pathlib import Path
from typing import Any

import pytest

from installation.config.settings import Config
from installation.live_commands.live_settings import LiveSettings
from installation.live_commands.lookup import Answer, CommandTable, UnknownCommandError
from installation.live_commands.table import COMMANDS, NETWORK, OPERATOR, VISITOR, Caller, CommandError

HOLD = "control/smoothing/label_hold_s"


class SentValues:
    """What the piece sent last."""

    def get(self, path: str) -> list[Any] | None:
        return {"/valence": [0.25]}.get(path)


class NotedPiece:
    """Notes what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *args: self.asked.append(name)


@pytest.fixture
def settings() -> LiveSettings:
    return LiveSettings(Config(), lambda changes: None)


@pytest.fixture
def table(settings: LiveSettings) -> CommandTable:
    return CommandTable(settings, SentValues())


def names(table: CommandTable, caller: Caller) -> set[str]:
    return {row.name for row in table.rows(caller)}


def test_all_is_listed_for_who_may(table: CommandTable, settings: LiveSettings) -> None:
    everything = {*COMMANDS, "control/save", "get", *(path.removeprefix("/") for path in settings.table)}
    assert names(table, OPERATOR) == everything
    network = names(table, NETWORK)
    assert {"snapshot", HOLD, "get", "control/save"} <= network < everything
    assert not network & {"quit", "control/output/record_camera"}
    assert names(table, VISITOR) == {"next_scene", "clear", "record", "snapshot", "video", "paint"}
    for row in table.rows(OPERATOR):
        assert table.find(row.name) == row
        assert row.help
        assert bool(row.tag) == bool(row.values), row.name


def test_what_is_checked_is_not_done(table: CommandTable, settings: LiveSettings) -> None:
    assert table.check(NETWORK, "video", [3.0]) == [1]
    assert table.check(NETWORK, HOLD, [1]) == [1.0]
    assert table.check(NETWORK, "get", ["/valence"]) == ["/valence"]
    assert table.check(NETWORK, "control/save") == []
    assert settings.config == Config()


def test_each_kind_is_performed(table: CommandTable, settings: LiveSettings) -> None:
    piece = NotedPiece()
    assert table.perform(piece, OPERATOR, "clear") is None
    assert piece.asked == ["clear"]
    assert table.perform(piece, OPERATOR, HOLD, [0.5]) is None
    assert settings.config.smoothing.label_hold_s == 0.5
    assert table.perform(piece, OPERATOR, "get", [f"/{HOLD}"]) == Answer(f"/{HOLD}", [0.5])
    assert table.perform(piece, OPERATOR, "get", ["/valence"]) == Answer("/valence", [0.25])
    assert table.perform(piece, OPERATOR, "control/save") == Answer("/control/saved", [1])
    assert piece.asked == ["clear"]
    with pytest.raises(ValueError, match="frame loop"):
        table.answer(OPERATOR, "clear")


@pytest.mark.parametrize(
    ("caller", "name", "args", "words"),
    [
        (NETWORK, "dance", [], "there is no /dance; there are /next_scene, /scene"),
        (NETWORK, "control/smoothing/label_hold", [1], "did you mean /control/smoothing/label_hold_s"),
        (NETWORK, "quit", [], "quit is not for the network, only for the operator"),
        (VISITOR, "scene", ["swarm"], "scene is not for the visitor, only for the network and the operator"),
        (VISITOR, HOLD, [1.0], "not for the visitor"),
        (VISITOR, "get", ["/valence"], "not for the visitor"),
        (VISITOR, "control/save", [], "not for the visitor"),
        (
            NETWORK,
            "control/output/record_camera",
            [1],
            "over the network; set output.record_camera in the settings file",
        ),
        (NETWORK, HOLD, [99], "must be 0 to 10, not 99"),
        (NETWORK, "control/generation/size_px", [100], "multiple of 32"),
        (NETWORK, "get", [], "takes one address"),
        (NETWORK, "record", [3], "label must be text"),
    ],
)
def test_what_cannot_be_is_refused_alike_before_and_while_it_is_done(
    table: CommandTable, settings: LiveSettings, caller: Caller, name: str, args: list[Any], words: str
) -> None:
    piece = NotedPiece()
    for refuse in (lambda: table.check(caller, name, args), lambda: table.perform(piece, caller, name, args)):
        with pytest.raises(CommandError) as error:
            refuse()
        assert words in str(error.value)
    assert piece.asked == []
    assert settings.config == Config()


def test_what_has_no_value_is_named(table: CommandTable) -> None:
    for path, words in (("/clear", "is a command"), ("/get", "is a command"), ("/arousal", "not sent yet")):
        with pytest.raises(CommandError) as error:
            table.answer(NETWORK, "get", [path])
        assert words in str(error.value)


def test_looking_for_what_was_meant_waits_until_the_text_is_wanted(
    table: CommandTable, settings: LiveSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[str] = []
    monkeypatch.setattr(settings, "near", lambda path: searched.append(path) or "no")
    with pytest.raises(UnknownCommandError) as error:
        table.find("control/x")
    assert not searched
    assert str(error.value) == "there is no /control/x; no"
    assert searched == ["/control/x"]


def test_the_operator_may_change_what_the_network_may_not(table: CommandTable, settings: LiveSettings) -> None:
    table.perform(NotedPiece(), OPERATOR, "control/output/record_camera", [1])
    assert settings.config.output.record_camera


def test_a_file_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no settings file"):
        CommandTable(LiveSettings(Config()), SentValues()).answer(NETWORK, "control/save")
