"""Training as a process of its own: one at a time, its output, its end."""

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from installation.desk import training
from installation.desk.training import MOST_LETTERS, Training


def run(code: str, more: str = "wait", told: Callable[[str], object] = lambda _: None) -> tuple[Training, list[str]]:
    """A training that is this Python code; with what the page saw of it. ``told`` is given each output so far."""
    seen: list[str] = []

    async def go() -> Training:
        def changed() -> None:
            seen.append(found.output)
            told(found.output)

        found = Training(changed, [sys.executable, "-u", "-c", code])
        found.start("poses.csv", "poses.onnx")
        with pytest.raises(ValueError, match="under way"):
            found.start("poses.csv", "poses.onnx")
        if more == "stop":
            while not found.output:
                await asyncio.sleep(0.02)
            found.stop()
        await found.wait()
        return found

    return asyncio.run(go()), seen


def test_what_it_prints_is_seen_while_it_runs(tmp_path: Path) -> None:
    """The second line is printed once somebody has seen the first."""
    go_on = tmp_path / "go on"
    code = f"import os, time\nprint('first')\nwhile not os.path.exists({str(go_on)!r}): time.sleep(0.01)\n"
    found, seen = run(
        f"{code}print('second'); raise SystemExit(1)", told=lambda output: output.endswith("\n") and go_on.touch()
    )
    assert "first\n" in seen
    assert (found.output, found.result, found.runs) == ("first\nsecond\n", 1, False)


def test_it_can_be_stopped() -> None:
    found, _ = run("import time; print('begun'); time.sleep(60)", "stop")
    assert found.result == -9
    assert not found.runs


def test_endless_output_is_bounded() -> None:
    found, _ = run(f"print('x' * {3 * MOST_LETTERS}); print('end')")
    assert len(found.output) == MOST_LETTERS
    assert found.output.endswith("end\n")


def test_what_is_missing_is_said_before_anything_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(training.PACKAGES, "no_such_package_here", "scikit-unlearn")
    with pytest.raises(ValueError, match=r"scikit-unlearn not installed; python3 run\.py train poses"):
        Training(lambda: None, ["false"]).start("a", "b")


def test_what_is_run_is_low_in_priority_and_knows_its_files() -> None:
    command = training._command("a.csv", "b.onnx", ["--face"])
    assert command[-6:] == ["poses", "--data", "a.csv", "--out", "b.onnx", "--face"]
    assert f"os.nice({training.NICE})" in command[4]
    assert f"end_with({os.getpid()})" in command[4]
