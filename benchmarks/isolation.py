"""Does the picture notice that perception and generator run? The frame interval with both on against both off, in one run.

    .venv/bin/python benchmarks/isolation.py FILM [--seconds 10] [--rounds 4]

On and off take turns. The scene is driven by the simulated performer's script in both, so what is drawn is the same; in the
"on" part a film is captured and perceived and the generator paints, at the settings of config.yaml.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from installation.base.clock import RealClock
from installation.base.governor import Governor
from installation.base.model_files import MODELS_DIR
from installation.base.notices import Notices
from installation.base.pacing import Pacer
from installation.capture.simulated.performer import PerformerScript
from installation.commands.eyes import open_eyes
from installation.config.load import load_config, with_overrides
from installation.emotion.fusion import EmotionEstimator
from installation.emotion.smoothing import Smoother
from installation.generation.generation_worker import GenerationWorker
from installation.record.report import Histogram
from installation.render.renderer import Renderer
from installation.render.surface import Offscreen
from installation.scene.scene import Scene
from installation.types import TextureRequest


def main() -> int:
    """Print both; 1 when the p99 with both on is more than 1.5 times that with both off."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("film", help="a film with a visitor")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each part")
    parser.add_argument("--rounds", type=int, default=4)
    options = parser.parse_args()
    sys.setswitchinterval(0.001)
    config = with_overrides(load_config(ROOT / "config.yaml"), {"capture.source": options.film})
    clock = RealClock()
    notices = Notices(clock)
    surface = Offscreen((640, 360))
    renderer = Renderer(surface, config.output, config.scene.parameters, notices)
    stage = Stage(config, surface, renderer, clock)
    stage.play(3.0, None, None, Histogram())
    intervals = {True: Histogram(), False: Histogram()}
    perceived = painted = 0
    for number in range(2 * options.rounds):
        on = number % 2 == 0
        eyes = textures = None
        if on:
            eyes = open_eyes(config, clock, notices, 1)
            textures = GenerationWorker(
                config.generation, config.picture, MODELS_DIR, 1, clock, notices, Governor(notices)
            )
            textures.start()
            while not eyes.ready():
                time.sleep(0.05)
            eyes.begin()
            stage.play(1.0, eyes, textures, Histogram())
        seen = eyes.observations.peek()[0] if eyes is not None else 0
        made = textures.textures.peek()[0] if textures is not None else 0
        stage.play(options.seconds, eyes, textures, intervals[on])
        if eyes is not None and textures is not None:
            perceived += eyes.observations.peek()[0] - seen
            painted += textures.textures.peek()[0] - made
            eyes.close()
            textures.close()
            time.sleep(0.5)
    seconds = options.rounds * options.seconds
    print(
        f"{surface.renderer}, {surface.size[0]}x{surface.size[1]}, {seconds:.0f} s each, aim {1000 * stage.interval_s:.1f} ms"
    )
    for on, name in ((True, "on "), (False, "off")):
        h = intervals[on]
        shown = "  ".join(f"p{percent} {h.percentile(percent):6.2f}" for percent in (50, 95, 99))
        print(f"{name}  {shown}  max {h.max_ms:6.2f} ms")
    ratio = (intervals[True].percentile(99) or math.nan) / (intervals[False].percentile(99) or math.nan)
    print(f"on: perception {perceived / seconds:.1f}/s, textures {painted / seconds:.1f}/s")
    print(f"p99 on / off = {ratio:.2f} (bar: at most 1.5)")
    renderer.close()
    surface.close()
    return 0 if ratio <= 1.5 else 1


class Stage:
    """The frame loop without its sources."""

    def __init__(self, config, surface, renderer, clock) -> None:
        self.surface, self.renderer, self.clock = surface, renderer, clock
        self.interval_s = 1 / (config.output.software_per_second if surface.is_software else config.output.per_second)
        self.script, self.scene = PerformerScript(1), Scene(config.scene, 1)
        self.estimator, self.smoother = (
            EmotionEstimator(config.emotion, config.body, config.poses),
            Smoother(config.smoothing),
        )
        self.frame = self.texture = 0
        self.start_s = clock.now()

    def ask(self, textures, state, now_s) -> None:
        """Ask for a texture and show the newest one."""
        textures.request(TextureRequest(now_s, state.emotion, state.valence, state.arousal))
        number, frame = textures.textures.peek()
        if frame is not None and number != self.texture:
            self.texture = number
            self.renderer.set_texture(frame, now_s)

    def play(self, seconds, eyes, textures, histogram) -> None:
        """Draw for ``seconds``, counting intervals."""
        clock = self.clock
        end_s, last_s = clock.now() + seconds, None
        pacer = Pacer(self.interval_s, clock.now())
        observed = 0
        while clock.now() < end_s:
            wait_s = pacer.deadline_s - clock.now()
            if wait_s > 0:
                if eyes is not None:
                    got = eyes.observations.wait_newer(observed, wait_s)
                    observed = got[0] if got is not None else observed
                time.sleep(max(0.0, pacer.deadline_s - clock.now()))
            now_s = clock.now()
            self.frame += 1
            estimates = self.estimator.estimate(self.script.observe(now_s - self.start_s, self.frame))
            states = self.smoother.update(estimates, now_s - self.start_s)
            state = self.scene.update(states, next(iter(states), None), now_s, self.interval_s)
            if textures is not None:
                self.ask(textures, state, now_s)
            self.renderer.draw(state)
            self.surface.present(lambda: None)
            drawn_s = clock.now()
            if last_s is not None:
                histogram.add((drawn_s - last_s) * 1000)
            last_s = drawn_s
            pacer.advance(drawn_s)


if __name__ == "__main__":
    raise SystemExit(main())
