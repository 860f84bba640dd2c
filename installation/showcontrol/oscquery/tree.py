"""The OSCQuery tree: what can be heard (addresses.TABLE), commanded and changed (the table of commands), as JSON.

After the OSCQuery proposal, github.com/Vidvox/OSCQueryProposal. Reads only; any thread.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from installation.live_commands.live_settings import LiveSettings
from installation.live_commands.lookup import CommandRow, CommandTable
from installation.live_commands.setting_table import CONTROL, Setting
from installation.live_commands.table import NETWORK, Argument
from installation.showcontrol.address import Address, Arg, is_of_emotion
from installation.showcontrol.addresses import TABLE, address_of
from installation.showcontrol.last_values import LastValues

READ, WRITE, BOTH = 1, 2, 3
Node = dict[str, Any]
ATTRIBUTES = ("FULL_PATH", "CONTENTS", "TYPE", "ACCESS", "VALUE", "RANGE", "DESCRIPTION", "UNIT")
"""What a node may have here."""
OTHERS = ("TAGS", "EXTENDED_TYPE", "CRITICAL", "CLIPMODE", "OVERLOADS", "HTML")
"""Other attributes of the proposal."""
_UNITS = {"s": "time.second", "ms": "time.ms", "Hz": "time.hz", "px": "distance.pixel"}
"""The proposal's names; for what it has none, ours."""
_DESCRIPTIONS = {
    "": "Mien: what visitors show and how they move, as shapes, images, sound and light",
    CONTROL: "settings; a change takes effect at once and is stored by control/save",
    "/person": "one branch for each visitor who is there now",
    "/event": "what happened; each is sent three times with the same number",
}


class QueryTree:
    """Nodes under ``prefix``, the one of config.yaml (osc.prefix)."""

    def __init__(self, settings: LiveSettings, values: LastValues) -> None:
        self._live, self._values = settings, values
        table = CommandTable(settings, values)
        rows = [*table.rows(NETWORK), *table.also(NETWORK)]
        self._commands = {row.path: row for row in rows if row.kind in ("command", "save")}

    @property
    def prefix(self) -> str:
        """What every address begins with."""
        return self._live.config.osc.prefix

    @property
    def settings(self) -> Mapping[str, Setting]:
        """The settings there are now, by their address below the prefix."""
        return self._live.table

    @property
    def emotions_read(self) -> bool:
        """Whether the addresses that tell of an emotion exist."""
        return self._live.config.emotion.enabled

    def of_emotion(self) -> list[str]:
        """These addresses below the prefix, those of the visitors who are there among them, whether they exist or not."""
        people = self._values.people
        paths = [address.path for address in TABLE if address.of_emotion]
        return [path.replace("{id}", str(number)) for path in paths for number in (people if "{id}" in path else (0,))]

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
        try:
            return [self._live.value(inner)]
        except KeyError:
            return self._values.get(inner) if self._exists(inner) else None

    def _exists(self, inner: str) -> bool:
        return self.emotions_read or not is_of_emotion(inner)

    def _leaf(self, inner: str) -> Node | None:
        setting = self.settings.get(inner)
        if setting is not None:
            return self._of_setting(setting)
        if inner in self._commands:
            return self._of_command(self._commands[inner])
        if not self._exists(inner):
            return None
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
            is_told = address.path in sent or address.path in self._commands
            if "{" not in address.path and not is_told and self._exists(address.path):
                yield self._of_sent(address.path, address, None)
        for path, value in sent.items():
            if not self._exists(path) or path in self._commands:
                continue
            try:
                yield self._of_sent(path, address_of(path), value)
            except KeyError:  # Not in the table: nothing can be said of it.
                continue
        for row in self._commands.values():
            yield self._of_command(row)
        if not inner or inner.startswith(CONTROL):
            for setting in self.settings.values():
                yield self._of_setting(setting)

    def _of_command(self, row: CommandRow) -> Node:
        try:
            address = address_of(row.path)
        except KeyError:
            node = self._node(row.path, WRITE, row.tag or "N", row.help)
            if row.tag:
                node["RANGE"] = [{"MIN": 0, "MAX": 1} if row.tag == "i" else {}]
            return node
        # What is asked for under this address is told under it as well, such as /cue.
        node = self._of_sent(row.path, address, self._values.get(row.path))
        return {**node, "ACCESS": BOTH, "DESCRIPTION": f"{row.help}. Sent: {node['DESCRIPTION']}"}

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

    def _of_setting(self, setting: Setting) -> Node:
        writable = NETWORK in setting.callers
        note = " (needs a restart)" if setting.needs_restart else "" if writable else " (is set in config.yaml)"
        node = self._node(setting.path, BOTH if writable else READ, setting.tag, setting.meaning + note)
        node["VALUE"] = [setting.read(self._live.config)]
        if setting.choices:
            node["RANGE"] = [{"VALS": list(setting.choices)}]
        elif setting.kind != "text":
            node["RANGE"] = [{"MIN": setting.low, "MAX": setting.high}]
        if setting.unit:
            node["UNIT"] = [_UNITS.get(setting.unit, setting.unit)]
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
