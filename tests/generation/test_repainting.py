"""Repainting in the show, in the manner of paintings: the newest picture counts, the worker outlives every trouble."""

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
from installation.config.generation import GenerationConfig, RepaintingConfig
from installation.generation.repainting_worker import RepaintingWorker, SeenPicture
from installation.generation.style_networks import Stylist
from installation.types import EMOTIONS, TextureRequest


def scene(x: int = 96, size: tuple[int, int] = (192, 108)) -> np.ndarray:
    picture = np.full((size[1], size[0], 3), 5, np.uint8)
    cv2.circle(picture, (x, size[1] // 2), 30, (200, 90, 40), -1, cv2.LINE_AA)
    cv2.circle(picture, (x - 8, size[1] // 2 - 8), 12, (250, 200, 150), -1, cv2.LINE_AA)
    return cv2.GaussianBlur(picture, (5, 5), 0)


def request(emotion: str = "happy") -> TextureRequest:
    shares = np.full(7, 0.02, np.float32)
    shares[EMOTIONS.index(emotion)] = 0.88
    return TextureRequest(0.0, shares, 0.0, 0.0)


class Hall:
    """A worker on a folder of models of its own."""

    def __init__(self, models: Path) -> None:
        self.notices = Notices(RealClock())
        self.worker = RepaintingWorker(
            RepaintingConfig(enabled=True, per_second=50.0),
            GenerationConfig(provider="cpu"),
            models,
            RealClock(),
            self.notices,
            Governor(self.notices),
        )
        self.worker.start()

    def messages(self) -> str:
        return " ".join(notice.message for notice in self.notices.active())

    def until(self, what, seconds: float = 60.0) -> bool:
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


def styles_into(folder: Path) -> None:
    """Give ``folder`` the networks of the styles, as the models' folder has them."""
    if not (MODELS_DIR / "fetched" / "style_transform.onnx").is_file():
        pytest.skip("run: python3 run.py setup")
    (folder / "fetched").symlink_to(MODELS_DIR / "fetched")
    shutil.copy(MODELS_DIR / "styles.npz", folder)


def test_the_newest_picture_is_painted_in_the_manner_of_paintings(hall: Hall, tmp_path: Path) -> None:
    styles_into(tmp_path)
    for n in range(5):
        hall.worker.show(SeenPicture(float(n), scene(60 + n), request()))
    assert hall.until(lambda: (found := hall.worker.paintings.peek()[1]) is not None and found.of_s == 4.0)
    assert hall.worker.pictures.drops > 0
    got = hall.worker.paintings.peek()[1]
    assert got is not None
    painting = got.rgba
    assert painting.shape == (108, 192, 4)
    assert not painting.flags.writeable
    form = scene(64).max(axis=2) > 60
    luma = painting[:, :, :3].astype(float).mean(axis=2)
    assert luma[form].mean() > luma[~form].mean() + 20, "the form stays where it was"
    assert np.abs(painting[:, :, :3].astype(int) - scene(64)).mean() > 3, "it is painted"
    assert hall.worker.providers == {"style_transform.onnx": "CPUExecutionProvider"}
    assert hall.until(lambda: hall.messages() == "")


def test_without_the_style_networks_a_notice_says_so(hall: Hall) -> None:
    hall.worker.show(SeenPicture(1.0, scene(), request()))
    assert hall.until(lambda: "style" in hall.messages())
    assert hall.worker.paintings.peek() == (0, None)


def test_a_failing_session_is_survived(hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    styles_into(tmp_path)
    failed = threading.Event()
    real = Stylist.whole

    def fail_once(self: Stylist, *given: object) -> np.ndarray:
        if not failed.is_set():
            failed.set()
            raise RuntimeError("Failed to allocate memory for requested buffer")
        return real(self, *given)

    monkeypatch.setattr(Stylist, "whole", fail_once)
    hall.worker._styles._stylist._backoff = Backoff(0.05, 1.0)
    hall.worker.show(SeenPicture(0.0, scene(), request()))
    assert hall.until(lambda: "could not be repainted" in hall.messages())
    number = iter(range(1, 10_000))

    def again() -> bool:
        hall.worker.show(SeenPicture(float(next(number)), scene(), request()))
        return hall.worker.paintings.peek()[1] is not None

    assert hall.until(again)
    assert hall.until(lambda: hall.messages() == "")


def test_a_wrong_request_is_refused_and_the_network_not_blamed(hall: Hall) -> None:
    unknown = TextureRequest(0.0, np.full(7, np.nan, np.float32), 0.0, 0.0)
    hall.worker.show(SeenPicture(0.0, scene(), unknown))
    assert hall.until(lambda: [n.stage for n in hall.notices.active("fault")] == ["repainting request"])
    assert len(hall.notices.active()) == 1
