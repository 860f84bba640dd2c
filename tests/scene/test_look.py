"""Looks: blended by probability, moved by valence and arousal, never snapping, each emotion different; a voice for each."""

import itertools
import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.base.colour import oklab_of_linear, turned
from installation.config.load import parse_config
from installation.config.look import LookConfig
from installation.config.scene import SceneConfig
from installation.config.settings import Config
from installation.emotion.group import Group
from installation.record.recording import Event
from installation.record.show_log import scene_digest
from installation.scene.look import COLOURS, DEFAULT_LOOKS, HIGH, LOW, NAMES, RANGES, Looks
from installation.scene.scene import Scene
from installation.show import Show
from installation.showcontrol.show_control import ShowControl
from installation.types import EMOTIONS, SHAPE_COLUMNS, EmotionState, SceneState

HUE, PHASE, SPIKES = (SHAPE_COLUMNS.index(name) for name in ("hue_shift", "phase", "spikiness"))
DT_S, RESPONSE_S = 1 / 30, 0.25
SHARE = 1 - math.exp(-DT_S / RESPONSE_S)
one_reading = st.tuples(
    st.sampled_from(EMOTIONS), st.floats(0.3, 1), st.floats(-1, 1), st.floats(-1, 1), st.floats(0, 1), st.integers(1, 6)
)


def state(
    emotion: str, share: float, valence: float, arousal: float, openness: float, person_id: int = 1
) -> EmotionState:
    probabilities = np.full(7, (1 - share) / 6, np.float32)
    probabilities[EMOTIONS.index(emotion)] = share
    return EmotionState(
        0.0, person_id, probabilities, valence, arousal, 0.9, 0.3, openness, (0.5, 0.5, 0.7), 1.0, emotion
    )


def numbers(scene: SceneState) -> np.ndarray:
    return np.array([scene.look[name] for name in NAMES])


def play(scene: Scene, states: tuple[EmotionState, ...], seconds: float) -> SceneState:
    group = Group(Config().group)
    for n in range(round(seconds * 30)):
        found = scene.update(states, group.update(states, n * DT_S), n * DT_S, DT_S)
    return found


@given(st.lists(one_reading, min_size=2, max_size=12))
def test_no_sequence_of_readings_makes_the_look_snap(readings: list[tuple]) -> None:
    scene = Scene(SceneConfig(response_s=RESPONSE_S), 1)
    looks, colours = [], []
    # Each reading holds for one picture to six: labels that flip in a single picture are among them.
    for emotion, share, valence, arousal, openness, frames in readings:
        who = state(emotion, share, valence, arousal, openness)
        for _ in range(frames):
            found = scene.update((who,), who, len(looks) * DT_S, DT_S)
            looks.append(numbers(found))
            colours.append(oklab_of_linear(found.palette.astype(np.float64)))
    assert (np.abs(np.diff(looks, axis=0)) <= SHARE * (HIGH - LOW) + 1e-9).all()
    # The palette lies within a ball of OKLab; a step is an eighth of the way to anywhere in it.
    assert np.linalg.norm(np.diff(colours, axis=0), axis=2).max(initial=0) < SHARE * 0.9


@given(one_reading)
def test_a_flip_of_one_picture_is_hardly_seen(flip: tuple) -> None:
    scene = Scene(SceneConfig(response_s=RESPONSE_S), 1)
    calm = state("neutral", 0.8, 0.0, 0.0, 0.4)
    before = play(scene, (calm,), 4)
    scene.update((who := state(*flip[:5]),), who, 4.0, DT_S)
    after = scene.update((calm,), calm, 4.04, DT_S)
    # What one picture does to an eased blend is an eighth of an eighth.
    moved = np.abs(numbers(after) - numbers(before)) / (HIGH - LOW)
    assert moved.max() < 0.12
    assert np.abs(after.palette - before.palette).max() < 0.05


@given(one_reading, st.floats(0, 1))
def test_numbers_stay_in_their_ranges_whatever_the_slopes(reading: tuple, presence: float) -> None:
    steep = LookConfig(valence=dict.fromkeys(("speed", "droop", "key", "brightness", "saturation"), -3.0),
                       arousal=dict.fromkeys(("speed", "twist", "roughness", "brightness"), 3.0))  # fmt: skip
    emotion, share, valence, arousal, _, _ = reading
    found = Looks(steep).blended(state(emotion, share, valence, arousal, 0.5).probabilities, presence, valence, arousal)
    assert (found[: len(NAMES)] >= LOW).all()
    assert (found[: len(NAMES)] <= HIGH).all()
    assert np.isfinite(found).all()


