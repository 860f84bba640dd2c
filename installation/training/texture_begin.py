"""Begins a training with the generator of an exported file: it has learnt most of what painting is."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from installation.training.running import DataError, RefusedError
from installation.training.texture_export import bend_of, check_parity
from installation.training.texture_fit import TextureTrainer
from installation.training.texture_net import TextureNet

PREFIX = "generator."


def generator_of(path: Path) -> tuple[TextureNet, str]:
    """The generator that an exported file holds, and what to call it: the file's name and the step of its training.

    Weights are read by name, then both paint and must paint alike. Raises DataError for a file that is missing, broken, or
    of another network than the one that is trained now.
    """
    import onnx
    from onnx import numpy_helper

    if not path.is_file():
        raise DataError(f"{path} is not there; --begin-from takes an exported generator, such as models/texture.onnx")
    try:
        model = onnx.load(str(path))
    except Exception as error:  # protobuf's own errors have no common root that could be named here
        raise DataError(f"{path} is no ONNX file: {str(error).splitlines()[0]}") from error
    held = {entry.name.removeprefix(PREFIX): entry for entry in model.graph.initializer}
    generator = TextureNet()
    meant = generator.state_dict()
    other = [name for name, value in meant.items() if name not in held or tuple(held[name].dims) != tuple(value.shape)]
    if other:
        raise DataError(
            f"{path} holds another network than the one that is trained now ({len(other)} of its {len(meant)} parts differ, "
            f"such as {other[0]}): begin without --begin-from"
        )
    weights: dict[str, Tensor] = {name: torch.from_numpy(numpy_helper.to_array(held[name]).copy()) for name in meant}
    generator.load_state_dict(weights)
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    try:
        check_parity(generator.eval(), path, bend_of(metadata))
    except (RefusedError, ValueError) as error:
        raise DataError(
            f"{path} paints otherwise than its weights do here ({error}): begin without --begin-from"
        ) from error
    return generator, f"{path.name}, step {metadata.get('step', 'unknown')}"


def begin_from(trainer: TextureTrainer, path: Path) -> None:
    """Give a new trainer the weights of an exported file, for the generator and its average. Raises as ``generator_of``.

    Critic, encoder and optimisers stay new, the affect's scale is that of the new pictures.
    """
    generator, trainer.begun_from = generator_of(path)
    for network in (trainer.generator, trainer.average):
        network.load_state_dict(generator.state_dict())
