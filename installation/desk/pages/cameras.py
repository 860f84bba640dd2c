"""Several cameras and one floor: four marks in the view of each, taken from whoever stands on them, and how well they agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from nicegui import ui

from installation.base.homography import Points, corners_of
from installation.desk.camera_marks import (
    NAMES,
    Mark,
    MarkError,
    Standing,
    apart,
    grid,
    on_floor,
    outside,
    stands,
    take,
    to_floor,
    trouble,
    with_mark,
)
from installation.desk.desk import RefusedError
from installation.desk.joined_cameras import (
    AREA,
    PART,
    area_of,
    joined,
    place_of,
    set_camera,
    set_marks,
    source_trouble,
    told_of,
)
from installation.desk.parts.camera_words import agreement, camera_row
from installation.desk.parts.elements import card, set_chosen, set_props
from installation.desk.parts.floor_plan import STYLE as FLOOR_STYLE
from installation.desk.parts.floor_plan import floor_plan
from installation.desk.parts.mark_editor import STYLE as MARK_STYLE
from installation.desk.parts.mark_editor import MarkEditor
from installation.desk.seat import Seat

SAME = "/control/eyes/same_within_m"
COLOURS = ("#88c0d0", "#ebcb8b", "#a3d9a5", "#e39ac8", "#d9a27b", "#b6a7e8", "#f0f0f0", "#7ba4d9")
"""Of each camera; its name stands beside it, so that no colour has to be known."""
STYLE = """
.cameras-marks { display: grid; grid-template-columns: minmax(0, 1fr) 4rem 4rem 6.2rem; gap: 4px 8px;
  align-items: center; margin-top: 8px; }
.cameras-marks .q-btn { width: 100%; white-space: nowrap; }
.cameras-own { display: grid; grid-template-columns: minmax(0, 1fr) 5.5rem 5.5rem; gap: 4px 8px; align-items: center;
  margin-top: 8px; }
