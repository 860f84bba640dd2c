"""Passwords of sources are in no byte that the piece writes or sends."""

import gzip
import json
import logging
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from urllib.parse import quote, quote_plus

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.base import secrets
from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.base.secrets import hide, learn, masked, without_secrets
from installation.capture.sources import CaptureError, source_for
from installation.commands.shared import set_up_logging
from installation.config.capture import CaptureConfig
from installation.config.load import ConfigError, load_config, parse_config
from installation.config.save import save_settings
from installation.record.recording import Event, Recorder, read_recording
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _nothing_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests shall not miss words that were passwords here."""
    monkeypatch.setattr(secrets, "_known", secrets._Known())


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("rtsp://viewer:s3cret@host:554/live", "rtsp://viewer:***@host:554/live"),
        ("rtsp://viewer:p@ss@host/live", "rtsp://viewer:***@host/live"),
        ("rtsp://viewer:p/w:x?y@host/live", "rtsp://viewer:***@host/live"),
        ("rtsps://:p%40ss@[fe80::1]/live", "rtsps://:***@[fe80::1]/live"),
        ("http://host/video?pwd=abc&channel=1", "http://host/video?pwd=***&channel=1"),
        ("http://host/video?loginuse=me&loginpas=a&b#c&n=1", "http://host/video?loginuse=me&loginpas=***&n=1"),
        ("https://host/v;access_token=abc;quality=2", "https://host/v;access_token=***;quality=2"),
        ("https://me:pw@host/v?api_key=abc", "https://me:***@host/v?api_key=***"),
        ("rtsp://host/user=admin&password=abc&channel=1", "rtsp://host/user=admin&password=***&channel=1"),
        ("rtsp://host/user=admin_password=tlJwpbo6_channel=1", "rtsp://host/user=admin_password=***"),
        ("rtsp://a:b@host/v?mail=me@example.org", "rtsp://a:***@host/v?mail=me@example.org"),
        ("viewer:s3cret@10.0.0.1/live", "viewer:***@10.0.0.1/live"),  # the scheme was forgotten
        ("rtsp:/viewer:s3cret@10.0.0.1/live", "rtsp:/viewer:***@10.0.0.1/live"),
        ("rtsp://host:554/live", "rtsp://host:554/live"),
        ("http://host/monkey=3?author=me", "http://host/monkey=3?author=me"),
        ("films/home@evening.mp4", "films/home@evening.mp4"),
    ],
)
def test_an_address_is_masked_by_its_parts(address: str, shown: str) -> None:
    assert masked(address) == shown
    assert masked(shown) == shown


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=4, max_size=20))
def test_any_password_is_masked_in_its_address_and_wherever_else_it_stands(password: str) -> None:
    address = f"rtsp://viewer:{password}@10.0.0.1/live"
    assert masked(address) == "rtsp://viewer:***@10.0.0.1/live"
    secrets._known = secrets._Known()
    learn({"capture": {"source": address}})
    for written in (password, quote(password), quote(password, safe="").lower(), quote_plus(password)):
        assert hide(f"401 (\t{written}\t)") == "401 (\t***\t)"
    for written in (repr(password), json.dumps(password), json.dumps(password, ensure_ascii=False)):
        assert hide(f"401 {written}")[5:-1] == "***"


def test_words_are_left_alone() -> None:
    learn(["rtsp://me:cam@host/x", "rtsp://me:rose42@host/x"])
    assert hide("the camera says: cam 12 of primrose42, rose42.") == "the camera says: cam 12 of primrose42, ***."


def test_the_log_and_notices_hide_what_an_error_says(capsys: pytest.CaptureFixture[str]) -> None:
    config = parse_config('capture: {source: "rtsp://viewer:gr0ss/geheim@host/live"}')
    root, handlers = logging.getLogger(), list(logging.getLogger().handlers)
    try:
        set_up_logging("info")
        try:
            raise OSError(f"Invalid data found: {config.capture.source}")
        except OSError:
            logging.getLogger("test").exception("broke with gr0ss%2Fgeheim")
    finally:
        root.handlers[:] = handlers
    written = capsys.readouterr().err
    assert "Traceback" in written
    assert "rtsp://viewer:***@host/live" in written
    assert "geheim" not in written
    notices = Notices(ManualClock())
    notices.fault("source", "no answer to viewer:gr0ss/geheim")
    assert notices.active()[0].message == "no answer to viewer:***"


def test_a_mistake_beside_a_password_does_not_tell_it() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config('capture: {source: "rtsp://v:k3yh0le@host/", mirror: "k3yh0le"}')
    assert "k3yh0le" not in hide(str(caught.value))
    with pytest.raises(CaptureError) as refused:
        source_for("rtps://v:k3yh0le@host/live", CaptureConfig())
    assert "k3yh0le" not in str(refused.value)


def test_a_masked_address_is_refused_as_a_source() -> None:
    with pytest.raises(CaptureError, match="write the password itself"):
        source_for("rtsp://viewer:***@10.0.0.1/live", CaptureConfig())


def test_saving_other_settings_keeps_the_password(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text('capture: {source: "rtsp://viewer:s3cret@host/live"}\n')
    save_settings(path, {("output", "vsync"): False})
    assert load_config(path).capture.source == "rtsp://viewer:s3cret@host/live"


def test_a_recording_has_the_settings_without_passwords_and_can_be_replayed(tmp_path: Path) -> None:
    config = parse_config('capture: {source: "rtsp://viewer:s3cret@host/live"}').model_dump()
    recorder = Recorder(tmp_path / "take.jsonl", {"seed": 1, "config": config})
    recorder.write(Event("config", 1.0, config))
    recorder.write(Event("event", 2.0, {"name": "source", "args": ["rtsp://viewer:s3cret@host/live"]}))
    recorder.close()
    assert b"s3cret" not in (tmp_path / "take.jsonl").read_bytes()
    header, events = read_recording(tmp_path / "take.jsonl")
    expected = {**config, "capture": {**config["capture"], "source": "rtsp://viewer:***@host/live"}}
    assert header["config"] == without_secrets(expected) == expected
    assert next(events).value == expected


class _Heard(threading.Thread):
    """All that comes to a port."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.data = b""

    def run(self) -> None:
        while packet := self.socket.recv(65536):
            self.data += packet

    def wait_for(self, part: bytes) -> None:
        end_s = time.monotonic() + 60
        while part not in self.data:
            assert time.monotonic() < end_s, f"{part!r} was never sent"
            time.sleep(0.05)

    def end(self) -> bytes:
        self.socket.sendto(b"", self.socket.getsockname())
        self.join(5)
        self.socket.close()
        return self.data


