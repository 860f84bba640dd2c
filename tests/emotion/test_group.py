"""The group's promises: one visitor is the group, the mean stays among its members, leaders change calmly and nothing jumps."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.config.emotion import GroupConfig, SmoothingConfig
from installation.emotion.group import GROUP_ID, Group, strength
from installation.emotion.smoothing import Smoother
from installation.types import EMOTIONS, EmotionEstimate, EmotionState

RATE = 30
MODES = ("mean", "strongest", "recent")


def visitor(person_id: int, emotion: str = "happy", **more: object) -> EmotionState:
    probabilities = np.full(7, 0.02, np.float32)
    probabilities[EMOTIONS.index(emotion)] = 0.88
    values: dict[str, object] = {
        "valence": 0.0,
        "arousal": 0.0,
        "confidence": 1.0,
        "energy": 0.0,
        "openness": 0.5,
        "position": (0.1 * person_id, 0.5, 0.5),
        "presence": 1.0,
        "label": emotion,
    }
    return EmotionState(t_s=0.0, person_id=person_id, probabilities=probabilities, **{**values, **more})


def numbers(state: EmotionState) -> np.ndarray:
    rest = (state.valence, state.arousal, state.confidence, state.energy, state.openness, *state.position)
    return np.array([*state.probabilities, *rest])


def hold(group: Group, states: tuple[EmotionState, ...], from_s: float, for_s: float) -> EmotionState:
    """The group's state after it saw ``states`` for ``for_s`` seconds."""
    for n in range(1, round(for_s * RATE) + 1):
        out = group.update(states, from_s + n / RATE)
    assert out is not None
    return out


@st.composite
def a_visitor(draw: st.DrawFn, person_id: int) -> EmotionState:
    share, signed = st.floats(0, 1), st.floats(-1, 1)
    weights = np.array(draw(st.lists(st.floats(0.01, 1), min_size=7, max_size=7)))
    return replace(
        visitor(person_id),
        probabilities=(weights / weights.sum()).astype(np.float32),
        valence=draw(signed),
        arousal=draw(signed),
        confidence=draw(share),
        energy=draw(share),
        openness=draw(share),
        position=(draw(share), draw(share), draw(share)),
        presence=draw(share),
        label=draw(st.sampled_from(EMOTIONS)),
    )


crowd = st.tuples(*(a_visitor(number) for number in range(1, 5)))
modes = st.sampled_from(MODES)


@pytest.mark.parametrize("mode", MODES)
def test_nobody_is_none_and_one_visitor_is_the_group(mode: str) -> None:
    group = Group(GroupConfig(mode=mode))
    assert group.update((), 0.0) is None
    alone = visitor(7, "sad", presence=0.0)
    assert group.update((alone,), 0.1) is alone
    later = replace(alone, presence=0.6, valence=-0.5)
    assert group.update((later,), 0.2) is later
    assert group.update((), 0.3) is None
    assert group.update((visitor(8),), 0.4).person_id == 8


@given(crowd, modes)
def test_a_group_stays_among_its_members(states: tuple[EmotionState, ...], mode: str) -> None:
    group = Group(GroupConfig(mode=mode))
    members = np.array([numbers(state) for state in states])
    for n in range(40):
        out = group.update(states, n / RATE)
        assert out is not None
        assert (numbers(out) >= members.min(axis=0) - 1e-6).all()
        assert (numbers(out) <= members.max(axis=0) + 1e-6).all()
        assert out.probabilities.sum() == pytest.approx(1.0, abs=1e-5)
        assert out.presence == max(state.presence for state in states)
        assert out.label in {state.label for state in states}


def test_the_mean_weighs_by_presence_and_confidence() -> None:
    group = Group(GroupConfig(mode="mean"))
    sure = visitor(1, "happy", valence=0.8, presence=1.0, confidence=0.8)
    half = visitor(2, "sad", valence=-0.6, presence=0.5, confidence=0.8)
    unsure = visitor(3, "fear", valence=0.2, presence=1.0, confidence=0.0)
    out = group.update((sure, half, unsure), 0.0)
    # Weights 1.0, 0.5 and 0.2.
    assert out.valence == pytest.approx((0.8 - 0.3 + 0.04) / 1.7)
    assert out.person_id == GROUP_ID
    assert out.label == "happy"


def changing_crowd(states: tuple[EmotionState, ...], seed: int, steps: int) -> list[tuple[EmotionState, ...]]:
    """Who is listed at each step: everybody comes and goes at random, and always somebody is there."""
    rng = np.random.default_rng(seed)
    listed = np.array([True] + [False] * (len(states) - 1))
    out = []
    for _ in range(steps):
        turned = listed ^ (rng.random(len(states)) < 0.08)
        listed = turned if turned.any() else listed
        out.append(tuple(state for state, there in zip(states, listed, strict=True) if there))
    return out


