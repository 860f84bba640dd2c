"""The machine's MIDI ports, through python-rtmidi."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Protocol

import mido
import rtmidi

OWN_PORT = "Mien"
"""Name of this program among the machine's MIDI programs, and of the port that others connect to."""
_SEQUENCER = Path("/dev/snd/seq")


class MidiMissingError(OSError):
    """There is no MIDI, or no such port; the message says what is there and how to fix it."""


class Port(Protocol):
    """One way out. ``open`` takes the name of one of ``names``, or none for a port of its own that others connect to."""

    def names(self) -> list[str]:
        """The output ports of the machine now."""

    def open(self, name: str | None) -> None:
        """Open one. OSError where it fails."""

    def send(self, message: mido.Message) -> None:
        """Send a message. OSError where it fails."""

    def close(self) -> None:
        """Close it; it is of no further use."""


class RtMidiPort:
    """A port of this machine. ``system`` is "auto" (ALSA, CoreMIDI, Windows) or "jack".

    MidiMissingError where there is no such system. One client lists and sends: to make one takes JACK 170 ms, in which
    python-rtmidi lets no other thread run, while asking an existing one for its ports takes a fifth of a millisecond.
    """

    def __init__(self, system: str) -> None:
        check_system(system, "midi.system")
        self._out: Any = rtmidi.MidiOut(api_of(system), name=OWN_PORT)

    def names(self) -> list[str]:
        return [str(name) for name in self._out.get_ports()]

    def open(self, name: str | None) -> None:
        if name is None:
            if sys.platform == "win32" and self._out.get_current_api() == rtmidi.API_WINDOWS_MM:
                raise MidiMissingError("Windows cannot make ports; name one in midi.port (such as loopMIDI's)")
            self._out.open_virtual_port("out")
            return
        names = self.names()
        if name not in names:
            raise MidiMissingError(f"the port {name!r} has gone")
        self._out.open_port(names.index(name))

    def send(self, message: mido.Message) -> None:
        self._out.send_message(message.bytes())

    def close(self) -> None:
        self._out.close_port()
        self._out.delete()


def named(names: list[str], wanted: str, what: str) -> str:
    """The first of ``names`` that has ``wanted`` in it; MidiMissingError with what there is of ``what`` ("output port")."""
    for name in names:
        if wanted.lower() in name.lower():
            return name
    raise MidiMissingError(f"no {what} has {wanted!r} in its name; there are {', '.join(names) or 'none'}")


def check_system(system: str, setting: str) -> None:
    """MidiMissingError where the machine has no MIDI of this kind; ``setting`` is the one that chose it."""
    if system == "auto" and sys.platform == "linux" and not _SEQUENCER.exists():
        # ALSA would say so on the terminal at every try.
        raise MidiMissingError(f"ALSA's sequencer {_SEQUENCER} is not there; sudo modprobe snd-seq, or {setting}: jack")


def api_of(system: str) -> int:
    """RtMidi's number of it."""
    # Without a choice RtMidi tries one system after the other until one has ports, and each complains on the terminal.
    if system == "jack":
        return int(rtmidi.API_UNIX_JACK)
    apis = {"linux": rtmidi.API_LINUX_ALSA, "darwin": rtmidi.API_MACOSX_CORE, "win32": rtmidi.API_WINDOWS_MM}
    return int(apis.get(sys.platform, rtmidi.API_UNSPECIFIED))
