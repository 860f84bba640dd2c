"""The patch for Max, without Max: read back by py2max, which knows Max's objects and how many inlets and outlets they have."""

import json
from pathlib import Path
from typing import Any

import pytest
from py2max import Patcher, lint
from py2max.maxref import get_inlet_count, get_outlet_count

from installation.live_commands.setting_table import table
from installation.live_commands.table import COMMANDS, NETWORK
from installation.showcontrol.addresses import TABLE
from installation.showcontrol.examples.rows import IDS, is_counted
from tests.examples.stage import EXAMPLES

PATCH = EXAMPLES / "max" / "mien.maxpat"
ONCE = EXAMPLES / "max" / "mien_once.maxpat"
COUNTED_ELSEWHERE = {"route", "t", "if", "udpsend", "inlet", "outlet"}
"""Objects that have as many as their arguments say, or whose reference page names none or others than a patch file has."""


def patchers() -> list[dict[str, Any]]:
    """The patch, and the abstraction that it uses, as JSON."""
    return [json.loads(path.read_text(encoding="utf-8"))["patcher"] for path in (PATCH, ONCE)]


def texts() -> list[str]:
    return [one["box"].get("text", "") for one in patchers()[0]["boxes"]]


@pytest.mark.parametrize("path", [PATCH, ONCE], ids=lambda path: path.stem)
def test_py2max_reads_every_box_and_cord(path: Path) -> None:
    read = Patcher.from_file(path)
    top = json.loads(path.read_text(encoding="utf-8"))["patcher"]
    assert len(read._boxes) == len(top["boxes"])
    assert len(read._lines) == len(top["lines"])
    again = json.loads(read.to_json())["patcher"]
    assert [one["box"]["id"] for one in again["boxes"]] == [one["box"]["id"] for one in top["boxes"]]


@pytest.mark.parametrize("path", [PATCH, ONCE], ids=lambda path: path.stem)
def test_py2max_finds_nothing_wrong(path: Path) -> None:
    """Nothing but that Max's reference does not have our own abstraction."""
    found = [str(finding) for finding in lint(Patcher.from_file(path))]
    assert [words for words in found if f"object '{ONCE.stem}' is not in the Max reference" not in words] == []


@pytest.mark.parametrize("patcher", [patchers()[0], patchers()[1]], ids=["mien", "mien_once"])
def test_each_cord_leads_from_an_outlet_to_an_inlet(patcher: dict[str, Any]) -> None:
    boxes = {one["box"]["id"]: one["box"] for one in patcher["boxes"]}
    assert len(boxes) == len(patcher["boxes"])
    for cord in (one["patchline"] for one in patcher["lines"]):
        (source, outlet), (sink, inlet) = cord["source"], cord["destination"]
        assert outlet < boxes[source]["numoutlets"], boxes[source]
        assert inlet < boxes[sink]["numinlets"], boxes[sink]
    connected = {
        end for one in patcher["lines"] for end in (one["patchline"]["source"][0], one["patchline"]["destination"][0])
    }
    assert {boxes[name]["maxclass"] for name in set(boxes) - connected} <= {"comment"}


def test_objects_have_as_many_inlets_and_outlets_as_in_max() -> None:
    """By Max's own reference pages, which py2max has; it also tells objects that Max does not have."""
    for box in (one["box"] for patcher in patchers() for one in patcher["boxes"]):
        name = box["text"].split(" ")[0] if box["maxclass"] == "newobj" else box["maxclass"]
        if name == ONCE.stem:
            continue
        counts = get_inlet_count(name), get_outlet_count(name)
        assert None not in counts, f"Max has no {name}"
        if name not in COUNTED_ELSEWHERE:
            assert (box["numinlets"], box["numoutlets"]) == counts, box


def test_routes_have_an_outlet_for_each_address_and_one_for_the_rest() -> None:
    routes = [one["box"] for one in patchers()[0]["boxes"] if one["box"].get("text", "").startswith("route /mien")]
    assert all(box["numoutlets"] == len(box["text"].split()) for box in routes)
    told = [word for box in routes for word in box["text"].split()[1:]]
    assert told == [f"/mien{address.path}" for address in TABLE if "{" not in address.path and address.path != IDS]


def test_events_pass_once_and_all_have_a_name() -> None:
    shown = [address for address in TABLE if "{" not in address.path and address.path != IDS]
    assert {f"s mien{address.path.replace('/', '-')}" for address in shown} <= set(texts())
    assert texts().count(ONCE.stem) == sum(is_counted(address) for address in shown)


def test_commands_and_settings_are_miens() -> None:
    messages = [one["box"]["text"] for one in patchers()[0]["boxes"] if one["box"]["maxclass"] == "message"]
    told = {text.split()[0].removeprefix("/mien/") for text in messages}
    commands = {name for name, command in COMMANDS.items() if NETWORK in command.callers}
    assert commands <= told
    assert {f"/{name}" for name in told - commands} <= set(table())
    assert "udpreceive 9101" in texts()
    assert "udpsend 127.0.0.1 9100" in texts()
