"""Screenshots and videos as the frame loop asks for them: stored beside the show, told when done, never with faces."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from installation.base.clock import ManualClock, RealClock
from installation.base.notices import KINDS, Notices
from installation.config.load import with_overrides
from installation.config.settings import Config
from installation.render.captures.captures import MAX_WAITING, Captures
from installation.render.captures.filming import Filming
from installation.render.captures.video_recorder import VideoRecorder

av = pytest.importorskip("av", reason="PyAV is not installed")


ROOT = Path(__file__).resolve().parents[3]


class Screen:
    """Surface, renderer and frame buffer in one; shows a grey of a level."""

    size, is_software = (96, 54), False

    def __init__(self) -> None:
        self.level, self.camera, self.settled = 60, False, 0
        self.framebuffer = self

    def shows_camera(self, scene: object) -> bool:
        return self.camera

    def settle(self, meanwhile: object) -> None:
        self.settled += 1

    def read_rgb(self) -> np.ndarray:
        return np.full((54, 96, 3), self.level, np.uint8)

    def read_into(self, rgba: np.ndarray, view: tuple[int, ...], components: int) -> None:
        assert view == (0, 0, 96, 54)
        rgba[:] = self.level

    def draw_part(self, scene: object, size: tuple[int, int], part: object, part_px: tuple[int, int]) -> np.ndarray:
        return np.full((part_px[1], part_px[0], 3), self.level, np.uint8)

    def draw(self, scene: object) -> None: ...


class Stage:
    def __init__(self, folder: Path) -> None:
        self.screen, self.notices, self.events = Screen(), Notices(ManualClock()), []
        self.config = with_overrides(Config(), {"video.keep_free_mb": 0.0})
        recorder = VideoRecorder(self.config.video, RealClock(), self.notices)
        filming = Filming(None, recorder, self.notices, buffered=False)
        self.folder = folder / "captures"
        self.captures = Captures(
            self.screen, self.screen, filming, self.config.output, self.folder, RealClock(), self.notices,
            lambda name, args: self.events.append((name, args)),
        )  # fmt: skip
        self.recorder, self.t_s = recorder, 0.0

    def set(self, **output: object) -> None:
        self.config = with_overrides(self.config, {f"output.{name}": value for name, value in output.items()})
        self.captures.reconfigure(self.config.output, self.config.video)

    def draw(self, count: int = 1) -> None:
        for _ in range(count):
            self.t_s += 1 / 30
            self.captures.drawn(SimpleNamespace(), self.t_s, lambda: None)  # type: ignore[arg-type]
            self.captures.poll()

    def film(self, on: bool | None = True) -> None:
        self.captures.video(on, SimpleNamespace())  # type: ignore[arg-type]
        until_s = time.monotonic() + 40
        while self.recorder.recording and not self.recorder.ready and time.monotonic() < until_s:
            time.sleep(0.001)

    def wait(self, name: str) -> list[object]:
        until_s = time.monotonic() + 40
        while time.monotonic() < until_s:
            self.captures.poll()
            found = [args for heard, args in self.events if heard == name]
            if found:
                return found[-1]
            time.sleep(0.005)
        raise AssertionError(f"no {name} in {self.events}")

    def faults(self) -> list[str]:
        return [note.message for note in self.notices.active() if note.kind == "fault"]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.captures.close()


@pytest.mark.long
def test_a_whole_run_is_filmed(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("osc: {targets: [], listen_port: 0}\noscquery: {enabled: false}\nvideo: {keep_free_mb: 0}\n")
    film, report = tmp_path / "a.mp4", tmp_path / "r.json"
    options = ["--offscreen", "--size", "192x108", "--source", "simulated", "--seconds", "4", "--config", str(config)]
    command = [sys.executable, "-m", "installation", *options, "--video", str(film), "--report", str(report)]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=90)
    assert found.returncode == 0, found.stderr
    assert json.loads(report.read_text())["faults"] == []
    with av.open(str(film)) as container:
        frames = list(container.decode(video=0))
    # A constant rate, up to the end of the run; the encoder takes a moment to load.
    assert 40 <= len(frames) <= 101
    assert float(frames[-1].pts * frames[-1].time_base) == pytest.approx((len(frames) - 1) / 25, abs=0.002)
    assert frames[-1].to_ndarray(format="rgb24").max() > 60


def test_nothing_is_read_while_nothing_is_asked_for(stage: Stage) -> None:
    stage.draw(5)
    assert stage.screen.settled == 0
    assert not stage.folder.exists()


def test_a_screenshot_is_the_next_picture_with_an_event_when_stored(stage: Stage) -> None:
    stage.captures.snapshot()
    stage.screen.level = 90
    stage.draw()
    stage.screen.level = 10
    (name,) = stage.wait("snapshot")
    found = cv2.imread(str(stage.folder / str(name)))
    assert found.shape == (54, 96, 3)
    assert (found == 90).all()


def test_a_larger_screenshot_is_drawn_anew_on_a_gpu_and_refused_where_the_processor_draws(stage: Stage) -> None:
    stage.set(screenshot_width=960)
    stage.captures.snapshot()
    stage.draw()
    assert cv2.imread(str(stage.folder / str(stage.wait("snapshot")[0]))).shape == (540, 960, 3)
    stage.events.clear()
    stage.screen.is_software = True
    stage.captures.snapshot()
    stage.draw()
    assert cv2.imread(str(stage.folder / str(stage.wait("snapshot")[0]))).shape == (54, 96, 3)
    # That it is stored resolves what was told of it, perhaps before anybody looks.
    assert any("run.py screenshot 960x540" in one.message for kind in KINDS for one in stage.notices.history(kind))


def test_a_finger_that_stays_on_the_key_fills_no_memory(stage: Stage) -> None:
    for _ in range(50):
        stage.captures.snapshot()
    stage.draw()
    stage.captures.close()
    assert len(list(stage.folder.iterdir())) == MAX_WAITING
    assert "ask again" in " ".join(note.message for note in stage.notices.history("fault"))
    assert stage.notices.active() == ()


def test_a_place_that_cannot_be_written_is_a_fault(stage: Stage) -> None:
    stage.folder.write_text("no folder")
    stage.captures.snapshot()
    stage.draw()
    stage.captures.close()
    assert "cannot be written" in stage.faults()[0]
    assert stage.events == []


def test_a_video_is_begun_and_ended_by_the_same_command(stage: Stage) -> None:
    stage.film(None)
    stage.draw(10)
    name = stage.wait("video")
    assert name[1] == 1
    stage.captures.video(None, None)
    stage.captures.close()
    assert stage.events[-1] == ("video", [name[0], 0])
    with av.open(str(stage.folder / str(name[0]))) as container:
        assert len(list(container.decode(video=0))) == 10


def test_on_and_off_do_nothing_twice(stage: Stage) -> None:
    stage.captures.video(False, None)
    stage.film()
    stage.film()
    stage.draw(3)
    stage.captures.video(False, None)
    stage.captures.video(False, None)
    stage.captures.close()
    assert [args[1] for _, args in stage.events] == [1, 0]
    assert len(list(stage.folder.iterdir())) == 1


def test_no_faces_without_consent(stage: Stage, tmp_path: Path) -> None:
    stage.screen.camera = True
    stage.captures.snapshot()
    stage.draw()
    stage.captures.store_now(SimpleNamespace(), tmp_path / "end.png")  # type: ignore[arg-type]
    stage.film()
    stage.draw(3)
    stage.captures.close()
    assert [path.name for path in tmp_path.iterdir()] == []
    assert stage.events == []
    assert all("record_camera" in fault for fault in stage.faults())


def test_with_consent_all_is_stored(stage: Stage, tmp_path: Path) -> None:
    stage.screen.camera = True
    stage.set(record_camera=True)
    stage.captures.snapshot()
    stage.film()
    stage.draw(3)
    stage.captures.store_now(SimpleNamespace(), tmp_path / "end.png")  # type: ignore[arg-type]
    stage.captures.close()
    assert sorted(name for name, _ in stage.events) == ["snapshot", "video", "video"]
    assert (tmp_path / "end.png").exists()
    assert stage.faults() == []


def test_each_file_of_a_long_video_has_its_events(stage: Stage) -> None:
    stage.config = with_overrides(stage.config, {"video.file_s": 3.0})
    stage.captures.reconfigure(stage.config.output, stage.config.video)
    stage.film()
    for _ in range(100):
        stage.draw()
        time.sleep(0.001)
    stage.captures.close()
    names = sorted(path.name for path in stage.folder.iterdir())
    assert len(names) == 2
    assert [args for _, args in stage.events] == [[name, on] for name in reversed(names) for on in (1, 0)]


def test_a_painting_is_stored_beside_the_show_and_whoever_asked_is_told_its_file(tmp_path: Path) -> None:
    stage, told = Stage(tmp_path), list[str]()
    stage.screen.camera = True
    painting = np.full((40, 40, 3), 90, np.uint8)
    stage.captures.store_painting(painting, told.append)
    until_s = time.monotonic() + 40
    while not told and time.monotonic() < until_s:
        stage.captures.poll()
        time.sleep(0.001)
    (name,) = told
    assert name.startswith("painting-")
    assert np.array_equal(cv2.imread(str(stage.folder / name)), painting)
    assert stage.events == [], "no screenshot was taken"


def test_a_painting_that_cannot_be_stored_is_told_without_a_file(tmp_path: Path) -> None:
    stage, told = Stage(tmp_path), list[str]()
    stage.folder.write_text("a file lies where the folder should be")
    stage.captures.store_painting(np.zeros((8, 8, 3), np.uint8), told.append)
    until_s = time.monotonic() + 40
    while not told and time.monotonic() < until_s:
        stage.captures.poll()
        time.sleep(0.001)
    assert told == [""]
    assert [note.stage for note in stage.notices.active("fault")] == ["screenshot"]
