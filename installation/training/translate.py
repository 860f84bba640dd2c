"""Trains the network that repaints what is drawn as a painting while it moves.

    python3 run.py capture CAPTURES
    python3 run.py train translate --data PAINTINGS --captures CAPTURES [--minutes 120]
    .venv/bin/torchrun --standalone --nproc_per_node 2 -m installation train translate ...   (two cards, or two processes)
    python -m installation.training.translate export | evaluate | sheet

After CUT (Park et al. 2020): one-sided, a critic of patches says whether it is painted, a patch-contrastive loss on the
generator's own features keeps each place what it was; here conditioned on the affect, and steady under small motions.
"""

from __future__ import annotations

import argparse
import copy
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor

from installation.generation.translator import Grounds
from installation.training.interrupt import STOPPED, Stop, stop_on_signals
from installation.training.losses import Progress, plot
from installation.training.onnx_file import write_onnx
from installation.training.running import DataError, RefusedError, run
from installation.training.several import Place, joined, store
from installation.training.texture_check import session_of
from installation.training.texture_data import load_pictures
from installation.training.translate_check import Repaint, draw_sheet, flicker, obedience, shipped
from installation.training.translate_data import Captures, Pairs, load_captures
from installation.training.translate_losses import (
    NOISE,
    augment,
    lit,
    moved,
    patch_contrast,
    places,
    small_motions,
    unsteadiness,
)
from installation.training.translate_net import AFFECT, GROUND, STRIDE, Critic, Heads, Translator
from installation.types import ByteArray, FloatArray

log = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "models" / "translate.onnx"
PARITY = 1e-3
R1_EVERY, R1_WEIGHT = 16, 1.0
WEIGHTS = {"contrast": 1.0, "identity": 2.0, "affect": 2.0, "steady": 16.0}
"""Of the generator's losses beside the critic's word, which counts 1. ``--steady`` replaces the last."""


LOSSES = ("critic", "generator", *WEIGHTS)
"""What is told and plotted."""


def _asked(affect: Tensor, rng: np.random.Generator) -> Tensor:
    """(N, 4): the affect that captures were drawn with, for half of them any other. Or the painting's colours would only
    follow the capture's."""
    other = torch.from_numpy(rng.uniform(-1, 1, affect.shape).astype(np.float32))
    return torch.where(torch.from_numpy(rng.random((len(affect), 1)) < 0.5), other, affect)


