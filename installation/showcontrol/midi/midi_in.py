"""MIDI in: faders, knobs and pads of a controller turn settings and give commands."""

from __future__ import annotations

import logging
import math
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

import mido

from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.config.lights import MidiConfig, MidiControlConfig
from installation.live_commands.live_settings import LiveSettings
from installation.live_commands.setting_table import CONTROL, Setting
from installation.live_commands.table import COMMANDS, OPERATOR, Argument, CommandError, checked
from installation.showcontrol.midi.input import Input, RtMidiInput
from installation.showcontrol.midi.ports import Port, RtMidiPort, named
from installation.showcontrol.service_state import why
from installation.showcontrol.service_thread import ServiceThread

log = logging.getLogger(__name__)

STAGE = "midi in"
LIGHTS = f"{STAGE}: lights"
ASK_S, LOOK_AGAIN_S = 0.02, 3.0
MAX_WAITING = 32
"""Commands beyond this between two pictures are dropped, the oldest first."""
INPUTS = f"{CONTROL}/midi/inputs"
TOP, FINE, BEND_MIDDLE = 127, 16383, 8192
NEAR = 1.5 / TOP
"""A fader so near the setting's value has it in hand."""
OPEN = 0.001
Key = tuple[str, int, int]
"""What of a controller: its kind as in MidiControlConfig, channel from 1, number."""


@dataclass
class _Hand:
    """A control and what it turns. ``share`` is where it stands, [0, 1], None before it was moved; ``written`` the value it
    gave last."""

    what: MidiControlConfig
    setting: Setting | None
    share: float | None = None
    written: Argument | None = None
    lit: int | None = None
    """What its light was told last."""


