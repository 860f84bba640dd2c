"""The service: what units say, what systemd thinks of them, and that nothing is touched that is not ours."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from installation.setup import service_plan, units
from installation.setup.service import service
from installation.setup.service_plan import Machine, paths_of
from installation.setup.units import Kiosk, Piece, UnitError

ODD = 'Café\'s "50% $HOME; \\t" piece'
"""A folder's name with all that means something to systemd."""
DISPLAYS = {"DISPLAY": ":0"}


class Systemd:
    """Stands in for systemctl: notes what it was told, and says what it is to say."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.shows = ""
        self.version = "252"

    def __call__(self, command: Sequence[str]) -> tuple[int, str]:
        if "--version" in command:
            return 0, f"systemd {self.version} ({self.version}.1)\n+PAM"
        self.told.append(" ".join(command))
        return 0, self.shows if "show" in command else ""


@pytest.fixture
def systemd() -> Systemd:
    return Systemd()


@pytest.fixture
def machine(tmp_path: Path, systemd: Systemd) -> Machine:
    """A machine with systemd, a checkout with an odd name in it, and a user in a desktop session."""
    root, booted = tmp_path / ODD, tmp_path / "booted"
    for folder in (root, booted, tmp_path / "home"):
        folder.mkdir()
    for name in ("run.py", "config.yaml"):
        (root / name).touch()
    return Machine(
        root=root,
        folder=root,
        python="/usr/bin/python3",
        system_dir=tmp_path / "etc",
        home=tmp_path / "home",
        booted=booted,
        nvidia=tmp_path / "none",
        display_manager=tmp_path / "none",
        user_id=12345,
        environ=dict(DISPLAYS),
        which=lambda name: f"/usr/bin/{name}",
        ask=systemd,
    )


@pytest.fixture(autouse=True)
def user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """User 12345 is there, whatever this machine's users are."""
    real = pwd.getpwnam("nobody")
    found = pwd.struct_passwd((*("artist", "x", 12345, 12345), *tuple(real)[4:]))
    monkeypatch.setattr(pwd, "getpwuid", lambda number: found)
    monkeypatch.setattr(pwd, "getpwnam", lambda name: {"artist": found}[name])


def as_root(machine: Machine) -> Machine:
    return replace(machine, user_id=0, environ={"SUDO_USER": "artist"})


def piece(folder: Path, **more: object) -> Piece:
    command = ("/usr/bin/python3", f"{folder}/run.py", "guard", "--set", "scene.name=a%b")
    plain = Piece("mien", command, folder, "daemon", 1, ("audio",))
    return replace(plain, **more)  # type: ignore[arg-type]


def all_units(made: Piece) -> dict[str, str]:
    return {
        "session": units.session_unit(made),
        "lingering": units.lingering_unit(made),
        "kiosk_piece": units.kiosk_piece_unit(made),
        "system": units.system_unit(made),
        "cage": units.kiosk_unit(made, Kiosk.CAGE),
        "x": units.kiosk_unit(made, Kiosk.X),
    }


NAMES = list(all_units(piece(Path("/tmp"))))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed here")
@pytest.mark.parametrize("name", NAMES)
def test_systemd_takes_every_unit_without_a_word(name: str, tmp_path: Path) -> None:
    folder = tmp_path / ODD
    folder.mkdir()
    text = all_units(piece(folder))[name]
    # Verifying wants the programs to exist; these are not installed everywhere, and what stands behind them is looked at below.
    for program in ("/usr/bin/cage", "/usr/bin/xinit", "/usr/bin/python3"):
        text = text.replace(program, "/bin/true")
    unit = tmp_path / "mien.service"
    unit.write_text(text)
    mode = "--system" if name in {"system", "cage", "x"} else "--user"
    environ = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run(
        ["systemd-analyze", mode, "--man=no", "verify", str(unit)],
        capture_output=True,
        text=True,
        env=environ,
        check=False,
    )
    complaints = [line for line in (done.stdout + done.stderr).splitlines() if str(unit) in line or "mien" in line]
    assert (done.returncode, complaints) == (0, [])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed here")
@pytest.mark.parametrize("line", ["MemoryMax=lots", "WatchdogSec=soon", "ExecStart=relative"])
def test_a_wrong_line_would_be_seen(line: str, tmp_path: Path) -> None:
    unit = tmp_path / "mien.service"
    unit.write_text(units.system_unit(piece(tmp_path)).replace("[Install]", f"{line}\n[Install]"))
    done = subprocess.run(
        ["systemd-analyze", "--man=no", "verify", str(unit)], capture_output=True, text=True, check=False
    )
    assert "mien.service" in done.stdout + done.stderr


def test_paths_with_everything_in_them_arrive_as_they_are() -> None:
    made = piece(Path("/srv") / ODD)
    start = next(line for line in units.system_unit(made).splitlines() if line.startswith("ExecStart="))
    assert '"/srv/Café\'s \\"50%% $$HOME; \\\\t\\" piece/run.py" "guard"' in start
    assert '"scene.name=a%%b"' in start
    assert f"WorkingDirectory=/srv/{ODD.replace('%', '%%')}" in units.system_unit(made)


