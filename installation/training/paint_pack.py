"""One folder with all that a run of the painter needs on a GPU machine without a network: code, views, eyes, weights, layouts.

    python3 run.py train paint pack --out DIR --data DIR|views.npz --eyes eyes.npz
        [--begin paint_ema.pt | --state DIR] [--layouts FILE]

The code is that of this checkout, the modules that a training loads and no others; they need Python 3.11, torch, numpy, OpenCV,
psutil, PyYAML, onnx and onnxruntime. What comes back lies in seven files, eight with the plot, each below 16 MB.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from installation.base.files import PROGRAM, PROJECT, ROOT
from installation.training.paint_data import store_views
from installation.training.paint_settings import AVERAGE, FILES
from installation.training.paint_state import read_average, read_state
from installation.training.running import DataError, RefusedError, run

MOST_MIB = 62
NOT_THERE = ("pydantic", "mediapipe", "moderngl", "PIL", "matplotlib", "scipy", "sklearn", "tqdm")
"""What the other machine may lack: the code must load without any of it."""
_LIST = """
import sys
class Without:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {absent}:
            raise ModuleNotFoundError(name + " is not there")
sys.meta_path.insert(0, Without())
import installation.training.paint, installation.training.paint_run, installation.training.texture_check
print("\\n".join(m.__file__ for n, m in sorted(sys.modules.items()) if n.split(".")[0] == "installation"))
"""


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
    if out.exists() and any(out.iterdir()):
        raise DataError(f"{out} is not empty; name a new folder")
    out.mkdir(parents=True, exist_ok=True)
    for module in modules():
        target = out / module.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(module, target)
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
    mib = sum(file.stat().st_size for file in out.rglob("*") if file.is_file()) / 2**20
    if mib > MOST_MIB:
        raise RefusedError(f"{out} has {mib:.1f} MiB, more than {MOST_MIB}; take fewer views, or --begin for --state")
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


def modules() -> list[Path]:
    """The files of installation/ that a training loads. Raises RuntimeError where it needs what is not there."""
    code = _LIST.format(absent=set(NOT_THERE))
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    if found.returncode:
        raise RuntimeError(f"the training cannot be packed: {found.stderr.strip().splitlines()[-1]}")
    return [Path(line) for line in found.stdout.split()]
