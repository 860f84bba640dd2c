"""Where running pieces keep what is not the artist's: locks while they run, and what the guard keeps between runs."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path

from installation.base.files import PROJECT

RUNTIME, STATE = "MIEN_RUNTIME", "MIEN_STATE"
"""Environment variables that name other folders."""


def key_of(paths: Sequence[Path]) -> str:
    """Sixteen letters that stand for these settings files, wherever and however they were typed; links are followed."""
    names = "\0".join(str(path.absolute().resolve()) for path in paths)
    return hashlib.sha256(names.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def runtime_folder() -> Path:
    """A folder for this user alone, the same for all sessions and services of the user: ``mien-UID`` in the system's folder for
    temporary files. Raises OSError where there is none, or where it belongs to somebody else."""
    named = os.environ.get(RUNTIME)
    folder = Path(named) if named else Path(tempfile.gettempdir()) / f"mien-{_user()}"
    folder.mkdir(mode=0o700, parents=bool(named), exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or (hasattr(os, "getuid") and found.st_uid != os.getuid()):
        raise OSError(f"{folder} belongs to somebody else")
    if found.st_mode & 0o077:
        folder.chmod(0o700)
    return folder


def state_folder(paths: Sequence[Path]) -> Path:
    """Where the guard keeps what belongs to these settings files, ``runs/guard/KEY`` in the project; it need not exist."""
    named = os.environ.get(STATE)
    return (Path(named) if named else PROJECT / "runs" / "guard") / key_of(paths)


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
