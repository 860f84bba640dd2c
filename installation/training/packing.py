"""One folder with the code that a training needs on a GPU machine without a network: the modules it loads, and no others."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from installation.base.files import ROOT
from installation.training.running import DataError, RefusedError

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
import {names}
print("\\n".join(m.__file__ for n, m in sorted(sys.modules.items()) if n.split(".")[0] == "installation"))
"""


def new_folder(out: Path) -> None:
    """Make it. Raises DataError where something is in it already."""
    if out.exists() and any(out.iterdir()):
        raise DataError(f"{out} is not empty; name a new folder")
    out.mkdir(parents=True, exist_ok=True)


def copy_code(names: Sequence[str], out: Path) -> None:
    """Copy what importing ``names`` loads of installation/. Raises RuntimeError where it needs what is not there."""
    for module in modules(names):
        target = out / module.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(module, target)


def modules(names: Sequence[str]) -> list[Path]:
    """The files of installation/ that importing ``names`` loads. Raises RuntimeError where it needs what is not there."""
    code = _LIST.format(absent=set(NOT_THERE), names=", ".join(names))
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    if found.returncode:
        raise RuntimeError(f"the training cannot be packed: {found.stderr.strip().splitlines()[-1]}")
    return [Path(line) for line in found.stdout.split()]


def weighed(out: Path, hint: str) -> float:
    """MiB of the folder. Raises RefusedError with the ``hint`` over MOST_MIB."""
    mib = sum(file.stat().st_size for file in out.rglob("*") if file.is_file()) / 2**20
    if mib > MOST_MIB:
        raise RefusedError(f"{out} has {mib:.1f} MiB, more than {MOST_MIB}; {hint}")
    return mib
