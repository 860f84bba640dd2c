"""The training loop of the simple generators: one process or several, stopped and resumed at any step."""

from __future__ import annotations

import copy
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor

from installation.training.interrupt import Stop
from installation.training.losses import plot, write
from installation.training.several import Place, store
from installation.training.simple_gan_data import Compositions
from installation.training.simple_gan_net import (
    LABELS,
    NOISE,
    RECIPES,
    CriticLoss,
    GeneratorLoss,
)
from installation.training.simple_gan_plain import critic_for, generator_for
from installation.training.simple_gan_sheet import write_sheet

if TYPE_CHECKING:
    from tqdm import tqdm

CHECKPOINT = "gan.pt"
FORMAT = 1
REPORT_STEPS = 20
"""Steps that one row of losses is the mean of."""


@dataclass(frozen=True)
class Settings:
    """``width``: channels of the widest level before the picture (64 in the paper). ``batch``: pictures a step and process.

    ``steps`` and ``minutes`` end the run, whichever comes first; both count from its beginning, interruptions left out.
    ``keep`` is how much of the averaged generator stays at a step. ``draws``: a bar, sheets and a plot; without them a machine
    needs neither tqdm nor matplotlib.
    """

    network: str
    width: int = 32
    batch: int = 64
    seed: int = 1
    steps: int = 100_000
    minutes: float = 60.0
    keep: float = 0.995
    sheet_every: int = 200
    save_every: int = 100
    report_every: int = REPORT_STEPS
    draws: bool = True


FIXED = ("network", "width", "batch", "seed")
"""Settings that a run keeps; the others may be changed when it resumes."""


