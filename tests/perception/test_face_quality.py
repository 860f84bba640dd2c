"""Face quality falls with everything that makes a face hard to read, and with nothing else."""

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from installation.base.head_angles import head_angles
from installation.base.model_files import ModelError, model_path
from installation.capture.simulated.performer import PerformerScript
from installation.config.emotion import BodyConfig, EmotionConfig
from installation.config.poses import PosesConfig
from installation.emotion.fusion import EmotionEstimator, trust
from installation.perception.expression import ExpressionNet, crop_face, face_square
from installation.perception.face_quality import face_quality, quality_factors
from installation.perception.landmarkers import FaceFinder
from installation.types import EMOTIONS, Box, ByteArray, EmotionEstimate, Observation, Person

Points = npt.NDArray[np.float64]
SIDE = 400


def landmarks(side_px: float = 160.0, yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0) -> Points:
    """(478, 3) pixels in a picture of SIDE x SIDE: a schematic face in its middle, turned by radians."""
    face = PerformerScript(1).observe(3.0, 1).people[0].face
    assert face is not None
    points = face.astype(np.float64) * [16 / 9, 1.0, 16 / 9]
    points -= points.mean(axis=0)
    # The performer's own slight turn of the head is taken out first.
    for _ in range(3):
        own_yaw, _ = head_angles(points)
        points = points @ _about_y(-own_yaw).T
    points = points @ (_about_z(roll) @ _about_x(pitch) @ _about_y(yaw)).T
    corners = face_square(points)
    return np.asarray(points * side_px / np.hypot(*(corners[1] - corners[0])) + [SIDE / 2, SIDE / 2, 0.0])


def _about_x(angle: float) -> Points:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


def _about_y(angle: float) -> Points:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]])


def _about_z(angle: float) -> Points:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def picture(mean: float = 120.0, contrast: float = 30.0) -> ByteArray:
    """(SIDE, SIDE, 3): coarse and fine structure, about as much of each as a face has."""
    rng = np.random.default_rng(2)
    layers = [cv2.GaussianBlur(rng.normal(size=(SIDE, SIDE)), (0, 0), sigma) * sigma for sigma in (2.0, 5.0, 16.0)]
    mixed = 0.35 * layers[0] + 0.5 * layers[1] + layers[2]
    grey = mean + contrast * mixed / mixed.std()
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def falls(values: list[float]) -> bool:
    return bool(np.all(np.diff(values) <= 1e-6) and values[0] > values[-1] + 0.2)


def test_a_large_sharp_frontal_face_is_good() -> None:
    assert face_quality(picture(), landmarks()) > 0.9


def test_small_faces_lose_quality() -> None:
    assert falls([quality_factors(picture(), landmarks(side)).size for side in (80, 48, 36, 28, 20, 14, 8)])


def test_blur_takes_quality() -> None:
    rgb = picture()
    blurred = [rgb, *(cv2.GaussianBlur(rgb, (0, 0), sigma) for sigma in (2, 4, 6, 8, 12))]
    assert falls([face_quality(np.asarray(one, np.uint8), landmarks()) for one in blurred])
    assert face_quality(np.asarray(blurred[-1], np.uint8), landmarks()) < 0.05


@pytest.mark.parametrize("way", ["yaw", "pitch"])
@pytest.mark.parametrize("sign", [-1, 1])
def test_turning_away_takes_quality(way: str, sign: int) -> None:
    start = 10 if way == "pitch" else 0  # straight is a few degrees to one side, see STRAIGHT_PITCH
    turns = [sign * np.radians(degrees) for degrees in range(start, 76, 5)]
    assert falls([quality_factors(picture(), landmarks(**{way: turn})).turn for turn in turns])
    assert quality_factors(picture(), landmarks(**{way: turns[-1]})).turn == 0.0


def test_angles_have_their_sign() -> None:
    rest_yaw, rest_pitch = head_angles(landmarks())
    yaw, _ = head_angles(landmarks(yaw=0.4))
    _, pitch = head_angles(landmarks(pitch=0.3))
    assert yaw - rest_yaw == pytest.approx(0.4, abs=0.05)
    assert abs(pitch - rest_pitch) == pytest.approx(0.3, abs=0.05)
    right = landmarks(yaw=0.4)
    # The nose's tip lies to the side the face turns to.
    assert right[1, 0] > right[[33, 263], 0].mean()
    down = landmarks(pitch=0.3) if pitch > rest_pitch else landmarks(pitch=-0.3)
    assert down[1, 1] > landmarks()[1, 1]


def test_tilting_the_head_sideways_costs_nothing() -> None:
    upright = quality_factors(picture(), landmarks())
    tilted = quality_factors(picture(), landmarks(roll=0.5))
    assert tilted.turn == pytest.approx(upright.turn, abs=0.02)
    assert tilted.size == pytest.approx(upright.size, abs=0.02)


