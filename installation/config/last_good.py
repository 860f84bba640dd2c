"""What to go on with where the settings files cannot be used: the settings that were last in force while the piece ran well.

While the piece runs these are the ones in use (``ConfigWatcher`` gives an error, and nothing changes). For a start with nobody
there they are stored beside the show, complete: one file that needs no look's file and survives an update.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml

from installation.base.files import write_whole
from installation.base.notices import Notices
from installation.config.load import Overrides, load_config
from installation.config.migrate import VERSION
from installation.config.settings import Config
from installation.config.yaml_text import ConfigError

log = logging.getLogger(__name__)

WELL_S = 60.0
"""Settings are good when the piece has run well with them for so long."""
FILE = "last_good.yaml"
KEEPING = "settings copy"
OWN, FILES = "Mien's own settings", "the settings files as they are"
_HEAD = (
    "# The settings that were in force when the piece last ran well. Mien reads them when config.yaml cannot be used.\n"
)


class LastGood:
    """One for a run. ``took`` and ``prove`` are for the frame loop; they write in a thread of their own.

    Passwords of cameras are in the file, so it is for this user alone.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._config: Config | None = None
        self._since_s: float | None = None

    def took(self, config: Config) -> None:
        """These settings are in use from now on."""
        self._config, self._since_s = config, None

    def prove(self, now_s: float, is_well: bool, notices: Notices) -> None:
        """Whether the piece runs well at ``now_s``; after WELL_S of it the settings in use are stored."""
        if self._config is None or not is_well:
            self._since_s = None
            return
        if self._since_s is None:
            self._since_s = now_s
        if now_s - self._since_s < WELL_S:
            return
        config, self._config = self._config, None
        # A busy disk takes seconds.
        thread = threading.Thread(target=self._store, args=(config, notices), name="last-good", daemon=True)
        with suppress(RuntimeError):  # no thread is to be had: after the next change, then
            thread.start()

    def store(self, config: Config) -> None:
        """Keep these settings, whole or not at all, also through a power cut. Raises OSError."""
        text = _HEAD + yaml.safe_dump({"version": VERSION, **config.model_dump()}, sort_keys=False)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.touch(mode=0o600)
        write_whole(self.path, text.encode())

    def read(self, overrides: Overrides, more: Overrides | None = None) -> tuple[Config, str]:
        """Settings that can be used, and which these are, for people: the stored ones, else Mien's own. ``overrides``, those of
        the command line, count where they can be used, too; ``more`` always."""
        more = more or {}
        for over in ({**overrides, **more}, more):
            kept = self.stored(over)
            if kept is not None:
                return kept, f"the last good settings ({self._date()})"
        # With the performer, where nobody typed a source: a camera that nobody asked for would film and read visitors.
        performer = {"capture.source": "simulated"}
        for over in ({**performer, **overrides, **more}, {**performer, **more}, performer):
            with suppress(ConfigError):
                return load_config((), over, complete=True), OWN
        raise AssertionError("Mien's own settings can be used")

    def stored(self, overrides: Overrides) -> Config | None:
        """The stored settings; None where there are none that can be used."""
        with suppress(ConfigError):
            return load_config(self.path, overrides, running=True, complete=True)
        return None

    def _store(self, config: Config, notices: Notices) -> None:
        try:
            self.store(config)
        except OSError as error:
            self._since_s = None
            self._config = self._config or config
            text = (
                f"the settings in use cannot be kept for a bad day ({error.strerror}: {self.path.parent}); trying again"
            )
            notices.fault(KEEPING, text)
        else:
            notices.resolve(KEEPING)
            log.info("settings kept: %s", self.path)

    def _date(self) -> str:
        try:
            return f"{datetime.fromtimestamp(self.path.stat().st_mtime):%d %B %Y, %H:%M}"
        except (OSError, ValueError):
            return "of unknown age"


STAGE = "settings"
"""Of the notices that other settings than the artist's are in use: a fault for safe settings, a fallback for the last good."""


@dataclass(frozen=True)
class StandIn:
    """What runs where nobody is there to read a refusal. All empty: the artist's own settings can be used."""

    last_good: LastGood
    trouble: str = ""
    """What is wrong with the settings files."""
    what: str = ""
    """Which settings are in use in their place."""
    safe: str = ""
    """Why safe settings were asked for."""

    def tell(self, notices: Notices) -> None:
        """Raise what there is to know. ``ConfigWatcher``'s next settings resolve it."""
        if self.trouble:
            notices.fault("config", self.trouble)
        if self.safe:
            notices.fault(STAGE, f"safe settings ({self.what}, simulated performer): {self.safe}")
        elif self.trouble:
            notices.fallback(STAGE, f"{self.what} are in use until the settings files are corrected")

    def for_source(self, config: Config) -> list[Config]:
        """Settings for when the source of ``config`` cannot be had: with that of the last good ones, with the performer."""
        kept = self.last_good.stored({})
        simulated = config.capture.model_copy(update={"source": "simulated"})
        # Not Mien's own: a camera that nobody asked for would film visitors.
        captures = [
            one for one in (kept.capture if kept is not None else simulated, simulated) if one != config.capture
        ]
        return [config.model_copy(update={"capture": capture}) for capture in captures]


def read_unattended(
    paths: Sequence[Path], overrides: Overrides, last_good: LastGood, safe: str = ""
) -> tuple[Config, StandIn]:
    """The settings of the files, or what stands in for them. ``safe``: why the last good ones are to run with the simulated
    performer, whatever the files say. Raises nothing."""
    if safe:
        performer = {"capture.source": "simulated"}
        if last_good.stored({}) is None:
            with suppress(
                ConfigError
            ):  # the first day: better theirs, with their receivers and screens, than Mien's own
                return load_config(paths, {**overrides, **performer}), StandIn(last_good, what=FILES, safe=safe)
        config, what = last_good.read(overrides, performer)
        return config, StandIn(last_good, what=what, safe=safe)
    try:
        return load_config(paths, overrides), StandIn(last_good)
    except ConfigError as error:
        config, what = last_good.read(overrides)
        return config, StandIn(last_good, str(error), what)
