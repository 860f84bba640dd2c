"""``run.py poses``: what was recorded; delete a person's rows."""

from __future__ import annotations

import sys
from collections.abc import Callable

from installation.base.files import ROOT
from installation.base.supervisor import StopSignal
from installation.commands.settings import BAD_INPUT
from installation.config.load import ConfigError, load_config
from installation.config.poses import PosesConfig
from installation.poses import table


def poses(argv: list[str], _stop: StopSignal) -> int:
    """List or delete; gives the exit code."""
    return with_poses(lambda settings: table.main(argv, ROOT / settings.data))


def with_poses(command: Callable[[PosesConfig], int]) -> int:
    """Run a command with the poses' settings of config.yaml in the project's folder."""
    try:
        settings = load_config(ROOT / "config.yaml").poses
    except ConfigError as error:
        print(f"The settings cannot be used:\n{error}", file=sys.stderr)
        return BAD_INPUT
    return command(settings)
