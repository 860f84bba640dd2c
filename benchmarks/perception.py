"""What perception costs with one to six people, on one core, and whether it holds 15 pictures a second with two.

    .venv/bin/python benchmarks/perception.py FOLDER [--people 2] [--fps 15] [--seconds 15] [--repeat 3] [--core N]

FOLDER holds the test clips. The process keeps to one core and takes pictures as fast as it can; the film's time advances by
1 / fps s a picture, as with a camera of that rate. One and two people are seen in a picture of 640 x 360, the
pair's clip enlarged for two; more are tiles of these in one of 1280 x 720, which perception scales down to 640. Films run
forwards and backwards so that nothing jumps. Other programs take elapsed time, not processor time: both are shown, and each
row is repeated. The bar is judged by pictures a second of elapsed time, best of the repeats.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import cv2
import numpy as np

from installation.config.perception import PerceptionConfig
from installation.perception.build import build_perceiver
from installation.types import ByteArray, Frame, Observation

PAIR, SINGLE = "intel_head-pose-face-detection-female-and-male.gif", "pyfeat_single_face.mp4"
SIZE = (640, 360)
BAR_FPS, BAR_PEOPLE = 15.0, 2
WARM_S = 2.0
"""The beginning of a film, when people are found and networks warm up, is not measured."""


@dataclass
class Run:
    """What was measured in one film. Durations in ms, one a picture."""

    wall_ms: list[float] = field(default_factory=list)
    processor_ms: list[float] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    bodies: int = 0
    faces: int = 0
    shares: dict[str, float] = field(default_factory=dict)
    """Kind of network -> share of the processor time."""

    @property
    def per_s(self) -> float:
        """Pictures a second of elapsed time."""
        return 1000 / float(np.mean(self.wall_ms))


def main() -> int:
    """Print a row for each repeat and the bar; 1 when it is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, choices=range(1, 7), action="append", help="may be given again")
    parser.add_argument("--fps", type=float, default=BAR_FPS, help="pictures in a second of the film")
    parser.add_argument("--seconds", type=float, default=15.0, help="of each film")
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--core", type=int, default=None, help="default: the last one")
    options = parser.parse_args()
    print(pin(options.core))
    print(HEAD)
    best: dict[int, float] = {}
    for people in options.people or [1, 2, 3, 4, 6]:
        pictures = film(options.folder, people)
        for _ in range(options.repeat):
            run = measure(pictures, options.fps, options.seconds)
            best[people] = max(best.get(people, 0.0), run.per_s)
            print(row(people, pictures[0], run), flush=True)
    if BAR_PEOPLE not in best:
        return 0
    reached = best[BAR_PEOPLE] >= BAR_FPS
    verdict = "REACHED" if reached else "MISSED"
    print(f"{verdict}: two people at 640 px, {best[BAR_PEOPLE]:.1f} pictures a second on one core; bar {BAR_FPS:.0f}")
    return 0 if reached else 1


def pin(core: int | None) -> str:
    """Keep this process, and all threads it starts from now on, to one core; gives a line that says so."""
    if not hasattr(os, "sched_setaffinity"):
        return "this system cannot keep a process to one core: figures are for as many as the libraries use"
    chosen = core if core is not None else max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {chosen})
    return f"on core {chosen} alone; load of the machine {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores"


