"""The kinds of source and what they have in common: open, grab, retrieve, close."""

from __future__ import annotations

import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

# A camera that is not there, or a stream that is gone, is told by our notices and not by native code on the terminal.
# A V4L2 camera that was pulled out would keep a reader waiting for 10 s.
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "2")
# Media Foundation otherwise takes many seconds to open a camera on Windows.
os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")

import cv2
import numpy as np

from installation.config.capture import CaptureConfig
from installation.types import ByteArray

log = logging.getLogger(__name__)

if os.environ["OPENCV_LOG_LEVEL"] == "SILENT":
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # for when cv2 was imported before this module

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})
STREAM_OPEN_MS = 5000

Kind = Literal["camera", "stream", "file", "folder", "simulated"]


class CaptureError(Exception):
    """A source that cannot be opened or read. ``problem`` says what is wrong, ``mend`` what to do about it (or nothing)."""

    def __init__(self, problem: str, mend: str = "") -> None:
        super().__init__(f"{problem}; {mend}" if mend else problem)
        self.problem, self.mend = problem, mend


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What a source is and gives. ``width``, ``height`` in pixels and ``fps`` as the source states them, 0 where it does
    not say; ``requested`` is (width, height, fps) as asked of a camera; ``measured_fps`` what really came lately, 0 before
    that is known."""

    kind: Kind
    name: str
    width: int
    height: int
    fps: float
    requested: tuple[int, int, float] | None = None
    measured_fps: float = 0.0

    @property
    def as_requested(self) -> bool:
        """Whether the source gives the size and rate that it was asked for."""
        if self.requested is None:
            return True
        width, height, fps = self.requested
        return (width, height) == (self.width, self.height) and abs(fps - self.fps) < 1

    def describe(self) -> str:
        """One line for the log and the screen."""
        rate = f"{self.fps:.3g} a second" if self.fps > 0 else "a rate it does not state"
        got = f"{self.name}: {self.width}x{self.height} at {rate}"
        if self.requested is None or self.as_requested:
            return got
        width, height, fps = self.requested
        return f"{got} (asked for {width}x{height} at {fps:.3g})"


class Source(Protocol):
    """A source of pictures, used by one thread at a time. All methods may block and may raise CaptureError.

    ``live``: it sets the pace itself, and a repeated picture means that it hangs. Otherwise it is a file: it is slowed to
    the times of its pictures, and they may repeat.
    """

    live: bool

    def open(self) -> SourceInfo:
        """Open, or open again."""
        ...

    def rewind(self) -> None:
        """Back to a file's first picture; not asked of a live source."""
        ...

    def grab(self) -> float | None:
        """Fetch the next picture. Gives its time in seconds since the file's first one, which means nothing for a live
        source; None at a file's end."""
        ...

    def retrieve(self) -> ByteArray:
        """The picture last grabbed, (H, W, 3) uint8 RGB, not mirrored. May be left out for a picture nobody needs."""
        ...

    def read(self) -> ByteArray | None:
        """``grab`` and ``retrieve`` in one; None at a file's end."""
        ...

    def close(self) -> None:
        """Let go of the device or file; may be called twice."""
        ...


