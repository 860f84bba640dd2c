"""The process of one way out, from inside: a picture comes in shared memory, goes on, and only then the next is asked for."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.shared_memory import SharedMemory
from typing import Literal

import numpy as np

from installation.base.backoff import Backoff
from installation.base.processes import end_with, leave_ends_to_parent, no_core_dumps
from installation.base.secrets import hide, learn
from installation.config.sends import SendConfig
from installation.sends.way import Sent, Way, WayError, make_way

NICE = 3
"""The picture on the wall and perception go first."""
LOOK_S = 0.25
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 8.0
"""Between two tries of a way that fails."""

Word = Literal["ready", "idle", "works", "trouble"]
"""ready: the next picture may come. idle: nobody takes pictures now. works: the first picture of this way was taken, with a few
words on it. trouble: why it fails; it is tried again."""
Request = tuple[str, tuple[int, int], float]
"""(block's name, (height, width), t_s)."""


def run_child(pipe: Connection, config: SendConfig, make: Callable[[SendConfig], Way] = make_way) -> None:
    """Send what comes until the parent is gone. Main function of the child."""
    leave_ends_to_parent()
    # A hang in native code would not notice that the pipe is closed.
    end_with(os.getppid())
    no_core_dumps()
    learn(config.model_dump())
    with contextlib.suppress(AttributeError, OSError):
        os.nice(NICE)
    sending = _Sending(pipe, config, make)
    try:
        while True:
            sending.next()
    except (EOFError, OSError):
        sending.close()
        # Libraries' own threads would delay a polite exit.
        os._exit(0)


class _Sending:
    """Raises EOFError or OSError of the pipe when the parent is gone, and nothing else."""

    def __init__(self, pipe: Connection, config: SendConfig, make: Callable[[SendConfig], Way]) -> None:
        self._pipe, self._config, self._make = pipe, config, make
        self._way: Way | None = None
        self._size: tuple[int, int] | None = None
        self._words = ""
        self._memory: SharedMemory | None = None
        self._backoff = Backoff(FIRST_PAUSE_S, LONGEST_PAUSE_S)

    def next(self) -> None:
        """Ask for a picture, and send it."""
        self._say("ready")
        name, shape, t_s = self._pipe.recv()
        try:
            if self._memory is None or self._memory.name != name:
                self._let_go()
                self._memory = SharedMemory(name=name)
            rgba = np.ndarray((*shape, 4), np.uint8, self._memory.buf)
            self._send(Sent(rgba, t_s))
            del rgba
        except Exception as error:  # noqa: BLE001 - a library's border: told, and tried again
            why = str(error) if isinstance(error, WayError) else f"{type(error).__name__}: {error}"
            self._close_way()
            self._say("trouble", hide(why))
            # A parent that is gone is noticed at the next word.
            self._pipe.poll(self._backoff.fail())
            return
        self._wait_for_somebody()

    def close(self) -> None:
        """Free everything."""
        self._close_way()
        self._let_go()

    def _send(self, sent: Sent) -> None:
        size = (sent.rgba.shape[1], sent.rgba.shape[0])
        if self._way is None or size != self._size:
            self._close_way()
            self._way = self._make(self._config)
            self._words, self._size = self._way.open(size), size
        self._way.send(sent)
        if self._words:
            self._say("works", self._words)
            self._words = ""
            self._backoff.reset()

    def _wait_for_somebody(self) -> None:
        assert self._way is not None
        if self._way.wait_for_somebody(0.0):
            return
        self._say("idle")
        while not self._way.wait_for_somebody(LOOK_S):
            if self._pipe.poll(0.0):
                return  # the parent is gone: the next word finds it out

    def _close_way(self) -> None:
        way, self._way, self._size = self._way, None, None
        if way is not None:
            with contextlib.suppress(Exception):
                way.close()

    def _let_go(self) -> None:
        memory, self._memory = self._memory, None
        if memory is not None:
            with contextlib.suppress(BufferError):
                memory.close()

    def _say(self, word: Word, text: str = "") -> None:
        self._pipe.send((word, text))
