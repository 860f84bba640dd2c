"""When this run began, and what it says, with the seconds since then. A run in a fixed time counts from the start of Python."""

from __future__ import annotations

import os
import time

BEGUN_NAME = "MIEN_PAINT_BEGUN"
"""In the environment: when the parent began (paint_watch.py)."""
BEGUN_S = float(os.environ.get(BEGUN_NAME) or time.time())


def say(what: str) -> None:
    """Print a line at once: whoever watches a run in a few minutes must see where it stands."""
    print(f"[{spent_s():6.1f} s] {what}", flush=True)


def spent_s() -> float:
    """Seconds since the run began."""
    return time.time() - BEGUN_S
