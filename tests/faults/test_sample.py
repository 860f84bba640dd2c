"""A sample of the faults, in every run of the suite. All of them: python3 run.py test --faults tests/faults."""

import pytest

from tests.faults.stage import Stage
from tests.faults.table import FAULTS
from tests.faults.timeline import Turn, play

SAMPLE = ("camera_unplugged", "perception_killed", "painters_raise", "config_no_yaml", "receiver_gone", "shader_broken")


@pytest.mark.alone
def test_a_piece_lives_through_six_faults_at_once(stage: Stage) -> None:
    faults = {fault.name: fault for fault in FAULTS}
    with stage.piece(uses=1) as piece:
        play(piece, [Turn(faults[name], 0.2 * number, 3.0) for number, name in enumerate(SAMPLE)])
        piece.wait_for(lambda: all(piece.log.told(faults[name].stage, 0.0) for name in SAMPLE), "all are told", 1.0)
