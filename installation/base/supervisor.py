"""Starts the parts in order, stops them in reverse, and makes sure that stopping never takes long."""

from __future__ import annotations

import contextlib
import logging
import math
import os
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType

import psutil

from installation.base.clock import Clock

log = logging.getLogger(__name__)

STOP_S = 1.2
"""All parts together get this long to stop; the promise to the outside is 2 seconds, interpreter exit included."""
GIVE_UP_S = 1.8
"""After this long the process ends the hard way."""


class StopSignal:
    """Turns SIGINT, SIGTERM and (where there is one) SIGHUP or SIGBREAK into a flag that the frame loop looks at.

    ``is_set`` says whether the end was asked for, ``reason`` by what. A SIGHUP that was ignored from the start, as nohup has
    it, stays ignored: the terminal may be closed.
    """

    def __init__(self) -> None:
        # A plain flag: a signal's handler runs in the middle of the main thread, where a lock may be held.
        self.is_set = False
        self.reason: str | None = None
        self._interrupts = False

    def install(self) -> None:
        """Take the signals over; main thread only."""
        for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
            number = getattr(signal, name, None)
            if number is None or (name == "SIGHUP" and signal.getsignal(number) is signal.SIG_IGN):
                continue
            signal.signal(number, self._on_signal)

    def interrupt(self) -> None:
        """From here on the signals raise KeyboardInterrupt: for work that does not look at the flag. Main thread only."""
        self._interrupts = True

    def set(self, reason: str) -> None:
        """Ask for the end; the first reason stays."""
        if self.reason is None:
            self.reason = reason
        self.is_set = True

    def wait(self, timeout_s: float) -> bool:
        """Wait up to ``timeout_s`` seconds for the end to be asked for; whether it was. Notices it within 20 ms."""
        steps = max(1, math.ceil(timeout_s / 0.02))
        for _ in range(steps):
            if self.is_set:
                break
            time.sleep(timeout_s / steps)
        return self.is_set

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        name = signal.Signals(number).name
        self.set(f"{name}, as a closed terminal sends" if name == "SIGHUP" else name)
        if self._interrupts:
            raise KeyboardInterrupt


class Supervisor:
    """The running parts, each with a name and a function that closes it.

    ``stop`` closes them side by side, the newest first, so that one that hangs does not hold up the others.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._parts: list[tuple[str, Callable[[], None]]] = []
        self._watchdog: threading.Timer | None = None

    def add(self, name: str, close: Callable[[], None]) -> None:
        """Close this running part with the others."""
        self._parts.append((name, close))

    def replace(self, name: str, close: Callable[[], None]) -> None:
        """The part ``name`` was stopped by its owner and another runs in its place; ValueError when there was none."""
        names = [known for known, _ in self._parts]
        self._parts[names.index(name)] = (name, close)

    def begin_stop(self) -> None:
        """Start the last resort: a part or a driver that hangs cannot keep the process alive beyond GIVE_UP_S."""
        if self._watchdog is None:
            self._watchdog = threading.Timer(GIVE_UP_S, _end_hard)
            self._watchdog.daemon = True
            with contextlib.suppress(RuntimeError):  # no thread is to be had: without the last resort, then
                self._watchdog.start()

    def stop(self) -> list[str]:
        """Close every part within STOP_S; gives the names of those that failed or hung (empty: none)."""
        self.begin_stop()
        troubled: list[str] = []
        threads = []
        for name, close in reversed(self._parts):
            thread = threading.Thread(target=_close, args=(name, close, troubled), name=f"close-{name}", daemon=True)
            try:
                thread.start()
            except RuntimeError:
                _close(name, close, troubled)  # no thread is to be had: one after the other, then
            else:
                threads.append((name, thread))
        self._parts.clear()
        deadline_s = self._clock.now() + STOP_S
        for name, thread in threads:
            thread.join(max(0.0, deadline_s - self._clock.now()))
            if thread.is_alive():
                log.error("%s did not stop in time", name)
                troubled.append(name)
        return troubled

    def ended(self) -> None:
        """Everything is down; the last resort is called off."""
        if self._watchdog is not None:
            self._watchdog.cancel()
            self._watchdog = None


def _close(name: str, close: Callable[[], None], troubled: list[str]) -> None:
    try:
        close()
    except Exception:  # one part's failure must not keep the others from stopping
        log.exception("%s: trouble while stopping", name)
        troubled.append(name)
    else:
        log.debug("%s stopped", name)


def _end_hard() -> None:
    log.critical("stopping took longer than %.1f s; ending at once", GIVE_UP_S)
    try:
        for child in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                child.kill()
    finally:
        os._exit(1)
