"""Who is who: crossings, occlusions, leaving and coming back, with drawn bodies in coloured clothes and no networks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.perception.likeness import assign, clothes, colour_distance, covered, overlap, same_body
from installation.perception.tracker import Tracker
from installation.types import Box, ByteArray, FloatArray

RED, BLUE, GREY = (200, 30, 30), (30, 40, 200), (120, 120, 120)
STEP_S = 1 / 15


def body(x: float, size: float = 0.5) -> FloatArray:
    """(33, 4) a standing figure with its middle at ``x``, ``size`` of the picture tall."""
    pose = np.zeros((33, 4), np.float32)
    pose[:, 3] = 1.0
    pose[:, 0], pose[:, 1] = x, 0.5
    pose[:11, 1] = 0.5 - 0.45 * size
    for left, right, half, y in ((11, 12, 0.12, -0.3), (23, 24, 0.09, 0.05), (13, 14, 0.16, -0.1), (27, 28, 0.09, 0.5)):
        pose[left, :2], pose[right, :2] = (x - half * size, 0.5 + y * size), (x + half * size, 0.5 + y * size)
    return pose


def box_of(pose: FloatArray) -> Box:
    low, high = pose[:, :2].min(axis=0), pose[:, :2].max(axis=0)
    return Box(float(low[0]), float(low[1]), float(high[0]), float(high[1]))


def picture(*people: tuple[FloatArray, tuple[int, int, int]]) -> ByteArray:
    """(180, 320, 3) grey room with each body's trunk in its colour; the last one stands in front."""
    rgb = np.full((180, 320, 3), 90, np.uint8)
    for pose, colour in people:
        left, right = pose[[11, 12], 0] * 320
        rgb[int(pose[11, 1] * 180) : int(pose[23, 1] * 180), max(int(left), 0) : max(int(right), 0)] = colour
    return rgb


def see(tracks: Tracker, t_s: float, rgb: ByteArray, found: list[FloatArray], poses: dict[int, FloatArray]) -> None:
    """One picture: the detector sees ``found``, the pose network of each track number gives ``poses``."""
    tracks.detected(t_s, [(0.8, box_of(pose)) for pose in found])
    for track in list(tracks.all):
        if track.number in poses:
            tracks.posed(track, t_s, poses[track.number], poses[track.number], rgb)
            tracks.agree(track, t_s, 0.8)
        else:
            track.lose_body()
    if tracks.touching(t_s):
        tracks.untangle(t_s)
    tracks.settle(t_s)


def ids(tracks: Tracker) -> dict[int, float]:
    """Where each visitor is."""
    return {track.id: track.box.centre[0] for track in tracks.all if track.id is not None}


def test_newcomers_are_numbered_in_turn_and_no_more_than_may_be_followed() -> None:
    tracks = Tracker(2, confirm_s=0.1, forget_s=0.5, remember_s=5.0)
    people = [body(0.2), body(0.5), body(0.8)]
    for step in range(4):
        see(tracks, step * STEP_S, picture(), people, {1: people[0], 2: people[1]})
    assert ids(tracks) == pytest.approx({1: 0.2, 2: 0.5})


@pytest.mark.parametrize("networks_swap", [False, True])
def test_two_who_cross_keep_their_numbers(networks_swap: bool) -> None:
    # Red walks to the right in front of blue who walks to the left. While they overlap the detector sees one person and
    # both pose networks see red; afterwards the networks may have exchanged their bodies.
    tracks = Tracker(6, confirm_s=0.1, forget_s=1.5, remember_s=5.0)
    for step in range(60):
        t_s, way = step * STEP_S, step / 59
        red, blue = body(0.2 + 0.6 * way), body(0.8 - 0.6 * way)
        rgb = picture((blue, BLUE), (red, RED))
        together = abs(float(red[0, 0] - blue[0, 0])) < 0.07
        found = [red] if together else [red, blue]
        swapped = networks_swap and way > 0.5
        poses = {1: blue, 2: red} if swapped else {1: red, 2: blue}
        if together:
            poses = {1: red, 2: red}
        see(tracks, t_s, rgb, found, poses)
    where = ids(tracks)
    assert where.keys() == {1, 2}
    assert where[1] == pytest.approx(0.8, abs=0.02)
    assert where[2] == pytest.approx(0.2, abs=0.02)


