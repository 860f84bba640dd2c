"""The trained generator in ONNX Runtime."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import numpy as np
import onnxruntime

from installation.textures.latent import LatentWalk
from installation.types import ByteArray, FloatArray

CELL_PX = 16
"""Pixels of the picture to one cell of the latent map."""
_PROVIDERS = {"cpu": ["CPUExecutionProvider"], "cuda": ["CUDAExecutionProvider", "CPUExecutionProvider"]}


class GeneratorError(Exception):
    """The model cannot be used; the message says why."""


class TextureGenerator:
    """models/texture.onnx: an affect and a place on the latent walk give a tileable picture.

    ``provider`` is auto, cpu or cuda; ``wanted`` is cpu or cuda, and ``providers`` says what really runs. Not
    thread-safe. Raises GeneratorError for a file that is missing, broken or another network.
    """

    def __init__(self, path: Path, size_px: int, seed: int, provider: str = "auto", threads: int = 1) -> None:
        available = onnxruntime.get_available_providers()
        self.wanted = provider
        if provider == "auto":
            self.wanted = "cuda" if "CUDAExecutionProvider" in available else "cpu"
        # One that this ONNX Runtime was built without only draws a warning; ``providers`` tells what came of it.
        providers = [name for name in _PROVIDERS[self.wanted] if name in available]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=providers)
        except Exception as error:
            raise GeneratorError(f"{path} cannot be loaded: {error}") from error
        inputs = {entry.name: entry.shape for entry in self._session.get_inputs()}
        if set(inputs) != {"coarse", "fine", "style", "affect"}:
            raise GeneratorError(f"{path} is not a texture generator: its inputs are {sorted(inputs)}")
        if size_px % CELL_PX:
            raise GeneratorError(f"the size must be a multiple of {CELL_PX}, not {size_px}")
        cells = size_px // CELL_PX
        shapes = {
            "coarse": (1, int(inputs["coarse"][1]), cells, cells),
            "fine": (1, int(inputs["fine"][1]), 4 * cells, 4 * cells),
            "style": (1, int(inputs["style"][1])),
        }
        self._walk = LatentWalk(shapes, seed)

    @property
    def providers(self) -> list[str]:
        """What the session runs on, the preferred one first."""
        return list(self._session.get_providers())

    def generate(self, affect: FloatArray, position: float) -> ByteArray:
        """(S, S, 4) uint8 sRGB, opaque and tileable, for ``affect`` (4,) at ``position`` keys on the walk."""
        feeds = self._walk.at(position) | {"affect": np.asarray(affect, np.float32)[None]}
        return cast(ByteArray, self._session.run(None, feeds)[0])
