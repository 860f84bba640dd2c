"""PJLink against a small projector of our own: password, errors, one that hangs; and what keeps it on or off."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from installation.base.clock import ManualClock, RealClock
from installation.base.notices import Notices
from installation.base.secrets import hide, learn, without_secrets
from installation.commands.check_network import _projectors
from installation.config.hours import HoursConfig, ProjectorConfig
from installation.config.settings import Config
from installation.showcontrol.projectors import pjlink, projectors
from installation.showcontrol.projectors.pjlink import BusyError, PjlinkError, power_of, set_power
from installation.showcontrol.projectors.projectors import LOOK_S, PATIENCE_S, Projector, Projectors
from tests.showcontrol.projectors.fake_projector import FakeProjector


def at(fake: FakeProjector, password: str = "", name: str = "") -> ProjectorConfig:
    return ProjectorConfig(name=name, host="127.0.0.1", port=fake.port, password=password)


@pytest.mark.parametrize("password", ["", "JBMIAProjectorLink"])
def test_on_and_off(password: str) -> None:
    with FakeProjector(password) as fake:
        place = at(fake, password)
        assert power_of(place, time.monotonic) == "off"
        set_power(place, True, time.monotonic)
        assert power_of(place, time.monotonic) == "warming"
        with pytest.raises(BusyError):
            set_power(place, False, time.monotonic)
        fake.settle()
        assert power_of(place, time.monotonic) == "on"
        set_power(place, False, time.monotonic)
        assert power_of(place, time.monotonic) == "cooling"
    assert fake.heard == ["%1POWR ?", "%1POWR 1", "%1POWR ?", "%1POWR 0", "%1POWR ?", "%1POWR 0", "%1POWR ?"]


def test_the_digest_is_that_of_the_specification() -> None:
    """Its own example: random 498e4a67, password JBMIAProjectorLink."""
    key = pjlink._key("PJLINK 1 498e4a67", "JBMIAProjectorLink")
    assert key == "5d8409bc1c3fa39749434aa3a5c38682"


@pytest.mark.parametrize(
    ("way", "theirs", "ours", "said"),
    [
        ("", "secret", "wrong", "refuses the password"),
        ("", "secret", "", "asks for a password"),
        ("hangup", "", "", "hung up"),
        ("rubbish", "", "", "no PJLink"),
        ("hang", "", "", "does not answer"),
        ("drip", "", "", "does not answer"),
        ("ERR1?", "", "", "no POWR"),
        ("ERR4?", "", "", "lamp"),
    ],
)
def test_what_is_wrong_is_said(way: str, theirs: str, ours: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # One that answers has the time that it takes on a busy machine.
    monkeypatch.setattr(pjlink, "ANSWER_S", 0.3 if way in ("hang", "drip") else 30.0)
    with FakeProjector(theirs, way) as fake:
        began_s = time.monotonic()
        with pytest.raises(PjlinkError, match=said):
            power_of(at(fake, ours), time.monotonic)
        assert time.monotonic() - began_s < 25


@pytest.mark.parametrize(("way", "kind"), [("ERR2", PjlinkError), ("ERR3", BusyError)])
def test_refused_commands(way: str, kind: type[Exception]) -> None:
    with FakeProjector(way=way) as fake, pytest.raises(kind):
        set_power(at(fake), True, time.monotonic)


def test_nobody_listens() -> None:
    with FakeProjector() as fake:
        place = at(fake)
    with pytest.raises(OSError, match="refused"):
        power_of(place, time.monotonic)


class Steps:
    """A Projector without its thread: ``step`` does what is due, on a clock moved by hand."""

    def __init__(self, fake: FakeProjector) -> None:
        self.clock = ManualClock()
        self.notices = Notices(self.clock)
        self.projector = Projector(at(fake), self.notices, self.clock)

    def step(self, dt_s: float = 0.0) -> float | None:
        self.clock.advance(dt_s)
        return self.projector._step(self.clock.now())


def test_it_is_brought_there_through_warming_and_cooling() -> None:
    with FakeProjector() as fake:
        steps = Steps(fake)
        assert steps.step() is None  # nobody said anything: it is not even asked
        assert fake.heard == []
        steps.projector.want(True)
        steps.step()
        assert fake.power == 3
        steps.projector.want(False)
        steps.step(4)
        assert fake.power == 3
        fake.settle()
        steps.step(4)
        assert fake.power == 2
        fake.settle()
        assert steps.step(4) == LOOK_S
        assert fake.power == 0
        assert steps.notices.active() == ()


def test_a_hand_on_the_remote_control_has_a_minute() -> None:
    with FakeProjector(power=1) as fake:
        steps = Steps(fake)
        steps.projector.want(True)
        steps.step()
        fake.power = 0
        steps.step(30)
        steps.step(30)
        assert fake.power == 0
        steps.step(31)
        assert fake.power == 3


def test_one_that_says_yes_and_does_nothing_is_a_fault() -> None:
    with FakeProjector(way="OK") as fake:
        fake.way = "ERR3"
        steps = Steps(fake)
        steps.projector.want(True)
        steps.step()
        steps.step(PATIENCE_S - 10)
        with pytest.raises(PjlinkError, match="does not go on; it says off"):
            steps.step(20)


def wait_for(what: Callable[[], Any]) -> None:
    until_s = time.monotonic() + 60
    while not what():
        assert time.monotonic() < until_s
        time.sleep(0.01)


def test_one_that_hangs_holds_up_neither_the_loop_nor_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pjlink, "ANSWER_S", 6.0)
    monkeypatch.setattr(projectors, "BUSY_S", 0.02)
    notices = Notices(RealClock())
    with FakeProjector(way="hang") as bad, FakeProjector("pass", "") as good:
        config = HoursConfig(projectors=[at(bad, name="left"), at(good, "pass", "right")])
        both = Projectors(config, notices, RealClock())
        began_s = time.monotonic()
        both.start()
        both.want(True)
        both.want(True)
        assert time.monotonic() - began_s < pjlink.ANSWER_S
        wait_for(lambda: good.power == 3)
        good.settle()
        wait_for(lambda: [one.stage for one in notices.active("fault")] == ["projector left"])
        bad.way = ""  # it comes back
        wait_for(lambda: bad.power == 3 and not notices.active("fault"))
        began_s = time.monotonic()
        both.reconfigure(HoursConfig(projectors=[at(good, "pass", "right")]))
        both.close()
        assert time.monotonic() - began_s < pjlink.ANSWER_S
        assert (good.power, bad.power) == (1, 3)  # they stay as they are


def test_passwords_do_not_get_out() -> None:
    settings = {"hours": {"projectors": [{"host": "10.0.0.9", "password": "beamer-12"}]}}
    learn(settings)
    assert "beamer-12" not in hide("it refuses beamer-12")
    assert without_secrets(settings)["hours"]["projectors"][0] == {"host": "10.0.0.9", "password": "***"}


def test_check_asks_each_for_its_state() -> None:
    with FakeProjector("secret", power=1) as good:
        hours = {"projectors": [at(good, "secret", "left"), ProjectorConfig(name="right", host="127.0.0.1", port=1)]}
        config = Config.model_validate({"hours": HoursConfig.model_validate(hours)})
        rows = list(_projectors(config))
    assert rows[0] == ("good", "projector left", "on")
    assert rows[1][:2] == ("bad", "projector right")
    assert "refused" in rows[1][2].lower()
    assert good.heard == ["%1POWR ?"]


def test_each_projector_once() -> None:
    one = {"host": "10.0.0.9"}
    with pytest.raises(ValueError, match="same host and port"):
        HoursConfig.model_validate({"projectors": [one, one]})
    with pytest.raises(ValueError, match="same name"):
        HoursConfig.model_validate({"projectors": [{"name": "a", **one}, {"name": "a", "host": "b"}]})
