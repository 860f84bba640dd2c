"""STAND-IN, to be replaced by the passes that show composed pictures: takes everything, shows nothing, lays out nothing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from installation.config.picture import PictureConfig
from installation.types import LAYOUT, ByteArray, PictureFrame, SceneState


class _Layout:
    on_layout: Callable[[float, ByteArray], None] | None = None
    per_second = 5.0


class _Picture:
    def reconfigure(self, config: PictureConfig) -> None:
        """Nothing."""


class PictureStandIn:
    """What the renderer does with composed pictures, left out."""

    layout = _Layout()
    picture = _Picture()

    def set_picture(self, frame: PictureFrame, t_s: float) -> None:
        """Nothing."""

    def layout_now(self, scene: SceneState) -> ByteArray:
        """No shapes, whatever ``scene`` shows."""
        del scene
        return np.zeros((LAYOUT, LAYOUT, 4), np.uint8)

    def show_painting(self, rgba: ByteArray, t_s: float, seconds: float) -> None:
        """Nothing."""