def _tree_at(url: str) -> bytes:
    """OSCQuery's tree, as soon as it is served."""
    end_s = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:
                found: bytes = answer.read()
                return found
        except OSError:
            assert time.monotonic() < end_s, "OSCQuery does not answer"
            time.sleep(0.05)


def test_a_whole_run_never_tells_the_password(tmp_path: Path) -> None:
    heard, web, shown = _Heard(), free_port(), b"rtsp://viewer:***@127.0.0.1:9/live?token=***"
    heard.start()
    config = tmp_path / "config.yaml"
    config.write_text(
        'capture: {source: "rtsp://viewer:s3cret/w0rd@127.0.0.1:9/live?token=t0kent0ken"}\n'
        f"osc: {{targets: [{{host: 127.0.0.1, port: {heard.port}}}], listen_port: 0}}\n"
        f"oscquery: {{port: {web}}}\ngeneration: {{enabled: false}}\nrepainting: {{enabled: false}}\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "installation", "--offscreen", "--size", "64x64", "--hud",
         "--config", str(config), "--record", str(tmp_path / "take.jsonl.gz"), "--report", str(tmp_path / "r.json"),
         "--log", str(tmp_path / "log"), "--verbose"],
        cwd=ROOT, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    written, children, tree = "", b"", b""
    end = threading.Timer(120, process.kill)
    end.start()
    try:
        for line in process.stderr:
            written += line
            if "opening it again" in line and not tree:
                tree = _tree_at(f"http://127.0.0.1:{web}/")
                for child in psutil.Process(process.pid).children(recursive=True):
                    children += repr((child.cmdline(), child.environ())).encode()
                heard.wait_for(shown)
                process.terminate()
        assert process.wait(60) == 0, written
    finally:
        end.cancel()
        process.kill()
        process.communicate()
        packets = heard.end()
    logged = b"".join(bytes.fromhex(line) for line in (tmp_path / "log" / "osc.log").read_text().split())
    with gzip.open(tmp_path / "take.jsonl.gz") as file:
        recording = file.read()
    told = {
        "stderr": written.encode(),
        "report": (tmp_path / "r.json").read_bytes(),
        "recording": recording,
        "scene.log": (tmp_path / "log" / "scene.log").read_bytes(),
        "osc.log": logged,
        "packets": packets,
        "tree": tree,
        "children": children,
    }
    for name, data in told.items():
        assert data, name
        assert b"s3cret" not in data, name
        assert b"w0rd" not in data, name
        assert b"t0kent0ken" not in data, name
    # And what failed is told all the same.
    for name in ("stderr", "report", "osc.log", "packets"):
        assert shown in told[name], name
