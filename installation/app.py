"""Starts the piece, runs it, ends it. Builds the stages and wires them; what they do is their own affair."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from installation.base.clock import RealClock
from installation.base.model_files import MODELS_DIR
from installation.base.notices import Notices
from installation.base.supervisor import StopSignal, Supervisor
from installation.commands import cli
from installation.config.live_settings import LiveSettings
from installation.config.load import ConfigError, ConfigWatcher, load_config, with_overrides
from installation.config.output import ScreenConfig
from installation.config.poses import PosesConfig
from installation.config.save import save_screens, save_settings
from installation.config.settings import Config
from installation.generation.repainting_worker import RepaintingWorker
from installation.generation.worker import TextureWorker
from installation.loop import FrameLoop, Parts
from installation.poses import table as pose_table
from installation.poses.takes import Posing
from installation.record.recording import Event, Recorder
from installation.record.report import RunReport
from installation.record.show_log import ShowLog
from installation.show import Show
from installation.showcontrol.addresses import Message
from installation.showcontrol.last_values import LastValues
from installation.showcontrol.lights.lights import Lights
from installation.showcontrol.midi.midi import MidiOut
from installation.showcontrol.osc_in.receiver import OscReceiver
from installation.showcontrol.osc_out.sender import OscSender
from installation.showcontrol.oscquery.server import OscQueryServer
from installation.showcontrol.show_control import ShowControl
from installation.stages import open_eyes

log = logging.getLogger(__name__)

WARM_UP_S = 10.0
"""The picture runs from the first moment; a source waits at most this long for perception to be ready."""
ROOT = Path(__file__).resolve().parent.parent
BAD_INPUT = 2


def main(argv: list[str], stop: StopSignal) -> int:
    """Run a command; gives the process's exit code: 0 well, 1 broken, 2 bad input. ``stop`` has the signals already."""
    command, rest = cli.split(argv)
    match command:
        case "replay":
            from installation.commands.replay import replay

            return replay(cli.replay_parser().parse_args(rest), stop)
        case "check":
            from installation.commands.check import check

            return check(cli.check_parser().parse_args(rest))
        case "train":
            from installation.commands.train import train

            if rest[:1] == ["poses"]:
                from installation.training import poses

                return _with_poses(lambda settings: poses.main(rest[1:], settings, ROOT))
            return train(rest)
        case "ingest" | "export" | "gallery":
            from installation.commands.train import own_pictures

            return own_pictures(command, rest)
        case "evaluate":
            from installation.commands.evaluate import evaluate

            return evaluate(rest)
        case "capture":
            from installation.evaluation import captures

            return captures.main(rest)
        case "poses":
            return _with_poses(lambda poses: pose_table.main(rest, ROOT / poses.data))
        case "screenshot":
            return screenshot(cli.screenshot_parser().parse_args(rest), stop)
        case "record":
            return record(cli.record_parser().parse_args(rest), stop)
        case _:
            return run(cli.run_parser().parse_args(rest), stop)


def _with_poses(command: Callable[[PosesConfig], int]) -> int:
    """Run a command with the poses' settings of config.yaml in the project's folder."""
    try:
        settings = load_config(ROOT / "config.yaml").poses
    except ConfigError as error:
        print(f"The settings cannot be used:\n{error}", file=sys.stderr)
        return BAD_INPUT
    return command(settings)


def set_up_logging(level: str, verbose: bool) -> None:
    """Log to standard error with the time of day; native libraries' chatter stays out."""
    os.environ.setdefault("GLOG_minloglevel", "2")
    chosen = logging.DEBUG if verbose else getattr(logging, level.upper())
    logging.basicConfig(level=chosen, format="%(asctime)s %(levelname)-7s %(message)s", datefmt="%H:%M:%S", force=True)


def settings(args: Any) -> tuple[Config, dict[str, Any]]:
    """(settings with the command line's put in, those overrides). Raises ConfigError."""
    wanted = {
        "capture.source": getattr(args, "source", None),
        "scene.name": getattr(args, "scene", None),
        "output.mode": args.mode,
        "output.display": args.display,
        "output.hud": getattr(args, "hud", None),
    }
    if args.size is not None:
        wanted["output.width"], wanted["output.height"] = args.size
    overrides = {name: value for name, value in wanted.items() if value is not None}
    return with_overrides(load_config(args.config), overrides), overrides


