"""Visitors from films at three distances, and scenes drawn of them away from any screen: for film strips and stills."""

from __future__ import annotations

import os

# Mesa looks at this when it is loaded.
os.environ.setdefault("LP_NUM_THREADS", "1")

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from installation.base.clock import ManualClock
from installation.base.model_files import model_file
from installation.base.notices import Notices
from installation.capture.simulated.performer import PerformerScript
from installation.capture.simulated.picture import figure_picture, figure_silhouette
from installation.config.factors import strengthened_picture
from installation.config.settings import Config
from installation.emotion.fusion import EmotionEstimator
from installation.emotion.group import Group
from installation.emotion.smoothing import Smoother
from installation.evaluation.moods import NEARER_Y, nearer
from installation.evaluation.presence import clip_frames
from installation.evaluation.timeline_read import count_frames
from installation.generation.affect import affect_of
from installation.generation.generator import TextureGenerator
from installation.generation.picture_generator import PictureGenerator, PictureWalk
from installation.perception.build import build_perceiver
from installation.render.quality import Quality
from installation.render.renderer import Renderer
from installation.render.surface import Offscreen
from installation.scene.scene import Scene
from installation.types import (
    EMOTIONS,
    ByteArray,
    EmotionState,
    FloatArray,
    Frame,
    Observation,
    PictureFrame,
    PictureRequest,
    SceneState,
    Silhouette,
    TextureFrame,
    TextureRequest,
)

HEAD_HEIGHTS = {"near": 0.62, "half": 0.24, "far": 0.11}
"""How high a head stands in the picture at each distance, as a share of it: face and shoulders, down to the hips, a body."""
ASPECT = 4 / 3
SEEN_PX = 720
"""Height of the picture that perception gets."""
FIND_EVERY = 5
TEXTURE_PX = 256
FPS = 25
PLAYED_S = 2.5
FEELS = {
    "angry": (-0.6, 0.7),
    "disgust": (-0.6, 0.1),
    "fear": (-0.6, 0.5),
    "happy": (0.8, 0.5),
    "sad": (-0.7, -0.4),
    "surprise": (0.2, 0.8),
    "neutral": (0.0, 0.0),
}
"""Valence and arousal of a mood that is put on."""


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A frame of a film as the piece sees it: who is there, what they feel, and their outline."""

    t_s: float
    frame_size: tuple[int, int]
    states: tuple[EmotionState, ...]
    group: EmotionState | None
    silhouette: Silhouette


def distant(frame: Frame, head: tuple[float, float, float] | None, distance: str) -> Frame:
    """``frame`` cut so that ``head`` (middle x, y and height, pixels) stands as high in it as ``distance`` says, a third from
    the top; as far as the picture reaches. Without a head, or where that is wider than the film, all of it."""
    height, width = frame.rgb.shape[:2]
    if head is None:
        return frame
    x, y, high = head
    down = min(high / HEAD_HEIGHTS[distance], float(height), width / ASPECT)
    across = down * ASPECT
    left = float(np.clip(x - 0.5 * across, 0.0, width - across))
    top = float(np.clip(y - 0.38 * down, 0.0, height - down))
    cut = frame.rgb[round(top) : round(top + down), round(left) : round(left + across)]
    size = (round(SEEN_PX * ASPECT), SEEN_PX)
    interpolation = cv2.INTER_AREA if down > SEEN_PX else cv2.INTER_CUBIC
    return replace(frame, rgb=np.ascontiguousarray(cv2.resize(cut, size, interpolation=interpolation)))


def film(path: Path, config: Config, distance: str, seconds: float, from_s: float = 0.0) -> list[Moment]:
    """``seconds`` of a film (or still) from ``from_s`` at ``distance`` (one of HEAD_HEIGHTS), as the piece sees it.

    A film that is shorter begins again. Raises EvaluationError, ModelError.
    """
    frames = list(_frames(path, from_s, seconds))
    head = _head(frames, config)
    perceiver = build_perceiver(config.perception)
    estimator, smoother = EmotionEstimator(config.emotion, config.body, config.poses), Smoother(config.smoothing)
    group, moments = Group(config.group), []
    try:
        for frame in frames:
            cut = distant(frame, head, distance)
            seen = perceiver.perceive(cut, masks=True)
            states = smoother.update(estimator.estimate(seen), frame.t_s)
            alpha = perceiver.silhouette()
            rgb = np.asarray(cv2.resize(cut.rgb, (320, 240), interpolation=cv2.INTER_AREA), np.uint8)
            mask = np.zeros((180, 240), np.uint8) if alpha is None else alpha
            outline = Silhouette(frame.t_s, frame.seq, mask, rgb)
            size = (cut.rgb.shape[1], cut.rgb.shape[0])
            moments.append(Moment(frame.t_s, size, states, group.update(states, frame.t_s), outline))
    finally:
        perceiver.close()
    return moments


def _frames(path: Path, from_s: float, seconds: float) -> Iterator[Frame]:
    kept = [frame for frame in clip_frames(path, count_frames(path)) if from_s <= frame.t_s < from_s + seconds]
    step_s = kept[1].t_s - kept[0].t_s if len(kept) > 1 else 1 / 25
    for n in range(round(seconds / step_s)):
        yield replace(kept[n % len(kept)], t_s=n * step_s, seq=n)


def _head(frames: Sequence[Frame], config: Config) -> tuple[float, float, float] | None:
    """Middle and height, in pixels, of the largest head over a film; None where none is seen."""
    perceiver = build_perceiver(config.perception)
    estimator = EmotionEstimator(config.emotion, config.body, config.poses)
    found = []
    try:
        for frame in frames[::FIND_EVERY]:
            seen: Observation = perceiver.perceive(frame)
            heads = [one.head for one in estimator.estimate(seen) if one.head is not None]
            if heads:
                width, height = seen.frame_size
                x, y, half = max(heads, key=lambda head: float(head[2]))[:3].tolist()
                found.append((x * width, y * height, 2 * half * height))
    finally:
        perceiver.close()
    if not found:
        return None
    x, y, high = np.median(np.array(found), axis=0).tolist()
    return x, y, high


def in_mood(state: EmotionState, mood: str) -> EmotionState:
    """``state`` with another emotion: everything else is the visitor's own. KeyError for a word that is no emotion."""
    probabilities = np.full(len(EMOTIONS), 0.04, np.float32)
    probabilities[EMOTIONS.index(mood)] += 1.0 - float(probabilities.sum())
    valence, arousal = FEELS[mood]
    return replace(state, probabilities=probabilities, valence=valence, arousal=arousal, label=mood)


