"""Visitors in a mood, for judging pictures: states as the piece really has them, without a camera.

The mood alone differs. The visitor stands the same way in each of them, so that what distinguishes the pictures is the
look and not the performer's posture.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np

from installation.capture.simulated.performer import PerformerScript
from installation.capture.simulated.picture import figure_picture
from installation.config.look import NOBODY
from installation.config.settings import Config
from installation.emotion.fusion import EmotionEstimator
from installation.scene.scene import Scene
from installation.types import EMOTIONS, NO_HEAD, EmotionEstimate, EmotionState, Observation, SceneState, Silhouette

STEP_S = 1 / 30
STAND_S = 1.5
"""From here on the performer stands at rest."""
PAST_S = 0.7
"""How long each emotion of a visitor's past lasted: long enough for a shape to be born of it."""
HELD_S = 2.6
"""How long the mood is held."""
CAMERA_PX = (320, 180)
NEARER_Y = 0.35
HALF, BUST = 1.6, 2.8
"""From so many times its usual size a body is seen down to the hips, and down to the shoulders, only."""

# Means of the smoothed readings of the simulated performer in each act: angry, disgust, fear, happy, sad, surprise, neutral;
# then valence, arousal, energy, openness.
READINGS: dict[str, tuple[tuple[float, ...], float, float, float, float]] = {
    "angry": ((0.57, 0.06, 0.06, 0.03, 0.03, 0.11, 0.14), -0.35, 0.62, 0.46, 0.05),
    "disgust": ((0.03, 0.62, 0.04, 0.04, 0.04, 0.04, 0.19), -0.39, 0.18, 0.05, 0.24),
    "fear": ((0.03, 0.03, 0.47, 0.05, 0.03, 0.05, 0.34), -0.23, 0.42, 0.07, 0.22),
    "happy": ((0.03, 0.03, 0.03, 0.63, 0.03, 0.17, 0.08), 0.55, 0.65, 0.57, 0.95),
    "sad": ((0.03, 0.08, 0.03, 0.03, 0.70, 0.03, 0.10), -0.58, -0.28, 0.02, 0.19),
    "surprise": ((0.03, 0.03, 0.03, 0.18, 0.03, 0.60, 0.10), 0.22, 0.65, 0.16, 0.90),
    "neutral": ((0.03, 0.04, 0.04, 0.03, 0.03, 0.04, 0.79), -0.05, 0.00, 0.03, 0.22),
}
CONCENTRATION = 40.0
"""Of the Dirichlet distribution that readings are drawn from: a share of 0.6 varies by 0.08."""
AFFECT_DEVIATION = 0.08


def reading(emotion: str, rng: np.random.Generator, x: float = 0.5) -> EmotionState:
    """A state such as a visitor has in an emotion, with the doubt of real readings. KeyError for another word."""
    mean, valence, arousal, energy, openness = READINGS[emotion]
    probabilities = rng.dirichlet(np.array(mean) * CONCENTRATION).astype(np.float32)
    off = rng.normal(0.0, AFFECT_DEVIATION, 4)
    return EmotionState(
        t_s=0.0,
        person_id=1,
        probabilities=probabilities / probabilities.sum(),
        valence=float(np.clip(valence + off[0], -1, 1)),
        arousal=float(np.clip(arousal + off[1], -1, 1)),
        confidence=0.8,
        energy=float(np.clip(energy + off[2], 0, 1)),
        openness=float(np.clip(openness + off[3], 0, 1)),
        position=(x, 0.55, 0.75),
        presence=1.0,
        label=emotion,
    )


def standing(config: Config, seed: int) -> tuple[list[EmotionEstimate], tuple[int, int], Silhouette]:
    """A visitor at rest: estimates at STEP_S for a second and a half, the camera picture's size, and the outline in it."""
    script = PerformerScript(seed)
    estimator = EmotionEstimator(config.emotion, config.body, config.poses)
    estimates: list[EmotionEstimate] = []
    size, seen = (1280, 720), Observation(0.0, 0, (), (1280, 720))
    for n in range(45):
        seen = script.observe(STAND_S + n * STEP_S, n)
        size = seen.frame_size
        estimates += estimator.estimate(seen)
    rgb = figure_picture(seen, *CAMERA_PX)
    inside = np.asarray((rgb.max(axis=2) > 0) * np.uint8(255), np.uint8)
    return estimates, size, Silhouette(seen.t_s, 1, np.asarray(cv2.blur(inside, (3, 3)), np.uint8), rgb)


def nearer(state: EmotionState, zoom: float, aside: float = 0.0) -> EmotionState:
    """``state`` of a body that has stepped nearer: ``zoom`` times as large about where the camera looks, the eyes a third from
    the top, and moved ``aside`` by so many picture widths."""
    if zoom == 1.0 and aside == 0.0:
        return state
    x, y, size = state.position
    place = (0.5 + zoom * (x - 0.5) + aside, y, size * zoom)
    joints, head = state.joints, state.head.copy()
    if joints is not None:
        joints = joints.copy()
        joints[:, 0] = 0.5 + zoom * (joints[:, 0] - 0.5) + aside
        joints[:, 1] = NEARER_Y + zoom * (joints[:, 1] - NEARER_Y)
        joints[:, 2] *= zoom
    head[0] = 0.5 + zoom * (head[0] - 0.5) + aside
    head[1:3] = NEARER_Y + zoom * (head[1] - NEARER_Y), zoom * head[2]
    extent = state.extent if zoom < HALF or state.extent != "whole" else "half" if zoom < BUST else "bust"
    return replace(state, position=place, joints=joints, extent=extent, head=head)


def in_body(state: EmotionState, body: EmotionEstimate) -> EmotionState:
    """The state with a body's joints and head."""
    return replace(state, joints=body.joints, head=NO_HEAD if body.head is None else body.head)


def lived(config: Config, name: str, mood: str, seed: int) -> Iterator[SceneState]:
    """The scenes of a visitor (for NOBODY, of an empty room) up to HELD_S in ``mood``, STEP_S apart.

    Before it the visitor has been through the other emotions in an order that ``seed`` draws, as births remember.
    """
    rng = np.random.default_rng([seed, 7])
    bodies, size, _ = standing(config, seed)
    scene = Scene(config.scene.model_copy(update={"name": name}), seed, config.look)
    scene.look_through(size)
    if mood == NOBODY:
        moods: list[tuple[EmotionState | None, float]] = [(None, HELD_S)]
    else:
        x = float(rng.uniform(0.42, 0.58))
        past = [emotion for emotion in rng.permutation(EMOTIONS) if emotion != mood]
        moods = [(reading(emotion, rng, x), PAST_S) for emotion in past]
        moods.append((reading(mood, np.random.default_rng([seed, 8]), x), HELD_S))
    step = 0
    for state, seconds in moods:
        for _ in range(round(seconds / STEP_S)):
            states = () if state is None else (in_body(state, bodies[step % len(bodies)]),)
            yield scene.update(states, next(iter(states), None), step * STEP_S, STEP_S)
            step += 1
