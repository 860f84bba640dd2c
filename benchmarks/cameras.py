"""Does somebody seen by two cameras stay one person, with one number?

    .venv/bin/python benchmarks/cameras.py [--seconds 60] [--seeds 3]

Simulated performers cross each other's ways on a floor of 6 x 4 m before virtual cameras with known homographies; each camera
hides who stands behind another, misses two pictures in a hundred and has numbers of its own. With swaps both who hide one
another come out of it with each other's number, each time: worse than any tracker.

  numbers   given; more than people: somebody was taken for a newcomer
  switched  how often somebody got another number        doubled, lost  share of looks at which somebody had two, or none
  apart     metres from where they truly were, mean and 95th of a hundred
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from tests.perception.several.virtual import Camera, Walker, rehearse

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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seeds", type=int, default=3)
    args = parser.parse_args()
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
