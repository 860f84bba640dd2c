"""A still a second for the operator's page: the picture itself, small, only while somebody looks."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.load import with_overrides
from installation.config.scene import SceneConfig
from installation.config.settings import Config
from installation.render.captures.captures import Captures
from installation.render.captures.stills import LATER, Still, Stills, still_size
from installation.render.renderer import Renderer
from installation.render.surface import Offscreen, live_objects
from installation.scene.scene import Scene
from installation.types import SceneState
from tests.screen import offscreen

SIZE = (192, 108)


class Studio:
    """A renderer whose pictures somebody may want as stills."""

    def __init__(self, surface: Offscreen, buffered: bool = False, **output: object) -> None:
        settings = {"quality": "low", "flash_limit": False, "render_scale": 1.0} | output
        self.config = with_overrides(Config(), {f"output.{name}": value for name, value in settings.items()})
        notices = Notices(ManualClock())
        self.surface, self.renderer = surface, Renderer(surface, self.config.output, {}, notices)
        self.stills = Stills(surface.context, self.renderer.output, buffered)
        self.captures = Captures(
            surface, self.renderer, None, self.config.output, Path("/nowhere"), ManualClock(), notices,
            lambda name, args: None, None, self.stills,
        )  # fmt: skip
        self.scene = standing()

    def show(self, t_s: float, count: int = 1) -> None:
        """As the frame loop does."""
        for _ in range(count):
            self.renderer.drawing.frame = 7  # its dither
            self.renderer.draw(self.scene)
            self.captures.drawn(self.scene, t_s, lambda: None)
            self.surface.present(lambda: None)
            self.captures.poll()
        assert self.surface.context.error == "GL_NO_ERROR"

    def still(self) -> Still:
        """Of a picture drawn now."""
        self.stills.want(False)
        self.stills.want(True)
        self.show(0.0, 1 + LATER)
        found = self.stills.take()
        assert found is not None
        return found

    def close(self) -> None:
        self.captures.close()
        self.renderer.close()


def standing() -> SceneState:
    """A scene that stands still, without grain, brighter on top than below."""
    scene = Scene(SceneConfig(name="supershape"), 3)
    for n in range(5):
        found = scene.update((), None, n / 10, 0.1)
    return replace(found, look=found.look | {"grain": 0.0})


@pytest.fixture
def surface() -> Iterator[Offscreen]:
    with offscreen(SIZE) as made:
        yield made


@pytest.fixture(params=[False, True], ids=["plain", "pixel buffer"])
def studio(request: pytest.FixtureRequest, surface: Offscreen) -> Iterator[Studio]:
    with closing(Studio(surface, request.param)) as made:
        yield made


def test_a_still_is_the_picture_upright_and_in_colour(studio: Studio) -> None:
    found = studio.still()
    assert (found.rgb.shape, found.rgb.dtype, found.rgb.flags.writeable) == ((108, 192, 3), np.uint8, False)
    shown = studio.renderer.read_rgb().astype(int)
    difference = np.abs(cv2.blur(shown.astype(np.float32), (3, 3)) - found.rgb)
    assert shown.std() > 8, "there is something to be upside down"
    assert difference.mean() < 2
    assert np.abs(shown[::-1] - found.rgb).mean() > 3 * difference.mean()


def test_it_holds_what_visitors_see_and_nothing_that_the_operator_reads(studio: Studio) -> None:
    plain = studio.still().rgb
    screens = [{"corners": [[0.1, 0.2], [1, 0], [0.8, 1], [0, 1]], "edges": {"left": 0.3}}]
    setup = with_overrides(studio.config, {"output.test_pattern": "grid", "output.screens": screens})
    studio.renderer.reconfigure(setup.output, {})
    assert np.array_equal(studio.still().rgb, plain), "test pattern, warp and soft edges"
    studio.scene = replace(studio.scene, notice=1.0, notice_s=1.0)
    told = studio.still().rgb
    assert np.abs(told.astype(int) - plain).mean() > 3, "what visitors are told is part of the picture"
    studio.scene = replace(studio.scene, light=0.0)
    assert studio.still().rgb.max() == 0, "outside the opening hours"


def test_one_a_second_only_while_somebody_looks(surface: Offscreen) -> None:
    with closing(Studio(surface)) as studio:
        studio.show(0.0)
        before = live_objects()
        for n in range(5):
            studio.show(n / 2)
        assert studio.stills.take() is None
        assert live_objects() == before, "nothing is made for nobody"
        studio.stills.want(True)
        numbers = []
        for n in range(31):
            studio.show(10 + n / 10)
            found = studio.stills.take()
            numbers += [found.number] if found is not None else []
        assert numbers == [1, 2, 3, 4]
        studio.show(20.0)
        studio.show(21.0)
        newest = studio.stills.take()
        assert newest is not None
        assert newest.number == 6, "the newest wins"
        assert studio.stills.take() is None, "each is given once"
        studio.show(22.0)
        studio.stills.want(False)
        assert studio.stills.take() is None, "nothing old waits for who comes next"
        warm = live_objects()
        for n in range(30):
            studio.show(30.0 + n)
        assert live_objects() == warm


def test_a_still_with_the_camera_says_so(surface: Offscreen) -> None:
    with closing(Studio(surface, background="camera")) as studio:
        assert not studio.still().has_camera
        studio.renderer.set_camera(np.full((36, 64, 3), 200, np.uint8))
        assert studio.still().has_camera


def test_an_output_on_its_side_gives_an_upright_still(surface: Offscreen) -> None:
    with closing(Studio(surface, screens=[{"rotation": 90}])) as studio:
        assert studio.still().rgb.shape == (192, 108, 3)


@pytest.mark.parametrize(
    ("picture", "still"),
    [((1920, 1080), (640, 360)), ((3840, 1080), (640, 180)), ((1080, 1920), (202, 360)), ((320, 180), (320, 180))],
)
def test_sizes_keep_the_form(picture: tuple[int, int], still: tuple[int, int]) -> None:
    assert still_size(picture) == still