def test_exposure_counts_by_what_is_lost_and_not_by_how_light_the_skin_is() -> None:
    for mean in (60.0, 120.0, 180.0):
        assert quality_factors(picture(mean, 14.0), landmarks()).exposure > 0.95
        assert quality_factors(picture(mean, 14.0), landmarks()).sharpness > 0.9
    assert quality_factors(picture(250.0), landmarks()).exposure < 0.3
    assert quality_factors(picture(-15.0), landmarks()).exposure < 0.3
    assert falls([quality_factors(picture(120.0, c), landmarks()).exposure for c in (14, 9, 7, 5, 3, 1)])


def test_noise_is_not_taken_for_sharpness() -> None:
    rng = np.random.default_rng(1)
    small = landmarks(40.0)
    noisy = np.clip(picture(120.0, 5.0) + rng.normal(0, 25, (SIDE, SIDE, 3)), 0, 255).astype(np.uint8)
    assert quality_factors(noisy, small).sharpness < 0.2


def test_a_face_half_outside_the_picture_is_less_sure() -> None:
    moved = [landmarks() + [offset, 0.0, 0.0] for offset in (0, 130, 160, 190, 220, 260)]
    assert falls([quality_factors(picture(), points).inside for points in moved])


def test_nonsense_is_refused() -> None:
    good = landmarks()
    for wrong in (good[:, :2], good[:100], np.full((478, 3), np.nan), np.zeros((478, 3))):
        with pytest.raises(ValueError, match="landmarks"):
            face_quality(picture(), wrong)


def clear_faces(footage: Path) -> list[tuple[ByteArray, Points]]:
    """A picture and its landmarks in pixels, of clear faces in footage."""
    try:
        finder = FaceFinder(0.5)
    except ModelError as error:
        pytest.skip(str(error))
    found = []
    for name, number in (("astronaut.png", 0), ("pyfeat_single_face.mp4", 3), ("pyfeat_face_noface.mov", 40)):
        capture = cv2.VideoCapture(str(footage / name))
        for _ in range(number):
            capture.grab()
        good, bgr = capture.read()
        capture.release()
        assert good, name
        rgb = np.ascontiguousarray(bgr[:, :, ::-1])
        seen = finder.find(rgb)
        assert seen, name
        found.append((rgb, seen[0][0] * np.array([rgb.shape[1], rgb.shape[0], rgb.shape[1]], np.float64)))
    finder.close()
    return found


def test_clear_faces_in_footage_are_good_and_lose_it_step_by_step(footage: Path) -> None:
    for rgb, points in clear_faces(footage):
        corners = face_square(points)
        side = float(np.hypot(*(corners[1] - corners[0])))
        assert face_quality(rgb, points) > 0.85
        shrunk = []
        for px in (96, 48, 32, 24, 16, 10):
            small = cv2.resize(rgb, None, fx=px / side, fy=px / side, interpolation=cv2.INTER_AREA)
            shrunk.append(face_quality(np.asarray(small, np.uint8), points * px / side))
        blurred = [
            face_quality(np.asarray(cv2.GaussianBlur(rgb, (0, 0), s * side / 96), np.uint8), points)
            for s in (0.5, 1, 2, 3, 4, 6)
        ]
        assert falls(shrunk)
        assert falls(blurred)
        assert max(shrunk[-1], blurred[-1]) < 0.02


def test_where_the_network_goes_wrong_on_a_degraded_face_it_is_not_trusted(footage: Path) -> None:
    net, wrong = ExpressionNet(model_path("expression")), 0
    for rgb, points in clear_faces(footage):
        truth = int(net.probabilities(crop_face(rgb, points)).argmax())
        corners = face_square(points)
        side = float(np.hypot(*(corners[1] - corners[0])))
        for sigma in (2, 4, 6, 8, 10, 12):
            bad = np.asarray(cv2.GaussianBlur(rgb, (0, 0), sigma * side / 96), np.uint8)
            if int(net.probabilities(crop_face(bad, points)).argmax()) != truth:
                wrong += 1
                assert trust(face_quality(bad, points), 0.3) == 0.0, EMOTIONS[truth]
    assert wrong > 0


def estimate(rgb: ByteArray, points: Points) -> EmotionEstimate:
    """Of a face alone, as network, quality and fusion see it."""
    box = Box(0.4, 0.3, 0.6, 0.7)
    expression = ExpressionNet(model_path("expression")).probabilities(crop_face(rgb, points))
    person = Person(1, box, 1.0, face_box=box, expression=expression, face_quality=face_quality(rgb, points))
    estimator = EmotionEstimator(EmotionConfig(), BodyConfig(), PosesConfig())
    return estimator.estimate(Observation(0.0, 1, (person,), (640, 360)))[0]


def test_filmed_rest_reads_neutral_a_filmed_smile_happy_and_a_blurred_smile_nothing(footage: Path) -> None:
    _, rest, smile = clear_faces(footage)
    blurred = np.asarray(cv2.GaussianBlur(smile[0], (0, 0), 16), np.uint8)
    found = [estimate(*rest), estimate(*smile), estimate(blurred, smile[1])]
    assert [EMOTIONS[int(e.probabilities.argmax())] for e in found] == ["neutral", "happy", "neutral"]
    assert found[1].confidence > 0.6 > 0.1 > found[2].confidence
