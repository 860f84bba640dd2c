"""A SceneState to linear light in a frame buffer: the room, the scene in it, or two while they change."""

from __future__ import annotations

import math
from collections.abc import Callable
from operator import itemgetter
from typing import Any

import moderngl

from installation.base.notices import Notices
from installation.config.output import OutputConfig
from installation.config.scene_files import ROOMS
from installation.config.wall import Part
from installation.render.passes.avatar_layer import AvatarLayer
from installation.render.passes.camera_layer import CameraLayer
from installation.render.passes.environment import Environment, Turn
from installation.render.passes.picture_layer import PictureLayer
from installation.render.passes.room_lots import rooms_of
from installation.render.passes.targets import Targets
from installation.render.passes.transition import Transition, as_before
from installation.render.passes.worn_texture import WornTexture
from installation.render.quality import Quality
from installation.render.scene_numbers import TIME_WRAP_S
from installation.render.scenes.drawn_scene import DrawnScene
from installation.render.scenes.scene_library import SceneLibrary
from installation.render.scenes.step import BirthBuffer, StepValues, picture_state
from installation.render.shaders.frame_block import FrameBlock
from installation.render.shaders.programs import Program
from installation.render.shaders.uniforms import LOOK_RUN, UNITS
from installation.types import MAX_PEOPLE, SceneState

GLOW = 0.3
"""Of a look's bloom, at ``output.glow`` 1."""
LOOK_KEYS = [{"u_texture_amount": "texture", "u_bloom_amount": "bloom"}.get(name, name[2:]) for name in LOOK_RUN]
"""Names of a look's numbers that the frame block holds, in its order."""
_looks_of, _BLOOM = itemgetter(*LOOK_KEYS), LOOK_KEYS.index("bloom")
Size = tuple[float, float]


def whole_size(part_px: tuple[int, int], part: Part) -> Size:
    """Pixels (width, height) that the whole picture would have, of which ``part`` has ``part_px``; no whole numbers, so that
    neighbours agree about the picture's form."""
    return part_px[0] / part[2], part_px[1] / part[3]


