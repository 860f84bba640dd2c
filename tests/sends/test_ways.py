"""Ways out up to their libraries: NDI and HLS for real, the others to the library's border, which stands in a fake.

SpoutGL works on Windows alone, syphon-python on macOS alone, and a virtual camera needs a kernel module: what is tested here is
what Mien asks of them, by the names and types that their releases have. None of the three was seen to work by these tests.
"""

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import time
import types
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from installation.base.files import ROOT
from installation.config.sends import SendConfig
from installation.sends import stream
from installation.sends.way import Sent, Way, WayError, library, make_way

SIZE = (64, 48)
LOOPBACK = {"ndi": {"networks": {"ips": "127.0.0.1,", "discovery": ""}, "adapters": {"allowed": ["127.0.0.1"]}}}


def picture(
    red: int = 10, green: int = 200, blue: int = 30, alpha: int = 255, size: tuple[int, int] = SIZE
) -> np.ndarray:
    rgba = np.empty((size[1], size[0], 4), np.uint8)
    rgba[:] = red, green, blue, alpha
    rgba[: size[1] // 2, :, 2] = 250  # the upper half is bluer
    return rgba


class Noted:
    """Notes every call, and gives what it was told to."""

    def __init__(self, **gives: Any) -> None:
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self._gives = gives

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*args: Any, **named: Any) -> Any:
            self.calls.append((name, args, named))
            return self._gives.get(name)

        return call

    def names(self) -> list[str]:
        return [name for name, _, _ in self.calls]


def module(monkeypatch: pytest.MonkeyPatch, name: str, **holds: Any) -> types.ModuleType:
    made = types.ModuleType(name)
    vars(made).update(holds)
    monkeypatch.setitem(sys.modules, name, made)
    return made


def test_a_missing_package_says_how_it_is_installed() -> None:
    with pytest.raises(WayError, match=r"needs no_such_package .*run\.py setup --with spout$"):
        library("no_such_package", "spout")


def test_spout_is_asked_for_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    sender = Noted(createOpenGL=True, sendImage=True)
    module(monkeypatch, "SpoutGL", SpoutSender=lambda: sender)
    way = make_way(SendConfig(kind="spout", name="Wall", alpha=True))
    way.open(SIZE)
    rgba = picture(alpha=77)
    way.send(Sent(rgba, 0.0))
    assert way.wait_for_somebody(0.0)
    way.close()
    assert sender.names() == [
        "createOpenGL",
        "setSenderName",
        "sendImage",
        "setFrameSync",
        "releaseSender",
        "closeOpenGL",
    ]
    assert sender.calls[1][1] == ("Wall",)
    data, width, height, form, upside_down, buffer = sender.calls[2][1]
    assert (data, width, height, form, upside_down, buffer) == (rgba.tobytes(), *SIZE, 0x1908, False, 0)
    sender._gives["sendImage"] = False
    way.open(SIZE)
    with pytest.raises(WayError, match="took no picture"):
        way.send(Sent(rgba, 0.0))


def test_syphon_is_asked_for_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    server, raw = Noted(), Noted(create_mtl_texture="texture")
    server.has_clients, server.device = False, "card"
    module(monkeypatch, "syphon", SyphonMetalServer=lambda name: server if name == "Wall" else None)
    module(monkeypatch, "syphon.utils")
    module(
        monkeypatch,
        "syphon.utils.raw",
        create_mtl_texture=raw.create_mtl_texture,
        copy_bytes_to_mtl_texture=raw.copy_bytes_to_mtl_texture,
    )
    way = make_way(SendConfig(kind="syphon", name="Wall"))
    way.open(SIZE)
    assert not way.wait_for_somebody(0.1)
    server.has_clients = True
    assert way.wait_for_somebody(0.1)
    rgba = picture()
    way.send(Sent(rgba, 0.0))
    way.close()
    assert raw.calls == [
        ("create_mtl_texture", ("card", *SIZE), {}),
        ("copy_bytes_to_mtl_texture", (rgba.tobytes(), "texture"), {}),
    ]
    assert server.calls == [("publish_frame_texture", ("texture",), {"is_flipped": True}), ("stop", (), {})]


