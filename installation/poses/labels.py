"""The artist's own poses in the running piece: labels on the people of each observation, from the trained model."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from installation.base.notices import Notices
from installation.config.poses import PosesConfig
from installation.poses.reader import GESTURES, PoseReader, unknown_labels
from installation.types import Observation, Person

log = logging.getLogger(__name__)

MODEL, LABELS = "poses", "pose labels"
"""Stages of the notices: the model file, and the labels in the settings that nobody can show."""


MOST_DESCRIBED = 24


class PoseLabels:
    """Puts labels on people. Main thread only. The model's path in ``config`` starts at ``root``.

    ``gestures``: whether perception reads hands, so that the names of gestures may be held, too.
    """

    def __init__(self, config: PosesConfig, gestures: bool, root: Path, notices: Notices) -> None:
        self._config, self._gestures, self._root, self._notices = config, gestures, root, notices
        self._reader = PoseReader(root / config.model)
        self._checked: tuple[int, tuple[str, ...]] | None = None
        self._last: dict[int, tuple[tuple[str, float], ...]] = {}
        self._people: tuple[Person, ...] = ()
        """Of the newest observation."""
        self.poll()

    def reconfigure(self, config: PosesConfig, gestures: bool) -> None:
        """Continue with other settings."""
        if config.model != self._config.model:
            self._reader = PoseReader(self._root / config.model)
        self._config, self._gestures, self._checked = config, gestures, None
        self.poll()

    def poll(self) -> None:
        """Load a new model; report one that is broken, and labels that nobody can show. Call it about once a second."""
        problem = self._reader.poll()
        if problem is not None:
            self._notices.fault(MODEL, problem)
        else:
            self._notices.resolve(MODEL)
        # A deleted model counts as a change, too: its labels are gone.
        now = (self._reader.loads, self._reader.labels)
        if now != self._checked:
            self._checked = now
            self._last.clear()
            if self._reader.labels:
                log.info("poses: %s", ", ".join(self._reader.labels))
            self._check_labels()

    def read(self, observation: Observation) -> Observation:
        """``observation`` with the artist's labels on its people; a person who was not looked at again keeps theirs."""
        self._people = observation.people
        if self._reader.model is None:
            return observation
        people = []
        for person in observation.people:
            if person.seen_s is None or person.id not in self._last:
                self._last[person.id] = self._labels(person)
            people.append(replace(person, poses=self._last[person.id]))
        self._last = {person.id: person.poses for person in people}
        self._people = tuple(people)
        return replace(observation, people=self._people)

    def describe(self) -> dict[str, object]:
        """For the operator's page: the trained labels, the gestures' names where hands are read, and the labels of each visitor
        with their probabilities, and the files."""
        people = [
            {"id": person.id, "labels": {label: round(float(share), 3) for label, share in person.held().items()}}
            for person in self._people[:MOST_DESCRIBED]
        ]
        files = {"data": str(self._root / self._config.data), "model": str(self._root / self._config.model)}
        gestures = list(GESTURES) if self._gestures else []
        return {"trained": list(self._reader.labels), "gestures": gestures, "people": people, **files}

    def _labels(self, person: Person) -> tuple[tuple[str, float], ...]:
        try:
            return self._reader.read(person)
        except ValueError as error:
            log.debug("poses: %s", error)
            return ()

    def _check_labels(self) -> None:
        """Warn of labels in the settings that nobody can show."""
        unknown = unknown_labels(self._config, self._reader.labels)
        by_hand = [label for label in (*self._config.meanings, *self._config.commands) if label in GESTURES]
        problems = []
        if unknown:
            problems.append(f"{', '.join(unknown)}: set in config.yaml, but neither a trained pose nor a gesture")
        if by_hand and not self._gestures:
            names = ", ".join(dict.fromkeys(by_hand))
            problems.append(f"{names}: gestures are not read; set perception.gestures to true")
        if problems:
            self._notices.fallback(LABELS, "; ".join(problems))
        else:
            self._notices.resolve(LABELS)
