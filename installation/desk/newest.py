"""Of many wishes for one setting the newest counts: while the piece is at one of them, those that come are held, and what it
gets next is the newest. So a piece with much to do is asked no faster than it answers, however fast a script sends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

Ask = Callable[[Any], Awaitable[Any]]


class SilentError(Exception):
    """Nobody answers, whatever is asked for."""


class Newest:
    """The wishes for one setting; belongs to the event loop. ``ask`` hands a value to the piece and gives what it made of it,
    or raises: SilentError where nobody answers."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._held: list[tuple[Any, asyncio.Future[Any]]] = []
        self._work: asyncio.Task[None] | None = None

    @property
    def rests(self) -> bool:
        """Whether nothing is wished for."""
        return self._work is None

    async def wish(self, value: Any) -> Any:
        """The value that the setting has once this wish, or a newer one in its place, was taken. What is refused raises as
        ``ask`` does, and the wishes before it count again."""
        taken = asyncio.get_running_loop().create_future()
        self._held.append((value, taken))
        if self._work is None:
            self._work = asyncio.create_task(self._go_on())
        return await taken

    async def _go_on(self) -> None:
        try:
            while self._held:
                *older, (value, taken) = self._held
                self._held = []
                try:
                    found = await self._ask(value)
                except SilentError as error:
                    for _, one in (*older, (value, taken)):
                        _end(one, error)
                except Exception as error:  # noqa: BLE001 - it goes to who wished for it
                    self._held = older + self._held
                    _end(taken, error)
                else:
                    for _, one in (*older, (value, taken)):
                        _end(one, found)
        finally:
            self._work = None


def _end(wish: asyncio.Future[Any], found: Any) -> None:
    if wish.done():  # who wished for it waits no more
        return
    if isinstance(found, Exception):
        wish.set_exception(found)
    else:
        wish.set_result(found)
