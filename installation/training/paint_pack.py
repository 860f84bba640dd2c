"""One folder with all that a run of the painter needs on a GPU machine without a network: code, views, eyes, weights, layouts.

    python3 run.py train paint pack --out DIR --data DIR|views.npz --eyes eyes.npz
        [--begin paint_ema.pt | --state DIR] [--layouts FILE]

The code is that of this checkout, the modules that a training loads and no others; they need Python 3.11, torch, numpy, OpenCV,
psutil, PyYAML, onnx and onnxruntime. What comes back lies in seven files, eight with the plot, each below 16 MB.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

from installation.base.files import PROGRAM, PROJECT
from installation.training.packing import copy_code, new_folder, weighed
from installation.training.paint_data import store_views
from installation.training.paint_settings import AVERAGE, FILES
from installation.training.paint_state import read_average, read_state
from installation.training.running import run

CODE = ("installation.training.paint", "installation.training.paint_run", "installation.training.texture_check")


def main(argv: Sequence[str] | None = None) -> int:
    """Pack; gives the exit code."""
    made = argparse.ArgumentParser(
        prog=f"{PROGRAM} train paint pack", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--out", type=Path, required=True, help="folder to make; it must not be there, or be empty")
    made.add_argument("--data", type=Path, required=True, help="folder of pictures, or an .npz of views")
    made.add_argument("--eyes", type=Path, default=PROJECT / "data" / "eyes.npz", help="the frozen networks")
    made.add_argument("--begin", type=Path, help="a paint_ema.pt to begin from")
    made.add_argument("--state", type=Path, metavar="DIR", help="a run to go on with, in the place of --begin")
    made.add_argument("--layouts", type=Path, help="layouts of scenes")
    options = made.parse_args(argv)
    return run(lambda: pack(options))


def pack(options: argparse.Namespace) -> None:
    """Fill the folder and say what to run there. Raises DataError for what cannot be used, RefusedError over MOST_MIB."""
    out: Path = options.out
    new_folder(out)
    copy_code(CODE, out)
    if options.data.suffix == ".npz":
        shutil.copyfile(options.data, out / "views.npz")
    else:
        print(f"{store_views(options.data, out / 'views.npz')} views of {options.data}")
    shutil.copyfile(options.eyes, out / "eyes.npz")
    words = ["--data views.npz", "--eyes eyes.npz"]
    if options.layouts is not None:
        shutil.copyfile(options.layouts, out / "layouts.npz")
        words.append("--layouts layouts.npz")
    words += _weights(options, out)
    mib = weighed(out, "take fewer views, or --begin for --state")
    command = f"python3 -u -m installation.training.paint {' '.join(words)} --device cuda --seconds 540 --out $OUT"
    print(f"{out}: {mib:.1f} MiB. In that folder: {command}")


def _weights(options: argparse.Namespace, out: Path) -> list[str]:
    if options.state is not None:
        read_state(options.state)
        (out / "state").mkdir()
        for name in FILES:
            shutil.copyfile(options.state / name, out / "state" / name)
        return ["--resume state", "--fresh-schedule"]
    if options.begin is not None:
        read_average(options.begin)
        shutil.copyfile(options.begin, out / AVERAGE)
        return [f"--begin {AVERAGE}"]
    return []
