"""The OSCQuery tree: what can be heard (addresses.TABLE), commanded (INCOMING) and changed (the control table), as JSON.

After the OSCQuery proposal, github.com/Vidvox/OSCQueryProposal. Reads only; any thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from installation.config.live_settings import ControlDesk
from installation.config.setting_table import CONTROL, SAVE, Control
from installation.showcontrol.addresses import INCOMING, TABLE, Address, Arg, Argument, address_of
from installation.showcontrol.last_values import LastValues

READ, WRITE, BOTH = 1, 2, 3
Node = dict[str, Any]
ATTRIBUTES = ("FULL_PATH", "CONTENTS", "TYPE", "ACCESS", "VALUE", "RANGE", "DESCRIPTION", "UNIT")
"""What a node may have here."""
OTHERS = ("TAGS", "EXTENDED_TYPE", "CRITICAL", "CLIPMODE", "OVERLOADS", "HTML")
"""What the proposal knows besides."""
_UNITS = {"s": "time.second", "ms": "time.ms", "Hz": "time.hz", "px": "distance.pixel"}
"""The proposal's names; for what it has none, ours."""
_DESCRIPTIONS = {
    "": "Mien: visitors' expressions and movement as shapes, images, sound and light",
    CONTROL: "settings; a change counts at once and is stored by control/save",
    "/person": "one branch for each visitor who is there now",
    "/event": "what happened; each is sent three times with the same number",
}


class QueryTree:
    """Nodes under ``prefix``, the one of config.yaml (osc.prefix)."""

    def __init__(self, desk: ControlDesk, values: LastValues) -> None:
        self._desk, self._values = desk, values

    @property
    def prefix(self) -> str:
        """What every address begins with."""
        return self._desk.config.osc.prefix

    def node(self, path: str) -> Node | None:
        """The node of a full path such as "/" or "/mien/control/smoothing", with all that is in it; None for none."""
        path = "/" + path.strip("/")
        inner = path.removeprefix(self.prefix)
        inside = (path + "/").startswith(self.prefix + "/")
        if inside and inner:
            leaf = self._leaf(inner)
            if leaf is not None:
                return leaf
        below = path.rstrip("/") + "/"
        contents: dict[str, Node] = {}
        for leaf in self._leaves(inner if inside else ""):
            if leaf["FULL_PATH"].startswith(below):
                _put(contents, below.rstrip("/"), leaf["FULL_PATH"][len(below) :].split("/"), leaf, self.prefix)
        return _container(path, contents, self.prefix) if contents else None

    def value(self, path: str) -> list[Argument] | None:
        """The value of a full path, if it has one now."""
        inner = path.removeprefix(self.prefix)
        if inner in self._desk.table:
            return [self._desk.value(inner)]
        return self._values.get(inner)

    def _leaf(self, inner: str) -> Node | None:
        if inner in self._desk.table:
            return self._of_control(self._desk.table[inner])
        if inner in INCOMING or inner == SAVE:
            return next(leaf for leaf in self._commands() if leaf["FULL_PATH"] == self.prefix + inner)
        value = self._values.get(inner)
        try:
            address = address_of(inner)
        except KeyError:
            return None
        return self._of_sent(inner, address, value) if value is not None or inner == address.path else None

    def _leaves(self, inner: str) -> Iterator[Node]:
        """All leaves that may lie below an address; the settings, which are many, only where they are asked for."""
        sent = self._values.all()
        for address in TABLE:
            if "{" not in address.path and address.path not in sent:
                yield self._of_sent(address.path, address, None)
        for path, value in sent.items():
            try:
                yield self._of_sent(path, address_of(path), value)
            except KeyError:  # Not in the table: nothing can be said of it.
                continue
        yield from self._commands()
        if not inner or inner.startswith(CONTROL):
            for control in self._desk.table.values():
                yield self._of_control(control)

    def _commands(self) -> Iterator[Node]:
        for address in INCOMING.values():
            node = self._node(address.path, WRITE, address.tags or "N", address.meaning)
            if address.args:
                node |= {"RANGE": [_range(arg) for arg in address.args]}
            yield node
        yield self._node(SAVE, WRITE, "N", "write what was changed to config.yaml; answered with control/saved")

    def _of_sent(self, path: str, address: Address, value: list[Argument] | None) -> Node:
        tags = address.tags or "i" * len(value or ())
        node = self._node(path, READ, tags, f"{address.meaning}; {address.when}")
        if value is not None:
            node["VALUE"] = value
        if address.args:
            node["RANGE"] = [_range(arg) for arg in address.args]
            if any(arg.unit for arg in address.args):
                node["UNIT"] = [_UNITS.get(arg.unit, arg.unit) for arg in address.args]
        return node

    def _of_control(self, control: Control) -> Node:
        when = "" if control.at_once else " (counts from the next start on)"
        node = self._node(control.path, BOTH, control.tag, control.meaning + when)
        node["VALUE"] = [control.read(self._desk.config)]
        if control.choices:
            node["RANGE"] = [{"VALS": list(control.choices)}]
        elif control.kind != "text":
            node["RANGE"] = [{"MIN": control.low, "MAX": control.high}]
        if control.unit:
            node["UNIT"] = [_UNITS.get(control.unit, control.unit)]
        return node

    def _node(self, inner: str, access: int, tags: str, description: str) -> Node:
        return {"FULL_PATH": self.prefix + inner, "ACCESS": access, "TYPE": tags, "DESCRIPTION": description}


def _range(arg: Arg) -> dict[str, Any]:
    return {} if arg.tag == "s" else {"MIN": arg.low, "MAX": arg.high}


def _container(path: str, contents: dict[str, Node], prefix: str) -> Node:
    node: Node = {"FULL_PATH": path or "/", "ACCESS": 0, "CONTENTS": contents}
    description = _DESCRIPTIONS.get(path.removeprefix(prefix)) if path.startswith(prefix) else _DESCRIPTIONS[""]
    if description is not None:
        node["DESCRIPTION"] = description
    return node


def _put(contents: dict[str, Node], parent: str, parts: list[str], leaf: Node, prefix: str) -> None:
    for part in parts[:-1]:
        parent = f"{parent}/{part}"
        node = contents.setdefault(part, _container(parent, {}, prefix))
        # An address may be sent itself and have others below it, such as /people and /people/ids.
        contents = node.setdefault("CONTENTS", {})
    known = contents.get(parts[-1], {})
    contents[parts[-1]] = {**known, **leaf}
