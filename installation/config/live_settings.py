"""The settings as they are changed over OSC while the piece runs: checked by the thread that hears, taken over by the loop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from installation.config.setting_table import CONTROL, Control, Place, table
from installation.config.settings import Config
from installation.showcontrol.addresses import Argument

PERIOD_S = 0.1
"""Changes are taken over at most this often: a fader sends hundreds in a second."""
REOPEN_PERIOD_S = 3.0
"""The same for what opens the source or perception anew."""
Save = Callable[[Mapping[tuple[str | int, ...], Any]], None]
"""Writes settings to config.yaml, by their place. Raises Exception with what is wrong."""


class ControlDesk:
    """Thread-safe. ``change``, ``value`` and ``save`` may be called by any thread; ``take`` and ``rebase`` by the loop.

    A change holds until the file is saved with another value for that very setting.
    """

    def __init__(self, config: Config, save: Save | None = None) -> None:
        self.table: Mapping[str, Control] = table()
        self._save = save
        self._lock = threading.RLock()
        self._file = self._taken = self._config = config
        self._changes: dict[Place, Any] = {}
        self._next_s = self._reopen_s = float("-inf")

    @property
    def config(self) -> Config:
        """The settings with all changes."""
        return self._config

    def value(self, path: str) -> Argument:
        """A setting's value, its address below the prefix. KeyError when there is none."""
        return self.table[path].read(self._config)

    def change(self, path: str, args: list[Any]) -> None:
        """Give a setting another value; it counts when the loop has taken it. KeyError for an address that is not in the
        table, ValueError for a value that cannot be."""
        control = self.table[path]
        value = control.fit(args)
        with self._lock:
            if value == control.read(self._config):
                return
            self._config = control.changed(self._config, value)
            self._changes[control.place] = value

    def take(self, now_s: float) -> Config | None:
        """The changed settings; None where nothing changed or the last change was only just taken."""
        if self._config is self._taken or now_s < self._next_s:
            return None
        with self._lock:
            wanted = self._config
            if (wanted.capture, wanted.perception) != (self._taken.capture, self._taken.perception):
                if now_s < self._reopen_s:
                    return None
                self._reopen_s = now_s + REOPEN_PERIOD_S
            self._next_s = now_s + PERIOD_S
            self._taken = wanted
            return wanted

    def rebase(self, found: Config) -> Config:
        """``found`` was read from the file: those settings with the changes that still hold, to be taken over now."""
        with self._lock:
            config, kept = found, {}
            for place, value in self._changes.items():
                control = self.table["/".join((CONTROL, *place))]
                in_file = control.read(found)
                if in_file != control.read(self._file) or in_file == value:
                    continue
                try:
                    config = control.changed(config, value)
                except ValueError:  # Another setting of the file forbids it now; the file has the last word.
                    continue
                kept[place] = value
            self._file, self._changes = found, kept
            self._config = self._taken = config
            return config

    def save(self) -> int:
        """Write all changes to the file; gives how many there were. ValueError with what is wrong."""
        with self._lock:
            config, changes = self._config, list(self._changes)
        if self._save is None:
            raise ValueError("there is no settings file")
        try:
            if changes:
                self._save(dict(_written(config, place) for place in changes))
        except Exception as error:
            raise ValueError(f"not saved: {error}") from error
        return len(changes)

    def near(self, path: str) -> str:
        """What may have been meant by an address that does not exist, as the end of a sentence."""
        parent, name = path.rsplit("/", 1)
        inside = list(
            dict.fromkeys(
                known.removeprefix(parent + "/").split("/")[0] for known in self.table if known.startswith(parent + "/")
            )
        )
        near = [f"{parent}/{other}" for other in get_close_matches(name, inside, 1)]
        near = near or get_close_matches(path, self.table, 1, 0.9)
        if near:
            return f"did you mean {near[0]}?"
        return f"there are {', '.join(inside)}" if inside else "docs/control.md lists them"


def _written(config: Config, place: Place) -> tuple[tuple[str | int, ...], Any]:
    """(place, value) to write for a change: of a list of names and numbers, the whole, for a part in the file stands for
    the whole."""
    node: Any = config
    for depth, part in enumerate(place):
        node = getattr(node, part)
        if isinstance(node, dict):
            return place[: depth + 1], {key: _plain(value) for key, value in node.items()}
    return place, node


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, dict) else value
