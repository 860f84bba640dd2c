"""The real networks on real footage (a few pictures a clip; benchmarks/perception.py looks at all)."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.config.perception import PerceptionConfig
from installation.perception.crops import (
    cut_square,
    end_squares,
    follow,
    from_crop,
    hand_square,
    head_square,
    only,
    out_of,
    window_round,
    within,
)
from installation.perception.landmarkers import PoseFinder
from installation.perception.perceiver import Perceiver
from installation.perception.turns import Budget, PosePool
from installation.types import Box, Frame, Observation

pytestmark = pytest.mark.usefixtures("models")


def look(
    path: Path, count: int, first: int = 0, stride: int = 1, config: PerceptionConfig | None = None
) -> list[Observation]:
    """Observations of every ``stride``-th picture of a clip, at the clip's own pace."""
    capture, perceiver, seen = cv2.VideoCapture(str(path)), Perceiver(config or PerceptionConfig()), []
    for number in range(first + count * stride):
        good, bgr = capture.read()
        if not good:
            break
        if number >= first and (number - first) % stride == 0:
            rgb = np.ascontiguousarray(bgr[:, ::-1, ::-1])
            seen.append(perceiver.perceive(Frame(number / 25, number, rgb)))
    perceiver.close()
    capture.release()
    return seen


def test_a_visitor_close_by_is_seen_with_body_and_face(footage: Path) -> None:
    seen = look(footage / "pyfeat_single_face.mp4", 24)
    last = seen[-1].people
    assert len(last) == 1
    (person,) = last
    assert person.pose is not None
    assert person.face is not None
    assert person.blendshapes is not None
    assert person.pose.shape == (33, 4)
    assert person.face.shape == (478, 3)
    assert person.blendshapes.shape == (52,)
    assert person.face_box is not None
    nose = person.pose[0]
    assert person.face_box.left < nose[0] < person.face_box.right
    assert person.face_box.top < nose[1] < person.face_box.bottom
    assert not person.pose.flags.writeable


def test_a_far_visitor_is_seen_with_a_face_from_the_head_crop(footage: Path) -> None:
    seen = look(footage / "tfjs_pose_1.mp4", 30)
    assert len(seen[-1].people) == 1
    assert any(person.face is not None for observation in seen for person in observation.people)


@pytest.mark.parametrize(
    "name",
    [
        "pyfeat_no_face.mp4",
        *(pytest.param(name, marks=pytest.mark.long) for name in ("intel_people-detection.gif", "intel_bottle.mp4")),
    ],
)
def test_nobody_is_seen_where_nobody_is(footage: Path, name: str) -> None:
    seen = look(footage / name, 60, stride=2)
    assert len(seen) > 10
    assert sum(bool(observation.people) for observation in seen) <= 0.02 * len(seen)


def test_a_frame_that_is_no_picture_is_refused_and_the_next_one_is_seen(footage: Path) -> None:
    bgr = cv2.imread(str(footage / "astronaut.png"))
    rgb = np.ascontiguousarray(bgr[:, :, ::-1])
    perceiver = Perceiver(PerceptionConfig(confirm_s=0.0))
    assert perceiver.perceive(Frame(0.0, 1, rgb)).people
    for bad in (np.zeros((0, 10, 3), np.uint8), np.zeros((10, 10), np.uint8), np.zeros((10, 10, 3), np.float32)):
        with pytest.raises((ValueError, RuntimeError)):
            perceiver.perceive(Frame(0.1, 2, bad))
    assert perceiver.perceive(Frame(0.2, 3, rgb)).people
    perceiver.close()


def test_the_head_square_holds_the_head_and_may_pass_the_border() -> None:
    pose = np.zeros((33, 4), np.float32)
    pose[:11, 0], pose[:11, 1] = np.linspace(0.01, 0.05, 11), np.linspace(0.02, 0.04, 11)
    left, top, right, bottom = head_square(pose, 640, 360)
    assert right - left == pytest.approx(bottom - top, abs=1)
    assert left < 0.01 * 640
    assert right > 0.05 * 640
    crop = cut_square(np.full((360, 640, 3), 255, np.uint8), (left, top, right, bottom))
    assert crop is not None
    assert crop.shape == (256, 256, 3)
    assert crop[0, 0, 0] == 0  # beyond the border
    assert crop[-1, -1, 0] == 255
    assert cut_square(np.zeros((360, 640, 3), np.uint8), (700, 0, 760, 60)) is None


