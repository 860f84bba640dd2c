"""A project's folder: made by ``new``, found by ``--project``, and what lies in it is taken before what came with Mien."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from installation.base import files, model_files
from installation.base.files import PROJECT_VARIABLE, ROOT, SHIPPED
from installation.base.places import STATE
from installation.config import look_files, scene_files
from installation.config.load import load_config
from installation.setup import bootstrap, new, start
from installation.setup.start import take_project

FLAT = "void mainImage(out vec4 colour, in vec2 place) { colour = vec4(0.2, 0.4, 0.6, 1.0); }\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A new project."""
    assert new.new([str(tmp_path / "gallery")]) == 0
    return tmp_path / "gallery"


def asked(code: str, folder: Path) -> object:
    """What ``code`` prints as JSON in a process whose project is ``folder``."""
    environ = {**os.environ, PROJECT_VARIABLE: str(folder), "PYTHONPATH": str(ROOT)}
    environ.pop(STATE, None)  # a test before this one may have named it
    done = subprocess.run(
        [sys.executable, "-c", f"import json\n{code}"],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_a_new_project_has_all_that_an_artist_needs(project: Path) -> None:
    folders = {entry.name for entry in project.iterdir() if entry.is_dir()}
    assert folders == {"looks", "scenes", "styles", "poses", "captures", "docs"}
    assert (project / "config.yaml").read_bytes() == (SHIPPED / "config.yaml").read_bytes()
    assert load_config(project / "config.yaml") == load_config(SHIPPED / "config.yaml")
    schema = (project / "config.yaml").read_text(encoding="utf-8").splitlines()[0].split("$schema=")[1]
    assert json.loads((project / schema).read_text(encoding="utf-8"))["properties"]["look"]["anyOf"]
    readme = (project / "README.md").read_text(encoding="utf-8")
    assert readme.startswith("# gallery\n")
    assert all(f"`{name}/`" in readme for name in new.FOLDERS)


def test_git_carries_the_work_and_no_people(project: Path) -> None:
    left_out = ["captures/painting.png", "poses/poses.csv", "poses/poses.onnx", "logs/mien.log", "runs/take.jsonl.gz"]
    left_out += ["models/fetched/face.task", ".mien.lock"]
    kept = ["looks/evening.yaml", "scenes/mine.frag", "styles/happy/garden.jpg", "models/mine.onnx", "cues.yaml"]
    for name in [*left_out, *kept]:
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).touch()
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *command], cwd=project, check=True)
    listed = subprocess.run(["git", "ls-files"], cwd=project, capture_output=True, text=True, check=True).stdout
    names = set(listed.split())
    assert names >= {*kept, "config.yaml", ".gitignore", *(f"{name}/README.md" for name in new.FOLDERS)}
    assert not names & set(left_out)


