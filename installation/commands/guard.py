"""``run.py guard``: the piece with somebody who watches over it. What is plugged into the guard is wired here."""

from __future__ import annotations

import logging
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path

from installation.base.clock import RealClock
from installation.base.exit_codes import BAD_INPUT
from installation.base.files import ROOT, FileStamp, file_stamp
from installation.base.one_instance import AlreadyRunningError, OneInstance
from installation.base.pacing import Every
from installation.base.places import state_folder
from installation.base.sd_notify import Notifier
from installation.base.supervisor import StopSignal
from installation.commands import cli
from installation.commands.guard_parts import plug_in
from installation.commands.logs import GUARD_LOG, write_log
from installation.commands.shared import PIECE, log_what_nobody_caught, overrides_of, say, set_up_logging
from installation.config.guard import GuardConfig
from installation.config.last_good import LastGood, read_unattended
from installation.config.load import ConfigError, Overrides
from installation.config.look_files import FOLDER as LOOKS
from installation.config.scene_files import FOLDER as SCENES
from installation.config.settings import Config
from installation.guard.guard import Guard, Orders
from installation.guard.hooks import Hooks

log = logging.getLogger(__name__)

TOUCH_S = 3600.0
"""Between two touches of the lock's file."""


def guard(argv: list[str], stop: StopSignal) -> int:
    """Keep the piece running until the end is asked for; gives the exit code. ``argv``: options of a run."""
    args = cli.guard_parser().parse_args(argv)
    try:
        overrides = overrides_of(args)
    except ConfigError as error:
        say(f"run.py guard: {error}")
        return BAD_INPUT
    paths = cli.config_files(args)
    config, clock = _settings(paths, overrides), RealClock()
    set_up_logging(config.log.level, args.verbose)
    log_what_nobody_caught()
    lock = OneInstance(PIECE, paths)
    try:
        lock.take()
    except AlreadyRunningError as error:
        say(f"run.py guard: {error}")
        return BAD_INPUT
    try:
        master = Notifier.from_environment(os.environ)
        hooks = Hooks()
        write_log(config, clock, GUARD_LOG)
        plug_in(hooks, config, clock, lambda: _settings(paths, overrides), args.report)
        touch = Every(TOUCH_S)
        hooks.on_tick.append(lambda now_s: lock.refresh() if touch.due(now_s) else None)
        return Guard(_orders(argv, args, overrides), clock, stop, hooks, master).run()
    finally:
        lock.release()


def _orders(argv: list[str], args: Namespace, overrides: Overrides) -> Orders:
    paths = cli.config_files(args)

    def settings() -> GuardConfig:
        return _settings(paths, overrides).guard

    command = [sys.executable, "-m", "installation", *argv]
    return Orders(command, _environment(os.environ), os.getpid(), settings, _changes(paths))


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    path = os.pathsep.join(filter(None, (str(ROOT), environ.get("PYTHONPATH"))))
    return {**environ, "PYTHONPATH": path}


def _settings(paths: list[Path], overrides: Overrides) -> Config:
    return read_unattended(paths, overrides, LastGood(state_folder(paths)))[0]


def _changes(paths: list[Path]) -> Callable[[], bool]:
    """Whether settings, looks or scenes were saved since the last call."""

    def stamps() -> tuple[FileStamp, ...]:
        return tuple(
            file_stamp(path) for path in (*paths, *sorted(LOOKS.glob("*.yaml")), *sorted(SCENES.glob("*.yaml")))
        )

    last = stamps()

    def changed() -> bool:
        nonlocal last
        before, last = last, stamps()
        return before != last

    return changed
