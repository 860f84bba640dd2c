"""What a person types behind run.py, and what each command needs installed."""

import argparse
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from installation.app import RunOptions, Takes
from installation.base.supervisor import StopSignal
from installation.commands import cli, dispatch
from installation.commands import run as run_command
from installation.commands.shared import load_settings
from installation.config.load import ConfigError, Flag
from installation.config.output import Hud
from installation.poses import table as pose_table
from installation.setup import bootstrap

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        ([], ("run", [])),
        (["--offscreen"], ("run", ["--offscreen"])),
        (["record", "arms_up", "--takes", "3"], ("record", ["arms_up", "--takes", "3"])),
        (["poses", "forget", "p1"], ("poses", ["forget", "p1"])),
        (["train", "poses"], ("train", ["poses"])),
        (["--source", "record"], ("run", ["--source", "record"])),
    ],
)
def test_the_first_word_is_the_command(argv: list[str], expected: tuple[str, list[str]]) -> None:
    assert cli.split(argv) == expected


def test_help_names_every_command() -> None:
    told = re.findall(r"^  .*", cli.run_parser().epilog or "", re.MULTILINE)
    words = {line.split()[0] for line in told} | {"test"}  # "test" shares a line with "setup"
    assert words == set(cli.COMMANDS) - {"run"}


def test_record_has_the_options_of_a_run_and_its_own() -> None:
    args = cli.record_parser().parse_args(
        [
            "arms_up",
            "--person",
            "p2",
            "--takes",
            "3",
            "--length",
            "4.5",
            "--source",
            "simulated",
            "--record",
            "in.jsonl",
        ]
    )
    assert (args.label, args.person, args.takes, args.length) == ("arms_up", "p2", 3, 4.5)
    assert (args.source, args.record) == ("simulated", Path("in.jsonl"))
    plain = cli.record_parser().parse_args(["arms_up"])
    assert (plain.person, plain.takes, plain.length) == ("", 1, None)
    assert set(vars(cli.run_parser().parse_args([]))) < set(vars(plain))


