"""The log on disk as the piece and its guard write it, and where a native crash leaves its traces."""

from __future__ import annotations

import contextlib
import logging
import os
from functools import partial
from pathlib import Path

from installation.base.clock import Clock
from installation.base.files import PROJECT
from installation.base.log_file import Keep, LogFile
from installation.base.notices import Notices
from installation.base.side_files import DiskRoom
from installation.base.stacks import write_stacks_to
from installation.config.settings import Config

log = logging.getLogger(__name__)

STAGE = "log file"
GUARD_LOG = "guard.log"


def log_path(config: Config) -> Path | None:
    """The piece's log; the guard's, the crash file and the bundles lie beside it. None: none is wanted."""
    return PROJECT / Path(config.log.file).expanduser() if config.log.file else None


def crash_path(path: Path) -> Path:
    """Where a native crash, or whoever asks (base/stacks.py), leaves the stacks of all threads."""
    return path.with_suffix(".stacks.txt")


def write_log(config: Config, clock: Clock, name: str = "") -> LogFile | None:
    """From now on all that is logged goes to the log on disk as well, or to the file ``name`` beside it. None where the
    settings want none."""
    path = log_path(config)
    if path is None:
        return None
    keep = Keep(round(config.log.file_mb * 1e6), config.log.keep_files, config.log.keep_days)
    handler = LogFile(path.with_name(name) if name else path, keep, clock, DiskRoom(config.video.keep_free_mb))
    logging.getLogger().addHandler(handler)
    return handler


def begin_log(config: Config, clock: Clock, notices: Notices) -> None:
    """The piece's log on disk, and the stacks of a native crash beside it. What keeps it from the disk is a fault of STAGE."""
    handler = write_log(config, clock)
    if handler is None:
        return
    if handler.taken:
        notices.note(STAGE, f"another run writes {handler.path}; give this one a log.file of its own")
        return
    write_stacks(crash_path(handler.path))
    handler.on_trouble = partial(_tell, notices)
    if handler.trouble:
        _tell(notices, handler.trouble)


def write_stacks(path: Path) -> None:
    """Let the stacks of all threads be written to ``path`` (base/stacks.py). Those of the run before are moved beside
    it, to .old. A disk that takes no file costs nothing but these."""
    with contextlib.suppress(OSError):
        if path.exists() and path.stat().st_size:
            path.replace(path.with_suffix(".old"))
        # Stays open to the very end: it is written when nothing else works any more.
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_CLOEXEC", 0), 0o644)
        write_stacks_to(file)


def _tell(notices: Notices, trouble: str) -> None:
    if trouble:
        notices.fault(STAGE, trouble)
    else:
        notices.resolve(STAGE)
