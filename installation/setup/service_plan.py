"""What ``run.py service install`` does to a machine: which units, where, and which commands. Nothing here changes anything."""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from installation.base.files import IS_INSTALLED
from installation.setup import units
from installation.setup.environment import ROOT
from installation.setup.units import Kiosk, Piece

GROUPS = ("video", "render", "audio", "input")
"""Groups that own cameras, graphics, sound and MIDI on Debian and its kin."""
PROGRAMS = {Kiosk.CAGE: ("cage", "cage"), Kiosk.X: ("xinit", "xinit xserver-xorg")}
"""What a kiosk needs: the program and its Debian packages."""


class ServiceError(Exception):
    """What keeps the service from being set up; the message says what to do."""


def ask(command: Sequence[str]) -> tuple[int, str]:
    """(exit code, what it wrote) of a command; 127 where there is no such program."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    except OSError as error:
        return 127, str(error)
    return done.returncode, done.stdout + done.stderr


def _python() -> str:
    """The Python outside of any environment: the one that set-up begins with. An installed Mien's is the one beside it."""
    if IS_INSTALLED:
        return sys.executable
    return str(getattr(sys, "_base_executable", "") or sys.executable)


@dataclass(frozen=True, slots=True)
class Machine:
    """What must be known of the machine, and how it is asked and told; tests give others.

    ``root`` is the checkout's folder, ``folder`` where the command was typed; options with paths count from there.
    """

    root: Path = ROOT
    folder: Path = field(default_factory=Path.cwd)
    python: str = field(default_factory=_python)
    system_dir: Path = Path("/etc/systemd")
    home: Path = field(default_factory=Path.home)
    booted: Path = Path("/run/systemd/system")
    nvidia: Path = Path("/proc/driver/nvidia/version")
    display_manager: Path = Path("/etc/systemd/system/display-manager.service")
    user_id: int = field(default_factory=lambda: os.geteuid() if hasattr(os, "geteuid") else 0)
    environ: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    which: Callable[[str], str | None] = shutil.which
    ask: Callable[[Sequence[str]], tuple[int, str]] = ask
    installed: bool = IS_INSTALLED
    """Whether pip installed Mien: then ``folder`` is the project, and ``root`` where packages lie."""

    @property
    def start(self) -> tuple[str, ...]:
        """The words that start Mien on this machine, before a command."""
        if self.installed:
            return (self.python, "-P", "-m", "installation.setup.start")
        return (self.python, str(self.root / "run.py"))

    @property
    def typed(self) -> tuple[str, ...]:
        """The words that a person types to start it, before a command."""
        return self.start if self.installed else ("python3", str(self.root / "run.py"))

    @property
    def has_systemd(self) -> bool:
        """Whether systemd runs this machine; sd_booted(3)."""
        return self.booted.is_dir()

    def knows_steps(self) -> bool:
        """Whether this systemd lets the pauses before restarts grow."""
        words = self.ask(["systemctl", "--version"])[1].split()
        return len(words) > 1 and words[1].isdigit() and int(words[1]) >= units.KNOWS_STEPS


@dataclass(frozen=True, slots=True)
class Plan:
    """What is written and called, in this order; ``obstacles`` must be cleared first, ``notes`` a person should know."""

    files: dict[Path, str]
    commands: list[list[str]]
    notes: list[str]
    obstacles: list[str] = field(default_factory=list)


def plan_for(args: argparse.Namespace, options: list[str], machine: Machine) -> Plan:
    """What is to be done for what was typed. Raises ServiceError and UnitError."""
    kiosk = Kiosk(args.kiosk) if args.kiosk else None
    by_system = args.system or kiosk is not None or (machine.user_id == 0 and not args.user)
    needs_display = "--offscreen" not in options
    if kiosk is not None and args.user:
        raise ServiceError("a kiosk is the system's: leave --user out, and type sudo before python3")
    if kiosk is not None and not needs_display:
        raise ServiceError("a kiosk is there for its screen: leave --offscreen out, or --kiosk")
    if by_system and kiosk is None and needs_display:
        raise ServiceError(
            "a system service has no screen. Choose: --kiosk cage (a machine without a desktop), --user and no sudo "
            "(in the session of a desktop), or --offscreen (no picture)"
        )
    if by_system and machine.user_id != 0 and not args.dry_run:
        typed = shlex.join(["sudo", *machine.typed, "service", *args.typed])
        raise ServiceError(f"only root may do that: {typed}")
    if not by_system and machine.user_id == 0:
        raise ServiceError("--user is for a session of your own: type it without sudo, as the user who logs in")
    piece = _piece(args, options, machine, by_system)
    if not by_system:
        return _user_plan(piece, needs_display, machine)
    return _kiosk_plan(piece, kiosk, machine) if kiosk is not None else _system_plan(piece, machine)


