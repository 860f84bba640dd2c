"""A leader and followers on one machine, over real sockets and without any picture: they meet, agree about the time, have the
same to draw over a bad network, and find each other again."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.wall_proxy import BadNetwork
from installation.base.clock import RealClock
from installation.base.host_port import Place
from installation.base.notices import Notices
from installation.network.keys import KeyFile
from installation.network.sockets import Network, new_keys
from installation.record.show_log import scene_digest
from installation.types import SceneState
from installation.wall import messages
from installation.wall.follower import SHADERS, Follower
from installation.wall.leader import Leader
from installation.wall.playback import Shown
from tests.ports import free_port
from tests.wall.scenes import scenes

CLOCK = RealClock()
PERIOD_S = 0.04
DELAY_S = 0.6
"""So large that no busy machine makes a state late."""
WAIT_S = 60.0
SETTINGS = {"delay_s": DELAY_S, "colour": "red"}


class Wall:
    """What the tests start, and end in the right order."""

    def __init__(self, keys: KeyFile | None = None) -> None:
        self.keys = keys
        self.stack = ExitStack()
        self.notices = Notices(CLOCK)

    def lead(self, port: int, shaders: str = "same") -> Leader:
        leader = Leader(Network(self.keys), Place("127.0.0.1", port), DELAY_S, CLOCK, Notices(CLOCK), shaders)
        self.stack.callback(leader.close)
        leader.settings(dict(SETTINGS))
        return leader

    def follow(self, port: int, notices: Notices | None = None) -> Follower:
        follower = Follower(
            Network(self.keys), Place("127.0.0.1", port), "a wall", CLOCK, notices or self.notices, "same", {"phase"}
        )
        self.stack.callback(follower.close)
        return follower


@pytest.fixture
def wall() -> Iterator[Wall]:
    found = Wall()
    with found.stack:
        yield found


def two_ports() -> int:
    while True:
        port = free_port()
        if free_port() == port + 1:
            return port


class Show:
    """Frames of a show that is told in real time."""

    def __init__(self, leader: Leader) -> None:
        self._leader, self._frames, self._k = leader, scenes(400, 1, start_s=0.0), 0
        self.told: list[float] = []

    def go_on(self) -> SceneState:
        """Tell the frame of now."""
        scene = replace(self._frames[self._k % 400], t_s=CLOCK.now())
        self._k += 1
        self._leader.publish(scene, PERIOD_S)
        self.told.append(scene.t_s)
        return scene

    def until(self, done: Callable[[], bool], why: str) -> None:
        """Go on with the show until something has happened."""
        until_s = CLOCK.now() + WAIT_S
        while not done():
            assert CLOCK.now() < until_s, why
            self.go_on()
            time.sleep(PERIOD_S / 2)


def shown_at(followers: list[Follower], now_s: float) -> list[Shown]:
    found = [follower.shown(now_s) for follower in followers]
    assert all(one is not None for one in found)
    return [one for one in found if one is not None]


@pytest.mark.parametrize("encrypted", [False, True])
def test_followers_draw_what_the_leader_draws(wall: Wall, encrypted: bool) -> None:
    wall.keys = new_keys() if encrypted else None
    port = two_ports()
    leader = wall.lead(port)
    followers = [wall.follow(port) for _ in range(2)]
    show = Show(leader)
    show.until(lambda: all(one.shown(CLOCK.now()) is not None for one in followers), "nobody joined")
    assert all(one.settings is not None and one.settings.values == SETTINGS for one in followers)
    for _ in range(40):
        show.go_on()
        now_s = CLOCK.now()
        leaders = leader.shown(now_s)
        assert leaders is not None
        for shown in shown_at(followers, now_s):
            assert abs(shown.frame - leaders.frame) <= 1
            if shown.frame == leaders.frame:
                assert scene_digest(shown.scene) == scene_digest(leaders.scene)
        time.sleep(PERIOD_S)
    assert sorted(leader.followers.names) == ["a wall", "a wall"]
    error_s = [abs((one.leader_s(now_s) or 0.0) - now_s) for one in followers]
    assert max(error_s) < PERIOD_S / 2, "both have this machine's clock"


def test_a_bad_network_between_them_changes_no_picture_while_the_delay_is_longer(wall: Wall) -> None:
    port, bad = two_ports(), two_ports()
    leader = wall.lead(port)
    with BadNetwork(bad, port, loss=0.05, jitter_s=0.05, delay_s=0.05) as network:
        near, far = wall.follow(port), wall.follow(bad)
        show = Show(leader)
        show.until(lambda: far.shown(CLOCK.now()) is not None and near.shown(CLOCK.now()) is not None, "nobody joined")
        show.until(lambda: network.lost > 5 and network.overtaken > 20, "nothing was lost and nothing overtaken")
        apart = []
        for _ in range(60):
            show.go_on()
            one, two = shown_at([near, far], CLOCK.now())
            apart.append(abs(one.frame - two.frame))
            time.sleep(PERIOD_S / 2)
        assert max(apart) <= 1
        figures = far.figures
        assert figures["lost"] > 0
        assert figures["reordered"] > 0


def test_pictures_come_once_and_those_who_join_late_have_them_too(wall: Wall) -> None:
    port = two_ports()
    leader, show_notices = wall.lead(port), Notices(CLOCK)
    rgba = np.random.default_rng(1).integers(0, 255, (64, 64, 4), np.uint8)
    first = wall.follow(port, show_notices)
    show = Show(leader)
    show.until(lambda: first.shown(CLOCK.now()) is not None, "nobody joined")
    leader.picture("texture", CLOCK.now(), rgba=rgba)
    leader.picture("picture", CLOCK.now(), {"number": 4}, rgba=rgba)
    late = wall.follow(port, show_notices)
    for follower in (first, late):
        found = []

        def take(one: Follower = follower, into: list[object] = found) -> bool:
            shown = one.shown(CLOCK.now())
            into.extend(one.due(shown) if shown is not None else [])
            return len(into) >= 2

        show.until(take, "the pictures did not come")
        assert {one.kind for one in found} == {"texture", "picture"}
        np.testing.assert_array_equal(found[0].pixels["rgba"], rgba)
        shown = follower.shown(CLOCK.now())
        assert shown is not None
        assert follower.due(shown) == [], "each is shown once"
    assert show_notices.active("fault") == ()


def test_other_settings_of_the_leader_arrive(wall: Wall) -> None:
    port = two_ports()
    leader = wall.lead(port)
    follower = wall.follow(port)
    show = Show(leader)
    show.until(lambda: follower.settings is not None, "no settings")
    leader.settings({**SETTINGS, "colour": "blue"})
    show.until(lambda: follower.settings is not None and follower.settings.values["colour"] == "blue", "still red")


def test_a_leader_that_starts_anew_is_found(wall: Wall) -> None:
    port = two_ports()
    first = wall.lead(port)
    follower = wall.follow(port)
    show = Show(first)
    show.until(lambda: follower.shown(CLOCK.now()) is not None, "nobody joined")
    first.close()
    second = wall.lead(port)
    show = Show(second)
    show.until(lambda: follower.figures["epoch"] == second.epoch, "the new leader was not heard")
    show.until(lambda: follower.shown(CLOCK.now()) is not None, "the new leader's clock was not asked")
    shown = follower.shown(CLOCK.now())
    assert shown is not None
    assert shown.scene.t_s <= CLOCK.now() - DELAY_S + PERIOD_S


def test_a_silent_leader_is_a_fault_until_it_speaks(wall: Wall) -> None:
    port = two_ports()
    notices = Notices(CLOCK)
    follower = wall.follow(port, notices)
    until_s = CLOCK.now() + WAIT_S
    while not notices.active("fault"):
        assert CLOCK.now() < until_s
        time.sleep(0.05)
    assert "has not been heard" in notices.active("fault")[0].message
    leader = wall.lead(port)
    show = Show(leader)
    show.until(lambda: follower.shown(CLOCK.now()) is not None, "nobody joined")
    show.until(lambda: not notices.active("fault"), "the fault stays")


def test_other_shaders_are_a_fault_and_another_version_a_refusal(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    port = two_ports()
    notices = Notices(CLOCK)
    leader = wall.lead(port, shaders="others")
    follower = wall.follow(port, notices)
    show = Show(leader)
    show.until(lambda: any(one.stage == SHADERS for one in notices.active("fault")), "nobody compared")
    assert follower.refused is None
    monkeypatch.setattr(messages, "VERSION", "0-other")
    show.until(lambda: follower.refused is not None, "it followed a leader of another version")
    assert follower.refused is not None
    assert "install the same Mien on both" in follower.refused


def test_a_machine_that_is_slow_slows_the_whole_wall(wall: Wall) -> None:
    port = two_ports()
    leader = wall.lead(port)
    quick, slow = wall.follow(port), wall.follow(port)
    for _ in range(10):
        quick.costs.add(0.01)
        slow.costs.add(0.5)
    show = Show(leader)
    show.until(lambda: leader.every > 5, "nobody waited for the slow one")
    show.until(lambda: all(one.shown(CLOCK.now()) is not None for one in (quick, slow)), "nobody joined")
    show.until(lambda: (quick.period_s or 0.0) > 5 * PERIOD_S, "the quick one went on by itself")
    assert quick.period_s == slow.period_s


def test_who_joins_is_given_the_states_of_the_time_that_the_wall_is_held_back(wall: Wall) -> None:
    port = two_ports()
    leader = wall.lead(port)
    delay_s = leader.playback.delay_s = 55.0
    leader.settings({**SETTINGS, "delay_s": delay_s})
    frames, now_s = scenes(301, 1, start_s=0.0), CLOCK.now()
    for k, scene in enumerate(frames):
        leader.publish(replace(scene, t_s=now_s - 57.0 + 0.19 * k), PERIOD_S)
    asked_s = CLOCK.now()
    follower = wall.follow(port)
    show = Show(leader)
    show.until(lambda: follower.shown(CLOCK.now()) is not None, "it waits for its own first state to grow old")
    shown = follower.shown(CLOCK.now())
    assert shown is not None
    assert shown.scene.t_s < asked_s, "it was told before"
    assert not shown.is_late
