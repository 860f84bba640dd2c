"""Chataigne's module Mien and a project that uses it: examples/chataigne/.

module.json is read by Module::setupModuleFromJSONData, a .noisette by Engine (github.com/benkuper/Chataigne, Source/). Names of
values are chosen so that Chataigne's short names are the same: one word, small letters.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from installation.live_commands.lookup import GET, SAVE
from installation.live_commands.setting_table import CONTROL, Setting, table
from installation.live_commands.table import Command
from installation.showcontrol.address import MANY, Address, Arg
from installation.showcontrol.addresses import TABLE
from installation.showcontrol.examples.routes import Bridge, Route
from installation.showcontrol.examples.rows import IDS, is_counted, network_commands

VISITORS = 6
"""Visitors that have a place of their own: perception.max_people at most."""
LISTEN, SEND = 9101, 9100
"""The ports of osc.targets and osc.listen_port as shipped."""
DIALS = (
    *("scene/pace", "scene/size", "scene/beat", "smoothing/calmness", "generation/strength", "picture/strength"),
    *("output/brightness", "output/saturation", "output/glow", "lights/master"),
    *("emotion/manual/enabled", "emotion/manual/strength", "emotion/manual/valence", "emotion/manual/arousal"),
)
"""Settings that have a command of their own; all others go by their address."""
PERSON = "/person/{id}"
_TYPES = {"i": "Integer", "f": "Float", "s": "String"}
Json = dict[str, Any]


def module_json() -> str:
    """The text of module.json."""
    return _text(
        {
            "name": "Mien",
            "type": "OSC",
            "path": "Software",
            "version": "1.0.0",
            "description": "What Mien sees of its visitors, and what can be asked of it.",
            "url": "",
            "downloadURL": "",
            "hasInput": True,
            "hasOutput": True,
            "hideDefaultCommands": False,
            "hideDefaultParameters": ["autoAdd", "splitArguments", "useHierarchy", "autoFeedback", "colorSendMode"],
            "defaults": {
                "autoAdd": False,
                "oscInput": {"localPort": LISTEN},
                "OSC Outputs": {"OSC Output": {"local": True, "remoteHost": "127.0.0.1", "remotePort": SEND}},
            },
            "parameters": {"prefix": {"type": "String", "default": "/mien", "description": "osc.prefix of Mien"}},
            "scripts": ["mien.js"],
            "values": _values(),
            "commands": _commands(),
        }
    )


def script_tables() -> str:
    """The generated part of mien.js: argument names by address, which are counted, and a function for each command."""
    told = [address for address in TABLE if address.path != IDS and not address.on_request]
    names = {_script_row(address): [arg.name for arg in address.args] for address in told}
    counted = {_script_row(address): 1 for address in told if is_counted(address)}
    lines = [f"var ARGUMENTS = {json.dumps(names, indent=2)};", f"var COUNTED = {json.dumps(counted, indent=2)};"]
    lines.append(f"var VISITORS = {VISITORS};")
    lines += [_function(command) for command in network_commands()]
    lines += [f"function {_callback(f'set {path}')}(value) {{ setting({json.dumps(path)}, value); }}" for path in DIALS]
    lines.append(f"function getSetting(path) {{ give({json.dumps(GET + CONTROL + '/')} + path, []); }}")
    lines.append(f"function doSave() {{ give({json.dumps(SAVE)}, []); }}")
    return "\n".join(lines)


def noisette(bridges: Sequence[Bridge]) -> str:
    """A project: the module, an OSC output for each program, and a state whose mappings send each value that is no event."""
    modules = [_module("Mien", LISTEN, SEND), *(_module_out(bridge) for bridge in bridges)]
    states = [
        _state(number, bridge, [route for route in bridge.routes if not route.is_press])
        for number, bridge in enumerate(bridges)
    ]
    return _text(
        {
            "metaData": {"version": "1.9.15", "versionNumber": 67855},
            "modules": {"items": modules, "viewOffset": [0, 0], "viewZoom": 1.0},
            "states": {"items": states, "viewOffset": [0, 0], "viewZoom": 1.0},
        }
    )


def value_address(path: str, argument: str) -> str:
    """Where a value of an address of everybody together is in a project whose module is called Mien."""
    address = next(one for one in TABLE if one.path == path)
    return "/modules/mien/values" + path + (f"/{argument}" if len(address.args) > 1 else "")


def _text(value: Json) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _values() -> Json:
    values: Json = {}
    visitor: Json = {"type": "Container", "collapsed": True}
    visitor["here"] = {"type": "Boolean", "default": False, "description": "whether this place is taken"}
    visitor["id"] = {"type": "Integer", "default": 0, "description": "the visitor's number"}
    for address in TABLE:
        if address.path.startswith(PERSON):
            if not address.on_request:
                _put(visitor, address, address.path.removeprefix(PERSON))
        elif address.path != IDS:
            _put(values, address, address.path)
    return values | {f"visitor{number}": visitor for number in range(1, VISITORS + 1)}


def _put(tree: Json, address: Address, path: str) -> None:
    *branches, leaf = path.strip("/").split("/")
    for branch in branches:
        tree = tree.setdefault(branch, {"type": "Container", "collapsed": True})
    if len(address.args) == 1 and not is_counted(address):
        tree[leaf] = _parameter(address.args[0], address.meaning)
        return
    container: Json = {"type": "Container", "collapsed": True}
    args = list(address.args)
    if is_counted(address):
        container["now"] = {"type": "Trigger", "description": address.meaning}
        args = args[1:]
    tree[leaf] = container | {arg.name: _parameter(arg, address.meaning) for arg in args}


def _parameter(arg: Arg, meaning: str) -> Json:
    limits = {"min": arg.low, "max": arg.high} if arg.tag != "s" and arg.high < MANY else {}
    return {"type": _TYPES[arg.tag], **limits, "description": meaning}


def _commands() -> Json:
    found: Json = {}
    for command in network_commands():
        menu = "Cues" if command.name.startswith(("cue", "preset")) else "Piece"
        found[command.name] = {"menu": menu, "callback": _callback(command.name), "parameters": _parameters(command)}
    for path in DIALS:
        parameters = {"value": _dial(table()[f"{CONTROL}/{path}"])}
        found[f"set {path}"] = {"menu": "Settings", "callback": _callback(f"set {path}"), "parameters": parameters}
    where = {
        "type": "String",
        "default": "scene/pace",
        "description": "as in docs/reference/control.md, behind /control/",
    }
    number, text = {"type": "Float", "default": 1.0}, {"type": "String", "default": ""}
    others: tuple[tuple[str, str, Json], ...] = (
        ("set a number", "setting", {"path": where, "value": number}),
        ("set a text", "setting", {"path": where, "value": text}),
        ("get", "getSetting", {"path": where}),
        ("save", "doSave", {}),
    )
    for name, callback, given in others:
        found[name] = {"menu": "Settings", "callback": callback, "parameters": given}
    return found


def _parameters(command: Command) -> Json:
    parameter = command.parameter
    if parameter is None:
        return {}
    about = {"description": command.help}
    if parameter.kind == "switch":
        options = {"the other of the two": -1, "on": 1, "off": 0}
        return {parameter.name: {"type": "Enum", "options": options, **about}}
    if parameter.kind == "number":
        return {parameter.name: {"type": "Float", "min": parameter.low, "max": parameter.high, "default": 0.0, **about}}
    text = {"type": "String", "default": "", **about}
    if parameter.kind == "place":
        return {"number": {"type": "Float", "min": 0.0, "max": 10000.0, "default": 1.0, **about}, "name": text}
    return {parameter.name: text}


def _dial(setting: Setting) -> Json:
    about = {"description": setting.meaning}
    if setting.kind == "switch":
        return {"type": "Boolean", "default": False, **about}
    return {"type": "Float", "min": setting.low, "max": setting.high, "default": max(setting.low, 0.0), **about}


def _callback(name: str) -> str:
    words = name.replace("/", " ").replace("_", " ").split()
    return "do" + "".join(word.capitalize() for word in words)


def _function(command: Command) -> str:
    parameter, name = command.parameter, json.dumps(command.name)
    if parameter is None:
        return f"function {_callback(command.name)}() {{ give({name}, []); }}"
    if parameter.kind == "place":
        return f"function {_callback(command.name)}(number, name) {{ givePlace({name}, number, name); }}"
    given = {"text": "giveText", "switch": "giveSwitch", "number": "giveNumber"}[parameter.kind]
    return f"function {_callback(command.name)}(value) {{ {given}({name}, value); }}"


def _script_row(address: Address) -> str:
    return address.path.replace(PERSON, "visitor") if address.path.startswith(PERSON) else address.path.strip("/")


def _parameter_value(value: object, address: str) -> Json:
    whole = {"hexMode": False} if type(value) is int else {}
    return {"value": value, **whole, "controlAddress": address}


def _module(name: str, listen: int, send: int) -> Json:
    output = {
        "parameters": [_parameter_value("127.0.0.1", "/remoteHost"), _parameter_value(send, "/remotePort")],
        "niceName": "OSC Output",
        "type": "BaseItem",
    }
    containers = {
        "oscInput": {"parameters": [_parameter_value(listen, "/localPort")]},
        "oscOutputs": {"items": [output], "viewOffset": [0, 0], "viewZoom": 1.0},
    }
    parameters = [_parameter_value(False, "/autoAdd")]
    return {"niceName": name, "type": name, "params": {"parameters": parameters, "containers": containers}}


def _module_out(bridge: Bridge) -> Json:
    module = _module(bridge.program, 0, bridge.port)
    module["type"] = "OSC"
    module["params"]["containers"]["oscInput"] = {"parameters": [_parameter_value(False, "/enabled")]}
    return module


def _state(number: int, bridge: Bridge, routes: Sequence[Route]) -> Json:
    parameters = [
        _parameter_value([-200.0 + 420.0 * number, -180.0], "/viewUIPosition"),
        _parameter_value([400.0, 360.0], "/viewUISize"),
        _parameter_value(number == 0, "/active"),
    ]
    processors = {"items": [_mapping(bridge, route) for route in routes], "viewOffset": [0, 0], "viewZoom": 1.0}
    return {
        "parameters": parameters,
        "niceName": f"Mien to {bridge.program}",
        "type": "State",
        "processors": processors,
    }


def _mapping(bridge: Bridge, route: Route) -> Json:
    source = {
        "parameters": [_parameter_value(value_address(route.source, route.argument), "/inputValue")],
        "niceName": "Input Value",
        "type": "Input Value",
    }
    argument = {
        "parameters": [_parameter_value(0.0, "/#1")],
        "niceName": "#1",
        "type": "Float",
        "param": {"value": 0.0},
        "paramLink": {"linkType": 1, "mappingValueIndex": 0},
    }
    command = {
        "parameters": [_parameter_value(route.target, "/address")],
        "paramLinks": {},
        "argManager": {"items": [argument], "viewOffset": [0, 0], "viewZoom": 1.0},
    }
    output = {
        "niceName": "MappingOutput",
        "type": "BaseItem",
        "commandModule": bridge.program[0].lower() + bridge.program[1:],
        "commandPath": "",
        "commandType": "Custom Message",
        "command": command,
    }
    return {
        "niceName": route.does,
        "editorIsCollapsed": True,
        "type": "Mapping",
        "im": {"items": [source], "viewOffset": [0, 0], "viewZoom": 1.0},
        "params": {"parameters": [_parameter_value(50, "/updateRate")], "editorIsCollapsed": True},
        "filters": {"viewOffset": [0, 0], "viewZoom": 1.0},
        "outputs": {"items": [output], "viewOffset": [0, 0], "viewZoom": 1.0},
    }
