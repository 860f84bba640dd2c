"""Several tests share one running piece; after one that failed, and after so many, the next gets a fresh one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.faults.checkout import Checkout
from tests.faults.network import Network
from tests.faults.piece import Piece

USES = 10


class Stage:
    """``with stage.piece() as piece``: one that is well. Its end is judged in the test that uses it last, or by ``close``."""

    def __init__(self, folder: Path, **more: Any) -> None:
        self._folder, self._more = folder, more
        self._piece: Piece | None = None
        self._checkout: Checkout | None = None
        self._network = Network()
        self._count = self._uses = 0

    @contextmanager
    def piece(self, uses: int = USES) -> Iterator[Piece]:
        piece = self._piece or self._begin()
        try:
            yield piece
        except BaseException:
            self._forget()
            raise
        self._uses += 1
        if self._uses >= uses:
            self.end()

    def end(self) -> None:
        """End the running piece and judge how it ends."""
        piece, self._piece = self._piece, None
        if piece is not None:
            piece.end()

    def close(self) -> None:
        try:
            self.end()
        finally:
            self._forget()
            self._network.close()

    def _begin(self) -> Piece:
        self._count += 1
        self._uses = 0
        if self._checkout is None:
            self._checkout = Checkout(self._folder / f"checkout-{self._count}")
        self._piece = Piece(self._checkout, self._network, self._folder / f"piece-{self._count}", **self._more)
        try:
            self._piece.start()
        except BaseException:
            self._forget()
            raise
        return self._piece

    def _forget(self) -> None:
        """Files may be broken, the network down: nothing of it is used again."""
        piece, self._piece = self._piece, None
        if piece is not None:
            piece.abandon()
        checkout, self._checkout = self._checkout, None
        if checkout is not None:
            checkout.close()
