"""From the first word behind run.py to the subcommand that it names. Only what is asked for is imported."""

from __future__ import annotations

import importlib

from installation.base.supervisor import StopSignal
from installation.commands import cli

MODULES = {
    "run": ("run", "run"),
    "record": ("run", "record"),
    "guard": ("guard", "guard"),
    "replay": ("replay", "replay"),
    "check": ("check", "check"),
    "screenshot": ("screenshot", "screenshot"),
    "poses": ("poses", "poses"),
    "train": ("train", "train"),
    "ingest": ("train", "ingest"),
    "export": ("train", "export"),
    "gallery": ("train", "gallery"),
    "evaluate": ("evaluate", "evaluate"),
    "look": ("look", "look"),
    "config": ("look", "migrate"),
    "licences": ("licences", "licences"),
    "sign": ("sign", "sign"),
    "latency": ("latency", "latency"),
    "wall": ("wall", "wall"),
}
"""Word: module of this package and its function, which takes what was typed behind the word, and the end's signal."""


def main(argv: list[str], stop: StopSignal) -> int:
    """Run a subcommand; gives the process's exit code: 0 as asked, 1 broken, 2 bad input. ``stop`` has the signals already."""
    word, rest = cli.split(argv)
    module, function = MODULES[word]
    code: int = getattr(importlib.import_module(f"installation.commands.{module}"), function)(rest, stop)
    return code
