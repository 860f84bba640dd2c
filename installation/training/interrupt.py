"""Ctrl-C during a long computation: first a wish to stop at the next good place, the second time at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

STOPPED = 130
"""Exit code of a command that Ctrl-C ended, as shells have it."""


class Stop:
    """``is_set`` once the end was asked for."""

    def __init__(self) -> None:
        self.is_set = False


@contextmanager
def stop_on_signals() -> Iterator[Stop]:
    """Give a ``Stop`` that SIGINT and SIGTERM set; a second one raises KeyboardInterrupt. Handlers come back after.

    Outside the main thread, where Python takes no signals, nothing sets it.
    """
    stop = Stop()

    def ask(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set:
            raise KeyboardInterrupt
        stop.is_set = True

    before = {}
    if threading.current_thread() is threading.main_thread():
        before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let SIGINT raise KeyboardInterrupt at once, whatever handler there was. The handler comes back after."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
