"""Trains a small generator of older work, to compare with the piece's own: dense, deconvolution, DCGAN, conditional, WGAN-GP.

    python3 run.py train simple --network basic|deconv|dcgan|cgan|wgan_gp --data FOLDER|views.npz [--minutes 60]
    python3 run.py train simple compare --data FOLDER|views.npz [--minutes 60]     (all of them, one sheet, one table)
    .venv/bin/python -m torch.distributed.run --standalone --nproc_per_node 2 -m installation train simple ...  (two cards)

FOLDER holds pictures, such as data/NAME from run.py ingest; an .npz holds views. Everything lies in runs/NETWORK: checkpoint,
sample sheets, losses. Ctrl-C saves and stops; the same command resumes. These networks paint 64 pixels, are not seamless and
obey no affect (the conditional one takes an emotion): the piece does not show them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from installation.base.arguments import above_zero, whole
from installation.base.files import PROGRAM, PROJECT
from installation.training.interrupt import STOPPED, stop_on_signals
from installation.training.running import run
from installation.training.several import joined
from installation.training.simple_gan_data import Compositions
from installation.training.simple_gan_fit import Settings, SimpleRun
from installation.training.simple_gan_net import RECIPES
from installation.types import EMOTIONS

RUNS = PROJECT / "runs"


def train(options: argparse.Namespace) -> int:
    """Begin the run in ``options.out``, or resume it; gives the exit code."""
    # Early on the gradients of saturated layers are of the smallest numbers, which processors compute slowly.
    torch.set_flush_denormal(True)
    torch.backends.cudnn.benchmark = True
    torch.backends.cuda.matmul.allow_tf32 = True
    settings = Settings(
        network=options.network,
        width=options.width,
        batch=options.batch,
        seed=options.seed,
        steps=options.steps,
        minutes=options.minutes,
        sheet_every=options.sheet_every,
        save_every=options.save_every,
        report_every=options.report_every,
        draws=not options.bare,
    )
    folder = options.out if options.out is not None else RUNS / options.network
    try:
        with joined(options.device) as place, stop_on_signals() as stop:
            data = Compositions(options.data, options.whole)
            if place.leads and RECIPES[options.network].labels and data.missing:
                named = ", ".join(EMOTIONS[k] for k in data.missing)
                print(f"no part of these pictures comes near {named}: nothing can be learnt for it", flush=True)
            fit = SimpleRun(data, folder, settings, place, stop)
            finished = fit.run()
    finally:
        torch.set_flush_denormal(False)  # it holds for the whole process, not for torch alone
    if place.leads:
        state = "done" if finished else "stopped; the same command resumes"
        print(f"{state}: step {fit.step}, {fit.spent_s / 60:.0f} min; everything lies in {folder}", flush=True)
    return 0 if finished else STOPPED


def parser() -> argparse.ArgumentParser:
    """Options of ``run.py train simple``."""
    made = argparse.ArgumentParser(
        prog=f"{PROGRAM} train simple", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    defaults = Settings("dcgan")
    made.add_argument("--network", choices=sorted(RECIPES), required=True)
    made.add_argument("--data", type=Path, required=True, help="folder of pictures, or an .npz of views")
    made.add_argument(
        "--whole", action="store_true", help="squares as large as a picture's short side, not windows of it"
    )
    made.add_argument("--out", type=Path, help="folder of the run (default: runs/NETWORK)")
    made.add_argument(
        "--minutes", type=above_zero, default=defaults.minutes, help="of training, all in all (default 60)"
    )
    made.add_argument("--steps", type=whole, default=defaults.steps, help="of training, all in all")
    made.add_argument("--width", type=whole, default=defaults.width, help="channels; the papers' is 64, for a GPU")
    made.add_argument("--batch", type=whole, default=defaults.batch, help="pictures a step and process")
    made.add_argument("--seed", type=int, default=defaults.seed)
    made.add_argument("--sheet-every", type=whole, default=defaults.sheet_every, metavar="STEPS")
    made.add_argument("--save-every", type=whole, default=defaults.save_every, metavar="STEPS")
    made.add_argument("--report-every", type=whole, default=defaults.report_every, metavar="STEPS")
    made.add_argument("--bare", action="store_true", help="no bar, sheets and plot: needs neither tqdm nor matplotlib")
    made.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="cpu, cuda, cuda:1")
    made.add_argument("--threads", type=whole, default=1, help="processor threads a process")
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit code: 0 good, 2 bad input, 130 stopped. ``compare`` as first word is another command."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["compare"]:
        from installation.training import simple_gan_compare

        return simple_gan_compare.main(words[1:])
    options = parser().parse_args(words)
    return run(lambda: train(options), options.threads)


if __name__ == "__main__":
    raise SystemExit(main())
