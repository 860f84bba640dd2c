"""What a trained generator does amiss with the affect it is asked for, measured, and the small correction for it.

Training teaches obedience only as far as its other losses let it: red comes out paler than asked, warmth drags brightness
along. That error is much the same from picture to picture, so it can be measured and asked against, as a colour profile
does for a printer: a quadratic model of measured by asked affect, and another quadratic that turns what is asked for into
what must be asked of the network.
"""

from __future__ import annotations

import torch
from torch import Tensor

from installation.training.texture_check import any_affect, in_training, own_requests, painted
from installation.training.texture_data import AffectScale
from installation.training.texture_net import AFFECT, MAX_ASKED, TERMS, TextureNet, bent, terms

PICTURES, PICTURE_PX = 500, 128
STEPS, RATE = 400, 0.02
CALM = 0.002
"""How much a large correction counts against a small error."""


def calibrate(generator: TextureNet, scale: AffectScale, pictures: int = PICTURES, seed: int = 11) -> Tensor:
    """(4, TERMS) for ``Exported``: with it the affect measured is nearer to the one asked for. Seconds on one thread.

    ``seed`` is of requests and noise; the gates of the export use others.
    """
    noise = torch.Generator().manual_seed(seed)
    half = pictures // 2
    asked = torch.cat([own_requests(half, seed), any_affect(pictures - half, seed)])
    asked = asked + 0.25 * torch.randn(asked.shape, generator=noise)
    asked = asked.clamp(-MAX_ASKED, MAX_ASKED)
    measured = scale(painted(in_training(generator), asked, PICTURE_PX, seed))
    wanted = torch.cat([own_requests(1500, seed + 1), any_affect(500, seed + 1)])
    return correction(asked, measured, wanted)


def correction(asked: Tensor, measured: Tensor, wanted: Tensor) -> Tensor:
    """(4, TERMS) by which ``wanted`` (M, 4) is reached best, if ``asked`` (N, 4) came out as ``measured`` (N, 4)."""
    model = torch.linalg.lstsq(terms(asked), measured).solution
    bend = torch.zeros(AFFECT, TERMS, requires_grad=True)
    optimiser = torch.optim.Adam([bend], RATE)
    for _ in range(STEPS):
        reached = terms(bent(wanted, bend)) @ model
        loss = (reached - wanted).square().mean() + CALM * bend.square().sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return bend.detach()
