"""What is written beside the show: no disk, and no name that was typed, ends or holds up the show."""

import contextlib
import errno
import gzip
import json
import logging
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.base import files, side_files
from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.base.side_files import DiskRoom, OutputError, SideFile, check_place
from installation.base.supervisor import StopSignal
from installation.capture.simulated.performer import PerformerScript
from installation.commands import dispatch
from installation.commands import run as run_command
from installation.config.load import load_config
from installation.config.osc import OscConfig
from installation.config.save import save_settings
from installation.config.settings import Config
from installation.live_commands.live_settings import LiveSettings
from installation.poses import table as pose_table
from installation.record.recording import Event, Recorder, read_recording
from installation.record.show_log import ShowLog
from installation.render.captures.picture_files import store_picture
from installation.showcontrol.osc_out.bundle import Bundle
from installation.showcontrol.show_control import ShowControl
from tests.poses.test_takes import ARMS_UP
from tests.poses.test_takes import Stage as PoseStage
from tests.render.captures.test_captures import Stage as CaptureStage
from tests.render.captures.test_video_recorder import SIZE, Studio, grey, wait_until_ended

ROOT = Path(__file__).resolve().parents[2]
LINES = [f"{np.random.default_rng(number).bytes(49).hex()}\n" for number in range(400)]


@pytest.fixture(autouse=True)
def _the_log_as_it_was() -> Iterator[None]:
    handlers = list(logging.getLogger().handlers)
    yield
    logging.getLogger().handlers[:] = handlers


class FullDisk:
    """A file that takes ``bytes_left``, in pieces that end where they like, and then refuses."""

    def __init__(self, path: Path, bytes_left: int, number: int) -> None:
        self._file, self._left, self._number = path.open("wb", buffering=0), bytes_left, number

    def write(self, data: memoryview) -> int:
        if self._left <= 0:
            raise OSError(self._number, os.strerror(self._number))
        taken = min(len(data), self._left, 777)
        self._left -= taken
        return self._file.write(data[:taken])

    def truncate(self, size: int) -> int:
        return self._file.truncate(size)

    def fileno(self) -> int:
        return self._file.fileno()

    def close(self) -> None:
        self._file.close()


def wait_for(is_so: Callable[[], bool]) -> None:
    until_s = time.monotonic() + 40
    while not is_so():
        assert time.monotonic() < until_s
        time.sleep(0.005)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO, errno.EFBIG, errno.EDQUOT])
def test_a_disk_that_fails_ends_the_file_with_whole_lines(packed: bool, number: int, tmp_path: Path) -> None:
    path, told = tmp_path / "a.log", []
    file = SideFile(path, told.append, packed=packed, open_file=lambda one: FullDisk(one, 2_000, number))
    for line in LINES[:10]:
        file.write(line)
    file.flush(60)
    for line in LINES[10:]:
        file.write(line)
    file.flush(60)
    file.write("too late\n")
    file.close()
    assert file.failed
    assert len(told) == 1
    assert str(path) in told[0]
    data = path.read_bytes()
    text = (gzip.decompress(data) if packed else data).decode()
    assert text.splitlines(True) == LINES[:10]


def test_a_file_takes_all_where_the_disk_does(tmp_path: Path) -> None:
    for name in ("a", "b.gz"):
        file = SideFile(tmp_path / name, pytest.fail, packed=name == "b.gz")
        for line in LINES:
            file.write(line)
        file.close(60)
    assert (tmp_path / "a").read_text() == gzip.decompress((tmp_path / "b.gz").read_bytes()).decode() == "".join(LINES)


def test_who_is_killed_loses_half_a_second_at_most(tmp_path: Path) -> None:
    file = SideFile(tmp_path / "a.gz", pytest.fail, packed=True)
    file.write("first\n")
    wait_for(lambda: (tmp_path / "a.gz").stat().st_size > 0)
    # Nobody has closed or flushed it, and it is a whole file.
    assert gzip.decompress((tmp_path / "a.gz").read_bytes()) == b"first\n"
    file.close(60)