@given(crowd, modes, st.integers(0, 2**16), st.sampled_from([0.3, 1.0]))
def test_nothing_jumps_when_people_come_or_go(
    states: tuple[EmotionState, ...], mode: str, seed: int, fade_s: float
) -> None:
    group = Group(GroupConfig(mode=mode, fade_s=fade_s, hold_s=0.1))
    moves = []
    last = None
    for n, listed in enumerate(changing_crowd(states, seed, 120)):
        out = group.update(listed, n / RATE)
        if last is not None:
            moves.append(np.abs(numbers(out) - last).max())
        last = numbers(out)
    # A whole cross-fade lasts fade_s, and values span 2 at most.
    assert max(moves) <= 2 / (fade_s * RATE) + 1e-6


@given(crowd, modes, st.integers(0, 2**16), st.permutations(range(1, 5)))
def test_order_and_numbers_mean_nothing(
    states: tuple[EmotionState, ...], mode: str, seed: int, others: list[int]
) -> None:
    # Nobody stands in the place of another: two visitors equal in everything would differ only by their numbers.
    states = tuple(replace(s, position=(s.position[0], s.position[1], 0.1 * s.person_id)) for s in states)
    renamed = {state.person_id: 10 * other for state, other in zip(states, others, strict=True)}
    one, two = Group(GroupConfig(mode=mode, hold_s=0.1)), Group(GroupConfig(mode=mode, hold_s=0.1))
    for n, listed in enumerate(changing_crowd(states, seed, 40)):
        a = one.update(listed, n / RATE)
        b = two.update(tuple(replace(s, person_id=renamed[s.person_id]) for s in reversed(listed)), n / RATE)
        assert np.array_equal(numbers(a), numbers(b))
        assert (a.label, a.presence) == (b.label, b.presence)
        assert b.person_id == renamed.get(a.person_id, GROUP_ID)


def test_the_strongest_leads_and_the_fade_to_another_takes_its_time() -> None:
    group = Group(GroupConfig(mode="strongest", margin=0.1, hold_s=0.5, fade_s=1.0))
    calm, lively = visitor(1, "sad", valence=-0.4), visitor(2, "happy", valence=0.6)
    assert hold(group, (calm, lively), 0.0, 1.0).valence == pytest.approx(0.6)
    angry = visitor(1, "angry", valence=-0.9)
    before = hold(group, (angry, lively), 1.0, 0.4)
    assert before.valence == pytest.approx(0.6)
    assert before.person_id == 2
    during = hold(group, (angry, lively), 1.4, 0.6)
    assert during.person_id == 1
    assert during.label == "angry"
    assert -0.9 < during.valence < 0.6
    after = hold(group, (angry, lively), 2.0, 0.7)
    assert numbers(after) == pytest.approx(numbers(angry), abs=1e-6)


def test_two_who_take_turns_by_little_or_for_a_moment_do_not_change_the_leader() -> None:
    group = Group(GroupConfig(mode="strongest", margin=0.1, hold_s=0.5))
    first, second = visitor(1, valence=0.55), visitor(2, "sad", valence=-0.5)
    hold(group, (first, second), 0.0, 1.0)
    leaders = set()
    for n in range(300):
        wave = np.sin(2 * np.pi * n / 60)
        # By up to 0.08 every two seconds, and by much for a third of a second.
        strong = 0.95 if n % 60 < 10 else 0.5 + 0.04 * wave
        out = group.update((replace(first, valence=0.5 - 0.04 * wave), replace(second, valence=-strong)), 1 + n / RATE)
        leaders.add(out.person_id)
    assert leaders == {1}
    assert strength(replace(first, valence=-0.3, arousal=0.5, presence=0.5, confidence=0.5)) == pytest.approx(0.125)


def test_the_latest_arrival_leads_until_it_leaves() -> None:
    group = Group(GroupConfig(mode="recent", hold_s=0.4, fade_s=0.5))
    old, new = visitor(5, "happy", valence=0.9), visitor(2, "sad", valence=-0.2)
    hold(group, (old,), 0.0, 2.0)
    assert hold(group, (old, new), 2.0, 0.3).valence == pytest.approx(0.9)
    led = hold(group, (old, new), 2.3, 1.0)
    assert numbers(led) == pytest.approx(numbers(new), abs=1e-6)
    assert (led.person_id, led.label) == (2, "sad")
    # It fades out: the other one leads again before the picture has lost its presence.
    for n in range(1, 61):
        out = group.update((old, replace(new, presence=1 - n / 61)), 3.3 + n / RATE)
    assert out.person_id == 5
    assert out.presence == 1.0
    back = hold(group, (old,), 5.3, 0.1)
    assert back.valence == pytest.approx(0.9)
    # Who was gone and comes back has come last.
    assert hold(group, (old, new), 5.4, 1.5).person_id == 2


