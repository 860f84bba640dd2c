"""The audio input as a service: opened when it is asked for, its loss told, back by itself; the newest counts."""

import gc
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
import psutil
import pytest

from installation.base.clock import RealClock
from installation.base.notices import Notices
from installation.config.sound import SoundConfig
from installation.showcontrol import service_state
from installation.showcontrol.sound import child, devices, sound_in
from installation.showcontrol.sound.child import Open, listen
from installation.showcontrol.sound.devices import AudioInput, SoundMissingError, chosen
from installation.showcontrol.sound.ear import Ear
from installation.showcontrol.sound.sound_in import SoundIn
from installation.types import FloatArray
from tests.showcontrol.waiting import soon

RATE = 16_000.0
INPUTS = [
    AudioInput(2, "HDA Intel PCH: ALC257 Analog, ALSA", 2, 48_000.0, False),
    AudioInput(5, "Scarlett 2i2 USB: Audio, ALSA", 2, 44_100.0, True),
    AudioInput(9, "Scarlett 2i2, JACK Audio Connection Kit", 2, 48_000.0, False),
]


class FakeSource:
    """Gives what ``say`` was told, once."""

    def __init__(self) -> None:
        self.name, self.rate = "Scarlett", RATE
        self.waiting: list[FloatArray] = []
        self.broken: OSError | None = None
        self.closed = self.cut = False
        self.reads = 0

    def say(self, loud: float, seconds: float = 0.05) -> None:
        noise = np.random.default_rng(1).normal(0, loud, round(seconds * RATE))
        self.waiting.append(noise.astype(np.float32))

    def read(self) -> tuple[FloatArray, bool]:
        self.reads += 1
        if self.broken is not None:
            raise self.broken
        if not self.waiting:
            return np.zeros(0, np.float32), False
        cut, self.cut = self.cut, False
        return self.waiting.pop(0), cut

    def close(self) -> None:
        self.closed = True


class InAThread(SoundIn):
    """Hears in a thread of this process, and not in a process of its own."""

    def __init__(self, config: SoundConfig, notices: Notices, open_source: Open) -> None:
        super().__init__(config, notices, RealClock())
        self._open_source = open_source

    def _begin(self) -> Connection:
        ours, theirs = Pipe()

        def run() -> None:
            with theirs, suppress(EOFError, OSError):
                listen(theirs, self._config, RealClock(), self._open_source)

        threading.Thread(target=run, name="hears", daemon=True).start()
        return ours


class Bench:
    def __init__(self, **settings: Any) -> None:
        self.sources: list[FakeSource] = []
        self.asked: list[tuple[str | int, int]] = []
        self.missing: SoundMissingError | None = None
        self.notices = Notices(RealClock())
        self.thread = InAThread(SoundConfig(**settings), self.notices, self._open)
        self.thread.start()

    def _open(self, wanted: str | int, channel: int) -> FakeSource:
        self.asked.append((wanted, channel))
        if self.missing is not None:
            raise self.missing
        self.sources.append(FakeSource())
        return self.sources[-1]

    def told(self, loud: float) -> list[float]:
        """What is taken once so much was said: the level has changed."""
        self.sources[-1].say(loud)
        found: list[list[float] | None] = []
        soon(lambda: found.extend(self.thread.take()) or any(found))
        return next(one for one in found if one is not None)


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Bench]]:
    monkeypatch.setattr(service_state, "FIRST_RETRY_S", 0.02)
    monkeypatch.setattr(child, "LOST_S", 600.0)
    made: list[Bench] = []

    def make(**settings: Any) -> Bench:
        made.append(Bench(**settings))
        return made[-1]

    yield make
    for one in made:
        one.thread.close()


def test_as_shipped_no_input_is_opened(bench: Callable[..., Bench]) -> None:
    found = bench()
    found.thread.reconfigure(SoundConfig(gain_db=6.0))
    found.thread.close()
    assert found.asked == []
    assert found.thread.take() == []
    assert found.thread.pids == []
    assert found.notices.active() == ()


def test_level_and_onset_are_taken_once(bench: Callable[..., Bench]) -> None:
    found = bench(device="scarlett", channel=2)
    soon(lambda: found.sources)
    assert found.asked == [("scarlett", 2)]
    found.sources[0].say(0.0002, 1.0)
    soon(lambda: found.thread.take())
    level, onset = found.told(0.3)
    assert 0.3 < level <= 1.0
    assert onset == 1.0
    assert found.thread.take() == [], "nothing else has come"
    found.thread.reconfigure(SoundConfig(device="none"))
    soon(lambda: found.sources[0].closed)
    soon(lambda: found.thread.take() == [None])
    assert found.thread.take() == []


def test_other_settings_keep_the_input_open(bench: Callable[..., Bench]) -> None:
    found = bench(device="default")
    soon(lambda: found.sources)
    found.told(0.01)
    found.thread.reconfigure(SoundConfig(device="default", gain_db=10.0, level={"glow": 1.0}))
    found.told(0.1)
    assert len(found.sources) == 1
    found.thread.reconfigure(SoundConfig(device="default", channel=1))
    soon(lambda: len(found.sources) == 2)
    assert found.sources[0].closed


