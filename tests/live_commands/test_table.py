"""The table of live commands: who may give which, with what argument, and that each does what it says."""

import re
from pathlib import Path
from typing import Any

import pytest

from installation.live_commands.table import (
    COMMANDS,
    NETWORK,
    OPERATOR,
    VISITOR,
    Argument,
    Caller,
    CommandError,
    checked,
    command_names,
    perform,
)

README = Path(__file__).resolve().parents[2] / "README.md"


class NotedPiece:
    """Notes what it is asked for, as (method, arguments)."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[Any, ...]]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *args: self.asked.append((name, args))


DOES: list[tuple[str, list[Argument], tuple[str, tuple[Any, ...]]]] = [
    ("quit", [], ("quit", ())),
    ("hud", [], ("show_hud", ())),
    ("next_scene", [], ("next_scene", ())),
    ("scene", ["swarm"], ("choose_scene", ("swarm",))),
    ("scene", [], ("next_scene", ())),
    ("source", ["side"], ("choose_source", ("side",))),
    ("source", [], ("choose_source", ("",))),
    ("clear", [], ("clear", ())),
    ("record", ["bow"], ("record", ("bow",))),
    ("record", [], ("record", ("",))),
    ("snapshot", [], ("snapshot", ())),
    ("video", [], ("video", (None,))),
    ("video", [0], ("video", (False,))),
    ("video", [2.0], ("video", (True,))),
    ("paint", [], ("paint", ())),
    ("texture_model", ["faces"], ("choose_generator", ("faces",))),
    ("test_pattern", [], ("test_pattern", ("",))),
    ("set_up_output", [], ("set_up_output", ())),
    ("hours", [], ("hours", ("",))),
    ("hours", ["closed"], ("hours", ("closed",))),
    ("preset", [3], ("preset", (3,))),
    ("preset", ["calm"], ("preset", ("calm",))),
    ("cue", [2.5], ("cue", (2.5,))),
    ("cue", [], ("cue", (None,))),
    ("cue_go", [], ("cue_go", ())),
    ("cue_back", [], ("cue_back", ())),
    ("cue_hold", [], ("cue_hold", ())),
    ("store_preset", ["calm: scene.pace"], ("store_preset", ("calm: scene.pace",))),
    ("performance_pause", [], ("pause_performance", (None,))),
    ("performance_pause", [1], ("pause_performance", (True,))),
    ("performance_step", [], ("step_performance", ())),
    ("performance_seek", [], ("seek_performance", (0.0,))),
    ("performance_seek", [12], ("seek_performance", (12.0,))),
    ("tap", [], ("tap", ())),
    ("midi_learn", ["scene.pace"], ("learn_midi", ("scene.pace",))),
    ("midi_learn", [], ("learn_midi", ("",))),
    ("blackout", [], ("blackout", (None,))),
    ("blackout", [1], ("blackout", (True,))),
    ("restart", [], ("restart", ())),
]


@pytest.mark.parametrize(("name", "args", "asked"), DOES)
def test_a_command_calls_its_method_once(name: str, args: list[Argument], asked: tuple[str, tuple[Any, ...]]) -> None:
    piece = NotedPiece()
    perform(piece, OPERATOR, name, args)
    assert piece.asked == [asked]


def test_every_command_is_tried() -> None:
    assert {name for name, *_ in DOES} == set(COMMANDS)
    assert all(name == command.name and command.help for name, command in COMMANDS.items())


def test_who_may_give_which() -> None:
    assert set(command_names(OPERATOR)) == set(COMMANDS)
    assert set(command_names(OPERATOR)) - set(command_names(NETWORK)) == {
        "quit",
        "hud",
        "set_up_output",
        "store_preset",
        "restart",
    }
    assert set(command_names(VISITOR)) == {"next_scene", "clear", "record", "snapshot", "video", "paint"}


@pytest.mark.parametrize(
    ("caller", "name", "args", "words"),
    [
        (NETWORK, "quit", [], "no command 'quit' for the network; there are next_scene"),
        (VISITOR, "test_pattern", [], "no command 'test_pattern' for the visitor; there are next_scene, clear"),
        (OPERATOR, "dance", [], "no command 'dance'"),
        (OPERATOR, "snapshot", ["now"], "takes no argument"),
        (OPERATOR, "record", ["a", "b"], "one argument at most, not 2"),
        (OPERATOR, "record", [3], "label must be text, not '3'"),
        (OPERATOR, "video", ["on"], "on must be a number"),
        (OPERATOR, "video", [float("nan")], "on must be a number"),
        (OPERATOR, "video", [None], "on must be a number"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_done(caller: Caller, name: str, args: list[Any], words: str) -> None:
    piece = NotedPiece()
    with pytest.raises(CommandError, match=re.escape(words)):
        perform(piece, caller, name, args)
    assert piece.asked == []


def test_arguments_are_plain() -> None:
    assert checked(NETWORK, "video", [7.5]) == 1
    assert checked(NETWORK, "video") is None
    assert checked(NETWORK, "record", ["a" * 300]) == "a" * 200


def test_no_key_has_two_commands() -> None:
    keys = [key for command in COMMANDS.values() for key in command.keys]
    assert len(keys) == len(set(keys))


def test_the_readme_has_every_key() -> None:
    """README's table, a row for each command with keys: Esc is escape, the others as pygame names them."""
    text = README.read_text(encoding="utf-8")
    table = text[text.index("| key | does |") :].split("\n\n")[0]
    rows = [row.split("|")[1].strip() for row in table.splitlines()[2:]]
    written = {tuple(key.lower().replace("esc", "escape") for key in row.split(", ")) for row in rows}
    assert len(rows) == len(written)
    assert {frozenset(keys) for keys in written} == {frozenset(one.keys) for one in COMMANDS.values() if one.keys}
