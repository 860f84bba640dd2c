"""The log on disk: a new file each day and beyond a size, the oldest taken away. Whatever the disk does, the show goes on.

The standard library's handlers write in the thread that logs, and turn by size or by day, not by both. Here a thread of its own
writes: a disk that is slow, full or gone costs lines, which are counted, and never a picture.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from installation.base.clock import Clock
from installation.base.secrets import hide
from installation.base.side_files import DiskRoom, words

try:
    import fcntl
except ImportError:  # Windows: two runs then share a file, line by line
    fcntl = None  # type: ignore[assignment]

PERIOD_S = 0.5
"""What is written waits for company at most this long; so much is lost when the process is killed."""
RETRY_S = 3.0
"""After so long a disk that took nothing is tried again."""
MOST_LINES = 5000
"""That wait for the disk; of more the newest are dropped and counted."""
CLOSE_S = 0.5
FORMAT, DATE = "%(asctime)s %(levelname)-7s %(message)s", "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True)
class Keep:
    """How much of the log stays: bytes of one file, how many older files, and for how many days."""

    file_bytes: int = 5_000_000
    files: int = 30
    days: int = 30


class TakenError(OSError):
    """Another run writes this file."""


class LogFile(logging.Handler):
    """Writes what is logged into ``path``. Passwords are masked.

    ``on_trouble`` is told by the writing thread that the disk takes nothing, or takes it again (an empty text); it may be put
    in place at any time. A file that another run writes is left alone: ``taken`` says so, and nothing is written.
    """

    def __init__(self, path: Path, keep: Keep, clock: Clock, room: DiskRoom | None = None) -> None:
        super().__init__()
        self.path = path
        self.setFormatter(_Masked(FORMAT, DATE))
        self.on_trouble: Callable[[str], None] = lambda _: None
        self.trouble = ""
        """Why nothing is written; empty while it is."""
        self.taken = False
        self._turning = _TurningFile(path, keep, clock.local_time, room or DiskRoom(0))
        self._clock = clock
        self._changed = threading.Condition()
        self._lines: list[str] = []
        self._dropped = 0
        self._hurry = self._closing = self._is_writing = False
        self._retry_s = float("-inf")
        try:
            self._turning.open()
        except TakenError:
            self.taken = True
        except OSError as error:
            self._failed(error)
        self._thread = threading.Thread(target=self._run, name=f"write {path.name}", daemon=True)
        if not self.taken:
            with contextlib.suppress(RuntimeError):  # no thread is to be had: a show without its log
                self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Take a line; waits for nothing."""
        try:
            line = self.format(record)
        except Exception:  # noqa: BLE001 - whatever is logged wrongly, the console says so
            self.handleError(record)
            return
        with self._changed:
            if self._closing or self.taken:
                return
            if len(self._lines) >= MOST_LINES:
                self._dropped += 1
                return
            self._lines.append(line)
            if record.levelno >= logging.ERROR:
                self._hurry = True
                self._changed.notify_all()

    def flush(self) -> None:
        """Wait until what was logged is in the file, CLOSE_S at most."""
        with self._changed:
            self._hurry = True
            self._changed.notify_all()
            if self._thread.is_alive() and threading.current_thread() is not self._thread:
                self._changed.wait_for(lambda: not self._lines and not self._is_writing, CLOSE_S)

    def close(self) -> None:
        """Write what waits and close; a disk that takes longer than CLOSE_S is left alone. Twice does nothing."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(CLOSE_S)
        super().close()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._hurry or self._closing, PERIOD_S)
                self._hurry = False
                lines, self._lines = self._lines, []
                dropped, self._dropped = self._dropped, 0
                ends, self._is_writing = self._closing, True
            if lines or dropped:
                self._write(lines, dropped)
            with self._changed:
                self._is_writing = False
                self._changed.notify_all()
            if ends:
                self._turning.close()
                return

    def _write(self, lines: list[str], dropped: int) -> None:
        now_s = self._clock.now()
        if self.trouble and now_s < self._retry_s:
            self._lost(len(lines) + dropped)
            return
        text = "".join(f"{line}\n" for line in lines)
        if dropped:
            text += f"{self._clock.local_time():{DATE}} WARNING {dropped} lines are missing here\n"
        try:
            self._turning.write(text.encode("utf-8", "backslashreplace"))
        except OSError as error:
            self._lost(len(lines) + dropped)
            self._failed(error)
        else:
            if self.trouble:
                self.trouble = ""
                self._tell()

    def _lost(self, lines: int) -> None:
        with self._changed:
            self._dropped += lines

    def _failed(self, error: OSError) -> None:
        self._retry_s = self._clock.now() + RETRY_S
        trouble = f"{self.path} is not written: {words(error)}"
        if trouble != self.trouble:
            self.trouble = trouble
            self._tell()

    def _tell(self) -> None:
        with contextlib.suppress(Exception):  # what is wrong there must not end the writing
            self.on_trouble(self.trouble)


class _TurningFile:
    """The file itself. One thread. Raises OSError, after which it may be tried again."""

    def __init__(self, path: Path, keep: Keep, local_time: Callable[[], datetime], room: DiskRoom) -> None:
        self._path, self._keep, self._local_time, self._room = path, keep, local_time, room
        self._file: BinaryIO | None = None
        self._bytes = 0
        self._day = ""
        # Such as mien-20260803-090000.log, and with a number behind it where one second has several.
        self._older = re.compile(rf"{re.escape(path.stem)}-(\d{{8}}-\d{{6}})(?:-(\d+))?{re.escape(path.suffix)}")

    def open(self) -> None:
        """Go on with the file, or begin a new one where it is of another day."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("ab", buffering=0)
        try:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.close()
            raise TakenError(errno.EBUSY, "another run writes it") from error
        except OSError:
            pass  # a disk of another machine that knows no locks
        self._file, self._bytes = file, os.fstat(file.fileno()).st_size
        written = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime)
        self._day = f"{written if self._bytes else self._local_time():%Y%m%d}"

    def write(self, data: bytes) -> None:
        """Append; before that turn to a new file where it is time."""
        if self._file is not None and self._is_gone(self._file):
            self.close()
        if self._file is None:
            self.open()
        self._room.check(self._path.parent)
        now = self._local_time()
        if self._bytes and (f"{now:%Y%m%d}" != self._day or self._bytes + len(data) > self._keep.file_bytes):
            self._turn(now)
        file, view = self._file, memoryview(data)
        assert file is not None
        while len(view):
            written = file.write(view)
            if not written:
                raise OSError(errno.EIO, "the disk takes nothing")
            view = view[written:]
            self._bytes += written

    def close(self) -> None:
        """Close the file; the next ``write`` opens it again."""
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):
                file.close()

    def _is_gone(self, file: BinaryIO) -> bool:
        """Whether somebody took the file away or put another one in its place."""
        try:
            return os.fstat(file.fileno()).st_ino != self._path.stat().st_ino
        except FileNotFoundError:
            return True

    def _turn(self, now: datetime) -> None:
        self.close()
        stamp = f"{now:%Y%m%d-%H%M%S}"
        # Above all that are there: those below were taken away, and a name stands for one file only.
        number = max((number for known, number, _ in self._older_files() if known == stamp), default=0) + 1
        more = f"-{number}" if number > 1 else ""
        target = self._path.with_name(f"{self._path.stem}-{stamp}{more}{self._path.suffix}")
        self._path.replace(target)
        self.open()
        self._prune(now)

    def _prune(self, now: datetime) -> None:
        oldest = f"{now - timedelta(days=self._keep.days):%Y%m%d-%H%M%S}"
        for at, (stamp, _, path) in enumerate(sorted(self._older_files(), reverse=True)):
            if at >= self._keep.files or stamp < oldest:
                path.unlink(missing_ok=True)

    def _older_files(self) -> list[tuple[str, int, Path]]:
        """When each was turned, its number within that second, and the file."""
        matches = [(self._older.fullmatch(path.name), path) for path in self._path.parent.iterdir()]
        return [(match[1], int(match[2] or 1), path) for match, path in matches if match is not None]


class _Masked(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return hide(super().format(record))
