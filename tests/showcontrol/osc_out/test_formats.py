"""FaceOSC, Wekinator and VMC: their addresses and types to the letter, their values from what was seen."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.showcontrol.osc_out.bundle import Seen
from installation.showcontrol.osc_out.faceosc import FaceOsc
from installation.showcontrol.osc_out.vmc import ARKIT, TORSO_M, Vmc, between, bones_of, of_axes
from installation.showcontrol.osc_out.wekinator import INPUTS, Wekinator
from installation.types import EMOTIONS, POSE_LANDMARKS, Box, neutral_probabilities
from tests.showcontrol.osc_states import face, joints, person, state

FACEOSC = {
    "/found": "i",
    "/pose/position": "ff",
    "/pose/scale": "f",
    "/pose/orientation": "fff",
    "/gesture/mouth/width": "f",
    "/gesture/mouth/height": "f",
    "/gesture/eyebrow/left": "f",
    "/gesture/eyebrow/right": "f",
    "/gesture/eye/left": "f",
    "/gesture/eye/right": "f",
    "/gesture/jaw": "f",
    "/gesture/nostrils": "f",
}
"""The whole of ofxFaceTracker's message specification."""


def seen(*people: object, states: tuple = (), group: object = None, size: tuple[int, int] = (640, 640)) -> Seen:
    return Seen(1, 0.0, 2.5, states, people, group, size)  # type: ignore[arg-type]


def by_address(messages: list) -> dict:
    return {address: args for address, _, args in messages}


def test_faceosc_sends_its_whole_specification_and_nothing_else() -> None:
    assert FaceOsc().messages(seen()) == [("/found", "i", [0])]
    assert FaceOsc().messages(seen(person(1, face=None))) == [("/found", "i", [0])]
    assert {address: tags for address, tags, _ in FaceOsc().messages(seen(person(1)))} == FACEOSC


def test_faceosc_values_are_those_of_the_face() -> None:
    found = by_address(FaceOsc().messages(seen(person(1, face=face(mouth_open=0.02)))))
    # The face is 0.2 of 640 pixels wide, 40 units: 3.2 pixels a unit.
    assert found["/pose/scale"] == pytest.approx([3.2])
    assert found["/pose/position"] == pytest.approx([320, 320], abs=1)
    assert found["/pose/orientation"] == pytest.approx([0, 0, 0], abs=1e-6)
    assert found["/gesture/mouth/width"] == pytest.approx([16.0], rel=1e-4)
    assert found["/gesture/mouth/height"] == pytest.approx([4.0], rel=1e-4)


@pytest.mark.parametrize(("axis", "angle"), [(0, 0.4), (1, 0.5), (2, -0.3)])
def test_faceosc_gestures_stay_when_the_head_turns_and_the_angle_shows(axis: int, angle: float) -> None:
    still = face(mouth_open=0.02)
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.eye(3)
    i, j = [(1, 2), (2, 0), (0, 1)][axis]
    turn[[i, i, j, j], [i, j, i, j]] = cos, -sin, sin, cos
    turned = ((still - 0.5) @ turn.T + 0.5).astype(np.float32)
    before, after = (by_address(FaceOsc().messages(seen(person(1, face=each)))) for each in (still, turned))
    assert after["/gesture/mouth/height"] == pytest.approx(before["/gesture/mouth/height"], rel=1e-3)
    expected = [0.0, 0.0, 0.0]
    expected[axis] = angle
    assert after["/pose/orientation"] == pytest.approx(expected, abs=1e-4)


def test_faceosc_keeps_to_one_face() -> None:
    sender = FaceOsc()
    far, near = person(1), person(2, face=face(0.05), face_box=Box(0.1, 0.1, 0.9, 0.9))
    first = by_address(sender.messages(seen(far)))["/gesture/mouth/height"]
    assert by_address(sender.messages(seen(near, far)))["/gesture/mouth/height"] == first
    assert by_address(sender.messages(seen(near)))["/gesture/mouth/height"] != first


def test_wekinator_gets_one_list_of_floats_that_never_changes_its_length() -> None:
    sender = Wekinator()
    here = state(1, energy=0.4)
    for group in (None, here, replace(here, energy=float("nan")), None):
        ((address, tags, args),) = sender.messages(seen(group=group))
        assert (address, tags) == ("/wek/inputs", "f" * len(INPUTS))
        assert len(args) == len(INPUTS) == 16
    assert args[0] == 0.0, "nobody is there"
    assert args[INPUTS.index("energy")] == 0.4, "the last that was known"


