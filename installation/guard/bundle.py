"""What a failed run leaves behind: one zip file to send to whoever can read it. No pictures, no landmarks, no passwords."""

from __future__ import annotations

import io
import json
import logging
import os
import platform
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from installation.base.files import write_whole
from installation.base.secrets import hide, without_secrets
from installation.base.side_files import DiskRoom
from installation.guard.hooks import EndedRun

log = logging.getLogger(__name__)

TAIL_BYTES = 256 * 1024
"""Of each text the end is kept."""
REPORT_BYTES = 8 * 1024 * 1024
"""A report longer than this is not read."""
NOT_OF_THE_REPORT = ("timeline",)
"""It says second by second how visitors felt: nothing that a crash is understood by."""
_PREFIX = "crash-"


@dataclass(frozen=True)
class Sources:
    """Where a bundle's parts come from. Files that are not there are left out."""

    folder: Path
    """Where bundles go."""
    texts: Mapping[str, Path]
    """Name in the bundle, and the file whose end goes there: logs, stacks."""
    report: Path | None = None
    """Where the piece writes its report, if it does."""
    settings: Callable[[], Mapping[str, Any]] = dict
    """The settings of the run."""


class Bundles:
    """Writes a bundle for each run that failed and keeps the newest ``most``. Raises nothing: the restart goes before."""

    def __init__(
        self, sources: Sources, most: int, local_time: Callable[[], datetime], room: DiskRoom | None = None
    ) -> None:
        self._sources, self._most, self._local_time, self._room = sources, most, local_time, room or DiskRoom(0)

    def ended(self, run: EndedRun) -> None:
        """A run is over."""
        if not run.is_failure or self._most < 1:
            return
        try:
            path = self._write(run)
        except Exception as error:  # noqa: BLE001 - whatever it is, the piece is started again
            log.warning("no crash bundle: %s: %s", type(error).__name__, error)
        else:
            log.info("crash bundle: %s", path)

    def _write(self, run: EndedRun) -> Path:
        folder = self._sources.folder
        folder.mkdir(parents=True, exist_ok=True)
        self._room.check(folder)
        now = self._local_time()
        stem = f"{_PREFIX}{now:%Y%m%d-%H%M%S}-{run.number:04d}-{run.why}"
        path = folder / f"{stem}.zip"
        write_whole(path, _packed(run, self._sources, now), is_precious=False)
        # By name, which begins with the time.
        for old in sorted(folder.glob(f"{_PREFIX}*.zip"), reverse=True)[self._most :]:
            if old != path:
                old.unlink(missing_ok=True)
        return path


def _packed(run: EndedRun, sources: Sources, now: datetime) -> bytes:
    """The zip file. A part that cannot be had is a line of its own that says why; the others are there all the same."""
    parts: dict[str, Callable[[], str]] = {
        "ended.json": lambda: _json({**asdict(run), "lasted_s": round(run.lasted_s, 3), "last_lines": None}),
        "printed.txt": lambda: "\n".join(run.last_lines),
        "report.json": lambda: _json(_report(run, sources.report, now)),
        "settings.json": lambda: _json(without_secrets(sources.settings())),
        "versions.json": lambda: _json(versions()),
    }
    parts |= {name: lambda path=path: _tail(path) for name, path in sources.texts.items()}  # type: ignore[misc]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, make in parts.items():
            try:
                text = make()
            except FileNotFoundError:
                continue
            except Exception as error:  # noqa: BLE001 - one part must not cost the others
                text = f"not to be had: {type(error).__name__}: {error}"
            if text:
                bundle.writestr(name, hide(text))
    return packed.getvalue()


def _tail(path: Path) -> str:
    """The end of a text file, from the beginning of a line. OSError where it cannot be read."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - TAIL_BYTES, 0))
        data = file.read(TAIL_BYTES)
    if size > TAIL_BYTES:
        data = data.partition(b"\n")[2]
    return data.decode("utf-8", "replace")


def _report(run: EndedRun, path: Path | None, now: datetime) -> dict[str, Any]:
    """What the piece reported of this run; where it had no time to, what the guard last heard."""
    # Of this run: the file's time is that of the wall, the run's that of a clock of its own.
    if path is not None and path.is_file():
        age_s = now.timestamp() - path.stat().st_mtime
        if age_s <= run.lasted_s + 5.0 and path.stat().st_size <= REPORT_BYTES:
            found = json.loads(path.read_bytes())
            if isinstance(found, dict):
                return {name: value for name, value in found.items() if name not in NOT_OF_THE_REPORT}
    return {"from": "the guard's last figures", "figures": None if run.figures is None else asdict(run.figures)}


def versions() -> dict[str, Any]:
    """Of Python, its packages and the machine."""
    packages = {found.metadata["Name"]: found.version for found in metadata.distributions() if found.metadata["Name"]}
    machine = platform.uname()
    return {
        "python": sys.version,
        "system": f"{machine.system} {machine.release} {machine.version}",
        "machine": machine.machine,
        "processors": os.cpu_count(),
        "memory_mb": _memory_mb(),
        "packages": dict(sorted(packages.items(), key=lambda entry: entry[0].lower())),
    }


def _memory_mb() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    except (AttributeError, OSError, ValueError):
        return None


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, default=str) + "\n"
