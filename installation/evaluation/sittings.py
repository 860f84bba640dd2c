"""Visitors of ours in a scene of ours, drawn away from any screen: what captures and layouts are rendered of."""

from __future__ import annotations

import os

# Mesa looks at this when it is loaded.
os.environ.setdefault("LP_NUM_THREADS", "1")

import sys

import numpy as np

from installation.base.clock import ManualClock
from installation.base.model_files import model_file
from installation.base.notices import Notices
from installation.base.onnx_sessions import UnusableModelError
from installation.capture.simulated.performer import MAX_PERFORMERS, PerformerScript
from installation.config.settings import Config
from installation.emotion.fusion import EmotionEstimator
from installation.emotion.group import Group
from installation.evaluation.booth import TEXTURE_PX
from installation.evaluation.moods import nearer
from installation.generation.affect import affect_of
from installation.generation.generator import TextureGenerator
from installation.generation.procedural import procedural_texture
from installation.render.renderer import Renderer
from installation.render.surface import Offscreen
from installation.types import (
    EMOTIONS,
    NO_HEAD,
    ByteArray,
    EmotionEstimate,
    EmotionState,
    FloatArray,
    SceneState,
    TextureFrame,
    TextureRequest,
)


class Stage:
    """A renderer without a screen, ``size`` (width, height) in pixels, and a generator of what forms wear.

    Raises DisplayError without OpenGL.
    """

    def __init__(self, config: Config, size: tuple[int, int], seed: int) -> None:
        output = config.output.model_copy(update={"render_scale": 1.0, "quality": "medium", "background": "black"})
        self._surface = Offscreen(size)
        self._renderer = Renderer(self._surface, output, config.scene.parameters, Notices(ManualClock()))
        self._generator: TextureGenerator | None = None
        path = model_file(config.generation.model)
        try:
            self._generator = TextureGenerator(path, TEXTURE_PX, seed, config.generation.provider)
        except UnusableModelError as error:
            print(f"{error}; the procedural texture is worn", file=sys.stderr)

    def close(self) -> None:
        """Free everything."""
        self._renderer.close()
        self._surface.close()

    def draw(self, scene: SceneState) -> None:
        """Draw it; particles have a past on the graphics card only, so draw what comes before, too."""
        self._renderer.draw(scene)
        self._surface.present(lambda: None)

    def rgb(self) -> ByteArray:
        """What was drawn last: (H, W, 3) uint8 sRGB, row 0 on top."""
        return self._renderer.read_rgb()

    def layout(self, scene: SceneState) -> ByteArray:
        """(LAYOUT, LAYOUT, 4) uint8 sRGB, row 0 on top, of the shapes of ``scene``: as a painting on order takes it."""
        return self._renderer.layout_now(scene)

    def dress(self, scene: SceneState, rng: np.random.Generator) -> None:
        """Give the forms a texture for the emotion of ``scene``."""
        request = TextureRequest(scene.t_s, scene.emotion, scene.valence, scene.arousal)
        affect, place = affect_of(request), float(rng.uniform(0, 8))
        if self._generator is None:
            rgba = procedural_texture(affect, place, TEXTURE_PX)
        else:
            rgba = self._generator.generate(affect, place)
        self._renderer.set_texture(TextureFrame(scene.t_s, 1, rgba, request, "capture", 0.0), scene.t_s - 60)


class Visitors:
    """The performer's bodies with emotions of ours.

    ``zoom`` is how large they are, 1 the performer's own size; ``aside`` moves them, picture widths.
    """

    def __init__(
        self, config: Config, people: int, rng: np.random.Generator, zoom: float = 1.0, aside: float = 0.0
    ) -> None:
        self._script = PerformerScript(int(rng.integers(1 << 30)), min(max(people, 1), MAX_PERFORMERS))
        self._people, self._start_s = people, float(rng.uniform(3, 50))
        self._zoom, self._aside = zoom, aside
        self._estimator = EmotionEstimator(config.emotion, config.body, config.poses)
        self._group = Group(config.group)
        self._moods: list[tuple[FloatArray, float, float]] = []
        self.frame_size = self._script.observe(0.0, 0).frame_size

    def feel(self, rng: np.random.Generator) -> None:
        """Draw new emotions: mostly one with some of another, sometimes any mixture."""
        self._moods = []
        for _ in range(MAX_PERFORMERS):
            weights = np.full(len(EMOTIONS), 0.3)
            if rng.random() < 0.8:
                weights[rng.integers(len(EMOTIONS))] = 6.0
            probabilities = rng.dirichlet(weights).astype(np.float32)
            self._moods.append((probabilities, float(rng.uniform(-1, 1)), float(rng.uniform(-1, 1))))

    def at(self, t_s: float) -> tuple[tuple[EmotionState, ...], EmotionState | None]:
        """Who is there ``t_s`` seconds into the sitting, and the state of all."""
        if not self._people:
            return (), None
        # The script's own noise is drawn by the millisecond: its number is as good as the time.
        found = self._estimator.estimate(self._script.observe(self._start_s + t_s, round(t_s * 30)))
        states = tuple(nearer(self._felt(estimate, t_s), self._zoom, self._aside) for estimate in found)
        return states, self._group.update(states, t_s)

    def _felt(self, estimate: EmotionEstimate, t_s: float) -> EmotionState:
        probabilities, valence, arousal = self._moods[estimate.person_id % len(self._moods)]
        return EmotionState(
            t_s=t_s,
            person_id=estimate.person_id,
            probabilities=probabilities,
            # Half what the emotions say, half chance: the two are not one in visitors either.
            valence=float(np.clip(0.5 * valence + 0.5 * estimate.valence, -1, 1)),
            arousal=float(np.clip(0.5 * arousal + 0.5 * estimate.arousal, -1, 1)),
            confidence=0.8,
            energy=estimate.energy,
            openness=estimate.openness,
            position=estimate.position,
            presence=min(1.0, 0.4 + t_s / 2),
            label=EMOTIONS[int(probabilities.argmax())],
            joints=estimate.joints,
            extent=estimate.extent,
            head=NO_HEAD if estimate.head is None else estimate.head,
        )
