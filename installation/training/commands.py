"""``run.py train``: which training a word names."""

from __future__ import annotations

import sys


def train(argv: list[str]) -> int:
    """Run ``train texture``, ``expression``, ``enlarge`` or ``styles`` with its own arguments; gives the exit code.

    ``train poses`` needs the settings and is called by the app.
    """
    name, rest = (argv[0], argv[1:]) if argv else ("", [])
    if name == "expression":
        from installation.training import expression

        return expression.main(["train", *rest])
    if name == "texture":
        from installation.training import texture

        return texture.main(["train", *rest])
    if name == "enlarge":
        from installation.training import enlarge

        return enlarge.main(["train", *rest])
    if name == "styles":
        from installation.training import styles

        return styles.main(rest)
    print("usage: run.py train poses|texture|expression|enlarge|styles [options]", file=sys.stderr)
    return 2
