"""A bare server of the Open Inference Protocol, gRPC and HTTP: in threads of a test, or a process of its own.

    python -m tests.serving.bare_server --models FOLDER [--grpc PORT] [--http PORT] [--threads N]

It has every NAME.onnx of the folder and every NAME/1/model.onnx of a model repository, runs one request after another, and
batches nothing. What a test wants to go wrong is set on ``Desk``.
"""

from __future__ import annotations

import argparse
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import grpc
from tritonclient.grpc import service_pb2, service_pb2_grpc

from tests.serving.networks import Network, Tensors

LOCAL = "127.0.0.1"
LENGTH = "Inference-Header-Content-Length"


class RefusedError(Exception):
    """The desk gives no answer; ``status`` is gRPC's, ``code`` HTTP's."""

    def __init__(self, status: grpc.StatusCode, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class Desk:
    """Answers what either way in asks. ``delay_s`` before each answer; ``refusal`` instead of one; ``bend`` may change the
    outputs; ``binary``: HTTP knows the extension for bytes.

    ``asked`` counts requests by network, ``at_once`` the most that were under way together, ``seen`` holds the newest inputs,
    ``took_ms`` what networks took (``/took`` tells and forgets it).
    """

    def __init__(self, networks: dict[str, Network]) -> None:
        self.networks = networks
        self.delay_s = 0.0
        self.refusal: RefusedError | None = None
        self.bend: Any = None
        self.ready = True
        self.binary = True
        self.asked: dict[str, int] = {}
        self.seen: dict[str, Tensors] = {}
        self.at_once: dict[str, int] = {}
        self.took_ms: dict[str, list[float]] = {}
        self._under_way: dict[str, int] = {}
        self._lock, self._one = threading.Lock(), threading.Lock()

    def network(self, name: str) -> Network:
        if name not in self.networks:
            raise RefusedError(grpc.StatusCode.NOT_FOUND, 404, f"Request for unknown model: '{name}' is not found")
        return self.networks[name]

    def answer(self, name: str, feeds: Tensors) -> Tensors:
        with self._lock:
            self.asked[name] = self.asked.get(name, 0) + 1
            self.seen[name] = feeds
            self._under_way[name] = self._under_way.get(name, 0) + 1
            self.at_once[name] = max(self.at_once.get(name, 0), self._under_way[name])
        try:
            if self.delay_s:
                time.sleep(self.delay_s)
            if self.refusal is not None:
                raise self.refusal
            with self._one:
                began_s = time.perf_counter()
                found = self.network(name).run(feeds)
                self.took_ms.setdefault(name, []).append(1000 * (time.perf_counter() - began_s))
            return self.bend(found) if self.bend is not None else found
        finally:
            with self._lock:
                self._under_way[name] -= 1


class _Grpc(service_pb2_grpc.GRPCInferenceServiceServicer):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ServerLive(self, request: Any, context: Any) -> Any:
        return service_pb2.ServerLiveResponse(live=True)

    def ServerReady(self, request: Any, context: Any) -> Any:
        return service_pb2.ServerReadyResponse(ready=self._desk.ready)

    def ModelReady(self, request: Any, context: Any) -> Any:
        return service_pb2.ModelReadyResponse(ready=request.name in self._desk.networks)

    def ModelMetadata(self, request: Any, context: Any) -> Any:
        network = self._get(request.name, context)
        told = service_pb2.ModelMetadataResponse(name=request.name, versions=["1"], platform="onnxruntime_onnx")
        for place, ports in ((told.inputs, network.inputs), (told.outputs, network.outputs)):
            for port in ports:
                place.add(name=port["name"], datatype=port["datatype"], shape=port["shape"])
        return told

    def ModelConfig(self, request: Any, context: Any) -> Any:
        network = self._get(request.name, context)
        if not network.parameters:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, "no configuration here")
        told = service_pb2.ModelConfigResponse()
        for name, text in network.parameters.items():
            told.config.parameters[name].string_value = text
        return told

    def ModelInfer(self, request: Any, context: Any) -> Any:
        network = self._get(request.model_name, context)
        feeds = {
            one.name: network.array(one.name, raw, list(one.shape))
            for one, raw in zip(request.inputs, request.raw_input_contents, strict=True)
        }
        try:
            found = self._desk.answer(request.model_name, feeds)
        except RefusedError as error:
            context.abort(error.status, str(error))
        told = service_pb2.ModelInferResponse(model_name=request.model_name, model_version="1", id=request.id)
        for name, values in found.items():
            told.outputs.add(name=name, datatype=network.types[name][0], shape=list(values.shape))
            told.raw_output_contents.append(values.tobytes())
        return told

    def _get(self, name: str, context: Any) -> Network:
        try:
            return self._desk.network(name)
        except RefusedError as error:
            context.abort(error.status, str(error))
            raise


