"""Generated pictures of a wall: what the leader has to give, and when each machine shows what it has got.

Each kind has one picture at a time, the newest, under a number that rises. Every state names the numbers that belong to it, so
a machine that lacks one (it joined late, a message was lost, the leader started anew) asks for it: nothing need be in order.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from installation.network.wire import Message, WireError
from installation.types import AvatarFrame, ByteArray, PictureFrame, PictureRequest, TextureFrame, TextureRequest
from installation.types import neutral_probabilities as _neutral

TEXTURE, PICTURE, PAINTING, REPAINTED, FACE = "texture", "picture", "painting", "repainted", "face"
KINDS = (TEXTURE, PICTURE, PAINTING, REPAINTED, FACE)
_FORMS: dict[str, dict[str, int]] = {
    TEXTURE: {"rgba": 4},
    PICTURE: {"rgba": 4},
    PAINTING: {"rgba": 4},
    REPAINTED: {"rgba": 4, "model": 3},
    FACE: {"rgba": 4},
}
"""Arrays of a kind, and their channels."""


@dataclass(frozen=True, eq=False)
class WallPicture:
    """``t_s``: when it is to be shown from, the leader's time. ``values``: what its kind needs beside its ``pixels``."""

    kind: str
    number: int
    t_s: float
    values: Mapping[str, Any] = field(default_factory=dict)
    pixels: Mapping[str, ByteArray] = field(default_factory=dict)


def picture_of(message: Message) -> WallPicture:
    """The picture in a ``message``. Raises WireError."""
    values = message.values
    kind, number, t_s = values.get("picture"), values.get("number"), values.get("t_s")
    if kind not in _FORMS or not isinstance(number, int) or not isinstance(t_s, float):
        raise WireError("no picture")
    pixels: dict[str, npt.NDArray[Any]] = {}
    for name, channels in _FORMS[kind].items():
        array = message.arrays.get(name)
        if array is None or array.ndim != 3 or array.shape[2] != channels or array.dtype != np.uint8 or not array.size:
            raise WireError(f"{kind}: {name} is no picture")
        pixels[name] = array
    if kind == TEXTURE and pixels["rgba"].shape[0] != pixels["rgba"].shape[1]:
        raise WireError("a texture is square")
    own = values.get("values")
    own = own if isinstance(own, dict) else {}
    _check(kind, own)
    return WallPicture(kind, number, t_s, own, pixels)


def _check(kind: str, values: Mapping[str, Any]) -> None:
    number, seconds, person = values.get("number"), values.get("seconds"), values.get("person")
    wrong = (
        (kind == PICTURE and not isinstance(number, int))
        or (kind == PAINTING and not (isinstance(seconds, float) and math.isfinite(seconds)))
        or (kind == FACE and not (person is None or isinstance(person, int)))
    )
    if wrong:
        raise WireError(f"a {kind} lacks what it needs")


class Faces(Protocol):
    """Where a painted face is shown."""

    def put(self, frame: AvatarFrame, t_s: float, /) -> None: ...
    def vanish(self) -> None: ...


class Repainted(Protocol):
    """Where paintings of the scene are laid in."""

    def put(self, rgba: ByteArray, model: ByteArray, t_s: float, /) -> None: ...


class Canvas(Protocol):
    """What is needed of the renderer."""

    @property
    def avatar(self) -> Faces: ...
    @property
    def repainting(self) -> Repainted: ...
    def set_texture(self, frame: TextureFrame, t_s: float, /) -> None: ...
    def set_picture(self, frame: PictureFrame, t_s: float, /) -> None: ...
    def show_painting(self, rgba: ByteArray, t_s: float, seconds: float, /) -> None: ...


class Waiting:
    """Pictures that have come, until their time has. One of each kind: a newer one takes the place of one that waits."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[WallPicture]] = {}
        self.shown: dict[str, int] = {}
        """Kind: number of the newest that has come, shown or not."""

    def clear(self) -> None:
        """Another leader: its numbers begin anew."""
        self._waiting, self.shown = {}, {}

    def put(self, picture: WallPicture) -> None:
        """It has come. One that is older than what is there is left out."""
        if picture.number > self.shown.get(picture.kind, 0):
            self.shown[picture.kind] = picture.number
            self._waiting.setdefault(picture.kind, []).append(picture)

    def due(self, t_s: float) -> list[WallPicture]:
        """Those to be shown from ``t_s`` on (the leader's time of what is drawn), the oldest first; they are given once."""
        found = [one for kept in self._waiting.values() for one in kept if one.t_s <= t_s]
        for kind, kept in list(self._waiting.items()):
            self._waiting[kind] = [one for one in kept if one.t_s > t_s]
        return sorted(found, key=lambda one: one.t_s)


def show(picture: WallPicture, canvas: Canvas) -> None:
    """Hand ``picture`` to the renderer. The same on all machines of a wall, the leader among them."""
    _SHOW[picture.kind](picture, canvas)


def _show_texture(picture: WallPicture, canvas: Canvas) -> None:
    request = TextureRequest(picture.t_s, _neutral(), 0.0, 0.0)
    frame = TextureFrame(picture.t_s, picture.number, picture.pixels["rgba"], request, "leader", 0.0)
    canvas.set_texture(frame, picture.t_s)


def _show_picture(picture: WallPicture, canvas: Canvas) -> None:
    request = PictureRequest(picture.t_s, _neutral(), 0.0, 0.0, 0)
    number, rgba = picture.values["number"], picture.pixels["rgba"]
    canvas.set_picture(PictureFrame(picture.t_s, picture.number, number, rgba, request, "leader", 0.0), picture.t_s)


def _show_painting(picture: WallPicture, canvas: Canvas) -> None:
    canvas.show_painting(picture.pixels["rgba"], picture.t_s, picture.values["seconds"])


def _show_repainted(picture: WallPicture, canvas: Canvas) -> None:
    canvas.repainting.put(picture.pixels["rgba"], picture.pixels["model"], picture.t_s)


def _show_face(picture: WallPicture, canvas: Canvas) -> None:
    if picture.values.get("vanishes"):
        canvas.avatar.vanish()
        return
    frame = AvatarFrame(picture.t_s, picture.number, picture.pixels["rgba"], picture.values["person"], 0.0)
    canvas.avatar.put(frame, picture.t_s)


_SHOW: dict[str, Callable[[WallPicture, Canvas], None]] = {
    TEXTURE: _show_texture,
    PICTURE: _show_picture,
    PAINTING: _show_painting,
    REPAINTED: _show_repainted,
    FACE: _show_face,
}
