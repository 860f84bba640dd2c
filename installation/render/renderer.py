"""A SceneState to pixels: backdrop, shapes, bloom, tone map, output."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import moderngl
import numpy as np

from installation.config import OutputConfig
from installation.notices import Notices
from installation.render.hud import Hud
from installation.render.output_pass import OutputPass
from installation.render.programs import SHADERS, Program, reload_changed
from installation.render.surface import live_objects
from installation.render.worn_texture import WornTexture
from installation.types import ByteArray, SceneState, TextureFrame

SOFTWARE_PIXELS = {"blossom": 400 * 225, "sculpture": 256 * 144}
"""Most inner pixels where the processor draws; measured to leave a core for perception at 30 pictures a second."""
GPU_PIXELS = 2560 * 1440
PETAL_GRID = (4, 8)
BLOOM_LEVELS = 4
SCENES = ("blossom", "sculpture")


def petal_mesh(across: int, along: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Vertices (M, 2) float32, x in [-1, 1] and y in [0, 1], and triangle indices (K,) int32 of a flat grid."""
    x, y = np.meshgrid(np.linspace(-1, 1, across + 1), np.linspace(0, 1, along + 1))
    vertices = np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)
    corner = (np.arange(along)[:, None] * (across + 1) + np.arange(across)[None, :]).ravel()
    quads = [corner, corner + 1, corner + across + 1, corner + 1, corner + across + 2, corner + across + 1]
    return vertices, np.stack(quads, axis=1).astype(np.int32).ravel()


def inner_size(size: tuple[int, int], scale: float, most_pixels: int) -> tuple[int, int]:
    """(width, height) of the inner picture: ``scale`` of the window, or, at 0, as large as ``most_pixels`` allow."""
    width, height = size
    if scale <= 0:
        scale = min(1.0, math.sqrt(most_pixels / (width * height)))
    return max(16, round(width * scale)), max(16, round(height * scale))


