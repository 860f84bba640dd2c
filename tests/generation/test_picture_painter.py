"""Which picture is painted: a number for each occasion, candidates in spare time, a mood that is followed slowly."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.picture import PictureConfig
from installation.generation.affect import affect_of
from installation.generation.picture_generator import PictureGenerator
from installation.generation.picture_painter import AFFECT_S, PicturePainter
from installation.types import EMOTIONS, LAYOUT, ByteArray, FloatArray, PictureRequest
from tests.robustness import foreign_models as models


def asked(emotion: str = "happy", occasion: int = 0, layout: ByteArray | None = None) -> PictureRequest:
    p = np.zeros(7, np.float32)
    p[EMOTIONS.index(emotion)] = 1
    return PictureRequest(0.0, p, 0.0, 0.0, occasion, layout)


class Studio:
    """A painter with a small model, and what its model was asked."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, **more: object) -> None:
        models.painter(folder / "paint.onnx")
        self.notices = Notices(ManualClock())
        self.config = PictureConfig.model_validate(more)
        self.painter = PicturePainter(self.config, folder, 1, self.notices)
        self.affects: list[FloatArray] = []
        self.latents: list[dict[str, FloatArray]] = []
        self.layouts: list[FloatArray] = []
        paint = PictureGenerator.paint

        def noted(
            self_: PictureGenerator, affect: FloatArray, latents: dict[str, FloatArray], *layout: FloatArray
        ) -> ByteArray:
            self.affects.append(affect)
            self.latents.append(latents)
            self.layouts.append(layout[0])
            return paint(self_, affect, latents, *layout)

        monkeypatch.setattr(PictureGenerator, "paint", noted)

    def number(self, now_s: float, **more: object) -> int:
        painted = self.painter.paint(asked(**more), now_s)  # type: ignore[arg-type]
        assert painted is not None
        assert painted.source == "paint.onnx"
        return painted.number


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Studio:
    return Studio(tmp_path, monkeypatch)


def test_a_picture_wanders_until_the_next_occasion_begins_another(studio: Studio) -> None:
    assert [studio.number(0.2 * n) for n in range(4)] == [1, 1, 1, 1]
    assert studio.number(0.8, occasion=1) == 2
    assert studio.number(1.0, occasion=1) == 2
    z, noise = ([found[name] for found in studio.latents] for name in ("z", "noise"))
    assert 0 < np.abs(z[3] - z[2]).max() < 0.1
    assert all(np.array_equal(noise[0], one) for one in noise[:4])
    assert not np.array_equal(noise[4], noise[3])
    assert np.abs(z[4] - z[3]).max() > 0.5


def test_a_mood_that_drifts_is_followed_slowly_and_another_picture_has_it_at_once(studio: Studio) -> None:
    studio.number(0.0, emotion="sad")
    for n in range(1, 16):
        studio.number(n * AFFECT_S / 15, emotion="happy")
    sad, happy = affect_of(asked("sad")), affect_of(asked("happy"))
    assert np.array_equal(studio.affects[0], sad)
    assert studio.affects[-1] == pytest.approx(happy + (sad - happy) / np.e, abs=0.02)
    steps = np.abs(np.diff(np.array(studio.affects), axis=0)).max(1)
    assert steps.max() < 0.2
    studio.number(10.0, emotion="angry", occasion=1)
    assert np.array_equal(studio.affects[-1], affect_of(asked("angry")))


def test_the_layout_composes_by_the_setting_and_is_followed_smoothly(studio: Studio) -> None:
    whole = np.full((LAYOUT, LAYOUT, 4), 255, np.uint8)
    studio.number(0.0)
    for n in range(1, 6):
        studio.number(0.2 * n, layout=whole)
    confidence = [float(layout[0, 3].mean()) for layout in studio.layouts]
    assert confidence[0] == 0
    assert confidence == sorted(confidence)
    assert 0.3 < confidence[2] < 0.8
    studio.painter.reconfigure(PictureConfig(shapes=0.0))
    studio.number(1.2, layout=whole)
    assert studio.layouts[-1][0, 3].max() == 0


