"""Every fault for itself, in a whole piece that runs: told, lived through, over within ten seconds of its cause."""

import pytest

from tests.faults.fault import Fault, go_through, skip_where_impossible
from tests.faults.stage import Stage
from tests.faults.table import FAULTS

HOLD_S = 3.0


@pytest.mark.faults
@pytest.mark.timeout(300)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault(stage: Stage, fault: Fault) -> None:
    with stage.piece() as piece:
        skip_where_impossible(piece, fault)
        print(f"{fault.name}: all well {go_through(piece, fault, HOLD_S):.1f} s after its end")
