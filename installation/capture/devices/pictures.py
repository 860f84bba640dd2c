"""One picture, or a folder of them."""

from __future__ import annotations

import logging
import stat
from pathlib import Path
from typing import TypeAlias

from installation.base.picture_file import PICTURE_SUFFIXES, PictureError, read_picture
from installation.capture.devices.source import CaptureError, SourceInfo
from installation.types import ByteArray

log = logging.getLogger(__name__)

IN_FOLDER = PICTURE_SUFFIXES | {".gif", ".heic", ".heif"}
"""What is looked at in a folder. Of a GIF the first picture is shown; a telephone's HEIC is left out by name."""
Version: TypeAlias = tuple[Path, int, int]
"""A file as it is now: its path, its time stamp and its size. A picture that was stored anew is another one."""
Broken: TypeAlias = dict[Path, tuple[Version, str]]
"""What gave no picture, in which version, and why."""


class PictureSource:
    """A folder's pictures in the order of their names, or one picture, at the configured rate.

    ``broken`` is what is known already to give no picture, and is not told again; it is added to.
    """

    live = False

    def __init__(self, path: Path, fps: float, broken: Broken | None = None) -> None:
        self.name = str(path)
        self._path, self._fps = path, fps
        self._files: list[Path] = []
        self._next = 0
        self._loaded: tuple[Version, ByteArray] | None = None
        self._broken: Broken = {} if broken is None else broken

    def open(self) -> SourceInfo:
        """List the folder and look at its first picture."""
        files, first = self._list(), None
        # A list is checked from its start until one can be read: the others are met, and left out, on the way.
        pictures = list(files)
        while pictures and (first := self._load(pictures[0])) is None:
            pictures.pop(0)
        if first is None:
            raise self._nothing_of(files)
        self._files, self._next = pictures, 0
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
        rgb = self._load(self._files[self._next - 1])
        if rgb is None:
            assert self._loaded is not None
            rgb = self._loaded[1]
        return rgb

    def read(self) -> ByteArray | None:
        """The next picture; see ``Source``."""
        return None if self.grab() is None else self.retrieve()

    def close(self) -> None:
        """Nothing is held open."""

    def _list(self) -> list[Path]:
        if self._path.is_file():
            return [self._path]
        try:
            entries = (path for path in self._path.iterdir() if path.suffix.lower() in IN_FOLDER)
            # What begins with a dot is not the artist's: a Mac leaves ._name.jpg beside name.jpg.
            files = sorted(path for path in entries if not path.name.startswith("."))
        except OSError as error:
            raise CaptureError(f"{self.name} cannot be listed ({error})", "may this user read it?") from error
        if not files:
            raise CaptureError(
                f"{self.name} has no pictures", f"put some there ({', '.join(sorted(PICTURE_SUFFIXES))})"
            )
        # What was taken away is not remembered: a folder that is written to for months would fill the memory.
        for path in self._broken.keys() - set(files):
            del self._broken[path]
        return files

    def _nothing_of(self, files: list[Path]) -> CaptureError:
        """The error that says why none of ``files`` can be shown."""
        path = files[0]
        _, why = self._broken.get(path, (None, "is no file"))
        if path == self._path:
            return CaptureError(f"{path} {why}")
        return CaptureError(f"no picture of {self.name} can be decoded: {path.name} {why}")

    def _load(self, path: Path) -> ByteArray | None:
        """``path`` as RGB; None, logged once for each version of the file, where it gives no picture."""
        try:
            found = path.stat()
        except OSError:
            return None  # taken away since the folder was listed
        if not stat.S_ISREG(found.st_mode):
            return None  # a folder, or a pipe that would be waited for
        version = path, found.st_mtime_ns, found.st_size
        # A folder of one large picture shall not be decoded at every turn.
        if self._loaded is not None and self._loaded[0] == version:
            return self._loaded[1]
        if path in self._broken and self._broken[path][0] == version:
            return None
        try:
            rgb = read_picture(path)
        except PictureError as error:
            self._broken[path] = version, str(error)
            if path != self._path:  # one picture alone is an error that says the same
                log.warning("%s %s; left out", path, error)
            return None
        self._loaded = version, rgb
        return rgb
