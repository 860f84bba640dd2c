"""``run.py latency``: how long it takes from a movement to the picture and to sound, measured by a code on the screen."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from pathlib import Path

import cv2

from installation.app import RunOptions, check_outputs
from installation.app import run as run_piece
from installation.base.clock import Clock, RealClock
from installation.base.files import PROGRAM, write_whole
from installation.base.one_instance import AlreadyRunningError
from installation.base.side_files import OutputError, words
from installation.base.supervisor import StopSignal
from installation.capture.devices.source import SourceInfo
from installation.commands import cli
from installation.commands.shared import BAD_INPUT, LoadedSettings, load_settings, say, set_up_logging, take_place
from installation.config.load import ConfigError
from installation.latency.measurement import Measurement
from installation.latency.probe import Probe
from installation.latency.result import histograms, table
from installation.latency.virtual_camera import Delay, VirtualCamera


class LoopCamera(VirtualCamera):
    """The virtual camera as a source of the piece."""

    def open(self) -> SourceInfo:
        """It is open."""
        return SourceInfo("camera", f"the pictures shown, {self.delay_s:.0f} ms later", *self._size, self.per_second)


def latency(argv: list[str], stop: StopSignal) -> int:
    """Run the piece with the code over it, and say what was measured; gives the exit code: 1 where nothing could be."""
    args = cli.latency_parser().parse_args(argv)
    clock = RealClock()
    try:
        # Within the opening hours or not: the camera is read.
        settings = load_settings(args, hours__enabled=False)
        probe = Probe(clock, settings.config.capture.mirror, settings.config.osc.prefix)
        settings = load_settings(args, hours__enabled=False, osc__targets=_targets(settings, probe.port))
    except ConfigError as error:
        say(f"The settings cannot be used:\n{error}")
        return BAD_INPUT
    set_up_logging(settings.config.log.level, args.verbose)
    measurement = _measurement(args, settings, probe, clock)
    options = RunOptions(settings, seconds=args.seconds, log=args.log, report=args.report, measurement=measurement)
    try:
        check_outputs(options)
        args.out.mkdir(parents=True, exist_ok=True)
        lock = take_place(settings)
    except (OutputError, AlreadyRunningError, OSError) as error:
        say(f"{PROGRAM} latency: {error}")
        return BAD_INPUT
    try:
        code = run_piece(options, stop)
    finally:
        probe.close()
        lock.release()
    return code or _tell(measurement, args.out)


def _targets(settings: LoadedSettings, port: int) -> list[dict[str, object]]:
    """The receivers, and this measurement as one more, at the pace of the first."""
    known = [target.model_dump() for target in settings.config.osc.targets]
    pace = known[0]["per_second"] if known else 60.0
    return [*known[:31], {"host": "127.0.0.1", "port": port, "per_second": pace}]


def _measurement(args: Namespace, settings: LoadedSettings, probe: Probe, clock: Clock) -> Measurement:
    config = settings.config
    more = {"osc_per_second": config.osc.targets[-1].per_second, "loop_ms": args.loop}
    if args.loop is None:
        return Measurement(probe, clock, more)
    delay = Delay(args.loop / 1000)
    size = config.output.width, config.output.height
    return Measurement(probe, clock, more, delay, lambda: LoopCamera(delay, clock, size))


def _tell(measurement: Measurement, folder: Path) -> int:
    """The table, the figures and the histograms."""
    print(table(measurement.found, measurement.probe.moments))
    picture = cv2.imencode(".png", histograms(measurement.found))[1].tobytes()
    text = json.dumps(measurement.figures, indent=1) + "\n"
    try:
        write_whole(folder / "latency.json", text.encode(), is_precious=False)
        write_whole(folder / "latency.png", picture, is_precious=False)
    except OSError as error:
        print(f"{PROGRAM} latency: {folder}: not written: {words(error)}", file=sys.stderr)
        return BAD_INPUT
    print(f"written: {folder / 'latency.json'}, {folder / 'latency.png'}")
    return 0 if any(not one.why for one in measurement.found) else 1
