"""The artist's own poses in the running piece: labels on people, and recording new takes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from installation.config import PosesConfig
from installation.emotion import pose_table
from installation.emotion.pose_features import person_features
from installation.emotion.pose_table import PoseTableError
from installation.emotion.poses import GESTURES, PoseReader, unknown_labels
from installation.notices import Notices
from installation.types import FloatArray, Observation, Person

log = logging.getLogger(__name__)

STAGE, RECORDING = "poses", "recording poses"
DONE_SHOWN_S = 2.5


@dataclass
class _Take:
    """One recording: it waits for a visitor, counts down, then collects rows until ``left_s`` is used up."""

    label: str
    person: str
    countdown_s: float
    left_s: float
    rows: list[FloatArray] = field(default_factory=list)
    here_s: float | None = None
    """When a visitor was first seen."""
    row_s: float | None = None

    def counting(self, t_s: float) -> float:
        """Seconds until it records; 0 while it does."""
        return self.countdown_s if self.here_s is None else max(0.0, self.here_s + self.countdown_s - t_s)


class Posing:
    """Reads poses from people, and records takes of them. Main thread only. Times in seconds.

    Relative paths in ``config`` start at ``root``. ``on_recorded`` (label, rows) is called when a take is stored.
    """

    def __init__(
        self,
        config: PosesConfig,
        gestures: bool,
        root: Path,
        notices: Notices,
        on_recorded: Callable[[str, int], None] = lambda _label, _rows: None,
    ) -> None:
        self._config, self._gestures, self._root, self._notices = config, gestures, root, notices
        self.on_recorded = on_recorded
        self._reader = PoseReader(root / config.model)
        self._loads = -1
        self._last: dict[int, tuple[tuple[str, float], ...]] = {}
        self._take: _Take | None = None
        self._done: tuple[float, str] | None = None
        self.poll()

    @property
    def recording(self) -> bool:
        """Whether a take is under way."""
        return self._take is not None

    def reconfigure(self, config: PosesConfig, gestures: bool) -> None:
        """Go on with other settings."""
        if config.model != self._config.model:
            self._reader = PoseReader(self._root / config.model)
        self._config, self._gestures, self._loads = config, gestures, -1
        self.poll()

    def poll(self) -> None:
        """Take up a new model; tell of one that is broken and of labels that nobody can show. About once a second."""
        problem = self._reader.poll()
        if problem is not None:
            self._notices.fault(STAGE, problem)
        elif self._reader.loads != self._loads:
            self._notices.clear(STAGE)
            if self._reader.labels:
                log.info("poses: %s", ", ".join(self._reader.labels))
            self._warn()
        self._loads = self._reader.loads

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

        One at a time: while a take is under way nothing happens. A label that cannot be is told as a fault.
        """
        if self._take is not None:
            return
        config = self._config
        try:
            chosen = pose_table.check_label(label or config.record_label)
        except PoseTableError as error:
            self._notices.fault(RECORDING, str(error))
            return
        self._notices.clear(RECORDING)
        length_s = config.record_s if seconds is None else seconds
        self._take = _Take(chosen, person or config.record_person, config.countdown_s, length_s)
        log.info("recording %s by %s once somebody is there", chosen, self._take.person)

    def record(self, observation: Observation) -> None:
        """Add what ``observation`` shows to the take under way: a row of the visitor who is largest in the picture."""
        take = self._take
        if take is None:
            return
        t_s = observation.t_s
        person = max(observation.people, key=lambda person: person.box.height, default=None)
        if person is None or person.seen_s is not None:
            # Time without anybody does not count, or an empty room would be a take.
            take.row_s = None if person is None else take.row_s
            return
        if take.here_s is None:
            take.here_s = t_s
        if take.counting(t_s) > 0:
            return
        row = person_features(person)
        if row is not None and np.isfinite(row).all():
            take.rows.append(row)
        if take.row_s is not None:
            take.left_s -= max(0.0, t_s - take.row_s)
        take.row_s = t_s
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
        return f"{len(take.rows)}", f"recording {take.label}: hold it, move a little; {max(take.left_s, 0):.0f} s left"

    def close(self) -> None:
        """Store what a take under way has collected."""
        if self._take is not None and self._take.rows:
            self._store(self._take.row_s or 0.0)
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
        path = self._root / self._config.data
        try:
            if not take.rows:
                raise PoseTableError(
                    f"{take.label}: no shoulders and hips were in sight; step back and record it again"
                )
            number = pose_table.next_take(path, take.person)
            pose_table.append(path, take.label, take.person, number, np.stack(take.rows))
        except (PoseTableError, OSError) as error:
            self._notices.fault(RECORDING, str(error))
            return
        told = f"{len(take.rows)} rows of {take.label} by {take.person}, take {number}, stored in {self._config.data}"
        self._done = (t_s, told)
        log.info("recorded %s", told)
        self.on_recorded(take.label, len(take.rows))

    def _warn(self) -> None:
        """Labels in the settings that nobody can show."""
        unknown = unknown_labels(self._config, self._reader.labels)
        by_hand = [label for label in (*self._config.emotions, *self._config.commands) if label in GESTURES]
        told = []
        if unknown:
            told.append(f"{', '.join(unknown)}: set in config.yaml, but neither a trained pose nor a gesture")
        if by_hand and not self._gestures:
            told.append(f"{', '.join(dict.fromkeys(by_hand))}: gestures are not read; set perception.gestures to true")
        if told:
            self._notices.fallback(STAGE, "; ".join(told))
        else:
            self._notices.clear(STAGE)
