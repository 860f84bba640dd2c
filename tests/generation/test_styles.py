"""Styles and avatars: the style follows the emotion, textures stay seamless, and a face leaves nothing behind."""

import gc
import shutil
import threading
import weakref
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.base.clock import RealClock
from installation.base.governor import Governor
from installation.base.model_files import MODELS_DIR, ModelError, model_path
from installation.base.notices import Notices
from installation.base.onnx_sessions import UnusableModelError
from installation.config.generation import GenerationConfig
from installation.config.picture import PictureConfig
from installation.generation.affect import DEPICTED
from installation.generation.avatar import avatar
from installation.generation.generation_worker import GenerationWorker
from installation.generation.picture_features import PAINTINGS
from installation.generation.procedural import procedural_texture
from installation.generation.style_networks import StyleReader, Stylist, coloured
from installation.generation.style_painter import KEPT_S, UNASKED_S, StylePainter
from installation.generation.style_table import StyleTable, pictures_of
from installation.types import EMOTIONS, NEUTRAL, ByteArray, TextureRequest, neutral_probabilities


@pytest.fixture(scope="module")
def stylist() -> Stylist:
    try:
        return Stylist(model_path("style_transform"))
    except ModelError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def table() -> StyleTable:
    return StyleTable.load(model_path("styles"))


