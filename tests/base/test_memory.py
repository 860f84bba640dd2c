"""Memory is counted over all processes, and what they share only once."""

import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import numpy as np
import psutil
import pytest

from installation.base.memory import MemoryPeak, proportional_mb, resident_mb

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux knows the proportional set size")


def test_resident_memory_leaves_out_who_is_gone() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert resident_mb([gone.pid]) == pytest.approx(resident_mb(), abs=5)


@linux
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
def test_the_thread_sees_a_peak_that_is_over_when_the_run_ends() -> None:
    peak = MemoryPeak(period_s=0.02)
    peak.start()
    low_mb = proportional_mb()
    assert low_mb is not None
    held = np.ones(100 << 20, np.uint8)
    until_s = time.monotonic() + 10
    while (peak.mb is None or peak.mb < low_mb + 90) and time.monotonic() < until_s:
        time.sleep(0.02)
    del held
    after_mb = proportional_mb()
    assert after_mb is not None
    assert after_mb < low_mb + 50
    found_mb = peak.look()
    assert found_mb is not None
    assert found_mb > low_mb + 90
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
    peak = MemoryPeak()
    assert peak.look() is None
    peak.close()
