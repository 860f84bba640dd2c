"""From colours to channels, without a thread and without a network."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.config.lights import FixtureConfig, LightsConfig
from installation.showcontrol.lights.fixtures import Arrivals, Bank, Palettes, wanted
from installation.types import EMOTIONS, SHAPE_COLUMNS, SceneState

PALETTE = np.array([[0, 0, 0], [0.1, 0.0, 0.2], [0.6, 0.3, 0.15], [1.0, 0.8, 0.2]], np.float32)


def scene_of(presence: float = 1.0, people: tuple[tuple[float, float], ...] = (), emotion: str = "happy") -> SceneState:
    """``people``: (x, presence) of each shape; the n-th one's own palette is PALETTE / (n + 1)."""
    shapes = np.zeros((max(len(people), 1), len(SHAPE_COLUMNS)), np.float32)
    for row, (x, here) in enumerate(people):
        shapes[row, SHAPE_COLUMNS.index("x")], shapes[row, SHAPE_COLUMNS.index("presence")] = x, here
    own = np.array([PALETTE / (row + 1) for row in range(len(shapes))], np.float32)
    share = np.eye(len(EMOTIONS), dtype=np.float32)[EMOTIONS.index(emotion)]
    return SceneState(
        t_s=0.0, scene="", previous="", blend=1.0, shapes=shapes, palette=PALETTE, look={}, emotion=share,
        valence=0.0, arousal=0.0, presence=presence, own_palettes=own,
    )  # fmt: skip


def fixture(**more: Any) -> FixtureConfig:
    return FixtureConfig.model_validate(
        {"name": "a", "universe": "u", "channel": 1, "smoothing_s": 0.0, "layout": "rgb", **more}
    )


def light_of(scene: SceneState, states: Any = (), config: LightsConfig | None = None, **more: Any) -> list[float]:
    config = config if config is not None else LightsConfig()
    rows = wanted(scene, Arrivals().sorted(states), [fixture(**more)], config, Palettes(config))
    return [float(value) for value in rows[0]]


def channels_of(rgb: list[float], master: float = 1.0, **more: Any) -> list[int]:
    bank = Bank([fixture(**more)])
    bank.advance(np.array([rgb]), 0.0)
    first = bank.fixtures[0]
    return [int(value) for value in bank.channels(master)[first.channel - 1 : first.last]]


@pytest.mark.parametrize(("colour", "row"), [("background", 0), ("deep", 1), ("middle", 2), ("accent", 3)])
def test_a_lamp_gives_the_pictures_colour(colour: str, row: int) -> None:
    assert light_of(scene_of(), colour=colour) == pytest.approx(PALETTE[row].tolist())


def test_light_goes_with_presence_down_to_the_idle_level() -> None:
    dark, half = LightsConfig(idle_level=0.0), LightsConfig(idle_level=0.5)
    assert light_of(scene_of(presence=0.0), config=dark) == [0.0, 0.0, 0.0]
    assert light_of(scene_of(presence=0.0), config=half) == pytest.approx([0.3, 0.15, 0.075])
    assert light_of(scene_of(presence=0.5), config=half) == pytest.approx([0.45, 0.225, 0.1125])
    assert light_of(scene_of(presence=0.0), config=LightsConfig(idle_level=1.0)) == pytest.approx(PALETTE[2].tolist())


def test_a_lamp_follows_its_visitor(state_of: Any) -> None:
    scene = scene_of(people=((0.5, 1.0), (-0.5, 1.0)))
    states = (state_of("happy", person_id=4), state_of("sad", person_id=9))
    first, second = PALETTE[2].tolist(), (PALETTE[2] / 2).tolist()
    assert light_of(scene, states, whose="visitor 1") == pytest.approx(first)
    assert light_of(scene, states, whose="visitor 2") == pytest.approx(second)
    assert light_of(scene, states, whose="left") == pytest.approx(second)
    assert light_of(scene, states, whose="right") == pytest.approx(first)
    away = light_of(scene, states, whose="visitor 3")
    assert away == pytest.approx((PALETTE[2] * 0.1).tolist())


def test_visitors_keep_the_order_of_arrival_when_one_comes_back(state_of: Any) -> None:
    arrivals = Arrivals()
    states = {person: state_of("happy", person_id=person) for person in (1, 2, 3)}
    arrivals.sorted([states[1], states[2], states[3]])
    arrivals.sorted([states[2], states[3]])
    assert [state.person_id for state in arrivals.sorted([states[1], states[2], states[3]])] == [2, 3, 1]


def test_an_emotion_may_have_colours_of_its_own(state_of: Any) -> None:
    config = LightsConfig.model_validate(
        {"palettes": {"sad": {"middle": "#0000ff"}, "nobody": {"middle": "#ffffff"}}, "idle_level": 1.0}
    )
    assert light_of(scene_of(emotion="happy"), config=config) == pytest.approx(PALETTE[2].tolist())
    assert light_of(scene_of(emotion="sad"), config=config) == pytest.approx([0.0, 0.0, 1.0])
    assert light_of(scene_of(emotion="sad"), config=config, colour="accent") == pytest.approx(PALETTE[3].tolist())
    assert light_of(scene_of(emotion="happy", presence=0.0), config=config) == pytest.approx([1.0, 1.0, 1.0])
    two = scene_of(people=((0, 1.0), (0, 1.0)), emotion="happy")
    states = (state_of("happy", person_id=1), state_of("sad", person_id=2))
    share = float(states[1].probabilities[EMOTIONS.index("sad")])
    expected = (1 - share) * PALETTE[2] / 2 + share * np.array([0, 0, 1])
    assert light_of(two, states, config=config, whose="visitor 2") == pytest.approx(expected.tolist(), abs=1e-6)


