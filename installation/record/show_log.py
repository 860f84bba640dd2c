"""Plain-text logs of every scene and every OSC packet, to compare a run with its replay."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path

from installation.base.side_files import CLOSE_S, DiskRoom, SideFile, check_place
from installation.types import SceneState

log = logging.getLogger(__name__)

STAGE = "log"


def scene_digest(scene: SceneState) -> str:
    """Hex sha256 over every bit of a SceneState (names, floats by their exact value, arrays by their bytes)."""
    digest = hashlib.sha256()
    floats = [
        scene.t_s,
        scene.blend,
        scene.valence,
        scene.arousal,
        scene.presence,
        scene.welcome,
        scene.notice,
        scene.notice_s,
    ]
    if scene.light != 1:  # so that logs from before there were opening hours still agree
        floats.append(scene.light)
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
        scene.figures,
        scene.counter,
        scene.moods,
    ):
        digest.update(repr((array.shape, array.dtype.str)).encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


class ShowLog:
    """Writes ``scene.log`` (time, name and digest, a line a frame) and ``osc.log`` (hex, a line a packet) into a folder.

    ``on_fault``, ``room`` and ``may_wait`` as for ``SideFile``: a log that the disk ends early has whole lines.
    Raises OutputError.
    """

    def __init__(
        self,
        folder: Path,
        on_fault: Callable[[str], None] = log.error,
        room: DiskRoom | None = None,
        may_wait: bool = False,
    ) -> None:
        check_place(folder, "cannot write", is_folder=True)
        self._scene = SideFile(folder / "scene.log", on_fault, room, may_wait=may_wait)
        self._osc = SideFile(folder / "osc.log", on_fault, room, may_wait=may_wait)

    @property
    def failed(self) -> bool:
        """Whether one of the two ended before its time."""
        return self._scene.failed or self._osc.failed

    def scene(self, scene: SceneState) -> None:
        """Log one frame's scene."""
        self._scene.write(f"{scene.t_s!r} {scene.scene} {scene_digest(scene)}\n")

    def osc(self, packet: bytes) -> None:
        """Log one packet before it goes to any target."""
        self._osc.write(packet.hex() + "\n")

    def flush(self) -> None:
        """Wait until all is in the files."""
        self._scene.flush()
        self._osc.flush()

    def close(self, timeout_s: float = CLOSE_S) -> None:
        """Close both files, each within ``timeout_s`` seconds; calling it again does nothing."""
        self._scene.close(timeout_s)
        self._osc.close(timeout_s)
