"""Who is there, and what is read of each: no camera picture, only what the piece makes of it."""

from __future__ import annotations

import math
from html import escape
from typing import Any

from nicegui import ui

from installation.desk.seat import Seat
from installation.types import EMOTIONS

COLOURS = {
    "angry": "#e8705f",
    "disgust": "#a3be6c",
    "fear": "#b48ead",
    "happy": "#ebcb6b",
    "sad": "#7ba4d9",
    "surprise": "#e39ac8",
    "neutral": "#a9b3c4",
}
"""An emotion's bar; its name stands beside it, so that no colour has to be known."""
VISITOR_COLOURS = ("#88c0d0", "#ebcb8b", "#a3d9a5", "#e39ac8", "#d9a27b", "#b6a7e8")
LIMBS = (
    *((11, 12), (11, 23), (12, 24), (23, 24)),
    *((11, 13), (13, 15), (12, 14), (14, 16)),
    *((23, 25), (25, 27), (24, 26), (26, 28)),
    *((27, 31), (28, 32)),
)
"""Which joints lines connect, by BlazePose's numbers: trunk, arms, legs, feet. The head is a circle about the nose."""
SEEN_FROM = 0.3
"""Joints less visible than this are left out."""
EXTENT_WORDS = {"whole": "whole body", "half": "to the hips", "bust": "head and shoulders", "face": "face alone"}
STYLE = """
.mien-room-and-mood { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 3fr); gap: 12px; width: 100%;
  align-items: start; }
@media (max-width: 900px) { .mien-room-and-mood { grid-template-columns: minmax(0, 1fr); } }
.mien-people { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 330px), 1fr)); gap: 12px; }
.mien-room { background: #0c0d10; border-radius: 10px; width: 100%; display: block; max-height: 56vh; }
.mien-person h3 { margin: 0; font-size: var(--title); font-weight: 600; line-height: 1.4; display: flex; gap: 8px;
  align-items: baseline;
  justify-content: space-between; }
.mien-person h3 b { font-size: var(--large); font-weight: 600; }
.mien-bars { display: grid; grid-template-columns: 5.2rem minmax(0, 1fr) 2.8rem; gap: 4px 8px;
  align-items: center; margin: 6px 0; }
.mien-bar { height: 12px; border-radius: 6px; background: #343b48; overflow: hidden; }
.mien-bar i { display: block; height: 100%; border-radius: 6px; }
.mien-rule { grid-column: 1 / -1; width: 100%; height: 0; margin: 2px 0; border: 0; border-top: 1px solid #343b48; }
.mien-word { margin: 0; font-size: var(--largest); font-weight: 600; line-height: 1.2; }
.mien-bars div + span { text-align: right; font-variant-numeric: tabular-nums; }
.mien-held { display: inline-block; background: #3b4252; border-radius: 6px; padding: 1px 8px; margin: 2px 4px 0 0; }
"""


def build(seat: Seat) -> None:
    """Draw it."""
    desk = seat.desk
    ui.add_css(STYLE)
    with ui.element("div").classes("mien-room-and-mood"):
        with ui.element("section").classes("mien-card").props('aria-label="The room"'):
            ui.html("<h2>The room, as bodies are seen</h2>", sanitize=False)
            picture = ui.html(sanitize=False)
            nobody = ui.label().classes("mien-dim")
        with ui.element("section").classes("mien-card").props('aria-label="All together"'):
            ui.html("<h2>All together</h2>", sanitize=False)
            group = ui.html(sanitize=False)
    people = ui.html(sanitize=False).style("width: 100%")

    def look() -> None:
        state, there = desk.part("state") or {}, desk.part("people") or []
        reads = bool(state.get("emotions_read", True))
        width, height = state.get("camera_size") or (16, 9)
        picture.content = skeletons(there, width / max(height, 1))
        words = "Nobody is there." if not there else f"{len(there)} visitor{'s' * (len(there) != 1)}."
        nobody.text = words + (
            "" if reads else " Emotions are not read (emotion.enabled is false): motion and posture only."
        )
        mood = desk.part("group")
        group.content = together(mood, reads)
        cards = (card(one, reads, number) for number, one in enumerate(there))
        people.content = f'<div class="mien-people">{"".join(cards)}</div>'

    seat.keep_up(look)


def skeletons(people: list[dict[str, Any]], aspect: float) -> str:
    """Everybody's skeleton in a picture of this width to height, as SVG; joints come in image coordinates."""
    height = 100.0
    width = height * aspect
    drawn = "".join(_skeleton(one, number, width, height) for number, one in enumerate(people))
    what = f"Skeletons of {len(people)} visitors" if people else "An empty room"
    return (
        f'<svg class="mien-room" viewBox="0 0 {width:.1f} {height:g}" role="img" aria-label="{what}" '
        f'style="aspect-ratio: {width:.1f} / {height:g}">{drawn}</svg>'
    )


