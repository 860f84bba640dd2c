"""Which runs take the lock, and what nobody being there changes at the start; nothing is drawn."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from installation.app import RunOptions
from installation.base.one_instance import OneInstance
from installation.base.supervisor import StopSignal
from installation.commands import guard as guard_module
from installation.commands import run as run_module
from installation.commands.guard import SettingsFiles
from installation.commands.shared import PIECE
from installation.config.guard import GuardConfig

pytestmark = pytest.mark.skipif(os.name != "posix", reason="locks of files are needed")


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[RunOptions]:
    """The runs that would have begun."""
    found: list[RunOptions] = []
    monkeypatch.setenv("MIEN_RUNTIME", str(tmp_path / "runtime"))
    monkeypatch.setenv("MIEN_STATE", str(tmp_path / "state"))
    monkeypatch.setattr(run_module, "run_piece", lambda options, _stop: found.append(options) or 0)
    # What a process is told about itself would hold for all tests after this one.
    monkeypatch.setattr(run_module, "_under_guard", lambda _: True)
    return found


def config(folder: Path, text: str = "") -> str:
    path = folder / "config.yaml"
    path.write_text(text)
    return str(path)


def test_a_run_with_a_window_is_refused_while_another_has_the_lock(
    tmp_path: Path, runs: list[RunOptions], capsys: pytest.CaptureFixture[str]
) -> None:
    file = config(tmp_path)
    lock = OneInstance(PIECE, [Path(file)])
    lock.take()
    assert run_module.run(["--config", file, "--window"], StopSignal()) == 2
    assert f"the piece of these settings runs already (process {os.getpid()})" in capsys.readouterr().err
    assert runs == []
    assert run_module.run(["--config", file, "--offscreen"], StopSignal()) == 0, "tests and films take none"
    lock.release()
    for _ in range(2):
        assert run_module.run(["--config", file, "--window"], StopSignal()) == 0, "and it is given back"
    assert len(runs) == 3


def test_the_guard_has_the_lock_for_its_piece(
    tmp_path: Path, runs: list[RunOptions], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = config(tmp_path)
    lock = OneInstance(PIECE, [Path(file)])
    lock.take()
    monkeypatch.setenv("MIEN_GUARD", str(os.getpid()))
    assert run_module.run(["--config", file, "--window"], StopSignal()) == 0
    assert "MIEN_GUARD" not in os.environ, "it is for no child of the piece"
    assert len(runs) == 1
    monkeypatch.setattr(guard_module, "Guard", None)
    assert guard_module.guard(["--config", file], StopSignal()) == 2
    assert f"runs already (process {os.getpid()})" in capsys.readouterr().err
    lock.release()


def test_broken_settings_are_refused_by_hand_and_stood_in_for_under_the_guard(
    tmp_path: Path, runs: list[RunOptions], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = ["--config", config(tmp_path, "scene: {pace: fast}"), "--offscreen"]
    assert run_module.run(typed, StopSignal()) == 2
    assert "scene.pace" in capsys.readouterr().err
    assert runs == []
    monkeypatch.setenv("MIEN_GUARD", str(os.getpid()))
    assert run_module.run(typed, StopSignal()) == 0
    settings = runs[0].settings
    assert settings.stand_in is not None
    assert "scene.pace" in settings.stand_in.trouble
    assert settings.config.output.mode == "offscreen", "what was typed counts"
    monkeypatch.setenv("MIEN_GUARD", str(os.getpid()))
    monkeypatch.setenv("MIEN_SAFE", "it failed three times")
    assert run_module.run(typed, StopSignal()) == 0
    assert runs[1].settings.config.capture.source == "simulated"
    assert runs[1].settings.watcher().poll() is None


def test_what_cannot_be_typed_is_refused_by_the_guard_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert guard_module.guard(["--set", "scene.pice=1"], StopSignal()) == 2
    assert "did you mean" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        guard_module.guard(["--nothing-like-it"], StopSignal())
    assert ended.value.code == 2


def test_the_guard_reads_its_settings_again_when_they_were_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIEN_STATE", str(tmp_path / "state"))
    file = Path(config(tmp_path, "guard: {hang_s: 7}"))
    files = SettingsFiles([file], {})
    assert files.settings().guard.hang_s == 7
    assert not files.changed()
    assert not files.changed()
    file.write_text("guard: {hang_s: 15}")
    assert files.changed()
    assert not files.changed()
    assert files.settings().guard.hang_s == 15
    file.write_text("guard: {hang_s: soon}")
    assert files.settings().guard == GuardConfig(), "nothing was stored yet"
    file.unlink()
    assert files.settings().guard == GuardConfig()


def test_core_dumps_are_off_and_a_piece_ends_with_its_guard(tmp_path: Path) -> None:
    """In processes of their own."""
    if sys.platform != "linux":
        pytest.skip("the kernel does it on Linux only")
    program = tmp_path / "program.py"
    program.write_text("""
import os, resource, subprocess, sys, time
from installation.base.processes import end_with, no_core_dumps
if len(sys.argv) == 1:
    no_core_dumps()
    subprocess.Popen([sys.executable, sys.argv[0], "child"])
else:
    assert end_with(os.getppid()) and not end_with(1)
    print(resource.getrlimit(resource.RLIMIT_CORE), flush=True)
time.sleep(60)
""")
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, str(program)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "(1, 1)\n"
        parent.kill()
        # The child has the other end, too: this returns when it is gone.
        assert parent.stdout.read() == ""
