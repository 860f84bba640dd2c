"""A whole run of the painter in a fixed time: begin or go on, train, settle, and write all there is."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import time
import traceback
from collections.abc import Callable
from typing import Any, TypeVar

import torch
from torch import nn

from installation.training import losses
from installation.training.interrupt import Stop
from installation.training.paint_affect import mixtures
from installation.training.paint_critic import mean_of
from installation.training.paint_data import Views, load_views
from installation.training.paint_export import ExportedPainter, parity, rounded, write
from installation.training.paint_fit import PaintTrainer
from installation.training.paint_gauge import Gauge, calibrate, figures, painting, parameters, walk_step
from installation.training.paint_graph import Stepper
from installation.training.paint_layouts import cells_of, load_scene_layouts, requests
from installation.training.paint_log import say, spent_s
from installation.training.paint_look import CALIBRATED, Eyes, some_corner
from installation.training.paint_net import draw
from installation.training.paint_settings import AVERAGE, PaintSettings
from installation.training.paint_sheet import walk, write_layouts, write_moods
from installation.training.paint_state import (
    keep,
    keep_average,
    keep_settled,
    read_average,
    read_state,
    restore,
)
from installation.training.paint_watch import Heart
from installation.training.several import Place

_Made = TypeVar("_Made")

CAPTURE_AT, BEAT_EVERY = 3, 10
"""The step before which the step is captured; a sign of life comes every so many."""
READ_EVERY, READ_EVERY_SLOW, SAY_S, HELD_EVERY = 50, 5, 10.0, 4
LEAST_BATCH = 8
FIGURED, CORRECTED = (256, 64), (1024, 128)
"""Pictures by which the figures are measured and the affect is corrected, on a GPU and on a processor."""
SETTLED = (40, 128), (6, 16)
"""Rounds and pictures by which the average's statistics are measured: on a GPU, and on a processor."""