def test_landmarks_of_a_crop_land_where_the_crop_was_cut() -> None:
    points = np.array([[0.0, 0.0, 0.0], [1.0, 1.0, 0.5]], np.float32)
    back = from_crop(points, (100, 50, 300, 250), 400, 500)
    assert back[:, :2] * [400, 500] == pytest.approx(np.array([[100, 50], [300, 250]]))
    assert back[1, 2] == pytest.approx(0.5 * 200 / 400)


def test_a_hand_is_cut_beyond_the_wrist_and_only_where_it_is_seen() -> None:
    pose = np.zeros((33, 4), np.float32)
    pose[13, :2], pose[15, :2], pose[[17, 19, 21], :2] = (0.3, 0.5), (0.4, 0.5), (0.45, 0.5)
    pose[15, 3] = 1.0
    left, top, right, bottom = hand_square(pose, 0, 1000, 1000) or (0, 0, 0, 0)
    assert left < 400 < 450 < right
    assert right - left == bottom - top == 220  # 2.2 times the fingers' 50 pixels to each side
    assert hand_square(pose, 1, 1000, 1000) is None


def test_all_but_one_place_is_blackened() -> None:
    rgb = np.full((10, 20, 3), 7, np.uint8)
    shown = only(rgb, Box(0.5, 0.0, 1.0, 0.5))
    assert shown.shape == rgb.shape
    assert shown[:5, 10:].min() == 7
    assert shown.sum() == 7 * 5 * 10 * 3


def test_two_heads_are_two_visitors_with_faces_and_numbers_that_last(footage: Path) -> None:
    seen = look(footage / "intel_head-pose-face-detection-female-and-male.gif", 20)
    assert all(sorted(person.id for person in observation.people) == [1, 2] for observation in seen[8:])
    first, second = seen[-1].people
    assert abs(first.box.centre[0] - second.box.centre[0]) > 0.3
    assert first.face is not None
    assert second.face is not None


def test_people_take_turns_when_the_budget_is_small_and_all_stay(footage: Path) -> None:
    capture = cv2.VideoCapture(str(footage / "intel_head-pose-face-detection-female-and-male.gif"))
    perceiver = Perceiver(PerceptionConfig(budget_s=0.01))
    looked: dict[int, int] = {1: 0, 2: 0}
    for number in range(40):
        _, bgr = capture.read()
        seen = perceiver.perceive(Frame(number / 25, number, np.ascontiguousarray(bgr[:, ::-1, ::-1])))
        if number >= 20:
            assert {person.id for person in seen.people} == {1, 2}
            for person in seen.people:
                looked[person.id] += person.seen_s is None
    perceiver.close()
    assert min(looked.values()) >= 8


def test_a_window_stays_in_the_picture_and_becomes_the_whole_for_a_near_body() -> None:
    far = window_round(Box(0.9, 0.4, 0.96, 0.6), 1280, 720)
    assert (far >= 0).all()
    assert (far <= [1280, 720, 1280, 720]).all()
    assert far[3] - far[1] == pytest.approx(1.7 * 0.2 * 720)
    assert window_round(Box(0.2, 0.0, 0.8, 1.0), 1280, 720) == pytest.approx([0, 0, 1280, 720])
    gone = window_round(Box(1.5, 1.2, 1.6, 1.4), 1280, 720)
    assert (gone[2:] - gone[:2] >= 40).all()


def test_a_window_glides_after_a_walker_and_leaps_to_somebody_else() -> None:
    here = window_round(Box(0.4, 0.4, 0.46, 0.6), 1280, 720)
    near = window_round(Box(0.42, 0.4, 0.48, 0.6), 1280, 720)
    away = window_round(Box(0.8, 0.4, 0.86, 0.6), 1280, 720)
    assert follow(here, near) == pytest.approx((here + near) / 2)
    assert follow(here, away) == pytest.approx(away)
    assert follow(None, near) == pytest.approx(near)


def test_boxes_go_into_a_cut_and_come_out_of_it_again() -> None:
    left, right = end_squares(1280, 720)
    assert (left, right) == ((0, 0, 720, 720), (560, 0, 1280, 720))
    assert end_squares(640, 600) == []
    box = Box(0.6, 0.2, 0.8, 0.9)
    assert out_of(within(box, right, 1280, 720), right, 1280, 720) == pytest.approx(box)
    assert out_of(Box(0.0, 0.2, 0.3, 0.9), right, 1280, 720) is None  # cut in two by the inner edge
    assert out_of(Box(0.0, 0.2, 0.3, 0.9), left, 1280, 720) is not None  # at the picture's own edge


