"""The simulated performer is whole, smooth, repeatable, and shows every mood."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.capture.performer import (
    CYCLE_S,
    FOREARM,
    HIP,
    SHANK,
    SHOULDER,
    SHOW_S,
    THIGH,
    TORSO,
    UPPER_ARM,
    PerformerScript,
    SimulatedPerformer,
)
from installation.clock import RealClock
from installation.types import EMOTIONS

LIMBS = {
    (11, 13): UPPER_ARM, (12, 14): UPPER_ARM, (13, 15): FOREARM, (14, 16): FOREARM,
    (23, 25): THIGH, (24, 26): THIGH, (25, 27): SHANK, (26, 28): SHANK, (11, 12): 2 * SHOULDER, (23, 24): 2 * HIP,
}  # fmt: skip


@given(st.floats(0, 5 * CYCLE_S), st.integers(0, 1000))
def test_limbs_keep_their_length_and_all_is_finite(t_s: float, seq: int) -> None:
    for person in PerformerScript(3).observe(t_s, seq).people:
        assert person.pose is not None
        assert person.pose_world is not None
        xyz = person.pose_world[:, :3]
        for (a, b), length in LIMBS.items():
            assert np.linalg.norm(xyz[a] - xyz[b]) == pytest.approx(length, abs=0.03)
        shoulders, hips = xyz[[11, 12]].mean(axis=0), xyz[[23, 24]].mean(axis=0)
        assert np.linalg.norm(shoulders - hips) == pytest.approx(TORSO, abs=0.03)
        for array in (person.pose, person.pose_world, person.face, person.expression, person.blendshapes):
            assert array is not None
            assert np.isfinite(array).all()
            assert not array.flags.writeable


def test_the_same_seed_gives_the_same_bits_and_another_one_others() -> None:
    a, b, c = (PerformerScript(seed).observe(8.0, 240).people[0].pose for seed in (1, 1, 2))
    assert a is not None
    assert b is not None
    assert c is not None
    assert np.array_equal(a, b)
    assert not np.array_equal(a, c)


def test_every_mood_lasts_at_least_five_seconds_and_then_nobody_is_there() -> None:
    script = PerformerScript(1)
    shown = dict.fromkeys(EMOTIONS, 0)
    empty = 0
    for n in range(int(CYCLE_S * 10)):
        people = script.observe(n / 10, n).people
        if people:
            assert people[0].expression is not None
            shown[EMOTIONS[int(people[0].expression.argmax())]] += 1
        else:
            empty += 1
    assert min(shown.values()) >= 50
    assert empty >= 35
    assert script.observe(1.5, 45).people
    assert not script.observe(SHOW_S + 1, 999).people
    assert script.observe(CYCLE_S + 2, 1).people[0].id == 2


def test_nothing_jumps_between_two_pictures() -> None:
    script = PerformerScript(1)
    last = None
    for n in range(int(SHOW_S * 30)):
        people = script.observe(n / 30, 7).people
        if people and last is not None:
            assert people[0].pose_world is not None
            step = np.linalg.norm(people[0].pose_world[:, :3] - last, axis=1).max()
            assert step < 0.16, f"at {n / 30:.2f} s"
        last = people[0].pose_world[:, :3] if people and people[0].pose_world is not None else None


def test_the_thread_delivers_and_ends() -> None:
    performer = SimulatedPerformer(1, RealClock())
    performer.start()
    first = performer.observations.wait_newer(0, 5.0)
    assert first is not None
    second = performer.observations.wait_newer(first[0], 5.0)
    assert second is not None
    assert second[1].t_s > first[1].t_s
    performer.close()
    assert performer.observations.closed
