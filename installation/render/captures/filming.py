"""Reads what is shown back on the GL thread and hands it to the video recorder.

Two ways of reading back. Where the processor draws, a plain read is a copy in memory, and a pixel buffer would be a second
one (measured: benchmarks/video.py). Where a GPU draws, a plain read would wait until it has finished; two pixel buffers in
turn let it go on, and each picture arrives one picture later, with the time at which it was drawn.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from installation.base.notices import Notices
from installation.render.captures.consent import refusal
from installation.render.captures.video_recorder import VideoRecorder
from installation.render.captures.video_session import STAGE


class Filming:
    """GL thread only. ``buffered`` reads through pixel buffers: for a GPU."""

    def __init__(self, context: Any, recorder: VideoRecorder, notices: Notices, buffered: bool) -> None:
        self._context, self._notices, self._buffered = context, notices, buffered
        self.recorder = recorder
        self._pixel_buffers: list[Any] = []
        self._turn = 0
        self._pending: tuple[Any, int] | None = None

    def start(
        self, path: Path, size: tuple[int, int], show_fps: float, camera_visible: bool, record_camera: bool
    ) -> bool:
        """Begin a video of pictures of ``size``; False, with a notice, where that is not allowed or not possible.

        ``camera_visible``: the camera's picture is shown; ``record_camera``: the artist allows that it is stored.
        """
        why_not = refusal(camera_visible, record_camera)
        if why_not is not None:
            self._notices.fault(STAGE, why_not)
            return False
        self._pending = None
        # What x264 cannot take, an odd last column or lowest row, is left out here: nothing has to be scaled for it.
        return self.recorder.start(path, (max(2, size[0] & ~1), max(2, size[1] & ~1)), show_fps)

    def stop(self) -> None:
        """End the video; returns at once."""
        pending, self._pending = self._pending, None
        if pending is not None:
            self._hand_over(*pending)
        self.recorder.stop()

    def wants(self, t_s: float) -> bool:
        """Whether ``take`` has something to do for a picture drawn at ``t_s`` seconds."""
        return self.recorder.wants(t_s)

    def take(
        self, framebuffer: Any, size: tuple[int, int], t_s: float, camera_visible: bool, record_camera: bool
    ) -> None:
        """Take the picture in ``framebuffer``, all of it drawn, shown at ``t_s`` seconds; call it before the buffers swap.

        The video ends when faces come into the picture that must not be stored, and when the window changes its size.
        """
        if not self.recorder.wants(t_s):
            return
        why_not = refusal(camera_visible, record_camera)
        wanted = self.recorder.size
        if why_not is None and wanted != (max(2, size[0] & ~1), max(2, size[1] & ~1)):
            why_not = "the window has another size now: the video ends here, begin another"
        if why_not is not None or wanted is None:
            self.stop()
            self._notices.fault(STAGE, why_not or "the video has ended")
            return
        # The lowest row of an odd height is left out, the upper ones are kept: OpenGL counts from below.
        view = (0, size[1] - wanted[1], *wanted)
        number = self.recorder.reserve(t_s)
        if self._buffered:
            self._take_later(framebuffer, view, number)
            return
        rgba = self.recorder.lend()
        if rgba is not None:
            framebuffer.read_into(rgba, view, components=4)
            self.recorder.hand_in(rgba, number)

    def release(self) -> None:
        """Free the pixel buffers; the recorder is closed by its maker."""
        for buffer in self._pixel_buffers:
            buffer.release()
        self._pixel_buffers.clear()

    def _take_later(self, framebuffer: Any, view: tuple[int, int, int, int], number: int) -> None:
        count = 4 * view[2] * view[3]
        if not self._pixel_buffers or self._pixel_buffers[0].size != count:
            self.release()
            self._pixel_buffers = [self._context.buffer(reserve=count) for _ in range(2)]
        buffer = self._pixel_buffers[self._turn]
        self._turn = 1 - self._turn
        framebuffer.read_into(buffer, view, components=4)
        before, self._pending = self._pending, (buffer, number)
        if before is not None:
            self._hand_over(*before)

    def _hand_over(self, buffer: Any, number: int) -> None:
        rgba = self.recorder.lend()
        if rgba is not None:
            buffer.read_into(rgba)
            self.recorder.hand_in(rgba, number)
