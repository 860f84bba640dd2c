"""The one table of live commands: what a key, an OSC message, a visitor's pose or the operator's page can ask of the piece.

Keys, OSC addresses, the poses' commands in config.yaml, docs and OSCQuery are all made from it. A command's handler is a
method of ``Piece``, which the frame loop is. config/command_table.py joins it with the settings.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeGuard

from installation.base.text_files import odd_sign

Caller = Literal["visitor", "operator", "network"]
"""Who asks: a visitor by a pose, the operator at a key or at the page with a token, the network over OSC."""
Argument = int | float | str
"""A value as OSC carries it."""
MAX_TEXT = 200
"""Letters of a text; what is longer is cut."""

LONGEST_PERFORMANCE_S = 86400.0

VISITOR: Caller = "visitor"
OPERATOR: Caller = "operator"
NETWORK: Caller = "network"
ANYBODY: frozenset[Caller] = frozenset({"visitor", "operator", "network"})
CONTROLLERS: frozenset[Caller] = frozenset({"operator", "network"})
OPERATOR_ONLY: frozenset[Caller] = frozenset({"operator"})


class CommandError(ValueError):
    """No such command, not for this caller, or a wrong argument; the message says what is right."""


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether ``value`` is a number to reckon with: JSON carries whole numbers of any length, and no float holds them all."""
    try:
        return isinstance(value, int | float) and math.isfinite(value)
    except OverflowError:
        return False


class Piece(Protocol):
    """The running piece, as commands see it. Called by the frame loop, between two pictures."""

    def quit(self) -> None: ...
    def show_hud(self) -> None: ...
    def next_scene(self) -> None: ...
    def choose_scene(self, name: str) -> None: ...
    def choose_source(self, name: str) -> None: ...
    def clear(self) -> None: ...
    def snapshot(self) -> None: ...
    def video(self, on: bool | None) -> None: ...
    def paint(self) -> None: ...
    def record(self, label: str) -> None: ...
    def choose_generator(self, name: str) -> None: ...
    def test_pattern(self, name: str) -> None: ...
    def set_up_output(self) -> None: ...
    def hours(self, wish: str) -> None: ...
    def preset(self, which: Argument | None) -> None: ...
    def cue(self, which: Argument | None) -> None: ...
    def cue_go(self) -> None: ...
    def cue_back(self) -> None: ...
    def cue_hold(self) -> None: ...
    def store_preset(self, what: str) -> None: ...
    def pause_performance(self, on: bool | None) -> None: ...
    def step_performance(self) -> None: ...
    def seek_performance(self, at_s: float) -> None: ...
    def tap(self) -> None: ...
    def learn_midi(self, what: str) -> None: ...
    def blackout(self, on: bool | None) -> None: ...
    def restart(self) -> None: ...


@dataclass(frozen=True, slots=True)
class CommandArgument:
    """The one argument that a command may have; it may be left out. A number lies in [low, high]."""

    name: str
    kind: Literal["text", "switch", "number", "place"] = "text"
    """A place is a number, or a name as text; a number lies in [low, high]."""
    longest: int = MAX_TEXT
    low: float = 0.0
    high: float = 0.0

    @property
    def tag(self) -> str:
        """The OSC type: s, f for a number, or i for a switch, which is 0 or 1."""
        return {"text": "s", "place": "f", "switch": "i", "number": "f"}[self.kind]

    @property
    def values(self) -> str:
        """What it may be, in words."""
        limits = f"{self.low:g} to {self.high:g}"
        return {"text": "text", "place": "number, or name as text", "switch": "0, 1", "number": limits}[self.kind]

    def fit(self, value: object) -> Argument:
        """``value`` as the handler takes it; CommandError for a wrong type."""
        if self.kind == "place" and is_number(value):
            return value
        if self.kind == "text" or (self.kind == "place" and isinstance(value, str)):
            if not isinstance(value, str):
                raise CommandError(f"{self.name} must be text, not {str(value)[:40]!r}")
            odd = odd_sign(value)
            if odd is not None:
                raise CommandError(f"{self.name} has a sign in it that no name has ({odd})")
            return value[: self.longest]
        if not is_number(value):
            raise CommandError(f"{self.name} must be a number, not {str(value)[:40]!r}")
        if self.kind == "switch":
            return int(min(max(value, 0), 1))
        if not self.low <= value <= self.high:
            raise CommandError(f"{self.name} must be {self.values}, not {value:g}")
        return float(value)


