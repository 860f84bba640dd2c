"""The background thread that paints: the newest request wins, the rate is kept, and it survives what it meets."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from installation.base.clock import ManualClock, RealClock
from installation.base.governor import Governor
from installation.base.model_files import MODELS_DIR, model_path
from installation.base.notices import Notices
from installation.config.generation import GenerationConfig
from installation.config.picture import PictureConfig
from installation.generation import background_loop, texture_maker
from installation.generation.affect import affect_of
from installation.generation.generation_worker import GenerationWorker
from installation.generation.generator import TextureGenerator
from installation.generation.texture_maker import TextureMaker
from installation.generation.texture_painter import TexturePainter
from installation.types import EMOTIONS, ByteArray, TextureRequest


def request(emotion: str = "happy") -> TextureRequest:
    p = np.zeros(7, np.float32)
    p[EMOTIONS.index(emotion)] = 1
    return TextureRequest(0.0, p, 0.0, 0.0)


def wait_for(done: Callable[[], bool]) -> bool:
    for _ in range(4000):
        if done():
            return True
        threading.Event().wait(0.01)
    return False


def worker(models: Path, **more: object) -> tuple[GenerationWorker, Notices]:
    notices = Notices(RealClock())
    config = GenerationConfig.model_validate({"size_px": 64, "per_second": 60.0} | more)
    made = GenerationWorker(config, PictureConfig(), models, 1, RealClock(), notices, Governor(notices))
    made.start()
    return made, notices


def test_the_worker_answers_the_newest_request_with_the_model() -> None:
    painter, notices = worker(MODELS_DIR)
    try:
        for emotion in EMOTIONS:
            painter.request(request(emotion))
        assert wait_for(lambda: painter.textures.peek()[0] >= 1)

        def is_sad() -> bool:
            painter.request(request("sad"))
            newest = painter.textures.peek()[1]
            return newest is not None and newest.request.emotion[EMOTIONS.index("sad")] == 1

        assert wait_for(is_sad)
        _, frame = painter.textures.peek()
        assert frame is not None
        assert frame.source == "texture.onnx"
        assert not frame.rgba.flags.writeable
        assert painter.providers == {"texture.onnx": "CPUExecutionProvider"}
        assert wait_for(lambda: notices.active() == ())
    finally:
        painter.close()
    assert wait_for(lambda: not any(thread.name == "generation" for thread in threading.enumerate()))


@pytest.mark.parametrize("damage", ["missing", "corrupt", "switched off"])
def test_without_a_model_the_procedural_texture_is_shown_and_a_notice_says_so(tmp_path: Path, damage: str) -> None:
    if damage == "corrupt":
        (tmp_path / "texture.onnx").write_bytes(b"\x08" * 1000)
    painter, notices = worker(tmp_path, enabled=damage != "switched off")
    try:
        painter.request(request())
        assert wait_for(lambda: painter.textures.peek()[0] >= 1)
        _, frame = painter.textures.peek()
        assert frame is not None
        assert frame.source == "procedural"
        kind = "note" if damage == "switched off" else "fallback"
        assert wait_for(lambda: [note.kind for note in notices.active()] == [kind])
        first = painter.textures.peek()[0]
        assert ask_until(painter, lambda: painter.textures.peek()[0] >= first + 3)
        assert len(notices.history(kind)) == 1, "raised once and not with each picture"
        assert painter.providers == {}
    finally:
        painter.close()


def test_a_model_that_comes_back_is_taken_up_when_the_settings_are_saved(tmp_path: Path) -> None:
    painter, notices = worker(tmp_path)
    try:
        painter.request(request())
        assert wait_for(lambda: bool(notices.active()))
        shutil.copy(model_path("texture"), tmp_path / "texture.onnx")
        painter.reconfigure(GenerationConfig(size_px=64, per_second=60.0), PictureConfig())

        def painted() -> bool:
            painter.request(request())
            frame = painter.textures.peek()[1]
            return frame is not None and frame.source == "texture.onnx"

        assert wait_for(painted)
        assert wait_for(lambda: notices.active() == ())
    finally:
        painter.close()


def test_a_provider_that_was_asked_for_and_does_not_run_is_reported() -> None:
    painter, notices = worker(MODELS_DIR, provider="cuda")
    try:
        painter.request(request())
        assert wait_for(lambda: painter.textures.peek()[0] >= 1)
        if painter.providers == {"texture.onnx": "CUDAExecutionProvider"}:
            pytest.skip("CUDA runs here")
        assert painter.providers == {"texture.onnx": "CPUExecutionProvider"}
        assert wait_for(
            lambda: [(one.kind, one.stage) for one in notices.active()] == [("fallback", "texture provider")]
        )
    finally:
        painter.close()


def test_a_failure_nobody_foresaw_is_a_fault_and_the_thread_lives_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no brush")

    monkeypatch.setattr(background_loop, "FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(texture_maker, "affect_of", broken)
    painter, notices = worker(MODELS_DIR)
    try:
        painter.request(request())
        assert wait_for(lambda: bool(notices.active()))
        assert [(note.kind, note.stage) for note in notices.active()] == [("fault", "generation worker")]
        assert "no brush" in notices.active()[0].message
        monkeypatch.setattr(texture_maker, "affect_of", affect_of)
        painter.request(request())
        assert wait_for(lambda: painter.textures.peek()[0] >= 1)
        assert wait_for(lambda: notices.active() == ())
    finally:
        painter.close()


def test_a_bad_request_is_reported_and_the_next_one_answered() -> None:
    painter, notices = worker(MODELS_DIR)
    try:
        painter.request(TextureRequest(0.0, np.full(7, np.nan, np.float32), 0.0, 0.0))
        assert wait_for(lambda: [note.stage for note in notices.active()] == ["texture request"])
        assert painter.refused == (1, 0)
        painter.request(request())
        assert wait_for(lambda: painter.textures.peek()[0] >= 1)
    finally:
        painter.close()


def ask_until(painter: GenerationWorker, done: Callable[[], bool]) -> bool:
    """Keep asking, as the frame loop does."""

    def asked() -> bool:
        painter.request(request())
        return done()

    return wait_for(asked)


def source(painter: GenerationWorker) -> str:
    frame = painter.textures.peek()[1]
    return "" if frame is None else frame.source


def test_models_are_swapped_while_it_runs_by_name_by_key_and_by_settings(tmp_path: Path) -> None:
    for name in ("texture.onnx", "texture_b.onnx"):
        shutil.copy(model_path("texture"), tmp_path / name)
    painter, notices = worker(tmp_path)
    try:
        assert ask_until(painter, lambda: source(painter) == "texture.onnx")
        painter.use_model("texture_b")
        assert ask_until(painter, lambda: source(painter) == "texture_b.onnx")
        painter.next_model()
        assert ask_until(painter, lambda: source(painter) == "texture.onnx")
        painter.reconfigure(GenerationConfig(size_px=64, per_second=60.0, model="texture_b.onnx"), PictureConfig())
        assert ask_until(painter, lambda: source(painter) == "texture_b.onnx")
        assert wait_for(lambda: notices.active() == ())
        painter.use_model("../../etc/texture")
        assert ask_until(painter, lambda: bool(notices.active()))
        assert [(note.kind, note.stage) for note in notices.active()] == [("fault", "texture model")]
        assert source(painter) == "texture_b.onnx"
    finally:
        painter.close()


def test_a_broken_model_that_is_swapped_in_leaves_the_old_one_running(tmp_path: Path) -> None:
    shutil.copy(model_path("texture"), tmp_path / "texture.onnx")
    (tmp_path / "texture_b.onnx").write_bytes(b"\x08" * 1000)
    painter, notices = worker(tmp_path)
    try:
        assert ask_until(painter, lambda: source(painter) == "texture.onnx")
        painter.use_model("texture_b")
        assert ask_until(painter, lambda: bool(notices.active()))
        assert "texture.onnx goes on" in notices.active()[0].message
        assert source(painter) == "texture.onnx"
        shutil.copy(model_path("texture"), tmp_path / "texture_b.onnx")  # mended on the disk: taken up without a word
        assert ask_until(painter, lambda: source(painter) == "texture_b.onnx")
        assert wait_for(lambda: notices.active() == ())
    finally:
        painter.close()


def test_an_error_in_the_session_shows_the_procedural_texture_and_it_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the driver went away")

    painter, notices = worker(MODELS_DIR)
    try:
        with monkeypatch.context() as while_broken:
            while_broken.setattr(TextureGenerator, "paint", broken)
            assert ask_until(painter, lambda: source(painter) == "procedural")
            assert wait_for(lambda: any("the driver went away" in one.message for one in notices.active()))
        painter.reconfigure(GenerationConfig(size_px=64, per_second=60.0), PictureConfig())
        assert ask_until(painter, lambda: source(painter) == "texture.onnx")
        assert wait_for(lambda: notices.active() == ())
    finally:
        painter.close()


@pytest.mark.parametrize(
    "error",
    [
        MemoryError("no room"),
        RuntimeError("[ONNXRuntimeError] : 6 : BFCArena::AllocateRawInternal Failed to allocate memory for 4 GB"),
    ],
)
def test_where_memory_is_short_pictures_are_made_smaller_and_it_says_so(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    paint = TextureGenerator.paint

    def short(self: TextureGenerator, affect: object, latents: object, size_px: int | None = None) -> ByteArray:
        if size_px == 256:
            raise error
        return paint(self, affect, latents, size_px)  # type: ignore[arg-type]

    monkeypatch.setattr(TextureGenerator, "paint", short)
    painter, notices = worker(MODELS_DIR, size_px=256, per_second=5.0)
    try:
        assert ask_until(painter, lambda: painter.textures.peek()[0] >= 1)
        _, frame = painter.textures.peek()
        assert frame is not None
        assert frame.source == "texture.onnx"
        assert frame.rgba.shape == (256, 256, 4)
        assert wait_for(lambda: [(one.kind, one.stage) for one in notices.active()] == [("fallback", "texture memory")])
        done = painter.take_done()
        assert wait_for(lambda: done.extend(painter.take_done()) or bool(done))
        assert done[0].way == "128>256 px"
    finally:
        painter.close()


def test_memory_that_is_there_again_is_noticed_at_any_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pace too quick for the larger level keeps the ladder below it: only a try shows that there is memory."""
    paint, is_short = TextureGenerator.paint, [True]

    def short(self: TextureGenerator, affect: object, latents: object, size_px: int | None = None) -> ByteArray:
        if size_px == 256 and is_short[0]:
            raise MemoryError("no room")
        return paint(self, affect, latents, size_px)  # type: ignore[arg-type]

    monkeypatch.setattr(TextureGenerator, "paint", short)
    monkeypatch.setattr(texture_maker, "FIRST_RETRY_S", 0.2)
    monkeypatch.setattr(texture_maker, "LONGEST_RETRY_S", 0.2)
    painter, notices = worker(MODELS_DIR, size_px=256, per_second=60.0)

    def told() -> bool:
        return any(note.stage == "texture memory" for note in notices.active())

    try:
        assert ask_until(painter, told)
        is_short[0] = False
        assert ask_until(painter, lambda: not told())
    finally:
        painter.close()


