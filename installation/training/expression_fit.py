"""The training loop of an expression network: resumable, bounded by passes or by time, stopped without loss."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from installation.training.bar import Bar
from installation.training.expression_heads import CLASSES, build, logits_of
from installation.training.expression_settings import FitSettings, check_fits, learning_rate_at
from installation.training.face_folder import TrainingFaces
from installation.training.fer import IntArray, score
from installation.training.fer_augment import FaceAugment
from installation.training.fer_votes import score_votes, shares
from installation.training.several import Place, store
from installation.types import FloatArray

SMALL_SIZE = 32
CHECK_S = 15.0
"""Seconds of training from one check on the held-out faces to the next, at least; on a card a pass takes less."""


def targets(faces: TrainingFaces, taught: FloatArray | None, settings: FitSettings) -> FloatArray:
    """(N, 14): what both heads are to say of each face; a share of it is what the teachers ``taught`` (N, 14) read.

    The label is smoothed, and so are the votes where the label only stands in for them.
    """
    votes, label = shares(faces.votes), np.eye(CLASSES, dtype=np.float32)[faces.labels]
    label = label * (1 - settings.label_smoothing) + settings.label_smoothing / CLASSES
    both = np.concatenate([votes if faces.asked else label, label], axis=1)
    if taught is not None:  # Hinton et al. 2015: it knows which faces are doubtful
        both = (1 - settings.taught_share) * both + settings.taught_share * taught
    return both.astype(np.float32)


class ExpressionRun:
    """One training run in ``folder``: call ``run``; call it again after an interruption and it resumes.

    ``rows`` are those of ``faces`` to learn from and those held out. ``taught`` (N, 14): what teachers read in the same
    faces. ``start``: a net.pt whose weights a new run begins with. When ``wants_stop`` says so, ``run`` ends after the
    step it is in; nothing is lost. Raises ValueError when the faces are too few.

    With several processes (``place``) all draw the same batch and each learns from its rows of it; gradients are averaged, the
    first one checks and stores. So a checkpoint does not know how many there were.
    """

    def __init__(
        self,
        faces: TrainingFaces,
        rows: tuple[IntArray, IntArray],
        folder: Path,
        settings: FitSettings,
        device: torch.device,
        wants_stop: Callable[[], bool] = lambda: False,
        taught: FloatArray | None = None,
        start: Path | None = None,
        place: Place | None = None,
    ) -> None:
        self.settings, self.folder, self.device = settings, folder, device
        self._place = place or Place(device=str(device))
        self._rows = self._place.part_of(settings.batch)
        self._wants_stop, self._faces = wants_stop, faces
        learnt, self._held = rows
        self._steps_per_epoch = len(learnt) // settings.batch
        if self._steps_per_epoch == 0 or len(self._held) == 0:
            raise ValueError(
                f"{len(learnt)} faces to learn from and {len(self._held)} to check by are too few; take more pictures "
                f"(at least five of an emotion), or a --batch below {max(2, len(learnt))}"
            )
        folder.mkdir(parents=True, exist_ok=True)
        torch.backends.cudnn.benchmark = device.type == "cuda"
        self._images = torch.from_numpy(faces.images[learnt]).to(device)
        self._targets = torch.from_numpy(targets(faces, taught, settings)[learnt]).to(device)
        torch.manual_seed(settings.seed)  # initial weights and dropout; torch's layers take no generator
        self.net: nn.Module = build(settings.shape).to(device, memory_format=torch.channels_last)
        if start is not None:
            self.net.load_state_dict(torch.load(start, map_location=device, weights_only=True)["net"])
        self.average = copy.deepcopy(self.net).requires_grad_(False)
        pairs = list(zip(self.average.state_dict().values(), self.net.state_dict().values()))
        self._floats = [pair for pair in pairs if pair[0].dtype.is_floating_point]
        self._counts = [pair for pair in pairs if not pair[0].dtype.is_floating_point]
        self._optimiser = self._make_optimiser()
        self._generator = torch.Generator(device=device).manual_seed(settings.seed)
        self._rng = np.random.default_rng(settings.seed)
        self._step, self._epoch, self._spent_s, self._checked_s = 0, 0, 0.0, 0.0
        self._order: torch.Tensor | None = None
        self._at, self._loss_sum = 0, torch.zeros((), device=device)

    def run(self) -> bool:
        """Train until the passes or the time are used up, a line a pass, a bar on a terminal; whether it got there.

        At the end net.pt has the averaged weights in float16. Raises ValueError when ``folder`` holds a run with other
        fixed settings or other faces.
        """
        self._resume()
        while self._done() < 1.0:
            if self._place.anyone(self._wants_stop()):
                self._save_state()
                return False
            started_s = time.perf_counter()
            self._one_epoch()
            self._spent_s += time.perf_counter() - started_s
            if self._order is not None and self._done() < 1.0:  # stopped within the pass
                self._save_state()
                return False
            self._order = None
            self._epoch += 1
            done = self._done()
            if done >= 1.0 or self._place.agreed(self._spent_s - self._checked_s) >= CHECK_S:
                self._check()
        if self._place.leads:
            self._finish()
        return True

    def _progress(self, running_s: float = 0.0) -> float:
        """Fraction done: of the passes or of the time, whichever is further."""
        done = self._step / (self.settings.epochs * self._steps_per_epoch)
        if self.settings.seconds > 0:
            done = max(done, (self._spent_s + running_s) / self.settings.seconds)
        return done

    def _done(self, running_s: float = 0.0) -> float:
        """The same fraction in all processes."""
        return self._place.agreed(self._progress(running_s))

    def _make_optimiser(self) -> torch.optim.Optimizer:
        """SGD with Nesterov momentum; scales and offsets are left out of the weight decay."""
        decayed = [p for p in self.net.parameters() if p.ndim > 1]
        free = [p for p in self.net.parameters() if p.ndim <= 1]
        groups = [
            {"params": decayed, "weight_decay": self.settings.weight_decay},
            {"params": free, "weight_decay": 0.0},
        ]
        return torch.optim.SGD(groups, lr=0.01, momentum=0.9, nesterov=True)

    def _batches(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """What is left of a shuffled pass: (B, 1, 48, 48) faces changed at random, (B, 14) targets. Half may be mixed."""
        if self._order is None:
            self._order = torch.from_numpy(self._rng.permutation(len(self._images))).to(self.device)
            self._at, self._loss_sum = 0, torch.zeros((), device=self.device)
        order, batch, alpha = self._order, self.settings.batch, self.settings.mixup_alpha
        augment = FaceAugment(self._generator, self.settings.augment)
        while self._at < self._steps_per_epoch:
            rows = order[self._at * batch : (self._at + 1) * batch]
            faces, target = augment(self._images[rows][:, None].float() / 255), self._targets[rows]
            if alpha > 0 and self._rng.random() < 0.5:  # Zhang et al. 2018; partners are the batch turned by one
                share = float(self._rng.beta(alpha, alpha))
                faces = share * faces + (1 - share) * faces.roll(1, 0)
                target = share * target + (1 - share) * target.roll(1, 0)
            if self._done() < self.settings.small_share:
                faces = functional.interpolate(faces, size=SMALL_SIZE, mode="bilinear", antialias=True)
            yield faces[self._rows].contiguous(memory_format=torch.channels_last), target[self._rows]

    def _one_epoch(self) -> None:
        """A pass over the training pictures, or what is left of it; ``_order`` is kept when it was not gone through."""
        self.net.train()
        started_s = time.perf_counter()
        peak = self.settings.learning_rate * self.settings.batch / 128
        with Bar(f"{self.folder.name} pass {self._epoch + 1}", self._steps_per_epoch, self._at) as bar:
            for faces, target in self._batches():
                progress = self._done(time.perf_counter() - started_s)
                if progress >= 1.0:
                    return
                loss = self._train_step(faces, target, learning_rate_at(progress, peak))
                self._at += 1
                self._loss_sum += loss  # summed on the device: reading it would wait for the device every step
                bar.step()
                if self._at < self._steps_per_epoch and self._place.anyone(self._wants_stop()):
                    return
        self._order = None

    def _train_step(self, faces: torch.Tensor, target: torch.Tensor, rate: float) -> torch.Tensor:
        """Follow the gradient of one batch with the learning rate ``rate``; gives the loss."""
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.settings.half):
            logits = self.net(faces)
        logits = logits.float()
        votes = functional.cross_entropy(logits[:, :CLASSES], target[:, :CLASSES])
        label = functional.cross_entropy(logits[:, CLASSES:], target[:, CLASSES:])
        loss = votes + self.settings.label_share * label
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self._place.average_gradients(self.net.parameters())
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), self.settings.clip)
        self._optimiser.step()
        self._follow()
        self._step += 1
        return loss.detach()

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def _follow(self) -> None:
        """Let the averaged weights follow; the shipped network is the average (Polyak and Juditsky 1992)."""
        keep = min(self.settings.ema_decay, (1 + self._step) / (10 + self._step))
        # One call for all: a small network on a card waits for launches, not for sums.
        torch._foreach_lerp_([mean for mean, _ in self._floats], [now for _, now in self._floats], 1 - keep)
        for mean, now in self._counts:
            mean.copy_(now)

    def _check(self) -> None:
        """Read the held-out faces, say how well, and save the state."""
        self._checked_s = self._spent_s
        if not self._place.leads:
            self._save_state()
            return
        logits = logits_of(self.average, self._faces.images[self._held], self.device, half=self.settings.half)
        votes, label = (torch.softmax(part, 1).numpy() for part in logits.split(CLASSES, dim=1))
        by_votes = score_votes(votes, self._faces.votes[self._held])
        by_label = score(label, self._faces.labels[self._held]).accuracy
        left_s = self._spent_s / max(self._progress(), 1e-6) - self._spent_s
        print(
            f"{self.folder.name} pass {self._epoch:3d}  loss {float(self._loss_sum) / max(1, self._at):.3f}  held out: votes "
            f"{by_votes.majority:.2%}, divergence {by_votes.kl:.3f}, label {by_label:.2%}  "
            f"about {max(0.0, left_s) / 60:.1f} min left",
            flush=True,
        )
        self._save_state()

    def _finish(self) -> None:
        average = {
            name: value.half() if value.dtype.is_floating_point else value
            for name, value in self.average.state_dict().items()
        }
        state = {
            "net": {name: value.cpu() for name, value in average.items()},
            "held": torch.from_numpy(self._held),
            "faces": self._faces.fingerprint,
            "settings": asdict(self.settings),
            "epoch": self._epoch,
            "spent_s": self._spent_s,
        }
        store(state, self.folder / "net.pt")

    def _save_state(self) -> None:
        """Everything that a run needs to resume as if it had never stopped; the first process writes it."""
        self._place.check_alike(self.net.parameters(), self._step)
        if not self._place.leads:
            return
        state = {
            "net": self.net.state_dict(),
            "ema": self.average.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "generator": self._generator.get_state(),
            "rng": self._rng.bit_generator.state,
            "torch_rng": torch.get_rng_state(),
            "progress": (self._step, self._epoch, self._spent_s),
            "within": (self._order, self._at, self._loss_sum),
            "settings": asdict(self.settings),
            "faces": self._faces.fingerprint,
            "device": self.device.type,
        }
        store(state, self.folder / "last.pt")

    def _resume(self) -> None:
        path, name = self.folder / "last.pt", self.folder.name
        state: dict[str, Any] = {}
        if self._place.leads and path.exists():
            state = torch.load(path, map_location=self.device, weights_only=True)
        state = self._place.shared(state)
        if not state:
            if not self._place.leads:
                return
            faces = f"{len(self._images)} faces to learn from, {len(self._held)} to check by"
            print(f"{name} begins in {self.folder}: {faces}, {self._steps_per_epoch} steps a pass", flush=True)
            return
        check_fits(state, self.settings, self.folder, self.device.type, self._faces.fingerprint)
        self.net.load_state_dict(state["net"])
        self.average.load_state_dict(state["ema"])
        self._optimiser.load_state_dict(state["optimiser"])
        self._generator.set_state(state["generator"].cpu())
        self._rng.bit_generator.state = state["rng"]
        torch.set_rng_state(state["torch_rng"].cpu())
        self._step, self._epoch, self._spent_s = state["progress"]
        self._order, self._at, self._loss_sum = state["within"]
        within = "" if self._order is None else f" and {self._at} of {self._steps_per_epoch} steps"
        if self._place.leads:
            print(f"{name} resumes after pass {self._epoch}{within}, {self._spent_s / 60:.1f} min spent", flush=True)
