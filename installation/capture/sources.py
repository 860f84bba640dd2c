"""The kinds of source and what they have in common: open, read, close."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Protocol

# Before cv2: probing for a camera that is not there, or a stream that is gone, is no news for the terminal.
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")

import cv2
import numpy as np

from installation.config import CaptureConfig
from installation.types import ByteArray

PICTURES = {".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"}
STREAMS = ("rtsp://", "rtsps://", "http://", "https://", "udp://", "rtmp://")
STREAM_TIMEOUT_MS = 3000


class CaptureError(Exception):
    """A source that cannot be opened; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What was asked for and what was obtained. ``fps`` 0 means the source does not say."""

    name: str
    width: int
    height: int
    fps: float
    requested: tuple[int, int, float] | None = None

    def describe(self) -> str:
        """One line for the log and the screen."""
        got = f"{self.name}: {self.width}x{self.height} at {self.fps:.3g} a second"
        if self.requested is None:
            return got
        width, height, fps = self.requested
        same = (width, height) == (self.width, self.height) and abs(fps - self.fps) < 1
        return got if same else f"{got} (asked for {width}x{height} at {fps:.3g})"


class Source(Protocol):
    """A source of pictures. ``live``: repeated pictures mean it hangs. ``paced``: it must be slowed to its own rate."""

    live: bool
    paced: bool

    def open(self) -> SourceInfo:
        """Open or open again from the start. Raises CaptureError."""
        ...

    def skip(self) -> bool:
        """Pass over one picture without decoding it; False at the end."""
        ...

    def read(self) -> ByteArray | None:
        """The next picture, (H, W, 3) uint8 RGB; None at the end of a file. May block; raises CaptureError."""
        ...

    def close(self) -> None:
        """Let go of the device or file."""
        ...


class VideoSource:
    """A camera, a file or a network stream, through OpenCV."""

    def __init__(self, target: int | str, name: str, live: bool, config: CaptureConfig) -> None:
        self.live, self.paced = live, not live
        self.target = target
        self._name, self._config = name, config
        self._capture: Any = None

    def open(self) -> SourceInfo:
        """Open through OpenCV; see ``Source``."""
        self.close()
        requested = None
        if isinstance(self.target, int):
            self._capture = cv2.VideoCapture(self.target)
            requested = self._ask_for_size()
        else:
            limits = [
                cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
                STREAM_TIMEOUT_MS,
                cv2.CAP_PROP_READ_TIMEOUT_MSEC,
                STREAM_TIMEOUT_MS,
            ]
            self._capture = cv2.VideoCapture(self.target, cv2.CAP_FFMPEG, limits if self.live else [])
        if not self._capture.isOpened():
            self.close()
            raise CaptureError(f"{self._name} cannot be opened; is it there, and does nothing else use it?")
        width = int(self._capture.get(cv2.CAP_PROP_FRAME_WIDTH))
        height = int(self._capture.get(cv2.CAP_PROP_FRAME_HEIGHT))
        fps = float(self._capture.get(cv2.CAP_PROP_FPS))
        return SourceInfo(self._name, width, height, fps if 0 < fps <= 1000 else 0.0, requested)

    def skip(self) -> bool:
        """Grab without decoding."""
        return bool(self._capture.grab())

    def read(self) -> ByteArray | None:
        """Next picture as RGB."""
        good, bgr = self._capture.read()
        if not good or bgr is None:
            if self.live:
                raise CaptureError(f"{self._name} gave no picture")
            return None
        if bgr.ndim != 3 or bgr.shape[2] != 3 or bgr.dtype != np.uint8:
            raise CaptureError(f"{self._name} gives pictures of shape {bgr.shape}, which cannot be used")
        return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)

    def close(self) -> None:
        """Release the capture."""
        if self._capture is not None:
            self._capture.release()
            self._capture = None

    def _ask_for_size(self) -> tuple[int, int, float]:
        config = self._config
        if sys.platform.startswith("linux"):
            # Most USB cameras give 720p at 30 pictures a second only as MJPEG.
            self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, config.width)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, config.height)
        self._capture.set(cv2.CAP_PROP_FPS, config.fps)
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        return config.width, config.height, config.fps


class PictureFolder:
    """A folder's pictures in the order of their names, at the configured rate."""

    live, paced = False, True

    def __init__(self, folder: Path, fps: float) -> None:
        self._folder, self._fps = folder, fps
        self._files: list[Path] = []
        self._next = 0

    def open(self) -> SourceInfo:
        """List the folder and look at its first picture."""
        self._files = sorted(path for path in self._folder.iterdir() if path.suffix.lower() in PICTURES)
        if not self._files:
            raise CaptureError(f"{self._folder} has no pictures ({', '.join(sorted(PICTURES))})")
        self._next = 0
        first = self._load(self._files[0])
        return SourceInfo(str(self._folder), first.shape[1], first.shape[0], self._fps)

    def skip(self) -> bool:
        """Pass over one file."""
        self._next += 1
        return self._next <= len(self._files)

    def read(self) -> ByteArray | None:
        """Next picture as RGB."""
        if self._next >= len(self._files):
            return None
        path = self._files[self._next]
        self._next += 1
        return self._load(path)

    def close(self) -> None:
        """Nothing is held open."""

    def _load(self, path: Path) -> ByteArray:
        bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if bgr is None:
            raise CaptureError(f"{path} is not a picture that can be read; take it out of the folder")
        return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)


def list_cameras() -> list[tuple[int, str]]:
    """(number, name) of the cameras of this machine. Where the system does not list them, the first four numbers."""
    if not sys.platform.startswith("linux"):
        return [(number, f"camera {number}") for number in range(4)]
    cameras = []
    for entry in Path("/sys/class/video4linux").glob("video*"):
        name = (entry / "name").read_text(encoding="utf-8", errors="replace").strip()
        cameras.append((int(entry.name.removeprefix("video")), name))
    return sorted(cameras)


def source_for(spec: str | int, config: CaptureConfig) -> Source:
    """The source that a setting names (not "auto" or "simulated"). Raises CaptureError when it cannot be one."""
    text = str(spec).strip()
    if re.fullmatch(r"\d+", text):
        return VideoSource(int(text), f"camera {text}", True, config)
    if text.lower().startswith(STREAMS):
        return VideoSource(text, _without_password(text), True, config)
    path = Path(text).expanduser()
    if path.is_dir():
        return PictureFolder(path, config.fps)
    if path.is_file():
        return VideoSource(str(path), path.name, False, config)
    for number, name in list_cameras():
        if text.lower() == name.lower() or text.lower() in name.lower():
            return VideoSource(number, f"camera {number} ({name})", True, config)
    raise CaptureError(_not_found(text, path))


def first_camera(config: CaptureConfig) -> VideoSource | None:
    """The first camera that gives a picture, closed again; None where there is none."""
    for number, name in list_cameras():
        source = VideoSource(number, f"camera {number} ({name})", True, config)
        try:
            source.open()
            source.read()
        except CaptureError:
            continue
        finally:
            source.close()
        return source
    return None


def _without_password(url: str) -> str:
    return re.sub(r"//[^/@]*@", "//", url)


def _not_found(text: str, path: Path) -> str:
    near: list[str] = []
    if path.parent.is_dir():
        near = get_close_matches(path.name, [entry.name for entry in path.parent.iterdir()], 3)
    cameras = [name for _, name in list_cameras()] if sys.platform.startswith("linux") else []
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    have = f"cameras here: {', '.join(cameras)}" if cameras else "no camera is attached"
    return f"source {text!r} is no file, folder, address or camera name ({have}){hint}"