Handler = Callable[[Piece, "Argument | None"], None]


@dataclass(frozen=True, slots=True)
class Command:
    """One row. ``keys`` as pygame names them; ``while_editing``: the keys work while the output is set up, too.
    ``also``: another OSC address of it, below the prefix and without the first slash."""

    name: str
    help: str
    callers: frozenset[Caller]
    handler: Handler
    parameter: CommandArgument | None = None
    keys: tuple[str, ...] = ()
    while_editing: bool = False
    also: str = ""


def _text(value: Argument | None) -> str:
    return "" if value is None else str(value)


def _scene(piece: Piece, value: Argument | None) -> None:
    if value is None:
        piece.next_scene()
    else:
        piece.choose_scene(str(value))


# fmt: off
_TABLE = (
    Command("quit", "end the piece", OPERATOR_ONLY, lambda piece, _: piece.quit(), None, ("escape", "q")),
    Command("hud", "operator's text on the wall: figures, notices alone, nothing", OPERATOR_ONLY,
            lambda piece, _: piece.show_hud(), None, ("h",), True),
    Command("next_scene", "cross-fade to the next scene", ANYBODY, lambda piece, _: piece.next_scene(), None, ("n", "space")),
    Command("scene", "cross-fade to this scene (docs/scenes.md); without a name, to the next",
            CONTROLLERS, _scene, CommandArgument("name")),
    Command("source", "see with this one of `capture.sources`; without a name, with the next",
            CONTROLLERS, lambda piece, value: piece.choose_source(_text(value)), CommandArgument("name")),
    Command("clear", "let the picture come to rest and then come back", ANYBODY, lambda piece, _: piece.clear(), None, ("c",)),
    Command("record", "record a take of this pose after the countdown; without a label, of `poses.record_label`",
            ANYBODY, lambda piece, value: piece.record(_text(value)), CommandArgument("label"), ("r",)),
    Command("snapshot", "store a screenshot in captures/",
            ANYBODY, lambda piece, _: piece.snapshot(), None, ("s", "f12"), True),
    Command("video", "1 starts a video in captures/, 0 stops it; without a number, the other of the two",
            ANYBODY, lambda piece, value: piece.video(None if value is None else bool(value)),
            CommandArgument("on", "switch"), ("v",)),
    Command("paint", "paint this moment's shapes and mood as a landscape and show it large for a while",
            ANYBODY, lambda piece, _: piece.paint(), None, ("p",)),
    Command("texture_model", "switch to this generator of models/, such as texture; without a name, to the next one",
            CONTROLLERS, lambda piece, value: piece.choose_generator(_text(value)), CommandArgument("name"), ("g",)),
    Command("test_pattern",
            "show grid, ramp or colour instead of the piece, none for the piece; without a name, the next of them",
            CONTROLLERS, lambda piece, value: piece.test_pattern(_text(value)), CommandArgument("pattern"), ("t",), True),
    Command("set_up_output", "set up projectors and screens by hand: corners, grid (docs/output.md)",
            OPERATOR_ONLY, lambda piece, _: piece.set_up_output(), None, ("w",)),
    Command("hours",
            "open or closed until the hours next change (docs/hours.md), schedule takes it back; without a word, the other one",
            CONTROLLERS, lambda piece, value: piece.hours(_text(value)), CommandArgument("wish"), ("o",)),
    Command("preset", "recall this preset of cues.yaml, by number or name (docs/cues.md)",
            CONTROLLERS, lambda piece, value: piece.preset(value), CommandArgument("preset", "place")),
    Command("cue", "go to this cue of cues.yaml, by number or name; without one, the cue that runs once more",
            CONTROLLERS, lambda piece, value: piece.cue(value), CommandArgument("cue", "place")),
    Command("cue_go", "go to the next cue; while held, go on", CONTROLLERS, lambda piece, _: piece.cue_go(), None,
            ("return",), also="cue/go"),
    Command("cue_back", "go back to the cue before, within a second", CONTROLLERS, lambda piece, _: piece.cue_back(), None,
            ("backspace",), also="cue/back"),
    Command("cue_hold", "stop fades, and what follows by itself, where they are; cue_go goes on",
            CONTROLLERS, lambda piece, _: piece.cue_hold(), None, ("k",), also="cue/hold"),
    Command("store_preset",
            "store what differs from config.yaml as a preset of this name in cues.yaml; after a colon only these settings, "
            "such as calm: scene.pace output.glow",
            OPERATOR_ONLY, lambda piece, value: piece.store_preset(_text(value)), CommandArgument("name", longest=20_000)),
    Command("performance_pause",
            "1 holds the performance that plays (docs/rehearsal.md), 0 goes on; without a number, the other of the two",
            CONTROLLERS, lambda piece, value: piece.pause_performance(None if value is None else bool(value)),
            CommandArgument("on", "switch")),
    Command("performance_step", "hold the performance that plays, one observation further on",
            CONTROLLERS, lambda piece, _: piece.step_performance()),
    Command("performance_seek", "jump to this second of the performance that plays; without a number, to its begin",
            CONTROLLERS, lambda piece, value: piece.seek_performance(0.0 if value is None else float(value)),
            CommandArgument("seconds", "number", low=0.0, high=LONGEST_PERFORMANCE_S)),
    Command("tap", "a beat is now: tapped twice and more, the tempo, too (`tempo.source: tap`, docs/tempo.md)",
            CONTROLLERS, lambda piece, _: piece.tap(), None, ("j",)),
    Command("midi_learn", "the next control moved on the MIDI controller turns this setting, such as scene.pace, or gives this "
            "command, such as next_scene (docs/lights.md); without a word, none",
            CONTROLLERS, lambda piece, value: piece.learn_midi(_text(value)), CommandArgument("what")),
    Command("blackout", "1 takes the light of picture and lamps away, 0 brings it back; without a number, the other of the two",
            CONTROLLERS, lambda piece, value: piece.blackout(None if value is None else bool(value)),
            CommandArgument("on", "switch"), ("b",)),
    Command("restart", "start the piece anew, where the guard or the service runs it",
            OPERATOR_ONLY, lambda piece, _: piece.restart()),
)
# fmt: on
COMMANDS: dict[str, Command] = {command.name: command for command in _TABLE}
ALSO: dict[str, str] = {command.also: command.name for command in _TABLE if command.also}
"""Commands by their other address."""


def command_names(caller: Caller) -> tuple[str, ...]:
    """The commands that ``caller`` may give."""
    return tuple(name for name, command in COMMANDS.items() if caller in command.callers)


def checked(caller: Caller, name: str, args: Sequence[object] = ()) -> Argument | None:
    """The argument of a command as its handler takes it, None without one. Raises CommandError."""
    command = COMMANDS.get(name)
    if command is None or caller not in command.callers:
        names = ", ".join(command_names(caller))
        raise CommandError(f"there is no command {name!r} for the {caller}; there are {names}")
    if not args:
        return None
    if command.parameter is None:
        raise CommandError(f"{name} takes no argument")
    if len(args) > 1:
        raise CommandError(f"{name} takes one argument at most, not {len(args)}")
    return command.parameter.fit(args[0])


def perform(piece: Piece, caller: Caller, name: str, args: Sequence[object] = ()) -> None:
    """Do what ``caller`` asks for. Raises CommandError; nothing is done then."""
    value = checked(caller, name, args)
    COMMANDS[name].handler(piece, value)
