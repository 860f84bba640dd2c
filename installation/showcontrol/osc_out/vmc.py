"""The Virtual Motion Capture protocol (protocol.vmc.info, to a Marionette), so that a visitor moves an avatar.

Sent: /VMC/Ext/OK, /VMC/Ext/T, /VMC/Ext/Root/Pos, /VMC/Ext/Bone/Pos of the bones whose joints are seen, /VMC/Ext/Blend/Val and
/VMC/Ext/Blend/Apply. Not sent, for Mien does not know it: fingers, hands' and feet's turn, twist along a limb, eyes' bones,
where the visitor stands in the room; nor cameras, lights, trackers and controllers.
"""

from __future__ import annotations

import numpy as np

from installation.base.landmarks import (
    LEFT_ANKLE,
    LEFT_EAR,
    LEFT_ELBOW,
    LEFT_HIP,
    LEFT_KNEE,
    LEFT_SHOULDER,
    LEFT_WRIST,
    NOSE,
    RIGHT_ANKLE,
    RIGHT_EAR,
    RIGHT_ELBOW,
    RIGHT_HIP,
    RIGHT_KNEE,
    RIGHT_SHOULDER,
    RIGHT_WRIST,
)
from installation.showcontrol.osc_out.bundle import Seen
from installation.showcontrol.osc_out.encode import Wire
from installation.showcontrol.osc_out.quaternions import IDENTITY, Vector, between, inverse, multiply, of_axes, rotate
from installation.types import EMOTIONS, EmotionState, FloatArray, Person

PORT = 39539
"""Where a Marionette listens as shipped."""
SEEN = 0.5
"""A joint below this visibility moves no bone."""
TORSO_M = 0.5
"""Shoulders' to hips' middle of an adult: Winter (2009), figure 4.1. The picture alone does not say how large somebody is."""
_OUT, _DOWN = 1.0, np.array([0.0, -1.0, 0.0])
_GAZE = np.array([0.0, -0.2, 0.98])
"""From the middle between the ears the nose of an upright head lies ahead and a little down."""
_LIMBS = (
    ("LeftUpperArm", "LeftLowerArm", (LEFT_SHOULDER, LEFT_ELBOW, LEFT_WRIST), np.array([-_OUT, 0.0, 0.0])),
    ("RightUpperArm", "RightLowerArm", (RIGHT_SHOULDER, RIGHT_ELBOW, RIGHT_WRIST), np.array([_OUT, 0.0, 0.0])),
    ("LeftUpperLeg", "LeftLowerLeg", (LEFT_HIP, LEFT_KNEE, LEFT_ANKLE), _DOWN),
    ("RightUpperLeg", "RightLowerLeg", (RIGHT_HIP, RIGHT_KNEE, RIGHT_ANKLE), _DOWN),
)
"""Upper and lower bone, their joints, and where they point in the T pose (Unity: x right, y up, z ahead of the avatar)."""
_PRESETS = {"happy": "Joy", "angry": "Angry", "sad": "Sorrow", "neutral": "Neutral", "surprise": "Surprised"}
"""VRM 0's presets for what a visitor shows, which receivers expect; Surprised is the usual name of a clip that VRM 0 lacks."""
ARKIT = (
    *("BrowDownLeft", "BrowDownRight", "BrowInnerUp", "BrowOuterUpLeft", "BrowOuterUpRight", "CheekPuff"),
    *("CheekSquintLeft", "CheekSquintRight", "EyeBlinkLeft", "EyeBlinkRight", "EyeLookDownLeft", "EyeLookDownRight"),
    *("EyeLookInLeft", "EyeLookInRight", "EyeLookOutLeft", "EyeLookOutRight", "EyeLookUpLeft", "EyeLookUpRight"),
    *("EyeSquintLeft", "EyeSquintRight", "EyeWideLeft", "EyeWideRight", "JawForward", "JawLeft", "JawOpen", "JawRight"),
    *("MouthClose", "MouthDimpleLeft", "MouthDimpleRight", "MouthFrownLeft", "MouthFrownRight", "MouthFunnel"),
    *("MouthLeft", "MouthLowerDownLeft", "MouthLowerDownRight", "MouthPressLeft", "MouthPressRight", "MouthPucker"),
    *("MouthRight", "MouthRollLower", "MouthRollUpper", "MouthShrugLower", "MouthShrugUpper", "MouthSmileLeft"),
    *("MouthSmileRight", "MouthStretchLeft", "MouthStretchRight", "MouthUpperUpLeft", "MouthUpperUpRight"),
    *("NoseSneerLeft", "NoseSneerRight"),
)
"""MediaPipe's blendshapes 1 to 51, as avatars for ARKit's ("perfect sync") name them; 0 is a face at rest."""
_BLINK_LEFT, _BLINK_RIGHT, _JAW_OPEN = (1 + ARKIT.index(name) for name in ("EyeBlinkLeft", "EyeBlinkRight", "JawOpen"))