def test_blends_go_by_probability_and_the_likeliest_rules() -> None:
    looks = DEFAULT_LOOKS

    def shares(angry: float) -> np.ndarray:
        probabilities = np.zeros(7)
        probabilities[[EMOTIONS.index("angry"), EMOTIONS.index("sad")]] = angry, 1 - angry
        return looks.shares(probabilities)

    angry = [shares(share)[EMOTIONS.index("angry")] for share in np.linspace(0, 1, 21)]
    assert (np.diff(angry) > 0).all()
    assert max(np.diff(angry)) < 0.12, "no threshold"
    assert angry[10] == pytest.approx(0.5)
    assert angry[14] > 0.8, "seven parts of ten look like more than four fifths"
    plain = Looks(LookConfig(sharpen=1.0)).shares(np.array([0.7, 0, 0, 0, 0.3, 0, 0]))
    assert plain[0] == pytest.approx(0.7)


def test_a_mixed_face_gives_a_mixed_look_whatever_its_label() -> None:
    def look(label: str, **shares: float) -> SceneState:
        probabilities = np.array([shares.get(name, 0.0) for name in EMOTIONS], np.float32)
        who = EmotionState(0.0, 1, probabilities, 0.0, 0.0, 0.9, 0.3, 0.35, (0.5, 0.5, 0.8), 1.0, label)
        return play(Scene(SceneConfig(), 1), (who,), 6)

    angry, sad = look("angry", angry=1.0), look("sad", sad=1.0)
    mixed = look("angry", angry=0.5, sad=0.5)
    assert numbers(mixed) == pytest.approx((numbers(angry) + numbers(sad)) / 2, abs=0.02)
    other = look("sad", angry=0.5, sad=0.5)
    # Only the shapes that are born of it follow the label.
    assert scene_digest(replace(mixed, births=other.births)) == scene_digest(other)
    leaning = look("angry", angry=0.6, sad=0.4)
    apart = numbers(angry) - numbers(sad)
    share = float(((numbers(leaning) - numbers(sad)) @ apart) / (apart @ apart))
    assert 0.6 < share < 0.75, "the likelier emotion shows more than its share, the other one still does"


def test_neutral_gives_way_where_something_else_shows() -> None:
    doubtful = np.array([0.03, 0.03, 0.45, 0.05, 0.03, 0.06, 0.35])
    assert DEFAULT_LOOKS.shares(doubtful)[EMOTIONS.index("fear")] > 0.7
    assert DEFAULT_LOOKS.shares(np.array([0.04] * 6 + [0.76]))[-1] > 0.9


def test_valence_and_arousal_move_the_look_by_their_slopes() -> None:
    config = LookConfig(valence={"fog": 0.2}, arousal={"speed": 0.4})
    looks = Looks(config)
    still = np.array([0, 0, 0, 0, 0, 0, 1.0])
    fog, speed = NAMES.index("fog"), NAMES.index("speed")
    rest, up = looks.blended(still, 1.0, 0.0, 0.0), looks.blended(still, 1.0, 0.5, 1.0)
    assert up[fog] - rest[fog] == pytest.approx(0.1)
    assert up[speed] - rest[speed] == pytest.approx(0.4)
    away = looks.blended(still, 0.0, 0.5, 1.0)
    np.testing.assert_allclose(away, looks.nobody, atol=1e-12)


def test_the_palette_follows_valdez_and_mehrabian() -> None:
    """Pleasant is brighter and a little more saturated; aroused is more saturated and a little darker."""
    happy = np.eye(7)[EMOTIONS.index("happy")]

    def colour(valence: float, arousal: float) -> tuple[float, float]:
        lab = DEFAULT_LOOKS.blended(happy, 1.0, valence, arousal)[len(NAMES) :].reshape(COLOURS, 3)
        return lab[2, 0], math.hypot(lab[2, 1], lab[2, 2]) / lab[2, 0]

    rest, pleased, aroused = colour(0, 0), colour(0.8, 0), colour(0, 0.8)
    assert pleased[0] > rest[0] * 1.08
    assert pleased[1] > rest[1] * 1.03
    assert aroused[1] > rest[1] * 1.1
    assert aroused[0] < rest[0]


def test_opposite_colours_do_not_mix_to_grey() -> None:
    both = np.zeros(7)
    both[[EMOTIONS.index("angry"), EMOTIONS.index("surprise")]] = 0.5

    def chroma(vividness: float) -> float:
        lab = Looks(LookConfig(vividness=vividness)).blended(both, 1.0, 0, 0)[len(NAMES) :].reshape(COLOURS, 3)
        return math.hypot(lab[3, 1], lab[3, 2])

    assert chroma(1.0) > 1.4 * chroma(0.0)


def test_each_pair_of_emotions_differs_in_form_and_in_colour() -> None:
    span = np.array([high - low for low, high, _ in RANGES.values()])
    for a, b in itertools.combinations(range(len(EMOTIONS)), 2):
        form = np.linalg.norm((DEFAULT_LOOKS.numbers[a] - DEFAULT_LOOKS.numbers[b]) / span)
        colour = np.linalg.norm(DEFAULT_LOOKS.palettes[a, 1:] - DEFAULT_LOOKS.palettes[b, 1:], axis=1).mean()
        assert form > 0.4, (a, b)
        assert colour > 0.1, (a, b)


