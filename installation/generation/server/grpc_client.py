"""The Open Inference Protocol over gRPC, by tritonclient."""

from __future__ import annotations

import re
from typing import Any

import grpc
import numpy as np
import numpy.typing as npt
import tritonclient.grpc as triton
from tritonclient.utils import InferenceServerException

from installation.base.onnx_sessions import Feeds
from installation.config.inference_server import ServerAddress
from installation.generation.server.client import (
    MOST_BYTES,
    Served,
    ServerError,
    Trouble,
    answer_of,
    served_of,
    wire_type,
)

_OPTIONS = [
    ("grpc.max_send_message_length", MOST_BYTES),
    ("grpc.max_receive_message_length", MOST_BYTES),
    # A whole picture comes without asking for leave to send more of it: each time costs a turn of threads on both sides.
    ("grpc.http2.lookahead_bytes", 8 << 20),
    ("grpc.http2.max_frame_size", 1 << 20),
    # Else all channels of a process share a connection and its growing pauses: one that was just made would wait for them.
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.enable_http_proxy", 0),
]
_BEFORE = re.compile(r"^.*last error: \w+: (?:ipv[46]:\S+: )?")
_TROUBLES: dict[str, Trouble] = {
    "StatusCode.UNAVAILABLE": "gone",
    "StatusCode.DEADLINE_EXCEEDED": "slow",
    "StatusCode.RESOURCE_EXHAUSTED": "full",
    "StatusCode.NOT_FOUND": "wrong",
    "StatusCode.INVALID_ARGUMENT": "wrong",
}
_WORDS: dict[Trouble, str] = {
    "gone": "it cannot be reached",
    "slow": "it did not answer in time",
    "full": "it has too much to do",
    "wrong": "it refuses",
    "broken": "it answers what cannot be read",
}


class GrpcClient:
    """As ``Client``. One channel with a connection of its own."""

    def __init__(self, address: ServerAddress) -> None:
        self._client = triton.InferenceServerClient(address.place, ssl=address.encrypted, channel_args=_OPTIONS)

    def check_ready(self, timeout_s: float) -> None:
        """As ``Client.check_ready``."""
        if not self._call(self._client.is_server_ready, client_timeout=timeout_s):
            raise ServerError("full", "it is not ready yet")

    def served(self, network: str, timeout_s: float) -> Served:
        """As ``Client.served``."""
        if not self._call(self._client.is_model_ready, network, client_timeout=timeout_s):
            raise ServerError("wrong", f"it has no network {network!r} that is ready")
        told = self._call(self._client.get_model_metadata, network, as_json=True, client_timeout=timeout_s)
        return served_of(told, self._sha256(network, timeout_s))

    def ask(self, network: str, feeds: Feeds, output: str, timeout_s: float) -> npt.NDArray[Any]:
        """As ``Client.ask``. Servers that keep a queue by Triton's rules are told to drop it when it is too late."""
        inputs = []
        for name, values in feeds.items():
            one = triton.InferInput(name, list(values.shape), wire_type(values))
            one.set_data_from_numpy(np.ascontiguousarray(values))
            inputs.append(one)
        found = self._call(
            self._client.infer,
            network,
            inputs,
            outputs=[triton.InferRequestedOutput(output)],
            client_timeout=timeout_s,
            timeout=max(1, int(timeout_s * 1e6)),
        )
        return answer_of(found, output)

    def close(self) -> None:
        """As ``Client.close``."""
        self._client.close()

    def _sha256(self, network: str, timeout_s: float) -> str | None:
        """What the export wrote into the repository; Triton tells it, other servers do not know the question."""
        try:
            told = self._call(self._client.get_model_config, network, as_json=True, client_timeout=timeout_s)
            return str(told["config"]["parameters"]["sha256"]["string_value"])
        except (ServerError, KeyError, TypeError):
            return None

    def _call(self, method: Any, *args: Any, **more: Any) -> Any:
        try:
            return method(*args, **more)
        except InferenceServerException as error:
            raise _error(str(error.status()), str(error.message())) from error
        except grpc.RpcError as error:
            raise ServerError("broken", f"it answers what cannot be read ({type(error).__name__})") from error
        except Exception as error:
            # The client's own parsing: a server may answer anything.
            raise ServerError("broken", f"it answers what cannot be read ({type(error).__name__}: {error})") from error


def _error(status: str, message: str) -> ServerError:
    trouble = _TROUBLES.get(status, "broken")
    lines = message.strip().splitlines()
    # Of all that the connection has gone through the last words; numbers in brackets are others each time.
    said = _BEFORE.sub("", lines[0]).partition(" (")[0][:200] if lines else status
    if trouble == "gone" and "queue" in said.lower():
        # Triton's queue is full, or the request waited too long in it.
        trouble = "full"
    if trouble == "full" and "larger than max" in said:
        trouble = "broken"
    return ServerError(trouble, _WORDS[trouble] if trouble == "slow" else f"{_WORDS[trouble]} ({said})")
