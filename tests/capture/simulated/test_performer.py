"""The simulated performer as the stages after it see it."""

import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from installation.base.clock import RealClock
from installation.capture.simulated import acts
from installation.capture.simulated.figure import ANGLES, HEAD_POINTS, Posture, skeleton
from installation.capture.simulated.performer import RATE_HZ, PerformerScript, SimulatedPerformer, silhouette_of
from installation.capture.simulated.picture import figure_picture, figure_silhouette
from installation.types import EMOTIONS, Observation, Person

LIMBS = [
    (11, 12), (23, 24), (11, 13), (13, 15), (12, 14), (14, 16), (23, 25), (25, 27), (24, 26), (26, 28),
    (27, 29), (29, 31), (15, 19), (7, 8), (0, 7), (9, 10),
]  # fmt: skip
ARRAYS = ("pose", "pose_world", "face", "blendshapes", "expression")


def stream(script: PerformerScript, seconds: float = acts.CYCLE_S, rate_hz: float = 5.0) -> list[Observation]:
    return [script.observe(k / rate_hz, k) for k in range(round(seconds * rate_hz))]


@pytest.fixture(scope="module")
def visit() -> list[Observation]:
    return stream(PerformerScript(3))


def test_a_minute_holds_every_mood_and_emptiness(visit: list[Observation]) -> None:
    script = PerformerScript(3)
    assert acts.CYCLE_S == pytest.approx(60.0)  # noqa: SIM300
    assert visit[0].people == ()
    assert PerformerScript(3).observe(1.5, 0).people != ()
    empty_s = sum(not observation.people for observation in visit) / 5
    assert 3.0 <= empty_s <= 6.0
    seen = dict.fromkeys(EMOTIONS, 0)
    for observation in visit:
        for person in observation.people:
            if person.expression is None:
                # The face is the first to be gone over the border.
                assert person.face is None
                assert observation.t_s > acts.VISIT_S - 1
                continue
            shown = EMOTIONS[int(np.argmax(person.expression))]
            seen[shown] += 1
            # The face follows the script; only while one mood becomes the next may it still show the other.
            before = script.mood(max(observation.t_s - acts.EASE_S, 0.0))
            assert shown in (before, script.mood(observation.t_s))
    assert all(count / 5 >= 5.0 for count in seen.values()), seen


def test_every_visit_is_another_visitor() -> None:
    script = PerformerScript(0)
    ids = [script.observe(10.0 + k * acts.CYCLE_S, 0).people[0].id for k in range(3)]
    assert ids == [1, 2, 3]


def arrays(observation: Observation) -> list[np.ndarray]:
    return [
        getattr(person, name) for person in observation.people for name in ARRAYS if getattr(person, name) is not None
    ]


@given(
    seed=st.integers(0, 2**31),
    t_s=st.floats(0, 3600, allow_nan=False),
    people=st.integers(1, 3),
    start_s=st.floats(0, 1e6),
)
@settings(max_examples=60, deadline=None)
def test_any_moment_is_whole(seed: int, t_s: float, people: int, start_s: float) -> None:
    observation = PerformerScript(seed, people, start_s).observe(start_s + t_s, 7)
    assert (observation.t_s, observation.seq) == (start_s + t_s, 7)
    assert len({person.id for person in observation.people}) == len(observation.people) <= people
    for person in observation.people:
        check_person(person)
        for array in arrays(observation):
            assert array.dtype == np.float32
            assert np.isfinite(array).all()
            assert not array.flags.writeable


def check_person(person: Person) -> None:
    assert person.pose is not None
    assert person.pose_world is not None
    assert person.pose.shape == person.pose_world.shape == (33, 4)
    assert (np.abs(person.pose[:, :2] - 0.5) < 1.0).all()
    assert (person.pose[:, 3] >= 0).all()
    assert (person.pose[:, 3] <= 1).all()
    assert (np.abs(person.pose_world[:, :3]) < 1.3).all()
    assert person.box.left < person.box.right
    assert person.box.top < person.box.bottom
    if person.face is not None:
        assert person.face.shape == (478, 3)
        assert person.face_box is not None
        # The face is where the pose has the head.
        nose = person.pose[0]
        assert person.face_box.left - 0.02 < nose[0] < person.face_box.right + 0.02
        assert person.face_box.top - 0.02 < nose[1] < person.face_box.bottom + 0.02
        assert person.blendshapes is not None
        assert person.blendshapes.min() >= 0
        assert person.blendshapes.max() <= 1
        assert person.expression is not None
        assert person.expression.min() >= 0
        assert person.expression.sum() == pytest.approx(1, abs=1e-5)


