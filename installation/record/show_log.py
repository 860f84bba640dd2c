"""Plain-text logs of every scene and every OSC packet, to compare a run with its replay."""

from __future__ import annotations

import hashlib
from pathlib import Path

from installation.types import SceneState


def scene_digest(scene: SceneState) -> str:
    """Hex sha256 over every bit of a SceneState (names, floats by their exact value, arrays by their bytes)."""
    digest = hashlib.sha256()
    floats = [scene.t_s, scene.blend, scene.valence, scene.arousal, scene.presence, scene.welcome]
    look = [f"{name}={value.hex()}" for name, value in sorted(scene.look.items())]
    text = [scene.scene, scene.previous, *(value.hex() for value in floats), *look]
    digest.update("\n".join(text).encode())
    for array in (
        scene.shapes,
        scene.palette,
        scene.own_palettes,
        scene.emotion,
        scene.joints,
        scene.births,
        scene.extents,
        scene.blendshapes,
    ):
        digest.update(repr((array.shape, array.dtype.str)).encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


class ShowLog:
    """Writes ``scene.log`` (time, name and digest, a line a frame) and ``osc.log`` (hex, a line a packet) into a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._scene = (folder / "scene.log").open("w", encoding="utf-8")
        self._osc = (folder / "osc.log").open("w", encoding="utf-8")

    def scene(self, scene: SceneState) -> None:
        """Log one frame's scene."""
        self._scene.write(f"{scene.t_s!r} {scene.scene} {scene_digest(scene)}\n")

    def osc(self, packet: bytes) -> None:
        """Log one packet before it goes to any target."""
        self._osc.write(packet.hex() + "\n")

    def close(self) -> None:
        """Close both files; calling it again does nothing."""
        self._scene.close()
        self._osc.close()
