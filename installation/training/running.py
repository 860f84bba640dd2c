"""How a training command runs: its log, its threads, Ctrl-C, and what it says and gives back when something is wrong."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

import cv2

from installation.training.interrupt import STOPPED, interruptible

REFUSED, BAD_INPUT = 1, 2
"""Exit codes: a model that fails a gate, and what cannot be used."""


class DataError(ValueError):
    """Pictures or a run that cannot be used; the message says why."""


class RefusedError(Exception):
    """A model that fails a gate; the message says which and by how much."""


def run(
    command: Callable[[], int | None],
    threads: int | None = 1,
    bad_input: tuple[type[Exception], ...] = (),
    stopped: str = "stopped at once; what was saved before stays",
) -> int:
    """Run ``command``; gives its exit code, 0 for none, or REFUSED, BAD_INPUT or STOPPED with the reason on stderr.

    ``threads`` is for torch, which is not even imported for None. OSError and ValueError are bad input, and ``bad_input`` is,
    too. ``stopped`` is said when Ctrl-C ends the command at once; a training that stops by itself gives STOPPED back.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    cv2.setNumThreads(1)
    if threads is not None:
        import torch

        torch.set_num_threads(threads)
    caught: tuple[type[Exception], ...] = (OSError, ValueError, *bad_input)
    try:
        with interruptible():
            return command() or 0
    except RefusedError as error:
        print(f"refused: {error}", file=sys.stderr)
        return REFUSED
    except caught as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print(stopped, file=sys.stderr)
        return STOPPED
