"""MIDI out, on a port that is none, and through python-rtmidi on a JACK server without a sound card."""

import contextlib
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import mido
import numpy as np
import pytest
import rtmidi
from hypothesis import given
from hypothesis import strategies as st

from installation.base.clock import RealClock
from installation.base.notices import Notices
from installation.config.lights import CONTROLS, MidiConfig
from installation.config.osc import OscConfig
from installation.showcontrol.midi import midi
from installation.showcontrol.midi.midi import MidiOut, seven_bit, values_of
from installation.showcontrol.midi.ports import MidiMissingError, RtMidiPort
from installation.showcontrol.show_control import ShowControl
from installation.types import EMOTIONS, SHAPE_COLUMNS, EmotionState, SceneState
from tests.showcontrol.waiting import DEADLINE_S, soon


def scene_of(valence: float = 0.0, arousal: float = 0.0, presence: float = 1.0, emotion: str = "happy") -> SceneState:
    return SceneState(
        t_s=0.0, scene="", previous="", blend=1.0, shapes=np.zeros((1, len(SHAPE_COLUMNS)), np.float32),
        palette=np.zeros((4, 3), np.float32), look={}, valence=valence, arousal=arousal, presence=presence,
        emotion=np.eye(len(EMOTIONS), dtype=np.float32)[EMOTIONS.index(emotion)],
    )  # fmt: skip


class FakePort:
    """Ports of a machine that a test plugs in and pulls out."""

    def __init__(self) -> None:
        self.there = ["Midi Through 14:0", "Synth 20:0"]
        self.sent: list[tuple[float, mido.Message]] = []
        self.opened: list[str | None] = []
        self.made = self.closed = 0
        self.breaks = False

    def make(self, system: str) -> "FakePort":
        self.made += 1
        return self

    def names(self) -> list[str]:
        return list(self.there)

    def open(self, name: str | None) -> None:
        self.opened.append(name)

    def send(self, message: mido.Message) -> None:
        if self.breaks:
            raise OSError("the cable is out")
        self.sent.append((time.monotonic(), message))

    def close(self) -> None:
        self.closed += 1

    @property
    def messages(self) -> list[mido.Message]:
        return [message for _, message in self.sent.copy()]

    def of(self, kind: str) -> list[mido.Message]:
        return [message for message in self.messages if message.type == kind]


class Control:
    """The show control that says to a MidiOut what it says to OSC."""

    def __init__(self, out: MidiOut) -> None:
        self._control, self._seq = ShowControl(OscConfig(), lambda _: None, out.hear), 0

    def see(self, *states: EmotionState, energy: float = 0.0) -> None:
        self._seq += 1
        moves = {state.person_id: energy for state in states}
        self._control.on_observation(self._seq, self._seq / 30, states, None, energy=moves)


def beat(out: MidiOut) -> None:
    out.hear([("/onset", [out._last_event + 1, 0.5, 1])])


@pytest.fixture
def fake() -> FakePort:
    return FakePort()


@pytest.fixture
def midi_of(fake: FakePort, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., MidiOut]]:
    monkeypatch.setattr(midi, "LOOK_AGAIN_S", 0.05)
    made: list[MidiOut] = []

    def make(**more: Any) -> MidiOut:
        clock = RealClock()
        config = MidiConfig.model_validate({"enabled": True, "port": "synth", **more})
        out = MidiOut(config, Notices(clock), clock, fake.make)
        made.append(out)
        out.start()
        return out

    yield make
    for out in made:
        out.close()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("valence", -1.0, 0), ("valence", 0.0, 64), ("valence", 1.0, 127), ("arousal", 5.0, 127),
        ("happy", 0.0, 0), ("happy", 0.5, 64), ("happy", 1.0, 127), ("energy", -3.0, 0), ("energy", float("nan"), 0),
    ],
)  # fmt: skip
def test_values_become_seven_bits(name: str, value: float, expected: int) -> None:
    assert seven_bit(name, value) == expected


@given(st.sampled_from(CONTROLS), st.floats())
def test_seven_bits_are_never_left(name: str, value: float) -> None:
    assert 0 <= seven_bit(name, value) <= 127


def test_there_is_a_value_for_every_control(state_of: Any) -> None:
    states = (state_of("happy", energy=0.9, presence=0.5), state_of("sad", person_id=2, energy=0.4))
    values = values_of(scene_of(valence=0.2, emotion="sad"), states)
    assert set(values) == set(CONTROLS)
    assert (values["valence"], values["sad"], values["happy"], values["energy"]) == (0.2, 1.0, 0.0, 0.45)


