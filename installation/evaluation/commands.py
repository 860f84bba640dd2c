"""``run.py evaluate``: which measurement a word names."""

from __future__ import annotations

import sys
from importlib import import_module

USAGE = "usage: run.py evaluate expression|presence [options]"


def evaluate(argv: list[str]) -> int:
    """Run ``evaluate expression`` or ``evaluate presence`` with its own arguments; gives the exit code."""
    name, rest = (argv[0], argv[1:]) if argv else ("", [])
    if name == "expression":
        from installation.evaluation import expression

        return expression.main(rest)
    if name == "presence":
        return int(import_module("installation.evaluation.presence").main(rest))
    print(USAGE, file=sys.stderr)
    return 2
