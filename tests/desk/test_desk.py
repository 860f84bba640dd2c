"""What the desk asks of the piece, and what it shows of it: with a piece that is only its settings."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from installation.base.clock import ManualClock
from installation.base.secrets import without_secrets
from installation.config.load import load_config
from installation.config.save import save_settings
from installation.config.settings import Config
from installation.desk.controls import Bound
from installation.desk.desk import Desk, RefusedError
from installation.desk.free_controls import differs_from_file, set_value, value_of
from installation.desk.history import DRAG_S
from installation.desk.seat import Seat
from installation.desk.setting_tree import parts
from installation.live_commands.live_settings import LiveSettings
from installation.live_commands.setting_table import LISTS

ROOT = Path(__file__).resolve().parents[2]
PACE, GLOW, HOLD = "/control/scene/pace", "/control/output/glow", "/control/smoothing/label_hold_s"
COLOUR = "/control/look/sad/palette/middle"


class Piece:
    """Answers as the piece does, a moment later, and tells what changed of the settings."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "config.yaml"
        self.file.write_bytes((ROOT / "config.yaml").read_bytes())
        self.settings = LiveSettings(load_config(self.file), partial(save_settings, self.file))
        self.clock = ManualClock()
        self.asked: list[Mapping[str, Any]] = []
        self.answers = True
        self.desk = Desk(self.hear, [str(self.file)], self.clock)
        self.tell()

    def tell(self) -> None:
        values = {path: one.read(self.settings.config) for path, one in self.settings.table.items()}
        lists = {path: one.read(self.settings.config) for path, one in LISTS.items()}
        self.desk.take({"kind": "settings", "values": values, "lists": lists, "gone": []})
        self.desk.take({"kind": "snapshot", "state": {}})

    def hear(self, request: dict[str, Any]) -> None:
        self.asked.append(request)
        if self.answers:
            asyncio.get_running_loop().call_soon(self.answer, request)

    def answer(self, request: Mapping[str, Any]) -> None:
        error, value = "", None
        try:
            if request["kind"] == "set":
                path = request["path"]
                if path in LISTS:
                    self.settings.put(path, request["value"])
                    value = LISTS[path].read(self.settings.config)
                else:
                    self.settings.change(path, [request["value"]])
                    value = self.settings.setting(path).read(self.settings.config)
            elif request["kind"] == "save":
                value = self.settings.save()
        except ValueError as refused:
            error = str(refused)
        self.desk.take({"kind": "answer", "number": request["number"], "error": error, "value": value})


@pytest.fixture
def piece(tmp_path: Path) -> Piece:
    return Piece(tmp_path)


def run(work: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(work(), 30))  # type: ignore[arg-type]


def seat(piece: Piece, role: Any = "operate") -> Seat:
    return Seat(piece.desk, role, None)  # type: ignore[arg-type]


def control(piece: Piece, path: str, at: Seat) -> tuple[Bound, list[Any]]:
    """A control of a browser, and all that it showed."""
    shown: list[Any] = []
    bound = Bound(at, piece.desk.table[path])
    bound.show(shown.append)
    bound.begin()
    return bound, shown


async def move(bound: Bound, value: Any) -> None:
    sending = bound.moved(value)
    assert sending is not None
    await sending


def test_a_change_is_taken_back_and_made_again(piece: Piece) -> None:
    async def work() -> None:
        assert await piece.desk.set(PACE, 2) == 2.0
        piece.clock.advance(2 * DRAG_S)
        piece.tell()
        await piece.desk.set(COLOUR, "blue")
        assert piece.desk.values[COLOUR] == "#0000ff", "as the piece has it"
        assert await piece.desk.undo() == "look.sad.palette.middle"
        assert await piece.desk.undo() == "scene.pace"
        assert piece.settings.config == load_config(piece.file)
        assert await piece.desk.undo() is None
        assert await piece.desk.redo() == "scene.pace"
        assert piece.settings.config.scene.pace == 2.0

    run(work)


def test_what_is_refused_is_told_and_can_not_be_undone(piece: Piece) -> None:
    async def work() -> None:
        with pytest.raises(RefusedError, match=r"must be 0\.1 to 4"):
            await piece.desk.set(PACE, 9.0)
        assert piece.desk.values[PACE] == 1.0
        assert not piece.desk.history.can_undo

    run(work)


