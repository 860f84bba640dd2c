"""The /control addresses of earlier versions: a show file made for them goes on working."""

from __future__ import annotations

from typing import NamedTuple

from installation.config.migrate import Rename, find_rename
from installation.live_commands.setting_table import CONTROL
from installation.live_commands.table import Argument


class OldAddress(NamedTuple):
    """``path``: today's address below the prefix."""

    path: str
    rename: Rename | None

    def to_new(self, value: object) -> object:
        """A value that came to the old address, as today's setting has it."""
        return value if self.rename is None else self.rename.to_new(value)

    def to_old(self, value: Argument) -> Argument:
        """Today's value, as the old address gives it."""
        found: Argument = value if self.rename is None else self.rename.to_old(value)
        return found


def old_address(path: str) -> OldAddress | None:
    """What a setting's former address is now; None for one that never was."""
    place = path.removeprefix(f"{CONTROL}/").replace("/", ".")
    found = find_rename(place)
    if found is None:
        return None
    new, rename = found
    # A section that was renamed converts nothing in it.
    exact = place.count(".") == rename.old.count(".")
    return OldAddress(f"{CONTROL}/{new.replace('.', '/')}", rename if exact else None)
