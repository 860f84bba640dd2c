"""The running piece is changed from outside: the change reaches the loop, what is sent, OSCQuery and the file."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from installation.config.load import load_config
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[3]
DEADLINE_S = 60.0


def osc(path: str, *args: Any) -> bytes:
    builder = OscMessageBuilder(path)
    for value in args:
        builder.add_arg(value)
    dgram: bytes = builder.build().dgram
    return dgram


def ask(url: str) -> Any:
    end_s = time.monotonic() + DEADLINE_S
    while True:
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:
                return json.load(answer)
        except urllib.error.URLError:
            assert time.monotonic() < end_s, "OSCQuery does not answer"
            time.sleep(0.05)


def hear_address(heard: socket.socket, start: str) -> None:
    end_s = time.monotonic() + DEADLINE_S
    while time.monotonic() < end_s:
        packet = heard.recv(65536)
        if any(message.address.startswith(start) for message in OscBundle(packet)):
            return
    raise AssertionError(f"nothing came at {start}")


def test_a_change_reaches_the_running_piece(tmp_path: Path) -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as heard,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as desk,
    ):
        heard.bind(("127.0.0.1", 0))
        heard.settimeout(DEADLINE_S)
        desk.settimeout(DEADLINE_S)
        commands, query = free_port(), free_port()
        config = tmp_path / "config.yaml"
        config.write_text(
            f"# mine\nosc: {{listen_port: {commands}, targets: [{{host: 127.0.0.1, port: {heard.getsockname()[1]}}}]}}\n"
            f"oscquery: {{port: {query}, announce: false}}\ngeneration: {{enabled: false}}\n"
        )
        options = ["--source", "simulated", "--offscreen", "--size", "160x90", "--config", str(config)]
        piece = subprocess.Popen([sys.executable, "-m", "installation", *options, "--seconds", "170"], cwd=ROOT)
        try:
            hear_address(heard, "/mien/")
            assert ask(f"http://127.0.0.1:{query}/mien/control/osc/prefix?VALUE") == {"VALUE": ["/mien"]}
            hear_address(heard, "/mien/frame")
            assert ask(f"http://127.0.0.1:{query}/mien/frame?VALUE")["VALUE"]
            desk.sendto(osc("/mien/control/osc/prefix", "/other"), ("127.0.0.1", commands))
            hear_address(heard, "/other/")
            assert ask(f"http://127.0.0.1:{query}/other/control/osc/prefix?VALUE") == {"VALUE": ["/other"]}
            desk.sendto(osc("/other/control/save"), ("127.0.0.1", commands))
            answer = OscMessage(desk.recv(65536))
            assert (answer.address, answer.params) == ("/other/control/saved", [1])
            assert load_config(config).osc.prefix == "/other"
            assert config.read_text().startswith("# mine\n")
        finally:
            piece.terminate()
            assert piece.wait(60) in (0, -15)
