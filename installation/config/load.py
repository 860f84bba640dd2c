"""Settings files read: YAML with its traps caught, older versions, several files over one another, the chosen look.

installation/config/errors.py puts what is wrong into words, watch.py notices files that are saved while the piece runs.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from installation.base.files import IS_INSTALLED, PROJECT, TYPED, FileStamp, file_stamp, restores
from installation.base.secrets import learn
from installation.base.text_files import TextFileError, read_text_file
from installation.config.errors import SourceText, explain, known_settings, unknown_setting
from installation.config.look_files import DEFAULT_LOOK, LOOK_NAME, flow, look_names, look_path
from installation.config.migrate import RETIRED, VERSION, rename_keys, retire, reword
from installation.config.settings import Config
from installation.config.yaml_text import MAX_BYTES, MAX_MISTAKES, Place, dotted, find, line_of, read_yaml
from installation.config.yaml_text import ConfigError as ConfigError

log = logging.getLogger(__name__)

Overrides = Mapping[str, Any]
"""Settings of the command line by their dotted place, such as {"capture.source": "simulated"}; some are a ``Flag``."""


@dataclass(frozen=True)
class Flag:
    """The value of a setting that has a flag of its own; errors name what was typed, such as "--scene swarm"."""

    value: Any
    typed: str


def load_config(
    paths: Path | Sequence[Path], overrides: Overrides | None = None, running: bool = False, complete: bool = False
) -> Config:
    """Settings of a file, or of several over one another: the last one that names a setting counts, lists as a whole.

    What none of them names has its default, or what the chosen look's file says. ``overrides`` come last. ``running``: an
    empty file is refused, for a full disk leaves such files. ``complete``: the files say everything, and no look's file is
    read. Raises ConfigError.
    """
    sources = [read_source(read_text(path, may_be_empty=not running), str(path)) for path in as_paths(paths)]
    return _config_of(sources, overrides or {}, complete)


def parse_config(text: str, name: str = "config.yaml") -> Config:
    """Settings of a text; ``name`` stands in the errors. Raises ConfigError."""
    return parse_configs([(name, text)])


def parse_configs(texts: Sequence[tuple[str, str]]) -> Config:
    """Settings of several texts over one another, each with the name that stands in the errors. Raises ConfigError."""
    return _config_of([read_source(text, name) for name, text in texts], {})


def with_overrides(config: Config, overrides: Overrides) -> Config:
    """A copy with other values, such as {"capture.source": "simulated"}. Raises ConfigError as a file would."""
    data = config.model_dump()
    for place, given in overrides.items():
        _put(data, place, given.value if isinstance(given, Flag) else given)
    return _validated(data, [])


def parse_assignment(text: str) -> tuple[str, Any]:
    """(dotted place, value) of "scene.pace=0.5"; the value is read as YAML. Raises ConfigError."""
    place, sign, written = text.partition("=")
    parts: Place = tuple(int(part) if part.isdigit() else part for part in place.strip().split("."))
    if not sign or "" in parts:
        raise ConfigError(f"--set {text}: write it as SETTING=VALUE, such as scene.pace=0.5")
    for depth, part in enumerate(parts):
        # Within a mapping of the artist's own names, such as poses.meanings, any name will do.
        known = known_settings(parts[:depth])
        inside = depth > 0 and known == known_settings(parts[: depth - 1])
        if isinstance(part, str) and part not in known and not inside:
            raise ConfigError(f"--set {text}: {dotted(parts[: depth + 1])}: {unknown_setting(parts[: depth + 1])}")
    try:
        return place.strip(), read_yaml(written, "")[1]
    except ConfigError as error:
        what = error.mistakes[0].removeprefix(":1: ").removeprefix(": ")
        raise ConfigError(f"--set {text}: {what}") from error


def as_paths(paths: Path | Sequence[Path]) -> tuple[Path, ...]:
    """One file or several as several."""
    return (paths,) if isinstance(paths, Path) else tuple(paths)


def read_text(path: Path, may_be_empty: bool = True) -> str:
    """A file's text with its line ends as they are. Raises ConfigError."""
    try:
        text = read_text_file(path, MAX_BYTES, may_be_pipe=may_be_empty)
    except OSError as error:
        is_ours = path.absolute() == PROJECT / "config.yaml"
        ours = f"{TYPED} setup writes one" if IS_INSTALLED else restores("config.yaml")
        hint = ours if is_ours else "write one, or leave out --config"
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); {hint}") from error
    except TextFileError as error:
        raise ConfigError(error.at(str(path))) from error
    if not may_be_empty and not text.strip("\ufeff \t\r\n"):
        raise ConfigError(f"{path}:1: is empty (is the disk full?); a line with a # alone means all defaults")
    return text


def read_source(text: str, name: str, place: Place = ()) -> SourceText:
    """What a text says, under today's names; nothing is checked yet. Raises ConfigError."""
    node, data = read_yaml(text, name)
    if node is None:
        return SourceText(name, None, {}, place)
    if not isinstance(node, yaml.MappingNode) or not isinstance(data, dict):
        hint = "; the space behind the colon is a hard one (\\xa0), write a plain one" if ":\xa0" in text else ""
        raise ConfigError(f"{name}:{line_of(node)}: settings are written as name: value{hint}")
    if not place:
        _bring_up_to_date(data, node, name)
    return SourceText(name, node, data, place)


