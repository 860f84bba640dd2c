"""The settings as they are changed while the piece runs: checked by the thread that hears, taken over by the frame loop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from difflib import get_close_matches
from typing import Any

from installation.base.pacing import Every
from installation.base.secrets import learn
from installation.config.scene_files import scene_names
from installation.config.section import plain
from installation.config.settings import Config
from installation.live_commands.old_addresses import OldAddress, old_address
from installation.live_commands.setting_table import (
    CONTROL,
    LISTS,
    ListSetting,
    Place,
    Setting,
    Value,
    all_changed,
    scenes_stamp,
    table,
)
from installation.live_commands.table import Argument

PERIOD_S = 0.1
"""Changes are taken over at most this often: a fader sends hundreds in a second."""
REOPEN_PERIOD_S = 3.0
"""The same for what opens the source or perception again."""
SCENES_PERIOD_S = 1.0
"""The folder of scenes is looked at this often."""
Save = Callable[[Mapping[tuple[str | int, ...], Any]], None]
"""Writes settings to config.yaml, by their place. Raises Exception with what is wrong."""


class LiveSettings:
    """Thread-safe. ``take`` and ``rebase`` belong to the frame loop; any thread may call the rest.

    A change holds until the file is saved with another value for that very setting. ``table`` is replaced, never changed,
    when a scene's file was added, saved or removed. An address of an earlier version counts wherever an address does.
    """

    def __init__(self, config: Config, save: Save | None = None) -> None:
        self._scenes, self._scenes_due = scenes_stamp(), Every(SCENES_PERIOD_S)
        self.table: Mapping[str, Setting] = table()
        self._save = save
        self._lock = threading.RLock()
        self._file = self._taken = self._config = config
        self._changes: dict[Place, Any] = {}
        self._gliding: set[str] = set()
        """Addresses that a glide moves, until somebody else changes them."""
        self.words: Mapping[str, tuple[str, tuple[Argument, ...]]] = {}
        """Addresses of the artist's own, without the first slash, each with its command, arguments; replaced, never changed."""
        self._saved: dict[Place, Any] = {}
        self._next_s = self._reopen_s = float("-inf")

    @property
    def config(self) -> Config:
        """The settings with all changes."""
        return self._config

    def setting(self, path: str) -> Setting:
        """The setting at an address below the prefix. KeyError when there is none."""
        return self._find(path)[0]

    def value(self, path: str) -> Argument:
        """A setting's value. KeyError when there is none."""
        setting, old = self._find(path)
        value = setting.read(self._config)
        return value if old is None else old.to_old(value)

    def check(self, path: str, args: Sequence[object]) -> Value:
        """What ``change`` would make of it, with the same errors."""
        setting, value = self._fitted(path, args)
        setting.changed(self._config, value)
        return value

    def change(self, path: str, args: Sequence[object]) -> None:
        """Give a setting another value; it takes effect when the loop has taken it. KeyError for an address that is not in
        the table, ValueError for a value that cannot be."""
        setting, value = self._fitted(path, args)
        with self._lock:
            self._gliding.discard(setting.path)
            if value == setting.read(self._config):
                return
            self._config = setting.changed(self._config, value)
            self._changes[setting.place] = value

    def fitted(self, wanted: Mapping[str, object]) -> tuple[dict[str, Argument], dict[str, str]]:
        """(values by their setting's address today, what is wrong by the address given): ``wanted`` as the settings would have
        it, a colour's name as its number; all of it together, as one of them may only go with another."""
        found: dict[str, tuple[str, Setting, Value]] = {}
        wrong: dict[str, str] = {}
        for path, raw in wanted.items():
            try:
                setting, value = self._fitted(path, [raw])
                found[setting.path] = path, setting, value
            except KeyError:
                # Searching takes milliseconds: for the first alone.
                wrong[path] = f"no such setting changes while the piece runs{'' if wrong else f'; {self.near(path)}'}"
            except ValueError as error:
                wrong[path] = str(error)
        changes = [(setting, value) for _, setting, value in found.values()]
        try:
            config = all_changed(self._config, changes)
        except ValueError:
            config, fine = self._config, {}
            for path, (given, setting, value) in found.items():
                try:
                    config = setting.changed(config, value)
                    fine[path] = given, setting, value
                except ValueError as error:
                    wrong[given] = str(error)
            found = fine
        return {path: setting.read(config) for path, (_, setting, _) in found.items()}, wrong

    def begin_glide(self, paths: Iterable[str]) -> None:
        """From now on ``glide`` moves these settings, whatever moved them before."""
        with self._lock:
            self._gliding.update(paths)

    def glide(self, values: Mapping[str, Argument]) -> set[str]:
        """Give settings other values, checked once for all, but for those that somebody else has changed since ``begin_glide``;
        gives the addresses of these, and of those that cannot have their value, which no glide moves any more."""
        with self._lock:
            there = self.table
            changes = []
            for path, value in values.items():
                setting = there.get(path)
                if setting is not None and path in self._gliding:
                    with suppress(ValueError):
                        changes.append((setting, setting.fit([value])))
            config, done = self._config, changes
            try:
                config = all_changed(config, changes)
            except ValueError:
                done = []
                for setting, fit in changes:
                    with suppress(ValueError):
                        config = setting.changed(config, fit)
                        done.append((setting, fit))
            if any(setting.read(config) != setting.read(self._config) for setting, _ in done):
                self._config = config
                # A glide has a pace of its own, which is not that of a fader.
                self._next_s = float("-inf")
            self._changes.update((setting.place, value) for setting, value in done)
            lost = set(values) - {setting.path for setting, _ in done}
            self._gliding -= lost
            return lost

    def end_glide(self, paths: Iterable[str]) -> None:
        """These have arrived."""
        with self._lock:
            self._gliding.difference_update(paths)

    def changed(self) -> dict[str, Argument]:
        """What differs from the file, by address."""
        with self._lock:
            found = {}
            for place in self._changes:
                setting = self.table.get(_path(place))
                if setting is not None and setting.read(self._config) != setting.read(self._file):
                    found[setting.path] = setting.read(self._config)
            return found

    def put(self, path: str, value: Any) -> None:
        """Give one of LISTS another value; it takes effect as a setting does. KeyError for another address, ValueError for a
        value that cannot be."""
        setting = LISTS[path]
        learn(value)
        with self._lock:
            changed = setting.changed(self._config, value)
            if setting.read(changed) != setting.read(self._config):
                self._config = changed
                self._changes[setting.place] = setting.read(changed)

    def take(self, now_s: float) -> Config | None:
        """The changed settings; None where nothing changed or the last change was only just taken."""
        if self._scenes_due.due(now_s):
            with suppress(OSError):  # a folder that cannot be listed now is as it was; the frame loop says so
                self._follow_scenes()
        if self._config is self._taken or now_s < self._next_s:
            return None
        with self._lock:
            wanted = self._config
            if _reopens(self._taken, wanted):
                if now_s < self._reopen_s:
                    return None
                self._reopen_s = now_s + REOPEN_PERIOD_S
            self._next_s = now_s + PERIOD_S
            self._taken = wanted
            return wanted

    def rebase(self, found: Config) -> Config:
        """``found`` was read from the file: those settings with the changes that still hold, to be taken over now."""
        with self._lock:
            held = {}
            for place, value in self._changes.items():
                setting = self._held(place)
                if setting is None or setting.read(found) == value:
                    continue
                # What was written here is no other hand's edit: a value that was changed again since stays.
                if setting.read(found) in (setting.read(self._file), self._saved.get(place)):
                    held[place] = value
            self._gliding = {path for path in self._gliding if self._goes_on(path, found, held)}
            self._file, self._saved = found, {}
            self._apply(held)
            self._taken = self._config
            return self._config

    def save(self) -> int:
        """Write what differs from the file; gives how many settings that were. ValueError with what is wrong."""
        with self._lock:
            config = self._config
            changes = {place: value for place, value in self._changes.items() if self._differs(place, value)}
        if self._save is None:
            raise ValueError("there is no settings file")
        try:
            if changes:
                self._save(dict(_written(config, place) for place in changes))
        except Exception as error:
            raise ValueError(f"not saved: {error}") from error
        with self._lock:
            self._saved |= changes
        return len(changes)

    def near(self, path: str) -> str:
        """What may have been meant by an address that does not exist, as the end of a sentence. Takes milliseconds."""
        known = self.table
        parent, name = path.rsplit("/", 1)
        below = parent + "/"
        inside = list(
            dict.fromkeys(other.removeprefix(below).split("/")[0] for other in known if other.startswith(below))
        )
        near = [f"{parent}/{other}" for other in get_close_matches(name, inside, 1)]
        near = near or get_close_matches(path, known, 1, 0.9)
        if near:
            return f"did you mean {near[0]}?"
        return f"there are {', '.join(inside)}" if inside else "docs/reference/control.md lists them"

    def _differs(self, place: Place, value: Any) -> bool:
        """Whether a change is not in the file already: it was turned back, or saved a moment ago."""
        setting = self._held(place)
        if setting is None:
            return False
        return bool(value != self._saved.get(place, setting.read(self._file)))

    def _find(self, path: str) -> tuple[Setting, OldAddress | None]:
        setting = self.table.get(path)
        if setting is not None:
            return setting, None
        old = old_address(path)
        if old is None:
            raise KeyError(path)
        return self.table[old.path], old

    def _fitted(self, path: str, args: Sequence[object]) -> tuple[Setting, Value]:
        setting, old = self._find(path)
        if old is None:
            return setting, setting.fit(args)
        try:
            return setting, setting.fit([old.to_new(value) for value in args])
        except ValueError as error:
            raise ValueError(f"is called {old.path} now, which {error}") from error

    def _held(self, place: Place) -> Setting | ListSetting | None:
        return self.table.get(_path(place)) or LISTS.get(_path(place))

    def _apply(self, changes: Mapping[Place, Any]) -> None:
        """Make these the changes to the file's settings; one that cannot be any more ends."""
        self._config, self._changes = self._file, {}
        for place, value in changes.items():
            setting = self._held(place)
            try:
                if setting is None:
                    continue
                self._config = setting.changed(self._config, value)
            except ValueError:  # Another setting of the file forbids it now; the file has the last word.
                continue
            self._changes[place] = value

    def _follow_scenes(self) -> None:
        """Scenes are dropped into the folder, and taken out of it, while the piece runs."""
        stamp = scenes_stamp()
        if stamp == self._scenes:
            return
        with self._lock:
            self._scenes, self.table = stamp, table()
            names = scene_names()
            held = {place: value for place, value in self._changes.items() if not _is_gone(place, value, names)}
            if len(held) < len(self._changes):
                self._apply(held)

    def _goes_on(self, path: str, found: Config, held: Mapping[Place, Any]) -> bool:
        """Whether a glide keeps its setting, now that ``found`` was read and the changes in ``held`` hold."""
        setting = self.table.get(path)
        if setting is None:
            return False
        if setting.place in self._changes:
            return setting.place in held or setting.read(found) == self._changes[setting.place]
        return setting.read(found) == setting.read(self._file)


def _is_gone(place: Place, value: Any, names: Sequence[str]) -> bool:
    """Whether a change belongs to a scene whose file was removed. One with a mistake in it is there."""
    if place[:2] == ("scene", "parameters"):
        return place[2] not in names
    return place == ("scene", "name") and value not in names


def _path(place: Place) -> str:
    return "/".join((CONTROL, *place))


def _reopens(taken: Config, wanted: Config) -> bool:
    """Whether source or perception begin anew for what nobody waits for: that emotions are read no more is taken at once."""
    begin = wanted.emotion.enabled and not taken.emotion.enabled
    return begin or (wanted.capture, wanted.perception) != (taken.capture, taken.perception)


def _written(config: Config, place: Place) -> tuple[tuple[str | int, ...], Any]:
    """(place, value) to write for a change: of a list of names and numbers, the whole, for a part in the file stands for
    the whole."""
    listed = LISTS.get(_path(place))
    if listed is not None:
        return place, listed.read(config)
    node: Any = config
    for depth, part in enumerate(place):
        node = getattr(node, part)
        if isinstance(node, dict):
            return place[: depth + 1], plain(node)
    return place, node
