"""The last pass, pixel by pixel: a plain copy, turns, mirrors, pins, colours, soft edges, patterns; nothing grows."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from installation.config.output import OutputConfig, ScreenConfig
from installation.render.output import warp
from installation.render.output.output_pass import OutputPass
from installation.render.surface import Offscreen, live_objects
from installation.types import ByteArray
from tests.screen import or_skipped

SIZE = (96, 64)
Draw = Callable[..., ByteArray]


@pytest.fixture
def surface() -> Iterator[Offscreen]:
    with or_skipped():
        made = Offscreen(SIZE)
    yield made
    assert made.context.error == "GL_NO_ERROR"
    made.close()


def texture_of(surface: Offscreen, rgb: ByteArray) -> Any:
    """(H, W, 3), row 0 on top."""
    rgba = np.dstack([rgb[::-1], np.full(rgb.shape[:2], 255, np.uint8)])
    made = surface.context.texture((rgb.shape[1], rgb.shape[0]), 4, np.ascontiguousarray(rgba).tobytes())
    made.repeat_x = made.repeat_y = False
    return made


def shown(surface: Offscreen) -> ByteArray:
    data = np.frombuffer(surface.framebuffer.read(components=4), np.uint8).reshape(SIZE[1], SIZE[0], 4)
    assert surface.context.error == "GL_NO_ERROR"
    return data[::-1, :, :3]


@pytest.fixture
def draw(surface: Offscreen) -> Draw:
    def drawn(rgb: ByteArray, *screens: ScreenConfig, text: Any = None, **settings: Any) -> ByteArray:
        made = OutputPass(surface.context, OutputConfig(screens=list(screens), **settings))
        source = texture_of(surface, rgb)
        made.draw(source, surface.framebuffer, SIZE)
        made.draw_over(text, surface.framebuffer, SIZE)
        result = shown(surface)
        source.release()
        made.release()
        return result

    return drawn


def noise(width: int = SIZE[0], height: int = SIZE[1]) -> ByteArray:
    return np.random.default_rng(5).integers(0, 256, (height, width, 3), np.uint8)


def grey(level: int) -> ByteArray:
    return np.full((SIZE[1], SIZE[0], 3), level, np.uint8)


def to_linear(level: Any) -> Any:
    c = np.asarray(level) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def to_srgb(light: Any) -> Any:
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * np.asarray(light) ** (1 / 2.4) - 0.055) * 255


def test_without_screens_the_picture_goes_out_as_it_is(draw: Draw) -> None:
    picture = noise()
    assert np.array_equal(draw(picture), picture)


def test_grading_that_changes_next_to_nothing_changes_nothing(draw: Draw) -> None:
    """Through linear light and back, with dither: every value of 256 comes out as it went in."""
    levels = np.resize(np.arange(256, dtype=np.uint8), SIZE[0] * SIZE[1]).reshape(SIZE[1], SIZE[0])
    picture = np.dstack([levels] * 3)
    assert np.array_equal(draw(picture, ScreenConfig(gamma=1.0000001)), picture)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("mirror", ["none", "horizontal", "vertical"])
def test_turns_and_mirrors_place_every_pixel(draw: Draw, rotation: int, mirror: str) -> None:
    picture = noise(*(SIZE if rotation in (0, 180) else SIZE[::-1]))
    expected = np.rot90(picture, -rotation // 90)
    expected = {"none": expected, "horizontal": expected[:, ::-1], "vertical": expected[::-1]}[mirror]
    assert np.array_equal(draw(picture, ScreenConfig(rotation=rotation, mirror=mirror)), expected)


def test_parts_go_to_their_places_and_the_rest_is_black(draw: Draw) -> None:
    picture = noise()
    first = ScreenConfig(picture=[0, 0, 0.5, 1.0], place=[0.5, 0, 0.5, 1.0])
    second = ScreenConfig(picture=[0.5, 0.5, 0.25, 0.5], place=[0, 0.5, 0.25, 0.5])
    found = draw(picture, first, second)
    assert np.array_equal(found[:, 48:], picture[:, :48])
    assert np.array_equal(found[32:, :24], picture[32:, 48:72])
    assert not found[:32, :48].any()
    assert not found[32:, 24:48].any()


def test_corners_are_pinned_and_the_middle_is_seen_in_perspective(draw: Draw) -> None:
    picture = grey(60)
    screen = ScreenConfig(corners=[[0.25, 0.25], [0.75, 0.0], [0.75, 1.0], [0.25, 0.75]])
    middle = warp.to_window(screen, (0.5, 0.5)) * SIZE
    picture[30:34, 46:50] = (255, 200, 0)
    picture[:12, :18] = (255, 0, 0)
    picture[:12, -18:] = (0, 255, 0)
    picture[-12:, -18:] = (0, 0, 255)
    picture[-12:, :18] = (255, 0, 255)
    found = draw(picture, screen)
    marks = {"red": (0.06, 0.06), "green": (0.94, 0.06), "blue": (0.94, 0.94), "pink": (0.06, 0.94)}
    wanted = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255), "pink": (255, 0, 255)}
    for name, at in marks.items():
        x, y = (warp.to_window(screen, at) * SIZE).astype(int)
        assert np.abs(found[y, x].astype(int) - wanted[name]).max() < 40, name
    bright = np.argwhere((found[:, :, 0] > 150) & (found[:, :, 1] > 110) & (found[:, :, 2] < 90))
    assert bright.mean(axis=0)[::-1] + 0.5 == pytest.approx(middle, abs=0.7)
    assert middle[0] < 0.45 * SIZE[0], "the far side is the shorter one: not merely the mean of the corners"
    assert not found[:, : int(0.24 * SIZE[0])].any()
    assert not found[:, int(0.76 * SIZE[0]) :].any()


def test_a_bent_border_has_no_stairs(draw: Draw) -> None:
    found = draw(grey(255), ScreenConfig(corners=[[0.0, 0.1], [1.0, 0.3], [1.0, 1.0], [0.0, 1.0]]))
    column = found[:, 40, 0].astype(int)
    border = int(np.argmax(column > 0))
    steps = found[border - 2 : border + 3, 30:50, 0]
    assert ((steps > 20) & (steps < 235)).any()


def test_a_grid_moves_its_middle_and_leaves_its_border(draw: Draw) -> None:
    picture = grey(0)
    picture[28:36, 44:52] = 255
    grid = np.zeros((3, 3, 2))
    grid[1, 1] = (0.125, -0.25)
    found = draw(picture, ScreenConfig(grid=grid.tolist()))
    lit = np.argwhere(found[:, :, 0] > 100)
    assert lit.mean(axis=0)[::-1] + 0.5 == pytest.approx([0.625 * SIZE[0], 0.25 * SIZE[1]], abs=1.5)
    border = draw(grey(200), ScreenConfig(grid=grid.tolist()))
    assert (border[[0, -1]] > 190).all()
    assert (border[:, [0, -1]] > 190).all()


@pytest.mark.parametrize("gamma", [0.6, 1.0909, 2.2])
def test_gamma_is_exact(draw: Draw, gamma: float) -> None:
    for level in (0, 1, 17, 64, 128, 200, 254, 255):
        found = draw(grey(level), ScreenConfig(gamma=gamma))
        expected = 255 * (level / 255) ** (1 / gamma)
        assert np.abs(found - expected).max() <= 1
        assert found.mean() == pytest.approx(expected, abs=0.06), "the dither's mean is the value between two steps"


def test_gains_work_on_light_and_clip(draw: Draw) -> None:
    found = draw(grey(128), ScreenConfig(gains=[1.0, 0.5, 2.0], brightness=0.8)).mean(axis=(0, 1))
    assert found == pytest.approx(to_srgb(to_linear(128) * np.array([0.8, 0.4, 1.6])), abs=0.1)
    assert (draw(grey(250), ScreenConfig(brightness=1.8)) == 255).all()


def test_black_is_lifted_but_not_in_soft_edges_and_white_stays(draw: Draw) -> None:
    screen = ScreenConfig(black=0.02, edges={"left": 0.25})
    dark = draw(grey(0), screen)
    assert not dark[:, :24].any()
    assert dark[:, 25:].mean() == pytest.approx(to_srgb(0.02), abs=0.1)
    assert (draw(grey(255), screen)[:, 25:] == 255).all()


@pytest.mark.parametrize("curve", [1.0, 2.0, 3.5])
def test_the_light_of_two_overlapping_outputs_adds_up(draw: Draw, curve: float) -> None:
    left = ScreenConfig(picture=[0, 0, 0.6, 1.0], edges={"right": 0.2}, edge_curve=curve)
    right = ScreenConfig(picture=[0.4, 0, 0.6, 1.0], edges={"left": 0.2}, edge_curve=curve)
    first, second = (to_linear(draw(grey(220), screen)[:, :, 0].astype(float)).mean(axis=0) for screen in (left, right))
    overlap = SIZE[0] // 3  # 0.2 of 0.6
    together = first[-overlap:] + second[:overlap]
    assert together == pytest.approx(np.full(overlap, to_linear(220)), rel=0.006)
    assert (np.diff(first[-overlap:]) <= 1e-3).all()
    assert first[:-overlap] == pytest.approx(np.full(SIZE[0] - overlap, to_linear(220)), rel=0.001)


class Text:
    """A white page in the upper left quarter."""

    def __init__(self, surface: Offscreen) -> None:
        self.texture = surface.context.texture((2, 2), 4, bytes([255] * 16))
        self.asked: list[tuple[int, int]] = []

    def box(self, width: int, height: int) -> tuple[float, float, float, float]:
        self.asked.append((width, height))
        return 0.0, 0.5, 0.5, 0.5

    def use(self, unit: int) -> None:
        self.texture.use(unit)


def test_the_operators_text_turns_with_the_picture(surface: Offscreen, draw: Draw) -> None:
    text = Text(surface)
    found = draw(grey(10), text=text)
    assert (found[:32, :48] == 255).all()
    assert (found[33:] == 10).all()
    turned = draw(grey(10), ScreenConfig(rotation=90), text=text)
    assert (turned[:32, 48:] == 255).all()
    assert (turned[:, :47] == 10).all()
    assert text.asked == [SIZE, SIZE[::-1]]
    pattern = draw(grey(10), text=text, test_pattern="ramp")
    assert (pattern[:32, :48] == 255).all()
    text.texture.release()


def test_the_grey_ramp_has_every_step_and_the_darkest_values(draw: Draw) -> None:
    found = draw(grey(0), test_pattern="ramp")[:, :, 0]
    columns = [int((n + 0.5) / 21 * SIZE[0]) for n in range(21)]
    assert np.abs(found[4, columns] - np.arange(21) * 12.75).max() <= 1
    assert np.abs(found[18, columns][::-1] - np.arange(21) * 12.75).max() <= 1
    dark = [int((n + 0.5) / 20 * SIZE[0]) for n in range(20)]
    assert np.abs(found[int(0.62 * SIZE[1]), dark].astype(int) - np.arange(20)).max() <= 1
    half = found[int(0.85 * SIZE[1]), SIZE[0] // 2]
    lines = to_linear(found[-4:, 0].astype(float)).mean()
    assert lines == pytest.approx(0.5)
    assert to_linear(float(half)) == pytest.approx(0.5, abs=0.01)


def test_the_colour_bars_are_pure_and_go_through_the_gains(draw: Draw) -> None:
    names = ["white", "yellow", "cyan", "green", "magenta", "red", "blue", "black"]
    colours = [(1, 1, 1), (1, 1, 0), (0, 1, 1), (0, 1, 0), (1, 0, 1), (1, 0, 0), (0, 0, 1), (0, 0, 0)]
    found = draw(grey(0), test_pattern="colour")
    for number, (name, colour) in enumerate(zip(names, colours, strict=True)):
        at = int((number + 0.5) / 8 * SIZE[0])
        assert tuple(found[10, at] // 255) == colour, name
    dimmed = draw(grey(0), ScreenConfig(gains=[1.0, 1.0, 0.5]), test_pattern="colour")[10, 4]
    assert tuple(dimmed[:2]) == (255, 255)
    assert dimmed[2] == pytest.approx(float(to_srgb(0.5)), abs=1)


def test_the_grid_shows_border_cross_and_name_of_each_output(draw: Draw) -> None:
    plain = draw(grey(0), test_pattern="grid").astype(int)
    for side in (plain[0], plain[:, 0], plain[:, -1]):  # the name covers the lower one of so small a picture
        assert np.abs(side - plain[0, 0]).max() <= 2, "a border all round"
    assert plain[0, 0].max() > 150
    assert (plain[31:33, 47:49] > 200).any(), "a cross in the middle"
    named = draw(grey(0), ScreenConfig(name="left"), test_pattern="grid").astype(int)
    assert np.abs(named - plain).max() > 100
    two = [ScreenConfig(place=[0, 0, 0.5, 1.0]), ScreenConfig(place=[0.5, 0, 0.5, 1.0])]
    found = draw(grey(0), *two, test_pattern="grid").astype(int)
    assert np.abs(found[0, 1] - found[0, -2]).max() > 60, "each has a colour of its own"


def test_many_frames_and_changes_leave_no_more_objects(surface: Offscreen) -> None:
    made = OutputPass(surface.context, OutputConfig())
    source, text = texture_of(surface, noise()), Text(surface)
    bent = ScreenConfig(corners=[[0.1, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    curved = ScreenConfig(grid=np.zeros((3, 4, 2)).tolist(), name="right")
    several = [
        OutputConfig(),
        OutputConfig(screens=[bent]),
        OutputConfig(screens=[bent, curved]),
        OutputConfig(screens=[bent, curved], test_pattern="grid"),
    ]
    counts = []
    for n in range(60):
        made.reconfigure(several[n % len(several)])
        made.set_handles(np.zeros((6, 9), np.float32) if n % 3 else None)
        for _ in range(3):
            made.draw(source, surface.framebuffer, SIZE)
            made.draw_over(text, surface.framebuffer, SIZE)
        if n % len(several) == 3:
            counts.append(live_objects())
    assert counts[0] is not None
    assert counts[-1] == counts[1]
    before_frames = live_objects()
    for _ in range(200):
        made.draw(source, surface.framebuffer, SIZE)
        made.draw_over(text, surface.framebuffer, SIZE)
    assert live_objects() == before_frames
    made.release()
    source.release()
    text.texture.release()


def test_releasing_leaves_nothing(surface: Offscreen) -> None:
    counts = []
    for _ in range(3):
        made = OutputPass(surface.context, OutputConfig(screens=[ScreenConfig(gamma=1.1)], test_pattern="grid"))
        made.set_handles(np.zeros((6, 9), np.float32))
        source = texture_of(surface, noise())
        made.draw(source, surface.framebuffer, SIZE)
        made.draw_over(None, surface.framebuffer, SIZE)
        made.release()
        source.release()
        counts.append(live_objects())
    # OpenGL keeps the program that was used last until another one is.
    assert counts[0] == counts[1] == counts[2]


def test_a_program_that_is_built_again_is_used(surface: Offscreen) -> None:
    made = OutputPass(surface.context, OutputConfig(screens=[ScreenConfig(gamma=1.5)]))
    source = texture_of(surface, grey(100))
    made.draw(source, surface.framebuffer, SIZE)
    made.draw_over(None, surface.framebuffer, SIZE)
    before = shown(surface)
    for program in made.programs():
        program.reload()
    surface.framebuffer.clear()
    made.draw(source, surface.framebuffer, SIZE)
    made.draw_over(None, surface.framebuffer, SIZE)
    assert np.array_equal(shown(surface), before)
    made.release()
    source.release()


def test_handles_lie_over_the_picture(surface: Offscreen) -> None:
    made = OutputPass(surface.context, OutputConfig())
    source = texture_of(surface, grey(20))
    square = np.array([[-0.5, -0.5], [0.5, -0.5], [-0.5, 0.5], [-0.5, 0.5], [0.5, -0.5], [0.5, 0.5]])
    form = np.concatenate([square * 2, np.full((6, 1), 2.0)], axis=1)
    made.set_handles(np.concatenate([square, form, np.tile((1, 0.5, 0, 1), (6, 1))], axis=1).astype(np.float32))
    made.draw(source, surface.framebuffer, SIZE)
    made.draw_over(None, surface.framebuffer, SIZE)
    found = shown(surface)
    assert tuple(found[32, 48]) == (255, 128, 0)
    assert tuple(found[17, 25]) == (20, 20, 20), "outside the disc"
    made.set_handles(None)
    made.draw(source, surface.framebuffer, SIZE)
    made.draw_over(None, surface.framebuffer, SIZE)
    assert (shown(surface) == 20).all()
    made.release()
    source.release()


@pytest.mark.parametrize("screen", [None, ScreenConfig(black=0.1, gamma=1.5), ScreenConfig(mirror="horizontal")])
def test_outside_the_opening_hours_it_is_dim_or_black_but_text_stays(surface: Offscreen, screen: Any) -> None:
    made = OutputPass(surface.context, OutputConfig(screens=[screen] if screen is not None else []))
    source = texture_of(surface, grey(200))

    def level(light: float) -> float:
        made.light = light
        made.draw(source, surface.framebuffer, SIZE)
        made.draw_over(None, surface.framebuffer, SIZE)
        return float(shown(surface).mean())

    full, dim = level(1.0), level(0.1)
    assert level(0.0) == 0.0
    assert 0.2 * full < dim < 0.55 * full
    text = Text(surface)
    made.light = 0.0
    made.draw(source, surface.framebuffer, SIZE)
    made.draw_over(text, surface.framebuffer, SIZE)
    assert shown(surface).max() > 200
    made.light = 1.0
    assert level(1.0) == full
    for one in (source, made, text.texture):
        one.release()
