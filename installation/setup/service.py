"""``run.py service``: the piece starts at boot, by systemd. Standard library only: it works before anything is installed.

What is written says so in its first line, and only such files are replaced or removed.
"""

from __future__ import annotations

import argparse
import re
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from installation.base.files import PROGRAM, TYPED, write_whole
from installation.commands import cli
from installation.setup import units
from installation.setup.service_plan import Machine, Plan, ServiceError, paths_of, plan_for
from installation.setup.units import Kiosk, UnitError

BAD_INPUT = 2
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,40}")


def service(argv: list[str], machine: Machine | None = None) -> int:
    """``run.py service ...``; gives the exit code: 0 as asked (status: it runs), 1 not, 2 wrongly typed."""
    machine = machine or Machine()
    parser = service_parser()
    args, options = parser.parse_known_args(argv)
    args.typed = argv
    options = [option for option in options if option != "--"]
    if args.action != "install" and options:
        parser.error(f"unknown here: {' '.join(options)}")
    try:
        if _NAME.fullmatch(args.name) is None:
            raise ServiceError("--name takes small letters, digits, - and _")
        if args.action == "status":
            return status(args.name, machine)
        if args.action in ("start", "stop", "restart"):
            return control(args.action, args.name, machine)
        if args.action == "uninstall":
            return uninstall(args.name, args.dry_run, machine)
        return install(args, options, machine)
    except (ServiceError, UnitError) as error:
        print(f"{PROGRAM} service: {error}", file=sys.stderr)
        return BAD_INPUT
    except OSError as error:
        print(f"{PROGRAM} service: {error.filename or ''}: {error.strerror}; nothing more was done", file=sys.stderr)
        return 1


def service_parser() -> argparse.ArgumentParser:
    """Options of ``run.py service``."""
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} service",
        description="Let the piece start at boot and stay up (Linux with systemd); see docs/operations.md.",
        epilog=f"Everything else that is typed behind install goes to the piece: {PROGRAM} service install --display 1",
        allow_abbrev=False,
    )
    parser.add_argument("action", choices=("install", "uninstall", "status", "start", "stop", "restart"))
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--user", action="store_true", help="in your desktop session (without a display: lingering)")
    where.add_argument("--system", action="store_true", help="by the system, without a display or as a kiosk")
    parser.add_argument("--kiosk", choices=[kiosk.value for kiosk in Kiosk], help="a screen without a desktop")
    parser.add_argument("--as", dest="user_name", metavar="USER", help="whose piece it is (system and kiosk)")
    parser.add_argument("--name", default="mien", metavar="NAME", help="of the unit, for several pieces on a machine")
    parser.add_argument("--memory", default="75%", metavar="LIMIT", help="the most memory: 6G, or a share (75%%)")
    parser.add_argument("--dry-run", action="store_true", help="print units and commands, change nothing")
    return parser


def install(args: argparse.Namespace, options: list[str], machine: Machine) -> int:
    """Write the units and switch them on. Raises ServiceError, UnitError, OSError."""
    _check_options(options, machine)
    if not machine.has_systemd and not args.dry_run:
        raise ServiceError(without_systemd(machine, options))
    plan = plan_for(args, options, machine)
    if args.dry_run:
        _show(plan)
        if not machine.has_systemd:
            print(f"# {without_systemd(machine, options)}")
        return 0
    if plan.obstacles:
        raise ServiceError("not yet:\n  " + "\n  ".join(plan.obstacles))
    for path in plan.files:
        if path.exists() and not is_ours(path):
            raise ServiceError(f"{path} was not written by this command: move it away first")
    for path, text in plan.files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text.encode())
        print(f"written: {path}")
    code = _call(plan.commands, machine)
    print("\n".join(plan.notes))
    return code


def uninstall(name: str, dry_run: bool, machine: Machine) -> int:
    """Switch off and remove what ``install`` wrote. Raises ServiceError and OSError."""
    found = _installed(name, machine)
    if not found:
        print(f"There is no service {name} here; nothing to remove.")
        return 0
    if machine.user_id != 0 and not dry_run and found.keys() & BY_ROOT:
        raise ServiceError("it was installed by root: type sudo before python3")
    stops = _each("disable --now", found)
    loads = [[*control, "daemon-reload"] for control in dict.fromkeys(map(control_of, found))]
    if dry_run:
        _show(Plan({}, [*stops, ["rm", *map(str, found.values())], *loads], []))
        return 0
    if machine.has_systemd:
        _call(stops, machine)
    for path in found.values():
        path.unlink()
        print(f"removed: {path}")
    if machine.has_systemd:
        _call(loads, machine)
    if "user" in found:
        print("If lingering was switched on for it and nothing else needs it: loginctl disable-linger")
    return 0


def control(verb: str, name: str, machine: Machine) -> int:
    """Start, stop or restart what is installed, until the next boot. Raises ServiceError."""
    found = _installed(name, machine)
    if not machine.has_systemd:
        raise ServiceError(without_systemd(machine, []))
    if not found.keys() & {"kiosk", "system", "user"}:
        raise ServiceError(f"the service {name} is not installed: {TYPED} service install")
    if machine.user_id != 0 and found.keys() & BY_ROOT:
        raise ServiceError("it was installed by root: type sudo before python3")
    code = _call(_each(verb, found), machine)
    if code == 0 and verb == "stop":
        print(f"It is stopped until the next boot, or until: {TYPED} service start")
    return code


