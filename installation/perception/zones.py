"""Parts of the picture in which nobody is followed: a mirror, a poster, the piece's own screen, a drawing that is held up."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from installation.base import landmarks as lm
from installation.perception.drawings import Drawings
from installation.types import Box, FloatArray

HEAD = 0.1
"""The head's middle lies this far down the box of a person, in heights of the box."""


class Zones:
    """Polygons in the [0, 1] of the picture as it is seen, each a list of (x, y). A border belongs to its zone. With
    ``drawings``, who is drawn is nobody, either."""

    def __init__(self, polygons: Sequence[Sequence[Sequence[float]]] = (), drawings: Drawings | None = None) -> None:
        self._drawings = drawings
        self._polygons = [np.array(polygon, np.float32).reshape(-1, 1, 2) for polygon in polygons]

    def hold(self, x: float, y: float) -> bool:
        """Whether a point lies in a zone."""
        return any(cv2.pointPolygonTest(polygon, (float(x), float(y)), False) >= 0 for polygon in self._polygons)

    def hide_face(self, box: Box) -> bool:
        """Whether the middle of a face lies in a zone, or it is drawn."""
        return self.hold(*box.centre) or (self._drawings is not None and self._drawings.hide_box(box))

    def hide_person(self, box: Box) -> bool:
        """Whether the head or the middle of a detected person lies in a zone, or they are drawn."""
        if self._drawings is not None and self._drawings.hide_box(box):
            return True
        x, y = box.centre
        return self.hold(x, y) or self.hold(x, box.top + HEAD * box.height)

    def hide_body(self, pose: FloatArray) -> bool:
        """Whether the head's or the trunk's middle of ``pose`` (33, 4) in image coordinates lies in a zone, or it is drawn."""
        if self._drawings is not None and self._drawings.hide_body(pose):
            return True
        if not self._polygons:
            return False
        head = pose[: lm.LEFT_SHOULDER, :2].mean(axis=0)
        trunk = pose[[lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER, lm.LEFT_HIP, lm.RIGHT_HIP], :2].mean(axis=0)
        return self.hold(*head.tolist()) or self.hold(*trunk.tolist())