@pytest.mark.parametrize("name", ["a\nExecStartPre=/bin/evil", "a\x7f", "caf\udce9"])
def test_names_that_would_break_a_unit_are_refused(name: str) -> None:
    with pytest.raises(UnitError):
        units.system_unit(piece(Path("/srv") / name))


@pytest.mark.parametrize("name", [name for name in NAMES if name not in {"cage", "x"}])
def test_every_piece_is_watched_limited_and_restarted(name: str) -> None:
    lines = all_units(piece(Path("/srv/mien")))[name].splitlines()
    wanted = ["Type=notify", "NotifyAccess=main", "Restart=always", "RestartSec=10", "WatchdogSec=300", "MemoryMax=75%"]
    wanted += [
        "LimitCORE=1",
        "StartLimitIntervalSec=3600",
        "StartLimitBurst=20",
        "KillMode=mixed",
        "OOMPolicy=continue",
    ]
    assert set(wanted) <= set(lines)
    assert lines.index("StartLimitBurst=20") < lines.index("[Service]")


@pytest.mark.parametrize("name", NAMES)
def test_nothing_takes_cameras_gpu_sound_or_the_checkout_away(name: str) -> None:
    keys = {line.split("=")[0] for line in all_units(piece(Path("/srv/mien")))[name].splitlines()}
    assert not keys & {
        *("PrivateDevices", "DevicePolicy", "DeviceAllow", "ProtectClock", "ProtectHome", "PrivateTmp", "PrivateUsers"),
        *(
            "MemoryDenyWriteExecute",
            "RestrictRealtime",
            "SystemCallFilter",
            "PrivateNetwork",
            "RestrictAddressFamilies",
        ),
    }


def test_pauses_grow_where_systemd_knows_how() -> None:
    assert "RestartSteps" not in units.system_unit(piece(Path("/srv")))
    lines = units.system_unit(piece(Path("/srv"), steps=True)).splitlines()
    assert {"RestartSteps=5", "RestartMaxDelaySec=300"} <= set(lines)


def test_nvidia_keeps_its_helper() -> None:
    assert "NoNewPrivileges=yes" in units.system_unit(piece(Path("/srv")))
    assert "NoNewPrivileges" not in units.system_unit(piece(Path("/srv"), nvidia=True))


def test_a_checkout_under_usr_can_be_written() -> None:
    assert "ProtectSystem" not in units.system_unit(piece(Path("/usr/local/mien")))


def test_a_kiosk_has_no_limit_that_would_not_reach_the_piece() -> None:
    """What runs under PAMName= leaves the unit: systemd.exec(5)."""
    for kiosk in Kiosk:
        text = units.kiosk_unit(piece(Path("/srv")), kiosk)
        assert "PAMName=login" in text
        assert "Type=notify" not in text
        assert "MemoryMax" not in text
    assert "PAMName" not in units.kiosk_piece_unit(piece(Path("/srv")))


def test_in_a_session(machine: Machine, systemd: Systemd, capsys: pytest.CaptureFixture[str]) -> None:
    assert service(["install", "--display", "1"], machine) == 0
    paths = paths_of("mien", machine)
    assert "WantedBy=graphical-session.target" in paths["user"].read_text()
    assert '"guard" "--display" "1"' in paths["user"].read_text()
    assert "start mien.service" in paths["autostart"].read_text()
    assert systemd.told == [
        "systemctl --user daemon-reload",
        "systemctl --user enable mien.service",
        "systemctl --user import-environment DISPLAY",
        "systemctl --user restart mien.service",
    ]
    assert service(["uninstall"], machine) == 0
    assert [path for path in machine.home.rglob("*") if path.is_file()] == []
    assert "systemctl --user disable --now mien.service" in systemd.told


def test_without_a_display_it_lingers(machine: Machine, systemd: Systemd) -> None:
    assert service(["install", "--offscreen"], machine) == 0
    assert "loginctl enable-linger artist" in systemd.told
    assert "WantedBy=default.target" in paths_of("mien", machine)["user"].read_text()
    assert not paths_of("mien", machine)["autostart"].exists()


@pytest.mark.parametrize("kiosk", list(Kiosk))
def test_a_kiosk_is_two_units(kiosk: Kiosk, machine: Machine, systemd: Systemd) -> None:
    root = as_root(machine)
    assert service(["install", "--kiosk", kiosk.value], root) == 0
    paths = paths_of("mien", root)
    assert "User=artist" in paths["kiosk"].read_text()
    assert "User=" not in paths["kiosk_user"].read_text()
    assert "[Install]" not in paths["kiosk_user"].read_text()  # the session starts it, and nothing else
    assert "systemctl enable mien-kiosk.service" in systemd.told
    assert service(["uninstall"], root) == 0
    assert [path for path in root.system_dir.rglob("*") if path.is_file()] == []


def test_by_the_system_for_the_one_who_typed_sudo(machine: Machine) -> None:
    assert service(["install", "--system", "--offscreen"], as_root(machine)) == 0
    assert "User=artist" in paths_of("mien", machine)["system"].read_text()