def test_backgrounds_are_near_black() -> None:
    assert DEFAULT_LOOKS.palettes[:, 0, 0].max() < 0.2


def test_an_edited_look_is_eased_into_and_arrives(state_of: Callable) -> None:
    scene = Scene(SceneConfig(), 1)
    before = play(scene, (state_of("sad"),), 4)
    edited = parse_config('look:\n  sad:\n    form: {droop: -1.0}\n    palette: {middle: "#ff0000"}\n').look
    scene.reconfigure(SceneConfig(), edited)
    first = scene.update((who := state_of("sad"),), who, 4.0, DT_S)
    after = play(scene, (who,), 4)
    assert 0 < before.look["droop"] - first.look["droop"] < 0.3 * (before.look["droop"] - after.look["droop"])
    assert first.palette[2, 0] > before.palette[2, 0], "the very next picture"
    assert after.look["droop"] < -0.6
    assert after.palette[2, 0] > 3 * after.palette[2, 2]


def test_a_replay_with_an_edit_of_a_look_gives_the_same_bits() -> None:
    def run(recorded: list[Event] | None) -> tuple[list[str], list[Event]]:
        digests: list[str] = []
        events: list[Event] = []
        sender = ShowControl(Config().osc, lambda _: None)
        show = Show(Config(), 3, sender, events.append, lambda scene: digests.append(scene_digest(scene)))
        edited = parse_config("look:\n  nobody: {grain: 0.9}\n  sharpen: 3.0\n")
        inputs = recorded or [
            *(Event("frame", n * DT_S, None) for n in range(10)),
            Event("config", 10 * DT_S, edited.model_dump()),
            *(Event("frame", n * DT_S, None) for n in range(11, 30)),
        ]
        for event in inputs:
            show.take(event)
        return digests, events

    digests, events = run(None)
    again, _ = run(events)
    assert again == digests
    assert len(set(digests)) == len(digests)


def test_each_visitor_has_a_voice(state_of: Callable) -> None:
    who = (
        state_of("happy", person_id=1, x=0.3, valence=0.8, arousal=0.5, energy=0.9),
        state_of("sad", person_id=2, x=0.7, valence=-0.8, arousal=-0.4, energy=0.0),
    )
    scene = Scene(SceneConfig(), 1)
    start = play(scene, who, 3)
    end = play(scene, who, 1)
    warm, cold = (oklab_of_linear(palette[2].astype(np.float64)) for palette in end.own_palettes)
    assert warm[2] > cold[2] + 0.1, "yellow beside blue"
    paces = (end.shapes - start.shapes)[:, PHASE]
    assert paces[0] > 1.5 * paces[1] > 0
    assert end.shapes[1, SPIKES] != end.shapes[0, SPIKES]
    group = oklab_of_linear(end.palette[2].astype(np.float64))
    assert cold[2] < group[2] < warm[2], "the room's palette lies between"


def test_who_is_alone_wears_the_palette_and_who_stays_alone_goes_back_to_it(state_of: Callable) -> None:
    alone = play(Scene(SceneConfig(), 1), (state_of("fear"),), 3)
    np.testing.assert_array_equal(alone.own_palettes[0], alone.palette)
    assert alone.shapes[0, HUE] == 0
    assert alone.shapes[0, SPIKES] == pytest.approx(alone.look["spikiness"], abs=0.01)
    scene = Scene(SceneConfig(), 1)
    pair = (state_of("happy", person_id=1), state_of("sad", person_id=2))
    together = play(scene, pair, 3)
    assert np.abs(together.own_palettes[0] - together.palette).max() > 0.02
    left = play(scene, pair[:1], 6)
    np.testing.assert_allclose(left.own_palettes[0], left.palette, atol=1e-4)


def test_a_visitor_who_comes_or_goes_makes_no_jump(state_of: Callable) -> None:
    scene, group = Scene(SceneConfig(), 1), Group(Config().group)
    one, two = state_of("happy", person_id=1, x=0.3), state_of("sad", person_id=2, x=0.7)
    presences = [None] * 60 + list(np.linspace(0, 1, 10)) + [1.0] * 60 + list(np.linspace(1, 0, 30)) + [None] * 60
    colours = []
    for n, presence in enumerate(presences):
        states = (one,) if presence is None else (one, replace(two, presence=float(presence)))
        found = scene.update(states, group.update(states, n * DT_S), n * DT_S, DT_S)
        colours.append(oklab_of_linear(found.own_palettes[0].astype(np.float64)))
    steps = np.linalg.norm(np.diff(colours, axis=0), axis=2)
    assert steps[30:].max() < 0.05


def test_a_turned_hue_keeps_lightness_and_chroma() -> None:
    red = oklab_of_linear(np.array([0.8, 0.1, 0.1]))
    found = turned(red, 0.1)
    assert found[0] == pytest.approx(red[0])
    assert np.hypot(*found[1:]) == pytest.approx(np.hypot(*red[1:]))
    assert found[2] > red[2], "towards yellow"
