"""What generated pictures cost, whether the rate is kept beside the rest, and whether choosing among candidates pays.

    .venv/bin/python benchmarks/textures.py [cost] [choice] [beside FILM] [pictures FILM] [--seconds 10] ...

cost    milliseconds a picture on one thread, level by level at 256, 512 and 1024 pixels: wall time, and the thread's own
choice  the best three of eight candidates against their pool, measured small (as they are chosen) and at full size
beside  pictures a second beside perception and rendering, and the frame interval with and without the generator, in turns
pictures  what a composed picture of 256 pixels costs; then pictures a second beside perception, rendering and textures, and the
        frame interval and perception's rate with and without pictures, in turns
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("LP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import numpy as np

from installation.base.clock import RealClock
from installation.base.governor import Governor
from installation.base.model_files import MODELS_DIR
from installation.base.notices import Notices
from installation.config.generation import GenerationConfig
from installation.config.load import load_config, with_overrides
from installation.config.picture import PictureConfig
from installation.generation.affect import DEPICTED
from installation.generation.avatar import avatar
from installation.generation.candidates import Candidate, best, misfit, newness, score
from installation.generation.generation_worker import GenerationWorker
from installation.generation.generator import TextureGenerator
from installation.generation.layout import painters_layout
from installation.generation.picture_generator import PictureGenerator, PictureWalk
from installation.generation.style_networks import Stylist
from installation.generation.style_table import StyleTable
from installation.generation.texture_levels import texture_levels
from installation.generation.texture_painter import TexturePainter, TextureTask
from installation.record.report import Histogram
from installation.types import EMOTIONS

REPEATS = 7


def main() -> int:
    """Print what was asked for; 1 when a bar is missed that does not depend on what else the machine does."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", default=["cost", "choice"], help="cost, choice, beside FILM, pictures FILM")
    parser.add_argument("--rate", type=float, default=10.0, help="textures a second that are wanted")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each part of beside")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--model", default="texture.onnx")
    options = parser.parse_args()
    missed = False
    if "cost" in options.what:
        cost(options.model)
    if "choice" in options.what:
        missed |= not choice(options.model)
    if "beside" in options.what:
        missed |= not beside(options.what[options.what.index("beside") + 1], options)
    if "pictures" in options.what:
        missed |= not pictures(options.what[options.what.index("pictures") + 1], options)
    return int(missed)


def timed(call) -> tuple[float, float]:
    """Median (wall, thread) milliseconds of a call."""
    call()
    walls, threads = [], []
    for _ in range(REPEATS):
        wall_s, thread_s = time.perf_counter(), time.thread_time()
        call()
        walls.append(time.perf_counter() - wall_s)
        threads.append(time.thread_time() - thread_s)
    return 1000 * float(np.median(walls)), 1000 * float(np.median(threads))


def cost(model: str) -> None:
    """Every way to a picture, and an avatar."""
    print(f"{'way':28}{'wall ms':>9}{'thread ms':>11}{'a second':>10}")
    task = TextureTask(DEPICTED[EMOTIONS.index("happy")], np.eye(7, dtype=np.float32)[3], 0.5)
    for size_px in (256, 512, 1024):
        notices = Notices(RealClock())
        painter = TexturePainter(GenerationConfig(size_px=size_px, styled=True, model=model), MODELS_DIR, 1, notices)
        painter.levels(0.0)
        plain, styled = (texture_levels(size_px, 16, styles) for styles in (False, True))
        for level in (*plain, *(level for level in styled if level.styled)):
            wall, thread = timed(lambda p=painter, at=level: p.paint(task, at, 0.0))
            print(f"{level.name:28}{wall:9.1f}{thread:11.1f}{1000 / wall:10.1f}")
        for note in notices.active():
            print(f"! {note.stage}: {note.message}")
    try:
        stylist = Stylist(MODELS_DIR / "fetched" / "style_transform.onnx")
        style = StyleTable.load(MODELS_DIR / "styles.npz").vectors["happy"][0]
    except Exception as error:  # noqa: BLE001 - a benchmark says what it lacks and goes on
        print(f"avatar: {error}")
        return
    face = np.random.default_rng(1).integers(0, 255, (200, 200, 3)).astype(np.uint8)
    wall, thread = timed(lambda: avatar(stylist, face, style))
    print(f"{'avatar 256 px':28}{wall:9.1f}{thread:11.1f}{1000 / wall:10.1f}")


