"""Notices that settings files were saved while the piece runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from installation.base.files import FileStamp, file_stamp
from installation.base.notices import Notices
from installation.config import look_files
from installation.config.last_good import LastGood
from installation.config.load import Overrides, as_paths, load_config
from installation.config.look_files import DEFAULT_LOOK, look_path
from installation.config.scene_files import FOLDERS as SCENES
from installation.config.settings import Config
from installation.config.yaml_text import ConfigError

_OF_SETTINGS = ("config", "source", "settings")
"""Faults of these stages say that the settings in use are not those of the files, or no good."""


class ConfigWatcher:
    """Watches the settings files and the chosen look's, and those of the scenes while something is wrong.

    ``poll`` costs one look at each file's time stamp. What was set on the command line (``overrides``) stays.
    """

    def __init__(
        self,
        paths: Path | Sequence[Path],
        overrides: Overrides,
        look: str | None = None,
        broken: bool = False,
        last_good: LastGood | None = None,
    ) -> None:
        """``look``: the look that is shown now; without it, the files are read once to know it. ``broken``: they could not be
        used so far. Without ``paths`` nothing is ever new. ``last_good`` keeps what proves good."""
        self._last_good = last_good
        self._paths, self._overrides = as_paths(paths), overrides
        self._look, self._broken = look or self._chosen_look(), broken
        self._stamp = self._looked()
        self._pending: tuple[FileStamp, ...] | None = None

    def poll(self) -> Config | ConfigError | None:
        """New settings, or what is wrong with them; None where nothing was saved since.

        A save is taken up once the files look the same twice in a row, for editors write in several steps.
        """
        stamp = self._looked()
        if stamp == self._stamp or not self._paths:
            self._pending = None
            return None
        if stamp != self._pending:
            self._pending = stamp
            return None
        self._pending = None
        try:
            config = load_config(self._paths, self._overrides, running=True)
        except ConfigError as error:
            self._broken, self._stamp = True, stamp
            self._stamp = self._looked()
            return error
        self._look, self._broken = config.look.name, False
        self._stamp = self._looked()
        if self._last_good is not None:
            self._last_good.took(config)
        return config

    def prove(self, now_s: float, notices: Notices) -> None:
        """The piece runs at ``now_s``: settings that have done well for a while are kept for a start that finds none."""
        if self._last_good is not None:
            is_well = not any(notice.stage in _OF_SETTINGS for notice in notices.active("fault"))
            self._last_good.prove(now_s, is_well, notices)

    def _chosen_look(self) -> str:
        try:
            return load_config(self._paths, self._overrides).look.name
        except ConfigError:
            return DEFAULT_LOOK

    def _looked(self) -> tuple[FileStamp, ...]:
        look = look_path(self._look)
        paths = [*self._paths, look]
        if self._broken:
            # A look that was asked for may still be missing: its folder shows when it comes. Or a scene's file is broken.
            paths += [
                *look_files.FOLDERS,
                *SCENES,
                *sorted(path for folder in SCENES for path in folder.glob("*.yaml")),
            ]
        return tuple(file_stamp(path) for path in paths)
