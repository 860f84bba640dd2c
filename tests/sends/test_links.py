"""A way out from the piece's side: the newest picture wins, and whatever its process does, the one who draws goes on."""

import json
import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from installation.base.clock import RealClock
from installation.base.notices import Notices
from installation.config.sends import SendConfig
from installation.sends import link as link_module
from installation.sends.link import SendLink
from installation.sends.sends import Sends
from tests.leftovers import in_shared_memory, left_in_shared_memory

# The process imports this module by its name, so it needs one that both know.
sys.path.insert(0, str(Path(__file__).resolve().parent))
import fake_ways

SIZE = (64, 48)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "sent.jsonl"
    monkeypatch.setenv("MIEN_TEST_SENDS", str(path))
    return path


class Bench:
    """A link with a way of fake_ways.py, and one who draws."""

    def __init__(self, way: str, file: Path, **settings: object) -> None:
        self.file, self.notices = file, Notices(RealClock())
        self.link = SendLink(SendConfig(**settings), self.notices, RealClock(), fake_ways.child_of(way))
        self.link.start()
        self.longest_s = 0.0

    def draw(self, value: int, t_s: float) -> bool:
        """Offer a grey picture; whether it was handed in."""
        began_s = time.perf_counter()
        if not self.link.wants(t_s):
            return False
        rgba = self.link.lend(SIZE)
        if rgba is not None:
            rgba[:] = value
            self.link.hand_in(t_s)
        self.longest_s = max(self.longest_s, time.perf_counter() - began_s)
        return rgba is not None

    def draw_until(self, done: Callable[[], bool], within_s: float = 40.0) -> None:
        """Draw fifty pictures a second, the grey of each its number."""
        start_s, number = time.monotonic(), 0
        while not done():
            assert time.monotonic() - start_s < within_s, (self.lines(), self.notices.active())
            self.draw(number % 256, time.monotonic())
            number += 1
            time.sleep(0.02)

    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.file.read_text().splitlines()] if self.file.exists() else []

    def sent(self) -> list[dict]:
        return [line for line in self.lines() if "t_s" in line]

    def faults(self) -> str:
        return "; ".join(notice.message for notice in self.notices.active("fault"))

    def close(self) -> None:
        self.link.end()
        self.link.join(5.0)


@pytest.fixture
def bench(file: Path) -> Iterator[Callable[..., Bench]]:
    made: list[Bench] = []

    def make(way: str, **settings: object) -> Bench:
        made.append(Bench(way, file, **settings))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_pictures_arrive_whole_and_in_order(bench: Callable[..., Bench]) -> None:
    one = bench("NotingWay", per_second=100)
    one.draw_until(lambda: len(one.sent()) >= 10)
    sent = one.sent()
    assert one.lines()[0] == {"opened": list(SIZE)}
    assert all(line["size"] == list(SIZE) and len(set(line["mean"])) == 1 for line in sent)
    times = [line["t_s"] for line in sent]
    assert times == sorted(times)
    assert one.faults() == ""
    one.close()
    assert one.lines()[-1] == {"closed": True}


def test_a_slow_way_gets_the_newest_and_holds_nobody_up(bench: Callable[..., Bench]) -> None:
    one = bench("SlowWay", per_second=100)
    one.draw_until(lambda: len(one.sent()) >= 8)
    gaps_s = np.diff([line["t_s"] for line in one.sent()])
    assert np.median(gaps_s) > 0.08, "pictures between are left out"
    assert one.longest_s < 0.2


