"""``run.py`` and ``run.py record``: the piece itself, and the piece with takes of a pose to record."""

from __future__ import annotations

import sys
from argparse import Namespace

from installation.app import RunOptions, Takes, check_outputs, report_refusal
from installation.app import run as run_piece
from installation.base.exit_codes import BAD_INPUT, BROKEN
from installation.base.files import PROGRAM
from installation.base.one_instance import AlreadyRunningError
from installation.base.processes import end_with
from installation.base.side_files import OutputError
from installation.base.stacks import write_stacks_to
from installation.base.supervisor import StopSignal
from installation.base.unattended import Unattended
from installation.commands import cli
from installation.commands.follow import follow
from installation.commands.see import see
from installation.commands.shared import load_settings, load_unattended, say, set_up_logging, take_place
from installation.config.load import ConfigError
from installation.poses import table


def run(argv: list[str], stop: StopSignal) -> int:
    """Run the piece until it is told to stop; gives the exit code."""
    return _run(cli.run_parser().parse_args(argv), None, stop)


def record(argv: list[str], stop: StopSignal) -> int:
    """Run the piece and record takes in it. Names that cannot be are refused before anything starts."""
    args = cli.record_parser().parse_args(argv)
    try:
        table.check_label(args.label)
        if args.person:
            table.check_person(args.person)
    except table.PoseTableError as error:
        print(f"{PROGRAM} record: {error}", file=sys.stderr)
        return BAD_INPUT
    return _run(args, Takes(args.label, args.person, args.takes, args.length), stop)


def _run(args: Namespace, takes: Takes | None, stop: StopSignal) -> int:
    unattended = Unattended.from_environment()
    if unattended is not None and not _under_guard(unattended):
        return BROKEN
    try:
        settings = load_settings(args) if unattended is None else load_unattended(args, unattended)
    except ConfigError as error:
        say(f"The settings cannot be used:\n{error}")
        if args.report is not None:
            report_refusal(args.report, "config", str(error))
        return BAD_INPUT
    set_up_logging(settings.config.log.level, args.verbose)
    if settings.config.wall.follow and (takes is not None or args.record is not None):
        say(f"{PROGRAM}: a machine that follows sees nobody: record on the leader")
        return BAD_INPUT
    if args.eyes and (takes is not None or args.record is not None or settings.config.wall.is_used):
        say(f"{PROGRAM}: a machine with --eyes only sees: record, lead and follow where the show is")
        return BAD_INPUT
    options = RunOptions(
        settings,
        seed=args.seed,
        seconds=args.seconds,
        record=args.record,
        log=args.log,
        report=args.report,
        screenshot=args.screenshot,
        video=args.video,
        takes=takes,
    )
    try:
        check_outputs(options)
        lock = take_place(settings)
    except (OutputError, AlreadyRunningError) as error:
        say(f"{PROGRAM}: {error}")
        if args.report is not None and not str(error).startswith("--report"):
            report_refusal(args.report, "start", str(error))
        return BAD_INPUT
    try:
        if args.eyes:
            return see(options, stop)
        return follow(options, stop) if settings.config.wall.follow else run_piece(options, stop)
    finally:
        lock.release()


def _under_guard(unattended: Unattended) -> bool:
    """Make ready for a run with nobody there; False where the guard is gone already."""
    # Until there is a log, and where none is wanted, the guard gets them with what is printed.
    write_stacks_to(2)
    return end_with(unattended.guard)
