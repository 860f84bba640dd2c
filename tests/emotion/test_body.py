"""Cues of a body: what postures do to them, and what must not matter: place, size, jitter, rate, hidden joints."""

import math
from typing import get_args

import numpy as np
import pytest
from pydantic import ValidationError

from installation.base.landmarks import LEFT_WRIST, RIGHT_WRIST
from installation.capture.simulated.figure import Posture, skeleton
from installation.config.emotion import BodyConfig, Cue
from installation.config.load import ConfigError, parse_config
from installation.config.settings import Config
from installation.emotion.affect_map import affect
from installation.emotion.body import BodyReader
from installation.emotion.posture import REST, BodyCues, posture
from installation.types import FloatArray

BOUNDS = {name: (-1, 1) if name in ("hands_height", "lean") else (0, 1) for name in BodyCues.__dataclass_fields__}


def world_of(**angles: float) -> FloatArray:
    """(33, 4) world landmarks, all seen, of a figure with these joint angles in radians."""
    points = skeleton(Posture(**angles)).points
    return np.concatenate([points, np.ones((33, 1))], axis=1).astype(np.float32)


def both(**angles: float) -> dict[str, float]:
    return {f"{side}_{name}": angle for side in ("left", "right") for name, angle in angles.items()}


STANDING = world_of()
ARMS_WIDE = world_of(**both(spread=math.pi / 2))
ARMS_UP = world_of(**both(spread=2.7))
HUGGING = world_of(**both(**{"raise": 0.6, "twist": 1.2, "elbow": 2.0}))
BOWED = world_of(pitch=0.3, head_pitch=0.9)


def swinging(t_s: float, hertz: float, angle: float = 0.5) -> FloatArray:
    return world_of(**both(spread=1.0 + angle * math.sin(2 * math.pi * hertz * t_s)))


def film(of, fps: float, seconds: float = 3.0, jitter_m: float = 0.0, seed: int = 0) -> list[BodyCues]:
    """Cues of ``of(t_s)`` at a rate, with jitter on every landmark; the first 1.2 seconds left out."""
    rng, reader, found = np.random.default_rng(seed), BodyReader(), []
    for n in range(int(seconds * fps)):
        world = of(n / fps).copy()
        world[:, :3] += rng.normal(0, jitter_m, (33, 3)).astype(np.float32)
        found.append(reader.read(n / fps, world))
    return found[int(1.2 * fps) :]


def mean(cues: list[BodyCues], name: str) -> float:
    return float(np.mean([getattr(c, name) for c in cues]))


def test_a_figure_that_just_stands_is_at_rest() -> None:
    for name, value in posture(STANDING).items():
        assert value == pytest.approx(getattr(REST, name), abs=0.16), name


@pytest.mark.parametrize(
    ("cue", "less", "more"),
    [
        ("openness", HUGGING, ARMS_WIDE),
        ("expansion", STANDING, ARMS_WIDE),
        ("expansion", HUGGING, ARMS_UP),
        ("hands_height", STANDING, ARMS_WIDE),
        ("hands_height", ARMS_WIDE, ARMS_UP),
        ("lean", world_of(pitch=-0.3), STANDING),
        ("lean", STANDING, world_of(pitch=0.3)),
        ("head_drop", STANDING, BOWED),
        ("symmetry", world_of(left_spread=2.0), ARMS_UP),
    ],
)
def test_a_cue_tells_two_postures_apart(cue: str, less: FloatArray, more: FloatArray) -> None:
    assert posture(less)[cue] + 0.2 < posture(more)[cue]


@pytest.mark.parametrize("world", [STANDING, ARMS_WIDE, ARMS_UP, HUGGING, BOWED])
def test_place_size_and_facing_do_not_matter(world: FloatArray) -> None:
    moved = world.copy()
    moved[:, :3] = 1.7 * moved[:, :3] + [0.4, -0.2, 1.0]
    turn = 0.6
    c, s = math.cos(turn), math.sin(turn)
    turned = world.copy()
    turned[:, :3] = turned[:, :3] @ np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]], np.float32).T
    for other in (moved, turned):
        for name, value in posture(other).items():
            assert value == pytest.approx(posture(world)[name], abs=1e-3), name


