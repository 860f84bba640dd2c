"""Videos: encoded for real and read back; what happens when the encoder, the disk or the process fails."""

import resource
import signal
import subprocess
import sys
import textwrap
import threading
import time
import tracemalloc
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from installation.base.clock import ManualClock, RealClock
from installation.base.notices import Notices
from installation.base.side_files import DiskRoom
from installation.config.output import VideoConfig
from installation.render.captures.consent import refusal
from installation.render.captures.encoder import SUFFIXES, VideoEncoder, VideoError, output_size, rate_of
from installation.render.captures.video_recorder import VideoRecorder
from installation.render.captures.video_session import MAX_POOL, numbered, place

av = pytest.importorskip("av", reason="PyAV is not installed")

ROOT = Path(__file__).resolve().parents[3]
SIZE = (128, 72)
COLOURS = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (120, 60, 200))


def picture(top: tuple[int, int, int], bottom: tuple[int, int, int], size: tuple[int, int] = SIZE) -> np.ndarray:
    """(H, W, 4) as OpenGL gives it: ``bottom`` in the first rows."""
    out = np.full((size[1], size[0], 4), 255, np.uint8)
    out[: size[1] // 2, :, :3], out[size[1] // 2 :, :, :3] = bottom, top
    return out


def read(path: Path, torn: bool = False) -> tuple[list[float], list[np.ndarray]]:
    """(times in seconds, pictures (H, W, 3)) of a video; up to where a ``torn`` one ends."""
    frames = []
    with av.open(str(path)) as container:
        try:
            for frame in container.decode(video=0):
                frames.append(frame)  # noqa: PERF402 - what comes before a torn end counts
        except av.error.InvalidDataError:
            assert torn, "the file is damaged"
    return [float(frame.pts * frame.time_base) for frame in frames], [
        frame.to_ndarray(format="rgb24") for frame in frames
    ]


def wait_until_ready(recorder: VideoRecorder) -> None:
    until_s = time.monotonic() + 40
    while recorder.recording and not recorder.ready and time.monotonic() < until_s:
        time.sleep(0.001)


class StuckFile:
    """An encoder that waits until it is let go."""

    def __init__(self, *_: object) -> None:
        self.bytes = 0
        self.numbers: list[int] = []
        self.go = threading.Event()

    def write(self, rgba: np.ndarray, number: int) -> None:
        assert self.go.wait(60)
        self.numbers.append(number)

    def repeat(self, number: int) -> None:
        self.numbers.append(number)

    def close(self) -> None:
        pass


class Studio:
    """A recorder with a large disk; ``film`` gives it pictures as the frame loop does."""

    def __init__(
        self, free_bytes: Callable[[Path], int] = lambda _: 10**12, open_file=VideoEncoder, **config: float
    ) -> None:
        self.notices = Notices(ManualClock())
        settings = VideoConfig(**config)
        room = DiskRoom(settings.keep_free_mb, lambda folder: (10**15, free_bytes(folder)))
        self.recorder = VideoRecorder(settings, RealClock(), self.notices, open_file, room)

    def film(self, times_s: list[float], paint: Callable[[int], np.ndarray], patient: bool = True) -> int:
        taken = 0
        wait_until_ready(self.recorder)
        for n, t_s in enumerate(times_s):
            if not self.recorder.wants(t_s):
                continue
            until_s = time.monotonic() + 40
            while (
                patient and self.recorder.recording and not self.recorder._session._free and time.monotonic() < until_s
            ):
                time.sleep(0.001)
            number, buffer = self.recorder.reserve(t_s), self.recorder.lend()
            if buffer is not None:
                buffer[:] = paint(n)
                self.recorder.hand_in(buffer, number)
                taken += 1
        return taken

    def faults(self) -> str:
        return " ".join(notice.message for notice in self.notices.active() if notice.kind == "fault")


def grey(_: int) -> np.ndarray:
    return picture((90, 90, 90), (90, 90, 90))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_pictures_come_back_in_order_upright_and_in_their_colours(suffix: str, tmp_path: Path) -> None:
    studio, path = Studio(per_second=30), tmp_path / f"take{suffix}"
    assert studio.recorder.start(path, SIZE, 60)
    count = len(COLOURS)
    paint = lambda n: picture(COLOURS[n % count], COLOURS[(n + 1) % count])  # noqa: E731
    assert studio.film([100 + n / 30 for n in range(2 * count)], paint) == 2 * count
    assert studio.recorder.close(60)
    times_s, pictures = read(path)
    assert times_s == pytest.approx([n / 30 for n in range(2 * count)], abs=0.002)
    for n, found in enumerate(pictures):
        assert found.shape == (SIZE[1], SIZE[0], 3)
        assert np.abs(found[:30].mean((0, 1)) - COLOURS[n % count]).max() < 5
        assert np.abs(found[42:].mean((0, 1)) - COLOURS[(n + 1) % count]).max() < 5
    assert studio.notices.active() == ()
    assert studio.recorder.figures.taken == 2 * count


def test_the_file_says_which_colours_it_has(tmp_path: Path) -> None:
    studio = Studio()
    studio.recorder.start(tmp_path / "a.mp4", SIZE, 30)
    studio.film([0.0, 0.1], grey)
    assert studio.recorder.close(60)
    with av.open(str(tmp_path / "a.mp4")) as container:
        codec = container.streams.video[0].codec_context
        assert (codec.name, codec.pix_fmt) == ("h264", "yuv420p")
        assert (codec.colorspace, codec.color_primaries, codec.color_trc, codec.color_range) == (1, 1, 1, 1)


def test_a_show_of_sixty_is_filmed_at_thirty_with_its_wobble(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    studio = Studio(per_second=30)
    studio.recorder.start(tmp_path / "a.mp4", SIZE, 60)
    times_s = [5 + n / 60 + float(rng.uniform(-0.004, 0.004)) for n in range(120)]
    assert studio.film(times_s, grey) == 60
    assert studio.recorder.close(60)
    found_s, _ = read(tmp_path / "a.mp4")
    assert found_s == pytest.approx([n / 30 for n in range(60)], abs=0.002)
    assert studio.recorder.figures.repeated == 0


def test_a_slow_show_plays_at_its_own_speed_at_a_constant_rate(tmp_path: Path) -> None:
    studio = Studio(per_second=30)
    studio.recorder.start(tmp_path / "a.mp4", SIZE, 60)
    levels = [20 * n for n in range(10)]
    times_s = [0.13 * n for n in range(10)]
    studio.film(times_s, lambda n: picture((levels[n],) * 3, (levels[n],) * 3))
    assert studio.recorder.close(60)
    found_s, pictures = read(tmp_path / "a.mp4")
    assert found_s == pytest.approx([n / 30 for n in range(len(found_s))], abs=0.002)
    for t_s, level in zip(times_s, levels, strict=True):
        shown = pictures[min(range(len(found_s)), key=lambda n, t=t_s: abs(found_s[n] - t))]
        assert abs(float(shown.mean()) - level) < 5
    assert len(found_s) == studio.recorder.figures.taken + studio.recorder.figures.repeated


def test_a_long_standstill_is_left_open_and_time_goes_on(tmp_path: Path) -> None:
    studio = Studio(per_second=30)
    studio.recorder.start(tmp_path / "a.mp4", SIZE, 30)
    studio.film([0.0, 1 / 30, 60.0, 60 + 1 / 30], grey)
    assert studio.recorder.close(60)
    found_s, _ = read(tmp_path / "a.mp4")
    assert found_s == pytest.approx([0, 1 / 30, 60, 60 + 1 / 30], abs=0.002)


def test_a_start_while_the_last_video_is_being_finished_is_a_fault_until_it_is(tmp_path: Path) -> None:
    stuck = StuckFile()
    studio = Studio(open_file=lambda *_: stuck)
    assert studio.recorder.start(tmp_path / "a.mp4", SIZE, 30)
    studio.film([0.0], grey)
    studio.recorder.stop()
    assert not studio.recorder.start(tmp_path / "b.mp4", SIZE, 30)
    assert "ask again" in studio.faults()
    stuck.go.set()
    assert studio.recorder.close(60)
    assert studio.notices.active() == ()
    assert studio.recorder.start(tmp_path / "b.mp4", SIZE, 30)
    assert studio.recorder.close(60)


def test_an_encoder_that_stands_still_costs_pictures_and_no_memory(tmp_path: Path) -> None:
    files: list[StuckFile] = []

    def open_stuck(*args: object) -> StuckFile:
        files.append(StuckFile(*args))
        return files[-1]

    studio = Studio(open_file=open_stuck)
    recorder = studio.recorder
    recorder.start(tmp_path / "a.mp4", SIZE, 30)
    tracemalloc.start()
    one = grey(0)
    taken = studio.film([n / 30 for n in range(60)], lambda _: one, patient=False)
    before = tracemalloc.get_traced_memory()[0]
    assert studio.film([2 + n / 30 for n in range(600)], lambda _: one, patient=False) == 0
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert taken == MAX_POOL
    assert recorder.figures.dropped == 660 - MAX_POOL
    assert grown < one.nbytes
    assert [notice.kind for notice in studio.notices.active()] == ["fallback"]
    assert "too slow" in studio.notices.active()[0].message
    files[0].go.set()
    assert recorder.close(60)
    assert files[0].numbers == list(range(MAX_POOL))
    assert studio.notices.active() == ()


def test_what_was_left_out_is_filled_with_the_picture_before(tmp_path: Path) -> None:
    stuck = StuckFile()
    studio = Studio(open_file=lambda *_: stuck)
    studio.recorder.start(tmp_path / "a.mp4", SIZE, 30)
    studio.film([n / 30 for n in range(50)], grey, patient=False)
    stuck.go.set()
    studio.film([50 / 30], grey)
    assert studio.recorder.close(60)
    assert stuck.numbers == list(range(51))
    assert studio.recorder.figures.repeated == 50 - MAX_POOL


def test_a_killed_process_leaves_a_film_that_plays(tmp_path: Path) -> None:
    for suffix in SUFFIXES:
        path = tmp_path / f"killed{suffix}"
        child = subprocess.Popen([sys.executable, "-c", _CHILD, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        assert child.stdout.readline() == "five seconds are encoded\n"
        child.send_signal(signal.SIGKILL)
        assert child.wait(60) == -signal.SIGKILL
        child.stdout.close()
        times_s, pictures = read(path)
        assert 3.5 < times_s[-1] < 5.1
        assert len(times_s) == round(times_s[-1] * 30) + 1
        assert abs(float(pictures[-1].mean()) - 90) < 5


_CHILD = textwrap.dedent("""
    import sys, time
    from pathlib import Path
    from tests.render.captures.test_video_recorder import SIZE, Studio, grey
    studio = Studio()
    studio.recorder.start(Path(sys.argv[1]), SIZE, 30)
    studio.film([n / 30 for n in range(150)], grey)
    while studio.recorder.figures.taken < 150:
        time.sleep(0.01)
    print("five seconds are encoded", flush=True)
    time.sleep(60)
""")


@pytest.mark.parametrize(("setting", "value"), [("file_s", 3.0), ("file_mb", 1.0)])
def test_a_long_video_goes_on_in_numbered_files(setting: str, value: float, tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    noise = [rng.integers(0, 256, (SIZE[1], SIZE[0], 4), np.uint8) for _ in range(7)]
    studio = Studio(per_second=30, quality=10, **{setting: value})
    studio.recorder.start(tmp_path / "take.mp4", SIZE, 30)
    studio.film([n / 30 for n in range(240)], lambda n: noise[n % 7])
    assert studio.recorder.close(60)
    files = studio.recorder.figures.files
    assert files == tuple(numbered(tmp_path / "take.mp4", n + 1) for n in range(len(files)))
    assert len(files) > 2
    found = [read(path)[0] for path in files]
    assert sum(len(times_s) for times_s in found) == 240
    assert all(times_s[0] == 0 for times_s in found)
    if setting == "file_s":
        assert [len(times_s) for times_s in found] == [90, 90, 60]
    else:
        assert all(path.stat().st_size < 1.3e6 for path in files)


def test_what_is_there_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "take.mp4").write_bytes(b"an earlier film")
    studio = Studio()
    studio.recorder.start(tmp_path / "take.mp4", SIZE, 30)
    studio.film([0.0], grey)
    assert studio.recorder.close(60)
    assert (tmp_path / "take.mp4").read_bytes() == b"an earlier film"
    assert studio.recorder.figures.files == (tmp_path / "take-002.mp4",)


def test_a_large_picture_is_made_smaller_and_even(tmp_path: Path) -> None:
    assert output_size((1280, 720), 0) == (1280, 720)
    assert output_size((1281, 721), 0) == (1280, 720)
    assert output_size((3840, 2160), 1280) == (1280, 720)
    assert output_size((640, 360), 1280) == (640, 360)
    studio = Studio(width=64)
    studio.recorder.start(tmp_path / "a.mp4", SIZE, 30)
    studio.film([0.0], lambda _: picture((200, 40, 40), (40, 40, 200)))
    assert studio.recorder.close(60)
    found = read(tmp_path / "a.mp4")[1][0]
    assert found.shape == (36, 64, 3)
    assert np.abs(found[:14].mean((0, 1)) - (200, 40, 40)).max() < 5


def wait_until_ended(studio: Studio) -> None:
    until_s = time.monotonic() + 40
    while studio.recorder.recording and time.monotonic() < until_s:
        time.sleep(0.005)
    assert not studio.recorder.recording


def test_a_full_disk_ends_the_video_and_is_told(tmp_path: Path) -> None:
    room = iter([5e9, 5e9] + [5e8] * 1000)
    studio = Studio(free_bytes=lambda _: int(next(room)), keep_free_mb=1000)
    studio.recorder.start(tmp_path / "a.mp4", SIZE, 30)
    studio.film([n / 30 for n in range(90)], grey)
    wait_until_ended(studio)
    assert "500 MB are free" in studio.faults()
    assert not studio.recorder.wants(99.0)
    assert studio.recorder.lend() is None
    assert studio.recorder.close(60)
    assert len(read(tmp_path / "a.mp4")[0]) >= 29
    # With room again the next recording begins and the fault is over.
    room = iter([5e9] * 1000)
    assert studio.recorder.start(tmp_path / "b.mp4", SIZE, 30)
    assert studio.notices.active() == ()
    studio.film([0.0], grey)
    assert studio.recorder.close(60)
    assert len(read(tmp_path / "b.mp4")[0]) == 1


def test_a_write_that_fails_ends_the_video_and_leaves_what_can_be_played(tmp_path: Path) -> None:
    """A file size limit refuses the write with an error of the system, as a full disk does."""
    found = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(tmp_path / "a.mp4")], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert found.returncode == 0, found.stderr
    assert "fault: the video" in found.stdout
    assert "can be played" in found.stdout
    assert "Traceback" not in found.stderr
    assert len(read(tmp_path / "a.mp4", torn=True)[0]) > 30


_LIMITED = textwrap.dedent(f"""
    import resource, sys, numpy as np
    from pathlib import Path
    from tests.render.captures.test_video_recorder import SIZE, Studio, wait_until_ended
    resource.setrlimit(resource.RLIMIT_FSIZE, (900_000, {resource.RLIM_INFINITY}))
    rng = np.random.default_rng(1)
    studio = Studio(quality=5)
    studio.recorder.start(Path(sys.argv[1]), SIZE, 30)
    studio.film([n / 30 for n in range(200)], lambda _: rng.integers(0, 256, (SIZE[1], SIZE[0], 4), np.uint8))
    wait_until_ended(studio)
    assert studio.recorder.close(60)
    print("fault:", studio.faults())
""")


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    studio = Studio()
    studio.recorder.start(tmp_path / "file" / "a.mp4", SIZE, 30)
    wait_until_ended(studio)
    assert "cannot be made" in studio.faults()
    assert studio.recorder.close(60)


def test_an_encoder_that_is_missing_names_its_fix(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    studio = Studio()
    studio.recorder.start(tmp_path / "a.mp4", SIZE, 30)
    wait_until_ended(studio)
    assert "run.py setup" in studio.faults()


def test_an_encoder_without_h264_is_told_and_leaves_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ValueError("encoder not found")

    monkeypatch.setattr(VideoEncoder, "_open_stream", refuse)
    with pytest.raises(VideoError, match=r"no H\.264 encoder"):
        VideoEncoder(tmp_path / "a.mp4", SIZE, SIZE, Fraction(30), 20, 1)
    assert list(tmp_path.iterdir()) == []


def test_what_nobody_foresaw_ends_the_video_only(tmp_path: Path) -> None:
    class Broken(StuckFile):
        def write(self, rgba: np.ndarray, number: int) -> None:
            raise RuntimeError("a driver's whim")

    studio = Studio(open_file=Broken)
    studio.recorder.start(tmp_path / "a.mp4", SIZE, 30)
    studio.film([0.0], grey)
    wait_until_ended(studio)
    assert "RuntimeError: a driver's whim" in studio.faults()
    assert studio.recorder.close(60)


def test_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match=r"\.mp4 or \.mkv"):
        VideoEncoder(tmp_path / "a.avi", SIZE, SIZE, Fraction(30), 20, 1)


def test_stopping_twice_and_never_starting_do_no_harm() -> None:
    studio = Studio()
    studio.recorder.stop()
    assert studio.recorder.close()
    assert not studio.recorder.wants(0.0)
    assert studio.recorder.figures.files == ()


def test_places_in_a_video() -> None:
    rate = rate_of(29.97)
    assert rate == Fraction(30000, 1001)
    assert [place(10 + n / 29.97, 10.0, rate) for n in range(1000)] == list(range(1000))
    # Shown at 60, filmed at 30: every other picture.
    assert [place(n / 60, 0.0, Fraction(30)) for n in range(6)] == [0, 0, 1, 1, 2, 2]


def test_faces_are_stored_only_where_the_artist_says_so() -> None:
    assert refusal(camera_visible=False, record_camera=False) is None
    assert refusal(camera_visible=True, record_camera=True) is None
    told = refusal(camera_visible=True, record_camera=False)
    assert told is not None
    assert "output.record_camera" in told
