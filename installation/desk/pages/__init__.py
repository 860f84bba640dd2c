"""The pages, in the order of the navigation; each a module with a ``build``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from installation.desk.pages import (
    cues,
    gallery,
    graphs,
    hours,
    live,
    log,
    looks,
    osc,
    output,
    people,
    poses,
    rehearsal,
    settings,
)
from installation.desk.seat import Seat


@dataclass(frozen=True)
class Page:
    """One page. ``build`` draws it for the browser of a ``Seat``."""

    path: str
    title: str
    build: Callable[[Seat], None]


PAGES = (
    Page("/", "Live", live.build),
    Page("/cues", "Cues", cues.build),
    Page("/rehearsal", "Rehearsal", rehearsal.build),
    Page("/looks", "Looks", looks.build),
    Page("/settings", "Settings", settings.build),
    Page("/people", "People", people.build),
    Page("/poses", "Poses", poses.build),
    Page("/gallery", "Gallery", gallery.build),
    Page("/hours", "Hours", hours.build),
    Page("/output", "Projectors", output.build),
    Page("/osc", "OSC", osc.build),
    Page("/graphs", "Graphs", graphs.build),
    Page("/log", "Log", log.build),
)
