"""The tables of addresses and commands as rows, for files of other programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from installation.live_commands.table import COMMANDS, NETWORK, Command
from installation.showcontrol.address import Address, Arg
from installation.showcontrol.addresses import EVENT, TABLE

IDS = "/people/ids"
"""The one address with any number of arguments."""


@dataclass(frozen=True, slots=True)
class Row:
    """One argument of one address. ``name`` is unlike any other row's; ``index`` counts from 0."""

    name: str
    address: Address
    index: int
    arg: Arg


def is_counted(address: Address) -> bool:
    """Whether it is sent three times with the same first argument, a number by which a repetition is told from the next."""
    return address.when == EVENT


def rows() -> Iterator[Row]:
    """A row for each argument, in the table's order. An address with one argument gives the row its own name."""
    for address in TABLE:
        name = address.path.strip("/")
        if address.path == IDS:
            yield Row(name, address, 0, Arg("ids", "i...", 0, 0))
        for index, arg in enumerate(address.args):
            yield Row(name if len(address.args) == 1 else f"{name}/{arg.name}", address, index, arg)


def network_commands() -> list[Command]:
    """The commands that come over the network."""
    return [command for command in COMMANDS.values() if NETWORK in command.callers]