def test_a_picture_that_is_refused_is_told_without_the_key_and_tried_again(
    bench: Callable[..., Bench], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    one = bench("FailingWay", kind="stream", address="rtmp://host/live/opensesame")
    told: list[str] = []
    one.draw_until(lambda: bool(told.append(one.faults()) or one.sent()))  # type: ignore[func-returns-value]
    assert any("rtmp://host/live/*** refused" in one for one in told)
    one.draw_until(lambda: one.faults() == "")
    assert "opensesame" not in "".join([*told, caplog.text])


@pytest.mark.parametrize(("way", "word"), [("HangingWay", "hung"), ("DyingWay", "died")])
def test_a_process_that_hangs_or_dies_is_started_again(
    bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch, way: str, word: str
) -> None:
    monkeypatch.setattr(link_module, "HANGS_S", 0.5)
    before = in_shared_memory()
    one = bench(way)
    told: list[str] = []
    one.draw_until(lambda: bool(told.append(one.faults()) or one.sent()))  # type: ignore[func-returns-value]
    assert any({"hung": "took no picture for 0.5 s", "died": "its process ended"}[word] in said for said in told)
    one.draw_until(lambda: one.faults() == "")
    assert one.longest_s < 0.2
    one.close()
    assert [path for path in left_in_shared_memory(before, 0) if path.name.startswith("mien-")] == []


def test_while_nobody_looks_no_picture_is_drawn(bench: Callable[..., Bench], file: Path) -> None:
    one = bench("LonelyWay", per_second=100)
    one.draw_until(lambda: len(one.sent()) == 1)
    time.sleep(0.3)
    assert [one.draw(5, time.monotonic() + step) for step in range(5)] == [False] * 5
    file.with_name("somebody").touch()
    one.draw_until(lambda: len(one.sent()) >= 3)


def test_no_picture_stays_in_shared_memory(bench: Callable[..., Bench]) -> None:
    """Its name is gone as soon as the process has it: whatever ends, nobody finds it."""
    before = in_shared_memory()
    one = bench("NotingWay", per_second=100)
    one.draw_until(lambda: len(one.sent()) >= 2)
    time.sleep(0.2)
    assert [path for path in in_shared_memory() - before if path.name.startswith("mien-")] == []


def test_the_rate_is_the_one_that_is_set(file: Path) -> None:
    """Without a process: of sixty pictures a second thirty are due, on an even beat, also after a gap and back in time."""
    link = SendLink(SendConfig(per_second=30), Notices(RealClock()), RealClock())
    link._is_ready = True
    scatter = np.random.default_rng(1).uniform(-0.001, 0.001, 120)
    due = [float(t_s) for t_s in np.arange(120) / 60 + scatter if link.wants(float(t_s))]
    assert len(due) == 60
    assert np.abs(np.diff(due) - 1 / 30).max() < 0.005
    assert link.wants(50.0)
    assert not link.wants(50.01)
    assert link.wants(3.0)
    assert SendLink(SendConfig(per_second=120), Notices(RealClock()), RealClock()).wants(0.0) is False, "not ready"


def test_the_size_is_the_pictures_in_the_width_that_is_set() -> None:
    def link(**settings: object) -> SendLink:
        return SendLink(SendConfig(**settings), Notices(RealClock()), RealClock())

    assert link().size((1280, 720)) == (1280, 720)
    assert link().size((641, 359)) == (640, 360)
    assert link(width=640).size((1920, 1080)) == (640, 360)
    assert link(width=320).size((1080, 1920)) == (320, 568)


class _Recorded:
    """A link that notes what was asked of it."""

    def __init__(self, config: SendConfig, notices: Notices, clock: RealClock) -> None:
        self.config, self.done = config, list[str]()

    def start(self) -> None:
        self.done.append("start")

    def end(self) -> None:
        self.done.append("end")

    def join(self, timeout_s: float) -> None:
        self.done.append("join")


def test_what_is_as_it_was_goes_on() -> None:
    ndi, other, camera = SendConfig(name="a"), SendConfig(name="b"), SendConfig(kind="camera")
    sends = Sends([ndi, camera], Notices(RealClock()), RealClock(), _Recorded)  # type: ignore[arg-type]
    first, second = sends.links
    sends.reconfigure([other, ndi])
    assert [link.config.name for link in sends.links] == ["b", "a"]
    assert sends.links[1] is first
    assert (first.done, second.done) == (["start"], ["start", "end"])
    sends.close()
    assert (first.done, second.done) == (["start", "end", "join"], ["start", "end", "join"])
    assert sends.links == []


def test_two_at_once_do_not_wait_for_each_other(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_module, "HANGS_S", 60.0)
    notices = Notices(RealClock())
    links = [
        SendLink(SendConfig(name=name, per_second=100), notices, RealClock(), fake_ways.child_of(way))
        for name, way in (("good", "NotingWay"), ("stuck", "HangingWay"))
    ]
    file.touch()
    for link in links:
        link.start()
    sent, start_s = [0, 0], time.monotonic()
    while sent[0] < 20 or sent[1] < 1:
        assert time.monotonic() - start_s < 40
        for number, link in enumerate(links):
            if link.wants(time.monotonic()) and (rgba := link.lend(SIZE)) is not None:
                rgba[:] = 7
                link.hand_in(time.monotonic())
                sent[number] += 1
        time.sleep(0.01)
    began_s = time.monotonic()
    for link in links:
        link.end()
    assert time.monotonic() - began_s < 0.2, "ending waits for nobody"
    for link in links:
        link.join(5.0)
    assert not any(thread.name.startswith("send ") for thread in threading.enumerate())
