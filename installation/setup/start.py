"""What is typed becomes a command: the entry of run.py in a checkout and of ``mien`` where pip installed it.

The project's folder is settled before anything else is imported, for that is where everything is written. Standard library
only.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

FOLDER = "--project"
BAD_INPUT = 2


def main(argv: list[str] | None = None) -> int:
    """Run what was typed; gives the exit code."""
    words = sys.argv[1:] if argv is None else argv
    try:
        folder, words = take_project(words)
        if folder is not None:
            enter(folder)
    except ValueError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    from installation.base.files import IS_INSTALLED, PROJECT, PROJECT_VARIABLE

    if IS_INSTALLED:
        os.environ[PROJECT_VARIABLE] = str(PROJECT)
        # Not where nothing is installed yet: it uses packages.
        code: int = importlib.import_module("installation.setup.installed").main(words)
        return code
    from installation.setup import bootstrap

    return bootstrap.main(words)


def take_project(argv: list[str]) -> tuple[Path | None, list[str]]:
    """(folder of the first ``--project DIR``, what else was typed). Raises ValueError where no folder follows it."""
    for place, word in enumerate(argv):
        if word == "--":
            break
        name, sign, value = word.partition("=")
        if name != FOLDER:
            continue
        rest = argv[:place] + argv[place + (1 if sign else 2) :]
        value = value if sign else next(iter(argv[place + 1 :]), "")
        if not value:
            raise ValueError(f"{FOLDER}: say which folder, such as {FOLDER} gallery")
        return Path(value), rest
    return None, argv


def enter(folder: Path) -> None:
    """Make ``folder`` the project: other paths that were typed count from it, too. Raises ValueError where that cannot be."""
    try:
        os.chdir(folder)
    except OSError as error:
        raise ValueError(f"{FOLDER} {folder}: {error.strerror}; make one with: new {folder}") from error
    os.environ["MIEN_PROJECT"] = str(Path.cwd())


if __name__ == "__main__":
    sys.exit(main())
