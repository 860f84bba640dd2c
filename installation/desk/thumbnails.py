"""Small JPEGs of the paintings in captures/."""

from __future__ import annotations

import threading
from pathlib import Path

import cv2
import numpy as np

from installation.base.files import file_stamp
from installation.base.picture_file import PictureError, jpeg, read_picture
from installation.base.sizes import fit_within

__all__ = ["PictureError", "Thumbnails", "thumbnail"]
THUMBNAIL_PX, MOST_KEPT = 360, 96


class Thumbnails:
    """Small JPEGs of files, made once each. Any thread may ask; one is made at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[tuple[object, ...], bytes] = {}

    def of(self, path: Path) -> bytes:
        """The JPEG. Raises PictureError."""
        key = (path.name, file_stamp(path))
        with self._lock:
            found = self._made.get(key)
            if found is None:
                rgb = read_picture(path)
                size = fit_within(rgb.shape[1], rgb.shape[0], THUMBNAIL_PX)
                found = jpeg(np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8))
                self._made[key] = found
                while len(self._made) > MOST_KEPT:
                    del self._made[next(iter(self._made))]
            return found


thumbnail = Thumbnails().of
