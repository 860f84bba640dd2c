"""``run.py poses list|forget``."""

from pathlib import Path

import numpy as np
import pytest

from installation.commands import poses
from installation.poses.features import COLUMNS
from installation.poses.table import append, counts


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Three takes of two people."""
    path = tmp_path / "poses" / "poses.csv"
    for label, person, take, rows in (("arms_up", "p1", 1, 3), ("bow", "p1", 2, 2), ("arms_up", "p2", 1, 4)):
        append(path, label, person, take, np.zeros((rows, len(COLUMNS)), np.float32))
    return path


def test_the_command_lists_and_forgets(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert poses.main(["--data", str(path), "list"]) == 0
    assert "arms_up              p2           take   1      4 rows" in capsys.readouterr().out
    assert poses.main(["--data", str(path), "forget", "p1"]) == 0
    assert "5 rows deleted, 4 left (p2 4); now train again" in capsys.readouterr().out
    assert set(counts(path)) == {("arms_up", "p2", 1)}
    with pytest.raises(SystemExit):
        poses.main(["--data", str(path), "forget"])
    path.unlink()
    assert poses.main(["--data", str(path), "forget", "p1"]) == 1
    assert "record poses first" in capsys.readouterr().err
