"""``run.py train art``: ours learns from all works and becomes models/art.onnx, past the gates.

    python3 run.py train art [--data FOLDER] [--wheels FOLDER] [--file FILE]
    python3 run.py train art pack --help      for a GPU machine: the trunk that goes on learning (art/whole.py)

A picture (S, S, 3) uint8 goes in, the shares of the twenty evoked emotions come out. How good it is on artists it did not learn
from says ``run.py evaluate art``; what is shipped learnt from all of them, so nothing here can say it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from installation.base.files import PROJECT
from installation.base.model_files import MODELS_DIR
from installation.base.onnx_sessions import UnusableModelError
from installation.generation.evoked import EVOKED, EvokedReader
from installation.training.art.eyes import TRUNK, TRUNK_PX, Trunk
from installation.training.art.fit import Lesson
from installation.training.art.kernel import REACHES, RIDGES, chosen, learn, reading
from installation.training.art.reader import Reader, write
from installation.training.art.readings import Looking
from installation.training.art.scores import FEWEST, SEED, folds
from installation.training.art.tasks import NAMED_BY, TASKS
from installation.training.art.works import FOLDER, Works, load_works, read_picture
from installation.training.onnx_file import drafted
from installation.training.running import RefusedError, run
from installation.types import FloatArray

MAX_MS, MAX_MEGABYTES, MAX_APART = 20.0, 15.0, 0.005
"""Of a picture, of the file, and of a share between torch and the file. (10 ms of a core that has nothing else to do are
wanted; one that others use, too, is slower and must still be able to train.)"""
CHECKED = 24
"""Works on which the file is held against torch."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["pack"]:
        from installation.training.art import pack

        return pack.main(words[1:])
    style = argparse.RawDescriptionHelpFormatter
    made = argparse.ArgumentParser(prog="run.py train art", description=__doc__, formatter_class=style)
    made.add_argument("--data", type=Path, default=FOLDER, help="folder of the works")
    made.add_argument(
        "--wheels", type=Path, default=PROJECT / "data" / "wheels", help="folder of the networks' packages"
    )
    made.add_argument("--seen", type=Path, default=PROJECT / "runs" / "art" / "seen", help="kept by evaluate art, too")
    made.add_argument("--file", type=Path, default=MODELS_DIR / "art.onnx", help="to write")
    options = made.parse_args(words)
    return run(lambda: train(options.data, options.wheels, options.seen, options.file))


def train(data: Path, wheels: Path, seen: Path, file: Path) -> None:
    """Learn, and write ``file`` if it passes. Raises RefusedError with the reason, DataError for works that cannot be used."""
    began_s = time.monotonic()
    works = load_works(data)
    lesson = whole_lesson(works, Looking(works, wheels, seen))
    reach, ridge = chosen(lesson, REACHES, RIDGES)
    learnt = learn(lesson, (reach,), (ridge,))
    trunk = Trunk(wheels)
    reader = Reader(trunk.net, trunk.head, learnt).rounded().eval()
    readings = of_others(lesson, works, reach, ridge)
    with drafted(file) as draft:
        write(reader, TRUNK_PX, draft, told(works, readings))
        lines = check(draft, reader, works)
    settings = f"reach {reach:g}, ridge {ridge:g}"
    print("\n".join([f"{len(works)} works, {settings}, {time.monotonic() - began_s:.0f} s", *lines, f"{file} written"]))
    if file.parent == MODELS_DIR:
        print(f"{file.name} is one of the models shipped: put its new sha256 into models/manifest.yaml")


def whole_lesson(works: Works, looking: Looking) -> Lesson:
    """All works."""
    task = TASKS["twenty"](works)
    _, artist = np.unique(np.asarray(works.artists), return_inverse=True)
    return Lesson(looking.seen((TRUNK,)), task.taught, artist, one_of=False, seed=SEED)


def of_others(lesson: Lesson, works: Works, reach: float, ridge: float) -> FloatArray:
    """(N, 20): every work read by a reader that learnt from other artists; what was learnt from would stand out more."""
    out = np.empty_like(lesson.target)
    for rows, others in folds(TASKS["twenty"](works), works.artists):
        part = replace(lesson, seen=lesson.seen[rows], target=lesson.target[rows], artist=lesson.artist[rows])
        out[others] = reading(learn(part, (reach,), (ridge,)))(lesson.seen[others])
    return out


def told(works: Works, readings: FloatArray) -> dict[str, object]:
    """Metadata: what the shares are of, how ``readings`` (N, 20) of works of art lie, and which emotions enough works evoke to
    be read."""
    readable = [name for k, name in enumerate(EVOKED) if (works.evoked[:, k] >= NAMED_BY).sum() >= FEWEST]
    return {
        "kind": "evoked",
        "emotions": " ".join(EVOKED),
        "readable": " ".join(readable),
        "evoked_mean": " ".join(f"{value:.5f}" for value in readings.mean(0)),
        "evoked_deviation": " ".join(f"{value:.5f}" for value in readings.std(0)),
    }


def check(file: Path, reader: Reader, works: Works) -> list[str]:
    """What was found. Raises RefusedError for a file that differs from torch, is large or slow."""
    try:
        running = EvokedReader(file)
    except UnusableModelError as error:
        raise RefusedError(f"the running piece cannot use it: {error}") from error
    apart = 0.0
    for path in works.files[:: max(1, len(works) // CHECKED)]:
        rgb = read_picture(path, TRUNK_PX)
        with torch.inference_mode():
            expected = reader(torch.from_numpy(rgb)).numpy()
        apart = max(apart, float(np.abs(running.shares(rgb) - expected).max()))
    if apart > MAX_APART:
        raise RefusedError(f"ONNX and torch differ by {apart:.4f}")
    megabytes = file.stat().st_size / 1e6
    if megabytes > MAX_MEGABYTES:
        raise RefusedError(f"the file has {megabytes:.0f} MB, more than {MAX_MEGABYTES:.0f}")
    pace_ms = own_ms(running)
    if pace_ms > MAX_MS:
        raise RefusedError(f"a picture takes {pace_ms:.1f} ms of one thread here, more than {MAX_MS:.0f}")
    return [
        f"as torch reads it, to {apart:.5f}",
        f"{pace_ms:.1f} ms a picture of {TRUNK_PX} px of one thread here, {megabytes:.1f} MB",
    ]


def own_ms(reader: EvokedReader, repeats: int = 30) -> float:
    """Of the thread's own time, for the fastest of ``repeats`` pictures: other programs take none of it."""
    rgb = np.full((reader.side_px, reader.side_px, 3), 128, np.uint8)
    spent_s = []
    for _ in range(repeats):
        began_s = time.thread_time()
        reader.shares(rgb)
        spent_s.append(time.thread_time() - began_s)
    return 1000 * min(spent_s)
