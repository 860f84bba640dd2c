"""One instance for a role and its settings files: a lock that falls when its process ends, in whatever way."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from installation.base.places import key_of, runtime_folder

log = logging.getLogger(__name__)


class AlreadyRunningError(Exception):
    """Another process has the lock. ``pid``: its number; None where that could not be read."""

    def __init__(self, role: str, pid: int | None) -> None:
        super().__init__(f"{role} of these settings runs already{f' (process {pid})' if pid is not None else ''}")
        self.pid = pid


class OneInstance:
    """Held by the one process that is ``role`` ("the piece", "the desk") for these settings files, from ``take`` on.

    The file lies in the runtime folder; processes that are started do not inherit it. Where the system has no such locks, or
    no folder can be had, there is none, and the log says so: the show is worth more.
    """

    def __init__(self, role: str, paths: Sequence[Path]) -> None:
        self._role = role
        self._name = f"{role.replace(' ', '-')}-{key_of(paths)}.lock"
        self._path: Path | None = None
        self._file: int | None = None

    def take(self) -> None:
        """Take the lock; raises AlreadyRunningError where another process has it."""
        try:
            self._path = runtime_folder() / self._name
            while self._file is None:
                self._file = self._locked(self._path)
        except OSError as error:
            log.warning("no lock can be had (%s): a second instance would not be noticed", error)

    def refresh(self) -> None:
        """Touch the file, now and then: what is untouched for days in a folder for temporary files is cleared away."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.utime(self._file)

    def release(self) -> None:
        """Give the lock back, and take its file away."""
        file, self._file = self._file, None
        if file is not None and self._path is not None:
            with contextlib.suppress(OSError):
                self._path.unlink()
            os.close(file)

    def _locked(self, path: Path) -> int | None:
        """The open and locked file; None where it was taken away meanwhile by the one that had it."""
        if sys.platform == "win32":
            raise OSError("this system has none")
        import fcntl

        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            pid = _pid(os.pread(file, 20, 0))
            os.close(file)
            raise AlreadyRunningError(self._role, pid) from error
        except OSError:
            os.close(file)
            raise
        if not _is_still(path, file):
            os.close(file)
            return None
        with contextlib.suppress(OSError):  # a full disk: it is locked all the same
            os.ftruncate(file, 0)
            os.pwrite(file, str(os.getpid()).encode(), 0)
        return file


def _is_still(path: Path, file: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file))
    except FileNotFoundError:
        return False


def _pid(data: bytes) -> int | None:
    text = data.decode("ascii", "replace").strip()
    return int(text) if text.isdigit() else None
