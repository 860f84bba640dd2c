"""Two processes run the whole suite side by side (pytest-xdist): whole files go to either, and what judges times or sound has
the machine for itself. Part of the suite, --long, --faults and -s run in one process, as if there were no pytest-xdist; so does
all with -n 0."""

import os
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

PROCESSES = 2
TOGETHER = ("tests/desk/browser",)
"""Folders whose tests share something costly: they go to one process."""
AGAIN = 3
"""So many tests of the whole suite may fail once: they run again, and the summary names them. A machine that does ten other
things at a time is no fault of ours; a test that fails twice is."""
LONGEST_S = 900.0
"""More than any test of the usual run may take."""
FIRST = ("tests/privacy/test_nothing_is_kept.py", *TOGETHER, "tests/guard/test_guard.py")
"""What takes longest, after what has the machine for itself: begun last, it would keep one process idle at the end."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    option = config.option
    in_part = config.args != config.getini("testpaths") or option.keyword or option.markexpr
    if in_part or option.capture == "no" or option.long or option.faults or option.update_golden or os.name != "posix":
        return 0
    return PROCESSES if (os.cpu_count() or 1) >= PROCESSES else 0


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from xdist.scheduler import LoadFileScheduling

    class ByFolder(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file: str = super()._split_scope(nodeid)
            return next((folder for folder in TOGETHER if file.startswith(f"{folder}/")), file)

    return ByFolder(config, log)


def again(config: pytest.Config) -> None:
    """One more turn (pytest-rerunfailures) for what fails beside the other process."""
    side_by_side = hasattr(config, "workerinput") or config.getoption("numprocesses", None)
    if side_by_side and config.pluginmanager.hasplugin("rerunfailures"):
        config.option.reruns, config.option.max_suite_reruns = 1, AGAIN


def in_order(items: list[pytest.Item]) -> list[pytest.Item]:
    """Files with tests that have the machine for themselves, ``FIRST``, and the others as they come."""
    alone = {item.path for item in items if _is_alone(item)}

    def place(item: pytest.Item) -> int:
        begins = [item.nodeid.startswith(one) for one in FIRST]
        return 0 if item.path in alone else 1 + (begins.index(True) if any(begins) else len(FIRST))

    return sorted(items, key=place)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    if not hasattr(item.config, "workerinput") or item.get_closest_marker("skip") is not None:
        return (yield)
    with _turn(Path(item.config.option.basetemp).parent, _is_alone(item)):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, Any, Any]:
    """What a test has logged may on purpose be no Unicode (half of a surrogate pair), which xdist cannot send."""
    return _sendable((yield))


def _sendable(data: Any) -> Any:
    if isinstance(data, str):
        return data.encode("utf-8", "backslashreplace").decode()
    if isinstance(data, dict):
        return {_sendable(name): _sendable(value) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return type(data)(map(_sendable, data))
    return data


def _is_alone(item: pytest.Item) -> bool:
    return item.get_closest_marker("alone") is not None


@contextmanager
def _turn(folder: Path, alone: bool) -> Iterator[None]:
    """Wait for the machine: for all of it, or beside others that are not alone.

    Whoever wants it holds the gate until it has it, so that the next test of the other process comes after. TimeoutError.
    """
    with (folder / "gate").open("w") as gate, (folder / "machine").open("w") as machine:
        _lock(gate, True)
        _lock(machine, alone)
        gate.close()
        yield


def _lock(file: IO[str], alone: bool) -> None:
    import fcntl

    until_s = time.monotonic() + LONGEST_S
    while True:
        try:
            return fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until_s:
                raise TimeoutError(f"the other process has had the machine for {LONGEST_S:g} s") from None
            time.sleep(0.01)
