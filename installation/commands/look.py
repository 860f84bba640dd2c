"""``run.py look save NAME`` and ``run.py config migrate``: what is done with settings files while the piece does not run."""

from __future__ import annotations

import sys

from installation.base.supervisor import StopSignal
from installation.commands import cli
from installation.commands.shared import say
from installation.config.load import ConfigError, load_config, parse_assignment
from installation.config.look_files import LOOK_NAME, look_path, save_look
from installation.config.save import migrate_file


def look(argv: list[str], _stop: StopSignal) -> int:
    """Keep the present look, as the settings have it, as a file of its own; gives the exit code."""
    args = cli.look_parser().parse_args(argv)
    try:
        config = load_config(cli.config_files(args), dict(parse_assignment(text) for text in args.set))
        path = save_look(args.name, config.look, args.replace or _may_replace(args.name))
    except FileExistsError as error:
        print(f"{error}; choose another name, or add --replace", file=sys.stderr)
        return 2
    except (ConfigError, ValueError, OSError) as error:
        say(f"The look is not saved: {error}")
        return 2
    print(f"saved: {path.parent.name}/{path.name}; choose it in config.yaml with look: {args.name}")
    return 0


def migrate(argv: list[str], _stop: StopSignal) -> int:
    """Write an older settings file anew under today's names; gives the exit code."""
    args = cli.config_parser().parse_args(argv)
    try:
        backup = migrate_file(args.file)
    except (ConfigError, OSError) as error:
        say(f"{args.file} is left as it is: {error}")
        return 2
    print(f"{args.file} is up to date" + ("" if backup is None else f"; the old file is kept as {backup.name}"))
    return 0


def _may_replace(name: str) -> bool:
    """Ask, where somebody sits at the keyboard, whether a look of this name may go."""
    if not LOOK_NAME.fullmatch(name) or not look_path(name).exists() or not sys.stdin.isatty():
        return False
    return input(f"looks/{name}.yaml exists already. Replace it? [y/N] ").strip().lower() in ("y", "yes")
