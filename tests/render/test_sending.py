"""Pictures for other programs: flat, whole, of their own size, see-through where that is asked for, and never faces unasked."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.commands.screenshot import perform
from installation.config.settings import Config
from installation.render.captures.sending import STAGE, Sending
from installation.render.renderer import Renderer
from installation.render.surface import Offscreen
from installation.types import ByteArray

SIZE = (160, 90)


class Port:
    """A way out that keeps what it gets."""

    def __init__(self, alpha: bool = False, width: int = 0) -> None:
        self.alpha, self.width, self.is_ready = alpha, width, True
        self.got: list[tuple[float, ByteArray]] = []
        self._lent: ByteArray | None = None

    def wants(self, t_s: float) -> bool:
        return self.is_ready

    def size(self, picture: tuple[int, int]) -> tuple[int, int]:
        width = self.width or picture[0]
        return width, round(width * picture[1] / picture[0])

    def lend(self, size: tuple[int, int]) -> ByteArray | None:
        self._lent = np.zeros((size[1], size[0], 4), np.uint8) if self.is_ready else None
        return self._lent

    def hand_in(self, t_s: float) -> None:
        assert self._lent is not None
        self.got.append((t_s, self._lent))


class Stage:
    """A show on a small surface."""

    def __init__(self, buffered: bool) -> None:
        self.config, self.notices = Config(), Notices(ManualClock())
        self.surface = Offscreen(SIZE)
        self.renderer = Renderer(self.surface, self.config.output, {}, self.notices)
        self.sending = Sending(self.surface.context, self.renderer.output, self.notices, buffered)
        self.scenes = perform(self.config, 1, "happy", 3.0)
        self.shown: list[ByteArray] = []

    def show(self, count: int = 1, camera: bool = False, record_camera: bool = False) -> None:
        for _ in range(count):
            scene = self.scenes[len(self.shown) - 40]
            self.renderer.draw(scene)
            self.shown.append(self.renderer.read_rgb())
            self.sending.draw(self.surface.size, scene.t_s, self.renderer.cover, camera, record_camera)
            self.surface.present(lambda: None)
            self.sending.poll()

    def close(self) -> None:
        self.sending.release()
        self.renderer.close()
        self.surface.close()


@pytest.fixture(params=[False, True], ids=["plain", "buffered"])
def stage(request: Any) -> Iterator[Stage]:
    made = Stage(request.param)
    yield made
    made.close()


def near(one: ByteArray, other: ByteArray) -> float:
    return float(np.abs(one.astype(float) - other.astype(float)).mean())


def test_what_is_shown_is_what_is_sent(stage: Stage) -> None:
    """Row 0 on top, in order, each with the time of its own picture; none twice."""
    port = Port()
    stage.sending.use([port])
    stage.show(6)
    assert len(port.got) == (5 if stage.sending._buffered else 6)
    for number, (t_s, rgba) in enumerate(port.got):
        assert t_s == stage.scenes[number - 40].t_s
        # Four looks for each pixel are a little softer than the picture itself.
        assert near(rgba[:, :, :3], stage.shown[number]) < 3
        assert (rgba[:, :, 3] == 255).all()
    first = port.got[0][1][:, :, :3]
    assert near(first[::-1], stage.shown[0]) > 2 * near(first, stage.shown[0]), "not upside down"


def test_two_at_once_have_sizes_of_their_own(stage: Stage) -> None:
    large, small = Port(), Port(width=64)
    stage.sending.use([large, small])
    stage.show(4)
    assert {rgba.shape for _, rgba in large.got} == {(90, 160, 4)}
    assert {rgba.shape for _, rgba in small.got} == {(36, 64, 4)}
    stage.sending.use([small])
    stage.show(2)
    assert len(small.got) > len(large.got)


def test_alpha_is_the_cover_of_shapes(stage: Stage) -> None:
    port = Port(alpha=True)
    stage.sending.use([port])
    stage.show(3)
    rgba = port.got[-1][1]
    alpha, light = rgba[:, :, 3].astype(float), rgba[:, :, :3].max(axis=2).astype(float)
    assert alpha.max() > 240, "shapes are there"
    assert np.median(alpha[:10]) < 10, "nothing covers the room's corners"
    assert light[alpha > 200].mean() > light[alpha < 20].mean()


def test_one_that_is_not_ready_costs_nothing_and_gets_the_newest_later(stage: Stage) -> None:
    port = Port()
    port.is_ready = False
    stage.sending.use([port])
    stage.show(4)
    assert port.got == []
    assert stage.sending._ports[0].target is None, "nothing was drawn"
    port.is_ready = True
    stage.show(2)
    assert port.got[0][0] == stage.scenes[4 - 40].t_s


def test_faces_leave_only_where_visitors_agreed(stage: Stage) -> None:
    port = Port()
    stage.sending.use([port])
    stage.show(3, camera=True)
    assert port.got
    assert all(rgba[:, :, :3].max() == 0 for _, rgba in port.got)
    assert [notice.stage for notice in stage.notices.active("fallback")] == [STAGE]
    seen = len(port.got)
    stage.show(4, camera=True, record_camera=True)
    assert port.got[-1][1][:, :, :3].max() > 20
    assert len(port.got) > seen
    assert stage.notices.active("fallback") == ()


def test_sizes_that_come_and_go_leave_nothing_behind(stage: Stage) -> None:
    port = Port()
    stage.sending.use([port])
    stage.show(12)  # until a whole room has been drawn, bit by bit
    before = stage.renderer.object_count()
    for width in (64, 96, 64, 0):
        port.width = width
        stage.show(3)
    assert stage.renderer.object_count() == before
