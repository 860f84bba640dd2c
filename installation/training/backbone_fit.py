"""Training one network of the published comparison: bounded by time, resumable, and read on publictest at the end.

The house's recipe (expression_fit), with what the published work says: FER-2013's own labels, augmentation, and class
weights, each face's loss counting as much as its emotion is rare (the number of faces over seven times the emotion's).
The last averaged weights are measured; nothing is chosen by publictest, nor by the twentieth that is held out for the log.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from installation.training.backbone_plan import FINISHED, STOPPED_EARLY, Outcome, Task
from installation.training.backbones import build_backbone
from installation.training.fer import IntArray, copies, score, split
from installation.training.fer_augment import FaceAugment, standardise
from installation.training.pack_faces import load_labelled
from installation.training.several import store
from installation.types import EMOTIONS, ByteArray

HELD_SHARE, SPLIT_SEED = 0.05, 2013
SMALL_SIZE, SMALL_SHARE = 32, 0.3
"""Faces of so many pixels a side for this first share of the run: more passes in the same time."""
WARM_SHARE, WARM_STEPS = 0.06, 100
EMA_DECAY, SMOOTHING, MIXUP_ALPHA, WEIGHT_DECAY, CLIP = 0.998, 0.1, 0.2, 5e-4, 5.0
LOG_S, SAVE_S = 20.0, 60.0
AT_ONCE = 8
"""Batches augmented together on a card: FaceAugment waits for the card once a call, and small calls leave it idle."""


def class_weights(labels: IntArray) -> torch.Tensor:
    """(7,) float32: faces / (7 x faces of the emotion), so that all emotions weigh alike; 0 for one without faces."""
    counts = np.bincount(labels, minlength=len(EMOTIONS)).astype(np.float32)
    weights = np.where(counts > 0, len(labels) / (len(EMOTIONS) * np.maximum(counts, 1)), 0.0)
    return torch.from_numpy(weights.astype(np.float32))


def rate_at(progress: float, step: int, peak: float) -> float:
    """The learning rate at this share of the run in [0, 1]: a short rise, then half a cosine down to nearly nothing.

    The rise takes a hundred steps at least: the first ones on a card are slow, and time alone would leave it a handful.
    """
    warm = min(progress / WARM_SHARE, step / WARM_STEPS)
    if warm < 1.0:
        return peak * (0.05 + 0.95 * warm)
    return peak * max(1e-3, 0.5 * (1 + math.cos(math.pi * (progress - WARM_SHARE) / (1 - WARM_SHARE))))


@contextmanager
def _no_kernel_search() -> Iterator[None]:
    """cuDNN's search for the fastest kernels would begin anew for every size of a last batch."""
    before = torch.backends.cudnn.benchmark
    torch.backends.cudnn.benchmark = False
    try:
        yield
    finally:
        torch.backends.cudnn.benchmark = before