def test_a_dry_run_prints_all_and_changes_nothing(
    machine: Machine, systemd: Systemd, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(machine.home.parent.rglob("*"))
    for argv in (["--kiosk", "cage"], ["--offscreen"], []):
        assert service(["install", "--dry-run", *argv], machine) == 0
        said = capsys.readouterr().out
        assert "ExecStart=" in said
        assert "systemctl" in said
    assert sorted(machine.home.parent.rglob("*")) == before
    assert systemd.told == []
    service(["install"], machine)
    systemd.told.clear()
    capsys.readouterr()
    assert service(["uninstall", "--dry-run"], machine) == 0
    assert "rm " in capsys.readouterr().out
    assert paths_of("mien", machine)["user"].exists()
    assert systemd.told == []


@pytest.mark.parametrize(
    ("argv", "is_root", "said"),
    [
        (["--system"], True, "a system service has no screen"),
        (["--system", "--offscreen"], False, "only root may do that: sudo python3"),
        (["--user"], True, "type it without sudo"),
        (["--kiosk", "cage", "--user"], True, "a kiosk is the system's"),
        (["--kiosk", "cage", "--offscreen"], True, "a kiosk is there for its screen"),
        (["--kiosk", "cage", "--as", "nobody-here"], True, "there is no user nobody-here"),
        (["--config", "none.yaml"], False, "none.yaml is not there"),
        (["--name", "../evil"], False, "--name takes"),
    ],
)
def test_what_cannot_work_is_refused_with_the_remedy(
    argv: list[str], is_root: bool, said: str, machine: Machine, systemd: Systemd, capsys: pytest.CaptureFixture[str]
) -> None:
    assert service(["install", *argv], as_root(machine) if is_root else machine) == 2
    assert said in capsys.readouterr().err
    assert systemd.told == []


def test_an_option_that_a_run_does_not_know_is_refused(machine: Machine) -> None:
    with pytest.raises(SystemExit) as ended:
        service(["install", "--bogus"], machine)
    assert ended.value.code == 2


def test_a_kiosk_waits_for_what_it_lacks(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    manager = machine.home / "display-manager.service"
    manager.touch()
    lacking = replace(as_root(machine), which=lambda name: None, display_manager=manager)
    assert service(["install", "--kiosk", "cage"], lacking) == 2
    said = capsys.readouterr().err
    assert "apt-get install cage" in said
    assert "disable --now display-manager" in said
    assert not machine.system_dir.exists()


def test_a_unit_of_somebody_else_is_left_alone(machine: Machine, systemd: Systemd) -> None:
    path = paths_of("mien", machine)["user"]
    path.parent.mkdir(parents=True)
    path.write_text("[Unit]\n")
    assert service(["install"], machine) == 2
    assert service(["uninstall"], machine) == 0
    assert path.read_text() == "[Unit]\n"
    assert systemd.told == []


def test_stopped_and_started_by_one_word(
    machine: Machine, systemd: Systemd, capsys: pytest.CaptureFixture[str]
) -> None:
    assert service(["stop"], machine) == 2
    assert "not installed" in capsys.readouterr().err
    service(["install"], machine)
    systemd.told.clear()
    assert [service([verb], machine) for verb in ("stop", "start", "restart")] == [0, 0, 0]
    assert systemd.told == [f"systemctl --user {verb} mien.service" for verb in ("stop", "start", "restart")]
    service(["uninstall"], machine)
    service(["install", "--kiosk", "cage"], as_root(machine))
    systemd.told.clear()
    assert service(["stop"], machine) == 2
    assert service(["stop"], as_root(machine)) == 0
    assert systemd.told == ["systemctl stop mien-kiosk.service"]


def test_status_in_sentences(machine: Machine, systemd: Systemd, capsys: pytest.CaptureFixture[str]) -> None:
    assert service(["status"], machine) == 1
    assert "not installed: python3 run.py service install" in capsys.readouterr().out
    service(["install"], machine)
    capsys.readouterr()
    systemd.shows = "ActiveState=active\nNRestarts=2\nMemoryCurrent=1500000000\nStatusText=60 pictures a second\n"
    assert service(["status"], machine) == 0
    said = capsys.readouterr().out
    assert "restarted 2 times, 1500 MB" in said
    assert "60 pictures a second" in said
    systemd.shows = "ActiveState=failed\nResult=start-limit-hit\nNRestarts=20\n"
    assert service(["status"], machine) == 1
    assert "given up" in capsys.readouterr().out


def test_without_systemd_the_guard_is_named(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.booted.rmdir()
    assert service(["status"], machine) == 1
    assert "run.py' guard" in capsys.readouterr().out
    assert service(["install", "--offscreen"], machine) == 2
    assert "guard --offscreen" in capsys.readouterr().err
    assert service(["install", "--dry-run"], machine) == 0
    assert not (machine.home / ".config").exists()


def test_a_program_that_is_not_there_is_no_crash() -> None:
    assert service_plan.ask(["no-such-program-here"])[0] == 127