class SimpleRun:
    """One run in ``folder``; ``run`` begins it, or resumes what is there.

    All that is random at a step comes from the seed, the process's rank and the step's number, so that a run that was
    interrupted ends with the same weights as one that was not. Raises ValueError when ``folder`` holds another run.
    """

    def __init__(self, data: Compositions, folder: Path, settings: Settings, place: Place, stop: Stop) -> None:
        self.data, self.folder, self.settings, self.place, self._stop = data, folder, settings, place, stop
        self.recipe = RECIPES[settings.network]
        device = place.device
        wasserstein = self.recipe.is_wasserstein
        data.to(device)
        self.generator = generator_for(settings.network, settings.width, settings.seed).to(device)
        self.critic = critic_for(settings.network, settings.width, settings.seed).to(device)
        self.average = copy.deepcopy(self.generator).requires_grad_(False)
        rate, betas = self.recipe.rate, self.recipe.betas
        self._generator_steps = torch.optim.Adam(self.generator.parameters(), rate, betas)
        self._critic_steps = torch.optim.Adam(self.critic.parameters(), rate, betas)
        self.step, self.spent_s = 0, 0.0
        self.losses: list[tuple[int, float, float]] = []
        self._resume()
        self._critic_loss = CriticLoss(self.critic, wasserstein)
        self._generator_loss = GeneratorLoss(self.generator, self.critic, wasserstein)

    def run(self) -> bool:
        """Train to the end or until stopped, with a bar on a terminal and lines elsewhere; whether the end was reached."""
        sums = torch.zeros(2)
        counted, before_s, started_s = 0, self.spent_s, time.monotonic()
        first = self.step
        with self._bar() as bar:
            while not self._over():
                sums += torch.tensor(self._train_step())
                counted += 1
                self.spent_s = before_s + time.monotonic() - started_s
                if bar is not None:
                    bar.update()
                if self.step % self.settings.report_every == 0:
                    critic, made = (float(value) / counted for value in sums)
                    self.losses.append((self.step, critic, made))
                    sums, counted = torch.zeros(2), 0
                    left_s = self._left_s((self.spent_s - before_s) / (self.step - first))
                    self._report(bar, critic, made, left_s)
                if self.step % self.settings.save_every == 0:
                    self._save()
                if self.step % self.settings.sheet_every == 0:
                    self._show()
        self._save()
        self._show()
        return self.step >= self.settings.steps or self.spent_s >= 60 * self.settings.minutes

    def _bar(self) -> AbstractContextManager[tqdm[Any] | None]:
        if not self.settings.draws:
            return nullcontext(None)
        from tqdm import tqdm

        return tqdm(
            total=self.settings.steps,
            initial=self.step,
            desc=self.settings.network,
            unit="step",
            disable=None if self.place.leads else True,
        )

    def _over(self) -> bool:
        over = self._stop.is_set or self.step >= self.settings.steps or self.spent_s >= 60 * self.settings.minutes
        return self.place.anyone(over)

    def _train_step(self) -> tuple[float, float]:
        """The critic's steps and the generator's one; gives both losses."""
        rng = np.random.default_rng([self.settings.seed, self.place.rank, self.step])
        noise = torch.Generator().manual_seed(int(rng.integers(2**62)))
        for _ in range(self.recipe.critic_steps):
            real, label = self._real(rng)
            with torch.no_grad():
                fake = self.generator(self._noise(noise), label)
            mix = torch.rand(len(real), generator=noise).to(self.place.device)
            critic_loss = self._critic_loss(real, fake, label, mix)
            self._critic_steps.zero_grad(set_to_none=True)
            critic_loss.backward()
            self.place.average_gradients(self.critic.parameters())
            self._critic_steps.step()
        _, label = self._real(rng)
        self.critic.requires_grad_(False)
        generator_loss = self._generator_loss(self._noise(noise), label)
        self._generator_steps.zero_grad(set_to_none=True)
        generator_loss.backward()
        self.place.average_gradients(self.generator.parameters())
        self._generator_steps.step()
        self.critic.requires_grad_(True)
        self._follow()
        self.step += 1
        return float(critic_loss.detach()), float(generator_loss.detach())

    def _real(self, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Pictures (N, 3, 64, 64) and their labels (N, 7), or (N, 0) for a network without."""
        rgb, emotions = self.data.batch(self.settings.batch, rng, balanced=self.recipe.labels > 0)
        label = functional.one_hot(torch.from_numpy(emotions), LABELS).float()[:, : self.recipe.labels]
        return rgb.to(self.place.device), label.to(self.place.device)

    def _noise(self, generator: torch.Generator) -> Tensor:
        return torch.randn(self.settings.batch, NOISE, generator=generator).to(self.place.device)

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def _follow(self) -> None:
        """Let the averaged generator follow; it is what is shown and exported."""
        keep = min(self.settings.keep, (1 + self.step) / (10 + self.step))
        for slow, fast in zip(self.average.state_dict().values(), self.generator.state_dict().values()):
            if slow.dtype.is_floating_point:
                slow.lerp_(fast, 1 - keep)
            else:
                slow.copy_(fast)

    def _left_s(self, pace_s: float) -> float:
        by_steps = (self.settings.steps - self.step) * pace_s
        return max(0.0, min(by_steps, 60 * self.settings.minutes - self.spent_s))

    def _report(self, bar: tqdm[Any] | None, critic: float, made: float, left_s: float) -> None:
        if not self.place.leads:
            return
        if bar is None or bar.disable:
            losses = f"step {self.step}  critic {critic:.3f}  generator {made:.3f}"
            print(f"{self.settings.network}: {losses}  about {left_s / 60:.0f} min left", flush=True)
        else:
            bar.set_postfix(critic=f"{critic:.3f}", generator=f"{made:.3f}", left=f"{left_s / 60:.0f} min")

    def _show(self) -> None:
        """Losses, their plot and samples; by the first process alone."""
        if not self.place.leads:
            return
        steps, critic, made = zip(*self.losses) if self.losses else ((), (), ())
        write(self.folder, steps, {"critic": critic, "generator": made})
        if not self.settings.draws:
            return
        write_sheet(self.average, self.folder / f"sheet-{self.step:06d}.png")
        plot(self.folder, f"{self.settings.network}, {len(self.data)} pictures")

    def _save(self) -> None:
        self.place.check_alike(self.generator.parameters(), self.step)
        if not self.place.leads:
            return
        state = {
            "format": FORMAT,
            "settings": asdict(self.settings),
            "pictures": self.data.fingerprint,
            "scale": list(self.data.scale),
            "spread": self.data.spread,
            "progress": (self.step, self.spent_s, self.place.world),
            "losses": self.losses,
            **{name: part.state_dict() for name, part in self._parts().items()},
        }
        store(state, self.folder / CHECKPOINT)

    def _parts(self) -> dict[str, Any]:
        return {
            "generator": self.generator,
            "critic": self.critic,
            "average": self.average,
            "generator_steps": self._generator_steps,
            "critic_steps": self._critic_steps,
        }

    def _resume(self) -> None:
        path = self.folder / CHECKPOINT
        if not path.is_file():
            self.folder.mkdir(parents=True, exist_ok=True)
            return
        state = read_checkpoint(path, self.place.device)
        before, now = state["settings"], asdict(self.settings)
        for name in FIXED:
            if before[name] != now[name]:
                raise ValueError(
                    f"{self.folder} holds a run with {name} {before[name]}, not {now[name]}; "
                    f"give --{name} {before[name]} to resume, or another --out"
                )
        if state["pictures"] != self.data.fingerprint:
            raise ValueError(
                f"{self.folder} holds a run on other pictures; give their --data to resume, or another --out"
            )
        for name, part in self._parts().items():
            part.load_state_dict(state[name])
        self.step, self.spent_s, _ = state["progress"]
        self.losses = [tuple(row) for row in state["losses"]]
        if self.place.leads:
            print(f"resumes after step {self.step}, {self.spent_s / 60:.0f} min spent", flush=True)


def read_checkpoint(path: Path, device: str = "cpu") -> dict[str, Any]:
    """What a run left. Raises ValueError where there is none, or one of another version."""
    if not path.is_file():
        raise ValueError(f"{path} is not there; train first: run.py train simple")
    state: dict[str, Any] = torch.load(path, map_location=device, weights_only=True)
    if state.get("format") != FORMAT:
        raise ValueError(f"{path} was written by another version; train anew with another --out")
    return state
