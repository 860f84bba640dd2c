"""Opening hours: open or closed and until when, the operator's word, a form for week and exceptions, the days as bars."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from nicegui import ui

from installation.base.clock import utc_now
from installation.config.hours import DAY_MINUTES, WEEKDAYS, HoursConfig
from installation.config.load import load_config
from installation.config.yaml_text import ConfigError
from installation.desk.controls import setting_control
from installation.desk.opening import PREFIX, Day, form_of, mistakes, said, wall_now, week, write
from installation.desk.parts.elements import card
from installation.desk.parts.form_rows import STYLE as FORM_STYLE
from installation.desk.parts.form_rows import FormRows
from installation.desk.seat import Seat

STYLE = """
.hours-day { display: grid; grid-template-columns: 6.2rem 1fr; gap: 2px 10px; align-items: center; padding: 3px 0; }
.hours-bar { position: relative; height: 18px; background: #12151b; border: 1px solid #4c566a; border-radius: 4px; }
.hours-span { position: absolute; top: 0; bottom: 0; background: #7fb08a; border-radius: 3px; }
.hours-now { position: absolute; top: -3px; bottom: -3px; width: 2px; background: #ebcb8b; }
.hours-text { grid-column: 2; font-size: var(--small); color: #b4bdcc; }
.hours-scale { grid-column: 2; display: flex; justify-content: space-between; font-size: var(--small); color: #b4bdcc; }
"""
OUTSIDE = ("closed_level", "fade_s", "lead_s", "read_camera")
_TABLED = ("enabled", "time_zone", "restart", *WEEKDAYS)
"""What the form sets that can also be set at once, by its address."""
FORM = (*_TABLED, "dates", "projectors")
"""What the form holds; the rest of the section has dials."""
TAKEN_S = 4.0
"""The piece has read a file that was saved after so long."""


def build(seat: Seat) -> None:
    """Draw it."""
    ui.add_css(STYLE + FORM_STYLE)
    _Page(seat)


class _Page:
    """What one browser sees and has typed. ``_shown`` is what the form was filled with; what differs is not saved yet."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self._projectors, self._trouble = _projectors(seat.desk.paths)
        self._shown: dict[str, Any] = {}
        self._fields: dict[str, Any] = {}
        self._filling, self._wrote_s = False, float("-inf")
        with ui.element("div").style("display: flex; flex-wrap: wrap; gap: 12px; width: 100%"):
            self._now_card()
            with card("The next seven days").style("flex: 2 1 340px; width: auto"):
                self._bars = ui.element("div").style("width: 100%")
        with ui.element("div").classes("mien-grid"):
            self._week_card()
            with ui.element("div").style("display: flex; flex-direction: column; gap: 12px"):
                self._special_card()
                self._projector_card()
            self._outside_card()
        self._save_bar()
        seat.keep_up(self._look)
        ui.timer(30.0, self._draw_bars)

    def _now_card(self) -> None:
        desk = self._seat.desk
        with card("Now").style("flex: 1 1 300px; width: auto"):
            state = ui.label().classes("mien-large").props("role=status")
            more = ui.label().classes("mien-dim")
            with ui.element("div").classes("mien-row").style("margin-top: 8px"):
                for word, title in (("open", "Open now"), ("closed", "Close now"), ("schedule", "By the hours")):
                    button = ui.button(title, on_click=lambda word=word: self._seat.do(desk.command("hours", word)))
                    button.props("no-caps outline color=white padding='4px 10px'").set_enabled(self._seat.operates)
            ui.label(
                "Open and Close hold until the hours next change. The same as key O, and /hours over OSC."
            ).classes("mien-dim")

        def look() -> None:
            told = desk.part("hours")
            if not told:
                state.set_text("not known yet")
                return
            until = said(told.get("until"), str(desk.values.get(f"{PREFIX}/time_zone", "")))
            state.set_text(f"{'Open' if told['is_open'] else 'Closed'}{f' until {until}' if until else ''}")
            if told["by_hand"]:
                text = "By the operator's word" + ("" if until else ", until By the hours is pressed") + "."
            elif desk.values.get(f"{PREFIX}/enabled"):
                text = "By the hours." if until else "By the hours; no change within sixty days."
            else:
                text = "The hours are off (below): always open."
            more.set_text(text)

        self._seat.keep_up(look)

    def _week_card(self) -> None:
        with card("The week"):
            self._fields["enabled"] = ui.switch("Keep to these hours", on_change=self._draw_bars)
            for day in WEEKDAYS:
                self._text(day, day.capitalize())
            ui.label("10:00-18:00, or 10:00-13:00, 14:00-18:00; 20:00-02:00 goes on past midnight; or closed.").classes(
                "mien-dim"
            )
            self._text("restart", "Nightly restart, such as 04:30 (empty: none)")
            self._text("time_zone", "Time zone, such as Europe/Berlin (empty: the machine's)")

    def _text(self, name: str, title: str) -> None:
        field = ui.input(title, on_change=self._draw_bars).props(f'dense outlined aria-label="{title}" debounce=300')
        field.without_auto_validation()
        field.style("width: 100%; margin-top: 6px")
        self._fields[name] = field

    def _special_card(self) -> None:
        with card("Special days"):
            columns = {"day": "Date (2026-12-24)", "hours": "Times, or closed"}
            self._special = FormRows(columns, "Add a day", self._seat.operates, self._draw_bars)
            ui.label("A date counts before its weekday.").classes("mien-dim")

    def _projector_card(self) -> None:
        with card("Projectors switched over PJLink"):
            columns = {"name": "Name", "host": "Host or address", "port": "Port", "password": "Password"}
            self._beamers = FormRows(
                columns, "Add a projector", self._seat.operates and not self._trouble, secret="password"
            )
            text = (
                "A password that is set is not shown; leave it empty to keep it."
                if not self._trouble
                else self._trouble
            )
            ui.label(text).classes("mien-dim")

    def _outside_card(self) -> None:
        with card("Outside the hours"):
            for name in OUTSIDE:
                setting = self._seat.desk.table.get(f"{PREFIX}/{name}")
                if setting is not None:
                    setting_control(self._seat, setting)
            ui.label("These hold at once; Save (above) writes them to the file.").classes("mien-dim")

    def _save_bar(self) -> None:
        with (
            ui.element("div")
            .classes("mien-card mien-row mien-operate")
            .style("position: sticky; bottom: 8px; z-index: 2")
        ):
            self._save = ui.button("Save the hours", icon="save", on_click=lambda: self._seat.do(self._write()))
            self._save.props("no-caps color=blue-9 padding='4px 12px'").set_enabled(self._seat.operates)
            self._discard = ui.button("Discard what I typed", on_click=self._fill)
            self._discard.props("no-caps outline color=white padding='4px 12px'").set_enabled(self._seat.operates)
            self._said = ui.label().props("role=status")

    def _running(self) -> dict[str, Any]:
        desk = self._seat.desk
        return form_of(desk.values, desk.lists, self._projectors)

    def _typed(self) -> dict[str, Any]:
        """The form as plain data; what it does not show stays as it is."""
        form = self._running()
        for name in _TABLED:
            value = self._fields[name].value
            form[name] = value if name == "enabled" else (value or "").strip()
        form["dates"] = {row["day"].strip(): row["hours"].strip() for row in self._special.rows()}
        form["projectors"] = [self._projector(row) for row in self._beamers.rows()]
        return form

    def _projector(self, row: dict[str, str]) -> dict[str, Any]:
        port = row["port"].strip()
        found: dict[str, Any] = {"host": row["host"].strip(), "name": row["name"].strip()}
        found["port"] = int(port) if port.isdecimal() else (port or 4352)
        kept = next((one for one in self._projectors if one["host"] == row["host_before"]), None)
        found["password"] = row["password"] or (kept["password"] if kept is not None else "")
        return found

    def _look(self) -> None:
        """Fill the form anew where the settings changed and nothing was typed."""
        running = self._running()
        if self._seat.desk.clock.now() - self._wrote_s < TAKEN_S:
            return
        if not self._shown or (not _same(running, self._shown) and self._typed_as_shown()):
            self._fill()
        elif not _same(running, self._shown):
            self._said.set_text(
                "The hours were changed elsewhere; what you typed is kept until you save or discard it."
            )

    def _typed_as_shown(self) -> bool:
        typed = self._typed()
        return _same(typed, self._shown)

    def _fill(self) -> None:
        self._shown, self._filling = self._running(), True
        for name in _TABLED:
            field = self._fields[name]
            field.set_value(self._shown.get(name, ""))
            field.set_enabled(self._seat.operates)
        self._special.fill([{"day": day, "hours": text} for day, text in sorted(self._shown["dates"].items())])
        self._fill_projectors()
        self._said.set_text("")
        self._filling = False
        self._draw_bars()

    def _fill_projectors(self) -> None:
        """A password that is known goes to no browser, nor stays in one."""
        beamers = [
            {
                "name": one["name"],
                "host": one["host"],
                "host_before": one["host"],
                "port": str(one["port"]),
                "password": "",
            }
            for one in self._projectors
        ]
        self._beamers.fill(beamers)

    def _show_mistakes(self, found: dict[str, str]) -> None:
        for name in _TABLED:
            if name != "enabled":
                self._fields[name].error = found.get(name)
        days = [row["day"].strip() for row in self._special.rows()]
        marks: dict[tuple[int, str], str] = {}
        for number, day in enumerate(days):
            if days.count(day) > 1:
                marks[number, "day"] = "this date stands here twice"
            elif f"dates.{day}" in found:
                column = "day" if "date" in found[f"dates.{day}"] else "hours"
                marks[number, column] = found[f"dates.{day}"]
        self._special.mark(marks)
        places = (key.split(".") for key in found if key.startswith("projectors."))
        self._beamers.mark({(int(place[1]), place[2]): found[".".join(place)] for place in places if len(place) == 3})

    def _check(self) -> tuple[dict[str, Any], dict[str, str]]:
        form = self._typed()
        found = mistakes(form)
        days = [row["day"].strip() for row in self._special.rows()]
        if len(set(days)) < len(days):
            found.setdefault("dates", "a date stands twice among the special days")
        return form, found

    async def _write(self) -> None:
        desk = self._seat.desk
        form, found = self._check()
        self._show_mistakes(found)
        if found:
            general = [text for place, text in found.items() if place in ("", "dates", "projectors")]
            self._said.set_text("; ".join(["Not saved: see the marked fields", *general]))
            return
        wanted = HoursConfig.model_validate(form)
        # The file that was saved is read by the piece within a second; what was changed over OSC before is set here.
        tabled = {f"{PREFIX}/{name}": form[name] for name in _TABLED}
        tabled[f"{PREFIX}/enabled"] = int(form["enabled"])
        tabled = {path: value for path, value in tabled.items() if path in desk.values}
        work = partial(write, [Path(path) for path in desk.paths], wanted, FORM)
        await desk.write_file(desk.settings_path, work, "the hours", then=tabled)
        self._projectors = [one.model_dump() for one in wanted.projectors]
        self._fill_projectors()
        self._shown, self._wrote_s = form, desk.clock.now()
        self._said.set_text("Saved; the piece keeps to it from now on.")

    def _draw_bars(self) -> None:
        if not self._shown or self._filling:
            return
        form, found = self._check()
        self._show_mistakes(found)
        self._bars.clear()
        with self._bars:
            if found:
                ui.label("The bars are drawn when the form has no mistakes.").classes("mien-dim")
            else:
                _bars(HoursConfig.model_validate(form))


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(one.get(name) == other.get(name) for name in FORM)


def _bars(config: HoursConfig) -> None:
    now = wall_now(utc_now(), config.time_zone)
    if not config.enabled:
        ui.label("Off: always open. These hours hold once Keep to these hours is on.").classes("mien-dim")
    for day in week(config, now.date()):
        _bar(day, now.hour * 60 + now.minute if day.day == now.date() else None)
    with ui.element("div").classes("hours-day").props("aria-hidden=true"), ui.element("div").classes("hours-scale"):
        for hour in range(0, 25, 6):
            ui.label(f"{hour:02d}")


def _bar(day: Day, now_minutes: int | None) -> None:
    with ui.element("div").classes("hours-day"):
        ui.label(f"{day.day:%a %d %b}")
        with ui.element("div").classes("hours-bar").props("aria-hidden=true"):
            for start, end in day.spans:
                left, width = 100 * start / DAY_MINUTES, 100 * (end - start) / DAY_MINUTES
                ui.element("div").classes("hours-span").style(f"left: {left:.2f}%; width: {width:.2f}%")
            if now_minutes is not None:
                ui.element("div").classes("hours-now").style(f"left: {100 * now_minutes / DAY_MINUTES:.2f}%")
        ui.label(day.text + (" (special day)" if day.is_special else "")).classes("hours-text")


def _projectors(paths: list[str]) -> tuple[list[dict[str, Any]], str]:
    """The projectors of the settings files, with their passwords, which go to no browser; and what is wrong with the files."""
    try:
        found = load_config([Path(path) for path in paths], running=True).hours.projectors
    except (ConfigError, OSError) as error:
        return [], f"The projectors cannot be read: {error}"
    return [one.model_dump() for one in found], ""
