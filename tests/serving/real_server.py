"""MLServer, a real server of the Open Inference Protocol, in an environment and a process of its own.

MIEN_MLSERVER names the folder of the environment; one that is not there yet is made, which downloads packages. Its address is
the first argument of whoever wants to talk to it: both ways in are open.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from pathlib import Path

from tests.serving.networks import Network

HERE = Path(__file__).resolve().parent
VARIABLE = "MIEN_MLSERVER"
PACKAGES = ("mlserver==1.7.1", "onnxruntime==1.23.2")
LOCAL = "127.0.0.1"
START_S = 120.0


class NoServerError(Exception):
    """There is no environment with MLServer; the message says how to have one."""


def environment() -> Path:
    """The environment's folder, made where it is named and not there. Raises NoServerError."""
    named = os.environ.get(VARIABLE)
    if not named:
        raise NoServerError(f"no MLServer here: set {VARIABLE} to the folder of its environment, or of one to be made")
    folder = Path(named).absolute()
    if not program(folder).exists():
        venv.create(folder, with_pip=True, symlinks=os.name != "nt")
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", *PACKAGES]
        found = subprocess.run(pip, capture_output=True, text=True, check=False)
        if found.returncode != 0:
            raise NoServerError(f"MLServer could not be installed: {found.stderr.strip()[-500:]}")
    return folder


def program(folder: Path) -> Path:
    return folder / "bin" / "mlserver"


def free_ports() -> tuple[int, int]:
    """Two ports that nobody listens on."""
    held = [socket.create_server((LOCAL, 0)) for _ in range(2)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports[0], ports[1]


class RealServer:
    """Serves a model repository. ``batch``: pictures that it puts together, 0: none. ``stop`` and ``go`` as SIGSTOP does."""

    def __init__(self, repository: Path, ports: tuple[int, int], batch: int = 0, wait_s: float = 0.002) -> None:
        self.repository, self.grpc_port, self.http_port = repository, *ports
        self._folder = environment()
        settings = {
            "host": LOCAL,
            "http_port": self.http_port,
            "grpc_port": self.grpc_port,
            "metrics_endpoint": None,
            "parallel_workers": 0,
            "debug": False,
            "grpc_max_message_length": 64 << 20,
        }
        (repository / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
        for file in repository.glob("*/1/model.onnx"):
            network = Network(file)
            batched = all(port["shape"][0] == -1 for port in (*network.inputs, *network.outputs))
            told = {
                "name": file.parent.parent.name,
                "implementation": "mlserver_runtime.OnnxRuntime",
                "platform": "onnxruntime_onnx",
                "versions": ["1"],
                "inputs": network.inputs,
                "outputs": network.outputs,
                "parameters": {"uri": str(file), "version": "1"},
            }
            if batch and batched:
                told |= {"max_batch_size": batch, "max_batch_time": wait_s}
            (file.parent.parent / "model-settings.json").write_text(json.dumps(told), encoding="utf-8")
        self._log = (repository / "mlserver.log").open("ab")
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Begin, and wait until it takes requests. Raises NoServerError."""
        keep = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        self._process = subprocess.Popen(
            [str(self._folder / "bin" / "python"), str(program(self._folder)), "start", str(self.repository)],
            env={**keep, "PYTHONPATH": str(HERE), "OMP_NUM_THREADS": "1"},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            cwd=self.repository,
        )
        until_s = time.monotonic() + START_S
        while time.monotonic() < until_s:
            if self._process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"http://{LOCAL}:{self.http_port}/v2/health/ready", timeout=2) as told:
                    if told.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        self.kill()
        raise NoServerError(f"MLServer did not start; {self.repository / 'mlserver.log'} says why")

    def stop(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def go(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def kill(self) -> None:
        """End it as a power cut does; ``start`` begins again."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(20)
            self._process = None

    def close(self) -> None:
        self.kill()
        self._log.close()


if __name__ == "__main__":
    print(environment(), file=sys.stderr)
