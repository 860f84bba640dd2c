"""The settings files as the desk's process reads and writes them: what they and the defaults say, and lists and free texts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from installation.base.files import FileStamp, file_stamp
from installation.base.pacing import Every
from installation.base.secrets import MASK, hide, is_masked, without_secrets
from installation.config.load import load_config, parse_configs, read_source, read_text
from installation.config.look_files import DEFAULT_LOOK, look_path
from installation.config.save import save_settings
from installation.config.section import plain
from installation.config.settings import Config
from installation.config.yaml_text import ConfigError, Place, dotted, read_yaml
from installation.live_commands.setting_table import Setting
from installation.live_commands.table import Argument

LOOK_S = 1.0
"""The files are looked at this often."""


@dataclass(frozen=True)
class Standard:
    """What settings are compared with. ``defaults``: what counts where no file says anything, with the chosen look's file;
    ``config``: what the files say, None where they have mistakes, which ``trouble`` tells then."""

    defaults: Config
    config: Config | None
    trouble: str = ""
    written: Mapping[str, Any] = field(default_factory=dict)
    """What the last file says, as it is written there."""

    def default(self, setting: Setting) -> Argument | None:
        """The setting's default; None for one that there is no more."""
        return _read(setting, self.defaults)

    def in_files(self, setting: Setting) -> Argument | None:
        """The setting's value in the files; None where they have mistakes."""
        return None if self.config is None else _read(setting, self.config)

    def default_value(self, place: Place) -> Any:
        """What counts at ``place`` where no file says anything, as it would be written."""
        return plain(_at(self.defaults, place))

    def in_files_at(self, place: Place) -> Any:
        """What the files say at ``place``, as plain data; None where they have mistakes."""
        return plain(_at(self.config, place))

    def value(self, place: Place) -> Any:
        """What the files say at ``place``, as somebody wrote it; what none of them says, by its default. None: unknown."""
        found: Any = self.written
        for part in place:
            found = found.get(part) if isinstance(found, dict) else None
        if found is not None:
            return found
        return self.in_files_at(place)


class SettingsFiles:
    """``paths``: the files over one another; the last is written."""

    def __init__(self, paths: Sequence[str]) -> None:
        self.paths = [Path(path) for path in paths]
        self._due = Every(LOOK_S)
        self._stamp: tuple[FileStamp, ...] | None = None
        self._look = DEFAULT_LOOK
        self._standard = Standard(Config(), None)

    def standard(self, now_s: float) -> Standard:
        """What the files say now; the same object while nothing was saved."""
        if self._stamp is None or self._due.due(now_s):
            self.look()
        return self._standard

    def look(self) -> None:
        """Look at the files at once."""
        stamp = tuple(file_stamp(path) for path in (*self.paths, look_path(self._look)))
        if stamp == self._stamp:
            return
        try:
            config = load_config(self.paths)
            self._look = config.look.name
            written = read_source(read_text(self.paths[-1]), str(self.paths[-1])).data if self.paths else {}
            self._standard = Standard(_defaults(self._look), config, written=written)
        except ConfigError as error:
            self._standard = Standard(self._standard.defaults, None, hide(str(error)))
        self._stamp = tuple(file_stamp(path) for path in (*self.paths, look_path(self._look)))

    def write(self, place: Place, value: Any) -> None:
        """Give the setting at ``place`` this value in the last file, where comments stay. Raises ConfigError, OSError."""
        self.look()
        if value != self._standard.value(place):
            save_settings(self.paths, {place: value})
        self.look()

    def check(self, _: str | None, text: str | None) -> None:
        """Raises ConfigError where the last file could not be read with this text."""
        if text is None or not text.strip():
            raise ConfigError("the settings file would be empty")
        parse_configs([*((str(path), read_text(path)) for path in self.paths[:-1]), (str(self.paths[-1]), text)])

    def checked(self, place: Place, text: str) -> Any:
        """The value that somebody wrote for ``place`` as YAML. Raises ConfigError with the line in ``text`` and the fix."""
        lines = text.splitlines()
        above = [f"{'  ' * depth}{part}:" for depth, part in enumerate(place)]
        indent = "  " * len(place)
        value = read_yaml(text, dotted(place))[1]
        if value is None:
            raise ConfigError(
                f"{dotted(place)}:1: there is no value; an empty list is written [], an empty mapping {{}}"
            )
        whole = "\n".join([*above, *(f"{indent}{line}" for line in lines)]) + "\n"
        under = [(str(path), read_text(path)) for path in self.paths]
        try:
            parse_configs([*under, (dotted(place), whole)])
        except ConfigError as error:
            raise ConfigError(*(_moved(one, dotted(place), len(above)) for one in error.mistakes)) from error
        return value


def as_text(value: Any) -> str:
    """A value as YAML to be edited, without passwords: an entry of a list in a line, where it is short."""
    shown = without_secrets(value)
    if shown in ([], {}):
        return "[]" if shown == [] else "{}"
    text: str = yaml.safe_dump(shown, default_flow_style=None, sort_keys=False, allow_unicode=True, width=100)
    return text.removesuffix("...\n").rstrip("\n")


def unmasked(value: Any, before: Any) -> Any:
    """``value`` with the passwords of ``before`` where *** stands for them. Raises ConfigError where it is not known whose."""
    if value == without_secrets(before):
        return before
    if isinstance(value, dict):
        old = before if isinstance(before, dict) else {}
        return {
            key: old[key] if key == "password" and one == MASK and key in old else unmasked(one, old.get(key))
            for key, one in value.items()
        }
    if isinstance(value, list):
        old_list = before if isinstance(before, list) else []
        return [unmasked(one, _same(one, at, old_list)) for at, one in enumerate(value)]
    if isinstance(value, str) and (value == MASK or is_masked(value)):
        raise ConfigError(f"{MASK} stands where a password should be; write the password")
    return value


def _same(value: Any, at: int, before: list[Any]) -> Any:
    """The entry of ``before`` that ``value`` was: the one that looks like it, else the one in its place."""
    for one in before:
        if without_secrets(one) == value:
            return one
    return before[at] if at < len(before) else None


def _read(setting: Setting, config: Config) -> Argument | None:
    try:
        return setting.read(config)
    except (AttributeError, KeyError):
        return None


def _at(config: Config | None, place: Place) -> Any:
    found: Any = config
    for part in place:
        found = getattr(found, str(part), None)
    return found


def _defaults(look: str) -> Config:
    return parse_configs([("defaults", f"look: {look}\n")])


def _moved(mistake: str, name: str, lines: int) -> str:
    """A mistake with the line counted in what was written."""
    found = re.match(rf"{re.escape(name)}:(\d+): ", mistake)
    if found is None:
        return mistake
    return f"line {max(1, int(found[1]) - lines)}: {mistake[found.end() :]}"
