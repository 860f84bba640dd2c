"""Setting up outputs by hand: what keys and pointer change, what is refused, what is shown and saved."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.output import OutputConfig, ScreenConfig
from installation.render.output.handles import triangles
from installation.render.output.input_event import InputEvent
from installation.render.output.output_setup import OutputSetup
from installation.render.output.warp_editor import WarpEditor

SIZE = (1000, 500)


def key(name: str, shift: bool = False) -> InputEvent:
    return InputEvent("key", name, shift=shift)


def pointer(kind: str, x_px: float, y_px: float) -> InputEvent:
    return InputEvent(kind, "", x_px / SIZE[0], y_px / SIZE[1])  # type: ignore[arg-type]


def play(editor: WarpEditor, *events: InputEvent) -> list[str]:
    return [verdict for event in events if (verdict := editor.handle(event, SIZE)) is not None]


def dragged(editor: WarpEditor, start: tuple[float, float], *places: tuple[float, float]) -> None:
    play(editor, pointer("press", *start), *(pointer("drag", *place) for place in places))
    play(editor, pointer("release", *(places or (start,))[-1]))


def test_the_pointer_moves_the_nearest_corner_by_as_much_as_it_moves() -> None:
    editor = WarpEditor([])
    dragged(editor, (990, 20), (900, 60), (890, 70))
    assert editor.screen.corners == [[0, 0], [0.9, 0.1], [1, 1], [0, 1]]


def test_a_click_moves_nothing_and_leaves_nothing_to_undo() -> None:
    editor = WarpEditor([])
    dragged(editor, (700, 300))
    assert editor.version == 0
    assert editor.selected == 3
    play(editor, key("z"))
    assert editor.version == 0


def test_arrows_move_by_a_pixel_and_with_shift_by_ten() -> None:
    editor = WarpEditor([])
    play(editor, key("right"), key("down", shift=True))
    assert editor.screen.corners[0] == pytest.approx([1 / 1000, 10 / 500])
    play(editor, key("tab"), key("left", shift=True), key("tab"), key("up"))
    assert editor.screen.corners[1] == pytest.approx([0.99, 0])
    assert editor.screen.corners[3] == pytest.approx([0, 1 - 1 / 500]), "handles go row by row"
    play(editor, key("tab", shift=True))
    assert editor.selected == 1


def test_a_pixel_is_a_pixel_also_in_a_part_of_the_window() -> None:
    editor = WarpEditor([ScreenConfig(place=[0.5, 0.5, 0.5, 0.5])])
    play(editor, key("right"))
    assert editor.screen.corners[0] == pytest.approx([2 / 1000, 0])
    first = editor.handles()[0]
    assert (first.x * 1000, first.y * 500) == pytest.approx((501, 250))


def test_corners_that_would_cross_stay_where_they_were() -> None:
    editor = WarpEditor([])
    dragged(editor, (0, 0), (100, 50), (990, 490))
    assert editor.screen.corners[0] == [0.1, 0.1], "the last place that could be"
    dragged(editor, (100, 50), (-3000, 0))
    assert editor.screen.corners[0] == [0.1, 0.1]


def test_number_keys_choose_the_output_and_the_others_stay() -> None:
    editor = WarpEditor([ScreenConfig(name="left"), ScreenConfig(name="right", gamma=1.2)])
    play(editor, key("2"), key("right"), key("7"), key("0"))
    assert editor.output == 1
    assert editor.screens[0] == ScreenConfig(name="left")
    assert editor.screens[1].gamma == 1.2
    assert editor.screens[1].corners[0] == [0.001, 0]
    assert "output 2 of 2 (right)" in editor.lines(SIZE)[0]


def test_a_grid_is_made_moved_made_finer_and_reset() -> None:
    editor = WarpEditor([])
    play(editor, key("g"))
    assert (editor.on_grid, len(editor.handles())) == (True, 9)
    dragged(editor, (500, 250), (550, 300))
    assert editor.screen.grid[1][1] == [0.05, 0.1]
    play(editor, key("+"))
    assert len(editor.handles()) == 25
    assert editor.screen.grid[2][2] == [0.05, 0.1], "what was set stays"
    play(editor, key("+"), key("+"), key("+"))
    assert len(editor.handles()) == 17 * 17
    play(editor, key("-"), key("-"), key("-"))
    assert editor.screen.grid[1][1] == [0.05, 0.1]
    play(editor, key("-"), key("-"))
    assert len(editor.handles()) == 4
    play(editor, key("z"), key("backspace"))
    assert editor.screen.grid == np.zeros((3, 3, 2)).tolist()
    play(editor, key("g"))
    assert not editor.on_grid
    assert editor.screen.corners == ScreenConfig().corners


def test_a_grid_under_pinned_corners_follows_the_pointer() -> None:
    editor = WarpEditor([ScreenConfig(corners=[[0.2, 0.1], [0.9, 0.0], [1.0, 0.8], [0.0, 1.0]])])
    play(editor, key("g"))
    handle = editor.handles()[4]
    start = (handle.x * 1000, handle.y * 500)
    dragged(editor, start, (start[0] + 30, start[1] - 20))
    moved = editor.handles()[4]
    assert (moved.x * 1000, moved.y * 500) == pytest.approx((start[0] + 30, start[1] - 20), abs=0.02)


def test_backspace_resets_the_corners_and_z_brings_them_back() -> None:
    bent = ScreenConfig(corners=[[0.1, 0.1], [1, 0], [1, 1], [0, 1]])
    editor = WarpEditor([bent])
    play(editor, key("backspace"))
    assert editor.screen == ScreenConfig()
    play(editor, key("z"))
    assert editor.screen == bent


def test_undo_of_the_grids_making_goes_back_to_the_corners() -> None:
    editor = WarpEditor([])
    play(editor, key("g"), key("tab"), key("tab"), key("tab"), key("tab"), key("tab"), key("z"))
    assert not editor.on_grid
    assert editor.screens == (ScreenConfig(),)
    assert editor.selected < len(editor.handles())


def test_enter_saves_escape_and_w_leave() -> None:
    editor = WarpEditor([])
    assert play(editor, key("return"), key("enter"), key("escape"), key("w"), key("x")) == ["save"] * 2 + ["leave"] * 2


EVENTS = st.one_of(
    st.builds(key, st.sampled_from(["tab", "left", "right", "up", "down", "1", "2", "g", "+", "-", "backspace", "z", "ü", "²"]),
              st.booleans()),
    st.builds(pointer, st.sampled_from(["press", "drag", "release"]), st.floats(-500, 1500), st.floats(-500, 1000)),
)  # fmt: skip


@given(st.lists(EVENTS, max_size=40))
def test_whatever_is_done_the_screens_can_be_saved_and_shown(events: list[InputEvent]) -> None:
    editor = WarpEditor([ScreenConfig(), ScreenConfig(place=[0.5, 0, 0.5, 1.0], rotation=90)])
    play(editor, *events)
    for screen in editor.screens:
        assert ScreenConfig.model_validate(screen.model_dump()) == screen
    assert 0 <= editor.selected < len(editor.handles())
    assert np.isfinite(triangles(editor, SIZE)).all()
    assert editor.lines(SIZE)


def test_handles_are_drawn_where_they_are_and_the_chosen_one_differs() -> None:
    editor = WarpEditor([ScreenConfig(corners=[[0.1, 0.2], [1, 0], [1, 1], [0, 1]])])
    found = triangles(editor, SIZE)
    assert len(found) % 3 == 0
    discs = found[found[:, 4] == 2].reshape(-1, 6, 9)
    places = (discs[:, :, :2].mean(axis=1) * (1, -1) + 1) / 2
    assert places[0] == pytest.approx([0.1, 0.2], abs=1e-3)
    assert tuple(discs[0, 0, 5:]) != tuple(discs[1, 0, 5:])


class Bench:
    """A set-up whose window, pass and file only remember what they are given."""

    def __init__(self, config: OutputConfig) -> None:
        self.given: list[OutputConfig] = []
        self.handles: list[Any] = []
        self.editing: list[bool] = []
        self.events: list[InputEvent] = []
        self.saved: list[tuple[ScreenConfig, ...]] = []
        self.trouble: str | None = None
        self.notices = Notices(ManualClock())
        surface = SimpleNamespace(size=SIZE, edit=self.editing.append, take_input=self.take)
        output = SimpleNamespace(reconfigure=self.given.append, set_handles=self.handles.append)
        self.setup = OutputSetup(surface, output, config, self.notices, self.save)  # type: ignore[arg-type]

    def take(self) -> list[InputEvent]:
        events, self.events = self.events, []
        return events

    def save(self, screens: tuple[ScreenConfig, ...]) -> str | None:
        self.saved.append(screens)
        return self.trouble

    def play(self, *events: InputEvent) -> None:
        self.events = list(events)
        self.setup.update()


def test_what_is_set_up_shows_at_once_and_escape_takes_it_back() -> None:
    at = Bench(OutputConfig())
    at.setup.begin()
    assert at.setup.editing
    assert at.editing == [True]
    at.play(key("right"))
    assert at.given[-1].screens[0].corners[0] == [0.001, 0]
    shown = len(at.given)
    at.play()
    at.play(key("tab"))
    assert len(at.given) == shown, "nothing is uploaded where nothing changes"
    at.play(key("escape"))
    assert at.given[-1].screens == []
    assert at.handles[-1] is None
    assert at.editing == [True, False]
    assert at.saved == []
    assert at.setup.lines() == ()


def test_enter_saves_and_keeps_what_was_set_up() -> None:
    at = Bench(OutputConfig())
    at.setup.begin()
    at.play(key("right"), key("return"))
    assert at.saved[0][0].corners[0] == [0.001, 0]
    assert at.given[-1].screens == list(at.saved[0])
    assert not at.setup.editing


def test_what_cannot_be_saved_is_a_fault_and_nothing_is_lost() -> None:
    at = Bench(OutputConfig())
    at.setup.begin()
    at.trouble = "config.yaml:3: a mistake"
    at.play(key("right"), key("return"))
    assert at.setup.editing
    assert "config.yaml:3" in at.notices.active()[0].message
    assert at.setup.lines()[-1] == "! not saved: config.yaml:3: a mistake", "whoever stands there reads it on the wall"
    at.trouble = None
    at.play(key("return"))
    assert not at.setup.editing
    assert at.notices.active() == ()
    at.setup.begin()
    assert not any("not saved" in line for line in at.setup.lines())


def test_settings_saved_elsewhere_wait_while_somebody_edits() -> None:
    at = Bench(OutputConfig())
    at.setup.begin()
    at.play(key("right"))
    at.setup.reconfigure(OutputConfig(screens=[ScreenConfig(gamma=2.0)], glow=0.1))
    assert at.given[-1].screens[0].corners[0] == [0.001, 0]
    assert at.given[-1].glow == 0.1
    at.play(key("escape"))
    assert at.given[-1].screens[0].gamma == 2.0


def test_patterns_go_round_and_are_noted_while_they_hide_the_piece() -> None:
    at = Bench(OutputConfig())
    shown = []
    for _ in range(4):
        at.setup.show_pattern()
        shown.append(at.given[-1].test_pattern)
        assert bool(at.notices.active()) == (shown[-1] != "none")
    assert at.notices.history("fault") == at.notices.history("fallback") == (), "somebody chose it"
    assert shown == ["grid", "ramp", "colour", "none"]
    at.setup.show_pattern("ramp")
    at.setup.reconfigure(OutputConfig(glow=0.2))
    assert at.given[-1].test_pattern == "ramp", "another setting does not take it away"
    at.setup.reconfigure(OutputConfig(test_pattern="grid"))
    assert at.given[-1].test_pattern == "grid"
    at.setup.show_pattern("bars")
    assert at.given[-1].test_pattern == "grid"
    assert any("bars" in note.message for note in at.notices.active())
    assert {note.kind for note in at.notices.active()} == {"fault", "note"}, "the pattern that is shown is still noted"
