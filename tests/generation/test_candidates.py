"""Candidates: what is measured is what training measured, and the chosen ones beat the pool."""

from functools import partial

import numpy as np
import pytest

from installation.base.model_files import model_path
from installation.generation.affect import DEPICTED
from installation.generation.candidates import Candidate, KeyChooser, best, misfit, newness, score
from installation.generation.generator import TextureGenerator
from installation.generation.picture_features import PAINTINGS, AffectScale, features, likeness
from installation.generation.seamless import resized
from installation.types import ByteArray, FloatArray


def pictures(count: int, size_px: int = 64) -> list[ByteArray]:
    """Soft blots in colours of their own."""
    rng = np.random.default_rng(3)
    made = [rng.integers(0, 255, (5, 5, 3)) for _ in range(count)]
    return [resized(small.astype(np.uint8), size_px) for small in made]


def test_affect_is_measured_as_in_training() -> None:
    torch = pytest.importorskip("torch")
    from installation.training import texture_data

    stack = np.stack(pictures(4, 96))
    expected = texture_data.features(torch.from_numpy(stack).permute(0, 3, 1, 2).float() / 255).numpy()
    octaves = getattr(texture_data, "OCTAVES", 1)
    for picture, wanted in zip(stack, expected, strict=True):
        assert features(picture, octaves) == pytest.approx(wanted, abs=1e-4)


def test_the_scale_comes_from_the_model_or_from_the_paintings() -> None:
    metadata = {"affect_mean": "0 0 0 0", "affect_deviation": "1 1 1 0.5"}
    picture = pictures(1)[0]
    assert AffectScale.of(metadata)(picture) == pytest.approx(features(picture) / [2, 2, 2, 1])
    for broken in ({}, {"affect_mean": "1 2", "affect_deviation": "1 2"}, metadata | {"affect_deviation": "1 0 1 x"}):
        assert AffectScale.of(broken) is PAINTINGS


def test_another_picture_is_far_and_the_same_one_near() -> None:
    one, other = pictures(2)
    assert np.linalg.norm(likeness(one) - likeness(other)) > 0.4
    assert np.linalg.norm(likeness(one) - likeness(resized(resized(one, 128), 64))) < 0.1


def candidate(variant: int, affect: float, look: float) -> Candidate:
    return Candidate(variant, np.full(4, affect, np.float32), np.full(23, look, np.float32))


def test_the_best_fit_and_differ_from_each_other_and_from_what_was_shown() -> None:
    asked = np.zeros(4, np.float32)
    twins = [candidate(0, 0.0, 0.0), candidate(1, 0.01, 0.0), candidate(2, 0.1, 5.0), candidate(3, 2.0, 9.0)]
    assert [one.variant for one in best(twins, asked, [], 3)] == [0, 2, 1]
    shown = [np.zeros(23, np.float32)]
    assert best(twins, asked, shown, 1)[0].variant == 2
    assert best([], asked, [], 3) == []


def pool(generator: TextureGenerator, asked: FloatArray, key: int) -> list[Candidate]:
    latents = [generator.walk.variant(key, n) for n in range(8)]
    return [Candidate.of(n, generator.paint(asked, one, 64), generator.scale) for n, one in enumerate(latents)]


def test_the_best_three_of_eight_beat_the_mean_of_their_pool() -> None:
    """With the network that is shipped, for each emotion: true to what was asked and unlike each other and the last ones."""
    generator = TextureGenerator(model_path("texture"), 64, seed=5)
    gains: dict[str, list[float]] = {"score": [], "misfit": [], "newness": []}
    shown: list[FloatArray] = []
    for key, asked in enumerate(DEPICTED):
        eight = pool(generator, asked, key)
        three = best(eight, asked, shown, 3)
        for name, figure in (("score", partial(score, asked=asked, shown=shown)),
                             ("misfit", partial(misfit, asked=asked)),
                             ("newness", partial(newness, shown=shown))):  # fmt: skip
            gains[name].append(float(np.mean([figure(c) for c in three]) - np.mean([figure(c) for c in eight])))
        shown = [c.likeness for c in three]
    assert min(gains["score"]) > 0
    assert np.mean(gains["misfit"]) < 0
    assert np.mean(gains["newness"]) > 0


def test_keys_are_chosen_in_time_and_no_candidate_is_measured_twice() -> None:
    chooser, asked = KeyChooser(4), np.zeros(4, np.float32)
    wanted = []
    while (one := chooser.next(0.2)) is not None:
        wanted.append(one)
        chooser.measured(candidate(one[1], 0.1 * abs(one[1] - 2), 0.0))
    assert wanted == [(2, n) for n in range(4)]
    assert chooser.take(0.9, asked) is None
    assert chooser.take(1.0, asked) == (2, 2)
    assert chooser.take(1.1, asked) is None
    assert chooser.next(1.1) == (3, 0)


def test_one_candidate_is_no_choice() -> None:
    assert KeyChooser(1).next(0.0) is None
