"""Tables of addresses as TouchDesigner and Unreal read them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from installation.showcontrol.examples.rows import Row, is_counted, network_commands, rows

UNREAL_ROW = "---"
"""What Unreal's own exports have above the column of row names."""


def addresses_tsv() -> str:
    """For a Table DAT: a row for each argument; {id} stands for a visitor's number."""
    head = ("name", "address", "index", "type", "low", "high", "unit", "counted", "sent", "meaning")
    body = (
        (row.name, row.address.path, row.index, row.arg.tag, *_limits(row), row.arg.unit, int(is_counted(row.address)))
        + (row.address.when, row.address.meaning)
        for row in rows()
    )
    return _tsv(head, body)


def commands_tsv() -> str:
    """For a Table DAT: a row for each command."""
    head = ("address", "type", "argument", "meaning")
    commands = ((f"/{c.name}", c.parameter, c.help) for c in network_commands())
    return _tsv(head, ((path, p.tag if p else "", p.name if p else "", text) for path, p, text in commands))


def unreal_csv() -> str:
    """For a Data Table: row names of letters, digits and underscores, then the columns of the struct that README.md names."""
    out = io.StringIO()
    # A quote round every text, as Unreal exports them: a meaning has commas in it.
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerow((UNREAL_ROW, "Address", "Index", "Argument", "Type", "Low", "High", "Unit", "Counted", "Meaning"))
    for row in rows():
        name = re.sub(r"\W+", "_", row.name).strip("_")
        low, high = (float(limit or 0) for limit in _limits(row))
        about = (row.arg.name, row.arg.tag, low, high, row.arg.unit, str(is_counted(row.address)))
        writer.writerow((name, row.address.path, row.index, *about, row.address.meaning))
    return out.getvalue()


def _limits(row: Row) -> tuple[str, str]:
    if row.arg.tag not in ("i", "f"):
        return "", ""
    return f"{row.arg.low:g}", f"{row.arg.high:.10g}"


def _tsv(head: Sequence[str], body: Iterable[Sequence[object]]) -> str:
    return "".join("\t".join(str(cell) for cell in line) + "\n" for line in (head, *body))
