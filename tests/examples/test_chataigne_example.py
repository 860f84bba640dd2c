"""The module and the project for Chataigne, without Chataigne: the script runs in Duktape, an ES5 engine, beside stand-ins."""

import json
import re
from pathlib import Path
from typing import Any

import dukpy
import pytest

from installation.live_commands.table import COMMANDS, NETWORK, checked
from installation.showcontrol.addresses import TABLE
from installation.showcontrol.examples.chataigne import PERSON, VISITORS
from installation.showcontrol.examples.rows import IDS, is_counted
from tests.examples.packets import messages_of
from tests.examples.stage import EXAMPLES

FOLDER = EXAMPLES / "chataigne"
SCRIPT = FOLDER / "Mien" / "mien.js"
OBJECTS = Path(__file__).parent / "chataigne_objects.js"
TYPES = {"Container", "Trigger", "Boolean", "Integer", "Float", "String", "Enum"}
"""Of ControllableFactory, as far as they are used."""
MODULE_KEYS = {
    *("name", "type", "path", "version", "description", "url", "downloadURL", "hasInput", "hasOutput"),
    *("hideDefaultCommands", "hideDefaultParameters", "defaults", "parameters", "scripts", "values", "commands"),
}
NOT_IN_JUCE = (
    r"\b(let|const|switch|case|try|catch|throw|in|of|instanceof|delete|class|with|void)\b|=>|`|\*\*|\?\?|\?\.|>>>="
)
"""Words and signs that juce_Javascript.cpp does not read."""


def module() -> dict[str, Any]:
    return json.loads((FOLDER / "Mien" / "module.json").read_text(encoding="utf-8"))


class Chataigne:
    """The script, with the values of module.json."""

    def __init__(self) -> None:
        self._js = dukpy.JSInterpreter()
        for path in (OBJECTS, SCRIPT):
            self._js.evaljs(path.read_text(encoding="utf-8"))
        self._js.evaljs("load(dukpy.module); init(); null", module=module())

    def hear(self, address: str, args: list) -> None:
        self._js.evaljs("oscEvent(dukpy.address, dukpy.args); null", address=address, args=args)

    def value(self, path: str) -> Any:
        return self._js.evaljs("value(dukpy.path)", path=path)

    def call(self, callback: str, args: list) -> list[tuple[str, list]]:
        """Call a command's function; what it sends."""
        code = f"sent = []; {callback}.apply(null, dukpy.args); sent"
        return [(address, args) for address, args in self._js.evaljs(code, args=args)]

    @property
    def fired(self) -> list[str]:
        return self._js.evaljs("fired")


@pytest.fixture
def chataigne() -> Chataigne:
    return Chataigne()


def values_in(tree: dict[str, Any], path: str = "") -> dict[str, dict[str, Any]]:
    """All values of a branch of module.json by their address."""
    found = {}
    for name, node in tree.items():
        if isinstance(node, dict):
            here = f"{path}/{name}"
            found |= values_in(node, here) if node["type"] == "Container" else {here: node}
    return found


def test_the_module_has_what_chataigne_reads() -> None:
    found = module()
    assert set(found) == MODULE_KEYS
    assert (FOLDER / "Mien" / found["scripts"][0]) == SCRIPT
    named = [values_in(found["values"]), values_in(found["parameters"])]
    named += [values_in(command["parameters"]) for command in found["commands"].values()]
    for node in (node for values in named for node in values.values()):
        assert node["type"] in TYPES - {"Container"}, node
        assert ("options" in node) == (node["type"] == "Enum")
        assert ("min" in node) == ("max" in node)
    assert all(set(command) == {"menu", "callback", "parameters"} for command in found["commands"].values())


def test_there_is_a_value_for_every_address() -> None:
    values = values_in(module()["values"])
    for address in TABLE:
        if address.path == IDS or address.on_request:
            continue
        place = address.path.replace(PERSON, "/visitor6")
        below = {path for path in values if path == place or path.startswith(place + "/")}
        assert len(below) >= len(address.args), place
        assert (f"{place}/now" in below) == is_counted(address)


def test_the_script_keeps_to_what_juces_engine_reads() -> None:
    text = re.sub(r"/\*.*?\*/|//[^\n]*", "", SCRIPT.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r'"[^"\n]*"', '""', text)
    assert re.findall(NOT_IN_JUCE, text) == []
    # No function within a function: JUCE's have no closures.
    assert all(line.startswith("function") for line in text.splitlines() if "function" in line)


def test_what_juces_engine_lacks_is_found() -> None:
    for code in (
        "let a = 1;",
        "for (var k in o) {}",
        "try { a(); } catch (e) {}",
        "var f = (a) => a;",
        "switch (a) {}",
    ):
        assert re.search(NOT_IN_JUCE, code), code


def test_everything_that_mien_sends_arrives(chataigne: Chataigne) -> None:
    told = dict(messages_of())
    for address, args in messages_of():
        chataigne.hear(address, args)
    assert chataigne.value("valence") == pytest.approx(told["/mien/valence"][0])
    assert chataigne.value("emotions/happy") == pytest.approx(told["/mien/emotions"][3])
    assert chataigne.value("group/label") == told["/mien/group/label"][0]
    assert chataigne.value("event/texture_done/way") == "64>256 px"
    assert chataigne.value("health/memory") == 300.0


