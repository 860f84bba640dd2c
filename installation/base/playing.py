"""What plays in the place of camera and perception: a thread that publishes observations, and outlines drawn of them."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Generic, TypeVar

from installation.base.mailbox import Latest

CLOSE_S = 0.5
Seen = TypeVar("Seen")
Outline = TypeVar("Outline")


class Playing(ABC, Generic[Seen, Outline]):
    """Publishes ``observations`` from ``start`` to ``close`` and, while they are wanted, ``silhouettes``, drawn of them by
    ``draw``, for nothing was filmed. Subclasses say in ``_play`` what, and when: they wait on ``_stop``."""

    def __init__(self, name: str, draw: Callable[[Seen], Outline]) -> None:
        self.observations: Latest[Seen] = Latest("observations")
        self.silhouettes: Latest[Outline] = Latest("silhouettes")
        self._draw = draw
        self._masks, self._rest, self._stop = threading.Event(), threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def want_silhouettes(self, wanted: bool) -> None:
        """Whether silhouettes are to come; may be called at any time."""
        (self._masks.set if wanted else self._masks.clear)()

    def rest(self, on: bool) -> None:
        """Whether nobody is to be seen."""
        (self._rest.set if on else self._rest.clear)()

    def close(self) -> None:
        """End the thread."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(CLOSE_S)
        self.observations.close()
        self.silhouettes.close()

    def _run(self) -> None:
        """What the thread does."""
        self._play()

    @abstractmethod
    def _play(self) -> None:
        """Publish until ``_stop`` is set. Returns where ``_publish`` raises Closed."""

    def _publish(self, observation: Seen) -> None:
        """Raises Closed once nobody listens any more."""
        self.observations.put(observation)
        if self._masks.is_set():
            self.silhouettes.put(self._draw(observation))
