"""Starts the piece, runs it, ends it. Builds the stages and wires them; what they do is their own affair."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from installation.base.clock import Clock, RealClock, utc_now
from installation.base.exit_codes import RESTART
from installation.base.files import PROJECT, TYPED
from installation.base.governor import Governor
from installation.base.memory import MemoryPeak, few_arenas
from installation.base.model_files import MODELS_DIR, ModelError
from installation.base.notices import KINDS, Notice, Notices
from installation.base.picture_file import jpeg
from installation.base.secrets import hide
from installation.base.side_files import DiskRoom, OutputError, check_place, words
from installation.base.supervisor import STOP_S, StopSignal, Supervisor
from installation.base.threads import report_ended_threads
from installation.capture.simulated.performer import silhouette_of
from installation.capture.sources import CaptureError
from installation.commands.desk_snapshot import start_desk
from installation.commands.eyes import open_eyes, switched_eyes
from installation.commands.lead import LeadError, open_lead
from installation.commands.logs import begin_log
from installation.commands.shared import BAD_INPUT, LoadedSettings, log_what_nobody_caught
from installation.config.load import ConfigError
from installation.config.output import ScreenConfig
from installation.config.save import save_screens, save_settings
from installation.cues.cues import Cues, Outside
from installation.desk.link import DeskLink
from installation.generation.delivery import Delivery
from installation.generation.generation_worker import GenerationWorker
from installation.generation.repainting_worker import RepaintingWorker
from installation.generation.server.server import Server
from installation.hours.hours import Effects, Hours
from installation.latency.measurement import Measurement
from installation.live_commands.handlers import RunningPiece
from installation.live_commands.live_settings import LiveSettings
from installation.loop import FrameLoop, Parts
from installation.poses.labels import PoseLabels
from installation.poses.takes import RECORDING as TAKES
from installation.poses.takes import PoseTakes
from installation.poses.triggers import LabelTrigger
from installation.record.heartbeat import Heartbeat
from installation.record.performance import PerformanceError
from installation.record.performance_files import find, is_performance
from installation.record.rates import Rates
from installation.record.recording import STAGE as RECORDING
from installation.record.recording import Event, Recorder
from installation.record.rehearsal import Rehearsal
from installation.record.report import RunReport
from installation.record.show_log import STAGE as LOG
from installation.record.show_log import ShowLog
from installation.render.captures.captures import STAGE as SCREENSHOT
from installation.render.captures.video_session import STAGE as VIDEO
from installation.render.picture import Picture
from installation.render.shaders.programs import ShaderError
from installation.render.surface import DisplayError
from installation.sends.sends import Sends
from installation.show import Show
from installation.showcontrol.services import Services
from installation.showcontrol.show_control import ShowControl

log = logging.getLogger(__name__)

WARM_UP_S = 10.0
"""The picture runs from the first moment; a source waits at most this long for perception to be ready."""
NIGHTLY, BY_HAND = "the nightly restart", "the operator's restart"
BAD_INPUTS = (CaptureError, ModelError, ShaderError, DisplayError, OutputError, LeadError)
REPORT = "report"
SIDE_OUTPUTS = (RECORDING, LOG, REPORT, SCREENSHOT, VIDEO, TAKES)
"""Stages of what is written beside the show; what of it failed is said at the end, and changes nothing else."""


@dataclass
class Takes:
    """Takes of a pose that this run is for; it ends when all are recorded. ``person`` empty, ``length_s`` None: as set."""

    label: str
    person: str
    left: int
    length_s: float | None
    failed: bool = False

    def begin(self, takes: PoseTakes) -> None:
        """Record the next one."""
        takes.begin(self.label, self.person, self.length_s)

    def recorded(self, takes: PoseTakes, stop: StopSignal) -> None:
        """One is stored: record the next one or end."""
        self.left -= 1
        if self.left:
            self.begin(takes)
        else:
            stop.set(f"recorded {self.label}; when all poses are: {TYPED} train poses")


@dataclass(frozen=True)
class RunOptions:
    """What was typed. ``seconds`` None: until stopped; files None: none is written."""

    settings: LoadedSettings
    seed: int = 1
    seconds: float | None = None
    record: Path | None = None
    log: Path | None = None
    report: Path | None = None
    screenshot: Path | None = None
    video: Path | None = None
    takes: Takes | None = None
    measurement: Measurement | None = None


@dataclass(frozen=True)
class _Base:
    """What every part is handed: time, notices, the end."""

    clock: Clock
    notices: Notices
    supervisor: Supervisor
    report: RunReport
    stop: StopSignal


def run(options: RunOptions, stop: StopSignal) -> int:
    """Run the piece until it is told to stop; gives the exit code: 0 as asked, 1 broken, 2 bad input."""
    few_arenas()
    log_what_nobody_caught()
    clock = RealClock()
    notices, report, supervisor = Notices(clock), RunReport(clock.now()), Supervisor(clock)
    begin_log(options.settings.config, clock, notices)
    report_ended_threads(notices)
    # Five milliseconds, Python's default, is a long time to wait for one's turn in a frame of sixteen.
    sys.setswitchinterval(0.001)
    code = 1
    try:
        code = _run(options, _Base(clock, notices, supervisor, report, stop))
    except BAD_INPUTS as error:
        notices.fault("start", str(error))
        code = BAD_INPUT
    except Exception as error:
        log.exception("the piece broke")
        notices.fault("piece", f"{type(error).__name__}: {error}")
    finally:
        troubled = supervisor.stop()
        if options.report is not None:
            histories = {f"{kind}s": notices.history(kind) for kind in KINDS}
            trouble = _write_report(options.report, report, clock.now(), histories)
            if trouble is not None:
                notices.fault(REPORT, trouble)
    lacking = [stage for stage in SIDE_OUTPUTS if any(stage == one.stage for one in notices.active("fault"))]
    log.info(
        "done: %s%s%s",
        stop.reason or "broken",
        f"; trouble while stopping: {', '.join(troubled)}" if troubled else "",
        f"; not written as asked: {', '.join(lacking)}" if lacking else "",
    )
    supervisor.ended()
    return code


def check_outputs(options: RunOptions) -> None:
    """Refuse places to write to that were typed wrongly, and those where something lies that is still needed.

    Raises OutputError.
    """
    files = {
        "--report": options.report,
        "--record": options.record,
        "--screenshot": options.screenshot,
        "--video": options.video,
    }
    taken = {path.resolve(): "the settings" for path in options.settings.paths}
    with suppress(OSError, ValueError, PerformanceError):  # a source that is no file's name
        name = options.settings.config.capture.target
        source = find(str(name)) if is_performance(name) else Path(str(name)).expanduser()
        if source.is_file():
            taken[source.resolve()] = "the source"
    for name, path in files.items():
        if path is not None:
            check_place(path, name)
            used_by = taken.setdefault(path.resolve(), name)
            if used_by != name:
                raise OutputError(f"{name} {path}: would write over {used_by}; choose another name")
    if options.log is not None:
        check_place(options.log, "--log", is_folder=True)


def report_refusal(path: Path, stage: str, message: str) -> None:
    """Write the report of a run that was refused before it began."""
    trouble = _write_report(path, RunReport(0.0), 0.0, {"faults": (Notice(0.0, "fault", stage, hide(message)),)})
    if trouble is not None:
        log.error("%s", trouble)


def _run(options: RunOptions, base: _Base) -> int:
    config, takes = options.settings.config, options.takes
    watcher = options.settings.watcher()
    if options.settings.stand_in is not None:
        options.settings.stand_in.tell(base.notices)
    with ExitStack() as stack:
        parts, piece = _build(options, base, stack)
        # On the way out this comes first: from here on the end may not take long.
        stack.callback(base.supervisor.begin_stop)
        # And before all else, for the next step may hang: sound and light hear that nobody is there any more.
        stack.callback(lambda: parts.services.end(base.stop.reason or "the piece broke"))
        measurement = options.measurement
        if measurement is not None:
            measurement.attach(parts.picture)
        loop = FrameLoop(parts, piece, config, watcher, base.clock, base.notices, base.report, base.stop)
        loop.warm_up(WARM_UP_S, partial(_first_frame, base.report, parts.heartbeat))
        base.report.more["warm_up_s"] = round(base.report.restart(base.clock.now()), 3)
        if not base.stop.is_set:
            if takes is not None:
                takes.begin(parts.takes)
            surface = parts.picture.surface
            log.info("running: %s; %s; %s", parts.eyes.current.describe(), surface.describe, surface.renderer)
        if options.video is not None:
            parts.picture.captures.video(True, parts.show.scene_state, options.video)
        memory = MemoryPeak(base.notices)
        base.supervisor.add("memory", memory.close)
        memory.start()
        if measurement is not None:
            measurement.begin(parts.eyes.current.frames)
        loop.run(options.seconds)
        if measurement is not None:
            base.report.more["latency"] = measurement.finish()
        base.report.peak_pss_mb = memory.look()
        if options.screenshot is not None:
            parts.picture.captures.store_now(parts.show.scene_state, options.screenshot)
        loop.finish_report()
    if base.stop.reason in (NIGHTLY, BY_HAND):
        return RESTART
    return 1 if takes is not None and takes.failed else 0


def _build(options: RunOptions, base: _Base, stack: ExitStack) -> tuple[Parts, RunningPiece]:
    """All parts, running. What ends before the others is left to ``stack``, all else to the supervisor."""
    config, clock, notices, supervisor = options.settings.config, base.clock, base.notices, base.supervisor
    stand_in, settings = options.settings.stand_in, LiveSettings(config, partial(save_settings, options.settings.paths))
    rehearsal = Rehearsal(lambda: settings.config.rehearsal, clock, notices, silhouette_of)
    # Perception loads in its own process while the window opens.
    source = options.measurement.make_source if options.measurement is not None else None
    open_them = partial(open_eyes, clock=clock, notices=notices, seed=options.seed, rehearsal=rehearsal, source=source)
    eyes = switched_eyes(config, clock, notices, open_them, stand_in.for_source if stand_in is not None else None)
    supervisor.add("source", eyes.close)
    governor = Governor(notices)
    room = DiskRoom(config.video.keep_free_mb)
    show_log = ShowLog(options.log, partial(notices.fault, LOG), room) if options.log is not None else None
    if show_log is not None:
        supervisor.add(LOG, partial(show_log.close, STOP_S / 2))
    services = Services(config, settings, clock, notices, supervisor, show_log.osc if show_log is not None else None)
    labels = PoseLabels(config.poses, config.perception.gestures, PROJECT, notices)
    takes = PoseTakes(config.poses, PROJECT, notices)
    supervisor.add("poses", takes.close)
    show = _show(options, services, show_log, room, base)
    event, save_screens_here = partial(_event, show, clock), partial(_save_screens, options.settings.paths)
    sends = Sends(config.output.sends, notices, clock)
    supervisor.add("sends", sends.close)
    picture = Picture(config, PROJECT / "captures", clock, notices, save_screens_here, event, room, sends)
    stack.callback(picture.close)
    lead = open_lead(config, picture, clock, notices, supervisor, options.log, room)
    # A take under way reaches the show as an event; the recording, which the supervisor closes, is still open.
    stack.callback(takes.close)
    takes.on_recorded = partial(_on_recorded, options.takes, takes, event, base.stop)
    takes.on_failed = partial(_on_failed, options.takes, base.stop)
    sections = (config.generation, config.repainting, config.picture)
    store, height = picture.captures.store_painting, lambda: picture.surface.size[1]
    shows = picture.renderer if lead is None else lead.view
    generation = Delivery(*(*_painters(options, governor, base), shows, *sections, event, store, height))
    is_safe = stand_in is not None and bool(stand_in.safe)
    quality, seen_with = lambda: picture.renderer.ladder.level, lambda: eyes.current.describe()
    heartbeat = Heartbeat.from_environment(notices, base.report, is_safe, quality, seen_with)
    supervisor.add("heartbeat", heartbeat.close)
    nightly, by_hand = _restarts(base.stop, stand_in is not None)
    effects = Effects(event, eyes.rest, services.projectors.want, nightly)
    hours = Hours(config.hours, utc_now, effects, notices, clock.now())
    cues = _cues(options, settings, Outside(event, picture.surface.bind_keys, LabelTrigger(config.poses)), base)
    desk, rates = DeskLink(config, options.settings.paths, settings, jpeg, notices, clock), Rates()
    supervisor.add("desk", desk.close)
    running = (eyes, labels, takes, show, generation, governor, picture, services, settings, heartbeat, hours, cues)
    parts = Parts(*running, desk, rates, lead)
    start_desk(parts, rehearsal, notices, clock, is_safe, by_hand is not None)
    outputs = (picture.captures, picture.setup)
    pieces = (*outputs, generation, takes, show, event, notices, base.stop, hours, cues, rehearsal)
    tap, learn = lambda: services.tempo.tap(clock.now()), services.midi_in.learn
    return parts, RunningPiece(*pieces, eyes, tap, learn, by_hand)


def _painters(options: RunOptions, governor: Governor, base: _Base) -> tuple[GenerationWorker, RepaintingWorker]:
    config, clock, notices = options.settings.config, base.clock, base.notices
    server, works = Server(config.generation, clock, notices), (clock, notices, governor)
    painters = GenerationWorker(config.generation, config.picture, MODELS_DIR, options.seed, *works, server)
    repainting = RepaintingWorker(config.repainting, config.generation, MODELS_DIR, *works, server.lend)
    base.supervisor.add("server", server.close)
    base.supervisor.add("generation", painters.close)
    base.supervisor.add("repainting", repainting.close)
    painters.start()
    repainting.start()
    return painters, repainting


def _restarts(stop: StopSignal, guarded: bool) -> tuple[Callable[[], None] | None, Callable[[], None] | None]:
    """What the nightly restart does, and what the operator's; None where nobody would start the piece again."""
    return (partial(stop.set, NIGHTLY), partial(stop.set, BY_HAND)) if guarded else (None, None)


