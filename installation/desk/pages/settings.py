"""All settings, made from the models: by section, searched, filtered, each with its control."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nicegui import ui

from installation.desk.controls import setting_control
from installation.desk.free_controls import differs_from_file, free_control, is_as_default
from installation.desk.seat import Seat
from installation.desk.setting_tree import LOCKED, Entry, Part, parts, search

MOST_FOUND = 40
"""So many controls of a search are drawn."""
LEVELS = {"artist": "Artist", "expert": "All"}
WHICH = {"all": "all", "default": "differing from their default", "file": "differing from the file"}


def build(seat: Seat) -> None:
    """Draw it."""
    _Page(seat)


class _Page:
    """The filters, and below them either what is found or the sections, of which only the open ones have controls."""

    def __init__(self, seat: Seat) -> None:
        self._seat, self._parts = seat, parts(seat.desk.table)
        self._text, self._level, self._which = "", "artist", "all"
        self._open: set[str] = set()
        self._body: Seat | None = None
        with ui.element("section").classes("mien-card").props('aria-label="Filter"'):
            self._filters()
            self._trouble = ui.label().classes("mien-wrong").props("role=alert").style("white-space: pre-wrap")
        self._area = ui.element("section").style("width: 100%").props('aria-label="Settings"')
        self._draw()
        seat.keep_up(self._look)

    def _filters(self) -> None:
        with ui.element("div").classes("mien-row"):
            field = ui.input(label="Search names and descriptions", on_change=lambda event: self._searched(event.value))
            field.props('dense outlined clearable debounce=200 type=search aria-label="Search names and descriptions"')
            field.style("flex: 1 1 15rem")
            level = ui.toggle(LEVELS, value=self._level, on_change=lambda event: self._filtered(level=event.value))
            level.props('no-caps dense unelevated toggle-color=blue-8 aria-label="Level"').classes("mien-toggle")
            which = ui.select(
                WHICH, value="all", label="Show", on_change=lambda event: self._filtered(which=event.value)
            )
            which.props('dense outlined options-dense aria-label="Show"').style("flex: 0 1 16rem")

    def _look(self) -> None:
        text = self._seat.desk.standard.trouble
        if text != self._trouble.text:
            self._trouble.text = text
        self._trouble.set_visibility(bool(text))

    def _searched(self, text: str | None) -> None:
        self._text = (text or "").strip()
        self._draw()

    def _filtered(self, level: str = "", which: str = "") -> None:
        self._level, self._which = level or self._level, which or self._which
        self._draw()

    def _draw(self) -> None:
        if self._body is not None:
            self._body.close()
        self._body = self._seat.part()
        self._area.clear()
        with self._area:
            if self._text:
                self._found(self._body)
                return
            shown = [part for part in self._parts if any(map(self._keeps, part.entries))]
            for part in shown:
                self._section(self._body, part)
            if not shown:
                ui.label("Nothing differs.").classes("mien-dim")

    def _found(self, seat: Seat) -> None:
        found = search(self._parts, self._text, self._keeps)
        hidden = len(search(self._parts, self._text, self._differs)) - len(found)
        more = [f"{len(found)} found"] if found else ["nothing found"]
        if len(found) > MOST_FOUND:
            more.append(f"the first {MOST_FOUND} are shown, more words find fewer")
        if hidden:
            more.append(f"{hidden} more among All")
        ui.label("; ".join(more)).classes("mien-dim").props("role=status")
        with ui.element("div").classes("mien-card mien-controls"):
            for entry in found[:MOST_FOUND]:
                _control(seat, entry, entry.full_title)

    def _section(self, seat: Seat, part: Part) -> None:
        meaning = part.meaning + (" Written in config.yaml." if part.name == LOCKED else "")
        groups = part.groups(self._keeps)

        def draw(inner: Seat) -> None:
            for group, entries in groups.items():
                if not group:
                    _controls(inner, entries)
                    continue

                def draw_group(innermost: Seat, entries: Sequence[Entry] = entries) -> None:
                    _controls(innermost, entries)

                self._lazy(
                    inner, f"{part.name} › {group}", f"{len(entries)} setting{'s' * (len(entries) != 1)}", draw_group
                )

        self._lazy(seat, part.name, meaning, draw)

    def _lazy(self, seat: Seat, name: str, caption: str, draw: Callable[[Seat], None]) -> None:
        """A part that is drawn when it is opened, and looks at nothing any more when it is closed."""
        drawn: list[Seat] = []

        def opened(is_open: bool) -> None:
            if not is_open:
                self._open.discard(name)
                for inner in drawn:
                    inner.close()
                drawn.clear()
                box.clear()
            elif not drawn:
                self._open.add(name)
                drawn.append(seat.part())
                with box:
                    draw(drawn[0])

        box = (
            ui.expansion(name, caption=caption)
            .classes("mien-card mien-section")
            .style("margin-bottom: 8px; padding: 0")
        )
        box.on_value_change(lambda event: opened(bool(event.value)))
        if name in self._open:
            box.set_value(True)

    def _keeps(self, entry: Entry) -> bool:
        return (self._level == "expert" or entry.level == "artist") and self._differs(entry)

    def _differs(self, entry: Entry) -> bool:
        if self._which == "all":
            return True
        standard = self._seat.desk.standard
        if entry.setting is None:
            if self._which == "default":
                return not is_as_default(self._seat.desk, entry)
            return differs_from_file(self._seat.desk, entry)
        value = self._seat.desk.values.get(entry.setting.path)
        with_what = standard.default(entry.setting) if self._which == "default" else standard.in_files(entry.setting)
        return with_what is not None and value != with_what


def _controls(seat: Seat, entries: Sequence[Entry]) -> None:
    with ui.element("div").classes("mien-controls"):
        for entry in entries:
            _control(seat, entry, entry.title)


def _control(seat: Seat, entry: Entry, title: str) -> None:
    if entry.setting is not None:
        setting_control(seat, entry.setting, title, with_default=True)
    else:
        free_control(seat, entry, title)
