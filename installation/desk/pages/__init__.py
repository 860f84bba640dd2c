"""The pages, in the order of the navigation; each a module with a ``build``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from installation.desk.desk import Desk
from installation.desk.joined_cameras import joined
from installation.desk.pages import (
    cameras,
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
    """One page. ``build`` draws it for the browser of a ``Seat``; the navigation has it where ``is_of_use``."""

    path: str
    title: str
    build: Callable[[Seat], None]
    is_of_use: Callable[[Desk], bool] = lambda _: True


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
    Page("/cameras", "Cameras", cameras.build, lambda desk: bool(joined(desk))),
    Page("/osc", "OSC", osc.build),
    Page("/graphs", "Graphs", graphs.build),
    Page("/log", "Log", log.build),
)
