"""The artist's own poses: what is recorded, recording, training, trying them out, and what each of them means and does."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nicegui import events, ui

from installation.base.files import TYPED, file_stamp
from installation.config.poses import POSE_COMMANDS, POSE_LABEL
from installation.desk.controls import setting_control
from installation.desk.parts.elements import card
from installation.desk.parts.form_rows import STYLE as FORM_STYLE
from installation.desk.pose_takes import Label, labels_in
from installation.desk.seat import Seat
from installation.desk.training import Training, missing_packages
from installation.desk.words import quoted
from installation.types import EMOTIONS

PREFIX = "/control/poses"
COMMANDS, MEANINGS = f"{PREFIX}/commands", f"{PREFIX}/meanings"
NOTHING = "nothing"
LOOK_S = 2.0
"""The table is looked at this often."""
LEAST_LABELS = 2
FEW = "First record a pose and none: training tells labels apart, so it needs two."
RECORDING = "recording poses"
"""The stage of the notices."""
STYLE = """
.pose-table { border-collapse: collapse; width: 100%; }
.pose-table th { text-align: left; color: #b4bdcc; font-weight: 600; padding: 2px 8px 2px 0; }
.pose-table td { border-top: 1px solid #333a47; padding: 4px 8px 4px 0; overflow-wrap: anywhere; }
.pose-large { font-size: 2.6rem; font-weight: 700; line-height: 1.1; }
.pose-output { white-space: pre; overflow: auto; max-height: 300px; width: 100%; background: #101216; border-radius: 6px;
  padding: 8px; font: 0.8rem/1.35 monospace; }
.pose-bar { display: grid; grid-template-columns: minmax(6rem, 9rem) 1fr 3rem; gap: 8px; align-items: center; }
.pose-track { height: 14px; background: #101216; border-radius: 4px; overflow: hidden; }
.pose-share { height: 100%; background: #81a1c1; }
.pose-held .pose-share { background: #a3be8c; }
.pose-does { display: grid; grid-template-columns: minmax(6rem, 1fr) 1fr 1fr; gap: 8px; align-items: center; width: 100%; }
"""


def build(seat: Seat) -> None:
    """Draw it."""
    ui.add_css(STYLE + FORM_STYLE)
    page = _Page(seat)
    with ui.element("div").classes("mien-grid"):
        page.record_card()
        with ui.element("div").style("display: flex; flex-direction: column; gap: 12px"):
            page.table_card()
            page.train_card()
        page.test_card()
    page.does_card()
    ui.timer(LOOK_S, page.look_at_table, immediate=True)


class _Page:
    """What one browser sees."""

    def __init__(self, seat: Seat) -> None:
        self._seat, self._desk = seat, seat.desk
        self._labels: list[Label] = []
        self._stamp: object = None
        self._drawn: object = None
        self._look_at_training: Callable[[], object] = lambda: None

    @property
    def _told(self) -> dict[str, Any]:
        return self._desk.part("poses") or {}

    def record_card(self) -> None:
        """Record a take: the label, who, and what the piece says of it."""
        with card("Record a take").classes("mien-operate"):
            ui.label(
                "Ask first: whoever is recorded should know what is stored (numbers, no picture) and how it is deleted."
            ).classes("mien-dim")
            _leads("Nobody is there? A recorded performance plays the visitor:", "Rehearsal", "/rehearsal")
            name = ui.input("Pose, such as arms_up", validation=_label_mistake).props(
                'dense outlined aria-label="Pose to record"'
            )
            name.style("width: 100%; margin-top: 6px").set_enabled(self._seat.operates)
            self._chips = ui.element("div").classes("mien-row").style("gap: 6px")
            self._name = name
            large = ui.label().classes("pose-large").props("role=status")
            line = ui.label()
            button = ui.button("Record", icon="fiber_manual_record", on_click=lambda: self._seat.do(self._record()))
            button.props("no-caps color=blue-9 padding='4px 14px'")
            self._settings(
                {"record_person": "Who is recorded", "countdown_s": "Countdown", "record_s": "Length of a take"}
            )

        def look() -> None:
            told = self._told
            faults = [one["message"] for one in self._desk.part("notices") or () if one["stage"] == RECORDING]
            large.set_text(str(told.get("large", "")))
            line.set_text(str(told.get("line", "")) or (f"Not recorded: {faults[0]}" if faults else ""))
            button.set_enabled(self._seat.operates and not told.get("recording", False))

        self._seat.keep_up(look)

    def _settings(self, titles: dict[str, str]) -> None:
        for name, title in titles.items():
            found = self._desk.table.get(f"{PREFIX}/{name}")
            if found is not None:
                setting_control(self._seat, found, title)

    async def _record(self) -> None:
        label = (self._name.value or "").strip()
        if self._name.validate():
            await self._desk.command("record", label)

    def table_card(self) -> None:
        """Labels and takes."""
        with card("Recorded"):
            self._table = ui.element("div").style("width: 100%")
            ui.label(
                "Two or three takes of each pose by two people; a minute of none, which is all that must not count."
            ).classes("mien-dim")
            ui.label(f"Deleting: {TYPED} poses forget PERSON, then train again.").classes("mien-dim")

    async def look_at_table(self) -> None:
        """Read the table anew where it changed."""
        path = self._told.get("data")
        if path is None:
            return
        stamp = (path, file_stamp(Path(path)))
        trained = tuple(self._told.get("trained", ()))
        if (stamp, trained) == self._stamp:
            return
        self._stamp = stamp, trained
        try:
            self._labels, trouble = await asyncio.to_thread(labels_in, Path(path)), ""
        except (OSError, ValueError) as error:
            self._labels, trouble = [], f"The table cannot be read: {error}"
        self._draw_table(trouble, trained)
        self._draw_chips()
        self._look_at_does()
        self._look_at_training()

    def _draw_table(self, trouble: str, trained: tuple[str, ...]) -> None:
        self._table.clear()
        with self._table:
            if trouble or not self._labels:
                ui.label(trouble or "Nothing is recorded yet.")
                return
            with ui.element("table").classes("pose-table"):
                with ui.element("tr"):
                    for title in ("Pose", "Takes", "Rows", "People", "Trained"):
                        with ui.element("th").props("scope=col"):
                            ui.label(title)
                for one in self._labels:
                    known = "-" if one.name == "none" else "yes" if one.name in trained else "not yet"
                    with ui.element("tr"):
                        for text in (one.name, str(one.takes), str(one.rows), ", ".join(one.people), known):
                            with ui.element("td"):
                                ui.label(text)

    def _draw_chips(self) -> None:
        self._chips.clear()
        with self._chips:
            for name in dict.fromkeys([*(one.name for one in self._labels), "none"]):
                chip = ui.button(name, on_click=lambda name=name: self._name.set_value(name))
                chip.props(f"no-caps flat dense color=white aria-label={quoted(f'Record {name}')}")
                chip.set_enabled(self._seat.operates)

    def test_card(self) -> None:
        """The labels of each visitor, live."""
        with card("Try them out"):
            box = ui.element("div").style("display: flex; flex-direction: column; gap: 4px; width: 100%")
            self._settings({"threshold": "How sure it must be", "weight": "Weight beside face and body"})
            gestures = self._desk.table.get("/control/perception/gestures")
            if gestures is not None:
                setting_control(self._seat, gestures, "Read gestures of the hands")
        rows: dict[tuple[int, str], tuple[ui.element, ui.element, ui.label]] = {}
        known: list[object] = [None]

        def look() -> None:
            people = self._told.get("people", [])
            threshold = float(self._desk.values.get(f"{PREFIX}/threshold", 0.6))
            keys = [(person["id"], label) for person in people for label in sorted(person["labels"])]
            empty = _nothing_to_try(self._told, people)
            if (keys, empty) != known[0]:
                known[0] = keys, empty
                box.clear()
                rows.clear()
                with box:
                    rows.update(_bars(keys))
                    if empty:
                        ui.label(empty)
            for person in people:
                for label, share in person["labels"].items():
                    bar, fill, figure = rows[person["id"], label]
                    text = f"{100 * share:.0f} %"
                    if figure.text != text:
                        figure.set_text(text)
                        fill.style(f"width: {100 * share:.0f}%")
                        bar.classes(
                            add="pose-held" if share >= threshold else "",
                            remove="pose-held" if share < threshold else "",
                        )

        self._seat.keep_up(look)

    def train_card(self) -> None:
        """Train, and what it prints."""
        training: Training = self._desk.training
        with card("Train").classes("mien-operate"):
            missing = missing_packages()
            if missing:
                ui.label(
                    f"Training needs {', '.join(missing)}, not installed here. In a terminal, "
                    f"{TYPED} train poses installs what is missing, and trains."
                )
            with ui.element("div").classes("mien-row"):
                start = ui.button("Train", icon="model_training").props("no-caps color=blue-9 padding='4px 14px'")
                stop = ui.button("Stop").props("no-caps outline color=white padding='4px 12px'")
            mirror = ui.switch("Left and right are the same pose", value=True)
            face = ui.switch("The expression counts, too")
            for control in (mirror, face):
                control.set_enabled(self._seat.operates)
            state = ui.label().props("role=status")
            output = (
                ui.element("pre")
                .classes("pose-output")
                .props('tabindex=0 aria-label="What training prints" role=region')
            )
            with output:
                text = ui.label()
            ui.label(
                "A process of its own at low priority; the piece goes on, and loads the new poses by itself."
            ).classes("mien-dim")

        def begin() -> None:
            if not self._seat.operates:
                ui.notify("This link may look, not operate.", type="warning")
                return
            options = [*([] if mirror.value else ["--no-mirror"]), *(["--face"] if face.value else [])]
            try:
                training.start(str(self._told.get("data", "")), str(self._told.get("model", "")), options)
            except ValueError as error:
                ui.notify(str(error), type="negative")

        start.on_click(begin)
        stop.on_click(lambda: training.stop() if self._seat.operates else None)

        def look() -> None:
            few = len(self._labels) < LEAST_LABELS
            ready = not few and not missing and "data" in self._told
            start.set_enabled(self._seat.operates and not training.runs and ready)
            stop.set_enabled(self._seat.operates and training.runs)
            state.set_text(_said_of(training) or (FEW if few else ""))
            output.set_visibility(bool(training.output))
            if text.text != training.output:
                text.set_text(training.output)

        self._look_at_training = look
        self._seat.keep_up(look)

    def does_card(self) -> None:
        """What each pose means and triggers."""
        with card("What a pose means and does"):
            self._does = ui.element("div").style("display: flex; flex-direction: column; gap: 6px; width: 100%")
            ui.label(
                "It holds at once; Save (above) writes it to the file. Mixtures of several emotions are written in config.yaml."
            ).classes("mien-dim")
            _leads("A pose can call a preset, a look or a scene, too: as what fires a cue, on", "Cues", "/cues")
            with ui.element("div").classes("mien-grid").style("margin-top: 8px"):
                self._settings({"hold_s": "Held for", "cooldown_s": "Pause between two commands"})
        self._seat.keep_up(self._look_at_does)

    def _look_at_does(self) -> None:
        told, lists = self._told, self._desk.lists
        commands, meanings = lists.get(COMMANDS) or {}, lists.get(MEANINGS) or {}
        recorded = [one.name for one in self._labels if one.name != "none"]
        poses = [*told.get("trained", ()), *recorded]
        names = list(dict.fromkeys([*poses, *commands, *meanings, *told.get("gestures", ())]))
        known = (names, commands, meanings)
        if known == self._drawn:
            return
        self._drawn = known
        self._does.clear()
        with self._does:
            if not names:
                ui.label("Record a pose first, or let gestures be read.")
            for name in names:
                with ui.element("div").classes("pose-does"):
                    ui.label(name).style("overflow-wrap: anywhere")
                    mixture = meanings.get(name) or {}
                    self._choice(f"{name} means", _mixed(mixture), [NOTHING, *EMOTIONS], MEANINGS, name)
                    self._choice(f"{name} does", commands.get(name, NOTHING), [NOTHING, *POSE_COMMANDS], COMMANDS, name)

    def _choice(self, title: str, value: str, choices: list[str], path: str, name: str) -> None:
        options = list(dict.fromkeys([*choices, value]))
        control = ui.select(options, value=value, label=title.removeprefix(f"{name} "))
        control.props(f"outlined dense options-dense aria-label={quoted(title)}").set_enabled(self._seat.operates)

        async def chosen(event: events.ValueChangeEventArguments[Any]) -> None:
            if event.value == value:
                return
            rest = {label: one for label, one in (self._desk.lists.get(path) or {}).items() if label != name}
            if event.value != NOTHING:
                rest[name] = {event.value: 1.0} if path == MEANINGS else event.value
            await self._seat.do(self._desk.set(path, rest))
            if (self._desk.lists.get(path) or {}) != rest:
                control.set_value(value)

        control.on_value_change(chosen)


def _leads(words: str, title: str, path: str) -> None:
    """A sentence that ends with the link to another page."""
    with ui.element("div").classes("mien-dim"):
        ui.label(words).style("display: inline")
        ui.link(title, path).style("color: var(--chosen); margin-left: 0.3em")


def _label_mistake(value: str | None) -> str | None:
    if value and not re.fullmatch(POSE_LABEL, value.strip()):
        return "It begins with a letter and has letters, digits, - and _ only, 32 at most."
    return None


def _mixed(mixture: dict[str, float]) -> str:
    """A mixture as one of the choices, or in words."""
    if not mixture:
        return NOTHING
    (first, weight), *more = mixture.items()
    return ", ".join(f"{name} {share:g}" for name, share in mixture.items()) if more or weight != 1 else first


def _nothing_to_try(told: dict[str, Any], people: list[dict[str, Any]]) -> str:
    if not told.get("trained") and not told.get("gestures"):
        return "Nothing to try yet: record a pose and none, then train; or let gestures of the hands be read, below."
    if not people:
        return "Nobody is in front of the camera."
    return "" if any(person["labels"] for person in people) else "Nobody shows a pose or a gesture."


def _bars(keys: list[tuple[int, str]]) -> dict[tuple[int, str], tuple[ui.element, ui.element, ui.label]]:
    found, last = {}, None
    for key in keys:
        if key[0] != last:
            last = key[0]
            ui.label(f"Visitor {last}").classes("mien-dim")
        with ui.element("div").classes("pose-bar") as bar:
            ui.label(key[1]).style("overflow-wrap: anywhere")
            with ui.element("div").classes("pose-track").props("aria-hidden=true"):
                fill = ui.element("div").classes("pose-share").style("width: 0%")
            figure = ui.label()
        found[key] = bar, fill, figure
    return found


def _said_of(training: Training) -> str:
    if training.runs:
        return "Training ... some seconds; a minute or two where the machine is busy"
    if training.result is None:
        return ""
    return "Trained." if training.result == 0 else f"Not trained (exit code {training.result}); the last lines say why."