def test_controls_are_sent_once_and_then_on_change(fake: FakePort, midi_of: Any, state_of: Any) -> None:
    out = midi_of(controls={"valence": 20, "happy": 27}, channel=3, per_second=200.0)
    states = (state_of("happy"),)
    out.show(scene_of(valence=0.0), states)
    soon(lambda: len(fake.of("control_change")) == 2)
    for _ in range(20):
        out.show(scene_of(valence=0.001), states)
    out.show(scene_of(valence=1.0), states)
    soon(lambda: len(fake.of("control_change")) == 3)
    told = [(message.channel, message.control, message.value) for message in fake.of("control_change")]
    assert told == [(2, 20, 64), (2, 27, 127), (2, 20, 127)]


def test_a_fast_change_is_sent_at_the_rate_that_is_set(fake: FakePort, midi_of: Any) -> None:
    out = midi_of(controls={"valence": 20}, per_second=20.0)
    begin_s = time.monotonic()
    for at in range(200):
        out.show(scene_of(valence=at / 100 - 1), ())
        time.sleep(0.002)
    soon(lambda: fake.sent)
    # However slow this machine is, it is never more than that.
    assert len(fake.sent) <= (time.monotonic() - begin_s) * 20.0 + 2


def test_notes_sound_and_end(fake: FakePort, midi_of: Any, state_of: Any) -> None:
    notes = [
        {"event": "arrived", "note": 60, "velocity": 100, "channel": 2, "length_s": 0.05},
        {"event": "sad", "note": 40, "length_s": 0.05},
        {"event": "onset", "note": 36, "length_s": 0.05},
    ]
    control = Control(midi_of(controls={}, notes=notes))
    soon(lambda: fake.opened)
    for emotion in ("neutral", "happy", "sad", "sad", "sad", "sad"):
        control.see(state_of(emotion))
    soon(lambda: len(fake.of("note_off")) == 2)
    for _ in range(20):
        control.see(state_of("sad"))
    for _ in range(4):
        control.see(state_of("sad"), energy=1.0)
    soon(lambda: len(fake.of("note_off")) == 3)
    begun = [(message.note, message.channel, message.velocity) for message in fake.of("note_on")]
    assert begun == [(60, 1, 100), (40, 0, 96), (36, 0, 96)]


def test_who_leaves_is_heard(fake: FakePort, midi_of: Any, state_of: Any) -> None:
    control = Control(midi_of(controls={}, notes=[{"event": "left", "note": 50}, {"event": "emotion", "note": 51}]))
    soon(lambda: fake.opened)
    control.see(state_of("neutral"), state_of("happy", person_id=2))
    control.see(state_of("neutral"))
    soon(lambda: len(fake.of("note_on")) == 2)
    assert [message.note for message in fake.of("note_on")] == [51, 50]


def test_a_note_that_sounds_ends_before_it_begins_anew(fake: FakePort, midi_of: Any) -> None:
    out = midi_of(controls={}, notes=[{"event": "onset", "note": 36, "length_s": 30.0}])
    soon(lambda: fake.opened)
    for _ in range(3):
        beat(out)
    soon(lambda: len(fake.messages) == 5)
    assert [message.type for message in fake.messages] == ["note_on", "note_off", "note_on", "note_off", "note_on"]


def test_everything_is_silent_at_the_end(fake: FakePort, midi_of: Any) -> None:
    out = midi_of(controls={}, notes=[{"event": "onset", "note": 36, "channel": 5, "length_s": 60.0}])
    soon(lambda: fake.opened)
    beat(out)
    soon(lambda: fake.of("note_on"))
    out.close()
    end = [(message.type, message.channel) for message in fake.messages[1:]]
    assert end == [("note_off", 4), ("control_change", 4)]
    assert fake.messages[-1].control == 123
    assert fake.closed == 1


@pytest.mark.parametrize(("on_exit", "left"), [("rest", [(20, 64), (23, 0)]), ("hold", [(20, 127), (23, 127)])])
def test_controls_come_to_rest_at_the_end_or_hold(
    fake: FakePort, midi_of: Any, on_exit: str, left: list[tuple[int, int]]
) -> None:
    out = midi_of(controls={"valence": 20, "presence": 23}, notes=[], on_exit=on_exit)
    out.show(scene_of(valence=1.0, presence=1.0), ())
    soon(lambda: len(fake.of("control_change")) == 2)
    out.close()
    last = {message.control: message.value for message in fake.of("control_change")}
    assert sorted(last.items()) == left
    assert fake.closed == 1


