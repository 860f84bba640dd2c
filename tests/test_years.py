"""The show a year after its start, and after many visitors: as on the first day, with nothing left of them."""

import gc
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.capture.simulated.performer import PerformerScript
from installation.config.settings import Config
from installation.record.recording import Event
from installation.record.report import RunReport
from installation.show import Show
from installation.showcontrol.last_values import LastValues
from installation.showcontrol.show_control import ShowControl
from installation.types import Observation, SceneState

YEAR_S = 365 * 86400.0
SCRIPT = PerformerScript(1, people=2)


class Play:
    """A show that gets ten observations and frames a second from ``t_s`` on; ``first`` is the number of its first visitor."""

    def __init__(self, t_s: float, first: int) -> None:
        self.values, self.report = LastValues(), RunReport(t_s)
        self.show = Show(Config(), 1, ShowControl(Config().osc, lambda bundle: None, self.values.put))
        self.seen = [SCRIPT.observe(10.0 + n / 10, n) for n in range(100)]
        self.t_s, self.first, self.count = t_s, first, 0

    def step(self, stay: int | None = None) -> SceneState:
        """A tenth of a second; visitors give way to others after ``stay`` steps."""
        seen = self.seen[self.count % len(self.seen)]
        shift = self.first + (2 * (self.count // stay) if stay else 0)
        people = tuple(replace(person, id=person.id + shift) for person in seen.people)
        self.show.take(Event("observation", self.t_s, Observation(self.t_s, self.count, people, seen.frame_size)))
        self.show.take(Event("frame", self.t_s))
        self.count += 1
        self.t_s += 0.1
        assert self.show.scene_state is not None
        return self.show.scene_state


def test_a_year_later_the_show_is_that_of_the_first_day() -> None:
    """Times and numbers are the only difference, and what is drawn may not show them."""
    early, late = Play(1000.0, 0), Play(1000.0 + YEAR_S, 50_000_000)
    for _ in range(120):
        a, b = early.step(), late.step()
    assert np.allclose(a.shapes, b.shapes, atol=1e-4)
    assert np.allclose(a.joints, b.joints, atol=1e-4)
    assert a.look == pytest.approx(b.look, abs=1e-4)
    assert [state.label for state in early.show.states] == [state.label for state in late.show.states]
    for one, other in zip(early.show.states, late.show.states, strict=True):
        assert other.person_id == one.person_id + 50_000_000
        assert np.allclose(one.probabilities, other.probabilities, atol=1e-4)
        assert one.energy == pytest.approx(other.energy, abs=1e-4)


def test_eighty_visitors_leave_nothing_behind() -> None:
    play = Play(0.0, 0)

    def objects() -> Counter[str]:
        # Everybody has faded out and is forgotten: only the last two are known.
        play.t_s += 120.0
        for _ in range(40):
            play.step()
        gc.collect()
        return Counter(type(one).__name__ for one in gc.get_objects())

    for _ in range(30):
        play.step(stay=5)
    play.first, play.count = 100_000, 0
    before = objects()
    for _ in range(200):
        play.step(stay=5)
    play.first, play.count = 200_000, 0
    after = objects()
    grown = {name: count - before[name] for name, count in after.items() if count - before[name] >= 20}
    assert not grown, grown


def test_the_newest_thousand_notices_and_some_hours_of_the_time_line_are_kept() -> None:
    notices, report = Notices(ManualClock()), RunReport(0.0)
    for number in range(1500):
        notices.fault(f"stage {number % 7}", f"{number}")
    for number in range(21_700):
        report.second(YEAR_S + number, (), 640.0)
    assert len(notices.history("fault")) == 1000
    assert len(notices.active()) == 7
    assert len(report._timeline) == 21_600
    assert sum(map(len, report._timeline)) < 8e6
