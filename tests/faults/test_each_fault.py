"""Every fault for itself, in a whole piece that runs: told, lived through, over within ten seconds of its cause."""

import pytest

from tests.faults.fault import Fault, go_through
from tests.faults.stage import Stage
from tests.faults.table import FAULTS

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]
SHORT_S, LONG_S = 3.0, 40.0


def last(stage: Stage, fault: Fault, hold_s: float) -> None:
    with stage.piece() as piece:
        reason = fault.missing(piece)
        if reason:
            pytest.skip(reason)
        took_s = go_through(piece, fault, hold_s)
        print(f"{fault.name}, held for {hold_s:g} s: all well after {took_s:.1f} s")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_short_fault(stage: Stage, fault: Fault) -> None:
    last(stage, fault, SHORT_S)


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.stage], ids=lambda fault: fault.name)
def test_a_long_fault(stage: Stage, fault: Fault) -> None:
    """Long enough for pauses between tries to have grown."""
    last(stage, fault, LONG_S)
