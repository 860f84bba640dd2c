"""Eyes, brows, nose, mouth and the marks of comics, each drawn in one of several ways."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from installation.training.drawn.pen import Pen, Points, arc, ellipse

WHITE, DEEP = 255, 40


@dataclass(frozen=True, eq=False)
class Features:
    """What is drawn of a face. Lengths in half sides of the picture; ``inner`` and ``outer`` ends of the brows, the mouth's
    ``curve``: 1 far up, -1 far down; ``open`` of the eyes: 1 at rest; ``pupil``: share of the eye. ``eye`` and ``mouth`` are
    ways to draw them; ``turn`` is how far the face looks aside."""

    eye: str
    eye_size: tuple[float, float]
    eye_at: tuple[float, float]
    turn: float
    mouth: str
    mouth_at: tuple[float, float]
    mouth_width: float
    inner: float
    outer: float
    open: float
    curve: float
    pupil: float
    ink: int
    skin: int
    rng: np.random.Generator

    def eye_centre(self, side: int) -> tuple[float, float]:
        """Of the left (-1) or right (1) one."""
        return self.turn + side * self.eye_at[0] * (1 - side * self.turn), self.eye_at[1]


def draw_eye(pen: Pen, face: Features, side: int) -> None:
    """The left (-1) or the right (1) eye, open or shut."""
    x, y = face.eye_centre(side)
    wide, tall = face.eye_size
    if face.eye == "arch":
        pen.line(arc((x, y + tall / 3), (max(wide, 0.09), max(tall, 0.09)), 1.1 * np.pi, 1.9 * np.pi), face.ink, 1.4)
    elif face.eye == "bowl":
        pen.line(arc((x, y - tall / 3), (max(wide, 0.09), max(tall, 0.07)), 0.1 * np.pi, 0.9 * np.pi), face.ink, 1.4)
    elif face.eye == "slit":
        pen.line(np.array([(x - side * 0.1, y + 0.05), (x + side * 0.1, y - 0.04)]), face.ink, 1.5)
    elif face.eye in ("dot", "oval"):
        pen.fill(ellipse((x, y), (wide, tall * max(face.open, 0.3))), face.ink)
        if face.eye == "oval" and face.rng.random() < 0.4:
            pen.fill(ellipse((x + wide * 0.3, y - tall * 0.4), (wide * 0.3, tall * 0.25)), WHITE)
    else:
        _open_eye(pen, face, side, (x, y))


def _open_eye(pen: Pen, face: Features, side: int, centre: tuple[float, float]) -> None:
    x, y = centre
    wide, tall = face.eye_size[0] * (1.0 + 0.15 * (face.open > 1)), face.eye_size[1] * face.open
    white = ellipse((x, y), (wide, tall))
    # The lid follows the brow: down to the nose in anger, down to the temple in sadness.
    slant = 0.5 * (face.outer - face.inner) * tall * side
    lid = y - tall * 0.75
    cut = lid - slant * (white[:, 0] - x) / wide
    if abs(face.outer - face.inner) > 0.3 and face.open < 1:
        white[:, 1] = np.maximum(white[:, 1], cut)
    pen.fill(white, WHITE, face.ink, 0.7)
    pupil = face.pupil * (1.1 if face.eye == "manga" else 0.8)
    down = 0.3 * tall if face.open < 0.6 and face.inner > 0.2 else 0.0
    round_px = max(min(wide, tall) * pupil, 0.02)
    long = round_px * (1.25 if face.eye == "manga" else 1.0)
    pen.fill(
        ellipse((x + face.turn * 0.2, y + down), (round_px, min(long, tall))), DEEP if face.rng.random() < 0.8 else 110
    )
    if face.eye == "manga" or face.rng.random() < 0.3:
        pen.fill(ellipse((x - round_px * 0.3, y + down - long * 0.35), (round_px * 0.35, long * 0.3)), WHITE)
    upper = white[white[:, 1] <= y]
    pen.line(upper[np.argsort(upper[:, 0])], face.ink, 2.0 if face.eye == "manga" else 1.1)


def draw_brow(pen: Pen, face: Features, side: int) -> None:
    """The brow over the left (-1) or right (1) eye."""
    x, y = face.eye_centre(side)
    reach = max(face.eye_size[0], 0.1) * 1.25
    high = y - face.eye_size[1] * max(face.open, 0.8) - 0.09
    rise = 0.11
    t = np.linspace(0, 1, 8)  # from the nose outwards
    bow = float(face.rng.uniform(0.0, 0.05)) if face.inner > -0.3 else 0.0
    at_x = x + side * reach * (2 * t - 1)
    at_y = high - rise * (face.inner * (1 - t) + face.outer * t) - bow * np.sin(np.pi * t)
    if face.inner < -0.3:
        at_x, at_y = at_x - side * 0.04, at_y + 0.04
    pen.line(np.stack([at_x, at_y], axis=1), face.ink, 1.3)


def draw_nose(pen: Pen, face: Features) -> None:
    """None, a dot, a stroke or a hook."""
    x, y = face.turn * 1.5, (face.eye_at[1] + face.mouth_at[1]) / 2 + 0.03
    kind = int(face.rng.integers(0, 4))
    if kind == 1:
        pen.fill(ellipse((x, y), (0.02, 0.02)), face.ink)
    elif kind == 2:
        pen.line(np.array([(x, y - 0.06), (x + 0.03, y + 0.02)]), face.ink, 0.8)
    elif kind == 3:
        pen.line(np.array([(x, y - 0.1), (x + 0.05, y + 0.03), (x - 0.01, y + 0.04)]), face.ink, 0.8)


def draw_mouth(pen: Pen, face: Features) -> None:
    """A line, or open in one of the ways of MOUTHS."""
    (x, y), half, rng = face.mouth_at, face.mouth_width, face.rng
    t = np.linspace(-1, 1, 14)
    bend = 0.16 * face.curve * (1 - t**2) - 0.08 * face.curve
    along = np.stack([x + half * t, y + bend], axis=1)
    inside = DEEP if rng.random() < 0.7 else int(rng.integers(60, 200))
    if face.mouth == "line":
        pen.line(along, face.ink, 1.3)
    elif face.mouth == "wave":
        along[:, 1] = y + bend * 0.6 + 0.035 * np.sin(t * float(rng.uniform(6, 11)))
        pen.line(along, face.ink, 1.2)
    elif face.mouth == "round":
        pen.fill(
            ellipse((x, y + 0.02), (half * float(rng.uniform(0.3, 0.6)), float(rng.uniform(0.06, 0.2)))),
            inside,
            face.ink,
        )
    elif face.mouth in ("laugh", "teeth smile"):
        _smile(pen, face, inside)
    elif face.mouth == "teeth":
        _teeth(pen, face, along)
    else:
        _cry(pen, face, inside)


def _smile(pen: Pen, face: Features, inside: int) -> None:
    (x, y), half = face.mouth_at, max(face.mouth_width, 0.18)
    deep = float(face.rng.uniform(0.12, 0.3))
    top = float(face.rng.uniform(0, 0.05))
    t = np.linspace(-1, 1, 14)
    upper = np.stack([x + half * t, y - 0.05 + top * (1 - t**2)], axis=1)
    lower = np.stack([x + half * t[::-1], y - 0.05 + deep * np.sqrt(1 - t**2)], axis=1)
    white = face.mouth == "teeth smile"
    pen.fill(np.concatenate([upper, lower]), WHITE if white else inside, face.ink)
    if not white and face.rng.random() < 0.5:
        pen.fill(np.concatenate([upper, upper[::-1] + (0, deep * 0.3)]), WHITE)


def _teeth(pen: Pen, face: Features, along: Points) -> None:
    """Clenched: a bent box with a line through it, and lines between teeth."""
    high = float(face.rng.uniform(0.05, 0.1))
    box = np.concatenate([along - (0, high), (along + (0, high))[::-1]])
    pen.fill(box, WHITE, face.ink)
    pen.line(along, face.ink, 0.6)
    for at in along[2:-2:3]:
        pen.line(np.array([at - (0, high), at + (0, high)]), face.ink, 0.5)


def _cry(pen: Pen, face: Features, inside: int) -> None:
    """Open and bent down: a shout is wide and square, a gape tall, a sob small."""
    (x, y), rng = face.mouth_at, face.rng
    half = face.mouth_width * {"shout": 1.0, "gape": 0.75, "sob": 0.6}[face.mouth]
    high = float(rng.uniform(*{"shout": (0.1, 0.22), "gape": (0.12, 0.28), "sob": (0.06, 0.14)}[face.mouth]))
    narrow = float(rng.uniform(0.5, 0.9)) if face.mouth == "shout" else float(rng.uniform(0.2, 0.6))
    t = np.linspace(-1, 1, 12)
    upper = np.stack([x + half * narrow * t, y - high * (0.6 + 0.4 * (1 - t**2))], axis=1)
    dip = 0.05 * abs(face.curve)
    lower = np.stack([x + half * t[::-1], y + high * 0.6 - dip * (1 - t[::-1] ** 2) * 2], axis=1)
    pen.fill(np.concatenate([upper, lower]), inside, face.ink)
    if face.mouth == "shout" and rng.random() < 0.5:
        pen.fill(np.concatenate([upper, upper[::-1] + (0, high * 0.3)]), WHITE)


def draw_marks(pen: Pen, face: Features, label: str) -> None:
    """What comics add, now and then: tears, sweat, a vein, lines of gloom, blush."""
    rng = face.rng
    if label == "sadness" and rng.random() < 0.4:
        for side in (-1, 1) if rng.random() < 0.6 else (1,):
            x, y = face.eye_centre(side)
            y += face.eye_size[1]
            if rng.random() < 0.5:
                pen.fill(ellipse((x + side * 0.04, y + 0.1), (0.035, 0.06)), 225, face.ink, 0.6)
            else:
                pen.fill(
                    np.array([(x - 0.04, y), (x + 0.04, y), (x + 0.05, y + 0.4), (x - 0.05, y + 0.4)]),
                    225,
                    face.ink,
                    0.5,
                )
    elif label == "fear":
        if rng.random() < 0.3:
            pen.fill(ellipse((float(rng.choice([-0.5, 0.5])), -0.2), (0.04, 0.07)), 225, face.ink, 0.6)
        if rng.random() < 0.25:
            for x in np.arange(-0.3, 0.35, 0.12):
                pen.line(np.array([(x, -0.55), (x, -0.25)]), face.ink, 0.5)
    elif label == "anger":
        if rng.random() < 0.2:
            x, y = float(rng.choice([-0.4, 0.4])), -0.45
            for dx, dy in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
                bend = np.array([(0.02, 0.1), (0.03, 0.03), (0.1, 0.02)]) * (dx, dy)
                pen.line(bend + (x, y), face.ink, 0.8)
        if rng.random() < 0.3:
            for x in (-0.03, 0.03):
                pen.line(
                    np.array([(x, face.eye_at[1] - 0.18), (x, face.eye_at[1] - 0.04)]) + (face.turn, 0), face.ink, 0.6
                )
    elif label == "happiness" and rng.random() < 0.25:
        for side in (-1, 1):
            x, y = face.eye_centre(side)
            pen.fill(ellipse((x + side * 0.08, y + 0.22), (0.1, 0.05)), max(face.skin - 45, 0))
