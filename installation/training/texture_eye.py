"""The frozen network through whose eyes pictures are compared: the convolutions of VGG16, or random ones."""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from installation.training.texture_data import DataError

PLAN = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
"""Channels of VGG16's thirteen convolutions, a tuple between two poolings (Simonyan and Zisserman 2015)."""
TAPS = (1, 3, 5, 7)
"""Convolutions whose output is looked at in training: relu1_2, relu2_2, relu3_2, relu4_1."""
TAP_CHANNELS = (64, 128, 256, 512)
PRECISIONS = {"bf16": torch.bfloat16, "fp32": torch.float32}
CAFFE_BGR = (103.939, 116.779, 123.68)


class Eye(nn.Module):
    """Frozen. ``convolutions`` are kept in ``dtype``; bfloat16 triples the speed on processors that have it."""

    def __init__(self, weights: list[tuple[Tensor, Tensor]], dtype: torch.dtype) -> None:
        super().__init__()
        self.dtype = dtype
        self.layers = nn.ModuleList()
        for weight, bias in weights:
            layer = nn.Conv2d(weight.shape[1], weight.shape[0], 3, padding=1)
            layer.weight.data, layer.bias.data = weight.to(dtype), bias.to(dtype)
            self.layers.append(layer)
        self.requires_grad_(False)

    def forward(self, rgb: Tensor, taps: tuple[int, ...] = TAPS) -> list[Tensor]:
        """(N, 3, H, W) in [0, 1] -> maps in ``dtype`` (N, C, H / 2^k, W / 2^k), one for each of ``taps``, in rising order."""
        mean = torch.tensor(CAFFE_BGR, device=rgb.device)[:, None, None]
        x = (rgb.flip(1) * 255 - mean).to(self.dtype).contiguous(memory_format=torch.channels_last)
        seen, number = [], 0
        for stage, group in enumerate(PLAN):
            if stage:
                x = functional.max_pool2d(x, 2)
            for _ in group:
                x = functional.relu(self.layers[number](x))
                if number in taps:
                    seen.append(x)
                if number == max(taps):
                    return seen
                number += 1
        return seen


def vgg16(path: Path, dtype: torch.dtype) -> Eye:
    """From an ONNX file that holds VGG16's thirteen 3x3 convolutions in order, as Keras numbers its channels (BGR).

    Raises DataError for another file.
    """
    import onnx
    from onnx import numpy_helper

    if not path.is_file():
        raise DataError(f"{path} is not there; give an ONNX file with VGG16's convolutions, or 'random'")
    graph = onnx.load(str(path)).graph
    values = {entry.name: entry for entry in graph.initializer}
    found = []
    for node in graph.node:
        if node.op_type == "Conv":
            weight, bias = (numpy_helper.to_array(values[name]).copy() for name in node.input[1:3])
            found.append((torch.from_numpy(weight), torch.from_numpy(bias)))
    meant = [channels for group in PLAN for channels in group]
    if [weight.shape[0] for weight, _ in found] != meant or found[0][0].shape[1:] != (3, 3, 3):
        raise DataError(f"{path} does not hold VGG16's thirteen convolutions")
    return Eye(found, dtype)


def random_eye(dtype: torch.dtype, seed: int = 0) -> Eye:
    """The same network with random filters, each without a mean: sees strokes and colours, knows no things."""
    noise = torch.Generator().manual_seed(seed)
    weights, inward = [], 3
    for group in PLAN:
        for outward in group:
            weight = torch.randn(outward, inward, 3, 3, generator=noise) * (2 / (9 * inward)) ** 0.5
            weights.append((weight - weight.mean((2, 3), keepdim=True) * 0.5, torch.zeros(outward)))
            inward = outward
    return Eye(weights, dtype)


def eye_of(name: str, dtype: torch.dtype) -> Eye:
    """``random``, or the path of an ONNX file."""
    return random_eye(dtype) if name == "random" else vgg16(Path(name), dtype)


def views(rgb: Tensor, corner: tuple[int, int]) -> Tensor:
    """(N, 3, S, S) -> (2N, 3, S / 2, S / 2): a quarter at ``corner`` in full detail, then the whole at half the size."""
    side = rgb.shape[2] // 2
    top, left = corner
    return torch.cat([rgb[:, :, top : top + side, left : left + side], functional.avg_pool2d(rgb, 2)])


