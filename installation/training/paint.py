"""Trains the painter of pictures, in a fixed time, on a folder of pictures or a file of views.

    python3 run.py train paint --data DIR|views.npz --eyes eyes.npz --seconds 540 [--device cuda] [--begin models/paint_ema.pt]
    python3 run.py train paint --data ... --resume             goes on with the run in --out
    python3 run.py train paint eyes --wheels DIR --file eyes.npz     makes the frozen eyes
    python3 run.py train paint pack --out DIR ...              one folder for a GPU machine
    python3 run.py train paint check --model FILE --data ...   measures it by eyes that training did not see

A projected GAN (Sauer et al. 2021) with a generator after FastGAN (Liu et al. 2021) that is asked for an affect and a layout. A
parent process without torch begins the training anew where a GPU breaks. SIGTERM and Ctrl-C end it early; all is written then.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from installation.base.files import PROGRAM, PROJECT
from installation.training.paint_settings import PaintSettings
from installation.training.paint_watch import CHILD, Heart, watch

RUN = PROJECT / "runs" / "paint"
LAYOUTS = "layouts of scenes: an .npz of run.py evaluate layouts (drawn by chance without)"


def train_parser() -> argparse.ArgumentParser:
    """Options of a training."""
    made = argparse.ArgumentParser(
        prog=f"{PROGRAM} train paint", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    kept = PaintSettings()
    made.add_argument("--data", type=Path, required=True, help="folder of pictures, or an .npz of views")
    made.add_argument(
        "--eyes", type=Path, default=PROJECT / "data" / "eyes.npz", help="the frozen networks (see: eyes)"
    )
    made.add_argument("--layouts", type=Path, help=LAYOUTS)
    made.add_argument("--out", type=Path, default=RUN, help="folder of the run")
    made.add_argument("--device", choices=("cpu", "cuda"), help="default: a GPU where there is one")
    made.add_argument("--seconds", type=float, default=kept.seconds, help="from the start of Python to the last line")
    made.add_argument("--reserve", type=float, default=kept.reserve, help="of them for the export, sheets and figures")
    made.add_argument("--steps", type=int, default=0, help="end after so many steps")
    made.add_argument("--begin", type=Path, metavar="FILE", help="a paint_ema.pt to begin from, where shapes agree")
    made.add_argument("--shake", type=float, default=0.0, help="with --begin: 0 to 1, what lays out goes toward chance")
    made.add_argument("--hold", type=int, default=kept.hold, help="steps for which a painter begun from waits")
    made.add_argument("--resume", type=Path, nargs="?", const=Path(), metavar="DIR", help="go on with a run (of --out)")
    made.add_argument("--fresh-schedule", action="store_true", help="with --resume: the rate begins anew")
    made.add_argument("--size", type=int, choices=(64, 128, 256), default=kept.size, help="pixels")
    made.add_argument("--width", type=float, default=kept.width, help="of the generator's layers")
    made.add_argument("--critic-width", type=float, default=kept.critic_width, help="of the critic's layers")
    made.add_argument("--batch", type=int, default=kept.batch, help="pictures a step, a multiple of 4")
    made.add_argument("--rate", type=float, default=kept.rate)
    made.add_argument("--critic-rate", type=float, default=kept.critic_rate, help="over the generator's")
    made.add_argument("--keep", type=float, default=kept.keep, help="of the average, a step")
    made.add_argument("--keep-every", type=float, default=kept.keep_every, help="seconds between checkpoints")
    made.add_argument("--diversity", type=float, default=kept.diversity, help="weight")
    made.add_argument("--eye", type=int, default=0, help="pixels at which EfficientNet looks (0: three quarters)")
    made.add_argument("--seed", type=int, default=0)
    made.add_argument("--most", type=int, default=0, help="about so many views only")
    made.add_argument("--threads", type=int, default=0, help="of torch on the processor (0: all)")
    made.add_argument("--no-graph", dest="graph", action="store_false", help="kernel by kernel")
    made.add_argument("--way", default="", help="of the depthwise network, without trials: channels_last, ...")
    made.add_argument("--capture-fails", action="store_true", help=argparse.SUPPRESS)
    made.add_argument(CHILD, dest="watched_in", type=Path, help=argparse.SUPPRESS)
    return made


def settings_of(options: argparse.Namespace) -> PaintSettings:
    """The training's settings; a --resume without a folder means that of --out."""
    names = {field.name for field in fields(PaintSettings)} & vars(options).keys()
    values = {name: getattr(options, name) for name in names}
    if values["resume"] == Path():
        values["resume"] = values["out"]
    return PaintSettings(**(values | {"device": values["device"] or "cpu"}))


def train(argv: Sequence[str]) -> int:
    """Train, watched by a parent; gives the exit code."""
    options = train_parser().parse_args(argv)
    # Of several processes none can begin anew without the others: torchrun watches them.
    if options.watched_in is None and int(os.environ.get("WORLD_SIZE", "1")) == 1:
        return watch(argv, settings_of(options))
    import torch

    from installation.training.interrupt import stop_on_signals
    from installation.training.paint_run import run
    from installation.training.running import run as guarded
    from installation.training.several import joined

    options.device = options.device or ("cuda" if torch.cuda.is_available() else "cpu")

    def in_all() -> int:
        with joined(options.device) as place, stop_on_signals() as stop:
            options.device = place.device
            return run(settings_of(options), Heart(options.watched_in), stop, place)

    return guarded(in_all, options.threads or torch.get_num_threads())


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; gives the exit code: 0 good, 1 broken off or refused, 2 bad input, 130 stopped."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["pack"]:
        from installation.training import paint_pack

        return paint_pack.main(words[1:])
    if words[:1] == ["eyes"]:
        from installation.training import paint_eyes_file

        return paint_eyes_file.main(words[1:])
    if words[:1] == ["check"]:
        from installation.training import paint_check

        return paint_check.main(words[1:])
    return train(words)


if __name__ == "__main__":
    raise SystemExit(main())
