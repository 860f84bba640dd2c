"""A child process with a pipe to it, begun and let go of."""

from __future__ import annotations

import contextlib
import multiprocessing
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TypeVar

Given = TypeVar("Given")


def start_child(main: Callable[[Connection, Given], None], name: str, given: Given) -> tuple[BaseProcess, Connection]:
    """A process that runs ``main`` with its end of a pipe and ``given``, and this end. Raises OSError where none can be
    started."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=partial(main, theirs, given), name=name, daemon=True)
    try:
        process.start()
    except BaseException:
        ours.close()
        raise
    finally:
        theirs.close()
    return process, ours


def let_go(process: BaseProcess | None, pipe: Connection | None, seconds: float) -> None:
    """Close the pipe, which a child takes as its end, and kill what has not ended by itself after ``seconds``."""
    if pipe is not None:
        pipe.close()
    if process is not None and process.pid is not None:
        # It ends what it has begun, but a driver may keep it.
        process.join(seconds)
        with contextlib.suppress(ValueError, OSError):
            process.kill()
        process.join(seconds)
        with contextlib.suppress(ValueError):
            process.close()
