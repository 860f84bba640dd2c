"""One body, or lone face, followed from picture to picture: where it is, what it wears, what was read of it and when."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from installation.base.easing import eased_share
from installation.perception.extent import ExtentReader
from installation.perception.presence import PresenceGate
from installation.types import Box, FloatArray

VELOCITY_S = 0.25
"""Time constant of the velocity estimate."""
COAST_S = 0.6
"""An unseen person is assumed to walk on for about this long."""
NEAR = 0.3
"""A face of at least this share of what is seen of its body's height is near: head and shoulders."""
LOST_S = 1.0
"""A face that was lost is looked for at its old place, too, for so long, and found there it is the same visitor's."""
COLOUR_S = 1.5
"""Time constant with which the remembered colours follow."""


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A face read at ``t_s``: landmarks (478, 3) and ``box`` in the picture's [0, 1], blendshapes (52,), expression (7,),
    ``quality`` [0, 1]. One too small to be read (base/face_size.py) says that somebody is there, and nothing else: blendshapes
    and expression are None, quality 0."""

    t_s: float
    landmarks: FloatArray
    box: Box
    blendshapes: FloatArray | None
    expression: FloatArray | None
    quality: float


@dataclass(eq=False)
class Track:
    """One body (or lone face) followed through the pictures. ``id`` is the visitor's number once it counts as one."""

    number: int
    box: Box
    gate: PresenceGate
    t_s: float
    """When ``box`` was measured."""
    begun_s: float = -math.inf
    id: int | None = None
    velocity: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(2))
    colours: FloatArray | None = None
    """The clothes as remembered."""
    wears: FloatArray | None = None
    """The clothes as seen with the last poses."""
    pose: FloatArray | None = None
    world: FloatArray | None = None
    posed_s: float = -math.inf
    """When the pose network last looked, whether it saw the body or not."""
    moved_s: float = -math.inf
    """When two poses that followed each other were last apart: see ``BodyFollower``."""
    misses: int = 0
    """How often the pose network looked in vain since."""
    face: Face | None = None
    last_face: Face | None = None
    """The face as it was read last, whether it is in sight or not."""
    face_tried_s: float = -math.inf
    twins: int = 0
    """How often on end its face was read where another track has one."""
    extent: ExtentReader = field(default_factory=ExtentReader)
    gestures: dict[int, str] = field(default_factory=dict)
    hand: int = 0
    """Which hand was read last."""
    hand_tried_s: float = -math.inf
    agreed: float = 0.0
    """The agreement of detector and pose network when they last agreed."""
    agreements: int = 0
    """How often they did, with no more than ``forget_s`` between."""
    agreed_s: float = -math.inf
    """When that detection was made."""
    detected_s: float = -math.inf
    detected_box: Box | None = None
    window: FloatArray | None = None
    """(4,) the part of the picture that its pose network is shown, in pixels."""
    touched_s: float = -math.inf
    body_s: float = -math.inf
    """When its body or face was last seen."""
    evidence: bool = False
    """Whether this picture showed that it is a person."""

    @property
    def is_near(self) -> bool:
        """Whether little more than a face is seen. There the pose network swings between two answers on a visitor who keeps
        still, and the face tells better where the head is."""
        return self.face is not None and self.face.box.height > NEAR * self.box.height

    def predicted(self, t_s: float) -> Box:
        """Where the box will be at ``t_s``: it keeps its direction and slows down."""
        after_s = max(0.0, t_s - self.t_s)
        moved = self.velocity * COAST_S * eased_share(after_s, COAST_S)
        x, y = float(moved[0]), float(moved[1])
        return Box(self.box.left + x, self.box.top + y, self.box.right + x, self.box.bottom + y)

    def move(self, box: Box, t_s: float) -> None:
        """The body is at ``box`` now."""
        dt_s = t_s - self.t_s
        if dt_s > 0:
            speed = (np.array(box.centre) - np.array(self.box.centre)) / dt_s
            self.velocity = self.velocity + (speed - self.velocity) * eased_share(dt_s, VELOCITY_S)
        self.box, self.t_s = box, max(t_s, self.t_s)

    def learn_colours(self, seen: FloatArray, dt_s: float) -> None:
        """Follow the colours seen now, slowly."""
        if self.colours is None:
            self.colours = seen
        else:
            share = np.float32(eased_share(dt_s, COLOUR_S))
            self.colours = self.colours + (seen - self.colours) * share

    def lose_body(self) -> None:
        """The pose network lost it, or followed somebody else."""
        self.pose = self.world = self.wears = None
        self.gestures = {}
