"""Films whose time stamps, rates and matrices cannot be trusted."""

import itertools
import math
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.base.clock import RealClock
from installation.base.notices import Notices
from installation.capture.capture import Capture
from installation.capture.devices.display_matrix import Turn, turn_by, turn_of
from installation.capture.devices.media_time import MAX_GAP_S, MediaTime, stated_rate
from installation.capture.devices.video_file import VideoFileSource
from installation.capture.sources import choose
from installation.config.capture import CaptureConfig
from tests.robustness.films import film, joined, times_of

EIGHT = list(itertools.product((False, True), (-1, 1), (-1, 1)))


def of_eight(transposed: bool, across: int, down: int) -> tuple[int, int, int, int]:
    """a, b, c, d of a matrix that only mirrors and exchanges rows with columns."""
    return (0, down, across, 0) if transposed else (across, 0, 0, down)


def nine(a: int, b: int, c: int, d: int) -> list[int]:
    return [a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30]


@pytest.mark.parametrize("seconds", [5400.0, -5400.0])
def test_two_takes_joined_by_cat_are_played_through(tmp_path: Path, seconds: float) -> None:
    first = film(tmp_path / "a.ts", container="mpegts", begins_s=max(0.0, -seconds))
    second = film(tmp_path / "b.ts", container="mpegts", begins_s=max(0.0, seconds))
    times = times_of(joined(tmp_path / "both.ts", first, second))
    steps = np.diff(times)
    assert len(times) == 60
    assert steps.min() > 0
    assert steps.max() <= MAX_GAP_S
    assert np.median(steps) == pytest.approx(1 / 30, abs=1e-3)
    assert times[-1] < 2 + MAX_GAP_S


def test_two_takes_of_the_same_time_are_played_whole_in_every_turn(tmp_path: Path) -> None:
    both = joined(tmp_path / "both.ts", *[film(tmp_path / "a.ts", container="mpegts", begins_s=1.0)] * 2)
    source = VideoFileSource(both, CaptureConfig())
    source.open()
    try:
        for _ in range(3):
            times = list(iter(source.grab, None))
            assert len(times) == 60
            assert times[-1] < 2 + MAX_GAP_S
            source.rewind()
    finally:
        source.close()


def test_joined_takes_go_on_in_the_running_capture(tmp_path: Path) -> None:
    first = film(tmp_path / "a.ts", 12, container="mpegts")
    both = joined(tmp_path / "both.ts", first, film(tmp_path / "b.ts", 12, container="mpegts", begins_s=5400))
    notices, config = Notices(RealClock()), CaptureConfig(source=str(both), mirror=False)
    make = choose(config, notices)
    assert make is not None
    capture = Capture(make, config, RealClock(), notices)
    capture.start()
    try:
        seq, arrivals = 0, []
        while seq < 20:
            got = capture.frames.wait_newer(seq, 40.0)
            assert got is not None, f"nothing after picture {seq}"
            seq = got[0]
            arrivals.append(got[1].t_s)
        assert max(np.diff(arrivals)) < 30.0, "the stamps are an hour and a half apart"
        assert notices.history("fault") == ()
    finally:
        capture.close()


def test_a_clock_that_wraps_goes_on(tmp_path: Path) -> None:
    path = film(tmp_path / "wrap.ts", 60, container="mpegts", begins_s=2**33 / 90_000 - 1.5)
    assert times_of(path) == [pytest.approx(n / 30, abs=2e-3) for n in range(60)]


@pytest.mark.parametrize(("codec", "container"), [("libx264", "h264"), ("mpeg2video", "mpeg2video")])
def test_a_stream_without_time_stamps_has_its_rate(tmp_path: Path, codec: str, container: str) -> None:
    times = times_of(film(tmp_path / "raw.bin", codec=codec, container=container))
    assert len(times) == 30
    assert np.diff(times) == pytest.approx(np.full(29, 1 / 25), abs=0.011)


def test_a_thousand_pictures_a_second_and_one_in_ten_seconds(tmp_path: Path) -> None:
    quick = times_of(film(tmp_path / "quick.mp4", 50, 1000, codec="mpeg4"))
    assert quick == [pytest.approx(n / 1000) for n in range(50)]
    slow = times_of(film(tmp_path / "slow.mp4", 4, 0.1, codec="mpeg4"))
    assert slow == [pytest.approx(MAX_GAP_S * n) for n in range(4)], "a pause is two seconds at most"


def test_of_a_thousand_pictures_a_second_some_are_shown(tmp_path: Path) -> None:
    path = film(tmp_path / "quick.mp4", 400, 1000, codec="mpeg4")
    notices, config = Notices(RealClock()), CaptureConfig(source=str(path))
    capture = Capture(lambda: VideoFileSource(path, config), config, RealClock(), notices)
    capture.start()
    try:
        seq, times = 0, []
        while len(times) < 20:
            got = capture.frames.wait_newer(seq, 40.0)
            assert got is not None
            seq = got[0]
            times.append(got[1].t_s)
        assert seq / (times[-1] - times[0]) < 150
    finally:
        capture.close()


