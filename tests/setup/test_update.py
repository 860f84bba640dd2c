"""Updates: what is the artist's stays, nothing bad gets in, and a power cut at any step leaves a whole version in its place."""

import io
import os
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from installation.setup import belongings, bootstrap, environment, restart, switch, unpack, update
from installation.setup.service_plan import Machine
from installation.setup.switch import finish
from installation.setup.unpack import UpdateError
from installation.setup.update import Checks


class PowerCutError(Exception):
    """The end of everything, in the middle."""


def make(root: Path, version: str, **more: str) -> Path:
    """A small checkout; ``more`` are files with __ for / and _dot_ for the dot."""
    files = {
        "run.py": f"# {version}",
        "config.yaml": "version: 2\n",
        "pyproject.toml": "",
        "constraints.txt": "",
        "models/manifest.yaml": f"models: # {version}",
        "models/texture.onnx": f"weights {version}",
        "installation/__init__.py": f'__version__ = "{version}"\n',
        "installation/app.py": f"# {version}",
        "looks/mien.yaml": f"mien {version}",
        "looks/ink.yaml": f"ink {version}",
        "shaders/scenes/aurora.frag": f"aurora {version}",
        **more,
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A running checkout in which an artist has worked, recorded as a first set-up does."""
    root = make(tmp_path / "mien", "1.0.0", **{"installation/gone.py": "old"})
    belongings.record(root)
    for name, text in {**MINE, "installation/__pycache__/app.pyc": "cache", ".venv/bin/python": ""}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.fixture(autouse=True)
def no_real_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for the disk takes these tests half a minute."""
    monkeypatch.setattr(os, "sync", lambda: None)
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return make(tmp_path / "stick" / "mien-1.1.0", "1.1.0", **{"looks/tide.yaml": "tide 1.1.0"})


@pytest.fixture
def checked() -> list[str]:
    return []


@pytest.fixture
def checks(checked: list[str]) -> Checks:
    def note(name: str) -> Callable[..., None]:
        return lambda folder, *_: checked.append(f"{name} {folder.name}")

    return Checks(note("set up"), note("settings"), note("trial"))


def text(path: Path) -> str:
    return path.read_text()


MINE = {
    "config.yaml": "version: 2\nlook: dusk\n",
    "looks/ink.yaml": "my ink",
    "looks/dusk.yaml": "my dusk",
    "shaders/scenes/mine.frag": "my scene",
    "models/mine.onnx": "my weights",
    "models/fetched/face.task": "fetched",
    "films/loop.mp4": "film",
    "poses/poses.csv": "arms_up,p1\n",
    "captures/a.png": "picture",
    "runs/guard/good.yaml": "good",
}
"""What must be there whichever version runs."""
SHIPPED = ("run.py", "models/texture.onnx", "installation/app.py", "looks/mien.yaml", "shaders/scenes/aurora.frag")


def is_version(root: Path, version: str) -> bool:
    """Whether the checkout is of this version, whole, and everything of the artist is in it."""
    return all(version in text(root / name) for name in SHIPPED) and all(
        text(root / name) == mine for name, mine in MINE.items()
    )


def beside(root: Path) -> list[str]:
    return sorted(path.name for path in root.parent.iterdir() if path.name.startswith(root.name))


def test_there_and_back_and_there(root: Path, new: Path, checks: Checks, checked: list[str]) -> None:
    assert update.update([str(new)], root, checks) == 0
    assert is_version(root, "1.1.0")
    assert checked == ["set up mien.new", "settings mien.new", "trial mien.new"]
    assert text(root / "looks/tide.yaml") == "tide 1.1.0"
    assert not (root / "installation/gone.py").exists()
    assert not (root / "installation/__pycache__").exists()
    assert beside(root) == ["mien", "mien.before"]
    assert text(root / "config.yaml") == text(root.with_name("mien.before") / "config.yaml")  # the copy
    assert update.update(["back"], root, checks) == 0
    assert is_version(root, "1.0.0")
    assert text(root / "installation/gone.py") == "old"
    assert not (root / "looks/tide.yaml").exists()
    assert update.update(["back"], root, checks) == 0
    assert is_version(root, "1.1.0")


def test_a_second_update_lets_the_oldest_go(root: Path, new: Path, checks: Checks, tmp_path: Path) -> None:
    newest = make(tmp_path / "newest", "1.2.0")
    assert update.update([str(new)], root, checks) == 0
    assert update.update([str(newest)], root, checks) == 0
    assert is_version(root, "1.2.0")
    assert "1.1.0" in text(root.with_name("mien.before") / "run.py")
    assert beside(root) == ["mien", "mien.before"]


def test_who_was_forgotten_stays_forgotten(root: Path, new: Path, checks: Checks) -> None:
    assert update.update([str(new)], root, checks) == 0
    assert not (root.with_name("mien.before") / "poses").exists()
    (root / "poses/poses.csv").write_text("")
    assert update.update(["back"], root, checks) == 0
    assert text(root / "poses/poses.csv") == ""


def test_what_was_made_since_comes_back_along(
    root: Path, new: Path, checks: Checks, capsys: pytest.CaptureFixture[str]
) -> None:
    assert update.update([str(new)], root, checks) == 0
    (root / "looks/evening.yaml").write_text("my evening")
    (root / "captures/b.png").write_text("picture")
    (root / "config.yaml").write_text("version: 2\nlook: evening\n")
    capsys.readouterr()
    assert update.update(["back"], root, checks) == 0
    assert text(root / "looks/evening.yaml") == "my evening"
    assert text(root / "captures/b.png") == "picture"
    assert text(root / "config.yaml") == MINE["config.yaml"]
    said = capsys.readouterr().out
    assert "config.yaml" in said
    assert text(root.with_name("mien.before") / "config.yaml") == "version: 2\nlook: evening\n"


def test_the_window_it_was_typed_in_is_told_where_to_go(
    root: Path, new: Path, checks: Checks, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    assert update.update([str(new)], root, checks) == 0
    assert f"cd {root}" in capsys.readouterr().out
    assert Path.cwd() == root.with_name("mien.before")
    became: list[list[str]] = []
    monkeypatch.setattr(environment, "ROOT", root.with_name("mien.before"))
    monkeypatch.setattr(bootstrap, "become", lambda command, folder: became.append(command) or 0)
    with pytest.raises(SystemExit) as ended:
        bootstrap.main(["update", "back"])
    assert ended.value.code == 0
    assert became[0][1:] == [str(root / "run.py"), "update", "back"]
    assert Path.cwd() == root
    assert switch.current_of(root) == root


def test_back_without_a_version_before_is_refused(root: Path, checks: Checks) -> None:
    assert update.update(["back"], root, checks) == 2
    assert is_version(root, "1.0.0")


@pytest.mark.parametrize("failing", ["set_up", "settings", "trial"])
def test_a_version_that_fails_a_check_changes_nothing(
    failing: str, root: Path, new: Path, checks: Checks, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise UpdateError("config.yaml:2: look: there is no look 'dusk'")

    before = sorted(root.rglob("*"))
    assert update.update([str(new)], root, replace(checks, **{failing: fail})) == 2
    assert "config.yaml:2" in capsys.readouterr().err
    assert is_version(root, "1.0.0")
    assert sorted(root.rglob("*")) == before
    assert beside(root) == ["mien"]


def test_an_older_version_only_when_it_is_said(root: Path, tmp_path: Path, checks: Checks) -> None:
    older = make(tmp_path / "older", "0.9.10")
    assert update.update([str(older)], root, checks) == 2
    assert update.update([str(older), "--any-version", "--no-trial"], root, checks) == 0
    assert is_version(root, "0.9.10")


def test_a_changed_program_is_not_lost_in_silence(
    root: Path, new: Path, checks: Checks, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "installation/app.py").write_text("mended by hand")
    assert update.update([str(new)], root, checks) == 2
    assert "installation/app.py" in capsys.readouterr().err
    assert update.update([str(new), "--leave-changes"], root, checks) == 0
    assert text(root.with_name("mien.before") / "installation/app.py") == "mended by hand"
    assert is_version(root, "1.1.0")


def test_without_a_record_the_artists_files_are_kept(root: Path, new: Path, checks: Checks) -> None:
    (root / belongings.RECORD).unlink()
    assert update.update([str(new)], root, checks) == 0
    assert text(root / "looks/ink.yaml") == "my ink"
    assert "1.1.0" in text(root / "installation/app.py")
    assert not (root / "installation/gone.py").exists()
    assert all(text(root / name) == mine for name, mine in MINE.items())


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed here")
def test_a_git_checkout(root: Path, new: Path, checks: Checks, tmp_path: Path) -> None:
    clone = make(tmp_path / "clone" / "mien", "1.0.0")
    (clone / ".gitignore").write_text("/poses/\n")
    environ = {**os.environ, "HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1"}
    author = ["-c", "user.name=a", "-c", "user.email=a@b"]
    for words in (["init", "-q"], ["add", "."], [*author, "commit", "-qm", "first"]):
        subprocess.run(["git", "-C", str(clone), *words], check=True, env=environ)
    (clone / "looks/ink.yaml").write_text("my ink")
    (clone / "looks/dusk.yaml").write_text("my dusk")
    (clone / "installation/app.py").write_text("mended by hand")
    assert update.update([str(new)], clone, checks) == 2
    assert update.update([str(new), "--leave-changes"], clone, checks) == 0
    assert (text(clone / "looks/ink.yaml"), text(clone / "looks/dusk.yaml")) == ("my ink", "my dusk")
    assert (clone.with_name("mien.before") / ".git").is_dir()
    assert not (clone / ".git").exists()


def test_somebody_elses_checkout_is_left_to_them(
    root: Path, new: Path, checks: Checks, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: root.stat().st_uid + 1)
    assert update.update([str(new)], root, checks) == 2
    assert "belongs to another user" in capsys.readouterr().err


def test_the_new_versions_own_programs_are_asked(
    root: Path, new: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Set-up, settings and trial are run.py of the new version, in its folder; what it says of a failure is shown."""
    (new / "run.py").write_text(
        "# 1.1.0\nimport sys, pathlib\n"
        "with open('../asked', 'a') as file: print(pathlib.Path.cwd().name, *sys.argv[1:], file=file)\n"
        "print('good  all'); print('bad   settings  config.yaml:2: look: there is none')\n"
        "sys.exit(sys.argv[1:] == ['check', '--settings', '--config', 'evening.yaml'])\n"
    )
    assert update.update([str(new), "--config", "evening.yaml"], root) == 2
    said = capsys.readouterr().err
    assert "config.yaml:2: look" in said
    assert "good" not in said
    assert update.update([str(new)], root) == 0
    asked = (root.parent / "asked").read_text().splitlines()
    trial = "mien.new --config .mien-trial.yaml --offscreen --size 320x180 --seconds 2"
    assert asked[2:] == ["mien.new setup", "mien.new check --settings", trial]
    assert is_version(root, "1.1.0")
    assert not (root / ".mien-trial.yaml").exists()


def test_folders_of_somebody_else_beside_it_are_left_alone(root: Path, new: Path, checks: Checks) -> None:
    for name in ("mien.new", "mien.before"):
        other = make(root.with_name(name), "0.5.0")
        assert update.update([str(new)], root, checks) == 2
        assert update.update(["back"], root, checks) == 2
        assert "0.5.0" in text(other / "run.py")
        shutil.rmtree(other)


def test_a_folder_within_the_checkout_is_no_source(root: Path, checks: Checks) -> None:
    inner = make(root / "inner", "1.1.0")
    assert update.update([str(inner)], root, checks) == 2
    assert update.update([str(root)], root, checks) == 2
    assert update.update([str(root.parent)], root, checks) == 2
    assert (inner / "run.py").exists()


# ---- archives


def archive(folder: Path, path: Path) -> Path:
    """The folder as an archive of the kind that its name says, with one folder in it."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as made:
            for file in sorted(folder.rglob("*")):
                made.write(file, file.relative_to(folder.parent))
    else:
        with tarfile.open(path, f"w:{path.suffix[1:]}") as tar:
            tar.add(folder, folder.name)
    return path


@pytest.mark.parametrize("ending", [".zip", ".tar.gz", ".tar.xz"])
def test_archives_are_taken(ending: str, root: Path, new: Path, checks: Checks, tmp_path: Path) -> None:
    (new / "run.py").chmod(0o755)
    assert update.update([str(archive(new, tmp_path / f"release{ending}"))], root, checks) == 0
    assert is_version(root, "1.1.0")
    assert os.access(root / "run.py", os.X_OK)


def tar_of(path: Path, *members: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for member in members:
            tar.addfile(member, io.BytesIO(b"x" * member.size))
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, leads_to: str = "", size: int = 0) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname, made.size = kind, leads_to, size
    return made


@pytest.mark.parametrize(
    "members",
    [
        [member("../../evil", size=1)],
        [member("m/../../../evil", size=1)],
        [member("OUTSIDE/evil", size=1)],
        [member("m/link", tarfile.SYMTYPE, "../../evil"), member("m/link/x", size=1)],
        [member("m/link", tarfile.LNKTYPE, "/etc/passwd")],
        [member("m/device", tarfile.CHRTYPE)],
        [member("m/pipe", tarfile.FIFOTYPE)],
        [member("m/run.py", size=1), member("m/run.py", size=1)],
    ],
    ids=["up", "up within", "absolute", "symlink", "hard link", "device", "pipe", "twice"],
)
def test_a_bad_tar_writes_nothing_outside(
    members: list[tarfile.TarInfo], root: Path, checks: Checks, tmp_path: Path
) -> None:
    for one in members:
        one.name = one.name.replace("OUTSIDE", str(tmp_path))
    bad = tar_of(tmp_path / "bad.tar.gz", *members)
    before = sorted(tmp_path.rglob("*"))
    assert update.update([str(bad)], root, checks) == 2
    assert sorted(tmp_path.rglob("*")) == before


def test_a_bad_zip_writes_nothing_outside(root: Path, checks: Checks, tmp_path: Path) -> None:
    link = zipfile.ZipInfo("m/link")
    link.external_attr = 0o120777 << 16
    for number, name in enumerate(["../../evil", f"{tmp_path}/evil", "m/../../../evil", link]):
        bad = tmp_path / f"{number}.zip"
        with zipfile.ZipFile(bad, "w") as made:
            made.writestr(name, "x")
        before = sorted(tmp_path.rglob("*"))
        assert update.update([str(bad)], root, checks) == 2
        assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("ending", [".zip", ".tar.gz", ".tar.xz"])
def test_a_torn_archive_is_refused(ending: str, root: Path, new: Path, checks: Checks, tmp_path: Path) -> None:
    whole = archive(new, tmp_path / f"release{ending}").read_bytes()
    for length in (10, len(whole) // 2, len(whole) - 30):
        torn = tmp_path / f"torn{ending}"
        torn.write_bytes(whole[:length])
        assert update.update([str(torn)], root, checks) == 2
    assert is_version(root, "1.0.0")
    assert beside(root) == ["mien"]


def test_an_archive_larger_than_the_disk_is_refused(
    root: Path, checks: Checks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpack, "MOST_BYTES", 50_000)
    bomb = tar_of(tmp_path / "bomb.tar.gz", member("m/zeros", size=100_000))
    assert update.update([str(bomb)], root, checks) == 2
    assert beside(root) == ["mien"]


@pytest.mark.parametrize("what", ["nothing", "text", "pictures"])
def test_what_is_no_version_is_refused(what: str, root: Path, checks: Checks, tmp_path: Path) -> None:
    source = tmp_path / what
    if what == "text":
        source.write_text("hello")
    elif what == "pictures":
        source.mkdir()
        (source / "a.png").touch()
    assert update.update([str(source)], root, checks) == 2
    assert is_version(root, "1.0.0")


# ---- power cuts


def steps_of(argv: list[str], root: Path, checks: Checks) -> list[str]:
    seen: list[str] = []
    assert update.update(argv, root, checks, seen.append) == 0
    return seen


def cut(at: int) -> switch.Step:
    """A step that ends everything at the ``at``-th."""
    left = iter(range(1000))

    def step(name: str) -> None:
        if next(left) == at:
            raise PowerCutError(name)

    return step


@pytest.mark.parametrize("at_once", [True, False], ids=["exchange", "renames"])
@pytest.mark.parametrize("way", ["first", "again", "back"])
def test_a_power_cut_at_any_step_leaves_one_whole_version(
    way: str, at_once: bool, root: Path, new: Path, checks: Checks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also a second cut while the first is put in order. Without an exchange the place may be empty for a moment: then what
    lies beside it finds back."""
    if not at_once:
        monkeypatch.setattr(switch, "_exchange_at_once", lambda root, other: False)
    if way != "first":
        assert update.update([str(new)], root, checks) == 0
    newest = make(tmp_path / "newest", "1.2.0")
    argv, was, comes = {
        "first": ([str(new)], "1.0.0", "1.1.0"),
        "again": ([str(newest)], "1.1.0", "1.2.0"),
        "back": (["back"], "1.1.0", "1.0.0"),
    }[way]
    still = tmp_path / "still"
    shutil.copytree(root.parent, still, symlinks=True, ignore=shutil.ignore_patterns("still"))

    def scene(number: str) -> Path:
        shutil.copytree(still, tmp_path / number, symlinks=True)
        return tmp_path / number / "mien"

    steps = steps_of(argv, scene("whole"), checks)
    assert ("exchange" in steps, "third rename" in steps) == (True, not at_once)
    ends = set()
    for first in range(len(steps)):
        for second in (0, 3, 99) if way == "again" and at_once else (99,):
            here = scene(f"{first}-{second}")
            with pytest.raises(PowerCutError):
                update.update(argv, here, checks, cut(first))
            assert here.exists() or not at_once
            found = here if here.exists() else here.with_name("mien.aside")
            finished = False
            try:
                finish(found, cut(second))
                finished = True
            except PowerCutError:
                finish(here if here.exists() else here.with_name("mien.aside"))
            version = comes if comes in text(here / "run.py") else was
            assert is_version(here, version), (steps[first], second)
            assert set(beside(here)) <= {"mien", "mien.before", "mien.new"}
            ends.add(version)
            if version == comes:
                assert was in text(here.with_name("mien.before") / "run.py")
                assert beside(here) == ["mien", "mien.before"]
            else:
                before = here.with_name("mien.before")
                assert before.exists() == (way != "first")
                assert way == "first" or "1.0.0" in text(before / "run.py")
                assert update.update(argv, here, checks) == 0
                assert is_version(here, comes)
            shutil.rmtree(here.parent)
            if finished:
                break
    assert ends == {was, comes}


def test_a_start_without_an_update_touches_nothing(root: Path) -> None:
    before = sorted(root.parent.rglob("*"))
    assert finish(root) is None
    assert sorted(root.parent.rglob("*")) == before


def test_a_torn_state_is_taken_back(root: Path) -> None:
    switch.beside(root, switch.STATE).write_text('{"upd')
    assert finish(root) is not None
    assert is_version(root, "1.0.0")
    assert beside(root) == ["mien"]


def test_one_update_at_a_time(root: Path, new: Path, checks: Checks) -> None:
    with switch.only_one(root) as is_alone:
        assert is_alone
        assert update.update([str(new)], root, checks) == 2
        assert finish(root) is None
    assert update.update([str(new)], root, checks) == 0


def test_what_a_running_piece_writes_meanwhile_is_kept(root: Path, new: Path, checks: Checks) -> None:
    def step(name: str) -> None:
        if name == "move poses":
            (root / "poses").mkdir()
            (root / "poses/poses.csv").write_text("new")
            (root / "poses/more.csv").write_text("more")

    assert update.update([str(new)], root, checks, step) == 0
    assert text(root / "poses/poses.csv") == "arms_up,p1\n"
    assert sorted(path.name for path in (root / "poses").iterdir()) == ["more.csv", "poses.csv", "poses.csv.2"]


# ---- the rest


def test_large_files_take_no_second_room_and_small_ones_are_copies(
    root: Path, new: Path, checks: Checks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(belongings, "LARGE", 20)
    (root / "films/long.mp4").write_text("x" * 100)
    assert update.update([str(new)], root, checks) == 0
    before = root.with_name("mien.before")
    assert (root / "films/long.mp4").samefile(before / "films/long.mp4")
    assert not (root / "looks/dusk.yaml").samefile(before / "looks/dusk.yaml")


def test_a_guard_started_by_hand_is_named(root: Path, tmp_path: Path) -> None:
    machine = Machine(root=root, home=tmp_path, booted=tmp_path / "none", environ={}, user_id=1)
    assert restart.restart(root, machine, tmp_path) == restart.LATER
    for number, command in {
        "11": [f"{root}/.venv/bin/python", "-m", "installation", "guard", "--offscreen"],
        "12": ["/other/.venv/bin/python", "-m", "installation", "guard"],
        "13": [f"{root}/.venv/bin/python", "-m", "installation"],
    }.items():
        (tmp_path / number).mkdir()
        (tmp_path / number / "cmdline").write_bytes("\0".join([*command, ""]).encode())
    assert "process 11" in restart.restart(root, machine, tmp_path)
    assert "12" not in restart.restart(root, machine, tmp_path)


def test_a_service_is_started_anew_by_systemd(root: Path, tmp_path: Path) -> None:
    from installation.setup.service import service

    told: list[str] = []

    def ask(command: object) -> tuple[int, str]:
        told.append(" ".join(command))  # type: ignore[arg-type]
        return 0, ""

    home = tmp_path / "home"
    booted = tmp_path / "booted"
    booted.mkdir()
    none = tmp_path / "none"
    machine = Machine(root, root, "/usr/bin/python3", none, home, booted, none, none, os.geteuid() or 1, {}, ask=ask)
    assert service(["install"], machine) == 0
    told.clear()
    assert "started anew" in restart.restart(root, machine)
    assert told == ["systemctl --user try-restart mien.service"]
