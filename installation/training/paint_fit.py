"""One step of the painter's training: both updates and the average, without a word to the host, so that it can be captured."""

from __future__ import annotations

import copy

import torch
import torch.nn.functional as functional
from torch import Tensor
from torch.optim import Adam

from installation.training.paint_affect import mixtures
from installation.training.paint_augment import grade_towards, reframed
from installation.training.paint_composition import Composition
from installation.training.paint_critic import Critic, Seen, mean_of
from installation.training.paint_data import Views
from installation.training.paint_layouts import SceneLayouts, cells_of, details_of, requests
from installation.training.paint_look import Eyes, some_corner
from installation.training.paint_losses import layout_loss
from installation.training.paint_net import Painter, draw
from installation.training.paint_settings import PaintSettings
from installation.training.paint_steer import WAIT_STEPS, WARM_STEPS, Steering
from installation.training.several import Place
from installation.training.texture_net import MAX_ASKED

GRADED, NEAREST = 0.6, 3
"""Part of a batch that is painted anew in a mood that the piece may ask for; of so many views the nearest is taken."""
WAVERED = 0.07
"""Deviation by which asked affects differ from those of real pictures."""
APART, APART_FINE, FINE = 0.8, 0.75, 0.6
"""How far pictures must differ, as a part of real ones' distance: all of them, details under one layout; weight of these."""
MOST_NORM = 20.0
KNOBS = ("affect", "layout", "strength", "keep")


