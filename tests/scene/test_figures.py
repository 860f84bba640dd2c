"""What a scene knows of a visitor's head and face, and joints completed from the head."""

import numpy as np
import pytest

from installation.scene.figures import ASSUMED, Figure, expression
from installation.types import (
    BLENDSHAPES,
    EXPRESSION,
    FIGURE_COLUMNS,
    JOINTS,
    EmotionState,
    FloatArray,
    neutral_probabilities,
)

ASPECT = 16 / 9


def visitor(extent: str = "face", head: tuple[float, ...] = (0.5, 0.4, 0.2, 0.3, -0.1, 0.2, 1.0)) -> EmotionState:
    return EmotionState(
        *(0.0, 1, neutral_probabilities(), 0.0, 0.0, 1.0, 0.0, 0.5, (0.5, 0.5, 2.0), 1.0, "neutral"),
        extent=extent,
        head=np.array(head, np.float32),
    )


def watched(state: EmotionState, seconds: float = 3.0) -> Figure:
    figure = Figure()
    for _ in range(round(seconds * 30)):
        figure.see(state, ASPECT, 1 / 30)
    return figure


def value(figure: Figure, name: str) -> float:
    return float(figure.row[FIGURE_COLUMNS.index(name)])


def body(visible: float = 1.0) -> FloatArray:
    joints = np.zeros((len(JOINTS), 4), np.float32)
    joints[:, 3] = visible
    return joints


def test_a_head_in_the_picture_is_a_head_in_scene_units() -> None:
    figure = watched(visitor(head=(0.75, 0.25, 0.1, 0.3, -0.1, 0.2, 1.0)))
    assert value(figure, "head_x") == pytest.approx(0.5 * ASPECT)
    assert value(figure, "head_y") == pytest.approx(0.5)
    assert value(figure, "head_half_height") == pytest.approx(0.2)
    assert value(figure, "head_known") == pytest.approx(1.0, abs=0.01)
    assert [value(figure, name) for name in ("yaw", "pitch", "roll")] == pytest.approx([0.3, -0.1, 0.2])


def test_of_a_lone_face_a_bust_is_completed() -> None:
    figure = watched(visitor())
    joints = figure.completed(None, ASPECT)
    assert joints is not None
    place = {name: joints[row] for row, name in enumerate(JOINTS)}
    assert place["neck"][3] == pytest.approx(ASSUMED, abs=0.01)
    assert place["left_shoulder"][0] > place["neck"][0] > place["right_shoulder"][0]
    assert place["head"][1] > place["neck"][1] > place["left_shoulder"][1] > place["chest"][1]
    assert place["left_elbow"][3] == place["pelvis"][3] == 0


def test_what_is_seen_is_believed_before_what_is_completed() -> None:
    figure = watched(visitor())
    joints = body()
    joints[:, 0] = 0.3
    seen = figure.completed(joints.copy(), ASPECT)
    assert seen is not None
    np.testing.assert_array_equal(seen, joints)


def test_joints_fade_towards_the_pictures_border() -> None:
    figure = watched(visitor(head=(0.0,) * 7), 0.1)
    joints = body()
    joints[:, 0] = np.linspace(0.0, ASPECT + 0.2, len(joints))
    faded = figure.completed(joints.copy(), ASPECT)
    assert faded is not None
    assert faded[0, 3] == 1
    assert (np.diff(faded[:, 3]) <= 0).all()
    assert (faded[joints[:, 0] >= ASPECT, 3] == 0).all()


def test_nobody_known_gives_no_joints_and_a_whole_figure() -> None:
    figure = watched(visitor("whole", (0.0,) * 7))
    assert figure.completed(None, ASPECT) is None
    assert value(Figure(), "extent") == 3
    assert value(figure, "head_known") == 0


def test_extent_is_there_at_once_and_then_goes_over_slowly() -> None:
    figure = Figure()
    figure.see(visitor("bust"), ASPECT, 1 / 30)
    assert value(figure, "extent") == 1
    figure.see(visitor("whole"), ASPECT, 1 / 30)
    assert 1 < value(figure, "extent") < 1.3


def test_who_leaves_takes_the_face_along() -> None:
    figure = watched(visitor())
    figure.leave()
    assert value(figure, "face") == value(figure, "head_known") == value(figure, "yaw") == 0
    figure.see(visitor("half"), ASPECT, 1 / 30)
    assert value(figure, "extent") == 2


@pytest.mark.parametrize(
    ("blendshapes", "name", "sign"),
    [
        ({25: 0.8}, "jaw_open", 1),
        ({44: 0.9, 45: 0.9}, "smile", 1),
        ({30: 0.3, 31: 0.3}, "frown", 1),
        ({9: 0.9}, "eye_closed_right", 1),
        ({10: 0.9}, "eye_closed_left", 1),
        ({4: 0.7}, "brow_apart", 1),
        ({5: 0.7}, "brow_apart", -1),
        ({15: 0.6, 14: 0.6}, "gaze_x", 1),
        ({11: 0.7, 12: 0.7}, "gaze_y", -1),
    ],
)
def test_the_expression_is_what_the_blendshapes_say(blendshapes: dict[int, float], name: str, sign: int) -> None:
    shapes = np.zeros(BLENDSHAPES, np.float32)
    assert not expression(shapes).any()
    for number, weight in blendshapes.items():
        shapes[number] = weight
    found = dict(zip(EXPRESSION, expression(shapes).tolist(), strict=True))
    assert found[name] * sign > 0.4
    assert all(-1 <= number <= 1 for number in found.values())
    assert all(number >= 0 for key, number in found.items() if key not in ("brow_apart", "gaze_x", "gaze_y"))