def record(args: Any, stop: StopSignal) -> int:
    """Run the piece and record takes in it. Names that cannot be are told before anything starts."""
    try:
        pose_table.check_label(args.label)
        if args.person:
            pose_table.check_person(args.person)
    except pose_table.PoseTableError as error:
        print(f"run.py record: {error}", file=sys.stderr)
        return BAD_INPUT
    return run(args, stop)


def screenshot(args: Any, stop: StopSignal) -> int:
    """Draw one picture, without a camera and without a window."""
    from installation.commands.screenshot import screenshot as draw_one

    try:
        wanted = {"scene.name": args.scene, "output.background": "black"}
        overrides = {name: value for name, value in wanted.items() if value is not None}
        config = with_overrides(load_config(args.config), overrides)
        set_up_logging(config.log.level, args.verbose)
        return draw_one(args, config, stop)
    except ConfigError as error:
        print(f"The settings cannot be used:\n{error}", file=sys.stderr)
    except BAD_INPUTS as error:
        log.error("%s", error)
    return BAD_INPUT


def run(args: Any, stop: StopSignal) -> int:
    """Run the piece until it is told to stop; see ``main`` for the exit code."""
    clock = RealClock()
    notices, report, supervisor = Notices(clock), RunReport(clock.now()), Supervisor(clock)
    # Five milliseconds, Python's default, is a long time to wait for one's turn in a frame of sixteen.
    sys.setswitchinterval(0.001)
    code = 1
    try:
        config, overrides = settings(args)
        set_up_logging(config.log.level, args.verbose)
        watcher = ConfigWatcher(args.config, overrides)
        code = _run(args, config, watcher, clock, notices, report, supervisor, stop)
    except ConfigError as error:
        print(f"The settings cannot be used:\n{error}", file=sys.stderr)
        code = BAD_INPUT
    except BAD_INPUTS as error:
        log.error("%s", error)
        notices.fault("start", str(error))
        code = BAD_INPUT
    except Exception as error:
        log.exception("the piece broke")
        notices.fault("piece", f"{type(error).__name__}: {error}")
    finally:
        troubled = supervisor.stop()
        if args.report is not None:
            _write_report(args.report, report, clock.now(), notices)
    log.info(
        "done: %s%s", stop.reason or "broken", f"; trouble while stopping: {', '.join(troubled)}" if troubled else ""
    )
    supervisor.ended()
    return code


def _run(
    args: Any,
    config: Config,
    watcher: ConfigWatcher,
    clock: RealClock,
    notices: Notices,
    report: RunReport,
    supervisor: Supervisor,
    stop: StopSignal,
) -> int:
    # Perception loads in its own process while the window opens.
    eyes = open_eyes(config, clock, notices, args.seed)
    supervisor.add("source", lambda: parts.eyes.close() if parts is not None else eyes.close())
    parts: Parts | None = None
    textures = TextureWorker(config.generation, MODELS_DIR, args.seed, clock, notices)
    supervisor.add("textures", textures.close)
    textures.start()
    translation = RepaintingWorker(config.repainting, config.generation, MODELS_DIR, clock, notices)
    supervisor.add("translation", translation.close)
    translation.start()
    show_log = ShowLog(args.log) if args.log is not None else None
    sender = OscSender(config.osc, notices, show_log.osc if show_log is not None else None)
    supervisor.add("osc", sender.close)
    control, values = LiveSettings(config, partial(save_settings, args.config)), LastValues()
    receiver = OscReceiver(config.osc, notices, control, values, clock)
    supervisor.add("osc in", receiver.close)
    query = OscQueryServer(config, notices, control, values, receiver)
    supervisor.add("oscquery", query.close)
    lights, midi = Lights(config.lights, notices, clock), MidiOut(config.midi, notices, clock)
    supervisor.add("lights", lights.close)
    supervisor.add("midi", midi.close)
    lights.start()
    midi.start()
    posing = Posing(config.poses, config.perception.gestures, ROOT, notices)
    supervisor.add("poses", posing.close)
    recorder = Recorder(args.record, _header(config, args.seed)) if args.record is not None else None
    show = Show(
        config,
        args.seed,
        ShowControl(config.osc, sender.send, partial(_hear, values, midi)),
        recorder.write if recorder is not None else None,
        show_log.scene if show_log is not None else None,
    )

    from installation.generation.delivery import Generating
    from installation.render.captures.captures import Keeping
    from installation.render.captures.filming import Filming
    from installation.render.captures.video import VideoRecorder
    from installation.render.output.setup import OutputDesk
    from installation.render.renderer import Renderer
    from installation.render.surface import open_surface

    surface = open_surface(config.output, notices)
    renderer = Renderer(surface, config.output, config.scene.parameters, notices)
    filming = Filming(surface.context, VideoRecorder(config.video, clock, notices), notices, not surface.is_software)
    tell = partial(_tell, show, clock)
    keeping = Keeping(surface, renderer, filming, config, ROOT / "captures", notices, tell)
    try:
        if surface.is_software:
            notices.fallback("gpu", f"no GPU: {surface.renderer} draws on the processor")
        parts = Parts(
            surface,
            renderer,
            Generating(textures, translation, renderer, config, tell),
            sender,
            receiver,
            lights,
            midi,
            posing,
            show,
            eyes,
            lambda c: open_eyes(c, clock, notices, args.seed),
            keeping,
            OutputDesk(surface, renderer.output, config.output, notices, lambda screens: _save(args.config, screens)),
            control,
            query,
        )
        posing.on_recorded = lambda label, rows: _recorded(args, show, clock, posing, stop, label, rows)
        posing.on_failed = lambda message: _not_recorded(args, stop, message)
        loop = FrameLoop(parts, config, watcher, clock, notices, report, stop)
        loop.warm_up(WARM_UP_S, lambda: report.more.setdefault("first_frame_s", _process_age_s()))
        report.more["warm_up_s"] = round(report.restart(clock.now()), 3)
        if not stop.is_set:
            if takes_of(args):
                posing.begin(args.label, args.person, args.length)
            log.info("running: %s; %s; %s", eyes.describe(), surface.describe, surface.renderer)
        if args.video is not None:
            keeping.video(True, show.scene_state, args.video)
        loop.run(args.seconds)
        if args.screenshot is not None:
            keeping.store_now(show.scene_state, args.screenshot)
        loop.finish_report()
    finally:
        supervisor.begin_stop()
        # A take under way is told to the show, whose recording must still be open.
        posing.close()
        keeping.close()
        renderer.close()
        surface.close()
        for log_file in (recorder, show_log):
            if log_file is not None:
                log_file.close()
    return 1 if getattr(args, "failed", False) else 0