class PaintTrainer:
    """Networks, optimisers and what steers them. ``knobs`` are tensors, so that a captured step sees new values.

    With several processes (``place``) each draws a batch and random numbers of its own; their gradients are averaged.
    """

    def __init__(
        self, settings: PaintSettings, views: Views, eyes: Eyes, drawn: SceneLayouts, place: Place | None = None
    ) -> None:
        self.settings, self.views, self.eyes, self.drawn = settings, views, eyes, drawn
        self.place = place or Place(device=settings.device)
        self.device, self.steering = settings.device, Steering(batch=settings.batch)
        self.half = settings.cuda
        self.composition = Composition.of(self._all_cells()).to(self.device)
        self.painter = Painter(settings.size, width=settings.width).to(self.device)
        self.critic = Critic(settings.eye_px, settings.critic_width, eyes.dtype).to(self.device)
        self.average = copy.deepcopy(self.painter).eval().requires_grad_(False)
        if settings.cuda:
            for net in (self.painter, self.critic, self.average):
                net.to(memory_format=torch.channels_last)
        self.knobs = {name: torch.zeros((), device=self.device) for name in KNOBS}
        self.painter_steps, self.critic_steps = self._steps(self.painter), self._steps(self.critic)
        self.steps_here, self.waits, self.is_young = 0, 0, True

    def _steps(self, net: torch.nn.Module) -> Adam:
        rate = torch.tensor(self.settings.rate, device=self.device)
        return Adam(net.parameters(), rate, (0.0, 0.99), fused=True, capturable=self.settings.cuda)

    def _all_cells(self) -> Tensor:
        real = self.views.real
        return torch.cat([cells_of(Views.rgb(real[i : i + 128])) for i in range(0, len(real), 128)])

    def begin_from(self, average: dict[str, Tensor], shake: float, hold: int) -> str:
        """Take the weights of ``average`` where shapes agree; gives how many were taken.

        ``shake`` (0 to 1) moves what lays out the picture toward chance (Ash and Adams 2020), strokes stay. The painter waits
        ``hold`` steps, until its new critic knows something.
        """
        mine = self.painter.state_dict()
        fitting = {name: value for name, value in average.items() if name in mine and mine[name].shape == value.shape}
        mine |= {name: value.to(self.device, mine[name].dtype) for name, value in fitting.items()}
        if shake:
            fresh = Painter(self.painter.size, width=self.settings.width).state_dict()
            parts = ("lay_out.", "narrow.0", "narrow.1", "blocks.0", "blocks.1")
            for name in (name for name in mine if name.startswith(parts) and name.endswith("weight")):
                mine[name] = mine[name].lerp(fresh[name].to(self.device), shake)
        self.painter.load_state_dict(mine)
        self.average.load_state_dict(mine)
        self.waits, self.is_young, self.steering.affect_weight = hold, False, 8.0
        return f"{len(fitting)} tensors taken, {len(average) - len(fitting)} not, {len(mine) - len(fitting)} new"

    def cast(self) -> torch.autocast:
        """bfloat16 on a GPU."""
        return torch.autocast(torch.device(self.device).type, torch.bfloat16, enabled=self.half, cache_enabled=False)

    def apply_rates(self, progress: float) -> float:
        """Rates and weights of the next step, by the schedule; gives the generator's rate."""
        steering, settings = self.steering, self.settings
        steering.progress = progress
        rate, warm = steering.rate(settings.rate), min(1.0, (self.steps_here + 1) / WARM_STEPS)
        waited = min(1.0, max(0.0, (self.steering.step - self.waits) / WAIT_STEPS)) if self.waits else warm
        critic_pace = warm * settings.critic_rate * steering.critic_factor
        for steps, factor in ((self.painter_steps, waited), (self.critic_steps, critic_pace)):
            for group in steps.param_groups:
                group["lr"].fill_(rate * factor)
        keep = min(settings.keep, (steering.step + 1) / (steering.step + 10)) if self.is_young else settings.keep
        values = (steering.affect_weight, steering.layout_weight, steering.strength, 1 - keep)
        for name, value in zip(KNOBS, values, strict=True):
            self.knobs[name].fill_(value)
        return rate

    def reals(self, count: int) -> Tensor:
        """(N, 3, S, S): most are painted anew in a mood that the piece may ask for; labels are measured after."""
        views, part = self.views, int(GRADED * count)
        index = torch.randint(len(views.real), (count,), device=self.device)
        wanted = mixtures(part, self.device)
        choice = torch.randint(len(views.real), (part, NEAREST), device=self.device)
        nearest = (views.labels[choice] - wanted[:, None]).square().sum(2).argmin(1)
        index = torch.cat([choice.gather(1, nearest[:, None])[:, 0], index[part:]])
        rgb = reframed(Views.rgb(views.real[index]))
        rgb = torch.cat([grade_towards(rgb[:part], wanted, views.scale, self.settings.grade), rgb[part:]])
        return rgb.contiguous(memory_format=torch.channels_last) if self.settings.cuda else rgb

    def asked_of(self, affect: Tensor, real: Tensor) -> tuple[Tensor, Tensor]:
        """Affects (N, 4) and layouts (N, 4, 16, 16) to ask for; the second quarter repeats the first.

        Affects are mostly those of real pictures, a quarter such as the piece asks for, and a scene's where its layout is.
        """
        n = len(affect)
        order = torch.rand(n, device=self.device).argsort()
        asked = affect[order] + WAVERED * torch.randn_like(affect)
        free = n // 4
        asked = torch.cat([asked[: n - free], mixtures(free, self.device)])
        layout, asked = requests(cells_of(real)[order], asked, self.drawn, self.composition)
        asked, layout = (torch.cat([part[:free], part[:free], part[2 * free :]]) for part in (asked, layout))
        return asked.clamp(-MAX_ASKED, MAX_ASKED), layout

    def step(self) -> dict[str, Tensor]:
        """A whole step: no value comes back to the host, every shape is fixed, all chance is drawn on the device."""
        n = self.steering.batch
        corner = some_corner(self.settings.size, self.device)
        with torch.no_grad():
            real = self.reals(n)
            affect = self.views.scale(real)
            asked, layout = self.asked_of(affect, real)
            with self.cast():
                seen_real = self.eyes.look(real, corner, self.knobs["strength"])
        z, noise = draw(n, self.painter.latent, self.device)
        with self.cast():
            fake = self.painter(z, noise, asked, layout)
        fake = fake.float()
        # What the losses say is gathered at the pictures, so that one eye cannot drown the other.
        leaf = fake.detach().requires_grad_()
        with self.cast():
            seen = self.eyes.look(leaf, corner, self.knobs["strength"])
        stats = self._teach_critic(seen_real, affect, seen, asked)
        toward = self._toward(seen, asked, leaf, stats)
        total = toward[0] + self._slope(leaf, asked, layout, real, stats)
        size = [t.square().mean().sqrt() for t in toward]
        total = total + toward[1] * (self.settings.vgg_share * size[0] / (size[1] + 1e-12)).clamp(0.02, 20.0)
        self.painter_steps.zero_grad(set_to_none=True)
        fake.backward(total)
        stats["g_norm"] = _update(self.painter_steps, self.place)
        stats["vgg_over_lite"] = size[1] / size[0]
        with torch.no_grad():
            mine, theirs = list(self.average.parameters()), list(self.painter.parameters())
            apart = torch._foreach_sub(theirs, mine)
            torch._foreach_mul_(apart, self.knobs["keep"])
            torch._foreach_add_(mine, apart)
        return {name: value.detach().float() for name, value in stats.items()}

    def _teach_critic(self, real: Seen, affect: Tensor, fake: Seen, asked: Tensor) -> dict[str, Tensor]:
        """The critic's update, by hinges; gives what it said."""
        flat = [maps.detach() for maps in fake[0]], [maps.detach() for maps in fake[1]]
        self.critic.ready(turn=True)
        with self.cast():
            said_real, said_fake = self.critic(real, affect), self.critic(flat, asked)
        hinges = [
            2 * mean_of([functional.relu(1 - r) for r in reals] + [functional.relu(1 + f) for f in fakes])
            for reals, fakes in zip(said_real, said_fake, strict=True)
        ]
        self.critic_steps.zero_grad(set_to_none=True)
        (hinges[0] + hinges[1]).backward()
        norm = _update(self.critic_steps, self.place)
        with torch.no_grad():
            self.critic.ready(turn=False)
        said = {"said_real": mean_of(said_real[0]), "said_fake": mean_of(said_fake[0])}
        return {"hinge_lite": hinges[0], "hinge_vgg": hinges[1], **said, "c_norm": norm}

    def _toward(self, seen: Seen, asked: Tensor, leaf: Tensor, stats: dict[str, Tensor]) -> list[Tensor]:
        """Where each eye's heads want the pictures to go, (N, 3, S, S) each."""
        self.critic.requires_grad_(False)
        with self.cast():
            said = self.critic(seen, asked)
        self.critic.requires_grad_(True)
        lite, vgg = (-mean_of(part) for part in said)
        stats |= {"g_lite": lite, "g_vgg": vgg}
        found = [torch.autograd.grad(part, leaf, retain_graph=part is lite)[0] for part in (lite, vgg)]
        return [one.nan_to_num(0.0, 0.0, 0.0) for one in found]

    def _slope(self, leaf: Tensor, asked: Tensor, layout: Tensor, real: Tensor, stats: dict[str, Tensor]) -> Tensor:
        """Where affect, layout and diversity want the pictures to go, (N, 3, S, S)."""
        miss = functional.mse_loss(self.views.scale(leaf), asked)
        strays, same = layout_loss(leaf, layout)
        apart, free = _apart(_level(cells_of(leaf))), len(leaf) // 4
        fine = details_of(leaf[: 2 * free])
        # Under one layout, too, the latent is to change what is smaller than a layout tells.
        apart_fine = (fine[:free] - fine[free:]).abs().mean()
        with torch.no_grad():
            true, true_fine = _apart(_level(cells_of(real))), _apart(details_of(real))
        alike = functional.relu(APART * true - apart) / true.clamp_min(1e-3)
        alike = alike + FINE * functional.relu(APART_FINE * true_fine - apart_fine) / true_fine.clamp_min(1e-3)
        stats |= {"affect_mse": miss, "layout_loss": strays, "layout_luma_8": same}
        stats |= {"diversity": apart / true, "diversity_fine": apart_fine / true_fine}
        loss = self.knobs["affect"] * miss + self.settings.diversity * alike + self.knobs["layout"] * strays
        return torch.autograd.grad(loss, leaf)[0].nan_to_num(0.0, 0.0, 0.0)


def _level(cells: Tensor) -> Tensor:
    """Without the mean of each picture's colours, which are the affect's."""
    return cells - cells.mean((2, 3), keepdim=True)


def _apart(cells: Tensor) -> Tensor:
    """Mean distance of (N, C, h, w) from those half a batch away: never two pictures of one request."""
    return (cells - cells.roll(max(1, len(cells) // 2), 0)).abs().mean()


def _update(steps: Adam, place: Place) -> Tensor:
    """No step at a NaN, no huge gradient; nothing waits for the GPU. Gives the norm before."""
    place.average_gradients(steps.param_groups[0]["params"])
    grads = [p.grad for p in steps.param_groups[0]["params"] if p.grad is not None]
    norm = torch.nn.utils.get_total_norm(grads)
    # Adam's kernel divides by the one and passes over a step at the other.
    steps.grad_scale = (norm / MOST_NORM).nan_to_num(1.0, 1.0, 1.0).clamp_min(1.0)
    steps.found_inf = (~torch.isfinite(norm)).float()
    steps.step()
    return norm
