"""The one way a value crosses a thread: a box that holds the newest value only."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class Closed(Exception):  # noqa: N818 - the state of a mailbox, as queue.Empty and queue.Full are of a queue
    """The mailbox was closed; no newer value will come."""


class Latest(Generic[T]):
    """Holds the newest value and how many were replaced before anybody took them.

    Values are numbered from 1 in the order put. A reader keeps the number it last saw and asks for a newer one;
    several readers do not disturb each other, and a value counts as dropped when no reader took it. All methods are
    thread-safe.
    """

    def __init__(self, name: str = "") -> None:
        self.name = name
        self._changed = threading.Condition()
        self._value: T | None = None
        self._seq = 0
        self._taken = True
        self._drops = 0
        self._closed = False

    def put(self, value: T) -> int:
        """Publish ``value`` and give its number. Never blocks; raises Closed after close()."""
        with self._changed:
            if self._closed:
                raise Closed(self.name)
            if not self._taken:
                self._drops += 1
            self._value, self._taken = value, False
            self._seq += 1
            self._changed.notify_all()
            return self._seq

    def peek(self) -> tuple[int, T | None]:
        """(number, newest value); (0, None) before the first. Does not count as taking, and works after close()."""
        with self._changed:
            return self._seq, self._value

    def wait_newer(self, seq: int, timeout_s: float) -> tuple[int, T] | None:
        """The newest value with a number above ``seq``, waiting up to ``timeout_s`` seconds; None when none came.

        A value that is already there is given even after close(); without one a closed box raises Closed.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._seq > seq or self._closed, max(0.0, timeout_s))
            if self._seq > seq:
                self._taken = True
                assert self._value is not None
                return self._seq, self._value
            if self._closed:
                raise Closed(self.name)
            return None

    def close(self) -> None:
        """Wake every waiter; put() raises from now on. Calling it again does nothing."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def closed(self) -> bool:
        """Whether close() was called."""
        return self._closed

    @property
    def drops(self) -> int:
        """How many values were replaced before a reader took them."""
        with self._changed:
            return self._drops