def test_a_far_visitor_is_found_at_once_and_has_a_face(footage: Path) -> None:
    seen = look(footage / "sports2d_demo.mp4", 8)
    assert all(len(observation.people) == 1 for observation in seen[3:])
    (person,) = seen[-1].people
    assert person.box.height < 0.5
    assert person.face is not None


def test_hands_are_read_as_gestures_where_they_are_wanted(footage: Path) -> None:
    # The sign for "help" is a thumb-up on the other palm. With time enough: how the budget is shared is another test's.
    seen = look(footage / "intel_asl_help.mkv", 58, config=PerceptionConfig(gestures=True, budget_s=1.0))
    assert any("Thumb_Up" in person.gestures for observation in seen for person in observation.people)
    without = look(footage / "intel_asl_help.mkv", 12)
    assert not any(person.gestures for observation in without for person in observation.people)


def test_a_budget_learns_what_work_costs_and_leaves_time_for_what_is_due() -> None:
    now_s = 0.0
    budget = Budget(50.0, lambda: now_s)
    budget.start()
    assert budget.allows("pose", "face")  # nothing is known yet
    for kind, cost_s in (("pose", 0.018), ("face", 0.015)):
        with budget.spend(kind):
            now_s += cost_s
    assert budget.spent_ms == pytest.approx(33.0)
    assert not budget.allows("pose")
    assert budget.allows("face")
    budget.start()
    assert budget.allows("pose", "face")
    assert not budget.allows("pose", "pose", "face")
    assert budget.total_ms == pytest.approx({"pose": 18.0, "face": 15.0})


class Finder:
    """In the place of a pose network."""

    closed = 0

    def __init__(self, masks: bool) -> None:
        self.masks, self.open = masks, True

    def close(self) -> None:
        assert self.open, "closed twice"
        self.open = False
        Finder.closed += 1


def test_work_that_was_dear_once_is_tried_again() -> None:
    now_s = 0.0
    budget = Budget(50.0, lambda: now_s)
    budget.start()
    with budget.spend("hand"):
        now_s += 0.08  # the first call of a network
    waited = 0
    while not budget.allows("hand") and waited < 200:
        budget.start()
        waited += 1
    assert 10 < waited < 100


def test_each_body_gets_a_network_and_what_nobody_needed_for_a_minute_is_closed() -> None:
    Finder.closed, made = 0, []

    def make(masks: bool) -> Finder:
        made.append(Finder(masks))
        return made[-1]

    pool = PosePool(make, 4)  # type: ignore[arg-type]

    def keep(numbers: set[int], t_s: float) -> None:
        pool.keep(numbers, t_s)
        if pool._maker is not None:
            pool._maker.join()

    first = pool.of(1)
    assert first is not None
    assert pool.of(2) is None
    keep({1, 2, 3, 4, 5}, 0.0)
    assert len(made) == 4
    assert len({id(pool.of(number)) for number in (1, 2, 3, 4)}) == 4
    assert pool.of(5) is None
    assert pool.of(1) is first
    keep({2, 3, 4}, 1.0)
    assert pool.of(5) is first
    for t_s in (2.0, 59.0):
        keep({2}, t_s)
    assert Finder.closed == 0
    keep({2}, 63.0)
    assert Finder.closed == 3
    assert pool.of(2) is not None
    pool.close()
    assert Finder.closed == 4


@pytest.mark.parametrize(("people", "most"), [(1, 6), (2, 6), (6, 6), (1, 1)])
def test_all_networks_are_replaced_when_another_kind_is_wanted(people: int, most: int) -> None:
    Finder.closed, made, alive = 0, [], []

    def make(masks: bool) -> Finder:
        made.append(Finder(masks))
        alive.append(len(made) - Finder.closed)
        return made[-1]

    pool = PosePool(make, most)  # type: ignore[arg-type]
    numbers = set(range(people))

    def look() -> list[bool]:
        kinds = [finder.masks for number in numbers if (finder := pool.of(number)) is not None]
        pool.keep(numbers, 0.0)
        if pool._maker is not None:
            pool._maker.join()
        return kinds

    for _ in range(people + 2):
        kinds = look()
    assert kinds == [False] * people
    for masks in (True, False, True):
        pool.want(masks)
        for _ in range(2 * people + 4):
            kinds = look()
            # Nobody goes without a network meanwhile, and there is never more than one too many.
            assert len(kinds) == people
        assert kinds == [masks] * people
    assert max(alive) <= min(people + 1, most) + 1 or max(alive) <= 3
    pool.close()
    assert Finder.closed == len(made)