def test_nothing_is_written_over(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (project / "config.yaml").stat().st_mtime_ns
    assert new.new([str(project)]) == 2
    (tmp_path / "file").touch()
    assert new.new([str(tmp_path / "file")]) == 2
    told = capsys.readouterr().err
    assert "gallery is not empty; choose another name" in told
    assert "file is a file; choose another name" in told
    assert (project / "config.yaml").stat().st_mtime_ns == before
    repository = tmp_path / "repository"
    (repository / ".git").mkdir(parents=True)
    assert new.new([str(repository)]) == 0


def test_what_set_up_fetched_serves_the_new_project_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "here"
    (here / "models" / "fetched").mkdir(parents=True)
    (here / "models" / "fetched" / "face.task").write_bytes(b"weights")
    monkeypatch.setattr(new, "IS_INSTALLED", True)
    monkeypatch.setattr(new, "PROJECT", here)
    assert new.new([str(tmp_path / "other")]) == 0
    assert (tmp_path / "other" / "models" / "fetched" / "face.task").read_bytes() == b"weights"


def test_the_artist_s_own_looks_and_scenes_come_first(project: Path) -> None:
    ink = (SHIPPED / "looks" / "ink.yaml").read_text(encoding="utf-8")
    (project / "looks" / "evening.yaml").write_text(ink)
    (project / "looks" / "tide.yaml").write_text(ink)
    (project / "scenes" / "flat.frag").write_text(FLAT)
    (project / "scenes" / "aurora.yaml").write_text("title: Mine\norder: -1\ndraws: [{}]\n")
    (project / "config.yaml").write_text("look: tide\nscene: {name: flat}\n")
    code = """
from installation.config.load import load_config
from installation.config.look_files import look_names, look_path, save_look
from installation.config.scene_files import load_scene, scene_names
config = load_config(__import__("pathlib").Path("config.yaml"))
path = save_look("kept", config.look)
print(json.dumps({"looks": look_names(), "scenes": scene_names(), "aurora": load_scene("aurora").title,
    "blossom": load_scene("blossom").title, "scene": config.scene.name, "kept": str(path), "tide": str(look_path("tide")),
    "accent": config.look.happy.palette.accent, "ink": load_config([], {"look": "ink"}).look.happy.palette.accent}))
"""
    found = asked(code, project)
    assert isinstance(found, dict)
    assert found["looks"] == ["evening", "ink", "kept", "mien", "tide"]
    assert {"flat", "aurora", "blossom"} < set(found["scenes"])
    assert found["scenes"][0] == "aurora"
    assert (found["aurora"], found["scene"]) == ("Mine", "flat")
    assert found["blossom"] == scene_files.load_scene("blossom").title
    assert found["kept"] == str(project / "looks" / "kept.yaml")
    assert found["tide"] == str(project / "looks" / "tide.yaml")
    assert found["accent"] == found["ink"]


def test_everything_is_written_into_the_project(project: Path) -> None:
    code = """
from installation.base.places import state_folder
from installation.commands.logs import log_path
from installation.config.settings import Config
from installation.record.performance_files import OWN
from installation.training.exports import OWN_MODELS, RUNS
from installation.training.ingest import DATA
print(json.dumps([str(one) for one in (log_path(Config()), OWN, OWN_MODELS, RUNS, DATA, state_folder([]))]))
"""
    found = asked(code, project)
    assert isinstance(found, list)
    assert all(Path(one).is_relative_to(project) for one in found), found


def test_a_model_of_one_s_own_is_taken_before_one_that_came_with_mien(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "models").mkdir()
    monkeypatch.setattr(model_files, "PROJECT", tmp_path)
    shipped = model_files.MODELS_DIR / "texture.onnx"
    assert model_files.model_file("texture.onnx") == shipped
    for name in ("texture.onnx", "mine.onnx"):
        (tmp_path / "models" / name).touch()
    assert model_files.model_file("texture.onnx") == tmp_path / "models" / "texture.onnx"
    assert model_files.model_names("*.onnx") == sorted(
        {"mine.onnx", *(path.name for path in shipped.parent.glob("*.onnx"))}
    )
    elsewhere = tmp_path / "elsewhere"
    assert model_files.model_file("texture.onnx", elsewhere) == elsewhere / "texture.onnx"


def test_in_a_checkout_all_is_one_folder() -> None:
    """Unless a project is named, nothing lies elsewhere than it did."""
    assert not files.IS_INSTALLED
    if PROJECT_VARIABLE not in os.environ:
        assert files.PROJECT == ROOT
    assert SHIPPED == ROOT
    assert look_files.FOLDERS == (ROOT / "looks",)
    assert scene_files.FOLDERS == (ROOT / "scenes", ROOT / "shaders" / "scenes")


@pytest.mark.parametrize(
    ("argv", "folder", "rest"),
    [
        ([], None, []),
        (["--offscreen"], None, ["--offscreen"]),
        (["--project", "gallery", "check"], Path("gallery"), ["check"]),
        (["check", "--project=a b"], Path("a b"), ["check"]),
        (["test", "--", "--project", "x"], None, ["test", "--", "--project", "x"]),
    ],
)
def test_a_project_is_named_anywhere(argv: list[str], folder: Path | None, rest: list[str]) -> None:
    assert take_project(argv) == (folder, rest)


def test_a_project_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert start.main(["--project", str(tmp_path / "none"), "check"]) == 2
    assert start.main(["check", "--project"]) == 2
    told = capsys.readouterr().err
    assert "No such file or directory; make one with: new" in told
    assert "--project: say which folder" in told


def test_run_py_works_in_a_project(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the checkout's own command starts has the project as its folder, by name and as the one it runs in."""
    seen: list[tuple[list[str], str | None, Path]] = []

    def stand_in(argv: list[str]) -> int:
        seen.append((argv, os.environ.get(PROJECT_VARIABLE), Path.cwd()))
        return 0

    monkeypatch.setenv(PROJECT_VARIABLE, "")
    monkeypatch.chdir(project.parent)
    monkeypatch.setattr(bootstrap, "main", stand_in)
    assert start.main(["--project", "gallery", "check", "--settings"]) == 0
    assert seen == [(["check", "--settings"], str(project), project)]
    found = asked(
        "from installation.base.files import PROJECT, SHIPPED; print(json.dumps([str(PROJECT), str(SHIPPED)]))", project
    )
    assert found == [str(project), str(ROOT)]
