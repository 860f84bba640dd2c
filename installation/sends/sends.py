"""All ways out together: those that the settings name run, each by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.config.sends import SendConfig
from installation.sends.link import SendLink

CLOSE_S = 1.3
"""All end side by side."""


class Sends:
    """Belongs to the thread that draws. ``make`` gives a link; tests give others."""

    def __init__(
        self,
        configs: Sequence[SendConfig],
        notices: Notices,
        clock: Clock,
        make: Callable[[SendConfig, Notices, Clock], SendLink] = SendLink,
    ) -> None:
        self._notices, self._clock, self._make = notices, clock, make
        self.links: list[SendLink] = []
        self._ending: list[SendLink] = []
        self.reconfigure(configs)

    def reconfigure(self, configs: Sequence[SendConfig]) -> None:
        """Go on with these: what is as it was goes on, the rest ends or begins. Returns at once."""
        kept = {link.config: link for link in self.links if link.config in configs}
        for link in self.links:
            if link.config not in kept:
                link.end()
                self._ending.append(link)
        for config in configs:
            if config not in kept:
                kept[config] = self._make(config, self._notices, self._clock)
                kept[config].start()
        self.links = [kept[config] for config in configs]

    def close(self) -> None:
        """End all, within about a second."""
        self.reconfigure(())
        for link in self._ending:
            link.join(CLOSE_S)
        self._ending.clear()
