"""How much the picture may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Quality:
    """One rung of the quality ladder. ``pixels``: factor on the inner picture's pixels; ``detail`` [0, 1]: mesh density,
    particles and ray-march steps; ``bloom_levels``: each doubles the glow's reach; ``smooth``: anti-aliasing."""

    pixels: float = 1.0
    detail: float = 1.0
    bloom_levels: int = 4
    smooth: bool = True