@pytest.mark.parametrize("people", [1, 2, 3])
def test_a_network_that_is_in_use_is_never_closed_though_another_kind_was_wanted_first(people: int) -> None:
    pool = PosePool(Finder, 6)  # type: ignore[arg-type]
    pool.want(True)
    for _ in range(8):
        finders = [finder for number in range(people) if (finder := pool.of(number)) is not None]
        assert len(set(map(id, finders))) == len(finders), "one network follows one body"
        pool.keep(set(range(people)), 0.0)
        if pool._maker is not None:
            pool._maker.join()
        assert all(finder.open for finder in pool._used.values())  # type: ignore[attr-defined]
    assert [finder.masks for finder in finders] == [True] * people
    pool.close()


@pytest.mark.parametrize("width", [384, 381, 378])
def test_masks_come_with_any_width_and_leave_the_landmarks_where_they_are(footage: Path, width: int) -> None:
    capture = cv2.VideoCapture(str(footage / "intel_asl_again.mkv"))
    plain, masked = PoseFinder(0.5), PoseFinder(0.5, masks=True)
    for _ in range(6):
        _, bgr = capture.read()
        rgb = np.ascontiguousarray(cv2.resize(bgr, (width, 289))[:, :, ::-1])
        bare, found = plain.find(rgb), masked.find(rgb)
    capture.release()
    plain.close()
    masked.close()
    assert bare is not None
    assert found is not None
    assert bare.mask is None
    assert found.mask is not None
    assert found.mask.shape == (289, width)
    assert 0.15 < found.mask.mean() < 0.5
    assert found.pose[:, :2] == pytest.approx(bare.pose[:, :2], abs=0.02)


def silhouettes_of(path: Path, count: int, fps: float, first: int = 0) -> list[tuple[Observation, np.ndarray | None]]:
    """Observations and silhouettes of a clip from its picture ``first`` on. Waits where a network is being made."""
    capture, perceiver, seen = cv2.VideoCapture(str(path)), Perceiver(PerceptionConfig()), []
    for number in range(first + count):
        _, bgr = capture.read()
        if number < first:
            continue
        rgb = np.ascontiguousarray(bgr[:, ::-1, ::-1])
        observation = perceiver.perceive(Frame(number / fps, number, rgb), masks=True)
        maker = perceiver._poses._maker
        if maker is not None:
            maker.join()
        seen.append((observation, perceiver.silhouette()))
    perceiver.close()
    capture.release()
    return seen


@pytest.mark.parametrize(
    ("clip", "count", "fps", "first", "people"),
    [
        ("pyfeat_single_face.mp4", 16, 30, 0, 1),
        ("tfjs_pose_1.mp4", 16, 30, 0, 1),
        ("intel_head-pose-face-detection-female-and-male.gif", 20, 15, 0, 2),
    ],
)
def test_a_silhouette_covers_the_visitors_and_not_the_room(
    footage: Path, clip: str, count: int, fps: float, first: int, people: int
) -> None:
    observation, alpha = silhouettes_of(footage / clip, count, fps, first)[-1]
    assert alpha is not None
    assert max(alpha.shape) == 256
    assert alpha.dtype == np.uint8
    height, width = alpha.shape
    assert abs(width / height - observation.frame_size[0] / observation.frame_size[1]) < 0.02
    assert len(observation.people) == people
    far = np.ones_like(alpha)
    for person in observation.people:
        assert person.pose is not None
        inside = person.pose[[0, 11, 12], :2].mean(axis=0)  # between nose and shoulders
        assert alpha[int(inside[1] * height), int(inside[0] * width)] > 240
        x0, x1 = int((person.box.left - 0.1) * width), int((person.box.right + 0.1) * width)
        far[:, max(x0, 0) : max(x1, 0)] = 0
    assert far.any()
    assert (alpha[far == 1] < 16).mean() > 0.98


def test_there_is_no_silhouette_of_an_empty_scene_and_none_unless_asked_for(footage: Path) -> None:
    seen = silhouettes_of(footage / "pyfeat_no_face.mp4", 6, 25)
    assert all(alpha is not None and not alpha.any() for _, alpha in seen)
    perceiver = Perceiver(PerceptionConfig())
    perceiver.perceive(Frame(0.0, 1, np.zeros((90, 160, 3), np.uint8)))
    assert perceiver.silhouette() is None
    perceiver.close()
