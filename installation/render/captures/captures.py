"""Screenshots of any size and videos of what is shown: asked for by keys, OSC, poses or the command line."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np

from installation.base.clock import Clock
from installation.base.files import TYPED
from installation.base.notices import Notices
from installation.base.side_files import DiskRoom, words
from installation.config.output import OutputConfig, VideoConfig
from installation.render.captures.consent import refusal
from installation.render.captures.filming import Filming
from installation.render.captures.large import fitting_size, large_picture
from installation.render.captures.picture_files import store_picture
from installation.render.captures.png import LEVEL, QUICK_LEVEL
from installation.render.captures.stills import Stills
from installation.render.captures.video_session import numbered
from installation.render.renderer import Renderer
from installation.render.surface import Surface
from installation.types import ByteArray, SceneState

log = logging.getLogger(__name__)

STAGE = "screenshot"
QUEUE = "screenshot queue"
MAX_BYTES = 256 * 2**20
"""The largest screenshot that is held in memory until it is stored: 12288 x 6912."""
MAX_WAITING = 3
STORE_S = 20.0
"""A picture that is waited for takes at most this long: a disk that hangs must not keep the piece from ending."""
CLOSE_S = 1.0
"""All pictures and the video together get this long at the end, which has 1.8 s as a whole."""


class Captures:
    """Main thread only; pictures are packed and stored by a thread, one at a time.

    ``event`` gets what happened: ("snapshot", [file]), ("video", [file, 1 begun or 0 ended]). ``filming`` is None where
    nothing can be filmed. Files without a name of their own are named after the time of day, in ``folder``. What the disk does
    not take is a fault of that picture; the next one is tried again. ``room`` must stay free.
    """

    def __init__(
        self,
        surface: Surface,
        renderer: Renderer,
        filming: Filming | None,
        output: OutputConfig,
        folder: Path,
        clock: Clock,
        notices: Notices,
        event: Callable[[str, list[str | int]], None],
        room: DiskRoom | None = None,
        stills: Stills | None = None,
    ) -> None:
        self._stills = stills
        self._surface, self._renderer, self._filming = surface, renderer, filming
        self._output, self._folder, self._clock, self._notices, self._event = output, folder, clock, notices, event
        self._room = room or DiskRoom(0)
        self._storing: list[_Storing] = []
        self._asked = 0
        self._last_video: Path | None = None
        self._running_video: Path | None = None

    def reconfigure(self, output: OutputConfig, video: VideoConfig) -> None:
        """Go on with other settings; a video that runs keeps its own."""
        self._output = output
        if self._filming is not None:
            self._filming.recorder.reconfigure(video)

    @property
    def is_filming(self) -> bool:
        """Whether a video is being made."""
        return self._filming is not None and self._filming.recorder.recording

    @property
    def video_from_s(self) -> float | None:
        """When the first picture of the newest video was drawn, by the clock that ``drawn`` is told; None before it."""
        return None if self._filming is None else self._filming.recorder.from_s

    def snapshot(self) -> None:
        """Store the next picture, as shown or drawn again at ``output.screenshot_width``. An event says when it is done."""
        if self._asked + len(self._storing) >= MAX_WAITING:
            self._notices.fault(QUEUE, "the last screenshots are still being stored; ask again in a moment")
            return
        self._asked += 1

    def store_painting(self, rgb: ByteArray, on_done: Callable[[str], None]) -> None:
        """Store a generated picture (H, W, 3) uint8 sRGB. ``on_done`` is told its file's name, or "" where it is not stored."""
        if self._asked + len(self._storing) >= MAX_WAITING:
            self._notices.fault(QUEUE, "the last pictures are still being stored; ask again in a moment")
            on_done("")
            return
        self._storing.append(_Storing(self._new_path(".png", "painting"), rgb, self._room, on_done=on_done))

    def store_now(self, scene: SceneState | None, path: Path) -> None:
        """Store what is shown in ``path``, in the format of its ending, and wait for it."""
        if scene is not None:
            why_not = refusal(self._renderer.shows_camera(scene), self._output.record_camera)
            if why_not is not None:
                self._notices.fault(STAGE, why_not)
                return
            # Again: after the buffers were swapped a window's picture cannot be read any more.
            self._renderer.draw(scene)
        storing = _Storing(path, self._renderer.read_rgb(), self._room, LEVEL)
        storing.join(STORE_S)
        if storing.is_alive():
            self._notices.fault(STAGE, f"{path} is not stored: the disk takes too long")
        elif storing.error is not None:
            self._notices.fault(STAGE, storing.error)

    def video(self, on: bool | None, scene: SceneState | None, path: Path | None = None) -> None:
        """Start (True), end (False) or toggle (None) a video in ``path``, or under a name by the time of day. ``scene`` is
        what is shown, None before the first picture."""
        filming = self._filming
        if filming is None:
            return
        running = filming.recorder.recording
        if running == on:
            return
        if running:
            filming.stop()
            return
        output = self._output
        per_second = output.software_per_second if self._surface.is_software else output.per_second
        shows = scene is not None and self._renderer.shows_camera(scene)
        filming.start(path or self._new_path(".mp4"), self._surface.size, per_second, shows, output.record_camera)

    def drawn(self, scene: SceneState, t_s: float, meanwhile: Callable[[], None]) -> None:
        """A picture was drawn and is about to be shown: take it where asked. Costs nothing while nothing is taken."""
        if self._stills is not None and self._stills.due(t_s):
            self._stills.draw(self._surface.size, self._renderer.shows_camera(scene))
        filming = self._filming
        films = filming is not None and filming.wants(t_s)
        if not films and not self._asked:
            return
        # Where the processor draws, reading would wait inside the driver, with Python's lock held.
        self._surface.settle(meanwhile)
        shows, may_store = self._renderer.shows_camera(scene), self._output.record_camera
        if filming is not None and films:
            filming.take(self._surface.framebuffer, self._surface.size, t_s, shows, may_store)
        for _ in range(self._asked):
            self._asked -= 1
            why_not = refusal(shows, may_store)
            if why_not is not None:
                self._notices.fault(STAGE, why_not)
                continue
            self._storing.append(_Storing(self._new_path(".png"), self._picture(scene), self._room))

    def poll(self) -> None:
        """Send events for what was stored and for videos that have begun or ended; cheap. After a picture was presented."""
        if self._stills is not None:
            self._stills.poll()
        for storing in [storing for storing in self._storing if not storing.is_alive()]:
            self._storing.remove(storing)
            self._notices.resolve(QUEUE)
            if storing.error is not None:
                self._notices.fault(STAGE, storing.error)
            else:
                self._notices.resolve(STAGE)
                log.info("stored %s", storing.path)
            if storing.on_done is not None:
                storing.on_done("" if storing.error is not None else storing.path.name)
            elif storing.error is None:
                self._event("snapshot", [storing.path.name])
        if self._filming is not None:
            self._poll_video(self._filming)

    def close(self) -> None:
        """End the video, wait for what is being stored, free OpenGL's part. The context must still be there."""
        until_s = self._clock.now() + CLOSE_S
        if self._filming is not None:
            self._filming.stop()
        for storing in self._storing:
            storing.join(max(0.0, until_s - self._clock.now()))
            if storing.is_alive():
                self._notices.fault(STAGE, f"{storing.path} is not stored: the disk takes too long")
        if self._filming is not None and not self._filming.recorder.close(max(0.0, until_s - self._clock.now())):
            log.warning("the video was not finished in time; it can be played all the same")
        self.poll()
        for part in (self._filming, self._stills):
            if part is not None:
                part.release()

    def _picture(self, scene: SceneState) -> ByteArray:
        width, shown = self._output.screenshot_width, self._surface.size
        if width == 0:
            return self._renderer.read_rgb()
        size = fitting_size(width, shown)
        if self._surface.is_software or 3 * size[0] * size[1] > MAX_BYTES:
            self._notices.fallback(
                STAGE,
                f"{size[0]}x{size[1]} would hold up the show here; stored as shown. {TYPED} screenshot "
                f"{size[0]}x{size[1]} FILE draws it without a show",
            )
            return self._renderer.read_rgb()
        return np.concatenate(list(large_picture(self._renderer, scene, size)))

    def _poll_video(self, filming: Filming) -> None:
        files = filming.recorder.figures.files
        if files and files[-1] != self._last_video:
            self._send_video_ended()
            self._last_video = self._running_video = files[-1]
            self._event("video", [files[-1].name, 1])
        if not filming.recorder.recording:
            self._send_video_ended()

    def _send_video_ended(self) -> None:
        if self._running_video is not None:
            self._event("video", [self._running_video.name, 0])
        self._running_video = None

    def _new_path(self, suffix: str, name: str = "mien") -> Path:
        path = self._folder / f"{name}-{self._clock.local_time():%Y%m%d-%H%M%S-%f}{suffix}"
        taken = {storing.path for storing in self._storing}
        number = 1
        while (free := numbered(path, number)) in taken or free.exists():
            number += 1
        return free


class _Storing(threading.Thread):
    """Packs a picture (H, W, 3) into a file. ``error`` says why it could not, once it is no longer alive. ``on_done`` is for
    whoever asked for it; None: a screenshot."""

    def __init__(
        self,
        path: Path,
        picture: ByteArray,
        room: DiskRoom,
        level: int = QUICK_LEVEL,
        on_done: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(name="screenshot", daemon=True)
        self.on_done = on_done
        self.path, self._picture, self._room, self._level = path, picture, room, level
        self.error: str | None = f"{path} was not stored; see the log"
        try:
            self.start()
        except RuntimeError as error:  # the system has no thread left
            self.error = f"{path} was not stored ({error})"

    def run(self) -> None:
        """See Thread."""
        self.error = _stored(self.path, self._picture, self._room, self._level)


def _stored(path: Path, picture: ByteArray, room: DiskRoom, level: int) -> str | None:
    """Store a picture; gives why it could not be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        room.check(path.parent)
        store_picture(path, picture, level)
    except OSError as error:
        return f"{path} cannot be written: {words(error)}"
    return None
