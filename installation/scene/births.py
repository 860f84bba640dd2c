"""Shapes that are born when a visitor's emotion changes, and stay until the picture is cleared or too many came after."""

from __future__ import annotations

import numpy as np

from installation.base.colour import linear_of_oklab
from installation.scene.look import DEFAULT_LOOKS, NAMES, Looks
from installation.types import BIRTH_COLUMNS, BIRTHS, EMOTIONS, EmotionState, FloatArray, read_only

LEAVE_S = 1.5
"""Seconds in which a shape disappears."""
KEEP = BIRTHS - 8
"""With more than this many, the oldest begins to disappear; the rest of the list is for shapes that are disappearing."""
WIDEST = 1.4
"""Shapes stand no farther to the side than this (half the picture's shorter side is 1)."""
FAN = 0.9
"""Radians above and below the horizontal in which shapes stand."""
_AGE, _LEAVING = BIRTH_COLUMNS.index("age_s"), BIRTH_COLUMNS.index("leaving")


class Births:
    """Holds the shapes. Deterministic: ``seed`` [0, 1) and the calls decide all."""

    def __init__(self, seed: float) -> None:
        self.rows: FloatArray = read_only(np.zeros((0, len(BIRTH_COLUMNS)), np.float32))
        """(M, len(BIRTH_COLUMNS)), the oldest first, read-only."""
        self._count = int(seed * 1000)
        self._labels: dict[int, tuple[str, float, str]] = {}
        """By visitor: the label now, since when, and the label of the last birth."""

    def see(self, states: tuple[EmotionState, ...], t_s: float, hold_s: float, looks: Looks = DEFAULT_LOOKS) -> None:
        """Add a shape, in that emotion's look, for each visitor whose new label has lasted for ``hold_s`` seconds."""
        present = {state.person_id for state in states}
        self._labels = {key: value for key, value in self._labels.items() if key in present}
        for state in states:
            label, since_s, born = self._labels.get(state.person_id, (state.label, t_s, ""))
            if state.label != label:
                label, since_s = state.label, t_s
            if label != born and t_s - since_s >= hold_s and state.presence > 0.5:
                self._add(state, looks)
                born = label
            self._labels[state.person_id] = (label, since_s, born)

    def age(self, dt_s: float) -> None:
        """``dt_s`` seconds pass: all shapes grow older, those that are leaving fade."""
        if not len(self.rows):
            return
        rows = self.rows.copy()
        rows[:, _AGE] += dt_s
        going = rows[:, _LEAVING] > 0
        if going.any():
            rows[going, _LEAVING] += dt_s / LEAVE_S
            rows = rows[rows[:, _LEAVING] < 1]
        self.rows = read_only(rows)

    def clear(self) -> None:
        """All shapes begin to disappear."""
        rows = self.rows.copy()
        rows[:, _LEAVING] = np.maximum(rows[:, _LEAVING], 1e-3)
        self.rows = read_only(rows)

    def _add(self, state: EmotionState, looks: Looks) -> None:
        self._count += 1
        emotion = EMOTIONS.index(state.label)
        seed = (self._count * 0.61803399) % 1.0
        # Left and right of the visitor in turn, outside the visitor's own shape, which fills the picture's height. Golden
        # ratios spread them, so that they never stand in a row.
        angle = np.pi * (self._count % 2) + FAN * (2.0 * ((self._count * 0.38196601) % 1.0) - 1.0)
        reach = 0.90 + 0.50 * ((self._count * 0.7548777) % 1.0)
        x, y, _ = state.position
        middle, accent = looks.palettes[emotion][2:4]
        colour = linear_of_oklab(middle * (0.7 + 0.3 * seed) + accent * (0.3 - 0.3 * seed))
        row = [
            float(np.clip((min(max(x, 0.0), 1.0) - 0.5) * 1.6 + reach * np.cos(angle), -WIDEST, WIDEST)),
            (0.5 - min(max(y, 0.0), 1.0)) * 0.3 + 0.55 * reach * np.sin(angle),
            0.8 * (((self._count * 0.5698403) % 1.0) - 0.3),
            0.15 + 0.06 * abs(state.arousal) + 0.16 * seed * seed,
            *colour,
            looks.numbers[emotion, NAMES.index("spikiness")],
            0.0,
            seed,
            0.0,
            state.energy,
        ]
        before = self.rows[1:] if len(self.rows) >= BIRTHS else self.rows
        rows = np.concatenate([before, np.array([row], np.float32)])
        staying = np.flatnonzero(rows[:, _LEAVING] == 0)
        if len(staying) > KEEP:
            rows[staying[0], _LEAVING] = 1e-3
        self.rows = read_only(rows)