def test_each_event_fires_once_when_its_values_are_set(chataigne: Chataigne) -> None:
    for address, args in messages_of():
        chataigne.hear(address, args)
    expected = {f"{address.path[1:]}/now" for address in TABLE if is_counted(address) and "{" not in address.path}
    assert set(chataigne.fired) >= expected
    assert all(chataigne.fired.count(path) == 1 for path in expected - {"event/shape_born/now", "onset/now"})
    births = {args[0] for address, args in messages_of() if address == "/mien/event/shape_born"}
    assert chataigne.fired.count("event/shape_born/now") == len(births)


def test_visitors_keep_their_place_until_they_leave(chataigne: Chataigne) -> None:
    for visitor in (11, 12, 13):
        chataigne.hear(f"/mien/person/{visitor}/presence", [0.5])
        chataigne.hear(f"/mien/person/{visitor}/position", [visitor / 100, 0.5, 0.75])
    assert [chataigne.value(f"visitor{place}/id") for place in (1, 2, 3, 4)] == [11, 12, 13, 0]
    assert chataigne.value("visitor2/position/x") == 0.12
    chataigne.hear("/mien/people/ids", [11, 13])
    assert (chataigne.value("visitor2/here"), chataigne.value("visitor2/presence")) == (False, 0)
    chataigne.hear("/mien/person/14/energy", [0.25])
    assert [chataigne.value(f"visitor{place}/id") for place in (1, 2, 3)] == [11, 14, 13]
    assert chataigne.value("visitor2/energy") == 0.25


def test_more_visitors_than_places_do_no_harm(chataigne: Chataigne) -> None:
    for visitor in range(1, VISITORS + 3):
        chataigne.hear(f"/mien/person/{visitor}/presence", [1.0])
    assert [chataigne.value(f"visitor{place}/id") for place in range(1, VISITORS + 1)] == list(range(1, VISITORS + 1))


def test_after_the_end_numbers_count_anew(chataigne: Chataigne) -> None:
    for number in (3, 3, 2):
        chataigne.hear("/mien/event/arrived", [number, number])
    chataigne.hear("/mien/person/9/presence", [1.0])
    assert chataigne.fired == ["event/arrived/now"]
    chataigne.hear("/mien/state", ["ended", "SIGTERM"])
    assert (chataigne.value("visitor1/here"), chataigne.value("state/reason")) == (False, "SIGTERM")
    chataigne.hear("/mien/event/arrived", [1, 1])
    assert chataigne.fired == ["event/arrived/now"] * 2


def test_what_is_not_of_mien_changes_nothing(chataigne: Chataigne) -> None:
    for address, args in (
        ("/other/valence", [1.0]),
        ("/mien/none", [1.0]),
        ("/mien/person/1/none", [1.0]),
        ("/mi", []),
    ):
        chataigne.hear(address, args)
    assert chataigne.value("valence") == 0
    assert chataigne.value("visitor1/here") is False


def test_another_prefix_counts(chataigne: Chataigne) -> None:
    chataigne._js.evaljs("local.parameters.getChild('prefix').set('/stage'); null")
    chataigne.hear("/stage/valence", [0.5])
    assert chataigne.value("valence") == 0.5
    assert chataigne.call("doSnapshot", []) == [("/stage/snapshot", [])]


def test_every_command_is_one_that_mien_takes(chataigne: Chataigne) -> None:
    commands = module()["commands"]
    names = {name for name, command in COMMANDS.items() if NETWORK in command.callers}
    assert names <= set(commands)
    tried = {"String": ["", "word"], "Enum": [1, 0, -1], "Float": [2.0]}
    for name in names:
        parameters = list(commands[name]["parameters"].values())
        choices = tried[parameters[-1]["type"]] if parameters else [None]
        for value in choices:
            args = [] if value is None else [2.0] * (len(parameters) - 1) + [value]
            ((address, sent),) = chataigne.call(commands[name]["callback"], args)
            assert address == f"/mien/{name}"
            checked(NETWORK, name, sent)  # Raises where Mien would refuse it.


def test_dials_and_settings_are_sent_to_their_address(chataigne: Chataigne) -> None:
    commands = module()["commands"]
    dial = commands["set scene/pace"]
    assert (dial["parameters"]["value"]["min"], dial["parameters"]["value"]["max"]) == (0.1, 4.0)
    assert chataigne.call(dial["callback"], [1.5]) == [("/mien/control/scene/pace", [1.5])]
    for name, args, expected in (
        ("set a text", ["scene/name", "aurora"], ("/mien/control/scene/name", ["aurora"])),
        ("get", ["scene/pace"], ("/mien/get/control/scene/pace", [])),
        ("save", [], ("/mien/control/save", [])),
    ):
        assert chataigne.call(commands[name]["callback"], args) == [expected]


def test_the_projects_mappings_lead_from_a_value_to_a_module() -> None:
    """The names by which Chataigne finds both again: short names of modules, addresses of values."""
    project = json.loads((FOLDER / "mien.noisette").read_text(encoding="utf-8"))
    modules = {one["niceName"]: one for one in project["modules"]["items"]}
    assert [one["type"] for one in modules.values()] == ["Mien", "OSC", "OSC"]
    short = {name[0].lower() + name[1:] for name in modules}
    values = values_in(module()["values"])
    mappings = [one for state in project["states"]["items"] for one in state["processors"]["items"]]
    assert len(mappings) > 8
    for mapping in mappings:
        (source,) = mapping["im"]["items"]
        address = source["parameters"][0]["value"]
        assert values[address.removeprefix("/modules/mien/values")]["type"] == "Float", address
        (output,) = mapping["outputs"]["items"]
        assert output["commandModule"] in short
        (argument,) = output["command"]["argManager"]["items"]
        assert (argument["type"], argument["paramLink"]) == ("Float", {"linkType": 1, "mappingValueIndex": 0})
