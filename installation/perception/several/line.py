"""One camera's machine as the show hears it: its observations in the show's time, and whether it is there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from installation.base.clock import Clock
from installation.base.host_port import Place
from installation.base.notices import Notices
from installation.network.shared_clock import Questions, SharedClock, times_of
from installation.network.sockets import Network, NetworkError, Socket
from installation.network.values import OtherVersionError
from installation.network.wire import Message, WireError, pack, unpack
from installation.perception.several.messages import MOST_BYTES, VERSION, check_version, unpack_observation
from installation.types import Observation

SILENT_S = 2.0
CLOCK_S, FIRST_S = 1.0, 0.05
"""Between two questions for the time, and between the first ones."""
ANSWER_BYTES = 4096
PAST_S, FUTURE_S = 1.0, 0.05
"""An observation may be so old, and no newer than this: what a clock that is not known yet says is no time."""


class Line:
    """For one thread. Raises NetworkError."""

    def __init__(self, network: Network, name: str, place: Place, clock: Clock, notices: Notices) -> None:
        self.name, self._place, self._clock, self._notices = name, place, clock, notices
        self.stage = f"camera {name}"
        self._tells = network.open("listen", place, MOST_BYTES)
        try:
            self._asks = network.open("ask", place.beside(1), ANSWER_BYTES)
        except NetworkError:
            self._tells.close()
            raise
        self._time = SharedClock()
        self._epoch, self._number, self._questions = "", 0, Questions(FIRST_S, CLOCK_S)
        self._heard_s, self._began_s = float("-inf"), clock.now()
        self._begins = False
        self.lost = 0

    @property
    def sockets(self) -> tuple[Socket, Socket]:
        """To wait for."""
        return self._tells, self._asks

    @property
    def figures(self) -> dict[str, Any]:
        """For the report: the clock's, and how many observations were lost."""
        return {**self._time.figures, "lost": self.lost}

    def silent_s(self, now_s: float) -> float:
        """For how long nothing has been heard."""
        return now_s - max(self._heard_s, self._began_s)

    def poll(self, now_s: float) -> Observation | None:
        """The newest observation that came, in the show's time, once its clock is known."""
        while (parts := self._asks.receive()) is not None:
            self._hear(parts, self._on_clock)
        newest: list[Observation] = []
        while (parts := self._tells.receive()) is not None:
            self._hear(parts, lambda message: newest.append(self._taken(message)))
        self._ask(now_s)
        self._tell(now_s)
        if not newest or not self._time.is_set:
            return None
        return self._in_our_time(newest[-1], now_s)

    def begins(self) -> bool:
        """Whether the machine started anew since this was asked last: its numbers mean others now."""
        began, self._begins = self._begins, False
        return began

    def close(self) -> None:
        """Hear it no more; what was wrong with it matters no longer."""
        self._tells.close()
        self._asks.close()
        self._notices.withdraw(self.stage)

    def _hear(self, parts: list[bytes], take: Any) -> None:
        try:
            take(unpack(parts))
        except OtherVersionError as error:
            self._notices.fault(self.stage, f"{self.name} {error}")
            self._heard_s = self._clock.now()
        except WireError as error:
            self._notices.fault(self.stage, f"{self.name}: a message is not understood: {error}")
            self._heard_s = self._clock.now()

    def _taken(self, message: Message) -> Observation:
        told = unpack_observation(message)
        if told.epoch != self._epoch:
            self._begins = True
            self._epoch, self._number = told.epoch, told.number
            self._questions = Questions(FIRST_S, CLOCK_S)
            self._time.clear()
        self.lost += max(0, told.number - self._number - 1)
        self._number = told.number
        self._heard_s = self._clock.now()
        self._notices.resolve(self.stage)
        return told.observation

    def _in_our_time(self, seen: Observation, now_s: float) -> Observation:
        ahead_s = self._time.leader_s(now_s) - now_s
        t_s = min(max(seen.t_s - ahead_s, now_s - PAST_S), now_s + FUTURE_S)
        people = tuple(
            person if person.seen_s is None else replace(person, seen_s=person.seen_s - seen.t_s + t_s)
            for person in seen.people
        )
        return replace(seen, t_s=t_s, people=people)

    def _on_clock(self, message: Message) -> None:
        check_version(message)
        times = times_of(message.values)
        # Of the one that started before: another clock.
        if message.values.get("epoch") == self._epoch:
            self._time.hear(*times, self._clock.now())

    def _ask(self, now_s: float) -> None:
        if self._epoch and self._questions.due(now_s):
            self._asks.send(pack("clock", VERSION, {"asked_s": self._clock.now()}))

    def _tell(self, now_s: float) -> None:
        if self.silent_s(now_s) > SILENT_S:
            said = "is silent" if self._epoch else "has not been heard"
            where = f"{self._place.host}:{self._place.port}"
            self._notices.fault(
                self.stage, f"{self.name} ({where}) {said}; the others go on, it is tried again all the time"
            )
