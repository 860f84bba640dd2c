"""Generated pictures on the wall: shown when their time has come, once, in order; damaged ones are refused in words."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from installation.config.picture import PictureConfig
from installation.network.wire import Message, WireError, pack, unpack
from installation.types import (
    AvatarFrame,
    PictureFrame,
    PictureRequest,
    TextureFrame,
    TextureRequest,
    neutral_probabilities,
)
from installation.wall.leader import Followers
from installation.wall.pictures import (
    FACE,
    KINDS,
    PAINTING,
    PICTURE,
    REPAINTED,
    TEXTURE,
    Waiting,
    WallPicture,
    picture_of,
    show,
)
from installation.wall.sharing import Sharing

RGBA = np.random.default_rng(1).integers(0, 255, (8, 8, 4), np.uint8)
VALUES: dict[str, dict[str, Any]] = {PICTURE: {"number": 3}, PAINTING: {"seconds": 8.0}, FACE: {"person": 5}}


def picture(kind: str, number: int = 1, t_s: float = 10.0) -> WallPicture:
    pixels = {"rgba": RGBA, "model": RGBA[..., :3].copy()} if kind == REPAINTED else {"rgba": RGBA}
    return WallPicture(kind, number, t_s, VALUES.get(kind, {}), pixels)


def message(one: WallPicture, **changed: Any) -> Message:
    values = {"picture": one.kind, "number": one.number, "t_s": one.t_s, "values": dict(one.values), **changed}
    return unpack(pack("picture", "1", values, one.pixels))


class Canvas:
    """Remembers what it was given."""

    def __init__(self) -> None:
        self.given: list[tuple[Any, ...]] = []
        self.avatar = self.repainting = self
        self.layout = None
        self.is_empty = False
        self.on_copy: Any = None
        self.pixels: Any = None

    def set_texture(self, frame: TextureFrame, t_s: float) -> None:
        self.given.append((TEXTURE, t_s, frame.rgba))

    def set_picture(self, frame: PictureFrame, t_s: float) -> None:
        self.given.append((PICTURE, t_s, frame.rgba, frame.number))

    def show_painting(self, rgba: Any, t_s: float, seconds: float) -> None:
        self.given.append((PAINTING, t_s, rgba, seconds))

    def put(self, *values: Any) -> None:
        self.given.append(values)

    def vanish(self) -> None:
        self.given.append(("vanish",))

    def shows_picture(self, scene: Any) -> bool:
        return True

    def layout_now(self, scene: Any) -> Any:
        return RGBA

    def reconfigure(self, config: Any) -> None:
        self.given.append(("reconfigure", config))


class TellsNobody:
    """What of a leader the painters' side needs."""

    def __init__(self) -> None:
        self.told: list[WallPicture] = []
        self.face: Any = None
        self.fades: Any = None

    def picture(self, kind: str, t_s: float, values: Any = None, **pixels: Any) -> WallPicture:
        self.told.append(WallPicture(kind, len(self.told) + 1, t_s, values or {}, pixels))
        return self.told[-1]


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_arrives_and_is_shown_as_it_was(kind: str) -> None:
    canvas = Canvas()
    found = picture_of(message(picture(kind)))
    show(found, canvas)
    [given] = canvas.given
    arrays = [value for value in given if isinstance(value, np.ndarray)]
    frames = [value.rgba for value in given if isinstance(value, AvatarFrame)]
    np.testing.assert_array_equal((arrays + frames)[0], RGBA)
    assert any(value == 10.0 for value in given if isinstance(value, float))


