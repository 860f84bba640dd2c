"""When a body counts as a visitor."""

import numpy as np
import pytest

from installation.perception.presence import PresenceGate, agreement, seen_points
from installation.types import Box, FloatArray


def pose(left: float, top: float, right: float, bottom: float) -> FloatArray:
    """A skeleton whose points fill a rectangle, all visible."""
    rng = np.random.default_rng(1)
    points = rng.uniform((left, top), (right, bottom), (33, 2))
    points[:4] = [(left, top), (right, top), (left, bottom), (right, bottom)]
    return np.concatenate([points, np.zeros((33, 1)), np.ones((33, 1))], axis=1).astype(np.float32)


def test_a_detector_that_sees_the_same_person_agrees() -> None:
    assert agreement(pose(0.4, 0.1, 0.6, 0.9), [(0.8, Box(0.38, 0.08, 0.62, 0.95))], 0.35) == pytest.approx(0.8)


@pytest.mark.parametrize(
    "people",
    [
        [],
        [(0.3, Box(0.38, 0.08, 0.62, 0.95))],  # hardly sure
        [(0.9, Box(0.0, 0.1, 0.15, 0.5))],  # somewhere else
        [(0.9, Box(0.0, 0.0, 1.0, 1.0))],  # a far larger thing
    ],
)
def test_a_detector_that_sees_something_else_does_not(people: list[tuple[float, Box]]) -> None:
    assert agreement(pose(0.4, 0.1, 0.6, 0.9), people, 0.35) == 0.0


def test_points_outside_the_picture_or_hidden_do_not_count() -> None:
    body = pose(0.4, 0.5, 0.6, 1.5)
    body[0, 3] = 0.1
    points = seen_points(body)
    assert points[:, 1].max() <= 1.02
    assert not (points == body[0, :2]).all(axis=1).any()


def run(gate: PresenceGate, steps: list[tuple[float, bool, bool]]) -> list[bool]:
    return [gate.update(*step) for step in steps]


def test_evidence_must_last_and_a_flash_is_nobody() -> None:
    gate = PresenceGate(confirm_s=0.25, forget_s=0.7)
    assert run(gate, [(0.0, True, True), (0.1, True, False), (0.2, True, False)]) == [False] * 3
    assert run(gate, [(2.0, True, True), (2.2, True, True), (2.3, True, True)]) == [False, False, True]


def test_a_lost_body_is_kept_for_a_moment_then_gone() -> None:
    gate = PresenceGate(confirm_s=0.0, forget_s=0.7)
    assert run(gate, [(0.0, True, True), (0.5, False, False), (0.69, False, False), (0.8, False, False)]) == [
        True, True, True, False,
    ]  # fmt: skip
    assert gate.update(5.0, True, True)


def test_a_tracked_body_without_any_evidence_is_doubted() -> None:
    gate = PresenceGate(confirm_s=0.0, forget_s=0.7, doubt_s=2.0)
    gate.update(0.0, True, True)
    assert all(gate.update(n / 10, True, False) for n in range(1, 20))
    assert not gate.update(2.1, True, False)


def test_a_phantom_body_is_nobody_for_ever() -> None:
    gate = PresenceGate(confirm_s=0.25, forget_s=0.7)
    assert not any(gate.update(n / 30, True, False) for n in range(3000))


def test_what_is_sure_needs_no_time() -> None:
    gate = PresenceGate(confirm_s=0.25, forget_s=0.7)
    assert not gate.update(0.0, True, False, sure=True)  # sure of what, without evidence?
    assert gate.update(0.1, True, True, sure=True)


def test_evidence_that_begins_again_must_last_again_but_a_visitor_stays() -> None:
    gate = PresenceGate(confirm_s=0.25, forget_s=0.7)
    assert not gate.update(0.0, True, True)
    gate.begin_again()
    assert not gate.update(0.4, True, True)
    assert gate.update(0.7, True, True)
    gate.begin_again()
    assert gate.update(0.8, True, False)


def standing(width: float, height: float, tilt: float = 0.0) -> FloatArray:
    """A skeleton that stands, its middle at 0.5, 0.5, turned in the picture by ``tilt`` radians."""
    rng = np.random.default_rng(2)
    levels = {0: -0.5, 11: -0.32, 12: -0.32, 23: 0.0, 24: 0.0, 25: 0.25, 26: 0.25, 27: 0.48, 28: 0.48, 31: 0.5}
    down = np.array([levels.get(n, -0.5 + 0.02 * n) for n in range(33)]) * height
    across = rng.uniform(-0.5, 0.5, 33) * width
    across[11:13] = (-width / 2, width / 2)
    turned = np.stack([across * np.cos(tilt) - down * np.sin(tilt), across * np.sin(tilt) + down * np.cos(tilt)], 1)
    return np.concatenate([0.5 + turned, np.zeros((33, 1)), np.ones((33, 1))], axis=1).astype(np.float32)


def test_who_stands_sideways_or_in_a_wide_coat_agrees_by_height() -> None:
    coat = [(0.5, Box(0.4, 0.15, 0.6, 0.85))]
    assert agreement(standing(0.07, 0.62), coat, 0.35) == pytest.approx(0.5)
    assert agreement(standing(0.07, 0.4), coat, 0.35) == 0.0, "neither as large nor as high"
    lying = [(0.5, Box(0.15, 0.4, 0.85, 0.6))]
    assert agreement(standing(0.07, 0.62, np.pi / 2), lying, 0.35) == 0.0, "an arm across a table is as long as it is"


def test_a_score_just_high_enough_for_the_detector_is_high_enough() -> None:
    box = Box(0.38, 0.08, 0.62, 0.95)
    assert agreement(pose(0.4, 0.1, 0.6, 0.9), [(0.36, box)], 0.35) == pytest.approx(0.36)
    assert agreement(pose(0.4, 0.1, 0.6, 0.9), [(0.3, box)], 0.2) > 0, "enough for who is known"


def test_whoever_is_known_is_still_there_while_somebody_is_seen_in_that_place() -> None:
    small, around = pose(0.45, 0.3, 0.55, 0.5), [(0.25, Box(0.2, 0.0, 0.8, 1.0))]
    assert agreement(small, around, 0.2) == 0.0
    assert agreement(small, around, 0.2, known=True) == pytest.approx(0.25)
    assert agreement(small, [(0.9, Box(0.7, 0.0, 1.0, 1.0))], 0.2, known=True) == 0.0


def test_of_who_stands_near_head_and_shoulders_are_enough() -> None:
    # The lower border cuts off all below the elbows.
    near = standing(0.24, 1.2)
    near[:, 1] += 0.35
    assert agreement(near, [(0.5, Box(0.25, 0.1, 0.75, 1.0))], 0.35) == pytest.approx(0.5)
    assert agreement(near, [(0.5, Box(0.25, -0.06, 0.75, 0.95))], 0.35) == 0.0, "a thing that is not cut off"
