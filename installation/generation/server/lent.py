"""A network that a server runs while it does so well, and this machine else: nobody who asks it for a picture notices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from installation.base.backoff import Backoff
from installation.base.onnx_sessions import Expected, Feeds, Session
from installation.config.inference_server import ServerAddress
from installation.generation.server.client import Client, Connect, ServerError
from installation.generation.server.identity import Known, ask

FIRST_RETRY_S, LONGEST_RETRY_S = 0.5, 5.0
PROVED_S = 30.0
"""A network that ran there for so long was well: the pauses are short again."""


@dataclass(frozen=True, eq=False)
class Link:
    """A server that was found to have the network. ``in_front``: see ``identity.compare``."""

    address: ServerAddress
    connect: Connect
    in_front: frozenset[str]
    deadline_s: float


class Lent:
    """As ``Session``. ``run`` belongs to the painter's thread, which keeps the connection; the server's thread sets ``link``,
    None while this machine is to paint. ``on_lost`` is told of what failed in use.

    One request at a time is under way, the one that is waited for: what is asked is always the newest.
    """

    def __init__(self, known: Known, here: Session, on_lost: Callable[[Lent, ServerError], None]) -> None:
        self.known = known
        self.link: Link | None = None
        self.trouble: ServerError | None = None
        """Why it is not linked; None where it is, or was not looked at yet."""
        self.backoff = Backoff(FIRST_RETRY_S, LONGEST_RETRY_S, PROVED_S)
        self.checked_s = float("-inf")
        self._here, self._on_lost = here, on_lost
        self._client: Client | None = None
        self._client_of: Link | None = None

    @property
    def where(self) -> str:
        """The server's address, or what runs it here."""
        link = self.link
        return self._here.where if link is None else str(link.address)

    def run(self, feeds: Feeds, expected: Expected, output: str) -> npt.NDArray[Any]:
        """As ``Session.run``: by the server within the deadline, else by this machine."""
        link = self.link
        if link is not self._client_of:
            self._hang_up()
        if link is None:
            return self._here.run(feeds, expected, output)
        try:
            if self._client is None:
                self._client, self._client_of = link.connect(link.address), link
            return ask(self._client, self.known.name, feeds, expected, output, link.in_front, link.deadline_s)
        except ServerError as error:
            self._hang_up()
            self._on_lost(self, error)
        return self._here.run(feeds, expected, output)

    def _hang_up(self) -> None:
        client, self._client, self._client_of = self._client, None, None
        if client is not None:
            client.close()