def test_a_variable_rate_keeps_its_pauses(tmp_path: Path) -> None:
    stamps = [0, 1, 2, 30, 31, 32, 330, 331, 332, 333]
    times = times_of(film(tmp_path / "vfr.mkv", 10, codec="mpeg4", stamps=stamps))
    wanted = [1 / 30, 1 / 30, 28 / 30, 1 / 30, 1 / 30, MAX_GAP_S, 1 / 30, 1 / 30, 1 / 30]
    assert np.diff(times) == pytest.approx(wanted, abs=1e-3)


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True) | st.floats(0, 100), max_size=40), st.floats(1e-3, 1000))
def test_whatever_the_stamps_time_rises_without_long_gaps(stamps: list[float], fps: float) -> None:
    time = MediaTime(fps)
    out = [time.advance(stamp) for stamp in stamps]
    assert all(math.isfinite(value) for value in out)
    assert all(0 < b - a <= MAX_GAP_S + 1e-9 for a, b in itertools.pairwise(out))
    assert out[:1] == [0.0] * bool(out)


@pytest.mark.parametrize("fps", [math.nan, -25.0, 0.0, math.inf, 90_000.0])
def test_a_rate_that_cannot_be_is_none(fps: float) -> None:
    assert stated_rate(fps) == 0.0


@pytest.mark.parametrize(("transposed", "across", "down"), EIGHT)
def test_a_film_is_turned_and_mirrored_as_it_says(tmp_path: Path, transposed: bool, across: int, down: int) -> None:
    a, b, c, d = of_eight(transposed, across, down)
    path = film(tmp_path / "m.mp4", 3, codec="mpeg4", matrix=nine(a, b, c, d))
    assert turn_of(path) == Turn(transposed, across < 0, down < 0)
    source = VideoFileSource(path, CaptureConfig())
    info = source.open()
    source.grab()
    rgb = source.retrieve()
    source.close()
    assert (info.width, info.height) == ((48, 64) if transposed else (64, 48)) == (rgb.shape[1], rgb.shape[0])
    # The white quarter lies left and above the middle: a point (-1, -1) that the matrix moves.
    x, y = -a - c, -b - d
    white = rgb[:, :, 0] > 200
    rows, columns = np.nonzero(white)
    assert np.sign(columns.mean() - rgb.shape[1] / 2) == x
    assert np.sign(rows.mean() - rgb.shape[0] / 2) == y


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_what_opencv_turns_rightly_is_turned_alike(tmp_path: Path, angle: int) -> None:
    cos, sin = ((1, 0), (0, 1), (-1, 0), (0, -1))[angle // 90]
    path = film(tmp_path / "m.mp4", 3, codec="mpeg4", matrix=nine(cos, sin, -sin, cos))
    theirs = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    bgr = theirs.read()[1]
    theirs.release()
    source = VideoFileSource(path, CaptureConfig())
    source.open()
    source.grab()
    assert np.array_equal(source.retrieve(), bgr[:, :, ::-1])
    source.close()


def test_odd_matrices_are_taken_for_the_nearest() -> None:
    assert turn_by(np.zeros((2, 2))) == Turn()
    assert turn_by(np.array([[0.9, 0.2], [-0.2, -0.9]])) == Turn(down=True)
    assert turn_by(np.array([[0.1, 2.0], [-2.0, 0.1]])) == Turn(transposed=True, across=True)


@given(content=st.binary(max_size=400))
def test_headers_of_any_content_are_read_or_passed_over(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.mp4"
    for before in (b"", b"\0\0\1\x90moov\0\0\1\x88trak"):
        path.write_bytes(b"\0\0\0\x08ftyp" + before + content)
        assert turn_of(path) is None or isinstance(turn_of(path), Turn)


def test_a_broken_picture_in_a_film_is_skipped(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = film(tmp_path / "spoilt.mkv", codec="mjpeg", pixels="yuvj420p", spoil=(10, 11, 20))
    source = VideoFileSource(path, CaptureConfig())
    source.open()
    try:
        for _ in range(2):
            assert len(list(iter(source.grab, None))) == 27
            source.rewind()
    finally:
        source.close()
    assert [record.message for record in caplog.records if "cannot be decoded" in record.message] == [
        "spoilt.mkv: there are pictures in it that cannot be decoded; skipped"
    ]


def test_odd_sizes_and_sizes_that_change(tmp_path: Path) -> None:
    odd = film(tmp_path / "odd.mkv", 3, size=(17, 13), codec="ffv1", pixels="yuv444p")
    small = film(tmp_path / "a.ts", 5, container="mpegts")
    both = joined(tmp_path / "c.ts", small, film(tmp_path / "b.ts", 5, size=(128, 96), container="mpegts", begins_s=1))
    for path, least in ((odd, 3), (both, 8)):
        source = VideoFileSource(path, CaptureConfig())
        info = source.open()
        count = 0
        while source.grab() is not None:
            assert source.retrieve().shape == (info.height, info.width, 3)
            count += 1
        source.close()
        assert count >= least
