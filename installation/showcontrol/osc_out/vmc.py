"""The Virtual Motion Capture protocol (protocol.vmc.info, to a Marionette), so that a visitor moves an avatar.

Sent: /VMC/Ext/OK, /VMC/Ext/T, /VMC/Ext/Root/Pos, /VMC/Ext/Bone/Pos of the bones whose joints are seen, /VMC/Ext/Blend/Val and
/VMC/Ext/Blend/Apply. Not sent, for Mien does not know it: fingers, hands' and feet's turn, twist along a limb, eyes' bones,
where the visitor stands in the room; nor cameras, lights, trackers and controllers.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.spatial.transform import Rotation

from installation.base import landmarks as joint
from installation.showcontrol.osc_out.bundle import Seen
from installation.showcontrol.osc_out.encode import TypedMessage
from installation.types import EMOTIONS, EmotionState, FloatArray, Person

Vector: TypeAlias = npt.NDArray[np.float64]
"""(3,) a direction or a place."""

PORT = 39539
"""Where a Marionette listens as shipped."""
SEEN = 0.5
"""A joint below this visibility moves no bone."""
TORSO_M = 0.5
"""Shoulders' to hips' middle of an adult: Winter (2009), figure 4.1. The picture alone does not say how large somebody is."""
_LEFT, _RIGHT, _DOWN = np.array([-1.0, 0.0, 0.0]), np.array([1.0, 0.0, 0.0]), np.array([0.0, -1.0, 0.0])
_GAZE = np.array([0.0, -0.2, 0.98])
"""From the middle between the ears the nose of an upright head lies ahead and a little down."""
_TORSO = [joint.LEFT_SHOULDER, joint.RIGHT_SHOULDER, joint.LEFT_HIP, joint.RIGHT_HIP]
_LIMBS = (
    ("LeftUpperArm", "LeftLowerArm", [joint.LEFT_SHOULDER, joint.LEFT_ELBOW, joint.LEFT_WRIST], _LEFT),
    ("RightUpperArm", "RightLowerArm", [joint.RIGHT_SHOULDER, joint.RIGHT_ELBOW, joint.RIGHT_WRIST], _RIGHT),
    ("LeftUpperLeg", "LeftLowerLeg", [joint.LEFT_HIP, joint.LEFT_KNEE, joint.LEFT_ANKLE], _DOWN),
    ("RightUpperLeg", "RightLowerLeg", [joint.RIGHT_HIP, joint.RIGHT_KNEE, joint.RIGHT_ANKLE], _DOWN),
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

    def messages(self, seen: Seen) -> list[TypedMessage]:
        """VMC's messages for one observation, full addresses."""
        states = {state.person_id: state for state in seen.states}
        if self._id not in states:
            self._id = max(states, key=lambda key: states[key].position[2], default=None)
        state = states.get(self._id) if self._id is not None else None
        out: list[TypedMessage] = [("/VMC/Ext/OK", "i", [int(state is not None)]), ("/VMC/Ext/T", "f", [seen.since_s])]
        if state is None:
            return out
        out.append(_transform("/VMC/Ext/Root/Pos", "root", np.zeros(3), Rotation.identity()))
        if state.joints is not None:
            bones = bones_of(state.joints, seen.frame_size)
            out += [_transform("/VMC/Ext/Bone/Pos", name, place, turn) for name, (place, turn) in bones.items()]
        if not seen.emotions_read:
            return out
        person = next((person for person in seen.people if person.id == self._id), None)
        out += [("/VMC/Ext/Blend/Val", "sf", [name, value]) for name, value in _blends(state, person).items()]
        out.append(("/VMC/Ext/Blend/Apply", "", []))
        return out


def _transform(address: str, name: str, place: Vector, turn: Rotation) -> TypedMessage:
    return address, "sfffffff", [name, *place.tolist(), *turn.as_quat().tolist()]


def _blends(state: EmotionState, person: Person | None) -> dict[str, float]:
    values = {_PRESETS[name]: float(state.probabilities[at]) for at, name in enumerate(EMOTIONS) if name in _PRESETS}
    if person is not None and person.blendshapes is not None and np.isfinite(person.blendshapes).all():
        shapes = person.blendshapes.tolist()
        values |= {"Blink_L": shapes[_BLINK_LEFT], "Blink_R": shapes[_BLINK_RIGHT], "A": shapes[_JAW_OPEN]}
        values |= dict(zip(ARKIT, shapes[1:], strict=True))
    return {name: min(max(value, 0.0), 1.0) for name, value in values.items()}


