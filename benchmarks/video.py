"""What filming costs: on the thread that draws, in the thread that encodes, and in the frame interval.

    .venv/bin/python benchmarks/video.py [--sizes 640x360 1280x720] [--seconds 10]

"read" is the read-back alone, of a picture that is drawn: plainly, and through two pixel buffers in turn. "take" is all that
filming does on the thread that draws; "encode" the worker's work for a picture (colours, x264, file). The interval is between
pictures of the simulated performer, paced as in the show, without and with filming.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("LP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from installation.base.arguments import size as parse_size
from installation.base.clock import RealClock
from installation.base.notices import Notices
from installation.base.pacing import Pacer
from installation.commands.screenshot import perform
from installation.config.settings import Config
from installation.record.report import Histogram
from installation.render.captures.encoder import VideoEncoder, rate_of
from installation.render.captures.filming import Filming
from installation.render.captures.video_recorder import VideoRecorder
from installation.render.captures.video_session import VideoFigures
from installation.render.renderer import Renderer
from installation.render.surface import Offscreen

ROUNDS = 3


def main() -> int:
    """Print a table for each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", type=parse_size, default=[(640, 360), (1280, 720)])
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    config = Config()
    scenes = perform(config, 1, "happy", 5.0)[-150:]
    for size in options.sizes:
        surface = Offscreen(size)
        renderer = Renderer(surface, config.output, config.scene.parameters, Notices(RealClock()))
        if size == options.sizes[0]:
            print(surface.renderer)
        name = f"{size[0]}x{size[1]}"
        for way, cost in zip(("plain", "pixel buffers"), read_backs(surface, renderer, scenes), strict=True):
            print(f"{name} read, {way:13}  {summary(cost)}")
        wall, cpu = encoding(surface, renderer, scenes, config)
        print(f"{name} encode, thread alone  {summary(wall)}")
        print(f"{name} encode, CPU time      {summary(cpu)}")
        plain, filmed, take = Histogram(), Histogram(), Histogram()
        for _ in range(ROUNDS):  # in turn, so that what else the machine does counts for both alike
            show(surface, renderer, scenes, options.seconds / ROUNDS, None, plain, take)
            figures = film(surface, renderer, scenes, options.seconds / ROUNDS, config, filmed, take)
            print(f"{name} filmed: {figures.taken} pictures, {figures.repeated} repeated, {figures.dropped} left out")
        print(f"{name} interval, not filmed  {summary(plain)}")
        print(f"{name} interval, filmed      {summary(filmed)}")
        print(f"{name} take                  {summary(take)}")
        renderer.close()
        surface.close()
    return 0


def summary(times: Histogram) -> str:
    """Percentiles as text."""
    return f"p50 {times.percentile(50):6.2f}  p95 {times.percentile(95):6.2f}  p99 {times.percentile(99):6.2f} ms"


def read_backs(surface, renderer, scenes) -> tuple[Histogram, Histogram]:
    """Histograms of a plain read-back and of one through two pixel buffers in turn, over 100 pictures each."""
    width, height = surface.size
    rgba, view = np.empty((height, width, 4), np.uint8), (0, 0, width, height)
    buffers = [surface.context.buffer(reserve=rgba.nbytes) for _ in range(2)]
    found = Histogram(), Histogram()
    for n in range(200):
        renderer.draw(scenes[n % len(scenes)])
        surface.present(lambda: None)
        started_s = time.perf_counter()
        if n % 2 == 0:
            surface.framebuffer.read_into(rgba, view, components=4)
        else:
            surface.framebuffer.read_into(buffers[n // 2 % 2], view, components=4)
            buffers[(n // 2 + 1) % 2].read_into(rgba)
        if n > 9:
            found[n % 2].add((time.perf_counter() - started_s) * 1000)
    for buffer in buffers:
        buffer.release()
    return found


def encoding(surface, renderer, scenes, config) -> tuple[Histogram, Histogram]:
    """Histograms of the worker's work for a picture (colours, x264, file): wall clock and CPU time."""
    width, height = surface.size
    rgba = np.empty((height, width, 4), np.uint8)
    found = Histogram(), Histogram()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.mp4"
        encoder = VideoEncoder(
            path, surface.size, surface.size, rate_of(25), config.video.quality, config.video.threads
        )
        for n in range(100):
            renderer.draw(scenes[n % len(scenes)])
            surface.present(lambda: None)
            surface.framebuffer.read_into(rgba, (0, 0, width, height), components=4)
            wall_s, cpu_s = time.perf_counter(), time.thread_time()
            encoder.write(rgba, n)
            found[0].add((time.perf_counter() - wall_s) * 1000)
            found[1].add((time.thread_time() - cpu_s) * 1000)
        encoder.close()
    return found


def film(surface, renderer, scenes, seconds, config, interval, take) -> VideoFigures:
    """``show`` while it is filmed."""
    clock = RealClock()
    notices = Notices(clock)
    with tempfile.TemporaryDirectory() as folder:
        recorder = VideoRecorder(config.video.model_copy(update={"keep_free_mb": 0.0}), clock, notices)
        filming = Filming(surface.context, recorder, notices, buffered=not surface.is_software)
        fps = config.output.software_per_second if surface.is_software else config.output.per_second
        filming.start(Path(folder) / "a.mp4", surface.size, fps, False, False)
        while recorder.recording and not recorder.ready:
            time.sleep(0.01)
        show(surface, renderer, scenes, seconds, filming, interval, take)
        filming.stop()
        recorder.close(20)
        filming.release()
    return recorder.figures


def show(surface, renderer, scenes, seconds, filming, interval, take) -> None:
    """Add the frame interval and what filming takes on this thread to histograms, paced as the show is."""
    output = Config().output
    pacer = Pacer(1 / (output.software_per_second if surface.is_software else output.per_second), time.monotonic())
    start_s = before_s = time.monotonic()
    n = 0
    while time.monotonic() - start_s < seconds:
        time.sleep(max(0.0, pacer.deadline_s - time.monotonic()))
        now_s = time.monotonic()
        renderer.draw(scenes[n % len(scenes)])
        if filming is not None and filming.wants(now_s):
            surface.settle(lambda: None)
            started_s = time.perf_counter()
            filming.take(surface.framebuffer, surface.size, now_s, False, False)
            take.add((time.perf_counter() - started_s) * 1000)
        surface.present(lambda: None)
        drawn_s = time.monotonic()
        if n > 5:
            interval.add((drawn_s - before_s) * 1000)
        before_s, n = drawn_s, n + 1
        pacer.advance(drawn_s)


if __name__ == "__main__":
    raise SystemExit(main())
