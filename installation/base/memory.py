"""How much memory the piece holds."""

from __future__ import annotations

from collections.abc import Iterable

import psutil

_MIB = 1024 * 1024


def resident_mb(child_pids: Iterable[int] = ()) -> float:
    """Resident memory of this process and the given children in MiB; children that are gone count as nothing."""
    total = psutil.Process().memory_info().rss
    for pid in child_pids:
        try:
            total += psutil.Process(pid).memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return float(total / _MIB)
