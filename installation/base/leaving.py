"""The very end of the process, when a thread may still be in native code."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from typing import NoReturn

GRACE_S = 0.2
"""Threads that were told to end have this long to do so."""


def leave(code: int) -> NoReturn:
    """End the process with exit code ``code``.

    A daemon thread that comes out of a decoder, a driver or a network while the interpreter is taken down finds no Python to
    return to, and the C++ above it aborts the process (exit code 134). Where one is left, the interpreter is not taken down.
    """
    left = _others()
    for thread in left:
        thread.join(GRACE_S / len(left))
    left = _others()
    # A thread that is no daemon is waited for, as always.
    if left and all(thread.daemon for thread in left):
        # What waits for the interpreter's end (temporary files, child processes, the log) is done as always.
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError, AttributeError):
                continue  # closed, or nobody reads it: there is nothing more to be told
        os._exit(code)
    sys.exit(code)


def _others() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread is not threading.current_thread()]
