"""Between painters and the leader's renderer: what they make goes to the whole wall, and is shown here when its time comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from installation.config.generation import RepaintingConfig
from installation.config.picture import PictureConfig
from installation.types import AvatarFrame, ByteArray, PictureFrame, SceneState, TextureFrame
from installation.wall.leader import Leader
from installation.wall.pictures import FACE, PAINTING, PICTURE, REPAINTED, TEXTURE, Faces, Repainted, Waiting

NO_FACE = np.zeros((1, 1, 4), np.uint8)
Square = tuple[float, float, float]


class ShownFaces(Faces, Protocol):
    """Where a painted face is shown, and where it lies."""

    @property
    def is_empty(self) -> bool: ...


class LaidIn(Repainted, Protocol):
    """Where paintings of the scene are laid in."""

    on_copy: Callable[[float, ByteArray], None] | None
    pixels: Callable[[], int]

    def reconfigure(self, config: RepaintingConfig, /) -> None: ...


class LeadersCanvas(Protocol):
    """What is needed of the renderer."""

    @property
    def avatar(self) -> ShownFaces: ...
    @property
    def repainting(self) -> LaidIn: ...
    @property
    def layout(self) -> Any: ...
    def set_texture(self, frame: TextureFrame, t_s: float, /) -> None: ...
    def set_picture(self, frame: PictureFrame, t_s: float, /) -> None: ...
    def show_painting(self, rgba: ByteArray, t_s: float, seconds: float, /) -> None: ...
    def shows_picture(self, scene: SceneState, /) -> bool: ...
    def layout_now(self, scene: SceneState, /) -> ByteArray: ...


class Sharing:
    """Stands where the painters' delivery expects the renderer. ``waiting`` holds what this machine is to show itself.

    ``faces``: whether painted faces may travel; where they may not, none is painted.
    """

    def __init__(self, canvas: LeadersCanvas, leader: Leader, faces: bool) -> None:
        self._canvas, self._leader = canvas, leader
        self.waiting = Waiting()
        self.avatar = SharedFaces(self, canvas, faces)
        self.repainting = SharedRepainting(self, canvas)
        self.picture = SharedFades(leader)
        self.layout = canvas.layout

    def give(self, kind: str, t_s: float, values: dict[str, Any] | None = None, **pixels: ByteArray) -> None:
        """A new picture for all machines."""
        self.waiting.put(self._leader.picture(kind, t_s, values, **pixels))

    def face_at(self, square: Square | None) -> None:
        """Where the painted face lies from the next state on."""
        self._leader.face = square

    def set_texture(self, frame: TextureFrame, t_s: float) -> None:
        """As the renderer has it; so are the others below."""
        self.give(TEXTURE, t_s, rgba=frame.rgba)

    def set_picture(self, frame: PictureFrame, t_s: float) -> None:
        """See ``set_texture``."""
        self.give(PICTURE, t_s, {"number": frame.number}, rgba=frame.rgba)

    def show_painting(self, rgba: ByteArray, t_s: float, seconds: float) -> None:
        """See ``set_texture``."""
        self.give(PAINTING, t_s, {"seconds": float(seconds)}, rgba=rgba)

    def shows_picture(self, scene: SceneState) -> bool:
        """See ``set_texture``."""
        return self._canvas.shows_picture(scene)

    def layout_now(self, scene: SceneState) -> ByteArray:
        """See ``set_texture``."""
        return self._canvas.layout_now(scene)


class SharedFades:
    """How strongly composed pictures show: in each state."""

    def __init__(self, leader: Leader) -> None:
        self._leader = leader

    def reconfigure(self, config: PictureConfig) -> None:
        """Go on with other settings."""
        self._leader.fades = (config.enabled, float(config.strength), float(config.fade_s))


class SharedRepainting:
    """Paintings of the scene: copies are of what this machine draws of the whole, paintings go to all."""

    def __init__(self, sharing: Sharing, canvas: LeadersCanvas) -> None:
        self._sharing, self._canvas = sharing, canvas

    @property
    def on_copy(self) -> Callable[[float, ByteArray], None] | None:
        """Gets the copies."""
        return self._canvas.repainting.on_copy

    @on_copy.setter
    def on_copy(self, take: Callable[[float, ByteArray], None] | None) -> None:
        self._canvas.repainting.on_copy = take

    @property
    def pixels(self) -> Callable[[], int]:
        """How large they should be."""
        return self._canvas.repainting.pixels

    @pixels.setter
    def pixels(self, tell: Callable[[], int]) -> None:
        self._canvas.repainting.pixels = tell

    def put(self, rgba: ByteArray, model: ByteArray, t_s: float) -> None:
        """A painting of the picture ``model``."""
        self._sharing.give(REPAINTED, t_s, rgba=rgba, model=model)

    def reconfigure(self, config: RepaintingConfig) -> None:
        """Go on with other settings, here; the wall has them with the leader's others."""
        self._canvas.repainting.reconfigure(config)


class SharedFaces:
    """A painted face."""

    def __init__(self, sharing: Sharing, canvas: LeadersCanvas, allowed: bool) -> None:
        self._sharing, self._canvas, self._allowed = sharing, canvas, allowed
        self._t_s = 0.0

    @property
    def is_empty(self) -> bool:
        """Whether no face is shown, not even the last of one."""
        return self._canvas.avatar.is_empty

    def put(self, frame: AvatarFrame, t_s: float) -> None:
        """A newly painted face, or none any more."""
        self._t_s = t_s
        if self._allowed or frame.person_id is None:
            self._sharing.give(FACE, t_s, {"person": frame.person_id}, rgba=frame.rgba)

    def follow(self, square: Square) -> None:
        """Where the face is now."""
        self._sharing.face_at(square)

    def vanish(self) -> None:
        """No face from the next picture on."""
        self._sharing.face_at(None)
        if not self._canvas.avatar.is_empty:
            self._sharing.give(FACE, self._t_s, {"person": None, "vanishes": True}, rgba=NO_FACE)
