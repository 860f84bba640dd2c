"""EfficientNet-Lite0 that goes on learning as a whole: five folds, on a card in nine minutes.

    python3 run.py train art pack --out DIR       # all that the other machine needs, and the command to run there
    python3 -u -m installation.training.art.whole --works works --weights lite0.npz --folds folds.npz \\
        --device cuda --seconds 540
    python3 run.py evaluate art --models ours --join   # with what came back in runs/art/readings

A fold that is done is left in --out at once and not learnt again. Learning ends when --epochs or a fold's part of --seconds are
over, and the rate of learning has then come down to nothing.
"""

from __future__ import annotations

import argparse
import logging
import math
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from installation.training.art.fit import Lesson, Read, class_weights, loss_of, shares
from installation.training.art.quick import quick_kind
from installation.training.art.works import SIDE_PX, load_works, read_picture
from installation.training.paint_eyes import Lite0
from installation.training.running import DataError, run
from installation.types import ByteArray, FloatArray

log = logging.getLogger(__name__)

WHOLE = "whole"
WIDTH, DROPPED = 1280, 0.3
SMALLEST, SHIFTED = 0.7, 0.15
"""Of a crop: its part of a side, and how far the lightness of the picture may be moved."""
WARM_UP = 0.1
"""Part of the learning in which the rate rises."""


@dataclass(frozen=True)
class Way:
    """How it learns. ``seconds`` is for one fold, 0 without an end; ``rate`` is the trunk's, the new layer's ten times that."""

    device: str = "cpu"
    epochs: int = 12
    rate: float = 3e-4
    batch: int = 32
    seconds: float = 0.0


class Trained(Lite0):
    """Lite0 with weights that learn, its last 1 x 1 convolution, and one dense layer."""

    def __init__(self, stored: Mapping[str, np.ndarray], classes: int) -> None:
        super().__init__(stored, torch.float32)
        self.go("contiguous" if torch.cuda.is_available() else "channels_last")
        for name in list(self._buffers):
            value = self._buffers.pop(name)
            assert value is not None
            self.register_parameter(name, nn.Parameter(value.clone()))
        self.top = nn.Linear(WIDTH, classes)
        nn.init.zeros_(self.top.weight)

    def logits(self, rgb: Tensor) -> Tensor:
        """(N, 3, S, S) in [0, 1] -> (N, K)."""
        last = functional.relu6(self._conv("head", self.forward(rgb)[-1]))
        found: Tensor = self.top(functional.dropout(last.mean((2, 3)), DROPPED, self.training))
        return found


