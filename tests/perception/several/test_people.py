"""Two simulated performers before two virtual cameras: one person is one, whatever each camera calls them."""

import numpy as np
import pytest

from installation.perception.several.joined import HOLD_S, Fusion
from installation.perception.several.people import REMEMBER_S
from installation.types import Observation
from tests.perception.several.virtual import Camera, Tracker, Walker, rehearse, settings

LEFT, RIGHT = Camera("left", (-2.0, 5.5, 2.2)), Camera("right", (8.0, 5.5, 2.2))
FRONT, BACK = Camera("front", (3.0, 7.5, 2.2)), Camera("back", (3.0, -3.0, 2.2), mirror=False)
CROSSING = [Walker([(1.0, 1.0), (5.0, 3.0)]), Walker([(5.0, 1.0), (1.0, 3.0)], 1.1, starts_s=0.5)]


@pytest.mark.parametrize("cameras", [(LEFT, RIGHT), (FRONT, BACK)], ids=["sides", "front and back"])
@pytest.mark.parametrize("late_s", [0.0, 0.12])
def test_two_who_cross_are_two_and_keep_their_numbers(cameras: tuple[Camera, Camera], late_s: float) -> None:
    first, second = cameras
    late = Camera(second.name, second.at, second.looks_at, second.mirror, 25.0, late_s)
    found = rehearse((first, late), CROSSING, 12.0)
    assert found.looks == 360
    assert (found.numbers, found.switched) == (2, 0)
    assert found.doubles + found.lost <= 0.03 * found.looks
    assert np.percentile(found.apart_m, 95) < 0.25


def test_a_camera_that_swaps_its_numbers_in_each_crossing_confuses_the_show_for_moments_only() -> None:
    found = rehearse((LEFT, RIGHT), CROSSING, 20.0, swaps=1.0)
    assert found.numbers == 2, "nobody is taken for a newcomer"
    assert found.doubles <= 0.05 * found.looks
    assert found.lost <= 0.05 * found.looks


def test_who_walks_out_of_one_picture_into_the_other_stays_the_same() -> None:
    # Each camera sees its own end of the room, and nobody sees the middle.
    half = ((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0))
    west = Camera("west", (1.0, 5.0, 2.2), looks_at=(0.2, 2.0), marks_m=half)
    east = Camera("east", (5.0, 5.0, 2.2), looks_at=(5.8, 2.0), marks_m=tuple((x + 4.0, y) for x, y in half))
    found = rehearse((west, east), [Walker([(0.2, 1.0), (5.8, 1.0)], 1.2)], 9.0)
    assert (found.numbers, found.switched, found.doubles) == (1, 0, 0)


def still(fusion: Fusion, trackers: list[Tracker], walkers: list[Walker], start_s: float, seconds: float) -> list[int]:
    numbers: list[int] = []
    for k in range(round(seconds * 30)):
        t_s = start_s + k / 30
        for tracker in trackers:
            fusion.take(tracker.camera.name, tracker.observe(walkers, t_s, k)[0])
        fusion.drop_silent(t_s)
        numbers = [person.id for person in fusion.observation(t_s).people]
    return numbers


def test_a_camera_that_falls_silent_is_no_loss_for_who_the_other_sees() -> None:
    walkers = [Walker([(2.0, 2.0), (2.5, 2.0)]), Walker([(4.0, 2.0), (4.5, 2.0)])]
    left, right = Tracker(LEFT, 1), Tracker(RIGHT, 2)
    fusion = Fusion(settings([LEFT, RIGHT]))
    assert still(fusion, [left, right], walkers, 0.0, 1.0) == [1, 2]
    assert still(fusion, [left], walkers, 1.0, 2.0) == [1, 2]
    assert still(fusion, [left, right], walkers, 3.0, 1.0) == [1, 2]
    # Its machine begins anew, with other numbers.
    fusion.drop("left", 4.0)
    assert still(fusion, [Tracker(LEFT, 3), right], list(reversed(walkers)), 4.0, 1.0) == [1, 2]
    fusion.drop_silent(5.0 + HOLD_S)
    assert fusion.observation(5.0 + HOLD_S).people == ()
    fusion.people.see("left", 6.0 + HOLD_S + REMEMBER_S, {})
    assert still(fusion, [left], walkers[:1], 9.0, 1.0) == [3], "away too long: somebody new"


def test_two_numbers_of_one_person_become_one_and_the_older_stays() -> None:
    walkers = [Walker([(2.0, 2.0), (2.5, 2.0)])]
    fusion, config = Fusion(settings([LEFT, RIGHT])), settings([LEFT, RIGHT])
    # The right camera's place is wrong at first: its person stands elsewhere.
    wrong = config.join[1].model_copy(update={"place": [[0.0, 0.5], [0.5, 0.5], [0.6, 1.0], [0.0, 1.0]]})
    fusion.reconfigure(config.model_copy(update={"join": [config.join[0], wrong]}))
    trackers = [Tracker(LEFT, 1), Tracker(RIGHT, 2)]
    assert still(fusion, trackers, walkers, 0.0, 1.0) == [1, 2]
    fusion.reconfigure(config)
    assert still(fusion, trackers, walkers, 1.0, 2.0) == [1]


def test_cameras_without_a_place_are_matched_with_nobody_and_times_go_forward() -> None:
    config = settings([LEFT, RIGHT])
    bare = [one.model_copy(update={"place": []}) for one in config.join]
    fusion = Fusion(config.model_copy(update={"join": bare}))
    walkers = [Walker([(2.0, 2.0), (2.5, 2.0)])]
    seen = Tracker(LEFT, 1, misses=0.0).observe(walkers, 1.0, 1)[0]
    other = Tracker(RIGHT, 1, misses=0.0).observe(walkers, 0.9, 1)[0]
    fusion.take("left", seen)
    fusion.take("right", other)
    first = fusion.observation(1.0)
    assert [person.id for person in first.people] == [1, 2]
    assert first.people[0].box == seen.people[0].box
    fusion.take("left", Observation(0.5, 2, (), (1280, 720)))
    again = fusion.observation(1.0)
    assert len(again.people) == 2, "what is older than what was said already is left out"
    assert again.t_s > first.t_s
    assert again.seq == first.seq + 1
