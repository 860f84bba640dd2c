"""The texts of the units that start the piece at boot, for systemd. Standard library only; nothing here touches the machine.

Three ways to a picture. In a desktop session, a unit of the user's own. Without any display (``--offscreen``), a system unit,
or a user's with lingering. On a machine without a desktop, a kiosk: one system unit opens a session on the first screen (cage,
or a bare X server), and the piece is a unit of that session's user.

The kiosk takes two units because of systemd.exec(5): what runs under PAMName= moves into the session's scope, where neither
its memory limit nor its messages belong to the unit any more. So the session is one unit, and the piece, with all its limits,
another.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from pathlib import Path

from installation.base.names import is_text

MARK = "# Mien: written by `run.py service install`; `run.py service uninstall` removes it."
"""First line of every file written here: only files that begin with it are replaced or removed."""
WATCHDOG_S = 300
"""The guard looks after a piece that hangs within seconds; this is for a guard that hangs. It tells systemd only while the
piece shows pictures, so three slow starts with their pauses, and then safe settings, must fit in."""
START_S = 900
"""A start after an update may have to finish its set-up."""
STOP_S = 15
FIRST_PAUSE_S, LONGEST_PAUSE_S, STEPS = 10, 300, 5
"""Before a restart: growing where systemd can, else always the first."""
STARTS, STARTS_IN_S = 20, 3600
"""More starts than this within an hour are given up; with growing pauses they are never reached."""
KNOWS_STEPS = 254
"""The version of systemd that knows RestartSteps=."""


class Kiosk(enum.Enum):
    """What opens a screen where there is no desktop."""

    CAGE = "cage"
    X = "x"


class UnitError(Exception):
    """What cannot be written into a unit; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What is to be started, and as whom.

    ``command`` is the program and its arguments; ``folder`` where it starts; ``groups`` those that exist here and own cameras,
    graphics and sound. ``nvidia``: its driver is here. ``steps``: this systemd knows RestartSteps=.
    """

    name: str
    command: tuple[str, ...]
    folder: Path
    user: str
    user_id: int
    groups: tuple[str, ...] = ()
    memory_max: str = "75%"
    nvidia: bool = False
    steps: bool = False


def word(text: str) -> str:
    """One argument of Exec...= in quotes: a space, a quote, % and $ stay what they are. Raises UnitError."""
    plain = path_text(text).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{plain}"'


def path_text(text: str | Path) -> str:
    """A text in which only % would mean something to systemd. Raises UnitError for control signs."""
    shown = str(text)
    if not is_text(shown) or any(sign < " " or sign == "\x7f" for sign in shown):
        raise UnitError(f"{shown!r} has a line break, a control sign or what is no text in it; rename it")
    return shown.replace("%", "%%")


def place(folder: Path) -> str:
    """A folder behind a key of its own. Raises UnitError for names that systemd reads as something else."""
    text = path_text(folder)
    if text != text.strip() or text.endswith("\\"):
        raise UnitError(f"{text!r} ends with a space or a backslash; rename it")
    return text


def session_unit(piece: Piece) -> str:
    """The user's unit that runs in a desktop session."""
    unit = ["After=graphical-session.target", "PartOf=graphical-session.target"]
    return _unit(piece, unit, _user_hardening(piece), "graphical-session.target")


def lingering_unit(piece: Piece) -> str:
    """The user's unit that needs no session: it draws into memory, or to lamps and OSC alone."""
    return _unit(piece, [], _user_hardening(piece), "default.target")


def kiosk_piece_unit(piece: Piece) -> str:
    """The unit of the kiosk's user. The kiosk's session starts it; nothing else does."""
    return _unit(piece, [], _user_hardening(piece), None)


def system_unit(piece: Piece) -> str:
    """The system's unit, for a piece without a display."""
    # Nothing waits for network-online.target: without a network that takes minutes, and receivers are found later, too.
    unit = ["After=network.target sound.target"]
    groups = [f"SupplementaryGroups={' '.join(piece.groups)}"] if piece.groups else []
    return _unit(piece, unit, [f"User={piece.user}", *groups, *_system_hardening(piece)], "multi-user.target")


def autostart_entry(piece: Piece) -> str:
    """The desktop's autostart file: hands the screen's address to the user's systemd, which many desktops forget to do."""
    script = f"systemctl --user import-environment {SCREEN}; systemctl --user start {piece.name}.service"
    lines = [MARK, "[Desktop Entry]", "Type=Application", "Name=Mien", f'Exec=/bin/sh -c "{script}"']
    return "\n".join([*lines, "Terminal=false", "X-GNOME-Autostart-enabled=true"]) + "\n"


