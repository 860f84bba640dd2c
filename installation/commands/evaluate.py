"""``run.py evaluate``: which measurement a word names."""

from __future__ import annotations

import sys

USAGE = "usage: run.py evaluate expression|presence|timeline [options]"


def evaluate(argv: list[str]) -> int:
    """Run ``evaluate expression``, ``presence`` or ``timeline`` with its own arguments; gives the exit code."""
    name, rest = (argv[0], argv[1:]) if argv else ("", [])
    if name == "expression":
        from installation.evaluation import expression

        return expression.main(rest)
    if name == "presence":
        from installation.evaluation import presence

        return presence.main(rest)
    if name == "timeline":
        from installation.evaluation import timeline

        return timeline.main(rest)
    print(USAGE, file=sys.stderr)
    return 2
