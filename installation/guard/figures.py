"""What the piece tells of itself once a second, as the guard takes it from a beat: every field checked, none trusted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from installation.base.names import printable

MOST_TEXTS, LONGEST = 32, 400
"""Faults and notices that are kept of a beat, and letters of each."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The newest figures of the running piece. Counts and seconds are since its start."""

    frames: int = 0
    """Pictures drawn."""
    fps: float = 0.0
    """Pictures drawn a second."""
    perception_hz: float = 0.0
    """Camera pictures that perception saw, a second."""
    visitors: int = 0
    """Seen now."""
    arrivals: int = 0
    """Visitors that came."""
    seen_s: float = 0.0
    """Seconds in which somebody was seen."""
    faults: tuple[str, ...] = ()
    """Active faults, "stage: what"."""
    notices: tuple[str, ...] = ()
    """Active fallbacks and notes, "stage: what"."""
    scene: str = ""
    quality: int = 0
    """Quality level."""
    pictures: int = 0
    """Pictures generated: textures, composed pictures and paintings."""
    pss_mb: float = 0.0
    """Memory of the piece with its processes, MiB, shared pages counted once; 0 where the system does not say."""
    source: str = ""
    """Where the pictures come from, passwords masked."""
    safe: bool = False
    """Whether it runs with safe settings."""
    t_s: float = 0.0
    """When they were taken, seconds of the system's monotonic clock."""

    @classmethod
    def from_json(cls, text: str) -> Figures:
        """What a beat carries. Raises ValueError for what is no JSON object; a field that is missing or of another kind has its
        default, and unknown ones are passed over, so that an older guard understands a newer piece."""
        try:
            found = json.loads(text)
        except RecursionError as error:
            raise ValueError("figures too deep") from error
        if not isinstance(found, dict):
            raise ValueError("figures are a JSON object")
        return cls.from_mapping(found)

    @classmethod
    def from_mapping(cls, found: Mapping[str, Any]) -> Figures:
        """As ``from_json``, of the object itself."""
        default = cls()
        return cls(**{one.name: _checked(found.get(one.name), getattr(default, one.name)) for one in fields(cls)})


def _checked(value: Any, default: Any) -> Any:
    """``value`` where it is of the default's kind, not negative and finite; else the default."""
    match default:
        case bool():
            return value if isinstance(value, bool) else default
        case int():
            return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63 else default
        case float():
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            return float(value) if is_number and 0 <= value < 2**63 else default
        case str():
            return printable(value[:LONGEST]) if isinstance(value, str) else default
        case _:
            texts = [one for one in value if isinstance(one, str)] if isinstance(value, list | tuple) else []
            return tuple(printable(one[:LONGEST]) for one in texts[:MOST_TEXTS])
