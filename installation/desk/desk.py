"""What the desk knows of the piece, and what it asks of it: one for all browsers, so that they stay in step."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from installation.base.clock import Clock
from installation.base.secrets import hide
from installation.config.yaml_text import ConfigError, Place, dotted
from installation.desk.camera_marks import Drafts
from installation.desk.compare import Compare
from installation.desk.file_edits import Check, FileEdit, OvertakenError, apply, text_of
from installation.desk.history import History
from installation.desk.newest import Newest, SilentError
from installation.desk.settings_files import SettingsFiles, Standard
from installation.desk.trail import Trail
from installation.desk.training import Training
from installation.live_commands.setting_table import CONTROL, Setting, table

SILENT_S = 3.0
"""A piece that says nothing for so long does not answer: it hangs, or is being started again."""
ANSWER_S = 5.0
STILL_S = 8.0
"""A still that is older is not shown: the wall may look otherwise by now."""
MOST_NAMED = 3
"""A step of more settings is named by their number."""
BACKGROUND = "/control/output/background"
Send = Callable[[dict[str, Any]], None]
Take = Callable[[], Mapping[str, Any] | None]


class RefusedError(Exception):
    """The piece will not do that; the message says why."""


class UnansweredError(RefusedError, SilentError):
    """The piece says nothing."""


class Desk:
    """Belongs to the event loop. ``send`` hands a request to the piece.

    ``values`` holds every setting by its address, ``snapshot`` what the parts of the piece told last (docs/desk.md).
    ``version`` counts whatever changed, so that a page that looks at it knows whether there is anything new.
    """

    def __init__(self, send: Send, paths: list[str], clock: Clock) -> None:
        self.clock, self.paths = clock, paths
        """The settings files, the last of which is written."""
        self.values: dict[str, Any] = {}
        self.lists: dict[str, Any] = {}
        """Lists, mappings and free texts by address (LISTS), which OSC does not have; ``set`` takes them, too."""
        self.snapshot: dict[str, Any] = {}
        self.still: bytes | None = None
        self.version = self.still_number = 0
        self.history, self.compare = History(), Compare()
        self.files = SettingsFiles(paths)
        self.trail = Trail()
        self.watchers: set[str] = set()
        self.camera_allowed = False
        self._still_watchers: set[str] = set()
        self._still_s = float("-inf")
        self._wishes: dict[str, frozenset[str]] = {}
        self._writing = asyncio.Lock()
        self.training, self.marks = Training(self._news), Drafts(self._news)
        self._send = send
        self._heard_s = self.clock.now()
        self._number = 0
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._newest: dict[str, Newest] = {}
        self._table: dict[str, Setting] | None = None

    @property
    def table(self) -> dict[str, Setting]:
        """All settings that can be changed at once, by address."""
        if self._table is None or self._table.keys() != self.values.keys():
            self._table = {path: setting for path, setting in table().items() if path in self.values or not self.values}
        return self._table

    @property
    def standard(self) -> Standard:
        """What the settings files and the defaults say."""
        return self.files.standard(self.clock.now())

    @property
    def lives(self) -> bool:
        """Whether the frame loop told how it is within SILENT_S."""
        return self.clock.now() - self._heard_s < SILENT_S

    @property
    def silent_s(self) -> float:
        """Seconds since the frame loop told how it is."""
        return self.clock.now() - self._heard_s

    @property
    def fresh_still(self) -> bytes | None:
        """The still as a JPEG; None where there is none, or none that shows the wall as it is."""
        return self.still if self.clock.now() - self._still_s < STILL_S else None

    def part(self, name: str) -> Any:
        """What one part of the piece told last; None where it told nothing."""
        return self.snapshot.get(name)

    def _news(self) -> None:
        self.version += 1

    def take(self, message: Mapping[str, Any]) -> None:
        """The piece said something."""
        kind = message["kind"]
        self.version += 1
        if kind == "settings":
            if message["values"].get(BACKGROUND, self.values.get(BACKGROUND)) != self.values.get(BACKGROUND):
                self.still = None
            self.values.update(message["values"])
            self.lists.update(message.get("lists", {}))
            for path in message["gone"]:
                self.values.pop(path, None)
        elif kind == "snapshot":
            # The frame loop makes these; a loop that hangs is not hidden by the thread that answers beside it.
            self._heard_s = self.clock.now()
            wished = frozenset[str]().union(*self._wishes.values())
            kept = {name: value for name, value in self.snapshot.items() if name in wished}
            self.snapshot = kept | {name: value for name, value in message.items() if name != "kind"}
            self.trail.take(self.snapshot, self.clock.local_time(), self.clock.now())
        elif kind == "still":
            # One that was on its way when the last browser left is not kept.
            if self._still_watchers:
                self.still, self.still_number = message["jpeg"], self.still_number + 1
                self._still_s = self.clock.now()
        elif kind == "answer":
            waiting = self._waiting.pop(int(message["number"]), None)
            if waiting is not None and not waiting.done():
                if message["error"]:
                    waiting.set_exception(RefusedError(str(message["error"])))
                else:
                    waiting.set_result(message["value"])

    async def set(self, path: str, value: Any, remember: bool = True) -> Any:
        """Give the setting at an address (/control/...) another value, at once; gives the one it has now, which is a
        newer wish's where there was one meanwhile. Raises RefusedError.

        ``remember``: it can be undone.
        """
        known = self.lists if path in self.lists else self.values
        before = known.get(path)
        newest = self._newest.get(path)
        if newest is None:
            newest = self._newest[path] = Newest(lambda value: self._ask(kind="set", path=path, value=value))
        try:
            found = await newest.wish(value)
        finally:
            if newest.rests:
                self._newest.pop(path, None)
        known[path] = found
        self.version += 1
        if remember and before is not None and found != before:
            self.history.changed(path, before, found, self.clock.now())
        return found

    async def write(self, place: Place, value: Any) -> None:
        """Give a setting that is in no table and in no list, ("look", "name"), another value: in the last settings file, which
        the piece reads at once. Raises RefusedError."""
        await self.write_file(self.settings_path, partial(self.files.write, place, value), name=dotted(place))

    async def undo(self) -> str | None:
        """Take the last change back; gives what was, None where there is none left. Raises RefusedError."""
        return await self._go(self.history.undo, self.history.redo)

    async def redo(self) -> str | None:
        """Make the change again that was taken back last. Raises RefusedError."""
        return await self._go(self.history.redo, self.history.undo)

    async def recall(self, values: Mapping[str, Any]) -> int:
        """Give all of these settings their value, as one change; gives how many differed. Raises RefusedError with the first
        that the piece will not take; the others are set."""
        before, after, refused = await self._set_differing(values)
        self.history.changed_together({path: before[path] for path in after}, after, self.clock.now())
        _raise_first(refused)
        return len(before)

    def store(self, slot: str) -> None:
        """Keep what is set now as A or B; what needs a restart cannot be compared."""
        fits = {path for path, setting in self.table.items() if not setting.needs_restart}
        self.compare.store(slot, {path: value for path, value in self.values.items() if path in fits})
        self.version += 1

    async def show(self, slot: str) -> int:
        """Set what A or B holds; gives how many settings differed. Raises RefusedError."""
        if not self.compare.has(slot):
            raise RefusedError(f"nothing is stored in {slot}")
        count = await self.recall(self.compare.recalled(slot))
        self.version += 1
        return count

    async def command(self, name: str, *args: Any) -> None:
        """Give a command of the table. Raises RefusedError."""
        await self._ask(kind="command", name=name, args=list(args))

    async def save(self) -> int:
        """Write all that was changed to config.yaml; gives how many settings. Raises RefusedError."""
        async with self._writing:
            return int(await self._ask(kind="save") or 0)

    @property
    def settings_path(self) -> Path:
        """The settings file that is written. Raises RefusedError where there is none."""
        if not self.paths:
            raise RefusedError("there is no settings file to write to")
        return Path(self.paths[-1])

    async def write_file(
        self,
        path: Path,
        work: Callable[[], object],
        name: str = "",
        check: Check | None = None,
        then: Mapping[str, Any] | None = None,
        remember: bool = True,
    ) -> None:
        """Let ``work`` change the file, in a thread, and set what ``then`` holds; both are one step of the history, called
        ``name``. ``check`` is asked before it is taken back. Raises RefusedError with what is wrong; what of ``then`` the
        piece will not take is left."""
        try:
            async with self._writing:
                left, wanted = await asyncio.to_thread(_changed_by, path, work)
        except (ConfigError, OSError) as error:
            raise RefusedError(f"not written: {hide(str(error))}") from error
        self.files.look()
        self.version += 1
        before, after, _ = await self._set_differing(then or {})
        name, check = name or path.name, check or self.files.check
        if remember and left != wanted:
            before = {path: before[path] for path in after} | {name: FileEdit(path, wanted, left, check)}
            self.history.changed_together(before, after | {name: FileEdit(path, left, wanted, check)}, self.clock.now())

    def wish(self, client: str, parts: frozenset[str]) -> None:
        """Of the costly parts, this browser shows these from now on."""
        if parts != self._wishes.get(client, frozenset()):
            self._wishes[client] = parts
            self._tell()

    def watch(self, client: str, on: bool, still: bool | None = None) -> None:
        """A browser begins or ends to watch. ``still``: whether it shows the still; None: as before."""
        (self.watchers.add if on else self.watchers.discard)(client)
        if not on:
            self._wishes.pop(client, None)
        if still is not None or not on:
            (self._still_watchers.add if on and still else self._still_watchers.discard)(client)
        if not self._still_watchers:
            self.still = None
        self._tell()

    def _tell(self) -> None:
        wished = sorted(frozenset[str]().union(*self._wishes.values()))
        still = bool(self._still_watchers)
        # A piece that takes nothing is told when it does again, with the next change.
        with contextlib.suppress(BlockingIOError):
            self._send({"kind": "watch", "watchers": len(self.watchers), "still": still, "wished": wished})

    async def _go(self, take: Take, put_back: Take) -> str | None:
        changes = take()
        if changes is None:
            return None
        try:
            for change in changes.values():
                if isinstance(change, FileEdit):
                    await self._edit(change)
        except RefusedError as error:
            if not isinstance(error.__cause__, OvertakenError):
                put_back()
            raise
        values = {path: value for path, value in changes.items() if not isinstance(value, FileEdit)}
        refused = await self._set_all(values)
        if refused and len(refused) == len(changes):
            put_back()
        _raise_first(refused)
        return _named(changes)

    async def _edit(self, edit: FileEdit) -> None:
        try:
            async with self._writing:
                await asyncio.to_thread(apply, edit)
        except (ConfigError, OSError) as error:
            raise RefusedError(hide(str(error))) from error
        self.files.look()
        self.version += 1

    async def _set_differing(
        self, values: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any], dict[str, RefusedError]]:
        """Set those that differ; gives what they were, what those are now that changed, and what was refused."""
        known = self.values | self.lists
        before = {path: known[path] for path, value in values.items() if known.get(path, value) != value}
        refused = await self._set_all({path: values[path] for path in before})
        known = self.values | self.lists
        return before, {path: known[path] for path in before if known.get(path) != before[path]}, refused

    async def _set_all(self, values: Mapping[str, Any]) -> dict[str, RefusedError]:
        """Set all at once, in this order; gives what was refused, again, when all others were set: of two that forbid one
        another's new value for now, one has to wait."""
        left = dict(values)
        refused: dict[str, RefusedError] = {}
        for _ in range(2):
            asked = (self.set(*item, remember=False) for item in left.items())
            found = await asyncio.gather(*asked, return_exceptions=True)
            refused = {}
            for path, trouble in zip(left, found, strict=True):
                if isinstance(trouble, RefusedError):
                    refused[path] = trouble
                elif isinstance(trouble, BaseException):
                    raise trouble
            if not refused or len(left) == 1 or not self.lives:
                break
            left = {path: left[path] for path in refused}
        return refused

    async def _ask(self, **request: Any) -> Any:
        if not self.lives:
            raise UnansweredError("the piece does not answer; it is being started again, or has ended")
        self._number += 1
        number = self._number
        waiting = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            self._send({"number": number, **request})
            return await asyncio.wait_for(waiting, ANSWER_S)
        except TimeoutError:
            raise UnansweredError("the piece does not answer") from None
        except OSError as error:
            raise UnansweredError(f"the piece cannot be reached ({error})") from error
        except RecursionError:
            raise RefusedError("too many lists within lists") from None
        finally:
            self._waiting.pop(number, None)


def _changed_by(path: Path, work: Callable[[], object]) -> tuple[str | None, str | None]:
    """The file's text before and after the work."""
    before = text_of(path)
    work()
    return before, text_of(path)


def _named(changes: Mapping[str, Any]) -> str:
    """A step in words."""
    files = [name for name, value in changes.items() if isinstance(value, FileEdit)]
    names = files or [path.removeprefix(f"{CONTROL}/").replace("/", ".") for path in changes]
    return ", ".join(names) if len(names) <= MOST_NAMED else f"{len(names)} settings"


def _raise_first(refused: Mapping[str, RefusedError]) -> None:
    for path, error in refused.items():
        raise RefusedError(f"{path.removeprefix(f'{CONTROL}/')}: {error}") from error
