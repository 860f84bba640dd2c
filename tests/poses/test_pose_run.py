"""Recording poses, training them and taking the model up, as the artist would: whole processes."""

import json
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from installation.poses import table as pose_table
from installation.record.recording import read_recording
from tests.poses.posed_figures import POSES, recorded

ROOT = Path(__file__).resolve().parents[2]


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "installation", *(str(word) for word in words)]


def offscreen(config: Path) -> list[str]:
    return ["--source", "simulated", "--offscreen", "--size", "160x90", "--config", str(config)]


def settings(folder: Path, port: int = 0) -> Path:
    """A config.yaml whose table and model lie in ``folder``."""
    path = folder / "config.yaml"
    path.write_text(
        f"osc: {{targets: [], listen_port: {port}}}\noscquery: {{enabled: false}}\n"
        "generation: {enabled: false}\n"
        "poses:\n"
        f"  data: {folder / 'poses.csv'}\n"
        f"  model: {folder / 'poses.onnx'}\n"
        "  countdown_s: 0.2\n"
    )
    return path


def events(recording: Path) -> list[list[object]]:
    """Arguments of what was recorded, but for textures and pictures that were done, which come by the second."""
    found = [event.value for event in read_recording(recording)[1] if event.kind == "event"]
    return [value["args"] for value in found if value["name"] not in ("texture_done", "picture_done")]


def test_record_stores_its_takes_and_ends_and_a_taken_port_is_only_reported(tmp_path: Path) -> None:
    report, inputs = tmp_path / "r.json", tmp_path / "in.jsonl"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as another:
        another.bind(("127.0.0.1", 0))
        port = another.getsockname()[1]
        record = command("record", "arms_up", "--person", "p7", "--takes", 2, "--length", 0.6, "--report", report)
        found = subprocess.run(
            [*record, "--record", inputs, *offscreen(settings(tmp_path, port))],
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=150,
        )  # fmt: skip
    assert found.returncode == 0, found.stderr
    assert "done: recorded arms_up; when all poses are: python3 run.py train poses" in found.stderr
    assert "trouble" not in found.stderr
    rows = pose_table.counts(tmp_path / "poses.csv")
    assert set(rows) == {("arms_up", "p7", 1), ("arms_up", "p7", 2)}
    assert min(rows.values()) >= 3
    assert events(inputs) == [["arms_up", count] for count in rows.values()]
    faults = json.loads(report.read_text())["faults"]
    assert [fault["stage"] for fault in faults] == ["osc in"]
    assert f"cannot listen on 127.0.0.1:{port}" in faults[0]["message"]


def test_a_take_cut_off_by_the_end_is_stored_and_in_the_recording(tmp_path: Path) -> None:
    inputs = tmp_path / "in.jsonl"
    record = command("record", "arms_up", "--length", 60, "--seconds", 3, "--record", inputs)
    found = subprocess.run(
        [*record, *offscreen(settings(tmp_path))], cwd=ROOT, capture_output=True, text=True, check=False, timeout=90
    )
    assert found.returncode == 0, found.stderr
    assert "done: 3 seconds are over\n" in found.stderr
    rows = pose_table.counts(tmp_path / "poses.csv")
    assert list(rows) == [("arms_up", "p1", 1)]
    assert events(inputs) == [["arms_up", rows["arms_up", "p1", 1]]]


def test_record_ends_with_1_where_nothing_can_be_stored(tmp_path: Path) -> None:
    config = settings(tmp_path)
    (tmp_path / "poses.csv").write_text("label,somebody\n")
    found = subprocess.run(
        [*command("record", "arms_up"), *offscreen(config)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=150,
    )  # fmt: skip
    assert found.returncode == 1, found.stderr
    assert "done: not recorded:" in found.stderr
    assert "poses.csv:1: column 2 is 'somebody', expected 'person'" in found.stderr
    assert "Traceback" not in found.stderr


@pytest.mark.long
def test_a_running_piece_takes_up_what_is_trained_meanwhile_and_reads_it(tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="training poses needs scikit-learn")
    pytest.importorskip("skl2onnx", reason="training poses needs skl2onnx")
    table, inputs = tmp_path / "poses.csv", tmp_path / "in.jsonl"
    for label, person, take, rows in recorded(takes=1, rows=30):
        pose_table.append(table, label, person, take, rows)
    piece = subprocess.Popen(
        [*command("--seconds", 120, "--record", inputs), *offscreen(settings(tmp_path))],
        cwd=ROOT, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert piece.stderr is not None
        wait_for(piece, "running:")
        trained = subprocess.run(
            command("train", "poses", "--data", table),
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=150,
        )  # fmt: skip
        assert trained.returncode == 0, trained.stderr
        assert "<- chosen" in trained.stdout
        wait_for(piece, f"poses: {', '.join(sorted(POSES))}")
        wait_for_labels(inputs)
    finally:
        piece.terminate()
        _, rest = piece.communicate(timeout=60)
    assert piece.returncode == 0, rest
    seen = [event.value for event in read_recording(inputs)[1] if event.kind == "observation"]
    labels = [{label for label, _ in person.poses} for observation in seen for person in observation.people]
    assert labels[0] == set(), "before the training"
    assert set(POSES) in labels, "and after it"


def wait_for(process: subprocess.Popen[str], text: str) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if text in line:
            return
    raise AssertionError(f"never said {text!r}")


def wait_for_labels(recording: Path) -> None:
    """Until somebody's labels are in the file that is being written; the test's own time limit ends it."""
    while not any(label in recording.read_text() for label in POSES):
        threading.Event().wait(0.2)