def _skeleton(one: dict[str, Any], number: int, width: float, height: float) -> str:
    colour, joints = VISITOR_COLOURS[number % len(VISITOR_COLOURS)], one.get("joints")
    x, y, _ = one["position"]
    opacity = 0.25 + 0.75 * float(one["presence"])
    if joints is None:
        body = f'<circle cx="{x * width:.1f}" cy="{y * height:.1f}" r="5" fill="none" stroke="{colour}" stroke-width="0.8"/>'
        top = y * height - 8
    else:
        seen = {at: (joint[0] * width, joint[1] * height) for at, joint in enumerate(joints) if joint[2] >= SEEN_FROM}
        lines = "".join(
            f"M{seen[a][0]:.1f} {seen[a][1]:.1f}L{seen[b][0]:.1f} {seen[b][1]:.1f}"
            for a, b in LIMBS
            if a in seen and b in seen
        )
        dots = "".join(f"M{px:.1f} {py:.1f}h0" for at, (px, py) in seen.items() if at > 10)
        body = (
            f'<path d="{lines}" stroke="{colour}" stroke-width="1" stroke-linecap="round" fill="none"/>'
            f'<path d="{dots}" stroke="{colour}" stroke-width="2.2" stroke-linecap="round" fill="none"/>'
        )
        radius = _head_radius(seen)
        if radius:
            cx, cy = seen[0]
            body += (
                f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="{radius:.1f}" fill="none" stroke="{colour}" stroke-width="1"/>'
            )
        top = min((py for _, py in seen.values()), default=y * height) - radius - 3
    place = f'x="{x * width:.1f}" y="{max(top, 6):.1f}"'
    name = f'<text {place} fill="{colour}" font-size="5" text-anchor="middle">{one["id"]}</text>'
    return f'<g opacity="{opacity:.2f}">{body}{name}</g>'


def _head_radius(seen: dict[int, tuple[float, float]]) -> float:
    """By the ears, or by the shoulders where the head is turned; 0 where no nose is seen."""
    if 0 not in seen:
        return 0.0
    ears = math.dist(seen[7], seen[8]) if 7 in seen and 8 in seen else 0.0
    shoulders = math.dist(seen[11], seen[12]) if 11 in seen and 12 in seen else 0.0
    return max(0.75 * ears, 0.28 * shoulders)


def card(one: dict[str, Any], reads: bool, number: int) -> str:
    """One visitor, as HTML."""
    colour = VISITOR_COLOURS[number % len(VISITOR_COLOURS)]
    says = f"<b>{escape(one['label'])}{' · strong' if one['level'] == 2 else ''}</b>" if reads else ""
    held = "".join(f'<span class="mien-held">{escape(label)}</span>' for label in one.get("held", ()))
    seen = EXTENT_WORDS.get(one["extent"], one["extent"])
    return (
        f'<section class="mien-card mien-person" aria-label="Visitor {one["id"]}">'
        f'<h3><span style="color: {colour}">Visitor {one["id"]}</span>{says}</h3>{bars(one, reads)}'
        f'<div class="mien-dim">{escape(str(seen))}</div><div>{held}</div></section>'
    )


def together(mood: dict[str, Any] | None, reads: bool) -> str:
    """The mood of all, as HTML."""
    if mood is None:
        return '<p class="mien-dim" style="margin: 0">No mood: nobody is there.</p>'
    says = f'<p class="mien-word">{escape(mood["label"])}</p>' if reads else ""
    return says + bars(mood, reads)


def bars(mood: dict[str, Any], reads: bool) -> str:
    """What is read, as bars in HTML; without emotions only what comes of motion and posture."""
    rows = []
    if reads:
        rows += [_bar(name, mood["emotions"].get(name, 0.0), COLOURS[name]) for name in EMOTIONS]
        rows.append('<hr class="mien-rule">')
        rows += [_bar("agreement", mood["agreement"], "#88c0d0"), _signed("valence", mood["valence"])]
        rows.append(_signed("arousal", mood["arousal"]))
        rows.append('<hr class="mien-rule">')
    rows += [_bar(name, mood[name], "#88c0d0") for name in ("energy", "openness", "presence")]
    return f'<div class="mien-bars">{"".join(rows)}</div>'


def _bar(name: str, share: float, colour: str) -> str:
    percent = round(100 * min(max(share, 0.0), 1.0))
    return (
        f'<span>{name}</span><div class="mien-bar"><i style="width: {percent}%; background: {colour}"></i></div>'
        f"<span>{percent} %</span>"
    )


def _signed(name: str, value: float) -> str:
    """A bar from the middle, for a value in [-1, 1]."""
    left, width = 50 + 50 * min(value, 0.0), 50 * abs(value)
    return (
        f'<span>{name}</span><div class="mien-bar"><i style="margin-left: {left:.0f}%; width: {width:.0f}%; '
        f'background: #88c0d0"></i></div><span>{value:+.2f}</span>'
    )
