"""What is kept of the picture: screenshots of any size and videos, asked for by keys, OSC, poses or the command line."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from installation.config.settings import Config
from installation.base.notices import Notices
from installation.render.captures.large import fitting_size, large_picture
from installation.render.captures.png import write_png
from installation.render.captures.video import refusal
from installation.types import ByteArray, SceneState

log = logging.getLogger(__name__)

STAGE = "screenshot"
PNG_LEVEL = 2
"""While the show runs a file may be somewhat larger, if it is done sooner."""
MOST_BYTES = 256 * 2**20
"""The largest screenshot that is held in memory until it is stored: 12288 x 6912."""
MOST_WAITING = 3
CLOSE_S = 2.0


class Keeping:
    """Main thread only; pictures are packed and stored by a thread, one at a time.

    ``event`` tells the show: ("snapshot", [file]), ("video", [file, 1 begun or 0 ended]). ``filming`` is a Filming, or
    None where nothing can be filmed.
    """

    def __init__(
        self,
        surface: Any,
        renderer: Any,
        filming: Any,
        config: Config,
        captures: Path,
        notices: Notices,
        event: Callable[[str, list[Any]], None],
    ) -> None:
        self._surface, self._renderer, self._filming = surface, renderer, filming
        self._config, self._captures, self._notices, self._event = config, captures, notices, event
        self._storing: list[_Stored] = []
        self._asked = 0
        self._last_video: Path | None = None
        self._running_video: Path | None = None

    def reconfigure(self, config: Config) -> None:
        """Go on with other settings; a video that runs keeps its own."""
        self._config = config
        if self._filming is not None:
            self._filming.recorder.reconfigure(config.video)

    def snapshot(self) -> None:
        """Store the next picture: as it is shown, or drawn anew at ``output.screenshot_width``. Told when it is done."""
        if self._asked + len(self._storing) >= MOST_WAITING:
            self._notices.fallback(STAGE, "the last ones are still being stored; ask again in a moment")
            return
        self._asked += 1

    def store_now(self, scene: SceneState | None, path: Path) -> None:
        """Store what is shown in ``path`` and wait for it. OSError when it cannot be written."""
        why_not = None
        if scene is not None:
            why_not = refusal(self._renderer.shows_camera(scene), self._config.output.record_camera)
        if why_not is not None:
            self._notices.fault(STAGE, why_not)
            return
        if scene is not None:
            # Anew: after the buffers were swapped a window's picture cannot be read any more.
            self._renderer.draw(scene)
        self._renderer.screenshot(path)

    def video(self, on: bool | None, scene: SceneState | None, path: Path | None = None) -> None:
        """Begin (True), end (False) or whichever it is the turn of (None) a video in ``path``, or under a name by the time
        of day. ``scene`` is what is shown, None before the first picture."""
        filming = self._filming
        if filming is None:
            return
        running = filming.recorder.recording
        if running == on:
            return
        if running:
            filming.stop()
            return
        output = self._config.output
        fps = output.software_per_second if self._surface.is_software else output.per_second
        shows = scene is not None and self._renderer.shows_camera(scene)
        filming.start(path or self._captures / _name(".mp4"), self._surface.size, fps, shows, output.record_camera)

    def drawn(self, scene: SceneState, t_s: float, meanwhile: Callable[[], None]) -> None:
        """A picture was drawn and is about to be shown: keep it where asked. Costs nothing while nothing is kept."""
        filming = self._filming
        films = filming is not None and filming.wants(t_s)
        if not films and not self._asked:
            return
        # Where the processor draws, reading would wait inside the driver, with Python's lock held.
        self._surface.settle(meanwhile)
        shows, may_keep = self._renderer.shows_camera(scene), self._config.output.record_camera
        if films:
            filming.take(self._surface.framebuffer, self._surface.size, t_s, shows, may_keep)
        for _ in range(self._asked):
            self._asked -= 1
            why_not = refusal(shows, may_keep)
            if why_not is not None:
                self._notices.fault(STAGE, why_not)
                continue
            self._notices.resolve(STAGE)
            self._storing.append(_Stored(self._captures / _name(".png"), self._picture(scene)))

    def poll(self) -> None:
        """Tell what was stored and which videos have begun and ended; cheap."""
        for stored in [stored for stored in self._storing if not stored.is_alive()]:
            self._storing.remove(stored)
            if stored.error is not None:
                self._notices.fault(STAGE, stored.error)
            else:
                log.info("screenshot %s", stored.path)
                self._event("snapshot", [stored.path.name])
        if self._filming is not None:
            self._tell_video()

    def close(self) -> None:
        """End the video, wait for what is being stored, free OpenGL's part. The context must still be there."""
        for stored in self._storing:
            stored.join(CLOSE_S)
        if self._filming is not None:
            self._filming.stop()
            if not self._filming.recorder.close(CLOSE_S):
                log.warning("the video was not finished in time; it can be played all the same")
        self.poll()
        if self._filming is not None:
            self._filming.release()

    def _picture(self, scene: SceneState) -> ByteArray:
        width, shown = self._config.output.screenshot_width, self._surface.size
        if width == 0:
            return self._read()
        size = fitting_size(width, shown)
        if self._surface.is_software or 3 * size[0] * size[1] > MOST_BYTES:
            self._notices.fallback(
                STAGE,
                f"{size[0]}x{size[1]} would hold up the show here; stored as shown. python3 run.py screenshot "
                f"{size[0]}x{size[1]} FILE draws it without a show",
            )
            return self._read()
        return np.concatenate(list(large_picture(self._renderer, scene, size)))

    def _read(self) -> ByteArray:
        picture: ByteArray = self._renderer.read_rgb()
        return picture

    def _tell_video(self) -> None:
        recorder = self._filming.recorder
        files = recorder.figures.files
        if files and files[-1] != self._last_video:
            self._tell_video_ended()
            self._last_video = self._running_video = files[-1]
            self._event("video", [files[-1].name, 1])
        if not recorder.recording:
            self._tell_video_ended()

    def _tell_video_ended(self) -> None:
        if self._running_video is not None:
            self._event("video", [self._running_video.name, 0])
        self._running_video = None


class _Stored(threading.Thread):
    """Packs a picture (H, W, 3) into a PNG file. ``error`` says why it could not, once it is no longer alive."""

    def __init__(self, path: Path, picture: ByteArray) -> None:
        super().__init__(name="screenshot", daemon=True)
        self.path, self._picture = path, picture
        self.error: str | None = f"{path} was not stored; see the log"
        self.start()

    def run(self) -> None:
        """See Thread."""
        try:
            write_png(self.path, (self._picture.shape[1], self._picture.shape[0]), [self._picture], PNG_LEVEL)
        except OSError as error:
            self.error = f"{self.path} cannot be written ({error})"
        else:
            self.error = None


def _name(suffix: str) -> str:
    return f"mien-{datetime.now():%Y%m%d-%H%M%S-%f}{suffix}"