class SceneDrawing:
    """What of the picture lies before glow and tone map. GL thread only; ``config`` and ``quality`` are asked each time."""

    def __init__(
        self,
        context: Any,
        on_processor: bool,
        notices: Notices,
        config: Callable[[], OutputConfig],
        quality: Callable[[], Quality],
    ) -> None:
        self._context, self._config, self._quality = context, config, quality
        self._block = FrameBlock(context)
        self._births = BirthBuffer(context)
        self.scenes = SceneLibrary(context, self._births, notices, on_processor=on_processor)
        self._environment = Environment(context, self._block, on_processor=on_processor)
        self.worn = WornTexture(context)
        self.avatar = AvatarLayer(context)
        self.picture = PictureLayer(context)
        self.camera = CameraLayer(context)
        self._transition = Transition(context)
        self._drawn_s: float | None = None
        self._drawn_key = tuple[Any, ...]()
        self._drawn_now: list[DrawnScene] = []
        self.in_step = False
        """Whether other machines draw the same moment: nothing is then left from one picture to the next that need not be."""
        self.frame = 0
        """Counts pictures; the same on all machines of a wall."""
        self.shown: set[str] = set()
        """Names of the scenes that were drawn last."""

    @property
    def programs(self) -> list[Program]:
        """Of all that is drawn but for the scenes."""
        return [self.picture.program, *self._environment.programs, *self._transition.programs]

    def look_again(self) -> None:
        """A scene's file may have changed."""
        self._drawn_key = ()

    def drawn(self, scene: SceneState) -> list[DrawnScene]:
        """What is drawn now, but for scenes that are broken: one, or two while they cross-fade. Looked up once a picture."""
        key = (self.frame, scene.scene, scene.previous if scene.blend < 1 else scene.scene)
        if key != self._drawn_key:
            self._drawn_key, self.shown = key, set(key[1:])
            self._drawn_now = [found for name in self.shown if (found := self.scenes.get(name)) is not None]
        return self._drawn_now

    def draw(
        self, scene: SceneState, targets: Targets, size: Size, part: Part, advance: bool, again: bool = False
    ) -> None:
        """Draw the ``part`` of a picture of ``size`` pixels into ``targets``. ``advance``: time goes on. ``again``: the same
        picture was just drawn, whole or another part of it: what belongs to the whole picture stays as it is."""
        self.picture.advance(scene.t_s)
        renewal = scene.look.get("renewal", 1.0)
        if scene.blend >= 1 and renewal >= 1:
            self._prepare(scene, size, part, again=again)
            self._draw_one(scene, scene.scene, targets.scene, advance)
            return
        before, after = self._transition.layers(targets.size)
        is_changing = scene.blend < 1
        first = scene if is_changing else as_before(scene)
        self._prepare(first, size, part, is_still=not is_changing, again=again and is_changing)
        self._draw_one(scene, scene.previous, before, advance and is_changing)
        if not is_changing:
            self._prepare(scene, size, part)
        self._draw_one(scene, scene.scene, after, advance)
        targets.scene.use()
        self._transition.draw(scene.blend if is_changing else renewal, evenly=not is_changing)

    def release(self) -> None:
        """Free everything."""
        for part in (self.scenes, self._environment, self._block, self._births, self._transition):
            part.release()
        for layer in (self.worn, self.avatar, self.picture, self.camera):
            layer.release()

    @property
    def _has_camera_behind(self) -> bool:
        """A wall has not: the camera's picture stays on the machine that sees."""
        return self._config().background == "camera" and not self.in_step

    def _glow_of(self, scene: SceneState) -> float:
        """By the descriptions of the scenes that are drawn."""
        drawn = self.drawn(scene)
        if len(drawn) == 1:
            return drawn[0].file.glow
        shares = {scene.previous: 1.0 - scene.blend, scene.scene: scene.blend}
        whole = sum(shares[found.file.name] for found in drawn)
        return sum(found.file.glow * shares[found.file.name] for found in drawn) / (whole or 1.0)

    def _prepare(self, scene: SceneState, size: Size, part: Part, is_still: bool = False, again: bool = False) -> None:
        """The frame block, the room and the pictures that are worn, for what is drawn next."""
        context = self._context
        self._fill_block(scene, size, part, is_still)
        context.disable(moderngl.DEPTH_TEST | moderngl.BLEND | moderngl.CULL_FACE)
        self.worn.use(UNITS["u_texture_before"], UNITS["u_texture"])
        self.camera.use()
        self.avatar.use(UNITS["u_avatar_before"], UNITS["u_avatar"])
        # The room shows it behind every scene, and is lit by it.
        if self.picture.strength(scene.t_s) > 0:
            self.picture.draw(scene.t_s)
        self.picture.use()
        if again:
            self._environment.use()
            return
        goes_on = "renewal" not in scene.look and not self.in_step
        turn: Turn = "goes on" if goes_on else "hold" if is_still else "anew"
        self._environment.draw(size, scene.t_s, self._quality().pixels, turn)

    def _draw_one(self, scene: SceneState, name: str, target: Any, advance: bool) -> None:
        """The room with the scene of this name in it, into the frame buffer ``target``."""
        target.use()
        target.clear(0.0, 0.0, 0.0, 0.0, depth=1.0)
        self._environment.room.fill(self._has_camera_behind)
        found = self.scenes.get(name)
        if found is None:
            return
        shapes = min(len(scene.shapes), MAX_PEOPLE)
        picture = picture_state(self.picture.strength(scene.t_s), self.picture.fade(scene.t_s))
        detail, numbers = self._quality().detail, self.scenes.values(name)
        found.draw(StepValues(shapes, len(scene.births), detail, 1.0, numbers, advance, picture))

    def _fill_block(self, scene: SceneState, size: Size, part: Part, is_still: bool) -> None:
        block, look, t_s, config = self._block, scene.look, scene.t_s, self._config()
        dt_s = 0.0 if self._drawn_s is None or is_still else min(max(t_s - self._drawn_s, 0.0), 0.1)
        self._drawn_s = self._drawn_s if is_still else t_s
        self.camera.advance(dt_s)
        self.avatar.advance(dt_s)
        looks = list(_looks_of(look))
        looks[_BLOOM] *= config.glow * GLOW * self._glow_of(scene)
        block.set_singles([
            *size, math.fmod(t_s, TIME_WRAP_S), look["phase"], dt_s, *part, *scene.counter.tolist(),
            scene.valence, scene.arousal, scene.presence, look["energy"], scene.welcome,
            *looks, self.worn.share(t_s), self._quality().detail, float(self._has_camera_behind),
            *self.camera.fit(size), self.camera.share,
            self.avatar.fade(t_s), self.picture.fade(t_s), self.picture.strength(t_s), *self.avatar.place(),
            *(ROOMS.index(self.scenes.room(name)) for name in (scene.scene, scene.previous)),
        ])  # fmt: skip
        block.set("u_rooms", rooms_of(scene))
        block.set_scene(scene, self.frame % 256, dt_s)
        block.send()
        self._births.write(scene.births)
