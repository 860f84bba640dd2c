import os
import subprocess
import sys
from pathlib import Path

import pytest

from installation.base.one_instance import AlreadyRunningError, OneInstance
from installation.base.places import key_of, runtime_folder

pytestmark = pytest.mark.skipif(os.name != "posix", reason="locks of files are needed")
HOLD = """
import sys
from pathlib import Path
from installation.base.one_instance import OneInstance
lock = OneInstance("the piece", [Path(sys.argv[1])])
lock.take()
print("taken", flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIEN_RUNTIME", str(tmp_path / "runtime"))


def test_a_second_one_is_told_who_has_it_until_that_is_gone_in_whatever_way(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", HOLD, str(config)], stdin=pipe, stdout=pipe) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"taken\n"
        with pytest.raises(
            AlreadyRunningError, match=rf"the piece of these settings runs already \(process {holder.pid}\)"
        ):
            OneInstance("the piece", [config]).take()
        OneInstance("the piece", [tmp_path / "other.yaml"]).take()
        OneInstance("the desk", [config]).take()
        holder.kill()
    lock = OneInstance("the piece", [config])
    lock.take()
    lock.refresh()
    lock.release()
    lock.release()


def test_a_lock_whose_file_was_cleared_away_is_taken_anew(tmp_path: Path) -> None:
    first, second = (OneInstance("the piece", [tmp_path / "config.yaml"]) for _ in range(2))
    first.take()
    first.release()
    second.take()
    with pytest.raises(AlreadyRunningError, match=str(os.getpid())):
        first.take()
    second.release()
    assert list((tmp_path / "runtime").iterdir()) == []


def test_a_file_has_one_key_however_it_is_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("")
    (tmp_path / "link.yaml").symlink_to(config)
    monkeypatch.chdir(tmp_path)
    typed = [config, Path("config.yaml"), tmp_path / ".." / tmp_path.name / "config.yaml", Path("link.yaml")]
    assert len({key_of([path]) for path in typed}) == 1
    assert key_of([config]) != key_of([config, config])


def test_the_runtime_folder_is_for_this_user_alone(tmp_path: Path) -> None:
    (tmp_path / "runtime").mkdir(mode=0o777)
    assert runtime_folder().stat().st_mode & 0o077 == 0


def test_a_link_in_the_place_of_the_folder_is_refused_and_the_piece_runs_without_a_lock(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "runtime").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="somebody else"):
        runtime_folder()
    OneInstance("the piece", [tmp_path / "config.yaml"]).take()
    assert "no lock can be had" in caplog.text
