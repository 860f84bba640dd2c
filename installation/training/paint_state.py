"""Checkpoints of the painter: all that a further run needs, in three files under 16 MB each.

state_g.pt and state_c.pt hold painter and critic as halves and their optimisers' second moments as logarithms of four bits
(they forget within a hundred steps anyway; the first moments are the last gradient, for beta is 0). paint_ema.pt holds the
average, the composition and what the export must say.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as functional
from torch import Tensor, nn
from torch.optim import Adam

from installation.training.paint_composition import Composition
from installation.training.paint_fit import PaintTrainer
from installation.training.paint_net import LATENT, Painter
from installation.training.paint_settings import AVERAGE, CRITIC, FILES, PAINTER
from installation.training.running import DataError
from installation.training.several import store
from installation.training.texture_data import AffectScale

FORMAT = "paint 3"
LARGE = 4096
"""Tensors of more values are stored as halves."""
STEP_LOG2, LEAST = 1.2, 1e-27


def keep(trainer: PaintTrainer, folder: Path) -> None:
    """Write the checkpoint, each file in one step."""
    with torch.no_grad():  # between checkpoints the average goes by the painter's running statistics
        for mine, theirs in zip(trainer.average.buffers(), trainer.painter.buffers(), strict=True):
            mine.copy_(theirs)
    keep_settled(trainer, folder)


def keep_settled(trainer: PaintTrainer, folder: Path) -> None:
    """The same, with the average's own statistics as they are."""
    rng = {"cpu": torch.get_rng_state()}
    if trainer.settings.cuda:
        rng["cuda"] = torch.cuda.get_rng_state()
    painter = {"painter": _small(trainer.painter), "painter_v": _packed(trainer.painter_steps)}
    critic = {"critic": _small(trainer.critic), "critic_v": _packed(trainer.critic_steps)}
    store(painter, folder / PAINTER)
    store({**critic, "steering": trainer.steering.state(), "rng": rng}, folder / CRITIC)
    keep_average(trainer, folder / AVERAGE)


def keep_average(trainer: PaintTrainer, path: Path, more: Mapping[str, Any] | None = None) -> None:
    """What the export and a further training begin from; ``more`` is of a finished run: its gauge and correction."""
    scale, settings = trainer.views.scale, trainer.settings
    state = {
        "format": FORMAT,
        "step": trainer.steering.step,
        "images": trainer.steering.images,
        "mixing_seed": trainer.steering.mixing_seed,
        "size": settings.size,
        "latent": trainer.painter.latent,
        "width": settings.width,
        "affect": {"mean": scale.mean.cpu(), "deviation": scale.deviation.cpu()},
        "average": _small(trainer.average),
        "composition": {name: value.cpu() for name, value in trainer.composition.state_dict().items()},
    }
    store(state | dict(more or {}), path)


def read_average(path: Path) -> dict[str, Any]:
    """An average of this format or of the one before, which has no composition. Raises DataError for another file."""
    stored = _read(path)
    if not str(stored.get("format", "")).startswith("paint "):
        raise DataError(f"{path} holds no painter of pictures; paint_ema.pt of a run is meant")
    if "told" in stored:
        told = stored.pop("told")
        numbers = {name: [float(n) for n in told[f"affect_{name}"].split()] for name in ("mean", "deviation")}
        stored["affect"] = {name: torch.tensor(values) for name, values in numbers.items()}
        stored |= {"step": int(told["step"]), "images": int(told["images"])}
    return stored


def load_average(path: Path) -> tuple[Painter, Composition | None, AffectScale, dict[str, Any]]:
    """The averaged painter on the processor, its composition (None: of the format before), scale, and all that is stored."""
    stored = read_average(path)
    painter = Painter(stored["size"], stored.get("latent", LATENT), stored.get("width", 1.0))
    painter.load_state_dict({name: value.float() for name, value in stored["average"].items()})
    composition = Composition(**stored["composition"]) if "composition" in stored else None
    scale = AffectScale(stored["affect"]["mean"], stored["affect"]["deviation"])
    return painter.eval().requires_grad_(False), composition, scale, stored


def read_state(folder: Path) -> dict[str, Any]:
    """All three files of a folder. Raises DataError where one is missing, broken, or of another version."""
    found: dict[str, Any] = {}
    for name in FILES:
        found |= _read(folder / name)
    if not {"painter", "critic", "steering", "average", "composition"} <= found.keys():
        raise DataError(f"{folder} holds no state of this version; begin from its paint_ema.pt with --begin")
    return found


def restore(trainer: PaintTrainer, kept: dict[str, Any]) -> None:
    """Go on from what ``read_state`` gave."""
    nets = ((trainer.painter, "painter"), (trainer.average, "average"), (trainer.critic, "critic"))
    for net, name in nets:
        _take(net, kept[name])
    _take(trainer.composition, kept["composition"])
    steering = trainer.steering
    for name, value in kept["steering"].items():
        setattr(steering, name, value)
    steering.batch = min(trainer.settings.batch, steering.batch)
    for steps, name in ((trainer.painter_steps, "painter_v"), (trainer.critic_steps, "critic_v")):
        for p, packed in zip(steps.param_groups[0]["params"], kept[name], strict=True):
            count = torch.tensor(float(steering.step), device=trainer.device)
            moments = {"exp_avg": torch.zeros_like(p), "exp_avg_sq": _unpacked(p, packed)}
            steps.state[p] = {"step": count, **moments}
    torch.set_rng_state(kept["rng"]["cpu"])
    if trainer.settings.cuda and "cuda" in kept["rng"]:
        torch.cuda.set_rng_state(kept["rng"]["cuda"])
    trainer.is_young = False


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise DataError(f"{path} is not there") from error
    except Exception as error:
        raise DataError(f"{path} is broken ({str(error).splitlines()[0][:120]})") from error
    return found


def _take(net: nn.Module, stored: dict[str, Tensor]) -> None:
    mine = net.state_dict()
    with torch.no_grad():
        for name, value in stored.items():
            mine[name].copy_(value)


def _small(net: nn.Module) -> dict[str, Tensor]:
    state = net.state_dict()
    return {k: (v.half() if v.is_floating_point() and v.numel() > LARGE else v).cpu() for k, v in state.items()}


def _packed(steps: Adam) -> list[list[Any]]:
    found = []
    for p in steps.param_groups[0]["params"]:
        v = steps.state[p]["exp_avg_sq"] if p in steps.state else torch.zeros_like(p)
        logs = v.contiguous().flatten().clamp_min(LEAST).log2()
        most = logs.max()
        down = ((most - logs) / STEP_LOG2).round().clamp(0, 15).to(torch.uint8)
        down = functional.pad(down, (0, len(down) % 2))
        found.append([float(most), (down[::2] * 16 + down[1::2]).cpu()])
    return found


def _unpacked(p: Tensor, packed: list[Any]) -> Tensor:
    most, pairs = packed
    down = torch.stack([pairs // 16, pairs % 16], 1).flatten()[: p.numel()].float()
    v = torch.zeros_like(p)
    v.copy_(torch.exp2(most - STEP_LOG2 * down).view(p.shape))
    return v
