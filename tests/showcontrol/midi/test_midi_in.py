"""MIDI in: a controller turns settings without a jump, gives commands, learns by being moved, and shows where things stand."""

from collections.abc import Callable, Iterator
from typing import Any

import mido
import pytest

from installation.base.clock import RealClock
from installation.base.notices import Notices
from installation.config.lights import MidiConfig
from installation.config.settings import Config
from installation.live_commands.live_settings import LiveSettings
from installation.live_commands.table import CommandError
from installation.showcontrol.midi.midi_in import MidiIn, meaning_of, share_of, value_at
from tests.showcontrol.waiting import soon

PACE, BRIGHTNESS = "/control/scene/pace", "/control/output/brightness"


class FakeController:
    """Its output, as the piece's input, and its input, as the piece's output."""

    def __init__(self) -> None:
        self.waiting: list[list[int]] = []
        self.lit: list[mido.Message] = []
        self.opened: list[str | None] = []
        self.ports = ["nanoKONTROL2 MIDI 1"]

    def names(self) -> list[str]:
        return self.ports

    def open(self, name: str | None) -> None:
        self.opened.append(name)

    def messages(self, now_s: float) -> Iterator[tuple[list[int], float]]:
        while self.waiting:
            yield self.waiting.pop(0), now_s

    def send(self, message: mido.Message) -> None:
        self.lit.append(message)

    def close(self) -> None:
        pass


class Bench:
    def __init__(self, *inputs: dict[str, Any], port_in: str = "nano") -> None:
        config = Config.model_validate({"midi": {"inputs": list(inputs), "port_in": port_in}})
        self.settings = LiveSettings(config)
        self.controller = FakeController()
        self.notices = Notices(RealClock())
        self.thread = MidiIn(
            config.midi, self.settings, self.notices, RealClock(), lambda _: self.controller, lambda _: self.controller
        )
        self.thread.start()

    def move(self, number: int, *values: int, kind: int = 0xB0) -> None:
        for value in values:
            self.controller.waiting.append([kind, number, value])
        soon(lambda: not self.controller.waiting)

    def value(self, path: str) -> Any:
        return self.settings.value(path)


@pytest.fixture
def bench() -> Iterator[Callable[..., Bench]]:
    made: list[Bench] = []

    def make(*inputs: dict[str, Any], **more: str) -> Bench:
        made.append(Bench(*inputs, **more))
        return made[-1]

    yield make
    for one in made:
        one.thread.close()


def test_a_fader_takes_its_setting_up_where_it_stands(bench: Callable[..., Bench]) -> None:
    found = bench({"number": 20, "does": "scene.pace"})
    found.move(20, 127, 110, 90)
    assert found.value(PACE) == 1.0, "it stands elsewhere and waits"
    found.move(20, 40, 20)
    soon(lambda: found.value(PACE) == pytest.approx(0.1 + 3.9 * 20 / 127))
    found.settings.change(PACE, [3.0])
    found.move(20, 21)
    assert found.value(PACE) == 3.0, "somebody else has turned it: it waits again"
    found.move(20, 94)
    soon(lambda: found.value(PACE) == pytest.approx(0.1 + 3.9 * 94 / 127))


def test_pads_give_commands_once_when_they_are_hit(bench: Callable[..., Bench]) -> None:
    found = bench(
        {"kind": "note", "channel": 10, "number": 36, "does": "next_scene"},
        {"number": 41, "does": "preset 3"},
        {"kind": "note", "number": 37, "does": "output.background"},
    )
    found.move(36, 100, 0, kind=0x99)
    found.move(36, 64, kind=0x89)
    found.move(41, 10, 127, 127, 0, 127)
    soon(lambda: len(found.thread._waiting) == 3)
    assert found.thread.take() == [("next_scene", ()), ("preset", (3.0,)), ("preset", (3.0,))]
    before = found.value("/control/output/background")
    found.move(37, 90, 0, kind=0x90)
    soon(lambda: found.value("/control/output/background") != before)
    found.move(37, 90, 0, kind=0x90)
    soon(lambda: found.value("/control/output/background") == before)


def test_what_is_moved_is_learned(bench: Callable[..., Bench]) -> None:
    found = bench({"number": 7, "does": "output.brightness"}, port_in="")
    with pytest.raises(CommandError, match=r"did you mean /control/scene/pace"):
        found.thread.learn("scene.paec")
    found.thread.learn("scene.pace")
    found.move(7, 64)

    def inputs() -> list[tuple[int, str]]:
        return [(one.number, one.does) for one in found.settings.config.midi.inputs]

    soon(lambda: inputs() == [(7, "scene.pace")])
    found.thread.reconfigure(found.settings.config.midi)
    found.move(7, 0, 127)
    soon(lambda: found.value(PACE) == 4.0)
    assert found.value(BRIGHTNESS) == 1.0, "it has another place now"
    assert found.controller.opened[0] is None, "a port of its own"


def test_the_controller_is_shown_where_things_stand(bench: Callable[..., Bench]) -> None:
    found = bench({"number": 20, "channel": 2, "does": "output.brightness"})
    top = found.settings.setting(BRIGHTNESS).high
    soon(lambda: len(found.controller.lit) == 1)
    message = found.controller.lit[0]
    assert (message.channel, message.control, message.value) == (1, 20, round(127 / top))
    found.settings.change(BRIGHTNESS, [0.01])
    soon(lambda: found.controller.lit[-1].value == 0)
    count = len(found.controller.lit)
    found.move(20, 0, 5, 9, kind=0xB1)
    soon(lambda: found.value(BRIGHTNESS) == pytest.approx(top * 9 / 127))
    assert len(found.controller.lit) == count, "it knows what it has said itself"


