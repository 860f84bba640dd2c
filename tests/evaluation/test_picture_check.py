"""The painter's checks on painters whose faults are known: one that flickers, one that is deaf, one that does as it is told."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.base.model_files import MODELS_DIR
from installation.base.onnx_sessions import UnusableModelError
from installation.evaluation import picture_check
from installation.evaluation.flicker import flicker
from installation.evaluation.picture_check import (
    FRAME_S,
    Clip,
    Painter,
    film,
    masses_kept,
    obedience,
    paint_flicker,
    paintings,
)
from installation.types import LAYOUT, ByteArray, FloatArray
from tests.screen import or_skipped

EMPTY = np.zeros((1, 4, LAYOUT, LAYOUT), np.float32)


def picture_of(cells: FloatArray) -> ByteArray:
    """A picture (64, 64, 3) that shows a layout on grey."""
    rgb = (cells[0, :3].transpose(1, 2, 0) + 1) / 2
    shown = 0.5 + cells[0, 3, :, :, None] * (rgb - 0.5)
    return np.asarray(255 * cv2.resize(shown, (64, 64), interpolation=cv2.INTER_NEAREST), np.uint8)


def obedient(affect: FloatArray, cells: FloatArray) -> ByteArray:
    """Shows the layout, the brighter the higher valence, the redder the higher warmth."""
    lift = np.array([affect[0] + affect[2], affect[0], affect[0] - affect[2]]) * 20
    return np.asarray(np.clip(picture_of(cells) + lift, 0, 255), np.uint8)


def deaf(_affect: FloatArray, _cells: FloatArray) -> ByteArray:
    return np.full((64, 64, 3), 90, np.uint8)


def moving_clip(frames: int = 24) -> Clip:
    """A bright, textured disc that moves a pixel a frame over a dark room."""
    rng = np.random.default_rng(2)
    room = cv2.GaussianBlur(rng.integers(0, 60, (72, 128, 3)).astype(np.uint8), (5, 5), 0)
    form = cv2.GaussianBlur(rng.integers(120, 255, (40, 40, 3)).astype(np.uint8), (5, 5), 0)
    clip = Clip("disc", [], [], [])
    for n in range(frames):
        picture, cover = room.copy(), np.zeros((72, 128), np.float32)
        picture[16:56, 20 + n : 60 + n] = form
        cover[16:56, 20 + n : 60 + n] = 1
        layout = np.zeros((LAYOUT, LAYOUT, 4), np.uint8)
        layout[:, :, 3] = 255 * cv2.resize(cover, (LAYOUT, LAYOUT), interpolation=cv2.INTER_AREA)
        layout[:, :, :3] = 200
        clip.rgb.append(picture)
        clip.layouts.append(layout)
        clip.affects.append(np.zeros(4, np.float32))
    return clip


def test_what_moves_with_the_input_does_not_flicker_and_noise_does() -> None:
    clip = moving_clip()
    brighter = [np.asarray(np.clip(rgb + 20.0, 0, 255), np.uint8) for rgb in clip.rgb]
    rng = np.random.default_rng(1)
    noisy = [np.asarray(np.clip(rgb + rng.normal(0, 12, rgb.shape), 0, 255), np.uint8) for rgb in clip.rgb]
    name = "after the input's flow, output over input"
    calm, wild = flicker([clip.rgb], [brighter]), flicker([clip.rgb], [noisy])
    assert calm[name] == pytest.approx(1, abs=0.1)
    assert calm["each after its own flow, output over input"] == pytest.approx(1, abs=0.1)
    assert wild[name] > 2
    assert wild["each after its own flow, output over input"] > 2
    with pytest.raises(ValueError, match="nothing moves"):
        flicker([[clip.rgb[0]] * 3], [[clip.rgb[0]] * 3])


def test_paintings_are_faded_into_one_another_five_times_a_second() -> None:
    asked: list[FloatArray] = []

    def counting(affect: FloatArray, cells: FloatArray) -> ByteArray:
        asked.append(cells)
        return np.full((64, 64, 3), min(255, 60 * len(asked)), np.uint8)

    clip = moving_clip(24)
    shown = paintings(counting, clip)
    assert len(shown) == 24
    assert len(asked) == 4
    assert shown[0].shape == clip.rgb[0].shape
    means = [float(frame.mean()) for frame in shown]
    every = round(0.2 / FRAME_S)
    assert means[:every] == [60] * every, "there is nothing before the first"
    assert np.diff(means[every:]) == pytest.approx(60 / every, abs=1), "no jump"
    # What is followed comes late: after one step of 0.2 s a quarter of the way.
    went = (asked[1] - asked[0])[0, 3]
    assert 0 < np.abs(went).max() < 0.5 * 0.7


def test_a_painter_that_flickers_is_found_out() -> None:
    rng = np.random.default_rng(1)

    def wild(_affect: FloatArray, _cells: FloatArray) -> ByteArray:
        return rng.integers(0, 255, (144, 256, 3)).astype(np.uint8)

    clips, name = [moving_clip()], "each after its own flow, output over input"
    assert paint_flicker(deaf, clips)[name] == 0
    assert paint_flicker(wild, clips)[name] > 1.3


def test_affect_is_obeyed_or_not() -> None:
    layouts = [moving_clip(20).layouts[n] for n in range(20)]
    found = obedience(obedient, layouts)
    assert found["warmth"] > 0.9
    assert found["valence"] > 0.5
    assert set(obedience(deaf, layouts).values()) == {0.0}


def test_masses_are_kept_or_not() -> None:
    rng = np.random.default_rng(3)
    layouts = []
    for _ in range(12):
        layout = np.zeros((LAYOUT, LAYOUT, 4), np.uint8)
        x, y = rng.integers(0, 10, 2)
        layout[y : y + 6, x : x + 6] = (*rng.integers(0, 255, 3), 255)
        layouts.append(layout)
    affects = [np.zeros(4, np.float32)] * 12
    kept = masses_kept(obedient, layouts, affects)
    assert kept["covered cells"] > 0.97
    assert kept["all cells, change"] > 0.97
    assert abs(kept["covered cells, plain colour, another layout"]) < 0.7
    lost = masses_kept(deaf, layouts, affects)
    assert lost["covered cells"] == 0
    assert lost["all cells, change"] == 0


@pytest.mark.long
def test_the_shipped_painter_in_a_scene(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_check, "shown_scenes", lambda: ["blossom"])
    from installation.config.settings import Config

    with or_skipped():
        clips = film(Config(), 1.0)
    assert [clip.scene for clip in clips] == ["blossom", "blossom"]
    assert all(len(clip.rgb) == len(clip.layouts) == 30 for clip in clips)
    paint = Painter(MODELS_DIR / "paint.onnx")
    assert paint_flicker(paint, clips)["after the input's flow, output over input"] < 1.3
    assert min(obedience(paint, clips[0].layouts[::2]).values()) > 0.6


def test_a_file_that_is_no_painter_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UnusableModelError, match="no painter with a layout"):
        Painter(MODELS_DIR / "texture.onnx")
    assert picture_check.main(["--model", str(tmp_path / "none.onnx")]) == 2
    assert "none.onnx" in capsys.readouterr().err
