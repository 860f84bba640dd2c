"""Somebody stands before the camera: after each fault they are seen again. Their faces are read, so that can be broken, too."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import limits
from tests.faults.fault import Fault, go_through, skip_where_impossible
from tests.faults.stage import Stage
from tests.faults.table import FAULTS, inside

FILM = "pyfeat_single_face.mp4"
READING = (
    inside("expression_raises", "read", "raise", "perception frame"),
    inside("expression_out_of_memory", "read", "memory", "perception frame"),
    inside("expression_hangs", "read", "hang", "perception"),
    inside("expression_slow", "read", "slow"),
)
NAMES = ("camera_unplugged", "camera_frozen", "camera_black", "perception_killed", "clock_ahead", "network_down")
CHOSEN = (*READING, *(fault for fault in FAULTS if fault.name in NAMES))


@pytest.fixture(scope="module")
def stage(footage: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = Stage(tmp_path_factory.mktemp("visitors"), film=footage / FILM)
    yield made
    made.close()


@pytest.mark.faults
@pytest.mark.timeout(300)
@pytest.mark.parametrize("fault", CHOSEN, ids=lambda fault: fault.name)
def test_visitors_are_seen_again(stage: Stage, fault: Fault) -> None:
    with stage.piece() as piece:
        skip_where_impossible(piece, fault)
        piece.wait_for(lambda: piece.sees_somebody(0.0), "somebody is seen", limits.START_S)
        took_s = go_through(piece, fault, 3.0)
        well_s = time.monotonic()
        took_s += piece.wait_for(
            lambda: piece.sees_somebody(well_s), "visitors are seen again", limits.RECOVERY_S - took_s
        )
        print(f"{fault.name}: visitors seen {took_s:.1f} s after its end")
