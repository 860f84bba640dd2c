"""Stopping is bounded, complete, and says who made trouble."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from installation.base.clock import ManualClock, RealClock
from installation.base.supervisor import StopSignal, Supervisor


def test_every_part_is_closed_even_when_one_raises() -> None:
    closed: list[str] = []

    def broken() -> None:
        raise OSError("device busy")

    supervisor = Supervisor(RealClock())
    supervisor.add("camera", lambda: closed.append("camera"))
    supervisor.add("broken", broken)
    supervisor.add("osc", lambda: closed.append("osc"))
    assert supervisor.stop() == ["broken"]
    supervisor.ended()
    assert sorted(closed) == ["camera", "osc"]


def test_a_part_that_hangs_does_not_hold_up_the_stop() -> None:
    release = threading.Event()
    closed: list[str] = []
    clock = ManualClock()

    def hang() -> None:
        # The time for stopping is over while this part still hangs.
        clock.advance(100.0)
        release.wait(30)

    supervisor = Supervisor(clock)
    supervisor.add("osc", lambda: closed.append("osc"))
    supervisor.add("hanging", hang)
    troubled = supervisor.stop()
    supervisor.ended()
    release.set()
    assert "hanging" in troubled


def test_a_replaced_part_is_the_one_that_is_closed() -> None:
    closed: list[str] = []
    supervisor = Supervisor(RealClock())
    supervisor.add("source", lambda: closed.append("old"))
    supervisor.replace("source", lambda: closed.append("new"))
    supervisor.stop()
    supervisor.ended()
    assert closed == ["new"]


def test_a_signal_sets_the_event_and_the_first_reason_stays() -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        stop = StopSignal()
        stop.install()
        assert not stop.is_set
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.is_set
        stop.set("window closed")
        assert stop.reason == "SIGTERM"
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


HANGS_UP = """
import os, signal
from installation.base.supervisor import StopSignal
signal.signal(signal.SIGHUP, signal.{before})
stop = StopSignal()
stop.install()
os.kill(os.getpid(), signal.SIGHUP)
os.kill(os.getpid(), signal.SIGTERM)
print(stop.reason)
"""


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGHUP")
@pytest.mark.parametrize(
    ("before", "reason"), [("SIG_DFL", "SIGHUP, as a closed terminal sends"), ("SIG_IGN", "SIGTERM")]
)
def test_a_closed_terminal_asks_for_the_end_unless_nohup_keeps_it_away(before: str, reason: str) -> None:
    code = HANGS_UP.format(before=before)
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout == f"{reason}\n"
