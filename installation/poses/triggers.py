"""Commands by pose: a pose or gesture that is held for a moment fires its command, once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from installation.config.poses import PosesConfig
from installation.types import Person

DROPOUT_S = 0.2
"""A dropout shorter than this does not end a hold: one blurred picture must not restart it."""
GAP_S = 1.0
"""After a longer gap between observations (a stall, a source that was away) nothing counts as held in between."""
STAY_SHARE = 0.8
"""A pose that is held stays held down to this share of the threshold, so that a probability near it does not flicker."""


class FiredCommand(NamedTuple):
    """A command that fired, the label that fired it, and who held it."""

    command: str
    label: str
    person_id: int


@dataclass(slots=True)
class _Hold:
    since_s: float
    last_s: float
    done: bool = False


class CommandTrigger:
    """Turns labels held by people into commands. Deterministic: it reads no clock.

    A command fires when one person has held its label for ``hold_s``. It fires once: they must let go (for longer than
    DROPOUT_S) before it counts again. The same command fires again only after ``cooldown_s``; a hold completed before
    that is lost, so two people holding the same pose do not fire it twice.
    """

    def __init__(self, config: PosesConfig) -> None:
        self._config = config
        self._holds: dict[tuple[int, str], _Hold] = {}
        self._fired_s: dict[str, float] = {}
        self._t_s: float | None = None

    def reconfigure(self, config: PosesConfig) -> None:
        """Continue with other settings: holds under way continue, those of labels without a command end."""
        self._config = config
        self._holds = {key: hold for key, hold in self._holds.items() if key[1] in config.commands}

    def update(self, t_s: float, people: Iterable[Person]) -> tuple[FiredCommand, ...]:
        """What fires at ``t_s`` seconds with these ``people`` present; in the order of people, then of the settings.

        When time goes back (a clip that starts again), all holds start again.
        """
        before_s, self._t_s = self._t_s, t_s
        if before_s is not None and t_s < before_s:
            self._fired_s.clear()
        if before_s is None or not 0 <= t_s - before_s <= GAP_S:
            self._holds.clear()
        fired = []
        for person in people:
            shares = person.held()
            for label, command in self._config.commands.items():
                completed = self._hold((person.id, label), shares.get(label, 0.0), t_s, before_s)
                if completed and self._cooled(command, t_s):
                    self._fired_s[command] = t_s
                    fired.append(FiredCommand(command, label, person.id))
        # A person who let go, or left, starts again from zero.
        self._holds = {key: hold for key, hold in self._holds.items() if t_s - hold.last_s <= DROPOUT_S}
        return tuple(fired)

    def _hold(self, key: tuple[int, str], share: float, t_s: float, before_s: float | None) -> bool:
        """Note that somebody shows a label with probability ``share``; true when this completes the hold."""
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


class LabelTrigger:
    """Says which of the labels it listens to fire, by the rules of ``CommandTrigger``, whatever they are for."""

    def __init__(self, config: PosesConfig) -> None:
        self._config, self._labels = config, tuple[str, ...]()
        self._trigger = CommandTrigger(self._with_labels())

    def listen(self, labels: Sequence[str]) -> None:
        """To these labels from now on; holds under way go on."""
        self._labels = tuple(labels)
        self._trigger.reconfigure(self._with_labels())

    def reconfigure(self, config: PosesConfig) -> None:
        """Continue with other settings."""
        self._config = config
        self._trigger.reconfigure(self._with_labels())

    def update(self, t_s: float, people: Iterable[Person]) -> list[str]:
        """The labels that fire at ``t_s`` seconds, each once."""
        if not self._labels:
            return []
        return list(dict.fromkeys(fired.label for fired in self._trigger.update(t_s, people)))

    def _with_labels(self) -> PosesConfig:
        return self._config.model_copy(update={"commands": {label: label for label in self._labels}})
