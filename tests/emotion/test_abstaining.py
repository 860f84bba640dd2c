"""Faces of the footage made hard to read: what fusion still trusts of them. `pytest -s tests/emotion/test_abstaining.py`
prints the table of docs/body.md."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from installation.base.model_files import ModelError, model_path
from installation.config.emotion import EmotionConfig
from installation.emotion.fusion import face_confidence, trust
from installation.perception.expression import ExpressionNet, crop_face, face_square
from installation.perception.face_quality import face_quality
from installation.perception.landmarkers import FaceFinder
from installation.types import Box, ByteArray, Person

Points = npt.NDArray[np.float64]
CLEAR = {
    "astronaut.png": (0,),
    "pyfeat_single_face.mp4": (3, 40),
    "pyfeat_face_noface.mov": (10, 50),
    "pyfeat_WolfgangLanger_Pexels.mp4": (24, 48, 260, 330, 450),
}
"""Frames with a face that is easy to read."""


class Reading(NamedTuple):
    """Of a degraded face: its quality, the weight that fusion gives it, how far what is read has moved (total variation),
    and whether its likeliest emotion is still the same."""

    quality: float
    confidence: float
    weight: float
    changed: float
    same: bool


def clear_faces(footage: Path) -> Iterator[tuple[ByteArray, Points, float]]:
    """Picture, landmarks (478, 3) in pixels, and the side in pixels of what the network sees."""
    try:
        finder = FaceFinder(0.5)
    except ModelError as error:
        pytest.skip(str(error))
    try:
        for name, numbers in CLEAR.items():
            for number in numbers:
                film = cv2.VideoCapture(str(footage / name))
                for _ in range(number):
                    film.grab()
                rgb = np.ascontiguousarray(film.read()[1][:, :, ::-1])
                film.release()
                points = finder.find(rgb)[0][0] * np.array([rgb.shape[1], rgb.shape[0], rgb.shape[1]], np.float64)
                corners = face_square(points)
                yield rgb, points, float(np.hypot(*(corners[1] - corners[0])))
    finally:
        finder.close()


def degraded(rgb: ByteArray, points: Points, side: float) -> Iterator[tuple[str, ByteArray, Points]]:
    """(way, picture, landmarks): smaller, blurred, darker, noisy, faded, packed."""
    rng = np.random.default_rng(1)

    def picture(values: npt.ArrayLike) -> ByteArray:
        return np.asarray(np.clip(values, 0, 255), np.uint8)

    for px in (64, 48, 32, 24, 20, 16, 12):
        if px < side:
            small = cv2.resize(rgb, None, fx=px / side, fy=px / side, interpolation=cv2.INTER_AREA)
            yield f"{px} px", picture(small), points * px / side
    for share in (1, 2, 3, 4, 6):
        yield f"blur {share}/96 of the side", picture(cv2.GaussianBlur(rgb, (0, 0), share * side / 96)), points
    for light in (0.5, 0.25, 0.12, 0.06):
        yield f"light x {light}, noise 3", picture(rgb * light + rng.normal(0, 3, rgb.shape)), points
    for noise in (15, 30, 60):
        yield f"noise {noise}", picture(rgb + rng.normal(0, noise, rgb.shape)), points
    for less in (4, 10):
        yield f"contrast / {less}", picture(128 + (rgb.astype(float) - 128) / less), points
    yield "JPEG 10", picture(cv2.imdecode(cv2.imencode(".jpg", rgb, [cv2.IMWRITE_JPEG_QUALITY, 10])[1], 1)), points


@pytest.fixture(scope="module")
def readings(footage: Path) -> dict[str, list[Reading]]:
    net, config, found = ExpressionNet(model_path("expression")), EmotionConfig(), {}
    for rgb, points, side in list(clear_faces(footage)):
        truth = net.probabilities(crop_face(rgb, points))
        for way, picture, at in [("clear", rgb, points), *degraded(rgb, points, side)]:
            read, quality = net.probabilities(crop_face(picture, at)), face_quality(picture, at)
            box = Box(0.0, 0.0, 1.0, 1.0)
            sure = face_confidence(Person(1, box, 1.0, face_box=box, expression=read, face_quality=quality))
            changed, same = 0.5 * float(np.abs(read - truth).sum()), bool(read.argmax() == truth.argmax())
            weight = trust(sure, config.abstain_below)
            found.setdefault(way, []).append(Reading(quality, sure, weight, changed, same))
    print("\n| | pictures | quality | confidence | weight after abstaining | changed | same |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for way, rows in found.items():
        middle = " | ".join(f"{np.median([row[n] for row in rows]):.2f}" for n in range(4))
        print(f"| {way} | {len(rows)} | {middle} | {sum(row.same for row in rows)} |")
    return found


@pytest.mark.long
def test_what_is_read_wrongly_counts_for_little(readings: dict[str, list[Reading]]) -> None:
    everything = [row for rows in readings.values() for row in rows]
    wrong = [row.weight for row in everything if not row.same]
    assert wrong
    assert max(wrong) < 0.05
    # And weight does not lie with readings that moved far.
    assert sum(row.weight * row.changed for row in everything) < 0.04 * sum(row.weight for row in everything)


@pytest.mark.long
def test_readable_faces_are_trusted(readings: dict[str, list[Reading]]) -> None:
    for way in ("clear", "48 px", "32 px", "blur 1/96 of the side", "light x 0.5, noise 3", "noise 30", "JPEG 10"):
        assert all(row.same for row in readings[way]), way
        assert np.median([row.weight for row in readings[way]]) > 0.6, way


@pytest.mark.long
def test_where_abstaining_ends_readings_are_right(readings: dict[str, list[Reading]]) -> None:
    config = EmotionConfig()
    trusted = [row.same for rows in readings.values() for row in rows if row.confidence >= config.abstain_below]
    doubted = [row.same for rows in readings.values() for row in rows if row.confidence < config.abstain_below / 2]
    assert np.mean(trusted) > 0.98 > 0.95 > np.mean(doubted)
