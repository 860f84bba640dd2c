"""What goes from Mien to programs that have addresses of their own: Resolume and MadMapper."""

from __future__ import annotations

from dataclasses import dataclass

from installation.showcontrol.addresses import address_of
from installation.showcontrol.examples.rows import is_counted


@dataclass(frozen=True, slots=True)
class Route:
    """One argument of an address of Mien's, and the address that it is sent to. A counted one is a press: 1, then 0."""

    source: str
    argument: str
    target: str
    does: str

    @property
    def index(self) -> int:
        """Which argument of ``source`` it is, from 0. ValueError for none of this name."""
        return [arg.name for arg in address_of(self.source).args].index(self.argument)

    @property
    def is_press(self) -> bool:
        """Whether each message is an event of its own."""
        return is_counted(address_of(self.source))


@dataclass(frozen=True, slots=True)
class Bridge:
    """Where one program's routes begin and end: ``listen`` is the port Mien sends to, ``port`` the program's own."""

    program: str
    folder: str
    listen: int
    port: int
    routes: tuple[Route, ...]


RESOLUME = Bridge(
    "Resolume",
    "resolume",
    9111,
    7000,
    (
        Route("/presence", "presence", "/composition/layers/1/video/opacity", "opacity of layer 1"),
        Route("/unit/valence", "valence", "/composition/dashboard/link1", "dashboard dial 1 of the composition"),
        Route("/unit/arousal", "arousal", "/composition/dashboard/link2", "dashboard dial 2"),
        Route("/group/energy", "energy", "/composition/dashboard/link3", "dashboard dial 3"),
        Route("/group/openness", "openness", "/composition/dashboard/link4", "dashboard dial 4"),
        Route("/group/position", "x", "/composition/dashboard/link5", "dashboard dial 5"),
        Route("/group/position", "y", "/composition/dashboard/link6", "dashboard dial 6"),
        Route("/group/position", "size", "/composition/dashboard/link7", "dashboard dial 7"),
        Route("/event/arrived", "number", "/composition/layers/2/clips/1/connect", "starts clip 1 of layer 2"),
        Route("/onset", "number", "/composition/layers/2/clips/2/connect", "starts clip 2 of layer 2"),
    ),
)
MADMAPPER = Bridge(
    "MadMapper",
    "madmapper",
    9112,
    8000,
    (
        Route("/presence", "presence", "/surfaces/presence/opacity", "opacity of the surface presence"),
        Route("/group/energy", "energy", "/surfaces/energy/opacity", "opacity of the surface energy"),
        Route("/unit/arousal", "arousal", "/surfaces/arousal/opacity", "opacity of the surface arousal"),
    ),
)


def route_table(bridge: Bridge) -> str:
    """The routes as a table in Markdown."""
    lines = [f"| Mien | {bridge.program} | |", "|---|---|---|"]
    for route in bridge.routes:
        sent = "each: 1, then 0" if route.is_press else route.argument
        lines.append(f"| `/mien{route.source}`, {sent} | `{route.target}` | {route.does} |")
    return "\n".join(lines)
