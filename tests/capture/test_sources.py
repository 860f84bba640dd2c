"""The grammar of ``source`` and what it says when it is wrong."""

import sys
import threading
from pathlib import Path

import pytest

from installation.base.clock import RealClock
from installation.base.notices import Notices
from installation.capture import sources as sources_module
from installation.capture.devices import camera as camera_module
from installation.capture.devices.camera import CameraSource
from installation.capture.devices.source import CaptureError, SourceInfo
from installation.capture.sources import CameraInfo, choose, first_camera, list_cameras, probe, source_for
from installation.config.capture import CaptureConfig


@pytest.fixture
def cameras(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Linux machine with two cameras, of which the first has a second node for metadata."""
    folder = tmp_path / "video4linux"
    for node, name, index in (
        ("video0", "HD Webcam: HD Webcam", 0),
        ("video1", "HD Webcam: HD Webcam", 1),
        ("video10", "Stage cam", 0),
    ):
        (folder / node).mkdir(parents=True)
        (folder / node / "name").write_text(name + "\n")
        (folder / node / "index").write_text(f"{index}\n")
    monkeypatch.setattr(camera_module, "V4L", folder)
    monkeypatch.setattr(sys, "platform", "linux")
    return folder


def target(spec: str | int) -> object:
    source = source_for(spec, CaptureConfig())
    assert isinstance(source, CameraSource)
    return source.target


def test_cameras_are_listed_by_number_without_metadata_nodes(cameras: Path) -> None:
    assert list_cameras() == [CameraInfo(0, "HD Webcam: HD Webcam"), CameraInfo(10, "Stage cam")]


@pytest.mark.parametrize(
    ("spec", "number"), [(0, 0), ("0", 0), (3, 3), ("Stage cam", 10), ("stage", 10), ("hd webcam", 0)]
)
def test_a_camera_has_a_number_or_a_name(cameras: Path, spec: str | int, number: int) -> None:
    assert target(spec) == number


def test_a_camera_that_got_another_number_is_found_again(cameras: Path) -> None:
    wanted = CameraInfo(10, "Stage cam").target
    assert target(wanted) == 10
    (cameras / "video10").rename(cameras / "video4")
    assert target(wanted) == 4


def test_two_cameras_of_one_name_are_told_apart_by_number(cameras: Path) -> None:
    (cameras / "video10" / "name").write_text("HD Webcam: HD Webcam")
    assert [camera.target for camera in list_cameras()] == [0, 10]


def test_an_unknown_name_tells_the_cameras(cameras: Path) -> None:
    with pytest.raises(CaptureError, match="'Stage cam'"):
        source_for("balcony", CaptureConfig())


def test_names_are_said_to_be_unsupported_elsewhere(cameras: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(CaptureError, match="supported on Linux only"):
        source_for("Stage cam", CaptureConfig())
    assert [camera.number for camera in list_cameras()] == [0, 1, 2, 3]


def test_a_missing_file_names_near_ones(tmp_path: Path) -> None:
    (tmp_path / "rehearsal_monday.mp4").write_bytes(b"")
    with pytest.raises(CaptureError) as caught:
        source_for(str(tmp_path / "rehersal_monday.mp4"), CaptureConfig())
    assert "did you mean" in caught.value.fix
    assert "rehearsal_monday.mp4" in caught.value.fix


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match="has no pictures"):
        choose(CaptureConfig(source=str(tmp_path)), Notices(RealClock()))


def test_a_folder_of_broken_pictures_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no")
    with pytest.raises(CaptureError, match="can be decoded"):
        probe(str(tmp_path))


def test_auto_without_a_camera_is_the_simulated_performer_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera_module, "V4L", tmp_path / "none")
    monkeypatch.setattr(sys, "platform", "linux")
    notices = Notices(RealClock())
    assert choose(CaptureConfig(source="auto"), notices) is None
    (notice,) = notices.active()
    assert (notice.kind, notice.stage) == ("fallback", "source")
    assert "simulated" in notice.message
    assert first_camera(CaptureConfig()) is None
    assert probe("auto").kind == "simulated"


def test_simulated_is_no_fallback() -> None:
    notices = Notices(RealClock())
    assert choose(CaptureConfig(source="simulated"), notices) is None
    assert notices.active() == ()


def test_auto_passes_over_a_camera_that_gives_no_picture(cameras: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []

    def look_at(source: CameraSource, limit_s: float) -> None:
        looked.append(source.target)
        if source.target == 0:
            raise CaptureError("camera 0 cannot be opened", "plug it in")

    monkeypatch.setattr(sources_module, "look_at", look_at)
    assert first_camera(CaptureConfig()) == CameraInfo(10, "Stage cam")
    assert looked == [0, 10]


def test_a_camera_that_is_not_there_cannot_be_probed() -> None:
    with pytest.raises(CaptureError, match=r"camera 63 cannot be opened.*plugged in"):
        probe("63")


def test_a_source_that_hangs_is_given_up() -> None:
    let_go = threading.Event()

    class Stuck(CameraSource):
        def open(self) -> SourceInfo:
            let_go.wait(20)
            raise CaptureError("the driver came back", "too late")

    with pytest.raises(CaptureError, match="no picture within"):
        sources_module.look_at(Stuck(0, CaptureConfig()), 0.05)
    let_go.set()
