"""The expression network at run time: framing, preparing, reading; and the shipped weights on real faces."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from installation.base.onnx_sessions import UnusableModelError
from installation.perception.expression import INTERIOR, ExpressionNet, crop_face, face_square, prepare
from installation.types import EMOTIONS

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "models" / "expression.onnx"
LANDMARKER = ROOT / "models" / "fetched" / "face_landmarker.task"
FOOTAGE = ROOT.parent / "shared" / "footage"


def a_face() -> np.ndarray:
    """(478, 2) made-up landmarks of an upright face round (0, 0): an ellipse 80 wide and 100 high, eyes, chin."""
    rng = np.random.default_rng(1)
    angle, radius = rng.uniform(0, 2 * np.pi, 478), np.sqrt(rng.uniform(0, 1, 478))
    points = np.stack([40 * radius * np.cos(angle), 50 * radius * np.sin(angle)], axis=1)
    points[[33, 133, 362, 263]] = [[-25, -12], [-10, -12], [10, -12], [25, -12]]
    points[152] = [0, 50]
    return points


def turned(degrees: float) -> np.ndarray:
    """(2, 2) to be multiplied from the right."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, s], [-s, c]])


@settings(max_examples=40)
@given(st.floats(-180, 180), st.floats(0.1, 20), st.tuples(st.floats(-2000, 2000), st.floats(-2000, 2000)))
def test_square_moves_turns_and_grows_with_the_face(degrees: float, scale: float, shift: tuple[float, float]) -> None:
    upright = face_square(a_face())
    moved = face_square(scale * a_face() @ turned(degrees) + shift)
    np.testing.assert_allclose(moved, scale * upright @ turned(degrees) + shift, atol=0.01 * scale + 0.01)


def test_square_is_upright_square_and_frames_the_face_as_measured() -> None:
    face = a_face()
    top_left, top_right, bottom_right, bottom_left = face_square(face)
    assert top_left[1] == pytest.approx(top_right[1], abs=1e-3)
    assert top_left[0] == pytest.approx(bottom_left[0], abs=1e-3)
    side = top_right[0] - top_left[0]
    assert bottom_right[1] - top_right[1] == pytest.approx(side, rel=1e-5)
    width, height = np.ptp(face[:468], axis=0)
    assert np.sqrt(width * height) / side == pytest.approx(0.867, rel=1e-4)
    below = (face[:468].mean(axis=0) - (top_left + bottom_right) / 2) / side
    np.testing.assert_allclose(below, [0, 0.076], atol=1e-4)


def test_mirrored_landmarks_keep_the_square_upright_and_unmirrored() -> None:
    mirrored = face_square(a_face() * [-1, 1])
    assert mirrored[0][0] < mirrored[1][0]
    assert mirrored[0][1] < mirrored[3][1]


@pytest.mark.parametrize(
    "landmarks",
    [
        np.zeros((478, 2)),
        np.ones((20, 2)),
        np.ones((478,)),
        np.where(np.arange(478)[:, None] == 7, np.nan, a_face()),
    ],
)
def test_landmarks_that_are_no_face_are_refused(landmarks: np.ndarray) -> None:
    with pytest.raises(ValueError, match="landmarks"):
        face_square(landmarks)


def a_picture() -> np.ndarray:
    """(400, 600, 3) smooth blobs, different in every colour."""
    coarse = np.random.default_rng(2).integers(0, 255, (10, 15, 3), dtype=np.uint8)
    return cv2.resize(coarse, (600, 400), interpolation=cv2.INTER_CUBIC)


def test_crop_undoes_a_tilt_of_the_head() -> None:
    picture, face = a_picture(), a_face() * 1.5 + [300, 200]
    turn = cv2.getRotationMatrix2D((300, 200), 25, 1)
    tilted = cv2.warpAffine(picture, turn, (600, 400))
    tilted_face = face @ turn[:, :2].T + turn[:, 2]
    upright, undone = crop_face(picture, face), crop_face(tilted, tilted_face)
    assert upright.shape == (96, 96, 3)
    assert upright.dtype == np.uint8
    assert np.abs(upright.astype(int) - undone).mean() < 2


def test_crop_of_an_upright_face_is_that_part_of_the_picture() -> None:
    picture, face = a_picture(), a_face() + np.array([300, 200])
    corners = face_square(face)
    left, top = np.round(corners[0]).astype(int)
    right, bottom = np.round(corners[2]).astype(int)
    part = cv2.resize(picture[top:bottom, left:right], (96, 96), interpolation=cv2.INTER_LINEAR)
    assert np.abs(crop_face(picture, face).astype(int) - part).mean() < 3


def test_large_faces_are_averaged_not_aliased() -> None:
    stripes = np.zeros((1200, 1200, 3), np.uint8)
    stripes[:, ::2] = 255
    crop = crop_face(stripes, a_face() * 8 + [600, 600])
    assert crop.std() < 6
    assert 115 < crop.mean() < 140


def test_outside_the_picture_the_border_repeats() -> None:
    white = np.full((100, 100, 3), 255, np.uint8)
    assert crop_face(white, a_face() + np.array([-10, 20])).min() == 255


@given(st.floats(0.6, 1.4), st.integers(0, 30))
def test_exposure_and_contrast_do_not_reach_the_network(gain: float, lift: int) -> None:
    face = cv2.resize(a_picture(), (96, 96), interpolation=cv2.INTER_AREA) // 2 + 32
    dimmed = np.round(face * gain + lift).astype(np.uint8)
    prepared = prepare(face)
    assert prepared.shape == (1, 48, 48)
    assert prepared[0][INTERIOR].mean() == pytest.approx(0, abs=1e-4)
    assert prepared[0][INTERIOR].std() == pytest.approx(1, abs=1e-4)
    np.testing.assert_allclose(prepare(dimmed), prepared, atol=0.15)


