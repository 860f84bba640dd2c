"""How stills are exposed: whether a dark mood still has a light, its subject stands out from the ground, and nothing burns out.

    python -m installation.evaluation.exposure                  a line for every scene in every mood
    python -m installation.evaluation.exposure --scenes swarm   of one scene

Each line has the figures of one still and what is wrong with it (see BARS). The subject is what changes when the scene is
left out and the room alone is drawn.
"""

from __future__ import annotations

import os

# Mesa looks at this when it is loaded; the machine's other cores are not for looking at pictures.
os.environ.setdefault("LP_NUM_THREADS", "1")

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from installation.base.arguments import size as parse_size
from installation.base.files import PROJECT
from installation.config.load import ConfigError, load_config
from installation.config.look import LOOK_NAMES
from installation.config.scene_files import scene_names
from installation.config.settings import Config
from installation.evaluation.booth import Booth
from installation.evaluation.look_measure import oklab
from installation.render.surface import DisplayError
from installation.types import ByteArray

Array = npt.NDArray[np.float64]
SIZE, SEED = (320, 180), 3
BLACK, LIT, BRIGHT = 0.10, 0.22, 0.60
"""OKLab lightness: below BLACK a wall looks switched off (sRGB 4 of 255), from LIT on form is read (26), from BRIGHT on it is
a light (125)."""
BURNT = 250
"""Of 255, in all three channels: no drawing is left there."""
DIFFERS, OF_MOST = 0.045, 0.35
"""OKLab distance from the room alone, from which a pixel may belong to the subject; and the share of the distance of what
differs most, so that the glow round a bright form is not taken for it."""
FULL = 0.80
"""A scene that hides more of the room than this is the whole picture: no subject stands out from a ground."""
AROUND = 0.12
"""So far round each place of the subject its ground is looked for, of the picture's height."""


@dataclass(frozen=True)
class Bars:
    """What a still must hold. The least of what is dark, the most of what burns: shares of the picture's pixels."""

    black: float = 0.62
    """At most so much of it is black."""
    lit: float = 0.10
    """At least so much can be read."""
    accent: float = 0.0015
    """At least so much is a light."""
    burnt: float = 0.01
    """At most so much is white without drawing."""
    contrast: float = 0.09
    """OKLab distance of the subject from the ground round it, at least."""


BARS = Bars()
"""Chosen by eye on stills of all scenes and moods: those that were liked pass with room to spare."""


@dataclass(frozen=True)
class Exposure:
    """Figures of one still: shares of its pixels [0, 1]; ``contrast`` is None where the scene is the whole picture."""

    black: float
    lit: float
    accent: float
    burnt: float
    contrast: float | None
    covered: float

    def faults(self, bars: Bars = BARS) -> list[str]:
        """What is wrong with it, in words."""
        found = []
        if self.black > bars.black:
            found.append(f"black: {self.black:.0%}")
        if self.lit < bars.lit:
            found.append(f"only {self.lit:.0%} to be read")
        if self.accent < bars.accent:
            found.append(f"no light in it: {self.accent:.2%}")
        if self.burnt > bars.burnt:
            found.append(f"burnt out: {self.burnt:.1%}")
        if self.contrast is not None and self.contrast < bars.contrast:
            found.append(f"subject lost in the ground: {self.contrast:.3f}")
        return found


def exposure(picture: ByteArray, room: ByteArray, hidden: float = 0.0) -> Exposure:
    """Of a ``picture`` (H, W, 3) uint8 sRGB and the same ``room`` without the scene, which hides ``hidden`` [0, 1] of it."""
    lab = oklab(picture)
    light = lab[:, :, 0]
    subject = _subject(np.linalg.norm(lab - oklab(room), axis=2))
    return Exposure(
        black=float((light < BLACK).mean()),
        lit=float((light >= LIT).mean()),
        accent=float((light >= BRIGHT).mean()),
        burnt=float((picture >= BURNT).all(axis=2).mean()),
        contrast=None if hidden > FULL else _contrast(lab, subject),
        covered=float(subject.mean()),
    )


def _subject(distance: Array) -> npt.NDArray[np.bool_]:
    """Of the OKLab ``distance`` (H, W) from the room alone: what is the subject's."""
    some = distance[distance > DIFFERS]
    if not some.size:
        return np.zeros(distance.shape, np.bool_)
    return distance > max(DIFFERS, OF_MOST * float(np.percentile(some, 90)))


def _contrast(lab: Array, subject: npt.NDArray[np.bool_]) -> float:
    """Median OKLab distance of the subject's pixels from the mean of the ground round each; 0 without a subject."""
    ground = ~subject
    if not subject.any() or not ground.any():
        return 0.0
    around = _mean_near(lab, ground.astype(np.float64), round(AROUND * len(lab)))
    return float(np.median(np.linalg.norm(lab - around, axis=2)[subject]))


def _mean_near(lab: Array, ground: Array, reach: int) -> Array:
    """(H, W, 3) mean of ``lab`` over what of ``ground`` lies round each pixel; where none lies near, what lies nearest counts
    little by little."""
    weight, total = np.zeros(ground.shape), np.zeros(lab.shape)
    for step in (1, 2, 4):
        size, share = (2 * step * reach + 1, 2 * step * reach + 1), 10.0**-step
        weight += share * cv2.blur(ground, size)
        total += share * cv2.blur(lab * ground[:, :, None], size)
    return np.asarray(total / np.maximum(weight, 1e-12)[:, :, None])


def exposures(
    config: Config, scene: str, moods: Sequence[str] = LOOK_NAMES, size: tuple[int, int] = SIZE, seed: int = SEED
) -> Iterator[tuple[str, Exposure]]:
    """Of ``scene`` in each of ``moods``. Raises DisplayError where nothing can be drawn."""
    booth = Booth(config, size)
    try:
        for mood in moods:
            yield mood, exposure(*booth.still(scene, mood, seed))
    finally:
        booth.close()


def main(argv: list[str] | None = None) -> int:
    """Print the table; gives the exit code: 1 where a still breaks a bar."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", nargs="+", choices=scene_names(), default=scene_names(), help="default: all")
    parser.add_argument("--size", type=parse_size, default=SIZE, help="of one still; default 320x180")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--config", type=Path, default=PROJECT / "config.yaml", help="whose looks are drawn")
    options = parser.parse_args(argv)
    broken = 0
    try:
        config = load_config(options.config)
        print("scene        mood       black    lit  accent  burnt  contrast  covered")
        for scene in options.scenes:
            for mood, found in exposures(config, scene, LOOK_NAMES, options.size, options.seed):
                contrast = "       -" if found.contrast is None else f"{found.contrast:8.3f}"
                print(
                    f"{scene:12} {mood:9} {found.black:6.0%} {found.lit:6.0%} {found.accent:7.2%} {found.burnt:6.2%}"
                    f"  {contrast} {found.covered:8.0%}   {', '.join(found.faults())}",
                    flush=True,
                )
                broken += bool(found.faults())
    except (ConfigError, DisplayError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
