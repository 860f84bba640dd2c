"""A fault: how it is made, how it ends, what must be told meanwhile, and when it is over."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.faults import limits
from tests.faults.piece import Piece

Act = Callable[[Piece], None]


def nothing(piece: Piece) -> None:
    """Nothing is to be done: the cause ends by itself."""


def no_reason(piece: Piece) -> str:
    """Possible everywhere."""
    return ""


@dataclass(frozen=True)
class Fault:
    """``place``: of the faults of one place only one is on at a time. ``stage``: a pattern of the notices' stages of which one
    must be raised while it is on; empty: none need be. ``over``: what must be so afterwards, beside that all is well.
    ``missing``: why it cannot be made here; empty: it can.
    """

    name: str
    place: str
    inject: Act
    remove: Act = nothing
    stage: str = ""
    over: Callable[[Piece], bool] = lambda piece: True
    missing: Callable[[Piece], str] = no_reason


def skip_where_impossible(piece: Piece, fault: Fault) -> None:
    """Skip the test, with the reason, where the fault cannot be made."""
    reason = fault.missing(piece)
    if reason:
        pytest.skip(reason)


def go_through(piece: Piece, fault: Fault, hold_s: float) -> float:
    """Make it, wait until it is told, hold it, end it, wait until all is well; gives how long that last took, in seconds.

    Raises PieceError where the piece does not do what is right.
    """
    began_s = time.monotonic()
    fault.inject(piece)
    try:
        if fault.stage:
            piece.wait_for(
                lambda: piece.log.told(fault.stage, began_s), f"{fault.name} is told by {fault.stage!r}", limits.SEEN_S
            )
        piece.hold(max(0.0, began_s + hold_s - time.monotonic()))
        piece.look_round()
    finally:
        fault.remove(piece)
    took_s = recover(piece, [fault])
    piece.check(began_s)
    return took_s


def recover(piece: Piece, faults: list[Fault]) -> float:
    """Wait until all is well after these were removed just now; gives the seconds."""
    removed_s = time.monotonic()
    names = ", ".join(fault.name for fault in faults)
    for fault in faults:
        left_s = max(0.5, removed_s + limits.RECOVERY_S - time.monotonic())
        piece.wait_for(lambda fault=fault: fault.over(piece), f"{fault.name} is over", left_s)
    left_s = max(0.5, removed_s + limits.RECOVERY_S - time.monotonic())
    piece.wait_for(lambda: piece.is_well(removed_s), f"all is well again after {names}", left_s)
    return time.monotonic() - removed_s
