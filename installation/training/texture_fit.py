"""The steps of training: style against style, a critic, the affect, and what a later run needs to resume."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor

from installation.training.several import Place, store
from installation.training.texture_critic import StyleEncoder, TextureCritic, divergence, hinge
from installation.training.texture_data import AffectScale, DataError
from installation.training.texture_eye import Eye, grain, lattice, palette, style_distance, views
from installation.training.texture_net import AFFECT, CELL_PX, TextureNet, latents

FORMAT = 2
RATE, ENCODER_RATE, CRITIC_RATE = 1.5e-3, 3e-4, 4e-4
"""The critic sees through a trained network and is soon ahead; slower, its word stays one the generator can follow."""
WEIGHTS = {
    "style": 1.0,
    "palette": 4.0,
    "critic": 0.25,
    "affect": 3.0,
    "grain": 3.0,
    "lattice": 20.0,
    "uneven": 10.0,
    "divergence": 0.1,
    "recovery": 0.4,
}
RAMP = 1000
"""Steps over which the critic's word comes to full weight: first the textures, then what is wrong with them."""
KEEP = 0.999
PARTS = ("generator", "critic", "encoder", "average", "generator_steps", "critic_steps")


def roll(rgb: Tensor, rng: np.random.Generator) -> Tensor:
    """Each torus turned by a random amount, so that the critic sees every seam."""
    turns = rng.integers(rgb.shape[2], size=(len(rgb), 2))
    return torch.stack([torch.roll(one, tuple(int(t) for t in turn), (1, 2)) for one, turn in zip(rgb, turns)])


