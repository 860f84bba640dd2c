"""The listeners over WebSocket, and what is sent to each: the values it asked for, as OSC messages, and changes of the tree."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import Mapping
from typing import Any

from installation.live_commands.setting_table import CONTROL, Setting
from installation.live_commands.table import Argument
from installation.showcontrol.last_values import LastValues
from installation.showcontrol.osc_in.answers import packet
from installation.showcontrol.oscquery.tree import QueryTree

MAX_LISTENERS = 32
MAX_PATHS = 2000
"""Addresses that one listener may listen to."""
MAX_QUEUED = 2000
"""Packets that wait for a slow reader; the oldest are dropped first."""
PERIOD_S = 0.01
"""New values are sent this often."""
LOOK_S = 0.1
"""While nobody listens, changes of the tree are looked for this often."""


class Listener:
    """One WebSocket. Event loop's thread only."""

    def __init__(self, line: Any) -> None:
        self._line = line
        self.paths: dict[str, list[Argument] | None] = {}
        """Full paths that are listened to, with what was last sent of a setting."""
        self._queue: deque[bytes | str] = deque(maxlen=MAX_QUEUED)
        self._more = asyncio.Event()
        self.task = asyncio.create_task(self._send())

    def listen(self, path: str) -> None:
        """Send what comes at this full path from now on; of a setting also its present value."""
        if len(path) <= 200 and len(self.paths) < MAX_PATHS:
            self.paths.setdefault(path, None)

    def ignore(self, path: str) -> None:
        """Send it no longer."""
        self.paths.pop(path, None)

    def queue(self, data: bytes | str) -> None:
        """Send OSC (bytes) or a command (text) when the line is free."""
        self._queue.append(data)
        self._more.set()

    async def close(self) -> None:
        """End it and its line."""
        self.task.cancel()
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self._line.close(), 0.2)

    async def _send(self) -> None:
        with contextlib.suppress(ConnectionError, RuntimeError):
            while True:
                await self._more.wait()
                self._more.clear()
                while self._queue:
                    data = self._queue.popleft()
                    await (self._line.send_bytes(data) if isinstance(data, bytes) else self._line.send_str(data))


class Listeners:
    """All of them. Event loop's thread only."""

    def __init__(self, tree: QueryTree, values: LastValues) -> None:
        self._tree, self._values = tree, values
        self._all: list[Listener] = []
        self._people: tuple[Argument, ...] = ()
        self._prefix, self._settings = tree.prefix, tree.settings
        self._emotions_read = tree.emotions_read

    def add(self, listener: Listener) -> bool:
        """False, and not taken, where there are too many."""
        if len(self._all) >= MAX_LISTENERS:
            listener.task.cancel()
            return False
        self._all.append(listener)
        self._values.watched = True
        return True

    async def remove(self, listener: Listener) -> None:
        """It is gone."""
        if listener in self._all:
            self._all.remove(listener)
        self._values.watched = bool(self._all)
        await listener.close()

    async def close(self) -> None:
        """End all lines."""
        await asyncio.gather(*(self.remove(listener) for listener in list(self._all)))

    @property
    def period_s(self) -> float:
        """How often ``push`` is to be called."""
        return PERIOD_S if self._all else LOOK_S

    def push(self) -> None:
        """Send what is new."""
        prefix, settings = self._tree.prefix, self._tree.settings
        recent = self._values.take_recent()
        if self._all:
            self._send_sent(prefix, recent)
            self._send_settings(prefix)
            self._send_changes(prefix, settings)
        self._people, self._prefix, self._settings = self._values.people, prefix, settings
        self._emotions_read = self._tree.emotions_read

    def _send_sent(self, prefix: str, recent: list[tuple[str, list[Argument]]]) -> None:
        wanted = {path for listener in self._all for path in listener.paths}
        for path, args in recent:
            full = prefix + path
            if full in wanted:
                data = packet(full, args)
                for listener in self._all:
                    if full in listener.paths:
                        listener.queue(data)

    def _send_settings(self, prefix: str) -> None:
        for listener in self._all:
            for path, known in listener.paths.items():
                if path.startswith(f"{prefix}{CONTROL}/"):
                    value = self._tree.value(path)
                    if value is not None and value != known:
                        listener.paths[path] = value
                        listener.queue(packet(path, value))

    def _send_changes(self, prefix: str, settings: Mapping[str, Setting]) -> None:
        """PATH_CHANGED where a visitor came or left, or everything got another prefix; PATH_ADDED and PATH_REMOVED where a
        scene's file brought settings or took them away, and where emotions are read from now on or no more."""
        if prefix != self._prefix:
            self._send_command("PATH_CHANGED", "/")
            return
        if self._values.people != self._people:
            self._send_command("PATH_CHANGED", f"{prefix}/person")
        if self._tree.emotions_read != self._emotions_read:
            command = "PATH_ADDED" if self._tree.emotions_read else "PATH_REMOVED"
            for path in self._tree.of_emotion():
                self._send_command(command, prefix + path)
        before = self._settings
        if settings is before:
            return
        for command, paths in (
            ("PATH_REMOVED", before.keys() - settings.keys()),
            ("PATH_ADDED", settings.keys() - before.keys()),
        ):
            for path in sorted(paths):
                self._send_command(command, prefix + path)
        for path in sorted(path for path in settings if path in before and settings[path] != before[path]):
            self._send_command("PATH_CHANGED", prefix + path)

    def _send_command(self, command: str, path: str) -> None:
        for listener in self._all:
            listener.queue(json.dumps({"COMMAND": command, "DATA": path}))
