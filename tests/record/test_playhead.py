"""Played at any speed: time is the piece's, nobody leaps, and a jump is a cut."""

from dataclasses import replace

import numpy as np
import pytest

from installation.capture.simulated.performer import PerformerScript
from installation.config.emotion import BodyConfig, EmotionConfig
from installation.config.poses import PosesConfig
from installation.config.rehearsal import RehearsalConfig
from installation.emotion.fusion import EmotionEstimator
from installation.record.performance import Performance, performance_of
from installation.record.playhead import HOLD_S, SETTLE_S, Playhead
from installation.record.recording import Event
from installation.types import Observation

SCRIPT = PerformerScript(3, 2)
RATE_HZ = 20.0
BEGIN_S = 10.0
"""Both figures are there."""


def made(seconds: float = 4.0, rate_hz: float = RATE_HZ) -> Performance:
    times_s = [BEGIN_S + n / rate_hz for n in range(round(seconds * rate_hz) + 1)]
    return performance_of("two", (Event("observation", t_s, SCRIPT.observe(t_s, 1)) for t_s in times_s))


PERFORMANCE = made()
PLAIN = RehearsalConfig(pause_s=1.0)


def played(
    head: Playhead, seconds: float, config: RehearsalConfig = PLAIN, begin_s: float = 100.0
) -> list[Observation]:
    """As the thread does it, with a clock that is a little late each time."""
    t_s, found, rng = begin_s, [], np.random.default_rng(1)
    while t_s < begin_s + seconds:
        observation = head.tick(t_s, config)
        if observation is not None:
            found.append(observation)
        t_s += head.wait_s(config.speed) + float(rng.uniform(0.0, 0.004))
    return found


@pytest.mark.parametrize("speed", [0.1, 0.5, 1.0, 2.0, 8.0])
def test_time_is_the_pieces_and_people_are_where_they_were(speed: float) -> None:
    head = Playhead(PERFORMANCE)
    seconds = min(3.9 / speed, 5.0)
    found = played(head, seconds, RehearsalConfig(speed=speed))
    times_s = np.array([one.t_s for one in found])
    assert (np.diff(times_s) > 0).all()
    assert [one.seq for one in found] == list(range(1, len(found) + 1))
    assert np.diff(times_s).max() < 0.08
    assert len(found) <= 62 * seconds + 2
    for one in found[::3]:
        at_s = BEGIN_S + (one.t_s - 100.0) * speed
        meant = SCRIPT.observe(at_s, 1).people
        assert [person.id for person in one.people] == [1, 2]
        for got, person in zip(one.people, meant, strict=True):
            # Points 33 ms apart differ by up to 0.05 in the liveliest act; half a jitter besides.
            assert got.pose is not None
            assert person.pose is not None
            assert float(np.abs(got.pose[:, :2] - person.pose[:, :2]).max()) < 0.004 * (1 + 2 * min(speed, 1))


