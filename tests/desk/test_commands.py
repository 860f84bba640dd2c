"""Blackout and restart, as the page asks for them."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from installation.app import BY_HAND, _restarts
from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.base.supervisor import StopSignal
from installation.config.settings import Config
from installation.live_commands.handlers import RunningPiece
from installation.live_commands.table import NETWORK, OPERATOR, VISITOR, CommandError, perform
from installation.record.recording import Event
from installation.show import Show
from installation.showcontrol.show_control import ShowControl

FPS = 50


class Bench:
    """A show and the commands that reach it; ``events`` is what a recording would have."""

    def __init__(self, restart: Callable[[], None] | None = None) -> None:
        self.events: list[Event] = []
        self.lights: list[float] = []
        self.clock = ManualClock()
        self.notices = Notices(self.clock)
        self.sent: list[Any] = []
        self.show = made(self.sent, self.events.append, self.lights)
        nothing: Any = SimpleNamespace()
        self.piece = RunningPiece(
            *(nothing, nothing, nothing, nothing, self.show, self.tell, self.notices, StopSignal()),
            *(nothing, nothing, nothing, nothing, nothing, nothing, restart),
        )

    def tell(self, name: str, args: list[Any]) -> None:
        self.show.take(Event("event", self.clock.now(), {"name": name, "args": args}))

    def go(self, seconds: float) -> None:
        for _ in range(round(seconds * FPS)):
            self.clock.advance(1 / FPS)
            self.show.take(Event("frame", self.clock.now()))


def made(sent: list[Any], record: Callable[[Event], object] | None, lights: list[float]) -> Show:
    config = Config()
    control = ShowControl(config.osc, lambda *packet, **more: sent.append((packet, more)))
    return Show(config, 3, control, record, lambda scene: lights.append(scene.light))  # type: ignore[arg-type]


def test_a_blackout_goes_through_the_show_and_a_replay_has_it() -> None:
    bench = Bench()
    bench.go(0.5)
    perform(bench.piece, OPERATOR, "blackout", [1])
    bench.go(0.5)
    assert bench.lights[-1] == 0.0
    assert [notice.stage for notice in bench.notices.active("note")] == ["blackout"]
    perform(bench.piece, NETWORK, "blackout", [1])  # once more: nothing new
    bench.go(0.2)
    perform(bench.piece, OPERATOR, "blackout")  # the other of the two
    bench.go(0.6)
    assert bench.lights[-1] == 1.0
    assert bench.notices.active() == ()
    told = [event.value for event in bench.events if event.kind == "event"]
    assert told == [{"name": "blackout", "args": [1]}, {"name": "blackout", "args": [0]}]
    sent: list[Any] = []
    lights: list[float] = []
    again = made(sent, None, lights)
    for event in bench.events:
        again.take(event)
    assert lights == bench.lights
    assert repr(sent) == repr(bench.sent)


def test_visitors_can_neither_black_out_nor_restart_and_the_network_cannot_restart() -> None:
    bench = Bench(lambda: pytest.fail("restarted"))
    for caller, name in ((VISITOR, "blackout"), (VISITOR, "restart"), (NETWORK, "restart")):
        with pytest.raises(CommandError):
            perform(bench.piece, caller, name)
    assert not bench.show.is_black


def test_a_restart_is_asked_for_once_where_somebody_starts_the_piece_again() -> None:
    asked: list[bool] = []
    bench = Bench(lambda: asked.append(True))
    perform(bench.piece, OPERATOR, "restart")
    assert asked == [True]
    assert bench.notices.active() == ()


def test_only_a_guarded_piece_can_be_started_again() -> None:
    stop = StopSignal()
    nightly, by_hand = _restarts(stop, True)
    assert nightly is not None
    assert by_hand is not None
    by_hand()
    assert stop.is_set
    assert stop.reason == BY_HAND
    assert _restarts(stop, False) == (None, None)


def test_a_restart_that_nobody_would_follow_up_is_refused_in_one_note() -> None:
    bench = Bench()
    perform(bench.piece, OPERATOR, "restart")
    perform(bench.piece, OPERATOR, "restart")
    (note,) = bench.notices.active()
    assert note.kind == "note"
    assert "run.py guard" in note.message
    assert len(bench.notices.history("note")) == 1