class Trainer:
    """Networks, optimisers and how far they are.

    With several processes all call ``train_on``, each with crops and random numbers of its own; their gradients are averaged.
    """

    def __init__(self, place: Place, steady: float = WEIGHTS["steady"]) -> None:
        self.place, self.device, self.steady, self.step = place, place.device, steady, 0
        device = place.device
        self.generator, self.heads, self.critic = Translator().to(device), Heads().to(device), Critic().to(device)
        self.average = copy.deepcopy(self.generator)
        self.grounds = Grounds(GROUND, seed=2)
        for network in (self.generator, self.critic):
            network.to(memory_format=torch.channels_last)
        of_generator = [*self.generator.parameters(), *self.heads.parameters()]
        self.generator_steps = torch.optim.Adam(of_generator, 4e-4, (0.0, 0.99))
        self.critic_steps = torch.optim.Adam(self.critic.parameters(), 4e-4, (0.0, 0.99))

    def train_on(self, batch: tuple[Tensor, ...], pairs: Pairs, rng: np.random.Generator) -> dict[str, float]:
        """One step on (captures, asked affects, paintings), see ``Pairs.batch``; gives the losses."""
        captures, drawn_with, paintings = (part.to(self.device) for part in batch)
        asked = _asked(batch[1], rng).to(self.device)
        shown = pairs.scale(paintings).clamp(-1.3, 1.3)
        target = pairs.target(batch[0], drawn_with.cpu(), asked.cpu()).to(self.device)
        count, half = len(captures), max(1, len(captures) // 2)
        # Steadiness and identity take turns, each with twice its weight: one pass has room for one of them.
        looks_on = self.step % 2 == 0
        motions = small_motions(half, rng).to(self.device)
        more, more_asked = (self._later(captures[:half], motions), asked) if looks_on else (paintings, shown)
        inputs = torch.cat([captures, more[:half]]).contiguous(memory_format=torch.channels_last)
        encoded = self.generator.encode(inputs)
        places = rng.integers(Grounds.SIDE, size=(count, 2)).tolist()
        cells = (encoded[-1].shape[2], encoded[-1].shape[3])
        ground = torch.from_numpy(np.concatenate([self.grounds.of(*cells, (y, x)) for y, x in places])).to(self.device)
        # The same ground behind a picture and behind the one that follows it.
        painted = self.generator.paint(
            encoded[-1], torch.cat([asked, more_asked[:half]]), torch.cat([ground, ground[:half]])
        )
        fake, other = painted[:count], painted[count:]
        losses = {"critic": self._critic_step(paintings, shown, fake.detach(), asked, rng)}
        self.critic.requires_grad_(False)
        real = functional.softplus(-self.critic(augment(fake, rng), asked)).mean()
        parts = {
            "contrast": self._contrast([x[:count] for x in encoded], fake, rng),
            "affect": functional.smooth_l1_loss(pairs.scale(fake), target),
        }
        if looks_on:
            parts["steady"] = unsteadiness(fake[:half], other, motions, lit(inputs[count:]))
        else:
            parts["identity"] = self._contrast([x[count:] for x in encoded], other, rng)
        weights = WEIGHTS | {"steady": self.steady}
        loss = real + torch.stack([weights[name] * value for name, value in parts.items()]).sum()
        self.generator_steps.zero_grad()
        loss.backward()
        self.place.average_gradients([*self.generator.parameters(), *self.heads.parameters()])
        self.generator_steps.step()
        self.critic.requires_grad_(True)
        self._keep_average()
        self.step += 1
        told = {name: float(value.detach()) for name, value in parts.items()}
        return losses | {"generator": float(real.detach())} | told

    def _later(self, captures: Tensor, motions: Tensor) -> Tensor:
        """The captures moved on, with the noise of another picture."""
        with torch.no_grad():
            later, _ = moved(captures, motions)
            return (later + NOISE * torch.randn_like(later)).clamp(0, 1)

    def _contrast(self, seen: list[Tensor], painted: Tensor, rng: np.random.Generator) -> Tensor:
        at = places(seen, rng)
        again = self.generator.encode(painted)
        return patch_contrast(self.heads(seen, at), self.heads(again, at))

    def _critic_step(self, real: Tensor, shown: Tensor, fake: Tensor, asked: Tensor, rng: np.random.Generator) -> float:
        judged = self.critic(augment(torch.cat([real, fake]), rng), torch.cat([shown, asked]))
        count = len(real)
        loss = functional.softplus(-judged[:count]).mean() + functional.softplus(judged[count:]).mean()
        if self.step % R1_EVERY == 0:
            watched = real.clone().requires_grad_()
            (slope,) = torch.autograd.grad(self.critic(watched, shown).mean(1).sum(), watched, create_graph=True)
            loss = loss + R1_WEIGHT * R1_EVERY * slope.square().sum((1, 2, 3)).mean()
        self.critic_steps.zero_grad()
        loss.backward()
        self.place.average_gradients(self.critic.parameters())
        self.critic_steps.step()
        return float(loss.detach())

    def _keep_average(self) -> None:
        keep = min(0.998, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            for slow, fast in zip(self.average.parameters(), self.generator.parameters(), strict=True):
                slow.lerp_(fast, 1 - keep)

    def state(self) -> dict[str, object]:
        """All that a later run needs to go on."""
        return {"step": self.step, **{name: getattr(self, name).state_dict() for name in _PARTS}}

    def take(self, state: dict[str, object]) -> None:
        """Go on from ``state``."""
        self.step = int(str(state["step"]))
        for name in _PARTS:
            getattr(self, name).load_state_dict(state[name])


_PARTS = ("generator", "heads", "critic", "average", "generator_steps", "critic_steps")


def save(trainer: Trainer, path: Path) -> None:
    """Store a checkpoint, whole or not at all; the first process alone. Raises RuntimeError as ``Place.check_alike``."""
    trainer.place.check_alike(trainer.generator.parameters(), trainer.step)
    if trainer.place.leads:
        store(trainer.state(), path)


def load(path: Path, place: Place, steady: float = WEIGHTS["steady"]) -> Trainer:
    """A checkpoint. Raises DataError where there is none."""
    if not path.is_file():
        raise DataError(f"{path} is not there; train first")
    trainer = Trainer(place, steady)
    trainer.take(torch.load(path, map_location=place.device, weights_only=True))
    return trainer


def train(options: argparse.Namespace) -> int:
    """Train for ``options.minutes`` or ``options.steps``, going on from the checkpoint where there is one.

    Ends early, with a checkpoint, on the first SIGINT or SIGTERM; gives the exit code.
    """
    with joined(options.device) as place, stop_on_signals() as stop:
        fit(options, place, stop)
        return STOPPED if stop.is_set else 0


def fit(options: argparse.Namespace, place: Place, stop: Stop) -> Trainer:
    """What ``train`` does, as one process of those that ``place`` tells of; gives the trainer as it is at the end."""
    torch.manual_seed(options.seed)
    checkpoint = options.out / "state.pt"
    if checkpoint.is_file():
        trainer = load(checkpoint, place, options.steady)
        if place.leads:
            log.info("going on from step %d", trainer.step)
    else:
        trainer = Trainer(place, options.steady)
    if place.world > 1:
        trainer.take(place.shared(trainer.state()))
    paintings, captures = load_pictures(options.data), load_captures(options.captures)
    pairs = Pairs(paintings, captures, np.random.default_rng([options.seed, 1]))
    if place.leads:
        shares = pairs.sources(1000, np.random.default_rng(2))
        log.info(
            "%d captures, %d paintings; the %d commonest give half of what the critic sees",
            len(captures.pictures), len(paintings), _half(list(shares.values())),
        )  # fmt: skip
    # Another order after going on, or the same crops would come again; in each process another.
    rng = np.random.default_rng([options.seed, trainer.step, place.rank])
    torch.manual_seed(int(rng.integers(2**62)))
    _loop(trainer, pairs, captures, rng, options, stop)
    return trainer


def _half(shares: list[float]) -> int:
    return int(np.searchsorted(np.cumsum(shares), 0.5)) + 1


def _loop(
    trainer: Trainer,
    pairs: Pairs,
    captures: Captures,
    rng: np.random.Generator,
    options: argparse.Namespace,
    stop: Stop,
) -> None:
    place = trainer.place
    progress = Progress(options.out, trainer.step, options.minutes, options.steps, place.leads)
    while True:
        losses = trainer.train_on(pairs.batch(options.batch, rng), pairs, rng)
        progress.note(trainer.step, losses)
        over = place.anyone(stop.is_set or progress.is_over)
        if trainer.step % 50 == 0 or over:
            save(trainer, options.out / "state.pt")
            progress.tell(LOSSES)
        if place.leads and (trainer.step % options.sheet_every == 0 or over):
            draw_sheet(in_training(trainer), captures, options.out / f"sheet-{trainer.step:06d}.jpg")
            plot(options.out, f"{options.out.name}, {len(captures.pictures)} captures")
        if over:
            return


def in_training(trainer: Trainer) -> Repaint:
    """The averaged network as it stands, as ``translate_check.Repaint``."""
    module = copy.deepcopy(trainer.average).cpu().eval()
    grounds = Grounds(GROUND)

    def repaint(rgb: ByteArray, affect: FloatArray) -> ByteArray:
        with torch.no_grad():
            picture = torch.from_numpy(np.ascontiguousarray(rgb)).permute(2, 0, 1)[None].float() / 255
            wish = torch.from_numpy(np.asarray(affect, np.float32))[None]
            ground = torch.from_numpy(grounds.of(rgb.shape[0] // STRIDE, rgb.shape[1] // STRIDE))
            out = module(picture, wish, ground)[0]
        return np.asarray((out.permute(1, 2, 0) * 255 + 0.5).to(torch.uint8).numpy(), np.uint8)

    return repaint


def export(trainer: Trainer, path: Path) -> float:
    """Write the averaged generator as ONNX; gives its largest difference from torch at three sizes.

    Raises RefusedError where that is PARITY or more; no file is left then.
    """
    module = copy.deepcopy(trainer.average).cpu().eval()
    noise = torch.Generator().manual_seed(1)
    free = {"rgb": {2: "4*h", 3: "4*w"}, "ground": {2: "h", 3: "w"}, "painted": {2: "4*h", 3: "4*w"}}
    write_onnx(module, _inputs(64, 96, noise), "painted", path, free, {"step": trainer.step})
    session, worst = session_of(path), 0.0
    for size in ((64, 96), (256, 256), (144, 256)):
        inputs = _inputs(*size, noise)
        painted = session.run(None, {name: value.numpy() for name, value in inputs.items()})[0]
        with torch.no_grad():
            worst = max(worst, float(np.abs(painted - module(*inputs.values()).numpy()).max()))
    if not worst < PARITY:
        path.unlink()
        raise RefusedError(f"ONNX and torch differ by up to {worst:.1e}, not less than {PARITY:g}")
    return worst


def _inputs(height: int, width: int, noise: torch.Generator) -> dict[str, Tensor]:
    return {
        "rgb": torch.rand(1, 3, height, width, generator=noise),
        "affect": torch.rand(1, AFFECT, generator=noise) * 2 - 1,
        "ground": torch.randn(1, GROUND, height // STRIDE, width // STRIDE, generator=noise),
    }


def parser() -> argparse.ArgumentParser:
    """Commands and options."""
    top = argparse.ArgumentParser(prog="translate", description=(__doc__ or "").splitlines()[0])
    commands = top.add_subparsers(dest="command", required=True)
    for name, what in (
        ("train", "train, or go on training"),
        ("export", "write models/translate.onnx, as run.py export translate does"),
        ("evaluate", "print how much paintings flicker, and how far they follow the affect"),
        ("sheet", "draw captures beside their paintings"),
    ):
        command = commands.add_parser(name, help=what)
        command.add_argument(
            "--captures", type=Path, required=name != "export", help="folder that run.py capture filled"
        )
        if name in ("train", "export"):
            out = ROOT / "runs" / "translate"
            command.add_argument("--out", type=Path, default=out, help="folder of the checkpoint")
        else:
            command.add_argument("--model", type=Path, default=MODEL, help="exported network")
        if name == "train":
            _add_train(command)
        if name == "sheet":
            command.add_argument("--file", type=Path, default=ROOT / "docs" / "translate_sheet.jpg")
        if name == "export":
            command.add_argument("--file", type=Path, default=MODEL)
    return top


def _add_train(command: argparse.ArgumentParser) -> None:
    best = "cuda" if torch.cuda.is_available() else "cpu"
    command.add_argument("--device", default=best, help="cpu, cuda, cuda:1")
    command.add_argument("--data", type=Path, required=True, help="folder of paintings")
    command.add_argument("--minutes", type=float, default=120.0)
    command.add_argument("--steps", type=int, default=1_000_000)
    command.add_argument("--batch", type=int, default=4, help="captures a step and process")
    command.add_argument("--seed", type=int, default=1)
    command.add_argument("--threads", type=int, default=1)
    command.add_argument("--sheet-every", type=int, default=500)
    command.add_argument("--steady", type=float, default=WEIGHTS["steady"], help="weight of steadiness in time")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; gives the exit code: 0 well, 1 refused, 2 bad input, 130 stopped."""
    options = parser().parse_args(argv)
    return run(lambda: _COMMANDS[options.command](options), getattr(options, "threads", 1))


def _export(options: argparse.Namespace) -> None:
    from installation.training.exports import export_as

    found = export_as("translate", options.out, options.file, options.captures)
    print("\n".join([*found, f"{options.file} written"]))


def _sheet(options: argparse.Namespace) -> None:
    draw_sheet(shipped(options.model), load_captures(options.captures), options.file)


def _evaluate(options: argparse.Namespace) -> None:
    repaint, captures = shipped(options.model), load_captures(options.captures)
    for name, value in (flicker(repaint, captures) | obedience(repaint, captures)).items():
        print(f"{name:52} {value:.4f}")


_COMMANDS = {"train": train, "export": _export, "sheet": _sheet, "evaluate": _evaluate}


if __name__ == "__main__":
    raise SystemExit(main())
