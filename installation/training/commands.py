"""``run.py train``, ``ingest``, ``export``, ``gallery``: which module a word names."""

from __future__ import annotations

import sys


def train(argv: list[str]) -> int:
    """Run ``train texture``, ``translate``, ``expression``, ``simple``, ``enlarge`` or ``styles``; gives the exit code.

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
    if name == "simple":
        from installation.training import simple_gan

        return simple_gan.main(rest)
    if name == "translate":
        from installation.training import translate

        return translate.main(["train", *rest])
    print("usage: run.py train poses|texture|translate|expression|simple|enlarge|styles [options]", file=sys.stderr)
    return 2


def own_pictures(command: str, argv: list[str]) -> int:
    """Run ``ingest``, ``export`` or ``gallery`` with its own arguments; gives the exit code."""
    if command == "ingest":
        from installation.training import ingest

        return ingest.main(argv)
    if command == "export":
        from installation.training import exports

        return exports.main(argv)
    from installation.training import gallery

    return gallery.main(argv)
