"""The tree that OSCQuery shows: made of the tables, with live values."""

from typing import Any

import pytest

from installation.config.settings import Config
from installation.live_commands.live_settings import LiveSettings
from installation.live_commands.table import ALSO, NETWORK, command_names
from installation.showcontrol.addresses import TABLE
from installation.showcontrol.last_values import LastValues
from installation.showcontrol.oscquery.tree import ATTRIBUTES, QueryTree


@pytest.fixture
def settings() -> LiveSettings:
    return LiveSettings(Config())


@pytest.fixture
def values() -> LastValues:
    return LastValues()


@pytest.fixture
def tree(settings: LiveSettings, values: LastValues) -> QueryTree:
    return QueryTree(settings, values)


def leaves(node: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = {node["FULL_PATH"]: node} if "TYPE" in node else {}
    for inner in node.get("CONTENTS", {}).values():
        found |= leaves(inner)
    return found


def test_everything_that_can_be_heard_commanded_or_changed_is_there(tree: QueryTree, settings: LiveSettings) -> None:
    root = tree.node("/")
    assert root is not None
    found = leaves(root)
    wanted = {"/mien" + address.path for address in TABLE if "{" not in address.path}
    wanted |= {f"/mien{path}" for path in (*settings.table, "/control/save")}
    wanted |= {f"/mien/{name}" for name in (*command_names(NETWORK), *ALSO)}
    assert set(found) == wanted
    for path, node in found.items():
        assert set(node) <= set(ATTRIBUTES)
        assert {"FULL_PATH", "TYPE", "ACCESS", "DESCRIPTION"} <= set(node), path
        for name in ("VALUE", "RANGE", "UNIT"):
            assert name not in node or len(node[name]) == len(node["TYPE"].strip("N")), path


def test_a_node_is_the_same_alone_and_in_the_tree(tree: QueryTree, values: LastValues) -> None:
    values.put([("/valence", [0.5]), ("/people", [1]), ("/people/ids", [7]), ("/person/7/energy", [0.2])])
    root = tree.node("/")
    assert root is not None
    for path, node in leaves(root).items():
        alone = tree.node(path)
        assert alone is not None
        assert {**node, "CONTENTS": None} == {**alone, "CONTENTS": None}, path


def test_a_sent_value_can_be_read_only(tree: QueryTree, values: LastValues) -> None:
    node = tree.node("/mien/valence")
    assert node is not None
    assert (node["ACCESS"], node["TYPE"], node["RANGE"]) == (1, "f", [{"MIN": -1.0, "MAX": 1.0}])
    assert "VALUE" not in node
    values.put([("/valence", [0.5])])
    node = tree.node("/mien/valence")
    assert node is not None
    assert node["VALUE"] == [0.5]


def test_visitors_come_and_go(tree: QueryTree, values: LastValues) -> None:
    assert tree.node("/mien/person") is None
    values.put([("/person/7/energy", [0.2]), ("/people/ids", [7])])
    person = tree.node("/mien/person")
    assert person is not None
    assert set(person["CONTENTS"]) == {"7"}
    assert person["CONTENTS"]["7"]["CONTENTS"]["energy"]["VALUE"] == [0.2]
    people = tree.node("/mien/people/ids")
    assert people is not None
    assert (people["TYPE"], people["VALUE"]) == ("i", [7])
    values.put([("/people/ids", [])])
    assert tree.node("/mien/person/7/energy") is None
    assert tree.node("/mien/person") is None


def test_settings_are_read_and_written_with_their_present_value(tree: QueryTree, settings: LiveSettings) -> None:
    settings.change("/control/smoothing/label_hold_s", [0.5])
    node = tree.node("/mien/control/smoothing/label_hold_s")
    assert node == {
        "FULL_PATH": "/mien/control/smoothing/label_hold_s",
        "ACCESS": 3,
        "TYPE": "f",
        "DESCRIPTION": "for how long another emotion must lead, times calmness, seconds",
        "VALUE": [0.5],
        "RANGE": [{"MIN": 0, "MAX": 10}],
        "UNIT": ["time.second"],
    }
    mode = tree.node("/mien/control/group/mode")
    assert mode is not None
    assert mode["RANGE"] == [{"VALS": ["mean", "strongest", "recent"]}]
    width = tree.node("/mien/control/output/width")
    assert width is not None
    assert "needs a restart" in width["DESCRIPTION"]


def test_what_the_network_may_not_set_can_be_read_only(tree: QueryTree) -> None:
    node = tree.node("/mien/control/output/record_camera")
    assert node is not None
    assert (node["ACCESS"], node["VALUE"]) == (1, [0])
    assert "config.yaml" in node["DESCRIPTION"]


def test_old_addresses_have_values_but_are_not_listed(tree: QueryTree) -> None:
    assert tree.node("/mien/control/output/bloom") is None
    assert tree.value("/mien/control/output/bloom") == [0.6]


def test_commands_can_be_written_only(tree: QueryTree) -> None:
    scene, snapshot = tree.node("/mien/scene"), tree.node("/mien/snapshot")
    assert scene is not None
    assert snapshot is not None
    assert (scene["ACCESS"], scene["TYPE"]) == (2, "s")
    assert (snapshot["ACCESS"], snapshot["TYPE"]) == (2, "N")


def test_containers_hold_nothing_but_others(tree: QueryTree) -> None:
    for path in ("/", "/mien", "/mien/control", "/mien/control/look/happy/", "/mien/event"):
        node = tree.node(path)
        assert node is not None
        assert node["FULL_PATH"] == (path.rstrip("/") or "/")
        assert node["ACCESS"] == 0
        assert node["CONTENTS"]


@pytest.mark.parametrize(
    "path", ["/other", "/mie", "/mienx", "/mien/valence/x", "/mien/control/smoothing/x", "/x/mien"]
)
def test_what_is_not_there_is_none(tree: QueryTree, path: str) -> None:
    assert tree.node(path) is None


def test_another_prefix_moves_the_whole_tree(tree: QueryTree, settings: LiveSettings) -> None:
    settings.change("/control/osc/prefix", ["/a/b"])
    root = tree.node("/")
    assert root is not None
    assert all(path.startswith("/a/b/") for path in leaves(root))
    assert tree.node("/a") is not None
    assert tree.node("/a/b/valence") is not None
    assert tree.node("/mien") is None


def test_what_is_asked_for_and_told_at_one_address_is_both(tree: QueryTree, values: LastValues) -> None:
    values.put([("/cue", [2.5, "dusk"])])
    node = tree.node("/mien/cue")
    assert node is not None
    assert (node["ACCESS"], node["TYPE"], node["VALUE"]) == (3, "fs", [2.5, "dusk"])
    assert "go to this cue" in node["DESCRIPTION"]
    assert "number and name of the cue" in node["DESCRIPTION"]
    root = tree.node("/mien")
    assert root is not None
    assert set(root["CONTENTS"]["cue"]["CONTENTS"]) == {"go", "back", "hold"}