@pytest.mark.parametrize("speed", [0.25, 1.0, 4.0])
def test_motion_is_as_quick_as_the_speed_says(speed: float) -> None:
    estimator = EmotionEstimator(EmotionConfig(), BodyConfig(), PosesConfig())
    found = played(Playhead(PERFORMANCE), 3.9 / speed if speed > 0.5 else 6.0, RehearsalConfig(speed=speed))
    energies = [estimator.estimate(one)[0].energy for one in found]
    least, most = {0.25: (0.0, 0.35), 1.0: (0.25, 0.8), 4.0: (0.6, 1.0)}[speed]
    assert least <= float(np.mean(energies[len(energies) // 4 :])) <= most


def test_it_begins_again_with_new_visitors_after_a_pause() -> None:
    found = played(Playhead(PERFORMANCE), 10.5)
    ids = [tuple(person.id for person in one.people) for one in found]
    runs = [one for n, one in enumerate(ids) if n == 0 or one != ids[n - 1]]
    assert runs == [(1, 2), (), (3, 4), (), (5, 6)]
    nobody = [one.t_s for one in found if not one.people and one.t_s < 107.0]
    assert max(nobody) - min(nobody) == pytest.approx(1.0, abs=0.1)


def test_without_a_loop_nobody_is_there_at_its_end_until_it_loops_again() -> None:
    head, once = Playhead(PERFORMANCE), RehearsalConfig(loop=False)
    found = played(head, 6.0, once)
    assert head.ended
    assert not found[-1].people
    assert found[-1].t_s > 105.9
    assert played(head, 1.0, RehearsalConfig(pause_s=0.0), 106.0)[-1].people
    assert not head.ended


def test_a_paused_moment_stays_there_and_goes_on() -> None:
    head = Playhead(PERFORMANCE)
    played(head, 1.0)
    head.pause(True)
    held = played(head, 2.0, begin_s=101.0)
    assert len(held) >= 55
    assert max(np.diff([one.t_s for one in held])) < 2 * HOLD_S
    first = held[0].people[0].pose
    assert all(np.array_equal(one.people[0].pose, first) for one in held)  # type: ignore[arg-type]
    at_s = head.at_s
    head.pause(False)
    assert [person.id for person in played(head, 0.5, begin_s=103.0)[-1].people] == [1, 2]
    assert head.at_s == pytest.approx(at_s + 0.5, abs=0.05)


def test_a_step_is_one_observation() -> None:
    head = Playhead(PERFORMANCE)
    played(head, 1.0)
    head.step()
    before = head.at_s
    head.step()
    assert head.paused
    assert head.at_s - before == pytest.approx(1 / RATE_HZ)
    shown = head.tick(101.0, PLAIN)
    assert shown is not None
    index = round(head.at_s * RATE_HZ)
    assert np.array_equal(shown.people[0].pose, PERFORMANCE.people(index)[0].pose)  # type: ignore[arg-type]
    for _ in range(100):
        head.step()
    assert 0.0 <= head.at_s <= PERFORMANCE.length_s
    head.seek(99.0)
    assert head.at_s == PERFORMANCE.length_s


@pytest.mark.parametrize(("to_s", "at_s"), [(2.5, 2.5), (-3.0, 0.0), (3.0, 3.0)])
def test_a_jump_is_a_cut(to_s: float, at_s: float) -> None:
    head = Playhead(PERFORMANCE)
    played(head, 1.0)
    head.seek(to_s)
    assert head.at_s == at_s
    found = played(head, 0.28, begin_s=101.0)
    assert not found[0].people
    there = [one for one in found if one.people]
    assert there[0].t_s - 101.0 == pytest.approx(SETTLE_S, abs=0.05)
    assert {person.id for one in there for person in one.people} == {3, 4}


def test_who_drags_through_it_does_not_make_a_crowd() -> None:
    head, given, t_s = Playhead(PERFORMANCE), set(), 100.0
    for n in range(300):
        head.seek(n / 100)
        for one in played(head, 0.05, begin_s=t_s):
            given |= {person.id for person in one.people}
        t_s += 0.05
    assert given == set()
    last = played(head, 0.4, begin_s=t_s)[-1]
    assert [person.id for person in last.people] == [1, 2]


def test_while_the_piece_rests_it_waits_and_nobody_is_there() -> None:
    head = Playhead(PERFORMANCE)
    played(head, 1.0)
    at_s = head.at_s
    resting = [head.tick(101.0 + n / 30, PLAIN, nobody=True) for n in range(60)]
    assert all(one is None or not one.people for one in resting)
    assert head.at_s == at_s
    back = played(head, 0.3, begin_s=103.0)[-1]
    assert [person.id for person in back.people] == [3, 4]


def test_when_somebody_was_looked_at_last_follows_the_speed() -> None:
    observed = [SCRIPT.observe(BEGIN_S + n / RATE_HZ, n) for n in range(20)]
    late = [
        replace(one, people=tuple(replace(person, seen_s=one.t_s - 0.2) for person in one.people)) for one in observed
    ]
    head = Playhead(performance_of("turns", (Event("observation", one.t_s, one) for one in late)))
    for one in played(head, 0.4, RehearsalConfig(speed=2.0)):
        assert [one.t_s - person.seen_s for person in one.people] == pytest.approx([0.1, 0.1], abs=1e-3)  # type: ignore[operator]


def test_a_stall_of_the_machine_skips_nothing() -> None:
    head = Playhead(PERFORMANCE)
    played(head, 1.0)
    at_s = head.at_s
    head.tick(160.0, PLAIN)
    assert head.at_s <= at_s + 0.26