def test_what_is_not_finite_is_dark() -> None:
    broken = PALETTE.copy()
    broken[2] = np.nan, 0.5, np.inf
    assert light_of(replace(scene_of(), palette=broken)) == [0.0, 0.5, 1.0]


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        ("rgb", [204, 102, 51]),
        ("rgbw", [153, 51, 0, 51]),
        ("dimmer+rgb", [204, 255, 128, 64]),
        ("dimmer+rgbw", [204, 191, 64, 0, 64]),
        ("dimmer", [round(255 * (0.8 * 0.2126 + 0.4 * 0.7152 + 0.2 * 0.0722))]),
        (["off", "blue", "full", "red"], [0, 51, 255, 204]),
    ],
)
def test_each_layout_has_its_channels(layout: Any, expected: list[int]) -> None:
    assert channels_of([0.8, 0.4, 0.2], layout=layout) == expected


def test_a_pair_of_channels_has_sixteen_bits() -> None:
    high, low = channels_of([0.3, 0, 0], layout=["red", "red_fine"])
    assert high * 256 + low == round(0.3 * 65535)
    assert channels_of([1, 1, 1], layout=["red", "red_fine"]) == [255, 255]


def test_white_takes_over_as_much_as_is_set() -> None:
    assert channels_of([0.8, 0.4, 0.2], layout="rgbw", white=0.25) == [191, 89, 38, 13]


def test_gamma_is_the_lamps_own_curve() -> None:
    assert channels_of([0.25, 1.0, 0.0], gamma=2.0) == [128, 255, 0]


def test_master_scales_everything_but_what_is_always_full() -> None:
    assert channels_of([0.8, 0.4, 0.2], 0.5, layout="dimmer+rgb") == [102, 255, 128, 64]
    assert channels_of([0.8, 0.4, 0.2], 0.0, layout=["dimmer", "red", "full"]) == [0, 0, 255]


def test_fixtures_lie_where_they_were_patched() -> None:
    bank = Bank([fixture(channel=510), fixture(name="b", channel=1, layout="dimmer")])
    bank.advance(np.array([[0.2, 0.4, 0.6], [1, 1, 1]]), 0.0)
    out = bank.channels(1.0)
    assert out[0] == 255
    assert out[509:].tolist() == [51, 102, 153]
    assert not out[1:509].any()


@given(
    st.lists(st.floats(0.001, 0.2), min_size=1, max_size=30),
    st.floats(0.01, 5.0),
    st.tuples(*[st.floats(0, 1)] * 3),
)
def test_smoothing_is_the_same_at_any_rate(steps_s: list[float], smoothing_s: float, rgb: tuple[float, ...]) -> None:
    """Many steps come as far as one: 1 - exp(-t / smoothing_s) of the way."""
    many, one = Bank([fixture(smoothing_s=smoothing_s)]), Bank([fixture(smoothing_s=smoothing_s)])
    target = np.array([rgb])
    for step_s in steps_s:
        many.advance(target, step_s)
    one.advance(target, sum(steps_s))
    assert many.light == pytest.approx(one.light, abs=1e-9)
    assert many.light == pytest.approx(target * -np.expm1(-sum(steps_s) / smoothing_s), abs=1e-9)


@given(st.tuples(*[st.floats(0, 1)] * 3), st.floats(0, 3), st.lists(st.floats(0, 1), max_size=20))
def test_constant_light_stays_constant(rgb: tuple[float, ...], smoothing_s: float, steps_s: list[float]) -> None:
    bank = Bank([fixture(smoothing_s=smoothing_s)])
    bank.light[:] = rgb
    before = bank.channels(1.0).tolist()
    for step_s in steps_s:
        bank.advance(np.array([rgb]), step_s)
        assert bank.channels(1.0).tolist() == before


def test_changed_fixtures_go_on_from_their_light() -> None:
    old, new = Bank([fixture(), fixture(name="b", channel=9)]), Bank([fixture(name="b", channel=4, smoothing_s=1.0)])
    old.advance(np.array([[1, 0, 0], [0, 0.4, 0]]), 0.0)
    new.take_over(old)
    assert new.channels(1.0)[3:6].tolist() == [0, 102, 0]


def test_a_universe_without_fixtures_is_dark() -> None:
    assert not Bank([]).channels(1.0).any()


def test_outside_the_opening_hours_lamps_are_as_dark_as_the_picture() -> None:
    assert light_of(replace(scene_of(), light=0.0)) == [0.0, 0.0, 0.0]
    assert light_of(replace(scene_of(), light=0.1)) == pytest.approx((PALETTE[2] * 0.1).tolist())
