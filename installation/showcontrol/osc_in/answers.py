"""What is answered to whom, and how often, so that neither two pieces nor a forged sender can keep the piece busy."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from installation.base.clock import Clock
from installation.base.secrets import hide
from installation.live_commands.table import Argument
from installation.showcontrol.osc_out.encode import pack

Reply = Callable[[bytes], None]
"""Sends a packet to the sender; raises nothing."""
ERROR = "/error"
VALUES_PER_S, ERRORS_PER_S = 1000.0, 5.0
"""Answers to one sender, at most. A patch may ask for every setting at once."""
_BURST_S = 2.0
_MAX_SENDERS = 256


class Allowance:
    """So many a second for each key, the unused of two seconds at once. Remembers the newest 256 keys. Thread-safe."""

    def __init__(self, per_s: float, clock: Clock) -> None:
        self._per_s, self._clock = per_s, clock
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def has(self, key: str) -> bool:
        """Whether one more may be; counts it."""
        with self._lock:
            now_s = self._clock.now()
            left, then_s = self._left.pop(key, (self._per_s * _BURST_S, now_s))
            left = min(left + (now_s - then_s) * self._per_s, self._per_s * _BURST_S)
            enough = left >= 1
            self._left[key] = (left - 1 if enough else left, now_s)
            if len(self._left) > _MAX_SENDERS:
                self._left.popitem(last=False)
            return enough


class Answers:
    """Values and reasons to senders, under ``prefix``."""

    def __init__(self, prefix: str, clock: Clock) -> None:
        self.prefix = prefix
        self._values, self._errors = Allowance(VALUES_PER_S, clock), Allowance(ERRORS_PER_S, clock)

    def value(self, who: str, reply: Reply, path: str, args: list[Argument]) -> None:
        """The value of an address below the prefix, under that address."""
        if self._values.has(who):
            reply(packet(self.prefix + path, args))

    def error(self, who: str, reply: Reply, address: str, why: str) -> None:
        """/error with the address that was refused, and the reason."""
        if self._errors.has(who):
            reply(packet(self.prefix + ERROR, [_clean(address), _clean(why)]))


def packet(address: str, args: list[Argument]) -> bytes:
    """One OSC message; floats in 32 bits."""
    tags = "".join("s" if isinstance(value, str) else "i" if isinstance(value, int) else "f" for value in args)
    return pack(address, tags, args)


def _clean(text: str) -> str:
    """At most 300 letters, none of which ends a text or a line early."""
    return "".join(letter if letter.isprintable() else "?" for letter in hide(text)[:300])