class HangingDisk(FullDisk):
    """Takes nothing until ``go`` is set."""

    def __init__(self, path: Path, go: threading.Event) -> None:
        super().__init__(path, 10**9, 0)
        self._go = go

    def write(self, data: memoryview) -> int:
        self._go.wait(40)
        return super().write(data)


def test_a_disk_that_hangs_holds_up_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_files, "MAX_WAITING_CHARS", 20_000)
    go, told = threading.Event(), []

    file = SideFile(tmp_path / "a", told.append, open_file=lambda one: HangingDisk(one, go))
    began_s = time.monotonic()
    for line in LINES:
        file.write(line)
    file.close(0.05)
    assert time.monotonic() - began_s < 15
    go.set()
    assert [message.split(": ")[1].split(".")[0] for message in told] == ["the disk takes nothing any more"]
    file._thread.join(20)
    assert (tmp_path / "a").read_text() == ""


def test_a_disk_that_hangs_at_the_end_is_left_alone(tmp_path: Path) -> None:
    go, told = threading.Event(), []

    file = SideFile(tmp_path / "a", told.append, open_file=lambda one: HangingDisk(one, go))
    file.write("x\n")
    file.close(0.05)
    go.set()
    assert "the disk does not answer" in told[0]


def test_room_that_runs_out_ends_the_file_and_an_older_one_stays_where_there_is_none(tmp_path: Path) -> None:
    path, told, free = tmp_path / "a", [], [5e9]
    room = DiskRoom(1000, lambda _: (10**12, int(free[0])))
    file = SideFile(path, told.append, room)
    file.write("first\n")
    file.flush(60)
    free[0] = 5e8
    file.write("second\n")
    file.close(60)
    assert path.read_text() == "first\n"
    assert "500 MB are free on its disk, less than the 1000 of video.keep_free_mb" in told[0]
    again = SideFile(path, told.append, room)
    again.write("third\n")
    again.close()
    assert path.read_text() == "first\n"
    assert "is not written" in told[1]
    room.keep_free_mb = 0
    SideFile(path, pytest.fail, room).close(60)
    assert path.read_text() == ""


def test_of_a_small_disk_a_tenth_stays_free(tmp_path: Path) -> None:
    DiskRoom(1000, lambda _: (int(2e9), int(2.1e8))).check(tmp_path)
    with pytest.raises(OSError, match="190 MB are free on its disk, less than the 200"):
        DiskRoom(1000, lambda _: (int(2e9), int(1.9e8))).check(tmp_path)


def test_a_file_that_was_deleted_is_told_and_one_that_was_moved_goes_on(tmp_path: Path) -> None:
    told: list[str] = []
    for name in ("deleted", "moved"):
        file = SideFile(tmp_path / name / "a", told.append)
        file.write("first\n")
        file.flush(60)
        if name == "moved":
            (tmp_path / name).rename(tmp_path / "elsewhere")
        else:
            (tmp_path / name / "a").unlink()
            (tmp_path / name).rmdir()
        file.write("second\n")
        file.close(60)
    assert len(told) == 1
    assert "deleted/a ends here: it was deleted" in told[0]
    assert (tmp_path / "elsewhere" / "a").read_text() == "first\nsecond\n"


MISTAKES = [
    ("gone/deep/a.gz", "there is no folder"),
    ("folder", "it is a folder; name a file in it"),
    ("file/a.gz", "is a file, not a folder"),
    ("file/deep/a.gz", "is a file, not a folder"),
    ("/proc/a.gz", "no file can be made in /proc"),
    ("/proc/no/a.gz", "there is no folder /proc/no"),
    ("pipe", "it is a device or a pipe"),
    ("/dev/null", "it is a device or a pipe"),
    ("a" * 300, "File name too long"),
    ("nul\0", "no name for a file"),
]


