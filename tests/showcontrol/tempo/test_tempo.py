"""Tempo in: taps, MIDI clock and time code, Ableton Link; each beat is sent once and on time, and motion surges with it."""

import random
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest

from installation.base.clock import ManualClock, RealClock
from installation.base.notices import Notices
from installation.base.tempo import Tempo, surged
from installation.config.scene import SceneConfig
from installation.config.tempo import TempoConfig
from installation.scene.scene import Scene
from installation.showcontrol.midi.input import Arrivals
from installation.showcontrol.osc_out.beats import Beats
from installation.showcontrol.tempo.midi_clock import MidiClock, MidiTimeCode
from installation.showcontrol.tempo.taps import Taps
from installation.showcontrol.tempo.tempo_in import TempoIn
from tests.showcontrol.waiting import soon

Reader = MidiClock | MidiTimeCode


def test_a_tempo_says_where_the_beats_lie() -> None:
    tempo = Tempo(10.0, 4.5, 120.0)
    assert tempo.beat_at(11.0) == 6.5
    assert tempo.time_of(tempo.beat_at(17.3)) == pytest.approx(17.3)
    assert not tempo.differs(Tempo(10.5, 5.5, 120.0), 12.0)
    assert tempo.differs(Tempo(10.5, 5.51, 120.0), 12.0)
    assert tempo.differs(Tempo(10.0, 4.5, 120.02), 10.0), "in a quarter of a minute it is another beat"
    assert tempo.differs(None, 10.0)


def test_motion_surges_and_no_time_is_lost() -> None:
    tempo = Tempo(0.0, 0.0, 90.0)
    beat_s = 60 / 90
    assert surged(tempo, 0.0, 6 * beat_s) == pytest.approx(6 * beat_s)
    steps = [surged(tempo, beat_s * n / 20, beat_s * (n + 1) / 20) for n in range(40)]
    assert sum(steps) == pytest.approx(2 * beat_s)
    assert min(steps) > 0
    assert steps[0] > 30 * steps[19], "nearly still before the next"
    assert steps[20] == pytest.approx(steps[0])


def test_taps_set_the_beat_and_the_pace() -> None:
    taps, tempo = Taps(), Tempo(0.0, 0.0, 120.0)
    tempo = taps.tap(3.2, tempo)
    assert (tempo.at_s, tempo.beat, tempo.bpm) == (3.2, 6.0, 120.0), "one alone moves the beat to it"
    for n in range(1, 9):
        tempo = taps.tap(3.2 + 0.6 * n + random.Random(n).uniform(-0.02, 0.02), tempo)
    assert tempo.bpm == pytest.approx(100.0, rel=0.02)
    assert tempo.beat % 1 == 0
    later = taps.tap(tempo.at_s + 5.0, tempo)
    assert later.bpm == tempo.bpm, "after a pause it begins anew"
    assert taps.tap(later.at_s + 0.001, later).bpm == 400.0, "a double tap is no thousand a second"


def clocks(reader: Reader, bpm: float, begin_s: float, count: int, jitter_s: float = 0.0) -> float:
    """Feed so many clocks; the time of the next one."""
    step_s, chance = 60 / bpm / 24, random.Random(1)
    for n in range(count):
        reader.feed([0xF8], begin_s + n * step_s + chance.uniform(0, jitter_s))
    return begin_s + count * step_s


def test_midi_clock_is_a_line_through_its_clocks() -> None:
    reader = MidiClock()
    reader.feed([0xFA], 0.9)
    assert reader.tempo is None
    end_s = clocks(reader, 125.0, 1.0, 24 * 8, 0.002)
    assert reader.tempo is not None
    assert reader.tempo.bpm == pytest.approx(125.0, rel=2e-3)
    assert reader.tempo.beat_at(end_s) == pytest.approx(8.0, abs=0.01)


def test_a_machine_stops_goes_on_and_jumps() -> None:
    reader = MidiClock()
    reader.feed([0xFA], 0.0)
    end_s = clocks(reader, 120.0, 0.0, 48)
    reader.feed([0xFC], end_s)
    clocks(reader, 120.0, end_s, 48)
    assert reader.tempo is None, "clocks go on while a machine is stopped"
    reader.feed([0xFB], 10.0)
    end_s = clocks(reader, 120.0, 10.0, 24)
    assert reader.tempo is not None
    assert reader.tempo.beat_at(end_s) == pytest.approx(3.0, abs=0.01)
    reader.feed([0xF2, 0, 1], end_s)  # the 128th sixteenth
    end_s = clocks(reader, 120.0, end_s, 24)
    assert reader.tempo.beat_at(end_s) == pytest.approx(33.0, abs=0.01)
    assert not reader.silent_since(end_s + 1)
    assert reader.silent_since(end_s + 10)


