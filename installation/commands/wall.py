"""``run.py wall``: a key file for a wall, and a wall of four on this machine, filmed."""

from __future__ import annotations

from installation.base.clock import RealClock
from installation.base.exit_codes import BAD_INPUT
from installation.base.supervisor import StopSignal
from installation.commands import cli
from installation.commands.shared import say
from installation.network.keys import KeyFileError, write_keys
from installation.network.sockets import NetworkError, new_keys


def wall(argv: list[str], stop: StopSignal) -> int:
    """Make a key, or film the demonstration; gives the exit code."""
    args = cli.wall_parser().parse_args(argv)
    if args.make_key is None:
        from installation.commands.wall_demo import DemoError, film

        try:
            return film(args.demo, args.seconds, args.per_second, args.scene, RealClock(), stop)
        except DemoError as error:
            say(f"The wall was not filmed: {error}")
            return BAD_INPUT
    try:
        write_keys(args.make_key, new_keys())
    except (KeyFileError, NetworkError) as error:
        say(error)
        return BAD_INPUT
    print(
        f"{args.make_key}: carry it to each machine of the wall and name it in wall.key; keep it as you keep a password"
    )
    return 0
