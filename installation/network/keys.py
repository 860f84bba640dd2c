"""The key file that machines of one piece share: two pairs of CURVE keys, one for who is asked and one for who asks.

Who has the file may listen and ask, and nobody else; all that travels is encrypted. It is made once and carried to every
machine, as a password would be.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

NAMES = ("asked_public", "asked_secret", "asks_public", "asks_secret")
LENGTH = 40
"""Letters of a key in Z85, ZeroMQ's own way of writing 32 bytes."""


class KeyFileError(Exception):
    """No key file, or not one; says why and what to do."""


@dataclass(frozen=True, repr=False)
class KeyFile:
    """Keys in Z85. Its text tells none of them."""

    asked_public: bytes
    asked_secret: bytes
    asks_public: bytes
    asks_secret: bytes


def read_keys(path: Path) -> KeyFile:
    """The keys in ``path``. Raises KeyFileError."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(f"{path} is not readable ({error}); run.py wall --make-key FILE makes one") from None
    found = dict(line.split(" ", 1) for line in lines if " " in line and not line.startswith("#"))
    keys = [found.get(name, "").strip().encode("ascii") for name in NAMES]
    if any(len(key) != LENGTH for key in keys):
        raise KeyFileError(f"{path} is no key file; run.py wall --make-key FILE makes one")
    return KeyFile(*keys)


def write_keys(path: Path, keys: KeyFile) -> None:
    """Write a new key file that its owner alone may read. Raises KeyFileError where something lies there already."""
    text = "# Keys of a wall of Mien: carry this file to each of its machines, and keep it as you keep a password.\n"
    text += "".join(f"{name} {getattr(keys, name).decode('ascii')}\n" for name in NAMES)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise KeyFileError(f"{path} is not written: {error.strerror}") from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
    with contextlib.suppress(OSError):  # a disk that knows no such rights
        path.chmod(0o600)
