"""What is shipped: trunk and reader in one network, picture in, shares of the twenty evoked emotions out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from installation.training.art.eyes import summary
from installation.training.onnx_file import HALF, LARGE, halve, write_onnx
from installation.training.paint_eyes import Lite0
from installation.training.running import DataError
from installation.types import FloatArray

DEPTHS = 5
BEND = 30.0
"""Of the soft bend at 0: unlike a cut it keeps the order of what lies below."""


@dataclass(frozen=True, eq=False)
class Learnt:
    """What a reader learnt from D numbers of each picture: less ``mean`` (D,) and times ``axes`` (D, P) they are a point, which
    is compared with the ``known`` points (N, P) by exp(-squared distance); that times ``weights`` (N, K), and ``middle`` (K,)
    added, are shares once what lies below 0 is bent up to it."""

    mean: FloatArray
    axes: FloatArray
    known: FloatArray
    weights: FloatArray
    middle: FloatArray


class Reader(nn.Module):
    """(S, S, 3) uint8 sRGB -> (20,) shares in [0, 1]."""

    def __init__(self, trunk: Lite0, head: tuple[Tensor, Tensor], learnt: Learnt) -> None:
        super().__init__()
        self.trunk = trunk
        trunk.go("contiguous")
        self.depths = nn.ModuleList([nn.Identity() for _ in range(DEPTHS)])
        """What the maps of each depth pass through, the finest first: where a gradient can be taken."""
        self.register_buffer("head_w", head[0])
        self.register_buffer("head_b", head[1])
        for name in ("mean", "axes", "weights", "middle"):
            self.register_buffer(name, torch.from_numpy(getattr(learnt, name).astype(np.float32)))
        # Columns, so that nothing is turned round in the file.
        self.register_buffer("known", torch.from_numpy(learnt.known.T.astype(np.float32).copy()))

    def forward(self, rgb: Tensor) -> Tensor:
        """One picture as the piece has it."""
        return self.read(rgb.permute(2, 0, 1)[None].float() / 255)[0]

    def read(self, rgb: Tensor) -> Tensor:
        """(N, 3, S, S) in [0, 1] -> (N, 20) shares."""
        return (functional.softplus(BEND * self.raw(rgb)) / BEND).clamp_max(1)

    def raw(self, rgb: Tensor) -> Tensor:
        """The same before the bend: its gradient does not vanish."""
        seen = self.trunk(rgb)
        head = functional.conv2d(seen[-1], self.get_buffer("head_w"), self.get_buffer("head_b"))
        maps = [one(depth) for one, depth in zip(self.depths, [*seen, functional.relu6(head)], strict=True)]
        point, known = (summary(maps) - self.get_buffer("mean")) @ self.get_buffer("axes"), self.get_buffer("known")
        apart = (point * point).sum(1, keepdim=True) + (known * known).sum(0, keepdim=True) - 2 * point @ known
        shares: Tensor = torch.exp(-apart) @ self.get_buffer("weights") + self.get_buffer("middle")
        return shares

    def rounded(self) -> Reader:
        """This one, with large weights as halves hold them."""
        for values in self.buffers():
            if values.numel() >= LARGE:
                values.copy_(values.half().float())
        return self

    @classmethod
    def load(cls, path: Path) -> Reader:
        """From the weights of a file as ``write`` makes it. Raises DataError for another."""
        import onnx
        from onnx import numpy_helper

        stored = {
            entry.name.removesuffix(HALF): numpy_helper.to_array(entry).astype(np.float32)
            for entry in onnx.load(str(path)).graph.initializer
        }
        parts = {name.removeprefix("trunk."): value for name, value in stored.items() if name.startswith("trunk.")}
        try:
            trunk = Lite0({f"eff.{name}": value for name, value in parts.items()}, torch.float32)
            head = torch.from_numpy(stored["head_w"]), torch.from_numpy(stored["head_b"])
            rows = {name: stored[name] for name in ("mean", "axes", "weights", "middle")}
            made = cls(trunk, head, Learnt(**rows, known=stored["known"].T))
            made.eval()
        except (KeyError, ValueError, RuntimeError) as error:
            raise DataError(f"{path} is no reader of what pictures evoke: {error}") from error
        return made


def write(reader: Reader, side_px: int, path: Path, metadata: Mapping[str, object]) -> None:
    """The file, unchecked. ``reader`` must be ``rounded``."""
    write_onnx(reader, {"rgb": torch.zeros(side_px, side_px, 3, dtype=torch.uint8)}, "shares", path, {})
    halve(path, metadata)
