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

from installation.base.exit_codes import BAD_INPUT as BAD_INPUT
from installation.base.one_instance import OneInstance
from installation.base.places import state_folder
from installation.base.secrets import hide
from installation.base.unattended import Unattended
from installation.commands import cli
from installation.config.last_good import LastGood, StandIn, read_unattended
from installation.config.load import ConfigError, Flag, load_config, parse_assignment
from installation.config.settings import Config
from installation.config.watch import ConfigWatcher

log = logging.getLogger(__name__)

FLAGS = {
    "source": "capture.source",
    "scene": "scene.name",
    "follow": "wall.follow",
    "mode": "output.mode",
    "display": "output.display",
    "hud": "output.hud",
    "languages": "notice.languages",
    "url": "notice.url",
}
"""Flags of cli.py's parsers by their name there, and the settings that they are."""
PIECE = "the piece"
"""Role of the one that shows the piece: a run with a window, or the guard (``OneInstance``)."""


@dataclass(frozen=True)
class LoadedSettings:
    """The settings in use, the files they come from, and what the command line puts in their place."""

    config: Config
    paths: list[Path]
    overrides: dict[str, Any]
    stand_in: StandIn | None = None
    """What runs in the place of what cannot be used; None where that was typed by hand, and is refused."""

    def watcher(self) -> ConfigWatcher:
        """Watches the files. Those that safe settings stand in for are the guard's to watch."""
        found = self.stand_in
        paths = [] if found is not None and found.safe else self.paths
        is_broken = found is not None and bool(found.trouble)
        last_good = found.last_good if found is not None else None
        if last_good is not None and paths and not is_broken:
            last_good.took(self.config)
        return ConfigWatcher(paths, self.overrides, self.config.look.name, is_broken, last_good)


def load_settings(args: Namespace, **fixed: object) -> LoadedSettings:
    """The settings that ``args`` (of cli.py's parsers) asks for; ``fixed`` are overrides with __ for the dot.

    Raises ConfigError.
    """
    overrides, paths = overrides_of(args, **fixed), cli.config_files(args)
    return LoadedSettings(load_config(paths, overrides), paths, overrides)


def load_unattended(args: Namespace, unattended: Unattended) -> LoadedSettings:
    """As ``load_settings``, with something in the place of what cannot be used."""
    paths = cli.config_files(args)
    last_good = LastGood(state_folder(paths))
    try:
        overrides = overrides_of(args)
    except ConfigError as error:
        config, what = last_good.read({})
        return LoadedSettings(config, paths, {}, StandIn(last_good, str(error), what, unattended.safe))
    config, stand_in = read_unattended(paths, overrides, last_good, unattended.safe)
    return LoadedSettings(config, paths, overrides, stand_in)


def take_place(settings: LoadedSettings) -> OneInstance:
    """The lock of the one piece of these settings, to be released at the end. Raises AlreadyRunningError.

    It is not taken under the guard, which has it for the piece that it starts, nor offscreen: tests and films, as many as
    anybody likes.
    """
    lock = OneInstance(PIECE, settings.paths)
    if settings.stand_in is None and settings.config.output.mode != "offscreen":
        lock.take()
    return lock


def overrides_of(args: Namespace, **fixed: object) -> dict[str, Any]:
    """What the command line puts in the place of the files' settings. Raises ConfigError."""
    overrides = dict(parse_assignment(text) for text in args.set)
    for name, place in FLAGS.items():
        value = getattr(args, name, None)
        if value is not None:
            said = " ".join(value) if isinstance(value, list) else value
            overrides[place] = Flag(value, f"--{value}" if name == "mode" else f"--{name} {said}")
    if getattr(args, "size", None) is not None:
        for place, pixels in zip(("output.width", "output.height"), args.size):
            overrides[place] = Flag(pixels, f"--size {args.size[0]}x{args.size[1]}")
    return overrides | {name.replace("__", "."): value for name, value in fixed.items() if value is not None}


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