def predict(net: nn.Module, images: ByteArray, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """(N, 48, 48) uint8 -> (N, 7) probabilities of the face alone, and of the mean with its mirror image's logits."""
    net.eval()
    alone, both = [], []
    with (
        torch.inference_mode(),
        torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"),
        _no_kernel_search(),
    ):
        for start in range(0, len(images), 512):
            grey = torch.from_numpy(images[start : start + 512]).to(device)[:, None].float() / 255
            faces = standardise(grey).contiguous(memory_format=torch.channels_last)
            face, mirror = net(faces).float(), net(faces.flip(3)).float()
            alone.append(face.softmax(1).cpu())
            both.append(((face + mirror) / 2).softmax(1).cpu())
    return torch.cat(alone), torch.cat(both)


def fit(task: Task, wants_stop: Callable[[], bool]) -> Outcome:
    """Train ``task``'s network, or go on with it, and measure it. Raises what torch raises."""
    torch.set_num_threads(task.threads)
    # DenseNet has some six hundred shapes to search the fastest kernels for: that takes longer than it saves.
    torch.backends.cudnn.benchmark = task.name != "densenet201"
    training = BackboneFit(task, wants_stop)
    finished = training.train()
    if (
        wants_stop() and training.device.type == "cpu"
    ):  # reading publictest takes minutes there; who stops will not wait
        return Outcome(task.name, STOPPED_EARLY, f"stopped at {training.progress:.0%}; the same command goes on")
    return training.measure(finished)


class BackboneFit:
    """One network's training in ``task.run``: call ``train``, then ``measure``. A checkpoint there is gone on with.

    ``wants_stop`` is asked after every step. Raises ValueError for faces that are too few, and for a checkpoint of another
    recipe or other faces.
    """

    def __init__(self, task: Task, wants_stop: Callable[[], bool]) -> None:
        self.task, self._wants_stop = task, wants_stop
        recipe, self.device = task.recipe, torch.device(task.device)
        (images, labels), (self._test_images, self._test_labels) = load_labelled(task.data)
        self._test_is_copy = copies(self._test_images, images)
        train, held = split(images, labels, HELD_SHARE, SPLIT_SEED)
        self._steps_per_pass = len(train) // recipe.batch
        if self._steps_per_pass == 0 or len(held) == 0:
            raise ValueError(f"{len(train)} faces to learn from and {len(held)} to check by are too few")
        self._fixed = {"recipe": asdict(recipe), "faces": [len(images), int(images[::97].sum(dtype=np.int64))]}
        self._images = torch.from_numpy(images[train]).to(self.device)
        self._labels = torch.from_numpy(labels[train]).to(self.device)
        self._held = images[held], labels[held]
        self._class_weights = class_weights(labels[train]).to(self.device)
        torch.manual_seed(recipe.seed)
        self._net = build_backbone(task.name).to(self.device, memory_format=torch.channels_last)
        self._ema = copy.deepcopy(self._net).requires_grad_(False)
        # The counts of batches stay behind: nothing reads them.
        self._means = [value for value in self._ema.state_dict().values() if value.dtype.is_floating_point]
        self._values = [value for value in self._net.state_dict().values() if value.dtype.is_floating_point]
        self._optimiser = self._make_optimiser()
        self._generator = torch.Generator(device=self.device)
        self._augment = FaceAugment(self._generator, recipe.augment)
        self._peak = recipe.rate * (0.5 if task.name == "vgg19" else 1.0)
        self._step, self._spent_s, self._began_s = 0, 0.0, time.time()
        self._total_s, self._running = max(1.0, task.end_s - self._began_s), True
        self.at_once = AT_ONCE if self.device.type == "cuda" else 1
        self._loss = torch.zeros((), device=self.device)
        self._resume()

    def _make_optimiser(self) -> torch.optim.Optimizer:
        decayed = [p for p in self._net.parameters() if p.ndim > 1]
        free = [p for p in self._net.parameters() if p.ndim <= 1]
        groups = [{"params": decayed, "weight_decay": WEIGHT_DECAY}, {"params": free, "weight_decay": 0.0}]
        return torch.optim.SGD(groups, lr=0.01, momentum=0.9, nesterov=True)

    @property
    def progress(self) -> float:
        """Share done in [0, 1]: of the time or of the passes, whichever is further."""
        return min(
            1.0, max(self._spent() / self._total_s, self._step / (self.task.recipe.passes * self._steps_per_pass))
        )

    def _spent(self) -> float:
        """Seconds of training, those before an interruption included."""
        return self._spent_s + (time.time() - self._began_s if self._running else 0.0)

    @property
    def passes(self) -> float:
        """How often the faces were gone through."""
        return self._step / self._steps_per_pass

    def train(self) -> bool:
        """Train until time or passes are used up, with a line and a checkpoint now and then; whether it got there."""
        logged_s = saved_s = time.time()
        over = self.progress >= 1.0
        while not over:
            for faces, targets in self._batches():
                self._train_step(faces, targets)
                over = self.progress >= 1.0 or time.time() >= self.task.end_s or self._wants_stop()
                if over:
                    break
            if time.time() - logged_s > LOG_S:
                self._log()
                logged_s = time.time()
            if time.time() - saved_s > SAVE_S:
                self._save()
                saved_s = time.time()
        self._spent_s, self._running = self._spent(), False
        finished = self.progress >= 1.0
        self._save()
        self._log()
        return finished

    def _batches(self) -> list[tuple[torch.Tensor, torch.Tensor]]:
        """The next few batches: (B, 1, S, S) faces changed at random, (B, 7) shares of the emotions.

        The order of a pass and all chance depend on the seed and the step alone, so that nothing of it needs saving.
        """
        recipe, step = self.task.recipe, self._step
        done, at = divmod(step, self._steps_per_pass)
        count = min(self.at_once, self._steps_per_pass - at)
        order = np.random.default_rng([recipe.seed, done]).permutation(len(self._images))
        rows = torch.from_numpy(order[at * recipe.batch : (at + count) * recipe.batch]).to(self.device)
        self._generator.manual_seed(recipe.seed * 1_000_003 + step)
        torch.manual_seed(recipe.seed * 1_000_003 + step)  # dropout
        changed = self._augment(self._images[rows][:, None].float() / 255)
        if self.progress < SMALL_SHARE:
            changed = functional.interpolate(changed, size=SMALL_SIZE, mode="bilinear", antialias=True)
        shares = functional.one_hot(self._labels[rows], len(EMOTIONS)).float()
        batches = []
        for index, (faces, share) in enumerate(zip(changed.split(recipe.batch), shares.split(recipe.batch))):
            rng = np.random.default_rng([recipe.seed, step + index, 1])
            if rng.random() < 0.5:  # Zhang et al. 2018; partners are the batch turned by one
                part = float(rng.beta(MIXUP_ALPHA, MIXUP_ALPHA))
                faces = part * faces + (1 - part) * faces.roll(1, 0)
                share = part * share + (1 - part) * share.roll(1, 0)
            batches.append((faces.contiguous(memory_format=torch.channels_last), share))
        return batches

    def _train_step(self, faces: torch.Tensor, shares: torch.Tensor) -> None:
        for group in self._optimiser.param_groups:
            group["lr"] = rate_at(self.progress, self._step, self._peak)
        self._net.train()
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            logits = self._net(faces)
        targets = shares * (1 - SMOOTHING) + SMOOTHING / len(EMOTIONS)
        losses = functional.cross_entropy(logits.float(), targets, reduction="none")
        # A weight a face, not a weight a logit: smoothed targets would else pull every face to the rarest emotion.
        loss = (losses * (shares @ self._class_weights)).mean()
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self._net.parameters(), CLIP)
        self._optimiser.step()
        self._follow()
        self._step += 1
        self._loss = loss.detach()

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def _follow(self) -> None:
        """Let the averaged weights follow (Polyak and Juditsky 1992)."""
        keep = min(EMA_DECAY, (1 + self._step) / (10 + self._step))
        torch._foreach_lerp_(self._means, self._values, 1 - keep)

    def _log(self) -> None:
        """One line; raises ArithmeticError when the weights are ruined."""
        loss = float(self._loss)
        if not math.isfinite(loss):
            raise ArithmeticError(f"the loss is {loss} after {self.passes:.1f} passes")
        images, labels = self._held
        accuracy = score(predict(self._ema, images, self.device)[0].numpy(), labels).accuracy
        print(
            f"{time.time() - self.task.started_s:6.0f} s  {self.task.name:12}  {self.progress:4.0%}  pass {self.passes:5.1f}"
            f"  loss {loss:.3f}  held out {accuracy:.2%}",
            flush=True,
        )

    def _save(self) -> None:
        state = {
            "net": self._net.state_dict(),
            "ema": self._ema.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "progress": (self._step, self._spent(), self._total_s),
            "fixed": self._fixed,
        }
        store(state, self.task.run / "last.pt")

    def _resume(self) -> None:
        path, name = self.task.run / "last.pt", self.task.name
        if not path.is_file():
            print(
                f"{time.time() - self.task.started_s:6.0f} s  {name:12}  begins: {len(self._images)} faces, "
                f"{self._steps_per_pass} steps a pass, {self._total_s:.0f} s",
                flush=True,
            )
            return
        state = torch.load(path, map_location=self.device, weights_only=True)
        if state["fixed"] != self._fixed:
            raise ValueError(f"{path} was trained otherwise or on other faces; name another --run, or delete it")
        self._net.load_state_dict(state["net"])
        self._ema.load_state_dict(state["ema"])
        self._optimiser.load_state_dict(state["optimiser"])
        self._step, self._spent_s, self._total_s = state["progress"]
        self._began_s = time.time()
        print(
            f"{time.time() - self.task.started_s:6.0f} s  {name:12}  goes on after {self.passes:.1f} passes, "
            f"{self._spent_s:.0f} of {self._total_s:.0f} s",
            flush=True,
        )

    def measure(self, finished: bool) -> Outcome:
        """Read publictest with the averaged weights; stores them as float16 in ``task.run``/weights.pt."""
        alone, both = (p.numpy() for p in predict(self._ema, self._test_images, self.device))
        all_faces, distinct = score(alone, self._test_labels), ~self._test_is_copy
        weights = {key: v.half() if v.dtype.is_floating_point else v for key, v in self._ema.state_dict().items()}
        store({key: value.cpu() for key, value in weights.items()}, self.task.run / "weights.pt")
        on_card = self.device.type == "cuda"
        return Outcome(
            name=self.task.name,
            status=FINISHED if finished else STOPPED_EARLY,
            note="" if finished else f"{self.progress:.0%} of its training; the same command goes on",
            accuracy=all_faces.accuracy,
            count=len(distinct),
            distinct=score(alone[distinct], self._test_labels[distinct]).accuracy if distinct.any() else None,
            distinct_count=int(distinct.sum()),
            mirrored=score(both, self._test_labels).accuracy,
            macro_recall=all_faces.macro_recall,
            recall=tuple(float(share) for share in all_faces.recall),
            passes=self.passes,
            steps=self._step,
            spent_s=self._spent(),
            weights=sum(p.numel() for p in self._net.parameters()),
            device=torch.cuda.get_device_name(self.device) if on_card else self.device.type,
        )
