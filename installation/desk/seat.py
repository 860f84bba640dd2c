"""One browser at the desk: what it may do, and how its page keeps up with the piece."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass

from nicegui import Client, ui

from installation.desk.access import Role
from installation.desk.desk import Desk, RefusedError

log = logging.getLogger(__name__)


@dataclass
class Seat:
    """One browser at the desk: what it may, and what is looked at again when something is new.

    ``refresh`` is called with every change of the piece; what it raises is in the log.
    """

    desk: Desk
    role: Role
    client: Client

    def __post_init__(self) -> None:
        self._looks: list[Callable[[], None]] = []
        self._within: Seat | None = None
        self._version = -1
        self._lived: bool | None = None

    @property
    def operates(self) -> bool:
        """Whether this browser may change anything."""
        return self.role == "operate"

    def wish(self, *parts: str) -> None:
        """Show these costly parts of a snapshot while the page is open."""
        desk, client = self.desk, self.client
        client.on_connect(lambda: desk.wish(client.id, frozenset(parts)))

    def keep_up(self, look: Callable[[], None]) -> None:
        """Call ``look`` now, and whenever something is new."""
        self._looks.append(look)
        look()

    def part(self) -> Seat:
        """The same browser, for a part of the page that comes and goes: what keeps up there ends with ``close``."""
        part = Seat(self.desk, self.role, self.client)
        part._within = self
        self._looks.append(part.refresh)
        return part

    def close(self) -> None:
        """End a part: nothing of it is looked at any more."""
        self._looks.clear()
        if self._within is not None and self.refresh in self._within._looks:
            self._within._looks.remove(self.refresh)

    def refresh(self) -> None:
        """Look at what is new."""
        if (self.desk.version, self.desk.lives) == (self._version, self._lived):
            return
        self._version, self._lived = self.desk.version, self.desk.lives
        for look in tuple(self._looks):
            try:
                look()
            except Exception:
                log.exception("desk: a part of the page cannot be brought up to date")

    async def do(self, wish: Awaitable[object], said: str = "") -> None:
        """Await what the operator wants; what is refused is shown, as is ``said`` when it is done."""
        if not self.operates:
            if isinstance(wish, Coroutine):
                wish.close()
            ui.notify("This link may look, not operate.", type="warning")
            return
        try:
            await wish
        except RefusedError as error:
            ui.notify(str(error), type="negative", multi_line=True, close_button="OK")
        else:
            if said:
                ui.notify(said, type="positive")
