"""All that can be asked of the running piece, in one place: its commands, each setting as a command, save and get.

Names are OSC addresses without prefix and first slash: ``snapshot``, ``control/output/glow``, ``control/save``, ``get``. OSC,
OSCQuery and the operator's page list, check and perform through this table; base/live_commands.py holds the commands
themselves, config/setting_table.py the settings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from installation.live_commands import table as live_commands
from installation.live_commands.live_settings import LiveSettings
from installation.live_commands.setting_table import CONTROL, Setting
from installation.live_commands.table import (
    ALSO,
    COMMANDS,
    CONTROLLERS,
    NETWORK,
    Argument,
    Caller,
    Command,
    CommandError,
    Piece,
    command_names,
)

SAVE, GET = f"{CONTROL.lstrip('/')}/save", "get"
SAVED = f"{CONTROL}/saved"
"""The address of save's answer."""


class UnknownCommandError(CommandError):
    """Nothing has this name. ``hint`` searches for what was meant; as that takes milliseconds, only for the text."""

    def __init__(self, name: str, hint: Callable[[], str]) -> None:
        super().__init__(name)
        self._hint = hint

    def __str__(self) -> str:
        return f"there is no /{self.args[0]}; {self._hint()}"


class Values(Protocol):
    """What the piece sent last."""

    def get(self, path: str) -> list[Argument] | None:
        """The last arguments of an address below the prefix, None without any."""
        ...


@dataclass(frozen=True, slots=True)
class CommandRow:
    """One thing that can be asked for. A ``command`` is performed by the frame loop, between two pictures; the other kinds at
    once, by any thread. ``tag``: the OSC type of the argument, empty without one; ``values``: what it may be, in words."""

    name: str
    kind: Literal["command", "setting", "save", "get"]
    help: str
    callers: frozenset[Caller]
    tag: str = ""
    values: str = ""

    @property
    def path(self) -> str:
        """The OSC address below the prefix."""
        return f"/{self.name}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered, at an address below the prefix; commands and settings have no answer."""

    path: str
    args: list[Argument]


_SAVE = CommandRow(SAVE, "save", "write what was changed to config.yaml; answered with control/saved", CONTROLLERS)
_GET = CommandRow(GET, "get", "ask for a setting or for what the piece sends", CONTROLLERS, "s", "text")
_ALL = f"there are {', '.join(f'/{name}' for name in (*command_names(NETWORK), GET))} and {CONTROL}/..."


