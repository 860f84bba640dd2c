"""What of a visitor is in the picture: read from joints and faces, held in time, and true of footage at three distances."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from installation.base.model_files import ModelError, model_path
from installation.config.perception import PerceptionConfig
from installation.config.settings import Config
from installation.emotion.fusion import EmotionEstimator
from installation.perception.extent import HOLD_S, LOST_S, ExtentReader
from installation.perception.perceiver import Perceiver
from installation.types import Box, EmotionEstimate, FloatArray, Frame, Observation
from tests.perception.distances import nearer, pictures

FACE = Box(0.4, 0.2, 0.6, 0.5)
"""With its shoulders in the picture, if they are not hidden."""
CLOSE = Box(0.3, 0.3, 0.7, 0.97)


def body(shoulders: float = 0.3, hips: float = 1.5, knees: float = 2.0, seen: float = 0.9) -> FloatArray:
    """A pose (33, 4) with these joints at these heights of the picture."""
    pose = np.zeros((33, 4), np.float32)
    pose[:, 0], pose[:, 1], pose[:, 3] = 0.5, 0.2, seen
    for joints, y in (((11, 12), shoulders), ((23, 24), hips), ((25, 26, 27, 28), knees)):
        pose[list(joints), 1] = y
    return pose


@pytest.mark.parametrize(
    ("pose", "face", "extent"),
    [
        (body(shoulders=1.1), FACE, "face"),
        (body(), FACE, "bust"),
        (body(hips=0.7), FACE, "half"),
        (body(hips=0.5, knees=0.9), FACE, "whole"),
        # Turned away: no face.
        (body(shoulders=1.1), None, "face"),
        (body(), None, "bust"),
        (body(hips=0.5, knees=0.9), None, "whole"),
        # A pose without visible joints below the neck is but a head.
        (body(hips=0.5, knees=0.9, seen=0.2), FACE, "face"),
        # The picture ends at the chin: shoulders that the network puts above its border are none.
        (body(shoulders=0.98), CLOSE, "face"),
        # Without a pose the face's place says whether shoulders can be in the picture, and nothing of what is below them.
        (None, CLOSE, "face"),
        (None, FACE, "bust"),
        (None, Box(0.48, 0.1, 0.52, 0.15), "bust"),
    ],
)
def test_it_says_how_far_down_a_visitor_is_seen(pose: FloatArray | None, face: Box | None, extent: str) -> None:
    assert ExtentReader().read(0.0, pose, face) == extent


@pytest.mark.parametrize("rate", [5, 24, 60])
def test_another_reading_counts_once_it_has_lasted_whatever_the_rate(rate: int) -> None:
    reader = ExtentReader()
    reader.read(0.0, body(), None)
    changed = [n / rate for n in range(1, 3 * rate) if reader.read(n / rate, body(hips=0.7), None) == "half"]
    assert 0.9 * HOLD_S <= changed[0] <= 1.1 * HOLD_S + 1 / rate
    assert len(changed) == 3 * rate - round(changed[0] * rate)


def test_a_wrong_reading_now_and_then_changes_nothing_and_a_wrong_first_one_is_mended() -> None:
    reader = ExtentReader()
    said = [reader.read(n / 20, body(hips=0.7) if n % 4 else body(), None) for n in range(200)]
    assert said[0] == "bust"
    assert set(said[20:]) == {"half"}


def test_hips_that_waver_at_the_border_do_not_flicker() -> None:
    reader = ExtentReader()
    said = [reader.read(n / 20, body(hips=0.99 + 0.02 * (n // 20 % 2)), None) for n in range(200)]
    assert set(said) == {"half"}


def test_a_body_lost_for_a_moment_is_still_there_and_nothing_seen_changes_nothing() -> None:
    reader = ExtentReader()
    reader.read(0.0, body(hips=0.5, knees=0.9), FACE)
    assert reader.read(1.0, body(hips=0.5, knees=0.9), FACE) == "whole"
    said = [reader.read(1.0 + n / 20, None, FACE) for n in range(1, 61)]
    assert set(said[: round(0.8 * LOST_S * 20)]) == {"whole"}
    assert said[-1] == "bust"
    assert reader.read(60.0, None, None) == "bust"


class Seen(NamedTuple):
    """A clip at one distance: the last observation, all estimates of the visitor, and how high the part shown is."""

    last: Observation
    estimates: list[EmotionEstimate]
    high: float


def watch(frames: list[tuple[float, np.ndarray]], high: float = 1.0) -> Seen:
    config = Config()
    perceiver, estimator = Perceiver(PerceptionConfig()), EmotionEstimator(config.emotion, config.body, config.poses)
    estimates = []
    for number, (t_s, rgb) in enumerate(frames):
        seen = perceiver.perceive(Frame(t_s, number, rgb))
        estimates += estimator.estimate(seen)[:1]
    perceiver.close()
    return Seen(seen, estimates, high)


def watch_nearer(path: Path, count: int, shares: dict[str, float]) -> dict[str, Seen]:
    """The one visitor of a clip as it is filmed ("filmed"), and cut out to these shares of the body's height, by name."""
    try:
        model_path("pose_landmarker")
    except ModelError as error:
        pytest.skip(str(error))
    frames = pictures(path, count)
    found = {"filmed": watch(frames)}
    person, estimate = found["filmed"].last.people[0], found["filmed"].estimates[-1]
    assert person.pose is not None
    for name, share in shares.items():
        cuts = [nearer(rgb, person.pose[0], estimate.position[2], share) for _, rgb in frames]
        found[name] = watch([(t_s, cut) for (t_s, _), (cut, _) in zip(frames, cuts, strict=True)], cuts[0][1])
    return found


