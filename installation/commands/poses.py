"""``run.py poses list|forget``: what is recorded, and deleting it."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from installation.base.files import PROGRAM, PROJECT, TYPED
from installation.base.supervisor import StopSignal
from installation.commands.shared import BAD_INPUT, say
from installation.config.load import ConfigError, load_config
from installation.config.poses import PosesConfig
from installation.poses import table as pose_table
from installation.poses.forgetting import MAX_SAID, Rows, meant
from installation.poses.table import PoseTableError


def poses(argv: list[str], _stop: StopSignal) -> int:
    """List or delete; gives the exit code."""
    return with_poses(lambda settings: main(argv, PROJECT / settings.data))


def with_poses(command: Callable[[PosesConfig], int]) -> int:
    """Run a command with the poses' settings of config.yaml in the project's folder."""
    try:
        settings = load_config([PROJECT / "config.yaml"]).poses
    except ConfigError as error:
        say(f"The settings cannot be used:\n{error}")
        return BAD_INPUT
    return command(settings)


def main(argv: list[str], data: Path = Path("poses/poses.csv")) -> int:
    """List or delete what is recorded in ``data``. Gives the exit code."""
    parser = argparse.ArgumentParser(prog=f"{PROGRAM} poses", description="What poses are recorded, and deleting them.")
    parser.add_argument("--data", type=Path, default=data, metavar="FILE", help="the table")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="count the rows of each label, person and take")
    forgetting = commands.add_parser("forget", help="delete all rows of a person, a label or a take")
    forgetting.add_argument("person", nargs="?", help="whose rows")
    forgetting.add_argument("--label", help="only this label's rows")
    forgetting.add_argument("--take", type=int, help="only this take's rows")
    options = parser.parse_args(argv)
    try:
        if options.command == "list":
            found = pose_table.counts(options.data)
            for (label, person, take), number in found.items():
                print(f"{label:20s} {person:12s} take {take:3d} {number:6d} rows")
            print(f"{options.data}: {sum(found.values())} rows")
            return 0
        if options.person is None and options.label is None and options.take is None:
            parser.error("say whose rows (forget p1) or which label's (forget --label arms_up)")
        return _forget(options.data, Rows(options.person, options.label, options.take))
    except PoseTableError as error:
        print(error, file=sys.stderr)
        return 1


def _forget(path: Path, wanted: Rows) -> int:
    """Delete, and say what is left. The exit code is 0 only where rows were deleted and none is left that may be meant."""
    done = pose_table.forget(path, wanted.person, wanted.label, wanted.take)
    if done.rows:
        people = Counter[str]()
        for (_, person), number in done.left.items():
            people[person] += number
        whose = ", ".join(f"{person or 'nobody'} {number}" for person, number in sorted(people.items()))
        left = f"{sum(people.values())} left ({whose})" if people else "none left"
        print(f"{path}: {done.rows} rows deleted, {left}; now train again: {TYPED} train poses")
    for line in done.doubtful[:MAX_SAID]:
        print(
            f"{path}:{line}: may be a row of {wanted}, but does not say so clearly; delete it by hand", file=sys.stderr
        )
    if len(done.doubtful) > MAX_SAID:
        print(f"... and {len(done.doubtful) - MAX_SAID} more lines", file=sys.stderr)
    if not done.rows:
        print(f"{path}: nothing is deleted: {meant(wanted, done.left)}", file=sys.stderr)
    return 0 if done.rows and not done.doubtful else 1