def _bring_up_to_date(data: dict[str, Any], node: yaml.Node, name: str) -> None:
    """Take out the version, and give older settings today's names. A file without a version may have either."""
    version = data.pop("version", None)
    if version not in (None, 1, VERSION) or isinstance(version, bool):
        line = find(node, ("version",))[1]
        raise ConfigError(
            f"{name}:{line}: version: this is a file of version {version}; this Mien reads 1 to {VERSION}"
        )
    if isinstance(data.get("look"), str):
        data["look"] = {"name": data["look"]}
    if version != VERSION:
        try:
            rename_keys(data)
        except ValueError as error:
            raise ConfigError(f"{name}: {error}") from error
    if retire(data):
        log.warning(
            "%s: repainting.%s are gone with their network; picture: has the painter now, enabled: true still repaints in "
            "the manner of paintings",
            name,
            ", ".join(RETIRED),
        )


def _config_of(sources: list[SourceText], overrides: Overrides, complete: bool = False) -> Config:
    merged: dict[str, Any] = {}
    for source in sources:
        merged = _merged(merged, source.data)
    for place, given in overrides.items():
        value = given.value if isinstance(given, Flag) else given
        typed = _typed_source(place, value, given.typed if isinstance(given, Flag) else "")
        try:
            _put(merged, dotted(typed.place), value)
        except ConfigError as error:
            raise ConfigError(f"{typed.name}: {str(error).removeprefix(f'{place}: ')}") from error
        sources = [*sources, typed]
    look = None if complete else _look_source(merged, sources)
    if look is not None:
        sources = [look, *sources]
        merged["look"] = _merged(look.data, merged.get("look"))
    return _validated({key: value for key, value in merged.items() if value is not None}, sources)


def _look_source(merged: dict[str, Any], sources: Sequence[SourceText]) -> SourceText | None:
    """The chosen look's file; None where what is chosen is no name, which the check reports."""
    look = merged.get("look")
    name = look.get("name", DEFAULT_LOOK) if isinstance(look, dict) else DEFAULT_LOOK
    if not isinstance(name, str) or not (look is None or isinstance(look, dict)):
        return None
    path = look_path(name)
    if not LOOK_NAME.fullmatch(name) or not path.is_file():
        if name == DEFAULT_LOOK:  # nobody need have written its name: the file is what is missing
            place = f"{path.parent.name}/{path.name}"
            raise ConfigError(f"{place}: is not there; {restores(place)}, or choose another look")
        error = {
            "loc": ("look", "name"),
            "type": "look",
            "msg": f"there is no look {name!r}; there are {', '.join(look_names())}",
        }
        raise ConfigError(explain(error, sources))
    return _read_look(path, file_stamp(path))


@lru_cache(maxsize=16)
def _read_look(path: Path, _version: FileStamp) -> SourceText:
    name = f"{path.parent.name}/{path.name}"
    try:
        text = read_text_file(path, MAX_BYTES)
    except OSError as error:
        raise ConfigError(f"{name}: cannot be read ({error.strerror}); {restores(name)}") from error
    except TextFileError as error:
        raise ConfigError(error.at(name)) from error
    source = read_source(text, name, ("look",))
    if source.node is None:
        raise ConfigError(f"{name}:1: is empty (is the disk full?); {restores(name)}")
    if "name" in source.data:
        line = find(source.node, ("name",))[1]
        raise ConfigError(f"{name}:{line}: name: a look's name is that of its file; take this line out")
    return source


def _typed_source(place: str, value: Any, typed: str) -> SourceText:
    """A setting of the command line, with what was typed as its name ("": by --set)."""
    written = "" if value is None else flow(value) if isinstance(value, bool | float | list | dict) else str(value)
    mark = yaml.Mark("", 0, 0, 0, None, 0)
    node = yaml.compose(written) if isinstance(value, list | dict) else yaml.ScalarNode("", written, mark, mark)
    parts = tuple(int(part) if part.isdigit() else part for part in place.split("."))
    where: Place = ("look", "name") if place == "look" and isinstance(value, str) else parts
    return SourceText(typed or f"--set {place}={written}", node, {}, where, is_typed=True)


def _validated(data: dict[str, Any], sources: Sequence[SourceText]) -> Config:
    # Before the check: what it says of a mistake may quote an address.
    learn(data)
    reword(data)
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        mistakes = error.errors()
        said = [explain(one, sources) for one in mistakes[:MAX_MISTAKES]]
        raise ConfigError(*said, unsaid=len(mistakes) - len(said)) from error


def _merged(under: Any, over: Any) -> Any:
    """``over`` put on ``under`` name by name; a section with nothing in it leaves what was there."""
    if over is None and isinstance(under, dict):
        return copy.deepcopy(under)
    if not (isinstance(under, dict) and isinstance(over, dict)):
        return copy.deepcopy(over)
    return {**under, **{key: _merged(under.get(key), value) for key, value in over.items()}}


def _put(data: Any, place: str, value: Any) -> None:
    """Give the setting at a dotted place a value. Raises ConfigError for an entry of a list that is not there."""
    *parents, last = (int(part) if part.isdigit() else part for part in place.split("."))
    for part in parents:
        if isinstance(part, int) or isinstance(data, list):
            if not (isinstance(data, list) and isinstance(part, int) and part < len(data)):
                raise ConfigError(f"{place}: there is no such entry; write the list as a whole")
            data = data[part]
        elif isinstance(data, dict):
            if data.get(part) is None:
                data[part] = {}
            data = data[part]
    if isinstance(last, int) or isinstance(data, list):
        if not (isinstance(data, list) and isinstance(last, int) and last < len(data)):
            raise ConfigError(f"{place}: there is no such entry; write the list as a whole")
        data[last] = value
    elif isinstance(data, dict):
        data[last] = value
    else:
        raise ConfigError(f"{place}: there is no such setting")