@pytest.fixture(scope="module")
def distances(footage: Path) -> dict[str, Seen]:
    """Somebody signing, seen to the hips, and the same as head and shoulders and as a head."""
    return watch_nearer(footage / "intel_asl_help.mkv", 45, {"bust": 0.36, "face": 0.16})


def late(seen: Seen) -> list[EmotionEstimate]:
    """The estimates of the second half."""
    assert len(seen.estimates) > 30
    return seen.estimates[len(seen.estimates) // 2 :]


def test_each_distance_is_told(distances: dict[str, Seen]) -> None:
    for name, seen in distances.items():
        assert {estimate.extent for estimate in late(seen)} == {"half" if name == "filmed" else name}


def check_sizes(seen: dict[str, Seen]) -> None:
    """A visitor is as much larger as the picture shows less."""
    sizes = {name: [e.position[2] * one.high for e in late(one)] for name, one in seen.items()}
    for name, found in sizes.items():
        assert np.median(found) == pytest.approx(np.median(sizes["filmed"]), rel=0.1), name


def test_a_visitor_is_as_much_nearer_as_the_picture_shows_less(distances: dict[str, Seen]) -> None:
    check_sizes(distances)
    for seen in distances.values():
        sizes = [estimate.position[2] for estimate in late(seen)]
        assert np.std(sizes) < 0.06 * np.mean(sizes)


@pytest.mark.long
@pytest.mark.parametrize(
    ("clip", "shares"),
    [
        ("intel_asl_again.mkv", {"bust": 0.36, "face": 0.16}),
        ("tfjs_pose_1.mp4", {"half": 0.62, "bust": 0.36, "face": 0.16}),
        ("sports2d_demo.mp4", {"half": 0.62, "bust": 0.36}),
    ],
)
def test_sizes_of_other_visitors_hold_as_well(footage: Path, clip: str, shares: dict[str, float]) -> None:
    check_sizes(watch_nearer(footage / clip, 60, shares))


def test_heads_and_shoulders_have_energy_and_arms_out_of_the_picture_say_nothing(distances: dict[str, Seen]) -> None:
    for name, seen in distances.items():
        assert 0.05 < np.mean([estimate.energy for estimate in late(seen)]) < 0.5, name
    assert np.ptp([estimate.openness for estimate in late(distances["face"])]) < 0.02
    still = {name: [estimate.position[1] for estimate in late(seen)] for name, seen in distances.items()}
    for name, found in still.items():
        # The middle of what is seen of somebody who reaches to the picture's lower border.
        assert 0.5 < np.median(found) < 0.9, name
        assert np.ptp(found) < 0.1, name
