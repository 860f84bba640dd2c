"""A MIDI input of this machine with the time at which each message came, through python-rtmidi."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import rtmidi

from installation.showcontrol.midi.ports import OWN_PORT, MidiMissingError, api_of, check_system

DRIFT = 1e-4
"""Two clocks may run apart by this share."""
LOST_S = 1.0
"""A message cannot have waited for so long: time stood still."""


class Input(Protocol):
    """One way in. ``open`` takes the name of one of ``names``, or none for a port of its own that others connect to."""

    def names(self) -> list[str]:
        """The input ports of the machine now."""

    def open(self, name: str | None) -> None:
        """Open one. OSError where it fails."""

    def messages(self, now_s: float) -> Iterator[tuple[list[int], float]]:
        """What came since the last call, asked at ``now_s``: bytes and seconds of arrival."""

    def close(self) -> None:
        """Close it; it is of no further use."""


class Arrivals:
    """When messages came: the driver measures the time between each two, and none came after it was asked for."""

    def __init__(self) -> None:
        self._sum_s = 0.0
        self._offset_s: float | None = None

    def at(self, since_s: float, now_s: float) -> float:
        """Of a message that came ``since_s`` seconds after the one before it and is taken at ``now_s``."""
        self._sum_s += since_s
        waited = now_s - self._sum_s
        # Who was asked for at once tells where the driver's time lies on ours; the two drift apart by a hair.
        if self._offset_s is None or waited < self._offset_s or waited - self._offset_s > LOST_S:
            self._offset_s = waited
        else:
            self._offset_s += DRIFT * since_s
        return self._sum_s + self._offset_s


class RtMidiInput:
    """An input of this machine. ``system`` is "auto" or "jack", and ``setting`` what chose it; a port of its own is called
    ``own``. MidiMissingError where there is no such system.

    It is asked for what came: a callback would run Python in the driver's thread, which JACK does not bear.
    """

    def __init__(self, system: str, setting: str, own: str = "in") -> None:
        check_system(system, setting)
        self._own = own
        self._in: Any = rtmidi.MidiIn(api_of(system), name=OWN_PORT, queue_size_limit=4096)
        self._in.ignore_types(sysex=True, timing=False, active_sense=True)
        self._arrivals = Arrivals()

    def names(self) -> list[str]:
        return [str(name) for name in self._in.get_ports()]

    def open(self, name: str | None) -> None:
        if name is None:
            self._in.open_virtual_port(self._own)
            return
        names = self.names()
        if name not in names:
            raise MidiMissingError(f"the port {name!r} has gone")
        self._in.open_port(names.index(name))

    def messages(self, now_s: float) -> Iterator[tuple[list[int], float]]:
        while (found := self._in.get_message()) is not None:
            message, since_s = found
            yield list(message), self._arrivals.at(since_s, now_s)

    def close(self) -> None:
        self._in.close_port()
        self._in.delete()
