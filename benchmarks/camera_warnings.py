"""How often ``run.py check --camera`` warns rightly, and how often wrongly: films made worse by known amounts.

    .venv/bin/python benchmarks/camera_warnings.py FILM ... [--pictures 15] [--only dark,far]

Each film is seen as it is, then darker, brighter, against the light, further away, nearer, tilted, blurred, with a code that is
back to front, and under lamps that flicker. A line for each: whether that should lead to a warning (yes, no, or either is
right), and in how many films it came. Films in which nobody is seen count for light, blur, mirror and flicker only. What the
films are warned of as they are comes first, by name (look at them to judge that), and is not counted further.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import cv2
import numpy as np

from installation.config.perception import PerceptionConfig
from installation.perception.build import build_perceiver
from installation.perception.placing.flicker import Pulse
from installation.perception.placing.judge import WANTED_FACE_PX, Judge, pulses
from installation.types import ByteArray, Frame, Observation

RATE_HZ, CAMERA_HZ = 5, 30
NOISE = 2.0
"""Of a sensor, in grey levels."""
MARGIN = 1.15
"""A face this near to the size that is wanted may be called either."""
Change = Callable[[ByteArray, int], ByteArray]


class Case(NamedTuple):
    """A way to make a film worse. ``should``: whether the warning ``kind`` should come; None: either is right."""

    kind: str
    amount: str
    change: Change
    should: bool | None
    needs_people: bool


class Seen(NamedTuple):
    """A film as it is: whether people are in it, the nearest face in pixels, where it is, what is warned of."""

    has_people: bool
    face_px: float
    face_at: tuple[float, float, float]
    """x, y of its middle and its height, as shares of the picture."""
    warned: list[str]


def brighter(stops: float) -> Change:
    """So many stops more light (linear, then sRGB's curve), with the noise that a sensor adds."""

    levels = (255 * ((np.arange(256) / 255) ** 2.2 * 2.0**stops) ** (1 / 2.2)).astype(np.float32)

    def change(rgb: ByteArray, number: int) -> ByteArray:
        noise = np.random.default_rng(number).standard_normal(rgb.shape, np.float32)
        return np.clip(levels[rgb] + NOISE * noise, 0, 255).astype(np.uint8)

    return change


def window(rgb: ByteArray, number: int) -> ByteArray:  # noqa: ARG001
    """A bright window, through which little else is seen."""
    return (200 + rgb // 5).astype(np.uint8)


def against_light(person: float, wall: Change, seen: list[Observation]) -> Change:
    """People so many stops darker, ``wall`` done to all else."""
    dark = brighter(-person)

    def change(rgb: ByteArray, number: int) -> ByteArray:
        height, width = rgb.shape[:2]
        mask = np.zeros((height, width), np.float32)
        for one in seen[number].people:
            left, top, right, bottom = (
                int(np.clip(value, 0, 1) * size) for value, size in zip(one.box, (width, height, width, height))
            )
            middle, axes = ((left + right) // 2, (top + bottom) // 2), ((right - left) // 2, (bottom - top) // 2)
            cv2.ellipse(mask, middle, axes, 0, 0, 360, 1.0, -1)
            if one.face_box is not None:
                face = [int(v * s) for v, s in zip(one.face_box, (width, height, width, height))]
                cv2.rectangle(mask, (face[0], face[1]), (face[2], face[3]), 1.0, -1)
        soft = cv2.GaussianBlur(mask, (0, 0), max(width / 100, 1))[:, :, None]
        return (dark(rgb, number) * soft + wall(rgb, number) * (1 - soft)).astype(np.uint8)

    return change


def smaller(factor: float) -> Change:
    """As far away as makes it ``factor`` times as large; the border is drawn out."""

    def change(rgb: ByteArray, number: int) -> ByteArray:  # noqa: ARG001
        height, width = rgb.shape[:2]
        small = cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        top, left = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
        edges = (top, height - small.shape[0] - top, left, width - small.shape[1] - left)
        return np.asarray(cv2.copyMakeBorder(small, *edges, cv2.BORDER_REPLICATE), np.uint8)

    return change


def nearer(share: float, at: tuple[float, float, float]) -> Change:
    """Enlarged until the face is ``share`` of the picture's height."""

    def change(rgb: ByteArray, number: int) -> ByteArray:  # noqa: ARG001
        height, width = rgb.shape[:2]
        x, y, face = at
        zoom = share / face
        move = np.array([[zoom, 0, width / 2 - zoom * x * width], [0, zoom, height / 2 - zoom * y * height]])
        return np.asarray(cv2.warpAffine(rgb, move, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8)

    return change


def tilted(degrees: float) -> Change:
    """The camera turned about its axis; enlarged so that no corner is empty in the middle of the picture."""

    def change(rgb: ByteArray, number: int) -> ByteArray:  # noqa: ARG001
        height, width = rgb.shape[:2]
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        return np.asarray(cv2.warpAffine(rgb, turn, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8)

    return change


def blurred(share: float) -> Change:
    """Out of focus by a Gaussian of ``share`` of the picture's width."""

    def change(rgb: ByteArray, number: int) -> ByteArray:  # noqa: ARG001
        return np.asarray(cv2.GaussianBlur(rgb, (0, 0), share * rgb.shape[1]), np.uint8)

    return change


def with_code(back_to_front: bool) -> Change:
    """A sheet with a QR code held into the lower left corner, a quarter of the picture high."""
    code = cv2.QRCodeEncoder.create().encode("https://example.org/mien")

    def change(rgb: ByteArray, number: int) -> ByteArray:  # noqa: ARG001
        out, side = rgb.copy(), max(rgb.shape[0] // 4, 90)
        sheet = cv2.copyMakeBorder(code, 2, 2, 2, 2, cv2.BORDER_CONSTANT, value=255)
        sheet = cv2.resize(sheet, (side, side), interpolation=cv2.INTER_NEAREST)
        sheet = cv2.flip(sheet, 1) if back_to_front else sheet
        out[-side:, :side] = cv2.cvtColor(sheet, cv2.COLOR_GRAY2RGB)
        return out

    return change


def cases(film: Seen, observed: list[Observation]) -> Iterator[Case]:
    """All that is done to one film."""
    for stops, should in ((1, False), (3, None), (5, True)):
        yield Case("dark", f"{stops} stops darker", brighter(-stops), should, False)
    for stops, should in ((0.5, False), (3, True)):
        yield Case("bright", f"{stops} stops brighter", brighter(stops), should, True)
    for dark, what, wall, should in ((0.5, "half a stop more", brighter(0.5), False), (3, "a window", window, True)):
        yield Case(
            "back light", f"people -{dark} stops, behind them {what}", against_light(dark, wall, observed), should, True
        )
    for degrees, should in ((-4, False), (14, True), (-14, True)):
        yield Case("tilt", f"{abs(degrees)} degrees", tilted(degrees), should, True)
    # The films are seen as the piece shows them, mirrored: a code is back to front there.
    yield Case("mirror", "a code as others see it", with_code(False), True, False)
    yield Case("mirror", "a code back to front", with_code(True), False, False)
    if film.face_px > 0:
        yield from cases_with_faces(film)
    for share, should in ((0.0005, False), (0.005, True), (0.01, True)):
        yield Case("blurred", f"by {share:.2%} of the width", blurred(share), should, False)


def cases_with_faces(film: Seen) -> Iterator[Case]:
    """What is done by the size of the faces in it."""
    for factor in (0.7, 0.4, 0.25):
        small = film.face_px * factor
        is_near = WANTED_FACE_PX / MARGIN < small < WANTED_FACE_PX * MARGIN
        amount = "face under 40 px" if small < WANTED_FACE_PX else "smaller, face over 40 px"
        yield Case("far", amount, smaller(factor), None if is_near else small < WANTED_FACE_PX, True)
    for share, should in ((0.2, False), (0.7, True)):
        if share > film.face_at[2]:
            yield Case("near", f"face {share:.0%} of the height", nearer(share, film.face_at), should, True)


def read(film: Path, pictures: int, rate_hz: float) -> list[ByteArray]:
    """The first pictures of a film at ``rate_hz``, RGB. Raises OSError without any."""
    if film.suffix == ".png":
        still = cv2.imread(str(film))
        return [np.ascontiguousarray(still[:, :, ::-1])] * pictures
    capture, shown, number = cv2.VideoCapture(str(film)), [], 0
    step = max((capture.get(cv2.CAP_PROP_FPS) or 25.0) / rate_hz, 1.0)
    while len(shown) < pictures:
        good, bgr = capture.read()
        if not good:
            break
        if number >= len(shown) * step:
            shown.append(np.ascontiguousarray(bgr[:, :, ::-1]))
        number += 1
    capture.release()
    if not shown:
        raise OSError(f"{film} has no pictures")
    return shown


class Eye:
    """One perception for all films; between two it forgets whom it saw."""

    def __init__(self) -> None:
        self._perceiver = build_perceiver(PerceptionConfig())
        self._begin_s, self._seq = 0.0, 0

    def look(self, pictures: list[ByteArray], change: Change | None = None) -> tuple[Judge, list[Observation]]:
        """What is seen in ``pictures``, changed or as they are."""
        judge, seen = Judge(mirrored=True), []
        self._begin_s += 60.0
        self._perceiver.forget_everybody()
        for number, picture in enumerate(pictures):
            rgb = np.ascontiguousarray(picture if change is None else change(picture, number))
            self._seq += 1
            seen.append(self._perceiver.perceive(Frame(self._begin_s + number / RATE_HZ, self._seq, rgb)))
            judge.observe(seen[-1], rgb)
        return judge, seen


def as_it_is(eye: Eye, pictures: list[ByteArray]) -> tuple[Seen, list[Observation]]:
    """The film before anything is done to it."""
    judge, observed = eye.look(pictures)
    people = [one for seen in observed for one in seen.people]
    boxes = [one.face_box for one in people if one.face_box is not None]
    height, width = pictures[0].shape[:2]
    if boxes:
        face_px = float(np.median([max(box.width * width, box.height * height) for box in boxes]))
        x, y, tall = (float(value) for value in np.median([(*box.centre, box.height) for box in boxes], axis=0))
    else:
        face_px, x, y, tall = 0.0, 0.5, 0.5, 0.0
    warned = [one.kind for one in judge.warnings()]
    return Seen(len(people) > len(observed) / 4, face_px, (x, y, tall), warned), observed


LAMPS = (
    (0.0, 0.0, 0.0),
    (0.01, 1.7, 1 / 3),
    *((d, b, s) for d in (0.03, 0.06, 0.1) for b, s in ((0.0, 1 / 3), (3.3, 0.2))),
)
"""Depth, bands in the picture, periods from picture to picture: 100 and 120 a second seen at 30 and at 25."""


def flickering(film: Path) -> Iterator[tuple[str, bool | None, Pulse]]:
    """(amount, should, what pulses most) of a film of full rate under lamps."""
    pictures = read(film, 128, CAMERA_HZ)
    for depth, bands, step in LAMPS:
        judge = Judge(mirrored=True)
        for number, rgb in enumerate(pictures):
            small = cv2.resize(rgb, (160, 120), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
            rows = np.arange(120)[:, None, None] / 120
            wave = 1 + depth * np.cos(2 * np.pi * (step * number + bands * rows))
            judge.see(
                number / CAMERA_HZ, number, np.clip(255 * (small**2.2 * wave) ** (1 / 2.2), 0, 255).astype(np.uint8)
            )
        if judge.pulse is not None:
            should = False if depth == 0 else (None if depth < 0.05 else True)
            yield f"{depth:.0%} of the light" if depth else "none", should, judge.pulse


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("films", nargs="+", type=Path, metavar="FILM")
    parser.add_argument("--pictures", type=int, default=15)
    parser.add_argument("--only", default="", metavar="KINDS", help="such as dark,far")
    options = parser.parse_args()
    only = set(filter(None, options.only.split(",")))
    counted: dict[tuple[str, str, bool | None], list[bool]] = {}
    wrongly: dict[str, list[bool]] = {}
    eye = Eye()
    for film in options.films:
        shown = read(film, options.pictures, RATE_HZ)
        # A film that is over begins anew, as in the piece.
        pictures = [shown[number % len(shown)] for number in range(options.pictures)]
        seen, observed = as_it_is(eye, pictures)
        print(f"{film.name}: face {seen.face_px:.0f} px, as it is: {', '.join(seen.warned) or 'nothing'}", flush=True)
        for case in cases(seen, observed):
            if (
                (only and case.kind not in only)
                or (case.needs_people and not seen.has_people)
                or case.kind in seen.warned
            ):
                continue
            warned = [one.kind for one in eye.look(pictures, case.change)[0].warnings()]
            if case.should is not None and (case.kind in warned) != case.should:
                print(f"   {'missed' if case.should else 'wrongly'}: {case.kind}, {case.amount}", flush=True)
            counted.setdefault((case.kind, case.amount, case.should), []).append(case.kind in warned)
            others = {one for one in warned if one not in (case.kind, "nobody", *seen.warned)}
            for kind in others:
                wrongly.setdefault(f"{kind} (in {case.kind}: {case.amount})", []).append(True)
        if not only or "flicker" in only:
            for amount, should, pulse in flickering(film):
                counted.setdefault(("flicker", amount, should), []).append(pulses(pulse))
                print(f"   flicker {amount}: {pulse}", flush=True) if "flicker" in only else None
    words = {True: "yes", False: "no", None: "either"}
    for (kind, amount, should), came in counted.items():
        print(f"{kind:11} {amount:36} should: {words[should]:7} warned: {sum(came)} of {len(came)}")
    for kind in dict.fromkeys(kind for kind, _, _ in counted):
        right = [one for (k, _, should), came in counted.items() if k == kind and should for one in came]
        wrong = [one for (k, _, should), came in counted.items() if k == kind and should is False for one in came]
        shares = (f"{sum(came)} of {len(came)} ({np.mean(came or [0]):.0%})" for came in (right, wrong))
        print("{:11} rightly {}, wrongly {}".format(kind, *shares))
    for kind, came in sorted(wrongly.items(), key=lambda one: -len(one[1])):
        print(f"also warned: {kind}: {len(came)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