def test_a_still_body_has_no_energy_and_one_that_jitters_by_a_centimetre_next_to_none() -> None:
    for fps in (15, 30):
        calm = film(lambda t: STANDING, fps, 4.0)
        shaken = film(lambda t: STANDING, fps, 4.0, jitter_m=0.01)
        assert max(c.energy for c in calm) < 1e-6
        assert mean(shaken, "energy") < 0.06
        assert mean(shaken, "jerk") < 0.03
        assert mean(shaken[-fps:], "stillness") > 0.7


@pytest.mark.parametrize("hertz", [0.4, 1.0, 1.8])
def test_rate_and_jitter_hardly_change_how_motion_reads(hertz: float) -> None:
    clean = film(lambda t: swinging(t, hertz), 30, 4.0)
    for other in (
        film(lambda t: swinging(t, hertz), 15, 4.0),
        film(lambda t: swinging(t, hertz), 30, 4.0, jitter_m=0.01),
        film(lambda t: swinging(t, hertz), 15, 4.0, jitter_m=0.01, seed=2),
    ):
        for name in ("energy", "jerk", "stillness"):
            assert mean(other, name) == pytest.approx(mean(clean, name), abs=0.06), name


def test_faster_is_more_energy_and_rougher_is_more_jerk_at_the_same_speed() -> None:
    # Half as far at twice the rate is as fast, but rougher.
    flowing, rough = film(lambda t: swinging(t, 0.9, 0.8), 30, 4.0), film(lambda t: swinging(t, 2.7, 0.27), 30, 4.0)
    slow = film(lambda t: swinging(t, 0.3, 0.8), 30, 4.0)
    assert mean(rough, "energy") == pytest.approx(mean(flowing, "energy"), rel=0.35)
    assert mean(rough, "jerk") > mean(flowing, "jerk") + 0.3
    assert mean(flowing, "energy") > 2 * mean(slow, "energy") > 0.1


def test_stillness_comes_with_time_and_goes_with_motion() -> None:
    found = film(lambda t: swinging(t, 1.5) if t < 3 else swinging(3.0, 1.5), 30, 9.0)
    assert found[30].stillness < 0.3
    assert found[-1].stillness > 0.9
    assert max(c.stillness for c in found) <= 1.0


def test_a_pose_given_again_is_not_a_stop() -> None:
    def held(t_s: float) -> FloatArray:
        return swinging(math.floor(t_s * 10 + 1e-6) / 10, 0.8)

    smooth, stepped = film(lambda t: swinging(t, 0.8), 10, 4.0), film(held, 30, 4.0)
    assert mean(stepped, "energy") == pytest.approx(mean(smooth, "energy"), abs=0.08)
    assert mean(stepped, "jerk") == pytest.approx(mean(smooth, "jerk"), abs=0.1)


def test_what_is_not_seen_says_nothing_however_wildly_it_is_guessed() -> None:
    rng, reader = np.random.default_rng(3), BodyReader()
    hidden = [*range(13, 23), *range(23, 33)]
    for n in range(60):
        world = STANDING.copy()
        world[hidden, :3] += rng.normal(0, 0.5, (len(hidden), 3)).astype(np.float32)
        world[hidden, 3] = 0.1
        cues = reader.read(n / 30, world)
    for name in ("openness", "expansion", "hands_height", "lean", "jerk", "symmetry"):
        assert getattr(cues, name) == getattr(REST, name), name
    assert cues.energy < 0.05
    assert cues.visible < 0.5


def test_one_hidden_arm_leaves_the_other_to_speak() -> None:
    world = ARMS_UP.copy()
    world[[LEFT_WRIST, 13], 3] = 0.1
    world[LEFT_WRIST, :3] = 0.0
    assert posture(world)["hands_height"] == pytest.approx(posture(ARMS_UP)["hands_height"], abs=0.05)
    world[[RIGHT_WRIST, 14], 3] = 0.1
    assert posture(world)["hands_height"] == REST.hands_height


