"""The painter of composed pictures: what is one, what it gives, and how it wanders."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from installation.base.model_files import MODELS_DIR
from installation.base.onnx_sessions import UnusableModelError, outline
from installation.generation.generator import TextureGenerator, looks_like_a_generator
from installation.generation.picture_generator import LAYOUT_SHAPE, NO_LAYOUT, PictureGenerator, PictureWalk
from tests.robustness import foreign_models as models

STEP = 0.04 / 5
"""Of the walk, in keys, between two frames at the settings' pace."""
LARGEST_STEP = 6.0
"""Levels, mean over a picture, from one frame of a walk to the next."""


@pytest.fixture(scope="module")
def paint() -> PictureGenerator:
    return PictureGenerator(MODELS_DIR / "paint.onnx")


def test_the_metadata_tells_pictures_from_surfaces(tmp_path: Path) -> None:
    surface = models.generator(tmp_path / "surface.onnx", metadata={"cell_px": "16", "kind": "surface"})
    silent = models.generator(tmp_path / "silent.onnx")
    painter = models.painter(tmp_path / "painter.onnx")
    alike = models.generator(tmp_path / "alike.onnx", metadata={"cell_px": "16", "kind": "picture"})
    assert [looks_like_a_generator(outline(path)) for path in (surface, silent, painter, alike)] == [
        True,
        True,
        False,
        False,
    ]
    with pytest.raises(UnusableModelError, match=r"name it at picture\.model"):
        TextureGenerator(alike, 64, 1)
    with pytest.raises(UnusableModelError, match=r"named at generation\.model"):
        PictureGenerator(surface)
    assert not looks_like_a_generator(outline(MODELS_DIR / "paint.onnx"))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"metadata": {"size_px": "many"}}, "size_px is 'many'"),
        ({"metadata": {"size_px": "128"}}, r"expected is uint8 \(128, 128, 4\)"),
        ({"metadata": {"affect_mean": "1 2"}}, "affect_mean and affect_deviation"),
        ({"opacity": 9}, "seen through"),
        ({"inputs": {"z": ["n", "c"]}}, r"its input z is \('n', 'c'\)"),
        ({"inputs": {"affect": [1, 3]}}, r"its input affect is \(1, 3\)"),
    ],
)
def test_another_network_is_refused_with_what_is_wrong(tmp_path: Path, change: dict[str, object], why: str) -> None:
    path = models.painter(tmp_path / "odd.onnx", **change)  # type: ignore[arg-type]
    with pytest.raises(UnusableModelError, match=why):
        PictureGenerator(path)


def test_a_small_painter_of_ones_own_is_taken_as_it_is(tmp_path: Path) -> None:
    own = PictureGenerator(models.painter(tmp_path / "own.onnx"))
    assert own.shapes == {"z": (1, 8), "noise": (1, 1, 64, 64)}
    layout = np.zeros(LAYOUT_SHAPE, np.float32)
    layout[0, :3, :8] = 1
    picture = own.paint(np.zeros(4, np.float32), PictureWalk(own.shapes, 1, 1, 0).at(0.0), layout)
    assert picture.shape == (64, 64, 4)
    assert picture[:32, :, :3].mean() > picture[32:, :, :3].mean() + 20


def test_mood_and_layout_are_kept(paint: PictureGenerator) -> None:
    latents = PictureWalk(paint.shapes, 1, 1, 0).at(0.0)
    low, high = np.float32([-0.6, -0.3, -0.5, 0]), np.float32([0.6, 0.3, 0.5, 0])
    dim, bright = (paint.scale(paint.paint(affect, latents)) for affect in (low, high))
    assert bright[0] > dim[0] + 0.5
    assert bright[2] > dim[2] + 0.4
    layout = np.zeros(LAYOUT_SHAPE, np.float32)
    layout[0, :3, 8:], layout[0, :3, :8], layout[0, 3] = -0.9, 0.6, 1
    picture = paint.paint(np.zeros(4, np.float32), latents, layout)
    assert picture[:128, :, :3].mean() > picture[128:, :, :3].mean() + 40


def test_a_walk_never_jumps_and_its_grain_stands_still(paint: PictureGenerator) -> None:
    walk, affect = PictureWalk(paint.shapes, 1, 1, 0), np.zeros(4, np.float32)
    assert np.array_equal(walk.at(0.2)["noise"], walk.at(2.7)["noise"])
    # Beside a key, where another leg of the walk begins, and between two.
    for middle in (0.5, 1.0):
        frames = [paint.paint(affect, walk.at(middle + (n - 3) * STEP))[:, :, :3].astype(np.float32) for n in range(7)]
        steps = [float(np.abs(b - a).mean()) for a, b in pairwise(frames)]
        assert max(steps) < LARGEST_STEP
        assert max(steps) < 3 * np.median(steps)
        assert min(steps) > 0, "it does wander"


def test_number_variant_and_seed_each_give_another_picture() -> None:
    shapes = {"z": (1, 8), "noise": (1, 1, 4, 4)}
    first = PictureWalk(shapes, 1, 1, 0).at(0.0)
    again = PictureWalk(shapes, 1, 1, 0).at(0.0)
    assert all(np.array_equal(first[name], again[name]) for name in shapes)
    for other in ((2, 1, 0), (1, 2, 0), (1, 1, 1)):
        found = PictureWalk(shapes, *other).at(0.0)
        assert not any(np.array_equal(first[name], found[name]) for name in shapes)
    assert not NO_LAYOUT.flags.writeable
