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
from installation.generation.delivery import Delivery
from installation.generation.generation_worker import GenerationWorker
from installation.generation.repainting_worker import Painting, RepaintingWorker
from installation.generation.sitter import FACE_GONE_S
from installation.generation.texture_maker import TextureDone
from installation.record.report import RunReport
from installation.scene.scene import Scene
from installation.types import (
    LAYOUT,
    AvatarFrame,
    Box,
    EmotionState,
    Observation,
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
        self.textures = GenerationWorker(config.generation, config.picture, Path("models"), 1, clock, notices, governor)
        self.repainting = RepaintingWorker(
            config.repainting, config.generation, Path("models"), clock, notices, governor
        )
        self.faces: list[Any] = []
        self.followed: list[Any] = []
        self.strengths: list[float] = []
        self.stored: list[Any] = []
        self.textures.show_face = lambda *face: self.faces.append(face)  # type: ignore[method-assign]
        self.textures.forget_face = lambda: self.faces.append(None)  # type: ignore[method-assign]
        note = self.got.append
        self.renderer = SimpleNamespace(
            set_texture=lambda frame, t_s: note(("texture", frame.seq)),
            avatar=SimpleNamespace(
                put=lambda frame, t_s: note(("avatar", frame.seq)),
                follow=lambda square: self.followed.append(square),
                vanish=lambda: note(("vanished", 0)),
                is_empty=True,
            ),
            layout=SimpleNamespace(on_layout=None, per_second=0.0),
            picture=SimpleNamespace(reconfigure=lambda config: self.strengths.append(config.strength)),
            set_picture=lambda frame, t_s: note(("picture", frame.number)),
            shows_picture=lambda scene: True,
            layout_now=lambda scene: np.full((LAYOUT, LAYOUT, 4), 9, np.uint8),
            show_painting=lambda rgba, t_s, seconds: note(("large", rgba.shape[0], seconds)),
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
            config.picture,
            lambda name, args: self.events.append((name, args)),
            lambda rgb, done: self.stored.append((rgb, done)),
            lambda: 720,
        )
        self.report = RunReport(0.0)

    def take(self) -> int:
        return self.delivery.take(5.0, self.report)

    def see(self, seq: int | None, people: tuple[Person, ...], now_s: float, of_seq: int | None = None) -> None:
        """``people`` in the picture ``of_seq``, else in that of the silhouette ``seq``; everybody feels something."""
        seen = Observation(now_s, of_seq if of_seq is not None else seq or 0, people, (160, 90))
        states = tuple(feels(person.id) for person in people)
        self.delivery.see(None if seq is None else silhouette(seq), seen, states, now_s)


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
    desk.see(1, (visitor(1, Box(0.4, 0.2, 0.6, 0.6)),), 0.9)
    desk.textures.textures.put(TextureFrame(1.0, 7, clear, request, "texture.onnx", 12.0))
    desk.textures._textures.done.append(TextureDone(1.0, 7, "texture.onnx", "64>256 px", 256, 12.0))
    desk.textures.avatars.put(AvatarFrame(1.0, 3, clear, 1, 90.0))
    desk.repainting.paintings.put(Painting(1.2, 1.0, 2, clear, clear[:, :, :3], 50.0))
    assert desk.take() == 1
    assert sorted(desk.got) == [("avatar", 3), ("painting", 4), ("texture", 7)]
    assert desk.events == [("texture_done", ["texture.onnx", "64>256 px", 256, 12.0])]
    assert desk.take() == 0
    assert len(desk.got) == 3
    figures = desk.report.as_dict(6.0, {})
    assert figures["paintings"]["age_ms"]["p50"] == pytest.approx(4000, abs=1)
    assert desk.delivery.drops == {"textures": 0, "composed pictures": 0, "paintings": 0}


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
    desk.see(1, both, 1.0)
    number, crop, emotion = desk.faces[-1]
    assert number == 2
    assert crop.shape[0] == crop.shape[1]
    assert crop.shape[0] >= 0.4 * 90
    assert emotion.sum() == pytest.approx(1)
    shot = silhouette().rgb
    middle = crop[len(crop) // 2, len(crop) // 2].astype(int)
    nearby = shot[35:38, 110:115].reshape(-1, 3).astype(int)
    assert np.abs(nearby - middle).sum(1).min() == 0, "the crop's middle is the face's"
    desk.see(1, both, 1.1)
    assert len(desk.faces) == 1, "a picture that was seen is not cut out again"
    grown = (visitor(1, Box(0.0, 0.0, 0.5, 0.9)), visitor(2, large))
    desk.see(2, grown, 1.2)
    assert desk.faces[-1][0] == 2


def test_who_turns_away_for_a_moment_stays_and_who_leaves_is_forgotten_once(desk: Desk) -> None:
    face = (visitor(1, Box(0.4, 0.2, 0.6, 0.6)),)
    desk.see(1, face, 1.0)
    desk.see(2, (visitor(1, None),), 1.0 + FACE_GONE_S / 2)
    assert desk.faces[-1] is not None
    for later_s in (1.1, 1.2, 1.3):
        desk.see(3, (visitor(1, None),), 1.0 + FACE_GONE_S * later_s)
    assert desk.faces.count(None) == 1


def test_a_scene_without_visitors_forgets_the_face_at_once(desk: Desk) -> None:
    face = (visitor(1, Box(0.4, 0.2, 0.6, 0.6)),)
    desk.see(1, face, 1.0)
    desk.see(None, face, 1.02)
    assert desk.faces[-1] is None


def test_no_face_is_painted_where_the_settings_say_so() -> None:
    desk = Desk(Config.model_validate({"generation": {"avatars": False}}))
    desk.see(1, (visitor(1, Box(0.4, 0.2, 0.6, 0.6)),), 1.0)
    assert desk.faces == []


def test_a_face_at_the_pictures_border_gives_a_whole_square(desk: Desk) -> None:
    desk.see(1, (visitor(1, Box(0.0, 0.0, 0.2, 0.5)),), 1.0)
    crop = desk.faces[-1][1]
    assert crop.shape[0] == crop.shape[1]
    assert (crop[0] == crop[1]).all(), "beyond the border the border goes on"


def test_a_painting_of_anybody_but_who_sits_is_not_shown(desk: Desk) -> None:
    desk.see(1, (visitor(2, Box(0.4, 0.2, 0.6, 0.6)),), 1.0)
    desk.textures.avatars.put(AvatarFrame(1.0, 3, np.zeros((4, 4, 4), np.uint8), 1, 90.0))
    desk.take()
    assert desk.got == []


def test_a_face_is_cut_out_where_it_was_in_that_very_picture(desk: Desk) -> None:
    here, there = Box(0.2, 0.2, 0.4, 0.6), Box(0.25, 0.2, 0.45, 0.6)
    desk.see(1, (visitor(1, here),), 1.0)
    first = desk.faces[-1][1]
    # People of the third picture are known already, outlines of the second only.
    desk.see(1, (visitor(1, there),), 1.1, of_seq=2)
    desk.see(2, (visitor(1, here),), 1.2, of_seq=3)
    desk.see(3, (visitor(1, here),), 1.3, of_seq=3)
    second, third = desk.faces[1][1], desk.faces[2][1]
    assert (first == third).all()
    assert (first != second).any()
    desk.see(9, (visitor(1, here),), 1.4, of_seq=4)
    assert len(desk.faces) == 3, "where the face is in that picture is not known"


def test_somebody_else_in_the_painted_ones_place_makes_it_vanish_and_waits(desk: Desk) -> None:
    face = Box(0.4, 0.2, 0.6, 0.6)
    desk.see(1, (visitor(1, face),), 1.0)
    desk.renderer.avatar.is_empty = False
    desk.see(2, (visitor(2, face),), 1.1)
    assert desk.got == [("vanished", 0)]
    assert desk.faces[-1] is None
    assert len(desk.faces) == 2, "nobody is painted before the last one has vanished"
    desk.renderer.avatar.is_empty = True
    desk.see(3, (visitor(2, face),), 1.2)
    assert desk.faces[-1][0] == 2


def test_a_change_of_source_ends_everything_at_once(desk: Desk) -> None:
    face = Box(0.4, 0.2, 0.6, 0.6)
    desk.see(1, (visitor(1, face),), 1.0)
    desk.delivery.cut()
    assert desk.got == [("vanished", 0)]
    assert desk.faces[-1] is None
    desk.see(1, (visitor(1, face),), 1.1)
    assert desk.faces[-1][0] == 1


def test_a_face_below_32_pixels_is_skipped_in_silence(desk: Desk) -> None:
    side = 31 / 90
    desk.see(1, (visitor(1, Box(0.4, 0.2, 0.45, 0.2 + side)),), 1.0)
    assert desk.faces == []
    desk.see(2, (visitor(1, Box(0.4, 0.2, 0.45, 0.2 + side + 0.02)),), 1.1)
    assert desk.faces[-1][0] == 1
    desk.see(3, (visitor(1, Box(0.4, 0.2, 0.45, 0.2 + side)),), 1.2)
    assert len(desk.faces) == 1