def test_another_tempo_is_followed_within_two_beats() -> None:
    reader = MidiClock()
    end_s = clocks(reader, 100.0, 0.0, 24 * 6)
    end_s = clocks(reader, 140.0, end_s, 48)
    assert reader.tempo is not None
    assert reader.tempo.bpm == pytest.approx(140.0, rel=0.01)
    assert reader.tempo.beat_at(end_s) == pytest.approx(8.0, abs=0.02)


def quarter_frames(reader: Reader, seconds: int, begin_s: float, fps: int = 25, frames: int = 8) -> None:
    """Time code from ``seconds`` on, eight messages for every two frames."""
    rate = {24: 0, 25: 1, 30: 3}[fps]
    for pair in range(0, frames, 2):
        hours, minutes, second = seconds // 3600, seconds // 60 % 60, seconds % 60
        parts = [pair & 15, pair >> 4, second & 15, second >> 4, minutes & 15, minutes >> 4]
        parts += [hours & 15, hours >> 4 | rate << 1]
        for at, value in enumerate(parts):
            reader.feed([0xF1, at << 4 | value], begin_s + (pair + at / 4) / fps)


def test_time_code_tells_the_time() -> None:
    reader = MidiTimeCode(60.0)
    quarter_frames(reader, 3723, 100.0)
    assert reader.tempo is not None
    assert reader.tempo.beat_at(100.0) == pytest.approx(3723.0, abs=0.002), (
        "a beat a second: the seconds of the time code"
    )
    reader.feed([0xF1, 0x00], 101.0)
    reader.feed([0xF1, 0x25], 101.0)  # one is missing
    quarter_frames(reader, 10, 102.0, fps=30)
    assert reader.tempo.beat_at(102.0) == pytest.approx(10.0, abs=0.002), "a jump is followed at once"
    assert reader.silent_since(103.0)


def test_messages_came_when_the_driver_says_however_late_they_are_taken() -> None:
    arrivals, chance = Arrivals(), random.Random(2)
    found, due_s = [], []
    for n in range(200):
        came_s = 50.0 + n * 0.02
        waited_s = 0.0 if n % 20 == 7 else chance.uniform(0.001, 0.03)
        found.append(arrivals.at(0.02 if n else 0.0, came_s + waited_s))
        due_s.append(came_s)
    late = [one - due for one, due in zip(found[10:], due_s[10:], strict=True)]
    assert max(map(abs, late)) < 0.001


def test_each_beat_is_sent_once_also_where_the_tempo_is_told_anew() -> None:
    sent: list[tuple[float, int]] = []
    tempo = Tempo(0.0, 0.0, 120.0)
    beats = Beats("/mien", tempo, 0.0, None)
    for step in range(1, 801):
        now_s = step / 100
        if step % 30 == 0:
            tempo = Tempo(now_s, tempo.beat_at(now_s) + 0.002, 120.0)
            beats = Beats("/mien", tempo, now_s, beats)
        while now_s >= beats.due_s:
            number = beats.turn(now_s)
            if number is not None:
                sent.append((now_s, number))
    numbers = [number for _, number in sent]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert len(numbers) in (16, 17)


def test_what_was_missed_is_left_out() -> None:
    beats = Beats("/mien", Tempo(0.0, 0.0, 120.0), 0.2, None)
    assert beats.due_s == 0.5
    assert beats.turn(5.1) is None, "asleep for nine beats"
    assert beats.due_s == 5.5
    assert beats.turn(5.5) == 11


class FakeInput:
    def __init__(self, ports: list[str]) -> None:
        self.ports, self.opened, self.closed = ports, [], False
        self.waiting: list[tuple[list[int], float]] = []

    def names(self) -> list[str]:
        return self.ports

    def open(self, name: str | None) -> None:
        self.opened.append(name)

    def messages(self, now_s: float) -> Iterator[tuple[list[int], float]]:
        while self.waiting:
            yield self.waiting.pop(0)

    def close(self) -> None:
        self.closed = True


class FakePeer:
    def __init__(self, bpm: float) -> None:
        self.bpm, self.closed = bpm, False

    def tempo(self, now: Callable[[], float]) -> Tempo:
        return Tempo(now(), now() * self.bpm / 60, self.bpm)

    def close(self) -> None:
        self.closed = True


class Bench:
    def __init__(self, source: str, ports: list[str] | None = None, **more: Any) -> None:
        self.input, self.peers = FakeInput(ports or []), list[FakePeer]()
        self.told: list[Tempo | None] = []
        self.clock = RealClock()
        self.notices = Notices(self.clock)
        self.thread = TempoIn(
            TempoConfig(source=source, **more),  # type: ignore[arg-type]
            self.notices,
            self.clock,
            self.told.append,
            lambda _: self.input,
            self._peer,
        )
        self.thread.start()

    def _peer(self, bpm: float) -> FakePeer:
        self.peers.append(FakePeer(bpm))
        return self.peers[-1]


