"""Class activation maps (Zhou et al. 2016) of the networks over a face: what each place adds to each word's logit."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import torch

from installation.perception.depicted import FACE_PX, standardised
from installation.training.drawn.net import Expression
from installation.types import ByteArray, FloatArray

SHIFTS = (-6, -2, 2, 6)
"""Pixels by which a face is moved, in both directions: a cell of the map is sixteen."""


@dataclass(frozen=True, eq=False)
class Looked:
    """``shares`` of ``words``; ``maps`` (48, 48, words): what each place adds to each word's logit."""

    words: tuple[str, ...]
    shares: FloatArray
    maps: FloatArray


def look(net: Expression, grey: ByteArray, words: tuple[str, ...]) -> Looked:
    """What ``net`` reads in ``grey`` (48, 48) uint8, and where."""
    shifts = [(down, across) for down in SHIFTS for across in SHIFTS]
    padded = cv2.copyMakeBorder(grey, 6, 6, 6, 6, cv2.BORDER_REPLICATE)
    moved = [padded[6 - down : 6 - down + FACE_PX, 6 - across : 6 - across + FACE_PX] for down, across in shifts]
    faces = torch.from_numpy(np.stack([standardised(np.ascontiguousarray(one)) for one in [grey, *moved]]))
    with torch.inference_mode():
        features = net.features(faces)
        parts = torch.einsum("nkhw,ck->nhwc", features, net.head.weight).numpy()[:, :, :, : len(words)]
        logits = net.head(features[:1].mean(dim=(2, 3)))[:, : len(words)]
    total = np.zeros((FACE_PX, FACE_PX, len(words)), np.float32)
    for part, (down, across) in zip(parts[1:], shifts):
        wide = cv2.resize(part, (FACE_PX, FACE_PX), interpolation=cv2.INTER_LINEAR)
        back = np.array([(1, 0, -across), (0, 1, -down)], np.float32)
        total += cv2.warpAffine(wide, back, (FACE_PX, FACE_PX), borderMode=cv2.BORDER_REPLICATE)
    return Looked(words, torch.softmax(logits, dim=1)[0].numpy(), np.asarray(total / len(shifts), np.float32))
