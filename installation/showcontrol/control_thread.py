"""A thread that drives lamps or instruments: it follows the newest scene at its own pace and takes new settings meanwhile."""

from __future__ import annotations

from typing import TypeVar

from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.showcontrol.service_thread import ServiceThread
from installation.types import EmotionState, SceneState

C = TypeVar("C")


class ControlThread(ServiceThread[C]):
    """A service that follows what is drawn. ``show`` may be called by one thread."""

    def __init__(self, name: str, config: C, notices: Notices, clock: Clock) -> None:
        super().__init__(name, config, notices, clock)
        self._newest: tuple[SceneState, tuple[EmotionState, ...]] | None = None

    def show(self, scene: SceneState, states: tuple[EmotionState, ...] = ()) -> None:
        """Follow this scene and these visitors (frozen values) from now on. Costs one assignment."""
        self._newest = (scene, states)
