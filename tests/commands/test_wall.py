"""A wall as it is typed: a leader and a follower as processes, a follower of another version, a key file, what travels."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from installation.base.clock import RealClock
from installation.base.exit_codes import BAD_INPUT
from installation.base.host_port import Place
from installation.base.supervisor import StopSignal
from installation.commands import wall_rehearsal
from installation.commands.wall import wall as wall_command
from installation.commands.wall_rehearsal import Machine, Wall
from installation.commands.wall_settings import drawn_with, repainting_of, shaders_digest, with_drawn
from installation.config.settings import Config
from installation.network.keys import read_keys
from installation.network.sockets import Network
from installation.network.wire import pack

CLOCK = RealClock()
WAIT_S = 120.0


@pytest.fixture
def wall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wall]:
    monkeypatch.setattr(wall_rehearsal, "START_S", WAIT_S)
    found = Wall(tmp_path, CLOCK, per_second=4.0, delay_s=1.0, size=(96, 64))
    yield found
    found.end()


def until_shown(machine: Machine, count: int) -> None:
    until_s = CLOCK.now() + WAIT_S
    while len(machine.frames) < count:
        assert machine.process.poll() is None, machine.last_words()
        assert CLOCK.now() < until_s, machine.last_words()
        time.sleep(0.1)


@pytest.mark.timeout(400)
def test_a_leader_and_a_follower_as_processes(wall: Wall, tmp_path: Path) -> None:
    stop = StopSignal()
    picture = tmp_path / "part.png"
    leader = wall.lead([0.0, 0.0, 0.5, 1.0])
    leader.wait_for("running:", stop)
    follower = wall.follow("follower", [0.5, 0.0, 0.5, 1.0], "--screenshot", str(picture))
    follower.wait_for("joined", stop)
    until_shown(follower, 12)
    until_shown(leader, 12)
    follower.end()
    assert follower.process.returncode == 0
    leader.end()
    assert leader.process.returncode == 0
    frames = follower.frames
    assert [line.frame for line in frames] == sorted(line.frame for line in frames)
    assert max(abs(line.leader_s - line.at_s) for line in frames) < 0.25, "one machine, one clock"
    assert picture.stat().st_size > 500
    told = follower.figures["wall"]
    assert told["epoch"] == leader.figures["wall"]["epoch"]
    assert leader.figures["wall"]["bytes_a_state"] < 6144
    stages = {one["stage"] for one in follower.figures["faults"]}
    assert stages <= {"wall"}, "on a busy machine a leader may be silent for a while"


@pytest.mark.timeout(400)
def test_a_follower_of_another_version_refuses_with_one_sentence_and_ends(wall: Wall) -> None:
    network = Network()
    states = network.open("publish", Place("127.0.0.1", wall.port))
    try:
        follower = wall.follow("follower", [0.5, 0.0, 0.5, 1.0])
        until_s = CLOCK.now() + WAIT_S
        while follower.process.poll() is None:
            assert CLOCK.now() < until_s, follower.last_words()
            states.send(pack("state", "0-of-last-year", {}))
            time.sleep(0.1)
    finally:
        states.close()
        network.close()
    assert follower.process.returncode == BAD_INPUT
    said = [line for line in follower.said.read_text().splitlines() if "0-of-last-year" in line and "ERROR" in line]
    assert len(said) == 1
    assert "install the same Mien on both" in said[0]


def test_a_key_file_is_made_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "wall.key"
    assert wall_command(["--make-key", str(path)], StopSignal()) == 0
    keys = read_keys(path)
    assert keys.asks_secret.decode() not in capsys.readouterr().out
    assert wall_command(["--make-key", str(path)], StopSignal()) == BAD_INPUT
    assert read_keys(path) == keys


def test_what_is_typed_wrongly_is_refused_before_anything_starts() -> None:
    for word in ("rack", "*:5570", "rack:99999"):
        found = subprocess.run(
            [sys.executable, "-m", "installation", "--offscreen", "--follow", word], capture_output=True, text=True
        )
        assert found.returncode == BAD_INPUT
        assert f"--follow {word}: " in found.stderr


def test_what_the_leader_draws_with_travels_and_the_rest_is_each_machines_own() -> None:
    leaders = Config.model_validate(
        {
            "scene": {"parameters": {"swarm": {"points": 900.0}}},
            "notice": {"languages": ["de"]},
            "output": {"brightness": 1.5, "glow": 0.5, "quality": "high", "width": 640},
            "emotion": {"enabled": False},
            "repainting": {"enabled": True, "over": 0.25},
        }
    )
    told = json.loads(json.dumps(drawn_with(leaders)))
    own = Config.model_validate({"output": {"width": 800, "background": "camera", "screens": [{"rotation": 90}]}})
    found = with_drawn(own, told)
    assert found.scene.parameters == leaders.scene.parameters
    assert found.notice == leaders.notice
    assert (found.output.brightness, found.output.glow, found.output.quality) == (1.5, 0.5, "high")
    assert (found.output.width, found.output.background) == (800, "black")
    assert found.output.screens == own.output.screens
    assert not found.emotion.enabled
    assert repainting_of(told).enabled
    with pytest.raises((ValueError, KeyError, TypeError)):
        with_drawn(own, {**told, "output": {"brightness": "bright"}})


def test_the_digest_of_shaders_is_the_same_each_time() -> None:
    assert shaders_digest() == shaders_digest()
    assert len(shaders_digest()) == 16
