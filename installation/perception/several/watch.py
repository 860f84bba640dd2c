"""What the operator's page is told of each camera while somebody looks at it: where feet stand in its picture, and whose."""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any, NamedTuple

from installation.perception.several.floor import feet_of, seen_feet_of
from installation.types import Observation

WATCHED_S = 2.0
"""Who looks asks twice a second; nothing is noted for who has not asked for so long."""
PERIOD_S, SPAN_S = 0.1, 1.0
"""So often, and over so long, it is noted where feet stand."""
AWAY_S = 0.5
"""Who has not been seen for so long is there no more."""
MOST_OF = 0.9
"""Of a second's places: a landmark that jumps for a moment is no step."""
FEET_SHARE = 0.7


class _Step(NamedTuple):
    t_s: float
    x: float
    y: float
    is_seen: bool


@dataclass
class _Camera:
    size: tuple[int, int] = (16, 9)
    noted_s: float = float("-inf")
    steps: dict[int, deque[_Step]] = field(default_factory=dict)
    called: dict[int, int] = field(default_factory=dict)


class Watch:
    """``is_on`` and ``see`` are for the thread that hears the cameras, ``look`` for one other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until_s = float("-inf")
        self._cameras: dict[str, _Camera] = {}

    def is_on(self, now_s: float) -> bool:
        """Whether somebody looks."""
        return now_s < self._until_s

    def see(self, camera: str, seen: Observation, called: Mapping[int, int], now_s: float) -> None:
        """Note whom ``camera`` sees; ``called``: the show's number of each, by the camera's."""
        with self._lock:
            noted = self._cameras.setdefault(camera, _Camera())
            if now_s - noted.noted_s < PERIOD_S:
                return
            noted.noted_s, noted.size, noted.called = now_s, seen.frame_size, dict(called)
            for person in seen.people:
                feet = seen_feet_of(person)
                steps = noted.steps.setdefault(person.id, deque())
                steps.append(_Step(now_s, *(feet or feet_of(person)), feet is not None))
            for number, steps in list(noted.steps.items()):
                while steps and now_s - steps[0].t_s > SPAN_S:
                    steps.popleft()
                if not steps:
                    del noted.steps[number]

    def look(self, now_s: float) -> dict[str, dict[str, Any]]:
        """{camera: {"size": its picture's (width, height) in pixels, "people": as ``_told``}} of those that were noted; from
        now on they are for a while."""
        with self._lock:
            if not self.is_on(now_s):
                self._cameras.clear()
            self._until_s = now_s + WATCHED_S
            found = {
                name: (
                    one.size,
                    [
                        (one.called.get(number, 0), list(steps))
                        for number, steps in one.steps.items()
                        if now_s - steps[-1].t_s <= AWAY_S
                    ],
                )
                for name, one in self._cameras.items()
            }
        return {
            name: {"size": list(size), "people": [{"number": number, **_told(steps)} for number, steps in people]}
            for name, (size, people) in found.items()
        }


def _told(steps: list[_Step]) -> dict[str, Any]:
    """Where somebody stands, in image coordinates.

    ``at``: now; ``still``: the median of the last second; ``strays``: how far nearly all of it lay from there;
    ``for_s``: how much of that second they were seen; ``feet``: whether the feet were, nearly all the time.
    """
    on_feet = [step for step in steps if step.is_seen]
    feet = len(on_feet) >= FEET_SHARE * len(steps)
    used = on_feet if feet else steps
    # Some ten numbers: plain Python takes a tenth of what numpy takes.
    x, y = median(step.x for step in used), median(step.y for step in used)
    strays = sorted(math.hypot(step.x - x, step.y - y) for step in used)[round(MOST_OF * (len(used) - 1))]
    return {
        "at": [round(used[-1].x, 4), round(used[-1].y, 4)],
        "still": [round(x, 4), round(y, 4)],
        "strays": round(strays, 4),
        "for_s": round(steps[-1].t_s - steps[0].t_s, 2),
        "feet": feet,
    }
