"""All small generators of older work, trained on the same footing and compared with the piece's own painter.

    python3 run.py train simple compare --data FOLDER|views.npz [--minutes 60] [--width 32] [--device cuda] [--out FOLDER]
    python3 run.py train simple compare --data FOLDER|views.npz --from FOLDER      (networks trained before, perhaps elsewhere)

All train at once, each in a process of its own, for as long as the others, on the same whole views; the same command goes on
where it was stopped (checkpoints: --runs). --out gets a small file for each generator, losses.csv, and, with models/paint.onnx
and the style network, sheet.jpg (a row a network, real views on top, ours below), table.md and table.csv. --train-only leaves
the measuring out and draws a sheet of the small ones: for a machine with a GPU that has no more than torch, numpy and OpenCV.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch

from installation.base.arguments import above_zero, whole
from installation.base.files import PROGRAM, PROJECT
from installation.base.picture_file import write_bgr
from installation.training.interrupt import STOPPED, stop_on_signals
from installation.training.losses import TABLE
from installation.training.running import BAD_INPUT, REFUSED, run
from installation.training.several import store
from installation.training.sheets import sheet_of
from installation.training.simple_gan_data import Compositions
from installation.training.simple_gan_fit import CHECKPOINT, Settings, read_checkpoint
from installation.training.simple_gan_net import RECIPES, Generator
from installation.training.simple_gan_plain import generator_for
from installation.training.simple_gan_sheet import COLUMNS, samples
from installation.types import ByteArray

NETWORKS = tuple(RECIPES)
OUT = PROJECT / "runs" / "simple"
SHEET, LOSSES = "sheet.jpg", "losses.csv"
GRACE_S = 60.0
"""What a process that was asked to stop may take to store where it stands."""
ENLARGED = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit code: 0 good, 1 a network failed, 2 bad input, 130 stopped."""
    options = parser().parse_args(argv)
    return run(lambda: compare(options))


def parser() -> argparse.ArgumentParser:
    """Options of ``run.py train simple compare``."""
    made = argparse.ArgumentParser(
        prog=f"{PROGRAM} train simple compare",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    defaults = Settings("dcgan")
    made.add_argument("--data", type=Path, required=True, help="folder of pictures, or an .npz of views")
    made.add_argument("--from", type=Path, dest="trained", metavar="FOLDER", help="that holds the trained generators")
    made.add_argument("--out", type=Path, default=OUT, help="folder of what is made (default: runs/simple)")
    made.add_argument(
        "--runs", type=Path, default=OUT / "runs", help="folder of checkpoints (default: runs/simple/runs)"
    )
    made.add_argument("--sheet", type=Path, help=f"JPEG to write the sheet to (default: {SHEET} in --out)")
    made.add_argument("--minutes", type=above_zero, default=defaults.minutes, help="of each training (default 60)")
    made.add_argument("--steps", type=whole, default=defaults.steps, help="of each training")
    made.add_argument("--width", type=whole, default=defaults.width, help="channels; the papers' is 64, for a GPU")
    made.add_argument("--batch", type=whole, default=defaults.batch, help="pictures a step")
    made.add_argument("--seed", type=int, default=defaults.seed)
    made.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="cpu, cuda, cuda:1")
    made.add_argument("--train-only", action="store_true", help="measure nothing")
    return made


def compare(options: argparse.Namespace) -> int:
    """Train all, or take what was trained; draw and measure. Gives the exit code. Raises ValueError for bad input."""
    # Whole squares, here and in the trainings. First, so that bad pictures are told once.
    data = Compositions(options.data, whole=True)
    if options.trained is None:
        code = train_all(options)
        if code:
            return code
    folder = options.trained if options.trained is not None else options.out
    states = {name: read_generator(folder / f"{name}.pt") for name in NETWORKS}
    generators = {name: rebuilt(state) for name, state in states.items()}
    sheet = options.sheet if options.sheet is not None else options.out / SHEET
    rows: dict[str, ByteArray] = {"real": evenly(data.held.numpy(), COLUMNS)}
    rows |= {name: samples(generator, COLUMNS, 1)[:, 0] for name, generator in generators.items()}
    if options.train_only:
        draw(rows, sheet)
        return 0
    from installation.training import simple_gan_score

    options.out.mkdir(parents=True, exist_ok=True)
    found = simple_gan_score.score(generators, states, data, options.out)
    simple_gan_score.write_tables(found, options.out)
    draw(rows | {"ours": simple_gan_score.ours(data, COLUMNS)}, sheet)
    print((options.out / simple_gan_score.MARKDOWN).read_text(encoding="utf-8"))
    print(f"{sheet} and the tables in {options.out} written")
    return 0


