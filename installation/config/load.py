"""config.yaml: read with file:line errors, watched while the piece runs, and generated with its comments.

python -m installation.config.load --write      (docs/config.md, and config.yaml where there is none)
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from installation.config.settings import Config

ROOT = Path(__file__).resolve().parents[2]
Place = tuple[str | int, ...]


class ConfigError(Exception):
    """All that is wrong with a settings file, a line each: file:line: setting: what, and how to mend it."""


def load_config(path: Path) -> Config:
    """Settings of a file; what it leaves out has its default. Raises ConfigError."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); git checkout config.yaml restores it") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 text; save it as UTF-8") from error
    return parse_config(text, str(path))


def parse_config(text: str, name: str = "config.yaml") -> Config:
    """Settings of a text; ``name`` stands in the errors. Raises ConfigError."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is None:
            return Config()
        if not isinstance(node, yaml.MappingNode):
            raise ConfigError(f"{name}:{_line(node)}: settings are written as name: value")
        traps = list(_traps(node, name, ()))
        data: dict[str, Any] = yaml.SafeLoader(text).get_single_data() if not traps else {}
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 1
        hint = "; indent with spaces, not tabs" if "\\t" in str(error.problem) else _colour_hint(text, line)
        raise ConfigError(f"{name}:{line}: not readable as YAML: {error.problem or error.context}{hint}") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{name}: not readable as YAML: {error}") from error
    if traps:
        raise ConfigError("\n".join(traps))
    try:
        return Config.model_validate({key: value for key, value in data.items() if value is not None})
    except ValidationError as error:
        raise ConfigError("\n".join(_explain(entry, node, name) for entry in error.errors())) from error


def with_overrides(config: Config, overrides: dict[str, Any]) -> Config:
    """A copy with other values, such as {"capture.source": "simulated"}. Raises ConfigError as a file would."""
    data = config.model_dump()
    for place, value in overrides.items():
        section, name = place.split(".")
        data[section][name] = value
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        lines = [f"{'.'.join(str(part) for part in entry['loc'])}: {entry['msg']}" for entry in error.errors()]
        raise ConfigError("\n".join(lines)) from error


class ConfigWatcher:
    """Notices that the file was saved. ``poll`` costs one look at the file's time stamp."""

    def __init__(self, path: Path, overrides: dict[str, Any]) -> None:
        self._path, self._overrides = path, overrides
        self._stamp = self._look()
        self._pending: tuple[int, int] | None = None

    def poll(self) -> Config | ConfigError | None:
        """New settings, or what is wrong with them; None where nothing was saved since.

        A save is taken up once the file looks the same twice in a row, for editors write in several steps. What was set
        on the command line stays.
        """
        stamp = self._look()
        if stamp == self._stamp:
            self._pending = None
            return None
        if stamp != self._pending:
            self._pending = stamp
            return None
        self._stamp, self._pending = stamp, None
        try:
            return with_overrides(load_config(self._path), self._overrides)
        except ConfigError as error:
            return error

    def _look(self) -> tuple[int, int]:
        try:
            status = self._path.stat()
        except OSError:
            return 0, 0
        return status.st_mtime_ns, status.st_size


def _colour_hint(text: str, line: int) -> str:
    """A colour without quotes is a comment to YAML, and the brace after it is lost."""
    before = "\n".join(text.splitlines()[:line])
    return '; a colour stands in quotes: "#ff9420"' if re.search(r"[:,]\s*#[0-9a-fA-F]{6}\b", before) else ""


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _traps(node: yaml.Node, name: str, place: Place) -> Iterator[str]:
    """What YAML itself would swallow without a word: keys written twice, and clock times read as numbers."""
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            where = (*place, key.value)
            if key.value in seen:
                yield f"{name}:{_line(key)}: {_dotted(where)}: written twice (first in line {seen[key.value]})"
            seen[key.value] = _line(key)
            yield from _traps(value, name, where)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _traps(value, name, (*place, index))
    elif isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:int" and ":" in node.value:
        yield f'{name}:{_line(node)}: {_dotted(place)}: {node.value} is read as a number here; write "{node.value}"'


def _dotted(place: Place) -> str:
    return ".".join(str(part) for part in place)


def _explain(error: Any, root: yaml.Node, name: str) -> str:
    place: Place = tuple(part for part in error["loc"] if part not in ("str", "int"))
    if place and place[-1] == "[key]":
        return _explain_key(error, root, name, place[:-1])
    node, key_line = _find(root, place)
    line = key_line if error["type"] == "extra_forbidden" else _line(node)
    message = str(error["msg"])
    written = node.value if isinstance(node, yaml.ScalarNode) else None
    if error["type"] == "extra_forbidden":
        near = get_close_matches(str(place[-1]), _known(place[:-1]), 1)
        message = "unknown setting" + (f"; did you mean '{near[0]}'?" if near else "")
    elif error["type"] == "literal_error":
        message = f"{message}, not {written!r}"
    elif written is not None and isinstance(error.get("input"), bool):
        message = f'{message}; YAML reads {written} as true or false, write "{written}" for the word'
    elif written is not None and re.fullmatch(r"[-+]?\d+[eE][-+]?\d+", written):
        message = f"{message}; YAML reads {written} as text, write it with a dot: 1.0e-3"
    elif written is not None:
        message = f"{message}, not {written!r}"
    return f"{name}:{line}: {_dotted(place)}: {message}"


