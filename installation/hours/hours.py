"""What the opening hours do to the running piece: light, camera, projectors, the nightly restart; the operator's override."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from installation.base.files import PROGRAM
from installation.base.notices import Notices
from installation.base.time_of_day import wall_time
from installation.config.hours import HoursConfig
from installation.hours.schedule import OpenState, next_restart, projectors_on, state_at, zone_of

log = logging.getLogger(__name__)

STAGE, RESTART_STAGE = "hours", "nightly restart"
JUMP_S = 60.0
"""The time of day and the clock that never jumps differ by more: somebody, or the network, has set the time."""
LOOK_AGAIN = timedelta(hours=1)
QUIET_S = 60.0
"""Within opening hours a restart waits until nobody was there for so long."""
MIN_UP_S = 600.0
"""A piece that has only just started is not started again, should the time of day be set back."""

Wish = Literal["open", "closed", "schedule", ""]
WISHES: tuple[Wish, ...] = ("open", "closed", "schedule", "")


@dataclass(frozen=True)
class Effects:
    """What is told of a change. ``event`` reaches the show, so that a recording has it; ``projectors`` None: leave them.

    ``restart`` ends the piece so that it is started again; None where nobody would start it.
    """

    event: Callable[[str, list[Any]], None]
    rest: Callable[[bool], None]
    projectors: Callable[[bool | None], None]
    restart: Callable[[], None] | None


class Hours:
    """Called once a second by the frame loop. ``now_s`` never jumps; ``wall`` gives the time of day as a UTC moment."""

    def __init__(
        self, config: HoursConfig, wall: Callable[[], datetime], effects: Effects, notices: Notices, now_s: float
    ) -> None:
        self._config, self._wall, self._effects, self._notices = config, wall, effects, notices
        self._state = OpenState(True)
        self._looked: datetime | None = None
        self._wish: tuple[bool, datetime | None] | None = None
        """What the operator wants, and until when."""
        self._started_s = self._busy_s = now_s
        self._told: tuple[bool, float] | None = None
        self._said: object = None
        self._has_switched = False
        """Whether projectors were told anything: without hours they are then on."""
        self._offset_s: float | None = None
        self._restart_at: datetime | None = None
        self._safely(lambda: self._begin(self._wall()))

    @property
    def is_open(self) -> bool:
        """Whether it is open, by the hours or by the operator's word."""
        return self._state.is_open if self._wish is None else self._wish[0]

    def describe(self) -> dict[str, object]:
        """For the operator's page: open or not, whether by the operator's word, and when that changes (ISO 8601, UTC)."""
        until = self._state.until if self._wish is None else self._wish[1]
        changes = None if until is None else until.isoformat(timespec="minutes")
        return {"is_open": self.is_open, "by_hand": self._wish is not None, "until": changes}

    def reconfigure(self, config: HoursConfig) -> None:
        """Go on with other settings; the operator's word ends when they concern the hours."""
        if config != self._config:
            self._config, self._wish = config, None
            self._safely(lambda: self._begin(self._wall()))

    def poll(self, now_s: float, is_somebody_there: bool) -> None:
        """Look at the time, and do what is due."""
        self._safely(lambda: self._poll(now_s, is_somebody_there))

    def _safely(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (OSError, OverflowError, ValueError) as error:
            # Zones know no time before 1970 on some systems: a clock without a battery. The show goes on as it is.
            self._notices.fault(STAGE, f"the time of day cannot be used ({error}); nothing changes until it is set")
        else:
            self._notices.resolve(STAGE, "fault")

    def _poll(self, now_s: float, is_somebody_there: bool) -> None:
        now = self._wall()
        offset_s = now.timestamp() - now_s
        if self._offset_s is not None and abs(offset_s - self._offset_s) > JUMP_S:
            log.warning("the time of day was set by %+.0f s", offset_s - self._offset_s)
            self._begin(now)
        self._offset_s = offset_s
        if self._wish is not None and self._wish[1] is not None and now >= self._wish[1]:
            self._wish = None
        self._look(now)
        self._apply(now)
        if is_somebody_there:
            self._busy_s = now_s
        self._restart_if_due(now, now_s)

    def wish(self, name: str) -> None:
        """The operator's word: "open" or "closed" until the next change by the hours, "schedule" takes it back, "" is the
        other of the two. Raises ValueError for another word."""
        if name not in WISHES:
            raise ValueError(f"hours takes open, closed or schedule, not {name!r}")
        self._safely(lambda: self._obey(name))

    def _obey(self, name: str) -> None:
        now = self._wall()
        self._look(now)
        is_open = (not self.is_open) if name == "" else name == "open"
        by_hours = name == "schedule" or is_open == self._state.is_open
        self._wish = None if by_hours else (is_open, self._state.until)
        self._apply(now)

    def _begin(self, now: datetime) -> None:
        self._looked = None
        self._restart_at = next_restart(self._config, now)
        if self._restart_at is not None and self._effects.restart is None:
            text = f"not done: nobody would start the piece again; run it by {PROGRAM} guard or {PROGRAM} service"
            self._notices.note(RESTART_STAGE, text)
        else:
            self._notices.resolve(RESTART_STAGE)
        self._look(now)
        self._apply(now)

    def _look(self, now: datetime) -> None:
        """The state by the settings, where the one known is no longer sure."""
        if self._looked is not None and self._looked <= now < min(
            self._state.until or self._looked + LOOK_AGAIN, self._looked + LOOK_AGAIN
        ):
            return
        self._state, self._looked = state_at(self._config, now), now

    def _apply(self, now: datetime) -> None:
        is_open, config = self.is_open, self._config
        light = 1.0 if is_open else config.closed_level
        if self._told != (is_open, light):
            # A piece that starts outside the hours does not light up first.
            fade_s = config.fade_s if self._told is not None else 0.0
            if self._told is not None or not is_open:
                self._effects.event("hours", ["open" if is_open else "closed", light, fade_s])
            self._told = is_open, light
        self._effects.rest(not is_open and not config.read_camera)
        self._effects.projectors(self._projectors(now))
        self._tell(is_open)

    def _projectors(self, now: datetime) -> bool | None:
        on: bool | None = None
        if self._wish is not None:
            on = self._wish[0]
        elif self._config.enabled:
            on = projectors_on(self._config, self._state, now)
        elif self._has_switched:
            on = True
        self._has_switched = self._has_switched or on is not None
        return on

    def _tell(self, is_open: bool) -> None:
        said = (is_open, self._wish, self._state.until)
        if said == self._said:
            return
        self._said = said
        until = self._wish[1] if self._wish is not None else self._state.until
        when = f" until {wall_time(until, zone_of(self._config)):%a %d %b, %H:%M}" if until is not None else ""
        by = " by the operator's word" if self._wish is not None else ""
        text = f"{'open' if is_open else 'closed'}{by}{when}"
        if is_open and self._wish is None:
            self._notices.resolve(STAGE, "note")
        else:
            self._notices.note(STAGE, f"{text} (key O: the other)")

    def _restart_if_due(self, now: datetime, now_s: float) -> None:
        if self._restart_at is None or now < self._restart_at or self._effects.restart is None:
            return
        if now_s - self._started_s < MIN_UP_S:
            self._restart_at = next_restart(self._config, now)
        elif not self.is_open or now_s - self._busy_s >= QUIET_S:
            self._restart_at = None
            self._effects.restart()