def _cues(options: RunOptions, settings: LiveSettings, outside: Outside, base: _Base) -> Cues:
    """The artist's presets and cues, from the file beside the settings."""
    folder = options.settings.paths[-1].absolute().parent if options.settings.paths else PROJECT
    cues = Cues(options.settings.config, folder, settings, outside, utc_now, base.notices, base.clock.now())
    base.supervisor.add("cues", cues.close)
    return cues


def _show(options: RunOptions, services: Services, show_log: ShowLog | None, room: DiskRoom, base: _Base) -> Show:
    config = options.settings.config
    recorder = None
    if options.record is not None:
        header = {"seed": options.seed, "config": config.model_dump()}
        recorder = Recorder(options.record, header, partial(base.notices.fault, RECORDING), room)
        base.supervisor.add(RECORDING, partial(recorder.close, 0.9 * STOP_S))
    record = recorder.write if recorder is not None else None
    return Show(
        config,
        options.seed,
        ShowControl(config.osc, services.sender.send, services.hear),
        record if options.measurement is None else options.measurement.also(record),
        show_log.scene if show_log is not None else None,
    )


def _event(show: Show, clock: Clock, name: str, args: list[Any]) -> None:
    show.take(Event("event", clock.now(), {"name": name, "args": args}))


def _save_screens(paths: Sequence[Path], screens: tuple[ScreenConfig, ...]) -> str | None:
    """Store what was set up by hand in the settings file; gives what went wrong."""
    try:
        save_screens(paths, screens)
    except (ConfigError, OSError) as error:
        return str(error)
    return None


def _on_recorded(
    wanted: Takes | None,
    takes: PoseTakes,
    event: Callable[[str, list[Any]], None],
    stop: StopSignal,
    label: str,
    rows: int,
) -> None:
    event("recorded", [label, rows])
    if wanted is not None:
        wanted.recorded(takes, stop)


def _on_failed(wanted: Takes | None, stop: StopSignal, message: str) -> None:
    """A take failed. The piece goes on with its notice on the screen, but for one that runs only to record."""
    if wanted is not None:
        wanted.failed = True
        stop.set(f"not recorded: {message}")


def _first_frame(report: RunReport, heartbeat: Heartbeat) -> None:
    report.more.setdefault("first_frame_s", _process_age_s())
    heartbeat.ready()


def _process_age_s() -> float:
    """Seconds since this process began, set-up check included (run.py becomes the piece without a new process)."""
    return round(time.time() - psutil.Process().create_time(), 2)


def _write_report(path: Path, report: RunReport, now_s: float, histories: Mapping[str, Sequence[Notice]]) -> str | None:
    """Write the report; gives what went wrong."""
    try:
        report.write(path, now_s, histories)
    except OSError as error:
        return f"{path} is not written: {words(error)}"
    return None