class _Targets:
    """Frame buffers of one inner size."""

    def __init__(self, context: Any, size: tuple[int, int]) -> None:
        self.size = size
        self.colour = context.texture(size, 4, dtype="f2")
        self.depth = context.depth_renderbuffer(size)
        self.scene = context.framebuffer([self.colour], self.depth)
        self.bloom: list[tuple[Any, Any]] = []
        width, height = size
        for _ in range(BLOOM_LEVELS):
            width, height = max(2, width // 2), max(2, height // 2)
            texture = context.texture((width, height), 4, dtype="f2")
            self.bloom.append((texture, context.framebuffer([texture])))
        self.finished = context.texture(size, 4)
        self.finish = context.framebuffer([self.finished])
        for texture in (self.colour, self.finished, *(level for level, _ in self.bloom)):
            texture.repeat_x = texture.repeat_y = False
            texture.filter = (moderngl.LINEAR, moderngl.LINEAR)

    def release(self) -> None:
        """Free all."""
        for part in (self.scene, self.finish, self.colour, self.depth, self.finished):
            part.release()
        for texture, framebuffer in self.bloom:
            framebuffer.release()
            texture.release()


class Renderer:
    """Draws on ``surface``'s context; main thread only. Raises ShaderError when a shader is broken at the start."""

    def __init__(self, surface: Any, config: OutputConfig, shape_count: int, notices: Notices) -> None:
        self._surface, self._context, self._config, self._notices = surface, surface.context, config, notices
        self._shape_count = shape_count
        self.refused = 0
        self._last_good: SceneState | None = None
        context = self._context
        passes, scenes = SHADERS / "passes", SHADERS / "scenes"
        screen = scenes / "screen.vert"
        self._blossom = Program(context, scenes / "blossom.vert", scenes / "blossom.frag")
        self._sculpture = Program(context, screen, scenes / "sculpture.frag")
        self._backdrop = Program(context, screen, passes / "backdrop.frag")
        self._down = Program(context, screen, passes / "bloom_down.frag")
        self._up = Program(context, screen, passes / "bloom_up.frag")
        self._finish = Program(context, screen, passes / "finish.frag")
        self.output = OutputPass(context, config)
        self._buffers: list[Any] = []
        self._petals: Any = None
        self._screens: dict[str, Any] = {}
        self._make_geometry()
        self.worn = WornTexture(context)
        self.hud = Hud(context)
        self._camera = context.texture((2, 2), 3, bytes(12), alignment=1)
        self._targets: dict[tuple[int, int], _Targets] = {}
        self._frame = 0

    def reconfigure(self, config: OutputConfig, shape_count: int) -> None:
        """Go on with other settings of picture and shapes (size, mode and display need a restart)."""
        self._config, self._shape_count = config, shape_count
        self.output.reconfigure(config)

    def poll_shaders(self) -> None:
        """Build again what an artist has edited; a broken shader keeps the old one."""
        before = [program.program for program in self._programs()]
        reload_changed([*self._programs(), *self.output.programs()], self._notices)
        if [program.program for program in self._programs()] != before:
            self._make_geometry()

    def set_texture(self, frame: TextureFrame, t_s: float) -> None:
        """Begin at ``t_s`` seconds to fade to a newly generated picture."""
        self.worn.put(frame.rgba, t_s)

    def set_camera(self, rgb: ByteArray) -> None:
        """Take over the camera's picture (H, W, 3) for the background; its size is cut to 640 across."""
        height, width = rgb.shape[:2]
        if width > 640:
            rgb = np.asarray(
                cv2.resize(rgb, (640, round(height * 640 / width)), interpolation=cv2.INTER_AREA), np.uint8
            )
        size = (rgb.shape[1], rgb.shape[0])
        if self._camera.size != size:
            self._camera.release()
            self._camera = self._context.texture(size, 3, alignment=1)
        self._camera.write(np.ascontiguousarray(rgb).tobytes(), alignment=1)

    def draw(self, scene: SceneState, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Draw one frame into the surface, calling ``meanwhile`` where it has to wait.

        A scene with numbers that are not finite is refused: the last good one holds.
        """
        if not _is_finite(scene):
            self.refused += 1
            self._notices.fault("scene", "numbers that are not finite; the last good picture holds")
            if self._last_good is None:
                return
            scene = self._last_good
        else:
            self._notices.clear("scene")
        self._last_good = scene
        self._frame += 1
        targets = self._targets_for(scene)
        self._draw_scene(scene, targets)
        self._surface.settle(meanwhile)
        glow = self._draw_bloom(targets)
        self._draw_finish(targets, glow)
        self._surface.settle(meanwhile)
        self._draw_output(targets)

    def read_rgb(self) -> ByteArray:
        """What the surface shows: (H, W, 3) uint8 sRGB, row 0 on top."""
        width, height = self._surface.size
        data = self._surface.framebuffer.read((0, 0, width, height), components=4)
        rgba = np.frombuffer(data, np.uint8).reshape(height, width, 4)
        return np.ascontiguousarray(rgba[::-1, :, :3])

    def screenshot(self, path: Path) -> None:
        """Store what the surface shows as PNG; OSError when the place cannot be written."""
        path.parent.mkdir(parents=True, exist_ok=True)
        good, data = cv2.imencode(".png", cv2.cvtColor(self.read_rgb(), cv2.COLOR_RGB2BGR))
        if not good:
            raise OSError(f"{path} cannot be encoded")
        path.write_bytes(data.tobytes())

    def object_count(self) -> int | None:
        """OpenGL objects that live in this context, by the driver's count; None where it cannot be asked."""
        return live_objects()

    def close(self) -> None:
        """Free everything."""
        for targets in self._targets.values():
            targets.release()
        self._targets.clear()
        for part in (
            *self._programs(),
            *self._arrays(),
            *self._buffers,
            self.output,
            self.worn,
            self.hud,
            self._camera,
        ):
            part.release()

    def _programs(self) -> list[Program]:
        return [self._blossom, self._sculpture, self._backdrop, self._down, self._up, self._finish]

    def _arrays(self) -> list[Any]:
        return [self._petals, *self._screens.values()]

    def _make_geometry(self) -> None:
        context = self._context
        if self._petals is not None:
            for part in (*self._arrays(), *self._buffers):
                part.release()
        vertices, indices = petal_mesh(*PETAL_GRID)
        self._buffers = [context.buffer(vertices.tobytes()), context.buffer(indices.tobytes())]
        self._petals = context.vertex_array(
            self._blossom.program, [(self._buffers[0], "2f", "in_uv")], index_buffer=self._buffers[1]
        )
        self._screens = {program.name: context.vertex_array(program.program, []) for program in self._programs()[1:]}

    def _fill(self, program: Program) -> None:
        self._screens[program.name].render(moderngl.TRIANGLES, vertices=3)

    def _targets_for(self, scene: SceneState) -> _Targets:
        names = {scene.scene, scene.previous} if scene.blend < 1 else {scene.scene}
        pixels = min(SOFTWARE_PIXELS[name] for name in names) if self._surface.is_software else GPU_PIXELS
        size = inner_size(self.output.picture_size(self._surface.size), self._config.render_scale, pixels)
        if size not in self._targets:
            if len(self._targets) >= 3:  # a window that is being resized
                for old in self._targets.values():
                    old.release()
                self._targets.clear()
            self._targets[size] = _Targets(self._context, size)
        return self._targets[size]

    def _draw_scene(self, scene: SceneState, targets: _Targets) -> None:
        context = self._context
        palette = [tuple(float(value) for value in colour) for colour in scene.palette]
        targets.scene.use()
        targets.scene.clear(0.0, 0.0, 0.0, 0.0, depth=1.0)
        context.disable(moderngl.DEPTH_TEST | moderngl.BLEND | moderngl.CULL_FACE)
        self._backdrop.set("u_resolution", targets.size)
        self._backdrop.set("u_palette", palette)
        self._backdrop.set("u_fog", scene.look["fog"])
        self._backdrop.set("u_camera", 0)
        self._backdrop.set("u_camera_share", float(self._config.background == "camera"))
        self._camera.use(0)
        self._fill(self._backdrop)
        self.worn.use(0, 1)
        if scene.blend < 1:
            self._draw_shapes(scene, scene.previous, 1 - scene.blend, targets.size, palette)
        self._draw_shapes(scene, scene.scene, scene.blend, targets.size, palette)
        context.disable(moderngl.DEPTH_TEST | moderngl.BLEND)

    def _draw_shapes(
        self, scene: SceneState, name: str, fade: float, size: tuple[int, int], palette: list[tuple[float, ...]]
    ) -> None:
        program = self._blossom if name == "blossom" else self._sculpture
        for key, value in scene.look.items():
            program.set("u_texture_amount" if key == "texture" else f"u_{key}", value)
        program.set("u_resolution", size)
        program.set("u_palette", palette)
        program.set("u_fade", fade)
        program.set("u_texture_before", 0)
        program.set("u_texture", 1)
        program.set("u_texture_share", self.worn.share(scene.t_s))
        context = self._context
        context.enable(moderngl.BLEND)
        context.blend_func = moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA
        for row in scene.shapes:
            x, y, scale, _, presence, _, _, hue, seed, _ = (float(value) for value in row)
            program.set("u_place", (x, y, scale))
            program.set("u_self", (seed, presence, hue))
            if name == "blossom":
                context.enable(moderngl.DEPTH_TEST)
                program.set("u_count", self._shape_count)
                self._petals.render(moderngl.TRIANGLES, instances=self._shape_count)
            else:
                context.disable(moderngl.DEPTH_TEST)
                self._fill(self._sculpture)

    def _draw_bloom(self, targets: _Targets) -> Any:
        context = self._context
        source = targets.colour
        for level, (texture, framebuffer) in enumerate(targets.bloom):
            framebuffer.use()
            source.use(0)
            self._down.set("u_source", 0)
            self._down.set("u_texel", (1 / source.size[0], 1 / source.size[1]))
            self._down.set("u_threshold", 0.55 if level == 0 else 0.0)
            self._fill(self._down)
            source = texture
        context.enable(moderngl.BLEND)
        context.blend_func = moderngl.ONE, moderngl.ONE
        for level in range(BLOOM_LEVELS - 1, 0, -1):
            texture = targets.bloom[level][0]
            targets.bloom[level - 1][1].use()
            texture.use(0)
            self._up.set("u_source", 0)
            self._up.set("u_texel", (1 / texture.size[0], 1 / texture.size[1]))
            self._fill(self._up)
        context.disable(moderngl.BLEND)
        return targets.bloom[0][0]

    def _draw_finish(self, targets: _Targets, glow: Any) -> None:
        targets.finish.use()
        targets.colour.use(0)
        glow.use(1)
        finish = self._finish
        finish.set("u_source", 0)
        finish.set("u_bloom", 1)
        finish.set("u_bloom_amount", self._config.bloom * 0.5)
        finish.set("u_exposure", self._config.exposure)
        finish.set("u_grain", float(self._frame % 256))
        finish.set("u_resolution", targets.size)
        self._fill(finish)

    def _draw_output(self, targets: _Targets) -> None:
        self.output.draw(targets.finished, self.hud, self._surface.framebuffer, self._surface.size)


def _is_finite(scene: SceneState) -> bool:
    numbers = [scene.blend, *scene.look.values()]
    return (
        all(math.isfinite(value) for value in numbers)
        and bool(np.isfinite(scene.shapes).all())
        and bool(np.isfinite(scene.palette).all())
    )
