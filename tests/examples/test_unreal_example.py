"""The Data Table for Unreal, read back by the rules of its importer: a header, and in each row first a name of its own."""

import csv
import re

from installation.showcontrol.addresses import TABLE
from installation.showcontrol.examples.rows import rows
from tests.examples.stage import EXAMPLES

TABLE_FILE = EXAMPLES / "unreal" / "mien_addresses.csv"
MEMBERS = re.compile(r"^\| (`\w+`(?:, `\w+`)*) \| (\w+) \|", re.MULTILINE)


def read() -> tuple[list[str], list[list[str]]]:
    with TABLE_FILE.open(encoding="utf-8", newline="") as file:
        header, *body = csv.reader(file)
    return header, body


def test_rows_have_names_of_their_own_and_a_cell_for_each_column() -> None:
    header, body = read()
    names = [row[0] for row in body]
    assert len({name.lower() for name in names}) == len(names), "names do not tell capitals apart in Unreal"
    assert all(re.fullmatch(r"\w+", name) for name in names)
    assert {len(row) for row in body} == {len(header)}
    assert len(body) == len(list(rows()))
    assert {row[1] for row in body} == {address.path for address in TABLE}


def test_columns_are_the_members_that_the_readme_names() -> None:
    header, body = read()
    text = (EXAMPLES / "unreal" / "README.md").read_text(encoding="utf-8")
    members = {name: kind for names, kind in MEMBERS.findall(text) for name in re.findall(r"\w+", names)}
    assert set(header[1:]) == set(members)
    reads = {"String": str, "Integer": int, "Float": float, "Boolean": {"True": True, "False": False}.__getitem__}
    for row in body:
        for name, cell in zip(header[1:], row[1:], strict=True):
            reads[members[name]](cell)