class MidiIn(ServiceThread[MidiConfig]):
    """Changes ``settings`` from its own thread; ``take`` gives the commands to the frame loop.

    A fader that stands elsewhere than its setting waits until it passes by the setting's value (soft take-over): nothing
    jumps. Lights and motors of the controller are told each value. ``learn`` gives the next control that is moved to a
    setting or command. A port that is missing is a fallback of the stage ``midi in`` and looked for.
    """

    def __init__(
        self,
        config: MidiConfig,
        settings: LiveSettings,
        notices: Notices,
        clock: Clock,
        make_input: Callable[[str], Input] = lambda system: RtMidiInput(system, "midi.system"),
        make_port: Callable[[str], Port] = RtMidiPort,
    ) -> None:
        super().__init__(STAGE, config, notices, clock)
        self._config, self._settings = config, settings
        self._make_input, self._make_port = make_input, make_port
        self._input: Input | None = None
        self._lights: Port | None = None
        self._hands: dict[Key, list[_Hand]] = {}
        self._waiting: deque[tuple[str, tuple[Argument, ...]]] = deque(maxlen=MAX_WAITING)
        self._learning = ""

    def take(self) -> list[tuple[str, tuple[Argument, ...]]]:
        """The commands that were given since the last call: name and arguments."""
        found = []
        while self._waiting:
            found.append(self._waiting.popleft())
        return found

    def learn(self, what: str) -> None:
        """The next control that is moved, or pad that is hit, turns ``what`` from now on: a setting such as scene.pace, or a
        command such as ``preset 3``; without one nothing is waited for. CommandError where there is no such thing."""
        if what:
            meaning_of(what, self._settings)
            if not self._config.port_in and not self._config.inputs:
                log.info("midi in: learning opens the piece's own port; connect the controller to it")
        self._learning = what
        self._step_now()

    def _reconfigure(self, config: MidiConfig) -> None:
        old, self._config = self._config, config
        if (old.port_in, old.system) != (config.port_in, config.system):
            self._let_go()
        before = {hand.what: hand for hands in self._hands.values() for hand in hands}
        self._hands, wrong = {}, []
        for what in config.inputs:
            try:
                setting = meaning_of(what.does, self._settings)
            except CommandError as error:
                wrong.append(f"{what.does!r}: {error}")
                continue
            key = (what.kind, what.channel, 0 if what.kind == "bend" else what.number)
            self._hands.setdefault(key, []).append(before.get(what, _Hand(what, setting)))
        if wrong:
            self._notices.fault(f"{STAGE}: inputs", f"{'; '.join(wrong[:3])}; mend midi.inputs")
        else:
            self._notices.resolve(f"{STAGE}: inputs")

    def _step(self, now_s: float) -> float | None:
        if not self._config.inputs and not self._learning:
            self._let_go()
            self._state.dismiss()
            self._notices.withdraw(LIGHTS)
            return None
        try:
            if self._input is None:
                self._open()
            assert self._input is not None
            for message, _ in self._input.messages(now_s):
                self._hear(message)
            self._light_up()
        except Exception as error:  # noqa: BLE001 - whatever a driver raises, the piece goes on and looks again
            self._let_go()
            self._state.failed(f"{why(error)}; looking again every {LOOK_AGAIN_S:g} s", kind="fallback")
            return LOOK_AGAIN_S
        self._state.worked()
        return ASK_S

    def _open(self) -> None:
        wanted = self._config.port_in
        self._input = self._make_input(self._config.system)
        name = named(self._input.names(), wanted, "input port") if wanted else None
        self._input.open(name)
        log.info("midi in: hearing %s", name or "the piece's own port")
        if wanted:
            self._open_lights(wanted)

    def _open_lights(self, wanted: str) -> None:
        """The controller's own input, where it has one. Without it faders work all the same."""
        lights = None
        try:
            lights = self._make_port(self._config.system)
            out = next((one for one in lights.names() if wanted.lower() in one.lower()), None)
            if out is not None:
                lights.open(out)
                self._lights, lights = lights, None
        except Exception as error:  # noqa: BLE001 - whatever a driver raises
            self._notices.fallback(LIGHTS, f"the controller is not told where things stand ({why(error)})")
        else:
            self._notices.resolve(LIGHTS)
        finally:
            if lights is not None:
                lights.close()

    def _hear(self, message: list[int]) -> None:
        read = _read(message)
        if read is None:
            return
        key, share = read
        if self._learning and share > 0:
            self._learned(key)
        for hand in self._hands.get(key, ()):
            self._turn(hand, share)
            if key[0] == "program":  # it is not held
                hand.share = 0.0

    def _learned(self, key: Key) -> None:
        what, self._learning = self._learning, ""
        new = {"kind": key[0], "channel": key[1], "number": key[2], "does": what}
        kept = [one for one in self._config.inputs if (one.kind, one.channel, one.number) != key and one.does != what]
        self._settings.put(INPUTS, [*(one.model_dump() for one in kept), new])
        log.info("midi in: %s %d of channel %d turns %s", key[0], key[2], key[1], what)
        self._notices.note(STAGE, f"learned: {key[0]} {key[2]} of channel {key[1]} turns {what}; Save keeps it")

    def _turn(self, hand: _Hand, share: float) -> None:
        before, hand.share = hand.share, share
        if hand.setting is None:
            if share >= 0.5 and (before is None or before < 0.5):
                name, *args = hand.what.does.split(" ", 1)
                self._waiting.append((name, tuple(_plain(one) for one in args)))
            return
        now = hand.setting.read(self._settings.config)
        if hand.what.kind in ("note", "program"):
            if share > 0:
                self._give(hand, _next_of(hand.setting, now))
            return
        at = share_of(hand.setting, now)
        passed = before is not None and (before - at) * (share - at) <= 0
        if (hand.written is not None and hand.written == now) or abs(share - at) <= NEAR or passed:
            self._give(hand, value_at(hand.setting, share))

    def _give(self, hand: _Hand, value: Argument) -> None:
        assert hand.setting is not None
        self._settings.change(hand.setting.path, [value])
        hand.written = hand.setting.read(self._settings.config)

    def _light_up(self) -> None:
        """Tell the controller where its settings stand, but for what it has just said itself."""
        if self._lights is None:
            return
        for hands in self._hands.values():
            for hand in hands:
                if hand.setting is None or hand.what.kind == "program":
                    continue
                now = hand.setting.read(self._settings.config)
                lit = round((FINE if hand.what.kind == "bend" else TOP) * share_of(hand.setting, now))
                if lit == hand.lit:
                    continue
                is_own = hand.written == now and hand.share is not None and hand.what.kind != "note"
                hand.lit = lit
                if not is_own:
                    self._lights.send(_message(hand.what, lit))

    def _let_go(self) -> None:
        held, self._input, self._lights = (self._input, self._lights), None, None
        for hands in self._hands.values():
            for hand in hands:
                hand.lit = None
        with ExitStack() as stack:  # each is closed, whatever closing another one raises
            for one in held:
                if one is not None:
                    stack.callback(one.close)

    def _end(self) -> None:
        self._let_go()


