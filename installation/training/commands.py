"""``run.py train``: which training a word names."""

from __future__ import annotations

import sys


def train(argv: list[str]) -> int:
    """Run ``train texture``, ``translate`` or ``expression`` with its own arguments; gives the exit code.

    ``train poses`` needs the settings and is called by the app.
    """
    name, rest = (argv[0], argv[1:]) if argv else ("", [])
    if name == "expression":
        from installation.training import expression

        return expression.main(["train", *rest])
    if name == "texture":
        from installation.training import texture

        return texture.main(["train", *rest])
    if name == "translate":
        from installation.training import translate

        return translate.main(["train", *rest])
    print("usage: run.py train poses|texture|translate|expression [options]", file=sys.stderr)
    return 2
