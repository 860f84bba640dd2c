"""Memory is counted over all processes, what they share only once; and less of it is held."""

import ctypes
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import psutil
import pytest

from installation.base.clock import RealClock
from installation.base.memory import MemoryPeak, proportional_mb, resident_mb
from installation.base.notices import Notices

ROOT = Path(__file__).resolve().parents[2]
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux knows the proportional set size")


def test_resident_memory_leaves_out_who_is_gone() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert resident_mb([gone.pid]) == pytest.approx(resident_mb(), abs=5)


@linux
@pytest.mark.alone  # a process elsewhere that shares libraries changes each one's share
def test_memory_of_children_counts() -> None:
    before_mb = proportional_mb()
    assert before_mb is not None
    child = subprocess.Popen(
        [sys.executable, "-c", "held = bytearray(b'1') * (100 << 20); print(flush=True); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert child.stdout is not None
        child.stdout.readline()
        with_child_mb = proportional_mb()
        assert with_child_mb is not None
        assert 100 <= with_child_mb - before_mb < 150
    finally:
        child.communicate(b"\n")


@linux
def test_shared_pages_count_once() -> None:
    own_mb = proportional_mb()
    assert own_mb is not None
    assert own_mb < resident_mb()


@linux
@pytest.mark.alone
def test_the_thread_sees_a_peak_that_is_over_when_the_run_ends() -> None:
    peak = MemoryPeak(Notices(RealClock()), period_s=0.02)
    peak.start()
    low_mb = proportional_mb()
    assert low_mb is not None
    held = np.ones(200 << 20, np.uint8)  # far more than what earlier tests give back meanwhile
    until_s = time.monotonic() + 30
    while (peak.mb is None or peak.mb < low_mb + 150) and time.monotonic() < until_s:
        time.sleep(0.02)
    del held
    after_mb = proportional_mb()
    assert after_mb is not None
    assert after_mb < low_mb + 50
    found_mb = peak.look()
    assert found_mb is not None
    assert found_mb > low_mb + 150
    peak.close()
    assert "memory" not in {thread.name for thread in threading.enumerate()}


@pytest.mark.parametrize("found", [SimpleNamespace(rss=1, uss=1), psutil.AccessDenied(1)])
def test_a_system_that_does_not_say_gives_none(monkeypatch: pytest.MonkeyPatch, found: object) -> None:
    def memory(_process: psutil.Process) -> object:
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(psutil.Process, "memory_full_info", memory)
    assert proportional_mb() is None
    peak = MemoryPeak(Notices(RealClock()))
    assert peak.look() is None
    peak.close()


def said_by(program: str, **environment: str) -> str:
    """What a process of its own prints."""
    here = {key: value for key, value in os.environ.items() if key != "MALLOC_ARENA_MAX"}
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=here | environment, capture_output=True, text=True, check=True
    )
    return found.stdout.strip()


HEAPS = """
import sys, threading
from installation.base.memory import few_arenas
few_arenas()
held = []
def fill():
    held.append([bytes(5000) for _ in range(200)])
    together.wait()
together = threading.Barrier(9)
threads = [threading.Thread(target=fill) for _ in range(8)]
for thread in threads: thread.start()
together.wait()
import ctypes
libc = ctypes.CDLL(None)
libc.malloc_stats()
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_stats"), reason="only glibc has arenas")
@pytest.mark.parametrize(("environment", "most"), [({}, 2), ({"MALLOC_ARENA_MAX": "1"}, 1)])
def test_threads_share_two_heaps_or_as_many_as_the_system_was_told(environment: dict[str, str], most: int) -> None:
    here = {key: value for key, value in os.environ.items() if key != "MALLOC_ARENA_MAX"} | environment
    found = subprocess.run(
        [sys.executable, "-c", HEAPS], cwd=ROOT, env=here, capture_output=True, text=True, check=True
    )
    assert 1 <= found.stderr.count("Arena ") <= most
    child = "from installation.base.memory import few_arenas; import os; few_arenas(); print(os.environ['MALLOC_ARENA_MAX'])"
    assert said_by(child, **environment) == str(most)


@linux
def test_freed_memory_goes_back() -> None:
    program = """
from installation.base.memory import give_back, resident_mb
blocks = [bytes(5000) for _ in range(20_000)]
last = bytes(5000)
del blocks
before = resident_mb()
give_back()
print(before - resident_mb())
"""
    assert float(said_by(program)) > 60
