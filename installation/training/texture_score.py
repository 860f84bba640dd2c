"""A generator against real crops it has never seen: realism, diversity, affect, and whether emotions can be distinguished."""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as functional
from torch import Tensor

from installation.generation.affect import DEPICTED
from installation.training.texture_check import (
    Paint,
    any_affect,
    correlations,
    hatch,
    own_requests,
    painted,
    seams,
    session_of,
    shipped,
    speeds,
)
from installation.training.texture_data import CROP_PX, AffectScale, DataError, Picture, crops, load_pictures, split
from installation.training.texture_eye import PRECISIONS, Eye, eye_of, lattice
from installation.types import EMOTIONS

Vectors = npt.NDArray[np.float64]
Look = Callable[[Tensor], Vectors]
DEEP = (9, 12)
"""Convolutions of VGG16 for realism: relu4_3 and relu5_3, both deeper than what the training looks at."""
SURFACE = (3, 5, 7)
"""Convolutions by which emotions are distinguished."""


def scale_of(model: Path) -> AffectScale:
    """The scale that the export wrote into the file. Raises ValueError for a file without one."""
    metadata = session_of(model).get_modelmeta().custom_metadata_map
    try:
        mean, deviation = (
            [float(number) for number in metadata[key].split()] for key in ("affect_mean", "affect_deviation")
        )
    except KeyError as error:
        raise ValueError(f"{model} does not say its affect scale ({error}); export it anew") from error
    return AffectScale(torch.tensor(mean), torch.tensor(deviation))


def eye_vectors(eye: Eye, taps: tuple[int, ...]) -> Look:
    """Means and deviations over the picture of ``taps``' channels."""

    def look(rgb: Tensor) -> Vectors:
        found = []
        for start in range(0, len(rgb), 8):
            with torch.no_grad():
                seen = [maps.float() for maps in eye(rgb[start : start + 8], taps)]
            found.append(torch.cat([part for maps in seen for part in (maps.mean((2, 3)), maps.std((2, 3)))], 1))
        return np.asarray(torch.cat(found).double().numpy())

    return look


def detector_vectors(path: Path) -> Look:
    """Means over the picture of an EfficientDet's three finest merged maps (192 numbers): a network that the training
    does not know. Raises DataError where the file or the library is missing or the network is another one."""
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError as error:
        raise DataError(
            f"the second feature network needs ai-edge-litert ({error}): install the extra 'compare'"
        ) from error
    if not path.is_file():
        raise DataError(f"{path} is not there")
    with warnings.catch_warnings():
        # It warns of the memory that keeping the inner maps takes; they are what is wanted.
        warnings.simplefilter("ignore")
        network = Interpreter(str(path), experimental_preserve_all_tensors=True, num_threads=1)
    network.allocate_tensors()
    entry = network.get_input_details()[0]
    side = int(entry["shape"][1])
    merged = [
        tensor
        for tensor in network.get_tensor_details()
        if "fpn_cells/cell_2/" in tensor["name"]
        and tensor["name"].endswith("/conv/separable_conv2d")
        and tensor["shape"][1] >= side // 32
        and tensor["shape"][3] == 64
    ]
    if len(merged) < 3 or entry["dtype"] != np.uint8:
        raise DataError(f"{path} is not the quantised EfficientDet that is meant")

    def look(rgb: Tensor) -> Vectors:
        found = []
        for one in rgb:
            picture = (one.permute(1, 2, 0).numpy() * 255).astype(np.uint8)
            network.set_tensor(entry["index"], cv2.resize(picture, (side, side), interpolation=cv2.INTER_CUBIC)[None])
            network.invoke()
            found.append(np.concatenate([_mean_of(network.get_tensor(t["index"]), t) for t in merged]))
        return np.stack(found)

    return look


def _mean_of(values: npt.NDArray[np.generic], tensor: dict[str, tuple[float, float]]) -> Vectors:
    step, zero = tensor["quantization"]
    return np.asarray((values[0].astype(np.float64).mean((0, 1)) - zero) * step)


def kid(real: Vectors, other: Vectors) -> float:
    """Kernel distance (Binkowski et al. 2018: unbiased MMD^2, cubic polynomial kernel) of (N, D) and (M, D), times 1000.

    Both are centred and scaled as ``real`` is, for networks differ in scale: figures of one network compare with one
    another, not with published ones.
    """
    deviation = real.std(0) + 0.05 * real.std()
    x, y = (real - real.mean(0)) / deviation, (other - real.mean(0)) / deviation
    width = x.shape[1]

    def alike(p: Vectors, q: Vectors) -> Vectors:
        return np.asarray((p @ q.T / width + 1) ** 3)

    xx, yy, n, m = alike(x, x), alike(y, y), len(x), len(y)
    within = (xx.sum() - np.trace(xx)) / (n * (n - 1)) + (yy.sum() - np.trace(yy)) / (m * (m - 1))
    return float(1000 * (within - 2 * alike(x, y).mean()))


