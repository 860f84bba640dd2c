"""The drawn-face network: the expression network's trunk, begun from what is shipped, with a head of its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

from installation.training.expression_net import trunk
from installation.types import DEPICTED, FloatArray

CLASSES = len(DEPICTED) + 1
"""DEPICTED, and last: no face at all."""


class DrawnNet(nn.Module):
    """(N, 1, S, S) standardised grey -> (N, CLASSES) logits; S is 48 as a rule."""

    def __init__(self, dropout: float = 0.2) -> None:
        super().__init__()
        self.features, width = trunk()
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(width, CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, 1, S, S) float32 -> (N, CLASSES) logits."""
        logits: torch.Tensor = self.head(self.dropout(self.features(x).mean(dim=(2, 3))))
        return logits


class Shipped(nn.Module):
    """What is exported: shares over DEPICTED, sum 1, and last how surely a face is drawn there at all."""

    def __init__(self, net: DrawnNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        """(N, 1, 48, 48) -> (N, CLASSES), in [0, 1]."""
        logits = self.net(faces)
        return torch.cat([torch.softmax(logits[:, :-1], dim=1), 1 - torch.softmax(logits, dim=1)[:, -1:]], dim=1)


class Expression(nn.Module):
    """models/expression.onnx as a torch module in float32: its trunk, and the votes' seven logits of its head."""

    def __init__(self, model: Path) -> None:
        super().__init__()
        self.features, width = trunk()
        weights, biases = _convolutions(model)
        head, bias = _head(model)
        self.head = nn.Linear(width, 7)
        with torch.no_grad():
            for (conv, norm), name in zip(_pairs(self.features), weights, strict=True):
                if conv.weight.shape != weights[name].shape:
                    raise ValueError(f"{model} is not the network that this trunk is: {name}")
                conv.weight.copy_(torch.from_numpy(weights[name]))
                norm.weight.fill_(1.0)
                norm.bias.copy_(torch.from_numpy(biases[name]))
                norm.running_mean.zero_()
                norm.running_var.fill_(1.0 - norm.eps)
            self.head.weight.copy_(torch.from_numpy(head[:7].copy()))
            self.head.bias.copy_(torch.from_numpy(bias[:7].copy()))
        self.eval()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, 1, 48, 48) standardised -> (N, 7) logits over EMOTIONS."""
        logits: torch.Tensor = self.head(self.features(x).mean(dim=(2, 3)))
        return logits


def begun(model: Path, faces: torch.Tensor) -> DrawnNet:
    """A network with the trunk of ``model``. Scales that were folded into its convolutions are set free again by what passes
    through while it looks at ``faces`` (N, 1, 48, 48) standardised: it reads as before, and can go on learning."""
    old, net = Expression(model), DrawnNet()
    net.features.load_state_dict(old.features.state_dict())
    seen: dict[nn.Module, tuple[torch.Tensor, torch.Tensor]] = {}

    def note(module: nn.Module, inputs: tuple[torch.Tensor, ...], _output: torch.Tensor) -> None:
        seen[module] = inputs[0].mean(dim=(0, 2, 3)), inputs[0].var(dim=(0, 2, 3))

    norms = [norm for _, norm in _pairs(net.features)]
    hooks = [norm.register_forward_hook(note) for norm in norms]
    with torch.inference_mode():
        net.eval()
        net(faces)
    for hook in hooks:
        hook.remove()
    with torch.no_grad():
        for norm in norms:
            mean, variance = (one.clone() for one in seen[norm])
            norm.bias.add_(mean)
            norm.weight.copy_(torch.sqrt(variance + norm.eps))
            norm.running_mean.copy_(mean)
            norm.running_var.copy_(variance)
    return net


def _pairs(features: nn.Sequential) -> list[tuple[nn.Conv2d, nn.BatchNorm2d]]:
    """Each convolution with the scale behind it, in the order of ``modules``: a block's two, then the way round it."""
    convs = [one for one in features.modules() if isinstance(one, nn.Conv2d)]
    norms = [one for one in features.modules() if isinstance(one, nn.BatchNorm2d)]
    return list(zip(convs, norms, strict=True))


def _convolutions(model: Path) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Weights and biases of a quantised file's convolutions by name, in the order of ``_pairs``."""
    graph = onnx.load(model).graph
    made = {output: node for node in graph.node for output in node.output}
    constants = {one.name: numpy_helper.to_array(one) for one in graph.initializer}

    def value(name: str) -> FloatArray:
        node = made.get(name)
        if node is None:
            return np.asarray(constants[name], np.float32)
        stored, scale, zero = (constants[part] for part in node.input)
        shape = (-1,) + (1,) * (stored.ndim - 1) if np.ndim(scale) else ()
        levels = stored.astype(np.float32) - np.reshape(zero, shape).astype(np.float32)
        return np.asarray(levels * np.reshape(scale, shape), np.float32)

    found = {node.name: node for node in graph.node if node.op_type == "Conv"}
    if not found:
        raise ValueError(f"{model} has no convolutions")
    order = sorted(found, key=_place)
    return {name: value(found[name].input[1]) for name in order}, {name: value(found[name].input[2]) for name in order}


def _place(name: str) -> tuple[int, int]:
    """/net/features/features.6/conv2/Conv -> (6, 1)."""
    parts = name.split("/")
    layer = next(part for part in parts if part.startswith("features."))
    inside = next((k for k, part in enumerate(("conv1", "conv2", "skip")) if part in parts), 0)
    return int(layer.split(".")[1]), inside


def _head(model: Path) -> tuple[FloatArray, FloatArray]:
    constants = {one.name: numpy_helper.to_array(one) for one in onnx.load(model).graph.initializer}
    try:
        return constants["net.head.weight"], constants["net.head.bias"]
    except KeyError:
        raise ValueError(f"{model} has no head of the expression network") from None
