"""From one scene to the next: both are drawn, each in its room, and a front that begins at the visitors goes over the picture.

Costs nothing but while scenes change: then a second room, and a pass.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import moderngl

from installation.render.shaders.programs import SHADERS, Program
from installation.types import SHAPE_COLUMNS, SceneState, read_only

KEPT = 2
"""Sizes whose layers are kept: a part of the picture, and the whole of it."""
_PHASE = SHAPE_COLUMNS.index("phase")


def as_before(scene: SceneState) -> SceneState:
    """``scene`` by motion's clock as it was before it was set back, while its look says that it was (scene/renewal.py)."""
    more = scene.look["phase_before"]
    shapes = scene.shapes.copy()
    shapes[:, _PHASE] += more
    return replace(scene, shapes=read_only(shapes), look={**scene.look, "phase": scene.look["phase"] + more})


class Transition:
    """GL thread only. Its two layers are made when a change of scene is first drawn at a size."""

    def __init__(self, context: Any) -> None:
        self._context = context
        passes = SHADERS / "passes"
        own = ("u_scene_before", "u_scene_after", "u_share")
        self._program = Program(context, SHADERS / "scenes" / "screen.vert", passes / "transition.frag", own=own)
        self._dissolve = Program(context, passes / "pass.vert", passes / "dissolve.frag", own=own)
        self.programs = [self._program, self._dissolve]
        for program in self.programs:
            program.set("u_scene_before", 0)
            program.set("u_scene_after", 1)
        self._kept: dict[tuple[int, int], list[tuple[Any, Any, Any]]] = {}
        self._layers: list[tuple[Any, Any, Any]] = []
        """Frame buffer, colour, depth: of the scene that goes and of the one that comes."""

    def layers(self, size: tuple[int, int]) -> tuple[Any, Any]:
        """Frame buffers of ``size`` pixels for the scene that goes, and for the one that comes."""
        if size not in self._kept:
            if len(self._kept) >= KEPT:
                self._free()
            self._kept[size] = [self._layer(size) for _ in range(2)]
        self._layers = self._kept[size]
        return self._layers[0][0], self._layers[1][0]

    def draw(self, share: float, evenly: bool = False) -> None:
        """Both layers into the bound frame buffer; ``share`` [0, 1] of the way is gone. ``evenly``: without the front."""
        for unit, (_, colour, _) in enumerate(self._layers):
            colour.use(unit)
        program = self._dissolve if evenly else self._program
        program.set("u_share", share * share * (3.0 - 2.0 * share) if evenly else share)
        program.fill()

    def release(self) -> None:
        """Free everything."""
        self._free()
        for program in self.programs:
            program.release()

    def _layer(self, size: tuple[int, int]) -> tuple[Any, Any, Any]:
        colour, depth = self._context.texture(size, 4, dtype="f2"), self._context.depth_renderbuffer(size)
        colour.repeat_x = colour.repeat_y = False
        colour.filter = (moderngl.LINEAR, moderngl.LINEAR)
        return self._context.framebuffer([colour], depth), colour, depth

    def _free(self) -> None:
        for part in [part for layers in self._kept.values() for layer in layers for part in layer]:
            part.release()
        self._kept, self._layers = {}, []
