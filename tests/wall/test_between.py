"""Between two scenes: the ends are the scenes themselves, numbers lie between, and what has no middle does not get one."""

import math
from dataclasses import replace

import numpy as np
import pytest

from installation.record.show_log import scene_digest
from installation.types import BIRTH_COLUMNS, FIGURE_COLUMNS, SHAPE_COLUMNS, SceneState
from installation.wall.between import between, carried_on
from tests.wall.scenes import scenes

X, SEED, PHASE, AGE = (SHAPE_COLUMNS.index(name) for name in ("x", "seed", "phase", "age_s"))
YAW = FIGURE_COLUMNS.index("yaw")


def with_column(scene: SceneState, name: str, column: int, value: float) -> SceneState:
    array = getattr(scene, name).copy()
    array[:, column] = value
    return replace(scene, **{name: array})


def test_the_ends_are_the_scenes_and_the_way_is_even() -> None:
    before, after = scenes(30, 2)[-2:]
    assert scene_digest(between(before, after, 0.0)) == scene_digest(before)
    assert scene_digest(between(before, after, 1.0)) == scene_digest(after)
    middle = between(before, after, 0.25)
    assert middle.t_s == pytest.approx(before.t_s + 0.25 * (after.t_s - before.t_s))
    for name in ("shapes", "joints", "palette", "figures", "moods", "own_palettes", "emotion", "counter"):
        was, will, now = (getattr(one, name) for one in (before, after, middle))
        np.testing.assert_allclose(now, was + 0.25 * (will - was), atol=1e-6, err_msg=name)
    assert middle.look["phase"] == pytest.approx(before.look["phase"] * 0.75 + after.look["phase"] * 0.25)


def test_halfway_is_near_what_the_show_itself_had_there() -> None:
    """Every second frame left out, the one between is drawn nearly as it was."""
    frames = scenes(200, 2)
    for k in range(100, 198, 2):
        guess, truth = between(frames[k], frames[k + 2], 0.5), frames[k + 1]
        np.testing.assert_allclose(guess.shapes, truth.shapes, atol=2e-3)
        np.testing.assert_allclose(guess.palette, truth.palette, atol=2e-3)


def test_visitors_are_followed_by_who_they_are_and_who_is_new_is_where_they_are() -> None:
    first, second = scenes(30, 2)[-2:]
    swapped = replace(
        second,
        **{name: getattr(second, name)[::-1] for name in ("shapes", "joints", "figures", "moods", "own_palettes")},
    )
    middle = between(first, swapped, 0.5)
    np.testing.assert_allclose(middle.shapes[::-1, X], (first.shapes[:, X] + second.shapes[:, X]) / 2, atol=1e-6)
    one, two = scenes(30, 1)[-1], scenes(30, 2)[-1]
    joined = between(one, with_column(two, "shapes", SEED, 0.123), 0.5)
    np.testing.assert_array_equal(joined.shapes[:, X], two.shapes[:, X])


def test_a_seed_and_a_room_are_never_mixed() -> None:
    before, after = scenes(2)
    before = replace(before, look={**before.look, "room": 0.2})
    after = replace(after, look={**after.look, "room": 0.7})
    middle = between(before, after, 0.3)
    assert middle.look["room"] == 0.7
    np.testing.assert_array_equal(middle.shapes[:, SEED], after.shapes[:, SEED])


def test_a_clock_that_is_set_back_does_not_run_backwards() -> None:
    before, after = scenes(2)
    before = replace(with_column(before, "shapes", PHASE, 4095.9), look={**before.look, "phase": 4095.9})
    after = replace(with_column(after, "shapes", PHASE, 0.02), look={**after.look, "phase": 0.02, "renewal": 0.0})
    middle = between(before, after, 0.5)
    assert middle.look["phase"] == 0.02
    assert middle.shapes[0, PHASE] == np.float32(0.02)
    assert middle.look["renewal"] == 0.0


def test_angles_go_the_shorter_way() -> None:
    before, after = scenes(2)
    middle = between(with_column(before, "figures", YAW, 3.1), with_column(after, "figures", YAW, -3.1), 0.5)
    assert abs(abs(float(middle.figures[0, YAW])) - math.pi) < 0.01


def test_what_changes_at_once_does() -> None:
    before, after = scenes(2)
    changing = replace(after, scene="swarm", previous=before.scene, blend=0.02)
    middle = between(replace(before, blend=1.0), changing, 0.5)
    assert (middle.scene, middle.previous, middle.blend) == ("swarm", before.scene, 0.02)
    assert between(replace(before, welcome=0.1), replace(after, welcome=1.0), 0.5).welcome == 1.0
    assert between(replace(before, welcome=0.8), replace(after, welcome=0.6), 0.5).welcome == pytest.approx(0.7)
    assert between(replace(before, notice_s=9.0), replace(after, notice_s=0.1), 0.5).notice_s == 0.1


def test_births_come_go_and_grow() -> None:
    frames = scenes(60)
    born = next(k for k, scene in enumerate(frames) if len(scene.births))
    come = between(frames[born - 1], frames[born], 0.5)
    np.testing.assert_array_equal(come.births, frames[born].births)
    grown = between(frames[born], frames[born + 1], 0.5)
    age = BIRTH_COLUMNS.index("age_s")
    assert frames[born].births[0, age] < grown.births[0, age] < frames[born + 1].births[0, age]
    assert grown.births[0, BIRTH_COLUMNS.index("seed")] == frames[born].births[0, BIRTH_COLUMNS.index("seed")]


def test_nothing_is_changed_in_place() -> None:
    before, after = scenes(30, 2)[-2:]
    digests = [scene_digest(one) for one in (before, after)]
    between(before, after, 0.5)
    carried_on(after, 3.0)
    assert [scene_digest(one) for one in (before, after)] == digests


def test_carried_on_motion_goes_on_and_all_else_stays() -> None:
    scene = scenes(30)[-1]
    later = carried_on(scene, 2.0)
    assert later.t_s == scene.t_s + 2.0
    assert later.look["phase"] == pytest.approx(scene.look["phase"] + 2.0 * scene.look["speed"])
    assert later.shapes[0, AGE] == pytest.approx(scene.shapes[0, AGE] + 2.0, abs=1e-4)
    np.testing.assert_array_equal(later.palette, scene.palette)
    assert carried_on(scene, 0.0) is scene
