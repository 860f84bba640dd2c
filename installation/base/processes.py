"""What the system is told about this process: no core dumps, and an end when the one that started it is gone."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import threading

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
"""linux/prctl.h."""
_LOOK_S = 0.5


def no_core_dumps() -> None:
    """From now on a crash of this process, and of all it starts, leaves no memory image: pictures of visitors are in it.

    The limit is 1 byte and not 0: Linux passes a dump to a program that collects them (apport, systemd-coredump) in spite of
    a limit of 0, but not of 1 (fs/coredump.c). No file is that small, so none is written, either.
    """
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(OSError, ValueError):  # a hard limit of 0 is as good
        resource.setrlimit(resource.RLIMIT_CORE, (1, 1))


def end_with(parent: int) -> bool:
    """Let this process be killed when ``parent``, its parent process, is gone, whatever this one is doing by then.

    False where it is gone already. On Linux the kernel does it, when the thread of the parent that started this process ends;
    elsewhere a thread looks twice a second, which a hang in native code may keep from it.
    """
    if sys.platform == "win32":
        return True
    if not _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL):
        threading.Thread(target=_watch, args=(parent,), name="parent", daemon=True).start()
    return os.getppid() == parent


def leave_ends_to_parent() -> None:
    """Let no signal that asks for an end reach this process: Ctrl-C goes to the whole terminal, a service's end to all its
    processes. The parent says when this one ends; where it does not live to say so, ``end_with`` does."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, signal.SIG_IGN)


def adopt_orphans() -> bool:
    """Become the parent of what children of this process leave behind, so that it can be ended; False where that cannot be."""
    return _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _prctl(option: int, value: int) -> bool:
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None).prctl(option, value, 0, 0, 0) == 0)


def _watch(parent: int) -> None:
    never = threading.Event()
    while not never.wait(_LOOK_S):
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
