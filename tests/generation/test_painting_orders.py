"""Paintings that are ordered: the best of several, large, in time; what keeps it from that is said."""

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.model_files import MODELS_DIR
from installation.base.notices import Notices
from installation.config.picture import PictureConfig
from installation.generation.enlarging import Enlarging
from installation.generation.layout import masses
from installation.generation.painting_orders import LONGEST_S, FinishedPainting, PaintingOrders, PaintOrder, agreement
from installation.generation.picture_generator import PictureGenerator
from installation.generation.picture_painter import PicturePainter
from installation.types import LAYOUT, ByteArray, PictureRequest, neutral_probabilities
from tests.robustness import foreign_models as models

HILL = np.zeros((LAYOUT, LAYOUT, 4), np.uint8)
HILL[6:12, 4:11] = (30, 34, 20, 255)


def order(number: int = 1, size_px: int = 128, t_s: float = 0.0, layout: ByteArray | None = HILL) -> PaintOrder:
    return PaintOrder(t_s, number, PictureRequest(t_s, neutral_probabilities(), 0.0, 0.0, 0, layout), size_px)


def orders(folder: Path, **more: object) -> tuple[PaintingOrders, Notices, ManualClock]:
    clock = ManualClock()
    notices, config = Notices(clock), PictureConfig.model_validate(more)
    painter = PicturePainter(config, folder, 1, notices)
    return PaintingOrders(config, painter, Enlarging(folder, notices), clock, notices), notices, clock


def finished(made: PaintingOrders) -> FinishedPainting | None:
    return made.finished.peek()[1]


def test_as_many_candidates_as_set_are_painted_and_the_best_comes_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models.painter(tmp_path / "paint.onnx")
    made, notices, clock = orders(tmp_path, candidates=5)
    paint, painted = PictureGenerator.paint, []
    monkeypatch.setattr(PictureGenerator, "paint", lambda *asked: painted.append(paint(*asked)) or painted[-1])
    made.work()
    assert not painted, "nothing was ordered"
    clock.advance(0.5)
    made.order(order(size_px=128))
    made.work()
    result = finished(made)
    assert result is not None
    assert len(painted) == 5
    assert result.rgba.shape == (128, 128, 4)
    assert not result.rgba.flags.writeable
    assert (result.number, result.seconds) == (1, 0.5)
    # No network that enlarges here: said, and done plainly.
    assert [(note.kind, note.stage) for note in notices.active()] == [("fallback", "enlarging")]


def test_a_slow_machine_tries_fewer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models.painter(tmp_path / "paint.onnx")
    made, _, clock = orders(tmp_path, candidates=20)
    paint, painted = PictureGenerator.paint, []

    def slow(*asked: Any) -> ByteArray:
        clock.advance(0.3)
        painted.append(paint(*asked))
        return painted[-1]

    monkeypatch.setattr(PictureGenerator, "paint", slow)
    made.order(order())
    made.work()
    result = finished(made)
    assert result is not None
    assert result.seconds == pytest.approx(0.3 * len(painted))
    assert result.seconds < LONGEST_S + 0.3


def test_an_order_that_waits_gives_way_to_the_newest(tmp_path: Path) -> None:
    models.painter(tmp_path / "paint.onnx")
    made, _, _ = orders(tmp_path)
    made.order(order(1))
    made.order(order(2))
    assert made.waiting
    made.work()
    made.work()
    assert made.finished.peek()[0] == 1
    result = finished(made)
    assert result is not None
    assert result.number == 2
    assert not made.waiting


@pytest.mark.parametrize("trouble", ["no model", "switched off", "short of memory", "wrong numbers"])
def test_what_keeps_a_painting_from_being_made_is_a_fault_until_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    if trouble != "no model":
        models.painter(tmp_path / "paint.onnx")
    made, notices, _ = orders(tmp_path, enabled=trouble != "switched off")
    wrong = order(layout=np.zeros((4, 4, 4), np.uint8)) if trouble == "wrong numbers" else order()

    def short(*_: object) -> None:
        raise MemoryError("no room")

    with monkeypatch.context() as while_short:
        if trouble == "short of memory":
            while_short.setattr(PictureGenerator, "paint", short)
        made.order(wrong)
        made.work()
    assert finished(made) is None
    assert ("fault", "painting") in [(note.kind, note.stage) for note in notices.active()]
    if trouble in ("short of memory", "wrong numbers"):
        made.order(order(2))
        made.work()
        assert finished(made) is not None
        assert ("fault", "painting") not in [(note.kind, note.stage) for note in notices.active()]


def test_paintings_that_follow_one_another_differ(tmp_path: Path) -> None:
    models.painter(tmp_path / "paint.onnx")
    made, _, _ = orders(tmp_path)
    seen = []
    for number in (1, 2):
        made.order(order(number))
        made.work()
        result = finished(made)
        assert result is not None
        seen.append(result.rgba.copy())
    assert (seen[0] != seen[1]).any()


def test_agreement_is_of_light_and_dark_where_the_layout_says_something() -> None:
    layout = np.zeros((LAYOUT, LAYOUT, 4), np.uint8)
    layout[:, :, :3] = np.linspace(0, 255, LAYOUT).astype(np.uint8)[:, None, None]
    layout[:, 2:14, 3] = 255
    alike = np.repeat(np.repeat(layout, 16, 0), 16, 1)
    assert agreement(alike, masses(layout)) == pytest.approx(1, abs=0.01)
    assert agreement(255 - alike, masses(layout)) == pytest.approx(-1, abs=0.01)
    beside = alike.copy()
    beside[:, :32] = 255
    assert agreement(beside, masses(layout)) == pytest.approx(1, abs=0.01), "what is not covered does not count"
    assert agreement(alike, masses(None)) == 0


def test_the_shipped_painter_paints_a_large_one_in_time() -> None:
    made, notices, _ = orders(MODELS_DIR)
    made.order(order(size_px=1024))
    began_s = time.thread_time()
    made.work()
    result = finished(made)
    assert result is not None
    assert result.rgba.shape == (1024, 1024, 4)
    assert time.thread_time() - began_s < 2.0, "loading it included"
    assert notices.active() == ()
    # Where the network takes pictures for tori, the border is that of the picture and not of the opposite side.
    small = np.asarray(result.rgba[::4, ::4, :3], int)
    assert np.abs(small[0] - small[1]).mean() < 40


def test_enlarging_keeps_a_pictures_border_its_own() -> None:
    picture = np.zeros((64, 64, 4), np.uint8)
    picture[:32, :, :3], picture[:, :, 3] = 255, 255
    notices = Notices(ManualClock())
    large = Enlarging(MODELS_DIR, notices).picture(picture, 256, "cpu", 0.0)
    assert large.shape == (256, 256, 4)
    assert large[:4, :, :3].mean() > 240
    assert large[-4:, :, :3].mean() < 15
    assert Enlarging(MODELS_DIR, notices).picture(picture, 48, "cpu", 0.0).shape == (48, 48, 4)
