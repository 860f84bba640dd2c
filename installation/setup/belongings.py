"""What in a checkout came with its version, and what is the artist's: needed to change the one and keep the other.

Standard library only. A record of all that came, with its sha256, is written by the first set-up; a git checkout has git for
it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from installation.base.files import write_whole

NOTE = ".mien-"
"""How names at the top of a checkout begin that are notes about it and no part of it."""
RECORD = f"{NOTE}shipped.json"
MARK = f"{NOTE}update"
"""Holds the name of the update that a folder is being switched in for."""
OURS = f"{NOTE}beside"
"""Lies in folders beside a checkout that may be removed, for they were made by an update."""
MOVED = ("captures", "data", "logs", "poses", "runs")
"""Folders that belong to the place and not to a version: there is one of each, and it goes along with whichever version runs.
So what a visitor asks to be forgotten is forgotten in every version."""
ARTIST = ("config.yaml", "looks", "shaders/scenes")
"""What artists change although it came with the version; theirs is kept."""
FETCHED = "models/fetched"
CACHES = {"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".git"}
LARGE = 8_000_000
"""Bytes. Files above are linked and not copied where the disk can do that: nobody writes into them, they are only replaced."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """Names of what came with a version (None: there is no record), and those of them that were changed here."""

    names: frozenset[str] | None
    changed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Belongings:
    """What of an older checkout goes into a newer one, all as paths within it.

    ``own``: files that did not come with it. ``edited``: files of ARTIST that came with it and were changed. ``patched``: all
    other files that were changed; they cannot simply be kept.
    """

    own: tuple[str, ...]
    edited: tuple[str, ...]
    patched: tuple[str, ...]


def files_of(root: Path) -> Iterator[str]:
    """Files and links of a checkout, sorted, without environments, caches, MOVED and what this module writes."""
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        at_top = here == root
        links = [name for name in folders if (here / name).is_symlink()]
        folders[:] = sorted(
            name
            for name in folders
            if name not in links and name not in CACHES and not (at_top and (name in MOVED or name.startswith(".venv")))
        )
        for name in sorted([*names, *links]):
            is_left_out = at_top and (name in MOVED or name == ".git" or name.startswith((".venv", NOTE)))
            kind = (here / name).lstat().st_mode
            if not is_left_out and not name.endswith(".pyc") and (stat.S_ISREG(kind) or stat.S_ISLNK(kind)):
                yield (here / name).relative_to(root).as_posix()


def record(root: Path) -> None:
    """Write down what came with the version in ``root``. To be called before anything in it is changed."""
    names = [name for name in files_of(root) if not _is_in(name, (FETCHED,))]
    data = {"files": {name: _digest(root / name) for name in names}}
    write_whole(root / RECORD, json.dumps(data, indent=0).encode())


def needs_record(root: Path) -> bool:
    """Whether nothing says yet what came with the version."""
    return not (root / RECORD).exists() and not (root / ".git").exists()


def shipped(root: Path) -> Shipped:
    """What came with the version in ``root``, by git where it is a git checkout, else by the record."""
    if (root / ".git").exists():
        names, changed = _git(root, "ls-files", "-z"), _git(root, "diff", "--name-only", "-z", "HEAD")
        return Shipped(names, changed or frozenset())
    try:
        files = json.loads((root / RECORD).read_text(encoding="utf-8"))["files"]
        changed = frozenset(name for name, digest in files.items() if _digest(root / name) not in (digest, ""))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Shipped(None, frozenset())
    return Shipped(frozenset(files), changed)


def belongings(old: Path, new: Path) -> Belongings:
    """What of ``old`` goes into ``new``, an unpacked version with nothing added yet."""
    came, here, there = shipped(old), list(files_of(old)), set(files_of(new))
    names, changed = came.names, came.changed & set(here)
    if names is None:
        # No record: whatever lies where versions bring files came with one, but what artists change is theirs.
        tops = {name.split("/")[0] for name in there} - {part.split("/")[0] for part in ARTIST} - {"models"}
        names = frozenset(name for name in here if name in there or name.split("/")[0] in tops)
        changed = frozenset(name for name in names if _is_in(name, ARTIST) and _differs(old / name, new / name))
    own = tuple(name for name in here if name not in names)
    edited = tuple(sorted(name for name in changed if _is_in(name, ARTIST)))
    return Belongings(own, edited, tuple(sorted(changed - set(edited))))


def carry(names: Iterator[str] | tuple[str, ...], old: Path, new: Path, replace: bool) -> list[str]:
    """Copy files of ``old`` into ``new``; gives those that are left out because ``new`` has others and ``replace`` is false."""
    left = []
    for name in names:
        source, target = old / name, new / name
        if os.path.lexists(target):
            if not replace:
                if _differs(source, target):
                    left.append(name)
                continue
            target.unlink()
        target.parent.mkdir(parents=True, exist_ok=True)
        copy(source, target)
    return left


def copy(source: str | Path, target: str | Path) -> str:
    """Copy one file, or link where it is large and the disk can; a link stays a link. Serves shutil.copytree as well."""
    found = os.lstat(source)
    if stat.S_ISREG(found.st_mode) and found.st_size > LARGE:
        with contextlib.suppress(OSError):
            os.link(source, target)
            return str(target)
    return str(shutil.copy2(source, target, follow_symlinks=False))


def is_artists(name: str) -> bool:
    """Whether a path within a checkout is in ARTIST."""
    return _is_in(name, ARTIST)


def _is_in(name: str, places: tuple[str, ...]) -> bool:
    return any(name == place or name.startswith(f"{place}/") for place in places)


def _digest(path: Path) -> str:
    """Hex sha256 of a file, or of where a link leads; "" for what is not there."""
    try:
        if path.is_symlink():
            return hashlib.sha256(os.fsencode(path.readlink())).hexdigest()
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def _differs(one: Path, other: Path) -> bool:
    return _digest(one) != _digest(other)


def _git(root: Path, *words: str) -> frozenset[str] | None:
    """Names that git tells; None where it cannot be asked."""
    command = ["git", "-c", "core.quotePath=false", "-C", str(root), *words]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except OSError:
        return None
    if done.returncode != 0:
        return None
    return frozenset(os.fsdecode(name) for name in done.stdout.split(b"\0") if name)
