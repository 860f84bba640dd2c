"""What a training of the painter is told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PAINTER, CRITIC, AVERAGE = "state_g.pt", "state_c.pt", "paint_ema.pt"
FILES = (PAINTER, CRITIC, AVERAGE)
"""A checkpoint's."""


@dataclass(frozen=True)
class PaintSettings:
    """Defaults are those of a run of nine minutes on one large GPU."""

    data: Path = Path("views.npz")
    eyes: Path = Path("eyes.npz")
    out: Path = Path("runs/paint")
    layouts: Path | None = None
    begin: Path | None = None
    resume: Path | None = None
    fresh_schedule: bool = False
    device: str = "cpu"
    seconds: float = 525.0
    reserve: float = 45.0
    keep_every: float = 120.0
    steps: int = 0
    most: int = 0
    size: int = 256
    width: float = 1.0
    batch: int = 64
    rate: float = 3e-4
    critic_rate: float = 0.8
    critic_width: float = 1.0
    keep: float = 0.999
    hold: int = 80
    shake: float = 0.0
    grade: float = 1.0
    diversity: float = 0.6
    vgg_share: float = 0.5
    eye: int = 0
    seed: int = 0
    graph: bool = True
    capture_fails: bool = False
    way: str = ""

    @property
    def eye_px(self) -> int:
        """Pixels at which EfficientNet looks: three quarters of the picture where it is not said."""
        return self.eye or max(64, self.size * 3 // 4 // 32 * 32)

    @property
    def cuda(self) -> bool:
        """Whether this runs on a GPU: bfloat16, channels last, a captured step."""
        return self.device.startswith("cuda")
