"""The artist's own poses in the running piece: labels on people, and recording new takes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from installation.base.notices import Notices
from installation.config.poses import PosesConfig
from installation.poses import table as pose_table
from installation.poses.features import person_features
from installation.poses.reader import GESTURES, PoseReader, unknown_labels
from installation.poses.table import PoseTableError
from installation.types import FloatArray, Observation, Person

log = logging.getLogger(__name__)

STAGE, RECORDING = "poses", "recording poses"
DONE_SHOWN_S = 2.5
LOST_S = 1.0
"""Who is not seen for this long has left: one blurred picture must not start the countdown again."""
MAX_GAP_S = 1.0
"""Of a stall (a source that was away) no more than this counts as recorded."""


@dataclass
class _Take:
    """One recording: it waits for a visitor, counts down, then collects rows until ``left_s`` is used up."""

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
        """Whom to record: the largest in the picture until it begins, then the same one for as long as they are there.

        Whoever is gone for LOST_S is waited for anew, countdown included: a passer-by must not end up in somebody's take.
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
        """Take a row in; only time between two rows counts, or an empty room would be a take."""
        self.hidden = row is None
        if row is None:
            self.row_s = None
            return
        self.rows.append(row)
        if self.row_s is not None:
            self.left_s -= min(max(0.0, t_s - self.row_s), MAX_GAP_S)
        self.row_s = t_s


class Posing:
    """Reads poses from people, and records takes of them. Main thread only. Times in seconds.

    Relative paths in ``config`` start at ``root``. ``on_recorded`` (label, rows) is called when a take is stored,
    ``on_failed`` (message) when one cannot be recorded or stored.
    """

    def __init__(
        self,
        config: PosesConfig,
        gestures: bool,
        root: Path,
        notices: Notices,
        on_recorded: Callable[[str, int], None] = lambda _label, _rows: None,
        on_failed: Callable[[str], None] = lambda _message: None,
    ) -> None:
        self._config, self._gestures, self._root, self._notices = config, gestures, root, notices
        self.on_recorded, self.on_failed = on_recorded, on_failed
        self._reader = PoseReader(root / config.model)
        self._told: tuple[int, tuple[str, ...]] | None = None
        self._last: dict[int, tuple[tuple[str, float], ...]] = {}
        self._take: _Take | None = None
        self._done: tuple[float, str] | None = None
        self._closed = False
        self.poll()

    @property
    def recording(self) -> bool:
        """Whether a take is under way."""
        return self._take is not None

    def reconfigure(self, config: PosesConfig, gestures: bool) -> None:
        """Go on with other settings."""
        if config.model != self._config.model:
            self._reader = PoseReader(self._root / config.model)
        self._config, self._gestures, self._told = config, gestures, None
        self.poll()

    def poll(self) -> None:
        """Take up a new model; tell of one that is broken and of labels that nobody can show. About once a second."""
        problem = self._reader.poll()
        if problem is not None:
            self._notices.fault(STAGE, problem)
        else:
            self._notices.resolve(STAGE, "fault")
        # A model that was deleted counts as a change, too: its labels are gone.
        now = (self._reader.loads, self._reader.labels)
        if now != self._told:
            self._told = now
            self._last.clear()
            if self._reader.labels:
                log.info("poses: %s", ", ".join(self._reader.labels))
            self._warn()

    def read(self, observation: Observation) -> Observation:
        """``observation`` with the artist's labels on its people; those not looked at again keep theirs."""
        if self._reader.model is None:
            return observation
        people = []
        for person in observation.people:
            if person.seen_s is None or person.id not in self._last:
                self._last[person.id] = self._labels(person)
            people.append(replace(person, poses=self._last[person.id]))
        self._last = {person.id: person.poses for person in people}
        return replace(observation, people=tuple(people))

    def begin(self, label: str = "", person: str = "", seconds: float | None = None) -> None:
        """Record a take of ``label`` (else the settings') as soon as somebody is there and the countdown is over.

        One at a time: while a take is under way nothing happens. A label, a name or a table that cannot be is told at once,
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
        self._notices.resolve(RECORDING)
        self._take, self._done = _Take(chosen, who, path, number, config.countdown_s, length_s), None
        log.info("recording %s by %s once somebody is there", chosen, who)

    def record(self, observation: Observation) -> None:
        """Add what ``observation`` shows to the take under way: a row of the visitor who is largest in the picture."""
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

    def close(self) -> None:
        """Store what a take under way has collected. Calling it again does nothing."""
        self._closed = True
        if self._take is not None and self._take.rows:
            self._store(self._take.last_s)
        self._take = None

    def _labels(self, person: Person) -> tuple[tuple[str, float], ...]:
        try:
            return self._reader.read(person)
        except ValueError as error:
            log.debug("poses: %s", error)
            return ()

    def _store(self, t_s: float) -> None:
        take, self._take = self._take, None
        assert take is not None
        try:
            pose_table.append(take.path, take.label, take.person, take.number, np.stack(take.rows))
        except (PoseTableError, OSError) as error:
            self._fail(f"the take of {take.label} is not stored: {error}")
            return
        told = f"{len(take.rows)} rows of {take.label} by {take.person}, take {take.number}, stored in {take.path.name}"
        self._done = (t_s, told)
        log.info("recorded %s", told)
        self.on_recorded(take.label, len(take.rows))

    def _fail(self, message: str) -> None:
        self._notices.fault(RECORDING, message)
        self.on_failed(message)

    def _warn(self) -> None:
        """Labels in the settings that nobody can show."""
        unknown = unknown_labels(self._config, self._reader.labels)
        by_hand = [label for label in (*self._config.meanings, *self._config.commands) if label in GESTURES]
        told = []
        if unknown:
            told.append(f"{', '.join(unknown)}: set in config.yaml, but neither a trained pose nor a gesture")
        if by_hand and not self._gestures:
            told.append(f"{', '.join(dict.fromkeys(by_hand))}: gestures are not read; set perception.gestures to true")
        if told:
            self._notices.fallback(STAGE, "; ".join(told))
        else:
            self._notices.resolve(STAGE, "fallback")


def _row(person: Person) -> FloatArray | None:
    """What is recorded of a person; None where nothing can be measured."""
    try:
        row = person_features(person)
    except ValueError as error:
        log.debug("recording poses: %s", error)
        return None
    return row if row is not None and np.isfinite(row).all() else None
