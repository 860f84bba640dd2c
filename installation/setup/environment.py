"""The Python environment in .venv: built aside, and moved into place once it works. Standard library only.

Nothing in it that the piece uses holds an absolute path, so a moved checkout keeps its environment. What a person may call
in .venv/bin is a script with such a path: after a move, call ``.venv/bin/python -m NAME`` instead.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from installation.setup.system import SetupError, run

ROOT = Path(__file__).resolve().parents[2]
STAMPS = "mien-stamps.json"
"""File of an environment: the steps that are complete."""
NEEDED = ("cv2", "mediapipe", "moderngl", "numpy", "onnxruntime", "pydantic")
"""Modules that a new environment must import before it replaces another: those with compiled parts."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """The folder ``root`` of the project, and where set-up puts what it makes. A link .venv stays a link."""

    root: Path = ROOT

    @property
    def venv(self) -> Path:
        """The environment in use, behind the link where .venv is one."""
        return (self.root / ".venv").resolve()

    @property
    def new(self) -> Path:
        """The environment being built, beside the one in use."""
        return self.venv.with_name(self.venv.name + ".new")

    @property
    def old(self) -> Path:
        """The replaced environment, until it is deleted."""
        return self.venv.with_name(self.venv.name + ".old")

    @property
    def lock(self) -> Path:
        """Holds the number of the process that sets up."""
        return self.root / ".venv.lock"

    @property
    def python(self) -> Path:
        """The interpreter of the environment in use, by a path that stays as it is typed."""
        return python_of(self.root / ".venv")

    def working(self) -> Path:
        """The environment that steps are for: the one in use where it fits this Python, else the one being built."""
        return self.venv if fits(self.venv) else self.new


def python_of(folder: Path) -> Path:
    """An environment's interpreter."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def version() -> str:
    """Python's version as environments are distinguished by it: "3.11"."""
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def fits(folder: Path) -> bool:
    """Whether an environment is whole and made for this Python. Stamps of earlier releases name the folder, too."""
    stamp = read_stamps(folder).get("environment", "")
    return stamp.split(" ")[0] == version() and python_of(folder).exists()


def read_stamps(folder: Path) -> dict[str, str]:
    """Steps that are complete in an environment; none where the file is missing or damaged."""
    try:
        stamps = json.loads((folder / STAMPS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamps if isinstance(stamps, dict) else {}


def write_stamps(folder: Path, stamps: dict[str, str]) -> None:
    """Store the stamps in one step."""
    draft = (folder / STAMPS).with_suffix(".part")
    draft.write_text(json.dumps(stamps), encoding="utf-8")
    draft.replace(folder / STAMPS)


def create(checkout: Checkout) -> None:
    """Make an empty environment aside. Raises SetupError, also where .venv is a link to something that would be replaced."""
    link = checkout.root / ".venv"
    if link.is_symlink() and checkout.venv.is_dir() and any(checkout.venv.iterdir()):
        raise SetupError(
            f".venv is a link to {checkout.venv}, which holds no environment for Python {version()}. Others may use that "
            f"folder, so it is left alone: delete the link, or empty the folder to have the environment made there"
        )
    if not checkout.new.parent.is_dir():
        raise SetupError(f".venv is a link to {checkout.venv}; make the folder {checkout.new.parent} first")
    if checkout.new.exists():
        shutil.rmtree(checkout.new)
    try:
        venv.create(checkout.new, with_pip=True, symlinks=os.name != "nt", prompt=checkout.venv.name)
    except (subprocess.CalledProcessError, OSError) as error:
        shutil.rmtree(checkout.new, ignore_errors=True)
        package = f"python{version()}-venv"
        if os.name != "nt" and shutil.which("apt-get") and os.geteuid() == 0:
            run(["apt-get", "install", "-y", package], f"{package} could not be installed")
            venv.create(checkout.new, with_pip=True, prompt=checkout.venv.name)
            return
        raise SetupError(
            f"no environment can be made ({error}). Install it with:\n  sudo apt-get install {package}"
        ) from error


def check(folder: Path) -> None:
    """Raise SetupError unless what is installed in an environment can be imported."""
    command = [str(python_of(folder)), "-c", f"import {', '.join(NEEDED)}"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    if found.returncode != 0:
        raise SetupError(f"the new environment does not work; delete {folder}\n{found.stderr.strip()[-2000:]}")


def replace(checkout: Checkout) -> None:
    """Put the new environment into the old one's place, then delete the old one."""
    _name_in_scripts(checkout.new, checkout.venv)
    if checkout.venv.exists():
        if checkout.old.exists():
            shutil.rmtree(checkout.old)
        checkout.venv.rename(checkout.old)
    checkout.new.rename(checkout.venv)
    shutil.rmtree(checkout.old, ignore_errors=True)


def restore(checkout: Checkout) -> None:
    """Bring the old environment back where a replacement was interrupted halfway."""
    if checkout.old.exists() and not checkout.venv.exists():
        checkout.old.rename(checkout.venv)


def _name_in_scripts(built: Path, place: Path) -> None:
    """Write the path an environment will have into its scripts, where pip wrote the one it was built at."""
    if os.name == "nt":
        return  # programs, not texts
    for file in [built / "pyvenv.cfg", *(built / "bin").iterdir()]:
        if file.is_symlink() or not file.is_file():
            continue
        data = file.read_bytes()
        if os.fsencode(built) in data and b"\0" not in data:
            file.write_bytes(data.replace(os.fsencode(built), os.fsencode(place)))


@contextlib.contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Keep a second set-up out while one runs. Raises SetupError; a lock whose process is gone is taken over."""
    try:
        handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    except FileExistsError as error:
        owner = lock.read_text(encoding="utf-8").strip()
        if owner.isdigit() and _process_lives(int(owner)):
            raise SetupError(f"another set-up is running (process {owner}); wait for it") from error
        lock.unlink(missing_ok=True)
        handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    try:
        os.write(handle, str(os.getpid()).encode())
        os.close(handle)
        yield
    finally:
        lock.unlink(missing_ok=True)


def _process_lives(number: int) -> bool:
    """Whether a process of this number exists (where the system cannot say without harm: yes)."""
    if os.name == "nt":
        return True
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