def test_a_virtual_camera_gets_colours_without_alpha(monkeypatch: pytest.MonkeyPatch) -> None:
    camera, made = Noted(), list[tuple[Any, ...]]()
    camera.device = "/dev/video7"

    def make(width: int, height: int, fps: float, *, device: str | None) -> Noted:
        made.append((width, height, fps, device))
        return camera

    module(monkeypatch, "pyvirtualcam", Camera=make)
    way = make_way(SendConfig(kind="camera", address="/dev/video7", per_second=25))
    assert way.open(SIZE) == "virtual camera /dev/video7"
    way.send(Sent(picture(), 0.0))
    way.close()
    make_way(SendConfig(kind="camera")).open(SIZE)
    assert made == [(*SIZE, 25, "/dev/video7"), (*SIZE, 30, None)]
    (name, (frame,), _), *rest = camera.calls
    assert (name, frame.shape, frame.flags.c_contiguous) == ("send", (48, 64, 3), True)
    assert np.array_equal(frame, picture()[:, :, :3])
    assert [one[0] for one in rest] == ["close"]


def test_no_virtual_camera_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def make(*args: Any, **named: Any) -> None:
        raise RuntimeError("'v4l2loopback' backend: no device\n")

    module(monkeypatch, "pyvirtualcam", Camera=make)
    with pytest.raises(WayError, match=r"no virtual camera .*no device.* load v4l2loopback"):
        make_way(SendConfig(kind="camera")).open(SIZE)


@pytest.fixture
def opened() -> Iterator[list[Way]]:
    ways: list[Way] = []
    yield ways
    for way in ways:
        way.close()


def test_a_stream_as_files_is_read_by_another_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: list[Way]
) -> None:
    """HLS: the playlist is read as any player reads it; colours and times are those that were sent."""
    monkeypatch.setattr(stream, "PROJECT", tmp_path)
    size, rate = (320, 180), 25
    way = make_way(SendConfig(kind="stream", address="hls/mien.m3u8", per_second=rate, kbit_per_second=1000))
    opened.append(way)
    assert way.open(size) == "stream to hls/mien.m3u8, 320x180"
    count = 5 * rate
    for number in range(count):
        way.send(Sent(picture(red=2 * (number % 100), size=size), 7.0 + number / rate))
    way.close()
    assert len(list((tmp_path / "hls").glob("*.ts"))) >= 2
    with av.open(str(tmp_path / "hls" / "mien.m3u8")) as container:
        frames = list(container.decode(video=0))
    assert len(frames) == count
    times_s = np.array([float(frame.pts * frame.time_base) for frame in frames])
    assert np.allclose(np.diff(times_s), 1 / rate, atol=1e-3)
    rgb = frames[60].to_ndarray(format="rgb24", src_colorspace="ITU709").astype(float)
    wanted = picture(red=120, size=size)[:, :, :3]
    inner = [slice(10, 80), slice(100, 170)]
    assert max(float(np.abs(rgb[rows] - wanted[rows]).mean()) for rows in inner) < 4


def test_a_server_that_is_not_there_is_told_without_the_key(opened: list[Way]) -> None:
    way = make_way(SendConfig(kind="stream", address="rtmp://127.0.0.1:9/live/opensesame"))
    opened.append(way)

    def try_it() -> None:
        way.open(SIZE)
        for number in range(60):
            way.send(Sent(picture(), number / 30))

    with pytest.raises(WayError) as error:
        try_it()
    assert "rtmp://127.0.0.1:9/live/***" in str(error.value)
    assert "opensesame" not in str(error.value)


@pytest.fixture
def srt_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_srt_reaches_a_program_that_listens(tmp_path: Path, opened: list[Way], srt_port: int) -> None:
    """libsrt's own program stores what comes, encrypted on its way; a reader finds every picture in it."""
    program = shutil.which("srt-live-transmit")
    if program is None:
        pytest.skip("srt-live-transmit is not installed (Debian: srt-tools)")
    listening = f"srt://127.0.0.1:{srt_port}?mode=listener&passphrase=opensesame12"
    with (tmp_path / "out.ts").open("wb") as out:
        listener = subprocess.Popen([program, "-q", "-a:no", listening, "file://con"], stdout=out)
        address = f"srt://127.0.0.1:{srt_port}?passphrase=opensesame12"
        way = make_way(SendConfig(kind="stream", address=address, per_second=25))
        opened.append(way)
        told = ""
        while not told and listener.poll() is None:
            with contextlib.suppress(WayError):
                told = way.open((320, 180))
        assert told == f"stream to srt://127.0.0.1:{srt_port}?passphrase=***, 320x180"
        start_s = time.monotonic()
        for number in range(50):
            way.send(Sent(picture(red=2 * number, size=(320, 180)), number / 25))
            time.sleep(max(0.0, start_s + number / 25 - time.monotonic()))
        time.sleep(0.5)  # what is on its way arrives within the latency
        way.close()
        try:
            listener.wait(20)
        finally:
            listener.kill()
            listener.wait()
    with av.open(str(tmp_path / "out.ts")) as container:
        assert len(list(container.decode(video=0))) == 50


