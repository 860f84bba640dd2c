"""From OpenGL into a video: the right picture at its time, upright, in colour; no faces without consent."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from installation.base.clock import ManualClock, RealClock
from installation.base.notices import Notices
from installation.config.output import VideoConfig
from installation.render.captures.filming import Filming
from installation.render.captures.video_recorder import VideoRecorder
from installation.render.surface import Offscreen, live_objects
from tests.screen import or_skipped

av = pytest.importorskip("av", reason="PyAV is not installed")

SIZE = (131, 73)
"""Odd on purpose: the video has 130 x 72."""


class Set:
    """A surface that is filmed."""

    def __init__(self, surface: Offscreen, buffered: bool, **config: float) -> None:
        self.surface, self.notices = surface, Notices(ManualClock())
        self.recorder = VideoRecorder(VideoConfig(keep_free_mb=0, **config), RealClock(), self.notices)
        self.filming = Filming(surface.context, self.recorder, self.notices, buffered)

    def begin(self, path: Path, *consent: bool) -> None:
        assert self.filming.start(path, SIZE, 60, *(consent or (False, False)))
        until_s = time.monotonic() + 40
        while not self.recorder.ready and time.monotonic() < until_s:
            time.sleep(0.001)

    def show(self, level: int, t_s: float, camera: bool = False, consent: bool = False) -> None:
        """A picture of ``level`` below, of reddened ``level`` in its upper half."""
        target = self.surface.framebuffer
        target.use()
        target.clear(level / 255, level / 255, level / 255, 1.0)
        target.clear(1.0, level / 255, level / 255, 1.0, viewport=(0, 37, 131, 36))
        self.surface.present(lambda: None)
        self.filming.take(target, SIZE, t_s, camera, consent)
        assert self.surface.context.error == "GL_NO_ERROR"

    def close(self) -> None:
        self.filming.stop()
        assert self.recorder.close(60)
        self.filming.release()


@pytest.fixture(params=[False, True], ids=["plain", "pixel buffers"])
def studio(request: pytest.FixtureRequest) -> Iterator[Set]:
    with or_skipped():
        surface = Offscreen(SIZE)
    made = Set(surface, request.param)
    yield made
    made.close()
    surface.close()


def read(path: Path) -> tuple[list[float], list[np.ndarray]]:
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
    return [float(frame.pts * frame.time_base) for frame in frames], [
        frame.to_ndarray(format="rgb24") for frame in frames
    ]


def test_what_opengl_shows_is_in_the_video_at_its_time(studio: Set, tmp_path: Path) -> None:
    studio.begin(tmp_path / "a.mp4")
    levels = [10 * n for n in range(12)]
    for n, level in enumerate(levels):
        studio.show(level, 7 + n / 60)
    studio.close()
    times_s, pictures = read(tmp_path / "a.mp4")
    # Thirty a second of sixty: every other one, those drawn last before it is read included.
    assert times_s == pytest.approx([n / 30 for n in range(6)], abs=0.002)
    for level, found in zip(levels[::2], pictures, strict=True):
        assert found.shape == (72, 130, 3)
        assert np.abs(found[40:].mean((0, 1)) - level).max() < 5
        assert np.abs(found[:32].mean((0, 1)) - (255, level, level)).max() < 6
    assert studio.recorder.figures.taken == 6
    assert studio.recorder.figures.repeated == 0


def test_filming_makes_no_opengl_objects_once_warm(studio: Set, tmp_path: Path) -> None:
    studio.begin(tmp_path / "a.mp4")
    for n in range(3):
        studio.show(40, n / 30)
    before = live_objects()
    for n in range(3, 200):
        studio.show(40, n / 30)
    assert live_objects() == before


def test_faces_are_not_filmed_without_consent(studio: Set, tmp_path: Path) -> None:
    assert not studio.filming.start(tmp_path / "a.mp4", SIZE, 30, camera_visible=True, record_camera=False)
    assert "record_camera" in studio.notices.active()[0].message
    assert not studio.recorder.recording
    assert list(tmp_path.iterdir()) == []


def test_a_video_ends_before_faces_come_into_it(studio: Set, tmp_path: Path) -> None:
    studio.begin(tmp_path / "a.mp4")
    for n in range(4):
        studio.show(40, n / 30)
    for n in range(4, 8):
        studio.show(200, n / 30, camera=True)
    assert not studio.recorder.recording
    assert studio.recorder.close(60)
    _, pictures = read(tmp_path / "a.mp4")
    assert len(pictures) == 4
    assert max(float(found[40:].mean()) for found in pictures) < 50
    assert "record_camera" in studio.notices.active()[0].message


def test_with_consent_the_camera_is_filmed(studio: Set, tmp_path: Path) -> None:
    studio.begin(tmp_path / "a.mp4", True, True)
    for n in range(4):
        studio.show(40, n / 30, camera=True, consent=True)
    studio.close()
    assert len(read(tmp_path / "a.mp4")[0]) == 4


def test_another_size_of_window_ends_the_video(studio: Set, tmp_path: Path) -> None:
    studio.begin(tmp_path / "a.mp4")
    studio.show(40, 0.0)
    studio.filming.take(studio.surface.framebuffer, (100, 60), 1.0, False, False)
    assert not studio.recorder.recording
    assert "another size" in studio.notices.active()[0].message
    studio.close()
    assert len(read(tmp_path / "a.mp4")[0]) == 1
