"""What leaves over OSC and what comes in, as the operator's page shows it: values, rates, and what was refused and why."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from installation.base.clock import Clock
from installation.base.secrets import hide
from installation.live_commands.table import Argument
from installation.showcontrol.last_values import PERSON, LastValues

MOST_ADDRESSES = 300
"""More are left out, and counted: those of the visitors who came last."""
MOST_HEARD = 60
"""Of the messages that came in the newest are kept."""
MOST_SHOWN = 12
"""Arguments of one message; more are counted."""
LONGEST = 120
"""Letters of a text."""
RATE_S = 2.0
"""A rate is that of about so many seconds; an address that is silent for longer has none."""
RESTS_S = 5.0
"""Nothing is counted once nobody has asked for so long."""

_Heard = tuple[int, float, str, str, tuple[Any, ...], str]
"""Number, time in seconds, who sent it, address, arguments, why it was refused."""


class OscMonitor:
    """Thread-safe. ``prefix`` gives what every address begins with."""

    def __init__(self, values: LastValues, prefix: Callable[[], str], clock: Clock) -> None:
        self._values, self._prefix, self._clock = values, prefix, clock
        self._heard: deque[_Heard] = deque(maxlen=MOST_HEARD)
        self._lock = threading.Lock()
        self._number = self._refused = 0
        self._looks: deque[tuple[float, dict[str, int]]] = deque()
        self._asked_s = float("-inf")

    def heard(self, who: str, address: str, args: Sequence[object], refused: str = "") -> None:
        """One message came in from ``who`` (host:port); ``refused`` says why it was not used."""
        with self._lock:
            self._number += 1
            self._refused += bool(refused)
            self._heard.append((self._number, self._clock.now(), who, address, tuple(args[: MOST_SHOWN + 1]), refused))

    def look(self) -> dict[str, Any]:
        """``out``: rows [address, times a second, arguments], general ones first; ``left_out``: how many more there are.
        ``in``: the newest messages first, each {number, age_s, who, address, args, refused}; ``heard``, ``refused`` count."""
        now_s = self._asked_s = self._clock.now()
        values = self._values.all()
        paths = sorted(values, key=_order)
        rates = self._rates(now_s)
        rows = [[path, rates.get(path, 0.0), _shown(values[path])] for path in paths[:MOST_ADDRESSES]]
        with self._lock:
            heard = list(reversed(self._heard))
        return {
            "prefix": self._prefix(),
            "out": rows,
            "left_out": max(0, len(paths) - MOST_ADDRESSES),
            "in": [_message(one, now_s) for one in heard],
            "heard": self._number,
            "refused": self._refused,
        }

    def rest(self, now_s: float) -> None:
        """Stop counting where nobody has looked for a while."""
        if self._values.counting and now_s - self._asked_s > RESTS_S:
            with self._lock:
                self._values.counting = False
                self._looks.clear()

    def _rates(self, now_s: float) -> dict[str, float]:
        with self._lock:
            self._values.counting = True
            counts = self._values.counts()
            self._looks.append((now_s, counts))
            while len(self._looks) > 2 and now_s - self._looks[1][0] >= RATE_S:
                self._looks.popleft()
            then_s, before = self._looks[0]
        span_s = now_s - then_s
        if span_s <= 0:
            return {}
        return {path: round((count - before.get(path, 0)) / span_s, 1) for path, count in counts.items()}


@lru_cache(maxsize=2000)
def _order(path: str) -> tuple[int, int, str]:
    """General addresses first, then visitor by visitor in the order of their numbers."""
    number = path.split("/")[2] if path.startswith(PERSON) else ""
    return (1, int(number), path) if number.isdecimal() else (0, 0, path)


def _message(heard: _Heard, now_s: float) -> dict[str, Any]:
    number, t_s, who, address, args, refused = heard
    return {
        "number": number,
        "age_s": round(now_s - t_s, 1),
        "who": who,
        "address": _plain(address),
        "args": _shown(args),
        "refused": _plain(refused),
    }


def _shown(args: Sequence[object]) -> list[Argument]:
    """Plain short values; NaN and what OSC has beside numbers and texts become words."""
    found: list[Argument] = []
    for value in args[:MOST_SHOWN]:
        if isinstance(value, float):
            found.append(round(value, 4) if abs(value) < float("inf") else str(value))
        elif isinstance(value, int) and not isinstance(value, bool):
            found.append(value)
        else:
            found.append(_plain(str(value)))
    if len(args) > MOST_SHOWN:
        found.append("...")
    return found


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in hide(text)[:LONGEST])