def test_where_nothing_fits_into_memory_the_session_goes_and_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def short(*_: object) -> None:
        raise MemoryError("no room")

    painter, notices = worker(MODELS_DIR)
    try:
        with monkeypatch.context() as while_short:
            while_short.setattr(TextureGenerator, "paint", short)
            assert ask_until(painter, lambda: source(painter) == "procedural")
            assert wait_for(lambda: painter.providers == {})
        painter.reconfigure(GenerationConfig(size_px=64, per_second=60.0), PictureConfig())
        assert ask_until(painter, lambda: source(painter) == "texture.onnx")
        assert ask_until(painter, lambda: notices.active() == ())
    finally:
        painter.close()


def test_what_was_finished_is_reported_once() -> None:
    painter, _ = worker(MODELS_DIR)
    try:
        assert ask_until(painter, lambda: painter.textures.peek()[0] >= 3)
        done = painter.take_done()
        assert [event.number for event in done] == sorted({event.number for event in done})
        assert {(event.source, event.way, event.size_px) for event in done} == {("texture.onnx", "64 px", 64)}
        assert all(event.compute_ms > 0 for event in done)
        assert painter.way == "64 px, quality level 1 of 1"
    finally:
        painter.close()
    numbers = {event.number for event in painter.take_done()}
    assert not numbers & {event.number for event in done}


