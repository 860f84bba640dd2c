"""The log on disk: what it keeps, and that no disk hurts whoever logs."""

import errno
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from installation.base import log_file as log_file_module
from installation.base.clock import ManualClock
from installation.base.log_file import Keep, LogFile
from installation.base.secrets import learn
from installation.base.side_files import DiskRoom

DAY_S = 24 * 3600.0


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(9 * 3600.0)


@pytest.fixture
def make(tmp_path: Path, clock: ManualClock) -> Iterator[Callable[..., LogFile]]:
    made: list[LogFile] = []

    def log_file(room: DiskRoom | None = None, **keep: int) -> LogFile:
        made.append(LogFile(tmp_path / "logs" / "mien.log", Keep(**keep), clock, room))
        return made[-1]

    yield log_file
    for one in made:
        one.close()


def say(handler: LogFile, text: str, level: int = logging.INFO) -> None:
    handler.handle(logging.LogRecord("test", level, __file__, 1, text, None, None))
    handler.flush()


def older(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("mien-*.log"))


def test_lines_are_written_whole_and_passwords_are_not(make: Callable[..., LogFile]) -> None:
    learn("rtsp://guest:hunter22@camera.local/live")
    handler = make()
    say(handler, "reading rtsp://guest:hunter22@camera.local/live and hunter22")
    (line,) = handler.path.read_text().splitlines()
    assert line.endswith("INFO    reading rtsp://guest:***@camera.local/live and ***")


def test_a_run_goes_on_with_the_file_of_the_one_before(make: Callable[..., LogFile], clock: ManualClock) -> None:
    first = make()
    say(first, "one")
    first.close()
    # The test's clock is in the year 2000.
    written_s = clock.local_time().timestamp()
    os.utime(first.path, (written_s, written_s))
    second = make()
    say(second, "two")
    assert [line.split()[-1] for line in second.path.read_text().splitlines()] == ["one", "two"]
    second.close()
    os.utime(second.path, (written_s - DAY_S, written_s - DAY_S))
    third = make()
    say(third, "of another day")
    assert older(third.path.parent) == ["mien-20000101-090000.log"]
    assert len(third.path.read_text().splitlines()) == 1


def test_each_day_has_its_file_and_old_ones_go(make: Callable[..., LogFile], clock: ManualClock) -> None:
    handler = make(days=3, files=100)
    for day in range(8):
        say(handler, f"day {day}")
        clock.advance(DAY_S)
    say(handler, "today")
    assert handler.path.read_text().splitlines()[-1].endswith("today")
    names = older(handler.path.parent)
    assert names == [f"mien-2000010{day}-090000.log" for day in (6, 7, 8, 9)]
    assert (handler.path.parent / names[-1]).read_text().endswith("day 7\n")


def test_a_full_file_is_turned_and_so_many_are_kept(make: Callable[..., LogFile]) -> None:
    handler = make(file_bytes=200, files=2)
    for number in range(30):
        say(handler, f"line {number} {'x' * 60}")
    kept = [handler.path.parent / name for name in older(handler.path.parent)]
    assert len(kept) == 2
    assert all(path.stat().st_size <= 200 for path in [*kept, handler.path])
    # The newest lines are those that are there.
    text = "".join(path.read_text() for path in [*kept, handler.path])
    assert "line 29 " in text
    assert "line 3 " not in text


def test_a_second_run_leaves_the_file_alone(make: Callable[..., LogFile]) -> None:
    first, second = make(), make()
    say(second, "from the second")
    say(first, "from the first")
    assert second.taken
    assert first.path.read_text().splitlines()[0].endswith("from the first")
    assert len(first.path.read_text().splitlines()) == 1


def test_a_full_disk_costs_lines_and_says_so_once_until_there_is_room(
    make: Callable[..., LogFile], clock: ManualClock
) -> None:
    free = [0]
    handler = make(DiskRoom(100.0, lambda _: (10**12, free[0])))
    told: list[str] = []
    handler.on_trouble = told.append
    for number in range(3):
        say(handler, f"lost {number}")
        clock.advance(log_file_module.RETRY_S)
    assert len(told) == 1
    assert "is not written: 0 MB are free" in told[0]
    free[0] = 10**12
    say(handler, "back")
    assert told[1:] == [""]
    assert handler.trouble == ""
    lines = handler.path.read_text().splitlines()
    assert lines[0].endswith("back")
    assert lines[1].endswith("3 lines are missing here")


def test_a_disk_that_hangs_holds_nobody_up(
    make: Callable[..., LogFile], clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_file_module, "CLOSE_S", 0.05)
    monkeypatch.setattr(log_file_module, "MOST_LINES", 10)
    answers = threading.Event()
    room = DiskRoom(100.0, lambda _: (answers.wait(20), (10**12, 10**12))[1])
    handler = make(room)
    began_s = time.monotonic()
    for number in range(100):
        handler.handle(logging.LogRecord("test", logging.ERROR, __file__, 1, f"{number}", None, None))
    handler.close()
    assert time.monotonic() - began_s < 15.0
    answers.set()
    handler._thread.join(20)
    assert not handler._thread.is_alive()


def test_a_file_that_is_taken_away_is_begun_anew(make: Callable[..., LogFile]) -> None:
    handler = make()
    say(handler, "one")
    handler.path.unlink()
    say(handler, "two")
    assert handler.path.read_text().splitlines()[0].endswith("two")


def test_a_folder_that_cannot_be_is_told(tmp_path: Path, clock: ManualClock) -> None:
    (tmp_path / "logs").write_text("a file")
    handler = LogFile(tmp_path / "logs" / "mien.log", Keep(), clock)
    say(handler, "one")
    handler.close()
    assert "is not written" in handler.trouble


def test_a_write_that_fails_halfway_is_no_end(make: Callable[..., LogFile], clock: ManualClock) -> None:
    handler = make()
    say(handler, "one")

    class Broken:
        def fileno(self) -> int:
            return inner.fileno()

        def write(self, data: memoryview) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        def close(self) -> None: ...

    inner = handler._turning._file
    assert inner is not None
    handler._turning._file = Broken()  # type: ignore[assignment]
    say(handler, "two")
    assert "the disk is full" in handler.trouble
    handler._turning._file = inner
    clock.advance(log_file_module.RETRY_S)
    say(handler, "three")
    assert [line.split()[-1] for line in handler.path.read_text().splitlines()][:2] == ["one", "three"]