class VideoSource:
    """A camera, a video file or a network stream, through OpenCV."""

    def __init__(self, target: int | str, kind: Kind, name: str, config: CaptureConfig) -> None:
        self.live = kind != "file"
        self.name = name
        self.target, self._kind, self._config = target, kind, config
        self._capture: Any = None
        self._fps, self._count = 0.0, 0
        self._first_s, self._media_s = 0.0, 0.0
        self._sought = False

    def open(self) -> SourceInfo:
        """Open through OpenCV; see ``Source``."""
        self.close()
        self._capture = capture = self._opened()
        if not capture.isOpened():
            self.close()
            raise CaptureError(f"{self.name} cannot be opened", self._mend())
        requested = None
        if self._kind == "camera":
            requested = self._ask_for_size()
        fps = float(capture.get(cv2.CAP_PROP_FPS))
        self._fps = fps if 0 < fps <= 1000 else 0.0
        self._count, self._media_s, self._sought = 0, 0.0, False
        width, height = (int(capture.get(what)) for what in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT))
        return SourceInfo(self._kind, self.name, width, height, self._fps, requested)

    def rewind(self) -> None:
        """By seeking, which takes half the time of opening."""
        self._capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
        self._count, self._media_s, self._sought = 0, 0.0, True

    def grab(self) -> float | None:
        """Fetch without converting. A file's first picture that cannot be had is an error, not an end."""
        good = self._capture.grab()
        if self._sought:
            # Not every file can be sought in: some stay at the end, some go to a later key picture.
            self._sought = False
            if not good or abs(self._stamp_s() - self._first_s) > 1e-3:
                self.open()
                good = self._capture.grab()
        if not good:
            if self.live:
                raise CaptureError(f"{self.name} gave no picture", self._mend())
            if self._count == 0:
                raise CaptureError(f"{self.name} holds no picture that can be decoded", self._mend())
            return None
        if not self.live:
            self._media_s = self._picture_s()
        self._count += 1
        return self._media_s

    def retrieve(self) -> ByteArray:
        """The grabbed picture as RGB."""
        good, bgr = self._capture.retrieve()
        if not good or bgr is None or bgr.size == 0:
            raise CaptureError(f"{self.name} gave a picture that cannot be decoded", self._mend())
        if bgr.ndim != 3 or bgr.shape[2] != 3 or bgr.dtype != np.uint8:
            raise CaptureError(f"{self.name} gives pictures of shape {bgr.shape}", "use another source or format")
        return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)

    def read(self) -> ByteArray | None:
        """The next picture; see ``Source``."""
        return None if self.grab() is None else self.retrieve()

    def close(self) -> None:
        """Release the capture."""
        capture, self._capture = self._capture, None
        if capture is not None:
            capture.release()

    def _opened(self) -> Any:
        if isinstance(self.target, int):
            on_linux = sys.platform.startswith("linux")
            return cv2.VideoCapture(self.target, cv2.CAP_V4L2 if on_linux else cv2.CAP_ANY)
        if self._kind == "file":
            return cv2.VideoCapture(self.target, cv2.CAP_FFMPEG)
        # The reader of a stream that fell silent ends by itself at about the time when it is given up anyway.
        read_ms = int(1000 * self._config.stall_s)
        limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, STREAM_OPEN_MS, cv2.CAP_PROP_READ_TIMEOUT_MSEC, read_ms]
        return cv2.VideoCapture(self.target, cv2.CAP_FFMPEG, limits)

    def _picture_s(self) -> float:
        """The container's time stamp; where stamps do not rise, one interval after the picture before."""
        stamp_s = self._stamp_s()
        if self._count == 0:
            self._first_s = stamp_s
            return 0.0
        if stamp_s - self._first_s > self._media_s:
            return stamp_s - self._first_s
        return self._media_s + 1 / (self._fps or self._config.per_second)

    def _stamp_s(self) -> float:
        return float(self._capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000

    def _ask_for_size(self) -> tuple[int, int, float]:
        config = self._config
        if sys.platform.startswith("linux"):
            # Most USB cameras give 720p at 30 pictures a second only as MJPEG.
            self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, config.width)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, config.height)
        self._capture.set(cv2.CAP_PROP_FPS, config.per_second)
        # An old picture in the driver's queue would add its age to the visitor's wait.
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        return config.width, config.height, config.per_second

    def _mend(self) -> str:
        if self._kind == "camera":
            return "is it plugged in, does no other program use it, and may this user open it?"
        if self._kind == "stream":
            return "does the address open in a video player on this machine?"
        return "is it a video, and whole? Convert it to MP4 (H.264) otherwise"


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
        pictures = [path for path in entries if path.suffix.lower() in PICTURES]
        if not pictures:
            raise CaptureError(f"{self.name} has no pictures", f"put some there ({', '.join(sorted(PICTURES))})")
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