def kiosk_unit(piece: Piece, kiosk: Kiosk) -> str:
    """The system's unit that opens a session with one screen on the first terminal."""
    client = " ".join(map(word, client_of(piece)))
    if kiosk is Kiosk.CAGE:
        start, kind = f"/usr/bin/cage -s -- {client}", "wayland"
    else:
        start, kind = f"/usr/bin/xinit {client} -- /usr/bin/X :0 vt1 -keeptty -nolisten tcp -s 0 -dpms", "x11"
    lines = [
        MARK,
        "[Unit]",
        f"Description=A screen for {piece.name} without a desktop ({kiosk.value})",
        "After=systemd-user-sessions.service systemd-logind.service plymouth-quit-wait.service getty@tty1.service",
        "Wants=systemd-logind.service",
        "Conflicts=getty@tty1.service",
        "ConditionPathExists=/dev/tty0",
        *_limits(),
        "",
        "[Service]",
        f"User={piece.user}",
        "PAMName=login",
        "TTYPath=/dev/tty1",
        "TTYReset=yes",
        "TTYVHangup=yes",
        "TTYVTDisallocate=yes",
        f"StandardInput={'tty-fail' if kiosk is Kiosk.CAGE else 'tty'}",
        "StandardOutput=journal",
        "UtmpIdentifier=tty1",
        "UtmpMode=user",
        f"Environment=XDG_SESSION_TYPE={kind} XDG_RUNTIME_DIR=/run/user/{piece.user_id}",
        f"ExecStart={start}",
        f"ExecStopPost=-/usr/bin/systemctl --user --no-block stop {piece.name}.service",
        "Restart=always",
        *_pauses(piece),
        "LimitCORE=1",
        "",
        "[Install]",
        "WantedBy=multi-user.target",
    ]
    return "\n".join(lines) + "\n"


SCREEN = "DISPLAY WAYLAND_DISPLAY XAUTHORITY"
"""Variables that say where the screen is."""


def client_of(piece: Piece) -> tuple[str, ...]:
    """What runs on the kiosk's screen: it tells the user's systemd where the screen is, starts the piece, and stays."""
    tell = f"systemctl --user import-environment {SCREEN} XDG_SESSION_TYPE"
    return ("/bin/sh", "-c", f"{tell}; systemctl --user restart {piece.name}.service; exec sleep infinity")


def _unit(piece: Piece, unit: list[str], more: list[str], wanted_by: str | None) -> str:
    lines = [
        MARK,
        "[Unit]",
        "Description=Mien, an interactive installation",
        *unit,
        *_limits(),
        "",
        "[Service]",
        "Type=notify",
        "NotifyAccess=main",
        f"WorkingDirectory={place(piece.folder)}",
        f"ExecStart={' '.join(map(word, piece.command))}",
        "Environment=PYTHONUNBUFFERED=1",
        "Restart=always",
        *_pauses(piece),
        f"TimeoutStartSec={START_S}",
        f"TimeoutStopSec={STOP_S}",
        f"WatchdogSec={WATCHDOG_S}",
        # The guard is asked to end and says goodbye; what is left after that is killed.
        "KillMode=mixed",
        f"MemoryMax={piece.memory_max}",
        # The kernel ends the piece that took too much; the guard lives and starts another.
        "OOMPolicy=continue",
        # No pictures of visitors in core dumps: at 1 Linux keeps them from apport and systemd-coredump, too, at 0 it does not.
        "LimitCORE=1",
        *more,
    ]
    if wanted_by is not None:
        lines += ["", "[Install]", f"WantedBy={wanted_by}"]
    return "\n".join(lines) + "\n"


def _limits() -> list[str]:
    return [f"StartLimitIntervalSec={STARTS_IN_S}", f"StartLimitBurst={STARTS}"]


def _pauses(piece: Piece) -> list[str]:
    steps = [f"RestartSteps={STEPS}", f"RestartMaxDelaySec={LONGEST_PAUSE_S}"] if piece.steps else []
    return [f"RestartSec={FIRST_PAUSE_S}", *steps]


def _user_hardening(piece: Piece) -> list[str]:
    """What a user's systemd can do without a user namespace, which would take the groups of cameras and sound away."""
    return _no_new_privileges(piece)


def _system_hardening(piece: Piece) -> list[str]:
    """Nothing here hides /dev, a home, /tmp or a processor's right to write code.

    Left out on purpose: PrivateDevices=, DevicePolicy= and ProtectClock= (which brings a list of allowed devices) take
    cameras, GPU, MIDI and sound away; ProtectHome= the checkout; PrivateTmp= the sockets of X and of sound; PrivateNetwork=
    OSC; MemoryDenyWriteExecute= breaks what compiles while it runs (Mesa's llvmpipe, ONNX Runtime, CUDA); RestrictRealtime=
    JACK and PipeWire; SystemCallFilter= drivers of cameras and GPUs.
    """
    in_system = any(piece.folder.is_relative_to(folder) for folder in ("/usr", "/etc", "/boot"))
    # /usr, /boot and /etc can only be read.
    full = [] if in_system else ["ProtectSystem=full"]
    return [*full, "ProtectControlGroups=yes", *_no_new_privileges(piece)]


def _no_new_privileges(piece: Piece) -> list[str]:
    """NVIDIA's library makes its device files by a program with more rights (nvidia-modprobe), so its machines go without.

    The other lines imply NoNewPrivileges= for whoever is not root, so they stay out with it.
    """
    if piece.nvidia:
        return []
    return [
        "NoNewPrivileges=yes",
        "LockPersonality=yes",
        "RestrictSUIDSGID=yes",
    ]
