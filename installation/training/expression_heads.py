"""One trunk with two heads: what ten people would say of a face, and the one word FER-2013's label gives it."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn

from installation.training.backbones import vgg19
from installation.training.expression_net import trunk
from installation.training.fer_augment import standardise
from installation.types import EMOTIONS, ByteArray

CLASSES = len(EMOTIONS)


class TwoHeads(nn.Module):
    """``features`` (N, 1, 48, 48) -> (N, width, h, w), their mean over the place, and one dense layer for both heads.

    Logits 0 to 6 are for the share of people's votes, 7 to 13 for the label, each in the order of ``EMOTIONS``.
    """

    def __init__(self, features: nn.Module, width: int, dropout: float = 0.3) -> None:
        super().__init__()
        self.features = features
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(width, 2 * CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, 1, 48, 48) standardised grey -> (N, 14) logits."""
        logits: torch.Tensor = self.head(self.dropout(self.features(x).mean(dim=(2, 3))))
        return logits


def _vgg19() -> TwoHeads:
    features = vgg19().features
    assert isinstance(features, nn.Module)
    return TwoHeads(features, 512, dropout=0.4)


SHAPES: dict[str, Callable[[], TwoHeads]] = {
    "ours": lambda: TwoHeads(*trunk()),
    "mid": lambda: TwoHeads(*trunk(widen=1.5)),
    "wide": lambda: TwoHeads(*trunk(widen=2.0, blocks=(2, 2, 2, 2))),
    "vgg19": _vgg19,
}
"""1.6, 3.6, 11.2 and 20.0 million weights. The piece runs ``ours``; ``wide`` and ``vgg19`` only teach."""


def build(shape: str) -> TwoHeads:
    """A network with fresh weights. Raises ValueError for a shape that is not known."""
    if shape not in SHAPES:
        raise ValueError(f"no shape is called {shape!r}; there are {', '.join(SHAPES)}")
    return SHAPES[shape]()


class Calibrated(nn.Module):
    """What is shipped: the mean of the logits of a face and of its mirror image, each head by its temperature, softmax.

    The temperatures (Guo et al. 2017) make the votes' probability of 0.7 mean that seven people in ten say so, and the
    label's that it is right in seven cases of ten. ``mirror`` False leaves the mirror image out, for half of the time.
    """

    def __init__(self, net: nn.Module, temperatures: tuple[float, float], *, mirror: bool = True) -> None:
        super().__init__()
        self.net, self.temperatures, self.mirror = net, temperatures, mirror

    def logits(self, faces: torch.Tensor) -> torch.Tensor:
        """(N, 1, 48, 48) float32 -> (N, 14), not yet divided by the temperatures."""
        if not self.mirror:
            logits: torch.Tensor = self.net(faces)
            return logits
        both: torch.Tensor = self.net(torch.cat([faces, faces.flip(3)]))
        return both.view(2, -1, 2 * CLASSES).mean(dim=0)

    def forward(self, faces: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(N, 1, 48, 48) float32 -> (N, 7) shares of votes and (N, 7) probabilities of the label."""
        votes, label = self.logits(faces).split(CLASSES, dim=1)
        return torch.softmax(votes / self.temperatures[0], dim=1), torch.softmax(label / self.temperatures[1], dim=1)


def logits_of(net: nn.Module, images: ByteArray, device: torch.device, *, half: bool = False) -> torch.Tensor:
    """(N, 48, 48) uint8 -> (N, 14) logits of ``net``, the mean of a face's and its mirror image's, on the processor."""
    net.eval()
    seen, parts, batch = Calibrated(net, (1.0, 1.0)), [], 512
    with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=half):
        for start in range(0, len(images), batch):
            grey = torch.from_numpy(images[start : start + batch]).to(device)[:, None].float() / 255
            parts.append(seen.logits(standardise(grey).to(memory_format=torch.channels_last)).float().cpu())
    return torch.cat(parts)
