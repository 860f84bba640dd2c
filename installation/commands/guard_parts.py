"""What the guard does beside watching: figures, heartbeats, the line a day, crash bundles, the goodbye for a killed piece."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from installation.base.clock import Clock
from installation.base.side_files import DiskRoom
from installation.commands.logs import GUARD_LOG, crash_path, log_path
from installation.config.settings import Config
from installation.guard.bundle import Bundles, Sources
from installation.guard.days import Days
from installation.guard.heartbeat import Heartbeats
from installation.guard.hooks import EndedRun, Hooks
from installation.guard.http import FiguresServer
from installation.guard.totals import Totals

DAYS = "days.log"
CRASHES = "crashes"


def plug_in(
    hooks: Hooks, config: Config, clock: Clock, settings_now: Callable[[], Config], report: Path | None = None
) -> FiguresServer | None:
    """Put all of it into ``hooks``. ``config`` is what the guard began with, ``settings_now`` what the piece runs with;
    ``report`` is where the piece writes one. Gives the server of the figures, where one is wanted."""
    guard, log_file = config.guard, log_path(config)
    totals = Totals(clock)
    hooks.on_started.append(totals.started)
    hooks.on_ready.append(totals.ready)
    hooks.on_figures.append(totals.beat)
    hooks.on_tick.append(totals.tick)
    # First of all those that hear of an end: sound and light wait for it.
    hooks.on_ended.append(partial(_say_goodbye, settings_now, clock))
    hooks.on_ended.append(totals.ended)
    if guard.heartbeat_targets:
        heartbeats = Heartbeats([(target.host, target.port) for target in guard.heartbeat_targets], clock)
        hooks.on_figures.append(heartbeats.beat)
        hooks.on_end.append(heartbeats.close)
    days = Days(totals.standing, clock.local_time, log_file.with_name(DAYS) if log_file is not None else None)
    hooks.on_tick.append(days.tick)
    hooks.on_end.append(days.close)
    if log_file is not None and guard.bundles:
        sources = Sources(
            folder=log_file.with_name(CRASHES),
            texts={
                "log.txt": log_file,
                "guard.txt": log_file.with_name(GUARD_LOG),
                "stacks.txt": crash_path(log_file),
            },
            report=report,
            settings=lambda: settings_now().model_dump(),
        )
        room = DiskRoom(config.video.keep_free_mb)
        hooks.on_ended.append(Bundles(sources, guard.bundles, clock.local_time, room).ended)
    if not guard.port:
        return None
    server = FiguresServer(guard.host, guard.port, totals.standing)
    hooks.on_end.append(server.close)
    server.start()
    return server


def _say_goodbye(settings_now: Callable[[], Config], clock: Clock, run: EndedRun) -> None:
    if not run.said_goodbye:
        # Only now: it brings in what sends to lamps and instruments, which a guard otherwise has no use for.
        from installation.showcontrol.farewell import farewell

        farewell(settings_now(), clock, run.text)