@pytest.mark.parametrize(("name", "said"), MISTAKES)
def test_a_place_that_was_typed_wrongly_is_refused(name: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OutputError, match=said):
        check_place(tmp_path / name, "--record")
    with pytest.raises(OutputError, match=said):
        SideFile(tmp_path / name, pytest.fail)


@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC, errno.EIO])
def test_a_disk_that_is_bad_at_the_start_is_a_fault_and_no_refusal(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    told: list[str] = []
    monkeypatch.setattr(side_files.tempfile, "TemporaryFile", refuse)
    Recorder(tmp_path / "take.gz", {}, told.append).close()
    monkeypatch.setattr(Path, "mkdir", refuse)
    log = ShowLog(tmp_path / "log", told.append)
    log.osc(b"packet")
    log.close()
    assert [one.split(" is not written")[0] for one in told] == [
        str(tmp_path / name) for name in ("take.gz", "log/scene.log", "log/osc.log")
    ]
    assert log.failed


def test_a_refused_start_is_in_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "r.json"
    (tmp_path / "config.yaml").write_text("# all defaults\n")
    argv = ["--config", str(tmp_path / "config.yaml"), "--report", str(report), "--record", str(tmp_path)]
    assert dispatch.main(argv, StopSignal()) == 2
    (fault,) = json.loads(report.read_text())["faults"]
    assert fault["message"] in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--record", "{}/no/where/a.gz"], "--record {}/no/where/a.gz: there is no folder {}/no"),
        (["--log", "{}/config.yaml"], "it is a file; name a folder"),
        (["--report", "{}"], "it is a folder"),
        (["--screenshot", "{}/config.yaml/a.png"], "{}/config.yaml is a file"),
        (["--video", "{}/no/where/a.mp4"], "--video {}/no/where/a.mp4: there is no folder {}/no"),
        (["--record", "{}/config.yaml"], "would write over the settings"),
        (["--report", "{}/a.png", "--screenshot", "{}/a.png"], "would write over --report"),
        (["--source", "{}/film.mp4", "--video", "{}/film.mp4"], "would write over the source"),
    ],
)
def test_such_a_place_ends_the_start_with_2_and_one_line(
    options: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run_command, "run_piece", lambda *_: pytest.fail("the piece was started"))
    (tmp_path / "config.yaml").write_text("# all defaults\n")
    (tmp_path / "film.mp4").write_bytes(b"film")
    argv = ["--config", f"{tmp_path}/config.yaml", *(option.format(tmp_path) for option in options)]
    assert dispatch.main(argv, StopSignal()) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said.format(tmp_path, tmp_path) in line
    assert (tmp_path / "film.mp4").read_bytes() == b"film"


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--screenshot", "a.gif"], "a picture's name ends in .png, .jpg or .webp, not 'a.gif'"),
        (["--screenshot", "a"], "a picture's name ends in .png, .jpg or .webp, not 'a'"),
        (["screenshot", "100x100", "a.jpg"], "a picture of any size is written as PNG"),
        (["replay", "a.gz", "--seconds", "-1"], "must be a number above 0"),
        (["replay", "a.gz", "--report", "r.json"], "unrecognized arguments: --report"),
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_runs(
    argv: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        dispatch.main(argv, StopSignal())
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "begins", "worst"),
    [("a.png", b"\x89PNG", 0), ("a.JPG", b"\xff\xd8\xff", 12), ("a.jpeg", b"\xff\xd8\xff", 12), ("a.webp", b"RIFF", 0)],
)
def test_a_picture_is_what_its_ending_says(name: str, begins: bytes, worst: int, tmp_path: Path) -> None:
    rgb = np.zeros((40, 64, 3), np.uint8)
    rgb[:, :32], rgb[:, 32:] = (200, 40, 10), (10, 40, 200)
    store_picture(tmp_path / name, rgb)
    data = (tmp_path / name).read_bytes()
    assert data.startswith(begins)
    found = cv2.cvtColor(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    assert np.abs(found.astype(int) - rgb).max() <= worst
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_picture_too_large_for_its_format_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"20000x2 pixels are too many for \.webp; store it as \.png"):
        store_picture(tmp_path / "a.webp", np.zeros((2, 20_000, 3), np.uint8))
    assert not list(tmp_path.iterdir())


