"""run.py check --settings: what an update asks a new version, which must not touch what the running one uses."""

from pathlib import Path

import pytest

from installation.base.supervisor import StopSignal
from installation.commands import check


def test_only_settings_and_models_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def touched(_config: object) -> list[check.Row]:
        raise AssertionError("the running piece has that")

    for name in ("_source", "_output", "_networks", "look_at_network"):
        monkeypatch.setattr(check, name, touched)
    monkeypatch.setattr(check, "_models", lambda config: [("good", "models", "all there")])
    file = tmp_path / "config.yaml"
    file.write_text("version: 2\n")
    assert check.check(["--settings", "--config", str(file)], StopSignal()) == 0
    assert "all there" in capsys.readouterr().out
    file.write_text("version: 2\nscene: {nmae: mask}\n")
    assert check.check(["--settings", "--config", str(file)], StopSignal()) == 1
    assert "nmae" in capsys.readouterr().out
    with pytest.raises(AssertionError, match="the running piece"):
        check.check(["--config", str(file)], StopSignal())
