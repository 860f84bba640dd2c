"""Which scene comes next, and when: a list of scenes with durations, gone through by itself.

Pure: it is told how much time passes and what the moment is like, and says the name of a scene when it is time. A cue list
drives scenes by the same means: ``Scene.choose`` at its own moments, after which the playlist goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from installation.config.scene import PlaylistEntry
from installation.types import EmotionState

LATEST = 1.5
"""Times its duration a scene stays at most while no moment is calm."""
SETTLED_S = 4.0
"""After somebody came, or the mood changed, nothing else changes for so long."""
CALM_ENERGY = 0.3


@dataclass(frozen=True)
class Moment:
    """What goes on: seconds since somebody came, since the mood changed, and how long nobody has been there (0 while somebody
    is); ``energy`` [0, 1] of the bodies; ``busy``: something is shown that must be seen to its end."""

    since_arrival_s: float
    since_mood_s: float
    alone_s: float = 0.0
    energy: float = 0.0
    busy: bool = False

    @property
    def is_calm(self) -> bool:
        """Whether a change would disturb nothing."""
        if self.busy:
            return False
        settled = min(self.since_arrival_s, self.since_mood_s) >= SETTLED_S and self.energy < CALM_ENERGY
        return self.alone_s >= SETTLED_S or settled


class Watch:
    """Looks at who is there, for the moment in which a scene may change."""

    def __init__(self) -> None:
        self._known: frozenset[int] = frozenset()
        self._label = ""
        self._since_arrival_s = self._since_mood_s = 1e6
        self._alone_s = self._busy_s = 0.0

    def keep(self, seconds: float) -> None:
        """Something is shown for so long that must be seen to its end."""
        self._busy_s = max(self._busy_s, seconds)

    def see(self, states: tuple[EmotionState, ...], group: EmotionState | None, dt_s: float) -> Moment:
        """The moment ``dt_s`` seconds after the last one."""
        known = frozenset(state.person_id for state in states)
        self._since_arrival_s = 0.0 if known - self._known else self._since_arrival_s + dt_s
        self._known = known
        label = "" if group is None else group.label
        self._since_mood_s = 0.0 if label != self._label else self._since_mood_s + dt_s
        self._label = label
        self._alone_s = 0.0 if states else self._alone_s + dt_s
        self._busy_s = max(0.0, self._busy_s - dt_s)
        energy = 0.0 if group is None else group.energy * group.presence
        return Moment(self._since_arrival_s, self._since_mood_s, self._alone_s, energy, self._busy_s > 0)


class Playlist:
    """Deterministic: the same calls give the same answers. Without entries only ``idle_next_s`` (0: never) moves on."""

    def __init__(
        self, entries: Sequence[PlaylistEntry], idle_next_s: float, names: Callable[[], Sequence[str]], now: str
    ) -> None:
        """``names`` gives all scenes there are, gone through in order where there are no ``entries``; ``now`` is shown."""
        self._entries, self._idle_next_s, self._names = tuple(entries), idle_next_s, names
        self._now, self._at = now, self._place(now, -1)
        self._shown_s = self._last_alone_s = 0.0

    def reconfigure(self, entries: Sequence[PlaylistEntry], idle_next_s: float) -> None:
        """Go on with other settings; what is shown stays for as long as the new list has it."""
        self._idle_next_s = idle_next_s
        if tuple(entries) != self._entries:
            self._entries = tuple(entries)
            self._at = self._place(self._now, -1)

    @property
    def seconds(self) -> float:
        """How long the scene that is shown stays; 0: until something else says so."""
        if not self._entries:
            return 0.0
        # One that is not in the list stays as long as the one it came in between.
        return self._entries[max(self._at, 0)].seconds

    @property
    def next(self) -> str:
        """The scene that comes after the one that is shown."""
        if self._entries:
            return self._entries[(self._at + 1) % len(self._entries)].scene
        names = self._names()
        at = names.index(self._now) + 1 if self._now in names else 0
        return names[at % len(names)]

    def went_to(self, name: str) -> None:
        """``name`` is shown from now on, whoever chose it: it stays for its duration, and the list goes on behind it."""
        self._at = self._place(name, self._at)
        self._now, self._shown_s, self._last_alone_s = name, 0.0, 0.0

    def update(self, dt_s: float, moment: Moment) -> str | None:
        """``dt_s`` seconds later: the scene to go to now, or None. Whoever goes there says so by ``went_to``."""
        self._shown_s += dt_s
        self._last_alone_s = self._last_alone_s + dt_s if moment.alone_s > 0 else 0.0
        if 0 < self._idle_next_s <= self._last_alone_s:
            return self.next
        due_s = self.seconds
        if due_s <= 0 or self._shown_s < due_s:
            return None
        if self.next == self._now:
            self.went_to(self._now)
            return None
        return self.next if moment.is_calm or self._shown_s >= LATEST * due_s else None

    def _place(self, name: str, after: int) -> int:
        """The next place of ``name`` behind the one ``after``; where it has none, ``after`` itself."""
        count = len(self._entries)
        for step in range(1, count + 1):
            if self._entries[(after + step) % count].scene == name:
                return (after + step) % count
        return min(after, count - 1)
