"""What the operator's page is told of each camera: the median of a second of feet, and nothing at all while nobody looks."""

import math
from dataclasses import replace

import numpy as np
import pytest

from installation.base.homography import corners_of, homography, mapped
from installation.perception.several.floor import feet_of
from installation.perception.several.joined import Fusion
from installation.perception.several.watch import AWAY_S, WATCHED_S, Watch
from installation.types import Observation
from tests.perception.several.virtual import AREA_M, Camera, Tracker, Walker, settings

LEFT, RIGHT = Camera("left", (-2.5, 7.5, 2.6)), Camera("right", (8.5, 7.5, 2.6))


def watched(walkers: list[Walker], seconds: float, fusion: Fusion | None = None) -> tuple[Watch, float]:
    """Two cameras for so long, while somebody looks twice a second; gives the time at the end."""
    watch, fusion = Watch(), fusion or Fusion(settings([LEFT, RIGHT]))
    trackers = [Tracker(LEFT, 1), Tracker(RIGHT, 2)]
    watch.look(0.0)
    for k in range(1, round(seconds * 30)):
        t_s = k / 30
        for tracker in trackers:
            seen = tracker.observe(walkers, t_s, k)[0]
            fusion.take(tracker.camera.name, seen)
            assert watch.is_on(t_s)
            watch.see(tracker.camera.name, seen, fusion.people.numbers(tracker.camera.name), t_s)
        if k % 15 == 0:
            watch.look(t_s)
    return watch, t_s


def test_who_stands_still_is_told_with_the_middle_of_a_second_and_the_shows_number() -> None:
    watch, t_s = watched([Walker([(2.0, 2.5), (2.0, 2.5)], 0.0), Walker([(4.5, 1.0), (4.5, 1.0)], 0.0)], 3.0)
    found = watch.look(t_s)
    assert set(found) == {"left", "right"}
    assert found["left"]["size"] == [1280, 720]
    to_floor = {camera.name: homography(camera.corners(), corners_of(AREA_M)) for camera in (LEFT, RIGHT)}
    for name, camera in found.items():
        assert {one["number"] for one in camera["people"]} == {1, 2}, "those of the show, not the camera's"
        for one in camera["people"]:
            assert one["feet"]
            assert one["strays"] < 0.01
            assert 0.7 < one["for_s"] <= 1.0
            found_m = mapped(to_floor[name], *one["still"])
            assert found_m is not None
            assert math.dist(found_m, (2.0, 2.5) if one["number"] == 1 else (4.5, 1.0)) < 0.15


def test_who_walks_strays_and_who_hides_the_feet_is_told_so() -> None:
    watch, t_s = watched([Walker([(1.0, 2.0), (5.0, 2.0)], 1.0)], 2.0)
    assert watch.look(t_s)["left"]["people"][0]["strays"] > 0.02
    seen = Tracker(LEFT, 1, misses=0.0).observe([Walker([(2.0, 2.5), (2.0, 2.5)], 0.0)], 1.0, 1)[0]
    pose = np.array(seen.people[0].pose)
    pose[25:, 3] = 0.1
    hidden = replace(seen, people=(replace(seen.people[0], pose=pose),))
    watch = Watch()
    watch.look(0.0)
    watch.see("left", hidden, {}, 0.1)
    (one,) = watch.look(0.2)["left"]["people"]
    assert (one["feet"], one["number"]) == (False, 0)
    assert one["at"] == pytest.approx(feet_of(hidden.people[0]), abs=1e-3)


def test_who_has_gone_is_told_no_more() -> None:
    watch, t_s = watched([Walker([(2.0, 2.5), (2.0, 2.5)], 0.0)], 1.0)
    assert len(watch.look(t_s)["left"]["people"]) == 1
    watch.see("left", Observation(t_s + 0.4, 99, (), (1280, 720)), {}, t_s + 0.4)
    assert watch.look(t_s + AWAY_S + 0.2)["left"]["people"] == []


def test_nothing_is_noted_for_who_does_not_look() -> None:
    watch = Watch()
    assert not watch.is_on(0.0)
    watch.look(0.0)
    assert watch.is_on(WATCHED_S - 0.1)
    assert not watch.is_on(WATCHED_S + 0.1)
    watch.see("left", Observation(0.1, 1, (), (640, 480)), {}, 0.1)
    assert set(watch.look(1.0)) == {"left"}
    # Whoever comes back later gets nothing of what was then.
    assert watch.look(1.0 + WATCHED_S + 1.0) == {}
