"""The one table of OSC addresses that are sent, to look things up in: every message is checked against it."""

from __future__ import annotations

from functools import lru_cache

from installation.base.live_commands import Argument
from installation.showcontrol.address_table import TABLE, Address, Arg, Message

__all__ = [
    "TABLE",
    "Address",
    "Arg",
    "Argument",
    "Message",
    "address_of",
    "fit",
]

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
