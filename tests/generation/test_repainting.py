"""Repainting in the show: steady, of any size, refuses what it cannot use; the worker outlives every trouble."""

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.base.backoff import Backoff
from installation.base.clock import RealClock
from installation.base.governor import Governor
from installation.base.model_files import MODELS_DIR
from installation.base.notices import Notices
from installation.base.onnx_sessions import UnusableModelError
from installation.config.generation import GenerationConfig, RepaintingConfig
from installation.generation import repainting_worker
from installation.generation.affect import DEPICTED
from installation.generation.repainting_worker import LEVELS, RepaintingWorker, SeenPicture
from installation.generation.translator import Grounds, Translator
from installation.types import EMOTIONS, TextureRequest

MODEL = MODELS_DIR / "translate.onnx"


@pytest.fixture(scope="module")
def translator() -> Translator:
    return Translator(MODEL, "cpu")


def scene(x: int = 96, size: tuple[int, int] = (192, 108)) -> np.ndarray:
    picture = np.full((size[1], size[0], 3), 5, np.uint8)
    cv2.circle(picture, (x, size[1] // 2), 30, (200, 90, 40), -1, cv2.LINE_AA)
    cv2.circle(picture, (x - 8, size[1] // 2 - 8), 12, (250, 200, 150), -1, cv2.LINE_AA)
    return cv2.GaussianBlur(picture, (5, 5), 0)


def request(emotion: str = "happy") -> TextureRequest:
    shares = np.full(7, 0.02, np.float32)
    shares[EMOTIONS.index(emotion)] = 0.88
    return TextureRequest(0.0, shares, 0.0, 0.0)


@pytest.mark.parametrize("size", [(192, 108), (101, 67), (64, 128)])
def test_a_painting_has_the_pictures_size_and_keeps_the_form(translator: Translator, size: tuple[int, int]) -> None:
    picture = scene(size[0] // 2, size)
    painting = translator.translate(picture, DEPICTED[3])
    assert painting.shape == (size[1], size[0], 4)
    assert painting.dtype == np.uint8
    assert (painting[:, :, 3] == 255).all()
    form = picture.max(axis=2) > 60
    assert form.any()
    # Where the form was it stands out, whichever way.
    luma = painting[:, :, :3].astype(float).mean(axis=2)
    assert abs(luma[form].mean() - luma[~form].mean()) > 12


def test_the_same_picture_gives_the_same_painting_and_the_form_takes_its_paint_along(translator: Translator) -> None:
    first = translator.translate(scene(60), DEPICTED[3])[:, :, :3].astype(int)
    assert (translator.translate(scene(60), DEPICTED[3])[:, :, :3] == first).all()
    later = translator.translate(scene(68), DEPICTED[3])[:, :, :3].astype(int)
    form, room = (slice(34, 74), slice(48, 88)), (slice(20, 90), slice(150, 180))
    along = np.abs(np.roll(first, 8, axis=1) - later)[form].mean()
    left_behind = np.abs(first - later)[form].mean()
    assert along < 0.5 * left_behind
    assert np.abs(first - later)[room].mean() < 1, "the room far from the form stays"


def test_the_ground_is_one_map_whatever_the_size() -> None:
    grounds = Grounds(4)
    small, large = grounds.of(8, 10), grounds.of(20, 30)
    assert (large[:, :, 6:14, 10:20] == small).all()
    assert np.isfinite(grounds.of(400, 300)).all()
    whole = grounds.of(Grounds.SIDE, Grounds.SIDE)[0]
    assert np.allclose(whole.mean((1, 2)), 0, atol=1e-3)
    assert np.allclose(whole.std((1, 2)), 1, atol=1e-3)
    steps = [float(np.abs(np.diff(channel, axis=1)).mean()) for channel in whole]
    assert steps == sorted(steps, reverse=True), "longer waves change less from cell to cell"
    across = np.abs(whole[:, :, 0] - whole[:, :, -1]).mean(axis=1)
    assert (across < 2.5 * np.array(steps)).all(), "the map has no seam"
    assert (grounds.of(8, 10, (2, 3)) == large[:, :, 8:16, 13:23]).all()


def test_emotions_are_painted_differently(translator: Translator) -> None:
    warm = translator.translate(scene(), DEPICTED[EMOTIONS.index("angry")]).astype(float)
    cold = translator.translate(scene(), DEPICTED[EMOTIONS.index("sad")]).astype(float)
    redness = [picture[:, :, 0].mean() - picture[:, :, 2].mean() for picture in (warm, cold)]
    assert redness[0] > redness[1] + 3


def test_what_cannot_be_used_is_refused(translator: Translator, tmp_path: Path) -> None:
    for wrong in (np.zeros((8, 8, 3), np.uint8), np.zeros((64, 64, 4), np.uint8), np.zeros((64, 64, 3), np.float32)):
        with pytest.raises(UnusableModelError, match="a picture must be"):
            translator.translate(wrong, np.zeros(4, np.float32))
    with pytest.raises(UnusableModelError, match="affect"):
        translator.translate(scene(), np.array([0, np.nan, 0, 0], np.float32))
    with pytest.raises(UnusableModelError, match=r"none\.onnx is not there"):
        Translator(tmp_path / "none.onnx")
    with pytest.raises(UnusableModelError, match="not a translation"):
        Translator(MODELS_DIR / "expression.onnx")


class Hall:
    """A worker on a folder of models of its own."""

    def __init__(self, models: Path) -> None:
        self.notices = Notices(RealClock())
        self.worker = RepaintingWorker(
            RepaintingConfig(per_second=50.0, provider="cpu"),
            GenerationConfig(),
            models,
            RealClock(),
            self.notices,
            Governor(self.notices),
        )
        self.worker.start()

    def messages(self) -> str:
        return " ".join(notice.message for notice in self.notices.active())

    def until(self, what, seconds: float = 20.0) -> bool:
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s:
            if what():
                return True
            time.sleep(0.01)
        return False


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    made = Hall(tmp_path)
    yield made
    made.worker.close()


def test_the_newest_picture_is_painted(hall: Hall, tmp_path: Path) -> None:
    shutil.copy(MODEL, tmp_path)
    for n in range(5):
        hall.worker.show(SeenPicture(float(n), scene(60 + n), request()))
    got = hall.worker.paintings.wait_newer(0, 20)
    assert got is not None
    assert hall.until(lambda: (found := hall.worker.paintings.peek()[1]) is not None and found.of_s == 4.0)
    assert hall.worker.pictures.drops > 0
    assert got[1].rgba.shape == (108, 192, 4)
    assert not got[1].rgba.flags.writeable
    assert hall.worker.providers == {"translate.onnx": "CPUExecutionProvider"}
    assert hall.messages() == ""


def test_without_a_model_no_painting_comes_and_a_notice_says_so_until_there_is_one(
    hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "translate.onnx").write_bytes(b"no network")
    hall.worker.show(SeenPicture(0.0, scene(), request()))
    assert hall.until(lambda: "cannot be loaded" in hall.messages())
    assert hall.worker.paintings.peek() == (0, None)
    shutil.copy(MODEL, tmp_path / "translate.onnx")
    hall.worker.reconfigure(RepaintingConfig(per_second=40.0, provider="cpu"), GenerationConfig())
    hall.worker.show(SeenPicture(1.0, scene(), request()))
    assert hall.worker.paintings.wait_newer(0, 20) is not None
    assert hall.messages() == ""


def test_a_failing_session_is_survived(hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(MODEL, tmp_path)
    failed = threading.Event()
    real = Translator.translate

    def fail_once(self: Translator, rgb: np.ndarray, affect: np.ndarray) -> np.ndarray:
        if not failed.is_set():
            failed.set()
            raise RuntimeError("Failed to allocate memory for requested buffer")
        return real(self, rgb, affect)

    monkeypatch.setattr(Translator, "translate", fail_once)
    hall.worker._translator._backoff = Backoff(0.05, 1.0)
    before = hall.worker.pixels
    hall.worker.show(SeenPicture(0.0, scene(), request()))
    assert hall.until(lambda: "repainting failed" in hall.messages())
    assert hall.worker.pixels < before, "a lower quality level after running out of memory"
    number = iter(range(1, 10_000))

    def again() -> bool:
        hall.worker.show(SeenPicture(float(next(number)), scene(), request()))
        return hall.worker.paintings.peek()[1] is not None

    assert hall.until(again)
    assert hall.messages() == ""


@pytest.mark.skipif(not (MODELS_DIR / "fetched" / "style_transform.onnx").is_file(), reason="run: python3 run.py setup")
def test_the_scene_in_the_style_of_paintings(hall: Hall, tmp_path: Path) -> None:
    (tmp_path / "fetched").symlink_to(MODELS_DIR / "fetched")
    shutil.copy(MODELS_DIR / "styles.npz", tmp_path)
    hall.worker.reconfigure(RepaintingConfig(per_second=50.0, provider="cpu", manner="styles"), GenerationConfig())
    hall.worker.show(SeenPicture(1.0, scene(), request()))
    got = hall.worker.paintings.wait_newer(0, 20)
    assert got is not None, hall.messages()
    painting = got[1].rgba
    assert painting.shape == (108, 192, 4)
    form = scene().max(axis=2) > 60
    luma = painting[:, :, :3].astype(float).mean(axis=2)
    assert luma[form].mean() > luma[~form].mean() + 20, "the form stays where it was"
    assert np.abs(painting[:, :, :3].astype(int) - scene()).mean() > 3, "it is painted"
    assert set(hall.worker.providers) == {"style_transform.onnx"}
    assert hall.worker.pixels == repainting_worker.STYLED_PIXELS


def test_without_the_style_networks_a_notice_says_so(hall: Hall) -> None:
    hall.worker.reconfigure(RepaintingConfig(per_second=50.0, manner="styles"), GenerationConfig())
    hall.worker.show(SeenPicture(1.0, scene(), request()))
    assert hall.until(lambda: "style" in hall.messages())
    assert hall.worker.paintings.peek() == (0, None)


def test_it_wants_smaller_pictures_where_they_take_too_long_and_larger_ones_where_there_is_time(hall: Hall) -> None:
    worker = hall.worker
    start = LEVELS.index(worker.pixels)
    worker._judge(0.95)
    assert LEVELS.index(worker.pixels) == start - 1
    for _ in range(repainting_worker.CALM):
        worker._judge(0.3)
    assert LEVELS.index(worker.pixels) == start
    for _ in range(10 * repainting_worker.CALM):
        worker._judge(0.3)
    assert LEVELS.index(worker.pixels) == start, "four times the pixels would not fit"
    for _ in range(10):
        worker._judge(2.0)
    assert worker.pixels == LEVELS[0]
