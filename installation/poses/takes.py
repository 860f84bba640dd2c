"""Recording takes of the artist's own poses while the piece runs: wait for a visitor, count down, collect rows, store."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from installation.base.notices import Notices
from installation.config.poses import PosesConfig
from installation.poses import table as pose_table
from installation.poses.features import person_features
from installation.poses.table import PoseTableError
from installation.types import FloatArray, Observation, Person

log = logging.getLogger(__name__)

RECORDING = "recording poses"
"""The stage of the notices."""
DONE_SHOWN_S = 2.5
LOST_S = 1.0
"""Who is not seen for this long has left: one blurred picture must not restart the countdown."""
MAX_GAP_S = 1.0
"""Of a stall (a source that was away) no more than this counts as recorded."""


@dataclass
class _Take:
    """A take under way: it waits for a visitor, counts down, then collects rows until ``left_s`` is used up."""

    label: str
    person: str
    path: Path
    number: int
    countdown_s: float
    left_s: float
    rows: list[FloatArray] = field(default_factory=list)
    here_s: float | None = None
    """When a visitor was first seen; None while nobody is there."""
    last_s: float = 0.0
    """When one was last seen."""
    who: int | None = None
    """Id of the visitor who is recorded, from the end of the countdown on."""
    row_s: float | None = None
    """When the last row was measured; None where time does not count."""
    hidden: bool = False
    """Whether the visitor is there, but shoulders or the whole body cannot be measured."""

    def counting(self, t_s: float) -> float:
        """Seconds until it records; 0 while it does."""
        return self.countdown_s if self.here_s is None else max(0.0, self.here_s + self.countdown_s - t_s)

    def visitor(self, observation: Observation) -> Person | None:
        """Whom to record: until recording begins the largest in the picture, from then on the same visitor.

        Once that visitor is gone for LOST_S, it waits and counts down again: a passer-by must not end up in the take.
        """
        people, t_s = observation.people, observation.t_s
        if self.who is not None:
            people = tuple(person for person in people if person.id == self.who)
        person = max(people, key=lambda person: person.box.height, default=None)
        if person is not None:
            self.here_s, self.last_s = t_s if self.here_s is None else self.here_s, t_s
        elif self.here_s is not None and t_s - self.last_s > LOST_S:
            self.here_s = self.who = None
        return person

    def add(self, row: FloatArray | None, t_s: float) -> None:
        """Add a row. Only the time between two rows counts, or an empty room would be a take."""
        self.hidden = row is None
        if row is None:
            self.row_s = None
            return
        self.rows.append(row)
        if self.row_s is not None:
            self.left_s -= min(max(0.0, t_s - self.row_s), MAX_GAP_S)
        self.row_s = t_s


class PoseTakes:
    """Records takes, one at a time. Main thread only. Times in seconds. The table's path in ``config`` starts at ``root``.

    ``on_recorded`` (label, rows) is called when a take is stored, ``on_failed`` (message) when one cannot be recorded or
    stored.
    """

    def __init__(
        self,
        config: PosesConfig,
        root: Path,
        notices: Notices,
        on_recorded: Callable[[str, int], None] = lambda _label, _rows: None,
        on_failed: Callable[[str], None] = lambda _message: None,
    ) -> None:
        self._config, self._root, self._notices = config, root, notices
        self.on_recorded, self.on_failed = on_recorded, on_failed
        self._take: _Take | None = None
        self._done: tuple[float, str] | None = None
        self._closed = False

    @property
    def recording(self) -> bool:
        """Whether a take is under way."""
        return self._take is not None

    def reconfigure(self, config: PosesConfig) -> None:
        """Continue with other settings; a take under way keeps its own."""
        self._config = config

    def begin(self, label: str = "", person: str = "", seconds: float | None = None) -> None:
        """Record a take of ``label`` (without one, the settings' label) once somebody is there and the countdown is over.

        While a take is under way nothing happens. A bad label or name, or a table that cannot be used, is a fault at once,
        before anybody has posed for nothing.
        """
        if self._take is not None or self._closed:
            return
        config = self._config
        path = self._root / config.data
        length_s = config.record_s if seconds is None else seconds
        try:
            chosen = pose_table.check_label(label or config.record_label)
            who = pose_table.check_person(person or config.record_person)
            number = pose_table.next_take(path, who)
        except (PoseTableError, OSError) as error:
            self._fail(str(error))
            return
        self._notices.withdraw(RECORDING)
        self._take, self._done = _Take(chosen, who, path, number, config.countdown_s, length_s), None
        log.info("recording %s by %s once somebody is there", chosen, who)

    def record(self, observation: Observation) -> None:
        """Add what ``observation`` shows to the take under way: a row of the visitor who is recorded."""
        take = self._take
        if take is None:
            return
        t_s = observation.t_s
        person = take.visitor(observation)
        if person is None:
            take.row_s = None
            return
        # With many visitors they take turns: who was not looked at in this frame is still there, but gives no row.
        if person.seen_s is not None or take.counting(t_s) > 0:
            return
        take.who = person.id
        take.add(_row(person), t_s)
        if take.left_s <= 0:
            self._store(t_s)

    def caption(self, t_s: float) -> tuple[str, str]:
        """(large text, line below it) for the screen; empty where there is nothing to say."""
        take = self._take
        if take is None:
            shown = self._done is not None and t_s - self._done[0] < DONE_SHOWN_S
            return ("done", self._done[1]) if shown and self._done is not None else ("", "")
        if take.here_s is None:
            return take.label, "step in front of the camera"
        wait_s = take.counting(t_s)
        if wait_s > 0:
            return f"{int(np.ceil(wait_s))}", f"take the pose {take.label}"
        if take.hidden:
            return f"{len(take.rows)}", "step back: your shoulders must be in the picture"
        return f"{len(take.rows)}", f"recording {take.label}: hold it, move a little; {max(take.left_s, 0):.0f} s left"

    def describe(self, t_s: float) -> dict[str, object]:
        """For the operator's page: whether a take is under way, and what the screen says of it."""
        large, line = self.caption(t_s)
        return {"recording": self.recording, "large": large, "line": line}

    def close(self) -> None:
        """Store what a take under way has collected. Calling it again does nothing."""
        self._closed = True
        if self._take is not None and self._take.rows:
            self._store(self._take.last_s)
        self._take = None

    def _store(self, t_s: float) -> None:
        take, self._take = self._take, None
        assert take is not None
        try:
            pose_table.append(take.path, take.label, take.person, take.number, np.stack(take.rows))
        except (PoseTableError, OSError) as error:
            self._fail(f"the take of {take.label} is not stored: {error}")
            return
        summary = (
            f"{len(take.rows)} rows of {take.label} by {take.person}, take {take.number}, stored in {take.path.name}"
        )
        self._done = (t_s, summary)
        log.info("recorded %s", summary)
        self.on_recorded(take.label, len(take.rows))

    def _fail(self, message: str) -> None:
        self._notices.fault(RECORDING, message)
        self.on_failed(message)


def _row(person: Person) -> FloatArray | None:
    """What is recorded of a person; None where nothing can be measured."""
    try:
        row = person_features(person)
    except ValueError as error:
        log.debug("recording poses: %s", error)
        return None
    return row if row is not None and np.isfinite(row).all() else None
