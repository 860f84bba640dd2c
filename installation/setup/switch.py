"""Two checkouts change places, so that a power cut at any moment leaves one of them whole in its place. Standard library only.

Beside the checkout NAME lie, while they are needed: NAME.new (being prepared), NAME.before (the version before, for the way
back) and NAME.update.json (a switch that has begun). The path NAME stays what it is: services start it.

The switch itself is one call of the system (renameat2(2) with RENAME_EXCHANGE, renamex_np(2) on a Mac): before it all is as it
was, after it the rest is only moving up. ``finish`` does that rest, or takes the beginning back; every start of run.py calls
it.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from installation.base.files import write_whole
from installation.setup.belongings import MARK, MOVED, OURS

NEW, BEFORE, GONE, ASIDE = ".new", ".before", ".gone", ".aside"
STATE = ".update.json"
_WAIT_S = 20.0

Step = Callable[[str], None]
"""Called with the name of each step before it is done; tests end there, as a power cut would."""


def no_step(_name: str) -> None:
    """What a step does outside of tests."""


def beside(root: Path, ending: str) -> Path:
    """The folder or file ``ending`` beside a checkout."""
    return root.with_name(root.name + ending)


def switch(root: Path, other: Path, step: Step = no_step) -> None:
    """Let ``other`` (NAME.new or NAME.before) become the checkout ``root``, which becomes NAME.before.

    The caller holds ``only_one``. Raises OSError; then, or after a power cut, ``finish`` puts things in order.
    """
    name = secrets.token_hex(8)
    write_whole(other / MARK, name.encode())
    step("to disk")
    if hasattr(os, "sync"):
        os.sync()  # what was copied must be on the disk before its folder counts
    step("state")
    write_whole(beside(root, STATE), json.dumps({"update": name, "with": other.name[len(root.name) :]}).encode())
    step("exchange")
    _exchange(root, other, step)
    _forward(root, other, step)


def finish(start: Path, step: Step = no_step) -> str | None:
    """Put in order what a power cut left of a switch; gives a sentence where there was something to do. Raises OSError.

    ``start``: the checkout that was started, also one that is not in its place.
    """
    root = _place_of(start)
    if not beside(root, STATE).exists():
        return None
    with only_one(root, _WAIT_S) as is_alone:
        if not is_alone or not beside(root, STATE).exists():
            return None  # an update is at it, or was until just now
        return _finish(root, step)


def current_of(start: Path) -> Path:
    """The checkout in use, where ``start`` is the version before it; else ``start``."""
    place = start.with_name(start.name.removesuffix(BEFORE))
    return place if place != start and (start / OURS).exists() and (place / "run.py").exists() else start


def _finish(root: Path, step: Step) -> str:
    try:
        state = json.loads(beside(root, STATE).read_text(encoding="utf-8"))
        name, other = str(state["update"]), beside(root, str(state["with"]))
    except (ValueError, KeyError, TypeError):
        beside(root, STATE).unlink()
        return "An update that had hardly begun was taken back."
    aside = beside(root, ASIDE)
    if aside.exists():  # only where two folders cannot be exchanged at once
        if not root.exists():
            step("second rename")
            (other if _mark(other) == name else aside).rename(root)
        if aside.exists() and not other.exists():
            step("third rename")
            aside.rename(other)
    if _mark(root) != name:
        beside(root, STATE).unlink()
        return "An update that was cut off was taken back: this is the version as it was."
    _forward(root, other, step)
    return "An update that was cut off was finished: this is the new version."


def _forward(root: Path, other: Path, step: Step) -> None:
    """Everything behind the exchange; each step can be done again."""
    for name in MOVED:
        if os.path.lexists(other / name):
            step(f"move {name}")
            _merge(other / name, root / name)
    before, gone = beside(root, BEFORE), beside(root, GONE)
    if other != before:
        if gone.exists():
            step("clear")
            shutil.rmtree(gone)
        if other.exists():
            if before.exists():
                step("set aside")
                before.rename(gone)
            step("keep before")
            other.rename(before)
        if gone.exists():
            step("clear again")
            shutil.rmtree(gone)
    step("done")
    (before / OURS).touch()
    (root / OURS).unlink(missing_ok=True)
    (root / MARK).unlink(missing_ok=True)
    beside(root, STATE).unlink(missing_ok=True)


def _merge(source: Path, target: Path) -> None:
    """Move a folder; where a running piece has begun one there already, its files stay, under another name if need be."""
    if not os.path.lexists(target):
        source.rename(target)
        return
    if source.is_dir() and target.is_dir() and not source.is_symlink():
        for entry in sorted(source.iterdir()):
            _merge(entry, target / entry.name)
        source.rmdir()
        return
    # What was there for long is what is meant; what a moment brought forth is kept beside it.
    free = next(name for number in range(2, 10_000) if not os.path.lexists(name := Path(f"{target}.{number}")))
    target.rename(free)
    source.rename(target)


def _mark(root: Path) -> str:
    try:
        return (root / MARK).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def _place_of(start: Path) -> Path:
    """The checkout's place, for one that was started beside it."""
    for ending in (NEW, BEFORE, ASIDE):
        if start.name.endswith(ending):
            root = start.with_name(start.name.removesuffix(ending))
            if beside(root, STATE).exists() and not root.exists():
                return root
    return start


def _exchange(root: Path, other: Path, step: Step) -> None:
    """Let two folders change names, at once where the system can."""
    if _exchange_at_once(root, other):
        return
    aside = beside(root, ASIDE)
    root.rename(aside)
    step("second rename")
    other.rename(root)
    step("third rename")
    aside.rename(other)


def _exchange_at_once(root: Path, other: Path) -> bool:
    """False where this system or this disk cannot; then nothing was done."""
    here, there = os.fsencode(root), os.fsencode(other)
    if os.name == "nt":
        return False
    system = ctypes.CDLL(None)
    with contextlib.suppress(AttributeError):  # an old C library has neither
        if hasattr(system, "renamex_np"):
            return bool(system.renamex_np(here, there, 2) == 0)  # RENAME_SWAP
        at_cwd, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
        return bool(system.renameat2(at_cwd, here, at_cwd, there, exchange) == 0)
    return False


@contextlib.contextmanager
def only_one(root: Path, wait_s: float = 0.0) -> Iterator[bool]:
    """Whether this process alone may change what lies beside ``root``; waits for it up to ``wait_s`` seconds.

    The lock is on the folder that holds it, and falls with the process. Where the system has none: True.
    """
    try:
        import fcntl
    except ImportError:
        yield True
        return
    handle = os.open(root.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        until_s = time.monotonic() + wait_s
        is_alone = _lock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        while not is_alone and time.monotonic() < until_s:
            time.sleep(0.05)
            is_alone = _lock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield is_alone
    finally:
        os.close(handle)


def _lock(handle: int, how: int) -> bool:
    """Whether the lock was had, or the disk has none."""
    import fcntl

    try:
        fcntl.flock(handle, how)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a disk without locks
    return True
