"""What looking for drawings costs, and whether it loses a visitor or sees a drawing where nobody holds one.

    .venv/bin/python benchmarks/drawings.py FILM ... [--pictures 60]

Two perceivers see the same pictures of each film, as if thirty came in a second, one of them with
``perception.drawings``. Told are the processor time of a picture that goes into drawings (mean, and of the slowest
twentieth), visitors summed over the pictures with and without, and in how many pictures something is depicted. 1 where
a film in which no drawing is held has a visitor less, or depicts something.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import cv2
import numpy as np

from installation.config.load import load_config
from installation.perception.build import build_perceiver
from installation.types import Frame

RATE_HZ = 30


def main() -> int:
    """Print a line a film; 1 when a visitor is lost or something is depicted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("films", nargs="+", type=Path, metavar="FILM")
    parser.add_argument("--pictures", type=int, default=60)
    options = parser.parse_args()
    return max(look(film, options.pictures) for film in options.films)


def look(film: Path, pictures: int) -> int:
    """Print what one film costs; 1 when a visitor is lost or something is depicted."""
    settings = load_config(ROOT / "config.yaml").perception
    shown = read(film, pictures)
    people, spent_ms, depicted = {False: 0, True: 0}, [], 0
    for on in (False, True):
        perceiver = build_perceiver(settings.model_copy(update={"drawings": on}))
        for number, rgb in enumerate(shown):
            before_ms = perceiver.spent_ms.get("drawn", 0.0)
            seen = perceiver.perceive(Frame(number / RATE_HZ, number, rgb))
            people[on] += len(seen.people)
            if on:
                spent_ms.append(perceiver.spent_ms["drawn"] - before_ms)
                depicted += seen.depicted is not None
        perceiver.close()
    print(
        f"{film.name}: {np.mean(spent_ms):.1f} ms a picture (slowest twentieth {np.quantile(spent_ms, 0.95):.1f}), "
        f"visitors {people[False]} without, {people[True]} with; depicted in {depicted} of {len(shown)}",
        flush=True,
    )
    return int(people[True] < people[False] or depicted > 0)


def read(film: Path, pictures: int) -> list[np.ndarray]:
    """The first pictures of a film, RGB. Raises OSError without any."""
    capture, shown = cv2.VideoCapture(str(film)), []
    while len(shown) < pictures:
        good, bgr = capture.read()
        if not good:
            break
        shown.append(np.ascontiguousarray(bgr[:, :, ::-1]))
    capture.release()
    if not shown:
        raise OSError(f"{film} has no pictures")
    return shown


if __name__ == "__main__":
    raise SystemExit(main())
