"""Trains the small network that enlarges generated pictures by four.

    python3 run.py train enlarge --data FOLDER [--minutes 6]
    python -m installation.training.enlarge export | evaluate --data FOLDER

Every eighth picture is held out. The network sees windows averaged down to a quarter and is to give back the window; the
loss is the mean of absolute differences.
"""

from __future__ import annotations

import argparse
import copy
import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as functional
from torch import Tensor

from installation.base.files import PROJECT
from installation.generation.enlarge import Enlarger
from installation.training.enlarge_net import FACTOR, EnlargeNet, ExportedEnlargeNet
from installation.training.interrupt import STOPPED, stop_on_signals
from installation.training.onnx_file import drafted, write_onnx
from installation.training.running import DataError, RefusedError, run
from installation.training.several import store
from installation.training.texture_data import PICTURES, read_picture

log = logging.getLogger(__name__)
MODEL = PROJECT / "models" / "enlarge.onnx"
HELD_OUT_EVERY = 8
SMALL_PX, RATE, STORE_EVERY = 32, 2e-3, 100
MAX_MEGABYTES = 1.0
Picture = npt.NDArray[np.uint8]
Enlarge = Callable[[Picture], Picture]
"""(H, W, 4) uint8 to (4H, 4W, 4)."""


def split(folder: Path) -> tuple[list[Path], list[Path]]:
    """(files to train on, files held out). Raises DataError for a folder with less than two pictures."""
    files = sorted(path for path in folder.glob("*") if path.suffix.lower() in PICTURES)
    if len(files) < 2:
        raise DataError(f"{folder} has {len(files)} pictures ({', '.join(sorted(PICTURES))}); two are needed")
    held = set(range(min(HELD_OUT_EVERY // 2, len(files) - 1), len(files), HELD_OUT_EVERY))
    return [path for i, path in enumerate(files) if i not in held], [files[i] for i in sorted(held)]


def load_pictures(files: Sequence[Path]) -> list[Picture]:
    """RGB at their own size. Raises DataError for one that is broken or too small."""
    return [read_picture(path, 2 * FACTOR * SMALL_PX) for path in files]


def windows(pictures: list[Picture], count: int, rng: np.random.Generator) -> Tensor:
    """(count, 3, 128, 128) in [0, 1]: random windows at scales from 1 down to a half, half of them mirrored."""
    large = FACTOR * SMALL_PX
    out = np.empty((count, large, large, 3), np.uint8)
    for i in range(count):
        picture = pictures[rng.integers(len(pictures))]
        side = int(large * rng.uniform(1.0, 2.0))
        top, left = (int(rng.integers(size - side + 1)) for size in picture.shape[:2])
        window = cv2.resize(picture[top : top + side, left : left + side], (large, large), interpolation=cv2.INTER_AREA)
        out[i] = window[:, ::-1] if rng.random() < 0.5 else window
    return torch.from_numpy(out).permute(0, 3, 1, 2).float() / 255


def inner(large: Tensor) -> Tensor:
    """Without the border, where a window's wrapping brings in what lies at its far side."""
    margin = 6 * FACTOR
    return large[:, :, margin:-margin, margin:-margin]


class EnlargeTrainer:
    """The network, its average over time, the optimiser, and how far they are."""

    def __init__(self) -> None:
        self.network = EnlargeNet()
        self.average = copy.deepcopy(self.network)
        self.steps = torch.optim.Adam(self.network.parameters(), RATE)
        self.step, self.spent_s = 0, 0.0

    def train_on(self, large: Tensor, share: float) -> float:
        """One step on (N, 3, 128, 128) windows, ``share`` [0, 1] of the training behind it; gives the loss."""
        for group in self.steps.param_groups:
            group["lr"] = RATE * (0.02 + 0.98 * (1 - share))
        loss = functional.l1_loss(inner(self.network(functional.avg_pool2d(large, FACTOR))), inner(large))
        self.steps.zero_grad()
        loss.backward()
        self.steps.step()
        self.step += 1
        keep = min(0.995, self.step / (self.step + 10))
        with torch.no_grad():
            for slow, fast in zip(self.average.parameters(), self.network.parameters(), strict=True):
                slow.lerp_(fast, 1 - keep)
        return float(loss.detach())

    def store(self, path: Path) -> None:
        """A checkpoint, stored in one step."""
        parts = {name: getattr(self, name).state_dict() for name in _PARTS}
        store(parts | {"step": self.step, "spent_s": self.spent_s}, path)

    @classmethod
    def load(cls, path: Path) -> EnlargeTrainer:
        """Resume from a checkpoint. Raises DataError where there is none."""
        if not path.is_file():
            raise DataError(f"{path} is not there; train first")
        trainer, state = cls(), torch.load(path, weights_only=True)
        for name in _PARTS:
            getattr(trainer, name).load_state_dict(state[name])
        trainer.step, trainer.spent_s = int(state["step"]), float(state["spent_s"])
        return trainer


_PARTS = ("network", "average", "steps")


def train(options: argparse.Namespace) -> int:
    """Train for ``options.minutes`` in all, resuming from the checkpoint where there is one; gives the exit code."""
    rng = np.random.default_rng(options.seed)
    torch.manual_seed(options.seed)
    pictures, held = (load_pictures(files) for files in split(options.data))
    checkpoint = options.out / "state.pt"
    trainer = EnlargeTrainer.load(checkpoint) if checkpoint.is_file() else EnlargeTrainer()
    began_s = time.monotonic() - trainer.spent_s
    share = 0.0
    with stop_on_signals() as stop:
        while share < 1 and not stop.is_set:
            loss = trainer.train_on(windows(pictures, options.batch, rng), share)
            trainer.spent_s = time.monotonic() - began_s
            share = min(trainer.spent_s / (60 * options.minutes), 1.0)
            if trainer.step % STORE_EVERY == 0:
                trainer.store(checkpoint)
                log.info("step %d  loss %.5f  %.1f min left", trainer.step, loss, options.minutes * (1 - share))
    trainer.store(checkpoint)
    print_figures(average_paint(trainer.average), held)
    return STOPPED if stop.is_set else 0


def average_paint(network: EnlargeNet) -> Enlarge:
    """A torch network as the running piece would use it."""
    module = ExportedEnlargeNet(network).eval()

    def enlarge(rgba: Picture) -> Picture:
        with torch.no_grad():
            return np.asarray(module(torch.from_numpy(np.ascontiguousarray(rgba))).numpy(), np.uint8)

    return enlarge


def figures(enlarge: Enlarge, held: list[Picture]) -> dict[str, float]:
    """PSNR in dB over the middle 256 x 256 pixels' enlargement of each held-out picture, ours and bicubic's.

    The picture's middle 512 pixels are averaged down to 256 (the truth), and these to 64 (what is enlarged).
    """
    errors: dict[str, list[float]] = {"ours": [], "bicubic": []}
    for picture in held:
        truth, small = pair(picture)
        cut = 6 * FACTOR
        bicubic = cv2.resize(small, None, fx=FACTOR, fy=FACTOR, interpolation=cv2.INTER_CUBIC)
        for name, large in (("ours", enlarge(small)), ("bicubic", bicubic)):
            apart = (large[:, :, :3].astype(float) - truth[:, :, :3])[cut:-cut, cut:-cut]
            errors[name].append(10 * np.log10(255**2 / max(float(np.square(apart).mean()), 1e-9)))
    return {name: float(np.mean(values)) for name, values in errors.items()}


def pair(picture: Picture) -> tuple[Picture, Picture]:
    """(truth (256, 256, 4), small (64, 64, 4)) of a picture's middle."""
    side = min(512, *picture.shape[:2])
    top, left = ((size - side) // 2 for size in picture.shape[:2])
    window = cv2.resize(picture[top : top + side, left : left + side], (256, 256), interpolation=cv2.INTER_AREA)
    truth = np.dstack([window, np.full((256, 256), 255, np.uint8)])
    return truth, np.asarray(cv2.resize(truth, (64, 64), interpolation=cv2.INTER_AREA), np.uint8)


def print_figures(enlarge: Enlarge, held: list[Picture]) -> dict[str, float]:
    """Print both PSNRs and give them."""
    found = figures(enlarge, held)
    for name, value in found.items():
        print(f"{name:8} {value:.2f} dB on {len(held)} held-out pictures")
    return found


def write(network: EnlargeNet, path: Path) -> None:
    """The network as ONNX, for any size."""
    example = {"rgba": torch.zeros(16, 16, 4, dtype=torch.uint8)}
    write_onnx(
        ExportedEnlargeNet(network), example, "large", path, {"rgba": {0: "h", 1: "w"}, "large": {0: "4h", 1: "4w"}}
    )


def export(options: argparse.Namespace) -> None:
    """Write the averaged network if it passes: as torch, above bicubic, small. Raises RefusedError, DataError."""
    network = EnlargeTrainer.load(options.out / "state.pt").average
    with drafted(options.file) as draft:
        write(network, draft)
        running, torches = Enlarger(draft).enlarge, average_paint(network)
        small = np.random.default_rng(1).integers(0, 255, (24, 40, 4)).astype(np.uint8)
        apart = np.abs(running(small).astype(int) - torches(small)).max()
        if apart > 1:
            raise RefusedError(f"ONNX and torch differ by {apart} levels")
        found = print_figures(running, load_pictures(split(options.data)[1]))
        if not found["ours"] > found["bicubic"]:
            raise RefusedError(f"{found['ours']:.2f} dB is not above bicubic's {found['bicubic']:.2f} dB")
        if draft.stat().st_size > MAX_MEGABYTES * 1e6:
            raise RefusedError(f"the file is larger than {MAX_MEGABYTES} MB")
    print(f"{options.file} written")


def parser() -> argparse.ArgumentParser:
    """Commands and options."""
    top = argparse.ArgumentParser(prog="enlarge", description=(__doc__ or "").splitlines()[0])
    commands = top.add_subparsers(dest="command", required=True)
    for name, what in (
        ("train", "train, or resume a training"),
        ("export", "write models/enlarge.onnx"),
        ("evaluate", "print PSNR on held-out pictures, and bicubic's"),
    ):
        command = commands.add_parser(name, help=what)
        command.add_argument("--data", type=Path, required=True, help="folder of pictures")
        command.add_argument("--out", type=Path, default=PROJECT / "runs" / "enlarge", help="folder of the checkpoint")
        command.add_argument("--file", type=Path, default=MODEL, help="exported network")
        if name == "train":
            command.add_argument("--minutes", type=float, default=6.0)
            command.add_argument("--batch", type=int, default=8)
            command.add_argument("--seed", type=int, default=1)
            command.add_argument("--threads", type=int, default=1)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; gives the exit code: 0 good, 1 refused, 2 bad input, 130 stopped."""
    options = parser().parse_args(argv)
    return run(lambda: _COMMANDS[options.command](options), getattr(options, "threads", 1))


def _evaluate(options: argparse.Namespace) -> None:
    print_figures(Enlarger(options.file).enlarge, load_pictures(split(options.data)[1]))


_COMMANDS: dict[str, Callable[[argparse.Namespace], int | None]] = {
    "train": train,
    "export": export,
    "evaluate": _evaluate,
}


if __name__ == "__main__":
    raise SystemExit(main())
