"""Edits of files made from the desk, to be taken back and made again: what else was written there since stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from installation.base.files import write_whole
from installation.base.text_files import TextFileError, read_text_file
from installation.config.yaml_text import MAX_BYTES, ConfigError

Check = Callable[[str | None, str | None], object]
"""Told a file's text now and the text that is wanted; raises ConfigError with what would be wrong with it."""
Hunk = tuple[int, int, list[str]]
"""Lines [first, last) of a text, and those that stand there instead."""


class OvertakenError(ConfigError):
    """Somebody else has changed the same lines since; the edit cannot be taken back any more."""


@dataclass(frozen=True)
class FileEdit:
    """From the text ``left`` to the text ``wanted``; None: no file."""

    path: Path
    left: str | None
    wanted: str | None
    check: Check


def text_of(path: Path) -> str | None:
    """The file's text; None where it is not there. Raises ConfigError, OSError."""
    try:
        return read_text_file(path, MAX_BYTES)
    except FileNotFoundError:
        return None
    except TextFileError as error:
        raise ConfigError(error.at(path.name)) from error


def apply(edit: FileEdit) -> None:
    """Make it, on what the file says now. Raises OvertakenError, ConfigError where the file would have mistakes, OSError."""
    now, name = text_of(edit.path), edit.path.name
    if now == edit.left:
        text = edit.wanted
    elif now is None or edit.left is None or edit.wanted is None:
        raise OvertakenError(f"{name} was changed elsewhere since; this step stays as it is")
    else:
        text = merged(edit.left, edit.wanted, now)
        if text is None:
            raise OvertakenError(f"the same lines of {name} were changed elsewhere since; this step stays as it is")
    edit.check(now, text)
    if text is None:
        edit.path.unlink()
    else:
        write_whole(edit.path, text.encode("utf-8"))


def merged(left: str, wanted: str, now: str) -> str | None:
    """``now``, which was ``left`` once, with what makes ``wanted`` of ``left``; None where both touch the same lines."""
    base = left.splitlines(keepends=True)
    ours, theirs = _hunks(base, wanted), _hunks(base, now)
    for one in ours:
        if any(one != other and one[0] <= other[1] and other[0] <= one[1] for other in theirs):
            return None
    found, at = [], 0
    for first, last, lines in sorted([*ours, *(one for one in theirs if one not in ours)]):
        found += [*base[at:first], *lines]
        at = last
    return "".join([*found, *base[at:]])


def _hunks(base: list[str], text: str) -> list[Hunk]:
    lines = text.splitlines(keepends=True)
    matcher = SequenceMatcher(None, base, lines, autojunk=False)
    return [(a, b, lines[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]
