"""``run.py train``, ``ingest``, ``export``, ``gallery``: which module a word names."""

from __future__ import annotations

import importlib
import sys

from installation.base.files import IS_INSTALLED, PROGRAM, PROJECT
from installation.base.supervisor import StopSignal
from installation.commands import cli
from installation.commands.poses import with_poses
from installation.commands.shared import BAD_INPUT, say

TRAININGS = {
    "texture": ("texture", ["train"]),
    "expression": ("expression", ["train"]),
    "simple": ("simple_gan", []),
    "enlarge": ("enlarge", ["train"]),
    "styles": ("styles", []),
    "paint": ("paint", []),
    "drawn": ("drawn.train", []),
    "art": ("art.train", []),
}
"""Word, module of training/, and what its ``main`` is given before the person's own arguments. ``poses`` needs the settings."""


_USAGE = f"usage: {PROGRAM} train poses|{'|'.join(TRAININGS)} [options]"


def train(argv: list[str], _stop: StopSignal) -> int:
    """Run the training that the first word names; gives the exit code."""
    name, rest = (argv[0], argv[1:]) if argv else ("", [])
    if name == "poses":
        from installation.training import poses

        return with_poses(lambda settings: poses.main(rest, settings, PROJECT))
    if name in ("-h", "--help"):
        print(
            f"{_USAGE}\n{PROGRAM} train NAME --help tells the options of each; see docs/training.md and docs/poses.md."
        )
        return 0
    if name == "expression" and IS_INSTALLED:
        say(
            f"{PROGRAM} train expression: the network that reads faces is trained in a checkout, whose manifest names it"
        )
        return BAD_INPUT
    if name not in TRAININGS:
        print(_USAGE, file=sys.stderr)
        return BAD_INPUT
    module, before = TRAININGS[name]
    return _main(module, [*before, *rest])


def ingest(argv: list[str], _stop: StopSignal) -> int:
    """Make a data set of one's own pictures."""
    return _main("ingest", argv)


def export(argv: list[str], _stop: StopSignal) -> int:
    """Make a model of what was trained, or a model repository for a server."""
    return _main("model_repository" if cli.for_a_server(argv) else "exports", argv)


def gallery(argv: list[str], _stop: StopSignal) -> int:
    """All emotions on one sheet."""
    return _main("gallery", argv)


def _main(module: str, argv: list[str]) -> int:
    # Only what is asked for is imported: torch alone takes seconds.
    code: int = importlib.import_module(f"installation.training.{module}").main(argv)
    return code
