"""Waiting for what another thread does."""

import time
from collections.abc import Callable

DEADLINE_S = 60.0


def soon(condition: Callable[[], object]) -> None:
    """Come back when it holds; AssertionError when it does not in DEADLINE_S."""
    until = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.005)
