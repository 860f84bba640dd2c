"""Random changes to training faces, a whole batch at a time on the training device.

Besides the usual moves, every picture may be degraded as a live crop is: blurred, enlarged from a small face, noisy,
unevenly lit, compressed. Pictures are (N, 1, 48, 48) float32 with grey in [0, 1] until ``standardise``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch.nn import functional

from installation.perception.expression import INTERIOR, STD_FLOOR

# ITU T.81 (JPEG), table K.1: luminance quantisation at quality 50.
JPEG_LUMINANCE = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)


def standardise(faces: torch.Tensor) -> torch.Tensor:
    """(N, 1, 48, 48) grey in [0, 1] -> mean 0, standard deviation 1 over ``INTERIOR``, as the run-time ``prepare``."""
    inside = faces[:, :, torch.from_numpy(INTERIOR).to(faces.device)]
    mean = inside.mean(dim=2)[..., None, None]
    std = inside.std(dim=2, unbiased=False)[..., None, None]
    return (faces - mean) / std.clamp_min(STD_FLOOR / 255)


@dataclass(frozen=True)
class FaceAugment:
    """Makes a batch of faces different every time. ``strength`` 0 (only standardised) to 1 scales every change.

    The mirror image is no change of strength: it comes half the time, or never at strength 0.
    """

    generator: torch.Generator
    strength: float = 1.0

    def __call__(self, faces: torch.Tensor) -> torch.Tensor:
        """(N, 1, 48, 48) grey in [0, 1] -> (N, 1, 48, 48) standardised, randomly changed."""
        faces = self._move(faces)
        faces = self._light(faces)
        faces = self._soften(faces)
        faces = self._noise(faces)
        faces = self._compress(faces)
        faces = standardise(faces.clamp(0.0, 1.0))
        # The contrast that is left to differ: how deep the features are in the skin.
        faces = faces * torch.exp(self._uniform(faces, -0.25, 0.25) * self.strength)
        return self._erase(faces)

    def _uniform(self, like: torch.Tensor, low: float, high: float) -> torch.Tensor:
        """(N, 1, 1, 1) one number a picture."""
        draw = torch.rand(len(like), 1, 1, 1, generator=self.generator, device=like.device)
        return low + (high - low) * draw

    def _chosen(self, like: torch.Tensor, share: float) -> torch.Tensor:
        """(N, 1, 1, 1) bool, true for this share of the pictures."""
        return self._uniform(like, 0.0, 1.0) < share * self.strength

    def _move(self, faces: torch.Tensor) -> torch.Tensor:
        """Mirror, turn by 12 degrees, scale by 0.85 to 1.2, stretch by 6 %, shift by 8 % of the side."""
        n, s = len(faces), self.strength
        angle = (self._uniform(faces, -1, 1) * math.radians(12) * s).flatten()
        zoom = torch.exp(self._uniform(faces, math.log(0.85), math.log(1.2)) * s).flatten()
        stretch = torch.exp(self._uniform(faces, -0.06, 0.06) * s).flatten()
        mirrored = self._uniform(faces, 0, 1) < (0.5 if s > 0 else 0.0)
        mirror = 1 - 2 * mirrored.flatten().float()
        theta = torch.zeros(n, 2, 3, device=faces.device)
        theta[:, 0, 0] = torch.cos(angle) * zoom * stretch * mirror
        theta[:, 0, 1] = -torch.sin(angle) * zoom / stretch
        theta[:, 1, 0] = torch.sin(angle) * zoom * stretch * mirror
        theta[:, 1, 1] = torch.cos(angle) * zoom / stretch
        theta[:, 0, 2] = (self._uniform(faces, -0.16, 0.16) * s).flatten()
        theta[:, 1, 2] = (self._uniform(faces, -0.16, 0.16) * s).flatten()
        grid = functional.affine_grid(theta, list(faces.shape), align_corners=False)
        return functional.grid_sample(faces, grid, padding_mode="border", align_corners=False)

    def _light(self, faces: torch.Tensor) -> torch.Tensor:
        """Gamma 0.6 to 1.7, a lamp from one side, contrast and brightness that clip now and then."""
        s = self.strength
        gamma = torch.exp(self._uniform(faces, -0.53, 0.53) * s)
        faces = faces.clamp(1e-4, 1.0) ** gamma
        side = torch.linspace(-1, 1, faces.shape[-1], device=faces.device)
        across = self._uniform(faces, -0.2, 0.2) * s * side.view(1, 1, 1, -1)
        down = self._uniform(faces, -0.2, 0.2) * s * side.view(1, 1, -1, 1)
        faces = faces * (1 + across + down)
        contrast = 1 + self._uniform(faces, -0.35, 0.35) * s
        brightness = self._uniform(faces, -0.15, 0.15) * s
        return ((faces - 0.5) * contrast + 0.5 + brightness).clamp(0.0, 1.0)

    def _soften(self, faces: torch.Tensor) -> torch.Tensor:
        """Out of focus (a quarter of the pictures, partly), or enlarged from 22 to 44 pixels (a sixth)."""
        kernel = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0], device=faces.device) / 16
        padded = functional.pad(faces, (2, 2, 2, 2), mode="replicate")
        blurred = functional.conv2d(padded, (kernel[:, None] * kernel[None, :])[None, None])
        amount = self._uniform(faces, 0.2, 1.0) * self._chosen(faces, 0.25)
        faces = faces + amount * (blurred - faces)
        size = int(torch.randint(22, 45, (1,), generator=self.generator, device=faces.device).item())
        small = functional.interpolate(faces, size=size, mode="bilinear", antialias=True)
        coarse = functional.interpolate(small, size=faces.shape[-1], mode="bilinear")
        return torch.where(self._chosen(faces, 0.16), coarse, faces)

    def _noise(self, faces: torch.Tensor) -> torch.Tensor:
        """Sensor noise of up to 4 % on a quarter of the pictures."""
        sigma = self._uniform(faces, 0.005, 0.04) * self._chosen(faces, 0.25)
        return faces + sigma * torch.randn(faces.shape, generator=self.generator, device=faces.device)

    def _compress(self, faces: torch.Tensor) -> torch.Tensor:
        """JPEG's blocks: quantised 8 x 8 cosine coefficients at quality 25 to 70 on a sixth of the pictures."""
        n, _, height, width = faces.shape
        k = torch.arange(8, device=faces.device, dtype=torch.float32)
        dct = torch.cos((2 * k[None, :] + 1) * k[:, None] * math.pi / 16) / 2
        dct[0] /= math.sqrt(2)
        table = torch.tensor(JPEG_LUMINANCE, device=faces.device, dtype=torch.float32) / 255
        step = (table * self._uniform(faces, 0.6, 2.0)).view(n, 1, 1, 8, 8)
        # Products with the 8 x 8 matrix on the right only: one flat multiplication each, not thousands of tiny ones.
        blocks = faces.view(n, height // 8, 8, width // 8, 8).transpose(2, 3)
        waves = ((blocks @ dct.T).transpose(3, 4) @ dct.T).transpose(3, 4)
        coarse = torch.round(waves / step) * step
        restored = ((coarse @ dct).transpose(3, 4) @ dct).transpose(3, 4).transpose(2, 3).reshape(faces.shape)
        return torch.where(self._chosen(faces, 0.16), restored, faces)

    def _erase(self, faces: torch.Tensor) -> torch.Tensor:
        """A grey patch of 6 to 22 pixels a side over two pictures in five (hair, a hand, a microphone).

        It also keeps the network from reading the mouth alone: brows distinguish weeping from smiling.
        """
        size = faces.shape[-1]
        at = torch.arange(size, device=faces.device, dtype=torch.float32)
        tall, wide = self._uniform(faces, 6, 22), self._uniform(faces, 6, 22)
        top, left = self._uniform(faces, 0, size), self._uniform(faces, 0, size)
        rows = (at.view(1, 1, -1, 1) - top).abs() < tall / 2
        columns = (at.view(1, 1, 1, -1) - left).abs() < wide / 2
        patch = rows & columns & self._chosen(faces, 0.4)
        return torch.where(patch, self._uniform(faces, -1.5, 1.5).expand_as(faces), faces)
