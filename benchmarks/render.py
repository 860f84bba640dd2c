"""What drawing costs: milliseconds a frame, scene by scene and size by size.

    .venv/bin/python benchmarks/render.py [--sizes 640x360 1280x720]

"python" is the time of the scene's update; "draw" until OpenGL has finished.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("LP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from installation.capture.performer import PerformerScript
from installation.cli import size as parse_size
from installation.clock import RealClock
from installation.config import Config
from installation.emotion.fusion import EmotionEstimator
from installation.notices import Notices
from installation.render.renderer import Renderer
from installation.render.surface import Offscreen
from installation.report import Histogram
from installation.scene.scene import Scene
from installation.scene_files import scene_names
from installation.smoothing import Smoother


def main() -> int:
    """Print a line for each scene and size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", type=parse_size, default=[(640, 360), (1280, 720)])
    parser.add_argument("--frames", type=int, default=200)
    options = parser.parse_args()
    config = Config()
    for size in options.sizes:
        surface = Offscreen(size)
        renderer = Renderer(surface, config.output, config.scene.parameters, Notices(RealClock()))
        if size == options.sizes[0]:
            print(surface.renderer)
        for name in scene_names():
            python, draw = measure(surface, renderer, config, name, options.frames)
            print(
                f"{size[0]}x{size[1]} {name:10} python p50 {python.percentile(50):5.2f} p99 {python.percentile(99):5.2f}"
                f"   draw p50 {draw.percentile(50):6.2f} p99 {draw.percentile(99):6.2f} ms"
            )
        renderer.close()
        surface.close()
    return 0


def measure(surface, renderer, config, name, frames) -> tuple[Histogram, Histogram]:
    """Histograms of the scene's update and of the drawing, over the performer's first moods."""
    script, scene = PerformerScript(1), Scene(config.scene.model_copy(update={"name": name}), 1)
    estimator, smoother = EmotionEstimator(config.emotion, config.body, config.poses), Smoother(config.smoothing)
    python, draw = Histogram(), Histogram()
    for n in range(frames):
        t_s = 3 + n / 10
        estimates = estimator.estimate(script.observe(t_s, n))
        started_s = time.perf_counter()
        states = smoother.update(estimates, t_s)
        state = scene.update(states, next(iter(states), None), t_s, 1 / 10)
        updated_s = time.perf_counter()
        renderer.draw(state)
        surface.present(lambda: None)
        drawn_s = time.perf_counter()
        if n > 5:
            python.add((updated_s - started_s) * 1000)
            draw.add((drawn_s - updated_s) * 1000)
    return python, draw


if __name__ == "__main__":
    raise SystemExit(main())