def choice(model: str) -> bool:
    """The chosen three against the pool of eight; gives whether they are better at full size, too."""
    generator = TextureGenerator(MODELS_DIR / model, 256, 5)
    rows: dict[str, list[list[float]]] = {"small": [], "full size": []}
    shown: list = []
    for key in range(14):
        asked = DEPICTED[key % 7]
        latents = [generator.walk.variant(key, n) for n in range(8)]
        small = [Candidate.of(n, generator.paint(asked, one, 64), generator.scale) for n, one in enumerate(latents)]
        large = [Candidate.of(n, generator.paint(asked, one), generator.scale) for n, one in enumerate(latents)]
        three = [candidate.variant for candidate in best(small, asked, shown, 3)]
        for name, pool in (("small", small), ("full size", large)):
            for taken in (three, range(8)):
                of = [pool[n] for n in taken]
                figures = [
                    [score(c, asked, shown) for c in of],
                    [misfit(c, asked) for c in of],
                    [newness(c, shown) for c in of],
                ]
                rows[name].append([float(np.mean(values)) for values in figures])
        shown = [small[n].likeness for n in three]
    print(f"\n{'best 3 of 8, 14 requests':28}{'score':>9}{'misfit':>9}{'newness':>9}")
    better = True
    for name, values in rows.items():
        chosen, pool = np.mean(values[0::2], axis=0), np.mean(values[1::2], axis=0)
        for what, figures in (("chosen", chosen), ("pool", pool)):
            print(f"{name + ', ' + what:28}" + "".join(f"{figure:9.3f}" for figure in figures))
        better &= bool(chosen[0] > pool[0])
    return better


def beside(film: str, options: argparse.Namespace) -> bool:
    """The rate beside perception and rendering, and frame intervals with the generator on and off in turns."""
    from isolation import Stage

    from installation.commands.eyes import open_eyes
    from installation.render.renderer import Renderer
    from installation.render.surface import Offscreen

    sys.setswitchinterval(0.001)
    wanted = {"capture.source": film, "generation.per_second": options.rate, "generation.model": options.model}
    config = with_overrides(load_config(ROOT / "config.yaml"), wanted)
    clock = RealClock()
    notices = Notices(clock)
    surface = Offscreen((640, 360))
    renderer = Renderer(surface, config.output, config.scene.parameters, notices)
    stage = Stage(config, surface, renderer, clock)
    eyes = open_eyes(config, clock, notices, 1)
    while not eyes.ready():
        time.sleep(0.05)
    eyes.begin()
    stage.play(3.0, eyes, None, Histogram())
    intervals = {True: Histogram(), False: Histogram()}
    painted, perceived = 0, {True: 0, False: 0}
    ways: list[str] = []
    for number in range(2 * options.rounds):
        on = number % 2 == 1
        textures = (
            GenerationWorker(config.generation, config.picture, MODELS_DIR, 1, clock, notices, Governor(notices))
            if on
            else None
        )
        if textures is not None:
            textures.start()
        stage.play(2.0, eyes, textures, Histogram())
        seen, made = eyes.observations.peek()[0], textures.textures.peek()[0] if textures is not None else 0
        stage.play(options.seconds, eyes, textures, intervals[on])
        perceived[on] += eyes.observations.peek()[0] - seen
        if textures is not None:
            painted += textures.textures.peek()[0] - made
            ways.append(textures.way)
            textures.close()
    eyes.close()
    seconds = options.rounds * options.seconds
    print(
        f"\n{surface.renderer}, {surface.size[0]}x{surface.size[1]}, aim {1000 * stage.interval_s:.1f} ms, {seconds:.0f} s each"
    )
    for on, name in ((False, "generator off"), (True, "generator on")):
        shown = "  ".join(f"p{percent} {intervals[on].percentile(percent):6.2f}" for percent in (50, 95, 99))
        print(f"{name:14} {shown} ms   perception {perceived[on] / seconds:.1f}/s")
    ratio = (intervals[True].percentile(99) or np.nan) / (intervals[False].percentile(99) or np.nan)
    print(f"textures {painted / seconds:.1f}/s of {options.rate:g} wanted; {'; '.join(ways)}")
    print(f"p99 on / off = {ratio:.3f} (bar: at most 1.1)")
    for note in notices.active():
        print(f"! {note.stage}: {note.message}")
    renderer.close()
    surface.close()
    return painted / seconds >= 0.95 * min(options.rate, 10.0) and ratio <= 1.1


PICTURES, P99, PERCEPTION = 5.0, 1.1, 0.97
"""Bars: at least so many a second; interval and perception's rate with pictures over those without."""


