"""``mien``, as pip, pipx or uv installed it: what is missing is made ready, then the command runs.

The packages are there already but for optional ones; models and settings go into the project's folder. Nothing but packages
is ever written to where Mien itself lies. The
packages that a plain install brings may be used.
"""

from __future__ import annotations

import importlib
import os
import re
import shutil
import sys
import time
import tomllib
from collections.abc import Callable, Sequence
from importlib import metadata

from installation.base.files import PROGRAM, PROJECT, ROOT, SHIPPED, TYPED
from installation.base.model_files import load_manifest
from installation.commands import cli
from installation.setup import bootstrap, environment, fetch, system
from installation.setup.new import new
from installation.setup.service import service
from installation.setup.system import SetupError

CHECKOUT_ONLY = ("test", "lint", "update")
LOCK = ".mien.lock"
RUNTIMES = {"cpu": "onnxruntime", "gpu": "onnxruntime-gpu"}
"""The extras that exclude each other: whichever is there serves."""
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def main(argv: list[str]) -> int:
    """Make ready what the command needs, then run it; gives the exit code."""
    command, rest = cli.split(argv)
    if command == "run" and {"-h", "--help"} & set(rest):
        cli.run_parser().print_help()
        return 0
    if command in CHECKOUT_ONLY:
        print(
            f"{PROGRAM} {command}: works in a checkout of Mien; this one is brought up to date by pip, pipx or uv",
            file=sys.stderr,
        )
        return bootstrap.BAD_MACHINE
    if command == "new":
        return new(rest)
    if command == "service":
        return service(rest)
    try:
        make_ready(bootstrap.extras_for(command, rest), _needs_settings(rest))
    except SetupError as error:
        print(f"\nSet-up stopped: {error}\nRun the same command again; finished steps are kept.", file=sys.stderr)
        return bootstrap.BAD_MACHINE
    except KeyboardInterrupt:
        print("\nSet-up interrupted. Run the same command again; finished steps are kept.", file=sys.stderr)
        return 130
    if command == "setup":
        print(f"Everything is ready: {TYPED}")
        return 0
    # Whatever lies in the artist's folder must not be taken for a module of Python's.
    os.environ["PYTHONSAFEPATH"] = "1"
    return bootstrap.become([sys.executable, "-m", "installation", *argv], ROOT)


def make_ready(extras: Sequence[str], with_settings: bool = True) -> None:
    """Do every step that is missing. Raises SetupError."""
    steps = missing_steps(extras, with_settings)
    if not steps:
        return
    with environment.only_one(PROJECT / LOCK):
        for number, (title, step) in enumerate(steps.items(), start=1):
            print(f"[{number}/{len(steps)}] {title}", flush=True)
            started_s = time.monotonic()
            step()
            print(f"      done in {time.monotonic() - started_s:.1f} s", flush=True)


def missing_steps(extras: Sequence[str], with_settings: bool = True) -> dict[str, Callable[[], None]]:
    """What is to be done, in order, by title."""
    steps: dict[str, Callable[[], None]] = {}
    if system.missing_libraries(extras):
        steps["system libraries"] = lambda: system.install_libraries(extras)
    packages = missing_packages(extras)
    if packages:
        steps[f"packages: {', '.join(packages)}"] = lambda: install(packages)
    if with_settings and not (PROJECT / "config.yaml").exists():
        steps[f"settings: {PROJECT / 'config.yaml'}"] = _write_settings
    if missing_models():
        steps["model files, checked by sha256"] = fetch_models
    return steps


def missing_packages(extras: Sequence[str]) -> list[str]:
    """Requirements of the extras that are not installed, as pip takes them."""
    project = tomllib.loads((SHIPPED / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    missing = []
    for extra in extras:
        if extra in RUNTIMES and any(map(_is_there, RUNTIMES.values())):
            continue
        missing += [one for one in project["optional-dependencies"][extra] if not _is_there(one) and _is_for_here(one)]
    return missing


def _is_there(requirement: str) -> bool:
    found = _NAME.match(requirement)
    assert found is not None
    try:
        metadata.version(found.group())
    except metadata.PackageNotFoundError:
        return False
    return True


def _is_for_here(requirement: str) -> bool:
    """Whether a requirement is for this system; the only markers are ``sys_platform == 'NAME'``."""
    marker = requirement.partition(";")[2].strip()
    return not marker or marker == f"sys_platform == '{sys.platform}'"


def install(packages: Sequence[str]) -> None:
    """Install packages beside Mien, held by its constraints. Raises SetupError."""
    held = ["-c", str(SHIPPED / "constraints.txt")]
    if fetch.has_pip():
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", *held, *packages]
    elif (uv := shutil.which("uv")) is not None:
        command = [uv, "pip", "install", "--python", sys.executable, *held, *packages]
    else:
        raise SetupError(f"there is no pip beside {sys.executable}; install there: {' '.join(packages)}")
    system.run(command, "packages could not be installed; is there a network?")
    importlib.invalidate_caches()


def missing_models() -> bool:
    """Whether a file of the manifest is missing (their bytes are checked when they are loaded)."""
    return not all(entry.path.is_file() for entry in load_manifest().values())


def fetch_models() -> None:
    """Take the models out of their pinned packages, into the project. Raises SetupError."""
    if fetch.main() != 0:
        raise SetupError("the models could not be fetched")


def _needs_settings(rest: Sequence[str]) -> bool:
    return not any(word == "--config" or word.startswith("--config=") for word in rest)


def _write_settings() -> None:
    shutil.copyfile(SHIPPED / "config.yaml", PROJECT / "config.yaml")