def test_a_short_occlusion_keeps_the_number() -> None:
    tracks = Tracker(6, confirm_s=0.1, forget_s=0.7, remember_s=5.0)
    for step in range(45):
        walker = body(0.1 + 0.5 * step / 45)
        hidden = 20 <= step < 32  # behind a pillar for 0.8 s, longer than a body may be lost
        shown = [] if hidden else [walker]
        poses = {} if hidden else {track.number: walker for track in tracks.all} or {1: walker}
        see(tracks, step * STEP_S, picture((walker, RED)), shown, poses)
    assert ids(tracks).keys() == {1}


@pytest.mark.parametrize(("colour", "after_s", "number"), [(RED, 2.0, 1), (BLUE, 2.0, 2), (RED, 9.0, 2)])
def test_who_comes_back_soon_in_the_same_clothes_is_the_same(
    colour: tuple[int, int, int], after_s: float, number: int
) -> None:
    tracks = Tracker(6, confirm_s=0.1, forget_s=0.5, remember_s=5.0)
    for step in range(15):
        see(tracks, step * STEP_S, picture((body(0.8), RED)), [body(0.8)], {1: body(0.8)})
    assert ids(tracks).keys() == {1}
    for step in range(int(after_s / STEP_S)):
        see(tracks, 1.0 + step * STEP_S, picture(), [], {})
    assert not tracks.all
    back_s = 1.0 + after_s
    for step in range(8):
        see(tracks, back_s + step * STEP_S, picture((body(0.85), colour)), [body(0.85)], {2: body(0.85)})
    assert ids(tracks).keys() == {number}


def test_a_candidate_never_takes_a_visitors_body() -> None:
    tracks = Tracker(6, confirm_s=0.3, forget_s=0.7, remember_s=5.0)
    person = body(0.5)
    for step in range(10):
        see(tracks, step * STEP_S, picture((person, RED)), [person], {1: person})
    # The detector takes an arm for a person; its pose network finds the visitor's body again.
    arm = Box(0.6, 0.3, 0.68, 0.5)
    for step in range(10, 30):
        t_s = step * STEP_S
        tracks.detected(t_s, [(0.8, box_of(person)), (0.5, arm)])
        for track in list(tracks.all):
            tracks.posed(track, t_s, person, person, picture((person, RED)))
        tracks.agree(tracks.all[0], t_s, 0.8)
        tracks.settle(t_s)
    assert ids(tracks).keys() == {1}


def test_clothes_tell_colours_apart_in_other_light_and_do_not_read_beyond_the_border() -> None:
    red, dim_red, blue = (clothes(picture((body(0.5), colour)), body(0.5)) for colour in (RED, (150, 24, 24), BLUE))
    assert red is not None
    assert red.sum() == pytest.approx(1.0, abs=1e-5)
    assert colour_distance(red, dim_red) < 0.3 < 0.8 < colour_distance(red, blue)
    assert colour_distance(red, None) == 0.5
    assert clothes(picture(), body(1.2)) is None


def test_same_body_is_about_torso_lengths() -> None:
    assert same_body(body(0.5), body(0.52))
    assert not same_body(body(0.5), body(0.7))
    assert not same_body(body(0.5, size=0.2), body(0.56, size=0.2))


def test_assignment_is_of_least_total_cost_and_leaves_out_what_is_too_dear() -> None:
    costs = np.array([[0.1, 0.2, 9.0], [0.1, 0.9, 9.0]])
    assert assign(costs, 1.0) == [(0, 1), (1, 0)]
    assert assign(np.array([[5.0]]), 1.0) == []
    assert assign(np.zeros((0, 3)), 1.0) == []


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4), st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_overlap_is_symmetric_and_in_range(a: list[float], b: list[float]) -> None:
    one, two = (Box(min(v[0], v[2]), min(v[1], v[3]), max(v[0], v[2]), max(v[1], v[3])) for v in (a, b))
    assert overlap(one, two) == overlap(two, one)
    assert 0.0 <= overlap(one, two) <= 1.0 + 1e-9


