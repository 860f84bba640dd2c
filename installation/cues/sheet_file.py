"""The file of presets and cues while the piece runs: read anew when it is saved, written to when a preset is stored.

Both happen in a thread of their own: a large file takes a second to read, a busy disk takes seconds to write.
"""

from __future__ import annotations

import logging
import re
import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from installation.base.files import TYPED, FileStamp, file_stamp, write_whole
from installation.base.notices import Notices
from installation.base.pacing import Every
from installation.base.text_files import TextFileError, read_text_file
from installation.base.threads import try_to_start
from installation.config.cue_rows import NAME
from installation.config.cues import CUES_FILE
from installation.config.look_files import look_path
from installation.config.save_presets import with_preset
from installation.config.yaml_text import MAX_BYTES, ConfigError
from installation.live_commands.cue_sheet import Line, Sheet, parse_sheet, read_sheet
from installation.live_commands.live_settings import LiveSettings

log = logging.getLogger(__name__)

STAGE, STORE_STAGE = "cues", "store preset"
PERIOD_S = 0.5
"""The file is looked at this often."""
CLOSE_S = 2.0
MAX_WAITING = 8
"""Presets that wait to be stored."""


class SheetFile:
    """``path`` is ``file`` from ``folder`` on. ``wrong``: what keeps the file from being used, a line each."""

    def __init__(self, folder: Path, file: str, settings: LiveSettings, notices: Notices) -> None:
        self._folder, self._settings, self._notices = folder, settings, notices
        self._due, self._lock = Every(PERIOD_S), threading.Lock()
        self._jobs: deque[Callable[[], None]] = deque()
        self._thread: threading.Thread | None = None
        self._found: Sheet | None = None
        self._looks: frozenset[str] = frozenset()
        self._was_there = False
        self.wrong: tuple[str, ...] = ()
        self.look_at(file)

    def look_at(self, file: str) -> None:
        """Read another file from now on, at the next ``poll``."""
        self._is_default = file == CUES_FILE
        self.path = self._folder / file
        self._stamp: object = None
        self._pending: object = None

    def read(self) -> Sheet:
        """What the file says; an empty ``Sheet``, with a fault, where it cannot be used."""
        self._stamp = self._looked()
        self._read()
        found, self._found = self._found, None
        return found or Sheet()

    def poll(self, now_s: float) -> Sheet | None:
        """Another list, once the file was saved with one that can be used; returns at once."""
        if self._due.due(now_s):
            self._look()
        with self._lock:
            found, self._found = self._found, None
        return found

    def store(self, name: str, settings: Mapping[str, Any]) -> None:
        """Write a preset of this name, soon; ``settings`` by their address. Raises ValueError where that cannot be."""
        if not re.fullmatch(NAME, name):
            raise ValueError(
                f"store_preset: {name[:60]!r} is no name: it begins with a letter or digit, and has letters, digits, spaces, - "
                "and _, 40 at most"
            )
        if not settings:
            raise ValueError(
                f"store_preset: nothing differs from config.yaml, so {name!r} would say nothing; name the settings"
            )
        if len(self._jobs) >= MAX_WAITING:
            raise ValueError("store_preset: too many at once; the disk is busy")
        self._begin(lambda: self._store(name, {_dotted(path): value for path, value in settings.items()}))

    def close(self) -> None:
        """Wait for what is being written, not for ever."""
        thread = self._thread
        if thread is not None:
            thread.join(CLOSE_S)

    def _looked(self) -> tuple[object, ...]:
        stamps: list[FileStamp] = [file_stamp(self.path)]
        stamps += [file_stamp(look_path(name)) for name in sorted(self._looks)]
        # Settings come and go with the files of scenes.
        return (*stamps, id(self._settings.table))

    def _look(self) -> None:
        stamp = self._looked()
        if stamp == self._stamp:
            self._pending = None
        elif stamp != self._pending:
            self._pending = stamp  # editors write in several steps
        else:
            self._pending, self._stamp = None, stamp
            self._begin(self._read)

    def _begin(self, job: Callable[[], None]) -> None:
        with self._lock:
            self._jobs.append(job)
            if self._thread is not None:
                return
            self._thread = thread = threading.Thread(target=self._work, name="cues", daemon=True)
        if not try_to_start(thread, self._notices, STAGE):
            self._jobs.clear()
            self._thread = None

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._jobs:
                    self._thread = None
                    return
                job = self._jobs.popleft()
            try:
                job()
            except Exception as error:
                log.exception("cues failed")
                self._notices.fault(STAGE, f"{type(error).__name__}: {error}; the list from before is in use")

    def _read(self) -> None:
        try:
            sheet = with_checked_lines(read_sheet(self.path), self._settings)
        except FileNotFoundError:
            if self._is_default and not self._was_there:
                return
            self._refuse(f"{self.path} is not there; write one (docs/cues.md), or correct cues.file")
        except OSError as error:
            self._refuse(f"{self.path} cannot be read ({error.strerror})")
        except ConfigError as error:
            self._refuse(*error.mistakes)
        else:
            self._take(sheet)

    def _take(self, sheet: Sheet) -> None:
        self.wrong, self._was_there = (), True
        with self._lock:
            self._found = sheet
        self._looks = frozenset({*(one.look for one in sheet.presets), *(one.look for one in sheet.cues)} - {""})
        self._stamp = self._looked()
        self._notices.resolve(STAGE)
        log.info("cues: %d presets, %d cues", len(sheet.presets), len(sheet.cues))

    def _refuse(self, *mistakes: str) -> None:
        self.wrong = mistakes
        more = f" (and {len(mistakes) - 1} more; {TYPED} check shows all)" if len(mistakes) > 1 else ""
        before = "; the list from before is in use" if self._was_there else "; there are no cues until it is right"
        self._notices.fault(STAGE, f"{mistakes[0]}{more}{before}")

    def _store(self, name: str, settings: Mapping[str, Any]) -> None:
        try:
            text = ""
            with suppress(FileNotFoundError):
                text = read_text_file(self.path, MAX_BYTES)
            old = parse_sheet(text, self.path.name)
            number = next(n for n in range(1, 10_000) if all(n != one.number for one in old.presets))
            new_text = with_preset(text, name, number, settings)
            new = parse_sheet(new_text, self.path.name)
            others = [one for one in old.presets if one.name != name]
            if [one for one in new.presets if one.name != name] != others and not _same(others, new, name):
                raise ConfigError(
                    f"{self.path.name}: {name!r} cannot be written without touching others; write it by hand"
                )
            write_whole(self.path, new_text.encode("utf-8"))
        except (OSError, TextFileError, ConfigError, yaml.YAMLError) as error:
            self._notices.fault(STORE_STAGE, f"{name!r} is not stored: {str(error).splitlines()[0]}")
            return
        self._notices.resolve(STORE_STAGE)
        log.info("preset %r stored in %s: %d settings", name, self.path, len(settings))
        self._take(with_checked_lines(new, self._settings))


