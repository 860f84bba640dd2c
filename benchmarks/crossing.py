"""Do numbers stay with people who cross, hide each other, vanish behind a pillar, or leave and come back?

    .venv/bin/python benchmarks/crossing.py FOLDER [--case NAME] [--seeds 3] [--pictures DIR]

FOLDER holds the test clips. People cut out of them are pasted over a real background at known places (see composite.py), each
film with a seed of its own: clothes, sizes, paces and moments differ. The real networks look at it as at a camera of 30
pictures a second: those that arrive while one is being seen are lost, measured in processor time. So no two runs are alike.

  people  in the film              ids     numbers given; more than people: a visitor was taken for a newcomer
  switch  id switches (CLEAR MOT): a person got another number than before      fragm  was lost and found again
  right   share of pictures with an allowed number of people; anybody more than half covered may be seen or not
  found   share of people, over all pictures, who were seen where they are      kept   films without any wrong number
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import cv2
import numpy as np
from composite import (
    COLOURS,
    FPS,
    HEIGHT,
    WALK,
    WIDTH,
    Actor,
    Film,
    Pose,
    background,
    dressed,
    people,
    render,
)

from installation.config.perception import PerceptionConfig
from installation.evaluation.presence_score import Figures, Shot, score, shot_of
from installation.perception.build import build_perceiver
from installation.types import ByteArray, Frame


@dataclass(frozen=True)
class Studio:
    """The material of the films. Every random number comes from ``rng``."""

    cutouts: dict[str, list[ByteArray]]
    park: ByteArray
    rng: np.random.Generator

    def between(self, low: float, high: float) -> float:
        """Any number between them."""
        return float(self.rng.uniform(low, high))

    def colours(self, count: int) -> list[str]:
        """Names of different clothes."""
        names = list(COLOURS)
        return [names[index] for index in self.rng.permutation(len(names))[:count]]

    def actor(self, who: str, clothes: str, at: Callable[[float], Pose | None]) -> Actor:
        """Somebody dressed."""
        return Actor(dressed(self.cutouts[who], COLOURS[clothes]), at)


@dataclass(frozen=True)
class Walk:
    """From ``start`` (pixels) on to the left or right, beginning at ``from_s``; stands still between ``pause`` (s, s)."""

    start: float
    to_right: bool
    height: float
    feet: float
    pace: float = 1.0
    from_s: float = 0.0
    until_s: float = 1e9
    pause: tuple[float, float] = (0.0, 0.0)
    phase: int = 0

    @property
    def speed(self) -> float:
        """Pixels a second."""
        return self.pace * WALK * self.height

    def __call__(self, t_s: float) -> Pose | None:
        """Where the walker is."""
        if not self.from_s <= t_s < self.until_s:
            return None
        stood_s = float(np.clip(t_s, *self.pause)) - self.pause[0]
        walked_s = t_s - self.from_s - stood_s
        x = self.start + (1 if self.to_right else -1) * self.speed * walked_s
        return Pose(x, self.feet, self.height, self.phase + round(walked_s * FPS * self.pace), not self.to_right)


def stands(x: float, height: float, feet: float, phase: int, mirrored: bool, t_s: float) -> Pose:
    """Somebody who stays in place and moves arms and legs."""
    return Pose(x, feet, height, phase + round(t_s * FPS), mirrored)


def crossing(studio: Studio, same: bool) -> Film:
    """Two walk past each other, one in front."""
    height, pace = studio.between(360, 460), studio.between(0.9, 1.2)
    colours = studio.colours(2)
    there = Walk(studio.between(120, 200), True, height, 690, pace, phase=int(studio.between(0, 20)))
    back = Walk(studio.between(1080, 1160), False, 0.93 * height, 660, studio.between(0.9, 1.2))
    actors = [studio.actor("walker", colours[0], back), studio.actor("walker", colours[0 if same else 1], there)]
    return Film(studio.park, actors, 920 / there.speed)


def passing(studio: Studio) -> Film:
    """Somebody walks past, in front of one who stands."""
    height = studio.between(380, 440)
    colours = studio.colours(2)
    still = partial(stands, studio.between(560, 720), height, 670, int(studio.between(0, 40)), False)
    walk = Walk(170, studio.between(0, 1) < 2, height, 695, studio.between(0.9, 1.3))
    actors = [studio.actor("dancer", colours[0], still), studio.actor("walker", colours[1], walk)]
    return Film(studio.park, actors, 930 / walk.speed)


def meeting(studio: Studio) -> Film:
    """Two meet, stay before one another for a second and go back where they came from."""
    height = studio.between(380, 440)
    colours = studio.colours(2)
    speed, reach = WALK * height, 400.0
    turn_s = reach / speed

    def at(t_s: float, side: int, feet: float) -> Pose:
        walked = speed * (t_s if t_s < turn_s + 0.5 else 2 * turn_s + 0.5 - t_s) if t_s < turn_s else reach
        if t_s > turn_s + 1.0:
            walked = reach - speed * (t_s - turn_s - 1.0)
        leaving = t_s > turn_s + 1.0
        x = WIDTH / 2 + side * (reach + 70 - walked)
        return Pose(x, feet, height, round(walked / speed * FPS), (side > 0) != leaving)

    actors = [
        studio.actor("walker", colours[0], lambda t_s: at(t_s, 1, 660)),
        studio.actor("walker", colours[1], lambda t_s: at(t_s, -1, 690)),
    ]
    return Film(studio.park, actors, 2 * turn_s + 0.9)


def swapping(studio: Studio) -> Film:
    """Two who stand side by side change places in 0.7 s, stand, and change again."""
    height = studio.between(380, 440)
    colours = studio.colours(2)
    apart = studio.between(330, 420)

    def at(t_s: float, side: int, feet: float) -> Pose:
        share = np.clip((t_s - 1.5) / 0.7, 0, 1) - np.clip((t_s - 3.5) / 0.7, 0, 1)
        x = WIDTH / 2 + side * apart * (0.5 - float(share))
        running = 0 < share < 1
        to_right = (side < 0) == (t_s < 3)
        return Pose(x, feet, height, round(t_s * FPS * 1.5) if running else 3, not to_right)

    actors = [
        studio.actor("walker", colours[0], lambda t_s: at(t_s, 1, 660)),
        studio.actor("walker", colours[1], lambda t_s: at(t_s, -1, 690)),
    ]
    return Film(studio.park, actors, 5.7)


def pillar(studio: Studio, hidden_s: float) -> Film:
    """Somebody is hidden by a pillar for ``hidden_s``."""
    height, pace = studio.between(360, 440), studio.between(0.9, 1.2)
    speed = WALK * height * pace
    wide = 0.6 * height + 0.5 * speed
    middle = studio.between(620, 680)
    reached_s = (middle - 130) / speed
    walk = Walk(130, True, height, 690, pace, pause=(reached_s, reached_s + hidden_s - 0.5))
    seconds = (1150 - 130) / speed + hidden_s - 0.5
    return Film(
        studio.park,
        [studio.actor("walker", studio.colours(1)[0], walk)],
        seconds,
        (round(middle - wide / 2), round(middle + wide / 2)),
    )


def leaving(studio: Studio, same: bool) -> Film:
    """Somebody walks out of the picture; 2 s later the same one, or another one, comes in there. One stands by."""
    height = studio.between(380, 440)
    colours = studio.colours(3)
    walk = Walk(500, False, height, 690, 1.0)
    out_s = (500 + 0.3 * height) / walk.speed
    enters = Walk(-0.3 * height, True, height, 690, 1.0, from_s=out_s + 2.0)
    still = partial(stands, studio.between(880, 1000), height, 680, int(studio.between(0, 40)), False)
    stays = studio.actor("dancer", colours[1], still)
    seconds = out_s + 2.0 + 560 / walk.speed
    if not same:
        leaves = Walk(500, False, height, 690, 1.0, until_s=out_s)
        return Film(
            studio.park,
            [stays, studio.actor("walker", colours[0], leaves), studio.actor("walker", colours[2], enters)],
            seconds,
        )
    there = studio.actor("walker", colours[0], lambda t_s: walk(t_s) if t_s < out_s else enters(t_s))
    return Film(studio.park, [stays, there], seconds)


def six(studio: Studio) -> Film:
    """Four stand, two walk to and fro in front of and behind them."""
    colours = studio.colours(6)
    places = [(170, 620), (500, 630), (820, 620), (1130, 630)]
    actors = [
        studio.actor(
            ("dancer", "barefoot")[index % 2],
            colours[index] if index % 2 == 0 else "as filmed",
            partial(stands, x + studio.between(-20, 20), studio.between(300, 330), feet, 11 * index, index > 1),
        )
        for index, (x, feet) in enumerate(places)
    ]
    front = Walk(320, True, 360, 712, 1.0, from_s=0.0, pause=(0.0, 2.0))
    behind = Walk(980, False, 280, 560, 1.0, pause=(0.0, 2.5))
    actors.insert(0, studio.actor("walker", colours[4], behind))
    actors.append(studio.actor("walker", colours[5], front))
    return Film(studio.park, actors, 6.0)


CASES: dict[str, Callable[[Studio], Film]] = {
    "crossing": partial(crossing, same=False),
    "crossing, same clothes": partial(crossing, same=True),
    "walks past one who stands": passing,
    "meet and go back": meeting,
    "swap places quickly, twice": swapping,
    "behind a pillar, 0.5 s": partial(pillar, hidden_s=0.5),
    "behind a pillar, 1.5 s": partial(pillar, hidden_s=1.5),
    "leaves, back after 2 s": partial(leaving, same=True),
    "leaves, another one comes": partial(leaving, same=False),
    "six, two of them walking": six,
}


def main() -> int:
    """Print a row a case."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--case", action="append", default=[], help="a part of its name; may be given again")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--pictures", type=Path, help="write some pictures there, with what was seen drawn in")
    options = parser.parse_args()
    cutouts, park = people(options.folder), background(options.folder)
    print(f"{'case':28} films people   ids switch  fragm   right   found   kept")
    for name, make in CASES.items():
        if options.case and not any(part in name for part in options.case):
            continue
        results = []
        for seed in range(options.first, options.first + options.seeds):
            film = make(Studio(cutouts, park, np.random.default_rng(seed)))
            figures = look(film, options.pictures, f"{name.replace(' ', '_')}_{seed}")
            results.append((figures, len(film.actors)))
        print(row(name, results), flush=True)
    return 0