@given(st.lists(st.floats(-2.5, 2.5), min_size=len(ANGLES), max_size=len(ANGLES)))
@settings(max_examples=100, deadline=None)
def test_limbs_keep_their_lengths_in_any_posture(angles: list[float]) -> None:
    rest, bent = skeleton(Posture()).points, skeleton(Posture.of(np.array(angles))).points
    for a, b in LIMBS:
        assert np.linalg.norm(bent[a] - bent[b]) == pytest.approx(np.linalg.norm(rest[a] - rest[b]), abs=1e-9)
    assert np.allclose((bent[23] + bent[24]) / 2, 0, atol=1e-12)
    head = bent[0:11] - bent[0:11].mean(axis=0)
    still = HEAD_POINTS - HEAD_POINTS.mean(axis=0)
    assert np.allclose(head @ head.T, still @ still.T, atol=1e-9)


def test_limbs_keep_their_lengths_as_published(visit: list[Observation]) -> None:
    worlds = np.stack([p.pose_world for o in visit for p in o.people if p.pose_world is not None])
    for a, b in LIMBS:
        lengths = np.linalg.norm(worlds[:, a, :3] - worlds[:, b, :3], axis=1)
        # Jitter of 2 mm on both ends, five standard deviations of it.
        assert lengths.max() - lengths.min() < 2 * 5 * 0.002 * 2**0.5


@pytest.mark.parametrize("people", [1, pytest.param(3, marks=pytest.mark.long)])
def test_the_figure_moves_without_jumps(people: int) -> None:
    last: dict[int, Person] = {}
    observations = stream(PerformerScript(1, people), 2 * acts.CYCLE_S, RATE_HZ)
    for observation in observations:
        for person in observation.people:
            if person.id in last:
                before = last[person.id]
                assert person.pose_world is not None
                assert before.pose_world is not None
                moved_m = np.linalg.norm(person.pose_world[:, :3] - before.pose_world[:, :3], axis=1).max()
                # A fast hand makes 5 m/s; what is in the way of one picture to the next is a jump.
                assert moved_m * RATE_HZ < 6.0, (observation.t_s, moved_m)
                assert abs(person.box.centre[0] - before.box.centre[0]) < 0.05
        last = {person.id: person for person in observation.people}


def test_moods_look_different_to_the_body_too(visit: list[Observation]) -> None:
    script = PerformerScript(3)
    raised: dict[str, list[float]] = {name: [] for name in EMOTIONS}
    for observation in visit:
        mood = script.mood(observation.t_s)
        if mood is not None and mood == script.mood(max(observation.t_s - 1.5, 0.0)):
            for person in observation.people:
                assert person.pose_world is not None
                shoulders, wrists = person.pose_world[[11, 12], 1].mean(), person.pose_world[[15, 16], 1].mean()
                raised[mood].append(float(shoulders - wrists))
    height_m = {mood: np.mean(values) for mood, values in raised.items()}
    assert height_m["happy"] > 0.2 > height_m["surprise"] > height_m["angry"] > height_m["sad"]


def same(one: Observation, other: Observation) -> bool:
    return len(one.people) == len(other.people) and all(
        np.array_equal(a, b) for a, b in zip(arrays(one), arrays(other), strict=True)
    )


def test_the_same_seed_gives_the_same_stream() -> None:
    one, again, other = (stream(PerformerScript(seed, 2), 20.0) for seed in (4, 4, 5))
    assert all(same(a, b) for a, b in zip(one, again, strict=True))
    assert not all(same(a, b) for a, b in zip(one, other, strict=True))
    # Of time only: asking for single moments, in another order, changes nothing.
    script = PerformerScript(4, 2)
    assert all(same(script.observe(one[k].t_s, 0), one[k]) for k in (90, 10, 60))


