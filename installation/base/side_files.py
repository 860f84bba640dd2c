"""Files that the piece writes beside its job: recordings, logs, pictures. Whatever the disk does, the show goes on.

What a person typed and has to put right (a folder that is not there, a folder in a file's place) is refused at the start,
with an OutputError. What a disk does by itself (full, read-only, pulled out) is told once and ends that file, whole up to
there.
"""

from __future__ import annotations

import contextlib
import errno
import gzip
import logging
import os
import shutil
import stat
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

log = logging.getLogger(__name__)

PERIOD_S = 0.5
"""What is written waits for company at most this long; so much is lost when the process is killed."""
BATCH_CHARS = 2**18
MAX_WAITING_CHARS = 2**26
"""A disk that takes nothing for minutes ends the file, before what waits for it fills the memory."""
CLOSE_S = 10.0
_BY_ITSELF = frozenset(
    getattr(errno, name)
    for name in (
        *("ENOSPC", "EDQUOT", "EROFS", "EIO", "EFBIG", "ENODEV", "ENXIO", "EMFILE", "ENFILE"),
        *("ESTALE", "ETIMEDOUT", "EHOSTDOWN", "EHOSTUNREACH", "ENOTCONN", "EREMOTEIO"),
    )
    if hasattr(errno, name)
)
"""What disks, also those of other machines, come to without anybody's doing."""


class OutputError(Exception):
    """A place to write to that cannot be, as it was typed; the message says what is wrong and what to do."""


def _disk_bytes(folder: Path) -> tuple[int, int]:
    usage = shutil.disk_usage(folder)
    return usage.total, usage.free


class DiskRoom:
    """How much must stay free on every disk that is written to: ``keep_free_mb``, or a tenth of a small disk. It may change
    at any time. ``disk_bytes`` gives (size, free) of a folder's disk."""

    def __init__(self, keep_free_mb: float, disk_bytes: Callable[[Path], tuple[int, int]] = _disk_bytes) -> None:
        self.keep_free_mb, self._disk_bytes = keep_free_mb, disk_bytes

    def check(self, folder: Path) -> None:
        """Raises OSError when less is free there than must stay free, or the folder is gone."""
        if self.keep_free_mb <= 0:
            return
        size_mb, free_mb = (count / 1e6 for count in self._disk_bytes(folder))
        wanted_mb = min(self.keep_free_mb, size_mb / 10)
        if free_mb < wanted_mb:
            why = f"{free_mb:.0f} MB are free on its disk, less than the {wanted_mb:.0f} of video.keep_free_mb"
            raise OSError(errno.ENOSPC, f"{why}; make room")


class GrowingFile(Protocol):
    """What is needed of an open file; replaced in tests."""

    def write(self, data: memoryview, /) -> int | None: ...
    def truncate(self, size: int, /) -> int: ...
    def fileno(self) -> int: ...
    def close(self) -> None: ...


def _open(path: Path) -> GrowingFile:
    return path.open("wb", buffering=0)


