"""The thread that lamps and instruments share: settings, errors, the end."""

import threading
from collections.abc import Iterator

import pytest

from installation.base.clock import RealClock
from installation.base.notices import Notices
from installation.showcontrol import service_state
from installation.showcontrol.control_thread import ControlThread
from tests.showcontrol.waiting import soon


class Steps(ControlThread[str]):
    """Keeps what it was asked to do; ``broken`` makes it raise."""

    def __init__(self) -> None:
        clock = RealClock()
        self.notices = Notices(clock)
        super().__init__("steps", "first", self.notices, clock)
        self.taken: list[str] = []
        self.steps = self.ends = 0
        self.broken = ""

    def _reconfigure(self, config: str) -> None:
        if self.broken == "settings":
            raise OSError("no such lamp")
        self.taken.append(config)

    def _step(self, now_s: float) -> float | None:
        self.steps += 1
        if self.broken == "step":
            raise OSError("the bulb is out")
        self._state.worked()
        return None

    def _end(self) -> None:
        self.ends += 1


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[Steps]:
    monkeypatch.setattr(service_state, "FIRST_RETRY_S", 0.02)
    made = Steps()
    yield made
    made.close()
    soon(lambda: "steps" not in {thread.name for thread in threading.enumerate()})


def test_settings_are_taken_at_the_start_and_when_they_change_and_it_ends_once(steps: Steps) -> None:
    steps.start()
    soon(lambda: steps.steps == 1)
    steps.reconfigure("second")
    soon(lambda: steps.steps == 2)
    assert steps.taken == ["first", "second"]
    steps.close()
    steps.close()
    assert steps.ends == 1


def test_an_error_is_a_fault_until_a_step_works_again(steps: Steps) -> None:
    steps.broken = "step"
    steps.start()
    soon(lambda: steps.steps > 2)
    (notice,) = steps.notices.active()
    assert (notice.kind, notice.stage) == ("fault", "steps")
    assert "the bulb is out" in notice.message
    steps.broken = ""
    soon(lambda: not steps.notices.active())
    assert len(steps.notices.history("fault")) == 1


def test_settings_that_could_not_be_taken_are_tried_again_and_newer_ones_win(steps: Steps) -> None:
    steps.broken = "settings"
    steps.start()
    soon(lambda: steps.notices.active("fault"))
    assert steps.steps == 0, "the fault stays until the settings are taken"
    steps.broken = ""
    soon(lambda: steps.taken == ["first"])
    soon(lambda: not steps.notices.active())
    steps.broken = "settings"
    steps.reconfigure("second")
    soon(lambda: steps.notices.active("fault"))
    steps.reconfigure("third")
    steps.broken = ""
    soon(lambda: steps.taken[-1] == "third")
    assert "second" not in steps.taken[steps.taken.index("third") :]
