"""What flashes is held under the limits, what moves as a body does is left alone, and who switches it off is told of it."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.output import OutputConfig
from installation.evaluation.flash_count import FlashCounter, linear
from installation.render.passes.flash_limiter import FLASHES, FlashLimiter
from installation.render.passes.post import Post
from installation.render.passes.targets import Targets
from installation.render.renderer import Renderer
from installation.render.shaders.frame_block import FrameBlock
from installation.render.surface import Offscreen
from installation.types import ByteArray
from tests.screen import offscreen

SIZE, FPS = (64, 36), 25
WHITE = (255,) * 3
Limit = Callable[[list[ByteArray]], list[ByteArray]]


@pytest.fixture(scope="module")
def surface() -> Iterator[Offscreen]:
    with offscreen(SIZE) as made:
        yield made


@pytest.fixture
def limited(surface: Offscreen) -> Iterator[Limit]:
    """Pictures (36, 64, 3) at 25 a second as they are shown."""
    context = surface.context
    block, post, limiter, targets = FrameBlock(context), Post(context), FlashLimiter(context), Targets(context, SIZE)
    texture = context.texture(SIZE, 4)
    texture.repeat_x = texture.repeat_y = False

    def shown(pictures: list[ByteArray]) -> list[ByteArray]:
        block.set("u_dt", 1 / FPS)
        block.send()
        found = []
        for picture in pictures:
            texture.write(np.dstack([picture[::-1], np.full(picture.shape[:2], 255, np.uint8)]).tobytes())
            data = post.smooth(texture, targets, limiter.judge(texture)).read()
            found.append(np.frombuffer(data, np.uint8).reshape(SIZE[1], SIZE[0], 4)[::-1, :, :3])
        return found

    yield shown
    for part in (block, post, limiter, targets, texture):
        part.release()


def strobe(hz: float, one: tuple[int, ...], other: tuple[int, ...], seconds: float = 4.0) -> list[ByteArray]:
    pictures = np.zeros((round(seconds * FPS), SIZE[1], SIZE[0], 3), np.uint8)
    for n, picture in enumerate(pictures):
        picture[:] = one if (n / FPS * hz + 1e-6) % 1 < 0.5 else other
    return list(pictures)


def counts(pictures: list[ByteArray]) -> tuple[int, int]:
    counter = FlashCounter(FPS)
    for picture in pictures:
        counter.add(picture)
    return counter.general, counter.red


@pytest.mark.parametrize("hz", [5, 8, 12.5])
@pytest.mark.parametrize(
    ("one", "other"),
    [((255,) * 3, (0,) * 3), ((190,) * 3, (110,) * 3), ((255, 0, 0), (0, 0, 0)), ((255, 0, 0), (0, 60, 255))],
)
def test_a_strobe_is_brought_under_the_limits(limited: Limit, hz: float, one: tuple, other: tuple) -> None:
    pictures = strobe(hz, one, other)
    assert max(counts(pictures)) > 3, "what comes in is over them"
    general, red = counts(limited(pictures))
    assert general <= 3
    assert red <= 3


def test_a_long_strobe_does_not_go_on_flashing(limited: Limit) -> None:
    late = [linear(picture).mean() for picture in limited(strobe(8, (255,) * 3, (0,) * 3, 6.0))[-3 * FPS :]]
    assert np.abs(np.diff(late)).max() < 0.05
    assert 0.3 < np.mean(late) < 0.7, "held at the mean light, not switched off"


def test_a_part_that_flashes_is_held_down_and_the_rest_is_not(limited: Limit) -> None:
    pictures = [picture.copy() for picture in strobe(8, (255,) * 3, (0,) * 3)]
    for picture in pictures:
        picture[:, 20:] = 128
    shown = limited(pictures)
    assert counts(shown)[0] <= 3
    assert (np.array(shown)[:, :, 40:] == 128).all()


def test_light_comes_back_slowly_when_the_strobe_is_over(limited: Limit) -> None:
    lights = [
        float(linear(p).mean())
        for p in limited([*strobe(8, (255,) * 3, (0,) * 3, 3.0), *strobe(0, (255,) * 3, (), 4.0)])
    ]
    steps = np.diff(lights[3 * FPS :])
    assert lights[-1] == 1.0
    assert steps.max() < 0.05


@pytest.mark.parametrize("hz", [0.5, 1.0])
def test_a_slow_beat_and_a_form_that_swings_are_left_alone(limited: Limit, hz: float) -> None:
    pictures = []
    x, y = np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1]))
    for n in range(4 * FPS):
        swing = np.sin(2 * np.pi * hz * n / FPS)
        form = np.hypot(x - 32 - 14 * swing, y - 18) < 8
        room = 30 + 20 * np.sin(2 * np.pi * hz * n / FPS)
        pictures.append(np.repeat(np.where(form, 240, room).astype(np.uint8)[:, :, None], 3, axis=2))
    assert np.array_equal(np.array(limited(pictures)), np.array(pictures))


def test_what_is_bright_all_the_time_may_flicker(limited: Limit) -> None:
    pictures = strobe(8, (255,) * 3, (235,) * 3)  # the darker one is above 0.8 of white
    assert np.array_equal(np.array(limited(pictures)[2:]), np.array(pictures[2:]))


def test_pictures_between_which_no_time_passes_are_stills(surface: Offscreen) -> None:
    block = FrameBlock(surface.context)
    block.set("u_dt", 0.0)
    block.send()
    limiter = FlashLimiter(surface.context)
    texture = surface.context.texture(SIZE, 4)
    for picture in strobe(8, WHITE, (0,) * 3):
        texture.write(np.dstack([picture, picture[:, :, :1]]).tobytes())
        assert not np.frombuffer(limiter.judge(texture).read(), np.uint8)[::4].any()
    for part in (block, limiter, texture):
        part.release()


def test_where_the_limiter_is_off_it_is_said_for_as_long(surface: Offscreen) -> None:
    notices = Notices(ManualClock())
    renderer = Renderer(surface, OutputConfig(flash_limit=False), {}, notices)
    assert [notice.stage for notice in notices.active("fallback")] == [FLASHES]
    renderer.reconfigure(OutputConfig(), {})
    assert notices.active("fallback") == ()
    renderer.reconfigure(OutputConfig(flash_limit=False), {})
    assert [notice.stage for notice in notices.active("fallback")] == [FLASHES]
    renderer.close()
