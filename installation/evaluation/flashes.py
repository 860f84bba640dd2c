"""How often every scene flashes at its wildest, with the flash limiter and without.

    run.py evaluate flashes                  all scenes, twelve seconds each
    run.py evaluate flashes --scenes swarm --seconds 30

Wildest: the look's shaking, beat, turbulence, speed and glow at the top of their ranges for every emotion, scene.pace too;
surprise and anger in turn, arousal and energy 1; visitors who come and go, so that there are welcomes and births; scene changes
and a painting shown large. docs/evaluation.md explains the columns.
"""

from __future__ import annotations

import os

os.environ.setdefault("LP_NUM_THREADS", "1")

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from installation.base.arguments import size as parse_size
from installation.base.clock import ManualClock
from installation.base.files import PROGRAM
from installation.base.notices import Notices
from installation.config.look import LOOK_NAMES, LookConfig
from installation.config.output import OutputConfig
from installation.config.scene import SceneConfig
from installation.config.scene_files import scene_names
from installation.config.settings import Config
from installation.evaluation.flash_count import MOST, FlashCounter
from installation.evaluation.moods import in_body, reading, standing
from installation.generation.procedural import procedural_texture
from installation.render.renderer import Renderer
from installation.render.surface import DisplayError, Offscreen
from installation.scene.scene import Scene
from installation.types import (
    EmotionEstimate,
    EmotionState,
    SceneState,
    TextureFrame,
    TextureRequest,
    neutral_probabilities,
)

PER_SECOND = 25
SEED = 3
EMOTION_S, ARRIVAL_S, SCENE_S, PAINTING_S = 0.7, 1.5, 4.0, 5.0
"""Each emotion lasts so long; a visitor comes or goes; the scene changes and changes back; a painting is shown."""
MOST_VISITORS = 3
_WILD = {
    "motion": {"speed": 3.0, "turbulence": 1.0, "tremble": 1.0, "pulse": 1.0, "rhythm": 1.0},
    "lighting": {"key": 2.0, "glow": 2.0, "bloom": 2.0},
}


@dataclass(frozen=True)
class Flashes:
    """The most flashes of a scene in any second: general and red, with the limiter and without."""

    scene: str
    general: int
    red: int
    general_unlimited: int
    red_unlimited: int

    @property
    def safe(self) -> bool:
        """Whether the limits hold where the limiter works."""
        return max(self.general, self.red) <= MOST


def wildest_look() -> LookConfig:
    """The default look with all that shakes, beats and glows at the top of its range."""
    look = LookConfig().model_dump()
    for name in LOOK_NAMES:
        for part, numbers in _WILD.items():
            look[name][part] |= numbers
    return LookConfig.model_validate(look)


def wildest(name: str, seconds: float) -> Iterator[SceneState]:
    """What a scene is told to draw, picture by picture, in ``seconds`` of everything at once."""
    bodies, size, _ = standing(Config(), SEED)
    others = [other for other in scene_names() if other != name]
    scene = Scene(SceneConfig(name=name, pace=4.0, scene_fade_s=0.3, response_s=0.05), SEED, wildest_look())
    scene.look_through(size)
    rng = np.random.default_rng(SEED)
    for n in range(round(seconds * PER_SECOND)):
        t_s = n / PER_SECOND
        if n and n % round(SCENE_S * PER_SECOND) == 0:
            scene.choose(others[int(t_s / SCENE_S) % len(others)] if others else name)
        elif n and n % round(SCENE_S * PER_SECOND) == PER_SECOND // 2:
            scene.choose(name)
        emotion = ("surprise", "angry")[int(t_s / EMOTION_S) % 2]
        first = int(t_s / ARRIVAL_S)
        states = tuple(
            _visitor(emotion, first + k, bodies[n % len(bodies)], rng) for k in range(1 + first % MOST_VISITORS)
        )
        yield scene.update(states, states[0], t_s, 1 / PER_SECOND)


def _visitor(emotion: str, person_id: int, body: EmotionEstimate, rng: np.random.Generator) -> EmotionState:
    state = reading(emotion, rng, 0.2 + 0.3 * (person_id % 3))
    sure = np.where(state.probabilities == state.probabilities.max(), 0.94, 0.01).astype(np.float32)
    state = replace(state, person_id=person_id, probabilities=sure, arousal=1.0, energy=1.0)
    return in_body(state, body)


def measure(name: str, seconds: float, size: tuple[int, int]) -> Flashes:
    """Draw a scene at its wildest and count. Raises DisplayError where nothing can be drawn."""
    found = []
    for limited in (True, False):
        surface = Offscreen(size)
        config = OutputConfig(quality="low", flash_limit=limited)
        renderer, counter = Renderer(surface, config, {}, Notices(ManualClock())), FlashCounter(PER_SECOND)
        try:
            for state in wildest(name, seconds):
                _bring(renderer, round(state.t_s * PER_SECOND), state.t_s)
                renderer.draw(state)
                counter.add(renderer.read_rgb())
        finally:
            renderer.close()
            surface.close()
        found += [counter.general, counter.red]
    return Flashes(name, *found)


def _bring(renderer: Renderer, number: int, t_s: float) -> None:
    """Generated pictures ten times a second, and a painting large now and then."""
    rgba = procedural_texture(np.array([0.9, 0.8, 0.1, 0.2], np.float32), number, 64)
    if number % 3 == 0:
        request = TextureRequest(t_s, neutral_probabilities(), 0.0, 1.0)
        renderer.set_texture(TextureFrame(t_s, number, rgba, request, "flashes", 0.0), t_s)
    if number % round(PAINTING_S * PER_SECOND) == round(0.6 * PAINTING_S * PER_SECOND):
        renderer.show_painting(rgba, t_s, 1.0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} evaluate flashes", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scenes", nargs="+", choices=scene_names(), default=scene_names(), help="default: all")
    parser.add_argument("--seconds", type=float, default=12.0, help="of each scene; default 12")
    parser.add_argument("--size", type=parse_size, default=(320, 180), help="of the picture; default 320x180")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Print a line for each scene; gives the exit code, 1 where a limit does not hold."""
    options = _parser().parse_args(argv)
    print(f"most flashes in any second (limit {MOST})   limited: general  red   unlimited: general  red")
    safe = True
    try:
        for name in options.scenes:
            found = measure(name, options.seconds, options.size)
            safe &= found.safe
            print(
                f"{name:40} {found.general:16} {found.red:4} {found.general_unlimited:19} {found.red_unlimited:4}"
                f"{'' if found.safe else '   TOO MANY'}",
                flush=True,
            )
    except DisplayError as error:
        print(error, file=sys.stderr)
        return 2
    return 0 if safe else 1


if __name__ == "__main__":
    raise SystemExit(main())
