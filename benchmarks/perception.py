"""Who is seen in a folder of films, and what seeing costs.

    .venv/bin/python benchmarks/perception.py FOLDER

Every picture of every film goes through the real networks in this process, with the film's own time.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import cv2
import numpy as np

from installation.config import PerceptionConfig
from installation.perceiving import build_perceiver
from installation.report import Histogram
from installation.types import EMOTIONS, Frame


def main() -> int:
    """Print a line a film."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in {".mp4", ".mov", ".mkv", ".gif", ".avi"}:
            print(line(path), flush=True)
    return 0


def line(path: Path) -> str:
    """One film's figures."""
    capture, perceiver = cv2.VideoCapture(str(path)), build_perceiver(PerceptionConfig())
    fps = capture.get(cv2.CAP_PROP_FPS) or 25.0
    pictures = people = faces = 0
    numbers, cost = set(), Histogram()
    expression = np.zeros(len(EMOTIONS))
    while True:
        good, bgr = capture.read()
        if not good:
            break
        frame = Frame(pictures / fps, pictures, np.ascontiguousarray(bgr[:, ::-1, ::-1]))
        observation = perceiver.perceive(frame)
        pictures += 1
        cost.add(observation.compute_ms)
        for person in observation.people:
            people += 1
            faces += person.face is not None
            numbers.add(person.id)
            expression += person.expression if person.expression is not None else 0
    perceiver.close()
    strongest = EMOTIONS[int(expression.argmax())] if expression.any() else "-"
    return (
        f"{path.name:52} {pictures:5} pictures  people {100 * people / pictures:5.1f} %  face {100 * faces / pictures:5.1f} %"
        f"  ids {len(numbers)}  mostly {strongest:8}  p50 {cost.percentile(50):5.1f}  p95 {cost.percentile(95):5.1f} ms"
    )


if __name__ == "__main__":
    raise SystemExit(main())
