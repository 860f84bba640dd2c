"""States that are late, lost, doubled, overtaken or of another start: what is drawn, and how far machines come apart."""

import itertools

import numpy as np
import pytest

from installation.record.show_log import scene_digest
from installation.wall.messages import WallState
from installation.wall.playback import ADRIFT_S, Playback, next_tick_s, tick
from tests.wall.scenes import STEP_S, scenes, told

DELAY_S = 0.1
SCENES = scenes(400)


def states(epoch: str = "one", count: int = 400) -> list[WallState]:
    return [told(scene, k + 1, epoch) for k, scene in enumerate(SCENES[:count])]


def filled(count: int = 400) -> Playback:
    playback = Playback(DELAY_S)
    for state in states(count=count):
        playback.put(state)
    return playback


def test_what_is_drawn_was_a_delay_ago_at_the_ticks_of_the_clock() -> None:
    playback = filled()
    for now_s in np.arange(100.5, 115.0, 0.013):
        shown = playback.at(float(now_s))
        assert shown is not None
        assert shown.scene.t_s == pytest.approx(tick(now_s, STEP_S) * STEP_S - DELAY_S)
        assert shown.frame == tick(now_s, STEP_S)
        assert not shown.is_late


def test_two_machines_that_look_at_other_moments_of_a_tick_draw_the_same_bits() -> None:
    one, two = filled(), filled()
    for k in range(2540, 2800):
        early, late = one.at(k * STEP_S - 0.3 * STEP_S), two.at(k * STEP_S + 0.4 * STEP_S)
        assert early is not None
        assert late is not None
        assert early.frame == late.frame == k
        assert scene_digest(early.scene) == scene_digest(late.scene)


def test_before_the_first_state_there_is_nothing() -> None:
    playback = Playback(DELAY_S)
    assert playback.at(100.0) is None
    playback.put(states()[0])
    assert playback.at(100.0) is None, "it would be shown before its time"
    assert playback.at(100.0 + DELAY_S + STEP_S) is not None


def test_lost_states_are_counted_and_what_lies_between_is_drawn() -> None:
    playback = Playback(DELAY_S)
    kept = [state for state in states() if state.number % 5]
    for state in kept:
        playback.put(state)
    assert playback.lost == 400 - len(kept) - 1  # the last one of all, nobody knows of
    shown = playback.at(104.0)
    assert shown is not None
    truth = filled().at(104.0)
    assert truth is not None
    np.testing.assert_allclose(shown.scene.shapes, truth.scene.shapes, atol=1e-3)
    assert shown.frame == truth.frame


def test_any_order_within_the_delay_gives_the_same_pictures() -> None:
    rng = np.random.default_rng(4)
    order = sorted(range(400), key=lambda k: k + 1.9 * rng.random())
    ordered, mixed = states(), Playback(DELAY_S)
    truth = Playback(DELAY_S)
    waiting = iter(order)
    ahead: list[int] = list(itertools.islice(waiting, 4))
    for k in ahead:
        mixed.put(ordered[k])
    for k in range(400):
        truth.put(ordered[k])
        if (following := next(waiting, None)) is not None:
            mixed.put(ordered[following])
        now_s = 100.0 + k * STEP_S
        one, two = truth.at(now_s), mixed.at(now_s)
        if one is None or two is None:
            continue
        assert one.frame == two.frame
        assert scene_digest(one.scene) == scene_digest(two.scene)
    assert mixed.reordered > 50
    assert mixed.lost == 0


def test_a_state_twice_is_one() -> None:
    playback = filled(50)
    for state in states(count=50):
        assert not playback.put(state)
    assert (playback.lost, playback.reordered) == (0, 0)


def test_late_states_hold_the_picture_and_it_says_so() -> None:
    playback = filled(100)
    last = SCENES[99].t_s
    shown = playback.at(last + DELAY_S + 5 * STEP_S)
    assert shown is not None
    assert shown.is_late
    assert shown.frame == tick(last + DELAY_S, STEP_S)
    assert scene_digest(shown.scene) == scene_digest(SCENES[99])
    for state in states(count=130)[100:]:
        playback.put(state)
    caught_up = playback.at(last + DELAY_S + 6 * STEP_S)
    assert caught_up is not None
    assert caught_up.frame == tick(last + DELAY_S + 6 * STEP_S, STEP_S)
    assert not caught_up.is_late


def test_without_a_leader_motion_goes_on_alike_on_all_machines() -> None:
    one, two = filled(100), filled(100)
    last = SCENES[99].t_s
    numbers = []
    for k in range(50):
        now_s = last + DELAY_S + ADRIFT_S + k * STEP_S
        first, second = one.at(now_s), two.at(now_s + 0.3 * STEP_S)
        assert first is not None
        assert second is not None
        assert scene_digest(first.scene) == scene_digest(second.scene)
        numbers.append(first.frame)
    assert numbers[-1] - numbers[0] >= 48
    assert one.at(last + 10.0).scene.look["phase"] > SCENES[99].look["phase"]  # type: ignore[union-attr]


def test_time_never_goes_back() -> None:
    playback = filled()
    latest = playback.at(110.0)
    before = playback.at(105.0)
    assert latest is not None
    assert before is not None
    assert before.scene.t_s >= latest.scene.t_s


def test_a_leader_that_starts_anew_is_followed_at_once_and_the_old_one_no_more() -> None:
    playback = filled(200)
    assert playback.at(107.0) is not None
    assert playback.put(told(scenes(1, start_s=5.0)[0], 1, "two"))
    assert playback.epoch == "two"
    assert playback.newest is not None
    assert playback.newest.scene.t_s == 5.0
    assert not playback.put(states(count=300)[250]), "what the old leader had sent comes too late"
    assert playback.epoch == "two"
    shown = playback.at(5.0 + DELAY_S + STEP_S)
    assert shown is not None
    assert shown.scene.t_s == 5.0


def test_memory_stays_bounded_where_nobody_draws() -> None:
    playback = Playback(DELAY_S)
    scene = SCENES[0]
    for number in range(1, 6000):
        playback.put(told(scene, number))
    assert len(playback._states) <= 2048


@pytest.mark.parametrize(("now_s", "due_s"), [(1.0, 1.04), (1.001, 1.04), (1.0399, 1.08), (1.02, 1.04)])
def test_the_next_tick(now_s: float, due_s: float) -> None:
    assert next_tick_s(now_s, 0.04) == pytest.approx(due_s)


def test_a_wall_that_goes_slower_draws_fewer_moments_and_counts_the_same_ticks() -> None:
    one, two = Playback(DELAY_S), Playback(DELAY_S)
    for k, scene in enumerate(SCENES):
        for playback in (one, two):
            playback.put(told(scene, k + 1, every=5))
    frames = set()
    for k in range(2520, 2700):
        first, second = one.at(k * STEP_S), two.at(k * STEP_S + 0.3 * STEP_S)
        assert first is not None
        assert second is not None
        assert first.frame % 5 == 0
        assert abs(first.frame - k) <= 3
        assert abs(first.frame - second.frame) in (0, 5)
        frames.add(first.frame)
    assert len(frames) == 36 + 1