def spread(rgb: Tensor) -> float:
    """Mean distance of (N, 3, S, S) from one another at 8 x 8 cells."""
    return float(torch.pdist(functional.avg_pool2d(rgb, rgb.shape[2] // 8).flatten(1)).mean())


def emotions_recognised(
    look: Look, train: tuple[Tensor, Tensor], held: tuple[Tensor, Tensor], paint: Paint
) -> dict[str, float]:
    """Accuracy over the seven emotions (chance .143) of a logistic regression that has seen real training crops only.

    ``train`` and ``held`` are crops and their affects. A crop's emotion is the one whose place in the affect space is
    nearest: nobody has said what these paintings depict. The classifier sees the frozen network's vectors, not the affect.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    classifier = make_pipeline(StandardScaler(), LogisticRegression(C=0.003, max_iter=500, class_weight="balanced"))
    classifier.fit(look(train[0]), nearest_emotion(train[1]))
    truth = nearest_emotion(held[1])
    said = classifier.predict(look(held[0]))
    recalls = [float((said[truth == k] == k).mean()) for k in np.unique(truth)]
    asked = torch.from_numpy(np.repeat(DEPICTED, 20, axis=0))
    answers = classifier.predict(look(painted(paint, asked, CROP_PX, 11))).reshape(len(EMOTIONS), -1)
    right = (answers == np.arange(len(EMOTIONS))[:, None]).mean(1)
    found = {
        "emotions distinguished, held-out crops": float(np.mean(recalls)),
        "emotions distinguished, generated": float(right.mean()),
    }
    return found | {f"  of them {name}": float(share) for name, share in zip(EMOTIONS, right, strict=True)}


def nearest_emotion(affect: Tensor) -> npt.NDArray[np.int64]:
    """(N, 4) -> (N,) index of the emotion whose depicted affect is nearest."""
    return np.asarray(torch.cdist(affect, torch.from_numpy(DEPICTED.copy())).argmin(1).numpy())


def report(options: argparse.Namespace) -> dict[str, float]:
    """All figures; those against real crops where ``options.data`` names a folder. Raises DataError, ValueError."""
    paint = shipped(options.model)
    asked = any_affect(max(20, options.count // 2))
    found = {f"correlation of {k}, any request": v for k, v in correlations(paint, asked, 256).items()}
    own = own_requests(len(asked))
    found |= {f"correlation of {k}, the piece's requests": v for k, v in correlations(paint, own, 256).items()}
    pictures = painted(paint, asked, 256, 3)
    found |= {"seam ratio": seams(pictures), "strongest line over its surroundings": hatch(pictures)}
    found["detail locked to the grid"], found["steps locked to the grid"] = (float(v) for v in lattice(pictures))
    if options.data is not None:
        found |= against(paint, scale_of(options.model), split(load_pictures(options.data)), options)
    return found | speeds(paint)


def against(
    paint: Paint, scale: AffectScale, parts: tuple[list[Picture], list[Picture]], options: argparse.Namespace
) -> dict[str, float]:
    """The figures against real crops: ``parts`` are the pictures trained on and the ones held out."""
    rng = np.random.default_rng(17)
    known, held = (crops(pictures, options.count, rng) for pictures in parts)
    wanted = scale(held).clamp(-1, 1)
    made = painted(paint, wanted, CROP_PX, 5)
    found = {f"correlation of {k}, held-out crops' affect": v for k, v in correlations(paint, wanted, CROP_PX).items()}
    found["diversity over that of held-out crops"] = spread(made) / spread(held)
    eye = eye_of(options.eye, PRECISIONS[options.precision])
    looks = {"VGG16" if options.eye != "random" else "random filters": eye_vectors(eye, DEEP)}
    if options.detector is not None:
        looks["EfficientDet"] = detector_vectors(options.detector)
    for name, look in looks.items():
        real, same, ours = look(held), look(known), look(made)
        found[f"KID x 1000, {name}, generated"] = kid(real, ours)
        found[f"KID x 1000, {name}, crops trained on"] = kid(real, same)
    found["hatch of held-out crops, as above"] = hatch(held)
    return found | emotions_recognised(eye_vectors(eye, SURFACE), (known, scale(known)), (held, scale(held)), paint)
