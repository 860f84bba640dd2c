"""What the room of a scene is like: numbers that shaders/lib/place makes its lights of, others for each scene and seed."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

import numpy as np

from installation.types import FloatArray, SceneState

LOTS = 3
NO_SCENE = "/"
"""At the end of a scene's name: its room, without the scene."""


def rooms_of(scene: SceneState) -> FloatArray:
    """(2, 4) float32: of the scene that is drawn and of the one before it, LOTS numbers in [0, 1); then how far the first has
    come, [0, 1], as scenes cross-fade."""
    seed = scene.look.get("room", 0.0)
    rooms = np.zeros((2, LOTS + 1), np.float32)
    rooms[0, :LOTS], rooms[1, :LOTS] = room_lots(scene.scene, seed), room_lots(scene.previous, seed)
    rooms[0, LOTS] = scene.blend
    return rooms


@lru_cache(maxsize=64)
def room_lots(name: str, seed: float) -> tuple[float, ...]:
    """LOTS numbers in [0, 1), evenly spread over names and seeds, and the same on every machine."""
    digest = blake2b(f"{name.removesuffix(NO_SCENE)} {seed!r}".encode(), digest_size=2 * LOTS).digest()
    return tuple(int.from_bytes(digest[2 * n : 2 * n + 2], "big") / 65536 for n in range(LOTS))