def test_srt_without_somebody_who_listens_is_told(opened: list[Way], srt_port: int) -> None:
    way = make_way(SendConfig(kind="stream", address=f"srt://127.0.0.1:{srt_port}"))
    opened.append(way)
    with pytest.raises(WayError, match=r"^srt://127\.0\.0\.1:\d+: (Connection|SRT needs libsrt)"):
        way.open(SIZE)


@pytest.fixture
def loopback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """NDI's own settings: it speaks to this machine alone."""
    (tmp_path / "ndi-config.v1.json").write_text(json.dumps(LOOPBACK))
    monkeypatch.setenv("NDI_CONFIG_DIR", str(tmp_path))
    return tmp_path


SENDER = """
import sys, time
import numpy as np
sys.path.insert(0, {root!r} + "/benchmarks")
from ndi_receiver import write_number
from installation.config.sends import SendConfig
from installation.sends.way import Sent, make_way
way = make_way(SendConfig(name="Mien test", per_second=20, alpha={alpha}))
print(way.open((640, 360)), flush=True)
across = np.linspace(0, 255, 640).astype(np.uint8)
rgba = np.empty((360, 640, 4), np.uint8)
rgba[..., 0], rgba[..., 1], rgba[..., 2], rgba[..., 3] = across, 255 - across, 60, 255
rgba[200:, :, 3] = {alpha_value}
assert way.wait_for_somebody(30.0)
for number in range(1, 2000):
    write_number(rgba, number)
    way.send(Sent(rgba, 0.0))
    time.sleep(0.05)
    if number % 20 == 0 and not way.wait_for_somebody(0.0):
        break
way.close()
print("nobody looks any more", flush=True)
"""


@pytest.mark.parametrize("alpha", [False, True])
def test_ndi_reaches_a_receiver_in_another_process(loopback: Path, alpha: bool) -> None:
    """Picture within the codec's loss, alpha where it is asked for; the sender hears that nobody looks any more."""
    pytest.importorskip("cyndilib")
    alpha_value = 128
    code = SENDER.format(root=str(ROOT), alpha=alpha, alpha_value=alpha_value)
    sender = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    command = [sys.executable, str(ROOT / "benchmarks" / "ndi_receiver.py"), "Mien test", str(loopback / "out.npz")]
    receiver = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert sender.stdout is not None
    assert receiver.stdout is not None
    assert "NDI source" in sender.stdout.readline()
    assert [receiver.stdout.readline().strip() for _ in range(2)] == ["found", "receiving"]
    try:
        # Thirty pictures and more, at twenty a second.
        receiver.wait(3.0)
    except subprocess.TimeoutExpired:
        receiver.communicate(timeout=20)
    assert sender.communicate(timeout=60)[0].strip() == "nobody looks any more"
    assert (sender.returncode, receiver.returncode) == (0, 0)
    with np.load(loopback / "out.npz") as found:
        numbers, pictures = found["numbers"], found["pictures"]
    assert len(numbers) >= 30
    assert len(set(numbers.tolist())) == len(numbers)
    missing = int(numbers[-1] - numbers[0]) + 1 - len(numbers)
    assert missing <= 0.05 * len(numbers), numbers
    across = np.linspace(0, 255, 640)
    rows = pictures[0][100:180].astype(float)
    assert np.abs(rows[:, :, 0] - across).mean() < 4
    assert np.abs(rows[:, :, 1] - (255 - across)).mean() < 4
    low = pictures[0][250:350, :, 3].astype(float)
    assert np.abs(low - (128 if alpha else 255)).max() < 6


def test_ndi_tells_the_rate_as_a_fraction() -> None:
    assert Fraction(29.97).limit_denominator(1001) == Fraction(2997, 100)
    assert Fraction(30.0).limit_denominator(1001) == 30
