"""A source of NDI on the network, by cyndilib, which brings the NDI library (a licence of its own, see NOTICE.md)."""

from __future__ import annotations

import importlib
import threading
from typing import Any, ClassVar

import numpy as np

from installation.base.files import TYPED
from installation.capture.devices.media_time import stated_rate
from installation.capture.devices.source import BadPictureError, CaptureError, Kind, SourceInfo
from installation.config.capture import CaptureConfig
from installation.types import ByteArray

SCHEME = "ndi:"
FIND_S, CONNECT_S = 4.0, 4.0
"""Machines answer within a second; a first picture needs a connection."""
ASK_S = 0.2
"""The network is asked this often who is there, sooner where somebody comes or goes."""
LOOK_S = 0.004
"""Between two looks whether there is a new picture."""


class NdiSource:
    """The first source whose name holds ``name``; "" is the first there is. See ``Source``."""

    kind: ClassVar[Kind] = "stream"
    live = True

    def __init__(self, name: str, config: CaptureConfig) -> None:
        self.name = f"{SCHEME}{name}"
        self._wanted, self._config = name, config
        self._receiver: Any = None
        self._frame: Any = None
        self._stamp = 0.0
        self._never = threading.Event()

    def open(self) -> SourceInfo:
        """Find it and wait for its first picture."""
        self.close()
        receiver, frames, kinds = (
            _library(f"cyndilib.{part}") for part in ("receiver", "video_frame", "wrapper.ndi_recv")
        )
        source = self._found()
        self._receiver = receiver.Receiver(
            color_format=kinds.RecvColorFormat.RGBX_RGBA, bandwidth=kinds.RecvBandwidth.highest
        )
        # Plain capturing of cyndilib 0.1.3 loses two pictures of three.
        self._frame = frames.VideoFrameSync()
        self._receiver.frame_sync.set_video_frame(self._frame)
        self._receiver.set_source(source)
        if not self._is_new(CONNECT_S):
            raise CaptureError(f"{self.name} gives no picture", "does its program send?")
        rate = stated_rate(float(self._frame.get_frame_rate()))
        return SourceInfo(self.kind, f"{SCHEME}{source.name}", self._frame.xres, self._frame.yres, rate)

    def rewind(self) -> None:
        """Only a file goes back."""
        raise CaptureError(f"{self.name} has no first picture to go back to")

    def grab(self) -> float | None:
        """Wait for the next picture."""
        if not self._is_new(self._config.stall_s):
            raise BadPictureError(f"{self.name} gave no picture", "does its program send?")
        return 0.0

    def retrieve(self) -> ByteArray:
        """The grabbed picture as RGB."""
        rgba = self._frame.get_array().reshape(self._frame.yres, -1, 4)
        return np.ascontiguousarray(rgba[:, : self._frame.xres, :3])

    def read(self) -> ByteArray | None:
        """The next picture."""
        return None if self.grab() is None else self.retrieve()

    def close(self) -> None:
        """Let go of it."""
        receiver, self._receiver, self._frame = self._receiver, None, None
        if receiver is not None:
            receiver.disconnect()

    def _found(self) -> Any:
        finder = _library("cyndilib.finder").Finder()
        finder.open()
        try:
            sources: list[Any] = []
            for _ in range(round(FIND_S / ASK_S)):
                sources = list(finder.iter_sources())
                found = next((one for one in sources if self._wanted.lower() in one.name.lower()), None)
                if found is not None:
                    return found
                finder.wait_for_sources(ASK_S)
            there = ", ".join(one.name for one in sources) or "none"
            raise CaptureError(f"there is no NDI source {self._wanted!r}", f"sources seen: {there}")
        finally:
            finder.close()

    def _is_new(self, wait_s: float) -> bool:
        """Wait for a picture with another stamp than the last one's."""
        for _ in range(max(round(wait_s / LOOK_S), 1)):
            self._receiver.frame_sync.capture_video()
            stamp = self._frame.get_timestamp_posix()
            if self._frame.xres and stamp != self._stamp:
                self._stamp = stamp
                return True
            self._never.wait(LOOK_S)
        return False


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise CaptureError(f"NDI needs cyndilib ({error})", f"{TYPED} setup --with ndi") from error
