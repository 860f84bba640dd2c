"""MLServer's runtime for the networks of a model repository: ONNX Runtime, one thread a network.

Runs in MLServer's own environment: nothing of the piece is imported. MIEN_BATCHES names a file to which each run adds a line:
the network, and how many pictures it painted at once.
"""

from __future__ import annotations

import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse
from mlserver.utils import get_model_uri
from networks import Network


class OnnxRuntime(MLModel):
    """One network; others are served while it works."""

    async def load(self) -> bool:
        self._network = Network(Path(await get_model_uri(self._settings)))
        self._pool = ThreadPoolExecutor(1)
        self._told = os.environ.get("MIEN_BATCHES", "")
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        feeds = {one.name: NumpyCodec.decode_input(one) for one in payload.inputs}
        if self._told:
            with Path(self._told).open("a", encoding="utf-8") as file:
                file.write(f"{self.name} {len(next(iter(feeds.values())))}\n")
        found = await asyncio.get_running_loop().run_in_executor(self._pool, self._network.run, feeds)
        outputs = [NumpyCodec.encode_output(name, values) for name, values in found.items()]
        return InferenceResponse(model_name=self.name, model_version=self.version, outputs=outputs)
