"""Networks that take turns: what is late comes first, the picture is not kept waiting, and a near face is one visitor."""

import math
from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.config.perception import PerceptionConfig
from installation.perception.bodies import MOVES, _misses_face, speed
from installation.perception.perceiver import Perceiver
from installation.perception.presence import PresenceGate
from installation.perception.track import Face, Track
from installation.perception.tracker import FORGET_PICTURES, TWINS, Tracker
from installation.perception.turns import Budget, Pace, periods
from installation.types import Box, FloatArray, Frame

FACE = Box(0.4, 0.1, 0.7, 0.8)


class Stopwatch:
    """Processor time that passes when work is done."""

    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s


def learnt(limit_ms: float, **costs_ms: float) -> Budget:
    """A budget that knows what kinds of work cost."""
    stopwatch = Stopwatch()
    budget = Budget(limit_ms, stopwatch)
    budget.start()
    for kind, cost_ms in costs_ms.items():
        with budget.spend(kind):
            stopwatch.s += cost_ms / 1000
    return budget


def test_what_waited_longest_comes_first_and_the_rest_where_it_fits() -> None:
    budget = learnt(20.0, pose=15.0, face=12.0, detect=4.0)
    assert budget.choose({"pose": 1.2, "face": 1.5, "detect": 1.1}) == {"face", "detect"}
    assert budget.choose({"pose": 1.6, "face": 1.5, "detect": 0.9}) == {"pose"}
    # The first one whatever it costs; nothing that is not due.
    assert learnt(1.0, pose=15.0).choose({"pose": 1.0}) == {"pose"}
    assert budget.choose({"pose": 0.9, "face": 0.99}) == set()


def test_what_is_late_is_done_whatever_it_costs() -> None:
    budget = learnt(20.0, pose=15.0, face=12.0, detect=4.0)
    assert budget.choose({"pose": math.inf, "face": 2.0, "detect": 1.5}) == {"pose", "face"}


def test_each_kind_gets_its_turn_on_a_machine_that_can_do_one_a_picture() -> None:
    budget, last = learnt(10.0, pose=25.0, face=23.0, detect=16.0), {"pose": 0.0, "face": 0.0, "detect": 0.0}
    every, done = {"pose": 0.06, "face": 0.06, "detect": 0.3}, dict.fromkeys(last, 0)
    for picture in range(1, 241):
        t_s = picture / 24
        chosen = budget.choose({kind: periods(t_s - last[kind], every[kind]) for kind in last})
        assert len(chosen) <= 2
        for kind in chosen:
            last[kind], done[kind] = t_s, done[kind] + 1
    assert done["pose"] > 90
    assert done["face"] > 90
    assert done["detect"] > 15


def test_the_pace_is_the_sources_also_where_pictures_are_left_out() -> None:
    pace = Pace()
    for number in range(0, 200, 3):
        pace.picture(number / 24, number)
    assert pace.source_s == pytest.approx(1 / 24, rel=0.01)
    assert pace.seen_s == pytest.approx(3 / 24, rel=0.01)
    pace.picture(100.0, 201)
    pace.picture(50.0, 202)
    assert pace.seen_s == pytest.approx(3 / 24, rel=0.01)


def pose_at(x: float) -> FloatArray:
    pose = np.zeros((33, 4), np.float32)
    pose[:, 0], pose[:, 1], pose[:, 3] = x, np.linspace(0.1, 0.9, 33), 1.0
    return pose


def test_a_body_moves_by_what_its_points_go_in_a_second() -> None:
    # A hundredth of the picture in 25 ms, of a body that is eight tenths of it tall.
    assert speed(pose_at(0.4), pose_at(0.41), 0.025) == pytest.approx(0.5, rel=1e-3)
    assert speed(pose_at(0.4), pose_at(0.401), 0.04) < MOVES
    hidden = pose_at(0.9)
    hidden[4:, 3] = 0.0
    hidden[:, 3][3:] = 0.0
    assert speed(pose_at(0.4), hidden, 0.04) == 0.0
    assert speed(pose_at(0.4), pose_at(0.5), 0.0) == 0.0


def face(t_s: float, box: Box = FACE) -> Face:
    return Face(t_s, np.zeros((478, 3), np.float32), box, np.zeros(52, np.float32), None, 1.0)


