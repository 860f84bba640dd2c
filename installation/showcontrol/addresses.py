"""Looks up OSC addresses: what is sent is checked against the table, and osc_reference.py documents it."""

from __future__ import annotations

from functools import lru_cache

from installation.showcontrol.address_table import TABLE, Address, Arg, Message
from installation.showcontrol.osc_out.encode import Argument

__all__ = [
    "INCOMING",
    "TABLE",
    "Address",
    "Arg",
    "Argument",
    "Message",
    "address_of",
    "fit",
]

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
            "1 starts a video in captures/, 0 stops it; without a number, the other of the two",
        ),
        Address("/clear", (), "", "let the picture come to rest and then come back"),
        Address(
            "/record",
            (Arg("label", "s"),),
            "",
            "record a take of this pose after the countdown; without a label, of `poses.record_label`",
        ),
        Address(
            "/texture_model",
            (Arg("name", "s"),),
            "",
            "switch to this generator of models/, such as texture; without a name, to the next one",
        ),
        Address(
            "/test_pattern",
            (Arg("pattern", "s"),),
            "",
            "show grid, ramp or colour instead of the piece, none for the piece; without a name, the next of them",
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
    """``args`` as the table has them: plain types, in range. ValueError for a wrong number of them or a NaN."""
    address = address_of(path)
    if path == "/people/ids":
        return [int(value) for value in args]
    if len(args) != len(address.args):
        raise ValueError(f"{path} takes {len(address.args)} arguments, not {len(args)}")
    return [arg.fit(value) for arg, value in zip(address.args, args, strict=True)]
