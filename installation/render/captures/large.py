"""Pictures larger than the screen: drawn part by part while time stands, and stored band by band."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from installation.render.captures.png import write_png
from installation.render.captures.tiles import Tile, bands, split
from installation.render.renderer import Renderer
from installation.types import ByteArray, SceneState

TILE_PX = (2048, 1024)
"""Largest part drawn at once: some 60 MB of frame buffers, and bands of 1,008 rows."""
MARGIN_PX = 8
"""Drawn around each part and cut off: derivatives and anti-aliasing look at their neighbours. Glow does not need it: the
renderer takes it from the whole picture."""


def fitting_size(width: int, shown: tuple[int, int]) -> tuple[int, int]:
    """(width, height) of a picture ``width`` pixels wide in the proportions of what is shown."""
    return width, max(1, round(width * shown[1] / shown[0]))


def large_picture(
    renderer: Renderer,
    scene: SceneState,
    size: tuple[int, int],
    tile_px: tuple[int, int] = TILE_PX,
    margin_px: int = MARGIN_PX,
) -> Iterator[ByteArray]:
    """The picture of ``scene`` at ``size`` in bands (H, width, 3) uint8 sRGB from the top. GL thread only.

    It is the artist's picture: without operator's text, and without warp and colour of an output.
    """
    height = size[1]

    def draw(tile: Tile) -> ByteArray:
        left, _, across, down = tile.part
        bottom = (height - tile.drawn.bottom) / height
        return renderer.draw_part(scene, size, (left, bottom, across, down), tile.drawn.size)

    return bands(split(size, tile_px, margin_px), draw)


def store_large(renderer: Renderer, scene: SceneState, size: tuple[int, int], path: Path) -> None:
    """Store ``scene`` as PNG of ``size`` (width, height), with the memory of a band. OSError when it cannot be written."""
    write_png(path, size, large_picture(renderer, scene, size))
