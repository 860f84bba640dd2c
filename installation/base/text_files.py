"""Text files that people write or copy here, read with their traps caught: no file, far too large, in another encoding."""

from __future__ import annotations

import codecs
import stat
from pathlib import Path

from installation.base.names import printable

LONGEST = 400
"""Signs of one message; the middle of a longer one is left out, for place and remedy stand at its ends."""
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class TextFileError(Exception):
    """What keeps a file from being read as text, and the remedy. ``line`` counts from 1; None where there is none."""

    def __init__(self, problem: str, line: int | None = None) -> None:
        super().__init__(problem)
        self.line = line

    def at(self, name: str) -> str:
        """The message with its place: file:line: what, remedy."""
        return f"{name}: {self}" if self.line is None else f"{name}:{self.line}: {self}"


def read_text_file(path: Path, most_bytes: int, may_be_pipe: bool = False) -> str:
    """A file's text with its line ends as they are; a byte order mark stays, too. Never waits for what gives no end.

    Raises OSError, and TextFileError for what is no file, is larger than ``most_bytes`` or no UTF-8.
    """
    try:
        kind = path.stat().st_mode
    except ValueError as error:  # a NUL in the path
        raise TextFileError("is no name of a file; correct it") from error
    if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind) or (may_be_pipe and stat.S_ISFIFO(kind))):
        raise TextFileError("is no file but a device or a pipe; name a file")
    with path.open("rb") as file:
        data = file.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise TextFileError(f"is larger than {most_bytes // 1024} kB, so hardly what is meant; name another file")
    if data.startswith(_UTF16):
        raise TextFileError("is not UTF-8 text but UTF-16 (Unicode); save it as UTF-8", 1)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise TextFileError("is not UTF-8 text; save it as UTF-8", line) from error


def one_line(text: str) -> str:
    """``text`` in one line of bounded length that any log, terminal and network takes."""
    shown = printable(text)
    if len(shown) <= LONGEST:
        return shown
    half = (LONGEST - 5) // 2
    return f"{shown[:half]} ... {shown[-half:]}"


def odd_sign(text: str, halves: bool = True) -> str | None:
    """The first sign of ``text`` that no name or setting may have (a control sign, with ``halves`` half a character, too) as
    an escape; None without any."""
    for sign in text:
        if sign < " " or "\x7f" <= sign <= "\x9f" or (halves and "\ud800" <= sign <= "\udfff"):
            return sign.encode("unicode_escape").decode()
    return None