def gram(seen: Tensor) -> Tensor:
    """(N, C, H, W) -> (N, C, C): which channels speak together, wherever they do (Gatys et al. 2015)."""
    flat = seen.flatten(2)
    return (flat @ flat.transpose(1, 2)).float() / flat.shape[2]


def style_distance(a: list[Tensor], b: list[Tensor]) -> Tensor:
    """(N,): mean over the taps of the relative distance of Gram matrices, 0 for pictures of one texture."""
    total = torch.zeros(len(a[0]), device=a[0].device)
    for one, other in zip(a, b, strict=True):
        first, second = gram(one), gram(other)
        total = total + (first - second).square().sum((1, 2)).sqrt() / second.square().sum((1, 2)).sqrt().clamp_min(
            1e-6
        )
    return total / len(a)


def palette(rgb: Tensor) -> Tensor:
    """(N, 3, H, W) -> (N, 39): mean colour, then spread, mixes and tenths of the colours at cells of 2, 8 and 32 pixels."""
    found = [rgb.mean((2, 3))]
    centred = rgb - rgb.mean((2, 3), keepdim=True)
    tenths = torch.tensor([0.1, 0.9], device=rgb.device)
    for cell in (2, 8, 32):
        flat = functional.avg_pool2d(centred, cell).flatten(2)
        # The root brings a variance to the units of a colour; the small number keeps its slope finite.
        spread = (flat.square().mean(2) + 1e-4).sqrt()
        mixes = torch.stack([(flat[:, i] * flat[:, j]).mean(1) for i, j in ((0, 1), (0, 2), (1, 2))], 1)
        found += [spread, mixes, torch.quantile(flat, tenths, dim=2).permute(1, 0, 2).flatten(1)]
    return torch.cat(found, 1)


PALETTE = 39
LAGS = 8


def grain(rgb: Tensor) -> Tensor:
    """(N, 3, S, S) -> (N, 17, 17): how the finest brightness repeats itself at steps of up to 8 pixels, 1 at the centre.

    The autocorrelation of what is finer than about 8 pixels, windowed so that tori and crops are treated alike. A hatch
    shows as ripples here, which a frozen network's maps hardly distinguish from canvas.
    """
    grey = rgb.mean(1, keepdim=True)
    fine = grey - functional.avg_pool2d(grey, 9, 1, 4, count_include_pad=False)
    window = torch.hann_window(rgb.shape[2], periodic=False, device=rgb.device)
    power = torch.fft.rfft2((fine * window[:, None] * window)[:, 0]).abs().square()
    shared = torch.fft.irfft2(power)
    near = torch.roll(shared, (LAGS, LAGS), (1, 2))[:, : 2 * LAGS + 1, : 2 * LAGS + 1]
    return near / (near[:, LAGS : LAGS + 1, LAGS : LAGS + 1] + 1e-4)


PERIODS_PX = (2, 4, 8, 16)


def lattice(rgb: Tensor) -> tuple[Tensor, Tensor]:
    """(N, 3, S, S) -> two figures of how much the finest brightness is locked to the grid on which maps are doubled.

    First, the share of its variance that is left when a picture is folded to one cell of 4 or 8 pixels (pure grain in
    n x n cells gives 1 / n^2). Second, how unevenly the steps between neighbours fall on the places of a cell of 2 to 16
    pixels, as a variance over a squared mean, for all pictures together: edges like to stand on the border of two
    cells. No painting has either. S is a multiple of 16; pictures are tori and must not have been turned.
    """
    grey = rgb.mean(1, keepdim=True)
    fine = (grey - functional.avg_pool2d(grey, 9, 1, 4, count_include_pad=False))[:, 0]
    whole = fine.square().mean((1, 2)) + 1e-6
    folded = []
    for period in PERIODS_PX[1:3]:
        cells = fine.unflatten(2, (-1, period)).unflatten(1, (-1, period))
        folded.append((cells.mean((1, 3)).square().mean((1, 2)) / whole).mean())
    across = (grey - grey.roll(1, 3))[:, 0].abs().mean(1)
    down = (grey - grey.roll(1, 2))[:, 0].abs().mean(2)
    uneven = []
    for steps in (across, down):
        shared = (steps / (steps.mean(1, keepdim=True) + 1e-3)).mean(0)
        uneven += [shared.unflatten(0, (-1, period)).mean(0).var(unbiased=False) for period in PERIODS_PX]
    return torch.stack(folded).mean(), torch.stack(uneven).mean()