def test_screenshots_work_again_when_there_is_room(tmp_path: Path) -> None:
    stage = CaptureStage(tmp_path)
    free = [5e8]
    stage.captures._room = DiskRoom(1000, lambda _: (10**12, int(free[0])))
    stage.captures.snapshot()
    stage.draw()
    stage.captures.close()
    assert "500 MB are free" in stage.faults()[0]
    assert list(stage.folder.iterdir()) == []
    free[0] = 5e9
    stage.captures.snapshot()
    stage.draw()
    (name,) = stage.wait("snapshot")
    assert stage.faults() == []
    assert [path.name for path in stage.folder.iterdir()] == [name]
    stage.captures.close()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_the_last_picture_that_cannot_be_written_is_a_fault(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = CaptureStage(tmp_path)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "open", refuse)
    stage.captures.store_now(None, tmp_path / "a.png")
    assert "a.png cannot be written: the disk is" in stage.faults()[0]
    stage.captures.close()


def test_a_video_whose_file_was_deleted_ends(tmp_path: Path) -> None:
    studio = Studio(keep_free_mb=0)
    studio.recorder.start(tmp_path / "a.mp4", SIZE, 30)
    studio.film([n / 30 for n in range(40)], grey)
    wait_for(lambda: studio.recorder.figures.taken == 40)
    (tmp_path / "a.mp4").unlink()
    studio.film([n / 30 for n in range(40, 105)], grey)
    wait_until_ended(studio)
    assert "a.mp4 was deleted or moved" in studio.faults()
    assert studio.recorder.close(60)


def test_a_take_that_the_disk_refuses_leaves_the_table_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = PoseStage(tmp_path)

    def take() -> None:
        stage.takes.begin("arms_up")
        stage.watch(2.0, ARMS_UP)

    take()
    path = tmp_path / "poses" / "poses.csv"
    before = path.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(pose_table.os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
        take()
    assert path.read_bytes() == before
    assert "is not stored" in stage.faults()[0]
    take()
    assert stage.faults() == []
    assert set(stage.rows().values()) == {11}


def test_settings_that_cannot_be_saved_stay_as_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("output: {glow: 1.0}\n")
    live = LiveSettings(load_config(path), lambda changes: save_settings(path, changes))
    live.change("/control/output/glow", [2.0])
    with monkeypatch.context() as patch:
        patch.setattr(files.os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
        with pytest.raises(ValueError, match=r"not saved: .*full"):
            live.save()
    assert path.read_text() == "output: {glow: 1.0}\n"
    assert [one.name for one in tmp_path.iterdir()] == ["config.yaml"]
    assert live.save() == 1
    assert load_config(path).output.glow == 2.0


def test_a_look_that_cannot_be_saved_is_not_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted((ROOT / "looks").iterdir())
    monkeypatch.setattr(files.os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "disk full")))
    assert dispatch.main(["look", "save", "never"], StopSignal()) == 2
    assert "The look is not saved: [Errno 28] disk full" in capsys.readouterr().err
    assert sorted((ROOT / "looks").iterdir()) == before


@pytest.mark.parametrize("stage", ["recording", "log", "report", "screenshot", "video"])
def test_sound_and_light_need_not_care_for_a_full_disk(stage: str) -> None:
    sent: list[Bundle] = []
    control = ShowControl(OscConfig(), sent.append)
    control.on_health({"figures": [1.0] * 6, "faults": [[stage, "the disk is full"]], "fallbacks": []})
    messages = dict(sent[0].messages)
    assert messages["/fault"] == [stage, "the disk is full"]
    assert messages["/state"] == ["starting", ""]


