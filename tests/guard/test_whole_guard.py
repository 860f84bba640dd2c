"""The guard with the piece itself, offscreen and small."""

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from installation.evaluation import uptime

ROOT = Path(__file__).resolve().parents[2]
IN_A_TERMINAL = """
import fcntl, os, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Makes what it was given its own terminal, as a shell's, and becomes the program."""
pytestmark = pytest.mark.skipif(os.name != "posix", reason="sessions and unix sockets are needed")


@pytest.mark.long
def test_after_every_kind_of_end_a_picture_is_there_again(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The bar of 10 s is for a machine of one's own (docs/evaluation.md); here it may be busy.
    monkeypatch.setattr(uptime, "LIMIT_S", uptime.GIVE_UP_S)
    assert uptime.main(["--rounds", "1"]) == 0, capsys.readouterr().out
    assert capsys.readouterr().out.count("1 of   1") == 7


def test_a_guard_whose_terminal_is_closed_ends_the_piece_and_says_why(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    quiet = "osc: {targets: [], listen_port: 0}\noscquery: {enabled: false}\ndesk: {run: never}\n"
    config.write_text(f"log: {{file: {tmp_path / 'logs' / 'mien.log'}}}\n{quiet}")
    environ = {**os.environ, "MIEN_RUNTIME": str(tmp_path / "runtime"), "MIEN_STATE": str(tmp_path / "state")}
    here, there = os.openpty()
    command = [sys.executable, "-c", IN_A_TERMINAL, sys.executable, "-m", "installation", "guard"]
    command += ["--config", str(config), "--offscreen", "--size", "192x108", "--source", "simulated"]
    ends = {"stdin": there, "stdout": there, "stderr": there}
    with subprocess.Popen(command, cwd=ROOT, env=environ, start_new_session=True, **ends) as guard:
        os.close(there)
        told = tmp_path / "logs" / "guard.log"
        end_s = time.monotonic() + 120
        while not told.exists() or "guard: running" not in told.read_text():
            assert time.monotonic() < end_s
            assert guard.poll() is None
            # A terminal that nobody reads fills up, and whoever writes to it waits.
            if select.select([here], [], [], 0.1)[0]:
                os.read(here, 65536)
        family = psutil.Process(guard.pid).children(recursive=True)
        assert family
        os.close(here)
        assert guard.wait(60) == 0
    assert told.read_text().endswith("guard: done: SIGHUP, as a closed terminal sends\n")
    assert psutil.wait_procs(family, 60)[1] == []


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
        end_s = time.monotonic() + 120
        while len(psutil.Process(guard.pid).children(recursive=True)) < 3:
            assert time.monotonic() < end_s
            time.sleep(0.2)
        family = psutil.Process(guard.pid).children(recursive=True)
        assert len(family) >= 3
        guard.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs(family, 60)
    assert alive == []
    names = {f"mien-{process.pid}" for process in family}
    assert [path for path in Path("/dev/shm").glob("mien-*") if path.name.rpartition("-")[0] in names] == []