def film(folder: Path, people: int) -> list[ByteArray]:
    """RGB pictures, to be shown one after the other and back again."""
    pair, single = clip(folder / PAIR), clip(folder / SINGLE)
    if people == 1:
        return single
    if people == 2:
        return pair
    # Pairs are mirrored in turn so that no two tiles move alike.
    tiles = [pair, [np.ascontiguousarray(one[:, ::-1]) for one in pair[::-1]], pair[len(pair) // 2 :] + pair]
    chosen = tiles[: people // 2] + [single] * (people % 2)
    width, height = SIZE
    pictures = []
    for number in range(len(pair)):
        canvas = np.full((2 * height, 2 * width, 3), 90, np.uint8)
        for place, tile in enumerate(chosen):
            top, left = place // 2 * height, place % 2 * width
            canvas[top : top + height, left : left + width] = tile[number % len(tile)]
        pictures.append(canvas)
    return pictures


def clip(path: Path) -> list[ByteArray]:
    """All pictures of a film at SIZE, mirrored as capture does it. FileNotFoundError when there are none."""
    capture, pictures = cv2.VideoCapture(str(path)), []
    while (read := capture.read())[0]:
        scaled = cv2.resize(read[1], SIZE, interpolation=cv2.INTER_LINEAR)
        pictures.append(np.ascontiguousarray(scaled[:, ::-1, ::-1]))
    if not pictures:
        raise FileNotFoundError(f"{path}: no film could be read; give the folder of the test clips")
    return pictures


def measure(pictures: list[ByteArray], fps: float, seconds: float) -> Run:
    """Show the film to new networks."""
    perceiver, run = build_perceiver(PerceptionConfig()), Run()
    around = pictures + pictures[-2:0:-1]
    poses: dict[int, object] = {}
    faces: dict[int, object] = {}
    before: dict[str, float] = {}
    for number in range(round((WARM_S + seconds) * fps)):
        frame = Frame(number / fps, number, around[number % len(around)])
        wall_s, processor_s = time.perf_counter(), time.process_time()
        observation = perceiver.perceive(frame)
        wall_ms, processor_ms = (time.perf_counter() - wall_s) * 1000, (time.process_time() - processor_s) * 1000
        bodies_seen, faces_seen = news(observation, poses, faces)
        if frame.t_s < WARM_S:
            before = dict(perceiver.spent_ms)
            continue
        run.wall_ms.append(wall_ms)
        run.processor_ms.append(processor_ms)
        run.people.append(len(observation.people))
        run.bodies += bodies_seen
        run.faces += faces_seen
    perceiver.close()
    total_ms = sum(run.processor_ms)
    run.shares = {kind: (spent - before.get(kind, 0.0)) / total_ms for kind, spent in perceiver.spent_ms.items()}
    run.shares["rest"] = 1.0 - sum(run.shares.values())
    return run


def news(observation: Observation, poses: dict[int, object], faces: dict[int, object]) -> tuple[int, int]:
    """How many bodies and faces are new since the picture before; a repeated one is the very same array."""
    counts = [0, 0]
    for person in observation.people:
        for index, (known, part) in enumerate(((poses, person.pose), (faces, person.face))):
            counts[index] += part is not None and part is not known.get(person.id)
            known[person.id] = part
    return counts[0], counts[1]


HEAD = (
    "people picture     a second  wall p50   p95  processor mean  p50   p95 ms  people seen  body/s  face/s  time for\n"
    "                                                                                       (a person)"
)


def row(people: int, picture: ByteArray, run: Run) -> str:
    """One film's figures."""
    height, width = picture.shape[:2]
    wall, processor = np.percentile(run.wall_ms, (50, 95)), np.percentile(run.processor_ms, (50, 95))
    # Refreshed per second of this run's elapsed time.
    seconds = sum(run.wall_ms) / 1000
    per_person = seconds * max(float(np.mean(run.people)), 1e-9)
    shares = ", ".join(f"{kind} {100 * share:.0f} %" for kind, share in sorted(run.shares.items(), key=lambda s: -s[1]))
    return (
        f"{people:6} {f'{width} x {height}':10} {run.per_s:9.1f} {wall[0]:9.1f} {wall[1]:5.1f}"
        f" {np.mean(run.processor_ms):15.1f} {processor[0]:4.1f} {processor[1]:5.1f}"
        f" {np.mean(run.people):15.2f} {run.bodies / per_person:7.1f} {run.faces / per_person:7.1f}  {shares}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
