"""Learning to read drawn faces: one network, from the expression network's trunk; stops and resumes at checkpoints."""

from __future__ import annotations

import ast
import copy
import io
import math
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from installation.base.files import write_whole
from installation.base.model_files import model_path
from installation.training.bar import Bar
from installation.training.drawn.data import Drawings
from installation.training.drawn.lessons import Lessons, Mixture, Photographs, standard
from installation.training.drawn.net import DrawnNet, begun
from installation.training.fer import IntArray
from installation.training.interrupt import Stop

BETWEEN = 100
"""Steps from checkpoint to checkpoint."""
AVERAGE = 0.99


@dataclass(frozen=True)
class Plan:
    """How it learns. ``from_expression`` False begins from nothing."""

    steps: int = 400
    rate: float = 2e-3
    decay: float = 0.02
    smoothing: float = 0.1
    rule_faces: int = 700
    seed: int = 0
    from_expression: bool = True
    mixture: Mixture = field(default_factory=Mixture)


def fit(
    drawings: Drawings, rows: IntArray, photographs: Photographs | None, plan: Plan, state: Path, stop: Stop
) -> tuple[DrawnNet, float] | None:
    """Learn from ``rows`` of ``drawings``; gives the network, its weights averaged over time, and the seconds it took.

    ``state`` is the checkpoint that is written and, where it is of the same plan and rows, resumed. None where ``stop``
    ended it.
    """
    lessons = Lessons(drawings, rows, photographs, plan.mixture, plan.rule_faces, plan.seed)
    torch.manual_seed(plan.seed)
    looked = torch.from_numpy(standard(np.concatenate([lessons.batch()[0] for _ in range(4)])))
    net = begun(model_path("expression"), looked) if plan.from_expression else DrawnNet()
    average = copy.deepcopy(net).eval()
    optimizer = torch.optim.AdamW(_groups(net), lr=plan.rate, weight_decay=plan.decay)
    mark = repr((asdict(plan), rows.tolist()))
    step, spent_s = _resume(state, mark, net, average, optimizer, lessons)
    if step == plan.steps:
        return average, spent_s
    net.train()
    began_s = time.perf_counter()
    with Bar("drawn faces", plan.steps, step) as bar:
        while step < plan.steps:
            for group in optimizer.param_groups:
                group["lr"] = plan.rate * group["share"] * _pace(step / plan.steps)
            _one_step(net, optimizer, lessons, plan)
            step += 1
            bar.step()
            _follow(average, net, min(AVERAGE, step / (step + 9)))
            if step % BETWEEN == 0 or step == plan.steps or stop.is_set:
                taken = spent_s + time.perf_counter() - began_s
                _save(state, mark, step, taken, net, average, optimizer, lessons)
                if stop.is_set and step < plan.steps:
                    return None
    return average, spent_s + time.perf_counter() - began_s


def _one_step(net: DrawnNet, optimizer: torch.optim.Optimizer, lessons: Lessons, plan: Plan) -> None:
    pictures, target = lessons.batch()
    faces = torch.from_numpy(standard(pictures)).to(memory_format=torch.channels_last)
    with torch.autocast("cpu", torch.bfloat16):
        logits = net(faces)
    loss = functional.cross_entropy(logits.float(), torch.from_numpy(target), label_smoothing=plan.smoothing)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 5.0)
    optimizer.step()


def _groups(net: DrawnNet) -> list[dict[str, Any]]:
    """The new head learns three times as fast as the trunk that knows faces already."""
    return [{"params": net.features.parameters(), "share": 1.0}, {"params": net.head.parameters(), "share": 3.0}]


def _pace(progress: float) -> float:
    warm = 0.08
    return progress / warm + 0.02 if progress < warm else 0.5 * (1 + math.cos(math.pi * (progress - warm) / (1 - warm)))


def _follow(average: DrawnNet, net: DrawnNet, kept: float) -> None:
    with torch.no_grad():
        for slow, fast in zip(average.state_dict().values(), net.state_dict().values()):
            if slow.dtype.is_floating_point:
                slow.lerp_(fast, 1 - kept)
            else:
                slow.copy_(fast)


def _save(
    path: Path,
    mark: str,
    step: int,
    spent_s: float,
    net: DrawnNet,
    average: DrawnNet,
    optimizer: torch.optim.Optimizer,
    lessons: Lessons,
) -> None:
    buffer = io.BytesIO()
    torch.save(
        {
            "mark": mark,
            "step": step,
            "spent_s": spent_s,
            "net": net.state_dict(),
            "average": average.state_dict(),
            "optimizer": optimizer.state_dict(),
            "torch": torch.get_rng_state(),
            "numpy": repr(lessons.rng.bit_generator.state),
        },
        buffer,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, buffer.getvalue())


def _resume(
    path: Path, mark: str, net: DrawnNet, average: DrawnNet, optimizer: torch.optim.Optimizer, lessons: Lessons
) -> tuple[int, float]:
    """Step and seconds of a checkpoint of the same plan and rows, which is taken up; else 0, 0.0."""
    if not path.is_file():
        return 0, 0.0
    kept = torch.load(path, map_location="cpu", weights_only=True)
    if kept["mark"] != mark:
        return 0, 0.0
    net.load_state_dict(kept["net"])
    average.load_state_dict(kept["average"])
    optimizer.load_state_dict(kept["optimizer"])
    torch.set_rng_state(kept["torch"])
    lessons.rng.bit_generator.state = ast.literal_eval(kept["numpy"])
    return int(kept["step"]), float(kept["spent_s"])
