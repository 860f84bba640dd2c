"""Pictures of every size, kind and state of damage, and what a folder of them does to the running capture."""

import io
import json
import logging
import os
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from installation.base import picture_file
from installation.base.clock import RealClock
from installation.base.notices import Notices
from installation.base.picture_file import LONGEST_PX, PictureError, read_picture
from installation.base.sizes import fit_within
from installation.capture.capture import Capture
from installation.capture.devices.pictures import PictureSource
from installation.capture.sources import CaptureError, choose, source_for
from installation.config.capture import CaptureConfig
from installation.config.perception import PerceptionConfig
from installation.perception.perceiver import Perceiver
from installation.render.passes.camera_layer import MAX_HEIGHT_PX, MAX_WIDTH_PX, CameraLayer
from installation.render.surface import Offscreen
from installation.types import Frame
from tests.screen import or_skipped

ROOT = Path(__file__).resolve().parents[2]
STRANGE = [(5000, 3), (3, 5000), (1, 1), (2, 2), (1, 9), (640, 17)]


def wait_until(condition: Callable[[], object], limit_s: float = 40.0) -> None:
    end_s = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end_s, "what was waited for did not happen"
        time.sleep(0.01)


def colours(width: int, height: int) -> np.ndarray:
    """(height, width, 3): red grows to the right, green downwards, blue is 60."""
    rgb = np.full((height, width, 3), 60, np.uint8)
    rgb[:, :, 0] = np.linspace(0, 255, width).round()
    rgb[:, :, 1] = np.linspace(0, 255, height).round()[:, None]
    return rgb


def store(path: Path, rgb: np.ndarray) -> Path:
    """At once, as a whole: a running capture sees no half of it."""
    done, data = cv2.imencode(path.suffix, rgb[:, :, ::-1])
    assert done
    part = path.with_suffix(".part")
    part.write_bytes(data)
    return part.replace(path)


