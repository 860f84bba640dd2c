"""The frame block: the uniforms of ``uniforms.py`` as one buffer, written once a frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from installation.render.shaders.hands import WRISTS, Hands
from installation.render.shaders.uniforms import BINDING, SINGLES, layout
from installation.types import EMOTIONS, MAX_PEOPLE, SHAPE_COLUMNS, FloatArray, SceneState

_SHAPE_ORDER = np.array([0, 1, 2, 4, 8, 7, 3, 9, 5, 6, 10, 11])
_SEED = SHAPE_COLUMNS.index("seed")


class FrameBlock:
    """The block's buffer. ``values`` is the structure to fill, ``send`` writes it. Nothing is allocated after the start."""

    def __init__(self, context: Any) -> None:
        kind = layout()
        self._data = np.zeros((), kind)
        self.values: dict[str, Any] = {name: self._data[name] for name in kind.names or ()}
        self._flat = self._data.reshape(1).view(np.float32)
        self._whole = self._data.reshape(1).view(np.int32)
        self._at = {name: kind.fields[name][1] // 4 for name in kind.names or ()} if kind.fields else {}
        entries = {name: self._flat[at : at + 4 * self._rows(name)].reshape(-1, 4) for name, at in self._at.items()}
        self._singles = np.concatenate([self._at[name] + np.arange(self.values[name].size) for name in SINGLES])
        """Where in ``_flat`` each number stands that ``set_singles`` takes."""
        self._palette, self._emotion = entries["u_palette"][:, :3], entries["u_emotion"][:, 0]
        self._counts = self._whole[self._at["u_frame"] :][:3]
        self._own_palettes = entries["u_own_palette"].reshape(MAX_PEOPLE, -1, 4)[:, :, :3]
        # Three arrays that follow one another, by shape.
        self._shapes = self._by_shape("u_place", 3)
        self._figures = self._by_shape("u_seen", 3)
        self._joints, self._hand_rows = entries["u_joints"].reshape(MAX_PEOPLE, -1, 4), entries["u_hands"]
        self._expressions = entries["u_expression"].reshape(MAX_PEOPLE, -1, 4)
        self._moods = entries["u_mood"].reshape(MAX_PEOPLE, -1)[:, : len(EMOTIONS)]
        self._buffer, self._held = (context.buffer(reserve=kind.itemsize) for _ in range(2))
        self._hands = Hands()

    def set(self, name: str, value: Any) -> None:
        """One number, a vector, or an array of them; ValueError when it does not fit."""
        member = self.values[name]
        if member.ndim == 2:
            rows = np.asarray(value)
            member[: len(rows), : rows.shape[1] if rows.ndim == 2 else 1] = rows if rows.ndim == 2 else rows[:, None]
        else:
            member[...] = value

    def set_singles(self, numbers: Sequence[float]) -> None:
        """All of ``uniforms.SINGLES`` at one go; ValueError for another count of numbers."""
        self._flat[self._singles] = numbers

    def set_scene(self, scene: SceneState, frame: int, dt_s: float) -> None:
        """The rest, which stands in the scene as it is: colours, emotion, shapes, visitors. ``frame`` counts pictures,
        [0, 255]; ``dt_s`` as ``Hands.follow`` has it. Shapes beyond MAX_PEOPLE are left out."""
        people = min(len(scene.shapes), MAX_PEOPLE)
        shapes, joints, figures = scene.shapes[:people], scene.joints[:people], scene.figures[:people]
        self._palette[:] = scene.palette
        self._emotion[:] = scene.emotion
        self._own_palettes[:people] = scene.own_palettes[:people]
        self._counts[:] = (frame, people, len(scene.births))
        # x, y, scale, presence; seed, hue shift, energy, age; valence, arousal, phase, spikiness (SHAPE_COLUMNS).
        self._shapes[:people] = shapes[:, _SHAPE_ORDER].reshape(people, 3, 4)
        self._joints[:people] = joints
        self._hand_rows[: 2 * people] = self._hands.follow(joints[:, WRISTS], shapes[:, _SEED], dt_s)
        rows = figures.reshape(people, -1, 4)
        self._figures[:people] = rows[:, :3]
        self._expressions[:people] = rows[:, 3:]
        self._moods[:people] = scene.moods[:people]

    def _rows(self, name: str) -> int:
        member = self.values[name]
        return len(member) if member.ndim == 2 else 0

    def _by_shape(self, first: str, count: int) -> FloatArray:
        at = self._at[first]
        return self._flat[at : at + 4 * count * MAX_PEOPLE].reshape(count, MAX_PEOPLE, 4).transpose(1, 0, 2)

    def send(self) -> None:
        """Write it and bind it."""
        self._buffer.write(self._data)
        self.use()

    def hold(self) -> None:
        """Keep its numbers as they are now, for ``use``."""
        self._held.write(self._data)

    def use(self, held: bool = False) -> None:
        """Bind it, or what was ``held`` of it."""
        (self._held if held else self._buffer).bind_to_uniform_block(BINDING)

    def release(self) -> None:
        """Free it."""
        self._buffer.release()
        self._held.release()
