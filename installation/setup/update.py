"""``run.py update``: a new version beside this one, checked there, then switched; ``run.py update back`` returns.

Standard library only. docs/operations.md says what it means for whoever types it; switch.py how it survives a power cut.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from installation.setup import belongings as things
from installation.setup import environment
from installation.setup.restart import restart
from installation.setup.service_plan import Machine
from installation.setup.switch import BEFORE, NEW, Step, beside, no_step, only_one, switch
from installation.setup.unpack import UpdateError, take

PARTS = (
    "run.py",
    "config.yaml",
    "pyproject.toml",
    "constraints.txt",
    "models/manifest.yaml",
    "installation/__init__.py",
)
"""What every version has."""
TRIAL = """osc: {enabled: false, listen_port: 0}
oscquery: {enabled: false}
capture: {source: simulated}
"""
"""Settings under which a new version draws a few pictures beside the running one, and disturbs nobody."""
_TAIL = 1500
_LONGEST_S = 3600


@dataclass(frozen=True, slots=True)
class Checks:
    """What a new version must stand before it is switched in, as functions of its folder that raise UpdateError."""

    set_up: Callable[[Path], None]
    settings: Callable[[Path, list[Path]], None]
    trial: Callable[[Path], None]


def update(argv: list[str], root: Path = environment.ROOT, checks: Checks | None = None, step: Step = no_step) -> int:
    """``run.py update ...``; gives the exit code: 0 done, 1 the system refused, 2 refused with the reason."""
    args = update_parser().parse_args(argv)
    checks = checks or Checks(_set_up, _settings, _trial)
    try:
        _may_be_changed(root)
        with only_one(root) as is_alone:
            if not is_alone:
                raise UpdateError("another update is running")
            is_back = args.source == "back"
            told = _back(root, step) if is_back else _forth(Path(args.source), args, root, checks, step)
    except UpdateError as error:
        print(f"run.py update: {error}\nNothing was changed: the version here is as it was.", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"run.py update: {error.filename or ''}: {error.strerror or error}", file=sys.stderr)
        print("The version here is whole. Put it right and type the same again.", file=sys.stderr)
        return 1
    print(told)
    if _is_in(root):
        print(f"This window is in the old folder still; type: cd {shlex.quote(str(root))}")
    print(restart(root, Machine(root=root)))
    return 0


def update_parser() -> argparse.ArgumentParser:
    """Options of ``run.py update``."""
    parser = argparse.ArgumentParser(
        prog="run.py update",
        description="Change to another version, or back; see docs/operations.md.",
        allow_abbrev=False,
    )
    parser.add_argument("source", metavar="FOLDER_OR_ARCHIVE|back", help="the new version; back: the one before again")
    parser.add_argument(
        "--config",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="settings to check it with, as for a run",
    )
    parser.add_argument("--any-version", action="store_true", help="also one that is not newer")
    parser.add_argument("--leave-changes", action="store_true", help="changes to the program itself stay behind")
    parser.add_argument("--no-trial", action="store_true", help="switch without drawing a few pictures first")
    return parser


def _forth(source: Path, args: argparse.Namespace, root: Path, checks: Checks, step: Step) -> str:
    new = beside(root, NEW)
    source, place = source.resolve(), root.resolve()
    if source.is_relative_to(place) or (source.is_dir() and place.is_relative_to(source)) or source == new.resolve():
        raise UpdateError(f"the new version's folder or archive must not be in this one, and not be {new.name}")
    for folder in (new, beside(root, BEFORE)):
        if os.path.lexists(folder) and not (folder / things.OURS).exists():
            raise UpdateError(f"{folder} is in the way and was not made by an update: rename it")
    _remove(new)
    try:
        print(f"[1/5] unpacking {source.name}", flush=True)
        take(source, new)
        was, comes = _version(root), _is_version(new)
        if not args.any_version and _order(comes) <= _order(was):
            raise UpdateError(f"that is version {comes}, and this one is {was}; --any-version takes it all the same")
        things.record(new)
        print("[2/5] taking along what is yours", flush=True)
        _take_along(root, new, args.leave_changes)
        print("[3/5] set-up of the new version", flush=True)
        checks.set_up(new)
        print("[4/5] settings and models", flush=True)
        checks.settings(new, args.config)
        if not args.no_trial:
            print("[5/5] a few pictures, unseen", flush=True)
            checks.trial(new)
        for name in things.MOVED:
            _remove(new / name)  # what the trial wrote
    except BaseException:
        _remove(new)
        raise
    step("switch")
    switch(root, new, step)
    return f"This is version {comes} now. The one before ({was}) lies in {beside(root, BEFORE)}: run.py update back"


def _back(root: Path, step: Step) -> str:
    before = beside(root, BEFORE)
    if not (before / things.OURS).exists():
        raise UpdateError(f"there is no version before this one ({before} is not there)")
    was, comes = _version(root), _is_version(before)
    added = things.belongings(root, before).own
    # What was made since then is taken along; what was changed since then is as it was before.
    different = things.carry(added, root, before, replace=False)
    edited = [name for name in ("config.yaml", *different) if _bytes(root / name) != _bytes(before / name)]
    step("switch")
    switch(root, before, step)
    told = f"This is version {comes} again. Version {was} lies in {before}: run.py update back returns to it."
    if edited:
        told += f"\nAs they were with {comes}, and as you have them with {was} in that folder: {_few(edited)}"
    return told


def _take_along(root: Path, new: Path, leave_changes: bool) -> None:
    """Copy what is the artist's, and the environment, into the new version. Raises UpdateError and OSError."""
    found = things.belongings(root, new)
    if found.patched and not leave_changes:
        raise UpdateError(
            f"the program itself was changed here: {_few(found.patched)}. A new version knows nothing of that. "
            f"--leave-changes goes on without it; the changed files stay in {beside(root, BEFORE)}"
        )
    left = things.carry(found.own, root, new, replace=False)
    ours = tuple(name for name in left if things.is_artists(name))
    things.carry((*found.edited, *ours), root, new, replace=True)
    things.carry(("config.yaml",), root, new, replace=True)
    for name in (*found.edited, *ours):
        print(f"      yours, not the new version's: {name}")
    for name in sorted(set(left) - set(ours)):
        print(f"      the new version's, not yours: {name}")
    working = (root / ".venv").resolve()
    if environment.fits(working):
        # Set-up then brings only what is pinned otherwise: hardly any network.
        shutil.copytree(working, new / ".venv", symlinks=True, copy_function=things.copy)


