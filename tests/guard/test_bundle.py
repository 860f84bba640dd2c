"""What a crash leaves: enough to understand it, no password in it, and no more than so many."""

import json
import os
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from installation.base.side_files import DiskRoom
from installation.guard.bundle import TAIL_BYTES, Bundles, Sources
from installation.guard.figures import Figures
from installation.guard.hooks import EndedRun

SECRET = "correct-horse"
SETTINGS = {"capture": {"source": f"rtsp://guest:{SECRET}@camera.local/live"}, "scene": {"name": "blossom"}}
RUN = EndedRun(
    number=3, pid=99, why="killed", text="killed by SIGSEGV", code=-11, started_s=100.0, ended_s=160.0, was_ready=True,
    figures=Figures(frames=1234, faults=("camera: gone",)), last_lines=("first", f"at rtsp://guest:{SECRET}@camera.local"),
)  # fmt: skip


class Place:
    """A folder with logs, and bundles made at times that move on by a second each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "logs"
        self.folder.mkdir()
        self.log, self.report = self.folder / "mien.log", folder / "report.json"
        self._now = datetime(2026, 8, 3, 9, 0)

    def now(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now

    def bundles(self, most: int = 5, room: DiskRoom | None = None, **more: Any) -> Bundles:
        texts = {"log.txt": self.log, "stacks.txt": self.folder / "mien.stacks.txt"}
        sources = Sources(self.folder / "crashes", texts, self.report, lambda: SETTINGS)
        return Bundles(replace(sources, **more), most, self.now, room)

    @property
    def made(self) -> list[Path]:
        return sorted((self.folder / "crashes").glob("*"))

    def read(self) -> dict[str, str]:
        with zipfile.ZipFile(self.made[-1]) as bundle:
            assert bundle.testzip() is None
            return {name: bundle.read(name).decode() for name in bundle.namelist()}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_killed_run_leaves_all_that_there_is_without_a_password(place: Place) -> None:
    place.log.write_text(f"09:00 reading rtsp://guest:{SECRET}@camera.local/live\n")
    (place.folder / "mien.stacks.txt").write_text("Fatal Python error: Segmentation fault\n")
    place.bundles().ended(RUN)
    assert [path.name for path in place.made] == ["crash-20260803-090001-0003-killed.zip"]
    found = place.read()
    assert not [name for name, text in found.items() if SECRET in text]
    assert json.loads(found["ended.json"])["text"] == "killed by SIGSEGV"
    assert json.loads(found["ended.json"])["lasted_s"] == 60.0
    assert found["printed.txt"].splitlines()[0] == "first"
    assert json.loads(found["settings.json"])["capture"]["source"] == "rtsp://guest:***@camera.local/live"
    assert json.loads(found["report.json"])["figures"]["frames"] == 1234
    assert json.loads(found["report.json"])["figures"]["faults"] == ["camera: gone"]
    assert found["log.txt"].startswith("09:00 reading")
    assert "Segmentation fault" in found["stacks.txt"]
    versions = json.loads(found["versions.json"])
    assert versions["packages"]["numpy"]
    assert versions["python"]


def test_the_piece_s_own_report_goes_before_the_guard_s_figures_but_not_one_of_another_run(place: Place) -> None:
    place.report.write_text(json.dumps({"frames_drawn": 1300, "timeline": [{"label": "sad"}], "faults": []}))
    ended_s = datetime(2026, 8, 3, 9, 0).timestamp()
    os.utime(place.report, (ended_s, ended_s))
    place.bundles().ended(RUN)
    assert json.loads(place.read()["report.json"]) == {"frames_drawn": 1300, "faults": []}
    os.utime(place.report, (ended_s - 3600, ended_s - 3600))
    place.bundles().ended(RUN)
    assert "figures" in json.loads(place.read()["report.json"])


@pytest.mark.parametrize("why", ["ended", "asked", "restart"])
def test_a_run_that_ended_as_it_should_leaves_nothing(place: Place, why: Any) -> None:
    place.bundles().ended(replace(RUN, why=why, code=0))
    assert place.made == []


def test_the_newest_are_kept_and_none_where_none_is_wanted(place: Place) -> None:
    bundles = place.bundles(most=2)
    for number in range(5):
        bundles.ended(replace(RUN, number=number))
    assert [path.name[-15:-11] for path in place.made] == ["0003", "0004"]
    place.bundles(most=0).ended(replace(RUN, number=9))
    assert len(place.made) == 2


def test_a_huge_log_is_cut_at_a_line(place: Place) -> None:
    place.log.write_text("".join(f"line {number}\n" for number in range(100_000)))
    place.bundles().ended(RUN)
    lines = place.read()["log.txt"].splitlines()
    assert lines[-1] == "line 99999"
    assert lines[0].startswith("line ")
    assert sum(len(line) + 1 for line in lines) <= TAIL_BYTES


def test_a_part_that_cannot_be_had_costs_that_part_only(place: Place) -> None:
    def broken() -> Any:
        raise ValueError("as a test")

    place.report.write_text("{")
    os.utime(place.report, (datetime(2026, 8, 3, 9, 0).timestamp(),) * 2)
    place.log.mkdir()
    place.bundles(settings=broken).ended(RUN)
    found = place.read()
    assert found["settings.json"] == "not to be had: ValueError: as a test"
    assert found["report.json"].startswith("not to be had: JSONDecodeError")
    assert found["log.txt"].startswith("not to be had: IsADirectoryError")
    assert json.loads(found["ended.json"])["number"] == 3


def test_a_full_disk_gets_none_and_nothing_is_raised(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    place.bundles(room=DiskRoom(100.0, lambda _: (10**12, 0))).ended(RUN)
    assert place.made == []
    assert "no crash bundle: " in caplog.text
