"""The loop that the piece is compared with runs and measures, and the comparison says what it found."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
FPS = 24.0


@pytest.fixture(scope="module")
def baseline() -> ModuleType:
    spec = importlib.util.spec_from_file_location("baseline", ROOT / "benchmarks" / "baseline.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["baseline"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """One second of a bright square that wanders; nobody is there."""
    path = tmp_path / "square.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), FPS, (320, 180))
    for number in range(round(FPS)):
        picture = np.full((180, 320, 3), 40, np.uint8)
        picture[60:120, 10 * number : 10 * number + 60] = 220
        writer.write(picture)
    writer.release()
    return path


@pytest.mark.long
def test_the_loop_runs_and_counts(film: Path, tmp_path: Path) -> None:
    report = tmp_path / "r.json"
    command = [sys.executable, "benchmarks/one_loop.py", str(film), "--seconds", "2", "--report", str(report)]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert found.returncode == 0, found.stderr
    figures = json.loads(report.read_text())
    # Pictures that the loop was too slow for are lost, not kept: together they are the film's rate.
    assert 0 < figures["pictures_per_second"] <= FPS + 1
    assert figures["pictures_per_second"] + figures["lost_per_second"] == pytest.approx(FPS, abs=1)
    assert 0 < figures["textures_per_second"] <= 5.5
    waiting, whole = figures["of_that_waiting_ms"], figures["capture_to_osc_ms"]
    assert 0 <= waiting["p50"] < whole["p50"] <= whole["p95"]


def test_the_figures_of_a_row_are_medians_and_the_bars_are_said(
    baseline: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    run = baseline.Run
    pairs = [
        {"loop": run(50.0, 70.0, 19.0, 19.0), "piece": run(40.0, 63.0, 25.0, 24.0)},
        {"loop": run(60.0, 80.0, 18.0, 18.0), "piece": run(60.0, 88.0, 24.8, 23.0)},
        {"loop": run(55.0, 75.0, 20.0, 20.0), "piece": run(55.0, 75.0, 24.9, 23.5)},
    ]
    figures = baseline.compare("quiet", pairs)
    assert figures["loop"] == {"p50_ms": 55.0, "p95_ms": 75.0, "pictures": 19.0, "perceived": 19.0}
    assert figures["ratio_p50"] == pytest.approx(1.0)
    assert figures["ratio_p95"] == pytest.approx(1.0)
    assert figures["held"]
    assert "p50 0.80 to 1.00, p95 0.90 to 1.10" in capsys.readouterr().out
    late = [{"loop": pair["loop"], "piece": run(pair["loop"].p50_ms * 1.2, 70.0, 25.0, 24.0)} for pair in pairs]
    assert not baseline.compare("taken", late)["held"]
    slow = [{"loop": pair["loop"], "piece": run(50.0, 70.0, 23.0, 24.0)} for pair in pairs]
    assert not baseline.compare("taken", slow)["held"]
    assert "MISSED" in capsys.readouterr().out


def test_the_busy_program_takes_a_core_and_ends(baseline: ModuleType) -> None:
    before = set(psutil.Process().children())
    with baseline.busy(True, None):
        (other,) = set(psutil.Process().children()) - before
        assert other.is_running()
    assert not other.is_running()
    with baseline.busy(False, None):
        assert set(psutil.Process().children()) == before