def test_vmc_tells_of_nobody_and_of_somebody() -> None:
    sender = Vmc()
    assert sender.messages(seen()) == [("/VMC/Ext/OK", "i", [0]), ("/VMC/Ext/T", "f", [2.5])]
    shapes = np.zeros(52, np.float32)
    shapes[1 + ARKIT.index("JawOpen")] = 0.6
    p = neutral_probabilities() * 0.25
    p[EMOTIONS.index("happy")] = 0.75
    here = state(1, joints=joints(), probabilities=p)
    messages = sender.messages(seen(person(1, blendshapes=shapes), states=(here,)))
    assert {(address, tags) for address, tags, _ in messages} == {
        ("/VMC/Ext/OK", "i"),
        ("/VMC/Ext/T", "f"),
        ("/VMC/Ext/Root/Pos", "sfffffff"),
        ("/VMC/Ext/Bone/Pos", "sfffffff"),
        ("/VMC/Ext/Blend/Val", "sf"),
        ("/VMC/Ext/Blend/Apply", ""),
    }
    assert messages[-1][0] == "/VMC/Ext/Blend/Apply"
    blends = {args[0]: args[1] for address, _, args in messages if address.endswith("Val")}
    assert blends["Joy"] == 0.75
    assert blends["A"] == blends["JawOpen"] == pytest.approx(0.6)
    assert len(ARKIT) == 51


def test_vmc_a_body_in_t_pose_turns_no_bone() -> None:
    bones = bones_of(joints(), (640, 640))
    assert set(bones) == {
        "Hips", "Spine", "Head", "LeftUpperArm", "LeftLowerArm", "RightUpperArm", "RightLowerArm",
        "LeftUpperLeg", "LeftLowerLeg", "RightUpperLeg", "RightLowerLeg",
    }  # fmt: skip
    for name, (_, turn) in bones.items():
        assert np.abs(turn.as_quat()) == pytest.approx([0, 0, 0, 1], abs=2e-3), name
    # 0.3 picture heights are the torso's 0.5 m.
    assert bones["LeftUpperArm"][0] == pytest.approx([-0.1 / 0.3 * TORSO_M, TORSO_M, 0], abs=1e-5)
    assert bones["Hips"][0] == pytest.approx([0, TORSO_M, 0], abs=1e-5)


def test_vmc_a_raised_arm_turns_its_bone_up_and_a_hidden_one_is_left_out() -> None:
    body = joints()
    body[13, :2], body[15, :2] = (0.6, 0.2), (0.6, 0.1)
    body[14, 3] = 0.1
    bones = bones_of(body, (640, 640))
    up = bones["LeftUpperArm"][1].apply([-1.0, 0.0, 0.0])
    assert up == pytest.approx([0, 1, 0], abs=1e-5)
    assert np.abs(bones["LeftLowerArm"][1].as_quat()) == pytest.approx([0, 0, 0, 1], abs=1e-5)
    assert "RightUpperArm" not in bones
    body[[11, 23], 3] = 0.0
    assert bones_of(body, (640, 640)) == {}


def test_vmc_a_body_that_turns_as_a_whole_turns_its_hips_only() -> None:
    body = joints().astype(np.float64)
    angle = 0.5
    middle = np.array([0.5, 0.0])
    x, z = (body[:, [0, 2]] - middle).T
    body[:, 0], body[:, 2] = 0.5 + np.cos(angle) * x + np.sin(angle) * z, -np.sin(angle) * x + np.cos(angle) * z
    bones = bones_of(body.astype(np.float32), (640, 640))
    for name, (_, turn) in bones.items():
        if name != "Hips":
            assert np.abs(turn.as_quat()) == pytest.approx([0, 0, 0, 1], abs=2e-3), name
    assert abs(bones["Hips"][1].as_quat()[1]) == pytest.approx(np.sin(angle / 2), abs=1e-4)


coordinate = st.floats(-2, 2, width=32)


@given(st.lists(st.tuples(coordinate, coordinate, coordinate), min_size=POSE_LANDMARKS, max_size=POSE_LANDMARKS))
def test_vmc_rotations_have_length_one_whatever_the_body_does(places: list) -> None:
    body = np.ones((POSE_LANDMARKS, 4), np.float32)
    body[:, :3] = places
    for place, turn in bones_of(body, (1280, 720)).values():
        assert np.isfinite(place).all()
        assert np.linalg.norm(turn.as_quat()) == pytest.approx(1.0, abs=1e-6)


direction = st.tuples(*[st.floats(-1, 1)] * 3).map(np.array).filter(lambda v: np.linalg.norm(v) > 1e-3)


@given(direction, direction)
def test_vmc_rotations_turn_one_direction_into_another(a: np.ndarray, b: np.ndarray) -> None:
    turn = between(a, b)
    assert turn.apply(a / np.linalg.norm(a)) == pytest.approx(b / np.linalg.norm(b), abs=1e-5)
    assert np.abs((turn * turn.inv()).as_quat()) == pytest.approx([0, 0, 0, 1], abs=1e-6)
    if np.linalg.norm(np.cross(a, b)) > 1e-3:
        axes = of_axes(a, b)
        assert axes.apply([1.0, 0, 0]) == pytest.approx(a / np.linalg.norm(a), abs=1e-5)
        assert axes.apply([0, 1.0, 0]) @ b > 0


def test_vmc_a_forearm_folded_right_back_turns_about_the_upright_axis() -> None:
    body = joints()
    body[15, :3] = body[11, :3]
    turn = bones_of(body, (640, 640))["LeftLowerArm"][1].as_quat()
    assert np.abs(turn) == pytest.approx([0, 1, 0, 0], abs=1e-6)