def recorded(path: Path) -> Path:
    """Two seconds of the simulated performer, 20 observations and 40 frames a second."""
    script = PerformerScript(1)
    recorder = Recorder(path, {"seed": 1, "config": Config().model_dump() | {"osc": {"targets": []}}})
    for n in range(80):
        if n % 2 == 0:
            recorder.write(Event("observation", n / 40, script.observe(n / 40, n)))
        recorder.write(Event("frame", n / 40))
    recorder.close()
    return path


def test_a_replay_ends_after_so_many_seconds_of_the_recording(tmp_path: Path) -> None:
    take = recorded(tmp_path / "take.jsonl.gz")
    for name, options in (("all", []), ("half", ["--seconds", "0.5"])):
        argv = ["replay", str(take), "--fast", "--log", str(tmp_path / name), *options]
        assert dispatch.main(argv, StopSignal()) == 0
    for log in ("scene.log", "osc.log"):
        lines = (tmp_path / "all" / log).read_text().splitlines()
        half = (tmp_path / "half" / log).read_text().splitlines()
        assert half == lines[: len(half)]
        assert 0 < len(half) < len(lines)
        assert len(half) == 20 or log == "osc.log"


def test_a_replay_whose_log_is_cut_says_so_by_its_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    take = recorded(tmp_path / "take.jsonl")

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(side_files, "_refuse_deleted", refuse)
    assert dispatch.main(["replay", str(take), "--fast", "--log", str(tmp_path / "log")], StopSignal()) == 1


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="limits of file sizes are POSIX's")
def test_a_whole_run_on_a_disk_that_takes_little(tmp_path: Path) -> None:
    """A limit of the file size stands for the full disk: every write beyond it fails, of whatever output."""
    config = tmp_path / "config.yaml"
    config.write_text(
        "osc: {targets: [], listen_port: 0}\noscquery: {enabled: false}\nvideo: {keep_free_mb: 0}\n"
        "generation: {enabled: false}\nrepainting: {enabled: false}\n"
    )
    limit = 40_000
    found = subprocess.run(
        [sys.executable, "-m", "installation", "--offscreen", "--size", "320x180", "--seconds", "2", "--source",
         "simulated", "--config", str(config), "--record", str(tmp_path / "take.jsonl.gz"), "--log",
         str(tmp_path / "log"), "--screenshot", str(tmp_path / "a.png"), "--report", str(tmp_path / "r.json")],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=150,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    assert "Traceback" not in found.stderr
    assert "done: 2 seconds are over; not written as asked: recording, log, screenshot" in found.stderr
    for name in ("recording: ", "log: ", "screenshot: "):
        assert found.stderr.count(f"ERROR   {name}") == 1, found.stderr
    _, events = read_recording(tmp_path / "take.jsonl.gz")
    frames = [event.t_s for event in events if event.kind == "frame"]
    assert frames
    for log in ("scene.log", "osc.log"):
        assert (tmp_path / "log" / log).read_text().endswith("\n")
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["frames_drawn"] > len(frames)
    assert {fault["stage"] for fault in report["faults"]} >= {"recording", "log", "screenshot"}


def test_a_small_disk_that_is_really_full(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], check=False).returncode != 0:
        pytest.skip("this user may not mount a small disk")
    try:
        told: list[str] = []
        notices = Notices(ManualClock())
        file = SideFile(disk / "a.gz", told.append, packed=True)
        rng = np.random.default_rng(1)
        for _ in range(100):
            file.write(f"{rng.bytes(2_000).hex()}\n")
            file.flush(60)
        file.close(60)
        assert ["the disk is full; make room" in one for one in told] == [True]
        lines = gzip.decompress((disk / "a.gz").read_bytes()).decode().splitlines()
        assert 10 < len(lines) < 100
        assert {len(line) for line in lines} == {4_000}
        assert notices.active() == ()
    finally:
        with contextlib.suppress(OSError):
            (disk / "a.gz").unlink()
        subprocess.run(["umount", disk], check=True)
