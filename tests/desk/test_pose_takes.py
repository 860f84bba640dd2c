"""Counting the rows of the pose table, as spreadsheets save it."""

from pathlib import Path

import pytest

from installation.desk.pose_takes import Label, labels_in


def test_rows_are_counted_by_label(tmp_path: Path) -> None:
    path = tmp_path / "poses.csv"
    path.write_text(
        "label,person,take,a,b\narms_up,p1,1,0.1,0.2\narms_up,p1,2,0,0\narms_up,p2,1,0,0\n\nnone,p1,3,1,1\n"
    )
    assert labels_in(path) == [Label("arms_up", 3, 3, ("p1", "p2")), Label("none", 1, 1, ("p1",))]


def test_a_spreadsheets_table_reads_the_same(tmp_path: Path) -> None:
    path = tmp_path / "poses.csv"
    path.write_text('\ufeffsep=;\nlabel;person;take;a\n"arms_up" ; p1;1;0,5\r\nbroken line\n;;;\narms_up;p1;x;0,5\n')
    assert labels_in(path) == [Label("arms_up", 1, 1, ("p1",))]


def test_no_table_is_nothing_and_no_text_is_said(tmp_path: Path) -> None:
    assert labels_in(tmp_path / "poses.csv") == []
    (tmp_path / "poses.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="UTF-8"):
        labels_in(tmp_path / "poses.csv")