@pytest.mark.parametrize("mode", MODES)
def test_who_vanishes_between_two_pictures_is_faded_out(mode: str) -> None:
    group = Group(GroupConfig(mode=mode, fade_s=1.0, hold_s=0.0))
    stays, goes = visitor(1, "sad", valence=-0.5), visitor(2, "happy", valence=0.9)
    group.update((stays,), 0.0)
    there = hold(group, (stays, goes), 0.0, 3.0)
    first = group.update((stays,), 3.0 + 1 / RATE)
    assert there.valence > 0.15
    assert abs(first.valence - there.valence) < 0.08
    gone = replace(stays, t_s=5.0)
    hold(group, (stays,), 3.0 + 1 / RATE, 1.1)
    assert group.update((gone,), 5.0) is gone


@pytest.mark.parametrize("rates", [(15, 60), (24, 48)])
@pytest.mark.parametrize("mode", MODES)
def test_a_fade_is_the_same_at_any_rate(mode: str, rates: tuple[int, int]) -> None:
    def follow(rate: int) -> np.ndarray:
        group = Group(GroupConfig(mode=mode, hold_s=0.0, fade_s=1.0))
        group.update((visitor(1, "sad", valence=-0.5),), 0.0)
        for n in range(1, rate // 3 + 1):
            out = group.update((visitor(1, "sad", valence=-0.5), visitor(2, valence=0.9)), n / rate)
        return numbers(out)

    assert follow(rates[0]) == pytest.approx(follow(rates[1]), abs=1e-9)


def test_another_mode_cross_fades_and_a_stall_does_not_leap() -> None:
    states = (visitor(1, "sad", valence=-0.6), visitor(2, "happy", valence=0.9))
    group = Group(GroupConfig(mode="mean", fade_s=1.0))
    mean = hold(group, states, 0.0, 2.0)
    group.reconfigure(GroupConfig(mode="strongest", fade_s=1.0))
    same = group.update(states, 2.0)
    assert same.valence == pytest.approx(mean.valence)
    assert abs(group.update(states, 60.0).valence - mean.valence) < 0.2
    assert hold(group, states, 60.0, 1.0).valence == pytest.approx(0.9)
    earlier = group.update(states, 1.0)
    assert earlier.valence == pytest.approx(0.9)


def test_the_label_of_a_mean_does_not_flicker_between_halves() -> None:
    group = Group(GroupConfig(mode="mean", margin=0.1, fade_s=0.2))
    labels = set()
    for n in range(200):
        more = 0.02 * np.sin(n / 5)
        happy, sad = visitor(1, "happy", confidence=0.7 + more), visitor(2, "sad", confidence=0.7 - more)
        labels.add(group.update((happy, sad), n / RATE).label)
    assert len(labels) == 1
    certain = (visitor(1, "happy", confidence=0.2), visitor(2, "sad", confidence=0.9))
    assert hold(group, certain, 200 / RATE, 1.0).label == "sad"


def test_two_real_visitors_never_make_the_picture_jump() -> None:
    """Through the smoother: one comes while the other goes, with fades as they are."""
    smoother, group = Smoother(SmoothingConfig()), Group(GroupConfig(mode="recent"))
    values, presences = [], []
    for n in range(8 * RATE):
        t_s = n / RATE
        there = [(1, "happy", 0.8)] if t_s < 4 else []
        there += [(2, "sad", -0.6)] if t_s > 2 and t_s < 7 else []
        fed = tuple(
            EmotionEstimate(t_s, key, visitor(1, name).probabilities, value, 0.0, 0.9, 0.2, 0.5, (0.5, 0.5, 0.5))
            for key, name, value in there
        )
        out = group.update(smoother.update(fed, t_s), t_s)
        assert out is not None
        values.append(out.valence)
        presences.append(out.presence)
    assert np.abs(np.diff(values)).max() < 1.4 / (GroupConfig().fade_s * RATE) + 1e-6
    assert np.abs(np.diff(presences[:200])).max() < 1 / (0.3 * RATE) + 1e-6
    assert values[3 * RATE + RATE] == pytest.approx(-0.6, abs=0.01)


def test_an_older_time_moves_nothing_and_is_not_made_up_for_later() -> None:
    group = Group(GroupConfig(mode="recent", hold_s=0.0, fade_s=1.0))
    states = (visitor(1, "sad", valence=-0.5), visitor(2, valence=0.9))
    group.update(states[:1], 1.0)
    before = hold(group, states, 1.0, 0.2)
    assert group.update(states, 1.15).valence == before.valence
    assert group.update(states, 1.2).valence == pytest.approx(before.valence)


def test_who_comes_back_while_the_picture_still_fades_has_come_last() -> None:
    group = Group(GroupConfig(mode="recent", hold_s=0.0, fade_s=1.0))
    first, second = visitor(1, "sad"), visitor(2)
    hold(group, (first,), 0.0, 0.5)
    hold(group, (first, second), 0.5, 2.0)
    # The first leaves the list for less than the cross-fade and comes back.
    hold(group, (first,), 2.5, 2.0)
    hold(group, (first, second), 4.5, 0.3)
    hold(group, (second,), 4.8, 0.3)
    assert hold(group, (first, second), 5.1, 0.2).person_id == 1