def test_an_input_that_goes_is_a_fault_and_comes_back_by_itself(bench: Callable[..., Bench]) -> None:
    found = bench(device="default")
    soon(lambda: found.sources)
    found.told(0.1)
    found.missing = SoundMissingError("no audio input has 'scarlett' in its name; there are none")
    found.sources[0].broken = OSError("Scarlett has gone")
    soon(lambda: any("there are none" in one.message for one in found.notices.active("fault")))
    (notice,) = found.notices.active()
    assert notice.stage == "sound"
    assert found.sources[0].closed
    assert found.thread.take()[-1] is None
    asked = len(found.asked)
    soon(lambda: len(found.asked) > asked)
    found.missing = None
    soon(lambda: len(found.sources) == 2)
    assert found.notices.active("fault"), "nothing was heard yet"
    found.told(0.1)
    soon(lambda: found.notices.active() == ())


def test_an_input_that_brings_nothing_has_gone(bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "LOST_S", 0.05)
    found = bench(device="default")
    soon(lambda: found.notices.active("fault"))
    assert "brings nothing" in found.notices.active("fault")[0].message
    soon(lambda: len(found.sources) > 1)


def test_no_sound_is_kept(bench: Callable[..., Bench]) -> None:
    """What was read is gone when the next has been heard, but for the window that is not full yet."""
    found = bench(device="default")
    soon(lambda: found.sources)
    source, kept = found.sources[0], list[weakref.ref[FloatArray]]()
    for _ in range(20):
        source.say(0.2)
        kept.append(weakref.ref(source.waiting[-1]))
    soon(lambda: not source.waiting)
    reads = source.reads
    soon(lambda: source.reads > reads + 1)
    gc.collect()
    assert [one() for one in kept] == [None] * 20
    (ear,) = (one for one in gc.get_objects() if isinstance(one, Ear))
    held = sum(one.nbytes for one in vars(ear).values() if isinstance(one, np.ndarray))
    assert 0 < held < 0.1 * RATE * 4 * 2, "less than a tenth of a second, its window's shape with it"


def test_the_end_closes_the_input(bench: Callable[..., Bench]) -> None:
    found = bench(device="default")
    soon(lambda: found.sources)
    found.thread.close()
    soon(lambda: found.sources[0].closed)
    soon(lambda: not {"hears", sound_in.STAGE} & {thread.name for thread in threading.enumerate()})


def says_something_and_hangs(pipe: Connection, config: SoundConfig) -> None:
    """As a child whose driver never comes back."""
    pipe.send(("heard", 0.5, True))
    threading.Event().wait()


def ends(pipe: Connection, config: SoundConfig) -> None:
    """As a child that a driver takes with it."""


def test_a_process_that_hangs_is_killed_and_another_one_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_state, "FIRST_RETRY_S", 0.02)
    monkeypatch.setattr(sound_in, "HANGS_S", 600.0)
    notices = Notices(RealClock())
    thread = SoundIn(SoundConfig(device="default"), notices, RealClock(), says_something_and_hangs)
    thread.start()
    try:
        soon(lambda: thread.take() == [[0.5, 1.0]])
        (first,) = thread.pids
        monkeypatch.setattr(sound_in, "HANGS_S", 0.1)
        soon(lambda: any("says nothing" in one.message for one in notices.history("fault")))
        monkeypatch.setattr(sound_in, "HANGS_S", 600.0)
        soon(lambda: not psutil.pid_exists(first))
        soon(lambda: [pid for pid in thread.pids if pid != first])
        soon(lambda: [0.5, 1.0] in thread.take())
    finally:
        thread.close()
    soon(lambda: thread.pids == [])


def test_a_process_that_ends_is_told_and_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_state, "FIRST_RETRY_S", 0.02)
    notices = Notices(RealClock())
    thread = SoundIn(SoundConfig(device="default"), notices, RealClock(), ends)
    thread.start()
    try:
        soon(lambda: any("ended" in one.message for one in notices.active("fault")))
        thread.reconfigure(SoundConfig())
        soon(lambda: notices.active() == ())
    finally:
        thread.close()


@pytest.mark.parametrize(
    ("wanted", "number"),
    [("default", 5), (2, 2), ("9", 9), ("scarlett", 5), ("scarlett jack", 9), ("ALC257", 2)],
)
def test_an_input_is_found_by_name_or_number(wanted: str | int, number: int) -> None:
    assert chosen(INPUTS, wanted).number == number


@pytest.mark.parametrize("wanted", ["scralett", 7, "scarlett alc257"])
def test_a_wrong_name_lists_what_there_is(wanted: str | int) -> None:
    with pytest.raises(SoundMissingError, match=r"there are 2 \(HDA Intel.*\), 5 \(Scarlett 2i2 USB.*default\), 9"):
        chosen(INPUTS, wanted)


def test_a_machine_without_inputs_says_so() -> None:
    with pytest.raises(SoundMissingError, match=r"no default audio input; there are none$"):
        chosen([], "default")


def test_a_missing_library_says_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(SoundMissingError, match=r"run\.py setup --with sound"):
        devices.list_inputs()
