"""The recorded table: readable, never half written, clear about its mistakes, and quick to forget."""

import threading
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.poses import table as pose_table
from installation.poses.features import COLUMNS
from installation.poses.table import HEADER, PoseTableError, append, counts, forget, next_take, read


def some_rows(number: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-1, 1, (number, len(COLUMNS))).astype(np.float32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Three takes of two people."""
    path = tmp_path / "poses" / "poses.csv"
    append(path, "arms_up", "p1", 1, some_rows(3, 1))
    append(path, "bow", "p1", 2, some_rows(2, 2))
    append(path, "arms_up", "p2", 1, some_rows(4, 3))
    return path


def test_what_is_written_reads_back(path: Path) -> None:
    table = read(path)
    assert table.labels == ("arms_up",) * 3 + ("bow",) * 2 + ("arms_up",) * 4
    assert table.people == ("p1",) * 5 + ("p2",) * 4
    assert table.takes == (1, 1, 1, 2, 2, 1, 1, 1, 1)
    expected = np.concatenate([some_rows(3, 1), some_rows(2, 2), some_rows(4, 3)])
    np.testing.assert_allclose(table.features, expected, atol=6e-5)
    assert not table.features.flags.writeable


def test_the_table_is_readable_label_first(path: Path) -> None:
    lines = path.read_text().splitlines()
    assert lines[0].startswith("label,person,take,trunk_side,")
    assert lines[1].startswith("arms_up,p1,1,")
    assert len(lines) == 1 + 9


def test_a_note_on_consent_lies_beside_it_and_is_not_overwritten(path: Path) -> None:
    note = path.with_name("README.md")
    text = note.read_text(encoding="utf-8")
    assert "no pictures" in text
    assert "poses forget PERSON" in text
    note.write_text("ours", encoding="utf-8")
    append(path, "bow", "p1", 3, some_rows(1))
    assert note.read_text(encoding="utf-8") == "ours"


def test_counts_and_the_next_take(path: Path, tmp_path: Path) -> None:
    assert counts(path) == {("arms_up", "p1", 1): 3, ("arms_up", "p2", 1): 4, ("bow", "p1", 2): 2}
    assert [next_take(path, person) for person in ("p1", "p2", "p3")] == [3, 2, 1]
    assert counts(tmp_path / "none.csv") == {}


@pytest.mark.parametrize(
    ("given", "left", "gone"),
    [
        ({"person": "p1"}, {("arms_up", "p2", 1): 4}, 5),
        ({"label": "arms_up"}, {("bow", "p1", 2): 2}, 7),
        ({"person": "p1", "take": 1}, {("arms_up", "p2", 1): 4, ("bow", "p1", 2): 2}, 3),
        ({"person": "p"}, {("arms_up", "p1", 1): 3, ("arms_up", "p2", 1): 4, ("bow", "p1", 2): 2}, 0),
    ],
)
def test_forgetting_deletes_what_was_named_and_nothing_else(path: Path, given: dict, left: dict, gone: int) -> None:
    assert forget(path, **given).rows == gone
    assert counts(path) == left
    assert sorted(file.name for file in path.parent.iterdir()) == ["README.md", "poses.csv", "poses.lock"]


def test_forgetting_works_in_a_table_with_broken_lines(path: Path) -> None:
    with path.open("a") as file:
        file.write("arms_up,p1,half a line")
    assert forget(path, person="p1").rows == 6
    assert counts(path) == {("arms_up", "p2", 1): 4}


def test_forgetting_needs_to_know_whose(path: Path) -> None:
    with pytest.raises(ValueError, match="whose"):
        forget(path)
    with pytest.raises(PoseTableError, match="record poses first"):
        forget(path.with_name("other") / "poses.csv", person="p1")


def test_rows_appended_while_others_are_forgotten_are_kept(path: Path) -> None:
    def record() -> None:
        for number in range(40):
            append(path, "clap", "p9", number + 1, some_rows(1))

    recorder = threading.Thread(target=record)
    recorder.start()
    for number in range(20):
        append(path, "bow", "p7", number + 1, some_rows(1))
        assert forget(path, person="p7").rows == 1
    recorder.join()
    assert sum(count for (label, _, _), count in counts(path).items() if label == "clap") == 40


def test_a_line_cut_off_by_a_crash_does_not_swallow_the_next(path: Path) -> None:
    with path.open("a") as file:
        file.write("arms_up,p1,1,0.5")
    append(path, "bow", "p2", 5, some_rows(1))
    with pytest.raises(PoseTableError) as error:
        read(path)
    assert str(error.value) == f"{path}:11: 4 columns instead of {len(HEADER)}; delete this line"
    path.write_text("\n".join(line for n, line in enumerate(path.read_text().split("\n"), 1) if n != 11))
    assert counts(path)["bow", "p2", 5] == 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("\narms_up,p1,1,", "\narms_up,p1,one,", "poses.csv:2: take is 'one', not a number from 1; correct it"),
        ("\narms_up,p1,1,", "\narms up,p1,1,", "poses.csv:2: label 'arms up'"),
        ("\narms_up,p1,1,", "\n=1+1,p1,1,", "poses.csv:2: label '=1+1'"),
        ("trunk_side", "trunk", "poses.csv:1: column 4 is 'trunk', expected 'trunk_side'"),
        (",nose_sneer", "", f"poses.csv:1: column {len(HEADER)} is missing, expected 'nose_sneer'"),
    ],
)
def test_a_mistake_has_its_place_and_its_fix(path: Path, old: str, new: str, message: str) -> None:
    text = path.read_text()
    path.write_text(text.replace(old, new, -1 if old == "," else 1))
    with pytest.raises(PoseTableError) as error:
        read(path)
    assert message in str(error.value)


@pytest.mark.parametrize("cell", ["", "nan", "inf", "0.5.1", "x"])
def test_a_cell_that_is_no_number_is_named(path: Path, cell: str) -> None:
    lines = path.read_text().split("\n")
    cells = lines[4].split(",")
    cells[5] = cell
    lines[4] = ",".join(cells)
    path.write_text("\n".join(lines))
    with pytest.raises(PoseTableError, match=r"poses\.csv:5: trunk_forward is"):
        read(path)


def test_only_the_first_mistakes_are_reported(path: Path) -> None:
    with path.open("a") as file:
        file.write("x\n" * 8)
    with pytest.raises(PoseTableError) as error:
        read(path)
    lines = str(error.value).splitlines()
    assert len(lines) == pose_table.MAX_ERRORS + 1
    assert "3 more lines" in lines[-1]


def test_a_spreadsheets_byte_order_mark_and_line_ends_are_read(path: Path) -> None:
    before = read(path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    again = read(path)
    assert again.labels == before.labels
    np.testing.assert_array_equal(again.features, before.features)
    append(path, "bow", "p2", 9, some_rows(1))
    assert counts(path)["bow", "p2", 9] == 1


@pytest.mark.parametrize(
    ("label", "person", "take", "rows", "message"),
    [
        ("arms up", "p1", 1, some_rows(1), "is no label"),
        ("", "p1", 1, some_rows(1), "is no label"),
        ("1st", "p1", 1, some_rows(1), "is no label"),
        ("bow", "Anna Smith", 1, some_rows(1), "is no name"),
        ("bow", "p1", 0, some_rows(1), "from 1"),
        ("bow", "p1", 1, some_rows(1)[:, 1:], "finite numbers"),
        ("bow", "p1", 1, some_rows(1) * np.nan, "finite numbers"),
    ],
)
def test_what_cannot_be_read_back_is_not_written(
    path: Path, label: str, person: str, take: int, rows: np.ndarray, message: str
) -> None:
    before = path.read_bytes()
    with pytest.raises(PoseTableError, match=message):
        append(path, label, person, take, rows)
    assert path.read_bytes() == before


def test_a_table_of_another_version_is_not_added_to(path: Path) -> None:
    text = path.read_text().replace("trunk_side", "trunk", 1)
    path.write_text(text)
    with pytest.raises(PoseTableError, match="column 4"):
        append(path, "bow", "p1", 1, some_rows(1))
    assert path.read_text() == text


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"\A[A-Za-zäöé][\w\-]{0,10}\Z"), st.from_regex(r"\A\w[\w\-]{0,10}\Z"), st.integers(1, 99)
        ),
        min_size=1,
        max_size=5,
    )
)
def test_any_good_names_survive(tmp_path_factory: pytest.TempPathFactory, names: list[tuple[str, str, int]]) -> None:
    path = tmp_path_factory.mktemp("poses") / "poses.csv"
    for label, person, take in names:
        append(path, label, person, take, some_rows(1))
    table = read(path)
    written = [
        (unicodedata.normalize("NFC", label), unicodedata.normalize("NFC", who), take) for label, who, take in names
    ]
    assert list(zip(table.labels, table.people, table.takes)) == written
