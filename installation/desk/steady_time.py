"""NiceGUI, and the WebSockets under it, take from the time of day how long something lasted. A clock that is set, by hand or by
the network, would hold a page's timers for as long as it was set back, and end connections where it was set forth."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import engineio.async_socket  # type: ignore[import-untyped]
import engineio.base_socket  # type: ignore[import-untyped]
import nicegui.binding
import nicegui.client
import nicegui.outbox
import nicegui.timer

USERS: tuple[ModuleType, ...] = (
    nicegui.binding,
    nicegui.client,
    nicegui.outbox,
    nicegui.timer,
    engineio.async_socket,
    engineio.base_socket,
)


class _SteadyTime:
    """The module ``time``, but for ``time``."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.time = now

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)


def measure_steadily(now: Callable[[], float]) -> None:
    """From here on they count by ``now``, in seconds, which never jumps."""
    for module in USERS:
        vars(module)["time"] = _SteadyTime(now)
