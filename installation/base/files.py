"""Where the project lies, and files that are written whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).resolve().parents[2]
"""The folder of run.py, config.yaml, models/ and shaders/."""


FileStamp: TypeAlias = tuple[int, int, int]


def file_stamp(path: Path) -> FileStamp:
    """Changes when the file does, also where an older one is put in its place; zeros where there is none."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return 0, 0, 0
    return found.st_mtime_ns, found.st_size, found.st_ino


def write_whole(path: Path, data: bytes, is_precious: bool = True) -> None:
    """Replace the file in one step: whoever reads it sees the old bytes or the new ones.

    ``is_precious``: also after a power cut, for which it waits until the disk has the file; a busy disk takes seconds. A link
    stays a link and the file keeps its mode. Raises OSError; then the old file is as it was.
    """
    target = path.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.", suffix=".new")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            if is_precious:
                os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, name)
        else:
            Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
