"""The steps of training the repainting network: contrast, critic, affect, steadiness, and what a later run needs to resume."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor

from installation.generation.translator import Grounds
from installation.training.running import DataError
from installation.training.several import Place, store
from installation.training.translate_check import Repaint
from installation.training.translate_data import Pairs
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
from installation.training.translate_net import GROUND, STRIDE, Heads, RepaintCritic, RepaintNet
from installation.types import ByteArray, FloatArray

R1_EVERY, R1_WEIGHT = 16, 1.0
WEIGHTS = {"contrast": 1.0, "identity": 2.0, "affect": 2.0, "steady": 16.0}
"""Of the generator's losses beside the critic's word, which counts 1. ``--steady`` replaces the last."""


LOSSES = ("critic", "generator", *WEIGHTS)
"""What is logged and plotted."""


def _asked(affect: Tensor, rng: np.random.Generator) -> Tensor:
    """(N, 4): the affect that captures were drawn with, for half of them any other. Otherwise the painting's colours would
    only follow the capture's."""
    other = torch.from_numpy(rng.uniform(-1, 1, affect.shape).astype(np.float32))
    return torch.where(torch.from_numpy(rng.random((len(affect), 1)) < 0.5), other, affect)


class RepaintTrainer:
    """Networks, optimisers and how far they are.

    With several processes all call ``train_on``, each with crops and random numbers of its own; their gradients are averaged.
    """

    def __init__(self, place: Place, steady: float = WEIGHTS["steady"]) -> None:
        self.place, self.device, self.steady, self.step = place, place.device, steady, 0
        device = place.device
        self.generator, self.heads, self.critic = (
            RepaintNet().to(device),
            Heads().to(device),
            RepaintCritic().to(device),
        )
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
        of_parts = {name: float(value.detach()) for name, value in parts.items()}
        return losses | {"generator": float(real.detach())} | of_parts

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
        """All that a later run needs to resume."""
        return {"step": self.step, **{name: getattr(self, name).state_dict() for name in _PARTS}}

    def take(self, state: dict[str, object]) -> None:
        """Resume from ``state``."""
        self.step = int(str(state["step"]))
        for name in _PARTS:
            getattr(self, name).load_state_dict(state[name])


_PARTS = ("generator", "heads", "critic", "average", "generator_steps", "critic_steps")


def save(trainer: RepaintTrainer, path: Path) -> None:
    """Store a checkpoint, in one step; the first process alone. Raises RuntimeError as ``Place.check_alike``."""
    trainer.place.check_alike(trainer.generator.parameters(), trainer.step)
    if trainer.place.leads:
        store(trainer.state(), path)


def load(path: Path, place: Place, steady: float = WEIGHTS["steady"]) -> RepaintTrainer:
    """A checkpoint. Raises DataError where there is none."""
    if not path.is_file():
        raise DataError(f"{path} is not there; train first")
    trainer = RepaintTrainer(place, steady)
    trainer.take(torch.load(path, map_location=place.device, weights_only=True))
    return trainer


def in_training(trainer: RepaintTrainer) -> Repaint:
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