def face(size: int = 120) -> ByteArray:
    """A drawn face: an oval with eyes and a mouth before a dark ground."""
    rgb = np.full((size, size, 3), 40, np.uint8)
    cv2.ellipse(rgb, (size // 2, size // 2), (size // 3, size * 2 // 5), 0, 0, 360, (205, 160, 130), -1)
    for x in (0.4, 0.6):
        cv2.circle(rgb, (int(x * size), int(0.42 * size)), size // 20, (30, 30, 60), -1)
    cv2.ellipse(rgb, (size // 2, int(0.65 * size)), (size // 8, size // 20), 0, 0, 360, (150, 40, 50), -1)
    return rgb


def seam_ratio(rgba: ByteArray) -> float:
    rgb = rgba[:, :, :3].astype(float)
    across = np.abs(rgb[0] - rgb[-1]).mean() + np.abs(rgb[:, 0] - rgb[:, -1]).mean()
    return float(across / (np.abs(np.diff(rgb, axis=0)).mean() + np.abs(np.diff(rgb, axis=1)).mean()))


def test_every_emotion_has_styles_and_mixtures_lie_between(table: StyleTable) -> None:
    assert set(table.vectors) == set(EMOTIONS)
    pure = np.eye(7, dtype=np.float32)
    happy, sad = table.at(pure[3], 1.0), table.at(pure[4], 1.0)
    assert table.at((pure[3] + pure[4]) / 2, 1.0) == pytest.approx((happy + sad) / 2, abs=1e-5)
    assert np.linalg.norm(happy - sad) > 1


def test_within_an_emotion_the_style_wanders_slowly_and_comes_back(table: StyleTable) -> None:
    happy = np.eye(7, dtype=np.float32)[3]
    round_trip = 2.0 * len(table.vectors["happy"])
    step = np.linalg.norm(table.at(happy, 1.03) - table.at(happy, 1.0))
    whole = np.linalg.norm(table.at(happy, 2.0) - table.at(happy, 0.0))
    assert 0 < step < 0.1 * whole
    assert table.at(happy, round_trip + 0.7) == pytest.approx(table.at(happy, 0.7), abs=1e-4)


def test_a_table_is_stored_and_read_and_a_broken_one_refused(table: StyleTable, tmp_path: Path) -> None:
    table.save(tmp_path / "t.npz")
    again = StyleTable.load(tmp_path / "t.npz")
    assert all(np.array_equal(again.vectors[name], table.vectors[name]) for name in EMOTIONS)
    (tmp_path / "junk.npz").write_bytes(b"PK\x03\x04junk")
    for name in ("junk.npz", "missing.npz"):
        with pytest.raises(UnusableModelError, match=name):
            StyleTable.load(tmp_path / name)
    with pytest.raises(ValueError, match="known emotion"):
        StyleTable({"joy": np.zeros((1, 100), np.float32)})


def test_styled_textures_stay_seamless_and_look_as_their_emotion(stylist: Stylist, table: StyleTable) -> None:
    ratios, measured = [], []
    for affect, emotion in zip(DEPICTED, np.eye(7, dtype=np.float32), strict=True):
        styled = stylist.texture(procedural_texture(affect, 1.0, 128), table.at(emotion, 0.0), 0.5)
        assert styled.shape == (128, 128, 4)
        assert (styled[:, :, 3] == 255).all()
        ratios.append(seam_ratio(styled))
        measured.append(PAINTINGS(styled))
    assert np.mean(ratios) < 1.15
    for axis in (0, 2):  # valence and warmth are what the eye tells at once
        assert np.corrcoef(DEPICTED[:, axis], np.stack(measured)[:, axis])[0, 1] > 0.5


def test_colours_are_moved_as_far_as_wanted() -> None:
    rng = np.random.default_rng(1)
    blue = rng.integers(0, 90, (32, 32, 3)).astype(np.uint8) + np.array([0, 0, 120], np.uint8)
    grey = rng.integers(90, 160, (32, 32, 3)).astype(np.uint8)
    assert coloured(blue, grey, 0.0) is blue
    assert coloured(blue, grey, 1.0).mean((0, 1)) == pytest.approx(grey.mean((0, 1)), abs=2)
    half = coloured(blue, grey, 0.5).mean((0, 1))
    assert half == pytest.approx((blue.mean((0, 1)) + grey.mean((0, 1))) / 2, abs=2)


@pytest.mark.parametrize("size", [63, 400])
def test_sizes_the_network_does_not_know_are_refused(stylist: Stylist, table: StyleTable, size: int) -> None:
    with pytest.raises(ValueError, match="size"):
        stylist.texture(np.zeros((size, size, 4), np.uint8), table.vectors["sad"][0])


def test_an_avatar_is_a_painted_oval_that_keeps_the_features(stylist: Stylist, table: StyleTable) -> None:
    one = avatar(stylist, face(), table.vectors["fear"][0])
    other = avatar(stylist, face(), table.vectors["happy"][0])
    assert one.shape == (256, 256, 4)
    assert (one[:8, :8, 3] == 0).all()
    assert one[128, 128, 3] == 255
    assert 0.3 < (one[:, :, 3] > 128).mean() < 0.75
    assert np.abs(one[:, :, :3].astype(int) - other[:, :, :3]).mean() > 8
    grey = [picture[60:200, 60:200, :3].mean(2).ravel() for picture in (one, cv2.resize(face(), (256, 256)))]
    assert np.corrcoef(*grey)[0, 1] > 0.5
    with pytest.raises(ValueError, match="crop"):
        avatar(stylist, face(24), table.vectors["fear"][0])


def ask() -> TextureRequest:
    return TextureRequest(0.0, neutral_probabilities(), 0.0, 0.0)


def asked_until(worker: GenerationWorker, done: Callable[[], bool]) -> bool:
    for _ in range(4000):
        worker.request(ask())
        if done():
            return True
        threading.Event().wait(0.01)
    return False


def started(models: Path, **more: object) -> tuple[GenerationWorker, Notices]:
    notices = Notices(RealClock())
    settings = {"size_px": 64, "per_second": 20.0, "avatars_per_second": 30.0} | more
    worker = GenerationWorker(
        GenerationConfig.model_validate(settings), PictureConfig(), models, 1, RealClock(), notices, Governor(notices)
    )
    worker.start()
    return worker, notices


@pytest.mark.usefixtures("stylist")
def test_a_face_is_painted_its_crop_let_go_and_its_leaving_told() -> None:
    worker, notices = started(MODELS_DIR)
    try:
        crop = face()
        kept = weakref.ref(crop)
        worker.show_face(7, crop, neutral_probabilities())
        del crop
        assert asked_until(worker, lambda: worker.avatars.peek()[0] >= 1)
        frame = worker.avatars.peek()[1]
        assert frame is not None
        assert frame.person_id == 7
        assert frame.rgba.shape == (256, 256, 4)
        gc.collect()
        assert kept() is None
        worker.show_face(7, face(), neutral_probabilities())
        worker.forget_face()
        frame = worker.avatars.peek()[1]
        assert frame is not None
        assert frame.person_id is None
        number = worker.avatars.peek()[0]
        painted = worker.textures.peek()[0]
        assert asked_until(worker, lambda: worker.textures.peek()[0] >= painted + 5)
        assert worker.avatars.peek()[0] == number
        assert asked_until(worker, lambda: notices.active() == ())
    finally:
        worker.close()


def test_without_style_networks_textures_go_on_and_it_says_so(tmp_path: Path) -> None:
    shutil.copy(model_path("texture"), tmp_path / "texture.onnx")
    worker, notices = started(tmp_path, styled=True)
    try:
        worker.show_face(7, face(), neutral_probabilities())
        assert asked_until(worker, lambda: worker.textures.peek()[0] >= 3)
        frame = worker.textures.peek()[1]
        assert frame is not None
        assert frame.source == "texture.onnx"
        assert asked_until(worker, lambda: {note.stage for note in notices.active()} == {"styles", "style table"})
        assert worker.avatars.peek()[0] == 0
    finally:
        worker.close()


@pytest.mark.usefixtures("stylist")
def test_two_workers_that_style_do_not_hide_each_others_notices(tmp_path: Path) -> None:
    notices = Notices(RealClock())
    textures = StylePainter(GenerationConfig(), tmp_path, notices)
    repainting = StylePainter(GenerationConfig(), MODELS_DIR, notices, "repainting ", "no painting is shown")
    assert not textures.ready(0.0)
    assert repainting.ready(0.0)
    assert {note.stage for note in notices.active()} == {"styles", "style table"}


@pytest.mark.usefixtures("stylist")
def test_textures_are_styled_when_wanted() -> None:
    worker, notices = started(MODELS_DIR, styled=True, per_second=2.0)
    try:
        assert asked_until(worker, lambda: bool(worker.textures.peek()[0]))
        done = worker.take_done()
        assert asked_until(worker, lambda: done.extend(worker.take_done()) or bool(done))
        assert done[0].way == "64 px styled"
        assert asked_until(worker, lambda: notices.active() == ())
    finally:
        worker.close()


@pytest.mark.usefixtures("stylist")
def test_networks_that_nobody_asks_for_are_let_go(tmp_path: Path) -> None:
    notices = Notices(RealClock())
    styling = StylePainter(GenerationConfig(), MODELS_DIR, notices)
    assert styling.ready(100.0)
    styling.rest(100.0 + KEPT_S)
    assert styling.providers != {}
    styling.rest(101.0 + KEPT_S)
    assert (styling.providers, styling.table) == ({}, None)
    without = StylePainter(GenerationConfig(), tmp_path, notices)
    assert not without.ready(100.0)
    assert {note.stage for note in notices.active()} == {"styles", "style table"}
    without.rest(100.0 + 2 * UNASKED_S)
    assert notices.active() == (), "what nobody asks for is nobody's trouble"


def test_a_folder_of_no_emotion_is_reported(tmp_path: Path) -> None:
    (tmp_path / "styles" / "joy").mkdir(parents=True)
    (tmp_path / "styles" / "happy").mkdir()
    notices = Notices(RealClock())
    styling = StylePainter(GenerationConfig(), tmp_path / "models", notices)
    styling.ready(0.0)
    (notice,) = [one for one in notices.active() if one.stage == "style folders"]
    assert notice.message == f"styles/joy/: no emotion, so not read; the emotions are {', '.join(EMOTIONS)}"
    (tmp_path / "styles" / "joy").rmdir()
    styling.ready(10.0)
    assert not [one for one in notices.active() if one.stage == "style folders"]


def test_the_artists_pictures_take_the_place_of_the_defaults(tmp_path: Path, table: StyleTable) -> None:
    models = tmp_path / "models"
    (models / "fetched").mkdir(parents=True)
    for name in ("texture", "styles", "style_predict", "style_transform"):
        path = model_path(name)
        shutil.copy(path, models / path.relative_to(MODELS_DIR))
    folder = tmp_path / "styles" / "neutral"
    folder.mkdir(parents=True)
    cv2.imwrite(str(folder / "own.png"), procedural_texture(DEPICTED[0], 3.0, 256)[:, :, :3])
    (folder / "notes.jpg").write_text("no picture")
    assert [path.name for path in pictures_of(tmp_path / "styles")["neutral"]] == ["notes.jpg", "own.png"]
    worker, notices = started(models, styled=True, per_second=2.0)
    try:
        assert asked_until(worker, lambda: bool(worker.textures.peek()[0]))
        assert asked_until(worker, lambda: [one.stage for one in notices.active("fault")] == ["style pictures"])
        assert "neutral/notes.jpg" in notices.active()[0].message
        styles = worker._textures.painter.styles
        assert styles.table is not None
        own = styles.table.vectors[EMOTIONS[NEUTRAL]]
        assert own.shape == (1, 100)
        bgr = cv2.imread(str(folder / "own.png"))
        read = StyleReader(model_path("style_predict")).read(np.ascontiguousarray(bgr[:, :, ::-1]))
        assert own[0] == pytest.approx(read, abs=1e-5)
        assert np.array_equal(styles.table.vectors["sad"], table.vectors["sad"])
    finally:
        worker.close()