class _Http(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    desk: Desk

    def do_GET(self) -> None:
        parts = self.path.strip("/").split("/")
        if parts[:2] == ["v2", "health"]:
            self._say(200 if self.desk.ready or parts[2] == "live" else 400, {})
            return
        if parts == ["took"]:
            told, self.desk.took_ms = self.desk.took_ms, {}
            self._say(200, told)
            return
        if parts == ["v2"]:
            known = ["binary_tensor_data"] if self.desk.binary else []
            self._say(200, {"name": "bare", "version": "1", "extensions": known})
            return
        try:
            network = self.desk.network(parts[2])
        except (RefusedError, IndexError):
            self._say(404, {"error": f"unknown: {self.path}"})
            return
        if parts[3:] == ["config"]:
            told = {"parameters": {name: {"string_value": text} for name, text in network.parameters.items()}}
            self._say(200 if network.parameters else 404, told)
            return
        self._say(
            200,
            {
                "name": parts[2],
                "versions": ["1"],
                "platform": "onnx",
                "inputs": network.inputs,
                "outputs": network.outputs,
            },
        )

    def do_POST(self) -> None:
        name = self.path.split("/")[3]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        head = int(self.headers.get(LENGTH, len(body)))
        asked, raw = json.loads(body[:head]), body[head:]
        try:
            network, feeds, at = self.desk.network(name), {}, 0
            for one in asked["inputs"]:
                if "data" in one:
                    feeds[one["name"]] = network.listed(one["name"], one["data"], one["shape"])
                    continue
                size = one["parameters"]["binary_data_size"]
                feeds[one["name"]] = network.array(one["name"], raw[at : at + size], one["shape"])
                at += size
            found = self.desk.answer(name, feeds)
        except RefusedError as error:
            self._say(error.code, {"error": str(error)})
            return
        outputs, data = [], b""
        for key, values in found.items():
            told = {"name": key, "datatype": network.types[key][0], "shape": list(values.shape)}
            if self.desk.binary:
                data += values.tobytes()
                told["parameters"] = {"binary_data_size": values.nbytes}
            else:
                told["data"] = values.ravel().tolist()
            outputs.append(told)
        self._say(200, {"model_name": name, "model_version": "1", "outputs": outputs}, data)

    def _say(self, code: int, told: dict[str, Any], data: bytes = b"") -> None:
        text = json.dumps(told).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/octet-stream" if data else "application/json")
        if data:
            self.send_header(LENGTH, str(len(text)))
        self.send_header("Content-Length", str(len(text) + len(data)))
        self.end_headers()
        self.wfile.write(text + data)
        self.wfile.flush()

    def log_message(self, *args: Any) -> None:
        pass


class BareServer:
    """Both ways in, on free ports unless told. ``close`` ends it at once."""

    def __init__(self, networks: dict[str, Network], grpc_port: int = 0, http_port: int = 0) -> None:
        self.desk = Desk(networks)
        options = [("grpc.max_receive_message_length", 64 << 20), ("grpc.so_reuseport", 0)]
        self._grpc = grpc.server(ThreadPoolExecutor(8), options=options)
        service_pb2_grpc.add_GRPCInferenceServiceServicer_to_server(_Grpc(self.desk), self._grpc)
        self.grpc_port = self._grpc.add_insecure_port(f"{LOCAL}:{grpc_port}")
        self._grpc.start()
        handler = type("_Handler", (_Http,), {"desk": self.desk})
        self._http = ThreadingHTTPServer((LOCAL, http_port), handler)
        self._http.daemon_threads = True
        self.http_port = self._http.server_address[1]
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._grpc.stop(0).wait(5)
        self._http.shutdown()
        self._http.server_close()


def networks_of(folder: Path, threads: int = 1) -> dict[str, Network]:
    """Every network of a folder or a model repository, by name."""
    found = {path.stem: path for path in folder.glob("*.onnx")}
    found |= {path.parent.parent.name: path for path in folder.glob("*/1/model.onnx")}
    return {name: Network(path, threads=threads) for name, path in found.items()}


def main() -> None:
    """Serve until somebody ends it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--grpc", type=int, default=0)
    parser.add_argument("--http", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    server = BareServer(networks_of(options.models, options.threads), options.grpc, options.http)
    print(json.dumps({"grpc": server.grpc_port, "http": server.http_port}), flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
