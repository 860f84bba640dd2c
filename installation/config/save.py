"""Changes single settings in a settings file; comments, order and the spelling of everything else stay.

Afterwards the file is read again: it must say what it said before, with the wanted change and nothing else, or nothing is
written.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from installation.base.files import write_whole
from installation.config.document import LOOK_NAME, Document, reach
from installation.config.load import as_paths, load_config, parse_configs, read_source, read_text
from installation.config.output import ScreenConfig
from installation.config.section import plain
from installation.config.settings import Config
from installation.config.yaml_text import ConfigError, Place, dotted


def save_screens(paths: Path | Sequence[Path], screens: Sequence[ScreenConfig]) -> None:
    """Store ``screens`` as output.screens: only what differs. See ``save_settings``."""
    old = load_config(paths, running=True).output.screens
    changes: dict[Place, Any] = {}
    if list(screens) == (old or [ScreenConfig()]):
        return
    if len(old) == len(screens):
        for number, (before, after) in enumerate(zip(old, screens, strict=True)):
            for name in ScreenConfig.model_fields:
                if getattr(before, name) != getattr(after, name):
                    changes["output", "screens", number, name] = after.model_dump()[name]
    else:
        changes["output", "screens"] = [screen.model_dump(exclude_defaults=True) for screen in screens]
    save_settings(paths, changes)


def save_settings(paths: Path | Sequence[Path], changes: Mapping[Place, Any]) -> None:
    """Give settings other values, such as {("scene", "pace"): 0.5}, in the last of the files; a place may lead through lists.

    Written as a whole or not at all; an older file is brought up to date with it, and kept beside it. Raises ConfigError where
    the files have mistakes, one is empty (its settings would be lost), a value is not allowed or the change cannot be made
    without touching something else (an anchor, a merged key); OSError where the file cannot be written.
    """
    *under, path = as_paths(paths)
    # Another look brings its own values for all that no settings file says.
    chosen = {dotted(place): value for place, value in changes.items() if place == LOOK_NAME}
    old = load_config([*under, path], chosen, running=True)
    wanted = old.model_dump()
    for place, value in changes.items():
        _put(wanted, place, value)
    text = read_text(path, may_be_empty=False)
    document, said = Document(text), read_source(text, str(path)).data
    old_version = document.migrate()
    for place, value in changes.items():
        for inner, one in smallest(place, plain(_reached(old, place)), value, _reached(said, place)).items():
            document.set(inner, one, wanted)
    _write(path, under, text, document, wanted, old_version, ", ".join(dotted(place) for place in changes))


def smallest(place: Place, before: Any, after: Any, said: Any) -> dict[Place, Any]:
    """The smallest changes that make ``after`` of ``before``, so that entries of lists that stay keep their comments. ``said``
    is how the file has it, which may be shorter than what it means."""
    keys: list[Any] = []
    if all(isinstance(one, dict) for one in (before, after, said)) and before.keys() == after.keys() <= said.keys():
        keys = list(after)
    elif all(isinstance(one, list) for one in (before, after, said)) and len(before) == len(after) == len(said):
        # A row of numbers is one value: it is written anew as a whole.
        keys = list(range(len(after))) if all(isinstance(one, dict) for one in after) else []
    if not keys:
        return {place: after}
    found: dict[Place, Any] = {}
    for key in keys:
        if before[key] != after[key] or type(before[key]) is not type(after[key]):
            found |= smallest((*place, key), before[key], after[key], said[key])
    return found


def migrate_file(path: Path) -> Path | None:
    """Write an older file anew under today's names; gives where the old one is kept, None where it was up to date already.

    Raises ConfigError and OSError; then the file is as it was.
    """
    wanted, text = load_config(path, running=True).model_dump(), read_text(path, may_be_empty=False)
    document = Document(text)
    if not document.migrate():
        return None
    return _write(path, [], text, document, wanted, True, "older settings")


def _write(
    path: Path, under: list[Path], text: str, document: Document, wanted: Any, is_old: bool, what: str
) -> Path | None:
    """Read the changed text again and write it; gives the backup of an older file."""
    found = document.text()
    says = parse_configs([*((str(one), read_text(one)) for one in under), (str(path), found)])
    if says != Config.model_validate(wanted):
        raise ConfigError(f"{path}: {what} cannot be changed without touching other settings; write it by hand")
    backup = _kept(path, text) if is_old else None
    write_whole(path, found.encode("utf-8"))
    return backup


def _kept(path: Path, text: str) -> Path:
    """Keep an older file beside the new one; an older copy that says something else is never overwritten."""
    data = text.encode("utf-8")
    for number in range(1, 100):
        backup = path.with_name(f"{path.name}.v1.bak{'' if number == 1 else number}")
        if not backup.exists():
            write_whole(backup, data)
            return backup
        if backup.read_bytes() == data:
            return backup
    raise OSError(f"{path.name}.v1.bak exists a hundred times; move some away")


def _reached(data: Any, place: Place) -> Any:
    """What lies at ``place`` in settings or plain data; None for nothing."""
    for part in place:
        if isinstance(data, dict):
            data = data.get(part)
        elif isinstance(data, list):
            data = data[part] if isinstance(part, int) and part < len(data) else None
        else:
            data = getattr(data, str(part), None)
    return data


def _put(data: Any, place: Place, value: Any) -> None:
    try:
        reach(data, place[:-1])[place[-1]] = copy.deepcopy(value)
    except (KeyError, IndexError) as error:
        raise ConfigError(f"{dotted(place)}: there is no such entry") from error