@pytest.fixture
def bench() -> Iterator[Callable[..., Bench]]:
    made: list[Bench] = []

    def make(*args: Any, **more: Any) -> Bench:
        made.append(Bench(*args, **more))
        return made[-1]

    yield make
    for one in made:
        one.thread.close()


def test_without_a_source_nothing_is_heard(bench: Callable[..., Bench]) -> None:
    found = bench("none")
    found.thread.tap(1.0)
    found.thread.close()
    assert found.told == found.thread.take() == []
    assert found.notices.active() == ()


def test_taps_are_heard_and_the_delay_is_in_them(bench: Callable[..., Bench]) -> None:
    found = bench("tap", bpm=90.0, delay_s=-0.05)
    soon(lambda: len(found.told) == 1)
    start_s = found.clock.now() + 10
    for n in range(4):
        found.thread.tap(start_s + n)
    soon(lambda: found.told[-1] is not None and found.told[-1].bpm == pytest.approx(60.0))
    last = found.told[-1]
    assert last is not None
    assert last.beat_at(start_s - 0.05) % 1 == pytest.approx(0.0, abs=1e-6)
    assert found.thread.take()[-1] == [last.at_s, last.beat, last.bpm]
    assert found.thread.take() == []


def test_a_midi_clock_is_followed_and_its_stop_heard(bench: Callable[..., Bench]) -> None:
    found = bench("midi_clock", ports=["Drum Machine 1", "Keys"], port="drum")
    soon(lambda: found.input.opened == ["Drum Machine 1"])
    now_s = found.clock.now()
    found.input.waiting += [([0xFA], now_s - 1), *(([0xF8], now_s - 1 + n / 48) for n in range(48))]
    soon(lambda: found.told and found.told[-1] is not None)
    assert found.told[-1] is not None
    assert found.told[-1].bpm == pytest.approx(120.0, rel=1e-3)
    found.input.waiting.append(([0xFC], now_s))
    soon(lambda: found.told[-1] is None)
    found.thread.reconfigure(TempoConfig(source="none"))
    soon(lambda: found.input.closed)


def test_a_port_that_is_missing_is_named_and_looked_for(bench: Callable[..., Bench]) -> None:
    found = bench("midi_clock", ports=["Keys"], port="drum")
    soon(lambda: found.notices.active("fallback"))
    (notice,) = found.notices.active("fallback")
    assert notice.stage == "tempo"
    assert "'drum'" in notice.message
    assert "Keys" in notice.message


def test_link_is_joined_and_left(bench: Callable[..., Bench]) -> None:
    found = bench("link", bpm=96.0)
    soon(lambda: found.told)
    assert found.told[0] is not None
    assert found.told[0].bpm == 96.0
    found.thread.reconfigure(TempoConfig(source="tap"))
    soon(lambda: found.peers[0].closed)
    assert len(found.told) <= 4, "told where it changes, not each time it is asked"


def test_motion_follows_the_beat_as_far_as_the_dial_says() -> None:
    def phases(beat: float, tempo: Tempo | None) -> list[float]:
        scene = Scene(SceneConfig(beat=beat), 1)
        scene.hear(tempo)
        found = [scene.update((), None, n / 50, 1 / 50).look["phase"] for n in range(101)]
        return [after - before for before, after in pairwise(found[50:])]

    tempo = Tempo(0.0, 0.0, 60.0)
    plain, deaf, follows = phases(0.0, tempo), phases(1.0, None), phases(1.0, tempo)
    assert plain == deaf
    assert max(plain) < 1.1 * min(plain)
    assert max(follows[:3]) > 20 * min(follows[-3:])
    assert sum(follows) == pytest.approx(sum(plain), rel=0.05), "neither faster nor slower over a beat"


def test_a_show_takes_the_tempo_as_an_input() -> None:
    from installation.config.settings import Config
    from installation.record.recording import Event
    from installation.show import Show
    from installation.showcontrol.show_control import ShowControl

    def last(value: list[float] | None) -> float:
        config = Config.model_validate({"scene": {"beat": 1.0}})
        show = Show(config, 1, ShowControl(config.osc, lambda _: None))
        show.take(Event("tempo", 0.0, value))
        for n in range(30):
            show.take(Event("frame", n / 25))
        assert show.scene_state is not None
        return show.scene_state.look["phase"]

    assert last([0.0, 0.0, 70.0]) == last([0.0, 0.0, 70.0]) != last(None)


def test_a_clock_that_a_test_moves_is_enough() -> None:
    clock, told = ManualClock(5.0), list[Tempo | None]()
    thread = TempoIn(TempoConfig(source="tap", bpm=100.0), Notices(clock), clock, told.append)
    thread._reconfigure(TempoConfig(source="tap", bpm=100.0))
    assert told == [Tempo(5.0, 0.0, 100.0)]
