"""One picture, or a folder of them."""

from __future__ import annotations

import logging
from pathlib import Path

import cv2
import numpy as np

from installation.capture.devices.source import CaptureError, SourceInfo
from installation.types import ByteArray

log = logging.getLogger(__name__)

PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})


class PictureSource:
    """A folder's pictures in the order of their names, or one picture, at the configured rate."""

    live = False

    def __init__(self, path: Path, fps: float) -> None:
        self.name = str(path)
        self._path, self._fps = path, fps
        self._files: list[Path] = []
        self._next = 0
        self._loaded: tuple[Path, ByteArray] | None = None
        self._unreadable: set[Path] = set()

    def open(self) -> SourceInfo:
        """List the folder and look at its first picture."""
        try:
            entries = sorted(self._path.iterdir()) if self._path.is_dir() else [self._path]
        except OSError as error:
            raise CaptureError(f"{self.name} cannot be listed ({error})", "may this user read it?") from error
        pictures = [path for path in entries if path.suffix.lower() in PICTURE_SUFFIXES]
        if not pictures:
            raise CaptureError(
                f"{self.name} has no pictures", f"put some there ({', '.join(sorted(PICTURE_SUFFIXES))})"
            )
        # A list is checked from its start until one can be read: the others are met, and left out, on the way.
        while pictures and self._load(pictures[0]) is None:
            pictures.pop(0)
        if not pictures:
            raise CaptureError(f"no picture of {self.name} can be decoded", "are the files whole?")
        self._files, self._next = pictures, 0
        first = self._picture(pictures[0])
        return SourceInfo("folder", self.name, first.shape[1], first.shape[0], self._fps)

    def rewind(self) -> None:
        """Look into the folder again: pictures may have come or gone."""
        self.open()

    def grab(self) -> float | None:
        """Go to the next picture."""
        if self._next >= len(self._files):
            return None
        self._next += 1
        return (self._next - 1) / self._fps

    def retrieve(self) -> ByteArray:
        """The picture as RGB; one that cannot be decoded repeats the one before, and is logged once."""
        return self._picture(self._files[self._next - 1])

    def _picture(self, path: Path) -> ByteArray:
        """``path`` as RGB, or the picture before where it cannot be decoded."""
        rgb = self._load(path)
        if rgb is None:
            assert self._loaded is not None
            rgb = self._loaded[1]
        return rgb

    def read(self) -> ByteArray | None:
        """The next picture; see ``Source``."""
        return None if self.grab() is None else self.retrieve()

    def close(self) -> None:
        """Nothing is held open."""

    def _load(self, path: Path) -> ByteArray | None:
        # A folder of one large picture shall not be decoded at every turn.
        if self._loaded is not None and self._loaded[0] == path:
            return self._loaded[1]
        if path in self._unreadable:
            return None
        try:
            data = np.fromfile(path, np.uint8)  # and not imread, which knows no accents in names on Windows
            bgr = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size > 0 else None
        except (OSError, cv2.error):
            bgr = None
        if bgr is None:
            self._unreadable.add(path)
            log.warning("%s is not a picture that can be decoded; left out", path)
            return None
        rgb = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)
        self._loaded = path, rgb
        return rgb