def test_several_performers_are_there_together_in_different_moods() -> None:
    script = PerformerScript(2, 3)
    people = script.observe(20.0, 0).people
    assert [person.id for person in people] == [1, 2, 3]
    assert len({script.mood(20.0, number) for number in range(3)}) == 3
    centres = sorted(person.box.centre[0] for person in people)
    assert all(b - a > 0.1 for a, b in itertools.pairwise(centres))


@pytest.mark.parametrize("people", [0, 4])
def test_too_many_performers_are_refused(people: int) -> None:
    with pytest.raises(ValueError, match="performers"):
        SimulatedPerformer(0, RealClock(), people)


def test_the_thread_publishes_and_stops() -> None:
    performer = SimulatedPerformer(0, RealClock())
    performer.start()
    seen, seq = [], 0
    end_s = time.monotonic() + 40
    while not (seen and seen[-1].people) and time.monotonic() < end_s:
        got = performer.observations.wait_newer(seq, 40.0)
        assert got is not None
        seq = got[0]
        seen.append(got[1])
    performer.close()
    assert seen[-1].people
    assert all(b.t_s > a.t_s and b.seq > a.seq for a, b in itertools.pairwise(seen))
    assert performer.observations.closed


def test_a_performer_at_rest_is_not_seen() -> None:
    performer = SimulatedPerformer(0, RealClock())
    performer.rest(True)
    performer.start()
    got = performer.observations.wait_newer(3, 40.0)
    performer.close()
    assert got is not None
    assert got[1].people == ()


def test_closing_a_performer_that_never_began() -> None:
    performer = SimulatedPerformer(0, RealClock())
    performer.close()
    assert performer.observations.closed


def test_the_figure_is_drawn_where_it_stands() -> None:
    observation = PerformerScript(0).observe(10.0, 0)
    picture = figure_picture(observation, 320, 180)
    assert picture.shape == (180, 320, 3)
    assert picture.dtype == np.uint8
    assert picture.flags.c_contiguous
    box = observation.people[0].box
    drawn_y, drawn_x = np.nonzero(picture.any(axis=2))
    assert 0.01 < len(drawn_x) / (320 * 180) < 0.2
    assert abs(drawn_x.mean() / 320 - box.centre[0]) < 0.05
    assert box.top - 0.08 < drawn_y.min() / 180 < box.top + 0.05
    assert box.bottom - 0.05 < drawn_y.max() / 180 < box.bottom + 0.05


def test_an_empty_stage_is_black() -> None:
    assert not figure_picture(Observation(0.0, 0, (), (1280, 720)), 64, 36).any()


def test_a_figure_and_its_silhouette_are_in_the_same_place() -> None:
    silhouette = silhouette_of(PerformerScript(1, people=3).observe(12.0, 7))
    assert (silhouette.t_s, silhouette.seq) == (12.0, 7)
    assert not silhouette.alpha.flags.writeable
    height, width = silhouette.rgb.shape[:2]
    large = figure_silhouette(PerformerScript(1, people=3).observe(12.0, 7), width, height)
    drawn = silhouette.rgb.any(axis=2)
    assert drawn.any()
    assert np.array_equal(large > 0, drawn)
    assert silhouette.alpha.mean() == pytest.approx(large.mean(), rel=0.01)
    assert silhouette.alpha.shape[1] / silhouette.alpha.shape[0] == pytest.approx(width / height, rel=0.01)


def test_the_performer_gives_silhouettes_only_while_they_are_wanted() -> None:
    performer = SimulatedPerformer(0, RealClock())
    try:
        performer.start()
        assert performer.observations.wait_newer(3, 40.0) is not None
        assert performer.silhouettes.peek() == (0, None)
        performer.want_silhouettes(True)
        assert performer.silhouettes.wait_newer(0, 40.0) is not None
        performer.want_silhouettes(False)
        number = performer.observations.peek()[0]
        assert performer.observations.wait_newer(number + 2, 40.0) is not None
        last = performer.silhouettes.peek()[0]
        assert performer.observations.wait_newer(number + 5, 40.0) is not None
        assert performer.silhouettes.peek()[0] == last
    finally:
        performer.close()
    assert performer.silhouettes.closed