class CommandTable:
    """Thread-safe, without a state of its own. What cannot be is a CommandError that says what is right."""

    def __init__(self, settings: LiveSettings, values: Values) -> None:
        self._settings, self._values = settings, values

    def rows(self, caller: Caller) -> list[CommandRow]:
        """All that ``caller`` may ask for, by kind: commands, save and get, settings."""
        rows = [*(_of_command(command) for command in COMMANDS.values()), _SAVE, _GET]
        rows += [_of_setting(path, setting) for path, setting in self._settings.table.items()]
        return [row for row in rows if caller in row.callers]

    def also(self, caller: Caller) -> list[CommandRow]:
        """The commands that ``caller`` may give at another address as well, each under that one's name."""
        rows = [replace(_of_command(COMMANDS[name]), name=also) for also, name in ALSO.items()]
        return [row for row in rows if caller in row.callers]

    def meant(self, name: str, args: Sequence[object]) -> tuple[str, Sequence[object]]:
        """(name, arguments) of what an address stands for: a command's other address, or one of the artist's own (whose
        arguments are fixed); anything else as it is."""
        word = self._settings.words.get(name)
        if word is not None:
            return word
        return ALSO.get(name, name), args

    def find(self, name: str) -> CommandRow:
        """The row of a name, whoever may ask for it; also of a setting's former name. Raises UnknownCommandError."""
        if name in COMMANDS:
            return _of_command(COMMANDS[name])
        for row in (_SAVE, _GET):
            if name == row.name:
                return row
        try:
            return _of_setting(f"/{name}", self._settings.setting(f"/{name}"))
        except KeyError:
            raise self._unknown(name) from None

    def check(self, caller: Caller, name: str, args: Sequence[object] = ()) -> list[Argument]:
        """``args`` in plain types, where ``caller`` may ask for this with them; nothing is done."""
        row = self._allowed(caller, name)
        match row.kind:
            case "command":
                value = live_commands.checked(caller, name, args)
                return [] if value is None else [value]
            case "setting":
                try:
                    return [self._settings.check(row.path, args)]
                except ValueError as error:
                    raise CommandError(str(error)) from error
            case "get":
                return [self._asked(args)]
            case "save":
                return []

    def perform(self, piece: Piece, caller: Caller, name: str, args: Sequence[object] = ()) -> Answer | None:
        """Do what ``caller`` asks for. For the frame loop, which may touch ``piece``."""
        if self._allowed(caller, name).kind != "command":
            return self.answer(caller, name, args)
        live_commands.perform(piece, caller, name, args)
        return None

    def answer(self, caller: Caller, name: str, args: Sequence[object] = ()) -> Answer | None:
        """Do what needs no frame loop: change a setting, save, get. ValueError for a command."""
        row = self._allowed(caller, name)
        match row.kind:
            case "setting":
                self._change(row, args)
                return None
            case "save":
                try:
                    return Answer(SAVED, [self._settings.save()])
                except ValueError as error:
                    raise CommandError(str(error)) from error
            case "get":
                return self._get(self._asked(args))
            case "command":
                raise ValueError(f"{name} is performed by the frame loop")

    def _allowed(self, caller: Caller, name: str) -> CommandRow:
        row = self.find(name)
        if caller in row.callers:
            return row
        if row.kind == "setting" and caller == NETWORK:
            place = ".".join(self._settings.setting(row.path).place)
            raise CommandError(f"cannot be changed over the network; set {place} in the settings file")
        raise CommandError(f"{name} is not for the {caller}, only for the {' and the '.join(sorted(row.callers))}")

    def _change(self, row: CommandRow, args: Sequence[object]) -> None:
        try:
            self._settings.change(row.path, args)
        except KeyError:  # Its scene was removed just now.
            raise self._unknown(row.name) from None
        except ValueError as error:
            raise CommandError(str(error)) from error

    def _asked(self, args: Sequence[object]) -> str:
        if len(args) != 1 or not isinstance(args[0], str) or not args[0].startswith("/"):
            raise CommandError(f"/{GET} takes one address, such as {CONTROL}/smoothing/label_hold_s")
        return args[0]

    def _get(self, path: str) -> Answer:
        name = path.removeprefix("/")
        if (name in COMMANDS and self._values.get(path) is None) or name in (SAVE, GET):
            raise CommandError(f"{path} is a command and has no value")
        try:
            return Answer(path, [self._settings.value(path)])
        except KeyError:
            found = self._values.get(path)
        if found is None:
            raise UnknownCommandError(name, lambda: self._near(path, "or it was not sent yet"))
        return Answer(path, found)

    def _unknown(self, name: str) -> UnknownCommandError:
        return UnknownCommandError(name, lambda: self._near(f"/{name}", _ALL))

    def _near(self, path: str, otherwise: str) -> str:
        return self._settings.near(path) if path.startswith(f"{CONTROL}/") else otherwise


def _of_command(command: Command) -> CommandRow:
    parameter = command.parameter
    if parameter is None:
        return CommandRow(command.name, "command", command.help, command.callers)
    return CommandRow(command.name, "command", command.help, command.callers, parameter.tag, parameter.values)


def _of_setting(path: str, setting: Setting) -> CommandRow:
    name = path.removeprefix("/")
    return CommandRow(name, "setting", setting.meaning, setting.callers, setting.tag, setting.limits)
