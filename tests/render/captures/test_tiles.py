"""Parts of a large picture: nothing missing, nothing twice, and the same pixels as drawn in one piece."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.render.captures.png import write_png
from installation.render.captures.tiles import Tile, bands, split
from installation.render.surface import Offscreen
from installation.types import ByteArray
from tests.screen import or_skipped

SIDES = st.integers(1, 400)


@given(SIDES, SIDES, st.integers(16, 120), st.integers(16, 120), st.integers(0, 7), st.sampled_from([1, 2]))
def test_every_pixel_is_kept_once_with_its_margin(
    width: int, height: int, across: int, down: int, margin: int, align: int
) -> None:
    rows = split((width, height), (across, down), margin, align)
    kept = np.zeros((height, width), int)
    for tile in (tile for row in rows for tile in row):
        drawn, inner = tile.drawn, tile.kept
        kept[inner.top : inner.bottom, inner.left : inner.right] += 1
        assert drawn.size == (min(across, width), min(down, height))
        assert drawn.left == 0 or inner.left - drawn.left >= margin
        assert drawn.top == 0 or inner.top - drawn.top >= margin
        assert drawn.right == width or drawn.right - inner.right >= margin
        assert drawn.bottom == height or drawn.bottom - inner.bottom >= margin
        assert 0 <= drawn.left <= drawn.right <= width
        assert 0 <= drawn.top <= drawn.bottom <= height
        assert drawn.left % align == 0 or drawn.right == width
        assert drawn.top % align == 0 or drawn.bottom == height
    assert (kept == 1).all()


def test_tiles_that_are_all_margin_are_refused() -> None:
    with pytest.raises(ValueError, match="all margin"):
        split((1000, 100), (64, 64), 32)
    with pytest.raises(ValueError, match="cannot cut"):
        split((0, 100), (64, 64), 4)


def whole(width: int, height: int) -> ByteArray:
    """A picture in which each pixel depends on its place, and on its neighbourhood by a blur of 7 pixels."""
    rng = np.random.default_rng(width)
    return np.asarray(cv2.blur(rng.integers(0, 256, (height, width, 3), np.uint8), (7, 7)), np.uint8)


@pytest.mark.parametrize(("size", "most"), [((300, 200), (64, 64)), ((64, 64), (64, 64)), ((513, 77), (100, 80))])
def test_parts_put_together_are_the_picture(size: tuple[int, int], most: tuple[int, int], tmp_path: Path) -> None:
    picture = whole(*size)

    def draw(tile: Tile) -> ByteArray:
        x, y, across, down = tile.part
        left, top = round(x * size[0]), round(y * size[1])
        return picture[top : top + round(down * size[1]), left : left + round(across * size[0])]

    write_png(tmp_path / "a.png", size, bands(split(size, most, 8), draw))
    found = cv2.imread(str(tmp_path / "a.png"), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(found[:, :, ::-1], picture)
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_a_part_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="was drawn as"):
        list(bands(split((100, 100), (64, 64), 4), lambda _: np.zeros((10, 10, 3), np.uint8)))


@pytest.mark.parametrize("height", [1, 63, 64, 65, 200])
def test_png_reads_back_whatever_is_in_it(height: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(height)
    picture = rng.integers(0, 256, (height, 37, 3), np.uint8)
    picture[::3] = 80
    picture[1::5] = np.arange(37, dtype=np.uint8)[:, None]
    write_png(tmp_path / "a.png", (37, height), iter([picture[:5], picture[5:]] if height > 5 else [picture]))
    assert np.array_equal(cv2.imread(str(tmp_path / "a.png"), cv2.IMREAD_UNCHANGED)[:, :, ::-1], picture)


def test_png_of_a_smooth_picture_is_about_as_small_as_opencvs(tmp_path: Path) -> None:
    x, y = np.meshgrid(np.arange(640), np.arange(360))
    picture = np.stack([x * 0.3, y * 0.5, (x + y) * 0.2], axis=2).astype(np.uint8)
    write_png(tmp_path / "a.png", (640, 360), [picture])
    theirs = cv2.imencode(".png", picture)[1].nbytes
    assert (tmp_path / "a.png").stat().st_size < 1.5 * theirs


@pytest.mark.parametrize("rows", [5, 15])
def test_bands_that_do_not_fit_leave_no_file(rows: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"rows came|does not fit"):
        write_png(tmp_path / "a.png", (8, 10), [np.zeros((rows, 8, 3), np.uint8)])
    assert list(tmp_path.iterdir()) == []


def test_a_large_picture_needs_the_memory_of_a_band(tmp_path: Path) -> None:
    size = (4096, 2048)
    part = np.random.default_rng(1).integers(0, 4, (128, 128, 3), np.uint8)
    tracemalloc.start()
    write_png(tmp_path / "a.png", size, bands(split(size, (128, 128), 4), lambda _: part), level=1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 0.6 * size[0] * size[1] * 3
    assert cv2.imread(str(tmp_path / "a.png")).shape == (2048, 4096, 3)


_VERTEX = """#version 330
void main() { vec2 p = vec2((gl_VertexID << 1) & 2, gl_VertexID & 2); gl_Position = vec4(p * 2.0 - 1.0, 0.0, 1.0); }
"""
_FRAGMENT = """#version 330
uniform vec4 u_part;
uniform vec2 u_picture;
out vec4 colour;
void main() {
    // Whole pixels: shares of the picture as floats would shift the pattern by a little in each part.
    vec2 pixel = gl_FragCoord.xy + floor(vec2(u_part.x, 1.0 - u_part.y - u_part.w) * u_picture + 0.5);
    vec2 p = floor(pixel);
    float d = length(pixel - 0.5 * u_picture) / u_picture.y;
    vec3 rgb = 0.5 + 0.5 * cos(30.0 * d + vec3(0.0, 1.0, 2.0) + 0.003 * p.x);
    rgb *= mod(p.x + p.y, 2.0) < 0.5 ? 1.0 : 0.8;
    colour = vec4(rgb, 1.0);
}
"""


@pytest.fixture
def surface() -> Iterator[Offscreen]:
    with or_skipped():
        made = Offscreen((64, 64))
    yield made
    made.close()


def test_opengl_draws_the_same_pixels_in_parts_as_in_one_piece(surface: Offscreen) -> None:
    context, size = surface.context, (330, 210)
    program = context.program(_VERTEX, _FRAGMENT)
    screen = context.vertex_array(program, [])
    targets: dict[tuple[int, int], Any] = {}

    def draw(tile: Tile) -> ByteArray:
        target = targets.get(tile.drawn.size) or context.simple_framebuffer(tile.drawn.size, 4)
        targets[tile.drawn.size] = target
        target.use()
        program["u_part"].value, program["u_picture"].value = tile.part, tile.picture
        screen.render(vertices=3)
        across, down = tile.drawn.size
        out = np.frombuffer(target.read(components=4), np.uint8).reshape(down, across, 4)[::-1, :, :3]
        return np.ascontiguousarray(out)

    (whole_picture,) = bands(split(size, size, 0), draw)
    in_parts = np.concatenate(list(bands(split(size, (96, 64), 16, 16), draw)))
    assert whole_picture.std() > 40
    assert np.array_equal(in_parts, whole_picture)
    assert context.error == "GL_NO_ERROR"
    assert len(targets) == 2  # one for the whole, one for all parts
    surface.framebuffer.use()
    for part in (*targets.values(), screen, program):
        part.release()