def _user_plan(piece: Piece, needs_display: bool, machine: Machine) -> Plan:
    paths = paths_of(piece.name, machine)
    control = ["systemctl", "--user"]
    commands = [[*control, "daemon-reload"], [*control, "enable", f"{piece.name}.service"]]
    if needs_display:
        screen = [name for name in units.SCREEN.split() if name in machine.environ]
        if screen:
            commands += [[*control, "import-environment", *screen], [*control, "restart", f"{piece.name}.service"]]
        files = {paths["user"]: units.session_unit(piece), paths["autostart"]: units.autostart_entry(piece)}
        notes = ["It starts when you log in: let the machine log in by itself (the desktop's settings, Users)."]
        return Plan(files, commands, notes)
    commands += [["loginctl", "enable-linger", piece.user], [*control, "restart", f"{piece.name}.service"]]
    notes = ["It starts at boot, with nobody logged in (lingering)."]
    lacking = _groups_lacking(piece.user)
    if lacking:
        notes.append(f"Cameras and sound need: sudo usermod -aG {','.join(lacking)} {piece.user}   (then restart)")
    return Plan({paths["user"]: units.lingering_unit(piece)}, commands, notes)


def _system_plan(piece: Piece, machine: Machine) -> Plan:
    path = paths_of(piece.name, machine)["system"]
    commands = [["systemctl", "daemon-reload"], ["systemctl", "enable", f"{piece.name}.service"]]
    commands.append(["systemctl", "restart", f"{piece.name}.service"])
    return Plan({path: units.system_unit(piece)}, commands, ["It starts at boot."])


def _kiosk_plan(piece: Piece, kiosk: Kiosk, machine: Machine) -> Plan:
    program, packages = PROGRAMS[kiosk]
    notes = [f"It starts at boot, on the first screen, as {piece.user}; nobody need log in."]
    obstacles = []
    if machine.which(program) is None:
        obstacles.append(f"{program} is not installed: sudo apt-get install {packages}")
    if machine.display_manager.exists():
        obstacles.append(
            "a desktop's login has the screen: sudo systemctl disable --now display-manager, "
            "or install without --kiosk, into the desktop's session"
        )
    paths = paths_of(piece.name, machine)
    files = {paths["kiosk_user"]: units.kiosk_piece_unit(piece), paths["kiosk"]: units.kiosk_unit(piece, kiosk)}
    unit = paths["kiosk"].name
    commands = [["systemctl", "daemon-reload"], ["systemctl", "enable", unit], ["systemctl", "restart", unit]]
    return Plan(files, commands, notes, obstacles)


def paths_of(name: str, machine: Machine) -> dict[str, Path]:
    """Where the files of a service named ``name`` lie, or would."""
    config = Path(machine.environ.get("XDG_CONFIG_HOME") or machine.home / ".config")
    return {
        "user": config / "systemd/user" / f"{name}.service",
        "autostart": config / "autostart" / f"{name}.desktop",
        "system": machine.system_dir / "system" / f"{name}.service",
        "kiosk": machine.system_dir / "system" / f"{name}-kiosk.service",
        "kiosk_user": machine.system_dir / "user" / f"{name}.service",
    }


def _piece(args: argparse.Namespace, options: list[str], machine: Machine, by_system: bool) -> Piece:
    user, user_id = _user(args.user_name, machine, by_system)
    command = (*machine.start, "guard", *options)
    return Piece(
        args.name,
        command,
        machine.folder,
        user,
        user_id,
        _groups(),
        args.memory,
        machine.nvidia.exists(),
        machine.knows_steps(),
    )


def _user(asked: str | None, machine: Machine, by_system: bool) -> tuple[str, int]:
    """Whose piece it is: who was named, else who typed sudo, else whose checkout or project it is."""
    import pwd

    try:
        if not by_system:
            found = pwd.getpwuid(machine.user_id)
            if asked not in (None, found.pw_name):
                raise ServiceError("--as is for --system and --kiosk: log in as that user instead")
        else:
            name = asked or machine.environ.get("SUDO_USER")
            place = machine.folder if machine.installed else machine.root
            found = pwd.getpwnam(name) if name else pwd.getpwuid(place.stat().st_uid)
    except KeyError as error:
        raise ServiceError(f"there is no user {asked or error}") from error
    if found.pw_uid == 0 and asked is None:
        raise ServiceError("the piece should not run as root: name its user with --as USER")
    return found.pw_name, found.pw_uid


def _groups() -> tuple[str, ...]:
    """Those of GROUPS that exist here: systemd starts nothing under a group that does not."""
    import grp

    known = {group.gr_name for group in grp.getgrall()}
    return tuple(name for name in GROUPS if name in known)


def _groups_lacking(user: str) -> list[str]:
    import grp

    members = {group.gr_name: group.gr_mem for group in grp.getgrall()}
    return [name for name in GROUPS[:3] if name in members and user not in members[name]]
