"""Documents that are generated from the code: printed, or written with --write."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path


def write_or_print(document: str, path: Path, argv: Sequence[str] | None = None) -> int:
    """The command line of a module that generates ``path``: print ``document``, or write it with --write. Gives 0."""
    parser = argparse.ArgumentParser(description=f"Generates docs/{path.name}.")
    parser.add_argument("--write", action="store_true", help=f"write {path.name} instead of printing it")
    if parser.parse_args(argv).write:
        path.write_text(document, encoding="utf-8")
    else:
        print(document, end="")
    return 0
