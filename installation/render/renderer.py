"""A SceneState to pixels: backdrop, scenes, glow, tone map, output."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from installation.base.files import file_stamp
from installation.base.notices import Notices
from installation.config.output import OutputConfig
from installation.config.wall import WHOLE, Part
from installation.render.gpu_timer import gpu_timer
from installation.render.output.output_pass import OutputPass
from installation.render.passes.flash_limiter import FlashLimiter, tell_of_limiter
from installation.render.passes.layout import Layout
from installation.render.passes.notice_layer import NoticeLayer
from installation.render.passes.post import Post, View
from installation.render.passes.repainting import Repainting
from installation.render.passes.shown_painting import ShownPainting
from installation.render.passes.targets import TargetPool, Targets
from installation.render.quality import GPU, SOFTWARE, START, Quality, RenderQuality, rounded_pixels
from installation.render.quality import inner_size as inner_size
from installation.render.scene_drawing import SceneDrawing, whole_size
from installation.render.scene_numbers import is_finite
from installation.render.shaders.programs import Program, reload_changed
from installation.render.surface import Surface
from installation.render.window.driver import live_objects
from installation.types import LAYOUT, ByteArray, PictureFrame, SceneState, Silhouette, TextureFrame

log = logging.getLogger(__name__)

GPU_PIXELS = 2560 * 1440
SMALL = 0.25
"""Where only a part of the picture is drawn, the whole is drawn besides, in so many of its pixels: what glows over from the
neighbours, and what flashes, is a matter of the whole."""


class Renderer:
    """Draws on ``surface``'s context; main thread only. Raises ShaderError when a shader is broken at the start.

    ``parameters`` are the artist's numbers for scenes: scene, parameter, value.
    """

    def __init__(
        self, surface: Surface, config: OutputConfig, parameters: dict[str, dict[str, float]], notices: Notices
    ) -> None:
        self._surface, self._context, self._config, self._notices = surface, surface.context, config, notices
        self._timer = gpu_timer(self._context, surface.is_software)
        # On a processor the picture must leave room for perception: nothing above the middle but by the artist's word.
        levels, highest = (SOFTWARE, START) if surface.is_software else (GPU, None)
        self.ladder = RenderQuality(levels, config.quality, highest)
        self.refused, self._is_refusing = 0, False
        self._last_good: SceneState | None = None
        context = self._context
        self.drawing = SceneDrawing(
            context, surface.is_software, notices, lambda: self._config, lambda: self.ladder.quality
        )
        self._scenes, self._camera = self.drawing.scenes, self.drawing.camera
        self._scenes.reconfigure(parameters)
        self._post = Post(context)
        self.output = OutputPass(context, config)
        self.worn, self.avatar, self.picture = self.drawing.worn, self.drawing.avatar, self.drawing.picture
        self.layout = Layout(context, buffered=not surface.is_software)
        self.painting = ShownPainting(context)
        self.repainting = Repainting(context, buffered=not surface.is_software)
        self.notice = NoticeLayer(context, notices)
        self._flashes = FlashLimiter(context)
        tell_of_limiter(config.flash_limit, notices)
        self._targets = TargetPool(context)
        self._size, self._size_scale = (16, 16), 0.0
        self._size_key = tuple[Any, ...]()
        self.part: Part = WHOLE
        """What of the whole picture the surface shows (left, bottom, width, height in [0, 1]): one machine's part of a wall."""
        self.cover: Any = None
        """The texture of the picture drawn last whose alpha says how much shapes cover; None before the first."""

    def reconfigure(self, config: OutputConfig, parameters: dict[str, dict[str, float]]) -> None:
        """Go on with other settings of picture and scenes (size, mode and display need a restart)."""
        self._config = config
        self._scenes.reconfigure(parameters)
        self.output.reconfigure(config)
        self.ladder.set_tier(config.quality)
        tell_of_limiter(config.flash_limit, self._notices)

    @property
    def quality(self) -> Quality:
        """The quality level that is drawn with now."""
        return self.ladder.quality

    def measured(self, cost_s: float, allowed_s: float, now_s: float, dt_s: float) -> None:
        """The last picture took ``cost_s`` of ``allowed_s`` by the clock; a GPU's own timer is believed before it."""
        if self.ladder.feed(self.cost_s(cost_s), allowed_s, now_s, dt_s):
            log.debug("quality level %d", self.ladder.level)
        if self.ladder.at_the_bottom:
            self._notices.fallback("quality", "pictures come late even at the lowest quality")
        else:
            self._notices.resolve("quality")

    def cost_s(self, by_clock_s: float) -> float:
        """What a picture takes, seconds: by a GPU's own timer, for the clock would count waiting for the screen, too; where
        there is none, ``by_clock_s``."""
        gpu_s = self._timer.seconds if self._timer is not None else None
        return by_clock_s if gpu_s is None else gpu_s

    def poll_shaders(self) -> None:
        """Build again what an artist has edited (a broken shader keeps the old one), and one scene that is not built yet."""
        self._size_key = ()  # a scene's file may have changed
        self.drawing.look_again()
        look = cache(file_stamp)
        reload_changed([*self._programs(), *self.output.programs()], self._notices, look)
        self._scenes.poll(self.drawing.shown, look)

    def build_ahead(self) -> None:
        """Build a part of a scene that is not built yet, some milliseconds of work: call it where there is time."""
        self._scenes.build_ahead()

    def set_texture(self, frame: TextureFrame, t_s: float) -> None:
        """Begin at ``t_s`` seconds to fade to a newly generated picture."""
        self.worn.put(frame.rgba, t_s)

    def set_picture(self, frame: PictureFrame, t_s: float) -> None:
        """Take over a composed picture at ``t_s`` seconds: the next look of the one that is shown, or another one."""
        self.picture.put(frame, t_s)

    def show_painting(self, rgba: ByteArray, t_s: float, seconds: float) -> None:
        """Show a painting (H, W, 4) uint8 sRGB, row 0 on top, large over the whole picture, from ``t_s`` for ``seconds``."""
        self.painting.show(rgba, t_s, seconds)

    def layout_now(self, scene: SceneState) -> ByteArray:
        """What the shapes of ``scene`` look like in rough cells, at once: (LAYOUT, LAYOUT, 4) uint8 sRGB, row 0 on top, alpha
        how much of a cell they cover; all zeros where a visitor's picture would be in it. Time stands; waits for the GPU."""
        if self.shows_camera(scene) or not is_finite(scene):
            return np.zeros((LAYOUT, LAYOUT, 4), np.uint8)
        targets = self._targets.get(self._inner_size(scene))
        self.drawing.draw(scene, targets, targets.size, WHOLE, advance=False)
        glow = self._post.glow(targets, self.quality.bloom_levels)
        self._finish(targets, glow, View(targets.size, WHOLE))
        return self.layout.now(targets.finished, targets.colour)

    def set_camera(self, rgb: ByteArray) -> None:
        """Take over the camera's picture (H, W, 3) sRGB, row 0 on top."""
        self._camera.put_camera(rgb)

    def set_silhouette(self, silhouette: Silhouette | None) -> None:
        """Take over where visitors are; None: nobody is known any more, and the last outline fades."""
        self._camera.put_silhouette(silhouette)

    def wants_silhouettes(self, scene: SceneState) -> bool:
        """Whether a scene that is drawn now needs the visitors' outlines."""
        return any(found.file.silhouette for found in self.drawing.drawn(scene))

    def shows_picture(self, scene: SceneState) -> bool:
        """Whether the composed picture can be seen in ``scene``: a scene that is drawn has a program that reads it."""
        return any(found.reads("u_picture") for found in self.drawing.drawn(scene))

    def draw(self, scene: SceneState, meanwhile: Callable[[], None] = lambda: None, frame: int | None = None) -> None:
        """Draw one frame into the surface, calling ``meanwhile`` where it has to wait. ``frame``: its number, where others draw
        the same one; None: the next.

        A scene with numbers that are not finite is refused: the last good one holds.
        """
        good = self._checked(scene)
        if good is None:
            return
        self.drawing.frame = self.drawing.frame + 1 if frame is None else frame
        with self._timer or contextlib.nullcontext():
            targets = self._targets.get(self._whole_inner_size(good))
            self.cover = targets.colour
            self.drawing.draw(good, targets, targets.size, WHOLE, advance=True)
            self._surface.settle(meanwhile)
            glow = self._post.glow(targets, self.quality.bloom_levels - (self.part != WHOLE))
            self._finish(targets, glow, View(targets.size, WHOLE))
            self._surface.settle(meanwhile)
            # The networks know the piece's own forms, and no visitor's picture goes where it need not.
            allowed = not self.shows_camera(good)
            self._offer_layout(good, targets, allowed)
            picture = self.repainting.through(targets.finished, targets.colour, good.t_s, allowed)
            hold = self._flashes.judge(picture) if self._config.flash_limit else None
            if self.part != WHOLE:
                targets = self._targets.get(self._inner_size(good))
                picture = self._own_part(good, targets, glow)
                self._surface.settle(meanwhile)
            picture = self._post.smooth(picture, targets, hold, self.part)
            size = self.output.picture_size(self._surface.size)
            picture = self.painting.over(picture, size, good.t_s, self.part)
            notice = self.notice.lay(good, size, self.part)
            self.output.light = good.light
            self.output.draw(picture, self._surface.framebuffer, self._surface.size, notice)

    def _own_part(self, scene: SceneState, targets: Targets, glow: Any) -> Any:
        """The texture of the part, finished; the whole was drawn just before, and ``glow`` is its."""
        size = whole_size(targets.size, self.part)
        self.cover = targets.colour
        self.drawing.draw(scene, targets, size, self.part, advance=False, again=True)
        self._finish(targets, glow, View(size, self.part))
        return self.repainting.over_part(targets.finished, targets.colour, scene.t_s, self.part)

    def draw_part(
        self,
        scene: SceneState,
        size: tuple[int, int],
        part: Part,
        part_px: tuple[int, int],
    ) -> ByteArray:
        """The ``part`` (left, bottom, width, height in [0, 1]) of a picture of ``size`` pixels: (H, W, 3) uint8 sRGB, row 0
        on top, of ``part_px`` (width, height). The glow is the whole picture's, so that parts fit together. Time stands.
        """
        whole = self._targets.get(self._inner_size(scene))
        self.drawing.draw(scene, whole, whole.size, WHOLE, advance=False)
        glow = self._post.glow(whole, self.quality.bloom_levels)
        targets = Targets(self._context, part_px)
        try:
            self.drawing.draw(scene, targets, size, part, advance=False)
            self._finish(targets, glow, View(size, part))
            picture = self.repainting.over_part(targets.finished, targets.colour, scene.t_s, part)
            painted, noticed = targets.smoothed
            if self.painting.over_part(picture, painted[1], size, scene.t_s, part):
                picture = painted[0]
            if self.notice.over_part(picture, noticed[1], scene, size, part):
                picture = noticed[0]
            data = picture.read()
        finally:
            # A frame buffer that is bound must not go.
            whole.scene.use()
            targets.release()
        rgba = np.frombuffer(data, np.uint8).reshape(part_px[1], part_px[0], 4)
        return np.ascontiguousarray(rgba[::-1, :, :3])

    def shows_camera(self, scene: SceneState) -> bool:
        """Whether the camera's picture can be seen in ``scene``: as background, or in a scene one of whose programs reads
        it, whatever its file says."""
        if self._camera.is_empty:
            return False
        reads = any(found.reads("u_camera", "u_avatar") for found in self.drawing.drawn(scene))
        return reads or self._config.background == "camera"

    def read_rgb(self) -> ByteArray:
        """What the surface holds: (H, W, 3) uint8 sRGB, row 0 on top. Nothing that only the operator reads, before that is
        drawn over it."""
        width, height = self._surface.size
        data = self._surface.framebuffer.read((0, 0, width, height), components=4)
        rgba = np.frombuffer(data, np.uint8).reshape(height, width, 4)
        return np.ascontiguousarray(rgba[::-1, :, :3])

    def object_count(self) -> int | None:
        """OpenGL objects that live in this context, by the driver's count; None where it cannot be asked."""
        return live_objects()

    def close(self) -> None:
        """Free everything."""
        layers = (self.layout, self.painting, self.notice, self.repainting)
        for part in (self.output, self.drawing, self._post, *layers, self._flashes, self._targets):
            part.release()

    def _checked(self, scene: SceneState) -> SceneState | None:
        if is_finite(scene):
            if self._is_refusing:
                self._is_refusing = False
                self._notices.resolve("scene")
            self._last_good = scene
        else:
            self.refused, self._is_refusing = self.refused + 1, True
            self._notices.fault("scene", "numbers that are not finite; the last good picture holds")
        return self._last_good

    def _programs(self) -> list[Program]:
        """Of all that is drawn but for the scenes."""
        passes = (self.drawing, self._flashes, self._post, self.repainting)
        own = (self.layout.program, self.painting.program, self.notice.program)
        return [*own, *(program for one in passes for program in one.programs)]

    def _offer_layout(self, scene: SceneState, targets: Targets, allowed: bool) -> None:
        """The shapes' layout, to who wants it: not of a scene that shows the composed picture itself."""
        if allowed and all(found.file.composes for found in self.drawing.drawn(scene)):
            self.layout.offer(targets.finished, targets.colour, scene.t_s)
        else:
            self.layout.forget()

    def _inner_size(self, scene: SceneState) -> tuple[int, int]:
        key = (
            scene.scene,
            scene.previous if scene.blend < 1 else "",
            self.ladder.level,
            self.output.picture_size(self._surface.size),
        )
        if key != self._size_key or self._config.render_scale != self._size_scale:
            self._size_key, self._size_scale = key, self._config.render_scale
            self._size = self._find_inner_size(scene)
        return self._size

    def _whole_inner_size(self, scene: SceneState) -> tuple[int, int]:
        size = self._inner_size(scene)
        if self.part == WHOLE:
            return size
        whole = whole_size(size, self.part)
        scale = (SMALL * size[0] * size[1] / (whole[0] * whole[1])) ** 0.5
        return max(16, round(whole[0] * scale)), max(16, round(whole[1] * scale))

    def _find_inner_size(self, scene: SceneState) -> tuple[int, int]:
        size = self.output.picture_size(self._surface.size)
        pixels: float = GPU_PIXELS
        if self._surface.is_software:
            pixels = min((found.file.pixels for found in self.drawing.drawn(scene)), default=256 * 144)
        return inner_size(size, self._config.render_scale, rounded_pixels(pixels * self.quality.pixels))

    def _finish(self, targets: Targets, glow: Any, view: View) -> None:
        self._post.finish(targets, glow, self._config.brightness, self._config.saturation, view)
