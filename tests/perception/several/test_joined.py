"""Cameras' machines and a show over real sockets, encrypted: joined, gone, back, of another version, without the key."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from installation.base.host_port import Place
from installation.base.notices import Notices
from installation.config.eyes import EyesConfig
from installation.config.settings import Config
from installation.network.keys import read_keys, write_keys
from installation.network.sockets import Network, new_keys
from installation.network.wire import pack
from installation.perception.several.joined import JoinedEyes
from installation.perception.several.messages import KIND
from tests.perception.several.machine import CLOCK, Machine, free_port_and_next
from tests.perception.several.virtual import Camera, Walker, settings

WAIT_S = 60.0
LEFT, RIGHT = Camera("left", (-2.0, 5.5, 2.2)), Camera("right", (8.0, 5.5, 2.2))
WALKERS = [Walker([(2.0, 2.0), (2.6, 2.0)], 0.5), Walker([(4.0, 2.0), (4.6, 2.0)], 0.5)]


class Stage:
    def __init__(self, folder: Path) -> None:
        self.key = folder / "wall.key"
        write_keys(self.key, new_keys())
        self.notices = Notices(CLOCK)
        self.ports = [free_port_and_next(), free_port_and_next()]
        self.machines: list[Machine] = []
        self.eyes: JoinedEyes | None = None

    def config(self) -> EyesConfig:
        found = settings([LEFT, RIGHT])
        join = [
            one.model_copy(update={"address": f"127.0.0.1:{port}"})
            for one, port in zip(found.join, self.ports, strict=True)
        ]
        return found.model_copy(update={"join": join, "key": str(self.key)})

    def machine(self, number: int, ahead_s: float, key: Path | None = None) -> Machine:
        found = Machine((LEFT, RIGHT)[number], self.ports[number], WALKERS, key or self.key, ahead_s)
        self.machines.append(found)
        return found

    def see(self) -> JoinedEyes:
        self.eyes = JoinedEyes(self.config(), CLOCK, self.notices)
        self.eyes.begin()
        return self.eyes

    def faults(self) -> dict[str, str]:
        return {notice.stage: notice.message for notice in self.notices.active("fault")}

    def until(self, true: Callable[[], bool]) -> None:
        until_s = CLOCK.now() + WAIT_S
        while not true():
            assert CLOCK.now() < until_s, (self.faults(), self.numbers())
            time.sleep(0.02)

    def numbers(self) -> list[int]:
        assert self.eyes is not None
        _, seen = self.eyes.observations.peek()
        return [] if seen is None else [person.id for person in seen.people]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    found = Stage(tmp_path)
    yield found
    for machine in found.machines:
        machine.end()
    if found.eyes is not None:
        found.eyes.close()


@pytest.mark.timeout(200)
def test_two_machines_feed_one_show_whatever_their_clocks_say(stage: Stage) -> None:
    stage.machine(0, 1e5)
    stage.machine(1, -300.0)
    eyes = stage.see()
    stage.until(lambda: stage.numbers() == [1, 2] and "left heard, right heard" in eyes.describe())
    number, seen = eyes.observations.peek()
    assert seen is not None
    assert abs(seen.t_s - CLOCK.now()) < 5.0, "in the show's time"
    for _ in range(20):
        found = eyes.observations.wait_newer(number, WAIT_S)
        assert found is not None
        assert found[1].t_s > seen.t_s
        number, seen = found
    assert stage.faults() == {}
    eyes.rest(True)
    stage.until(lambda: stage.numbers() == [])
    eyes.rest(False)
    stage.until(lambda: len(stage.numbers()) == 2)


@pytest.mark.timeout(300)
def test_a_machine_that_goes_is_told_the_other_goes_on_and_it_comes_back_by_itself(stage: Stage) -> None:
    first, second = stage.machine(0, 50.0), stage.machine(1, 0.0)
    eyes = stage.see()
    stage.until(lambda: stage.numbers() == [1, 2] and "left heard, right heard" in eyes.describe())
    stage.machines.remove(second)
    second.end()
    stage.until(lambda: "right" in stage.faults().get("camera right", ""))
    assert "is silent; the others go on" in stage.faults()["camera right"]
    assert "capture" not in stage.faults()
    assert len(stage.numbers()) == 2
    stage.machine(1, 77.0)
    stage.until(lambda: stage.faults() == {} and len(stage.numbers()) == 2)
    # All gone: a fault of the source, nobody is seen, and the next source may be taken.
    for machine in list(stage.machines):
        stage.machines.remove(machine)
        machine.end()
    assert first not in stage.machines
    stage.until(lambda: "no camera of eyes.join" in stage.faults().get("capture", ""))
    assert stage.numbers() == []
    eyes.close()
    assert stage.faults() == {}


@pytest.mark.timeout(200)
def test_without_the_key_nothing_is_heard_and_another_version_is_told(stage: Stage, tmp_path: Path) -> None:
    other = tmp_path / "other.key"
    write_keys(other, new_keys())
    stage.machine(0, 0.0, other)
    network = Network(read_keys(stage.key))
    tells = network.open("publish", Place("127.0.0.1", stage.ports[1]))
    stage.see()
    try:

        def told() -> bool:
            tells.send(pack(KIND, "0-of-last-year", {}))
            return "0-of-last-year" in stage.faults().get("camera right", "")

        stage.until(told)
        stage.until(lambda: "has not been heard" in stage.faults().get("camera left", ""))
        assert "install the same Mien on both" in stage.faults()["camera right"]
        assert stage.numbers() == []
    finally:
        tells.close()
        network.close()


@pytest.mark.timeout(200)
def test_another_place_is_taken_up_while_it_runs(stage: Stage) -> None:
    stage.machine(0, 0.0)
    stage.machine(1, 0.0)
    eyes = stage.see()
    stage.until(lambda: stage.numbers() == [1, 2])
    bare = [one.model_copy(update={"place": []}) for one in stage.config().join]
    config = Config(eyes=stage.config().model_copy(update={"join": bare}))
    assert eyes.with_perception(config) is eyes
    stage.until(lambda: len(stage.numbers()) > 2)
    assert "no place is set" in next(one.message for one in stage.notices.active("note"))