@dataclass
class TextureTrainer:
    """Networks, optimisers and how far they are. ``gains`` bring the eye's channels to a deviation of 1.

    With several processes all call ``train_on``, each with crops and random numbers of its own; their gradients are averaged.
    """

    scale: AffectScale
    eye: Eye
    place: Place
    gains: list[Tensor]
    step: int = 0
    begun_from: str = ""
    """Whose weights it began with: a file's name and its step; "" for none."""

    def __post_init__(self) -> None:
        self.device = self.place.device
        self.eye = self.eye.to(self.device)
        self.generator, self.critic = TextureNet().to(self.device), TextureCritic().to(self.device)
        self.encoder = StyleEncoder().to(self.device)
        self.average = copy.deepcopy(self.generator)
        made = [
            {"params": list(self.generator.parameters()), "lr": RATE},
            {"params": list(self.encoder.parameters()), "lr": ENCODER_RATE},
        ]
        self.generator_steps = torch.optim.Adam(made, RATE, (0.0, 0.99))
        self.critic_steps = torch.optim.Adam(self.critic.parameters(), CRITIC_RATE, (0.0, 0.99))

    @classmethod
    def begin(cls, scale: AffectScale, eye: Eye, place: Place, sample: Tensor) -> TextureTrainer:
        """A new one; ``sample`` (N, 3, S, S) are crops by which the eye's channels are scaled."""
        with torch.no_grad():
            seen = eye.to(place.device)(views(sample.to(place.device), (0, 0)))
        spreads = [maps.float().std((0, 2, 3), keepdim=True) for maps in seen]
        gains = [(1 / spread.clamp_min(0.2 * float(spread.mean()))).to(eye.dtype) for spread in spreads]
        return cls(scale, eye, place, gains)

    def look(self, rgb: Tensor, corner: tuple[int, int]) -> list[Tensor]:
        """(N, 3, S, S) -> the eye's maps of both views, scaled."""
        return [maps * gain for maps, gain in zip(self.eye(views(rgb, corner)), self.gains, strict=True)]

    def train_on(self, real: Tensor, rng: np.random.Generator) -> dict[str, float]:
        """One step on (N, 3, S, S) crops, N at least 4, S a multiple of 32 and at least 64; gives the losses."""
        real = real.to(self.device)
        count = len(real)
        paired = count // 2
        side = real.shape[2]
        top, left = (int(value) for value in rng.integers(side // 2 + 1, size=2))
        with torch.no_grad():
            affect, seen = self.scale(real), self.look(real, (top, left))
        mean, spread = self.encoder(seen, palette(real), affect)
        coarse, fine, style = latents(count, side // CELL_PX, self.device)
        # Half are asked for a given crop's style and affect, half for any style: those with affects of other crops, and
        # a third of all with affects that no crop may have.
        style = torch.cat([mean[:paired] + style[:paired] * (0.5 * spread[:paired]).exp(), style[paired:]])
        asked = affect[torch.randperm(count, device=self.device)]
        asked[:paired] = affect[:paired]
        free = count // 3
        asked[count - free :] = torch.rand(free, AFFECT, device=self.device) * 2 - 1
        drawn = self.generator(coarse, fine, style, asked)
        fake, locked = roll(drawn, rng), lattice(drawn)
        seen_fake = self.look(fake, (top, left))
        losses = {"hinge": self._critic_step(seen, affect, seen_fake, asked)}
        terms = {
            "style": self._style(seen_fake, seen, paired),
            "palette": (palette(fake[:paired]) - palette(real[:paired])).abs().mean(),
            "grain": (grain(fake[:paired]) - grain(real[:paired])).abs().mean(),
            "lattice": locked[0],
            "uneven": locked[1],
            "critic": -torch.stack([judged.mean() for judged in self.critic(seen_fake, asked)]).mean(),
            "affect": functional.mse_loss(self.scale(fake), asked),
            "divergence": divergence(mean, spread),
            "recovery": self._recovery(_of(seen_fake, paired, count), fake[paired:], asked[paired:], style[paired:]),
        }
        ramp = min(1.0, self.step / RAMP)
        total = sum((WEIGHTS[k] * (ramp if k == "critic" else 1.0) * v for k, v in terms.items()), torch.zeros(()))
        self.generator_steps.zero_grad()
        total.backward()
        self.place.average_gradients([*self.generator.parameters(), *self.encoder.parameters()])
        torch.nn.utils.clip_grad_norm_(self.generator.parameters(), 10.0)
        self.generator_steps.step()
        self._follow()
        self.step += 1
        return losses | {name: float(value.detach()) for name, value in terms.items()}

    def _style(self, fake: list[Tensor], real: list[Tensor], paired: int) -> Tensor:
        fine = style_distance([maps[:paired] for maps in fake], [maps[:paired] for maps in real])
        count = len(fake[0]) // 2
        coarse = style_distance(
            [maps[count : count + paired] for maps in fake], [maps[count : count + paired] for maps in real]
        )
        return (fine + coarse).mean() / 2

    def _recovery(self, seen: list[Tensor], fake: Tensor, asked: Tensor, style: Tensor) -> Tensor:
        """A freely drawn style must be readable in the picture, or the generator could ignore it (Zhu et al. 2017)."""
        mean, _ = self.encoder(seen, palette(fake), asked)
        return functional.mse_loss(mean, style)

    def _critic_step(self, real: list[Tensor], affect: Tensor, fake: list[Tensor], asked: Tensor) -> float:
        loss = hinge(self.critic(real, affect), self.critic([maps.detach() for maps in fake], asked))
        self.critic_steps.zero_grad()
        loss.backward()
        self.place.average_gradients(self.critic.parameters())
        self.critic_steps.step()
        return float(loss.detach())

    def _follow(self) -> None:
        keep = min(KEEP, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            for slow, fast in zip(self.average.parameters(), self.generator.parameters(), strict=True):
                slow.lerp_(fast, 1 - keep)

    def state(self) -> dict[str, object]:
        """All that a later run needs to resume."""
        return {
            "format": FORMAT,
            "step": self.step,
            "begun_from": self.begun_from,
            "mean": self.scale.mean,
            "deviation": self.scale.deviation,
            "gains": self.gains,
            **{name: getattr(self, name).state_dict() for name in PARTS},
        }


def _of(seen: list[Tensor], start: int, end: int) -> list[Tensor]:
    """The maps of pictures ``start`` to ``end`` in both views."""
    return [torch.cat([view[start:end] for view in maps.chunk(2)]) for maps in seen]


def save(trainer: TextureTrainer, path: Path) -> None:
    """Store a checkpoint, in one step; the first process alone. Raises RuntimeError as ``Place.check_alike``."""
    trainer.place.check_alike(trainer.generator.parameters(), trainer.step)
    if trainer.place.leads:
        store(trainer.state(), path)


def _read(path: Path, device: str) -> dict[str, object]:
    if not path.is_file():
        raise DataError(f"{path} is not there; train first")
    state: dict[str, object] = torch.load(path, map_location=device, weights_only=True)
    if state.get("format") != FORMAT:
        raise DataError(f"{path} was written by another version of the trainer; train anew in another folder")
    return state


def load(path: Path, eye: Eye, place: Place) -> TextureTrainer:
    """Resume from a checkpoint. Raises DataError where there is none or it is of another version."""
    return restored(_read(path, place.device), eye, place)


def restored(state: dict[str, object], eye: Eye, place: Place) -> TextureTrainer:
    """The trainer of which ``state`` was taken."""
    mean, deviation, gains = state["mean"], state["deviation"], state["gains"]
    assert isinstance(mean, Tensor)
    assert isinstance(deviation, Tensor)
    assert isinstance(gains, list)
    trainer = TextureTrainer(AffectScale(mean, deviation), eye, place, gains, int(str(state["step"])))
    trainer.begun_from = str(state.get("begun_from", ""))
    for name in PARTS:
        getattr(trainer, name).load_state_dict(state[name])
    # The rates of this file, not those that the checkpoint was written with.
    groups = [*trainer.generator_steps.param_groups, *trainer.critic_steps.param_groups]
    for group, rate in zip(groups, (RATE, ENCODER_RATE, CRITIC_RATE), strict=True):
        group["lr"] = rate
    return trainer


def load_average(path: Path) -> tuple[TextureNet, AffectScale, int]:
    """A checkpoint's averaged generator, scale and step, without what only training needs. Raises as ``load``."""
    state = _read(path, "cpu")
    mean, deviation = state["mean"], state["deviation"]
    assert isinstance(mean, Tensor)
    assert isinstance(deviation, Tensor)
    generator = TextureNet()
    generator.load_state_dict(state["average"])
    return generator.eval(), AffectScale(mean, deviation), int(str(state["step"]))