class Run:
    """A trainer with its data, its log, and the gauge at the end.

    With several processes (``place``) all train, and the first one says, stores and finishes.
    """

    def __init__(self, settings: PaintSettings, heart: Heart, place: Place | None = None) -> None:
        self.settings, self.heart = settings, heart
        self.place = place or Place(device=settings.device)
        torch.manual_seed(settings.seed)
        if settings.cuda:
            torch.backends.cudnn.benchmark = True
            torch.set_float32_matmul_precision("high")
            say(f"{torch.cuda.get_device_name(0)}, torch {torch.__version__}")
        kept = read_state(settings.resume) if settings.resume is not None else None
        begun = read_average(settings.begin) if settings.begin is not None and kept is None else None
        views = load_views(settings.data, settings.size, settings.device, settings.most)
        drawn, self.held_layouts = load_scene_layouts(settings.layouts, settings.device)
        count = len(drawn.cells) if drawn.cells is not None else 0
        say(f"{len(views.real)} views to train on, {len(views.held)} held out; {count or 'drawn'} layouts of scenes")
        # What processes tell each other in a step is not captured.
        self.may_graph = (settings.cuda or settings.capture_fails) and settings.graph and self.place.world == 1
        # A critic that begins anew looks in a way of its own: what the last one overlooked is seen now.
        seed = kept["steering"]["mixing_seed"] if kept else settings.seed + 1 + int(begun["images"] if begun else 0)
        self.trainer = PaintTrainer(settings, views, self._eyes(views, int(seed)), drawn, self.place)
        self.trainer.steering.mixing_seed = int(seed)
        self.progress_from, self.rows = 0.0, list[dict[str, float]]()
        if kept is not None:
            restore(self.trainer, kept)
            self.progress_from = 0.0 if settings.fresh_schedule else self.trainer.steering.progress
            say(f"goes on from step {self.trainer.steering.step}, schedule at {self.progress_from:.3f}")
        if begun is not None:
            taken = self.trainer.begin_from(begun["average"], settings.shake, settings.hold)
            say(f"begins from {settings.begin}: {taken}")
        if self.place.world > 1:
            self.place.check_alike(self.trainer.painter.parameters(), self.trainer.steering.step)
            # All came here by the same random numbers; from here on each has its own.
            torch.manual_seed(int(torch.randint(2**31, ()).item()) + self.place.rank)
        self.stepper = Stepper(self.trainer)
        sizes = [parameters(net) for net in (self.trainer.painter, self.trainer.critic)]
        say(f"painter {sizes[0]:.2f} M, critic {sizes[1]:.2f} M, eye at {settings.eye_px} px, mixing {seed}")

    def _eyes(self, views: Views, seed: int) -> Eyes:
        settings = self.settings
        dtype = torch.bfloat16 if settings.cuda else torch.float32
        eyes = Eyes(settings.eyes, dtype, settings.device, settings.eye_px, self.may_graph)
        seen = eyes.calibrate(views.some(min(settings.batch, len(views.real), CALIBRATED)), seed)
        if settings.cuda:
            eyes.choose_way(seen, settings.batch, settings.way)
            self.may_graph = eyes.may_graph
        return eyes

    def train(self, end_s: float, stop: Stop) -> None:
        """Until ``end_s`` seconds after the run's begin, until the steps are made, or until it is asked to stop."""
        began_s, settings, steering = spent_s(), self.settings, self.trainer.steering
        every = READ_EVERY if settings.cuda else READ_EVERY_SLOW
        said_s, kept_s, since_s, since_images = 0.0, spent_s(), spent_s(), steering.images
        while not self.place.anyone(stop.is_set or spent_s() >= end_s or self._made()):
            part = self.place.agreed(min(1.0, (spent_s() - began_s) / max(1e-6, end_s - began_s)))
            rate = self.trainer.apply_rates(self.progress_from + (1 - self.progress_from) * part)
            first = self.trainer.steps_here == 0
            row = self._step(every)
            if first:
                say(f"the first step took {spent_s() - began_s:.1f} s")
                since_s, since_images = spent_s(), steering.images
            if self.place.leads and spent_s() - kept_s > settings.keep_every:
                keep(self.trainer, settings.out)
                kept_s = spent_s()
            if not row:
                continue
            row = {name: self.place.agreed(value) for name, value in row.items()}  # all steer alike
            if steering.heed(row):
                self._back_to_average()
            now_s = spent_s()
            pace = (steering.images - since_images) / max(1e-6, now_s - since_s)
            since_s, since_images = now_s, steering.images
            named = {"affect_weight": steering.affect_weight, "layout_weight": steering.layout_weight}
            named |= {"strength": steering.strength, "critic_factor": steering.critic_factor}
            self.rows.append(
                {"step": steering.step, "images": steering.images, "img_per_s": pace, "rate": rate} | named | row
            )
            if now_s - said_s > SAY_S:
                said_s = now_s
                say(" ".join(f"{name} {value:.3g}" for name, value in self.rows[-1].items() if name != "images"))
                if self.place.leads:
                    self.write_log()
        if settings.cuda:
            torch.cuda.synchronize()
        self.place.check_alike(self.trainer.painter.parameters(), steering.step)

    def _made(self) -> bool:
        return 0 < self.settings.steps <= self.trainer.steps_here

    def _step(self, every: int) -> dict[str, float]:
        """A step; gives what it measured now and then. Where memory runs out the batch is halved."""
        trainer = self.trainer
        try:
            if self.may_graph and trainer.steps_here == CAPTURE_AT:
                self.may_graph = False
                self.stepper.capture()
            stats = self.stepper.step()
            if trainer.steps_here < CAPTURE_AT or trainer.steps_here % BEAT_EVERY == 0:
                self.heart.beat()
            if trainer.steps_here % every != 1:
                return {}
            row = dict(zip(stats, torch.stack(list(stats.values())).tolist(), strict=True))
            return row | self._of_held() if len(self.rows) % HELD_EVERY == 0 else row
        except torch.cuda.OutOfMemoryError:
            self.stepper.drop()
            if self.place.world > 1:
                raise  # the others go on with what they have, and wait for this one
            trainer.steering.batch = trainer.steering.batch // 2 // 4 * 4
            if trainer.steering.batch < LEAST_BATCH:
                raise
            say(f"out of memory: the batch is now {trainer.steering.batch}")
            self.may_graph, trainer.steps_here = self.settings.cuda and self.settings.graph, 0
            return {}

    def _of_held(self) -> dict[str, float]:
        """How much more real known views seem to the critic than held-out ones: whether it knows them by heart."""
        with torch.no_grad():
            trainer, said = self.trainer, []
            views, corner = trainer.views, some_corner(self.settings.size, self.settings.device)
            trainer.critic.ready(turn=False)
            trainer.critic.eval()
            count = min(trainer.steering.batch, len(views.held))
            with trainer.cast():
                for stored in (views.held, views.real):
                    some = Views.rgb(stored[torch.randint(len(stored), (count,), device=self.settings.device)])
                    seen = trainer.eyes.look(some, corner, trainer.knobs["strength"])
                    said.append(float(mean_of(trainer.critic(seen, views.scale(some))[0])))
            trainer.critic.train()
            return {"said_held_minus_known": said[0] - said[1]}

    def _back_to_average(self) -> None:
        with torch.no_grad():
            torch._foreach_copy_(list(self.trainer.painter.parameters()), list(self.trainer.average.parameters()))

    def write_log(self) -> None:
        """losses.csv."""
        names = list(dict.fromkeys(name for row in self.rows for name in row if name != "step"))
        if names:
            columns = {name: [row.get(name, float("nan")) for row in self.rows] for name in names}
            losses.write(self.settings.out, [int(row["step"]) for row in self.rows], columns)

    def settle(self) -> None:
        """Measure the statistics of the average's normalisations anew, as the training asks for pictures."""
        with torch.no_grad():
            trainer, device = self.trainer, self.settings.device
            norms = [module for module in trainer.average.modules() if isinstance(module, nn.BatchNorm2d)]
            for norm in norms:
                norm.reset_running_stats()
                norm.momentum = None
            trainer.average.train()
            rounds, n = SETTLED[0 if self.settings.cuda else 1]
            for _ in range(rounds):
                index = torch.randint(len(trainer.views.labels), (n,), device=device)
                asked = torch.cat([trainer.views.labels[index][: n // 2], mixtures(n - n // 2, device)])
                own = cells_of(Views.rgb(trainer.views.real[index]))
                layout, asked = requests(own, asked, trainer.drawn, trainer.composition)
                trainer.average(*draw(n, trainer.average.latent, device), asked.clamp(-1.3, 1.3), layout)
            trainer.average.eval()

    def finish(self) -> dict[str, Any]:
        """Write all there is; what fails is said, and the rest goes on. Gives the figures."""
        settings, trainer, out, device = self.settings, self.trainer, self.settings.out, self.settings.device
        torch.backends.cudnn.benchmark = False  # new shapes from here on, each seen a few times only
        self.stepper.drop()
        found: dict[str, Any] = {"step": trainer.steering.step, "images": trainer.steering.images}
        if self.rows:
            tail = sorted(row["img_per_s"] for row in self.rows[len(self.rows) // 2 :])
            found["img_per_s"] = round(tail[len(tail) // 2], 1)
        self._try("settling", self.settle)
        self._try("log", self.write_log)
        self._try("state", lambda: keep_settled(trainer, out))
        scale, nets = trainer.views.scale, (trainer.average, trainer.composition)
        gauge = self._try("gauge", lambda: Gauge.of(trainer.views, self.held_layouts))
        bend = self._try("correction", lambda: self._correction(gauge)) if gauge else None
        if gauge:
            self._try("average", lambda: keep_average(trainer, out / AVERAGE, {"gauge": gauge.state()}))
        paint = painting(*nets, bend, device)
        self._try("sheet", lambda: write_moods(paint, out / "sheet.jpg"))
        self._try("export", lambda: found.update(self._export(bend)))
        if gauge:
            self._try("layouts", lambda: write_layouts(paint, gauge, walk(*nets, device), out / "layouts.jpg"), True)
            count = FIGURED[0 if settings.cuda else 1]
            self._try("figures", lambda: found.update(figures(paint, trainer.composition, gauge, scale, count)), True)
        walked = self._try("walk", lambda: walk_step(*nets, device), True)
        found["walk_largest_of_16_steps"] = round(walked, 3) if walked is not None else None
        if importlib.util.find_spec("matplotlib") is not None:
            self._try("plot", lambda: losses.plot(out, f"{out.name}, {len(trainer.views.real)} views"), True)
        if settings.cuda:
            found["memory_gib"] = round(torch.cuda.max_memory_allocated() / 2**30, 1)
        say("SUMMARY " + json.dumps(found))
        return found

    def _correction(self, gauge: Gauge) -> torch.Tensor:
        """Good enough for this run's sheets and figures; the export measures its own on more pictures."""
        trainer, count = self.trainer, CORRECTED[0 if self.settings.cuda else 1]
        nets, device = (trainer.average, trainer.composition), self.settings.device
        return calibrate(painting(*nets, None, device), trainer.composition, gauge, trainer.views.scale, count)

    def _export(self, bend: torch.Tensor | None) -> dict[str, Any]:
        trainer, path = self.trainer, self.settings.out / "paint.onnx"
        module = ExportedPainter(*rounded(trainer.average, trainer.composition), bend).eval()
        counts = {"step": trainer.steering.step, "images": trainer.steering.images}
        write(module, path, trainer.views.scale, counts)
        worst, mean = parity(module, path)
        return {"onnx_mb": round(path.stat().st_size / 1e6, 2), "parity_levels": worst, "parity_mean": round(mean, 4)}

    def _try(self, name: str, act: Callable[[], _Made], optional: bool = False) -> _Made | None:
        if optional and spent_s() > self.settings.seconds:
            say(f"no time for: {name}")
            return None
        began_s = time.monotonic()
        try:
            made = act()
            say(f"{name} done in {time.monotonic() - began_s:.1f} s")
        except Exception:  # noqa: BLE001 - all the rest must still be written
            say(f"{name} FAILED")
            traceback.print_exc()
            return None
        return made


def run(settings: PaintSettings, heart: Heart, stop: Stop, place: Place | None = None) -> int:
    """Train and write; gives the exit code, 1 where training broke off (what there is was written)."""
    if place is not None and not place.leads:
        with contextlib.redirect_stdout(io.StringIO()):
            Run(settings, heart, place).train(max(spent_s() + 5, settings.seconds - settings.reserve), stop)
        return 0
    settings.out.mkdir(parents=True, exist_ok=True)
    made, code = Run(settings, heart, place), 0
    try:
        made.train(max(spent_s() + 5, settings.seconds - settings.reserve), stop)
    except Exception:  # noqa: BLE001 - what was trained so far is worth keeping
        traceback.print_exc()
        say("training broke off; writing what there is")
        code = 1
    heart.ending()
    made.finish()
    heart.finished()
    return code
