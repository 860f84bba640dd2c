"""Tables of losses: rows are added, a training that resumed from earlier drops what came later; the plot shows all of them."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.training import losses
from installation.training.losses import Progress


def test_rows_are_added_and_those_after_an_earlier_checkpoint_dropped(tmp_path: Path) -> None:
    for step in (10, 20, 30):
        losses.add(tmp_path, step, {"critic": step / 100, "affect": 1e-6 * step})
    losses.add(tmp_path, 20, {"critic": 9.0, "affect": 8.0})
    steps, columns = losses.read(tmp_path / "losses.csv")
    assert steps == [10, 20]
    assert columns == {"critic": [0.1, 9.0], "affect": [1e-5, 8.0]}


def test_a_table_of_other_losses_is_kept_beside(tmp_path: Path) -> None:
    losses.add(tmp_path, 10, {"old": 1.0})
    losses.add(tmp_path, 20, {"new": 2.0})
    assert losses.read(tmp_path / "losses-before-20.csv") == ([10], {"old": [1.0]})
    assert losses.read(tmp_path / "losses.csv") == ([20], {"new": [2.0]})
    (tmp_path / "losses.csv").write_text("something else\n1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no table of losses"):
        losses.add(tmp_path, 30, {"new": 2.0})


def test_what_has_another_scale_has_a_panel_of_its_own() -> None:
    shown = losses.panels({"tiny": [0.001, 0.002], "a": [1, 1], "b": [-0.8, 0.9], "c": [0.7], "d": [0.6], "e": [50.0]})
    assert shown == [["e"], ["a", "b", "c"], ["d"], ["tiny"]]
    assert losses.panels({"nothing": [], "gaps": [float("nan"), 2.0]}) == [["gaps"], ["nothing"]]


def test_the_plot_has_a_line_for_every_loss(tmp_path: Path) -> None:
    losses.plot(tmp_path, "nothing yet")
    assert not (tmp_path / "losses.png").exists()
    rows = 60
    columns = {"large": list(range(10, 10 + rows)), "small": [0.01] * rows, "gaps": [float("nan"), 0.012] * (rows // 2)}
    sizes = []
    for count in (1, 3):
        some = dict(list(columns.items())[:count])
        losses.write(tmp_path, list(range(rows)), some)
        losses.plot(tmp_path, "mine")
        drawn = cv2.imread(str(tmp_path / "losses.png")).astype(int)
        coloured = drawn[(np.ptp(drawn, axis=2) > 60)]
        sizes.append((drawn.shape[1], len(coloured)))
    assert sizes[1][0] > sizes[0][0], "two panels beside each other"
    assert sizes[1][1] > 1.5 * sizes[0][1], "the other lines are drawn, too"


def test_progress_tells_means_and_ends_after_its_steps(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    progress = Progress(tmp_path, 100, minutes=5.0, steps=2)
    progress.note(101, {"a": 1.0})
    assert not progress.is_over
    progress.note(102, {"a": 3.0, "b": 7.0})
    assert progress.is_over
    with caplog.at_level("INFO"):
        progress.report(("a", "b", "c"))
    assert "step 102  a 2.000  b 7.000  c nan" in caplog.text
    assert "0 min left" in caplog.text
    silent = Progress(tmp_path / "none", 0, minutes=0.0, steps=9, leads=False)
    assert silent.is_over, "no time"
    silent.report(("a",))
    assert not (tmp_path / "none").exists()
