"""The desk's end of the pipe: what cannot be written at once waits, so that a piece that reads nothing holds no page up."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from installation.desk.wire import framed, packed

MOST_WAITING = 1000
BEAT_S, LOOP_S = 1.0, 30.0
"""An event loop that stands still for longer than the second hangs; a page takes seconds on a machine with much to do."""
MOST_LETTERS = 4000
"""Of one line for the log."""
LINES, LINES_EVERY_S = 30, 60.0
"""So many lines of the log in a minute; what is more is not written."""


class Pipe:
    """``send`` never waits. It writes by itself where the pipe has room: on a machine with much to do, a thread that would
    have to be woken for it costs an edit milliseconds."""

    def __init__(self, connection: Connection) -> None:
        self._socket = socket.socket(fileno=os.dup(connection.fileno()))
        self._waiting: deque[bytes] = deque()
        self._change = threading.Condition()
        self._writes = False
        self.loop_s = float("inf")
        """When the event loop turned last."""
        threading.Thread(target=self._write, name="to the piece", daemon=True).start()

    def send(self, request: dict[str, Any]) -> None:
        """Hand a request on. Raises BlockingIOError where too much waits, ValueError and RecursionError where it is none."""
        data = framed(packed(**request))
        with self._change:
            if not self._waits:
                data = self._written(data)
            if not data:
                return
            if len(self._waiting) >= MOST_WAITING:
                raise BlockingIOError("too much waits for it")
            self._waiting.append(data)
            self._change.notify()

    def beat(self, now: Callable[[], float]) -> None:
        """Say from now on that the process lives, while its event loop does; belongs to a thread of its own."""
        never = threading.Event()
        while not never.wait(BEAT_S):
            # Not where it would wait behind something else: a piece that reads nothing needs to hear one, not a hundred.
            if now() - self.loop_s < LOOP_S and not self._waits:
                with contextlib.suppress(BlockingIOError):
                    self.send({"kind": "alive"})

    @property
    def _waits(self) -> bool:
        return self._writes or bool(self._waiting)

    def _written(self, data: bytes) -> bytes:
        """Write as much of it as goes at once; gives the rest."""
        try:
            return data[self._socket.send(data, socket.MSG_DONTWAIT) :]
        except BlockingIOError:
            return data
        except OSError:  # the piece is gone, which the reading thread finds as well
            return b""

    def _write(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                with self._change:
                    self._writes = False
                    self._change.wait_for(lambda: self._waiting)
                    self._writes, data = True, self._waiting.popleft()
                self._socket.sendall(data)


class ToLog(logging.Handler):
    """Hands what the page's process says to the piece, which has the log."""

    def __init__(self, pipe: Pipe, now: Any) -> None:
        super().__init__(logging.WARNING)
        self._pipe, self._now = pipe, now
        self._minute, self._lines = float("-inf"), 0

    def emit(self, record: logging.LogRecord) -> None:
        """Hand one on."""
        if self._now() - self._minute >= LINES_EVERY_S:
            self._minute, self._lines = self._now(), 0
        self._lines += 1
        if self._lines <= LINES:
            with contextlib.suppress(Exception):
                self._pipe.send({"kind": "log", "level": record.levelname, "text": self.format(record)[:MOST_LETTERS]})
