"""``run.py evaluate`` and ``run.py capture``: which measurement a word names."""

from __future__ import annotations

import importlib
import sys

from installation.base.supervisor import StopSignal

MEASUREMENTS = ("expression", "presence", "timeline")


def evaluate(argv: list[str], _stop: StopSignal) -> int:
    """Run the measurement that the first word names with its own arguments; gives the exit code."""
    if not argv or argv[0] not in MEASUREMENTS:
        print(f"usage: run.py evaluate {'|'.join(MEASUREMENTS)} [options]", file=sys.stderr)
        return 2
    code: int = importlib.import_module(f"installation.evaluation.{argv[0]}").main(argv[1:])
    return code


def capture(argv: list[str], _stop: StopSignal) -> int:
    """Pictures of random scenes, to train their repainting on."""
    from installation.evaluation import captures

    return captures.main(argv)
