"""Draws small pictures of scenes away from any screen, for contact sheets and measurements."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from installation.base.clock import ManualClock
from installation.base.model_files import model_file
from installation.base.notices import Notices
from installation.base.onnx_sessions import UnusableModelError
from installation.config.look import NOBODY
from installation.config.settings import Config
from installation.evaluation.moods import STEP_S, lived, standing
from installation.generation.affect import affect_of
from installation.generation.generator import TextureGenerator
from installation.generation.procedural import procedural_texture
from installation.render.passes.room_lots import NO_SCENE
from installation.render.renderer import Renderer
from installation.render.surface import Offscreen
from installation.types import ByteArray, SceneState, TextureFrame, TextureRequest

DRAWN_S = 2.0
"""So long before the picture is taken everything is drawn: particles have a past on the graphics card only."""
DRAW_EVERY = 3
"""Of the scene's steps only every third is drawn before that."""
MOTION_STEPS = 3
"""Steps between the two last pictures, from which motion is taken."""
TEXTURE_PX = 128


class Booth:
    """A renderer, its surface of ``size`` (width, height) and a generator. Raises DisplayError without OpenGL.

    ``textures`` says who generates: the model's file, or "procedural" where it is missing.
    """

    def __init__(self, config: Config, size: tuple[int, int]) -> None:
        self._config = config
        output = config.output.model_copy(update={"render_scale": 1.0, "quality": "medium", "background": "black"})
        self._surface = Offscreen(size)
        self.notices = Notices(ManualClock())
        self._renderer = Renderer(self._surface, output, config.scene.parameters, self.notices)
        self._generator: TextureGenerator | None = None
        self.textures = "procedural"
        try:
            path = model_file(config.generation.model)
            self._generator = TextureGenerator(path, TEXTURE_PX, 1, config.generation.provider)
            self.textures = config.generation.model
        except UnusableModelError as error:
            self.notices.fallback("textures", f"{error}; the procedural texture is shown")

    def close(self) -> None:
        """Free everything."""
        self._renderer.close()
        self._surface.close()

    def pictures(self, name: str, mood: str, seed: int) -> tuple[ByteArray, ByteArray]:
        """Two pictures (H, W, 3) uint8 sRGB of a scene in a mood (see ``moods.lived``), MOTION_STEPS apart, the later last."""
        self._renderer.set_silhouette(standing(self._config, seed)[2] if mood != NOBODY else None)
        scenes = list(lived(self._config, name, mood, seed))
        self._renderer.set_texture(self._texture(scenes[-1], seed), scenes[0].t_s - 60)
        first = len(scenes) - round(DRAWN_S / STEP_S)
        for scene in scenes[first : -MOTION_STEPS - 1 : DRAW_EVERY]:
            self._draw(scene)
        return self._draw(scenes[-MOTION_STEPS - 1]), self._draw(scenes[-1])

    def still(self, name: str, mood: str, seed: int) -> tuple[ByteArray, ByteArray, float]:
        """A picture as ``pictures`` gives it, the same room without the scene, both (H, W, 3) uint8 sRGB, and how much of the
        room the scene hides, [0, 1]: light that is added hides nothing."""
        _, picture = self.pictures(name, mood, seed)
        hidden = float(self._renderer.layout_now(self.last)[:, :, 3].mean()) / 255
        alone = replace(self.last, scene=self.last.scene + NO_SCENE, previous="", blend=1.0)
        return picture, self._draw(alone), hidden

    def _draw(self, scene: SceneState) -> ByteArray:
        self.last = scene
        self._renderer.draw(scene)
        self._surface.present(lambda: None)
        return self._renderer.read_rgb()

    def _texture(self, scene: SceneState, seed: int) -> TextureFrame:
        request = TextureRequest(scene.t_s, scene.emotion, scene.valence, scene.arousal)
        place = np.random.default_rng([seed, 9]).uniform(0, 8)
        affect = affect_of(request)
        if self._generator is None:
            rgba = procedural_texture(affect, place, TEXTURE_PX)
        else:
            rgba = self._generator.generate(affect, place)
        return TextureFrame(scene.t_s, seed, rgba, request, self.textures, 0.0)
