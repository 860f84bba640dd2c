"""From ``capture.source`` to what the piece sees with: pictures with perception, a performance, the simulated performer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.base.secrets import masked
from installation.capture.capture import Capture
from installation.capture.devices.source import Source
from installation.capture.simulated.performer import SimulatedPerformer, silhouette_of
from installation.capture.sources import CaptureError, choose
from installation.config.settings import Config
from installation.network.keys import KeyFileError
from installation.network.sockets import NetworkError
from installation.perception.eyes import CameraEyes, Eyes, LiveEyes, PerformerEyes
from installation.perception.several.joined import JoinedEyes
from installation.perception.switched_eyes import SwitchedEyes
from installation.record.performance import PerformanceError
from installation.record.performance_files import is_performance
from installation.record.rehearsal import Rehearsal


def open_eyes(
    config: Config,
    clock: Clock,
    notices: Notices,
    seed: int,
    rehearsal: Rehearsal | None = None,
    source: Callable[[], Source] | None = None,
) -> Eyes:
    """Eyes for ``capture.source``, or for ``source``; perception begins to load at once, pictures come after ``begin``.

    ``rehearsal`` has the performance from then on, if it is one. ``auto`` without a camera gives the simulated performer, and
    says so. Raises CaptureError for a source that cannot be.
    """
    notices.withdraw("source", "fallback")
    if source is None and _joins(config):
        eyes = _joined(config, clock, notices)
        notices.withdraw("source", "fault")
        return eyes
    if source is None and is_performance(config.capture.target):
        if rehearsal is None:
            rehearsal = Rehearsal(lambda: config.rehearsal, clock, notices, silhouette_of)
        eyes = _performance(str(config.capture.target), rehearsal)
        notices.withdraw("source", "fault")
        return eyes
    make_source = source if source is not None else choose(config.capture, notices)
    notices.withdraw("source", "fault")
    if make_source is None:
        return PerformerEyes(SimulatedPerformer(seed, clock, config.capture.performers))
    capture = Capture(make_source, config.capture, clock, notices)
    return CameraEyes(masked(str(config.capture.source)), capture, config.perception, notices, config.emotion.enabled)


def switched_eyes(
    config: Config,
    clock: Clock,
    notices: Notices,
    open_them: Callable[[Config], Eyes],
    stand_ins: Callable[[Config], Sequence[Config]] | None = None,
) -> SwitchedEyes:
    """Eyes that change with the settings, and among ``capture.sources``. Raises what ``open_them`` raises, but with
    ``stand_ins`` (``LiveEyes``)."""
    return SwitchedEyes(LiveEyes(config, open_them, notices, stand_ins), config, notices, clock)


def _joins(config: Config) -> bool:
    """Whether other machines' cameras are to be seen with. Raises CaptureError where none is named."""
    target = config.capture.target
    if target == "joined" and not config.eyes.join:
        raise CaptureError("the source joined sees with the machines of eyes.join", "eyes.join names none")
    return target == "joined" or (target == "auto" and bool(config.eyes.join))


def _joined(config: Config, clock: Clock, notices: Notices) -> Eyes:
    try:
        return JoinedEyes(config.eyes, clock, notices)
    except (KeyFileError, NetworkError) as error:
        raise CaptureError(f"eyes.join: {error}") from None


def _performance(source: str, rehearsal: Rehearsal) -> Eyes:
    try:
        return PerformerEyes(rehearsal.open(source), source)
    except PerformanceError as error:
        raise CaptureError(str(error)) from error
