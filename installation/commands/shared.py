"""Settings and log as the subcommands begin with them."""

from __future__ import annotations

import logging
import os
import sys
import threading
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from installation.base.secrets import hide
from installation.commands import cli
from installation.config.load import load_config, parse_assignment
from installation.config.settings import Config

log = logging.getLogger(__name__)

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
    handler = logging.StreamHandler()
    handler.setFormatter(_Formatter("%(asctime)s %(levelname)-7s %(message)s", "%H:%M:%S"))
    logging.basicConfig(level=chosen, handlers=[handler], force=True)


def log_what_nobody_caught() -> None:
    """Tracebacks of the process's end, or of a thread's, are written by the log, which masks passwords, and not by Python."""
    sys.excepthook = lambda kind, error, trace: log.critical("not foreseen", exc_info=(kind, error, trace))
    threading.excepthook = _log_end_of_thread


def say(text: object, file: TextIO | None = None) -> None:
    """Print ``text`` (to standard error, or to ``file``) without the passwords in it."""
    print(hide(str(text)), file=file or sys.stderr)


class _Formatter(logging.Formatter):
    """Masks passwords in the whole line, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return hide(super().format(record))


def _log_end_of_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_type is SystemExit or args.exc_value is None:
        return
    name = args.thread.name if args.thread is not None else "?"
    log.critical("the thread %s ended", name, exc_info=(args.exc_type, args.exc_value, args.exc_traceback))
