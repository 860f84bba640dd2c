"""The patch for Max, examples/max/: what Mien tells about everybody together, events once each, and commands to it.

A .maxpat is JSON: a patcher with boxes, each with its text, and lines from an outlet to an inlet.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from installation.live_commands.setting_table import table
from installation.showcontrol.address import Address
from installation.showcontrol.addresses import TABLE
from installation.showcontrol.examples.rows import IDS, is_counted, network_commands

LISTEN, SEND = 9101, 9100
"""The ports of osc.targets and osc.listen_port as shipped."""
DIALS = ("scene/pace", "output/brightness", "emotion/manual/strength")
"""Settings that the patch has a number box for."""
ONCE = "mien_once"
"""The abstraction that events go through, a file beside the patch."""
_ROW, _COLUMN, _LEFT, _TOP, _COLUMNS = 30, 340, 20, 110, 2
Json = dict[str, Any]


@dataclass
class Patcher:
    """A patcher in the making."""

    boxes: list[Json] = field(default_factory=list)
    lines: list[Json] = field(default_factory=list)

    def box(self, x: int, y: int, text: str, inlets: int, outlets: int, kind: str = "newobj", **more: Any) -> str:
        """A box; its id. ``kind`` is Max's class of it, ``width`` among ``more`` its width."""
        name = f"obj-{len(self.boxes) + 1}"
        size = more.pop("width", max(30, 7 * len(text) + 16))
        made: Json = {"id": name, "maxclass": kind, "numinlets": inlets, "numoutlets": outlets}
        made |= {"outlettype": [""] * outlets, "patching_rect": [float(x), float(y), float(size), 22.0]}
        if text:
            made["text"] = text
        self.boxes.append({"box": made | more})
        return name

    def line(self, source: str, outlet: int, sink: str, inlet: int = 0) -> None:
        """A patch cord."""
        self.lines.append({"patchline": {"source": [source, outlet], "destination": [sink, inlet]}})

    def comment(self, x: int, y: int, text: str, width: int = 600) -> None:
        """Words beside the objects."""
        self.box(x, y, text, 1, 0, "comment", width=width)

    def as_json(self, width: float = 1180.0, height: float = 960.0) -> Json:
        """The patcher as its file has it."""
        version = {"major": 8, "minor": 5, "revision": 0, "architecture": "x64", "modernui": 1}
        return {
            "fileversion": 1,
            "appversion": version,
            "classnamespace": "box",
            "rect": [60.0, 80.0, width, height],
            "boxes": self.boxes,
            "lines": self.lines,
        }


def patch() -> str:
    """The text of mien.maxpat."""
    made = Patcher()
    made.comment(
        _LEFT, 10, f"Mien sends to port {LISTEN}. What stands here is of everybody together; single visitors: README.md"
    )
    source, outlet = made.box(_LEFT, 40, f"udpreceive {LISTEN}", 1, 1), 0
    shown = [address for address in TABLE if "{" not in address.path and address.path != IDS]
    rows = -(-len(shown) // _COLUMNS)
    for first in range(0, len(shown), rows):
        column = shown[first : first + rows]
        x = _LEFT + _COLUMN * (first // rows)
        words = " ".join(f"/mien{address.path}" for address in column)
        route = made.box(x, 75, f"route {words}", 1, len(column) + 1, width=_COLUMN - 30)
        made.line(source, outlet, route)
        for row, address in enumerate(column):
            _address(made, route, row, address, x)
        source, outlet = route, len(column)
    _commands(made, _LEFT + _COLUMN * _COLUMNS)
    _forget(made, _TOP + _ROW * rows + 20)
    return _text(made.as_json())


def _address(made: Patcher, route: str, outlet: int, address: Address, x: int) -> None:
    """What comes at one outlet, sent on by name: "mien-valence" for /mien/valence."""
    y = _TOP + _ROW * outlet
    source, at = route, outlet
    if is_counted(address):
        source = made.box(x, y, ONCE, 1, 1)
        made.line(route, outlet, source)
        at = 0
    elif len(address.args) == 1 and address.args[0].tag in ("i", "f"):
        source = made.box(x, y, "", 1, 2, "flonum", width=60)
        made.line(route, outlet, source)
        at = 0
    made.line(source, at, made.box(x + 90, y, f"s mien{address.path.replace('/', '-')}", 1, 0))


def once() -> str:
    """The text of mien_once.maxpat: lets an event through once, though it comes three times; its number is above all before."""
    made = Patcher()
    inlet = made.box(20, 20, "", 0, 1, "inlet", width=30, index=1)
    both, number = made.box(20, 60, "t l l", 1, 2), made.box(20, 95, "zl.nth 1", 2, 2)
    new, seen = made.box(20, 130, "if $i1 > $i2 then $i1", 2, 1), made.box(20, 165, "t b i", 1, 2)
    held, outlet = made.box(20, 200, "zl.reg", 2, 2), made.box(20, 240, "", 1, 0, "outlet", width=30, index=1)
    forget = made.box(220, 95, "r mien-forget", 1, 1)
    for source, at, sink, to in (
        (inlet, 0, both, 0),
        (both, 1, held, 1),
        (both, 0, number, 0),
        (number, 0, new, 0),
        (forget, 0, new, 1),
        (new, 0, seen, 0),
        (seen, 1, new, 1),
        (seen, 0, held, 0),
        (held, 0, outlet, 0),
    ):
        made.line(source, at, sink, to)
    return _text(made.as_json(420.0, 320.0))


def _text(patcher: Json) -> str:
    return json.dumps({"patcher": patcher}, indent=1, ensure_ascii=False) + "\n"


def _commands(made: Patcher, x: int) -> None:
    commands = network_commands()
    made.comment(x, 65, f"Commands to Mien, port {SEND}: click. Put a word behind /mien/scene, such as aurora", 330)
    send = made.box(x, _TOP + _ROW * (len(commands) + len(DIALS)) + 10, f"udpsend 127.0.0.1 {SEND}", 1, 0)
    for row, command in enumerate(commands):
        one = " 1" if command.parameter is not None and command.parameter.kind in ("switch", "place") else ""
        made.line(made.box(x, _TOP + _ROW * row, f"/mien/{command.name}{one}", 2, 1, "message"), 0, send)
    for row, dial in enumerate(DIALS, len(commands)):
        path, y = f"/control/{dial}", _TOP + _ROW * row
        low, high = table()[path].low, table()[path].high
        value = made.box(x, y, "", 1, 2, "flonum", width=60, minimum=low, maximum=high)
        told = made.box(x + 70, y, f"/mien{path} $1", 2, 1, "message")
        made.line(value, 0, told)
        made.line(told, 0, send)


def _forget(made: Patcher, y: int) -> None:
    state, ended = made.box(_LEFT, y, "r mien-state", 1, 1), made.box(_LEFT + 110, y, "route ended", 2, 2)
    zero, forget = made.box(_LEFT + 210, y, "t 0", 1, 1), made.box(_LEFT + 260, y, "s mien-forget", 1, 0)
    made.line(state, 0, ended)
    made.line(ended, 0, zero)
    made.line(zero, 0, forget)
    made.comment(_LEFT + 370, y, "when Mien ends: its events count from 1 again", 300)
