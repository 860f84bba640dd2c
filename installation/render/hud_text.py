"""The operator's figures as lines of text. Pure: values in, lines out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from installation.base.notices import Notice
from installation.types import EMOTIONS, EmotionState, Person


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
    """All figures, a line each active notice, a line each visitor: of a crowd the last ones are cut where there is no room."""
    lines = [
        f"{figures.frames:.0f} pictures/s   perception {figures.observations:.0f}/s   "
        f"textures {figures.textures:.1f}/s   {figures.memory_mb:.0f} MB",
        figures.source,
        f"{figures.output}   quality {figures.quality}",
        figures.generation,
    ]
    lines += notice_lines(notices)
    held = {person.id: _held(person) for person in people}
    lines += [_visitor(state, held.get(state.person_id, "")) for state in states]
    return tuple(lines)


def wall_notices(notices: Iterable[Notice]) -> tuple[str, ...]:
    """A line each fault and fallback, while it holds; notes are for who asks for the figures."""
    return notice_lines(one for one in notices if one.kind != "note")


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
