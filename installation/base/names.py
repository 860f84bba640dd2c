"""Names of files as they come: any bytes but a slash. What native code may be given of them, and how they are told."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_OPEN_FILES = Path("/proc/self/fd")


def is_text(name: str) -> bool:
    """Whether ``name`` can be written as UTF-8. Native code ends the process, or refuses, where it cannot: names from old
    archives hold bytes of other encodings, which Python keeps as surrogates."""
    return not any(_is_surrogate(letter) for letter in name)


def printable(text: str, lines: bool = False) -> str:
    """``text`` as it may be printed, drawn and sent: bytes that are no text and control characters are written out (\\xe9,
    \\x00). With ``lines``, line breaks stay."""
    if text.isprintable():
        return text
    return "".join(_written_out(letter) if _must_be(letter, lines) else letter for letter in text)


@contextmanager
def name_for_native_code(path: Path) -> Iterator[str]:
    """A name by which native code may open the existing file ``path`` while this lasts.

    Absolute, for FFmpeg takes "ndi:take.mp4" for an address. A name that is no text stands for itself by the number of the
    file, opened here (Linux); elsewhere, and where it cannot be opened, OSError.
    """
    name = os.path.abspath(path)  # noqa: PTH100 - resolve() would follow links, absolute() leaves dots
    if is_text(name):
        yield name
        return
    if not _OPEN_FILES.is_dir():
        raise OSError(f"{printable(name)}: the name is no UTF-8 text; rename the file")
    number = os.open(path, os.O_RDONLY)
    try:
        yield str(_OPEN_FILES / str(number))
    finally:
        os.close(number)


def percent_encoded(address: str) -> str:
    """A network address whose bytes that are no text are written as %E9."""
    return "".join(f"%{ord(letter) & 0xFF:02X}" if _is_surrogate(letter) else letter for letter in address)


def _is_surrogate(letter: str) -> bool:
    return "\ud800" <= letter <= "\udfff"


def _must_be(letter: str, lines: bool) -> bool:
    if letter in "\n\t":
        return not lines
    return unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp")


def _written_out(letter: str) -> str:
    code = ord(letter)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return letter.encode("unicode_escape").decode("ascii")
