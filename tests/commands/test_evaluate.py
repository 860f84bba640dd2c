"""``run.py evaluate``: a measurement ends when it is told to."""

import os
import signal
import types

import pytest

from installation.base.exit_codes import INTERRUPTED
from installation.base.supervisor import StopSignal
from installation.commands import evaluate as module


@pytest.fixture
def handlers():
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_measurement_and_lets_it_clean_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], handlers: None, number: int
) -> None:
    cleaned = []

    def measure(argv: list[str]) -> int:
        try:
            os.kill(os.getpid(), number)
            for _ in range(1000):
                signal.sigtimedwait([], 0.01)
            return 0
        finally:
            cleaned.append(argv)

    monkeypatch.setattr(module.importlib, "import_module", lambda name: types.SimpleNamespace(main=measure))
    stop = StopSignal()
    stop.install()
    assert module.evaluate(["look", "x"], stop) == INTERRUPTED
    assert cleaned == [["x"]]
    assert signal.Signals(number).name in capsys.readouterr().err
