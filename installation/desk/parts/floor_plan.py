"""The area on the floor from above, the screen at the top, with the people of all cameras where each has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from installation.desk.camera_marks import NAMES, Apart, Standing

STYLE = """
.floor-plan { width: 100%; display: block; max-height: 56vh; background: #101216; border-radius: 8px; }
"""
WIDTH, MARGIN = 100.0, 0.14
"""Of the drawing, in its own units; of that beside and above the area."""
LINES = 12


def floor_plan(
    area_m: Sequence[float],
    marks_m: Sequence[Sequence[float]],
    everybody: Mapping[str, Sequence[Standing]],
    pairs: Sequence[Apart],
    colours: Mapping[str, str],
) -> str:
    """As SVG. ``marks_m``: the four marks of the chosen camera, metres; ``pairs`` are connected."""
    width_m, depth_m = area_m
    scale = WIDTH * (1 - 2 * MARGIN) / max(width_m, depth_m)
    left, top = (WIDTH - scale * width_m) / 2, WIDTH * MARGIN
    bottom = top + scale * depth_m
    height = bottom + 8

    def at(x_m: float, y_m: float) -> tuple[float, float]:
        # The front is the screen's side, and that is at the top: right is right for who faces the screen.
        return left + scale * x_m, top + scale * (depth_m - y_m)

    drawn = [
        f'<rect x="{left:.2f}" y="{top:.2f}" width="{scale * width_m:.2f}" height="{scale * depth_m:.2f}" fill="#1b1f27" '
        'stroke="#8793a8" stroke-width="0.4"/>',
        f'<path d="M{left:.2f} 5.5H{left + scale * width_m:.2f}" stroke="#eceff4" stroke-width="1.2"/>',
        _text(WIDTH / 2, 4, "screen", "#eceff4"),
        _text(WIDTH / 2, bottom + 6, f"{width_m:g} m", "#b4bdcc"),
        _text(left - 5, (top + bottom) / 2 + 1.2, f"{depth_m:g} m", "#b4bdcc"),
    ]
    step = max(1.0, np.ceil(max(width_m, depth_m) / LINES))
    drawn += [_line(at(x, 0), at(x, depth_m)) for x in np.arange(step, width_m - 1e-6, step)]
    drawn += [_line(at(0, y), at(width_m, y)) for y in np.arange(step, depth_m - 1e-6, step)]
    drawn += [_mark(*at(*mark), number) for number, mark in enumerate(marks_m)]
    for pair in pairs:
        (ax, ay), (bx, by) = at(pair.first.x_m, pair.first.y_m), at(pair.second.x_m, pair.second.y_m)
        drawn.append(f'<path d="M{ax:.2f} {ay:.2f}L{bx:.2f} {by:.2f}" stroke="#eceff4" stroke-width="0.5"/>')
    for number, (name, people) in enumerate(everybody.items()):
        drawn += [_person(*at(one.x_m, one.y_m), colours[name], number) for one in people]
    count = sum(map(len, everybody.values()))
    what = f"The floor from above, {width_m:g} by {depth_m:g} m: {count} sighting{'s' * (count != 1)} of people"
    return f'<svg class="floor-plan" viewBox="0 0 {WIDTH:g} {height:.2f}" role="img" aria-label="{what}">{"".join(drawn)}</svg>'


def _line(a: tuple[float, float], b: tuple[float, float]) -> str:
    return f'<path d="M{a[0]:.2f} {a[1]:.2f}L{b[0]:.2f} {b[1]:.2f}" stroke="#4a5365" stroke-width="0.25"/>'


def _mark(x: float, y: float, number: int) -> str:
    circle = f'<circle cx="{x:.2f}" cy="{y:.2f}" r="2.4" fill="#16181d" stroke="#eceff4" stroke-width="0.4"/>'
    return f"<g><title>{NAMES[number]}</title>{circle}{_text(x, y + 1.2, str(number + 1), '#eceff4')}</g>"


def _person(x: float, y: float, colour: str, number: int) -> str:
    """The first camera's as a dot, the others' as rings about it: whom all have in one place is a target."""
    look = f'fill="{colour}"' if number == 0 else f'fill="none" stroke="{colour}" stroke-width="0.8"'
    return f'<circle class="floor-person" cx="{x:.2f}" cy="{y:.2f}" r="{1.3 + number:.1f}" {look}/>'


def _text(x: float, y: float, words: str, colour: str) -> str:
    return f'<text x="{x:.2f}" y="{y:.2f}" fill="{colour}" font-size="3.2" text-anchor="middle">{escape(words)}</text>'
