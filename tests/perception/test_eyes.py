"""The source and perception change in mid-show: off the frame loop, one reader a camera, nothing lost to a wrong name."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import pytest

from installation.base.clock import ManualClock
from installation.base.mailbox import Latest
from installation.base.notices import Notices
from installation.config.settings import Config
from installation.perception import eyes as eyes_module
from installation.perception.eyes import CameraEyes, LiveEyes, PerformerEyes
from installation.types import Frame, Observation, Silhouette

PATIENCE_S = 30.0


class Camera:
    """A source that knows whether anybody else holds the camera."""

    holders = 0

    def __init__(self, name: str, log: list[str]) -> None:
        self.frames: Latest[Frame] = Latest("frames")
        self.name, self.log, self.starts, self.closed = name, log, 0, False

    def start(self) -> None:
        self.starts += 1
        self.log.append(f"{self.name} starts")

    def describe(self) -> str:
        return self.name

    def rest(self, on: bool) -> None:
        self.log.append(f"{self.name} {'rests' if on else 'wakes'}")

    def close(self) -> None:
        self.closed = True
        self.frames.close()
        self.log.append(f"{self.name} closed")

    def resolve_notices(self) -> None:
        self.log.append(f"{self.name} is of no matter")


class FakePerception:
    """In the place of the process."""

    made: list["FakePerception"] = []  # noqa: RUF012

    def __init__(self, make: partial[object], frames: Latest[Frame], _notices: Notices, timeout_s: float) -> None:
        self.observations: Latest[Observation] = Latest("observations")
        self.silhouettes: Latest[Silhouette] = Latest("silhouettes")
        self.frames, self.timeout_s, self.ready, self.pid = frames, timeout_s, True, None
        self.emotions = make.args[1]
        self.providers: dict[str, str] = {}
        self.made.append(self)

    def start(self) -> None: ...

    def want_silhouettes(self, wanted: bool) -> None: ...

    def close(self) -> None:
        self.observations.close()
        self.silhouettes.close()


class House:
    """Opens eyes as the app does, and remembers in which order things happened."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.cameras: list[Camera] = []
        self.notices = Notices(ManualClock())
        self.gate: threading.Event | None = None
        self.broken: set[str] = set()
        self.live: LiveEyes | None = None

    def open(self, config: Config) -> CameraEyes | PerformerEyes:
        source = str(config.capture.source)
        self.log.append(f"open {source}")
        if self.gate is not None:
            assert self.gate.wait(PATIENCE_S)
        if source in self.broken:
            raise ValueError(f"there is no {source}")
        self.notices.resolve("source")
        camera = Camera(source, self.log)
        self.cameras.append(camera)
        return CameraEyes(source, camera, config.perception, self.notices, config.emotion.enabled)

    def start(self, stand_ins: Sequence[str] = (), **capture: object) -> LiveEyes:
        others = [config_of(source=source) for source in stand_ins]
        self.live = LiveEyes(config_of(**capture), self.open, self.notices, lambda _: others)
        self.live.current.begin()
        return self.live

    def settled(self) -> bool:
        """Whether other eyes are in use once the change is through."""
        assert self.live is not None
        changed = False
        end_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < end_s:
            changed |= self.live.take_change()
            if not self.live.changing:
                return changed
            time.sleep(0.01)
        raise AssertionError("the change never ended")


def until(done: Callable[[], bool]) -> None:
    end_s = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < end_s, "it did not happen"
        time.sleep(0.01)


def config_of(perception: dict[str, object] | None = None, **capture: object) -> Config:
    return Config.model_validate({"capture": {"source": "0", **capture}, "perception": perception or {}})


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(eyes_module, "PerceptionProcess", FakePerception)
    monkeypatch.setattr(eyes_module, "FIRST_RETRY_S", 0.02)
    monkeypatch.setattr(FakePerception, "made", [])
    found = House()
    yield found
    if found.live is not None:
        found.live.close()


def test_a_change_of_perception_alone_keeps_the_source(house: House) -> None:
    live = house.start()
    before = live.current
    live.reconfigure(config_of({"timeout_s": 9.0}))
    assert house.settled()
    assert live.current is not before
    assert before.observations.closed
    assert [perception.timeout_s for perception in FakePerception.made] == [5.0, 9.0]
    assert house.log == ["open 0", "0 starts"], "the camera was opened once and never let go"
    assert live.current.frames is house.cameras[0].frames


def test_whether_emotions_are_read_changes_perception_and_keeps_the_source(house: House) -> None:
    live = house.start()
    for enabled in (False, True):
        before = live.current
        live.reconfigure(Config.model_validate({"capture": {"source": "0"}, "emotion": {"enabled": enabled}}))
        assert house.settled()
        assert before.observations.closed
        assert live.current is not before
    assert [perception.emotions for perception in FakePerception.made] == [True, False, True]
    assert house.log == ["open 0", "0 starts"]
    same = live.current
    live.reconfigure(Config.model_validate({"capture": {"source": "0"}, "emotion": {"face_weight": 0.5}}))
    assert live.current is same


def test_the_performer_needs_no_perception(house: House) -> None:
    class Performer:
        observations: Latest[Observation] = Latest("observations")
        silhouettes: Latest[Silhouette] = Latest("silhouettes")

        def start(self) -> None: ...
        def want_silhouettes(self, wanted: bool) -> None: ...
        def rest(self, on: bool) -> None: ...
        def close(self) -> None: ...

    eyes = PerformerEyes(Performer())
    assert eyes.with_perception(config_of({"timeout_s": 9.0})) is eyes


