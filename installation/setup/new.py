"""``new DIR``: a folder for one piece of an artist's own, which a git repository or a USB stick can carry.

Everything that Mien writes goes into such a folder, and what is in it is taken before what came with Mien. Standard library
only.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

from installation.base.files import IS_INSTALLED, PROGRAM, PROJECT, SHIPPED, TYPED
from installation.setup.belongings import FETCHED, copy

BAD_INPUT = 2
SCHEMAS = ("docs/reference/config.schema.json", "docs/reference/look.schema.json")
"""What editors complete settings by; config.yaml and the looks name them."""
FOLDERS = {
    "looks": "Looks of your own: NAME.yaml, chosen in config.yaml by `look: NAME`; `{typed} look save NAME` writes one.",
    "scenes": "Scenes of your own: NAME.frag (a shader, also one of Shadertoy's), or NAME.yaml with its shaders beside it.",
    "styles": "Your paintings by emotion, such as styles/happy/garden.jpg, for `generation.styled`.",
    "poses": "Recorded poses and what was trained on them. They are people's: git leaves them out.",
    "captures": "Stills, videos and paintings that were stored. Git leaves them out.",
}
"""The folders of a project: what goes into each."""
IGNORED = """# What belongs to the place, not to the work: recordings of people, films, logs, what set-up fetches.
/captures/*
/poses/*
!README.md
/data/
/logs/
/models/fetched/
/runs/
/.mien*
*.jsonl
*.jsonl.gz
"""
README = """# {name}

A piece made with Mien. What is here:

| | |
|---|---|
| `config.yaml` | the settings; a saved edit takes effect at once |
{rows}
| `models/` | networks of your own; `fetched/` comes by `{typed} setup` |

```
{typed} {option}setup      # once on each machine, with a network
{typed} {option}           # the piece
{typed} {option}check      # camera, display, network: what is well and what not
```
"""


class NewProjectError(Exception):
    """Why there is no new project; the message says what to do."""


def new(argv: list[str]) -> int:
    """``new DIR``; gives the exit code: 0 made, 2 refused with the reason."""
    parser = argparse.ArgumentParser(prog=f"{PROGRAM} new", description="Make a folder for a piece of your own.")
    parser.add_argument(
        "folder", type=Path, metavar="DIR", help="a new folder, or an empty one (a git repository's is fine)"
    )
    folder = parser.parse_args(argv).folder
    try:
        make(folder)
    except (NewProjectError, OSError) as error:
        print(f"{PROGRAM} new: {error}", file=sys.stderr)
        return BAD_INPUT
    if IS_INSTALLED:
        print(f"{folder} is ready: cd {folder}; {TYPED} setup; {TYPED}")
    else:
        print(f"{folder} is ready: {TYPED} --project {folder}")
    return 0


def make(folder: Path) -> None:
    """Write a project into ``folder``. Raises NewProjectError where something lies there already, and OSError."""
    if os.path.lexists(folder) and not folder.is_dir():
        raise NewProjectError(f"{folder} is a file; choose another name")
    if folder.is_dir() and any(entry.name != ".git" for entry in folder.iterdir()):
        raise NewProjectError(f"{folder} is not empty; choose another name")
    folder.mkdir(parents=True, exist_ok=True)
    for name, told in FOLDERS.items():
        (folder / name).mkdir()
        (folder / name / "README.md").write_text(told.format(typed=TYPED) + "\n", encoding="utf-8")
    (folder / ".gitignore").write_text(IGNORED, encoding="utf-8")
    (folder / "README.md").write_text(_readme(folder), encoding="utf-8")
    shutil.copyfile(SHIPPED / "config.yaml", folder / "config.yaml")
    for name in SCHEMAS:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(SHIPPED / name, folder / name)
    if IS_INSTALLED:
        _take_fetched(folder)


def _readme(folder: Path) -> str:
    rows = "\n".join(f"| `{name}/` | {told.format(typed=TYPED)} |" for name, told in FOLDERS.items())
    option = "" if IS_INSTALLED else "--project . "
    return README.format(name=folder.resolve().name, rows=rows, typed=TYPED, option=option)


def _take_fetched(folder: Path) -> None:
    """What set-up fetched for the project that this was typed in serves the new one as well: there may be no network."""
    fetched = PROJECT / FETCHED
    if fetched.is_dir() and fetched.resolve() != (folder / FETCHED).resolve():
        (folder / FETCHED).parent.mkdir(exist_ok=True)
        shutil.copytree(fetched, folder / FETCHED, copy_function=copy)
