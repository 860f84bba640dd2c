"""Does somebody seen by two cameras stay one person, with one number?

    .venv/bin/python benchmarks/cameras.py [--seconds 60] [--seeds 3] [--marks]

Simulated performers cross each other's ways on a floor of 6 x 4 m before virtual cameras with known homographies; each camera
hides who stands behind another, misses two pictures in a hundred and has numbers of its own. With swaps both who hide one
another come out of it with each other's number, each time: worse than any tracker.

  numbers   given; more than people: somebody was taken for a newcomer
  switched  how often somebody got another number        doubled, lost  share of looks at which somebody had two, or none
  apart     metres from where they truly were, mean and 95th of a hundred

With --marks instead: how far from where somebody truly stands a camera has them, whichever way they face, whose four marks are
the true corners, and whose marks were taken from somebody who stood there, as the desk's page takes them.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from installation.base.homography import corners_of, homography, mapped
from installation.desk.camera_marks import take
from installation.perception.several.floor import feet_of
from installation.perception.several.watch import SPAN_S, Watch
from tests.perception.several.virtual import AREA_M, Camera, Tracker, Walker, rehearse

LEFT, RIGHT = Camera("left", (-2.0, 5.5, 2.2)), Camera("right", (8.0, 5.5, 2.2), per_second=25.0, late_s=0.06)
FRONT, BACK = Camera("front", (3.0, 7.5, 2.2)), Camera("back", (3.0, -3.0, 2.2), mirror=False, per_second=25.0)
PLACES = {
    "one": (LEFT,),
    "sides": (LEFT, RIGHT),
    "front and back": (FRONT, BACK),
    "all four": (LEFT, RIGHT, FRONT, BACK),
}
WALKS = (
    Walker([(1.0, 1.0), (5.0, 3.0)]),
    Walker([(5.0, 1.0), (1.0, 3.0)], 1.1, starts_s=0.5),
    Walker([(3.0, 0.5), (3.2, 3.5)], 0.8, starts_s=1.0),
)


SEES_ALL = (
    Camera("left", (-2.5, 7.5, 2.6)),
    Camera("right", (8.5, 7.5, 2.6)),
    Camera("back", (3.0, -4.5, 2.6), mirror=False),
)
NOISES = (0.002, 0.006)
"""Of a landmark, in widths of the picture."""


def who_stands(spot: Sequence[float], facing: float) -> Walker:
    """Somebody on the spot."""
    x, y = spot
    return Walker([(x, y), (x + math.cos(facing), y + math.sin(facing))], 1e-6)


def taken(tracker: Tracker) -> list[list[float]]:
    """Four marks, from somebody who stands on one after the other and faces the screen."""
    found = []
    for corner in corners_of(AREA_M):
        watch = Watch()
        for k in range(round(1.5 * SPAN_S * 30)):
            watch.look(k / 30)
            watch.see("", tracker.observe([who_stands(corner, math.pi / 2)], k / 30, k)[0], {}, k / 30)
        found.append(take("", {"is_heard": True, **watch.look(k / 30)[""]}))
    return found


def off_m(tracker: Tracker, place: Sequence[Sequence[float]]) -> list[float]:
    """How far off a camera with this place has who stands somewhere in the area."""
    to_floor, found = homography(place, corners_of(AREA_M)), []
    for x in np.linspace(0.5, AREA_M[0] - 0.5, 6):
        for y in np.linspace(0.5, AREA_M[1] - 0.5, 4):
            for facing in np.arange(0.0, 2 * math.pi, math.pi / 4):
                for person in tracker.observe([who_stands((x, y), facing)], 1.0, 1)[0].people:
                    at = mapped(to_floor, *feet_of(person))
                    assert at is not None
                    found.append(math.dist(at, (x, y)))
    return found


def marks() -> None:
    """The table of --marks."""
    print("camera noise  true corners: mean 95th  taken: mean 95th")
    for noise in NOISES:
        for camera in SEES_ALL:
            tracker = Tracker(camera, 5, noise=noise)
            rows = [off_m(tracker, place) for place in (camera.corners(), taken(tracker))]
            words = "  ".join(f"{np.mean(row):.3f} {np.percentile(row, 95):.3f}" for row in rows)
            print(f"{camera.name:6} {noise:.3f}  {words}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--marks", action="store_true")
    args = parser.parse_args()
    if args.marks:
        marks()
        return
    print(f"{'cameras':15} {'people':>6} {'swaps':>5} {'numbers':>7} {'switched':>8} {'doubled':>8} {'lost':>7}  apart")
    for name, cameras in PLACES.items():
        for people in (2, 3):
            for swaps in (0.0, 1.0):
                runs = [rehearse(cameras, WALKS[:people], args.seconds, 1 + seed, swaps) for seed in range(args.seeds)]
                looks = sum(run.looks for run in runs) * people
                apart = np.concatenate([run.apart_m for run in runs])
                print(
                    f"{name:15} {people:6d} {swaps:5.0f} {max(run.numbers for run in runs):7d} "
                    f"{sum(run.switched for run in runs):8d} {sum(run.doubles for run in runs) / looks:8.2%} "
                    f"{sum(run.lost for run in runs) / looks:7.2%}  {apart.mean():.2f} {np.percentile(apart, 95):.2f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
