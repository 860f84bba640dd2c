"""The frame loop: take what is new, draw, measure, wait for the next deadline."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from installation.clock import Clock
from installation.config import Config
from installation.mailbox import Closed
from installation.notices import Notices
from installation.pacing import Every, Pacer
from installation.recording import Event
from installation.report import RunReport
from installation.show import Show
from installation.stages import Eyes, Stages
from installation.supervisor import StopSignal
from installation.types import EMOTIONS, TextureRequest

log = logging.getLogger(__name__)

NOTICE_S = 8.0
"""A new notice stays on the screen for this long, also where the operator's figures are hidden."""


@dataclass
class LoopState:
    """What the loop remembers from one frame to the next."""

    observation_seq: int = 0
    observation_t_s: float | None = None
    texture_seq: int = 0
    background_seq: int = 0
    hud: bool = False
    frames_this_second: int = 0
    textures_this_second: int = 0
    observations_this_second: int = 0
    rates: dict[str, float] = field(default_factory=dict)
    screenshots: list[Path] = field(default_factory=list)


class FrameLoop:
    """Draws until it is told to stop. Main thread only: it is the one that may touch OpenGL.

    While it waits for the next frame's deadline it takes observations, so that OSC leaves at once and not a frame later.
    """

    def __init__(
        self,
        stages: Stages,
        config: Config,
        clock: Clock,
        notices: Notices,
        report: RunReport,
        stop: StopSignal,
        captures: Path,
    ) -> None:
        self._stages = stages
        self._config = config
        self._clock = clock
        self._notices = notices
        self._report = report
        self._stop = stop
        self._captures = captures
        self._state = LoopState(hud=config.output.hud)

    def run(self, seconds: float | None) -> None:
        """Draw for ``seconds`` (None: until stopped). Whatever a stage raises is not caught here."""
        clock, stages = self._clock, self._stages
        pacer = Pacer(1 / self._frame_rate(), clock.now())
        self._second, self._health = Every(1.0), Every(self._config.osc.health_s)
        start_s = clock.now()
        self._second.due(start_s)
        while not self._stop.is_set:
            self._wait_until(pacer.deadline_s)
            now_s = clock.now()
            if seconds is not None and now_s - start_s >= seconds:
                self._stop.set(f"{seconds:g} seconds are over")
                break
            self._draw(now_s)
            self._keys(stages.surface.poll_events())
            pacer.advance(clock.now())
            self._once_in_a_while(clock.now())

    def _frame_rate(self) -> float:
        output = self._config.output
        return output.software_fps if self._stages.surface.is_software else output.fps
