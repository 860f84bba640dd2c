"""The performances in performances/, made of the simulated figures' stories; they can be made again at any time.

python -m installation.evaluation.performances --write
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace

from installation.capture.simulated.stories import STORIES
from installation.capture.simulated.story import Story, StoryScript
from installation.perception.extent import ExtentReader
from installation.record.performance import Performance, performance_of
from installation.record.performance_files import ENDING, SHIPPED, save
from installation.record.recording import Event
from installation.types import EXTENTS, Box, Person

RATE_HZ = 20.0
"""About what perception gives on a machine without a graphics card."""
BORDER = 0.05
"""What is found of people ends about so far beyond the picture's border."""


def observations(story: Story, seconds: float | None = None) -> Iterator[Event]:
    """What perception would see of a ``story``, or of its first ``seconds``."""
    script, readers = StoryScript(story), dict[int, ExtentReader]()
    for seq in range(1, round((story.seconds if seconds is None else seconds) * RATE_HZ) + 2):
        t_s = (seq - 1) / RATE_HZ
        seen = script.observe(t_s, seq)
        people = tuple(_perceived(person, readers, t_s) for person in seen.people)
        yield Event("observation", t_s, replace(seen, people=people))


def _perceived(person: Person, readers: dict[int, ExtentReader], t_s: float) -> Person:
    """``person`` as far as perception would see somebody so near: of a face that fills the picture no body is found."""
    extent = readers.setdefault(person.id, ExtentReader()).read(t_s, person.pose, person.face_box)
    box = person.box
    if extent == EXTENTS[0]:
        person = replace(person, pose=None, pose_world=None)
        assert person.face_box is not None
        box = person.face_box
    return replace(person, extent=extent, box=Box(*(min(max(edge, -BORDER), 1 + BORDER) for edge in box)))


def performance(story: Story, seconds: float | None = None) -> Performance:
    """A ``story`` as a performance."""
    return performance_of(story.name, observations(story, seconds), for_file=True)


def main(argv: list[str] | None = None) -> int:
    """Say what there is, or write it."""
    parser = argparse.ArgumentParser(description="The shipped performances, made of the simulated figures' stories.")
    parser.add_argument("--write", action="store_true", help=f"write {SHIPPED.name}/")
    write = parser.parse_args(argv).write
    for story in STORIES:
        if write:
            path = SHIPPED / f"{story.name}{ENDING}"
            save(performance(story), path)
            print(f"{path.name}: {story.seconds:g} s, {path.stat().st_size / 1e6:.2f} MB")
        else:
            print(f"{story.name}: {story.seconds:g} s, {len(story.visits)} visits")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
