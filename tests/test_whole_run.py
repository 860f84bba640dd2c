"""The whole line, run as its user would."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import psutil
import pytest

from tests.leftovers import in_shared_memory, left_in_shared_memory
from tests.screen import virtual_screen

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ROOT = Path(__file__).resolve().parent.parent
PATIENCE_S = 120.0
"""For what only a broken program keeps anybody waiting."""
KEYS = {
    "frames_drawn", "seconds", "frame_interval_ms", "perception", "emotion_age_at_draw_ms", "capture_to_osc_ms",
    "textures", "mailbox_drops", "osc_bundles_sent", "timeline", "faults", "fallbacks", "renderer", "providers",
    "peak_memory_mb", "peak_pss_mb",
}  # fmt: skip


def command(*options: object) -> list[str]:
    """The app with the interpreter of the tests, drawing offscreen and small."""
    start = [sys.executable, "-m", "installation"]
    return [*start, "--offscreen", "--size", "192x108", *(str(option) for option in options)]


def run(*options: object, timeout: float = 150) -> subprocess.CompletedProcess[str]:
    """One run to its end; once more where the machine was too busy to stop it in time, which ends it at once with 1."""
    found = _run(*options, timeout=timeout)
    return _run(*options, timeout=timeout) if "stopping took longer than" in found.stderr else found


def _run(*options: object, timeout: float) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*options), cwd=ROOT, capture_output=True, text=True, check=False, timeout=timeout)


def settings(folder: Path, text: str = "") -> Path:
    """A config.yaml of this test's own that sends OSC to nobody and listens to nobody, for a piece may be running here; whoever
    comes is read at once."""
    path = folder / "config.yaml"
    path.write_text("osc: {targets: [], listen_port: 0}\noscquery: {enabled: false}\nnotice: {enabled: false}\n" + text)
    return path


@pytest.mark.alone
@pytest.mark.timeout(600)
def test_a_film_goes_through_the_whole_line(footage: Path, tmp_path: Path) -> None:
    report = tmp_path / "r.json"
    shot = tmp_path / "shot.png"
    log = tmp_path / "log"
    film = footage / "pyfeat_WolfgangLanger_Pexels.mp4"
    for seconds in (14, 60):
        found = run("--source", film, "--seconds", seconds, "--report", report, "--screenshot", shot, "--log", log,
                    "--config", settings(tmp_path), timeout=240)  # fmt: skip
        assert found.returncode == 0, found.stderr
        assert f"done: {seconds} seconds are over" in found.stderr
        figures = json.loads(report.read_text())
        assert set(figures) >= KEYS
        seen = [entry for entry in figures["timeline"] if entry["people"]]
        labels = [entry["label"] for entry in seen]
        # A busy machine loads the models late: it takes longer until somebody is seen and a first picture is painted.
        if figures["pictures"]["per_second"] > 0 and "happy" in labels:
            break
    # How many is the machine's matter: a busy one without a graphics card draws one or two a second.
    assert figures["frames_drawn"] > 5
    assert figures["perception"]["per_second"] > 0
    assert figures["textures"]["per_second"] > 0
    models = ("expression", "texture.onnx", "paint.onnx")
    assert figures["providers"] == dict.fromkeys(models, "CPUExecutionProvider")
    assert figures["pictures"]["per_second"] > 0
    assert figures["faults"] == []
    assert figures["osc_bundles_sent"] >= figures["perception"]["per_second"] * 10
    assert cv2.imread(str(shot)).max() > 60
    if sys.platform == "linux":
        # What processes share counts once here, and for each of them in the resident sizes.
        assert 100 < figures["peak_pss_mb"] < figures["peak_memory_mb"]
    assert 5 <= len(figures["timeline"]) <= seconds + 1
    assert {entry["people"] for entry in seen} == {1}
    assert {"sad", "happy"} <= set(labels)
    assert seconds > 14 or labels.index("sad") < labels.index("happy")
    # A bundle above one packet's size is split.
    assert len((log / "osc.log").read_text().splitlines()) >= figures["osc_bundles_sent"]


def test_a_replay_gives_the_same_scene_and_the_same_osc(tmp_path: Path) -> None:
    recording = tmp_path / "take.jsonl.gz"
    config = settings(tmp_path)
    first = run(
        "--source", "simulated", "--seconds", 5, "--record", recording, "--log", tmp_path / "a", "--config", config
    )
    assert first.returncode == 0, first.stderr
    replays = [
        subprocess.Popen(
            [sys.executable, "-m", "installation", "replay", str(recording), "--offscreen", "--size", "128x72",
             option, "--log", str(tmp_path / name)],
            cwd=ROOT, stderr=subprocess.PIPE, text=True,
        )
        for name, option in (("b", "--fast"), ("c", "--verbose"))
    ]  # fmt: skip
    for replay in replays:
        _, said = replay.communicate(timeout=PATIENCE_S)
        assert replay.returncode == 0, said
    for log in ("scene.log", "osc.log"):
        live = (tmp_path / "a" / log).read_bytes()
        assert live.count(b"\n") > 20
        assert live == (tmp_path / "b" / log).read_bytes()
        assert live == (tmp_path / "c" / log).read_bytes()


def test_no_camera_means_the_simulated_performer_and_everybody_is_told(tmp_path: Path) -> None:
    if any(Path("/dev").glob("video*")):
        pytest.skip("a camera is attached here")
    report = tmp_path / "r.json"
    found = run(
        "--source", "auto", "--seconds", 2, "--report", report, "--log", tmp_path, "--config", settings(tmp_path)
    )
    assert found.returncode == 0, found.stderr
    assert "no camera delivers a picture" in found.stderr
    assert json.loads(report.read_text())["fallbacks"][0]["stage"] == "source"
    osc = [bytes.fromhex(line) for line in (tmp_path / "osc.log").read_text().splitlines()]
    assert any(b"/mien/fallback" in packet and b"no camera delivers a picture" in packet for packet in osc)


def test_bad_input_ends_with_2_and_says_why(tmp_path: Path) -> None:
    cases = {
        "no-such-film.mp4": ["--source", "no-such-film.mp4"],
        "--scene none": ["--source", "simulated", "--scene", "none"],
        "no-such.yaml": ["--config", "no-such.yaml"],
    }
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    processes = {
        said: subprocess.Popen(
            command(*options, "--report", tmp_path / f"{said}.json"),
            cwd=ROOT, stderr=subprocess.PIPE, text=True, env=environment,
        )
        for said, options in cases.items()
    }  # fmt: skip
    for said, process in processes.items():
        _, found = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 2, said
        assert said in found
        assert "Traceback" not in found
        assert set(json.loads((tmp_path / f"{said}.json").read_text())) >= KEYS


def wait_for_line(process: subprocess.Popen[str], text: str) -> None:
    assert process.stderr is not None
    watch = threading.Timer(PATIENCE_S, process.kill)
    watch.start()
    try:
        for line in process.stderr:
            if text in line:
                return
    finally:
        watch.cancel()
    raise AssertionError(f"never said {text!r}")


def wait_until(done: Callable[[], bool]) -> None:
    until_s = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < until_s, "what was waited for did not happen"
        time.sleep(0.05)


def scenes_of(folder: Path) -> list[str]:
    """The scene of each picture, as the log of a piece that may be running has them."""
    log = folder / "scene.log"
    return [line.split()[1] for line in log.read_text().splitlines()] if log.exists() else []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_everything_cleanly(footage: Path, tmp_path: Path, number: signal.Signals) -> None:
    report = tmp_path / "r.json"
    before = in_shared_memory()
    film = footage / "pyfeat_single_face.mp4"
    process = subprocess.Popen(
        command("--source", film, "--report", report, "--config", settings(tmp_path)),
        cwd=ROOT, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    wait_for_line(process, "running:")
    family = psutil.Process(process.pid).children(recursive=True)
    assert family, "perception runs in a process of its own"
    process.send_signal(number)
    _, rest = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert f"done: {number.name}" in rest
    assert "trouble" not in rest
    # Python's own tracker of shared memory ends a moment after its parent.
    assert psutil.wait_procs(family, timeout=PATIENCE_S)[1] == []
    assert left_in_shared_memory(before, process.pid) == []
    assert json.loads(report.read_text())["frames_drawn"] >= 0


def test_saved_settings_count_at_once_and_broken_ones_keep_the_old(tmp_path: Path) -> None:
    config, report = settings(tmp_path), tmp_path / "r.json"
    process = subprocess.Popen(
        command("--source", "simulated", "--config", config, "--report", report, "--log", tmp_path),
        cwd=ROOT, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    wait_for_line(process, "running:")
    settings(tmp_path, "scene:\n  name: sculpture\n")
    wait_for_line(process, "settings saved: in use")
    wait_until(lambda: "sculpture" in scenes_of(tmp_path))
    settings(tmp_path, "scene:\n  name: sculptur\n")
    wait_for_line(process, "config.yaml:5: scene.name")
    drawn = len(scenes_of(tmp_path))
    wait_until(lambda: len(scenes_of(tmp_path)) > drawn + 1)
    process.terminate()
    process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    scenes = scenes_of(tmp_path)
    assert scenes[0] == "blossom"
    assert scenes[-1] == "sculpture"
    assert "config" in {fault["stage"] for fault in json.loads(report.read_text())["faults"]}


def test_osc_leaves_for_real(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(PATIENCE_S)
        port = receiver.getsockname()[1]
        config = tmp_path / "config.yaml"
        config.write_text(
            "oscquery: {enabled: false}\n"
            f"osc:\n  prefix: /piece\n  listen_port: 0\n  targets:\n    - {{host: localhost, port: {port}}}\n"
        )
        process = subprocess.Popen(command("--source", "simulated", "--config", config), cwd=ROOT)
        packets = [receiver.recv(65536) for _ in range(20)]
        process.terminate()
        assert process.wait(PATIENCE_S) == 0
    assert all(packet.startswith(b"#bundle\0") for packet in packets)
    assert any(b"/piece/emotions\0" in packet for packet in packets)


def test_outside_the_opening_hours_the_first_picture_is_black_and_the_nightly_restart_has_its_exit_code(
    tmp_path: Path,
) -> None:
    config = settings(tmp_path, "hours: {enabled: true, " + ", ".join(f"{day}: closed" for day in DAYS) + "}\n")
    program = (
        "import sys; from installation.app import NIGHTLY; from installation.base.leaving import leave\n"
        "from installation.base.supervisor import StopSignal\n"
        "from installation.commands.run import run; stop = StopSignal(); stop.set(NIGHTLY); leave(run(sys.argv[1:], stop))"
    )
    options = ["--offscreen", "--size", "192x108", "--source", "simulated", "--config", str(config)]
    shot, report = tmp_path / "shot.png", tmp_path / "report.json"
    done = subprocess.run(
        [sys.executable, "-c", program, *options, "--screenshot", str(shot), "--report", str(report)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE_S,
    )  # fmt: skip
    assert done.returncode == 75, done.stderr
    assert "hours: closed" in done.stderr
    picture = cv2.imread(str(shot))
    assert picture is not None
    assert not picture[60:].any()  # notices stand above


@pytest.mark.long
def test_latency_of_the_whole_piece_with_a_virtual_camera(tmp_path: Path) -> None:
    options = ["--seconds", "10", "--loop", "150", "--out", tmp_path, "--set", "generation.enabled=false"]
    start = [sys.executable, "-m", "installation", "latency", "--offscreen", "--size", "320x180"]
    done = subprocess.run(
        [*start, *map(str, options), "--config", str(settings(tmp_path))],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE_S,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "latency.json").read_text())
    picture_ms = 1000 * 10 / found["pictures_shown"]
    assert 150 <= found["screen_to_capture_ms"]["p50"] <= 150 + 1.5 * picture_ms
    assert found["camera_to_photon_ms"]["p50"] > found["screen_to_capture_ms"]["p50"]
    assert found["capture_to_osc_ms"]["count"] >= 20
    assert cv2.imread(str(tmp_path / "latency.png")) is not None


def test_check_prints_a_table(tmp_path: Path) -> None:
    texts = {
        "good": "capture:\n  source: simulated\n",
        "bad": "capture:\n  source: gone.mp4\ngeneration:\n  model: none.onnx\n",
    }
    processes = {}
    for name, text in texts.items():
        (tmp_path / name).mkdir()
        start = [sys.executable, "-m", "installation", "check", "--config", str(settings(tmp_path / name, text))]
        processes[name] = subprocess.Popen(start, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = {name: process.communicate(timeout=PATIENCE_S)[0] for name, process in processes.items()}
    assert processes["good"].returncode == 0, said["good"]
    for what in ("settings", "model pose_landmarker", "source", "notice", "display", "OpenGL", "generator"):
        assert re.search(rf"^(good|note)\s+{what}", said["good"], re.MULTILINE), what
    assert processes["bad"].returncode == 1
    assert re.search(r"^bad\s+source\s.*gone\.mp4", said["bad"], re.MULTILINE)
    assert re.search(r"^bad\s+generation\.model", said["bad"], re.MULTILINE)


def test_a_window_opens_answers_keys_and_closes(tmp_path: Path) -> None:
    if shutil.which("xdotool") is None:
        pytest.skip("no xdotool here; apt-get install xdotool")
    with virtual_screen() as (display, _):
        environment = {**os.environ, "DISPLAY": display}
        config, report = settings(tmp_path), tmp_path / "r.json"
        start = [sys.executable, "-m", "installation", "--window", "--size", "320x180", "--source", "simulated"]
        process = subprocess.Popen(
            [*start, "--config", str(config), "--report", str(report), "--log", str(tmp_path)],
            cwd=ROOT, stderr=subprocess.PIPE, text=True, env=environment,
        )  # fmt: skip
        wait_for_line(process, "running:")
        press_until(environment, "n", lambda: "sculpture" in scenes_of(tmp_path))
        press(environment, "Escape")
        _, rest = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, rest
        assert "asked for at the keyboard" in rest
        figures = json.loads(report.read_text())
        assert figures["output"].startswith("window 320x180")
        assert "sculpture" in (tmp_path / "scene.log").read_text()


def press_until(environment: dict[str, str], key: str, done: Callable[[], bool]) -> None:
    """Press a key, and again where it came before the window could hear it."""
    until_s = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < until_s, f"{key} does nothing"
        press(environment, key)
        again_s = time.monotonic() + 5.0
        while not done() and time.monotonic() < again_s:
            time.sleep(0.05)


def press(environment: dict[str, str], key: str) -> None:
    """Press a key. Without a window manager keys go to the window under the pointer, and ours is in the middle."""
    command = ["xdotool", "mousemove", "320", "180", "key", key]
    subprocess.run(command, env=environment, check=True, timeout=60)