def look(film: Film, folder: Path | None, name: str) -> Figures:
    """Show a film to new networks."""
    pictures, truth = render(film)
    perceiver = build_perceiver(PerceptionConfig())
    shots: list[Shot] = []
    number = drawn_number = 0
    now_s = 0.0
    while number < len(pictures):
        started_s = time.process_time()
        shots.append(shot_of(number, perceiver.perceive(Frame(number / FPS, number, pictures[number]))))
        now_s += time.process_time() - started_s
        if folder is not None and number >= drawn_number:
            folder.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(folder / f"{name}_{number:03}.png"), drawn(pictures[number], shots[-1]))
            drawn_number += round(0.4 * FPS)
        # The newest picture is taken; if it was seen already, wait for the next one.
        number = max(number + 1, math.floor(now_s * FPS))
        now_s = max(now_s, number / FPS)
    perceiver.close()
    return score(truth, shots)


def drawn(rgb: ByteArray, shot: Shot) -> ByteArray:
    """Half-size BGR picture with the boxes and numbers that were seen."""
    bgr = cv2.resize(np.ascontiguousarray(rgb[..., ::-1]), (WIDTH // 2, HEIGHT // 2), interpolation=cv2.INTER_AREA)
    for person in shot.seen:
        box = np.array(person.box).reshape(2, 2) * (WIDTH / 2, HEIGHT / 2)
        low, high = (tuple(int(value) for value in corner) for corner in box)
        hue = np.uint8([[[person.id * 40 % 180, 255, 255]]])
        colour = tuple(int(value) for value in cv2.cvtColor(hue, cv2.COLOR_HSV2BGR)[0, 0])
        cv2.rectangle(bgr, low, high, colour, 2)
        cv2.putText(bgr, str(person.id), (low[0] + 4, max(low[1], 0) + 26), cv2.FONT_HERSHEY_SIMPLEX, 1.0, colour, 2)
    return np.asarray(bgr, np.uint8)


def row(name: str, results: list[tuple[Figures, int]]) -> str:
    """Sums and shares over the films of one case."""
    figures = [one for one, _ in results]
    kept = sum(one.switches == 0 and one.ids == count for one, count in results)
    right = sum(one.right.hits for one in figures) / sum(one.right.of for one in figures)
    found = sum(one.found.hits for one in figures) / max(1, sum(one.found.of for one in figures))
    return (
        f"{name:28} {len(results):5} {sum(count for _, count in results):6} {sum(one.ids for one in figures):5}"
        f" {sum(one.switches for one in figures):6} {sum(one.fragmentations for one in figures):6}"
        f" {100 * right:6.1f}% {100 * found:6.1f}%  {kept:2} of {len(results)}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
