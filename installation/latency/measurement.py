"""One measurement of a running piece: what app.py hands its parts to, and what it gives at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from installation.base.clock import Clock
from installation.base.mailbox import Latest
from installation.latency.figures import Latency, latencies
from installation.latency.probe import Event, Probe, ProbedSurface
from installation.latency.result import figures_of
from installation.latency.virtual_camera import Delay
from installation.types import Frame


class Shown(Protocol):
    """The picture, whose surface the code is drawn on."""

    surface: Any


class Measurement:
    """``delay``: the camera is a virtual one that sees the rendered pictures through it; None: a real camera.

    ``make_source`` then opens it. ``more`` goes into the figures.
    """

    def __init__(
        self,
        probe: Probe,
        clock: Clock,
        more: dict[str, Any],
        delay: Delay | None = None,
        make_source: Callable[[], Any] | None = None,
    ) -> None:
        self.make_source = make_source
        self.probe = probe
        self.found: tuple[Latency, ...] = ()
        self.figures: dict[str, Any] = {}
        self._clock, self._more, self._delay = clock, more, delay

    def also(self, record: Callable[[Any], None] | None) -> Callable[[Any], None]:
        """What the show records into: ``record``, where there is one, and this measurement."""

        def both(event: Event) -> None:
            if record is not None:
                record(event)
            self.probe.event(event)

        return both

    def attach(self, picture: Shown) -> None:
        """Draw the code over ``picture`` from now on."""
        delay, clock = self._delay, self._clock
        on_picture = None if delay is None else lambda rgb: delay.put(rgb, clock.now())
        picture.surface = ProbedSurface(picture.surface, self.probe, on_picture)

    def begin(self, frames: Latest[Frame] | None) -> None:
        """All is warm: measure from now on. ``frames`` of the camera, None where there is none."""
        self.probe.begin(frames)

    def finish(self) -> dict[str, Any]:
        """End it; gives the figures."""
        self.probe.stop()
        self.found = latencies(self.probe.moments)
        self.figures = figures_of(self.found, self.probe.moments, self._more)
        return self.figures
