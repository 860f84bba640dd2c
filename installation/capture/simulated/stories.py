"""The three stories that are shipped as performances (performances/): somebody alone, a crowd, a solo of ten minutes."""

from __future__ import annotations

from dataclasses import replace

from installation.capture.simulated.acts import IDLE, IDLE_SWING, MOODS, Act, arms
from installation.capture.simulated.figure import Posture
from installation.capture.simulated.story import Story, Visit

_BY_MOOD = {act.emotion: act for act in MOODS}
_CALM = Act("neutral", 0.0, 0.0, base=IDLE, swing=IDLE_SWING, rate_hz=0.15)
_STILL = Act("neutral", 0.0, 0.0, base=IDLE, swing=Posture(pitch=0.004, head_yaw=0.01), rate_hz=0.22)
_ARMS_UP = Act(
    "happy", 0.0, 0.0, base=Posture(head_pitch=-0.15, stance=0.08, **arms(0.1, 2.7, -0.6, 0.15)),
    swing=Posture(roll=0.03, **arms(0.0, 0.06, 0.0, 0.05)), rate_hz=0.3,
)  # fmt: skip
_LOOKS_ABOUT = replace(_STILL, swing=Posture(head_yaw=0.35, head_pitch=0.08, head_roll=0.06), rate_hz=0.12)
"""For somebody near, of whom there is little more than a face."""


def _play(act: Act, seconds: float, x_m: float, z_m: float, emotion: str = "", strength: float = 1.0) -> Act:
    return replace(act, seconds=seconds, x_m=x_m, z_m=z_m, emotion=emotion or act.emotion, strength=strength)


def _mood(emotion: str, seconds: float, x_m: float, z_m: float, strength: float = 1.0) -> Act:
    """The whole body plays it."""
    return _play(_BY_MOOD[emotion], seconds, x_m, z_m, strength=strength)


def _calm(seconds: float, x_m: float, z_m: float) -> Act:
    return _play(_CALM, seconds, x_m, z_m)


def _near(emotion: str, seconds: float, z_m: float, x_m: float = 0.0, strength: float = 1.0) -> Act:
    """The face plays it, the body is at rest."""
    return _play(_LOOKS_ABOUT, seconds, x_m, z_m, emotion, strength)


ALONE = Story(
    "alone",
    120.0,
    (
        Visit(1, 2.0, (
            _calm(12, -0.3, 3.6),
            _mood("happy", 16, -0.5, 3.4),
            _mood("surprise", 9, 0.2, 3.5),
            _play(_STILL, 9, 0.2, 3.2),
            _mood("sad", 16, 0.7, 3.6),
            _mood("angry", 13, 0.0, 3.2),
            _mood("fear", 11, -0.7, 3.7),
            _mood("disgust", 9, 0.3, 3.6),
            _calm(10, 0.1, 3.4),
        )),
    ),
)  # fmt: skip

CROWD = Story(
    "crowd",
    120.0,
    (
        Visit(1, 2.0, (
            _calm(10, -0.9, 4.6), _mood("happy", 24, -1.0, 4.4), _calm(12, -0.8, 4.4), _mood("surprise", 12, -1.0, 4.5),
            _mood("happy", 26, -0.9, 4.3), _calm(12, -0.2, 4.4),
        )),
        Visit(2, 9.0, (
            _calm(14, 0.9, 4.2), _mood("happy", 22, 0.8, 4.2), _mood("surprise", 10, 1.0, 4.3), _mood("sad", 20, 1.2, 4.5),
            _calm(10, 1.2, 4.6),
        ), side=1),
        Visit(3, 17.0, (
            _calm(10, 0.0, 5.0), _mood("angry", 20, 0.1, 4.8), _calm(10, -0.1, 5.0), _mood("disgust", 12, 0.0, 5.0),
        )),
        Visit(4, 28.0, (
            _calm(8, 1.9, 4.8), _mood("fear", 18, 2.0, 4.9), _calm(12, 1.8, 4.6), _mood("happy", 24, 0.6, 4.4),
        ), side=1),
        Visit(5, 38.0, (_calm(10, -1.9, 5.0), _mood("sad", 22, -2.0, 5.0), _play(_ARMS_UP, 10, -1.9, 4.8))),
        Visit(6, 46.0, (_play(_STILL, 8, 0.6, 5.4), _mood("surprise", 10, 0.5, 5.4), _calm(6, 0.7, 5.3)), side=1),
    ),
)  # fmt: skip

_FAR, _MIDDLE, _HALF, _BUST, _FACE = 4.7, 4.3, 1.9, 0.85, 0.42
"""Metres from a camera at the height of the eyes: all of a body, half of it, head and shoulders, a face that fills it."""

SOLO = Story(
    "solo",
    600.0,
    (
        Visit(1, 4.0, (
            # Somebody comes, and waits.
            _play(_STILL, 20, -0.6, _FAR), _calm(14, 0.5, _FAR), _mood("surprise", 10, 0.2, _MIDDLE), _calm(12, 0.0, 3.4),
            # Nearer and nearer, and glad of it.
            _mood("happy", 20, 0.1, _HALF, 0.7), _near("happy", 16, _BUST), _near("happy", 14, _FACE),
            _near("surprise", 8, _FACE), _near("neutral", 12, _FACE),
            # It darkens, and whoever it is goes back.
            _near("sad", 18, _BUST, 0.05, 0.8), _mood("sad", 22, -0.1, _HALF), _mood("sad", 26, -0.5, _FAR),
            _play(_STILL, 20, -0.5, _FAR),
            # Something is there.
            _mood("fear", 18, -0.9, 4.4), _mood("fear", 14, -1.5, 4.9), _mood("disgust", 16, 1.0, _MIDDLE),
            _mood("disgust", 16, 0.2, _HALF), _near("disgust", 12, 0.5, -0.04),
            # Against it.
            _near("angry", 10, _BUST), _mood("angry", 16, 0.1, _HALF), _mood("angry", 22, 0.0, 3.8),
            _mood("angry", 18, -0.6, _FAR), _calm(10, 0.2, _FAR),
        )),
        # Nobody is there for a while; then they come back. After so long perception takes them for somebody new.
        Visit(2, 400.0, (
            _calm(12, 0.4, _FAR), _play(_ARMS_UP, 14, 0.0, _FAR), _mood("surprise", 8, 0.1, _MIDDLE),
            _mood("happy", 22, -0.9, _MIDDLE), _mood("happy", 22, 0.9, _MIDDLE), _mood("happy", 20, 0.0, 3.9),
            _play(_ARMS_UP, 10, 0.0, _MIDDLE), _near("happy", 16, _BUST), _near("happy", 10, _FACE),
            _near("neutral", 10, _FACE, 0.02),
            _calm(12, -0.3, _HALF), _play(_STILL, 18, -0.2, _FAR), _mood("happy", 12, 0.2, _FAR, 0.85), _calm(6, 0.3, _FAR),
        ), side=1),
    ),
    camera_m=1.6,
)  # fmt: skip
STORIES = (ALONE, CROWD, SOLO)
