"""How commands end: what they say and give back; every word of run.py names a command that there is."""

import importlib
import signal
from collections.abc import Callable

import pytest
import torch

from installation.base.supervisor import StopSignal
from installation.commands import train as commands
from installation.training.interrupt import STOPPED
from installation.training.running import BAD_INPUT, REFUSED, DataError, RefusedError, run


class OwnError(Exception):
    pass


def fails(error: BaseException) -> Callable[[], None]:
    def command() -> None:
        raise error

    return command


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        (lambda: None, 0, ""),
        (lambda: 7, 7, ""),
        (fails(DataError("no pictures")), BAD_INPUT, "no pictures\n"),
        (fails(FileNotFoundError("no file")), BAD_INPUT, "no file\n"),
        (fails(OwnError("own")), BAD_INPUT, "own\n"),
        (fails(RefusedError("too large")), REFUSED, "refused: too large\n"),
        (fails(KeyboardInterrupt()), STOPPED, "stopped here\n"),
        (lambda: signal.raise_signal(signal.SIGINT), STOPPED, "stopped here\n"),
    ],
)
def test_each_end_has_its_code_and_its_word(
    command: Callable[[], int | None], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command, bad_input=(OwnError,), stopped="stopped here") == code
    assert capsys.readouterr().err == said


def test_our_own_mistakes_are_not_hidden() -> None:
    with pytest.raises(OwnError):
        run(fails(OwnError("not named as bad input")))


def test_the_threads_are_those_asked_for() -> None:
    before = torch.get_num_threads()
    try:
        assert run(lambda: torch.get_num_threads(), threads=2) == 2
        assert run(lambda: torch.get_num_threads(), threads=None) == 2
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize("module", ["ingest", "exports", "gallery", *(name for name, _ in commands.TRAININGS.values())])
def test_every_word_names_a_command(module: str, capsys: pytest.CaptureFixture[str]) -> None:
    main = importlib.import_module(f"installation.training.{module}").main
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert "usage" in capsys.readouterr().out


def test_an_unknown_training_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.train(["nothing"], StopSignal()) == commands.train([], StopSignal()) == 2
    assert "poses|texture|expression|simple|enlarge|styles" in capsys.readouterr().err