def test_auto_looks_for_cameras_only_when_the_old_one_is_let_go(house: House) -> None:
    live = house.start()
    live.reconfigure(config_of(source="auto"))
    assert house.settled()
    assert house.log == ["open 0", "0 starts", "0 closed", "open auto", "0 is of no matter", "auto starts"]


def test_another_camera_is_found_first_and_read_when_the_old_one_is_let_go(house: House) -> None:
    live = house.start()
    live.reconfigure(config_of(source="1"))
    assert house.settled()
    assert house.log == ["open 0", "0 starts", "open 1", "0 closed", "0 is of no matter", "1 starts"]
    assert live.current.describe() == "1"


def test_opening_never_holds_up_the_picture(house: House) -> None:
    live = house.start()
    house.gate = threading.Event()
    began_s = time.monotonic()
    live.reconfigure(config_of(source="slow"))
    assert not live.take_change()
    assert time.monotonic() - began_s < 30.0, "the gate is shut: it would never have come back"
    assert live.changing
    house.gate.set()
    assert house.settled()
    assert live.current.name == "slow"


def test_a_wrong_name_changes_nothing_and_the_fault_is_resolved_by_a_right_one(house: House) -> None:
    live = house.start()
    house.broken = {"gone.mp4"}
    before = live.current
    live.reconfigure(config_of(source="gone.mp4"))
    assert not house.settled()
    assert live.current is before
    assert not house.cameras[0].closed
    assert [(one.kind, one.message) for one in house.notices.active()] == [
        ("fault", "there is no gone.mp4; the old source goes on")
    ]
    live.reconfigure(config_of(source="1"))
    assert house.settled()
    assert house.notices.active() == ()


def test_a_wrong_name_corrected_to_the_source_in_use_restarts_nothing(house: House) -> None:
    live = house.start()
    house.broken = {"gone.mp4"}
    before = live.current
    live.reconfigure(config_of(source="gone.mp4"))
    assert not house.settled()
    live.reconfigure(config_of())
    assert not house.settled()
    assert live.current is before
    assert not before.observations.closed
    assert len(FakePerception.made) == 1
    assert house.notices.active() == ()


def test_the_newest_wish_wins(house: House) -> None:
    live = house.start()
    house.gate = threading.Event()
    live.reconfigure(config_of(source="1"))
    until(lambda: "open 1" in house.log)
    for source in ("2", "3"):
        live.reconfigure(config_of(source=source))
    house.gate.set()
    assert house.settled()
    assert live.current.name == "3"
    assert "open 2" not in house.log
    assert [camera.closed for camera in house.cameras] == [True, True, False]


def test_a_source_that_was_let_go_for_nothing_is_opened_again_and_again(house: House) -> None:
    live = house.start()
    house.broken = {"auto", "0"}
    live.reconfigure(config_of(source="auto"))
    until(lambda: house.log.count("open 0") > 2)
    assert [one.kind for one in house.notices.active()] == ["fault"]
    house.broken = {"auto"}
    assert house.settled()
    assert live.current.name == "0"
    assert not live.current.observations.closed


@pytest.mark.parametrize("broken", [set(), {"auto", "0"}], ids=["opening", "trying again"])
def test_closing_in_the_midst_of_a_change_leaves_nothing_open(house: House, broken: set[str]) -> None:
    live = house.start()
    house.gate = threading.Event()
    house.broken = broken
    live.reconfigure(config_of(source="auto"))
    threading.Timer(0.05, house.gate.set).start()
    live.close()
    until(lambda: all(camera.closed for camera in house.cameras))


def test_a_source_that_is_missing_at_the_start_is_stood_in_for_and_looked_for(house: House) -> None:
    house.broken = {"film.mp4", "1"}
    live = house.start(["1", "2", "3"], source="film.mp4")
    assert live.current.name == "2"
    assert "there is no film.mp4; 2 plays instead" in house.notices.active("fault")[0].message
    time.sleep(0.1)
    assert not live.take_change()
    house.broken = {"1"}
    assert house.settled()
    assert live.current.name == "film.mp4"
    assert house.notices.active("fault") == ()


def test_what_is_asked_for_while_something_stands_in_counts(house: House) -> None:
    house.broken = {"film.mp4"}
    live = house.start(["2"], source="film.mp4")
    live.reconfigure(config_of(source="4"))
    assert house.settled()
    assert live.current.name == "4"
    assert house.notices.active("fault") == ()
    house.broken.add("5")
    live.reconfigure(config_of(source="5"))
    house.settled()
    assert "the old source goes on" in house.notices.active("fault")[0].message, "as ever, from then on"


@pytest.mark.parametrize("stand_ins", [(), ("1",)])
def test_where_nothing_can_stand_in_the_first_trouble_is_what_is_told(house: House, stand_ins: Sequence[str]) -> None:
    house.broken = {"film.mp4", "1"}
    with pytest.raises(ValueError, match=r"there is no film\.mp4"):
        house.start(stand_ins, source="film.mp4")


def test_another_source_rests_as_the_one_before_did(house: House) -> None:
    live = house.start()
    live.rest(True)
    live.rest(True)
    live.reconfigure(config_of(source="1"))
    assert house.settled()
    live.rest(False)
    said = [line for line in house.log if line.endswith(("rests", "wakes", "starts"))]
    assert said == ["0 starts", "0 rests", "1 rests", "1 starts", "1 wakes"]
