"""What a picture asks of Python, counted: the same figures however busy the machine is, where benchmarks/render.py takes times.

.venv/bin/python benchmarks/bytecodes.py [--scenes blossom swarm] [--visitors 1] [--most 20]

bytecodes  steps of Python's interpreter in one picture: the scene's update and the renderer's work
C calls    calls of functions written in C among them, such as numpy's and OpenGL's; operators on arrays do not count

--most lists the functions that take most of the steps.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

os.environ.setdefault("LP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from installation.base.clock import RealClock
from installation.base.notices import Notices
from installation.capture.simulated.performer import PerformerScript
from installation.config.output import OutputConfig
from installation.config.scene import SceneConfig
from installation.config.scene_files import scene_names
from installation.config.settings import Config
from installation.emotion.fusion import EmotionEstimator
from installation.emotion.smoothing import Smoother
from installation.render.renderer import Renderer
from installation.render.surface import Offscreen
from installation.scene.scene import Scene
from installation.types import EmotionState

WARM, COUNTED, STEP_S = 40, 10, 0.1
States = tuple[EmotionState, ...]


def main() -> int:
    """Print a line for each scene."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", nargs="+", choices=scene_names(), default=["blossom"])
    parser.add_argument("--visitors", type=int, choices=(1, 2, 3), default=1)
    parser.add_argument("--most", type=int, default=0, metavar="N", help="list so many functions")
    options = parser.parse_args()
    surface = Offscreen((64, 36))
    renderer = Renderer(surface, OutputConfig(quality="medium"), {}, Notices(RealClock()))
    told = performance(options.visitors)
    for name in options.scenes:
        scene = Scene(SceneConfig(name=name), 1)

        def draw(n: int, scene: Scene = scene) -> None:
            states, t_s = told[n], n * STEP_S
            renderer.draw(scene.update(states, next(iter(states), None), t_s, STEP_S))

        for n in range(WARM):
            draw(n)
        steps, calls = count(draw, WARM), count_calls(draw, WARM + COUNTED)
        print(f"{name:12} bytecodes {sum(steps.values()) / COUNTED:6.0f}   C calls {calls / COUNTED:5.0f}")
        for code, number in steps.most_common(options.most):
            print(f"{number / COUNTED:9.0f}  {Path(code.co_filename).stem}.{code.co_qualname}")
    renderer.close()
    surface.close()
    return 0


def performance(visitors: int) -> list[States]:
    """The states of the performers' first moods, one for each picture."""
    config, script = Config(), PerformerScript(1, visitors)
    estimator, smoother = EmotionEstimator(config.emotion, config.body, config.poses), Smoother(config.smoothing)
    told = []
    for n in range(WARM + 2 * COUNTED):
        t_s = 3 + n * STEP_S
        told.append(smoother.update(estimator.estimate(script.observe(t_s, n)), t_s))
    return told


def count(draw: Callable[[int], None], first: int) -> Counter[CodeType]:
    """Bytecodes of COUNTED pictures, by function."""
    steps: Counter[CodeType] = Counter()

    def inside(frame: FrameType, event: str, _: Any) -> Any:
        steps[frame.f_code] += event == "opcode"
        return inside

    def enter(frame: FrameType, *_: Any) -> Any:
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return inside

    sys.settrace(enter)
    for n in range(first, first + COUNTED):
        draw(n)
    sys.settrace(None)
    return steps


def count_calls(draw: Callable[[int], None], first: int) -> int:
    """Calls into C of COUNTED pictures."""
    calls = 0

    def see(_: FrameType, event: str, __: Any) -> None:
        nonlocal calls
        calls += event == "c_call"

    sys.setprofile(see)
    for n in range(first, first + COUNTED):
        draw(n)
    sys.setprofile(None)
    return calls


if __name__ == "__main__":
    raise SystemExit(main())