def train_all(options: argparse.Namespace) -> int:
    """A process a network, all at once; then the averaged generators as halves and one table of losses in ``options.out``."""
    # In sessions of their own, so that Ctrl-C reaches them once, through us: the second time they would not store.
    processes = {
        name: subprocess.Popen(command(name, options), cwd=PROJECT, start_new_session=True) for name in NETWORKS
    }
    with stop_on_signals() as stop:
        try:
            while any(process.poll() is None for process in processes.values()) and not stop.is_set:
                time.sleep(0.1)
            if stop.is_set:
                for process in processes.values():
                    process.terminate()
            ended = {name: process.wait(GRACE_S if stop.is_set else None) for name, process in processes.items()}
        finally:
            for process in processes.values():
                process.kill()
    store_all(options.runs, options.out)
    if stop.is_set:
        print("stopped; the same command resumes", flush=True)
        return STOPPED
    failed = {name: code for name, code in ended.items() if code}
    for name, code in failed.items():
        print(f"{name} ended with {code}; what it says stands above", file=sys.stderr)
    return 0 if not failed else BAD_INPUT if set(failed.values()) == {BAD_INPUT} else REFUSED


def command(network: str, options: argparse.Namespace) -> list[str]:
    """What trains one network."""
    values = {
        "network": network,
        "data": options.data.resolve(),
        "out": options.runs.resolve() / network,
        **{name: getattr(options, name) for name in ("minutes", "steps", "width", "batch", "seed", "device")},
        "report-every": 200,
        "save-every": 1000,
    }
    words = [word for name, value in values.items() for word in (f"--{name}", str(value))]
    return [sys.executable, "-m", "installation.training.simple_gan", *words, "--whole", "--bare"]


def store_all(runs: Path, out: Path) -> None:
    """What the runs have left, as small files: each averaged generator as halves, and losses of all in one table."""
    out.mkdir(parents=True, exist_ok=True)
    rows: list[list[str]] = [["network", "step", "critic", "generator"]]
    for name in NETWORKS:
        if not (runs / name / CHECKPOINT).is_file():
            continue
        state = read_checkpoint(runs / name / CHECKPOINT)
        step, spent_s, _ = state["progress"]
        average = {key: value.half() if value.is_floating_point() else value for key, value in state["average"].items()}
        settings = {key: state["settings"][key] for key in ("network", "width", "batch")}
        store({**settings, "step": step, "spent_s": spent_s, "average": average}, out / f"{name}.pt")
        with (runs / name / TABLE).open(newline="", encoding="utf-8") as file:
            rows += [[name, *row] for row in list(csv.reader(file))[1:]]
    with (out / LOSSES).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)


def read_generator(path: Path) -> dict[str, Any]:
    """What ``store_all`` wrote. Raises ValueError where there is none."""
    if not path.is_file():
        raise ValueError(f"{path} is not there; train first: run.py train simple compare --data ...")
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return state


def rebuilt(state: dict[str, Any]) -> Generator:
    """The generator of such a file, at full precision."""
    generator = generator_for(state["network"], state["width"])
    generator.load_state_dict(state["average"])  # into full precision
    generator.eval()
    return generator


def evenly(pictures: ByteArray, count: int) -> ByteArray:
    """``count`` of (N, S, S, 3), from the first to the last."""
    return np.asarray(pictures[np.linspace(0, len(pictures) - 1, count).astype(int)], np.uint8)


def draw(rows: dict[str, ByteArray], path: Path) -> None:
    """A row of (N, 64, 64, 3) for each name, every pixel twice as wide and high."""
    pictures = np.stack(list(rows.values())).repeat(ENLARGED, 2).repeat(ENLARGED, 3)
    path.parent.mkdir(parents=True, exist_ok=True)
    bgr = cv2.cvtColor(sheet_of(pictures, list(rows)), cv2.COLOR_RGB2BGR)
    write_bgr(path, np.asarray(bgr, np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 90])


if __name__ == "__main__":
    raise SystemExit(main())
