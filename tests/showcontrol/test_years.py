"""What is sent after a year, and beyond what OSC's integers hold."""

from collections.abc import Callable

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.osc import OscConfig
from installation.showcontrol.address import MANY, T_WRAP_S, within_int32
from installation.showcontrol.addresses import Message, fit
from installation.showcontrol.osc_out.bundle import Bundle
from installation.showcontrol.osc_out.encode import pack
from installation.showcontrol.osc_out.process import MAX_EVENTS, Target
from installation.showcontrol.show_control import ShowControl
from installation.types import Observation

YEAR_S = 365 * 86400.0


class Sent:
    """A show control that is somewhere in its life, and what it sends."""

    def __init__(self) -> None:
        self.bundles: list[Bundle] = []
        self.control = ShowControl(OscConfig(), self.bundles.append)

    def frame(self, seq: int, t_s: float, states: tuple = ()) -> list[Message]:
        seen = Observation(t_s, seq, (), (640, 360))
        self.control.on_observation(seq, t_s, states, None, observation=seen)
        messages = self.bundles[-1].all_messages()
        for packet in self.bundles[-1].packets():
            assert packet
        return messages


def test_numbers_go_on_with_one_after_the_largest_integer() -> None:
    assert [within_int32(number) for number in (1, MANY, MANY + 1, 2 * MANY, 2 * MANY + 1)] == [1, MANY, 1, MANY, 1]
    assert fit("/event/arrived", [MANY + 3, 2 * MANY + 5]) == [3, 5]
    assert fit("/people/ids", [4, MANY + 2]) == [4, 2]
    assert fit("/health", [50.0, 20.0, 1.0, MANY + 5, 0, 700.0])[3] == MANY, "what does not count is clamped"
    for number in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="finite"):
            fit("/event/arrived", [number, 1])
    pack("/mien/frame", "if", fit("/frame", [2**40, 1.0]))


def test_the_time_of_a_picture_can_be_told_from_the_next_ones_after_a_year() -> None:
    sent = Sent()
    sent.frame(1, 0.0)
    times = []
    for number in range(100):
        messages = dict(sent.frame(int(YEAR_S * 50) + number, YEAR_S + number / 50))
        times.append(np.float32(messages["/frame"][1]))
        assert messages["/frame"][0] == int(YEAR_S * 50) + number
    assert 0 <= min(times) <= max(times) <= T_WRAP_S
    assert np.diff(np.array(times, np.float64)) == pytest.approx(1 / 50, abs=0.002)


def test_events_are_sent_on_beyond_the_largest_integer(state_of: Callable) -> None:
    sent = Sent()
    sent.control._event_number = MANY - 1
    arrivals = [
        args
        for number in range(4)
        for path, args in sent.frame(number, number / 30, (state_of("happy", number + 1),))
        if path == "/event/arrived"
    ]
    assert {tuple(args) for args in arrivals} >= {(MANY, 1), (2, 2)}

    # The process that sends goes by numbers of its own, which do not wrap: none is taken for an old one.
    class Nowhere:
        def send(self, packets: list[bytes], now_s: float) -> None: ...
        def close(self) -> None: ...

    spec = {"stage": "osc", "prefix": "", "per_second": 10.0, "addresses": [], "format": "mien"}
    target = Target(spec, Nowhere(), Notices(ManualClock()))  # type: ignore[arg-type]
    for bundle in sent.bundles:
        events = [
            (number, (path, "i" * len(args), args)) for number, (path, args) in bundle.events if "/event/arr" in path
        ]
        target.take({"prefix": "/mien", "messages": [], "events": events, "last": [], "joints": [], "formats": {}})  # type: ignore[typeddict-item]
    assert target._newest_event > MANY
    assert 4 <= len(target._events) <= MAX_EVENTS


def test_a_million_visitors_leave_nothing_behind(state_of: Callable) -> None:
    """A tenth of a million in the numbers, some hundred in what is looked at."""
    sent, sizes = Sent(), []
    for number in range(300):
        sent.bundles.clear()
        sent.frame(
            number, number * 0.5, (state_of("happy", 10**6 + number), state_of("sad", 10**6 + number + 1, x=0.2))
        )
        control = sent.control
        held = (control._last_good, control._labels, control._arrived, control._pending, control._motion._visitors)
        sizes.append(sum(len(one) for one in held))  # type: ignore[arg-type]
    assert max(sizes[150:]) <= max(sizes[5:150])