def with_checked_lines(sheet: Sheet, settings: LiveSettings) -> Sheet:
    """``sheet`` with its values as the settings have them (colours as #rrggbb, today's addresses). Lines that name no setting,
    or not a value that it can have, are not in it but among ``left_out``."""
    left_out = list(sheet.left_out)

    def checked(written: tuple[Line, ...]) -> tuple[Line, ...]:
        # Of a setting written twice the last one counts.
        lines = {line.path: line for line in written}
        fine, wrong = settings.fitted({path: line.value for path, line in lines.items()})
        for path in [path for path in fine if settings.setting(path).needs_restart]:
            del fine[path]
            wrong[path] = "it needs a restart, so neither preset nor cue can change it"
        left_out.extend(f"{lines[path].where}: {what}" for path, what in wrong.items() if path in lines)
        kept = {settings.setting(path).path: line for path, line in lines.items() if path not in wrong}
        return tuple(Line(path, value, kept[path].where) for path, value in fine.items())

    presets = {one.name: replace(one, lines=checked(one.lines)) for one in sheet.presets}
    cues = tuple(
        replace(one, lines=checked(one.lines), preset=None if one.preset is None else presets[one.preset.name])
        for one in sheet.cues
    )
    return Sheet(tuple(presets.values()), cues, tuple(left_out))


def _same(others: list[Any], new: Sheet, name: str) -> bool:
    """Whether the other presets say what they said; their lines may stand elsewhere now."""

    def says(preset: Any) -> tuple[Any, ...]:
        lines: tuple[Line, ...] = preset.lines
        return preset.name, preset.number, [(line.path, line.value) for line in lines], preset.fade_s, preset.easing

    return [says(one) for one in others] == [says(one) for one in new.presets if one.name != name]


def _dotted(path: str) -> str:
    return path.removeprefix("/control/").replace("/", ".")