def crowd() -> tuple[Tracker, FloatArray, FloatArray]:
    """Red at 0.3 (number 1) and blue at 0.6 (number 2), both visitors who have just touched."""
    tracks = Tracker(6, confirm_s=0.1, forget_s=0.7, remember_s=5.0)
    red, blue = body(0.3), body(0.6)
    for step in range(20):
        see(tracks, step * STEP_S, picture((blue, BLUE), (red, RED)), [red, blue], {1: red, 2: blue})
    assert ids(tracks).keys() == {1, 2}
    for track in tracks.all:
        track.touched_s = 20 * STEP_S
    return tracks, red, blue


def test_a_body_found_by_the_network_of_one_who_is_hidden_no_more_is_given_to_whom_it_belongs() -> None:
    tracks, _, blue = crowd()
    red_track, blue_track = tracks.all
    blue_track.lose_body()
    # Red's network leaps to blue, whose own network has lost him.
    tracks.posed(red_track, 20 * STEP_S, blue, blue, picture((blue, BLUE)))
    assert (red_track.pose, blue_track.pose is not None) == (None, True)
    assert (red_track.number, blue_track.number) == (2, 1)  # the networks are exchanged, the visitors are not
    assert (red_track.id, blue_track.id) == (1, 2)


def test_a_network_that_follows_one_in_anothers_clothes_is_not_believed() -> None:
    tracks, _, _ = crowd()
    red_track = tracks.all[0]
    elsewhere = body(0.45)  # blue has walked on since his pose was seen
    tracks.posed(red_track, 20 * STEP_S, elsewhere, elsewhere, picture((elsewhere, BLUE)))
    assert red_track.pose is None
    tracks.posed(red_track, 21 * STEP_S, elsewhere, elsewhere, picture((elsewhere, RED)))
    assert red_track.pose is not None


@pytest.mark.parametrize(("colour", "expected"), [(RED, {1, 2}), (GREY, {2, 3})])
def test_a_newcomer_in_the_clothes_of_one_lost_beside_is_the_same(
    colour: tuple[int, int, int], expected: set[int]
) -> None:
    tracks, _, blue = crowd()
    tracks.all[0].lose_body()
    for step in range(20, 29):
        away = body(0.33)
        rgb = picture((blue, BLUE), (away, colour))
        tracks.detected(step * STEP_S, [(0.8, box_of(blue))])
        if step == 24:
            tracks.begin(box_of(away), step * STEP_S)
        for track in tracks.all[1:]:
            pose = blue if track.number == 2 else away
            tracks.posed(track, step * STEP_S, pose, pose, rgb)
            tracks.agree(track, step * STEP_S, 0.8)
        tracks.settle(step * STEP_S)
    assert {track.id for track in tracks.all if track.pose is not None} == expected


def test_who_is_out_of_sight_while_walking_is_awaited_where_the_way_leads() -> None:
    tracks = Tracker(6, confirm_s=0.1, forget_s=0.7, remember_s=5.0)
    for step in range(60):
        walker = body(0.1 + 0.6 * step / 60)
        hidden = 20 <= step < 44  # for 1.6 s
        shown = [] if hidden else [walker]
        # Behind the edge less and less of the body is seen.
        poses = {} if hidden else {track.number: walker for track in tracks.all} or {1: walker}
        see(tracks, step * STEP_S, picture((walker, RED)), shown, poses)
    assert ids(tracks).keys() == {1}


def test_covered_is_the_share_inside() -> None:
    assert covered(Box(0.0, 0.0, 0.2, 0.2), Box(0.1, 0.0, 1.0, 1.0)) == pytest.approx(0.5)
    assert covered(Box(0.0, 0.0, 0.2, 0.2), Box(0.5, 0.5, 1.0, 1.0)) == 0.0
