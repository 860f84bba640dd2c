"""How many people in a film of passers-by, most of them from behind or from the side, become visitors.

    .venv/bin/python benchmarks/passers_by.py vtest.avi [--every 15] [--share 3]

vtest.avi comes with OpenCV's examples (Debian's package opencv-doc; 768 x 576, people seen from above who walk about).
The person detector looks at enlarged parts of every ``--every``-th picture; of those it finds every ``--share``-th is cut out,
enlarged to two thirds of a picture of 640 x 480 and shown to the piece's perception, as a still, for 2.5 seconds. People whom
the detector never sees are missing here, so this measures what comes after it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import cv2
import numpy as np

from installation.config.perception import PerceptionConfig
from installation.perception.landmarkers import PersonDetector
from installation.perception.likeness import overlap
from installation.perception.perceiver import Perceiver
from installation.types import Box, ByteArray, Frame

SIZE, TALL = (640, 480), 0.66
PART = (266, 200)
SCORE, LEAST_PX = 0.15, 45
STILL_S, PAUSE_S, STEP_S = 2.5, 3.0, 0.1


def people_in(rgb: ByteArray, detector: PersonDetector) -> list[Box]:
    """Boxes in pixels of upright people, found in enlarged parts of the picture."""
    height, width = rgb.shape[:2]
    (across, down), found = PART, []
    for top in range(0, height - down + 1, down // 2):
        for left in range(0, width - across + 1, across * 3 // 8):
            part = cv2.resize(rgb[top : top + down, left : left + across], SIZE, interpolation=cv2.INTER_CUBIC)
            for score, box in detector.find(np.asarray(part, np.uint8)):
                whole = min(box.left, box.top, 1 - box.right, 1 - box.bottom) > 0.02
                x, y = (box.left * across, box.right * across), (box.top * down, box.bottom * down)
                person = Box(left + x[0], top + y[0], left + x[1], top + y[1])
                if whole and person.height >= LEAST_PX and person.height > 1.3 * person.width:
                    found.append((score, person))
    chosen: list[Box] = []
    for _, person in sorted(found, reverse=True):
        if all(overlap(person, other) < 0.3 for other in chosen):
            chosen.append(person)
    return chosen


def alone(rgb: ByteArray, box: Box) -> ByteArray:
    """The person enlarged to TALL of a picture of SIZE, in the middle."""
    scale, (x, y) = TALL * SIZE[1] / box.height, box.centre
    place = np.array([[scale, 0, SIZE[0] / 2 - x * scale], [0, scale, SIZE[1] / 2 - y * scale]], np.float32)
    return np.asarray(
        cv2.warpAffine(rgb, place, SIZE, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def main() -> int:
    """Print how many were never seen, and when the others were."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("film", type=Path)
    parser.add_argument("--every", type=int, default=15)
    parser.add_argument("--share", type=int, default=3)
    options = parser.parse_args()
    film, stills, number, count = cv2.VideoCapture(str(options.film)), [], 0, 0
    detector = PersonDetector(SCORE, 10)
    while (read := film.read())[0]:
        if number % options.every == 0:
            rgb = np.ascontiguousarray(read[1][:, :, ::-1])
            for box in people_in(rgb, detector):
                if count % options.share == 0:
                    stills.append(alone(rgb, box))
                count += 1
        number += 1
    detector.close()
    if not stills:
        print(f"{options.film}: no people could be found")
        return 2
    first_s = look(stills)
    seen = [value for value in first_s if value is not None]
    shares = f"{len(stills)} people, {len(stills) - len(seen)} never seen in {STILL_S:g} s"
    print(f"{shares}; the others after {np.median(seen):.1f} s (median)" if seen else shares)
    return 0


def look(stills: list[ByteArray]) -> list[float | None]:
    """After how many seconds each was seen, None for never; between them everybody is forgotten."""
    perceiver, t_s, seq = Perceiver(PerceptionConfig()), 0.0, 0
    out: list[float | None] = []
    for still in stills:
        for _ in range(3):
            perceiver.perceive(Frame(t_s, seq, np.full_like(still, 90)))
            t_s, seq = t_s + PAUSE_S, seq + 1
        began_s, first_s = t_s, None
        while t_s - began_s < STILL_S:
            people = perceiver.perceive(Frame(t_s, seq, still)).people
            there = any(one.box.left < 0.5 < one.box.right and one.box.height > TALL / 2 for one in people)
            first_s = t_s - began_s if there and first_s is None else first_s
            t_s, seq = t_s + STEP_S, seq + 1
        out.append(first_s)
    perceiver.close()
    return out


if __name__ == "__main__":
    raise SystemExit(main())
