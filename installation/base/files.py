"""Where the project lies and what came with Mien, and files that are written whole or not at all. Standard library only."""

from __future__ import annotations

import importlib.resources
import os
import shutil
import tempfile
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).resolve().parents[2]
"""The folder that Python imports ``installation`` from: the checkout with run.py, or where pip installs packages."""
_PACKED = Path(str(importlib.resources.files("installation") / "shipped"))
IS_INSTALLED = _PACKED.is_dir()
"""Whether pip installed this Mien: a wheel has in ``installation/shipped`` what lies around the package in a checkout."""
SHIPPED = _PACKED if IS_INSTALLED else ROOT
"""What came with Mien: config.yaml, looks/, models/, performances/, shaders/. Only a checkout's is ever written to."""
PROJECT_VARIABLE = "MIEN_PROJECT"
"""Environment variable with the project's folder, for all processes of a piece."""
PROJECT = Path(os.environ.get(PROJECT_VARIABLE) or (Path.cwd() if IS_INSTALLED else ROOT)).absolute()
"""The artist's folder, where everything is written: the checkout, or for an installed Mien the folder it was called in."""
PROGRAM = "mien" if IS_INSTALLED else "run.py"
"""How usage texts name what was typed."""
TYPED = "mien" if IS_INSTALLED else "python3 run.py"
"""What a person types."""


def own_or_shipped(name: str) -> Path:
    """The project's own file or folder of a relative name, such as looks/ink.yaml, where there is one; else what came with
    Mien, which need not exist."""
    own = PROJECT / name
    return own if own.exists() else SHIPPED / name


def own_and_shipped(name: str) -> tuple[Path, ...]:
    """The project's folder of a relative name, then the one that came with Mien where it is another; neither need exist."""
    return tuple(dict.fromkeys((PROJECT / name, SHIPPED / name)))


def restores(name: str) -> str:
    """How a damaged file that came with Mien is had again, as the second half of a message."""
    return f"pip install --force-reinstall mien restores {name}" if IS_INSTALLED else f"git checkout {name} restores it"


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
