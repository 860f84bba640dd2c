"""Settings and log as the subcommands begin with them."""

from __future__ import annotations

import logging
import os
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from installation.commands import cli
from installation.config.load import load_config, parse_assignment
from installation.config.settings import Config

BAD_INPUT = 2
"""The exit code for what a person can put right: settings, files, sources."""


@dataclass(frozen=True)
class LoadedSettings:
    """The settings in use, the files they come from, and what the command line puts in their place."""

    config: Config
    paths: list[Path]
    overrides: dict[str, Any]


def load_settings(args: Namespace, **fixed: object) -> LoadedSettings:
    """The settings that ``args`` (of cli.py's parsers) asks for; ``fixed`` are overrides with __ for the dot.

    Raises ConfigError.
    """
    wanted = {
        "capture.source": getattr(args, "source", None),
        "scene.name": getattr(args, "scene", None),
        "output.mode": getattr(args, "mode", None),
        "output.display": getattr(args, "display", None),
        "output.hud": getattr(args, "hud", None),
        **{name.replace("__", "."): value for name, value in fixed.items()},
    }
    if getattr(args, "size", None) is not None:
        wanted["output.width"], wanted["output.height"] = args.size
    overrides = dict(parse_assignment(text) for text in args.set)
    overrides |= {name: value for name, value in wanted.items() if value is not None}
    paths = cli.config_files(args)
    return LoadedSettings(load_config(paths, overrides), paths, overrides)


def set_up_logging(level: str, verbose: bool = False) -> None:
    """Log to standard error with the time of day; native libraries' chatter stays out."""
    os.environ.setdefault("GLOG_minloglevel", "2")
    chosen = logging.DEBUG if verbose else getattr(logging, level.upper())
    logging.basicConfig(level=chosen, format="%(asctime)s %(levelname)-7s %(message)s", datefmt="%H:%M:%S", force=True)
