"""The last value of every address that the piece sent, for /get and OSCQuery."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from installation.live_commands.table import Argument
from installation.showcontrol.addresses import Message

IDS = "/people/ids"
PERSON = "/person/"
MAX_RECENT = 256
"""So many calls of ``put`` are kept for those who listen to every value: some seconds."""


class LastValues:
    """Thread-safe. ``put`` belongs to the frame loop and takes microseconds; everything else to the threads that answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[str, list[Argument]] = {}
        self._ids: list[Argument] = []
        self._here: set[str] = set()
        self._recent: deque[list[Message]] = deque(maxlen=MAX_RECENT)
        self.watched = False
        """While True, all that is put is kept for ``take_recent``, not only the last of each address."""
        self.counting = False
        """While True, what is put is counted for ``counts``."""
        self._counts: dict[str, int] = {}

    def put(self, messages: list[Message]) -> None:
        """Take what was sent, (address below the prefix, arguments) each. What belongs to a visitor who is no longer in
        /people/ids is forgotten. The lists are kept, so nobody may change them afterwards."""
        with self._lock:
            self._values.update(messages)
            ids = self._values.get(IDS, [])
            if ids != self._ids:
                self._ids = ids
                self._forget_others()
            if self.counting:
                counts = self._counts
                for path, _ in messages:
                    counts[path] = counts.get(path, 0) + 1
        if self.watched:
            self._recent.append(messages)

    def forget(self, gone: Callable[[str], bool]) -> None:
        """Have no value of the addresses for which ``gone`` is true, until they are put again."""
        with self._lock:
            self._values = {path: args for path, args in self._values.items() if not gone(path)}

    def get(self, path: str) -> list[Argument] | None:
        """The last arguments of an address below the prefix; None where it was never sent or its visitor is gone."""
        with self._lock:
            return self._values.get(path) if self._is_here(path) else None

    def all(self) -> dict[str, list[Argument]]:
        """A copy: address below the prefix to its last arguments."""
        with self._lock:
            return {path: args for path, args in self._values.items() if self._is_here(path)}

    def counts(self) -> dict[str, int]:
        """A copy: how often each address was put while ``counting``."""
        with self._lock:
            return dict(self._counts)

    @property
    def people(self) -> tuple[Argument, ...]:
        """The visitors' numbers, as last sent."""
        with self._lock:
            return tuple(self._ids)

    def take_recent(self) -> list[Message]:
        """All that was put since the last call, in order; while ``watched`` only, and MAX_RECENT calls at most."""
        found: list[Message] = []
        while self._recent:
            found += self._recent.popleft()
        return found

    def _forget_others(self) -> None:
        self._here = {str(number) for number in self._ids}
        self._values = {path: args for path, args in self._values.items() if self._is_here(path)}
        self._counts = {path: count for path, count in self._counts.items() if self._is_here(path)}

    def _is_here(self, path: str) -> bool:
        """Also an event of a visitor who has left comes again, and is not kept for long."""
        return not path.startswith(PERSON) or path.split("/")[2] in self._here
