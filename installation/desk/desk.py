"""What the desk knows of the piece, and what it asks of it: one for all browsers, so that they stay in step."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from installation.base.clock import Clock
from installation.desk.history import History
from installation.desk.trail import Trail
from installation.live_commands.setting_table import CONTROL, Setting, table

SILENT_S = 3.0
"""A piece that says nothing for so long does not answer: it hangs, or is being started again."""
ANSWER_S = 5.0
Send = Callable[[dict[str, Any]], None]


class RefusedError(Exception):
    """The piece will not do that; the message says why."""


class Desk:
    """Belongs to the event loop. ``send`` hands a request to the piece.

    ``values`` holds every setting by its address, ``snapshot`` what the parts of the piece told last (docs/desk.md).
    ``version`` counts whatever changed, so that a page that looks at it knows whether there is anything new.
    """

    def __init__(self, send: Send, paths: list[str], clock: Clock) -> None:
        self.clock, self.paths = clock, paths
        """The settings files, the last of which is written."""
        self.values: dict[str, Any] = {}
        self.snapshot: dict[str, Any] = {}
        self.still: bytes | None = None
        self.version = self.still_number = 0
        self.history = History()
        self.trail = Trail()
        self.watchers: set[str] = set()
        self.camera_allowed = False
        self._still_watchers: set[str] = set()
        self._send = send
        self._heard_s = self.clock.now()
        self._number = 0
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._table: dict[str, Setting] | None = None

    @property
    def table(self) -> dict[str, Setting]:
        """All settings that can be changed at once, by address."""
        if self._table is None or self._table.keys() != self.values.keys():
            self._table = {path: setting for path, setting in table().items() if path in self.values or not self.values}
        return self._table

    @property
    def lives(self) -> bool:
        """Whether the piece said something within SILENT_S."""
        return self.clock.now() - self._heard_s < SILENT_S

    @property
    def silent_s(self) -> float:
        """Seconds since the piece said something."""
        return self.clock.now() - self._heard_s

    def part(self, name: str) -> Any:
        """What one part of the piece told last; None where it told nothing."""
        return self.snapshot.get(name)

    def take(self, message: Mapping[str, Any]) -> None:
        """The piece said something."""
        kind = message["kind"]
        self._heard_s = self.clock.now()
        self.version += 1
        if kind == "settings":
            self.values.update(message["values"])
            for path in message["gone"]:
                self.values.pop(path, None)
        elif kind == "snapshot":
            self.snapshot = {name: value for name, value in message.items() if name != "kind"}
            self.trail.take(self.snapshot, self.clock.local_time())
        elif kind == "still":
            self.still, self.still_number = message["jpeg"], self.still_number + 1
        elif kind == "answer":
            waiting = self._waiting.pop(int(message["number"]), None)
            if waiting is not None and not waiting.done():
                if message["error"]:
                    waiting.set_exception(RefusedError(str(message["error"])))
                else:
                    waiting.set_result(message["value"])

    async def set(self, path: str, value: Any, remember: bool = True) -> Any:
        """Give the setting at an address (/control/...) another value, at once; gives the one it has now. Raises RefusedError.

        ``remember``: it can be undone.
        """
        before = self.values.get(path)
        found = await self._ask(kind="set", path=path, value=value)
        self.values[path] = found
        self.version += 1
        if remember and before is not None and found != before:
            self.history.changed(path, before, found, self.clock.now())
        return found

    async def undo(self) -> str | None:
        """Take the last change back; gives what was, None where there is none left. Raises RefusedError."""
        return await self._go(self.history.undo())

    async def redo(self) -> str | None:
        """Make the change again that was taken back last. Raises RefusedError."""
        return await self._go(self.history.redo())

    async def recall(self, values: Mapping[str, Any]) -> int:
        """Give all of these settings their value, as one change; gives how many differed. Raises RefusedError with the first
        that the piece will not take; the others are set."""
        changes = {path: value for path, value in values.items() if self.values.get(path, value) != value}
        refused: RefusedError | None = None
        with self.history.together():
            for path, value in changes.items():
                try:
                    await self.set(path, value)
                except RefusedError as error:
                    refused = refused or RefusedError(f"{path}: {error}")
        if refused is not None:
            raise refused
        return len(changes)

    async def command(self, name: str, *args: Any) -> None:
        """Give a command of the table. Raises RefusedError."""
        await self._ask(kind="command", name=name, args=list(args))

    async def save(self) -> int:
        """Write all that was changed to config.yaml; gives how many settings. Raises RefusedError."""
        return int(await self._ask(kind="save") or 0)

    def watch(self, client: str, on: bool, still: bool | None = None) -> None:
        """A browser begins or ends to watch. ``still``: whether it shows the still; None: as before."""
        (self.watchers.add if on else self.watchers.discard)(client)
        if still is not None or not on:
            (self._still_watchers.add if on and still else self._still_watchers.discard)(client)
        self._send({"kind": "watch", "watchers": len(self.watchers), "still": bool(self._still_watchers)})

    async def _go(self, changes: Mapping[str, Any] | None) -> str | None:
        if changes is None:
            return None
        for path, value in changes.items():
            await self.set(path, value, remember=False)
        return ", ".join(path.removeprefix(f"{CONTROL}/") for path in changes)

    async def _ask(self, **request: Any) -> Any:
        if not self.lives:
            raise RefusedError("the piece does not answer; it is being started again, or has ended")
        self._number += 1
        number = self._number
        waiting = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            self._send({"number": number, **request})
            return await asyncio.wait_for(waiting, ANSWER_S)
        except TimeoutError:
            raise RefusedError("the piece does not answer") from None
        except OSError as error:
            raise RefusedError(f"the piece cannot be reached ({error})") from error
        finally:
            self._waiting.pop(number, None)
