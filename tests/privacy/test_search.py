"""The search finds the marked visitor in every disguise that it promises, and nobody where nobody is."""

import base64
import gzip
import json
import struct
import zlib
from collections.abc import Callable
from io import BytesIO

import cv2
import numpy as np
import pytest
from pythonosc.osc_message_builder import build_msg

from tests.privacy import find_pictures, marked
from tests.privacy.search import PICTURE, Search, for_the_visitor
from tests.privacy.watch import Written


@pytest.fixture(scope="module")
def search() -> Search:
    return for_the_visitor()


def found(search: Search, data: bytes | list[bytes], place: str = "/somewhere") -> set[str]:
    parts = data if isinstance(data, list) else [data]
    return {one.kind for one in search.findings([Written(place, parts)])}


BGR = np.ascontiguousarray(marked.picture()[:, :, ::-1])
FACE = BGR[60:160, 270:370]


def jpeg(picture: np.ndarray, quality: int = 70) -> bytes:
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1])


def small(picture: np.ndarray, size: int) -> np.ndarray:
    return np.asarray(cv2.resize(picture, (size, size), interpolation=cv2.INTER_AREA), np.uint8)


def spaced(numbers: np.ndarray) -> bytes:
    return " ".join(str(one) for one in numbers).encode()


def npy(array: np.ndarray) -> bytes:
    file = BytesIO()
    np.save(file, array)
    return file.getvalue()


def npz(array: np.ndarray) -> bytes:
    file = BytesIO()
    np.savez_compressed(file, array)
    return file.getvalue()


PICTURES: dict[str, Callable[[], bytes]] = {
    "the frame as JPEG": lambda: jpeg(BGR, 60),
    "the frame at a quarter": lambda: jpeg(cv2.resize(BGR, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)),
    "a crop as PNG": lambda: bytes(cv2.imencode(".png", FACE)[1]),
    "a crop of 48 pixels, JPEG": lambda: jpeg(small(FACE, 48)),
    "the crop of the network, JPEG": lambda: jpeg(marked.crops()[1][:, :, ::-1]),
    "a mirrored crop in grey, WebP": lambda: bytes(
        cv2.imencode(".webp", cv2.cvtColor(FACE[:, ::-1], cv2.COLOR_BGR2GRAY))[1]
    ),
    "a JPEG in other bytes": lambda: b"begin" * 100 + jpeg(FACE) + b"end" * 50,
    "a JPEG as base64 in JSON": lambda: json.dumps({"who": base64.b64encode(jpeg(FACE)).decode()}).encode(),
    "a scaled crop as .npy": lambda: npy(small(FACE, 64).astype(np.float32) / 255),
    "a scaled crop as .npz": lambda: npz(small(FACE, 64).transpose(2, 0, 1)),
    "pixels of a crop": lambda: FACE.tobytes(),
    "pixels of a scaled crop": lambda: small(FACE, 96).tobytes(),
    "pixels, grey": lambda: cv2.cvtColor(FACE, cv2.COLOR_BGR2GRAY).tobytes(),
    "pixels in gzip": lambda: gzip.compress(b"head" + FACE.tobytes()),
    "pixels in zlib": lambda: zlib.compress(FACE.tobytes()),
    "pixels as hexadecimal": lambda: FACE[:20].tobytes().hex().encode(),
    "pixels in shared memory": lambda: marked.picture().tobytes() + bytes(4096),
}


@pytest.mark.parametrize("disguise", PICTURES)
def test_pictures_of_the_visitor_are_found(search: Search, disguise: str) -> None:
    assert PICTURE in found(search, PICTURES[disguise]())


LANDMARKS, SHAPES = marked.visitor().face, marked.visitor().blendshapes
SOME = LANDMARKS[100:140].ravel()
FLAT = LANDMARKS[:, :2]
NUMBERS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "floats": ("face landmarks", lambda: b"head" + SOME.tobytes()),
    "floats, big-endian": ("face landmarks", lambda: SOME.astype(">f4").tobytes()),
    "doubles": ("face landmarks", lambda: b"x" + SOME.astype("<f8").tobytes()),
    "smoothed a little": ("face landmarks", lambda: (SOME + np.float32(0.001)).tobytes()),
    "bytes": ("face landmarks", lambda: np.round(LANDMARKS.clip(0, 1) * 255).astype(np.uint8).tobytes()),
    "sixteen bits": ("face landmarks", lambda: np.round(LANDMARKS.clip(0, 1) * 65535).astype("<u2").tobytes()),
    "JSON": ("face landmarks", lambda: json.dumps({"face": LANDMARKS.tolist()}).encode()),
    "three decimals": ("face landmarks (x, y)", lambda: b",".join(b"%.3f" % value for value in FLAT.ravel())),
    "pixels": ("face landmarks (x, y)", lambda: spaced(np.round(FLAT * marked.SIZE).astype(int).ravel())),
    "log lines": ("blendshapes", lambda: b"".join(b"12:00:01 shape %.2f\n" % value for value in SHAPES)),
    "a list in a log": ("blendshapes", lambda: str(np.round(SHAPES, 4).tolist()).encode()),
    "base64": ("blendshapes", lambda: b'{"shapes":"' + base64.b64encode(SHAPES.tobytes()) + b'"}'),
    "clothes": ("clothes 0", lambda: json.dumps(marked.numbers()["clothes 0"].tolist()).encode()),
    "world": ("world landmarks", lambda: marked.visitor().world.tobytes()),
    "C struct": ("blendshapes", lambda: struct.pack("<52d", *SHAPES.tolist())),
}


@pytest.mark.parametrize("disguise", NUMBERS)
def test_numbers_of_the_visitor_are_found(search: Search, disguise: str) -> None:
    kind, make = NUMBERS[disguise]
    assert kind in found(search, make())


def test_numbers_in_osc_are_found_however_they_are_parted(search: Search) -> None:
    whole = [build_msg("/mien/face", [float(value) for value in SOME]).dgram]
    parted = [
        build_msg(f"/mien/face/{n}", [float(value) for value in point]).dgram for n, point in enumerate(LANDMARKS)
    ]
    assert "face landmarks" in found(search, whole, "udp:9101")
    assert "face landmarks" in found(search, parted, "udp:9101")


def test_nobody_is_found_where_nobody_is(search: Search) -> None:
    rng = np.random.default_rng(5)
    other = rng.integers(0, 256, (180, 320, 3)).astype(np.uint8)
    innocent = [
        jpeg(cv2.GaussianBlur(other, (0, 0), 2)),
        bytes(cv2.imencode(".png", other)[1]),
        other.tobytes(),
        rng.random(6_000).astype(np.float32).tobytes(),
        json.dumps(rng.random(6_000).round(3).tolist()).encode(),
        json.dumps(np.linspace(0, 1, 3000).tolist()).encode(),
        bytes(200_000),
        " ".join(str(n % 256) for n in range(6_000)).encode(),
    ]
    for data in innocent:
        assert found(search, data) == set(), data[:60]
    bundles = [build_msg("/mien/x", [float(value) for value in rng.random(40)]).dgram for _ in range(500)]
    assert found(search, bundles, "udp:9101") == set()


def test_too_few_agreeing_places_are_chance(search: Search) -> None:
    assert (
        find_pictures.agreeing(np.random.default_rng(0).integers(0, 256, (200, 300), np.uint8)) < find_pictures.ENOUGH
    )
