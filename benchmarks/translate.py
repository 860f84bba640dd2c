"""What repainting costs: milliseconds a picture on one thread, and whether that is enough for paintings a second.

.venv/bin/python benchmarks/translate.py [--sizes 256x256 512x512] [--pictures 30]

wall      by the clock, beside whatever else the machine does
cpu       of the processor's time that the process got: what it would be on an idle core
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from installation.base.arguments import size as parse_size
from installation.base.model_files import MODELS_DIR
from installation.generation.translator import Translator

SIZES = [(256, 256), (340, 192), (512, 512)]


def main() -> int:
    """Print a line a size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", type=parse_size, default=SIZES)
    parser.add_argument("--pictures", type=int, default=30)
    parser.add_argument("--provider", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--model", type=Path, default=MODELS_DIR / "translate.onnx")
    options = parser.parse_args()
    translator = Translator(options.model, options.provider)
    rng = np.random.default_rng(1)
    print(f"{options.model.name} on {translator.providers[0]}, one thread; milliseconds")
    print("size        wall p50    p99   cpu p50    p99   per s (wall)")
    for width, height in options.sizes:
        rgb = rng.integers(0, 256, (height, width, 3), np.uint8)
        walls, cpus = [], []
        for n in range(options.pictures + 3):
            affect = rng.uniform(-1, 1, 4).astype(np.float32)
            wall_s, cpu_s = time.perf_counter(), time.process_time()
            translator.translate(rgb, affect)
            if n >= 3:
                walls.append((time.perf_counter() - wall_s) * 1000)
                cpus.append((time.process_time() - cpu_s) * 1000)
        wall, cpu = np.percentile(walls, [50, 99]), np.percentile(cpus, [50, 99])
        print(
            f"{width}x{height:<6} {wall[0]:9.1f} {wall[1]:6.1f} {cpu[0]:9.1f} {cpu[1]:6.1f} {1000 / wall[0]:10.1f}",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