def test_candidates_are_measured_in_spare_time_and_the_best_becomes_the_next_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = Studio(tmp_path, monkeypatch, candidates=4)
    assert not studio.painter.try_one(), "nothing was asked for yet"
    studio.number(0.0)
    assert [studio.painter.try_one() for _ in range(6)] == [True] * 4 + [False] * 2
    tried = [found["z"] for found in studio.latents[1:5]]
    assert len({float(z[0, 0]) for z in tried}) == 4
    assert studio.number(0.2, occasion=1) == 2
    assert any(np.array_equal(studio.latents[-1]["z"], z) for z in tried), "one of them, from its beginning"
    assert studio.painter.try_one(), "and then for the one after it"


def test_a_broken_model_gives_no_picture_and_a_mended_one_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = Studio(tmp_path, monkeypatch)
    (tmp_path / "paint.onnx").write_bytes(b"\x08" * 1000)
    assert studio.painter.paint(asked(), 0.0) is None
    assert [(note.kind, note.stage) for note in studio.notices.active()] == [("fallback", "pictures")]
    assert "no picture is painted" in studio.notices.active()[0].message
    models.painter(tmp_path / "paint.onnx")
    studio.painter.reconfigure(studio.config)
    studio.painter.paint(asked(), 1.0)
    assert studio.number(2.0) >= 1
    assert studio.notices.active() == ()


def test_an_error_or_short_memory_drops_the_model_until_it_is_tried_again(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def short(*_: object) -> None:
        raise MemoryError("no room")

    assert studio.number(0.0) == 1
    with monkeypatch.context() as while_short:
        while_short.setattr(PictureGenerator, "paint", short)
        assert studio.painter.paint(asked(), 0.2) is None
    assert studio.painter.running == {}
    assert "no room" in studio.notices.active()[0].message
    assert studio.painter.paint(asked(), 0.4) is None, "not before its pause is over"
    assert studio.number(9.0) == 2, "another picture: what was begun went with the model"
    assert studio.notices.active() == ()


def test_another_model_is_taken_while_it_runs_and_a_wrong_one_leaves_the_old(studio: Studio, tmp_path: Path) -> None:
    shutil.copy(tmp_path / "paint.onnx", tmp_path / "other.onnx")
    models.generator(tmp_path / "texture.onnx")
    assert studio.number(0.0) == 1
    studio.painter.reconfigure(PictureConfig(model="other.onnx"))
    painted = studio.painter.paint(asked(), 0.2)
    assert painted is not None
    assert (painted.source, painted.number) == ("other.onnx", 2)
    studio.painter.reconfigure(PictureConfig(model="texture.onnx"))
    painted = studio.painter.paint(asked(), 0.4)
    assert painted is not None
    assert painted.source == "other.onnx"
    assert "other.onnx goes on" in studio.notices.active()[0].message


@pytest.mark.parametrize("damage", ["emotion", "layout"])
def test_wrong_numbers_are_refused(studio: Studio, damage: str) -> None:
    wrong = (
        PictureRequest(0.0, np.full(7, np.nan, np.float32), 0.0, 0.0, 0)
        if damage == "emotion"
        else asked(layout=np.zeros((4, 4, 4), np.uint8))
    )
    with pytest.raises(ValueError, match="request" if damage == "emotion" else "layout"):
        studio.painter.paint(wrong, 0.0)
    assert studio.number(0.2) == 1


def test_switched_off_nothing_is_painted_and_nothing_is_wrong(studio: Studio) -> None:
    studio.painter.reconfigure(PictureConfig(enabled=False))
    assert studio.painter.paint(asked(), 0.0) is None
    assert studio.painter.running == {}
    assert studio.notices.active() == ()
