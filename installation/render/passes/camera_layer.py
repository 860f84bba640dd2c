"""The camera's picture and the visitors' outlines as textures, for scenes and the background."""

from __future__ import annotations

import math
from typing import Any

import cv2
import moderngl
import numpy as np

from installation.base.sizes import fit_within
from installation.render.shaders.uniforms import UNITS
from installation.types import ByteArray, Silhouette

MAX_WIDTH_PX, MAX_HEIGHT_PX = 640, 2048
SILHOUETTE_FADE_S = 0.35
_NOTHING = (2, 2)
"""Size of a texture into which nothing was put yet."""


class CameraLayer:
    """Two textures that are written again while sizes stay. GL thread only. ``share`` [0, 1]: how far a silhouette is known."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._camera = context.texture(_NOTHING, 3, bytes(12), alignment=1)
        self._silhouette = context.texture(_NOTHING, 1, bytes(4), alignment=1)
        self.share = self._aim = 0.0
        self._empty = True

    @property
    def is_empty(self) -> bool:
        """Whether no picture has come yet."""
        return self._empty

    def put_camera(self, rgb: ByteArray) -> None:
        """Take over the camera's picture (H, W, 3) sRGB, row 0 on top; reduced to MAX_WIDTH_PX and MAX_HEIGHT_PX."""
        height, width = rgb.shape[:2]
        size = fit_within(width, height, MAX_WIDTH_PX, MAX_HEIGHT_PX)
        if size != (width, height):
            rgb = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
        self._camera = self._upload(self._camera, rgb, 3)
        self._empty = False

    def put_silhouette(self, silhouette: Silhouette | None) -> None:
        """Take over where visitors are, with the camera's picture in which they were seen; None: nobody is known any more,
        and the last outline fades."""
        self._aim = 0.0 if silhouette is None else 1.0
        if silhouette is not None:
            self.put_camera(silhouette.rgb)
            self._silhouette = self._upload(self._silhouette, silhouette.alpha, 1)
            self._silhouette.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
            self._silhouette.build_mipmaps()

    def advance(self, dt_s: float) -> None:
        """Fade the silhouette in or out by ``dt_s`` seconds."""
        self.share += (self._aim - self.share) * (1.0 - math.exp(-dt_s / SILHOUETTE_FADE_S))

    def fit(self, size: tuple[float, float]) -> tuple[float, float]:
        """How much of the camera's picture is seen across and down when it covers a picture of ``size``."""
        width, height = self._camera.size
        wide = (size[0] / size[1]) / (width / height)
        return (1.0, 1.0 / wide) if wide >= 1 else (wide, 1.0)

    def use(self) -> None:
        """Bind both."""
        self._camera.use(UNITS["u_camera"])
        self._silhouette.use(UNITS["u_silhouette"])

    def release(self) -> None:
        """Free both."""
        self._camera.release()
        self._silhouette.release()

    def _upload(self, texture: Any, pixels: ByteArray, components: int) -> Any:
        size = (pixels.shape[1], pixels.shape[0])
        if texture.size != size:
            texture.release()
            texture = self._context.texture(size, components, alignment=1)
            texture.repeat_x = texture.repeat_y = False
        texture.write(np.ascontiguousarray(pixels), alignment=1)
        return texture
