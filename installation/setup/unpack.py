"""A new version taken out of a folder or an archive, into a folder of its own. Standard library only.

Nothing is written outside of that folder: the files are written here one by one, under names that were looked at, and links,
devices and names that lead elsewhere are refused. (tarfile's own filter is not in every Python 3.11.)
"""

from __future__ import annotations

import lzma
import os
import shutil
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from installation.setup.belongings import NOTE, OURS, files_of

MOST_BYTES = 8_000_000_000
MOST_FILES = 100_000
_CHUNK = 1 << 20


class UpdateError(Exception):
    """Why there is no update; the message says what to do. Nothing was changed."""


def take(source: Path, target: Path) -> None:
    """Put the version in ``source`` into the new folder ``target``. Raises UpdateError and OSError."""
    target.mkdir()
    (target / OURS).touch()
    inside = target / f"{NOTE}inside"
    inside.mkdir()
    if source.is_dir():
        _take_folder(source, inside)
    elif source.is_file():
        with _readable():
            _take_archive(source, inside)
    else:
        raise UpdateError(f"{source} is not there")
    _lift(inside, target)


def _take_archive(source: Path, target: Path) -> None:
    if zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as archive:
            _write(_zip_members(archive), target)
    elif tarfile.is_tarfile(source):
        with tarfile.open(source) as tar:
            _write(_tar_members(tar), target)
    else:
        raise UpdateError(f"{source} is no folder and no archive (.zip, .tar.gz, .tar.xz), or a torn one")


def _take_folder(source: Path, target: Path) -> None:
    for name in files_of(source):
        if (source / name).is_symlink():
            raise UpdateError(f"{name} is a link; a version has none. Is this the folder of a version?")
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source / name, target / name)


Member = tuple[str, bool, bool, "IO[bytes] | None"]
"""Name, whether it is a folder, whether it can be executed, and its bytes."""


def _zip_members(archive: zipfile.ZipFile) -> Iterator[Member]:
    for info in archive.infolist():
        mode = info.external_attr >> 16
        if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise UpdateError(f"{info.filename} in the archive is a link or a device; a version has none")
        if info.is_dir():
            yield info.filename, True, False, None
        else:
            with archive.open(info) as data:
                yield info.filename, False, bool(mode & 0o100), data


def _tar_members(tar: tarfile.TarFile) -> Iterator[Member]:
    for info in tar:
        if info.isdir():
            yield info.name, True, False, None
        elif info.isreg():
            yield info.name, False, bool(info.mode & 0o100), tar.extractfile(info)
        else:
            raise UpdateError(f"{info.name} in the archive is a link or a device; a version has none")
    # What is packed is complete only where its end is, and its checksum right.
    while tar.fileobj is not None and tar.fileobj.read(_CHUNK):
        pass


def _write(members: Iterator[Member], target: Path) -> None:
    left = min(MOST_BYTES, shutil.disk_usage(target).free)
    for number, (name, is_folder, is_program, data) in enumerate(members):
        if number >= MOST_FILES:
            raise UpdateError(f"the archive holds more than {MOST_FILES} files; it is no version")
        path = target / _safe(name)
        if is_folder:
            path.mkdir(parents=True, exist_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        assert data is not None
        try:
            with path.open("xb") as file:
                while chunk := data.read(_CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        raise UpdateError("the archive holds more than the disk has room for")
                    file.write(chunk)
        except FileExistsError as error:
            raise UpdateError(f"{name} is twice in the archive") from error
        path.chmod(0o755 if is_program else 0o644)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, RuntimeError) as error:
        raise UpdateError(f"the archive cannot be read ({error}); fetch it again") from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise UpdateError(f"the archive cannot be read ({error}); fetch it again") from error


def _safe(name: str) -> Path:
    """A name within the archive as a relative path. Raises UpdateError for one that leads elsewhere."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\0" in name or (os.name == "nt" and (set(name) & set('\\:*?"<>|'))):
        raise UpdateError(f"{name!r} in the archive leads out of its folder; do not use this archive")
    return Path(*path.parts)


def _lift(inside: Path, target: Path) -> None:
    """Move what was unpacked up; archives hold one folder with everything in it."""
    found = list(inside.iterdir())
    is_one = len(found) == 1 and found[0].is_dir()
    for entry in list((found[0] if is_one else inside).iterdir()):
        if not entry.name.startswith(NOTE):
            entry.rename(target / entry.name)
    shutil.rmtree(inside)
