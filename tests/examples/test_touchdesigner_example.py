"""The extension for TouchDesigner, without TouchDesigner: its operators are stand-ins that know what it uses of them."""

import csv
import importlib.util
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import pytest

from installation.showcontrol.addresses import TABLE
from installation.showcontrol.examples.rows import is_counted
from installation.showcontrol.show_control import ShowControl
from tests.examples.packets import messages_of
from tests.examples.stage import EXAMPLES
from tests.showcontrol.osc_states import scene, state

FOLDER = EXAMPLES / "touchdesigner"


def load(name: str) -> ModuleType:
    """A file of the example as a module, as a Text DAT's ``module`` is one."""
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Cell:
    """A cell of a table: all cells are texts."""

    def __init__(self, value: object) -> None:
        self.val = str(value)


class TableDAT:
    """A Table DAT: rows and columns by number or by what stands in the first column and row; None for none."""

    def __init__(self, rows: list[list[str]] | None = None) -> None:
        self.cells = [[Cell(value) for value in row] for row in rows or []]

    @property
    def numRows(self) -> int:
        return len(self.cells)

    def row(self, name: int | str) -> list[Cell] | None:
        number = self._row(name)
        return None if number is None else self.cells[number]

    def __getitem__(self, place: tuple[int | str, int | str]) -> Cell | None:
        row, column = self._row(place[0]), self._column(place[1])
        return None if row is None or column is None else self.cells[row][column]

    def __setitem__(self, place: tuple[int | str, int | str], value: object) -> None:
        cell = self[place]
        assert cell is not None, "TouchDesigner raises where there is no such cell"
        cell.val = str(value)

    def appendRow(self, values: list[object]) -> None:
        self.cells.append([Cell(value) for value in values])

    def deleteRow(self, name: int | str) -> None:
        number = self._row(name)
        assert number is not None
        del self.cells[number]

    def _row(self, name: int | str) -> int | None:
        firsts = [row[0].val for row in self.cells]
        if isinstance(name, int):
            return name if name < len(firsts) else None
        return firsts.index(name) if name in firsts else None

    def _column(self, name: int | str) -> int | None:
        return name if isinstance(name, int) else [cell.val for cell in self.cells[0]].index(name)


@dataclass
class OscOutDAT:
    """Keeps what is sent."""

    sent: list[tuple[str, list]] = field(default_factory=list)

    def sendOSC(self, address: str, values: list) -> None:
        self.sent.append((address, values))


class Component:
    """The Base COMP of the recipe."""

    def __init__(self) -> None:
        with (FOLDER / "addresses.tsv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        self.ops: dict[str, Any] = {
            "addresses": TableDAT(rows),
            "values": TableDAT(),
            "events": TableDAT(),
            "osc_out": OscOutDAT(),
        }

    def op(self, name: str) -> Any:
        return self.ops[name]


@pytest.fixture
def mien() -> Any:
    return load("mien_ext").MienExt(Component())


def events(mien: Any) -> list[list[str]]:
    return [[cell.val for cell in row] for row in mien.ownerComp.op("events").cells]


def test_everything_that_mien_sends_is_kept_by_name(mien: Any) -> None:
    told = dict(messages_of())
    for address, args in messages_of():
        mien.Receive(address, args)
    names = {cell[0].val for cell in mien.ownerComp.op("addresses").cells[1:]}
    expected = {name for name in names if "{" not in name and name not in ("people/ids", "beat/number", "beat/bpm")}
    assert {name for name in expected if mien.Value(name) is None} == set()
    assert mien.Value("emotions/happy") == pytest.approx(told["/mien/emotions"][3])
    assert mien.Value("event/texture_done/way") == "64>256 px"
    numbers = {row[0].val: float(row[1].val) for row in mien.ownerComp.op("values").cells}
    assert numbers["valence"] == pytest.approx(told["/mien/valence"][0])
    assert "group/label" not in numbers


def test_events_come_once_each(mien: Any) -> None:
    messages = messages_of()
    assert [address for address, _ in messages].count("/mien/event/arrived") == 3
    for address, args in messages:
        mien.Receive(address, args)
    told = [row[0] for row in events(mien)]
    assert told.count("event/arrived") == told.count("event/snapshot") == 1
    assert ["event/painted", "1", "painting.png", "1.2000000476837158"] in events(mien)
    for address in TABLE:
        if is_counted(address) and address.path.startswith("/event/"):
            assert address.path[1:] in told, address.path


def test_visitors_come_and_go_with_their_values(mien: Any) -> None:
    def two(control: ShowControl) -> None:
        for number in range(3):
            control.on_observation(number, number / 30, (state(4), state(7)), scene(), group=state(4))

    for address, args in messages_of(two):
        mien.Receive(address, args)
    assert mien.Visitors == [4, 7]
    assert mien.Value("person/7/position/size") == 0.75
    mien.Receive("/mien/people/ids", [7])
    assert mien.Visitors == [7]
    assert mien.Value("person/4/position/x") is None
    assert all(not row[0].val.startswith("person/4/") for row in mien.ownerComp.op("values").cells)


def test_after_the_end_numbers_count_anew(mien: Any) -> None:
    for address, args in (
        ("/mien/event/arrived", [5, 2]),
        ("/mien/person/2/presence", [1.0]),
        ("/mien/event/arrived", [1, 3]),
        ("/mien/state", ["ended", "SIGTERM"]),
        ("/mien/event/arrived", [1, 1]),
    ):
        mien.Receive(address, args)
    assert events(mien) == [["event/arrived", "2"], ["event/arrived", "1"]]
    assert mien.Visitors == []


def test_what_is_not_of_mien_or_wrong_changes_nothing(mien: Any) -> None:
    for address, args in (("/other/valence", [1.0]), ("/mien/valence", []), ("/mien/none", [1]), ("/mien/person", [1])):
        mien.Receive(address, args)
    assert mien.Value("valence") is None
    assert mien.Visitors == []


def test_only_the_newest_events_are_kept(mien: Any) -> None:
    for number in range(1, 80):
        mien.Receive("/mien/event/scene", [number, f"scene {number}"])
    assert len(events(mien)) == 50
    assert events(mien)[-1] == ["event/scene", "scene 79"]


def test_commands_and_settings_go_out(mien: Any) -> None:
    mien.Command("next_scene")
    mien.Command("blackout", 1)
    mien.Set("scene/pace", 1.5)
    sent = mien.ownerComp.op("osc_out").sent
    assert sent == [("/mien/next_scene", []), ("/mien/blackout", [1]), ("/mien/control/scene/pace", [1.5])]


def test_the_callback_hands_each_message_on() -> None:
    module = load("callbacks")
    heard: list[tuple] = []

    class Parent:
        def Receive(self, *args: object) -> None:
            heard.append(args)

    module.parent = Parent
    module.onReceiveOSC(None, 1, "", b"", 0.0, "/mien/valence", [0.5], None)
    assert heard == [("/mien/valence", [0.5])]


def test_the_table_of_commands_has_no_empty_meaning() -> None:
    with (FOLDER / "commands.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert {"/next_scene", "/blackout"} <= {row["address"] for row in rows}
    assert all(row["meaning"] and row["type"] in ("", "i", "f", "s") for row in rows)
