"""What drawing costs: milliseconds a picture, scene by scene and tier by tier.

.venv/bin/python benchmarks/render.py [--sizes 640x360] [--tiers medium] [--scenes blossom]

python    the scene's update and the renderer's own work, without the time inside OpenGL calls
gl        from the first call until OpenGL has finished
interval  from picture to picture when drawn as fast as can be (p99)
per s     pictures a second at that pace
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("LP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import moderngl
import numpy as np

from installation.base.arguments import size as parse_size
from installation.base.clock import RealClock
from installation.base.notices import Notices
from installation.capture.simulated.performer import PerformerScript
from installation.config.output import OutputConfig
from installation.config.scene import SceneConfig
from installation.config.scene_files import scene_names
from installation.config.settings import Config
from installation.emotion.fusion import EmotionEstimator
from installation.emotion.smoothing import Smoother
from installation.generation.procedural import procedural_texture
from installation.record.report import Histogram
from installation.render.quality import TIERS
from installation.render.renderer import Renderer
from installation.render.surface import Offscreen
from installation.scene.scene import Scene
from installation.types import TextureFrame

STEP_S = 1 / 25
"""Seconds between pictures: the piece's own rate on this kind of machine."""
CALLS = (
    (moderngl.VertexArray, ("render", "transform")),
    (moderngl.Framebuffer, ("use", "clear")),
    (moderngl.Buffer, ("write", "bind_to_uniform_block")),
    (moderngl.Texture, ("use", "write", "build_mipmaps")),
)


class Meter:
    """Seconds inside OpenGL calls since ``start``."""

    def __init__(self) -> None:
        self.inside_s = 0.0
        for kind, names in CALLS:
            for name in names:
                setattr(kind, name, self._timed(getattr(kind, name)))

    def _timed(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **kwargs: Any) -> Any:
            began_s = time.perf_counter()
            try:
                return call(*args, **kwargs)
            finally:
                self.inside_s += time.perf_counter() - began_s

        return timed


def main() -> int:
    """Print a line for each size, scene and tier."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", type=parse_size, default=[(640, 360), (1280, 720)])
    parser.add_argument("--tiers", nargs="+", choices=tuple(TIERS), default=list(TIERS))
    parser.add_argument("--scenes", nargs="+", choices=scene_names(), default=scene_names())
    parser.add_argument("--frames", type=int, default=120)
    options = parser.parse_args()
    meter = Meter()
    for number, size in enumerate(options.sizes):
        for tier in options.tiers:
            surface = Offscreen(size)
            renderer = Renderer(surface, OutputConfig(quality=tier), {}, Notices(RealClock()))
            if number == 0 and tier == options.tiers[0]:
                print(surface.renderer)
                print("size      scene        tier     python p50   p99   gl p50    p99   interval p99   per s")
            for name in options.scenes:
                print(
                    f"{size[0]}x{size[1]:<5} {name:12} {tier:7}",
                    *measure(surface, renderer, name, options.frames, meter),
                )
            renderer.close()
            surface.close()
    return 0


def measure(surface: Any, renderer: Renderer, name: str, frames: int, meter: Meter) -> tuple[str]:
    """The figures as text, over the performer's first moods."""
    config = Config()
    script, scene = PerformerScript(1), Scene(SceneConfig(name=name), 1)
    estimator, smoother = EmotionEstimator(config.emotion, config.body, config.poses), Smoother(config.smoothing)
    python, gl, interval = Histogram(), Histogram(), Histogram()
    rgba = procedural_texture(np.array([0.3, 0.4, 0.2, 0.1], np.float32), 1, 256)
    before_s = None
    for n in range(frames):
        t_s = 3 + n * STEP_S
        states = smoother.update(estimator.estimate(script.observe(t_s, n)), t_s)
        meter.inside_s = 0.0
        began_s = time.perf_counter()
        state = scene.update(states, next(iter(states), None), t_s, STEP_S)
        waits_s = [0.0]
        settle = surface.settle
        surface.settle = lambda meanwhile, settle=settle, waits_s=waits_s: _timed_wait(settle, meanwhile, waits_s)
        drawn_from_s = time.perf_counter()
        if n % 6 == 0:
            renderer.set_texture(TextureFrame(t_s, n, rgba, None, "benchmark", 0.0), t_s)  # type: ignore[arg-type]
        renderer.draw(state)
        called_s = time.perf_counter()
        surface.settle = settle
        surface.present(lambda: None)
        done_s = time.perf_counter()
        if n > 10:
            python.add((called_s - began_s - meter.inside_s - waits_s[0]) * 1000)
            gl.add((done_s - drawn_from_s) * 1000)
            if before_s is not None:
                interval.add((done_s - before_s) * 1000)
        before_s = done_s
    return (
        f"{python.percentile(50):11.2f} {python.percentile(99):5.2f} {gl.percentile(50):8.1f} {gl.percentile(99):6.1f}"
        f" {interval.percentile(99):14.1f} {1000 / interval.percentile(50):7.1f}",
    )


def _timed_wait(settle: Callable[..., None], meanwhile: Callable[[], None], waits_s: list[float]) -> None:
    began_s = time.perf_counter()
    settle(meanwhile)
    waits_s[0] += time.perf_counter() - began_s


if __name__ == "__main__":
    raise SystemExit(main())
