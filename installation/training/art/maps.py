"""Where a reader looks: class activation maps (Grad-CAM, Selvaraju and others 2017, by captum) over a picture."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import torch

from installation.generation.evoked import EVOKED
from installation.training.art.reader import Reader
from installation.types import ByteArray, FloatArray

STRENGTH = 0.65
"""How far a map covers the picture where it is strongest."""


def activation_maps(reader: Reader, square: ByteArray, names: Sequence[str]) -> FloatArray:
    """(K, S, S) in [0, 1] for each of ``names``: where in a picture (S, S, 3) the network's last maps raise that emotion's
    share, the strongest place 1; all 0 where nothing raises it. A cell is 32 pixels wide: it says where, not what."""
    from captum.attr import LayerGradCam

    cam = LayerGradCam(reader.raw, reader.depths[-1])
    rgb = torch.from_numpy(np.ascontiguousarray(square)).permute(2, 0, 1)[None].float() / 255
    out = np.zeros((len(names), *square.shape[:2]), np.float32)
    for one, name in zip(out, names, strict=True):
        cells = cam.attribute(rgb, target=EVOKED.index(name), relu_attributions=True)[0, 0].detach().numpy()
        if cells.max() > 0:
            smooth = cv2.resize(cells / cells.max(), square.shape[1::-1], interpolation=cv2.INTER_CUBIC)
            one[:] = smooth.clip(0, 1)
    return out


def laid_over(square: ByteArray, strength: FloatArray) -> ByteArray:
    """A picture (S, S, 3), grey where a map (S, S) is 0 and in warm colours where it is 1."""
    grey = cv2.cvtColor(cv2.cvtColor(square, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB).astype(np.float32)
    heat = cv2.applyColorMap(np.asarray(strength * 255, np.uint8), cv2.COLORMAP_INFERNO)[:, :, ::-1].astype(np.float32)
    share = STRENGTH * strength[:, :, None]
    return np.asarray(grey * (1 - share) + heat * share, np.uint8)