def test_spare_time_goes_into_candidates_and_the_walk_follows_the_chosen_one(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[bool] = []
    try_one = TexturePainter.try_one
    monkeypatch.setattr(TexturePainter, "try_one", lambda *asked: tried.append(try_one(*asked)) or tried[-1])
    chosen = []
    monkeypatch.setattr("installation.generation.latent.LatentWalk.choose", lambda _, *key: chosen.append(key))
    painter, _ = worker(MODELS_DIR, latent_per_second=1.0, candidates=4, per_second=4.0)
    try:
        assert ask_until(painter, lambda: len(chosen) >= 3)
    finally:
        painter.close()
    assert sum(tried) >= 3
    assert [key[0] for key in chosen] == sorted({key[0] for key in chosen})


def test_a_candidate_that_took_long_once_keeps_no_later_ones_away() -> None:
    """A machine that stood still for a moment, or a model that was loaded beside it."""
    clock, tries, takes_s = ManualClock(), list[float](), [5.0]
    maker = TextureMaker(GenerationConfig(size_px=64), MODELS_DIR, 1, clock, Notices(clock))

    def try_one(_: object, _began_s: float) -> bool:
        tries.append(clock.now())
        clock.advance(takes_s[0])
        return True

    maker.painter.try_one = try_one  # type: ignore[method-assign, assignment]
    maker.make(request(), 1, 0.2, True)
    takes_s[0] = 0.01
    for number in range(2, 102):
        clock.advance(0.2)
        maker.make(request(), number, 0.2, True)
    assert tries[1] - tries[0] < 15.0
    assert len(tries) > 50