def test_a_joint_that_fades_fades_out_of_its_cue() -> None:
    heights = []
    for visibility in np.linspace(1.0, 0.0, 51):
        world = ARMS_UP.copy()
        world[[LEFT_WRIST, RIGHT_WRIST], 3] = visibility
        heights.append(posture(world)["hands_height"])
    assert np.abs(np.diff(heights)).max() < 0.25
    assert np.all(np.diff(heights) <= 1e-6)


def test_landmarks_in_one_point_are_no_body_and_wrong_ones_are_refused() -> None:
    nowhere = np.zeros((33, 4), np.float32)
    nowhere[:, 3] = 1.0
    cues = BodyReader().read(0.0, nowhere)
    assert cues.visible == 0.0
    assert affect(cues, BodyConfig()) == affect(REST, BodyConfig())
    with pytest.raises(ValueError, match="finite"):
        BodyReader().read(0.0, np.full((33, 4), np.nan, np.float32))


def test_any_landmarks_give_cues_within_their_range() -> None:
    rng, reader = np.random.default_rng(4), BodyReader()
    for n in range(200):
        world = rng.normal(0, 10.0 ** rng.uniform(-3, 1), (33, 4)).astype(np.float32)
        world[:, 3] = rng.uniform(0, 1, 33)
        cues = reader.read(n / 20, world)
        for name, (low, high) in BOUNDS.items():
            assert low <= getattr(cues, name) <= high, name


def test_time_that_repeats_or_goes_back_is_survived() -> None:
    reader = BodyReader()
    for t_s in (5.0, 5.0, 5.1, 5.2, 5.3, 1.0, 1.1, 1.2, 1.3, 1.4):
        cues = reader.read(t_s, swinging(t_s, 1.0))
    assert math.isfinite(cues.energy)


def test_every_cue_can_be_weighted_and_only_cues() -> None:
    assert {*get_args(Cue), "visible"} == set(BodyCues.__dataclass_fields__)
    assert set(BodyConfig().valence) <= set(get_args(Cue))


def test_a_body_at_rest_says_the_offsets() -> None:
    config = BodyConfig(valence_offset=0.2, arousal_offset=-0.3)
    assert affect(REST, config) == (0.2, -0.3)


def test_weights_do_what_they_say_and_the_result_stays_in_range() -> None:
    cues = BodyCues(**{**{n: getattr(REST, n) for n in BOUNDS}, "energy": 0.5})
    assert affect(cues, BodyConfig(valence={"energy": -1.0}, arousal={"energy": 0.4})) == pytest.approx((-0.5, 0.1))
    assert affect(cues, BodyConfig(valence={}, arousal={"energy": 3.0})) == (0.0, 1.0)


def test_defaults_tell_open_and_lively_from_bowed_and_slow() -> None:
    dancing = film(lambda t: swinging(t, 1.2, 0.7), 30)[-1]
    bowed = film(lambda t: BOWED, 30)[-1]
    (happy, excited), (sad, calm) = affect(dancing, BodyConfig()), affect(bowed, BodyConfig())
    assert happy > 0.15 > -0.3 > sad
    assert excited > 0.4 > -0.2 > calm


def test_a_typo_in_a_cue_is_a_config_error_with_its_line() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config("body:\n  valence:\n    opennes: 0.4\n")
    assert "config.yaml:3" in str(caught.value)
    assert "opennes" in str(caught.value)
    assert "'openness'" in str(caught.value)
    with pytest.raises(ValidationError):
        BodyConfig(arousal={"energy": 3.5})


def test_weights_written_in_the_file_replace_the_defaults() -> None:
    config = parse_config("body:\n  arousal: {energy: 1}\n")
    assert config.body.arousal == {"energy": 1.0}
    assert config.body.valence == Config().body.valence
