"""The wheel: everything that lies around the package in a checkout is in it, and Mien runs from it without a checkout."""

import configparser
import json
import os
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from installation.base.files import PROJECT_VARIABLE, ROOT
from installation.base.model_files import load_manifest
from installation.setup import environment, new
from installation.setup.belongings import files_of, shipped

FOLDERS = ("looks", "models", "performances", "shaders")
INSIDE = "installation/shipped/"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built by what is installed here."""
    folder = tmp_path_factory.mktemp("dist")
    pytest.importorskip("hatchling")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("mien-*.whl"))


def versioned() -> set[str]:
    """Names of what belongs to this version."""
    return set(shipped(ROOT).names or files_of(ROOT))


def test_the_wheel_has_all_that_came_with_this_version_and_nothing_of_this_machine(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    ours = {name for name in versioned() if (ROOT / name).is_file()}
    wanted = {name for name in ours if name.startswith("installation/")}
    wanted |= {f"{INSIDE}{name}" for name in ours if name.split("/")[0] in FOLDERS}
    assert len(wanted) > 600
    assert wanted - names == set()
    more = {name for name in names - wanted if ".dist-info/" not in name}
    top = ["config.yaml", "constraints.txt", "pyproject.toml", "docs/presence_truth.yaml", *new.SCHEMAS]
    assert more - mine() == {f"{INSIDE}{name}" for name in top}
    assert not any("fetched" in name for name in names)


def mine() -> set[str]:
    """Files that are new in this checkout and not yet in a commit: a developer's build has them."""
    found = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard", "installation", *FOLDERS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    names = found.stdout.split()
    return {*names, *(f"{INSIDE}{name}" for name in names)}


def test_the_wheel_says_what_it_needs_and_what_is_typed(wheel: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        about = archive.read(next(name for name in names if name.endswith("/METADATA"))).decode()
        commands = configparser.ConfigParser()
        commands.read_string(archive.read(next(name for name in names if name.endswith("/entry_points.txt"))).decode())
    assert dict(commands["console_scripts"]) == {"mien": "installation.setup.start:main"}
    needed = [line for line in about.splitlines() if line.startswith("Requires-Dist: ") and "extra ==" not in line]
    assert len(needed) == len(project["dependencies"])
    assert {line.split(": ")[1] for line in about.splitlines() if line.startswith("Provides-Extra")} == set(
        project["optional-dependencies"]
    )
    assert any(name.endswith("licenses/NOTICE.md") for name in names)


def test_mien_runs_from_the_wheel_and_writes_into_the_project_alone(wheel: Path, tmp_path: Path) -> None:
    """Unpacked as pip would, with this environment's packages; the models are those that were fetched for this checkout."""
    site, project = tmp_path / "site", tmp_path / "gallery"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*")}
    environ = {name: value for name, value in os.environ.items() if name != PROJECT_VARIABLE}
    environ |= {"PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"}
    mien = [sys.executable, "-P", "-m", "installation.setup.start"]

    def run(*words: str, folder: Path) -> str:
        done = subprocess.run([*mien, *words], cwd=folder, env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    assert "gallery is ready: cd" in run("new", str(project), folder=tmp_path)
    for entry in load_manifest().values():
        if entry.package is not None:
            (project / "models" / entry.file).parent.mkdir(parents=True, exist_ok=True)
            (project / "models" / entry.file).symlink_to(entry.path)
    (project / "scenes" / "mine.frag").write_text(
        '#include "colour.glsl"\nvoid mainImage(out vec4 c, in vec2 p) { c = vec4(colour(), 1.0); }\n'
    )
    (project / "scenes" / "colour.glsl").write_text("vec3 colour() { return vec3(0.1, 0.3, 0.5); }\n")
    (project / "queue.py").write_text("raise SystemExit('an artist's file was taken for a module of Python's')\n")
    options = ("--offscreen", "--size", "320x180", "--source", "simulated", "--seconds", "2", "--report", "report.json")
    options += ("--set", "desk.port=0", "--set", "osc.targets=[]", "--screenshot", "captures/last.png")
    run(*options, "--scene", "mine", folder=project)
    report = json.loads((project / "report.json").read_text())
    assert report["frames_drawn"] > 0
    assert report["faults"] == []
    assert {"captures/last.png", "logs/mien.log"} <= {str(path.relative_to(project)) for path in project.rglob("*")}
    assert {path: path.stat().st_mtime_ns for path in site.rglob("*")} == before
    assert "good" in run("--project", str(project), "check", "--settings", folder=tmp_path)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_an_empty_environment_installs_sets_up_and_draws(wheel: Path, tmp_path: Path) -> None:
    """As people do, with the package index and no checkout."""
    place, folder = tmp_path / "venv", tmp_path / "empty"
    venv.create(place, with_pip=True)
    folder.mkdir()
    python = environment.python_of(place)
    environ = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", PROJECT_VARIABLE)}
    subprocess.run([python, "-m", "pip", "install", "-q", f"{wheel}[cpu]"], cwd=folder, env=environ, check=True)
    mien = str(python.with_name("mien"))
    before = {path for path in place.rglob("*") if "__pycache__" not in path.parts}
    subprocess.run([mien, "setup"], cwd=folder, env=environ, check=True)
    done = subprocess.run(
        [mien, "--offscreen", "--seconds", "5", "--report", "report.json"], cwd=folder, env=environ, check=False
    )
    assert done.returncode == 0
    assert json.loads((folder / "report.json").read_text())["frames_drawn"] > 20
    assert {path for path in place.rglob("*") if "__pycache__" not in path.parts} == before
