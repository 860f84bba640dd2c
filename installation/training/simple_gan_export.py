"""From a simple generator's checkpoint to an ONNX file, past the gates that apply to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional

from installation.training.onnx_file import write_onnx
from installation.training.running import RefusedError
from installation.training.simple_gan_data import nearest_emotion, spread
from installation.training.simple_gan_fit import CHECKPOINT, read_checkpoint
from installation.training.simple_gan_net import LABELS, NOISE, SIDE_PX, ExportedSimple, Generator
from installation.training.simple_gan_plain import generator_for
from installation.training.texture_check import session_of
from installation.training.texture_data import features
from installation.types import EMOTIONS, ByteArray

MAX_PARITY = 1e-3
"""Mean difference of ONNX and torch in [0, 1]; a single value may differ by one of 255 levels, which rounding decides."""
MIN_DIVERSITY = 0.5
"""Mean distance of pictures from one another over that of the training's windows; less is a network that has collapsed."""
MIN_OBEYED = 2 / LABELS
"""Share of pictures whose measured emotion is the one asked for: twice what chance gives."""
PICTURES = 20 * LABELS


def export(run: Path, file: Path) -> list[str]:
    """Write the averaged generator of ``run`` to ``file`` and measure it there; gives what was found, a line each.

    Raises RefusedError when it differs from torch, has collapsed or does not obey its labels (``file`` is left for the
    caller to remove), ValueError where there is no checkpoint.
    """
    state = read_checkpoint(run / CHECKPOINT)
    generator = generator_of(state)
    write(generator, file, state)
    found = [_parity(generator, file)]
    labels = torch.arange(PICTURES) % LABELS
    pictures = torch.from_numpy(paint(file, labels.numpy())).permute(0, 3, 1, 2).float() / 255
    found.append(_diversity(spread(pictures), float(state["spread"])))
    if generator.labels:
        mean, deviation = state["scale"]
        found += _obeyed(nearest_emotion(features(pictures), (mean, deviation)) == labels.numpy())
    step = state["progress"][0]
    limits = "64 pixels, not seamless: for comparing; the piece does not show it. Seam gate: does not apply"
    return [f"{state['settings']['network']}, step {step}", *found, limits]


def generator_of(state: dict[str, Any]) -> Generator:
    """The averaged generator of a checkpoint, on the processor."""
    settings = state["settings"]
    generator = generator_for(settings["network"], settings["width"])
    generator.load_state_dict(state["average"])
    generator.eval()
    return generator


def write(generator: Generator, file: Path, state: dict[str, Any]) -> None:
    """The ONNX file, unchecked: noise (N, 100) and, with labels, label (N, 7) -> rgb (N, 64, 64, 3) uint8."""
    inputs: dict[str, torch.Tensor] = {"noise": torch.zeros(2, NOISE)}
    if generator.labels:
        inputs["label"] = functional.one_hot(torch.tensor([0, 1]), LABELS).float()
    metadata = {"network": state["settings"]["network"], "step": state["progress"][0]}
    write_onnx(
        ExportedSimple(generator), inputs, "rgb", file, {key: {0: "count"} for key in (*inputs, "rgb")}, metadata
    )


def paint(file: Path, labels: np.ndarray[Any, np.dtype[np.int64]], seed: int = 5) -> ByteArray:
    """(N, 64, 64, 3) uint8 by the exported network for emotions (N,), which a network without labels ignores.

    Raises ValueError for a file that cannot be used or is no simple generator.
    """
    session = session_of(file)
    names = [entry.name for entry in session.get_inputs()]
    if names not in (["noise"], ["noise", "label"]):
        raise ValueError(f"{file} is no simple generator: its inputs are {', '.join(names)}")
    noise = torch.randn(len(labels), NOISE, generator=torch.Generator().manual_seed(seed))
    feeds = {"noise": noise.numpy(), "label": np.eye(LABELS, dtype=np.float32)[labels]}
    made = session.run(None, {name: feeds[name] for name in names})[0]
    if made.shape != (len(labels), SIDE_PX, SIDE_PX, 3):
        raise ValueError(f"{file} is no simple generator: its pictures are {made.shape}")
    return np.asarray(made, np.uint8)


def _parity(generator: Generator, file: Path) -> str:
    labels = torch.arange(2 * LABELS) % LABELS
    noise = torch.randn(len(labels), NOISE, generator=torch.Generator().manual_seed(5))
    label = functional.one_hot(labels, LABELS).float() if generator.labels else None
    with torch.no_grad():
        meant = ExportedSimple(generator).eval()(noise, label).numpy().astype(int)
    apart = np.abs(paint(file, labels.numpy()).astype(int) - meant)
    if apart.max() > 1 or apart.mean() / 255 > MAX_PARITY:
        raise RefusedError(
            f"ONNX and torch differ by up to {apart.max()} of 255 levels; please report this, it is our fault"
        )
    return f"ONNX against torch: {apart.mean() / 255:.1e} on average"


def _diversity(made: float, real: float) -> str:
    share = made / max(real, 1e-9)
    if not share >= MIN_DIVERSITY:
        raise RefusedError(
            f"its pictures are {share:.2f} times as far apart as the training's, less than {MIN_DIVERSITY}: it has "
            "collapsed, or has only begun. Train longer, or anew with another --seed"
        )
    return f"diversity over that of the training's pictures: {share:.2f}"


def _obeyed(right: np.ndarray[Any, np.dtype[np.bool_]]) -> list[str]:
    by_emotion = right.reshape(-1, LABELS).mean(0)
    shares = ", ".join(f"{name} {share:.0%}" for name, share in zip(EMOTIONS, by_emotion, strict=True))
    if right.mean() < MIN_OBEYED:
        raise RefusedError(
            f"{right.mean():.0%} of its pictures show the emotion asked for, less than {MIN_OBEYED:.0%} ({shares}). "
            "Train longer"
        )
    return [f"pictures that show the emotion asked for: {right.mean():.0%} (chance 14 %): {shares}"]