def words(error: OSError) -> str:
    """What is wrong, and what helps."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT if error.strerror == os.strerror(error.errno):
            return "the disk is full; make room"
        case errno.EROFS:
            return "the disk is read-only; is it broken, or pulled out?"
        case errno.EACCES | errno.EPERM:
            return "this user may not write there"
        case errno.EISDIR:
            return "it is a folder; name a file in it"
        case errno.EEXIST | errno.ENOTDIR:
            return "a file lies where its folder should be; move it away"
        case _:
            return error.strerror or str(error)


def check_place(path: Path, what: str, is_folder: bool = False) -> OSError | None:
    """Refuse a place that cannot be written to as it was typed; ``what`` is the option. The last folder on the way is made.

    Raises OutputError. Gives what the disk comes to by itself: one that is full or read-only is no mistake.
    """
    try:
        _refuse_kind(path, is_folder)
        folder = path if is_folder else path.parent
        if not folder.is_dir():
            folder.mkdir()
        with tempfile.TemporaryFile(dir=folder):
            pass
    except FileNotFoundError as error:
        raise OutputError(f"{what} {path}: {_no_folder(path)}") from error
    except NotADirectoryError as error:
        raise OutputError(f"{what} {path}: {_missing(path)} is a file, not a folder; correct the name") from error
    except ValueError as error:
        raise OutputError(f"{what} {path!r}: no name for a file ({error})") from error
    except OSError as error:
        if error.errno not in _BY_ITSELF:
            raise OutputError(f"{what} {path}: {words(error)}") from error
        return error
    return None


def _refuse_kind(path: Path, is_folder: bool) -> None:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return
    if is_folder:
        if not stat.S_ISDIR(mode):
            raise OSError(errno.ENOTSUP, "it is a file; name a folder")
    elif stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    elif not stat.S_ISREG(mode):  # a pipe would hold up the start, a device be replaced by a file
        raise OSError(errno.ENOTSUP, "it is a device or a pipe; name a file")


def _missing(path: Path) -> Path | None:
    """The first folder on the way that is none."""
    return next((folder for folder in reversed(path.parents) if not folder.is_dir()), None)


def _no_folder(path: Path) -> str:
    missing = _missing(path)
    if missing is None:
        return f"no file can be made in {path.parent}; name another folder"
    return f"there is no folder {missing}; make it, or correct the name"


class SideFile:
    """Text that is appended by a thread of its own, in batches; each is in the file as a whole or not at all.

    ``write`` never waits and raises nothing, but with ``may_wait``: then it waits for the disk, where no show runs.
    ``packed``: gzip, a member for each batch, so that what is there can be read at any time. ``on_fault`` is told once, by
    any thread, why the file ends before its time; it then has no gaps, and is not taken up again. Raises OutputError.
    """

    def __init__(
        self,
        path: Path,
        on_fault: Callable[[str], None] = log.error,
        room: DiskRoom | None = None,
        *,
        packed: bool = False,
        may_wait: bool = False,
        open_file: Callable[[Path], GrowingFile] = _open,
    ) -> None:
        self._path, self._on_fault, self._room = path, on_fault, room or DiskRoom(0)
        self._packed, self._may_wait = packed, may_wait
        self._changed = threading.Condition()
        self._waiting: list[str] = []
        self._chars = 0
        """Of what waits and what is being written."""
        self._hurry = self._closing = self.failed = False
        self._whole_bytes = 0
        self._file: GrowingFile | None = None
        self._thread = threading.Thread(target=self._run, name=f"write {path.name}", daemon=True)
        trouble = check_place(path, "cannot write")
        if trouble is None:
            trouble = self._begin(open_file)
        if trouble is not None:
            self.failed = True
            self._on_fault(f"{path} is not written: {words(trouble)}")

    def _begin(self, open_file: Callable[[Path], GrowingFile]) -> OSError | None:
        """Open, and empty, the file; where there is no room for it an older one is left alone."""
        try:
            self._room.check(self._path.parent)
            self._file = open_file(self._path)
        except OSError as error:
            if error.errno not in _BY_ITSELF:
                raise OutputError(f"cannot write {self._path}: {words(error)}") from error
            return error
        self._thread.start()
        return None

    def write(self, text: str) -> None:
        """Append whole lines; after the file's end nothing happens."""
        with self._changed:
            if self._may_wait:
                self._changed.wait_for(lambda: self._chars < MAX_WAITING_CHARS or self.failed)
            if self.failed or self._closing:
                return
            self._waiting.append(text)
            self._chars += len(text)
            if self._chars >= BATCH_CHARS:
                self._changed.notify_all()
            is_stuck = self._chars >= MAX_WAITING_CHARS and not self._may_wait
        if is_stuck:
            self._fail("the disk takes nothing any more")

    def flush(self, timeout_s: float = CLOSE_S) -> None:
        """Wait at most ``timeout_s`` seconds until all is in the file."""
        with self._changed:
            self._hurry = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._chars == 0 or self.failed, timeout_s)

    def close(self, timeout_s: float = CLOSE_S) -> None:
        """Write what waits and close. A disk that takes longer than ``timeout_s`` seconds is left alone. Twice does nothing."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(None if self._may_wait else timeout_s)
            if self._thread.is_alive():
                self._fail("the disk does not answer")

    def _run(self) -> None:
        file = self._file
        assert file is not None
        try:
            while not self._finished():
                self._append(file)
        except OSError as error:
            self._fail(words(error))
        if self.failed:
            # What half a batch left behind; a device has no length.
            with contextlib.suppress(OSError):
                file.truncate(self._whole_bytes)
        try:
            file.close()
        except OSError as error:  # where the network's disk says only now that it is full
            self._fail(words(error))

    def _finished(self) -> bool:
        """Waits for a batch; whether there is nothing more to do."""
        with self._changed:
            self._changed.wait_for(self._is_urgent, PERIOD_S)
            self._hurry = False
            return self.failed or (self._closing and not self._waiting)

    def _is_urgent(self) -> bool:
        return self._hurry or self._closing or self.failed or self._chars >= BATCH_CHARS

    def _append(self, file: GrowingFile) -> None:
        with self._changed:
            text, self._waiting = "".join(self._waiting), []
        if not text:
            return
        _refuse_deleted(file)
        if self._path.parent.is_dir():  # moved, or its disk unmounted by and by: it is written all the same
            self._room.check(self._path.parent)
        data = text.encode()
        view = memoryview(gzip.compress(data, 1, mtime=0) if self._packed else data)
        done = 0
        while done < len(view):
            written = file.write(view[done:])
            if not written:
                raise OSError(errno.EIO, "the disk takes nothing")
            done += written
        with self._changed:
            if not self.failed:
                self._whole_bytes += done
                self._chars -= len(text)
            self._changed.notify_all()

    def _fail(self, why: str) -> None:
        with self._changed:
            if self.failed:
                return
            self.failed = True
            self._waiting.clear()
            self._changed.notify_all()
        self._on_fault(
            f"{self._path} ends here: {why}. What was written before is whole; the next start writes over it"
        )


def _refuse_deleted(file: GrowingFile) -> None:
    """A file that was deleted goes on growing where nobody finds it. One that was moved is still there."""
    if os.fstat(file.fileno()).st_nlink == 0:
        raise OSError(errno.ENOENT, "it was deleted")
