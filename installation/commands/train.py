"""``run.py train``, ``ingest``, ``export``, ``gallery``: which module a word names."""

from __future__ import annotations

import importlib
import sys

TRAININGS = {
    "texture": ("texture", ["train"]),
    "translate": ("translate", ["train"]),
    "expression": ("expression", ["train"]),
    "simple": ("simple_gan", []),
    "enlarge": ("enlarge", ["train"]),
    "styles": ("styles", []),
}
"""Word, module of this package, and what its ``main`` is given before the person's own arguments. ``train poses`` needs the
settings and is called by the app."""
OWN_PICTURES = {"ingest": "ingest", "export": "exports", "gallery": "gallery"}


def train(argv: list[str]) -> int:
    """Run the training that the first word names; gives the exit code."""
    name, rest = (argv[0], argv[1:]) if argv else ("", [])
    if name not in TRAININGS:
        print(f"usage: run.py train poses|{'|'.join(TRAININGS)} [options]", file=sys.stderr)
        return 2
    module, before = TRAININGS[name]
    return _main(module, [*before, *rest])


def own_pictures(command: str, argv: list[str]) -> int:
    """Run ``ingest``, ``export`` or ``gallery`` with its own arguments; gives the exit code."""
    return _main(OWN_PICTURES[command], argv)


def _main(module: str, argv: list[str]) -> int:
    # Only what is asked for is imported: torch alone takes seconds.
    code: int = importlib.import_module(f"installation.training.{module}").main(argv)
    return code
