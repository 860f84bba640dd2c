"""A SceneState to pixels: backdrop, scenes, glow, tone map, output."""

from __future__ import annotations

import contextlib
import logging
import math
from collections.abc import Callable
from functools import cache
from operator import itemgetter
from typing import Any

import moderngl
import numpy as np

from installation.base.files import file_stamp
from installation.base.notices import Notices
from installation.config.output import OutputConfig
from installation.render.gpu_timer import gpu_timer
from installation.render.output.output_pass import OutputPass
from installation.render.passes.avatar_layer import AvatarLayer
from installation.render.passes.camera_layer import CameraLayer
from installation.render.passes.environment import Environment, Turn
from installation.render.passes.flash_limiter import FlashLimiter, tell_of_limiter
from installation.render.passes.layout import Layout
from installation.render.passes.notice_layer import NoticeLayer
from installation.render.passes.picture_layer import PictureLayer
from installation.render.passes.post import Post, View
from installation.render.passes.repainting import WHOLE, Repainting
from installation.render.passes.room_lots import rooms_of
from installation.render.passes.shown_painting import ShownPainting
from installation.render.passes.targets import TargetPool, Targets
from installation.render.passes.transition import Transition, as_before
from installation.render.passes.worn_texture import WornTexture
from installation.render.quality import GPU, SOFTWARE, START, Quality, RenderQuality, rounded_pixels
from installation.render.quality import inner_size as inner_size
from installation.render.scene_numbers import TIME_WRAP_S, is_finite
from installation.render.scenes.drawn_scene import DrawnScene
from installation.render.scenes.scene_library import SceneLibrary
from installation.render.scenes.step import BirthBuffer, StepValues, picture_state
from installation.render.shaders.frame_block import FrameBlock
from installation.render.shaders.programs import Program, reload_changed
from installation.render.shaders.uniforms import LOOK_RUN, UNITS
from installation.render.surface import Surface
from installation.render.window.driver import live_objects
from installation.types import LAYOUT, MAX_PEOPLE, ByteArray, PictureFrame, SceneState, Silhouette, TextureFrame

log = logging.getLogger(__name__)

