"""How long a picture takes the GPU, by its own timer."""

from __future__ import annotations

from typing import Any

import moderngl

IN_FLIGHT = 4
"""Pictures after which the oldest measurement is read; by then it is there and nobody waits."""


class GpuTimer:
    """Measures what is drawn inside ``with timer:``. ``seconds`` is that of a picture IN_FLIGHT ago; None before."""

    def __init__(self, context: Any) -> None:
        self._queries = [context.query(time=True) for _ in range(IN_FLIGHT)]
        self._count = 0
        self.seconds: float | None = None

    def __enter__(self) -> None:
        query = self._queries[self._count % IN_FLIGHT]
        if self._count >= IN_FLIGHT:
            self.seconds = query.elapsed * 1e-9
        query.__enter__()

    def __exit__(self, *error: object) -> None:
        self._queries[self._count % IN_FLIGHT].__exit__(*error)
        self._count += 1


def gpu_timer(context: Any, is_software: bool) -> GpuTimer | None:
    """A timer; None where the processor draws (the time that drawing takes is the cost) or the driver has none."""
    if is_software:
        return None
    try:
        return GpuTimer(context)
    except moderngl.Error:
        return None