def _read(message: list[int]) -> tuple[Key, float] | None:
    """Which control a message is of, and where that stands, [0, 1]; None for other messages."""
    status, channel = message[0] >> 4, (message[0] & 0xF) + 1
    if len(message) == 2 and status == 0xC:
        return ("program", channel, message[1]), 1.0
    if len(message) != 3:
        return None
    if status == 0xE:
        return ("bend", channel, 0), (message[1] | message[2] << 7) / FINE
    if status not in (0x8, 0x9, 0xB):
        return None
    return ("control" if status == 0xB else "note", channel, message[1]), 0.0 if status == 0x8 else message[2] / TOP


def meaning_of(what: str, settings: LiveSettings) -> Setting | None:
    """The setting that is meant, such as scene.pace, or None where it is a command. CommandError where it is neither."""
    name, *args = what.split(" ", 1)
    if name in COMMANDS:
        checked(OPERATOR, name, [_plain(one) for one in args])
        return None
    path = f"{CONTROL}/{what.replace('.', '/')}"
    try:
        setting = settings.setting(path)
    except KeyError:
        raise CommandError(f"there is no setting or command of this name; {settings.near(path)}") from None
    if not setting.choices and (setting.kind == "text" or not math.isfinite(setting.high - setting.low)):
        raise CommandError("a text has no place on a fader")
    return setting


def share_of(setting: Setting, value: Argument) -> float:
    """Where a value stands between the setting's ends, [0, 1]."""
    if setting.choices:
        return setting.choices.index(value) / max(len(setting.choices) - 1, 1) if value in setting.choices else 0.0
    return min(max((float(value) - setting.low) / (setting.high - setting.low or 1.0), 0.0), 1.0)


def value_at(setting: Setting, share: float) -> Argument:
    """The value at ``share`` of the way between the setting's ends."""
    if setting.choices:
        return setting.choices[round(share * (len(setting.choices) - 1))]
    # An end that is no value itself is nearly reached.
    share = min(max(share, OPEN if setting.above else 0.0), 1.0 - OPEN if setting.below else 1.0)
    value = setting.low + share * (setting.high - setting.low)
    if setting.step:
        value = setting.low + round((value - setting.low) / setting.step) * setting.step
    return round(value) if setting.kind == "int" else value


def _next_of(setting: Setting, value: Argument) -> Argument:
    """What a pad makes of it: the next of its choices, or the other end."""
    if setting.choices:
        at = setting.choices.index(value) if value in setting.choices else -1
        return setting.choices[(at + 1) % len(setting.choices)]
    return value_at(setting, 0.0 if share_of(setting, value) > 0.5 else 1.0)


def _plain(text: str) -> Argument:
    try:
        return float(text)
    except ValueError:
        return text


def _message(what: MidiControlConfig, value: int) -> mido.Message:
    if what.kind == "bend":
        return mido.Message("pitchwheel", channel=what.channel - 1, pitch=value - BEND_MIDDLE)
    if what.kind == "note":
        return mido.Message("note_on", channel=what.channel - 1, note=what.number, velocity=value)
    return mido.Message("control_change", channel=what.channel - 1, control=what.number, value=value)
