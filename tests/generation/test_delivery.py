"""What the networks make reaches the renderer, once; faces are painted only where a scene shows visitors."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.governor import Governor
from installation.base.notices import Notices
from installation.config.scene import SceneConfig
from installation.config.settings import Config
from installation.generation.delivery import FACE_GONE_S, Delivery
from installation.generation.repainting_worker import Painting, RepaintingWorker
from installation.generation.texture_worker import TextureDone, TextureWorker
from installation.record.report import RunReport
from installation.scene.scene import Scene
from installation.types import (
    AvatarFrame,
    Box,
    EmotionState,
    Person,
    SceneState,
    Silhouette,
    TextureFrame,
    TextureRequest,
    neutral_probabilities,
)


class Desk:
    """Delivery with real workers that are not started, and a renderer that notes what it gets."""

    def __init__(self, config: Config | None = None) -> None:
        clock, self.events, self.got = ManualClock(), [], []
        config = config or Config()
        notices = Notices(clock)
        governor = Governor(notices)
        self.textures = TextureWorker(config.generation, Path("models"), 1, clock, notices, governor)
        self.repainting = RepaintingWorker(
            config.repainting, config.generation, Path("models"), clock, notices, governor
        )
        self.faces: list[Any] = []
        self.textures.show_face = lambda *face: self.faces.append(face)  # type: ignore[method-assign]
        self.textures.forget_face = lambda: self.faces.append(None)  # type: ignore[method-assign]
        note = self.got.append
        self.renderer = SimpleNamespace(
            set_texture=lambda frame, t_s: note(("texture", frame.seq)),
            avatar=SimpleNamespace(put=lambda frame, t_s: note(("avatar", frame.seq)), follow=lambda square: None),
            repainting=SimpleNamespace(
                put=lambda rgba, model, t_s: note(("painting", len(model))), reconfigure=lambda config: None
            ),
        )
        self.delivery = Delivery(
            self.textures,
            self.repainting,
            self.renderer,
            config.generation,
            config.repainting,
            lambda name, args: self.events.append((name, args)),
        )
        self.report = RunReport(0.0)

    def take(self) -> int:
        return self.delivery.take(5.0, self.report)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def scene() -> SceneState:
    return Scene(SceneConfig(name="portrait"), 1).update((), None, 1.0, 0.03)


def silhouette(seq: int = 1) -> Silhouette:
    rgb = np.arange(90 * 160 * 3, dtype=np.uint32).reshape(90, 160, 3).astype(np.uint8)
    return Silhouette(1.0, seq, np.zeros((45, 80), np.uint8), rgb)


def visitor(number: int, face: Box | None) -> Person:
    return Person(number, Box(0, 0, 1, 1), 1.0, face_box=face)


def feels(number: int) -> EmotionState:
    return EmotionState(
        1.0, number, neutral_probabilities(), 0.0, 0.0, 1.0, 0.0, 0.5, (0.5, 0.5, 0.5), 1.0, "neutral", None
    )


def test_each_thing_that_is_ready_is_handed_over_once_and_reported(desk: Desk) -> None:
    request = TextureRequest(1.0, neutral_probabilities(), 0.0, 0.0)
    clear = np.zeros((4, 4, 4), np.uint8)
    desk.textures.textures.put(TextureFrame(1.0, 7, clear, request, "texture.onnx", 12.0))
    desk.textures._done.append(TextureDone(1.0, 7, "texture.onnx", "64>256 px", 256, 12.0))
    desk.textures.avatars.put(AvatarFrame(1.0, 3, clear, 1, 90.0))
    desk.repainting.paintings.put(Painting(1.2, 1.0, 2, clear, clear[:, :, :3], 50.0))
    assert desk.take() == 1
    assert sorted(desk.got) == [("avatar", 3), ("painting", 4), ("texture", 7)]
    assert desk.events == [("texture_done", ["texture.onnx", "64>256 px", 256, 12.0])]
    assert desk.take() == 0
    assert len(desk.got) == 3
    figures = desk.report.as_dict(6.0, {})
    assert figures["paintings"]["age_ms"]["p50"] == pytest.approx(4000, abs=1)
    assert desk.delivery.drops == {"textures": 0, "paintings": 0}


def test_a_copy_of_the_picture_goes_to_the_painter_with_what_the_scene_feels(desk: Desk) -> None:
    rgb = np.zeros((40, 80, 3), np.uint8)
    desk.renderer.repainting.on_copy(1.0, rgb)
    assert desk.repainting.pictures.peek()[1] is None, "no scene was drawn yet"
    state = replace(scene(), valence=-0.5)
    desk.delivery.ask(state, 1.0)
    desk.renderer.repainting.on_copy(1.5, rgb)
    seen = desk.repainting.pictures.peek()[1]
    assert seen is not None
    assert (seen.t_s, seen.request.valence) == (1.5, -0.5)
    asked = desk.textures.requests.peek()[1]
    assert asked is not None
    assert asked.valence == -0.5
    assert desk.renderer.repainting.pixels() == desk.repainting.pixels


def test_the_largest_face_is_painted_and_stays_chosen(desk: Desk) -> None:
    small, large = Box(0.1, 0.1, 0.2, 0.3), Box(0.6, 0.2, 0.8, 0.6)
    both = (visitor(1, small), visitor(2, large))
    states = (feels(1), feels(2))
    desk.delivery.see(silhouette(1), both, states, 1.0)
    number, crop, emotion = desk.faces[-1]
    assert number == 2
    assert crop.shape[0] == crop.shape[1]
    assert crop.shape[0] >= 0.4 * 90
    assert emotion.sum() == pytest.approx(1)
    shot = silhouette().rgb
    middle = crop[len(crop) // 2, len(crop) // 2].astype(int)
    nearby = shot[35:38, 110:115].reshape(-1, 3).astype(int)
    assert np.abs(nearby - middle).sum(1).min() == 0, "the crop's middle is the face's"
    desk.delivery.see(silhouette(1), both, states, 1.1)
    assert len(desk.faces) == 1, "a picture that was seen is not cut out again"
    grown = (visitor(1, Box(0.0, 0.0, 0.5, 0.9)), visitor(2, large))
    desk.delivery.see(silhouette(2), grown, states, 1.2)
    assert desk.faces[-1][0] == 2


def test_who_turns_away_for_a_moment_stays_and_who_leaves_is_forgotten_once(desk: Desk) -> None:
    face = (visitor(1, Box(0.4, 0.2, 0.6, 0.6)),)
    desk.delivery.see(silhouette(1), face, (feels(1),), 1.0)
    desk.delivery.see(silhouette(2), (visitor(1, None),), (feels(1),), 1.0 + FACE_GONE_S / 2)
    assert desk.faces[-1] is not None
    for later_s in (1.1, 1.2, 1.3):
        desk.delivery.see(silhouette(3), (visitor(1, None),), (feels(1),), 1.0 + FACE_GONE_S * later_s)
    assert desk.faces.count(None) == 1


def test_a_scene_without_visitors_forgets_the_face_at_once(desk: Desk) -> None:
    face = (visitor(1, Box(0.4, 0.2, 0.6, 0.6)),)
    desk.delivery.see(silhouette(1), face, (feels(1),), 1.0)
    desk.delivery.see(None, face, (feels(1),), 1.02)
    assert desk.faces[-1] is None


def test_no_face_is_painted_where_the_settings_say_so() -> None:
    desk = Desk(Config.model_validate({"generation": {"avatars": False}}))
    desk.delivery.see(silhouette(1), (visitor(1, Box(0.4, 0.2, 0.6, 0.6)),), (feels(1),), 1.0)
    assert desk.faces == []


def test_a_face_at_the_pictures_border_gives_a_whole_square(desk: Desk) -> None:
    desk.delivery.see(silhouette(1), (visitor(1, Box(0.0, 0.0, 0.2, 0.5)),), (feels(1),), 1.0)
    crop = desk.faces[-1][1]
    assert crop.shape[0] == crop.shape[1]
    assert (crop[0] == crop[1]).all(), "beyond the border the border goes on"