def test_after_a_kill_every_channel_is_silenced_and_the_controls_rest(fake: FakePort) -> None:
    notes = [{"event": "left", "note": 50, "channel": 4}]
    config = MidiConfig.model_validate({"enabled": True, "port": "synth", "notes": notes, "controls": {"arousal": 21}})
    midi.bring_to_rest(config, fake.make)
    assert fake.opened == ["Synth 20:0"]
    told = [(message.channel, message.control, message.value) for message in fake.of("control_change")]
    assert told == [(0, 21, 64), (0, 123, 0), (3, 123, 0)]
    assert fake.closed == 1


def test_a_port_of_the_pieces_own_is_gone_with_it(fake: FakePort) -> None:
    midi.bring_to_rest(MidiConfig(enabled=True), fake.make)
    midi.bring_to_rest(MidiConfig(port="synth"), fake.make)
    assert fake.made == 0


def test_a_port_is_found_by_part_of_its_name(fake: FakePort, midi_of: Any) -> None:
    midi_of(port="SYNTH")
    soon(lambda: fake.opened == ["Synth 20:0"])


def test_without_a_name_it_opens_a_port_of_its_own(fake: FakePort, midi_of: Any) -> None:
    midi_of(port="")
    soon(lambda: fake.opened == [None])


def test_a_missing_port_is_reported_and_found_when_it_comes(fake: FakePort, midi_of: Any) -> None:
    fake.there = ["Midi Through 14:0"]
    out = midi_of()
    soon(lambda: out._notices.active())
    (notice,) = out._notices.active()
    assert notice.stage == "midi"
    assert "no output port has 'synth' in its name; there are Midi Through 14:0" in notice.message
    assert fake.opened == []
    fake.there.append("Synth 21:0")
    soon(lambda: fake.opened == ["Synth 21:0"])
    soon(lambda: not out._notices.active())
    # A client of the MIDI system is costly to make: one does for all looks.
    assert fake.made == 1
    assert len(out._notices.history("fallback")) == 1


def test_a_port_that_goes_and_comes_back_hears_all_controls_anew(fake: FakePort, midi_of: Any) -> None:
    out = midi_of(controls={"happy": 27})
    out.show(scene_of(), ())
    soon(lambda: len(fake.of("control_change")) == 1)
    fake.there = []
    soon(lambda: out._notices.active())
    fake.there = ["Synth 22:0"]
    soon(lambda: len(fake.of("control_change")) == 2)
    soon(lambda: not out._notices.active())


def test_a_port_that_breaks_is_reported_and_opened_again(fake: FakePort, midi_of: Any) -> None:
    out = midi_of(controls={"happy": 27})
    soon(lambda: fake.opened)
    fake.breaks = True
    out.show(scene_of(), ())
    soon(lambda: out._notices.active())
    assert "the cable is out" in out._notices.active()[0].message
    soon(lambda: fake.closed)
    fake.breaks = False
    soon(lambda: len(fake.of("control_change")) == 1)


def test_other_settings_count_at_once(fake: FakePort, midi_of: Any) -> None:
    out = midi_of(controls={"happy": 27})
    out.show(scene_of(), ())
    soon(lambda: len(fake.of("control_change")) == 1)
    out.reconfigure(MidiConfig(enabled=True, port="synth", controls={"happy": 99}))
    soon(lambda: [message.control for message in fake.of("control_change")] == [27, 99])
    out.reconfigure(MidiConfig(enabled=False))
    soon(lambda: fake.closed == 1)
    out.show(scene_of(emotion="sad"), ())
    out.reconfigure(MidiConfig(enabled=True, port="through", controls={"sad": 7}))
    soon(lambda: fake.opened == ["Synth 20:0", "Midi Through 14:0"])
    soon(lambda: fake.of("control_change")[-1].control == 7)


def test_a_note_from_before_the_port_came_does_not_sound_late(fake: FakePort, midi_of: Any) -> None:
    fake.there = []
    out = midi_of(controls={}, notes=[{"event": "onset", "note": 36}, {"event": "left", "note": 50}])
    soon(lambda: out._notices.active())
    beat(out)
    soon(lambda: not out._waiting)
    fake.there = ["Synth 23:0"]
    soon(lambda: fake.opened)
    out.hear([("/event/left", [10**6, 1])])
    soon(lambda: fake.of("note_on"))
    assert [message.note for message in fake.of("note_on")] == [50]


def test_switched_off_it_touches_no_port(fake: FakePort, midi_of: Any) -> None:
    out = midi_of(enabled=False)
    out.show(scene_of(), ())
    beat(out)
    out.close()
    assert fake.made == 0


