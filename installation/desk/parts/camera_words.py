"""What the page Cameras says of each camera, and of how well they agree, as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from installation.desk.camera_marks import Apart

GOOD_M = 0.3
"""Two cameras that have the same person so near to each other are well placed."""
MOST_LINES = 6


def agreement(pairs: Sequence[Apart], same_within_m: float) -> str:
    """How far apart cameras have the same person, as HTML."""
    rows = []
    for one in sorted(pairs, key=lambda pair: -pair.metres)[:MOST_LINES]:
        who = f"{escape(one.first.camera)} and {escape(one.second.camera)}"
        words = f"{who} have the same person <b>{one.metres:.2f} m</b> apart"
        if one.metres <= GOOD_M:
            rows.append(("good", f"{words}: good."))
        elif one.is_one or one.metres <= same_within_m:
            rows.append(
                ("calm", f"{words}: they count as one (up to {same_within_m:g} m), better marks bring them nearer.")
            )
        else:
            rows.append(
                ("bad", f"{words}: the show takes them for two. Is each mark on the same spot, and in the same order?")
            )
    return "".join(f'<p style="margin: 4px 0; color: var(--{tone})">{text}</p>' for tone, text in rows)


def camera_row(name: str, colour: str, told: Mapping[str, Any] | None, marks: int, is_placed: bool) -> str:
    """A camera in one line: its colour, whether it is heard, how many it sees, whether it is placed."""
    if told is None:
        heard = "not heard yet"
    elif not told["is_heard"]:
        heard = "silent"
    else:
        count = len(told["people"])
        heard = f"sees {count or 'nobody'}{' person' if count == 1 else ' people' if count else ''}"
    placed = "placed" if is_placed else f"{marks} of 4 marks" if marks else "no marks yet"
    return f'<li><i style="background: {colour}"></i><b>{escape(name)}</b> {heard}, {placed}</li>'
