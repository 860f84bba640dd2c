"""Builds what the piece sees with: capture and perception, or the simulated performer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from installation.base.clock import Clock
from installation.base.mailbox import Latest
from installation.base.notices import Notices
from installation.capture.capture import Capture
from installation.capture.devices.source import Source
from installation.capture.simulated.performer import SimulatedPerformer
from installation.capture.sources import choose
from installation.config.settings import Config
from installation.perception.build import build_perceiver
from installation.perception.process import PerceptionProcess
from installation.types import Frame, Observation, Silhouette

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Eyes:
    """A source of observations. ``frames`` is None where there are no pictures. ``begin`` lets the pictures come;
    ``ready`` says that perception could see them. ``silhouettes`` come while ``want_silhouettes(True)`` was said last, which
    may be said at any time; the first ones half a second later."""

    name: str
    observations: Latest[Observation]
    silhouettes: Latest[Silhouette]
    want_silhouettes: Callable[[bool], None]
    frames: Latest[Frame] | None
    begin: Callable[[], None]
    ready: Callable[[], bool]
    describe: Callable[[], str]
    providers: Callable[[], dict[str, str]]
    child_pids: Callable[[], list[int]]
    close: Callable[[], None]


def open_eyes(config: Config, clock: Clock, notices: Notices, seed: int) -> Eyes:
    """Eyes for ``capture.source``; perception begins to load at once, pictures come after ``begin``.

    ``auto`` without a camera gives the simulated performer, and says so. Raises CaptureError for a source that cannot be.
    """
    notices.resolve("source")
    make_source = choose(config.capture, notices)
    if make_source is None:
        return _performer(config, clock, seed)
    return _camera(make_source, config, clock, notices)


def _performer(config: Config, clock: Clock, seed: int) -> Eyes:
    performer = SimulatedPerformer(seed, clock, config.capture.performers)
    return Eyes(
        name="simulated",
        observations=performer.observations,
        silhouettes=performer.silhouettes,
        want_silhouettes=performer.want_silhouettes,
        frames=None,
        begin=performer.start,
        ready=lambda: True,
        describe=lambda: "simulated performer",
        providers=dict,
        child_pids=list,
        close=performer.close,
    )


def _camera(make_source: Callable[[], Source], config: Config, clock: Clock, notices: Notices) -> Eyes:
    name = str(config.capture.source)
    capture = Capture(make_source, config.capture, clock, notices)
    make = partial(build_perceiver, config.perception)
    perception = PerceptionProcess(make, capture.frames, notices, config.perception.timeout_s)
    perception.start()

    def close() -> None:
        # Perception first: it waits for frames and is woken by the closing mailbox anyway.
        perception.close()
        capture.close()

    return Eyes(
        name=name,
        observations=perception.observations,
        silhouettes=perception.silhouettes,
        want_silhouettes=perception.want_silhouettes,
        frames=capture.frames,
        begin=capture.start,
        ready=lambda: perception.ready,
        describe=lambda: capture.info.describe() if capture.info is not None else f"{name}: opening",
        providers=lambda: perception.providers,
        child_pids=lambda: [perception.pid] if perception.pid is not None else [],
        close=close,
    )
