"""The frame block: the uniforms of ``uniforms.py`` as one buffer, written once a frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from installation.render.shaders.hands import WRISTS, Hands
from installation.render.shaders.uniforms import BINDING, layout
from installation.types import FloatArray


class FrameBlock:
    """The block's buffer. ``values`` is the structure to fill, ``send`` writes it. Nothing is allocated after the start."""

    def __init__(self, context: Any) -> None:
        kind = layout()
        self._data = np.zeros((), kind)
        self.values: dict[str, Any] = {name: self._data[name] for name in kind.names or ()}
        self._flat = self._data.reshape(1).view(np.float32)
        self._whole = self._data.reshape(1).view(np.int32)
        self._at = {name: kind.fields[name][1] // 4 for name in kind.names or ()} if kind.fields else {}
        self._buffer = context.buffer(reserve=kind.itemsize)
        self._hands = Hands()

    def set(self, name: str, value: Any) -> None:
        """One number, a vector, or an array of them; ValueError when it does not fit."""
        member = self.values[name]
        if member.ndim == 2:
            rows = np.asarray(value)
            member[: len(rows), : rows.shape[1] if rows.ndim == 2 else 1] = rows if rows.ndim == 2 else rows[:, None]
        else:
            member[...] = value

    def set_run(self, first: str, numbers: Sequence[float]) -> None:
        """Single numbers and vectors of type float that follow one another in the table, from ``first`` on, at one go."""
        at = self._at[first]
        self._flat[at : at + len(numbers)] = numbers

    def set_counts(self, frame: int, people: int, births: int) -> None:
        """The three whole numbers."""
        at = self._at["u_frame"]
        self._whole[at : at + 3] = (frame, people, births)

    def set_joints(self, joints: FloatArray, seeds: FloatArray, dt_s: float) -> None:
        """``joints`` (N, len(JOINTS), 4) of the shapes with these ``seeds`` (N,), ``dt_s`` seconds after the call before; 0:
        the same moment again. The hands' velocity is a mean over about HAND_S; a hand that was not there begins at rest."""
        self.set("u_joints", joints.reshape(-1, 4))
        self.set("u_hands", self._hands.follow(joints[:, WRISTS], seeds, dt_s))

    def set_figures(self, figures: FloatArray) -> None:
        """``figures`` (N, len(FIGURE_COLUMNS)) of the shapes, at one go."""
        rows = figures.reshape(len(figures), -1, 4)
        for at, name in enumerate(("u_seen", "u_head", "u_turn")):
            self.values[name][: len(rows)] = rows[:, at]
        self.values["u_expression"][: 4 * len(rows)] = rows[:, 3:].reshape(-1, 4)

    def send(self) -> None:
        """Write it and bind it."""
        self._buffer.write(self._data)
        self._buffer.bind_to_uniform_block(BINDING)

    def release(self) -> None:
        """Free it."""
        self._buffer.release()
