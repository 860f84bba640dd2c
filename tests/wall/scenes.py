"""Scenes of a small show, as a leader tells them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from installation.config.scene import SceneConfig
from installation.scene.scene import Scene
from installation.types import EMOTIONS, EmotionState, SceneState
from installation.wall.messages import WallState

STEP_S = 0.04


def visitor(number: int, t_s: float, x: float = 0.5) -> EmotionState:
    probabilities = np.full(7, 0.05, np.float32)
    probabilities[EMOTIONS.index("happy")] = 0.70
    return EmotionState(t_s, number, probabilities, 0.6, 0.4, 0.9, 0.5, 0.6, (x, 0.5, 0.8), 1.0, "happy")


def scenes(count: int, people: int = 1, start_s: float = 100.0) -> list[SceneState]:
    """So many frames of a show with visitors who walk to the right; a shape is born when they have held their emotion."""
    scene = Scene(SceneConfig(birth_hold_s=0.5), 1)
    found = []
    for k in range(count):
        t_s = start_s + k * STEP_S
        states = tuple(visitor(n, t_s, 0.2 + 0.2 * n + 0.002 * k) for n in range(people))
        found.append(scene.update(states, states[0] if states else None, t_s, STEP_S))
    return found


def told(scene: SceneState, number: int, epoch: str = "one", **more: object) -> WallState:
    return replace(WallState(epoch, number, scene, STEP_S), **more)  # type: ignore[arg-type]