def fine_tune(stored: Mapping[str, np.ndarray], lesson: Lesson, way: Way) -> Read:
    """Learn from pictures (N, S, S, 3) uint8 in ``lesson.seen``; gives what reads such pictures."""
    torch.manual_seed(lesson.seed)
    net = Trained(stored, lesson.target.shape[1]).to(way.device)
    target = torch.from_numpy(lesson.target).to(way.device)
    with torch.no_grad():
        net.top.bias.copy_(torch.logit(target.mean(0).clamp(1e-3, 1 - 1e-3)))
    pictures = torch.from_numpy(np.ascontiguousarray(lesson.seen)).to(way.device)
    weights = torch.from_numpy(class_weights(lesson.target)).to(way.device) if lesson.one_of else None
    trunk = [one for name, one in net.named_parameters() if not name.startswith("top.")]
    groups = [{"params": trunk, "times": 1.0}, {"params": list(net.top.parameters()), "times": 10.0}]
    optimizer = torch.optim.AdamW(groups, way.rate, weight_decay=0.02)
    steps = max(1, len(lesson.seen) // way.batch)
    began_s = time.monotonic()
    for step in range(way.epochs * steps):
        gone = (time.monotonic() - began_s) / way.seconds if way.seconds else 0.0
        done = max(step / (way.epochs * steps), gone)
        if done >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = way.rate * group["times"] * pace(done)
        if step % steps == 0:
            order = torch.randperm(len(pictures), device=way.device)
        rows = order[step % steps * way.batch :][: way.batch]
        with _quick(way.device):
            found = net.logits(varied(pictures[rows]))
        optimizer.zero_grad()
        loss = loss_of(found.float(), target[rows], weights)
        loss.backward()
        optimizer.step()
        if step % steps == steps - 1:
            log.info("epoch %d: loss %.4f, %.0f s", step // steps + 1, loss.item(), time.monotonic() - began_s)
    net.eval()

    def read(seen: FloatArray | ByteArray) -> FloatArray:
        """Of each picture and its mirror image, the mean."""
        out = []
        for part in torch.from_numpy(np.ascontiguousarray(seen)).split(64):
            x = _square(part.to(way.device))
            with torch.inference_mode(), _quick(way.device):
                both = (net.logits(x).float() + net.logits(x.flip(3)).float()) / 2
            out.append(shares(both.cpu(), lesson.one_of))
        return np.concatenate(out)

    return read


def pace(done: float) -> float:
    """Of the rate of learning, by the part of the learning that is over: up to 1, and down to 0 by half a cosine."""
    return done / WARM_UP if done < WARM_UP else (1 + math.cos(math.pi * (done - WARM_UP) / (1 - WARM_UP))) / 2


def varied(pictures: Tensor) -> Tensor:
    """(N, S, S, 3) uint8 -> (N, 3, S, S) in [0, 1]: each cropped, mirrored and lightened by chance. Hues stay."""
    x = _square(pictures)
    count, device = len(x), x.device
    part = SMALLEST + (1 - SMALLEST) * torch.rand(count, device=device)
    middle = (2 * torch.rand(count, 2, device=device) - 1) * (1 - part)[:, None]
    mirrored = torch.where(torch.rand(count, device=device) < 0.5, -1.0, 1.0)
    zero = torch.zeros_like(part)
    rows = [torch.stack([part * mirrored, zero, middle[:, 0]], 1), torch.stack([zero, part, middle[:, 1]], 1)]
    grid = functional.affine_grid(torch.stack(rows, 1), list(x.shape), align_corners=False)
    cropped = functional.grid_sample(x, grid, padding_mode="reflection", align_corners=False)
    light = 1 + SHIFTED * (2 * torch.rand(count, 1, 1, 1, device=device) - 1)
    return (cropped * light).clamp(0, 1)


def _square(pictures: Tensor) -> Tensor:
    return pictures.permute(0, 3, 1, 2).float() / 255


def _quick(device: str) -> AbstractContextManager[object]:
    kind = torch.bfloat16 if device.startswith("cuda") else quick_kind()
    quick: AbstractContextManager[object] = torch.autocast(
        device.split(":")[0], torch.bfloat16, enabled=kind is torch.bfloat16
    )
    return quick


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit code."""
    style = argparse.RawDescriptionHelpFormatter
    made = argparse.ArgumentParser(description=__doc__, formatter_class=style)
    made.add_argument("--works", type=Path, required=True, help="folder with index.tsv and img/")
    made.add_argument("--weights", type=Path, required=True, help="the trunk's, of train art pack")
    made.add_argument("--folds", type=Path, required=True, help="which works are learnt from, of train art pack")
    made.add_argument("--device", default="cpu")
    made.add_argument("--epochs", type=int, default=Way.epochs)
    made.add_argument("--seconds", type=float, default=0.0, help="for all folds together; 0: no end")
    made.add_argument("--out", type=Path, default=Path("whole"))
    options = made.parse_args(argv)
    way = Way(options.device, options.epochs)
    return run(
        lambda: all_folds(options.works, options.weights, options.folds, options.out, way, options.seconds),
        threads=None,
    )


def all_folds(works: Path, weights: Path, parts: Path, out: Path, way: Way, seconds: float) -> None:
    """Read every work by the fold that did not learn from its artist; leaves ``out``/"whole, twenty.npz". Raises DataError."""
    known = load_works(works)
    pictures = np.stack([read_picture(path, SIDE_PX) for path in known.files])
    taught = np.asarray((known.evoked + known.with_title) / 2, np.float32)
    with np.load(weights) as file:
        stored = dict(file)
    with np.load(parts) as file:
        folds = [(file[f"learn_{k}"], file[f"read_{k}"]) for k in range(len(file.files) // 2)]
    if max(int(rows.max()) for fold in folds for rows in fold) >= len(known):
        raise DataError(f"{parts} is of other works than {works}")
    out.mkdir(parents=True, exist_ok=True)
    read = np.full(taught.shape, np.nan, np.float32)
    began_s = time.monotonic()
    for number, (learn, asked) in enumerate(folds):
        kept = out / f"fold {number}.npy"
        if not kept.is_file():
            left_s = (seconds - (time.monotonic() - began_s)) / (len(folds) - number) if seconds else 0.0
            lesson = Lesson(pictures[learn], taught[learn], np.zeros(len(learn), np.int64), one_of=False, seed=number)
            if seconds and left_s <= 0:
                raise DataError(f"{seconds:g} s are over after {number} folds; the same command goes on")
            np.save(kept, fine_tune(stored, lesson, replace(way, seconds=left_s))(pictures[asked]))
            log.info("fold %d of %d, %.0f s", number + 1, len(folds), time.monotonic() - began_s)
        read[asked] = np.load(kept)
    np.savez(out / f"{WHOLE}, twenty.npz", shares=read, seconds=time.monotonic() - began_s)
    print(f"{out / f'{WHOLE}, twenty.npz'}: put it into runs/art/readings, then run.py evaluate art --join")


if __name__ == "__main__":
    raise SystemExit(main())