def pictures(film: str, options: argparse.Namespace) -> bool:
    """The painter of pictures beside perception, drawing and textures, on and off in turns in one run."""
    from isolation import Stage

    from installation.commands.eyes import open_eyes
    from installation.render.renderer import Renderer
    from installation.render.surface import Offscreen
    from installation.types import PictureRequest

    class Gallery(Stage):
        """Asks for pictures of its shapes, too, and shows them."""

        picture, layout = 0, None

        def ask(self, worker, state, now_s) -> None:
            super().ask(worker, state, now_s)
            worker.request_picture(
                PictureRequest(now_s, state.emotion, state.valence, state.arousal, int(now_s // 20), self.layout)
            )
            number, frame = worker.pictures.peek()
            if frame is not None and number != self.picture:
                self.picture = number
                self.renderer.set_picture(frame, now_s)

        def laid_out(self, _t_s, layout) -> None:
            self.layout = layout

    cost_of_pictures()
    sys.setswitchinterval(0.001)
    config = with_overrides(load_config(ROOT / "config.yaml"), {"capture.source": film, "scene.name": "blossom"})
    clock = RealClock()
    notices = Notices(clock)
    surface = Offscreen((640, 360))
    renderer = Renderer(surface, config.output, config.scene.parameters, notices)
    stage = Gallery(config, surface, renderer, clock)
    eyes = open_eyes(config, clock, notices, 1)
    while not eyes.ready():
        time.sleep(0.05)
    eyes.begin()
    intervals = {True: Histogram(), False: Histogram()}
    made: dict[bool | str, int] = {}
    for number in range(2 * options.rounds):
        on = number % 2 == 1
        renderer.layout.on_layout = stage.laid_out if on else None
        wanted = config.picture.model_copy(update={"enabled": on})
        worker = GenerationWorker(config.generation, wanted, MODELS_DIR, 1, clock, notices, Governor(notices))
        worker.start()
        stage.play(3.0, eyes, worker, Histogram())
        before = [box.peek()[0] for box in (eyes.observations, worker.pictures, worker.textures)]
        stage.play(options.seconds, eyes, worker, intervals[on])
        after = [box.peek()[0] for box in (eyes.observations, worker.pictures, worker.textures)]
        for name, was, now in zip((on, "pictures", f"textures {on}"), before, after, strict=True):
            made[name] = made.get(name, 0) + now - was
        worker.close()
    eyes.close()
    renderer.close()
    surface.close()
    return _judged(intervals, made, options.rounds * options.seconds, notices)


def cost_of_pictures() -> None:
    """Milliseconds of one picture on one thread."""
    generator = PictureGenerator(MODELS_DIR / PictureConfig().model, "cpu")
    latents = PictureWalk(generator.shapes, 1, 0, 0).at(0.3)
    layout = painters_layout(np.full((16, 16, 4), 0.4, np.float32), 0.7)
    wall, thread = timed(lambda: generator.paint(DEPICTED[3], latents, layout))
    print(f"{'way':28}{'wall ms':>9}{'thread ms':>11}{'a second':>10}")
    print(f"{f'picture {generator.size_px} px':28}{wall:9.1f}{thread:11.1f}{1000 / wall:10.1f}")


def _judged(intervals: dict[bool, Histogram], made: dict, seconds: float, notices: Notices) -> bool:
    """Print the figures of ``seconds`` each; gives whether the bars are held."""
    print(f"\n{seconds:.0f} s each, milliseconds from picture to picture of the screen")
    for on, name in ((False, "without pictures"), (True, "with pictures")):
        shown = "  ".join(f"p{percent} {intervals[on].percentile(percent):6.2f}" for percent in (50, 95, 99))
        rates = f"perception {made[on] / seconds:.1f}/s  textures {made[f'textures {on}'] / seconds:.1f}/s"
        print(f"{name:18} {shown}  {rates}")
    p99 = (intervals[True].percentile(99) or np.nan) / (intervals[False].percentile(99) or np.nan)
    rate, seen = made["pictures"] / seconds, made[True] / max(made[False], 1)
    print(f"pictures {rate:.1f}/s (bar: at least {PICTURES:g}); p99 with / without {p99:.3f} (bar: at most {P99:g})")
    print(f"perception with / without {seen:.3f} (bar: at least {PERCEPTION:g})")
    for note in notices.active():
        print(f"! {note.stage}: {note.message}")
    # The pacer asks for as many as the bar; the clock's grain loses some.
    return rate >= 0.97 * PICTURES and p99 <= P99 and seen >= PERCEPTION


if __name__ == "__main__":
    raise SystemExit(main())
