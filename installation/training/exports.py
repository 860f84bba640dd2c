"""``run.py export NAME``: from what a training left in runs/NAME to models/NAME.onnx, past the gates.

    python3 run.py export NAME [--run FOLDER] [--file FILE]

A model that fails a gate is refused with the reason; nothing is written then, and a file that was there stays.
"""

from __future__ import annotations

import argparse
import pickle
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from installation.base.files import PROGRAM, PROJECT
from installation.base.model_files import load_manifest
from installation.training import (
    paint_export,
    paint_net,
    running,
    simple_gan_export,
    texture_export,
    texture_fit,
    texture_net,
)
from installation.training.onnx_file import drafted
from installation.training.running import RefusedError
from installation.training.simple_gan_net import LABELS, NOISE
from installation.training.texture_check import INPUTS, session_of

RUNS, OWN_MODELS = PROJECT / "runs", PROJECT / "models"
PACE_PX = 256
"""Side of the picture by which the pace is measured (a network of one size is measured at that)."""


@dataclass(frozen=True)
class Exporter:
    """One kind of network.

    ``mark`` is the file by which a run's folder is known, ``holds`` what only this kind has stored in it ("" where the name
    says enough). ``write`` takes that folder and the file to write, checks what it wrote and gives lines to print; it raises
    RefusedError or ValueError. ``feeds`` gives inputs by which the pace is measured, by name, from the session's inputs.
    ``max_ms`` bounds the time of a picture of PACE_PX on one thread.
    """

    mark: str
    holds: str
    write: Callable[[Path, Path], list[str]]
    feeds: Callable[[set[str]], dict[str, np.ndarray]]
    max_ms: float
    max_megabytes: float


def _texture(run: Path, file: Path) -> list[str]:
    generator, scale, step = texture_fit.load_average(run / "state.pt")
    texture_export.export(generator, file, scale, step)
    return [f"texture, step {step}", "as torch paints it; seamless; the affect is obeyed"]


