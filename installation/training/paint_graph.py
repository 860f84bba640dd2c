"""The whole step as one CUDA graph: thousands of small kernels a step are what holds a GPU up when each is launched alone.

If the capture fails or is no faster, the same code runs kernel by kernel. Every step made here is a step of the training.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable

import torch
from torch import Tensor

from installation.training.paint_fit import PaintTrainer
from installation.training.paint_log import say

ALONE, BESIDE, REPLAYED, AHEAD = 4, 3, 4, 8
"""Steps made before the capture, on the stream beside, and replays that are timed; the host runs ahead by AHEAD at most."""
MADE = ALONE + BESIDE + 1 + REPLAYED
WORTH = 0.97


class Stepper:
    """Makes steps of ``trainer``, captured once that was tried and found faster."""

    def __init__(self, trainer: PaintTrainer) -> None:
        self.trainer = trainer
        self._graph: torch.cuda.CUDAGraph | None = None
        self._stats: dict[str, Tensor] = {}
        self._events: deque[torch.cuda.Event] = deque()

    def step(self) -> dict[str, Tensor]:
        """One step; gives what was measured, on the device."""
        if self._graph is not None:
            self._graph.replay()
            stats = self._stats
        else:
            stats = self.trainer.step()
        self._count(1)
        if self.trainer.settings.cuda:
            self._events.append(torch.cuda.Event())
            self._events[-1].record()
            if len(self._events) > AHEAD:
                self._events.popleft().synchronize()
        return stats

    def drop(self) -> None:
        """Kernel by kernel from now on; the graph's memory is given back."""
        self._graph, self._stats = None, {}
        if self.trainer.settings.cuda:
            torch.cuda.empty_cache()

    def capture(self) -> None:
        """Capture the step if that goes."""
        self._graph = None
        try:
            self._capture()
        except torch.cuda.OutOfMemoryError:
            say("no memory for a graph")
            torch.cuda.empty_cache()
        except Exception as error:  # noqa: BLE001 - drivers raise many kinds; the step goes on kernel by kernel
            say(f"no graph: {str(error)[:400]}")
            self.trainer.critic.requires_grad_(True)
            if self.trainer.settings.cuda:
                torch.cuda.synchronize()

    def _capture(self) -> None:
        if self.trainer.settings.capture_fails:
            raise RuntimeError("the capture was to fail")
        alone_s = self._timed(self.trainer.step, ALONE)
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(BESIDE):
                self.trainer.step()
        torch.cuda.current_stream().wait_stream(side)
        torch.cuda.synchronize()
        for steps in (self.trainer.painter_steps, self.trainer.critic_steps):
            steps.zero_grad(set_to_none=True)
        torch.cuda.empty_cache()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            stats = self.trainer.step()
        graph.replay()
        torch.cuda.synchronize()
        if not all(math.isfinite(v) for v in torch.stack(list(stats.values())).tolist()):
            say("the captured step is not finite: not used")
            return
        before = stats["g_lite"].clone()
        graph_s = self._timed(graph.replay, REPLAYED)
        self._count(MADE)
        fresh, pace = bool((stats["g_lite"] != before).item()), self.trainer.steering.batch / graph_s
        say(
            f"a step: {1000 * alone_s:.1f} ms kernel by kernel, {1000 * graph_s:.1f} ms as a graph ({pace:.0f} pictures/s)"
        )
        say(f"draws anew: {fresh}")
        if fresh and graph_s < WORTH * alone_s:
            self._graph, self._stats = graph, stats

    def _count(self, steps: int) -> None:
        self.trainer.steering.counted(steps)
        self.trainer.steps_here += steps

    @staticmethod
    def _timed(act: Callable[[], object], count: int) -> float:
        torch.cuda.synchronize()
        began_s = time.monotonic()
        for _ in range(count):
            act()
        torch.cuda.synchronize()
        return (time.monotonic() - began_s) / count
