"""How long to wait before something that failed is tried again: longer after each failure, up to a limit."""

from __future__ import annotations


class Backoff:
    """Pauses of ``first_s``, twice that, four times that ... ``longest_s`` seconds. Reads no clock.

    Who waits calls ``fail`` and waits for what it gives; who must not wait asks ``due``. ``proved_s``: what ran for so long
    before it failed was working, so the pauses begin anew; 0: only ``succeed`` begins them anew.
    """

    def __init__(self, first_s: float, longest_s: float, proved_s: float = 0.0) -> None:
        if not 0 < first_s <= longest_s:
            raise ValueError(f"pauses grow from above 0 to the longest, not from {first_s} to {longest_s} seconds")
        self.first_s, self.longest_s, self.proved_s = first_s, longest_s, proved_s
        self._next_s = first_s
        self._again_s = float("-inf")
        self._since_s: float | None = None

    def fail(self, now_s: float = 0.0) -> float:
        """It failed at ``now_s``: gives the seconds until the next try."""
        if self.proved_s and self._since_s is not None and now_s - self._since_s >= self.proved_s:
            self._next_s = self.first_s
        self._since_s = None
        pause_s, self._next_s = self._next_s, min(2 * self._next_s, self.longest_s)
        self._again_s = now_s + pause_s
        return pause_s

    def succeed(self, now_s: float = 0.0) -> None:
        """It works since ``now_s``. Without ``proved_s`` the pauses begin anew at once."""
        self._since_s, self._again_s = now_s, float("-inf")
        if not self.proved_s:
            self._next_s = self.first_s

    def reset(self) -> None:
        """Something else is to be tried: at once, and with short pauses again."""
        self._next_s, self._again_s, self._since_s = self.first_s, float("-inf"), None

    def due(self, now_s: float) -> bool:
        """Whether the next try may be made at ``now_s``."""
        return now_s >= self._again_s
