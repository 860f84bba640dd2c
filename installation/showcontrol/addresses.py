"""The one table of OSC addresses: what is sent is checked against it, and docs/osc.md is generated from it.

python -m installation.showcontrol.addresses --write
"""

from __future__ import annotations

import argparse
from functools import lru_cache
from pathlib import Path

from installation.showcontrol.address_table import EVENT, FRAME, SECOND, TABLE
from installation.showcontrol.encode import Argument
from installation.showcontrol.rows import Address, Arg, Message

__all__ = [
    "EVENT",
    "FRAME",
    "INCOMING",
    "SECOND",
    "TABLE",
    "Address",
    "Arg",
    "Argument",
    "Message",
    "address_of",
    "fit",
]
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "osc.md"

INCOMING: dict[str, Address] = {
    address.path: address
    for address in (
        Address("/next_scene", (), "", "cross-fade to the next scene"),
        Address(
            "/scene", (Arg("name", "s"),), "", "cross-fade to this scene (docs/scenes.md); without a name, to the next"
        ),
        Address("/snapshot", (), "", "store a screenshot in captures/"),
        Address(
            "/video",
            (Arg("on", "i", 0, 1),),
            "",
            "1 begins a video in captures/, 0 ends it; without a number whichever it is the turn of",
        ),
        Address("/clear", (), "", "let the picture come to rest and then come back"),
        Address(
            "/record",
            (Arg("label", "s"),),
            "",
            "record a take of this pose after the countdown; without a label, of `poses.record_label`",
        ),
        Address(
            "/test_pattern",
            (Arg("pattern", "s"),),
            "",
            "show none, grid, ramp or colour instead of the piece; without a name, the next of them",
        ),
    )
}
"""What may be sent to the piece."""

_BY_PATH = {address.path: address for address in TABLE}


@lru_cache(4096)
def address_of(path: str) -> Address:
    """The table's row for an address such as "/person/3/valence". KeyError when there is none."""
    parts = path.split("/")
    if len(parts) > 3 and parts[1] == "person":
        parts[2] = "{id}"
        if len(parts) > 4 and parts[3] == "joint":
            parts[4] = "{joint}"
    return _BY_PATH["/".join(parts)]


def tags_of(path: str, args: list[Argument]) -> str:
    """OSC type tags of a message of the table; as many i as there are numbers for the one of any length."""
    return address_of(path).tags or "i" * len(args)


def fit(path: str, args: list[Argument]) -> list[Argument]:
    """``args`` as the table wants them: plain types, in range. ValueError for a wrong number of them or a NaN."""
    address = address_of(path)
    if path == "/people/ids":
        return [int(value) for value in args]
    if len(args) != len(address.args):
        raise ValueError(f"{path} takes {len(address.args)} arguments, not {len(args)}")
    return [arg.fit(value) for arg, value in zip(address.args, args, strict=True)]


def _range(arg: Arg) -> str:
    if arg.tag == "s":
        return f"{arg.name} (s)"
    low, high = (f"{value:g}" if abs(value) < 1e6 else "many" for value in (arg.low, arg.high))
    return f"{arg.name} ({arg.tag}) {low} to {high}{' ' + arg.unit if arg.unit else ''}"


def document() -> str:
    """The text of docs/osc.md."""
    rows = [
        f"| `{a.path}` | `{a.tags or 'i...'}` | {', '.join(_range(arg) for arg in a.args) or 'any number of ids'} "
        f"| {a.when} | {a.meaning} |"
        for a in TABLE
    ]
    incoming = [
        f"| `{a.path}` | `{a.tags}` | {', '.join(arg.name for arg in a.args) or 'none'} | {a.meaning} |"
        for a in INCOMING.values()
    ]
    return _HEAD + "\n".join(rows) + "\n" + _INCOMING + "\n".join(incoming) + "\n" + _TAIL


_HEAD = """<!-- Generated from installation/showcontrol/addresses.py; change that, then run
python -m installation.showcontrol.addresses --write -->
# OSC reference

Mien sends one OSC bundle with an immediate time tag for each processed camera frame to every receiver under `osc.targets`
in config.yaml, over UDP. Every address starts with `osc.prefix` (`/mien`). Types are `i`, `f` and `s` only; floats never
leave the range given here and are never NaN. A bundle above 1,432 bytes is split; `/people/ids` is always the very last
message, so that a visitor who is not in it is gone, also when a packet was lost. Events carry a number that rises by one
with each event and are sent in three bundles in a row: take each number once.

| address | types | arguments | sent | meaning |
|---|---|---|---|---|
"""

_INCOMING = """
## Commands to the piece

Mien listens on `osc.listen_host`, `osc.listen_port` (9100; 0 turns it off), under the same prefix. As shipped it hears this
machine only: set `listen_host` to `0.0.0.0` to hear the network. A number sent along with an address that takes none (desks
do so with every button) does no harm; anything else that is not in the table is told on the screen and not used.

| address | types | arguments | meaning |
|---|---|---|---|
"""

_TAIL = """
## Listening

On the command line (Debian: `liblo-tools`): `oscdump -L 9101`; and to say something: `oscsend localhost 9100 /mien/snapshot`

Pure Data:

```
[netreceive -u -b 9101]
|
[oscparse]
|
[list trim]
|
[route mien]
|
[route valence arousal]
```

SuperCollider:

```
thisProcess.openUDPPort(9101);
OSCdef(\\valence, { |msg| msg[1].postln }, '/mien/valence');
```
"""


def main(argv: list[str] | None = None) -> int:
    """Print docs/osc.md, or write it with --write."""
    parser = argparse.ArgumentParser(description="The OSC reference, generated from the address table.")
    parser.add_argument("--write", action="store_true", help=f"write {DOCUMENT.name} instead of printing")
    if parser.parse_args(argv).write:
        DOCUMENT.write_text(document(), encoding="utf-8")
    else:
        print(document(), end="")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