class AsCard(Offscreen):
    """Draws what a graphics card would, whatever draws it: all pixels, all detail, the whole room for each picture."""

    @property
    def is_software(self) -> bool:
        """False: where a processor draws, it takes its time."""
        return False


class FilmStage:
    """A renderer without a screen, ``size`` (width, height), with the generators of what forms wear and of composed pictures.

    ``quality`` as ``output.quality``; ``card``: as a graphics card draws it; ``config``'s other settings hold. Raises
    DisplayError without OpenGL, UnusableModelError without the weights.
    """

    def __init__(
        self, config: Config, size: tuple[int, int], quality: str = "medium", seed: int = 1, card: bool = False
    ) -> None:
        output = config.output.model_copy(update={"render_scale": 1.0, "quality": quality, "background": "black"})
        self._config, self._seed = config, seed
        self._surface = AsCard(size) if card else Offscreen(size)
        self.notices = Notices(ManualClock())
        self._renderer = Renderer(self._surface, output, config.scene.parameters, self.notices)
        self._renderer.picture.reconfigure(strengthened_picture(config.picture, config.generation.strength))
        generation = config.generation
        self._textures = TextureGenerator(model_file(generation.model), TEXTURE_PX, seed, generation.provider)
        self._pictures = PictureGenerator(model_file(config.picture.model))

    @property
    def quality(self) -> Quality:
        """What it draws with."""
        return self._renderer.quality

    def close(self) -> None:
        """Free everything."""
        self._renderer.close()
        self._surface.close()

    def dress(self, mood: str | None, seed: int, picture: bool = True) -> None:
        """Texture and composed picture for ``mood`` (None: nobody is there), as they have been there for a while."""
        rng = np.random.default_rng([self._seed, seed])
        shares = np.full(len(EMOTIONS), 1 / len(EMOTIONS), np.float32) if mood is None else _certain(mood)
        valence, arousal = (0.0, -0.3) if mood is None else FEELS[mood]
        request = TextureRequest(0.0, shares, valence, arousal)
        rgba = self._textures.generate(affect_of(request), float(rng.uniform(0, 8)))
        self._renderer.set_texture(TextureFrame(0.0, seed, rgba, request, "film", 0.0), -60.0)
        if picture:
            order = PictureRequest(0.0, shares, valence, arousal, 0)
            latents = PictureWalk(self._pictures.shapes, self._seed, seed, 0).at(0.0)
            painted = self._pictures.paint(affect_of(order), latents)
            self._renderer.set_picture(PictureFrame(0.0, seed, seed, painted, order, "film", 0.0), -60.0)

    def draw(self, scene: SceneState, silhouette: Silhouette | None = None) -> None:
        """Draw it; particles have a past on the graphics card only, so draw what comes before, too."""
        self._renderer.set_silhouette(silhouette if self._renderer.wants_silhouettes(scene) else None)
        self._renderer.draw(scene)
        self._surface.present(lambda: None)

    def rgb(self) -> ByteArray:
        """What was drawn last: (H, W, 3) uint8 sRGB, row 0 on top."""
        return self._renderer.read_rgb()


