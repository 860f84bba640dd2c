"""Commands by pose: a pose or gesture that is held for a moment gives its command, once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from installation.config.poses import PosesConfig
from installation.poses.reader import held
from installation.types import Person

DROPOUT_S = 0.2
"""A pose that is not read for less than this is still held: one blurred picture must not start the hold again."""
GAP_S = 1.0
"""Without any observation for longer than this (a stall, a source that was away) nothing counts as held meanwhile."""
STAY_SHARE = 0.8
"""A pose once taken counts as held down to this share of the threshold, so that a probability near it does not flicker."""


class FiredCommand(NamedTuple):
    """What fires: the command's name (base/live_commands.py), the label that asked for it, and who held it."""

    command: str
    label: str
    person_id: int


@dataclass(slots=True)
class _Hold:
    since_s: float
    last_s: float
    done: bool = False


class CommandTrigger:
    """Turns labels held by people into commands. Deterministic: it knows no clock but the times it is given.

    A command fires when its label has been held by one person for ``hold_s``. It fires once: the pose must be let go (for
    longer than DROPOUT_S) before it counts again. Between two commands of one kind, by any person, lie ``cooldown_s``; a
    hold that is completed within them is spent, so two people holding the same pose do not fire it twice.
    """

    def __init__(self, config: PosesConfig) -> None:
        self._config = config
        self._holds: dict[tuple[int, str], _Hold] = {}
        self._fired_s: dict[str, float] = {}
        self._t_s: float | None = None

    def reconfigure(self, config: PosesConfig) -> None:
        """Change the settings; holds under way go on, except those of labels without a command now."""
        self._config = config
        self._holds = {key: hold for key, hold in self._holds.items() if key[1] in config.commands}

    def update(self, t_s: float, people: Iterable[Person]) -> tuple[FiredCommand, ...]:
        """What fires at ``t_s`` seconds with these ``people`` present; in the order of people, then of the settings.

        Time that goes back (a clip that begins again) resets everything.
        """
        before_s, self._t_s = self._t_s, t_s
        if before_s is not None and t_s < before_s:
            self._fired_s.clear()
        if before_s is None or not 0 <= t_s - before_s <= GAP_S:
            self._holds.clear()
        fired = []
        for person in people:
            shares = held(person)
            for label, command in self._config.commands.items():
                completed = self._hold((person.id, label), shares.get(label, 0.0), t_s, before_s)
                if completed and self._cooled(command, t_s):
                    self._fired_s[command] = t_s
                    fired.append(FiredCommand(command, label, person.id))
        # Who let go, or left, starts from nothing the next time.
        self._holds = {key: hold for key, hold in self._holds.items() if t_s - hold.last_s <= DROPOUT_S}
        return tuple(fired)

    def _hold(self, key: tuple[int, str], share: float, t_s: float, before_s: float | None) -> bool:
        """Note that somebody shows a label with probability ``share``; true at the moment the hold is completed."""
        hold = self._holds.get(key)
        # Observations may come rarely: held in the one before and in this one is held throughout.
        if hold is not None and t_s - hold.last_s > DROPOUT_S and hold.last_s != before_s:
            hold = None
        if share < self._config.threshold * (STAY_SHARE if hold is not None else 1.0):
            return False
        if hold is None:
            hold = self._holds[key] = _Hold(t_s, t_s)
        hold.last_s = t_s
        if hold.done or t_s - hold.since_s < self._config.hold_s:
            return False
        hold.done = True
        return True

    def _cooled(self, command: str, t_s: float) -> bool:
        last_s = self._fired_s.get(command)
        return last_s is None or t_s - last_s >= self._config.cooldown_s
