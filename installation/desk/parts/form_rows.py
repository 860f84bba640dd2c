"""A list in a form: rows of text fields that can be added and taken away, with what is wrong in its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nicegui import ui

STYLE = """
.mien-card .q-field--with-bottom { padding-bottom: 0; }
.mien-card .q-field__bottom { position: static; transform: none; min-height: 0; padding: 4px 12px; line-height: 1.3; }
.mien-card .text-negative { color: #ffb4a8 !important; }
"""
"""What is wrong with a field: readable on dark, and below the field however long it is."""


class FormRows:
    """``columns``: name and title of each field; one named ``secret`` shows no letters. What else stands in a row that is
    filled in stays with it. ``changed`` is called when something was typed, added or taken away."""

    def __init__(
        self,
        columns: Mapping[str, str],
        add: str,
        enabled: bool,
        changed: Callable[[], None] = lambda: None,
        secret: str = "",
    ) -> None:
        self._columns, self._enabled, self._changed, self._secret = columns, enabled, changed, secret
        self._rows: list[tuple[dict[str, str], dict[str, Any]]] = []
        self._box = ui.element("div").style("display: flex; flex-direction: column; gap: 8px; width: 100%")
        button = ui.button(add, icon="add", on_click=self._add).props("no-caps flat dense color=white")
        button.set_enabled(enabled)

    def fill(self, rows: Sequence[Mapping[str, str]]) -> None:
        """Show these rows and no others."""
        self._box.clear()
        self._rows = []
        for row in rows:
            self._draw(dict(row))

    def rows(self) -> list[dict[str, str]]:
        """All rows as they stand there now."""
        return [
            {"host_before": "", **row, **{name: str(field.value or "") for name, field in fields.items()}}
            for row, fields in self._rows
        ]

    def mark(self, mistakes: Mapping[tuple[int, str], str]) -> None:
        """Say what is wrong, by row and column; everything else is right."""
        for number, (_, fields) in enumerate(self._rows):
            for name, field in fields.items():
                field.error = mistakes.get((number, name))

    def _add(self) -> None:
        self._draw({})
        self._changed()

    def _draw(self, row: dict[str, str]) -> None:
        fields: dict[str, Any] = {}
        entry = (row, fields)
        with (
            self._box,
            ui.element("div").classes("mien-row").style("flex-wrap: nowrap; align-items: flex-start") as line,
        ):
            with ui.element("div").classes("mien-row").style("flex: 1; gap: 6px"):
                for name, title in self._columns.items():
                    field = ui.input(title, value=row.get(name, ""), password=name == self._secret)
                    field.props(f'dense outlined aria-label="{title}" debounce=300').style(
                        "flex: 1 1 7rem; min-width: 6rem"
                    )
                    field.without_auto_validation()
                    field.on_value_change(lambda: self._changed())
                    field.set_enabled(self._enabled)
                    fields[name] = field
            button = ui.button(icon="delete", on_click=lambda: self._remove(entry, line))
            button.props('flat round dense color=white aria-label="Take this row away"').set_enabled(self._enabled)
        self._rows.append(entry)

    def _remove(self, entry: tuple[dict[str, str], dict[str, Any]], line: ui.element) -> None:
        self._rows.remove(entry)
        line.delete()
        self._changed()