def _each(verb: str, found: dict[str, Path]) -> list[list[str]]:
    """systemctl's words for each unit that is switched on by itself; the kiosk's piece goes with its screen."""
    return [
        [*control_of(kind), *verb.split(), found[kind].name] for kind in ("kiosk", "system", "user") if kind in found
    ]


def status(name: str, machine: Machine) -> int:
    """Say in sentences how the service is; 0 when it runs, else 1."""
    found = _installed(name, machine)
    if not machine.has_systemd:
        print(without_systemd(machine, []))
        return 1
    if not found.keys() & {"user", "system", "kiosk"}:
        print(f"The service {name} is not installed: {TYPED} service install")
        return 1
    runs = True
    for kind in ("kiosk", "kiosk_user", "user", "system"):
        if kind in found:
            runs = _say_status(found[kind].name, [*control_of(kind), *_of_user(kind, found, machine)], machine) and runs
    return 0 if runs else 1


def without_systemd(machine: Machine, options: Sequence[str]) -> str:
    """What to do where no systemd runs."""
    typed = shlex.join([*machine.typed, "guard", *options])
    return f"No systemd runs on this machine, so nothing can start the piece at boot. This keeps it up as well: {typed}"


def is_ours(path: Path) -> bool:
    """Whether a file was written by ``install``."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.readline().rstrip("\n") == units.MARK
    except OSError:
        return False


BY_ROOT = {"system", "kiosk", "kiosk_user"}


def _installed(name: str, machine: Machine) -> dict[str, Path]:
    return {kind: path for kind, path in paths_of(name, machine).items() if is_ours(path)}


def control_of(kind: str) -> tuple[str, ...]:
    """The systemctl that a kind of file is told of by."""
    return ("systemctl",) if kind in BY_ROOT else ("systemctl", "--user")


def _of_user(kind: str, found: dict[str, Path], machine: Machine) -> list[str]:
    """What must stand behind systemctl to ask for the kiosk's piece: another user's systemd looks after it."""
    if kind != "kiosk_user":
        return []
    text = found["kiosk"].read_text(encoding="utf-8") if "kiosk" in found else ""
    user = next((line.removeprefix("User=") for line in text.splitlines() if line.startswith("User=")), "")
    return ["--user"] if machine.environ.get("USER") == user or not user else ["--user", f"--machine={user}@.host"]


def _say_status(unit: str, control: list[str], machine: Machine) -> bool:
    names = "ActiveState,Result,NRestarts,MemoryCurrent,StatusText,ActiveEnterTimestamp"
    code, text = machine.ask([*control, "show", unit, f"--property={names}"])
    if code != 0:
        print(f"{unit}: systemd does not say ({text.strip()})")
        return False
    told = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    state, restarts = told.get("ActiveState", ""), told.get("NRestarts", "0")
    if state == "active":
        memory = told.get("MemoryCurrent", "")
        takes = f", {int(memory) / 1e6:.0f} MB" if memory.isdigit() else ""
        print(f"{unit}: runs since {told.get('ActiveEnterTimestamp', '?')}, restarted {restarts} times{takes}")
    elif told.get("Result") == "start-limit-hit":
        print(
            f"{unit}: given up after {units.STARTS} starts within an hour. Again: {' '.join(control)} reset-failed {unit},"
        )
        print(f"  then restart the machine. What went wrong: {TYPED} check")
    else:
        print(f"{unit}: does not run ({state or 'unknown'}, {told.get('Result', '?')}), restarted {restarts} times")
    if told.get("StatusText"):
        print(f"  it says: {told['StatusText']}")
    print(f"  its log: {' '.join(['journalctl', *_journal(control, unit)])}")
    return state == "active"


def _journal(control: list[str], unit: str) -> list[str]:
    return ["--user-unit" if "--user" in control else "--unit", unit, "--since", "today"]


def _check_options(options: list[str], machine: Machine) -> None:
    """What would be wrong at every boot is wrong now. Exits with 2 as a run would; raises ServiceError."""
    args = cli.run_parser().parse_args(options)
    for path in cli.config_files(args):
        if not (machine.folder / path).is_file():
            raise ServiceError(
                f"{machine.folder / path} is not there; type this in the checkout's folder, or name it: --config FILE"
            )


def _show(plan: Plan) -> None:
    for path, text in plan.files.items():
        print(f"# ---- {path}\n{text}")
    print("# ---- then")
    for command in plan.commands:
        print(shlex.join(command))
    for note in [*plan.obstacles, *plan.notes]:
        print(f"# {note}")


def _call(commands: Sequence[Sequence[str]], machine: Machine) -> int:
    """Call one after the other; 1 when one fails, which is said, and the others are called all the same."""
    failed = 0
    for command in commands:
        code, text = machine.ask(command)
        print(shlex.join(command), flush=True)
        if code != 0:
            failed = 1
            print(f"  failed: {text.strip()}", file=sys.stderr)
    return failed