def test_a_face_that_vanishes_does_so_at_once() -> None:
    canvas = Canvas()
    show(replace(picture(FACE), values={"person": None, "vanishes": True}), canvas)
    assert canvas.given == [("vanish",)]


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        (TEXTURE, {"picture": "song"}),
        (TEXTURE, {"t_s": "now"}),
        (PICTURE, {"values": {}}),
        (PAINTING, {"values": {"seconds": "long"}}),
        (FACE, {"values": {"person": "somebody"}}),
        (REPAINTED, {"picture": REPAINTED, "number": None}),
    ],
)
def test_what_is_no_picture_is_refused(kind: str, changed: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        picture_of(message(picture(kind), **changed))


def test_pixels_of_another_form_are_refused() -> None:
    for pixels in ({}, {"rgba": RGBA[..., :3].copy()}, {"rgba": RGBA[:0]}, {"rgba": RGBA[:4].copy()}):
        with pytest.raises(WireError):
            picture_of(message(replace(picture(TEXTURE), pixels=pixels)))


def test_each_is_shown_once_in_its_time_and_the_older_first() -> None:
    waiting = Waiting()
    for one in (picture(TEXTURE, 1, 10.0), picture(PICTURE, 1, 9.0), picture(TEXTURE, 2, 12.0)):
        waiting.put(one)
    assert waiting.due(8.9) == []
    assert [(one.kind, one.number) for one in waiting.due(10.0)] == [(PICTURE, 1), (TEXTURE, 1)]
    assert waiting.due(11.0) == []
    assert [one.number for one in waiting.due(20.0)] == [2]
    waiting.put(picture(TEXTURE, 2, 12.0))
    waiting.put(picture(TEXTURE, 1, 10.0))
    assert waiting.due(30.0) == [], "old ones come again"
    waiting.clear()
    waiting.put(picture(TEXTURE, 1, 5.0))
    assert len(waiting.due(30.0)) == 1, "another leader counts from the beginning"


def test_what_painters_hand_over_goes_to_the_wall_and_here_in_its_time() -> None:
    canvas, leader = Canvas(), TellsNobody()
    sharing = Sharing(canvas, leader, faces=True)  # type: ignore[arg-type]
    request = TextureRequest(1.0, neutral_probabilities(), 0.0, 0.0)
    sharing.set_texture(TextureFrame(1.0, 4, RGBA, request, "texture", 5.0), 10.0)
    sharing.set_picture(
        PictureFrame(1.0, 4, 77, RGBA, PictureRequest(1.0, neutral_probabilities(), 0.0, 0.0, 0), "paint", 5.0), 10.0
    )
    sharing.show_painting(RGBA, 10.0, 9)
    sharing.avatar.put(AvatarFrame(1.0, 1, RGBA, 3, 5.0), 10.0)
    sharing.avatar.follow((0.5, 0.4, 0.1))
    sharing.avatar.vanish()
    sharing.repainting.put(RGBA, RGBA[..., :3], 10.0)
    sharing.picture.reconfigure(PictureConfig(strength=0.5, fade_s=2.0))
    assert canvas.given == [], "it is shown a delay later, as on all machines"
    assert [one.kind for one in leader.told] == [TEXTURE, PICTURE, PAINTING, FACE, FACE, REPAINTED]
    assert leader.told[1].values == {"number": 77}
    assert leader.fades == (True, 0.5, 2.0)
    assert leader.face is None, "it vanished after it was followed"
    for one in sharing.waiting.due(10.0):
        show(one, canvas)
    assert len(canvas.given) == 6


def test_painted_faces_stay_where_they_may_not_travel() -> None:
    canvas, leader = Canvas(), TellsNobody()
    sharing = Sharing(canvas, leader, faces=False)  # type: ignore[arg-type]
    sharing.avatar.put(AvatarFrame(1.0, 1, RGBA, 3, 5.0), 10.0)
    assert leader.told == []
    assert sharing.waiting.due(99.0) == []


def test_followers_are_known_by_who_asked_lately() -> None:
    found = Followers()
    assert found.heard(b"a", 1.0, "left", 4, 0.01)
    assert not found.heard(b"a", 1.5, "left", 3, 0.02)
    assert found.heard(b"b", 2.0, "right")
    assert (found.names, found.level, found.cost_s) == (["left", "right"], 3, 0.02)
    assert found.gone(4.6) == ["left"]
    assert found.gone(4.6) == []
    assert (found.names, found.level, found.cost_s) == (["right"], None, None)
