"""Where all threads are, written down when native code crashes, or when the guard asks a piece that hangs."""

from __future__ import annotations

import faulthandler
import signal

ASK = getattr(signal, "SIGUSR2", None)
"""The signal that a process answers with the stacks of all its threads, also while it hangs; None where there is none."""


def write_stacks_to(file: int) -> None:
    """From now on they go to the file descriptor ``file``, which must stay open: names of files and functions, no values.

    Of several calls the last one counts.
    """
    faulthandler.enable(file, all_threads=True)
    if ASK is not None:
        faulthandler.register(ASK, file, all_threads=True)