def _texture_feeds(_: set[str]) -> dict[str, np.ndarray]:
    inputs = (*texture_net.all_latents(PACE_PX // texture_net.CELL_PX), torch.zeros(1, texture_net.AFFECT))
    return {name: value.numpy() for name, value in zip(INPUTS, inputs, strict=True)}


def _simple(run: Path, file: Path) -> list[str]:
    return simple_gan_export.export(run, file)


def _simple_feeds(names: set[str]) -> dict[str, np.ndarray]:
    feeds = {"noise": np.zeros((1, NOISE), np.float32), "label": np.eye(LABELS, dtype=np.float32)[:1]}
    return {name: feeds[name] for name in names}


def _paint(run: Path, file: Path) -> list[str]:
    return paint_export.export(run, file)


def _paint_feeds(_: set[str]) -> dict[str, np.ndarray]:
    return {name: value.numpy() for name, value in paint_export.example(paint_net.LATENT, 1).items()}


EXPORTERS: dict[str, Exporter] = {
    "texture": Exporter("state.pt", "encoder", _texture, _texture_feeds, max_ms=100, max_megabytes=20),
    "paint": Exporter("paint_ema.pt", "", _paint, _paint_feeds, max_ms=200, max_megabytes=16),
    "simple": Exporter("gan.pt", "", _simple, _simple_feeds, max_ms=100, max_megabytes=30),
}
"""Every kind of network that can be exported; a new one is a line here. The piece asks for ten textures of PACE_PX a second
on one thread."""


def kind_of(run: Path) -> str:
    """Which of EXPORTERS fits a run's folder. Raises ValueError where there is no run, a broken one, or an unknown one."""
    for name, exporter in EXPORTERS.items():
        if (run / exporter.mark).is_file() and (not exporter.holds or exporter.holds in _stored(run / exporter.mark)):
            return name
    there = sorted(
        folder.name for folder in run.parent.glob("*") if any((folder / e.mark).is_file() for e in EXPORTERS.values())
    )
    known = f"there are runs {', '.join(there)}" if there else "there is no run yet: run.py train texture --data FOLDER"
    raise ValueError(f"{run} holds no run that can be exported; {known}")


def _stored(checkpoint: Path) -> set[str]:
    try:
        return set(torch.load(checkpoint, map_location="cpu", weights_only=True, mmap=True))
    except (RuntimeError, ValueError, EOFError, OSError, pickle.UnpicklingError) as error:
        raise ValueError(
            f"{checkpoint} is broken ({str(error).splitlines()[0]}); train anew, or bring back a copy"
        ) from error


def export(run: Path, file: Path) -> list[str]:
    """Write the network of ``run`` to ``file`` if it passes its own gates, the pace and the size; gives what was found.

    Raises RefusedError with the reason, ValueError for a run that cannot be used.
    """
    return export_as(kind_of(run), run, file)


def export_as(kind: str, run: Path, file: Path) -> list[str]:
    """As ``export``, of a run known to be of ``kind``."""
    exporter = EXPORTERS[kind]
    with drafted(file) as draft:
        found = exporter.write(run, draft)
        megabytes = draft.stat().st_size / 1e6
        if megabytes > exporter.max_megabytes:
            raise RefusedError(
                f"the file has {megabytes:.0f} MB, more than {exporter.max_megabytes:.0f}; train a narrower network"
            )
        pace_ms = milliseconds(draft, exporter)
        if pace_ms > exporter.max_ms:
            raise RefusedError(f"a picture takes {pace_ms:.0f} ms on one thread here, more than {exporter.max_ms:.0f}")
    return [*found, f"{pace_ms:.1f} ms a picture on one thread here, {megabytes:.1f} MB"]


def milliseconds(file: Path, exporter: Exporter) -> float:
    """Of the fastest of some pictures on one thread."""
    session = session_of(file)
    return fastest_ms(session, exporter.feeds({entry.name for entry in session.get_inputs()}))


def fastest_ms(session: Any, feeds: dict[str, np.ndarray], repeats: int = 7) -> float:
    """Of ``repeats`` runs of an ONNX Runtime session: what other programs do can only make it slower."""
    spent_s = []
    for _ in range(repeats):
        started_s = time.perf_counter()
        session.run(None, feeds)
        spent_s.append(time.perf_counter() - started_s)
    return 1000 * min(spent_s)


def parser() -> argparse.ArgumentParser:
    """Options of ``run.py export``."""
    made = argparse.ArgumentParser(
        prog=f"{PROGRAM} export", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("name", help="of the model, and of the run's folder in runs/")
    made.add_argument("--run", type=Path, metavar="FOLDER", help="of the run (default: runs/NAME)")
    made.add_argument("--file", type=Path, help="to write (default: models/NAME.onnx)")
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit code: 0 good, 1 refused, 2 bad input, 130 stopped."""
    options = parser().parse_args(argv)
    return running.run(lambda: _export(options), stopped="stopped; nothing was written")


def _export(options: argparse.Namespace) -> None:
    run = options.run if options.run is not None else RUNS / options.name
    file = options.file if options.file is not None else OWN_MODELS / f"{options.name}.onnx"
    kind = kind_of(run)
    print("\n".join(export_as(kind, run, file)))
    print(f"{file} written; look at it: python3 run.py gallery {options.name}")
    _say_how_to_use(kind, file)


def _say_how_to_use(kind: str, file: Path) -> None:
    """Print what is left to do: the manifest's line for a shipped model, the settings for your own."""
    settings = {"texture": f"generation, model: {file.name}", "paint": f"picture, model: {file.name}"}
    if kind not in settings or file.parent != OWN_MODELS:
        return
    if any(entry.path == file for entry in load_manifest().values()):
        print(f"{file.name} is one of the models shipped: put its new sha256 into models/manifest.yaml")
    else:
        print(f"show it: in config.yaml, under {settings[kind]}")


if __name__ == "__main__":
    raise SystemExit(main())
