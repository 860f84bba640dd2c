"""How much memory the piece holds, and how it holds less."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import threading
from collections.abc import Callable, Iterable

import psutil

from installation.base.notices import Notices
from installation.base.threads import try_to_start, unending

STAGE = "memory"
_MIB = 1024 * 1024
_ARENAS = "MALLOC_ARENA_MAX"
_M_ARENA_MAX = -8
"""glibc's number of the option, malloc.h."""


def few_arenas(most: int = 2) -> None:
    """Let all threads share ``most`` of the C library's heaps, here and in the processes started from now on.

    glibc gives almost every thread a heap of its own, and each keeps what it once needed: MediaPipe runs one network after the
    other, each in threads of its own. Where MALLOC_ARENA_MAX is set, that stays. Nothing happens without glibc.
    """
    if _ARENAS in os.environ:
        return
    option = _glibc("mallopt")
    if option is not None:
        os.environ[_ARENAS] = str(most)
        option(_M_ARENA_MAX, most)


def give_back() -> None:
    """Hand freed memory back to the system, a few milliseconds. After something large was built of parts that are gone again:
    a network's file, read and packed anew, leaves 17 of 24 MB behind. Nothing happens without glibc."""
    trim = _glibc("malloc_trim")
    if trim is not None:
        trim(0)


def resident_mb(child_pids: Iterable[int] = ()) -> float:
    """Resident memory of this process and the given children in MiB; children that are gone count as nothing.

    Pages that several of them share count for each. Quick: for every second. OSError where the system does not say (no file
    more may be opened).
    """
    total = psutil.Process().memory_info().rss
    for pid in child_pids:
        try:
            total += psutil.Process(pid).memory_info().rss
        except psutil.Error:
            continue
    return float(total / _MIB)


def proportional_mb(pid: int | None = None) -> float | None:
    """Memory in MiB of this process, or the one of number ``pid``, and all that it started, a page that several processes share
    counted by its share; 0 where it is gone.

    The proportional set size, which only Linux knows: None elsewhere, or where the system does not let us look. The kernel
    walks through all pages, which takes about 13 ms of processor time for 0.9 GB: nothing for every second.
    """
    total = 0
    try:
        for process in _family(pid):
            try:
                share: int | None = getattr(process.memory_full_info(), "pss", None)
            except psutil.NoSuchProcess:
                continue
            if share is None:
                return None
            total += share
    except (OSError, psutil.AccessDenied):
        return None
    return float(total / _MIB)


def family_resident_mb(pid: int) -> float:
    """Resident memory in MiB of the process of number ``pid`` and all that it started, shared pages counted for each: a quick
    look. 0 where it is gone, or the system does not say."""
    total = 0
    with contextlib.suppress(psutil.Error, OSError):
        for process in _family(pid):
            with contextlib.suppress(psutil.Error, OSError):
                total += process.memory_info().rss
    return float(total / _MIB)


def _family(pid: int | None) -> list[psutil.Process]:
    try:
        own = psutil.Process(pid)
        return [own, *own.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


class MemoryPeak:
    """The most ``proportional_mb`` so far, looked at every ``period_s`` seconds by a thread of its own, which hands back what
    was freed meanwhile (3 to 5 ms)."""

    def __init__(self, notices: Notices, period_s: float = 10.0) -> None:
        self.mb: float | None = None
        """MiB; None before the first look, and where the system does not say."""
        self._period_s = period_s
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._notices = notices
        watch = unending(self._watch, self._stop, notices, STAGE)
        self._thread = threading.Thread(target=watch, name="memory", daemon=True)

    def start(self) -> None:
        """Begin; the first look is one period from now."""
        try_to_start(self._thread, self._notices, STAGE)

    def look(self) -> float | None:
        """Look now, too, and give the peak."""
        found = proportional_mb()
        with self._lock:
            if found is not None:
                self.mb = max(self.mb or 0.0, found)
            return self.mb

    def close(self) -> None:
        """End the thread."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(self._period_s):
            # Networks that change their picture's size leave 30 MB of holes behind within a minute.
            give_back()
            self.look()
            self._notices.resolve(STAGE)


def _glibc(name: str) -> Callable[..., int] | None:
    """A function of the C library that only glibc has."""
    if sys.platform != "linux":
        return None
    found: Callable[..., int] | None = getattr(ctypes.CDLL(None), name, None)
    return found
