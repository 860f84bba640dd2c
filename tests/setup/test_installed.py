"""``mien`` where pip installed it: what is missing is done, step by step, and nothing else."""

from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from installation.setup import bootstrap, fetch, installed, system
from installation.setup.system import SetupError


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An empty project on a machine with all libraries and packages but the models; names of the steps that ran."""
    done: list[str] = []
    monkeypatch.setattr(installed, "PROJECT", tmp_path)
    monkeypatch.setenv("PYTHONSAFEPATH", "")  # what it is set to goes with the test
    monkeypatch.setattr(system, "missing_libraries", lambda *_: [])
    monkeypatch.setattr(installed, "missing_models", lambda: "models" not in done)
    monkeypatch.setattr(installed, "fetch_models", lambda: done.append("models"))
    monkeypatch.setattr(installed, "install", lambda packages: done.extend(packages))
    monkeypatch.setattr(bootstrap, "become", lambda command, root: done.append(" ".join(command[1:])) or 0)
    return done


def without(*names: str) -> Callable[[str], str]:
    """A stand-in for metadata.version that does not know some packages."""

    def version(name: str) -> str:
        if name in names:
            raise metadata.PackageNotFoundError(name)
        return "1"

    return version


def test_the_first_start_writes_settings_and_fetches_models(ran: list[str], tmp_path: Path) -> None:
    assert installed.main(["--offscreen"]) == 0
    assert ran == ["models", "-m installation --offscreen"]
    assert (tmp_path / "config.yaml").read_bytes() == (installed.SHIPPED / "config.yaml").read_bytes()
    (tmp_path / "config.yaml").write_text("# mine\n")
    assert installed.main(["check"]) == 0
    assert ran[2:] == ["-m installation check"]
    assert (tmp_path / "config.yaml").read_text() == "# mine\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.yaml"]


def test_settings_that_were_named_are_enough(ran: list[str], tmp_path: Path) -> None:
    assert installed.main(["--config", "other.yaml"]) == 0
    assert not (tmp_path / "config.yaml").exists()


def test_what_a_command_needs_is_installed_and_no_more(ran: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "version", without("onnxruntime", "onnxruntime-gpu", "cyndilib", "scikit-learn"))
    monkeypatch.setattr(bootstrap, "onnx_variant", lambda: "cpu")
    assert [one.split("==")[0] for one in installed.missing_packages(("cpu",))] == ["onnxruntime"]
    assert installed.main(["setup", "--with", "ndi"]) == 0
    assert [one.split("==")[0] for one in ran] == ["onnxruntime", "cyndilib", "models"]
    monkeypatch.setattr(metadata, "version", without("onnxruntime"))
    assert installed.missing_packages(("cpu",)) == [], "the one for a GPU serves"
    monkeypatch.setattr(metadata, "version", without("SpoutGL", "syphon-python"))
    monkeypatch.setattr("sys.platform", "linux")
    assert installed.missing_packages(("spout", "syphon")) == []
    monkeypatch.setattr("sys.platform", "darwin")
    assert [one.split("==")[0] for one in installed.missing_packages(("spout", "syphon"))] == ["syphon-python"]


def test_what_is_a_checkout_s_is_said(ran: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("test", "lint", "update"):
        assert installed.main([command]) == 2
    assert capsys.readouterr().err.count("works in a checkout of Mien") == 3
    assert ran == []


def test_a_step_that_fails_says_so_and_the_command_does_not_run(
    ran: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> None:
        raise SetupError("the models could not be fetched")

    monkeypatch.setattr(installed, "fetch_models", refuse)
    assert installed.main(["--offscreen"]) == 2
    assert ran == []
    assert "Set-up stopped: the models could not be fetched" in capsys.readouterr().err


def test_without_pip_there_may_be_uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(system, "run", lambda command, trouble: ran.append(list(command)))
    monkeypatch.setattr(fetch, "has_pip", lambda: False)
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    installed.install(["cyndilib==1"])
    assert ran[0][:4] == ["/bin/uv", "pip", "install", "--python"]
    assert fetch._pip()[:3] == ["/bin/uv", "tool", "run"]
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(SetupError, match="no pip beside"):
        installed.install(["cyndilib==1"])
