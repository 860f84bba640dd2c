"""How many pictures, observations and generated pictures there are a second."""

from __future__ import annotations

from installation.record.timings import Timings


class Rates:
    """Counted by the frame loop; ``turn`` makes rates of what was counted since it was last called."""

    def __init__(self) -> None:
        self.frames = self.observations = self.textures = 0
        """Since the last ``turn``."""
        self.last = (0.0, 0.0, 0.0)
        """Pictures, observations and textures a second, as last made."""
        self.memory_mb = 0.0
        """Resident memory of the piece and its processes, looked at once a second."""
        self.timings = Timings()
        self._since_s = 0.0

    def begin(self, now_s: float) -> None:
        """Count anew from now on."""
        self.frames = self.observations = self.textures = 0
        self._since_s = now_s

    def drawn(self, t_s: float) -> None:
        """A picture is there."""
        self.frames += 1
        self.timings.drawn(t_s)

    def observed(self, t_s: float, age_ms: float) -> None:
        """An observation went to OSC, ``age_ms`` after its picture was taken."""
        self.observations += 1
        self.timings.observed(t_s, age_ms)

    def turn(self, now_s: float) -> tuple[float, float, float]:
        """The rates since the last call, or ``begin``."""
        period_s = max(now_s - self._since_s, 1e-3)
        self.last = (self.frames / period_s, self.observations / period_s, self.textures / period_s)
        self.begin(now_s)
        return self.last
