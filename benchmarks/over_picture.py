"""What stills for the operator's page and the operator's text cost the frame loop: intervals in paired frames.

.venv/bin/python benchmarks/over_picture.py [--sizes 1280x720] [--seconds 20]

Pictures are shown as the piece shows them, paced, in turn with nothing, with a still a second (taken by another thread), and
with figures that change four times a second. Each in short stretches one after the other, so that what else the machine does
counts for all alike.

interval  from picture to picture (p50, p99)
drawing   from the beginning of a picture until it is presented (p50, p99)
cpu       processor time of this process a picture (mean): the figure to look at where others use the machine, too
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from pathlib import Path

os.environ.setdefault("LP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from installation.base.arguments import size as parse_size
from installation.base.clock import RealClock
from installation.base.notices import Notices
from installation.base.pacing import Pacer
from installation.base.side_files import DiskRoom
from installation.config.load import with_overrides
from installation.config.scene import SceneConfig
from installation.config.settings import Config
from installation.record.report import Histogram
from installation.render.picture import Picture
from installation.scene.scene import Scene
from installation.types import SceneState

STRETCH_S = 2.5
WAYS = ("nothing", "stills", "figures", "notice that changes")
LONG = (
    "! osc: 192.168.1.20:9000 does not answer; its packets are lost, and sending goes on every 5 seconds until it does"
)


def main() -> int:
    """Print two lines for each size and way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", type=parse_size, default=[(640, 360), (1280, 720)])
    parser.add_argument("--seconds", type=float, default=20.0, help="for each way")
    options = parser.parse_args()
    for size in options.sizes:
        measure(size, options.seconds)
    return 0


def measure(size: tuple[int, int], seconds: float) -> None:
    """All ways at one size."""
    scenes = moving()
    wanted = {"output.mode": "offscreen", "output.width": size[0], "output.height": size[1], "output.quality": "medium"}
    config = with_overrides(Config(), wanted)
    found = {way: (Histogram(), Histogram()) for way in WAYS}
    cpu = {way: [0.0, 0] for way in WAYS}
    with tempfile.TemporaryDirectory() as folder:
        clock = RealClock()
        picture = Picture(config, Path(folder), clock, Notices(clock), lambda _: None, lambda *_: None, DiskRoom(0))
        print(picture.surface.renderer, f"{size[0]}x{size[1]}")
        for n in range(20):
            picture.show(scenes[n], n / 60, lambda: None)
        for _ in range(max(1, round(seconds / STRETCH_S))):
            for way in WAYS:
                began_s = time.process_time()
                cpu[way][1] += stretch(picture, scenes, way, *found[way])
                cpu[way][0] += time.process_time() - began_s
        picture.close()
    for way, (interval, drawing) in found.items():
        print(f"{way:20} interval {two(interval)}   drawing {two(drawing)}   "
              f"cpu {1000 * cpu[way][0] / cpu[way][1]:6.2f} ms")  # fmt: skip


def two(times: Histogram) -> str:
    """Percentiles as text."""
    return f"p50 {times.percentile(50):6.2f}  p99 {times.percentile(99):6.2f} ms"


def moving() -> list[SceneState]:
    """Four seconds of a scene."""
    scene = Scene(SceneConfig(name="blossom"), 1)
    return [scene.update((), None, n / 30, 1 / 30) for n in range(120)]


def stretch(picture: Picture, scenes: list[SceneState], way: str, interval: Histogram, drawing: Histogram) -> int:
    """Show pictures for STRETCH_S seconds; the first ones do not count for the histograms. Gives how many there were."""
    done = threading.Event()
    picture.stills.want(way == "stills")
    taker = threading.Thread(target=take, args=(picture, done))
    if way == "stills":
        taker.start()
    if way in ("nothing", "stills"):
        picture.hud.show(())
    pacer = Pacer(1 / picture.per_second, time.monotonic())
    start_s = before_s = time.monotonic()
    n = 0
    while (now_s := time.monotonic()) - start_s < STRETCH_S:
        if way == "figures" and n % 6 == 0:
            figures = f"{30 + n % 7} pictures/s   perception {n % 31}/s   textures {n % 10 / 10:.1f}/s   {800 + n} MB"
            people = [f"visitor {k}: happy   happy 0.{n % 90 + 10}  neutral 0.20   here 1.0" for k in range(3)]
            picture.hud.show((figures, "a camera", "a window   quality 3", "pictures", *people))
        elif way == "notice that changes" and n % 6 == 0:
            picture.hud.show(tuple(LONG.replace("osc", f"osc {n + k}") for k in range(4)))
        drawn_s = time.monotonic()
        picture.show(scenes[n % len(scenes)], now_s, lambda: None)
        shown_s = time.monotonic()
        picture.captures.poll()
        if n > 3:
            drawing.add((shown_s - drawn_s) * 1000)
            interval.add((shown_s - before_s) * 1000)
        before_s, n = shown_s, n + 1
        pacer.advance(time.monotonic())
        time.sleep(max(0.0, pacer.deadline_s - time.monotonic()))
    done.set()
    if way == "stills":
        taker.join()
    return n


def take(picture: Picture, done: threading.Event) -> None:
    """As the desk does."""
    while not done.wait(0.2):
        picture.stills.take()


if __name__ == "__main__":
    raise SystemExit(main())
