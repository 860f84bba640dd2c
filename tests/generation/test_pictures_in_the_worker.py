"""Pictures in the worker's thread: in turn with textures, each at its own pace, newest request first, paintings on order."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from installation.base.clock import ManualClock, RealClock
from installation.base.governor import Governor
from installation.base.model_files import model_path
from installation.base.notices import Notices
from installation.config.generation import GenerationConfig
from installation.config.picture import PictureConfig
from installation.generation import picture_maker
from installation.generation.background_loop import Turn
from installation.generation.generation_worker import GenerationWorker
from installation.generation.painting_orders import PaintOrder
from installation.types import PictureRequest, TextureRequest, neutral_probabilities
from tests.robustness import foreign_models as models


def wait_for(done: Callable[[], bool]) -> bool:
    for _ in range(4000):
        if done():
            return True
        threading.Event().wait(0.01)
    return False


class Bench:
    """A worker with a small painter; ``ask`` is what the frame loop does with each picture."""

    def __init__(self, folder: Path, textures: float = 20.0, **more: object) -> None:
        self.notices = Notices(RealClock())
        self.textures = GenerationConfig(size_px=64, per_second=textures)
        self.config = PictureConfig.model_validate({"per_second": 40.0} | more)
        self.worker = GenerationWorker(
            self.textures, self.config, folder, 1, RealClock(), self.notices, Governor(self.notices)
        )
        self.worker.start()
        self.asked = 0

    def ask(self, occasion: int = 0, valence: float = 0.0) -> None:
        self.asked += 1
        self.worker.request(TextureRequest(0.0, neutral_probabilities(), 0.0, 0.0))
        self.worker.request_picture(PictureRequest(self.asked, neutral_probabilities(), valence, 0.0, occasion))

    def until(self, done: Callable[[], bool], **more: float) -> bool:
        def asked() -> bool:
            self.ask(**more)  # type: ignore[arg-type]
            return done()

        return wait_for(asked)

    def count(self) -> int:
        return self.worker.pictures.peek()[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    models.painter(tmp_path / "paint.onnx")
    shutil.copy(model_path("texture"), tmp_path / "texture.onnx")
    return tmp_path


def test_pictures_come_beside_textures_and_each_is_reported_once(folder: Path) -> None:
    bench = Bench(folder)
    try:
        assert bench.until(lambda: bench.count() >= 3 and bench.worker.textures.peek()[0] >= 2)
        frame = bench.worker.pictures.peek()[1]
        assert frame is not None
        assert (frame.source, frame.number, frame.rgba.shape) == ("paint.onnx", 1, (64, 64, 4))
        assert not frame.rgba.flags.writeable
        done = bench.worker.take_pictures_done()
        assert wait_for(lambda: done.extend(bench.worker.take_pictures_done()) or len(done) >= 3)
        assert {(one.source, one.number, one.size_px) for one in done} == {("paint.onnx", 1, 64)}
        assert bench.worker.providers.keys() == {"texture.onnx", "paint.onnx"}
        assert bench.until(lambda: frame_number(bench) == 2, occasion=1)
        assert wait_for(lambda: bench.notices.active() == ())
    finally:
        bench.worker.close()
    assert wait_for(lambda: not any(thread.name == "generation" for thread in threading.enumerate()))


def valence(bench: Bench) -> float:
    frame = bench.worker.pictures.peek()[1]
    return -1.0 if frame is None else frame.request.valence


def frame_number(bench: Bench) -> int:
    frame = bench.worker.pictures.peek()[1]
    return 0 if frame is None else frame.number


def test_the_newest_request_wins(folder: Path) -> None:
    bench = Bench(folder)
    try:
        assert bench.until(lambda: bench.count() >= 1)
        first, asked = bench.count(), 200
        for number in range(asked):
            bench.ask(valence=0.5 * number / asked)
        bench.ask(valence=0.7)
        assert wait_for(lambda: valence(bench) == 0.7)
        assert bench.count() - first < asked / 4, "what was asked in between is never made"
    finally:
        bench.worker.close()


def test_each_keeps_its_own_pace(folder: Path) -> None:
    bench = Bench(folder, textures=4.0)
    try:
        # However busy the machine is, sooner or later: were their paces one, it would never be so.
        assert bench.until(lambda: 4 <= bench.worker.textures.peek()[0] < bench.count() / 2)
    finally:
        bench.worker.close()


def test_a_turn_comes_about_once_a_period_in_a_loop_of_another_pace() -> None:
    for loop_s, period_s, wanted in ((0.05, 0.2, 50), (0.2, 0.2, 50), (0.19, 0.2, 50), (0.2, 0.1, 50)):
        turn = Turn()
        times = [n * loop_s for n in range(round(10 / loop_s))]
        assert sum(turn.has_come(t_s, period_s) for t_s in times) == pytest.approx(wanted, rel=0.07)


def test_a_bad_request_is_refused_and_the_next_one_answered(folder: Path) -> None:
    bench = Bench(folder)
    try:
        bench.worker.request(TextureRequest(0.0, neutral_probabilities(), 0.0, 0.0))
        bench.worker.request_picture(PictureRequest(0.0, np.full(7, np.nan, np.float32), 0.0, 0.0, 0))
        assert wait_for(lambda: [note.stage for note in bench.notices.active()] == ["picture request"])
        assert bench.worker.refused[1] == 1
        assert bench.until(lambda: bench.count() >= 1)
        assert wait_for(lambda: bench.notices.active() == ())
    finally:
        bench.worker.close()


def test_without_a_painter_textures_go_on_and_it_says_so(tmp_path: Path) -> None:
    shutil.copy(model_path("texture"), tmp_path / "texture.onnx")
    bench = Bench(tmp_path)
    try:
        assert bench.until(lambda: bench.worker.textures.peek()[0] >= 3)
        assert bench.count() == 0
        assert wait_for(lambda: [(one.kind, one.stage) for one in bench.notices.active()] == [("fallback", "pictures")])
        models.painter(tmp_path / "paint.onnx")
        bench.worker.reconfigure(bench.textures, bench.config)
        assert bench.until(lambda: bench.count() >= 1)
        assert bench.until(lambda: bench.notices.active() == ())
    finally:
        bench.worker.close()


def test_a_trouble_that_nobody_asks_about_any_more_is_withdrawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_maker, "UNASKED_S", 0.3)
    shutil.copy(model_path("texture"), tmp_path / "texture.onnx")
    bench = Bench(tmp_path)

    def only_textures() -> bool:
        bench.worker.request(TextureRequest(0.0, neutral_probabilities(), 0.0, 0.0))
        return bench.notices.active() == ()

    try:
        assert bench.until(lambda: bool(bench.notices.active()))
        assert wait_for(only_textures)
    finally:
        bench.worker.close()


def test_an_order_is_painted_at_once_even_where_pictures_come_slowly(folder: Path) -> None:
    bench = Bench(folder, textures=0.02, per_second=0.02)
    try:
        assert bench.until(lambda: bench.count() >= 1)
        request = PictureRequest(0.0, neutral_probabilities(), 0.0, 0.0, 0)
        bench.worker.paint(PaintOrder(bench.notices._clock.now(), 1, request, 128))
        assert bench.until(lambda: bench.worker.paintings.peek()[0] == 1)
        painting = bench.worker.paintings.peek()[1]
        assert painting is not None
        assert painting.seconds < 20, "the pace is one in fifty seconds"
    finally:
        bench.worker.close()


class SlowEnlarging:
    """Enlarges at once, and takes time by the clock that the maker reads."""

    def __init__(self, clock: ManualClock, seconds: float) -> None:
        self.clock, self.seconds, self.calls = clock, seconds, 0

    def picture(self, rgba: np.ndarray, size_px: int, provider: str, now_s: float) -> np.ndarray:
        self.calls += 1
        self.clock.advance(self.seconds)
        return np.full((size_px, size_px, 4), 255, np.uint8)


@pytest.mark.parametrize(("seconds", "side"), [(0.01, 1024), (0.3, 64)])
def test_frames_are_enlarged_where_there_is_time_and_only_there(tmp_path: Path, seconds: float, side: int) -> None:
    models.painter(tmp_path / "paint.onnx")
    clock = ManualClock()
    enlarging = SlowEnlarging(clock, seconds)
    maker = picture_maker.PictureMaker(PictureConfig(), tmp_path, 1, enlarging, clock, Notices(clock))  # type: ignore[arg-type]
    for number in range(100):
        maker.request(PictureRequest(number, neutral_probabilities(), 0.0, 0.0, 0))
        maker.make()
        clock.advance(0.2)
    assert enlarging.calls > 0
    newest = maker.pictures.peek()[1]
    assert newest is not None
    assert newest.rgba.shape == (side, side, 4)
