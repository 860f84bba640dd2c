"""``run.py guard``: the piece with somebody who watches over it. What is plugged into the guard is wired here."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from installation.base.clock import RealClock
from installation.base.exit_codes import BAD_INPUT
from installation.base.files import PROGRAM, ROOT, FileStamp, file_stamp
from installation.base.one_instance import AlreadyRunningError, OneInstance
from installation.base.pacing import Every
from installation.base.places import state_folder
from installation.base.sd_notify import Notifier
from installation.base.supervisor import StopSignal
from installation.commands import cli
from installation.commands.guard_parts import plug_in
from installation.commands.logs import GUARD_LOG, write_log
from installation.commands.shared import PIECE, log_what_nobody_caught, overrides_of, say, set_up_logging
from installation.config.last_good import LastGood, read_unattended
from installation.config.load import ConfigError, Overrides
from installation.config.look_files import FOLDERS as LOOKS
from installation.config.scene_files import FOLDERS as SCENES
from installation.config.settings import Config
from installation.guard.guard import Guard, Orders
from installation.guard.hooks import Hooks

log = logging.getLogger(__name__)

TOUCH_S = 3600.0
"""Between two touches of the lock's file."""


def guard(argv: list[str], stop: StopSignal) -> int:
    """Keep the piece running until the end is asked for; gives the exit code. ``argv``: options of a run."""
    args = cli.guard_parser().parse_args(argv)
    if os.name != "posix":
        say(f"{PROGRAM} guard: works on Linux and macOS only; start {PROGRAM} itself here")
        return BAD_INPUT
    try:
        overrides = overrides_of(args)
    except ConfigError as error:
        say(f"{PROGRAM} guard: {error}")
        return BAD_INPUT
    paths = cli.config_files(args)
    files, clock = SettingsFiles(paths, overrides), RealClock()
    config = files.settings()
    set_up_logging(config.log.level, args.verbose)
    log_what_nobody_caught()
    lock = OneInstance(PIECE, paths)
    try:
        lock.take()
    except AlreadyRunningError as error:
        say(f"{PROGRAM} guard: {error}")
        return BAD_INPUT
    try:
        master = Notifier.from_environment(os.environ)
        hooks = Hooks()
        write_log(config, clock, GUARD_LOG)
        plug_in(hooks, config, clock, files.settings, args.report)
        touch = Every(TOUCH_S)
        hooks.on_tick.append(lambda now_s: lock.refresh() if touch.due(now_s) else None)
        command = [sys.executable, "-m", "installation", *argv]
        orders = Orders(command, _environment(os.environ), os.getpid(), lambda: files.settings().guard, files.changed)
        return Guard(orders, clock, stop, hooks, master).run()
    finally:
        lock.release()


class SettingsFiles:
    """The settings files with the looks' and the scenes', as the guard sees them. Read only when they were saved."""

    def __init__(self, paths: Sequence[Path], overrides: Overrides) -> None:
        self._paths, self._overrides = paths, overrides
        self._last_good = LastGood(state_folder(paths))
        self._seen: tuple[FileStamp, ...] | None = None
        self._read: tuple[FileStamp, ...] | None = None
        self._config = Config()

    def settings(self) -> Config:
        """What is in force, or what stands in for it. Raises nothing."""
        stamps = self._stamps()
        if stamps != self._read:
            self._config, _ = read_unattended(self._paths, self._overrides, self._last_good)
            self._read = stamps
        return self._config

    def changed(self) -> bool:
        """Whether they were saved since the last call."""
        before, self._seen = self._seen, self._stamps()
        return before is not None and before != self._seen

    def _stamps(self) -> tuple[FileStamp, ...]:
        others = [path for folder in (*LOOKS, *SCENES) for path in sorted(folder.glob("*.yaml"))]
        return tuple(file_stamp(path) for path in (*self._paths, *others))


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    path = os.pathsep.join(filter(None, (str(ROOT), environ.get("PYTHONPATH"))))
    return {**environ, "PYTHONPATH": path}
