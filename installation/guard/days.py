"""A line a day: how many came, how long somebody was seen, what went wrong. In the log, and in a file that is kept for good."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from pathlib import Path

from installation.base.pacing import Every
from installation.guard.totals import Counts, Standing

log = logging.getLogger(__name__)

LOOK_S = 1.0
"""The date is looked at this often."""


class Days:
    """``tick`` writes the line of a day when the next one has begun, ``close`` that of the day so far.

    ``local_time`` gives the time on the wall, ``path`` is the file, None for none. Raises nothing: a disk that does not take
    the line costs the line; the log has it as well.
    """

    def __init__(self, standing: Callable[[], Standing], local_time: Callable[[], datetime], path: Path | None) -> None:
        self._standing, self._local_time, self._path = standing, local_time, path
        self._since = local_time()
        self._before = standing().counts
        self._due = Every(LOOK_S)

    def tick(self, now_s: float) -> None:
        """The guard goes round."""
        if not self._due.due(now_s):
            return
        now = self._local_time()
        if now.date() != self._since.date():
            self._write(until="24:00" if now.date() > self._since.date() else f"{now:%H:%M}")
            self._since = now

    def close(self) -> None:
        """The guard ends."""
        self._write(until=f"{self._local_time():%H:%M}")

    def _write(self, until: str) -> None:
        counts = self._standing().counts
        line = day_line(self._since, until, self._before, counts)
        self._before = counts
        log.info("%s", line)
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")
        except OSError as error:
            log.warning("the line of the day is not in %s (%s)", self._path, error)


def day_line(since: datetime, until: str, before: Counts, now: Counts) -> str:
    """What was counted between ``before`` and ``now``, such as "2026-08-03 10:00-24:00 visitors 214 seen_minutes 187 ..."."""
    change = {
        one.name: getattr(now, one.name) - getattr(before, one.name) for one in fields(Counts) if one.name != "ends"
    }
    return (
        f"{since:%Y-%m-%d %H:%M}-{until} visitors {change['arrivals']:.0f} seen_minutes {change['seen_s'] / 60:.0f} "
        f"pictures {change['pictures']:.0f} faults {change['faults']} restarts {now.restarts - before.restarts}"
    )