def test_the_last_of_a_thousand_quick_changes_wins(piece: Piece) -> None:
    async def work() -> None:
        await asyncio.gather(*(piece.desk.set(PACE, 0.1 + step / 1000) for step in range(1000)))
        assert piece.desk.values[PACE] == piece.settings.config.scene.pace == 0.1 + 999 / 1000
        await piece.desk.undo()
        assert piece.settings.config.scene.pace == 1.0, "one drag is one step"

    run(work)


def test_of_a_dial_that_moves_faster_than_the_piece_only_the_newest_value_is_sent(piece: Piece) -> None:
    async def work() -> None:
        bound, shown = control(piece, PACE, seat(piece))
        sendings = [bound.moved(0.1 + step / 1000) for step in range(1000)]
        await asyncio.gather(*(one for one in sendings if one is not None))
        assert piece.settings.config.scene.pace == 0.1 + 999 / 1000
        assert len(piece.asked) <= 3
        assert shown[-1] == 0.1 + 999 / 1000

    run(work)


def test_two_browsers_are_in_step_and_nothing_jumps_under_a_finger(piece: Piece) -> None:
    async def work() -> None:
        here, there = seat(piece), seat(piece)
        mine, my_shown = control(piece, PACE, here)
        _, others_shown = control(piece, PACE, there)
        await move(mine, 2.0)
        for one in (here, there):
            one.refresh()
        assert others_shown == [1.0, 2.0]
        await piece.desk.set(PACE, 3.0)
        for one in (here, there):
            one.refresh()
        assert (my_shown[-1], others_shown[-1]) == (2.0, 3.0), "mine was moved a moment ago"
        piece.clock.advance(1.0)
        piece.tell()
        here.refresh()
        assert my_shown[-1] == 3.0

    run(work)


def test_what_a_control_says_when_it_is_shown_something_is_no_wish(piece: Piece) -> None:
    bound = Bound(seat(piece), piece.desk.table[PACE])
    wishes: list[object] = []
    bound.show(lambda value: wishes.append(bound.moved(round(value, 1) + 0.1)))
    bound.begin()
    assert wishes == [None]
    assert piece.asked == []