def bones_of(joints: FloatArray, frame_size: tuple[int, int]) -> dict[str, tuple[Vector, Rotation]]:
    """Local place (3,) in metres and rotation of each bone whose joints are visible, by Unity's HumanBodyBones.

    ``joints`` (33, 4) are those of EmotionState. Unity's axes are left-handed, y up; the avatar looks along z. In the
    mirrored picture the joints' left is on the right, so an avatar that faces the visitor moves as their mirror image.
    Without shoulders and hips there is no bone at all: all others depend on these.
    """
    width, height = frame_size
    visible = joints[:, 3] >= SEEN
    if not visible[_TORSO].all():
        return {}
    # Image x to the right, y down, z away from the camera: turned round, so that who faces the camera looks along z.
    places = -joints[:, :3].astype(np.float64) * np.array([1.0, height / width, 1.0])
    left_shoulder, right_shoulder, left_hip, right_hip = places[_TORSO]
    hips, chest = (left_hip + right_hip) / 2, (left_shoulder + right_shoulder) / 2
    up, sides = chest - hips, (right_hip - left_hip, right_shoulder - left_shoulder)
    size = float(np.linalg.norm(up))
    if size < 1e-6 or any(np.linalg.norm(np.cross(side, up)) < 1e-9 for side in sides):
        return {}
    metres = TORSO_M / size
    of_hips, of_spine = (of_axes(side, up) for side in sides)
    legs = [places[at][1] for at in (joint.LEFT_ANKLE, joint.RIGHT_ANKLE) if visible[at]]
    standing = np.array([0.0, (hips[1] - min(legs)) * metres if legs else 0.0, 0.0])
    bones = {"Hips": (standing, of_hips), "Spine": (np.zeros(3), of_hips.inv() * of_spine)}
    left_ear, right_ear, nose = head = [joint.LEFT_EAR, joint.RIGHT_EAR, joint.NOSE]
    if visible[head].all():
        ears = (places[left_ear] + places[right_ear]) / 2
        turn = _head(places[right_ear] - places[left_ear], places[nose] - ears)
        if turn is not None:
            bones["Head"] = (of_spine.inv().apply(ears - hips) * metres, of_spine.inv() * turn)
    for upper, lower, limb, rest in _LIMBS:
        parent = of_spine if upper.endswith("Arm") else of_hips
        found = _limb(parent.inv().apply(places[limb] - hips), visible[limb], rest, metres)
        bones |= dict(zip((upper, lower), found, strict=False))
    return bones


def _limb(places: Vector, visible: npt.NDArray[np.bool_], rest: Vector, metres: float) -> list[tuple[Vector, Rotation]]:
    """Local place and rotation of a limb's upper and lower bone, as far as its joints are visible and apart.

    ``places`` (3, 3), as the parent bone sees them, and ``visible`` (3,) are those of its root, middle and end; ``rest`` (3,)
    is where it points in the T pose; ``metres`` are in one unit of ``places``.
    """
    upper, lower = np.diff(places, axis=0)
    length = float(np.linalg.norm(upper))
    if not visible[:2].all() or length < 1e-6:
        return []
    first = between(rest, upper)
    bones = [(places[0] * metres, first)]
    if visible[2] and np.linalg.norm(lower) >= 1e-6:
        bones.append((rest * length * metres, between(rest, first.inv().apply(lower))))
    return bones


def _head(across: Vector, ahead: Vector) -> Rotation | None:
    """The head's rotation, from right ear minus left ear and nose minus the ears' middle; None where they do not say."""
    if np.linalg.norm(np.cross(across, ahead)) < 1e-9:
        return None
    # An upright head's gaze has no component along the ears; its up follows from both.
    turn = of_axes(across, np.cross(ahead, across))
    return turn * between(np.array([0.0, 0.0, 1.0]), _GAZE).inv()


def of_axes(x: Vector, up: Vector) -> Rotation:
    """The rotation that takes the x axis to ``x`` and the y axis as near to ``up`` as a right angle lets it."""
    x = x / np.linalg.norm(x)
    first = between(np.array([1.0, 0.0, 0.0]), x)
    return between(first.apply([0.0, 0.0, 1.0]), np.cross(x, up), x) * first


def between(a: Vector, b: Vector, half_turn: Vector | None = None) -> Rotation:
    """The shortest rotation that takes direction ``a`` to direction ``b``; both (3,), not of length 0.

    ``half_turn`` (3,) is the axis to turn about where they are opposite and any axis across would do. That choice, without
    which a folded arm's twist would be left to rounding, is why this is not Rotation.align_vectors.
    """
    a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
    cosine = float(a @ b)
    if cosine < -1.0 + 1e-12:
        if half_turn is None:
            half_turn = np.cross(a, [0.0, 0.0, 1.0] if abs(a[2]) < 0.9 else [0.0, 1.0, 0.0])
        return Rotation.from_quat([*half_turn, 0.0])
    return Rotation.from_quat([*np.cross(a, b), 1.0 + cosine])