GPU_PIXELS = 2560 * 1440
GLOW = 0.3
"""Of a look's bloom, at ``output.glow`` 1."""
_LOOK_KEYS = [{"u_texture_amount": "texture", "u_bloom_amount": "bloom"}.get(name, name[2:]) for name in LOOK_RUN]
_looks_of, _BLOOM = itemgetter(*_LOOK_KEYS), _LOOK_KEYS.index("bloom")


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
        self._drawn_s: float | None = None
        context = self._context
        self._block = FrameBlock(context)
        self._births = BirthBuffer(context)
        self._scenes = SceneLibrary(context, self._births, notices, on_processor=surface.is_software)
        self._shown: set[str] = set()
        self._scenes.reconfigure(parameters)
        self._environment = Environment(context, self._block, on_processor=surface.is_software)
        self._post = Post(context)
        self.output = OutputPass(context, config)
        self.worn = WornTexture(context)
        self.avatar = AvatarLayer(context)
        self.picture = PictureLayer(context)
        self.layout = Layout(context, buffered=not surface.is_software)
        self.painting = ShownPainting(context)
        self.repainting = Repainting(context, buffered=not surface.is_software)
        self.notice = NoticeLayer(context, notices)
        self._camera = CameraLayer(context)
        self._flashes = FlashLimiter(context)
        self._transition = Transition(context)
        tell_of_limiter(config.flash_limit, notices)
        self._targets = TargetPool(context)
        self._size, self._size_scale = (16, 16), 0.0
        self._size_key = self._drawn_key = tuple[Any, ...]()
        self._drawn_now: list[DrawnScene] = []
        self._frame = 0
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
        gpu_s = self._timer.seconds if self._timer is not None else None
        if self.ladder.feed(cost_s if gpu_s is None else gpu_s, allowed_s, now_s, dt_s):
            log.debug("quality level %d", self.ladder.level)
        if self.ladder.at_the_bottom:
            self._notices.fallback("quality", "pictures come late even at the lowest quality")
        else:
            self._notices.resolve("quality")

    def poll_shaders(self) -> None:
        """Build again what an artist has edited (a broken shader keeps the old one), and one scene that is not built yet."""
        self._size_key = self._drawn_key = ()  # a scene's file may have changed
        look = cache(file_stamp)
        reload_changed([*self._programs(), *self.output.programs()], self._notices, look)
        self._scenes.poll(self._shown, look)

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
        self._draw_scene(scene, targets, targets.size, WHOLE, advance=False)
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
        return any(found.file.silhouette for found in self._drawn(scene))

    def shows_picture(self, scene: SceneState) -> bool:
        """Whether the composed picture can be seen in ``scene``: a scene that is drawn has a program that reads it."""
        return any(found.reads("u_picture") for found in self._drawn(scene))

    def draw(self, scene: SceneState, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Draw one frame into the surface, calling ``meanwhile`` where it has to wait.

        A scene with numbers that are not finite is refused: the last good one holds.
        """
        good = self._checked(scene)
        if good is None:
            return
        self._frame += 1
        with self._timer or contextlib.nullcontext():
            targets = self._targets.get(self._inner_size(good))
            self.cover = targets.colour
            self._draw_scene(good, targets, targets.size, WHOLE, advance=True)
            self._surface.settle(meanwhile)
            glow = self._post.glow(targets, self.quality.bloom_levels)
            self._finish(targets, glow, View(targets.size, WHOLE))
            self._surface.settle(meanwhile)
            # The networks know the piece's own forms, and no visitor's picture goes where it need not.
            allowed = not self.shows_camera(good)
            self._offer_layout(good, targets, allowed)
            picture = self.repainting.through(targets.finished, targets.colour, good.t_s, allowed)
            hold = self._flashes.judge(picture) if self._config.flash_limit else None
            picture = self._post.smooth(picture, targets, hold)
            size = self.output.picture_size(self._surface.size)
            picture = self.painting.over(picture, size, good.t_s)
            notice = self.notice.lay(good, size)
            self.output.light = good.light
            self.output.draw(picture, self._surface.framebuffer, self._surface.size, notice)

    def draw_part(
        self,
        scene: SceneState,
        size: tuple[int, int],
        part: tuple[float, float, float, float],
        part_px: tuple[int, int],
    ) -> ByteArray:
        """The ``part`` (left, bottom, width, height in [0, 1]) of a picture of ``size`` pixels: (H, W, 3) uint8 sRGB, row 0
        on top, of ``part_px`` (width, height). The glow is the whole picture's, so that parts fit together. Time stands.
        """
        whole = self._targets.get(self._inner_size(scene))
        self._draw_scene(scene, whole, whole.size, WHOLE, advance=False)
        glow = self._post.glow(whole, self.quality.bloom_levels)
        targets = Targets(self._context, part_px)
        try:
            self._draw_scene(scene, targets, size, part, advance=False)
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
        reads = any(found.reads("u_camera", "u_avatar") for found in self._drawn(scene))
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
        drawn = (self.output, self._scenes, self._post, self._environment, self._block, self._births)
        layers = (self.worn, self.avatar, self.picture, self.layout, self.painting, self.notice, self.repainting)
        for part in (*drawn, *layers, self._camera, self._flashes, self._transition, self._targets):
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
        own = (self.picture.program, self.layout.program, self.painting.program, self.notice.program)
        passes = (self._environment, self._flashes, self._transition, self._post, self.repainting)
        return [*own, *(program for one in passes for program in one.programs)]

    def _drawn(self, scene: SceneState) -> list[DrawnScene]:
        """What is drawn now, but for scenes that are broken: one, or two while they cross-fade. Looked up once a picture."""
        key = (self._frame, scene.scene, scene.previous if scene.blend < 1 else scene.scene)
        if key != self._drawn_key:
            self._drawn_key, self._shown = key, set(key[1:])
            self._drawn_now = [found for name in self._shown if (found := self._scenes.get(name)) is not None]
        return self._drawn_now

    def _glow_of(self, scene: SceneState) -> float:
        """By the descriptions of the scenes that are drawn."""
        drawn = self._drawn(scene)
        if len(drawn) == 1:
            return drawn[0].file.glow
        shares = {scene.previous: 1.0 - scene.blend, scene.scene: scene.blend}
        whole = sum(shares[found.file.name] for found in drawn)
        return sum(found.file.glow * shares[found.file.name] for found in drawn) / (whole or 1.0)

    def _offer_layout(self, scene: SceneState, targets: Targets, allowed: bool) -> None:
        """The shapes' layout, to who wants it: not of a scene that shows the composed picture itself."""
        if allowed and all(found.file.composes for found in self._drawn(scene)):
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

    def _find_inner_size(self, scene: SceneState) -> tuple[int, int]:
        size = self.output.picture_size(self._surface.size)
        pixels: float = GPU_PIXELS
        if self._surface.is_software:
            pixels = min((found.file.pixels for found in self._drawn(scene)), default=256 * 144)
        return inner_size(size, self._config.render_scale, rounded_pixels(pixels * self.quality.pixels))

    def _draw_scene(
        self,
        scene: SceneState,
        targets: Targets,
        size: tuple[int, int],
        part: tuple[float, float, float, float],
        advance: bool,
    ) -> None:
        self.picture.advance(scene.t_s)
        renewal = scene.look.get("renewal", 1.0)
        if scene.blend >= 1 and renewal >= 1:
            self._prepare(scene, size, part)
            self._draw_one(scene, scene.scene, targets.scene, advance)
            return
        before, after = self._transition.layers(targets.size)
        is_changing = scene.blend < 1
        self._prepare(scene if is_changing else as_before(scene), size, part, is_still=not is_changing)
        self._draw_one(scene, scene.previous, before, advance and is_changing)
        if not is_changing:
            self._prepare(scene, size, part)
        self._draw_one(scene, scene.scene, after, advance)
        targets.scene.use()
        self._transition.draw(scene.blend if is_changing else renewal, evenly=not is_changing)

    def _prepare(
        self, scene: SceneState, size: tuple[int, int], part: tuple[float, float, float, float], is_still: bool = False
    ) -> None:
        """The frame block, the room and the pictures that are worn, for what is drawn next."""
        context = self._context
        self._fill_block(scene, size, part, is_still)
        context.disable(moderngl.DEPTH_TEST | moderngl.BLEND | moderngl.CULL_FACE)
        self.worn.use(UNITS["u_texture_before"], UNITS["u_texture"])
        self._camera.use()
        self.avatar.use(UNITS["u_avatar_before"], UNITS["u_avatar"])
        # The room shows it behind every scene, and is lit by it.
        if self.picture.strength(scene.t_s) > 0:
            self.picture.draw(scene.t_s)
        self.picture.use()
        turn: Turn = "goes on" if "renewal" not in scene.look else "hold" if is_still else "anew"
        self._environment.draw(size, scene.t_s, self.quality.pixels, turn)

    def _finish(self, targets: Targets, glow: Any, view: View) -> None:
        self._post.finish(targets, glow, self._config.brightness, self._config.saturation, view)

    def _draw_one(self, scene: SceneState, name: str, target: Any, advance: bool) -> None:
        """The room with the scene of this name in it, into the frame buffer ``target``."""
        target.use()
        target.clear(0.0, 0.0, 0.0, 0.0, depth=1.0)
        self._environment.room.fill(self._config.background == "camera")
        found = self._scenes.get(name)
        if found is None:
            return
        shapes = min(len(scene.shapes), MAX_PEOPLE)
        picture = picture_state(self.picture.strength(scene.t_s), self.picture.fade(scene.t_s))
        detail, numbers = self.quality.detail, self._scenes.values(name)
        found.draw(StepValues(shapes, len(scene.births), detail, 1.0, numbers, advance, picture))

    def _fill_block(
        self, scene: SceneState, size: tuple[int, int], part: tuple[float, float, float, float], is_still: bool
    ) -> None:
        block, look, t_s = self._block, scene.look, scene.t_s
        dt_s = 0.0 if self._drawn_s is None or is_still else min(max(t_s - self._drawn_s, 0.0), 0.1)
        self._drawn_s = self._drawn_s if is_still else t_s
        self._camera.advance(dt_s)
        self.avatar.advance(dt_s)
        looks = list(_looks_of(look))
        looks[_BLOOM] *= self._config.glow * GLOW * self._glow_of(scene)
        block.set_singles([
            *size, math.fmod(t_s, TIME_WRAP_S), look["phase"], dt_s, *part, *scene.counter.tolist(),
            scene.valence, scene.arousal, scene.presence, look["energy"], scene.welcome,
            *looks, self.worn.share(t_s), self.quality.detail, float(self._config.background == "camera"),
            *self._camera.fit(size), self._camera.share,
            self.avatar.fade(t_s), self.picture.fade(t_s), self.picture.strength(t_s), *self.avatar.place(),
        ])  # fmt: skip
        block.set("u_rooms", rooms_of(scene))
        block.set_scene(scene, self._frame % 256, dt_s)
        block.send()
        self._births.write(scene.births)
