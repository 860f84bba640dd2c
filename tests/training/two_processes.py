"""Two processes of one training run on this machine, as torchrun would start them."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import torch

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


def two_processes(worker: Path, data: Path, out: Path, timeout_s: float) -> list[dict[str, Any]]:
    """Run ``worker`` with ``data`` and ``out`` twice, as ranks 0 and 1, and give what each left in ``out``/process-RANK.pt."""
    shared = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port()), "OMP_NUM_THREADS": "1"}
    processes = [
        subprocess.Popen(
            [sys.executable, str(worker), str(data), str(out)],
            env={**os.environ, **shared, "RANK": str(rank), "LOCAL_RANK": str(rank), "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        for rank in range(2)
    ]
    try:
        errors = [process.communicate(timeout=timeout_s)[1] for process in processes]
    finally:
        for process in processes:
            process.kill()
    assert [process.returncode for process in processes] == [0, 0], "\n".join(errors)[-3000:]
    return [torch.load(out / f"process-{rank}.pt", weights_only=True) for rank in range(2)]
