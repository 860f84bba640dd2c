"""What processes may not leave behind, seen on a machine where others run as well."""

import re
from pathlib import Path

import psutil

SHM = Path("/dev/shm")


def in_shared_memory() -> set[Path]:
    """All that is there now; nothing where the system has no such folder."""
    return set(SHM.iterdir()) if SHM.is_dir() else set()


def left_in_shared_memory(before: set[Path], pid: int) -> list[Path]:
    """What has come since ``before``, without what belongs to a living process other than ``pid``."""
    new = in_shared_memory() - before
    return sorted(path for path in new if _owner(path) in (None, pid) or not psutil.pid_exists(_owner(path) or 0))


def _owner(path: Path) -> int | None:
    found = re.match(r"mien-(\d+)-", path.name)
    return int(found[1]) if found is not None else None
