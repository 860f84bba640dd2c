"""A small still of the picture a second, for the operator's page: drawn small by OpenGL, so that little has to be read back.

It is the picture as the artist means it, flat and whole: with what visitors are told and the light of the hour, without warp,
soft edges, test pattern and operator's text.

The frame loop never waits for one. It is drawn after the picture it shows, and read once that picture was presented: where the
processor draws, all is done by then, and the read is a copy in memory; where a GPU draws, it goes through a pixel buffer, which
is looked into two pictures later.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from installation.base.pacing import Every
from installation.render.output.output_pass import OutputPass
from installation.types import ByteArray, read_only

MOST_PX = (640, 360)
EVERY_S = 1.0
LATER = 2
"""Pictures after which a GPU's pixel buffer is looked into."""


@dataclass(frozen=True, slots=True)
class Still:
    """``number`` counts from 1; ``rgb``: (H, W, 3) uint8 sRGB, row 0 on top, read-only, at most 640x360. ``has_camera``:
    the camera's picture, so faces, can be seen in it; who takes it decides whether it may go on."""

    number: int
    rgb: ByteArray
    has_camera: bool


def still_size(picture: tuple[int, int], most: tuple[int, int] = MOST_PX) -> tuple[int, int]:
    """(width, height) of a still of a picture of this size: its form, within ``most``, never larger than it is."""
    scale = min(1.0, most[0] / picture[0], most[1] / picture[1])
    width, height = (max(1, round(scale * side)) for side in picture)
    return width, height


class Stills:
    """``want`` and ``take`` may be called by any thread, the rest by the one that draws. ``buffered``: for a GPU."""

    def __init__(self, context: Any, output: OutputPass, buffered: bool) -> None:
        self._context, self._output, self._buffered = context, output, buffered
        self._lock = threading.Lock()
        self._wanted = False
        self._newest: Still | None = None
        """As it was read, with the fourth byte of each pixel: who takes it takes that off, not the frame loop."""
        self._number = 0
        self._due = Every(EVERY_S)
        self._texture: Any = None
        self._target: Any = None
        self._buffer: Any = None
        self._pending: tuple[int, bool] | None = None
        """(pictures to wait, whether the camera is seen) of the still that is being drawn."""

    def want(self, on: bool) -> None:
        """Whether somebody looks: only then anything is drawn. The first still comes with the next picture."""
        with self._lock:
            if on != self._wanted:
                self._wanted, self._newest, self._due = on, None, Every(EVERY_S)

    def take(self) -> Still | None:
        """The newest still, once; None where there is no newer one than was taken."""
        with self._lock:
            newest, self._newest = self._newest, None
        return None if newest is None else replace(newest, rgb=read_only(np.ascontiguousarray(newest.rgb[:, :, :3])))

    def due(self, t_s: float) -> bool:
        """Whether a still of the picture of ``t_s`` seconds is wanted; True only once for each."""
        with self._lock:
            return self._wanted and self._pending is None and self._due.due(t_s)

    def draw(self, window: tuple[int, int], has_camera: bool) -> None:
        """Draw the picture that was drawn last into a window of this size, small; ``has_camera``: the camera is seen in it."""
        self._prepare(still_size(self._output.picture_size(window)))
        if not self._output.draw_flat(self._target, self._texture.size):
            return
        if self._buffered:
            self._target.read_into(self._buffer, components=4)
        self._pending = LATER if self._buffered else 0, has_camera

    def poll(self) -> None:
        """After a picture was presented: take in what was drawn. Costs nothing while nothing was."""
        if self._pending is None:
            return
        later, has_camera = self._pending
        if later > 0:
            self._pending = later - 1, has_camera
            return
        self._pending = None
        data = self._buffer.read() if self._buffered else self._target.read(components=4)
        width, height = self._texture.size
        rgba = np.frombuffer(data, np.uint8).reshape(height, width, 4)
        with self._lock:
            if self._wanted:
                self._number += 1
                self._newest = Still(self._number, rgba, has_camera)

    def release(self) -> None:
        """Free everything."""
        self._pending = None
        for part in (self._target, self._texture, self._buffer):
            if part is not None:
                part.release()
        self._target = self._texture = self._buffer = None

    def _prepare(self, size: tuple[int, int]) -> None:
        if self._texture is not None and self._texture.size == size:
            return
        self.release()
        self._texture = self._context.texture(size, 4)
        self._target = self._context.framebuffer([self._texture])
        if self._buffered:
            self._buffer = self._context.buffer(reserve=4 * size[0] * size[1])
