"""The guard with the piece itself, offscreen and small."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from installation.evaluation.uptime import main

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="sessions and unix sockets are needed")


@pytest.mark.long
def test_after_every_kind_of_end_a_picture_is_there_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--rounds", "1"]) == 0, capsys.readouterr().out
    assert capsys.readouterr().out.count("1 of   1") == 7


@pytest.mark.long
def test_a_guard_that_is_killed_takes_the_piece_with_it(footage: Path, tmp_path: Path) -> None:
    """With a film: perception has a process of its own, and shared memory."""
    config = tmp_path / "config.yaml"
    config.write_text("osc: {targets: [], listen_port: 0}\noscquery: {enabled: false}\n")
    environ = {**os.environ, "MIEN_RUNTIME": str(tmp_path / "runtime"), "MIEN_STATE": str(tmp_path / "state")}
    film = footage / "pyfeat_WolfgangLanger_Pexels.mp4"
    command = [
        sys.executable,
        "-m",
        "installation",
        "guard",
        "--config",
        str(config),
        "--offscreen",
        "--size",
        "192x108",
    ]
    with subprocess.Popen([*command, "--source", str(film)], cwd=ROOT, env=environ, start_new_session=True) as guard:
        end_s = time.monotonic() + 60
        while len(psutil.Process(guard.pid).children(recursive=True)) < 3:
            assert time.monotonic() < end_s
            time.sleep(0.2)
        family = psutil.Process(guard.pid).children(recursive=True)
        assert len(family) >= 3
        guard.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs(family, 5)
    assert alive == []
    names = {f"mien-{process.pid}" for process in family}
    assert [path for path in Path("/dev/shm").glob("mien-*") if path.name.rpartition("-")[0] in names] == []