def test_a_missing_controller_and_a_wrong_word_are_told(bench: Callable[..., Bench]) -> None:
    found = bench({"number": 20, "does": "scene.paec"}, {"number": 21, "does": "scene.pace"}, port_in="Launch")
    soon(lambda: found.notices.active("fallback") and found.notices.active("fault"))
    (missing,) = found.notices.active("fallback")
    assert "'Launch'" in missing.message
    assert "nanoKONTROL2" in missing.message
    (wrong,) = found.notices.active("fault")
    assert "scene.paec" in wrong.message
    assert "scene/pace" in wrong.message


def test_without_inputs_no_port_is_opened(bench: Callable[..., Bench]) -> None:
    found = bench()
    found.thread.reconfigure(MidiConfig())
    found.thread.close()
    assert found.controller.opened == []


def test_what_a_control_may_turn() -> None:
    settings = LiveSettings(Config())
    assert meaning_of("next_scene", settings) is None
    for wrong in ("next_scene now", "scene.parameters.blossom", "look.name", ""):
        with pytest.raises(CommandError):
            meaning_of(wrong, settings)
    name = meaning_of("scene.name", settings)
    assert name is not None
    assert value_at(name, 0.0) == name.choices[0]
    assert value_at(name, 1.0) == name.choices[-1]
    for path in ("scene.pace", "scene.name", "output.width", "look.happy.motion.speed"):
        setting = meaning_of(path, settings)
        assert setting is not None
        for share in (0.0, 0.25, 1.0):
            value = setting.fit([value_at(setting, share)])
            assert share_of(setting, value) == pytest.approx(share, abs=0.06)


class FakePort(FakeController):
    """The controller's input: what is opened must be closed."""

    def __init__(self, fails: bool = False) -> None:
        super().__init__()
        self.fails, self.closed = fails, False

    def open(self, name: str | None) -> None:
        if self.fails:
            raise OSError("another program has it")
        super().open(name)

    def close(self) -> None:
        self.closed = True


def hearing(port_in: str, source: FakePort, lights: FakePort) -> tuple[MidiIn, Notices, LiveSettings]:
    config = Config.model_validate({"midi": {"inputs": [{"number": 20, "does": "scene.pace"}], "port_in": port_in}})
    settings, notices = LiveSettings(config), Notices(RealClock())
    thread = MidiIn(config.midi, settings, notices, RealClock(), lambda _: source, lambda _: lights)
    thread.start()
    return thread, notices, settings


def test_lights_that_cannot_be_opened_are_closed_and_told_and_faders_work() -> None:
    source, lights = FakePort(), FakePort(fails=True)
    thread, notices, settings = hearing("nano", source, lights)
    try:
        soon(lambda: lights.closed)
        soon(lambda: notices.active("fallback"))
        (notice,) = notices.active()
        assert notice.stage == "midi in: lights"
        assert "another program has it" in notice.message
        source.waiting += [[0xB0, 20, 0], [0xB0, 20, 127], [0xB0, 20, 64]]
        soon(lambda: settings.value(PACE) == pytest.approx(0.1 + 3.9 * 64 / 127))
        assert not source.closed
        thread.reconfigure(MidiConfig())
        soon(lambda: source.closed and notices.active() == ())
    finally:
        thread.close()


def test_an_input_that_cannot_be_opened_leaves_no_port_open() -> None:
    source, lights = FakePort(fails=True), FakePort()
    thread, notices, _ = hearing("nano", source, lights)
    try:
        soon(lambda: source.closed and notices.active("fallback"))
        assert lights.closed or lights.opened == []
    finally:
        thread.close()


def test_a_port_that_fails_to_close_keeps_no_other_open(monkeypatch: pytest.MonkeyPatch) -> None:
    config = Config()
    thread = MidiIn(config.midi, LiveSettings(config), Notices(RealClock()), RealClock())
    for broken in (0, 1):
        ports = FakePort(), FakePort()

        def close() -> None:
            raise OSError("it has gone")

        monkeypatch.setattr(ports[broken], "close", close)
        thread._input, thread._lights = ports
        with pytest.raises(OSError, match="it has gone"):
            thread._let_go()
        assert ports[1 - broken].closed


def test_a_motor_fader_turns_and_is_turned_in_fine_steps(bench: Callable[..., Bench]) -> None:
    found = bench({"kind": "bend", "channel": 3, "number": 0, "does": "scene.pace"})
    soon(lambda: found.controller.lit)
    (message,) = found.controller.lit
    assert (message.type, message.channel) == ("pitchwheel", 2)
    assert (message.pitch + 8192) / 16383 == pytest.approx((1.0 - 0.1) / 3.9, abs=1e-4)
    found.controller.waiting += [[0xE2, 0, 0], [0xE2, 0x7F, 0x7F], [0xE2, 0x11, 0x23]]
    soon(lambda: found.value(PACE) == pytest.approx(0.1 + 3.9 * (0x11 + 0x23 * 128) / 16383))
    assert len(found.controller.lit) == 1, "it knows what it has said itself"
    found.settings.change(PACE, [4.0])
    soon(lambda: found.controller.lit[-1].pitch == 8191)


def test_a_program_change_gives_its_command_each_time(bench: Callable[..., Bench]) -> None:
    found = bench({"kind": "program", "number": 5, "does": "next_scene"})
    found.controller.waiting += [[0xC0, 5], [0xC0, 6], [0xC1, 5], [0xC0, 5]]
    soon(lambda: len(found.thread._waiting) == 2)
    assert found.thread.take() == [("next_scene", ())] * 2
    found.thread.learn("clear")
    found.controller.waiting.append([0xC0, 9])
    soon(
        lambda: (
            [(one.kind, one.number, one.does) for one in found.settings.config.midi.inputs][-1:]
            == [("program", 9, "clear")]
        )
    )
