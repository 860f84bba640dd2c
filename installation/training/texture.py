"""Trains the texture generator on a folder of pictures.

    python3 run.py train texture --data FOLDER [--minutes 60]
    python -m installation.training.texture export | evaluate | sheet

A conditional GAN at 64 pixels: non-saturating loss, lazy R1, translation and cut-out on what the critic sees (no colour
changes: colour is what the affect is about), random rolls of the generated torus, an analytic loss between the affect that
was asked for and the affect measured in the picture, and an average of the weights over time.
"""

from __future__ import annotations

import argparse
import copy
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor

from installation.training.texture_check import evaluate, in_training, shipped, write_sheet
from installation.training.texture_data import CROP_PX, AffectScale, DataError, crops, load_pictures
from installation.training.texture_net import AFFECT, Critic, Exported, Generator, latents
from installation.types import EMOTIONS

log = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "models" / "texture.onnx"
R1_EVERY, R1_WEIGHT = 16, 4.0
CUT_PX, SHIFT_PX = 28, 8


def augment(rgb: Tensor, rng: np.random.Generator) -> Tensor:
    """Each picture shifted by up to 8 pixels, half of them with a hole (after DiffAugment, Zhao et al. 2020)."""
    size = rgb.shape[2]
    padded = functional.pad(rgb, (SHIFT_PX,) * 4)
    out = []
    for i in range(len(rgb)):
        top, left = (int(value) for value in rng.integers(2 * SHIFT_PX + 1, size=2))
        one = padded[i : i + 1, :, top : top + size, left : left + size]
        if rng.random() < 0.5:
            hole = torch.ones(1, 1, size, size, device=rgb.device)
            y, x = (int(value) for value in rng.integers(size, size=2))
            hole[:, :, max(0, y - CUT_PX // 2) : y + CUT_PX // 2, max(0, x - CUT_PX // 2) : x + CUT_PX // 2] = 0
            one = one * hole
        out.append(one)
    return torch.cat(out)


def roll(rgb: Tensor, rng: np.random.Generator) -> Tensor:
    """Each torus turned by a random amount, so that the critic sees every seam."""
    turns = rng.integers(rgb.shape[2], size=(len(rgb), 2))
    return torch.cat([torch.roll(rgb[i : i + 1], tuple(int(t) for t in turns[i]), (2, 3)) for i in range(len(rgb))])


@dataclass
class Trainer:
    """Networks, optimisers and how far they are."""

    scale: AffectScale
    device: str
    step: int = 0

    def __post_init__(self) -> None:
        self.generator, self.critic = Generator().to(self.device), Critic().to(self.device)
        self.average = copy.deepcopy(self.generator)
        self.generator_steps = torch.optim.Adam(self.generator.parameters(), 3e-4, (0.0, 0.99))
        self.critic_steps = torch.optim.Adam(self.critic.parameters(), 3e-4, (0.0, 0.99))

    def train_on(self, real: Tensor, rng: np.random.Generator) -> dict[str, float]:
        """One step on (N, 3, 64, 64) crops; gives the losses."""
        real = real.to(self.device)
        affect = self.scale(real)
        critic_loss = self._critic_step(real, affect, rng)
        realness, misfit = self._generator_step(affect, rng)
        keep = min(0.998, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            for slow, fast in zip(self.average.parameters(), self.generator.parameters(), strict=True):
                slow.lerp_(fast, 1 - keep)
        self.step += 1
        return {"critic": critic_loss, "generator": realness, "affect": misfit}

    def _critic_step(self, real: Tensor, affect: Tensor, rng: np.random.Generator) -> float:
        count = len(real)
        asked = affect[torch.randperm(count, device=affect.device)]
        with torch.no_grad():
            fake = roll(self.generator(*latents(count, CROP_PX // 16, self.device), asked), rng)
        judged = self.critic(augment(torch.cat([real, fake]), rng), torch.cat([affect, asked]))
        loss = functional.softplus(-judged[:count]).mean() + functional.softplus(judged[count:]).mean()
        if self.step % R1_EVERY == 0:
            watched = real.clone().requires_grad_()
            (slope,) = torch.autograd.grad(self.critic(watched, affect).sum(), watched, create_graph=True)
            loss = loss + R1_WEIGHT * slope.square().sum((1, 2, 3)).mean()
        self.critic_steps.zero_grad()
        loss.backward()
        self.critic_steps.step()
        return float(loss.detach())

    def _generator_step(self, affect: Tensor, rng: np.random.Generator) -> tuple[float, float]:
        count = len(affect)
        # A quarter is asked for affects that no crop may have: mixtures must work too.
        free = count // 4
        asked = affect[torch.randperm(count, device=affect.device)].clone()
        asked[count - free :] = torch.rand(free, AFFECT, device=affect.device) * 2 - 1
        fake = self.generator(*latents(count, CROP_PX // 16, self.device), asked)
        misfit = functional.mse_loss(self.scale(fake), asked)
        realness = functional.softplus(-self.critic(augment(roll(fake, rng), rng), asked)).mean()
        self.generator_steps.zero_grad()
        (realness + misfit).backward()
        self.generator_steps.step()
        return float(realness.detach()), float(misfit.detach())

    def state(self) -> dict[str, object]:
        """All that a later run needs to go on."""
        return {
            "step": self.step,
            "mean": self.scale.mean,
            "deviation": self.scale.deviation,
            **{name: getattr(self, name).state_dict() for name in _PARTS},
        }

    @classmethod
    def from_state(cls, state: dict[str, object], device: str) -> Trainer:
        """Go on from ``state``."""
        mean, deviation = state["mean"], state["deviation"]
        assert isinstance(mean, Tensor)
        assert isinstance(deviation, Tensor)
        trainer = cls(AffectScale(mean, deviation), device, int(str(state["step"])))
        for name in _PARTS:
            getattr(trainer, name).load_state_dict(state[name])
        return trainer


_PARTS = ("generator", "critic", "average", "generator_steps", "critic_steps")


def save(trainer: Trainer, path: Path) -> None:
    """Store a checkpoint, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    torch.save(trainer.state(), draft)
    draft.replace(path)


def load(path: Path, device: str) -> Trainer:
    """A checkpoint. Raises DataError where there is none."""
    if not path.is_file():
        raise DataError(f"{path} is not there; train first")
    return Trainer.from_state(torch.load(path, map_location=device, weights_only=True), device)


def train(options: argparse.Namespace) -> None:
    """Train for ``options.minutes`` or ``options.steps``, going on from the checkpoint where there is one."""
    rng = np.random.default_rng(options.seed)
    torch.manual_seed(options.seed)
    pictures = load_pictures(options.data)
    checkpoint = options.out / "state.pt"
    if checkpoint.is_file():
        trainer = load(checkpoint, options.device)
        log.info("going on from step %d", trainer.step)
    else:
        trainer = Trainer(AffectScale.of(pictures, rng), options.device)
    started_s, first = time.monotonic(), trainer.step
    while True:
        losses = trainer.train_on(crops(pictures, options.batch, rng), rng)
        spent_s = time.monotonic() - started_s
        over = spent_s >= options.minutes * 60 or trainer.step - first >= options.steps
        if trainer.step % 50 == 0 or over:
            save(trainer, checkpoint)
            pace_s = spent_s / (trainer.step - first)
            left_s = min(options.minutes * 60 - spent_s, (options.steps - (trainer.step - first)) * pace_s)
            told = "  ".join(f"{name} {value:.3f}" for name, value in losses.items())
            log.info("step %d  %s  %.2f s a step, %.0f min left", trainer.step, told, pace_s, max(left_s, 0) / 60)
        if trainer.step % options.sheet_every == 0 or over:
            write_sheet(in_training(trainer.average), options.out / f"sheet-{trainer.step:06d}.png", 128, 6)
        if over:
            return


def export(trainer: Trainer, path: Path) -> None:
    """Write the averaged generator as ONNX and check it against torch (one 8-bit level at most). Raises ValueError."""
    module = Exported(trainer.average.cpu()).eval()
    noise = torch.Generator().manual_seed(1)
    inputs = (*latents(1, 4, "cpu", noise), torch.zeros(1, AFFECT))
    torch.onnx.export(
        module,
        inputs,
        str(path),
        input_names=["coarse", "fine", "style", "affect"],
        output_names=["rgba"],
        dynamic_shapes=(
            {2: torch.export.Dim("h"), 3: torch.export.Dim("w")},
            {2: 4 * torch.export.Dim("h"), 3: 4 * torch.export.Dim("w")},
            {},
            {},
        ),
        dynamo=True,
        external_data=False,
        verbose=False,
    )
    paint = shipped(path)
    for cells in (4, 9):
        inputs = (*latents(1, cells, "cpu", noise), torch.rand(1, AFFECT) * 2 - 1)
        got = paint(*inputs)
        with torch.no_grad():
            worst = int(np.abs(got.astype(int) - module(*inputs).numpy().astype(int)).max())
        if worst > 1:
            raise ValueError(f"ONNX and torch differ by {worst} levels at {16 * cells} pixels; the model is not used")


def parser() -> argparse.ArgumentParser:
    """Commands and options."""
    top = argparse.ArgumentParser(prog="texture", description=(__doc__ or "").splitlines()[0])
    commands = top.add_subparsers(dest="command", required=True)
    for name, what in (
        ("train", "train, or go on training"),
        ("export", "write models/texture.onnx"),
        ("evaluate", "print affect correlation, seam ratio and diversity"),
        ("sheet", "draw all emotions"),
    ):
        command = commands.add_parser(name, help=what)
        if name in ("train", "export"):
            command.add_argument("--out", type=Path, default=ROOT / "runs" / "texture", help="folder of the checkpoint")
            command.add_argument("--device", default="cpu", help="cpu or cuda")
        else:
            command.add_argument("--model", type=Path, default=MODEL, help="exported network")
        if name == "train":
            command.add_argument("--data", type=Path, required=True, help="folder of pictures")
            command.add_argument("--minutes", type=float, default=60.0)
            command.add_argument("--steps", type=int, default=1_000_000)
            command.add_argument("--batch", type=int, default=12)
            command.add_argument("--seed", type=int, default=1)
            command.add_argument("--threads", type=int, default=1)
            command.add_argument("--sheet-every", type=int, default=1000)
        if name == "sheet":
            command.add_argument("--file", type=Path, default=ROOT / "runs" / "texture" / "sheet.png")
            command.add_argument("--size", type=int, default=192)
        if name == "export":
            command.add_argument("--file", type=Path, default=MODEL)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; 2 for bad input."""
    options = parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    cv2.setNumThreads(1)
    torch.set_num_threads(getattr(options, "threads", 1))
    try:
        if options.command == "train":
            train(options)
            return 0
        if options.command == "export":
            trainer = load(options.out / "state.pt", options.device)
            export(trainer, options.file)
            print(f"{options.file} written, step {trainer.step}")
        elif options.command == "sheet":
            write_sheet(shipped(options.model), options.file, options.size, len(EMOTIONS))
        else:
            for name, value in evaluate(shipped(options.model)).items():
                print(f"{name:36} {value:.3f}")
    except (DataError, ValueError) as error:
        log.error("%s", error)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
