"""The operator's figures as lines of text. Pure: values in, lines out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from installation.base.notices import Notice
from installation.config.last_good import STAGE as SETTINGS
from installation.types import EMOTIONS, EmotionState, Person

NOTICE_S = 8.0
"""A new notice stays on the screen for this long, also where the operator's figures are hidden."""
LASTING = (SETTINGS,)
"""Notices of these stages stay as long as they hold: other settings than the artist's run, with nobody there to be told."""


@dataclass(frozen=True)
class HudFigures:
    """What the operator sees. Rates in pictures a second."""

    frames: float
    observations: float
    textures: float
    memory_mb: float
    source: str
    output: str
    quality: str
    generation: str


def figure_lines(
    figures: HudFigures, states: Iterable[EmotionState], people: Iterable[Person], notices: Iterable[Notice]
) -> tuple[str, ...]:
    """All figures, a line each visitor, a line each active notice."""
    lines = [
        f"{figures.frames:.0f} pictures/s   perception {figures.observations:.0f}/s   "
        f"textures {figures.textures:.1f}/s   {figures.memory_mb:.0f} MB",
        figures.source,
        f"{figures.output}   quality {figures.quality}",
        figures.generation,
    ]
    held = {person.id: _held(person) for person in people}
    lines += [_visitor(state, held.get(state.person_id, "")) for state in states]
    return (*lines, *notice_lines(notices))


def fresh_notices(notices: Sequence[Notice], now_s: float) -> tuple[Notice, ...]:
    """Faults and fallbacks that are new, and those that an artist must find; notes are for who asks for the figures."""
    return tuple(one for one in notices if one.kind != "note" and (now_s - one.t_s < NOTICE_S or one.stage in LASTING))


def notice_lines(notices: Iterable[Notice]) -> tuple[str, ...]:
    """A line each notice."""
    return tuple(
        f"{'i' if one.kind == 'note' else '!'} {one.stage}: {'; '.join(one.message.splitlines())}" for one in notices
    )


def _visitor(state: EmotionState, held: str) -> str:
    if not state.emotions_read:
        return (
            f"visitor {state.person_id}: energy {state.energy:.2f}   openness {state.openness:.2f}   "
            f"here {state.presence:.1f}{held}"
        )
    top = sorted(zip(state.probabilities, EMOTIONS, strict=True), reverse=True)[:3]
    feels = "  ".join(f"{name} {share:.2f}" for share, name in top)
    return (
        f"visitor {state.person_id}: {state.label}   {feels}   valence {state.valence:+.2f} "
        f"arousal {state.arousal:+.2f}   here {state.presence:.1f}{held}"
    )


def _held(person: Person) -> str:
    """The likeliest pose and the gestures of a visitor."""
    poses = [f"{label} {share:.2f}" for label, share in person.poses[:1]]
    return "".join(f"   {text}" for text in (*poses, *person.gestures))