def _certain(mood: str) -> FloatArray:
    shares = np.zeros(len(EMOTIONS), np.float32)
    shares[EMOTIONS.index(mood)] = 1.0
    return shares


def play(
    config: Config, name: str, moments: Sequence[Moment], mood: str | None, seed: int
) -> Iterator[tuple[Moment, SceneState]]:
    """The scenes of ``name`` while ``moments`` pass; with ``mood`` all visitors show it, else their own."""
    scene = Scene(config.scene.model_copy(update={"name": name}), seed, config.look)
    last_s = moments[0].t_s - 1 / 25
    for moment in moments:
        scene.look_through(moment.frame_size)
        states, group = moment.states, moment.group
        if mood is not None:
            states = tuple(in_mood(state, mood) for state in states)
            group = in_mood(group, mood) if group is not None else None
        yield moment, scene.update(states, group, moment.t_s, moment.t_s - last_s)
        last_s = moment.t_s


def performed(config: Config, mood: str, seed: int, zoom: float = 1.0) -> list[Moment]:
    """The simulated performer playing ``mood`` for PLAYED_S, and what came before it as long; ``zoom`` 1 is as far off as it
    always is, more is nearer (see ``moods.nearer``)."""
    script = PerformerScript(seed)
    end_s = next(t_s for t_s in np.arange(0.0, 200.0, 0.1).tolist() if _plays(script, mood, t_s))
    estimator, smoother = EmotionEstimator(config.emotion, config.body, config.poses), Smoother(config.smoothing)
    group, moments = Group(config.group), []
    for n in range(round(2 * PLAYED_S * FPS)):
        t_s = n / FPS
        seen = script.observe(max(0.0, end_s - 2 * PLAYED_S) + t_s, n)
        states = tuple(nearer(state, zoom) for state in smoother.update(estimator.estimate(seen), t_s))
        outline = Silhouette(
            t_s, n, _zoomed(figure_silhouette(seen, 256, 144), zoom), _zoomed(figure_picture(seen, 256, 144), zoom)
        )
        moments.append(Moment(t_s, seen.frame_size, states, group.update(states, t_s), outline))
    return moments


def _plays(script: PerformerScript, mood: str, t_s: float) -> bool:
    """Whether the performer has played ``mood`` for PLAYED_S at ``t_s`` seconds."""
    return t_s > 2 * PLAYED_S and all(script.mood(t_s - back) == mood for back in (0.0, 0.5 * PLAYED_S, PLAYED_S))


def _zoomed(picture: ByteArray, zoom: float) -> ByteArray:
    height, width = picture.shape[:2]
    matrix = np.array([[zoom, 0, 0.5 * width * (1 - zoom)], [0, zoom, NEARER_Y * height * (1 - zoom)]])
    return np.asarray(cv2.warpAffine(picture, matrix, (width, height)), np.uint8)
