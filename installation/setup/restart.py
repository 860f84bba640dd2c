"""After another version was switched in: what runs from the checkout's folder is started anew. Standard library only."""

from __future__ import annotations

import os
from pathlib import Path

from installation.setup import service, units
from installation.setup.service_plan import Machine, paths_of

LATER = "A piece that is running stays the old version until it is started again."


def restart(root: Path, machine: Machine, processes: Path = Path("/proc")) -> str:
    """Start anew what runs from ``root`` through systemd; gives a sentence that says what was or must be done."""
    for kind, path in _units(root, machine):
        command = [*service.control_of(kind), "try-restart", path.name]
        if kind == "system" and machine.user_id != 0:
            return f"{LATER} Type: sudo {' '.join(command)}"
        code, text = machine.ask(command)
        if code == 0:
            return "The service was started anew, if it was running: a new picture within a minute."
        return f"{LATER} {' '.join(command)} did not succeed ({text.strip()}); restart the machine."
    told = [
        f"The guard (process {pid}) runs the old version still: end it (kill {pid}) and start it again: python3 run.py guard"
        for pid in _guards(root, processes)
    ]
    return "\n".join(told) or LATER


def _units(root: Path, machine: Machine) -> list[tuple[str, Path]]:
    """The installed units that start this checkout, as (kind, file)."""
    if not machine.has_systemd:
        return []
    ours = paths_of("mien", machine)
    found = []
    for kind in ("user", "kiosk_user", "system"):
        paths = sorted(filter(service.is_ours, ours[kind].parent.glob("*.service")))
        told = "user" if kind == "kiosk_user" else kind
        found += [
            (told, path) for path in paths if units.word(str(root / "run.py")) in path.read_text(encoding="utf-8")
        ]
    return found


def _guards(root: Path, processes: Path) -> list[int]:
    """Processes that are the guard of this checkout; none where the system does not list its processes in /proc."""
    python = os.fsencode(root / ".venv/bin/python")
    found = []
    for path in processes.glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if words[:4] == [python, b"-m", b"installation", b"guard"]:
            found.append(int(path.parent.name))
    return found
