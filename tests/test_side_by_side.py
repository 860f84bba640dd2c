"""Who runs beside whom, and when."""

import os
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests import side_by_side
from tests.side_by_side import AGAIN, PROCESSES, _sendable, _turn, again, in_order, pytest_xdist_auto_num_workers

posix = pytest.mark.skipif(os.name != "posix", reason="locks of files are needed")


def config(*args: str, **more: object) -> Any:
    usual = {"keyword": "", "markexpr": "", "capture": "fd", "long": False, "faults": False, "update_golden": False}
    option = SimpleNamespace(**(usual | more))
    return SimpleNamespace(args=list(args or ("tests",)), getini=lambda _: ["tests"], option=option)


@posix
def test_the_whole_suite_alone_runs_in_several_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    assert pytest_xdist_auto_num_workers(config()) == PROCESSES
    assert pytest_xdist_auto_num_workers(config("tests/base")) == 0
    for more in ({"keyword": "log"}, {"capture": "no"}, {"long": True}, {"faults": True}, {"update_golden": True}):
        assert pytest_xdist_auto_num_workers(config(**more)) == 0
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert pytest_xdist_auto_num_workers(config()) == 0


def test_a_few_tests_of_the_whole_suite_may_fail_once_and_are_named(pytestconfig: pytest.Config) -> None:
    pytest.importorskip("pytest_rerunfailures")
    for numprocesses, wanted in ((PROCESSES, (1, AGAIN)), (None, (None, None))):
        option = SimpleNamespace(numprocesses=numprocesses, reruns=None, max_suite_reruns=None)
        found: Any = SimpleNamespace(
            option=option,
            getoption=lambda name, _, option=option: vars(option)[name],
            pluginmanager=pytestconfig.pluginmanager,
        )
        again(found)
        assert (option.reruns, option.max_suite_reruns) == wanted
    assert "R" in pytestconfig.option.reportchars


def test_files_that_want_the_machine_come_first_and_stay_whole() -> None:
    def item(name: str, alone: bool = False) -> Any:
        marks = {"alone"} if alone else set()
        path = Path(name.split("::")[0])
        return SimpleNamespace(nodeid=name, path=path, get_closest_marker=lambda mark: mark if mark in marks else None)

    names = ["tests/a.py::one", "tests/desk/browser/b.py::two", "tests/c.py::three", "tests/c.py::four"]
    found = in_order([item(name, alone=name.endswith("four")) for name in names])
    assert [one.nodeid.split("::")[1] for one in found] == ["three", "four", "two", "one"]


@posix
def test_who_is_alone_waits_for_the_others_and_they_for_it(tmp_path: Path) -> None:
    import fcntl

    done: list[str] = []

    def somebody_waits() -> bool:
        with (tmp_path / "gate").open("w") as gate:
            try:
                fcntl.flock(gate, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def alone() -> None:
        with _turn(tmp_path, alone=True):
            done.append("alone")

    def beside() -> None:
        with _turn(tmp_path, alone=False):
            done.append("beside")

    with _turn(tmp_path, alone=False):
        beside()
        first = threading.Thread(target=alone)
        first.start()
        until_s = time.monotonic() + 60
        while not somebody_waits():
            assert time.monotonic() < until_s
            time.sleep(0.01)
        # The gate is held by who waits, so this one comes after it.
        second = threading.Thread(target=beside)
        second.start()
        time.sleep(0.1)
        assert done == ["beside"]
    first.join(60)
    second.join(60)
    assert done == ["beside", "alone", "beside"]


@posix
def test_nobody_waits_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_by_side, "LONGEST_S", 0.05)
    with _turn(tmp_path, alone=True), pytest.raises(TimeoutError, match="the other process"), _turn(tmp_path, False):
        pass


def test_what_is_no_unicode_can_be_sent() -> None:
    found = _sendable({"sections": [("log", "caf\udce9")], "when": "call", "outcome": None})
    assert found == {"sections": [("log", "caf\\udce9")], "when": "call", "outcome": None}
