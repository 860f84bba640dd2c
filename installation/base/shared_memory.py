"""Blocks of memory that two processes share, really there, and gone with them however they end."""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory


def reserved(size: int) -> SharedMemory:
    """A block of at least ``size`` bytes, all of them there. OSError where the system has no room for it.

    Linux gives out memory it may not have: the write that finds none ends the process (SIGBUS). So it is asked for here.
    """
    # The owner's number is in the name: where a whole group of processes is killed, the guard finds what is left.
    memory = SharedMemory(f"mien-{os.getpid()}-{secrets.token_hex(4)}", create=True, size=max(size, 1))
    number = getattr(memory, "_fd", -1)
    if hasattr(os, "posix_fallocate") and number >= 0:
        try:
            os.posix_fallocate(number, 0, memory.size)
        except OSError:
            memory.close()
            take_name(memory)
            raise
    return memory


def take_name(memory: SharedMemory) -> None:
    """Nobody else can open it from now on; it is there for as long as somebody has it open."""
    try:
        memory.unlink()
    except FileNotFoundError:
        # Somebody cleared /dev/shm (systemd does when its user logs out). The tracker must not look for it, either.
        with contextlib.suppress(OSError):
            resource_tracker.unregister(f"/{memory.name}", "shared_memory")


class Tracker:
    """Python's tracker of shared memory, a process of its own that would outlive this one by a moment.

    It is ended with its last user. Not earlier: it waits for every child, and takes their memory with it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users: set[object] = set()

    def enter(self, user: object) -> None:
        """``user`` is about to use shared memory."""
        with self._lock:
            self._users.add(user)

    def leave(self, user: object) -> None:
        """``user`` has freed its memory and ended its child."""
        with self._lock:
            self._users.discard(user)
            tracker = getattr(resource_tracker, "_resource_tracker", None)
            if not self._users and tracker is not None and hasattr(tracker, "_stop"):
                tracker._stop()


TRACKER = Tracker()
