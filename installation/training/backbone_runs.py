"""The published comparison run whole: VGG19, ResNet50, MobileNetV2 and DenseNet201 on FER-2013's own labels.

    run.py train expression --backbones all --seconds 540 --device cuda
    python -m installation.training.backbone_runs --data FOLDER --out FOLDER --seconds 240 --device cuda

All train side by side, a process each: on one card, small networks wait for each other's launches less than for their
own. Each is trained from scratch with augmentation and class weights, as the published ones were, until its share of the
time or its passes are used up; the last seconds are kept for reading publictest. A network that fails takes no other
with it. The second form needs torch, numpy and OpenCV alone (and ONNX Runtime with onnx to time the networks), so it
runs where the piece cannot be installed; pack_faces makes the data small enough to travel.

Ctrl-C or SIGTERM saves and stops; the same command goes on, and so it does after a crash, from the last minute. FOLDER of
--data holds train.npz and publictest.npz, or faces.npz. --out gets table.md, table.json and the weights of up to 16 MiB.
"""

from __future__ import annotations

import argparse
import multiprocessing
import signal
import time
import traceback
from collections.abc import Sequence
from multiprocessing.context import SpawnProcess
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import TYPE_CHECKING

from installation.base.files import PROJECT
from installation.training.backbone_plan import FAILED, PUBLISHED, STOPPED_EARLY, Outcome, Recipe, Task
from installation.training.fer import DATA
from installation.training.interrupt import STOPPED, Stop, stop_on_signals
from installation.training.pack_faces import PACK
from installation.training.running import REFUSED, run

if TYPE_CHECKING:
    from installation.training.backbone_table import Pace

RUN = PROJECT / "runs" / "backbones"
RESULT = "outcome.json"
SECONDS_A_PASS = 8.0
"""At most one pass for so many seconds: about what the slowest network makes beside the others on a card of 2024 (estimated).
The faster ones then end early and leave the card to it, instead of going through the faces three times as often.
"""
LAST_S = 5.0
"""Seconds before the end at which a process that is still not done is ended, so that the table can be written."""
GRACE_S = 60.0
"""Seconds for saving after Ctrl-C."""