def _explain_key(error: Any, root: yaml.Node, name: str, place: Place) -> str:
    """A name that is chosen by the artist, such as a pose's, or one of a few, such as a body cue's."""
    key = place[-1]
    line = _find(root, place)[1]
    names = re.findall(r"'(\w+)'", str(error.get("ctx", {}).get("expected", "")))
    if names:
        near = get_close_matches(str(key), names, 1)
        hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(names)}"
        return f"{name}:{line}: {_dotted(place)}: unknown name; {hint}"
    message = str(error["msg"])
    if isinstance(error.get("input"), bool):
        message = "YAML reads this name as true or false; put it in quotes or choose another"
    return f"{name}:{line}: {_dotted(place[:-1])}: {message}"


def _find(node: yaml.Node, place: Place) -> tuple[yaml.Node, int]:
    """The node at ``place``, or the deepest one on the way to it, and the line of its key."""
    line = _line(node)
    for part in place:
        if isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if key.value == part]
            if not found:
                break
            line, node = _line(found[0][0]), found[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = _line(node)
    return node, line


def _known(place: Place) -> list[str]:
    model: type[BaseModel] = Config
    for part in place:
        if isinstance(part, str) and part in model.model_fields:
            annotation = model.model_fields[part].annotation
            inner = getattr(annotation, "__args__", (annotation,))[0]
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                model = inner
    return list(model.model_fields)


def _yaml(value: Any) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, width=1000, sort_keys=False).strip()
    return text.removesuffix("...").strip()


def config_text(config: Config) -> str:
    """``config`` as config.yaml, every setting with its description as a comment."""
    lines = ["# Mien's settings. Saved edits count at once; a mistake keeps the old values and shows its line.", ""]
    for section, field in type(config).model_fields.items():
        value = getattr(config, section)
        lines.append(f"# {(type(value).__doc__ or '').strip()}")
        lines.append(f"{section}:")
        for name, setting in type(value).model_fields.items():
            plain = value.model_dump()[name]
            if isinstance(plain, list):
                lines.append(f"  {name}:  # {setting.description}")
                lines += [f"    - {_yaml(entry)}" for entry in plain]
                if not plain:
                    lines[-1] = f"  {name}: []  # {setting.description}"
            elif isinstance(plain, dict):
                lines.append(f"  {name}:{'' if plain else ' {}'}  # {setting.description}")
                lines += [f"    {key}: {_yaml(entry)}" for key, entry in plain.items()]
            else:
                lines.append(f"  {name}: {_yaml(plain)}  # {setting.description}")
        lines.append("")
        del field
    return "\n".join(lines)


def _bounds(setting: Any) -> str:
    words = []
    for limit in setting.metadata:
        for name, sign in (
            ("ge", "from"),
            ("gt", "above"),
            ("le", "to"),
            ("lt", "below"),
            ("multiple_of", "in steps of"),
        ):
            value = getattr(limit, name, None)
            if value is not None:
                words.append(f"{sign} {value:g}")
    return " ".join(words)


def _leaves(model: BaseModel) -> Iterator[tuple[str, Any, Any]]:
    """(name, value, its field) of every setting in a group, a group in it with its name and a dot before."""
    for name, setting in type(model).model_fields.items():
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from ((f"{name}.{inner}", *rest) for inner, *rest in _leaves(value))
        else:
            yield name, value, setting


def _groups_table(section: str, groups: dict[str, BaseModel]) -> list[str]:
    """The groups of a section that have the same settings, such as the emotions' looks: a column of defaults for each."""
    lines = [f"| setting in `{section}` | {' | '.join(groups)} | range | meaning |", "|---" * (len(groups) + 3) + "|"]
    for rows in zip(*(_leaves(group) for group in groups.values()), strict=True):
        name, _, setting = rows[0]
        defaults = " | ".join(_yaml(value) for _, value, _ in rows)
        lines.append(f"| `{name}` | {defaults} | {_bounds(setting)} | {setting.description} |")
    return lines


def document() -> str:
    """The text of docs/config.md."""
    lines = [
        "<!-- Generated from installation/config.py: python -m installation.config.load --write -->",
        "# Settings",
        "",
        "All settings of `config.yaml`. What the file leaves out has its default. YAML's own traps are caught: a key written",
        'twice, `10:00` (read as a number: write `"10:00"`), `off` and `no` (read as false), `1e-3` (text: write `1.0e-3`).',
        "`output.mode`, size, display, rates, vsync, `log.level` count from the next start on; everything else counts at once.",
    ]
    config = Config()
    for section in Config.model_fields:
        value = getattr(config, section)
        lines += ["", f"## {section}", "", str(type(value).__doc__).strip(), ""]
        lines += ["| setting | default | range | meaning |", "|---|---|---|---|"]
        groups = {}
        for name, setting in type(value).model_fields.items():
            if isinstance(getattr(value, name), BaseModel):
                groups[name] = getattr(value, name)
                continue
            default = value.model_dump()[name]
            lines.append(f"| `{name}` | `{_yaml(default)}` | {_bounds(setting)} | {setting.description} |")
        if groups:
            lines += ["", *_groups_table(section, groups)]
    return "\n".join(lines) + "\n"


def main(argv: list[str] | None = None) -> int:
    """Write docs/config.md, and config.yaml where it is missing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write the files instead of printing the reference")
    if not parser.parse_args(argv).write:
        print(document(), end="")
        return 0
    (ROOT / "docs" / "config.md").write_text(document(), encoding="utf-8")
    settings = ROOT / "config.yaml"
    if not settings.exists():
        settings.write_text(config_text(Config()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