def track_with(box: Box, number: int = 1) -> Track:
    return Track(number, box, PresenceGate(0.25, 0.7), 0.0)


def test_a_pose_beside_a_near_face_is_not_its_body() -> None:
    track = track_with(FACE)
    assert not _misses_face(track, 1.0, pose_at(0.95))
    track.last_face = face(1.0)
    assert _misses_face(track, 1.1, pose_at(0.95))
    assert not _misses_face(track, 1.1, pose_at(0.55))
    # Long ago, or far away: it may have moved.
    assert not _misses_face(track, 2.0, pose_at(0.95))
    track.last_face = face(1.0, Box(0.5, 0.1, 0.55, 0.2))
    assert not _misses_face(track, 1.1, pose_at(0.95))


def test_a_face_read_again_and_again_where_another_has_it_is_one_visitor() -> None:
    tracks = Tracker(6, 0.0, 0.7, 6.0)
    first, second = tracks.begin(FACE, 0.0), tracks.begin(Box(0.0, 0.0, 0.2, 0.2), 0.0)
    assert first is not None
    assert second is not None
    first.id, second.id = 1, 2
    for reading in range(TWINS):
        assert tracks.all == [first, second]
        t_s = 0.1 * reading
        first.last_face = face(t_s)
        second.face = second.last_face = face(t_s + 0.05)
        assert tracks.twin(second, t_s + 0.05) is first
    assert tracks.all == [first]
    assert first.face is not None


def test_visitors_who_pass_each_other_stay_two() -> None:
    tracks = Tracker(6, 0.0, 0.7, 6.0)
    first, second = tracks.begin(FACE, 0.0), tracks.begin(FACE, 0.0)
    assert first is not None
    assert second is not None
    for step in range(20):
        t_s, x = 0.1 * step, 0.05 * step
        first.face = first.last_face = face(t_s, Box(x, 0.2, x + 0.15, 0.4))
        tracks.twin(first, t_s)
        second.face = second.last_face = face(t_s, Box(0.9 - x, 0.22, 1.05 - x, 0.42))
        tracks.twin(second, t_s)
    assert tracks.all == [first, second]


def test_a_person_detected_round_a_near_face_is_its_own() -> None:
    tracks = Tracker(6, 0.0, 0.7, 6.0)
    track = tracks.begin(Box(0.5, 0.85, 0.7, 0.97), 0.0)
    assert track is not None
    track.last_face = face(0.0)
    tracks.detected(0.1, [(0.8, Box(0.2, 0.0, 1.0, 1.0))])
    assert tracks.all == [track]
    assert track.detected_s == 0.1
    # A small face within a large person may be a child's.
    tracks = Tracker(6, 0.0, 0.7, 6.0)
    child = tracks.begin(Box(0.5, 0.5, 0.6, 0.9), 0.0)
    assert child is not None
    child.last_face = face(0.0, Box(0.53, 0.5, 0.57, 0.57))
    tracks.detected(0.1, [(0.8, Box(0.2, 0.0, 1.0, 1.0)), (0.7, Box(0.5, 0.5, 0.6, 0.9))])
    assert len(tracks.all) == 2


def test_nobody_is_forgotten_before_a_few_pictures_were_looked_at() -> None:
    tracks = Tracker(6, 0.0, 0.7, 6.0)
    tracks.paced(1 / 24)
    track = tracks.begin(FACE, 0.0)
    assert track is not None
    assert track.gate.forget_s == 0.7
    tracks.paced(0.25)
    assert track.gate.forget_s == FORGET_PICTURES * 0.25


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize("every", [pytest.param(2, marks=pytest.mark.long), 6])
def test_a_face_that_fills_the_picture_stays_one_visitor_at_any_rate(footage: Path, every: int) -> None:
    perceiver = Perceiver(PerceptionConfig())
    capture, numbers = cv2.VideoCapture(str(footage / "pyfeat_WolfgangLanger_Pexels.mp4")), []
    for seq in range(264):
        good, bgr = capture.read()
        assert good
        if seq % every == 0:
            # The middle seven tenths: the face is as high as the picture.
            near = np.ascontiguousarray(bgr[54:-54, 96:-96, ::-1])
            numbers.append([person.id for person in perceiver.perceive(Frame(seq / 24, seq, near)).people])
    capture.release()
    perceiver.close()
    assert all(found == [1] for found in numbers[3:]), numbers
