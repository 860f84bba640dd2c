"""Starts and stops the piece many times and says how long stopping takes and what is left behind.

    .venv/bin/python benchmarks/stop.py [--times 20] [run.py's options]

SIGINT and SIGTERM take turns, at a random moment between the start and a few seconds later.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent


def stop_once(number: int, wait_s: float, options: list[str]) -> tuple[float, int, list[str]]:
    """(seconds to end, exit code, what was left behind) of one start and stop."""
    command = [sys.executable, str(ROOT / "run.py"), "--offscreen", "--size", "320x180", *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(wait_s)
    family = psutil.Process(process.pid).children(recursive=True)
    shared_before = shared_memory()
    process.send_signal(signal.SIGINT if number % 2 else signal.SIGTERM)
    asked_s = time.monotonic()
    code = process.wait(timeout=30)
    still = psutil.wait_procs(family, timeout=5)[1]
    took_s = time.monotonic() - asked_s
    left = [f"process {child.pid} {child.name()}" for child in still]
    return took_s, code, left + [f"shared memory {name}" for name in shared_memory() - shared_before]


def shared_memory() -> set[str]:
    """Names of the shared-memory blocks on this machine (empty where the system does not list them)."""
    folder = Path("/dev/shm")
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def main() -> int:
    """Print a line a stop; 1 when one took 2 seconds or more, failed or left something behind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options, more = parser.parse_known_args()
    moments = random.Random(options.seed)
    slowest_s, bad = 0.0, 0
    memory_before = shared_memory()
    for number in range(options.times):
        wait_s = moments.uniform(0.3, 5.0)
        took_s, code, left = stop_once(number, wait_s, more)
        slowest_s = max(slowest_s, took_s)
        bad += took_s >= 2 or code != 0 or bool(left)
        print(
            f"{number + 1:3d}  after {wait_s:4.1f} s: ended in {took_s:5.2f} s, exit code {code}, left {left}",
            flush=True,
        )
    still = shared_memory() - memory_before
    print(
        f"{options.times} stops, slowest {slowest_s:.2f} s (bar: below 2), {bad} bad; shared memory left {sorted(still)}"
    )
    return 1 if bad or still else 0


if __name__ == "__main__":
    raise SystemExit(main())