@pytest.mark.skipif(Path("/dev/snd/seq").exists(), reason="this machine has ALSA's sequencer")
@pytest.mark.skipif(os.name != "posix" or os.uname().sysname != "Linux", reason="not Linux")
def test_a_machine_without_alsa_says_how_to_fix_it() -> None:
    with pytest.raises(MidiMissingError, match=r"modprobe snd-seq, or midi\.system: jack"):
        RtMidiPort("auto")


@pytest.fixture(scope="module")
def jack() -> Iterator[None]:
    """A JACK server without a sound card. What hangs in its native calls no time limit of a test ends: its tests are long."""
    program = shutil.which("jackd")
    if program is None:
        pytest.skip("jackd is not installed (Debian: jackd2)")
    if rtmidi.API_UNIX_JACK not in rtmidi.get_compiled_api():
        pytest.skip("this python-rtmidi was built without JACK")
    name = f"mien-{os.getpid()}"
    command = [program, "--no-realtime", "-n", name, "-d", "dummy", "-r", "48000", "-p", "1024"]
    before = {key: os.environ.get(key) for key in ("JACK_DEFAULT_SERVER", "JACK_NO_START_SERVER")}
    os.environ |= {"JACK_DEFAULT_SERVER": name, "JACK_NO_START_SERVER": "1"}
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        _await_jack(server)
        yield
    finally:
        server.terminate()
        server.communicate(timeout=10)
        for key, value in before.items():
            os.environ.pop(key, None) if value is None else os.environ.__setitem__(key, value)


def _await_jack(server: "subprocess.Popen[str]") -> None:
    until = time.monotonic() + DEADLINE_S
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(rtmidi.RtMidiError):
            rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name="probe").delete()
            return
        time.sleep(0.1)
    pytest.skip("jackd does not run here")


class Listener:
    """A program that hears MIDI: keeps what comes.

    It asks for what came. A callback would run Python in JACK's thread, which waits for the interpreter while a call that
    closes the port holds it and waits for that thread.
    """

    def __init__(self) -> None:
        self._heard: list[mido.Message] = []
        self._in = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, name="listener")

    @property
    def messages(self) -> list[mido.Message]:
        """All that came so far."""
        while event := self._in.get_message():
            self._heard.append(mido.Message.from_bytes(event[0]))
        return self._heard

    def open(self) -> None:
        self._in.open_virtual_port("in")

    def connect(self, to: str) -> None:
        names = self._in.get_ports()
        self._in.open_port(next(at for at, name in enumerate(names) if to in name))

    def names(self) -> list[str]:
        return list(self._in.get_ports())

    def close(self) -> None:
        self._in.close_port()
        self._in.delete()


def _run(config: MidiConfig) -> MidiOut:
    clock = RealClock()
    out = MidiOut(config, Notices(clock), clock)
    out.start()
    return out


@pytest.mark.long
@pytest.mark.usefixtures("jack")
def test_a_real_program_hears_controls_and_notes(state_of: Any) -> None:
    listener = Listener()
    listener.open()
    controls: Any = {"happy": 27, "valence": 20}
    notes: Any = [{"event": "arrived", "note": 60, "length_s": 0.1}]
    config = MidiConfig.model_validate(
        {"enabled": True, "system": "jack", "port": "listener", "controls": controls, "notes": notes}
    )
    out = _run(config)
    try:
        soon(lambda: out._out is not None and out._out.is_open)
        out.show(scene_of(valence=1.0), ())
        Control(out).see(state_of("neutral"))
        soon(lambda: len(listener.messages) == 4)
        told = {str(message) for message in listener.messages}
    finally:
        out.close()
        listener.close()
    assert told == {
        "note_on channel=0 note=60 velocity=96 time=0",
        "control_change channel=0 control=27 value=127 time=0",
        "control_change channel=0 control=20 value=127 time=0",
        "note_off channel=0 note=60 velocity=64 time=0",
    }


@pytest.mark.long
@pytest.mark.usefixtures("jack")
def test_a_real_program_connects_to_its_own_port() -> None:
    out = _run(MidiConfig(enabled=True, system="jack", controls={"happy": 27}))
    listener = Listener()
    try:
        soon(lambda: any("Mien" in name for name in listener.names()))
        listener.connect("Mien")
        out.show(scene_of(), ())
        soon(lambda: listener.messages)
        assert (listener.messages[0].control, listener.messages[0].value) == (27, 127)
    finally:
        out.close()
        listener.close()


def test_threads_end() -> None:
    assert not [thread.name for thread in threading.enumerate() if thread.name in ("midi", "lights")]
