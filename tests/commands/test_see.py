"""run.py --eyes as it is typed: a machine that only sees and a show that joins it, as processes, with a key file."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from installation.base.clock import RealClock
from installation.base.exit_codes import BAD_INPUT
from installation.base.notices import Notices
from installation.capture.devices.source import CaptureError
from installation.commands.eyes import open_eyes
from installation.config.settings import Config
from installation.network.keys import write_keys
from installation.network.sockets import new_keys
from installation.perception.several.joined import JoinedEyes
from installation.perception.several.messages import MOST_BYTES
from tests.perception.several.test_joined import free_port_and_next

CLOCK = RealClock()
WAIT_S = 120.0
PIECE = [sys.executable, "-m", "installation"]


def typed(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PIECE, *words], capture_output=True, text=True, timeout=WAIT_S)


@pytest.mark.timeout(400)
def test_a_machine_that_sees_and_a_show_that_joins_it(tmp_path: Path) -> None:
    key, port, report = tmp_path / "wall.key", free_port_and_next(), tmp_path / "report.json"
    write_keys(key, new_keys())
    words = ["--eyes", "--source", "simulated", "--report", str(report)]
    sets = [f"eyes.publish=127.0.0.1:{port}", f"eyes.key={key}", f"log.file={tmp_path / 'mien.log'}"]
    command = [*PIECE, *words, *(part for one in sets for part in ("--set", one))]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    config = Config.model_validate(
        {"eyes": {"key": str(key), "join": [{"name": "left", "address": f"127.0.0.1:{port}"}]}}
    )
    notices = Notices(CLOCK)
    eyes = open_eyes(config, CLOCK, notices, 1)
    try:
        assert isinstance(eyes, JoinedEyes), "auto sees with eyes.join where it names somebody"
        eyes.begin()
        until_s, number = CLOCK.now() + WAIT_S, 0
        while not number:
            assert process.poll() is None, process.stderr and process.stderr.read()
            assert CLOCK.now() < until_s, notices.active()
            _, seen = eyes.observations.peek()
            number = len(seen.people) if seen is not None else 0
            time.sleep(0.05)
    finally:
        eyes.close()
        process.terminate()
        said = process.communicate(timeout=WAIT_S)[1]
    assert process.returncode == 0, said
    told = json.loads(report.read_text())["eyes"]
    assert told["told"] > 0
    assert 0 < told["bytes_each"] < MOST_BYTES


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--eyes"], "eyes.publish says where"),
        (["--eyes", "--set", 'eyes.publish="*:5571"'], "with a key file only"),
        (["--eyes", "--set", "eyes.publish=127.0.0.1:5571", "--set", "eyes.key=/none/wall.key"], "not readable"),
        (["--eyes", "--set", "eyes.publish=127.0.0.1:5571", "--source", "joined"], "its own camera"),
        (["--eyes", "--record", "/none/file"], "only sees"),
    ],
)
def test_what_cannot_be_is_refused_in_words(words: list[str], says: str) -> None:
    found = typed(*words)
    assert found.returncode == BAD_INPUT, found.stderr
    assert says in found.stderr


def test_joined_without_machines_is_refused() -> None:
    with pytest.raises(CaptureError, match=r"eyes\.join names none"):
        open_eyes(Config.model_validate({"capture": {"source": "joined"}}), CLOCK, Notices(CLOCK), 1)