def test_a_refused_value_shows_the_old_one_again(piece: Piece, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr("installation.desk.seat.ui.notify", lambda text, **_: said.append(text))

    async def work() -> None:
        bound, shown = control(piece, COLOUR, seat(piece))
        old = piece.desk.values[COLOUR]
        await move(bound, "bleu")
        assert shown == [old, "bleu", old]
        assert "did you mean blue?" in said[0]
        await move(bound, "blue")
        assert shown[-1] == "#0000ff"

    run(work)


def test_whoever_may_only_look_changes_nothing(piece: Piece, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr("installation.desk.seat.ui.notify", lambda text, **_: said.append(text))

    async def work() -> None:
        bound, shown = control(piece, PACE, seat(piece, "look"))
        assert not bound.enabled
        await move(bound, 2.0)
        assert shown == [1.0, 2.0, 1.0]
        assert piece.asked == []
        assert "look, not operate" in said[0]

    run(work)


def test_several_settings_are_recalled_as_one_step(piece: Piece) -> None:
    async def work() -> None:
        assert await piece.desk.recall({PACE: 2.0, GLOW: 0.5, HOLD: piece.desk.values[HOLD]}) == 2
        assert (piece.settings.config.scene.pace, piece.settings.config.output.glow) == (2.0, 0.5)
        await piece.desk.undo()
        assert piece.settings.config == load_config(piece.file)
        with pytest.raises(RefusedError, match=r"scene/pace: must be 0\.1 to 4"):
            await piece.desk.recall({PACE: 99.0, GLOW: 0.25})
        assert piece.settings.config.output.glow == 0.25
        await piece.desk.undo()
        assert piece.settings.config == load_config(piece.file)

    run(work)


def test_of_two_settings_that_forbid_each_other_for_now_the_refused_one_is_tried_again(
    piece: Piece, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = piece.settings.change

    def strict(path: str, args: Any) -> None:
        if path == GLOW and piece.settings.config.scene.pace != 2.0:
            raise ValueError("not with this pace")
        change(path, args)

    monkeypatch.setattr(piece.settings, "change", strict)

    async def work() -> None:
        assert await piece.desk.recall({GLOW: 0.5, PACE: 2.0}) == 2
        assert piece.settings.config.output.glow == 0.5

    run(work)


def test_another_browsers_change_during_a_recall_is_a_step_of_its_own(piece: Piece) -> None:
    async def work() -> None:
        await asyncio.gather(piece.desk.recall({PACE: 2.0, GLOW: 0.5}), piece.desk.set(HOLD, 3.0))
        await piece.desk.undo()
        await piece.desk.undo()
        assert not piece.desk.history.can_undo
        assert piece.settings.config == load_config(piece.file)

    run(work)


def test_a_and_b(piece: Piece) -> None:
    async def work() -> None:
        desk = piece.desk
        with pytest.raises(RefusedError, match="nothing is stored in A"):
            await desk.show("A")
        desk.store("A")
        await desk.recall({PACE: 2.0, GLOW: 0.5})
        desk.store("B")
        assert (desk.compare.on(desk.values), desk.compare.differing()) == ("B", 2)
        assert await desk.show("A") == 2
        assert (piece.settings.config.scene.pace, desk.compare.on(desk.values)) == (1.0, "A")
        assert await desk.show("B") == 2
        await desk.undo()
        assert (piece.settings.config.scene.pace, desk.compare.on(desk.values)) == (1.0, "A")
        await desk.set(HOLD, 3.0)
        assert desk.compare.on(desk.values) == ""

    run(work)


def test_save_writes_what_differs_and_keeps_every_comment(piece: Piece) -> None:
    before = piece.file.read_text(encoding="utf-8")

    async def work() -> None:
        await piece.desk.set(PACE, 2.0)
        await piece.desk.set(GLOW, 0.5)
        await piece.desk.set(GLOW, 1.0)
        await piece.desk.set(HOLD, 3.0)
        await piece.desk.set(HOLD, piece.settings.setting(HOLD).read(Config()))
        assert await piece.desk.save() == 1
        assert await piece.desk.save() == 0

    run(work)
    changed = [
        (old, new)
        for old, new in zip(before.splitlines(), piece.file.read_text(encoding="utf-8").splitlines(), strict=True)
        if old != new
    ]
    assert [(old.replace("pace: 1.0", "pace: 2.0"), new) for old, new in changed] == [(new, new) for _, new in changed]
    assert len(changed) == 1


def test_a_list_is_a_setting_as_every_other(piece: Piece) -> None:
    async def work() -> None:
        path = "/control/scene/playlist"
        await piece.desk.set(path, [{"scene": "blossom"}, {"scene": "aurora"}])
        assert len(piece.settings.config.scene.playlist) == 2
        await piece.desk.undo()
        assert piece.settings.config.scene.playlist == []
        await piece.desk.redo()
        assert len(piece.settings.config.scene.playlist) == 2
        with pytest.raises(RefusedError, match="there is no scene"):
            await piece.desk.set(path, [{"scene": "blossm"}])
        assert load_config(piece.file).scene.playlist == []
        assert await piece.desk.save() == 1
        assert len(load_config(piece.file).scene.playlist) == 2

    run(work)


def test_passwords_stay_when_the_rest_is_edited_on_the_page(piece: Piece) -> None:
    source = next(one for part in parts(piece.desk.table) for one in part.entries if one.name == "capture.source")

    async def work() -> None:
        await set_value(piece.desk, source, "rtsp://artist:over-the-wire@10.0.0.9/a")
        shown = str(without_secrets(value_of(piece.desk, source)))
        assert "over-the-wire" not in shown
        assert differs_from_file(piece.desk, source)
        await set_value(piece.desk, source, shown)
        assert piece.settings.config.capture.source == "rtsp://artist:over-the-wire@10.0.0.9/a"
        with pytest.raises(RefusedError, match="write the password"):
            await set_value(piece.desk, source, shown.replace("10.0.0.9", "10.0.0.8"))
        await piece.desk.undo()
        assert not differs_from_file(piece.desk, source)

    run(work)


def test_a_piece_that_does_not_answer_loses_no_step(piece: Piece, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("installation.desk.desk.ANSWER_S", 0.05)

    async def work() -> None:
        await piece.desk.set(PACE, 2.0)
        piece.answers = False
        with pytest.raises(RefusedError, match="does not answer"):
            await piece.desk.undo()
        assert piece.desk.history.can_undo
        piece.answers = True
        await piece.desk.undo()
        assert piece.settings.config.scene.pace == 1.0
        piece.clock.advance(10.0)
        with pytest.raises(RefusedError, match="started again, or has ended"):
            await piece.desk.set(PACE, 2.0)

    run(work)


def test_a_part_of_a_page_that_is_closed_looks_at_nothing_more(piece: Piece) -> None:
    whole = seat(piece)
    part = whole.part()
    seen: list[int] = []
    part.keep_up(lambda: seen.append(piece.desk.version))
    piece.tell()
    whole.refresh()
    part.close()
    piece.tell()
    whole.refresh()
    assert len(seen) == 2
