"""The composed picture as textures: frames of one picture fade plainly into one texture, another picture is laid over it.

The cross-fade of paint from one picture to the next is the shaders' (shaders/lib/picture); here are only its two textures and
how far it has gone.
"""

from __future__ import annotations

from typing import Any, Protocol

import moderngl
import numpy as np

from installation.render.shaders.programs import SHADERS, Program
from installation.render.shaders.uniforms import UNITS
from installation.types import ByteArray, PictureFrame

FIRST_FADE_S, MAX_FADE_S = 0.25, 2.0
STEPS = 4
"""Of the plain fade from frame to frame: each step is drawn once, so that it costs the same however many pictures are drawn."""
RISE_S = 1.5
"""In which the very first picture comes."""
_SRGB8_ALPHA8 = 0x8C43


class PictureSettings(Protocol):
    """What is needed of the settings: whether there are pictures, ``strength`` [0, 1] and the cross-fade in seconds."""

    @property
    def enabled(self) -> bool:
        """Whether pictures are painted at all."""
        ...

    @property
    def strength(self) -> float:
        """How far the picture shows, [0, 1]."""
        ...

    @property
    def fade_s(self) -> float:
        """Seconds of the cross-fade from one picture to another."""
        ...


class PictureLayer:
    """Nothing is allocated while frames keep their size. GL thread only."""

    def __init__(self, context: Any) -> None:
        self._context = context
        passes = SHADERS / "passes"
        own = ("u_step_share", "u_frame_before")
        self.program = Program(context, passes / "pass.vert", passes / "picture.frag", own=own)
        self._strength, self._fade_s = 1.0, 4.0
        empty = np.full((2, 2, 4), 128, np.uint8)
        self._frames = [self._texture(empty, srgb=False) for _ in range(2)]
        self._shown = [self._texture(empty, srgb=True) for _ in range(2)]
        self._targets = [context.framebuffer([texture]) for texture in self._shown]
        self._number: int | None = None
        self._waiting: PictureFrame | None = None
        self._put_s: float | None = None
        self._first_s: float | None = None
        self._other_s: float | None = None
        self._drawn_step: int | None = None
        self._clear()

    def reconfigure(self, settings: PictureSettings) -> None:
        """Go on with other settings; where pictures are switched off the last one is forgotten."""
        self._strength, self._fade_s = settings.strength, settings.fade_s
        if not settings.enabled:
            self._clear()

    def put(self, frame: PictureFrame, t_s: float) -> None:
        """Take over a frame at ``t_s`` seconds. ValueError for one that is not (H, W, 4) uint8.

        While one picture is being laid over another a third one waits: paint that has begun is finished.
        """
        rgba = frame.rgba
        if rgba.ndim != 3 or rgba.shape[2] != 4 or rgba.dtype != np.uint8:
            raise ValueError(f"a picture must be (H, W, 4) uint8, not {rgba.shape} {rgba.dtype}")
        if self._number is not None and frame.number != self._number and self.fade(t_s) < 1.0:
            self._waiting = frame
            return
        self._waiting = None
        self._take(frame, t_s)

    def advance(self, t_s: float) -> None:
        """Begin with a picture that had to wait, where its turn has come at ``t_s`` seconds."""
        if self._waiting is not None and self.fade(t_s) >= 1.0:
            frame, self._waiting = self._waiting, None
            self._take(frame, t_s)

    def draw(self, t_s: float) -> None:
        """Bring the textures up to ``t_s`` seconds. Call it only where they are read: else it would cost for nothing."""
        step = round(self._frame_share(t_s) * STEPS)
        if self._number is None or step == self._drawn_step:
            return
        self._drawn_step, self._was_seen = step, True
        target = self._targets[self._newest]
        program = self.program
        program.set("u_frame_before", 1)
        program.set("u_step_share", step / STEPS)
        self._frames[self._frame].use(0)
        self._frames[1 - self._frame].use(1)
        target.use()
        program.fill()
        self._shown[self._newest].build_mipmaps()

    def use(self) -> None:
        """Bind the picture before and the newest one."""
        self._shown[1 - self._newest].use(UNITS["u_picture_before"])
        self._shown[self._newest].use(UNITS["u_picture"])

    def fade(self, t_s: float) -> float:
        """How far the cross-fade of paint has gone at ``t_s`` seconds, [0, 1]."""
        return _share(t_s, self._other_s, self._fade_s)

    def strength(self, t_s: float) -> float:
        """How far the picture shows, [0, 1]; 0 while there is none."""
        return self._strength * _share(t_s, self._first_s, RISE_S) if self._number is not None else 0.0

    def release(self) -> None:
        """Free everything."""
        for part in (*self._targets, *self._frames, *self._shown, self.program):
            part.release()

    def _clear(self) -> None:
        self._number = self._waiting = self._drawn_step = None
        self._put_s = self._first_s = self._other_s = None
        self._newest = self._frame = 0
        self._interval_s = FIRST_FADE_S
        self._was_seen = False

    def _take(self, frame: PictureFrame, t_s: float) -> None:
        other = frame.number != self._number
        if other:
            if self._number is None:
                self._first_s = t_s
            elif self._was_seen:
                self._newest, self._other_s = 1 - self._newest, t_s
            # What no scene has shown needs no cross-fade.
            self._number, self._was_seen = frame.number, False
        elif self._put_s is not None and t_s > self._put_s:
            self._interval_s = min(MAX_FADE_S, 0.7 * self._interval_s + 0.3 * (t_s - self._put_s))
        # Another picture begins whole: nothing of the one before is mixed into it.
        self._frame = 1 - self._frame
        for k in (0, 1) if other else (self._frame,):
            self._frames[k] = self._written(self._frames[k], frame.rgba)
        self._fit(frame.rgba)
        self._put_s, self._drawn_step = t_s, None

    def _frame_share(self, t_s: float) -> float:
        return _share(t_s, self._put_s, self._interval_s)

    def _fit(self, rgba: ByteArray) -> None:
        k, size = self._newest, (rgba.shape[1], rgba.shape[0])
        if self._shown[k].size != size:
            old = (self._targets[k], self._shown[k])
            self._shown[k] = self._texture(rgba, srgb=True)
            self._targets[k] = self._context.framebuffer([self._shown[k]])
            # A frame buffer that is bound must not go.
            self._targets[k].use()
            for part in old:
                part.release()

    def _written(self, texture: Any, rgba: ByteArray) -> Any:
        if texture.size != (rgba.shape[1], rgba.shape[0]):
            texture.release()
            return self._texture(rgba, srgb=False)
        texture.write(np.ascontiguousarray(rgba[::-1]))
        return texture

    def _texture(self, rgba: ByteArray, srgb: bool) -> Any:
        # What is shown is written as it is encoded and read as linear light; frames are mixed as they are encoded.
        kind = {"internal_format": _SRGB8_ALPHA8} if srgb else {}
        texture = self._context.texture((rgba.shape[1], rgba.shape[0]), 4, np.ascontiguousarray(rgba[::-1]), **kind)
        texture.repeat_x = texture.repeat_y = False
        texture.filter = (moderngl.LINEAR_MIPMAP_NEAREST if srgb else moderngl.LINEAR, moderngl.LINEAR)
        if srgb:
            texture.build_mipmaps()
        return texture


def _share(t_s: float, since_s: float | None, whole_s: float) -> float:
    return 1.0 if since_s is None else min(max((t_s - since_s) / max(whole_s, 1e-3), 0.0), 1.0)
