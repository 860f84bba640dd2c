"""A visitor's face: cut out, painted at a limited rate, and forgotten at once when nobody's face is wanted any more."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from installation.base.clock import Clock
from installation.base.mailbox import Latest
from installation.generation.style_painter import StylePainter
from installation.types import AvatarFrame, Box, ByteArray, FloatArray, read_only

SIDE = 1.7
"""Side of the square that is cut out around a face, in heights of the face."""
MAX_SHARE = 0.5
"""Of the worker's time is what painting faces is assumed to take at most."""
FaceSquare: TypeAlias = tuple[float, float, float]
"""x, y of its middle in image coordinates, and half its side in picture heights."""
_NOTHING = read_only(np.zeros((1, 1, 4), np.uint8))


def face_square(face: Box, aspect: float) -> FaceSquare:
    """The square that shows ``face`` whole.

    ``aspect`` is the picture's width by its height.
    """
    x, y = face.centre
    return x, y, SIDE / 2 * max(face.height, face.width * aspect)


def cut_out(rgb: ByteArray, square: FaceSquare) -> ByteArray:
    """The ``square`` (``face_square``) of a picture (H, W, 3); beyond its border the border goes on."""
    height, width = rgb.shape[:2]
    half = max(1, round(square[2] * height))
    left, top = round(square[0] * width) - half, round(square[1] * height) - half
    rows = np.clip(np.arange(top, top + 2 * half), 0, height - 1)
    columns = np.clip(np.arange(left, left + 2 * half), 0, width - 1)
    return np.ascontiguousarray(rgb[rows[:, None], columns[None]])


@dataclass(frozen=True, eq=False)
class _Face:
    person_id: int
    rgb: ByteArray
    emotion: FloatArray


class FacePainter:
    """Publishes ``avatars`` of the faces it is shown. ``show`` and ``forget`` may be called from any thread, ``paint`` from
    the worker's only."""

    def __init__(self, clock: Clock) -> None:
        self.avatars: Latest[AvatarFrame] = Latest("avatars")
        self._clock = clock
        # The newest crop of a face, taken out when it is painted; no mailbox, for that would keep it.
        self._face: _Face | None = None
        self._lock = threading.Lock()
        self._number = 0
        self._due_s = self._cost_s = 0.0

    def show(self, person_id: int, rgb: ByteArray, emotion: FloatArray) -> None:
        """Paint this face; replaces one that was not begun."""
        with self._lock:
            self._face = _Face(person_id, rgb, emotion)

    def forget(self) -> None:
        """Drop a crop that waits; a frame without a person follows."""
        with self._lock:
            self._face = None
            self._put(_NOTHING, None, 0.0)

    def paint(self, styles: StylePainter, position: float, per_second: float) -> None:
        """Paint the newest face, if there is one and ``per_second`` allows it; ``position`` is that of the latent walk."""
        began_s = self._clock.now()
        if began_s < self._due_s:
            return
        with self._lock:
            face, self._face = self._face, None
        if face is None:
            self._cost_s = 0.0
            return
        self._due_s = began_s + 1 / per_second
        rgba = styles.face(face.rgb, face.emotion, position, began_s)
        self._cost_s = self._clock.now() - began_s
        if rgba is not None:
            with self._lock:
                # Who left while the face was painted is not shown again.
                if not self._forgotten_since(began_s):
                    self._put(rgba, face.person_id, self._cost_s * 1000)

    def share(self, per_second: float) -> float:
        """Share of the worker's time that faces take now, [0, MAX_SHARE]."""
        return min(self._cost_s * per_second, MAX_SHARE)

    def close(self) -> None:
        """Drop what waits; no avatar comes any more."""
        with self._lock:
            self._face = None
        self.avatars.close()

    def _forgotten_since(self, t_s: float) -> bool:
        newest = self.avatars.peek()[1]
        return newest is not None and newest.person_id is None and newest.t_s >= t_s

    def _put(self, rgba: ByteArray, person_id: int | None, compute_ms: float) -> None:
        if not self.avatars.closed:
            self._number += 1
            self.avatars.put(AvatarFrame(self._clock.now(), self._number, read_only(rgba), person_id, compute_ms))