def _may_be_changed(root: Path) -> None:
    """Raise UpdateError where the new version would belong to somebody else, or cannot be put beside this one."""
    owner = root.stat().st_uid
    if hasattr(os, "geteuid") and os.geteuid() != owner and os.name != "nt":
        raise UpdateError(f"{root} belongs to another user (number {owner}): type this as that user")
    if not os.access(root.parent, os.W_OK):
        raise UpdateError(f"{root.parent} cannot be written, and the new version must lie beside {root.name}")


def _is_version(folder: Path) -> str:
    missing = [name for name in PARTS if not (folder / name).is_file()]
    if missing:
        raise UpdateError(f"that is no version of Mien: {_few(missing)} is not in it")
    return _version(folder)


def _version(folder: Path) -> str:
    text = (folder / "installation/__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"', text, re.MULTILINE)
    if found is None:
        raise UpdateError(f"{folder} does not say which version it is")
    return found[1]


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version.split("+")[0]))


def _set_up(new: Path) -> None:
    """The new version's own set-up, in its folder: packages and models, each model checked by its sha256."""
    _call(new, ["setup"], "its set-up did not succeed")


def _settings(new: Path, files: list[Path]) -> None:
    words = [word for file in files for word in ("--config", str(file))]
    _call(new, ["check", "--settings", *words], "it cannot use your settings or models")


def _trial(new: Path) -> None:
    file = new / ".mien-trial.yaml"
    file.write_text(TRIAL, encoding="utf-8")
    words = ["--config", file.name, "--offscreen", "--size", "320x180", "--seconds", "2"]
    try:
        _call(new, words, "it draws no picture here (--no-trial goes on all the same)")
    finally:
        file.unlink(missing_ok=True)


def _call(new: Path, words: list[str], trouble: str) -> None:
    command = [Machine().python, str(new / "run.py"), *words]
    with tempfile.TemporaryFile() as said:
        try:
            code = subprocess.run(
                command, cwd=new, stdout=said, stderr=said, timeout=_LONGEST_S, check=False
            ).returncode
        except subprocess.TimeoutExpired:
            code, trouble = 1, f"{trouble} (no end after {_LONGEST_S} s)"
        said.seek(0)
        if code != 0:
            lines = said.read().decode(errors="replace").strip().splitlines()
            text = "\n".join(line for line in lines if not line.startswith("good "))
            raise UpdateError(f"{trouble}:\n{text[-_TAIL:]}\n")


def _is_in(root: Path) -> bool:
    """Whether this was typed in the checkout's folder, which has another name now."""
    try:
        return Path.cwd() == beside(root, BEFORE)
    except OSError:
        return False


def _remove(folder: Path) -> None:
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _few(names: tuple[str, ...] | list[str]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more
