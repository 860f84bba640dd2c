"""``run.py export NAME``: from what a training left in runs/NAME to models/NAME.onnx, past the gates.

    python3 run.py export NAME [--run FOLDER] [--file FILE]

A model that fails a gate is refused with the reason; nothing is written then, and a file that was there stays.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from installation.models import MODELS_DIR, load_manifest
from installation.training.interrupt import STOPPED, interruptible
from installation.training.simple_gan_export import RefusedError
from installation.training.texture_check import session_of
from installation.training.texture_data import DataError

ROOT = Path(__file__).resolve().parents[2]
RUNS = ROOT / "runs"
BAD_INPUT, REFUSED = 2, 1
MAX_MEGABYTES, MAX_MS, PACE_PX = 20.0, 100.0, 256
"""The piece asks for ten pictures of PACE_PX a second on one thread (a network of one size is measured at that)."""


@dataclass(frozen=True)
class Exporter:
    """One kind of network. ``mark`` is the file by which a run's folder is known; ``write`` takes that folder and the file
    to write, checks what it wrote and gives lines to print; it raises RefusedError, DataError or ValueError. ``feeds``
    gives inputs by which the pace is measured, by name, from the session's inputs."""

    mark: str
    write: Callable[[Path, Path], list[str]]
    feeds: Callable[[set[str]], dict[str, np.ndarray]]


def _texture(run: Path, file: Path) -> list[str]:
    from installation.training import texture_export
    from installation.training.texture_fit import load_average

    generator, scale, step = load_average(run / "state.pt")
    try:
        texture_export.export(generator, file, scale, step)
    except texture_export.RefusedError as error:
        raise RefusedError(str(error)) from error
    return [f"texture, step {step}", "as torch paints it; seamless; the affect is obeyed"]


def _texture_feeds(_: set[str]) -> dict[str, np.ndarray]:
    from installation.training.texture_check import INPUTS
    from installation.training.texture_net import AFFECT, CELL_PX, all_latents

    inputs = (*all_latents(PACE_PX // CELL_PX), torch.zeros(1, AFFECT))
    return {name: value.numpy() for name, value in zip(INPUTS, inputs, strict=True)}


def _simple(run: Path, file: Path) -> list[str]:
    from installation.training import simple_gan_export

    return simple_gan_export.export(run, file)


def _simple_feeds(names: set[str]) -> dict[str, np.ndarray]:
    from installation.training.simple_gan_net import LABELS, NOISE

    feeds = {"noise": np.zeros((1, NOISE), np.float32), "label": np.eye(LABELS, dtype=np.float32)[:1]}
    return {name: feeds[name] for name in names}


EXPORTERS: dict[str, Exporter] = {
    "texture": Exporter("state.pt", _texture, _texture_feeds),
    "simple": Exporter("gan.pt", _simple, _simple_feeds),
}
"""Every kind of network that can be exported; a new one is a line here."""


def exporter_of(run: Path) -> Exporter:
    """The exporter for a run's folder. Raises ValueError where there is no run or nobody knows it."""
    for exporter in EXPORTERS.values():
        if (run / exporter.mark).is_file():
            return exporter
    there = sorted(
        folder.name for folder in run.parent.glob("*") if any((folder / e.mark).is_file() for e in EXPORTERS.values())
    )
    known = f"there are runs {', '.join(there)}" if there else "there is no run yet: run.py train texture --data FOLDER"
    raise ValueError(f"{run} holds no run that can be exported; {known}")


def export(run: Path, file: Path) -> list[str]:
    """Write the network of ``run`` to ``file`` if it passes its own gates, the pace and the size; gives what was found.

    Raises RefusedError with the reason, ValueError or DataError for a run that cannot be used.
    """
    exporter = exporter_of(run)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.stem}.draft.onnx")
    try:
        found = exporter.write(run, draft)
        megabytes = draft.stat().st_size / 1e6
        if megabytes > MAX_MEGABYTES:
            raise RefusedError(
                f"the file has {megabytes:.0f} MB, more than {MAX_MEGABYTES:.0f}; train a narrower network"
            )
        pace_ms = milliseconds(draft, exporter)
        if pace_ms > MAX_MS:
            raise RefusedError(f"a picture takes {pace_ms:.0f} ms on one thread here, more than {MAX_MS:.0f}")
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return [*found, f"{pace_ms:.1f} ms a picture on one thread here, {megabytes:.1f} MB"]


def milliseconds(file: Path, exporter: Exporter, repeats: int = 7) -> float:
    """Of the fastest of some pictures on one thread: what other programs do can only make it slower."""
    session = session_of(file)
    feeds = exporter.feeds({entry.name for entry in session.get_inputs()})
    spent_s = []
    for _ in range(repeats):
        started_s = time.perf_counter()
        session.run(None, feeds)
        spent_s.append(time.perf_counter() - started_s)
    return 1000 * min(spent_s)


def parser() -> argparse.ArgumentParser:
    """Options of ``run.py export``."""
    made = argparse.ArgumentParser(
        prog="run.py export", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("name", help="of the model, and of the run's folder in runs/")
    made.add_argument("--run", type=Path, metavar="FOLDER", help="of the run (default: runs/NAME)")
    made.add_argument("--file", type=Path, help="to write (default: models/NAME.onnx)")
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit code: 0 well, 1 refused, 2 bad input, 130 stopped."""
    options = parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO)
    torch.set_num_threads(1)
    run = options.run if options.run is not None else RUNS / options.name
    file = options.file if options.file is not None else MODELS_DIR / f"{options.name}.onnx"
    try:
        with interruptible():
            found = export(run, file)
    except RefusedError as error:
        print(f"refused: {error}", file=sys.stderr)
        return REFUSED
    except (DataError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("stopped; nothing was written", file=sys.stderr)
        return STOPPED
    print("\n".join(found))
    print(f"{file} written; look at it: python3 run.py gallery {options.name}")
    _say_how_to_use(file)
    return 0


def _say_how_to_use(file: Path) -> None:
    """What is still to be done: nothing for a model of one's own, the manifest's line for one of those that are shipped."""
    from installation.training.texture_check import INPUTS

    if {entry.name for entry in session_of(file).get_inputs()} != set(INPUTS) or file.parent != MODELS_DIR:
        return
    if any(entry.path == file for entry in load_manifest().values()):
        print(f"{file.name} is one of the models shipped: put its new sha256 into models/manifest.yaml")
    else:
        print(f"show it: in config.yaml, under textures, model: {file.name}")


if __name__ == "__main__":
    sys.exit(main())
