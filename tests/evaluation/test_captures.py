"""Captures: random scenes with what they show, resumed where they were cut off."""

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.config.settings import Config
from installation.evaluation import captures
from installation.evaluation.captures import COLUMNS, capture, sittings_done
from installation.render.surface import DisplayError, Offscreen
from installation.training.interrupt import Stop
from installation.types import EMOTIONS


@pytest.fixture(autouse=True)
def _drawable() -> None:
    try:
        Offscreen((64, 64)).close()
    except DisplayError as error:
        pytest.skip(str(error))


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "index.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def test_captures_say_what_they_show_and_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(captures, "PICTURES", 2)
    assert capture(Config(), tmp_path, 3, 64, 1, Stop()) == 3
    rows = rows_of(tmp_path)
    assert [row["kind"] for row in rows].count("picture") == 3
    assert [row["kind"] for row in rows].count("clip") == captures.CLIP_FRAMES
    shown = [row for row in rows if row["file"]]
    assert {row["scene"] for row in shown}.isdisjoint(captures.LEFT_OUT)
    for row in shown:
        picture = cv2.imread(str(tmp_path / row["file"]))
        assert picture.shape == (64, 64, 3)
        assert sum(float(row[name]) for name in EMOTIONS) == pytest.approx(1, abs=0.01)
        assert -1 <= float(row["valence"]) <= 1
        assert -1 <= float(row["arousal"]) <= 1
    assert max(cv2.imread(str(tmp_path / row["file"])).max() for row in shown) > 40, "something is drawn"
    clip = [float(row["t_s"]) for row in rows if row["kind"] == "clip"]
    assert np.allclose(np.diff(clip), captures.CLIP_STEP_S, atol=1e-3), "successive pictures"
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("*.png")}
    assert capture(Config(), tmp_path, 4, 64, 1, Stop()) == 4
    assert all((tmp_path / name).stat().st_mtime_ns == stamp for name, stamp in before.items())
    assert len(rows_of(tmp_path)) == len(rows) + 2


def test_a_sitting_that_was_cut_off_is_forgotten(tmp_path: Path) -> None:
    numbers = ["0.1"] * (len(COLUMNS) - 6)
    lines = ["\t".join(COLUMNS)]
    for sitting, kind in ((0, "picture"), (0, "end"), (1, "picture")):
        lines.append("\t".join(["a.png", kind, str(sitting), "0.5", "blossom", "1", *numbers]))
    (tmp_path / "index.tsv").write_text("\n".join(lines) + "\n2_00.png\tpict", encoding="utf-8")
    assert sittings_done(tmp_path / "index.tsv") == ({0}, 1)
    assert {row["sitting"] for row in rows_of(tmp_path)} == {"0"}


def test_it_ends_when_it_is_asked_to(tmp_path: Path) -> None:
    stop = Stop()
    stop.is_set = True
    assert capture(Config(), tmp_path, 3, 64, 1, stop) == 0