def claimed(path: Path, width: int, height: int) -> Path:
    """A PNG of a few bytes whose header claims ``width`` x ``height`` pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + data)
    return path


@contextmanager
def running(path: Path, **settings: float) -> Iterator[tuple[Capture, Notices]]:
    notices, config = Notices(RealClock()), CaptureConfig(source=str(path), mirror=False, **settings)
    make = choose(config, notices)
    assert make is not None
    capture = Capture(make, config, RealClock(), notices)
    capture.start()
    try:
        yield capture, notices
    finally:
        capture.close()


def sizes_seen(capture: Capture, wanted: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """(width, height) of the frames that come until all of ``wanted`` came."""
    seen: set[tuple[int, int]] = set()
    seq = 0
    while not wanted <= seen:
        got = capture.frames.wait_newer(seq, 15.0)
        assert got is not None, f"only {seen} came"
        seq = got[0]
        seen.add((got[1].rgb.shape[1], got[1].rgb.shape[0]))
    return seen


# One picture.


@pytest.mark.parametrize("size", STRANGE)
def test_no_size_rounds_to_nothing(tmp_path: Path, size: tuple[int, int]) -> None:
    rgb = read_picture(store(tmp_path / "a.png", colours(*size)))
    assert (rgb.shape[1], rgb.shape[0]) == fit_within(*size, LONGEST_PX)
    reduced = read_picture(store(tmp_path / "a.jpg", colours(*size)))
    assert np.abs(np.subtract(reduced.shape, rgb.shape)).max() <= 1, "a JPEG is halved first"
    assert min(*rgb.shape, *reduced.shape) >= 1


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (2**31 - 1, 2**31 - 1), (1, 2**31 - 1), (9000, 9000)])
def test_a_bomb_is_refused_by_its_header_with_one_message(
    tmp_path: Path, width: int, height: int, caplog: pytest.LogCaptureFixture
) -> None:
    bomb = claimed(tmp_path / "b.png", width, height)
    with pytest.raises(PictureError, match=rf"too large: {width} x {height} pixels.*smaller size"):
        read_picture(bomb)
    with pytest.raises(CaptureError, match=r"b\.png is too large"):
        choose(CaptureConfig(source=str(bomb)), Notices(RealClock()))
    store(tmp_path / "a.png", colours(8, 6))
    with running(tmp_path, per_second=100.0) as (capture, notices):
        wait_until(lambda: capture.frames.peek()[0] > 8)
        assert notices.history("fault") == ()
    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == [
        f"{bomb} is too large: {width} x {height} pixels where 64 million are the most; store it in a smaller size; left out"
    ]


@pytest.fixture(scope="module")
def photo() -> bytes:
    """A JPEG of 48 megapixels."""
    return cv2.imencode(".jpg", np.full((6000, 8000, 3), 90, np.uint8))[1].tobytes()


def test_a_photo_of_48_megapixels_is_decoded_at_a_quarter(
    tmp_path: Path, photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "b.jpg"
    path.write_bytes(photo)
    asked: list[int] = []
    decode = cv2.imdecode
    monkeypatch.setattr(picture_file.cv2, "imdecode", lambda data, how: asked.append(how) or decode(data, how))
    assert read_picture(path).shape == (1440, 1920, 3)
    assert asked == [cv2.IMREAD_REDUCED_COLOR_4]


def test_every_kind_of_file_is_read_as_it_looks(tmp_path: Path) -> None:
    rgb = colours(64, 48)
    picture = Image.fromarray(rgb)
    grey = np.asarray(picture.convert("L"))
    rotated = Image.Exif()
    rotated[0x112] = 6  # stored lying on its left side
    made: dict[str, tuple[bytes, np.ndarray]] = {
        "16 bits.png": (cv2.imencode(".png", rgb[:, :, ::-1].astype(np.uint16) * 257)[1].tobytes(), rgb),
        "grey 16.png": (cv2.imencode(".png", grey.astype(np.uint16) * 257)[1].tobytes(), grey),
        "grey.jpg": (encoded(picture.convert("L"), "JPEG"), grey),
        "alpha.png": (encoded(picture.convert("RGBA"), "PNG"), rgb),
        "grey alpha.png": (encoded(picture.convert("LA"), "PNG"), grey),
        "cmyk.jpg": (encoded(picture.convert("CMYK"), "JPEG", quality=98), rgb),
        "progressive.jpg": (encoded(picture, "JPEG", quality=98, progressive=True), rgb),
        "moving.gif": (encoded(picture, "GIF", save_all=True, append_images=[Image.new("RGB", (64, 48))] * 2), rgb),
        "moving.webp": (
            encoded(picture, "WEBP", quality=98, save_all=True, append_images=[Image.new("RGB", (64, 48))]),
            rgb,
        ),
        "turned.jpg": (encoded(picture, "JPEG", quality=98, exif=rotated), np.rot90(rgb, -1)),
        "named.png": (encoded(picture, "JPEG", quality=98), rgb),
    }
    for name, (data, wanted) in made.items():
        (tmp_path / name).write_bytes(data)
        found = read_picture(tmp_path / name).astype(int)
        wanted = wanted if wanted.ndim == 3 else np.dstack([wanted] * 3)
        assert found.shape == wanted.shape, name
        # A GIF has 256 colours.
        assert np.abs(found - wanted).mean() < (12 if "gif" in name else 5), name


def encoded(picture: Image.Image, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.bmp"])
def test_what_is_cut_short_empty_or_rubbish_says_so(tmp_path: Path, name: str) -> None:
    path = store(tmp_path / name, np.random.default_rng(1).integers(0, 255, (60, 80, 3), np.uint8))
    whole = path.read_bytes()
    for data in (b"", whole[: len(whole) // 2], whole[:20], b"\xff\xd8\xff" + bytes(200), bytes(5000)):
        path.write_bytes(data)
        with pytest.raises(PictureError, match=r"anew"):
            read_picture(path)


# Behind the capture: what is drawn and what perception is shown.


@pytest.mark.parametrize("size", STRANGE)
def test_the_camera_as_background_takes_every_size(size: tuple[int, int]) -> None:
    with or_skipped():
        surface = Offscreen((64, 64))
    try:
        layer = CameraLayer(surface.context)
        assert layer.is_empty
        layer.put_camera(colours(*size))
        assert not layer.is_empty, "a picture of 2 x 2 is one, too"
        assert layer._camera.size == fit_within(*size, MAX_WIDTH_PX, MAX_HEIGHT_PX)
        assert all(0 < share <= 1 for share in layer.fit((320, 180)))
        layer.release()
    finally:
        surface.close()


@pytest.mark.usefixtures("perceiver")
def test_in_a_line_or_a_dot_nobody_is_seen(perceiver: Perceiver) -> None:
    for number, size in enumerate([*STRANGE, (64, 48), (20_000, 40)]):
        seen = perceiver.perceive(Frame(number / 10, number + 1, colours(*size)), masks=True)
        assert seen.people == ()
        assert seen.frame_size == size
        alpha = perceiver.silhouette()
        assert alpha is not None
        assert min(alpha.shape) >= 1


@pytest.fixture(scope="module")
def perceiver() -> Iterator[Perceiver]:
    from installation.base.model_files import ModelError, model_path

    try:
        model_path("pose_landmarker")
    except ModelError as error:
        pytest.skip(str(error))
    made = Perceiver(PerceptionConfig())
    yield made
    made.close()


# A folder.


def test_a_large_photo_between_small_ones_is_no_stall(tmp_path: Path, photo: bytes) -> None:
    for name in ("a.png", "c.png"):
        store(tmp_path / name, colours(64, 48))
    (tmp_path / "b.jpg").write_bytes(photo)
    with running(tmp_path, stall_s=0.2, per_second=20.0) as (capture, notices):
        sizes_seen(capture, {(64, 48), (1920, 1440)})
        assert notices.history("fault") == ()
        assert capture.hanging == 0


def test_a_broken_picture_is_left_out_once_and_comes_back_mended(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store(tmp_path / "a.png", colours(8, 6))
    store(tmp_path / "b.png", colours(16, 12))
    whole = (tmp_path / "b.png").read_bytes()
    (tmp_path / "b.png").write_bytes(whole[:100])
    (tmp_path / "c.jpg").write_bytes(b"")
    (tmp_path / "IMG_1.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(60))
    with running(tmp_path, per_second=100.0) as (capture, notices):
        wait_until(lambda: capture.frames.peek()[0] > 12)
        told = [record.message for record in caplog.records if record.levelno >= logging.WARNING]
        assert sorted(Path(message.split(" ")[0]).name for message in told) == ["IMG_1.heic", "b.png", "c.jpg"]
        (tmp_path / "b.png").write_bytes(whole)
        sizes_seen(capture, {(16, 12)})
        assert notices.history("fault") == ()


def test_what_is_no_picture_by_its_kind_is_passed_over_without_a_word(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store(tmp_path / "b.png", colours(8, 6))
    (tmp_path / "._b.png").write_bytes(b"\0\5\x16\7 a Mac's note")
    (tmp_path / "a.png").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "aa.png")
    with running(tmp_path, per_second=100.0) as (capture, notices):
        wait_until(lambda: capture.frames.peek()[0] > 6)
        assert notices.history("fault") == ()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_picture_that_is_stored_anew_is_shown_anew(tmp_path: Path) -> None:
    path = store(tmp_path / "one.png", colours(8, 6))
    with running(path, per_second=50.0) as (capture, _):
        sizes_seen(capture, {(8, 6)})
        store(path, colours(20, 10))
        sizes_seen(capture, {(20, 10)})


@pytest.mark.parametrize("left", ["nothing", "one broken picture", "no folder"])
def test_a_folder_that_runs_empty_is_a_fault_until_there_is_a_picture_again(
    tmp_path: Path, left: str, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    store(folder / "a.png", colours(8, 6))
    with running(folder, per_second=50.0, reopen_max_s=1.0) as (capture, notices):
        sizes_seen(capture, {(8, 6)})
        (folder / "a.png").unlink()
        if left == "one broken picture":
            (folder / "b.png").write_bytes(b"no picture")
        if left == "no folder":
            folder.rmdir()
        wait_until(lambda: notices.active("fault"))
        (fault,) = notices.active("fault")
        assert str(folder) in fault.message
        seq = capture.frames.peek()[0]
        folder.mkdir(exist_ok=True)
        store(folder / "c.png", colours(8, 6))
        wait_until(lambda: capture.frames.peek()[0] > seq)
        wait_until(lambda: not notices.active("fault"))
        assert len(notices.history("fault")) == 1
    assert sum("left out" in record.message for record in caplog.records) == (left == "one broken picture")


def test_a_folder_of_nothing_but_one_broken_picture_says_which(tmp_path: Path) -> None:
    (tmp_path / "torn.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
    with pytest.raises(CaptureError, match=r"torn\.jpg .*anew"):
        choose(CaptureConfig(source=str(tmp_path)), Notices(RealClock()))


def test_a_gif_alone_is_a_film_and_in_a_folder_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "m.gif"
    path.write_bytes(encoded(Image.fromarray(colours(8, 6)), "GIF"))
    assert not isinstance(source_for(str(path), CaptureConfig()), PictureSource)
    assert source_for(str(tmp_path), CaptureConfig()).open().width == 8


@pytest.mark.long
def test_a_whole_piece_with_lines_dots_and_slow_pictures_ends_as_asked(tmp_path: Path) -> None:
    pictures, settings, report = tmp_path / "pictures", tmp_path / "c.yaml", tmp_path / "r.json"
    pictures.mkdir()
    for number, size in enumerate([(5000, 3), (3, 5000), (1, 1), (2, 2), (640, 360)]):
        store(pictures / f"{number}.png", colours(*size))
    noise = np.random.default_rng(0).integers(0, 255, (5000, 8000), np.uint8)
    for name in ("x.png", "y.png", "z.png"):  # a second each
        assert cv2.imwrite(str(pictures / name), noise)
    claimed(pictures / "bomb.png", 60_000, 60_000)
    settings.write_text(
        "osc: {targets: [], listen_port: 0}\noscquery: {enabled: false}\noutput: {background: camera}\n"
    )
    command = [sys.executable, "-m", "installation", "--config", str(settings), "--offscreen", "--size", "320x180"]
    command += ["--seconds", "6", "--source", str(pictures), "--report", str(report)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert json.loads(report.read_text())["faults"] == []
    assert done.stderr.count("bomb.png") == 1
