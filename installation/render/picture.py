"""The picture and all that belongs to it: window, renderer, captures, setting up the outputs. Opened and closed together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.base.side_files import DiskRoom
from installation.config.output import ScreenConfig
from installation.config.settings import Config
from installation.config.wall import WallConfig
from installation.render.captures.captures import Captures
from installation.render.captures.filming import Filming
from installation.render.captures.sending import Sending, Ways
from installation.render.captures.stills import Stills
from installation.render.captures.video_recorder import VideoRecorder
from installation.render.hud import Hud
from installation.render.output.output_setup import OutputSetup
from installation.render.renderer import Renderer
from installation.render.surface import open_surface
from installation.types import SceneState

Tell = Callable[[str, list[Any]], None]
"""An event for the show, such as ("snapshot", ["mien-....png"])."""


class Picture:
    """Main thread only. Raises DisplayError and ShaderError where nothing can be drawn.

    ``save_screens`` stores screens that were set up by hand and gives what went wrong; ``event`` hears of finished captures.
    ``room`` is what must stay free on disks, ``ways`` where pictures go to other programs; they follow the settings here.
    """

    def __init__(
        self,
        config: Config,
        captures: Path,
        clock: Clock,
        notices: Notices,
        save_screens: Callable[[tuple[ScreenConfig, ...]], str | None],
        event: Tell,
        room: DiskRoom,
        ways: Ways | None = None,
    ) -> None:
        self.surface = surface = open_surface(config.output, notices)
        if surface.is_software:
            notices.note("gpu", f"no GPU: {surface.renderer} draws on the processor")
        self.renderer = Renderer(surface, config.output, config.scene.parameters, notices)
        self.renderer.notice.reconfigure(config.notice, config.emotion.enabled)
        self._join_wall(config.wall)
        self.hud = Hud(surface.context)
        recorder = VideoRecorder(config.video, clock, notices, room=room)
        filming = Filming(surface.context, recorder, notices, not surface.is_software)
        self.stills = Stills(surface.context, self.renderer.output, not surface.is_software)
        self.captures = Captures(
            surface, self.renderer, filming, config.output, captures, clock, notices, event, room, self.stills
        )
        self.sending = Sending(surface.context, self.renderer.output, notices, not surface.is_software)
        self._ways = ways
        if ways is not None:
            self.sending.use(ways.links)
        self.setup = OutputSetup(surface, self.renderer.output, config.output, notices, save_screens)
        self._config, self._room = config, room

    @property
    def per_second(self) -> float:
        """Pictures a second aimed at, by the settings and by who draws."""
        output = self._config.output
        return output.software_per_second if self.surface.is_software else output.per_second

    def show(self, scene: SceneState, now_s: float, meanwhile: Callable[[], None], frame: int | None = None) -> None:
        """Draw one picture, let films, screenshots and stills take it, lay over it what only the operator reads, show it.

        ``meanwhile`` is called where it has to wait. ``frame``: the picture's number, where other machines draw it, too.
        """
        surface = self.surface
        self.renderer.draw(scene, meanwhile, frame)
        self.captures.drawn(scene, now_s, meanwhile)
        if self.sending.is_used:
            shows, may_leave = self.renderer.shows_camera(scene), self._config.output.record_camera
            self.sending.draw(surface.size, now_s, self.renderer.cover, shows, may_leave)
        self.renderer.output.draw_over(self.hud, surface.framebuffer, surface.size)
        surface.present(meanwhile)
        self.sending.poll()

    def reconfigure(self, config: Config) -> None:
        """Go on with other settings."""
        self._config = config
        self._room.keep_free_mb = config.video.keep_free_mb
        self.captures.reconfigure(config.output, config.video)
        self.renderer.reconfigure(config.output, config.scene.parameters)
        self.renderer.notice.reconfigure(config.notice, config.emotion.enabled)
        self.setup.reconfigure(config.output)
        self._join_wall(config.wall)
        if self._ways is not None:
            self._ways.reconfigure(config.output.sends)
            self.sending.use(self._ways.links)

    def _join_wall(self, wall: WallConfig) -> None:
        self.renderer.part = wall.drawn_part
        self.renderer.drawing.in_step = wall.is_used

    def close(self) -> None:
        """End videos, free what OpenGL holds, close the window."""
        self.captures.close()
        self.sending.release()
        self.hud.release()
        self.renderer.close()
        self.surface.close()
