"""What the guard tells the piece when it starts it, through the environment: that nobody is there, and how to run."""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from dataclasses import dataclass

GUARD, SAFE = "MIEN_GUARD", "MIEN_SAFE"


@dataclass(frozen=True)
class Unattended:
    """Nobody reads a refusal: what cannot be used is a fault, and something else runs in its place."""

    guard: int
    """The guard's process."""
    safe: str = ""
    """Why safe settings are asked for; empty: the artist's own."""

    @classmethod
    def from_environment(cls, environ: MutableMapping[str, str] = os.environ) -> Unattended | None:
        """None: started by hand. Takes what it reads out of ``environ``: it is for no child of this process."""
        guard, safe = environ.pop(GUARD, ""), environ.pop(SAFE, "")
        return cls(int(guard), safe) if guard.isascii() and guard.isdigit() else None

    def environment(self) -> dict[str, str]:
        """What the piece must find in its environment."""
        return {GUARD: str(self.guard), **({SAFE: self.safe} if self.safe else {})}