def test_the_background_does_not_change_the_face() -> None:
    face = cv2.resize(a_picture(), (48, 48), interpolation=cv2.INTER_AREA)
    backlit = np.where(INTERIOR[..., None], face, 255).astype(np.uint8)
    np.testing.assert_allclose(prepare(backlit)[0][INTERIOR], prepare(face)[0][INTERIOR], atol=1e-5)


def test_a_uniform_picture_stays_quiet() -> None:
    almost = np.full((48, 48, 3), 100, np.uint8)
    almost[::2] += 1
    assert np.abs(prepare(almost)).max() < 0.2


@pytest.mark.parametrize(
    "crop", [np.zeros((48, 48), np.uint8), np.zeros((48, 48, 3), np.float32), np.zeros((0, 48, 3), np.uint8)]
)
def test_what_is_no_face_is_refused(crop: np.ndarray) -> None:
    with pytest.raises(ValueError, match="face"):
        prepare(crop)


@pytest.fixture(scope="module")
def net() -> ExpressionNet:
    return ExpressionNet(MODEL)


def test_probabilities_are_probabilities_alone_and_together(net: ExpressionNet) -> None:
    rng = np.random.default_rng(3)
    crops = [rng.integers(0, 255, (size, size, 3), dtype=np.uint8) for size in (30, 48, 96)]
    together = net.batch_probabilities(crops)
    assert together.shape == (3, len(EMOTIONS))
    assert together.dtype == np.float32
    assert (together >= 0).all()
    np.testing.assert_allclose(together.sum(axis=1), 1, atol=1e-5)
    for crop, row in zip(crops, together):
        np.testing.assert_allclose(net.probabilities(crop), row, atol=1e-4)
    assert net.batch_probabilities([]).shape == (0, 7)


def test_a_face_and_its_mirror_image_read_the_same(net: ExpressionNet) -> None:
    face = cv2.resize(a_picture()[:, 100:500], (96, 96), interpolation=cv2.INTER_AREA)
    mirrored = np.ascontiguousarray(face[:, ::-1])
    np.testing.assert_allclose(net.probabilities(face), net.probabilities(mirrored), atol=1e-3)


def test_runs_on_the_processor_and_says_so(net: ExpressionNet) -> None:
    assert net.providers == ["CPUExecutionProvider"]


def test_another_network_is_refused(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    kind = onnx.TensorProto.FLOAT
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Relu", ["a"], ["b"])],
        "other",
        [onnx.helper.make_tensor_value_info("a", kind, [1, 3])],
        [onnx.helper.make_tensor_value_info("b", kind, [1, 3])],
    )
    opset = [onnx.helper.make_opsetid("", 18)]
    onnx.save(onnx.helper.make_model(graph, opset_imports=opset, ir_version=10), tmp_path / "other.onnx")
    with pytest.raises(UnusableModelError, match="not an expression network"):
        ExpressionNet(tmp_path / "other.onnx")


def readings(net: ExpressionNet, clip: str, every: int) -> list[tuple[float, np.ndarray]]:
    """(t_s, probabilities (7,)) of the face in every so-many-th picture of a clip, mirrored as at capture."""
    if not (FOOTAGE / clip).exists() or not LANDMARKER.exists():
        pytest.skip("needs the shared footage and the fetched face landmarker")
    mediapipe = pytest.importorskip("mediapipe")
    vision = mediapipe.tasks.vision
    options = vision.FaceLandmarkerOptions(
        base_options=mediapipe.tasks.BaseOptions(model_asset_path=str(LANDMARKER)),
        running_mode=vision.RunningMode.IMAGE,
    )
    capture, found = cv2.VideoCapture(str(FOOTAGE / clip)), []
    rate = capture.get(cv2.CAP_PROP_FPS) or 25.0
    with vision.FaceLandmarker.create_from_options(options) as landmarker:
        index = 0
        while capture.grab():
            if index % every == 0:
                rgb = np.ascontiguousarray(capture.retrieve()[1][:, ::-1, ::-1])
                seen = landmarker.detect(mediapipe.Image(mediapipe.ImageFormat.SRGB, rgb)).face_landmarks
                if seen:
                    size = rgb.shape[1], rgb.shape[0]
                    points = np.array([[point.x, point.y] for point in seen[0]]) * size
                    found.append((index / rate, net.probabilities(crop_face(rgb, points))))
            index += 1
    capture.release()
    assert found, f"no face in {clip}"
    return found


def label(found: list[tuple[float, np.ndarray]], start_s: float, end_s: float) -> str:
    """The emotion with the highest median probability between two times."""
    inside = [probabilities for t_s, probabilities in found if start_s <= t_s < end_s]
    return EMOTIONS[int(np.median(inside, axis=0).argmax())]


def test_weeping_reads_sad_and_laughing_reads_happy(net: ExpressionNet) -> None:
    found = readings(net, "pyfeat_WolfgangLanger_Pexels.mp4", every=8)
    assert label(found, 0, 2) == "sad"
    assert label(found, 10, 60) == "happy"


def test_neutral_then_a_smile(net: ExpressionNet) -> None:
    found = readings(net, "pyfeat_single_face.mp4", every=3)
    assert label(found, 0, 0.5) == "neutral"
    assert label(found, 1, 1.8) == "happy"


def test_the_astronaut_smiles(net: ExpressionNet) -> None:
    assert label(readings(net, "astronaut.png", every=1), 0, 1) == "happy"
