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
    """How far apart each two cameras have the same people."""
    found: dict[tuple[str, str], list[Apart]] = {}
    for one in pairs:
        found.setdefault((one.first.camera, one.second.camera), []).append(one)
    rows = []
    for (first, second), same in sorted(found.items(), key=lambda item: -max(one.metres for one in item[1])):
        worst = max(same, key=lambda one: one.metres)
        whom = "the same person" if len(same) == 1 else f"the same {len(same)} people, at most"
        words = f"{escape(first)} and {escape(second)} have {whom} <b>{worst.metres:.2f} m</b> apart"
        if worst.metres <= GOOD_M:
            rows.append(("good", f"{words}: good."))
        elif worst.metres <= same_within_m:
            rows.append(("calm", f"{words}: near enough to count as one; better marks bring them nearer."))
        else:
            more = f"more than {same_within_m:g} m is two people to the show. Was each mark taken on its own spot?"
            rows.append(("bad", f"{words}: {more}"))
    lines = (f'<p style="margin: 4px 0; color: var(--{tone})">{text}</p>' for tone, text in rows[:MOST_LINES])
    return "".join(lines)


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
