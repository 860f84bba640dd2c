"""Modules that are run offline import each other in one direction, also within functions."""

import ast
from graphlib import CycleError, TopologicalSorter

from installation.base.files import ROOT

FOLDERS = ("training", "evaluation", "setup")


def imports() -> dict[str, set[str]]:
    """The modules of FOLDERS, and which of these each of them imports anywhere in its text."""
    files = {f"installation.{path.parent.name}.{path.stem}": path for name in FOLDERS for path in _files(name)}
    found: dict[str, set[str]] = {}
    for module, path in files.items():
        named = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                named |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module is not None:
                named |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        found[module] = named & set(files)
    return found


def _files(folder: str):
    return (ROOT / "installation" / folder).glob("*.py")


def test_nothing_imports_in_a_circle() -> None:
    graph = imports()
    assert "installation.training.texture_fit" in graph["installation.training.texture"]
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError(" -> ".join(error.args[1])) from error
