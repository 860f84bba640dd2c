"""What the ear makes of synthetic sound: onsets where they are, none where there are none; a level in quiet and loud rooms."""

import numpy as np
import pytest

from benchmarks.sound import LOUDNESSES_DB, RATE, Score, heard, made
from installation.config.sound import SoundConfig
from installation.showcontrol.sound.ear import Ear


@pytest.mark.parametrize("loudness_db", LOUDNESSES_DB)
@pytest.mark.parametrize(
    ("name", "least"), [("clicks", 0.9), ("notes", 0.85), ("drums", 0.9), ("speech", 0.95), ("band", 0.9)]
)
def test_onsets_are_heard_where_they_are(name: str, least: float, loudness_db: float) -> None:
    score = Score()
    for seed in (201, 202):
        sound = made(name, seed, 12.0, loudness_db)
        score.add(heard(sound.samples).onsets, sound.onsets)
    assert score.there > 20
    assert score.f > least
    assert np.median(score.late) < 0.03


def test_nothing_sets_in_while_a_sound_goes_on() -> None:
    sound = made("steady", 203, 30.0, -12.0)
    told = heard(sound.samples).onsets
    assert len(told) <= len(sound.onsets) + 2, "tremolo, vibrato and noise are no onsets"


def test_a_quiet_room_and_a_loud_one_give_the_same_level() -> None:
    quiet, loud = (np.array(heard(made("drums", 204, 20.0, db).samples).levels[800:]) for db in (-34.0, -6.0))
    for levels in (quiet, loud):
        assert np.percentile(levels, 90) > np.percentile(levels, 10) + 0.15
    assert abs(np.median(quiet) - np.median(loud)) < 0.2


def test_the_rooms_own_noise_is_silence_and_a_word_in_it_is_not() -> None:
    hum = made("steady", 205, 30.0, -200.0).samples + np.random.default_rng(1).normal(0, 10 ** (-58 / 20), 30 * RATE)
    found = heard(hum)
    assert max(found.levels[300:]) < 0.15
    assert found.onsets == []
    hum[20 * RATE : 20 * RATE + RATE // 4] *= 20
    assert max(heard(hum).levels[2000:]) > 0.4


def test_a_drone_that_is_loud_is_not_taken_for_the_room() -> None:
    t = np.arange(60 * RATE) / RATE
    assert min(heard(0.2 * np.sin(2 * np.pi * 110 * t)).levels[500:]) > 0.8


def test_the_level_rises_and_falls_as_the_settings_say() -> None:
    noise = np.random.default_rng(2).normal(0, 0.2, 2 * RATE)
    noise[RATE:] *= 1e-4
    quick, slow = (heard(noise, config=SoundConfig(attack_s=one, release_s=10 * one)).levels for one in (0.01, 0.1))
    assert quick[5] > slow[5]
    assert quick[99] == pytest.approx(slow[99], abs=0.05)
    assert quick[110] < slow[110]
    assert slow[-1] < 0.5 * slow[99]


def test_what_is_no_number_is_silence_and_a_gap_is_no_onset() -> None:
    ear = Ear(RATE, SoundConfig())
    noise = np.random.default_rng(3).normal(0, 0.1, RATE).astype(np.float32)
    ear.feed(noise)
    assert ear.level > 0.5
    level = ear.level
    ear.cut()
    assert ear.feed(noise) == 0, "it goes on behind the gap as it was"
    assert ear.level == pytest.approx(level, abs=0.1)
    ear.feed(np.full(RATE, np.nan, np.float32))
    assert 0.0 <= ear.level < 0.2


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 96_000])
def test_any_rate_will_do(rate: int) -> None:
    rng, truth = np.random.default_rng(4), [0.5 + 0.31 * n for n in range(20)]
    samples = rng.normal(0, 1e-4, 7 * rate)
    for at_s in truth:
        at = round(at_s * rate)
        samples[at : at + rate // 50] += rng.normal(0, 0.3, rate // 50)
    score = Score()
    score.add(heard(samples, rate).onsets, truth)
    assert score.f > 0.95


def test_sensitivity_chooses_between_soft_and_hard_attacks() -> None:
    sound = made("band", 206, 20.0, -12.0)
    counts = [len(heard(sound.samples, config=SoundConfig(sensitivity=one)).onsets) for one in (0.3, 1.0, 4.0)]
    assert counts[0] < counts[1] < counts[2]
