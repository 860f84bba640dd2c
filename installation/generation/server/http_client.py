"""The Open Inference Protocol over HTTP, by tritonclient (gevent, in the thread that asks).

Numbers go as bytes where the server says that it knows the extension for it, else as JSON, which takes many times as long.
"""

from __future__ import annotations

from typing import Any

import gevent
import numpy as np
import numpy.typing as npt
import tritonclient.http as triton
from gevent import ssl
from tritonclient.utils import InferenceServerException

from installation.base.onnx_sessions import Feeds
from installation.config.inference_server import ServerAddress
from installation.generation.server.client import Served, ServerError, Trouble, answer_of, served_of, wire_type

BINARY = "binary_tensor_data"
"""The extension's name."""
LONGEST_S = 30.0
"""Of a single read or write; each call has a total of its own."""
_TROUBLES: dict[str, Trouble] = {
    "400": "wrong", "404": "wrong", "422": "wrong", "408": "slow", "429": "full", "503": "full", "504": "slow"
}  # fmt: skip
_WORDS: dict[Trouble, str] = {
    "slow": "it did not answer in time",
    "full": "it has too much to do",
    "wrong": "it refuses",
    "broken": "it fails",
}


class HttpClient:
    """As ``Client``. One connection, kept open."""

    def __init__(self, address: ServerAddress) -> None:
        self._binary: bool | None = None
        self._client = triton.InferenceServerClient(
            address.place,
            concurrency=1,
            connection_timeout=LONGEST_S,
            network_timeout=LONGEST_S,
            ssl=address.encrypted,
            ssl_context_factory=ssl.create_default_context if address.encrypted else None,
        )

    def check_ready(self, timeout_s: float) -> None:
        """As ``Client.check_ready``."""
        if not self._call(timeout_s, self._client.is_server_ready):
            raise ServerError("full", "it is not ready yet")

    def served(self, network: str, timeout_s: float) -> Served:
        """As ``Client.served``."""
        if not self._call(timeout_s, self._client.is_model_ready, network):
            raise ServerError("wrong", f"it has no network {network!r} that is ready")
        told = self._call(timeout_s, self._client.get_model_metadata, network)
        return served_of(told, self._sha256(network, told, timeout_s))

    def ask(self, network: str, feeds: Feeds, output: str, timeout_s: float) -> npt.NDArray[Any]:
        """As ``Client.ask``. Servers that keep a queue by Triton's rules are told to drop it when it is too late."""
        binary = self._takes_binary(timeout_s)
        inputs = []
        for name, values in feeds.items():
            one = triton.InferInput(name, list(values.shape), wire_type(values))
            one.set_data_from_numpy(np.ascontiguousarray(values), binary_data=binary)
            inputs.append(one)
        wanted = [triton.InferRequestedOutput(output, binary_data=binary)]
        late_us = max(1, int(timeout_s * 1e6))
        found = self._call(timeout_s, self._client.infer, network, inputs, outputs=wanted, timeout=late_us)
        return answer_of(found, output)

    def close(self) -> None:
        """As ``Client.close``."""
        self._client.close()

    def _takes_binary(self, timeout_s: float) -> bool:
        if self._binary is None:
            told = self._call(timeout_s, self._client.get_server_metadata)
            self._binary = isinstance(told, dict) and BINARY in (told.get("extensions") or ())
        return self._binary

    def _sha256(self, network: str, told: Any, timeout_s: float) -> str | None:
        """What the export wrote into the repository, where the server tells it: Triton with the network's configuration, others
        with what they say of the network."""
        try:
            return str(told["parameters"]["sha256"])
        except (KeyError, TypeError):
            pass
        try:
            config = self._call(timeout_s, self._client.get_model_config, network)
            return str(config["parameters"]["sha256"]["string_value"])
        except (ServerError, KeyError, TypeError):
            return None

    def _call(self, timeout_s: float, method: Any, *args: Any, **more: Any) -> Any:
        """At most ``timeout_s`` seconds in all, however slowly bytes come."""
        late = gevent.Timeout(timeout_s)
        late.start()
        try:
            return method(*args, **more)
        except gevent.Timeout as error:
            if error is not late:
                raise
            raise ServerError("slow", _WORDS["slow"]) from error
        except InferenceServerException as error:
            # Its own raiser's frame holds it: with all frames below they would live until the next round of the collector.
            error.with_traceback(None)
            trouble = _TROUBLES.get(str(error.status()), "broken")
            raise ServerError(trouble, f"{_WORDS[trouble]} ({_first_line(error.message())})") from error
        except OSError as error:
            said = error.strerror or str(error) or type(error).__name__
            raise ServerError("gone", f"it cannot be reached ({said})") from error
        except Exception as error:
            # The client's own parsing: a server may answer anything.
            said = f"{type(error).__name__}: {_first_line(str(error))}"
            raise ServerError("broken", f"it answers what cannot be read ({said})") from error
        finally:
            late.close()


def _first_line(message: str) -> str:
    lines = message.strip().splitlines()
    return lines[0][:200] if lines else "no words"