def train_one(task: Task, stop: Event) -> None:
    """What each process runs. Its outcome is in the run's folder at the end, whatever happened."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the first process says when
    parent = multiprocessing.parent_process()

    def wants_stop() -> bool:
        return stop.is_set() or (parent is not None and not parent.is_alive())

    try:
        from installation.training.backbone_fit import fit

        outcome = fit(task, wants_stop)
    except Exception as error:  # noqa: BLE001 - the border of the process: the table says what failed, the other networks go on
        traceback.print_exc()
        first = (str(error).splitlines() or [""])[0]
        outcome = Outcome(task.name, FAILED, f"{type(error).__name__}: {first[:300]}")
    outcome.write(task.run / RESULT)


def compare(arguments: argparse.Namespace, started_s: float) -> int:
    """Train all networks asked for, print and write the table; gives the exit code."""
    if not any((arguments.data / name).is_file() for name in ("train.npz", PACK)):
        raise FileNotFoundError(f"{arguments.data} has neither train.npz nor {PACK}")
    end_s = started_s + arguments.seconds
    if arguments.seconds <= arguments.reserve:
        raise ValueError(f"--seconds {arguments.seconds:g} must be more than --reserve {arguments.reserve:g}")
    if arguments.passes is None:
        arguments.passes = max(1, round(arguments.seconds / SECONDS_A_PASS))
    recipe = Recipe(arguments.batch, arguments.rate, arguments.passes, arguments.augment, arguments.seed)
    arguments.out.mkdir(parents=True, exist_ok=True)
    tasks = []
    for name in arguments.backbones:
        folder = arguments.run / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / RESULT).unlink(missing_ok=True)
        place = (name, arguments.data, folder, arguments.device, arguments.threads)
        tasks.append(Task(*place, started_s=started_s, end_s=end_s - arguments.reserve, recipe=recipe))
    with stop_on_signals() as stop:
        outcomes, paces = _side_by_side(tasks, arguments, stop, end_s)
        _conclude(outcomes, paces, arguments, started_s)
    if stop.is_set:
        print(f"stopped; everything is saved in {arguments.run}. The same command goes on.")
        return STOPPED
    return REFUSED if any(outcome.status == FAILED for outcome in outcomes) else 0


def _side_by_side(
    tasks: Sequence[Task], arguments: argparse.Namespace, stop: Stop, end_s: float
) -> tuple[list[Outcome], dict[str, Pace]]:
    """Run every task in a process of its own. On a card the processor is free to be timed meanwhile."""
    context = multiprocessing.get_context("spawn")
    event = context.Event()
    processes = [context.Process(target=train_one, args=(task, event), name=task.name) for task in tasks]
    paces: dict[str, Pace] = {}
    try:
        for process in processes:
            process.start()
        if arguments.device != "cpu":
            paces = _paces(tasks, stop)
        _wait(processes, stop, event, end_s)
    finally:
        for process in processes:
            if process.is_alive():
                process.kill()
                process.join()
    if arguments.device == "cpu" and not stop.is_set:
        paces = _paces(tasks, stop)
    return [_outcome(task, process) for task, process in zip(tasks, processes, strict=True)], paces


def _paces(tasks: Sequence[Task], stop: Stop) -> dict[str, Pace]:
    from installation.training.backbone_table import (
        measure_pace,
    )  # torch takes seconds that the processes need not wait

    return {task.name: measure_pace(task.name) for task in tasks if not stop.is_set}


def _wait(processes: Sequence[SpawnProcess], stop: Stop, event: Event, end_s: float) -> None:
    """Until all are done, or the time is up, or the time for saving after a wish to stop."""
    last_s = end_s - LAST_S
    while any(process.is_alive() for process in processes) and time.time() < last_s:
        if stop.is_set and not event.is_set():
            event.set()
            last_s = time.time() + GRACE_S
        time.sleep(0.1)


def _outcome(task: Task, process: SpawnProcess) -> Outcome:
    try:
        return Outcome.read(task.run / RESULT)
    except FileNotFoundError:
        why = f"its process ended with code {process.exitcode}"
    if (task.run / "last.pt").is_file():
        return Outcome(task.name, STOPPED_EARLY, f"{why}; the same command goes on from what was saved")
    return Outcome(task.name, FAILED, why)


def _conclude(
    outcomes: Sequence[Outcome], paces: dict[str, Pace], arguments: argparse.Namespace, started_s: float
) -> None:
    from installation.training.backbone_table import keep_small_weights, table, write_tables

    weights = keep_small_weights(outcomes, arguments.run, arguments.out)
    device = next((outcome.device for outcome in outcomes if outcome.device), arguments.device)
    longest_s = max(outcome.spent_s for outcome in outcomes)
    packed = "" if (arguments.data / "train.npz").is_file() else ", pictures as packed in WebP"
    how = (
        f"Trained from scratch side by side on {device}, each for up to {longest_s:.0f} s, batches of "
        f"{arguments.batch}, at most {arguments.passes} passes, augmentation {arguments.augment:g}, class weights, averaged "
        f"weights, a twentieth of the training pictures held out{packed}."
    )
    text = table(outcomes, paces, weights, how)
    write_tables(arguments.out, text, outcomes, paces, weights)
    print(f"\n{text}\n\n{arguments.out / 'table.md'} and table.json, {time.time() - started_s:.0f} s", flush=True)


def _names(text: str) -> list[str]:
    names = list(PUBLISHED) if text == "all" else text.split(",")
    unknown = [name for name in names if name not in (*PUBLISHED, "ours")]
    if unknown or len(set(names)) < len(names):
        raise argparse.ArgumentTypeError(f"all, or some of {', '.join(PUBLISHED)} and ours with commas, not {text!r}")
    return names


def _parser() -> argparse.ArgumentParser:
    defaults = Recipe()
    parser = argparse.ArgumentParser(
        prog="expression --backbones", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--backbones",
        type=_names,
        default=list(PUBLISHED),
        metavar="NAMES",
        help="all, or names with commas between them",
    )
    parser.add_argument("--seconds", type=float, default=540.0, help="from the start to the table")
    parser.add_argument(
        "--reserve", type=float, default=22.0, help="of these, seconds for publictest and the table at the end"
    )
    parser.add_argument("--data", type=Path, default=DATA, help=f"folder with train.npz and publictest.npz, or {PACK}")
    parser.add_argument("--run", type=Path, default=RUN, help="folder for checkpoints, one folder a network")
    parser.add_argument("--out", type=Path, default=RUN, help="folder for the table and the small weights")
    parser.add_argument("--device", default="cpu", help="cpu, cuda, cuda:1")
    parser.add_argument("--threads", type=int, default=1, help="processor threads of each network")
    parser.add_argument("--batch", type=int, default=defaults.batch)
    parser.add_argument("--rate", type=float, default=defaults.rate, help="highest learning rate; VGG19 takes half")
    parser.add_argument(
        "--passes",
        type=int,
        help=f"a network that had so many is done; {SECONDS_A_PASS:g} seconds' worth each if not said",
    )
    parser.add_argument("--augment", type=float, default=defaults.augment, help="strength of random changes, 0 to 1")
    parser.add_argument("--seed", type=int, default=defaults.seed)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit code: 0 good, 1 a network failed, 2 bad input, 130 stopped."""
    began_s = time.time()
    arguments = _parser().parse_args(argv)
    return run(lambda: compare(arguments, began_s), threads=None)


if __name__ == "__main__":
    raise SystemExit(main())
