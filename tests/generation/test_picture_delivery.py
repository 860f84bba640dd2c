"""Composed pictures between scene, painter and renderer: asked for with mood, layout and occasion, shown, reported, kept."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.governor import Governor
from installation.base.notices import Notices
from installation.config.generation import GenerationConfig
from installation.config.picture import PictureConfig
from installation.config.scene import SceneConfig
from installation.generation.generation_worker import GenerationWorker
from installation.generation.painting_orders import FinishedPainting, PaintOrder
from installation.generation.picture_delivery import FADE_S, GONE_S, LAYOUT_KEPT_S, PictureDelivery
from installation.generation.picture_maker import PictureDone
from installation.record.report import RunReport
from installation.scene.scene import Scene
from installation.types import LAYOUT, ByteArray, PictureFrame, PictureRequest, neutral_probabilities

SCENE = Scene(SceneConfig(name="blossom"), 1).update((), None, 1.0, 0.03)
LAID = np.full((LAYOUT, LAYOUT, 4), 7, np.uint8)


class Desk:
    """The delivery with a worker that is not started, and a renderer that notes what it gets."""

    def __init__(self, **more: object) -> None:
        self.shows = True
        self.config = PictureConfig.model_validate(more)
        notices = Notices(ManualClock())
        self.worker = GenerationWorker(
            GenerationConfig(), self.config, Path("models"), 1, ManualClock(), notices, Governor(notices)
        )
        self.asked: list[PictureRequest] = []
        self.ordered: list[PaintOrder] = []
        self.worker.request_picture = self.asked.append  # type: ignore[method-assign]
        self.worker.paint = self.ordered.append  # type: ignore[method-assign]
        self.shown: list[Any] = []
        self.strengths: list[float] = []
        self.events: list[Any] = []
        self.stored: list[tuple[ByteArray, Any]] = []
        self.renderer = SimpleNamespace(
            layout=SimpleNamespace(on_layout=None, per_second=0.0),
            picture=SimpleNamespace(reconfigure=lambda config: self.strengths.append(config.strength)),
            set_picture=lambda frame, t_s: self.shown.append((frame.number, t_s)),
            shows_picture=lambda _: self.shows,
            layout_now=lambda _: LAID.copy(),
            show_painting=lambda rgba, t_s, seconds: self.shown.append((rgba.shape, t_s, seconds)),
        )
        self.delivery = PictureDelivery(
            self.worker,
            self.renderer,
            self.config,
            lambda name, args: self.events.append((name, args)),
            lambda rgb, done: self.stored.append((rgb, done)),
            lambda: 720,
        )
        self.report = RunReport(0.0)

    def put(self, number: int = 1) -> None:
        request = PictureRequest(1.0, neutral_probabilities(), 0.0, 0.0, 0)
        rgba = np.zeros((8, 8, 4), np.uint8)
        self.worker.pictures.put(PictureFrame(1.0, 1, number, rgba, request, "paint.onnx", 40.0))

    def finish(self) -> None:
        self.worker.paintings.put(FinishedPainting(2.0, 3, np.zeros((16, 16, 4), np.uint8), 0.9))
        self.delivery.take(2.0, self.report)


def test_a_request_holds_mood_occasion_and_the_newest_layout_while_it_is_new() -> None:
    desk = Desk(per_second=4.0)
    assert desk.renderer.layout.per_second == 4.0
    desk.delivery.ask(SCENE, 1.0)
    assert desk.asked[-1].layout is None
    desk.renderer.layout.on_layout(1.0, LAID)
    desk.delivery.ask(replace(SCENE, valence=0.4), 1.1)
    assert desk.asked[-1].layout is LAID
    assert (desk.asked[-1].valence, desk.asked[-1].occasion) == (0.4, 0)
    desk.delivery.ask(SCENE, 1.2 + LAYOUT_KEPT_S)
    assert desk.asked[-1].layout is None, "the scene shows the picture itself"
    for n in range(40):
        desk.delivery.ask(replace(SCENE, t_s=5.0 + 0.1 * n, welcome=float(n == 20)), 5.0 + 0.1 * n)
    assert desk.asked[-1].occasion == 1


def test_where_no_scene_shows_the_picture_one_is_asked_for_now_and_then_only() -> None:
    desk = Desk()
    desk.shows = False
    for n in range(81):
        desk.delivery.ask(SCENE, 1.0 + 0.05 * n)
    assert len(desk.asked) == 3
    desk.shows = True
    desk.delivery.ask(SCENE, 5.05)
    desk.delivery.ask(SCENE, 5.1)
    assert len(desk.asked) == 5, "as soon as one shows it every picture counts"


@pytest.mark.parametrize("off", [{"enabled": False}, {"strength": 0.0}])
def test_a_picture_that_is_not_seen_is_neither_asked_for_nor_laid_out(off: dict[str, object]) -> None:
    desk = Desk(**off)
    desk.delivery.ask(SCENE, 1.0)
    assert desk.asked == []
    assert desk.renderer.layout.on_layout is None
    desk.delivery.reconfigure(PictureConfig())
    desk.delivery.ask(SCENE, 1.1)
    assert len(desk.asked) == 1
    assert desk.renderer.layout.on_layout is not None


def test_what_is_painted_is_handed_over_once_and_reported() -> None:
    desk = Desk()
    desk.put(number=4)
    desk.worker._pictures.done.append(PictureDone(1.0, 4, "paint.onnx", 256, 40.0))
    desk.delivery.take(5.0, desk.report)
    desk.delivery.take(5.1, desk.report)
    assert desk.shown == [(4, 5.0)]
    assert desk.events == [("picture_done", ["paint.onnx", 4, 256, 40.0])]
    assert desk.report.as_dict(6.0, {})["pictures"] == {"per_second": 0.17, "ms": {"p50": 40.0, "p95": 40.0}}
    assert desk.delivery.describe() == "picture 4"


def test_where_no_picture_comes_any_more_the_last_one_fades_and_comes_back() -> None:
    desk = Desk(strength=0.8)
    desk.put()
    desk.delivery.take(0.0, desk.report)

    def watch(seconds: float, since_s: float) -> list[float]:
        desk.strengths.clear()
        for n in range(round(seconds / 0.05)):
            desk.delivery.ask(SCENE, since_s + 0.05 * n)
        return list(desk.strengths)

    assert watch(GONE_S, 0.0) == []
    fading = watch(FADE_S + 1, GONE_S)
    assert fading == sorted(fading, reverse=True)
    assert max(abs(np.diff(fading))) < 0.03
    assert fading[-1] == 0
    assert desk.delivery.describe() == "no picture"
    desk.put()
    desk.delivery.take(20.0, desk.report)
    assert watch(FADE_S + 1, 20.0)[-1] == pytest.approx(0.8)


def test_a_picture_that_is_switched_off_fades_before_it_goes() -> None:
    desk = Desk()
    got: list[PictureConfig] = []
    desk.renderer.picture.reconfigure = got.append
    desk.delivery.reconfigure(PictureConfig(enabled=False))
    for n in range(60):
        desk.delivery.ask(SCENE, 1.0 + 0.05 * n)
    assert [config.enabled for config in got] == [config.strength > 0 for config in got]
    assert (got[0].strength, got[-1].strength) == (1.0, 0.0)


def test_an_order_takes_this_moments_shapes_whatever_the_scene_and_counts_up() -> None:
    desk = Desk(strength=0.0)
    desk.delivery.paint(SCENE, 3.0)
    desk.delivery.paint(SCENE, 3.5)
    assert [(order.number, order.size_px, order.t_s) for order in desk.ordered] == [(1, 720, 3.0), (2, 720, 3.5)]
    assert np.array_equal(desk.ordered[0].request.layout, LAID)


def test_a_finished_painting_is_shown_and_told() -> None:
    desk = Desk(shown_s=9.0)
    desk.finish()
    assert desk.shown == [((16, 16, 4), 2.0, 9.0)]
    assert desk.events == [("painted", [3, "", 0.9])]
    assert desk.stored == []


@pytest.mark.parametrize("name", ["painting-1.png", ""])
def test_one_that_is_kept_is_told_with_its_file_once_that_is_written(name: str) -> None:
    desk = Desk(keep=True)
    desk.finish()
    assert desk.events == []
    ((rgb, done),) = desk.stored
    assert rgb.shape == (16, 16, 3)
    done(name)
    assert desk.events == [("painted", [3, name, 0.9])]
