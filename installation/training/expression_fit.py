"""The training loop of the expression network: resumable, bounded by passes or by minutes, stopped without loss."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from tqdm import tqdm

from installation.training.backbones import build_backbone
from installation.training.expression_settings import FitSettings, check_fits, learning_rate_at
from installation.training.face_folder import fingerprint
from installation.training.fer import IntArray, score, split
from installation.training.fer_augment import FaceAugment, standardise
from installation.training.interrupt import Stop
from installation.training.several import store
from installation.types import EMOTIONS, ByteArray, FloatArray

VALIDATION_SHARE = 0.1
SPLIT_SEED = 2013
SMALL_SIZE = 32
SHOWN_STEPS = 10
"""Steps from one loss on the bar to the next."""


def predict(net: nn.Module, images: ByteArray, device: torch.device, *, half: bool = False) -> torch.Tensor:
    """(N, 48, 48) uint8 -> (N, 7) logits of ``net`` on the processor."""
    net.eval()
    parts, batch = [], 256
    with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=half):
        for start in range(0, len(images), batch):
            grey = torch.from_numpy(images[start : start + batch]).to(device)[:, None].float() / 255
            faces = standardise(grey).to(memory_format=torch.channels_last)
            parts.append(net(faces).float().cpu())
    return torch.cat(parts)


def best_temperature(logits: torch.Tensor, labels: torch.Tensor) -> float:
    """The divisor in [0.3, 3] of the logits with the least cross-entropy, from a fine grid."""
    grid = torch.exp(torch.linspace(math.log(0.3), math.log(3.0), 461))
    losses = torch.stack([functional.cross_entropy(logits / t, labels) for t in grid])
    return float(grid[losses.argmin()])


class ExpressionRun:
    """One training run in ``folder``: call ``run``; call it again after an interruption and it resumes.

    ``images`` (N, 48, 48) uint8 grey with ``labels`` (N,): a tenth is held out, the same for every run. Raises ValueError
    when they are too few. ``taught`` (N, 7): what another network reads in the same faces; half of what is aimed at then.
    ``start``: a best.pt whose weights a new run begins with. When ``stop`` is set, ``run`` ends after the step it is in;
    nothing is lost.
    """

    def __init__(
        self,
        images: ByteArray,
        labels: IntArray,
        folder: Path,
        settings: FitSettings,
        device: torch.device,
        stop: Stop | None = None,
        taught: FloatArray | None = None,
        start: Path | None = None,
    ) -> None:
        self.settings, self.folder, self.device = settings, folder, device
        self._stop = stop if stop is not None else Stop()
        self._faces = fingerprint(images, labels)
        train, held = split(images, labels, VALIDATION_SHARE, SPLIT_SEED)
        self._steps_per_epoch = len(train) // settings.batch
        if self._steps_per_epoch == 0 or len(held) == 0:
            raise ValueError(
                f"{len(train)} faces to learn from and {len(held)} to check by are too few; take more pictures (at least "
                f"five of an emotion), or a --batch below {max(2, len(train))}"
            )
        folder.mkdir(parents=True, exist_ok=True)
        self._images = torch.from_numpy(images[train]).to(device)
        self._labels = torch.from_numpy(labels[train]).to(device)
        self._taught = torch.from_numpy(taught[train]).to(device) if taught is not None else None
        self._held_images, self._held_labels = images[held], labels[held]
        torch.manual_seed(settings.seed)  # initial weights and dropout; torch's layers take no generator
        self._net = build_backbone(settings.backbone).to(device, memory_format=torch.channels_last)
        if start is not None:
            self._net.load_state_dict(torch.load(start, map_location=device, weights_only=True)["net"])
        self._ema = copy.deepcopy(self._net).requires_grad_(False)
        self._optimiser = self._make_optimiser()
        self._generator = torch.Generator(device=device).manual_seed(settings.seed)
        self._rng = np.random.default_rng(settings.seed)
        self._step, self._epoch, self._spent_s, self.best = 0, 0, 0.0, 0.0
        self._order: torch.Tensor | None = None
        self._at, self._loss_sum = 0, torch.zeros((), device=device)

    def run(self) -> bool:
        """Train until the passes or the minutes are used up, one line a pass, a bar on a terminal; whether it got there.

        Raises ValueError when ``folder`` holds a run with other fixed settings or other faces.
        """
        self._resume()
        while self._progress() < 1.0:
            started = time.perf_counter()
            self._one_epoch()
            self._spent_s += time.perf_counter() - started
            if self._order is not None:  # stopped within the pass
                self._save_state()
                return False
            self._epoch += 1
            loss = float(self._loss_sum) / self._steps_per_epoch
            accuracy = self._validate()
            left_s = self._spent_s / max(self._progress(), 1e-6) - self._spent_s
            print(
                f"pass {self._epoch:3d}  loss {loss:.3f}  validation {accuracy:.2%} (best {self.best:.2%})  "
                f"{time.perf_counter() - started:.0f} s  about {max(0.0, left_s) / 60:.0f} min left",
                flush=True,
            )
            if self._stop.is_set:
                return self._progress() >= 1.0
        return True

    def _progress(self, running_s: float = 0.0) -> float:
        """Fraction done: of the passes or of the minutes, whichever is further."""
        done = self._step / (self.settings.epochs * self._steps_per_epoch)
        if self.settings.minutes > 0:
            done = max(done, (self._spent_s + running_s) / (60 * self.settings.minutes))
        return done

    def _make_optimiser(self) -> torch.optim.Optimizer:
        """SGD with Nesterov momentum; scales and offsets are left out of the weight decay."""
        decayed = [p for p in self._net.parameters() if p.ndim > 1]
        free = [p for p in self._net.parameters() if p.ndim <= 1]
        groups = [
            {"params": decayed, "weight_decay": self.settings.weight_decay},
            {"params": free, "weight_decay": 0.0},
        ]
        return torch.optim.SGD(groups, lr=0.01, momentum=0.9, nesterov=True)

    def _batches(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """What is left of a shuffled pass: (B, 1, 48, 48) faces changed at random, (B, 7) targets. Half may be mixed."""
        if self._order is None:
            self._order = torch.from_numpy(self._rng.permutation(len(self._images))).to(self.device)
            self._at, self._loss_sum = 0, torch.zeros((), device=self.device)
        order, classes = self._order, len(EMOTIONS)
        smoothing, alpha = self.settings.label_smoothing, self.settings.mixup_alpha
        augment = FaceAugment(self._generator, self.settings.augment)
        while self._at < self._steps_per_epoch:
            rows = order[self._at * self.settings.batch : (self._at + 1) * self.settings.batch]
            faces = augment(self._images[rows][:, None].float() / 255)
            target = functional.one_hot(self._labels[rows], classes).float() * (1 - smoothing) + smoothing / classes
            if self._taught is not None:  # Hinton et al. 2015: it knows which labels are doubtful
                target = (target + self._taught[rows]) / 2
            if alpha > 0 and self._rng.random() < 0.5:  # Zhang et al. 2018; partners are the batch turned by one
                share = float(self._rng.beta(alpha, alpha))
                faces = share * faces + (1 - share) * faces.roll(1, 0)
                target = share * target + (1 - share) * target.roll(1, 0)
            if self._progress() < self.settings.small_share:
                faces = functional.interpolate(faces, size=SMALL_SIZE, mode="bilinear", antialias=True)
            yield faces.to(memory_format=torch.channels_last), target

    def _one_epoch(self) -> None:
        """One pass over the training pictures, or what is left of it; ``_order`` is kept when the pass was interrupted."""
        self._net.train()
        started = time.perf_counter()
        peak = self.settings.learning_rate * self.settings.batch / 128
        bar = tqdm(
            total=self._steps_per_epoch * self.settings.batch,
            initial=self._at * self.settings.batch if self._order is not None else 0,
            desc=f"pass {self._epoch + 1}",
            unit="face",
            leave=False,
            disable=None,
        )
        with bar:
            for faces, target in self._batches():
                rate = learning_rate_at(self._progress(time.perf_counter() - started), peak)
                loss = self._train_step(faces, target, rate)
                self._at += 1
                self._loss_sum += loss  # summed on the device: reading it would wait for the device every step
                bar.update(self.settings.batch)
                if not bar.disable and self._at % SHOWN_STEPS == 0:
                    bar.set_postfix(loss=f"{float(self._loss_sum) / self._at:.3f}", rate=f"{rate:.4f}")
                if self._stop.is_set and self._at < self._steps_per_epoch:
                    return
        self._order = None

    def _train_step(self, faces: torch.Tensor, target: torch.Tensor, rate: float) -> torch.Tensor:
        """Follow the gradient of one batch with the learning rate ``rate``; gives the loss."""
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.settings.half):
            logits = self._net(faces)
        loss = functional.cross_entropy(logits.float(), target)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self._optimiser.step()
        self._follow()
        self._step += 1
        return loss.detach()

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def _follow(self) -> None:
        """Let the averaged weights follow; the shipped network is the average (Polyak and Juditsky 1992)."""
        keep = min(self.settings.ema_decay, (1 + self._step) / (10 + self._step))
        for mean, now in zip(self._ema.state_dict().values(), self._net.state_dict().values()):
            if mean.dtype.is_floating_point:
                mean.lerp_(now, 1 - keep)
            else:
                mean.copy_(now)

    def _validate(self) -> float:
        """Score the averaged network on the held-out tenth, save the state, and the network when it is the best yet."""
        logits = predict(self._ema, self._held_images, self.device, half=self.settings.half)
        accuracy = score(torch.softmax(logits, 1).numpy(), self._held_labels).accuracy
        if accuracy >= self.best:
            self.best = accuracy
            store({"net": self._ema.state_dict(), **self._notes(accuracy)}, self.folder / "best.pt")
        self._save_state()
        return accuracy

    def _save_state(self) -> None:
        """Everything that a run needs to resume as if it had never stopped."""
        state = {
            "net": self._net.state_dict(),
            "ema": self._ema.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "generator": self._generator.get_state(),
            "rng": self._rng.bit_generator.state,
            "torch_rng": torch.get_rng_state(),
            "progress": (self._step, self._epoch, self._spent_s, self.best),
            "within": (self._order, self._at, self._loss_sum),
            "settings": asdict(self.settings),
            "faces": self._faces,
            "device": self.device.type,
        }
        store(state, self.folder / "last.pt")

    def _notes(self, accuracy: float) -> dict[str, Any]:
        return {
            "validation_accuracy": accuracy,
            "epoch": self._epoch,
            "spent_s": self._spent_s,
            "settings": asdict(self.settings),
            "backbone": self.settings.backbone,
            "faces": self._faces,
        }

    def _resume(self) -> None:
        path = self.folder / "last.pt"
        if not path.exists():
            faces = f"{len(self._labels)} faces to learn from, {len(self._held_labels)} to check by"
            print(f"new run in {self.folder}: {faces}, {self._steps_per_epoch} steps a pass", flush=True)
            return
        state = torch.load(path, map_location=self.device, weights_only=True)
        check_fits(state, self.settings, self.folder, self.device.type, self._faces)
        self._net.load_state_dict(state["net"])
        self._ema.load_state_dict(state["ema"])
        self._optimiser.load_state_dict(state["optimiser"])
        self._generator.set_state(state["generator"].cpu())
        self._rng.bit_generator.state = state["rng"]
        torch.set_rng_state(state["torch_rng"].cpu())
        self._step, self._epoch, self._spent_s, self.best = state["progress"]
        self._order, self._at, self._loss_sum = state.get("within", (None, 0, self._loss_sum))
        within = "" if self._order is None else f" and {self._at} of {self._steps_per_epoch} steps"
        print(f"resumes after pass {self._epoch}{within}, {self._spent_s / 60:.0f} min spent", flush=True)