class Vmc:
    """Keeps to one visitor while they are there: an avatar has one body."""

    def __init__(self) -> None:
        self._id: int | None = None

    def messages(self, seen: Seen) -> list[Wire]:
        """VMC's messages for one observation, full addresses."""
        states = {state.person_id: state for state in seen.states}
        if self._id not in states:
            self._id = max(states, key=lambda key: states[key].position[2], default=None)
        state = states.get(self._id) if self._id is not None else None
        out: list[Wire] = [("/VMC/Ext/OK", "i", [int(state is not None)]), ("/VMC/Ext/T", "f", [seen.since_s])]
        if state is None:
            return out
        out.append(_transform("/VMC/Ext/Root/Pos", "root", np.zeros(3), IDENTITY))
        if state.joints is not None:
            bones = bones_of(state.joints, seen.frame_size)
            out += [_transform("/VMC/Ext/Bone/Pos", name, place, turn) for name, (place, turn) in bones.items()]
        person = next((person for person in seen.people if person.id == self._id), None)
        out += [("/VMC/Ext/Blend/Val", "sf", [name, value]) for name, value in _blends(state, person).items()]
        out.append(("/VMC/Ext/Blend/Apply", "", []))
        return out


def _transform(address: str, name: str, place: Vector, turn: Vector) -> Wire:
    return address, "sfffffff", [name, *place.tolist(), *turn.tolist()]


def _blends(state: EmotionState, person: Person | None) -> dict[str, float]:
    values = {_PRESETS[name]: float(state.probabilities[at]) for at, name in enumerate(EMOTIONS) if name in _PRESETS}
    if person is not None and person.blendshapes is not None and np.isfinite(person.blendshapes).all():
        shapes = person.blendshapes.tolist()
        values |= {"Blink_L": shapes[_BLINK_LEFT], "Blink_R": shapes[_BLINK_RIGHT], "A": shapes[_JAW_OPEN]}
        values |= dict(zip(ARKIT, shapes[1:], strict=True))
    return {name: min(max(value, 0.0), 1.0) for name, value in values.items()}


def bones_of(joints: FloatArray, frame_size: tuple[int, int]) -> dict[str, tuple[Vector, Vector]]:
    """Local place (3,) in metres and rotation (4,) of each bone whose joints are seen, by Unity's HumanBodyBones.

    ``joints`` (33, 4) are those of EmotionState. Unity's axes are left-handed, y up; the avatar looks along z. In the
    mirrored picture the joints' left is on the right, so an avatar that faces the visitor moves as their mirror image.
    Without shoulders and hips there is no bone at all: all others hang on these.
    """
    width, height = frame_size
    visible = joints[:, 3] >= SEEN
    torso = [LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_HIP, RIGHT_HIP]
    if not visible[torso].all():
        return {}
    # Image x to the right, y down, z away from the camera: turned about, so that who faces the camera looks along z.
    places = -joints[:, :3].astype(np.float64) * np.array([1.0, height / width, 1.0])
    hips, chest = (places[LEFT_HIP] + places[RIGHT_HIP]) / 2, (places[LEFT_SHOULDER] + places[RIGHT_SHOULDER]) / 2
    up = chest - hips
    size = float(np.linalg.norm(up))
    sides = (places[RIGHT_HIP] - places[LEFT_HIP], places[RIGHT_SHOULDER] - places[LEFT_SHOULDER])
    if size < 1e-6 or any(np.linalg.norm(np.cross(side, up)) < 1e-9 for side in sides):
        return {}
    metres = TORSO_M / size
    q_hips, q_spine = (of_axes(side, up) for side in sides)
    legs = [places[at][1] for at in (LEFT_ANKLE, RIGHT_ANKLE) if visible[at]]
    standing = np.array([0.0, (hips[1] - min(legs)) * metres if legs else 0.0, 0.0])
    bones = {"Hips": (standing, q_hips), "Spine": (np.zeros(3), multiply(inverse(q_hips), q_spine))}
    if visible[[LEFT_EAR, RIGHT_EAR, NOSE]].all():
        ears = (places[LEFT_EAR] + places[RIGHT_EAR]) / 2
        turn = _head(places[RIGHT_EAR] - places[LEFT_EAR], places[NOSE] - ears)
        if turn is not None:
            place = rotate(inverse(q_spine), ears - hips) * metres
            bones["Head"] = (place, multiply(inverse(q_spine), turn))
    for upper, lower, (root, middle, end), rest in _LIMBS:
        parent = q_spine if upper.endswith("Arm") else q_hips
        if not visible[[root, middle]].all() or np.linalg.norm(places[middle] - places[root]) < 1e-6:
            continue
        first = between(rest, rotate(inverse(parent), places[middle] - places[root]))
        bones[upper] = (rotate(inverse(parent), places[root] - hips) * metres, first)
        if visible[end] and np.linalg.norm(places[end] - places[middle]) >= 1e-6:
            whole = multiply(parent, first)
            second = between(rest, rotate(inverse(whole), places[end] - places[middle]))
            bones[lower] = (rest * float(np.linalg.norm(places[middle] - places[root])) * metres, second)
    return bones


def _head(across: Vector, ahead: Vector) -> Vector | None:
    """(4,) the head's rotation, from right ear minus left ear and nose minus the ears' middle; None where they do not say."""
    if np.linalg.norm(np.cross(across, ahead)) < 1e-9:
        return None
    # An upright head's gaze has no component along the ears; its up follows from both.
    turn = of_axes(across, np.cross(ahead, across))
    rest = np.array([0.0, 0.0, 1.0])
    return multiply(turn, inverse(between(rest, _GAZE)))