def refused(parser: argparse.ArgumentParser, *argv: str) -> None:
    with pytest.raises(SystemExit) as ended:
        parser.parse_args(argv)
    assert ended.value.code == 2


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ([], "the following arguments are required: label"),
        (["bow", "--takes", "0"], "takes must be a number from 1 to 99, not '0'"),
        (["bow", "--takes", "many"], "takes must be a number from 1 to 99, not 'many'"),
        (["bow", "--length", "-1"], "seconds must be a number above 0, not '-1'"),
        (["bow", "wave"], "unrecognized arguments: wave"),
    ],
)
def test_record_says_what_it_cannot_use(argv: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    refused(cli.record_parser(), *argv)
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["record", "arms up"], "'arms up' is no label"),
        (["record", "bow", "--person", "Ada Lovelace"], "'Ada Lovelace' is no name for a person"),
        (["train"], "train poses|texture|expression|simple"),
        (["train", "pose"], "train poses|texture|expression|simple"),
    ],
)
def test_names_that_cannot_be_end_with_2_before_anything_starts(
    argv: list[str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_command, "run_piece", lambda *_: pytest.fail("the piece was started"))
    assert dispatch.main(argv, StopSignal()) == 2
    assert said in capsys.readouterr().err


def test_record_starts_the_piece_with_its_label(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[RunOptions] = []
    monkeypatch.setattr(run_command, "run_piece", lambda options, _stop: started.append(options) or 0)
    assert dispatch.main(["record", "none", "--person", "p2"], StopSignal()) == 0
    assert started[0].takes == Takes("none", "p2", left=1, length_s=None)
    assert dispatch.main([], StopSignal()) == 0
    assert started[1].takes is None


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ([], "the following arguments are required: command"),
        (["lsit"], "invalid choice: 'lsit'"),
        (["forget"], "say whose rows (forget p1) or which label's"),
        (["forget", "p1", "--take", "one"], "invalid int value: 'one'"),
    ],
)
def test_poses_says_what_it_cannot_use(argv: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        dispatch.main(["poses", *argv], StopSignal())
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_poses_counts_and_forgets(tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: Callable) -> None:
    table = tmp_path / "poses.csv"
    for label, person in (("bow", "p1"), ("bow", "p2"), ("wave", "p1")):
        pose_table.append(table, label, person, 1, rows(3))

    def poses(*argv: str) -> tuple[int, str]:
        code = dispatch.main(["poses", "--data", str(table), *argv], StopSignal())
        told = capsys.readouterr()
        return code, told.out + told.err

    assert poses("list")[1].splitlines()[-1] == f"{table}: 9 rows"
    assert poses("forget", "p1") == (
        0,
        f"{table}: 6 rows deleted, 3 left (p2 3); now train again: python3 run.py train poses\n",
    )
    assert poses("forget", "p1") == (
        1,
        f"{table}: nothing is deleted: no person is called 'p1'; the table has p2\n",
    )
    assert [line.split() for line in poses("list")[1].splitlines()[:-1]] == [["bow", "p2", "take", "1", "3", "rows"]]
    table.unlink()
    code, told = poses("forget", "p2")
    assert code == 1
    assert "there is no such table; record poses first" in told


@pytest.fixture
def rows() -> Callable:
    return lambda count: np.zeros((count, len(pose_table.COLUMNS)), np.float32)


@pytest.mark.parametrize(
    ("argv", "extras"),
    [
        ([], set()),
        (["record", "arms_up"], set()),
        (["poses", "list"], set()),
        (["check"], set()),
        (["train", "poses", "--face"], {"poses"}),
        (["train", "texture"], {"train"}),
        (["train", "expression"], {"train"}),
        (["train", "paint"], {"train"}),
        (["train", "art"], {"poses", "train"}),
        (["evaluate", "art"], {"poses", "train"}),
        (["train", "simple", "--network", "dcgan"], {"train"}),
        (["ingest", "pictures"], {"train"}),
        (["export", "mine"], {"train"}),
        (["export", "--model-repository", "there"], {"server"}),
        (["export", "--model-repository=there"], {"server"}),
        (["gallery", "mine"], {"train"}),
        (["train"], set()),
        (["train", "--help"], set()),
        (["evaluate", "presence", "clips"], set()),
        (["evaluate", "expression"], {"compare", "train"}),
        (["test"], {"compare", "ndi", "poses", "server", "sound", "test", "train", "wall"}),
        (["setup", "--with", "link", "--with", "sound"], {"link", "sound"}),
    ],
)
def test_a_command_waits_for_nothing_it_does_not_need(argv: list[str], extras: set[str]) -> None:
    """The names are those of pyproject.toml's optional dependencies."""
    first, *more = bootstrap.extras_for(*cli.split(argv))
    assert first in ("cpu", "gpu")
    assert set(more) == extras


@pytest.mark.parametrize(
    ("module", "not_needed"),
    [
        ("installation.training.poses", ("torch", "mediapipe")),
        ("installation.evaluation.presence", ("torch", "sklearn", "skl2onnx")),
        # The last four may be used, but not by everybody, and are large.
        ("installation.app", ("torch", "sklearn", "skl2onnx", "mediapipe", "matplotlib", "scipy", "av", "aiohttp")),
    ],
)
def test_what_is_not_installed_for_a_command_is_not_imported_by_it(module: str, not_needed: tuple[str, ...]) -> None:
    pytest.importorskip("sklearn", reason="training poses needs scikit-learn")
    pytest.importorskip("skl2onnx", reason="training poses needs skl2onnx")
    text = f"import sys, {module}; print(*({set(not_needed)} & set(sys.modules)))"
    found = subprocess.run(
        [sys.executable, "-c", text], cwd=ROOT, capture_output=True, text=True, check=False, timeout=90
    )
    assert (found.returncode, found.stdout.strip()) == (0, ""), found.stderr


def test_a_picture_and_a_video_are_asked_for_by_name() -> None:
    args = cli.screenshot_parser().parse_args(["7680x4320", "a.png", "--scene", "sculpture", "--emotion", "sad"])
    assert (args.picture, args.file, args.scene, args.emotion) == ((7680, 4320), Path("a.png"), "sculpture", "sad")
    assert cli.run_parser().parse_args(["--video", "a.mkv"]).video == Path("a.mkv")
    for argv in (["99999x100", "a.png"], ["7680", "a.png"], ["640x360", "a.png", "--emotion", "bored"]):
        with pytest.raises(SystemExit):
            cli.screenshot_parser().parse_args(argv)
    with pytest.raises(SystemExit):
        cli.run_parser().parse_args(["--video", "a.gif"])


def test_the_figures_on_the_wall_are_asked_for_with_and_without_a_word() -> None:
    parse = cli.run_parser().parse_args
    assert [parse(argv).hud for argv in ([], ["--hud"], ["--hud", "--scene", "mask"])] == [None, "figures", "figures"]
    for word in get_args(Hud):
        assert parse(["--hud", word]).hud == word
    with pytest.raises(SystemExit):
        parse(["--hud", "all"])


def test_config_files_and_single_settings_are_typed_several_times() -> None:
    args = cli.run_parser().parse_args(
        ["--config", "a.yaml", "--config", "b.yaml", "--set", "scene.pace=2", "--set", "log.level=debug"]
    )
    assert cli.config_files(args) == [Path("a.yaml"), Path("b.yaml")]
    assert args.set == ["scene.pace=2", "log.level=debug"]
    assert cli.config_files(cli.run_parser().parse_args([])) == [Path("config.yaml")]


def test_set_and_files_reach_the_settings(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("scene: {follow: 0.5}\n")
    (tmp_path / "b.yaml").write_text("scene: {follow: 0.25}\n")
    files = ["--config", str(tmp_path / "a.yaml"), "--config", str(tmp_path / "b.yaml")]
    args = cli.run_parser().parse_args(
        [*files, "--set", "scene.pace=2", "--set", "capture.source=auto", "--source", "simulated"]
    )
    found = load_settings(args)
    config, overrides = found.config, found.overrides
    assert (config.scene.follow, config.scene.pace, config.capture.source) == (0.25, 2.0, "simulated")
    assert overrides == {"scene.pace": 2, "capture.source": Flag("simulated", "--source simulated")}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["--scene", "blosom"], "--scene blosom: there is no scene 'blosom'; did you mean 'blossom'?"),
        (["--set", "scene.name=blosom"], "--set scene.name=blosom: there is no scene 'blosom'"),
        (["--size", "1280x7680"], "--size 1280x7680: Input should be less than or equal to 4320, not '7680'"),
        (["--source", "rtsp://\x07"], "--source rtsp://\\x07: "),
    ],
)
def test_a_mistake_is_told_of_the_flag_that_was_typed(typed: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("scene: {}\n")
    args = cli.run_parser().parse_args(["--config", str(tmp_path / "config.yaml"), *typed])
    with pytest.raises(ConfigError) as error:
        load_settings(args)
    assert str(error.value).startswith(said)


def test_a_mistake_of_the_sign_is_told_of_its_flags(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.yaml").write_text("scene: {}\n")
    words = ["sign", str(tmp_path / "sign.png"), "--config", str(tmp_path / "config.yaml"), "--languages", "en", "xx"]
    assert dispatch.main(words, StopSignal()) == 2
    assert "\n--languages en xx: " in capsys.readouterr().err


def test_migrate_rewrites_an_older_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("output:\n  bloom: 0.3  # dim\n")
    assert dispatch.main(["config", "migrate", str(path)], StopSignal()) == 0
    assert "kept as config.yaml.v1.bak" in capsys.readouterr().out
    assert "glow: 0.5" in path.read_text()
    assert dispatch.main(["config", "migrate", str(path)], StopSignal()) == 0
    assert capsys.readouterr().out == f"{path} is up to date\n"
    path.write_text("output: [\n")
    assert dispatch.main(["config", "migrate", str(path)], StopSignal()) == 2
    assert "left as it is" in capsys.readouterr().err


def test_a_word_that_is_no_command_names_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    for word, said in (("scrennshot", "did you mean screenshot?"), ("frobnicate", "there are run, guard, setup, test")):
        with pytest.raises(SystemExit) as ended:
            cli.split([word])
        assert ended.value.code == 2
        assert said in capsys.readouterr().err


@pytest.mark.parametrize("command", ["train", "evaluate"])
def test_help_of_commands_with_parts_is_no_error(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert dispatch.main([command, "--help"], StopSignal()) == 0
    assert f"usage: run.py {command} " in capsys.readouterr().out
