"""Generated pictures: tileable, repeatable, true to what was asked."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.base.model_files import model_path
from installation.base.onnx_sessions import UnusableModelError
from installation.generation.affect import DEPICTED, affect_of
from installation.generation.generator import TextureGenerator
from installation.generation.latent import LatentWalk
from installation.generation.procedural import procedural_texture
from installation.types import EMOTIONS, ByteArray, FloatArray, TextureRequest


@pytest.fixture(scope="module")
def generator() -> TextureGenerator:
    return TextureGenerator(model_path("texture"), 128, seed=3)


def request(emotion: str = "happy") -> TextureRequest:
    p = np.zeros(7, np.float32)
    p[EMOTIONS.index(emotion)] = 1
    return TextureRequest(0.0, p, 0.0, 0.0)


def seam_ratio(rgba: ByteArray) -> float:
    """Mean step across the borders over the mean step inside."""
    rgb = rgba[:, :, :3].astype(float)
    across = np.abs(rgb[0] - rgb[-1]).mean() + np.abs(rgb[:, 0] - rgb[:, -1]).mean()
    return across / (np.abs(np.diff(rgb, axis=0)).mean() + np.abs(np.diff(rgb, axis=1)).mean())


def mean_of(generator: TextureGenerator, affect: FloatArray) -> FloatArray:
    """Mean colour over several places of the walk."""
    return np.mean([generator.generate(affect, n * 1.7)[:, :, :3].mean((0, 1)) for n in range(6)], axis=0)


def test_pictures_are_opaque_tileable_and_repeatable(generator: TextureGenerator) -> None:
    affect = affect_of(request())
    a, b = generator.generate(affect, 2.3), generator.generate(affect, 2.3)
    assert a.shape == (128, 128, 4)
    assert a.dtype == np.uint8
    assert (a[:, :, 3] == 255).all()
    assert np.array_equal(a, b)
    assert a[:, :, :3].std() > 5
    ratios = [seam_ratio(generator.generate(affect_of(request(e)), n + 0.5)) for n, e in enumerate(EMOTIONS)]
    assert np.mean(ratios) < 1.15


def test_the_walk_is_smooth_and_goes_somewhere(generator: TextureGenerator) -> None:
    affect = affect_of(request("sad"))
    steps = [generator.generate(affect, 1 + n / 60).astype(int) for n in range(4)]
    near = np.abs(steps[1] - steps[0]).mean()
    far = np.abs(generator.generate(affect, 3.0).astype(int) - steps[0]).mean()
    assert near < 0.35 * far


def test_what_is_asked_for_is_what_is_seen(generator: TextureGenerator) -> None:
    cold, warm = (mean_of(generator, np.array([0, 0, w, 0], np.float32)) for w in (-0.8, 0.8))
    assert (warm[0] - warm[2]) - (cold[0] - cold[2]) > 25
    dark, bright = (mean_of(generator, np.array([v, 0, 0, 0], np.float32)) for v in (-0.8, 0.8))
    assert bright.mean() - dark.mean() > 25


@pytest.mark.parametrize("size", [64, 192])
def test_every_size_can_be_had(size: int) -> None:
    one = TextureGenerator(model_path("texture"), size, seed=1)
    assert one.generate(DEPICTED[0], 0.0).shape == (size, size, 4)


def test_a_file_that_is_no_generator_is_refused(tmp_path: Path) -> None:
    (tmp_path / "junk.onnx").write_bytes(b"junk" * 100)
    for path in (tmp_path / "junk.onnx", tmp_path / "missing.onnx", model_path("expression")):
        with pytest.raises(UnusableModelError, match=path.name):
            TextureGenerator(path, 64, seed=1)


@given(st.lists(st.floats(-1, 1, width=32), min_size=4, max_size=4), st.floats(0, 1000))
def test_the_procedural_texture_tiles_and_is_opaque(affect: list[float], position: float) -> None:
    rgba = procedural_texture(np.array(affect, np.float32), position, 64)
    assert rgba.shape == (64, 64, 4)
    assert (rgba[:, :, 3] == 255).all()
    if rgba[:, :, :3].std() > 4:
        assert seam_ratio(rgba) < 1.6


@given(st.floats(0, 100), st.integers(0, 5))
def test_latents_keep_their_variance_all_along_the_walk(position: float, seed: int) -> None:
    values = LatentWalk({"coarse": (1, 16, 16, 16)}, seed, truncation=1.0).at(position)["coarse"]
    assert values.std() == pytest.approx(1.0, abs=0.08)


@pytest.mark.parametrize("position", [-0.1, float("nan"), float("inf")])
def test_impossible_places_on_the_walk_are_refused(position: float) -> None:
    with pytest.raises(ValueError, match="position"):
        LatentWalk({"style": (1, 4)}, 1).at(position)


def test_a_request_that_is_not_finite_or_no_distribution_is_refused() -> None:
    for p in (np.full(7, np.nan, np.float32), np.ones(7, np.float32), np.ones(3, np.float32)):
        with pytest.raises(ValueError, match="probabilities"):
            affect_of(TextureRequest(0.0, p, 0.0, 0.0))