def _hear(values: LastValues, midi: MidiOut, messages: list[Message]) -> None:
    """What OSC is told is kept for whoever asks, and sounds as notes."""
    values.put(messages)
    midi.hear(messages)


def _tell(show: Show, clock: RealClock, name: str, args: list[Any]) -> None:
    show.take(Event("event", clock.now(), {"name": name, "args": args}))


def _save(path: Path, screens: tuple[ScreenConfig, ...]) -> str | None:
    """Store what was set up by hand in the settings file; gives what went wrong."""
    try:
        save_screens(path, screens)
    except (ConfigError, OSError) as error:
        return str(error)
    return None


def takes_of(args: Any) -> int:
    """How many takes ``run.py record`` still has to record; 0 in a plain run."""
    return int(getattr(args, "takes", 0))


def _recorded(args: Any, show: Show, clock: RealClock, posing: Posing, stop: StopSignal, label: str, rows: int) -> None:
    """A take is stored: tell it, record the next one or end."""
    show.take(Event("event", clock.now(), {"name": "recorded", "args": [label, rows]}))
    if not takes_of(args):
        return
    args.takes -= 1
    if args.takes:
        posing.begin(args.label, args.person, args.length)
    else:
        stop.set(f"recorded {label}; when all poses are: python3 run.py train poses")


def _not_recorded(args: Any, stop: StopSignal, message: str) -> None:
    """A take failed. The piece goes on with its notice on the screen, but for one that runs only to record."""
    if takes_of(args):
        args.failed = True
        stop.set(f"not recorded: {message}")


def _header(config: Config, seed: int) -> dict[str, Any]:
    return {"seed": seed, "config": config.model_dump()}


def _process_age_s() -> float:
    """Seconds since this process began, set-up check included (run.py becomes the piece without a new process)."""
    return round(time.time() - psutil.Process().create_time(), 2)


def _write_report(path: Path, report: RunReport, now_s: float, notices: Notices) -> None:
    histories = {"faults": notices.history("fault"), "fallbacks": notices.history("fallback")}
    try:
        report.write(path, now_s, histories)
    except OSError as error:
        log.error("the report cannot be written: %s", error)


def _bad_inputs() -> tuple[type[Exception], ...]:
    from installation.base.model_files import ModelError
    from installation.capture.sources import CaptureError
    from installation.render.programs import ShaderError
    from installation.render.surface import DisplayError

    return CaptureError, ModelError, ShaderError, DisplayError


BAD_INPUTS = _bad_inputs()
