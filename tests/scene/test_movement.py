"""The looks that are seen where emotions are not read."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from installation.scene.movement import PLACES, Movement, shares
from installation.types import EMOTIONS, EmotionState


def play(movement: Movement, state: EmotionState, seconds: float, t_s: float = 0.0, rate: float = 30.0) -> EmotionState:
    dressed = state
    for n in range(round(seconds * rate)):
        (dressed,), _ = movement.dressed((state,), state, t_s + n / rate, 1 / rate)
    return dressed


@pytest.mark.parametrize("name", EMOTIONS)
def test_each_look_rules_at_its_place(name: str) -> None:
    looks = shares(*PLACES[name])
    assert EMOTIONS[int(np.argmax(looks))] == name
    assert looks.sum() == pytest.approx(1.0, abs=1e-6)
    assert looks.max() > 0.5


def test_no_look_jumps_in_between_and_none_is_lost_far_away() -> None:
    line = [shares(a, 0.4) for a in np.linspace(-1.0, 2.0, 3000)]
    assert np.abs(np.diff(line, axis=0)).max() < 0.02
    assert np.isfinite(shares(50.0, -50.0)).all()


def test_stillness_and_motion_closed_and_open_lead_to_other_looks(state_of) -> None:
    ways = [(0.02, 0.0), (0.02, 0.16), (0.3, 0.0), (0.3, 0.45), (0.85, 0.05), (0.85, 0.85)]
    led = [play(Movement(), state_of("neutral", energy=e, openness=o), 4.0).label for e, o in ways]
    assert len(set(led)) >= 5, led


def test_what_a_state_says_of_emotions_changes_nothing(state_of) -> None:
    one = play(Movement(), state_of("angry", valence=-1.0, arousal=1.0), 2.0)
    other = play(Movement(), state_of("happy", valence=1.0, arousal=-1.0), 2.0)
    assert one.probabilities.tobytes() == other.probabilities.tobytes()
    assert (one.valence, one.arousal, one.label) == (other.valence, other.arousal, other.label)


def test_it_follows_a_start_quickly_and_a_stop_slowly(state_of) -> None:
    movement, still, moving = Movement(), state_of("neutral", energy=0.0), state_of("neutral", energy=0.8)
    rest = play(movement, still, 5.0).arousal
    started = play(movement, moving, 0.6, 5.0).arousal
    top = play(movement, moving, 5.0, 6.0).arousal
    stopped = play(movement, still, 0.6, 11.0).arousal
    assert started - rest > 0.6 * (top - rest)
    assert top - stopped < 0.4 * (top - rest)


def test_a_look_that_leads_is_not_given_up_for_a_hair(state_of) -> None:
    movement, middle = Movement(), [(a**2, b**2) for a, b in ((0.34, 0.52), (0.36, 0.52))]
    led = []
    for n in range(600):
        energy, openness = middle[n // 7 % 2]
        state = state_of("neutral", energy=energy, openness=openness)
        (dressed,), _ = movement.dressed((state,), None, 0.0, 1 / 30)
        led.append(dressed.label)
    assert sum(a != b for a, b in pairwise(led)) <= 1


def test_whoever_stands_still_is_not_shown_a_still_picture(state_of) -> None:
    movement, still = Movement(), state_of("neutral", energy=0.0, openness=0.15)
    looks = [play(movement, still, 1.0, t_s).probabilities for t_s in range(0, 60, 2)]
    assert np.ptp(looks, axis=0).max() > 0.2
    year_s = 365 * 86400.0
    later = [play(movement, still, 0.1, year_s + n / 30).arousal for n in range(60)]
    assert np.abs(np.diff(later)).max() < 0.01, "no jitter after a year"


def test_it_says_the_same_at_thirty_and_sixty_pictures_a_second(state_of) -> None:
    who = state_of("neutral", energy=0.5, openness=0.7)
    one, other = (play(Movement(), who, 3.0, 0.0, rate) for rate in (30.0, 60.0))
    assert np.abs(one.probabilities - other.probabilities).max() < 0.02


def test_visitors_are_forgotten_when_they_go(state_of) -> None:
    movement = Movement()
    for n in range(50):
        who = replace(state_of("neutral"), person_id=n)
        movement.dressed((who,), who, n / 30, 1 / 30)
    assert len(movement._movers) == 2
