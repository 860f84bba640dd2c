"""The measure of how far pictures tell emotions apart: it sees what differs, is not fooled by noise, and the looks pass it."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.config.look import LOOK_NAMES, NOBODY
from installation.config.settings import Config
from installation.evaluation import contact_sheet
from installation.evaluation.booth import Booth
from installation.evaluation.look_measure import COLOURS, blind_accuracy, features, pair_ratios
from installation.evaluation.moods import HELD_S, READINGS, lived, reading
from installation.types import EMOTIONS, ByteArray
from tests.screen import or_skipped


def disc(rgb: tuple[int, int, int], x: int = 96, radius: int = 30, spikes: int = 0) -> ByteArray:
    """A round or a spiked form on black."""
    picture = np.zeros((108, 192, 3), np.uint8)
    angles = np.linspace(0, 2 * np.pi, 240, endpoint=False)
    reach = radius * (1 + (0.5 * np.sign(np.sin(spikes * angles)) if spikes else 0))
    points = np.stack([x + reach * np.cos(angles), 54 + reach * np.sin(angles)], 1).astype(np.int32)
    cv2.fillPoly(picture, [points], rgb)
    return picture


def test_colour_changes_the_first_features_and_form_the_others() -> None:
    red, spiked = disc((200, 60, 40)), disc((200, 60, 40), spikes=9)
    violet = disc((110, 90, 230))
    colour = np.abs(features(red, red) - features(violet, violet))
    form = np.abs(features(red, red) - features(spiked, spiked))
    assert colour[:COLOURS].max() > 0.1
    assert form[COLOURS:].max() > 1.0, "a ragged outline"
    assert form[1:3].max() < 0.02, "the same colour"
    moved = features(disc((200, 60, 40), x=90), red)
    still = features(red, red)
    assert moved[-2:].min() > still[-2:].max(), "motion"
    assert np.abs(moved[:-2] - still[:-2]).max() < 1e-9, "and nothing else"


def test_features_of_a_black_picture_are_finite() -> None:
    black = np.zeros((108, 192, 3), np.uint8)
    assert np.isfinite(features(black, black)).all()


def made_up(apart: float, seeds: int = 8) -> tuple[np.ndarray, list[str], list[int]]:
    rng = np.random.default_rng(1)
    centres = rng.normal(0, apart, (len(EMOTIONS), 30))
    rows = [centres[n] + rng.normal(0, 1, 30) for _ in range(seeds) for n in range(len(EMOTIONS))]
    return np.array(rows), list(EMOTIONS) * seeds, [seed for seed in range(seeds) for _ in EMOTIONS]


def test_the_measure_tells_what_is_apart_from_what_is_not() -> None:
    rows, emotions, seeds = made_up(4.0)
    assert min(pair_ratios(rows, emotions).values()) > 2
    assert blind_accuracy(rows, emotions, seeds) > 0.95
    rows, emotions, seeds = made_up(0.0)
    assert max(pair_ratios(rows, emotions).values()) < 1.15
    assert blind_accuracy(rows, emotions, seeds) < 0.35, "chance is one in seven"
    with pytest.raises(ValueError, match="two pictures"):
        pair_ratios(rows[:7], emotions[:7])


def test_readings_are_doubtful_and_differ() -> None:
    rng = np.random.default_rng(2)
    for emotion in EMOTIONS:
        found = [reading(emotion, rng) for _ in range(20)]
        top = np.array([state.probabilities[EMOTIONS.index(emotion)] for state in found])
        assert 0.3 < top.mean() < 0.9, "nobody is ever quite sure"
        assert top.std() > 0.02
        assert sum(READINGS[emotion][0]) == pytest.approx(1.0, abs=0.011)
    with pytest.raises(KeyError):
        reading("bored", rng)


def test_only_the_mood_differs_between_pictures_of_one_seed() -> None:
    happy, sad = (list(lived(Config(), "blossom", mood, 5))[-1] for mood in ("happy", "sad"))
    np.testing.assert_array_equal(happy.joints, sad.joints)
    assert happy.shapes[0, 0] == pytest.approx(sad.shapes[0, 0], abs=1e-6)
    assert happy.emotion.argmax() == EMOTIONS.index("happy")
    empty = list(lived(Config(), "blossom", NOBODY, 5))
    assert empty[-1].presence == 0
    assert len(empty) == round(HELD_S * 30)


def test_a_sheet_that_is_too_large_is_refused_and_one_that_fits_is_written(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (1200, 1600, 3)).astype(np.uint8)
    with pytest.raises(OSError, match="smaller --size"):
        contact_sheet.store(noise, tmp_path / "noise.jpg")
    written = contact_sheet.store(np.ascontiguousarray(noise[:200, :200]), tmp_path / "small.jpg")
    assert written == (tmp_path / "small.jpg").stat().st_size <= contact_sheet.MAX_BYTES


def test_a_sheet_has_every_mood_and_a_row_for_each_scene() -> None:
    with or_skipped():
        found = contact_sheet.sheet(Config(), ["blossom"], (96, 54), 3)
    assert found.shape[1] > len(LOOK_NAMES) * 96
    edge, width = contact_sheet.LABEL_PX, 96 + contact_sheet.MARGIN_PX
    cells = [found[edge : edge + 54, edge + n * width : edge + n * width + 96] for n in range(len(LOOK_NAMES))]
    brightness = [float(cell.mean()) for cell in cells]
    assert np.mean(brightness[:-1]) > 1.2 * brightness[-1], "nobody is darker than most"
    assert brightness[-1] > 8, "and not black"


@pytest.mark.long
def test_emotions_are_distinguished_in_a_scene() -> None:
    with or_skipped():
        Booth(Config(), (16, 16)).close()
    found = contact_sheet.measure(Config(), "blossom", range(1, 7), (192, 108))
    assert found.ratio > 1.1, found
    assert found.accuracy > 0.9, found
    assert found.form_accuracy > 0.6, found
