"""How a machine runs that is no whole piece: one that only sees, or only draws."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from installation.app import RunOptions
from installation.base.clock import Clock, RealClock
from installation.base.exit_codes import BAD_INPUT
from installation.base.memory import few_arenas
from installation.base.notices import KINDS, Notices
from installation.base.side_files import words
from installation.base.supervisor import StopSignal, Supervisor
from installation.commands.logs import begin_log
from installation.commands.shared import log_what_nobody_caught
from installation.config.load import ConfigError
from installation.config.settings import Config
from installation.config.watch import ConfigWatcher
from installation.record.report import RunReport

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Machine:
    """What every part of it is handed."""

    options: RunOptions
    clock: Clock
    notices: Notices
    report: RunReport
    supervisor: Supervisor
    stop: StopSignal


def run_machine(
    options: RunOptions,
    stop: StopSignal,
    body: Callable[[Machine], int],
    bad_inputs: tuple[type[Exception], ...],
    name: str,
) -> int:
    """Run ``body`` with all around it that ends well; gives its exit code, or 1 broken, 2 for one of ``bad_inputs``. ``name``:
    what broke, for the log."""
    few_arenas()
    log_what_nobody_caught()
    clock = RealClock()
    notices, report, supervisor = Notices(clock), RunReport(clock.now()), Supervisor(clock)
    begin_log(options.settings.config, clock, notices)
    code = 1
    try:
        code = body(Machine(options, clock, notices, report, supervisor, stop))
    except bad_inputs as error:
        notices.fault("start", str(error))
        code = BAD_INPUT
    except Exception as error:
        log.exception("%s broke", name)
        notices.fault("piece", f"{type(error).__name__}: {error}")
    finally:
        supervisor.stop()
        if options.report is not None:
            _write(options.report, report, clock, notices)
    log.info("done: %s", stop.reason or "broken")
    supervisor.ended()
    return code


def saved(watcher: ConfigWatcher, clock: Clock, notices: Notices) -> Config | None:
    """Settings that were saved since the last call; None where none were, or they cannot be used, which is told. OSError."""
    found = watcher.poll()
    watcher.prove(clock.now(), notices)
    if isinstance(found, ConfigError):
        notices.fault("config", str(found))
        return None
    if found is not None:
        notices.resolve("config")
    return found


def _write(path: Path, report: RunReport, clock: Clock, notices: Notices) -> None:
    try:
        report.write(path, clock.now(), {f"{kind}s": notices.history(kind) for kind in KINDS})
    except OSError as error:
        log.error("%s is not written: %s", path, words(error))