.cameras-said { margin-top: 8px; }
.cameras-marks .q-field__control { padding: 0 6px; }
.cameras-list { list-style: none; margin: 8px 0 0; padding: 0; }
.cameras-list i { display: inline-block; width: 0.8em; height: 0.8em; border-radius: 50%; margin-right: 6px; }
"""


def build(seat: Seat) -> None:
    """Draw it."""
    ui.add_css(STYLE + MARK_STYLE + FLOOR_STYLE)
    _Page(seat)


class _Page:
    """One browser: ``_name`` is the camera that is chosen, ``_mark`` one of its marks."""

    def __init__(self, seat: Seat) -> None:
        self._seat, self._desk = seat, seat.desk
        self._name, self._mark = "", 0
        self._buttons: dict[str, ui.button] = {}
        self._takes: list[ui.button] = []
        self._shown: list[Callable[[], None]] = []
        self._is_own = False
        """What the toggle shows: whether the camera has marks of its own."""
        self._kind_known: object = None
        self._trouble = ui.label().classes("mien-card").props("role=alert").style("color: var(--calm)")
        with ui.element("div").classes("mien-pair").style("align-items: start") as self._both:
            with card("Where a camera looks"):
                self._marks_card()
            with card("The floor"):
                self._floor_card()
        seat.wish(PART)
        seat.keep_up(self._look)

    def _marks_card(self) -> None:
        self._chooser = ui.element("div").classes("mien-row").props('role=group aria-label="Camera"')
        ui.label(
            "Tape four marks on the floor, numbered as on the plan. One person stands on mark 1, nobody else in view: Take 1. "
            "Then 2, 3 and 4, and they count; Save keeps them. Where nobody can stand, press on the view. Marks can be dragged."
        ).classes("mien-dim mien-operate").style("margin: 6px 0")
        self._editor = MarkEditor(self._seat.operates, NAMES, self._moved, self._choose_mark).style("width: 100%")
        self._said = ui.label().classes("cameras-said").props("role=status")
        with ui.element("div").classes("cameras-marks"):
            for word in ("In the view", "across", "down"):
                ui.label(word).classes("mien-dim")
            with ui.element("div"):
                self._button("Begin anew", self._begin_anew)
            for number, name in enumerate(NAMES):
                ui.label(f"{number + 1} {name}")
                for axis, word in enumerate(("across", "down")):
                    self._field(
                        f"Mark {number + 1}, {word}, 0 to 1",
                        partial(self._at, number, axis),
                        partial(self._typed, number, axis),
                    )
                with ui.element("div"):  # a cell that stays where the button is hidden
                    self._takes.append(self._button(f"Take {number + 1}", partial(self._take, number)))

    def _floor_card(self) -> None:
        self._plan = ui.html(sanitize=False).style("width: 100%")
        self._agreement = ui.html(sanitize=False)
        self._list = ui.html(sanitize=False)
        with ui.element("div").classes("mien-row").style("margin-top: 8px"):
            for axis, word in enumerate(("Width", "Depth")):
                name = f"{word} of the area, metres"
                field = self._field(name, partial(self._side, axis), partial(self._area, axis), "%.5g")
                field.props(f'label="{word}, m"').style("width: 7rem")
        ui.label("The marks of the chosen camera are").classes("mien-dim mien-operate").style("margin-top: 8px")
        self._kind = ui.toggle({False: "the area's corners", True: "marks of its own"}, on_change=self._kind_chosen)
        self._kind.props('no-caps dense unelevated toggle-color=blue-8 aria-label="The marks are"').classes(
            "mien-toggle"
        )
        self._kind.set_enabled(self._seat.operates)
        with ui.element("div").classes("cameras-own") as self._own:
            for number in range(4):
                ui.label(f"Mark {number + 1}, from back left")
                for axis, word in enumerate(("right", "front")):
                    field = self._field(
                        f"Mark {number + 1}, metres to the {word}",
                        partial(self._own_at, number, axis),
                        partial(self._own_typed, number, axis),
                        "%.5g",
                    )
                    field.props(f'label="{word}, m"')

    def _button(self, text: str, work: Callable[[], Any]) -> ui.button:
        button = ui.button(text, on_click=lambda: self._seat.do(work()))
        button.props("no-caps dense padding='4px 8px' outline color=white").set_enabled(self._seat.operates)
        return button

    def _field(
        self, spoken: str, read: Callable[[], float | None], work: Callable[[float], Any], form: str = "%.3f"
    ) -> ui.number:
        """A number that follows ``read``; ``work`` is awaited with what was typed."""
        field = ui.number(format=form, step=0.01).props(f'dense outlined aria-label="{spoken}"')
        field.style("width: 100%").set_enabled(self._seat.operates)
        last: list[float | None] = [None]

        def look() -> None:
            value = read()
            if value != last[0]:
                last[0] = value
                field.set_value(value)

        async def typed() -> None:
            if field.value is None or field.value == last[0]:
                return
            await self._seat.do(work(float(field.value)))
            last[0] = None
            field.set_value(None)
            look()

        field.on("change", typed)
        self._shown.append(look)
        return field

    # What is there.

    @property
    def _camera(self) -> dict[str, Any]:
        return next((one for one in joined(self._desk) if one["name"] == self._name), {})

    def _marks(self) -> list[Mark]:
        return self._desk.marks.marks(self._name, self._camera.get("place", []))

    def _marks_m(self) -> Points:
        return self._camera.get("marks_m") or corners_of(area_of(self._desk))

    def _at(self, number: int, axis: int) -> float | None:
        mark = self._marks()[number]
        return None if mark is None else mark[axis]

    def _side(self, axis: int) -> float:
        return float(area_of(self._desk)[axis])

    def _own_at(self, number: int, axis: int) -> float:
        return float(self._marks_m()[number][axis])

    # What the operator wants.

    async def _put(self, name: str, number: int, x: float, y: float) -> bool:
        marks = self._desk.marks.marks(name, place_of(self._desk, name))
        try:
            return await set_marks(self._desk, name, with_mark(marks, number, x, y))
        except MarkError as error:
            raise RefusedError(str(error)) from error

    async def _take(self, number: int) -> None:
        name, wrong = self._name, source_trouble(self._desk)
        if wrong:
            raise RefusedError(wrong)
        try:
            x, y = take(name, told_of(self._desk, name))
        except MarkError as error:
            raise RefusedError(str(error)) from error
        counts = await self._put(name, number, x, y)
        missing = [k for k, one in enumerate(self._marks()) if one is None]
        self._mark = missing[0] if missing else number
        said = f"Mark {number + 1} is taken"
        if missing:
            said += f"; now mark {missing[0] + 1}, {NAMES[missing[0]]}"
        elif counts:
            said += f"; {name} is placed"
        ui.notify(f"{said}.", type="positive")

    async def _moved(self, name: str, number: int, x: float, y: float) -> None:
        if 0 <= number < len(NAMES):
            await self._seat.do(self._put(name, number, x, y))
            self._mark = next((k for k, one in enumerate(self._marks()) if one is None), number)

    async def _typed(self, number: int, axis: int, value: float) -> None:
        x, y = self._marks()[number] or [0.5, 0.5]
        await self._put(self._name, number, *((value, y) if axis == 0 else (x, value)))

    async def _begin_anew(self) -> None:
        self._mark = 0
        self._desk.marks.keep(self._name, [None] * 4, place_of(self._desk, self._name))

    async def _area(self, axis: int, value: float) -> None:
        area = area_of(self._desk)
        area[axis] = value
        await self._desk.set(AREA, area)

    async def _kind_chosen(self, event: Any) -> None:
        if event.value is None or event.value == self._is_own:
            return
        self._is_own = bool(event.value)
        wanted = [list(one) for one in self._marks_m()] if event.value else []
        await self._seat.do(set_camera(self._desk, self._name, marks_m=wanted))
        self._look_at_kind()

    async def _own_typed(self, number: int, axis: int, value: float) -> None:
        marks = [list(one) for one in self._marks_m()]
        marks[number][axis] = value
        await set_camera(self._desk, self._name, marks_m=marks)

    def _choose(self, name: str) -> None:
        self._name = name
        self._mark = next((k for k, one in enumerate(self._marks()) if one is None), 0)
        self._look()

    def _choose_mark(self, number: int) -> None:
        self._mark = min(max(number, 0), len(NAMES) - 1)
        self._look()

    # What is shown.

    def _look(self) -> None:
        names = [one["name"] for one in joined(self._desk)]
        self._both.set_visibility(bool(names))
        wrong = (
            source_trouble(self._desk)
            if names
            else (
                "No camera is joined: eyes.join in the settings names the machines that see for this show (docs/scale.md)."
            )
        )
        self._trouble.set_text(wrong)
        self._trouble.set_visibility(bool(wrong))
        if not names:
            return
        if self._name not in names:
            self._name = names[0]
            self._mark = next((k for k, one in enumerate(self._marks()) if one is None), 0)
        self._look_at_names(names)
        for look in self._shown:
            look()
        self._look_at_kind()
        colours = {name: COLOURS[k % len(COLOURS)] for k, name in enumerate(names)}
        self._look_at_marks(colours[self._name])
        self._look_at_floor(colours)

    def _look_at_names(self, names: list[str]) -> None:
        if list(self._buttons) != names:
            self._chooser.clear()
            with self._chooser:
                self._buttons = {name: ui.button(name, on_click=partial(self._choose, name)) for name in names}
            for button in self._buttons.values():
                button.props("no-caps dense unelevated padding='4px 14px'")
        for name, button in self._buttons.items():
            set_chosen(button, name == self._name)

    def _look_at_kind(self) -> None:
        is_own = bool(self._camera.get("marks_m"))
        self._own.set_visibility(is_own)
        # What was just pressed is not taken back before the piece has it.
        if (self._name, is_own) != self._kind_known:
            self._kind_known, self._is_own = (self._name, is_own), is_own
            self._kind.set_value(is_own)

    def _look_at_marks(self, colour: str) -> None:
        told, marks, area = told_of(self._desk, self._name), self._marks(), area_of(self._desk)
        width, height = (told or {}).get("size") or (16, 9)
        matrix = to_floor(marks, self._camera.get("marks_m") or (), area)
        people = [
            {
                "x": one["at"][0],
                "y": one["at"][1],
                "feet": one["feet"],
                "still": stands({**(told or {}), "people": [one]}),
            }
            for one in (told or {}).get("people", ())
        ]
        lines = [] if matrix is None else grid(matrix, area)
        self._editor.show(self._name, height / max(width, 1), marks, people, lines, colour, self._mark)
        tone, words = self._words(marks, told)
        self._said.set_text(words)
        self._said.style(f"color: var(--{tone})")
        for number, button in enumerate(self._takes):
            set_props(button, color="blue-8" if number == self._mark else "white", outline=number != self._mark)

    def _words(self, marks: Sequence[Mark], told: Mapping[str, Any] | None) -> tuple[str, str]:
        """(tone, what is to be said of the marks, or else of taking one)"""
        wrong = trouble(marks)
        if wrong:
            return "bad", wrong
        try:
            take(self._name, told)
            words = f"{self._name} sees one person who stands still: a mark can be taken."
            tone = "good"
        except MarkError as error:
            tone, words = "calm", str(error)
        return tone, " ".join(one for one in (words, outside(marks)) if one)

    def _look_at_floor(self, colours: Mapping[str, str]) -> None:
        desk, area = self._desk, area_of(self._desk)
        everybody: dict[str, list[Standing]] = {}
        rows = []
        for one in joined(desk):
            name, told = one["name"], told_of(desk, one["name"])
            marks = desk.marks.marks(name, one.get("place", []))
            matrix = to_floor(marks, one.get("marks_m") or (), area)
            everybody[name] = on_floor(name, told, matrix)
            rows.append(
                camera_row(name, colours[name], told, sum(mark is not None for mark in marks), matrix is not None)
            )
        pairs = apart(everybody)
        self._plan.set_content(floor_plan(area, self._marks_m(), everybody, pairs, colours))
        self._agreement.set_content(agreement(pairs, float(desk.values.get(SAME, 0.7))))
        self._list.set_content(f'<ul class="cameras-list">{"".join(rows)}</ul>')
