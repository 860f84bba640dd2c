"""The machine's audio inputs, through PortAudio (sounddevice)."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from installation.config.sound import DEFAULT
from installation.types import FloatArray

BUFFER_S = 0.1
"""Between two questions so much may come: a thread that waits for the interpreter misses nothing."""
_NONE = np.zeros(0, np.float32)


class SoundMissingError(OSError):
    """There is no PortAudio, or no such input; the message says what is there and how to fix it."""


class Source(Protocol):
    """An input that is open. ``rate`` samples a second; ``name`` is for people."""

    name: str
    rate: float

    def read(self) -> tuple[FloatArray, bool]:
        """What came since the last call, (N,) float32, 1 is full scale, without waiting; whether something before it was
        lost. OSError where it has gone."""

    def close(self) -> None:
        """Close it; it is of no further use."""


@dataclass(frozen=True, slots=True)
class AudioInput:
    """One of the machine's inputs. ``number`` is PortAudio's own."""

    number: int
    name: str
    channels: int
    rate: float
    is_default: bool

    def __str__(self) -> str:
        return f"{self.number} ({self.name}{', default' if self.is_default else ''})"


def open_input(wanted: str | int, channel: int) -> Source:
    """Open what ``sound.device`` and ``sound.channel`` say. SoundMissingError where it is not there."""
    return _Stream(chosen(list_inputs(), wanted), channel)


def list_inputs() -> list[AudioInput]:
    """The inputs that are there now. No input may be open: the system is asked anew."""
    library = _portaudio()
    # PortAudio looks for devices once, when it begins.
    library._terminate()
    library._initialize()
    hosts = [str(host["name"]) for host in library.query_hostapis()]
    try:
        default = int(library.query_devices(kind="input")["index"])
    except library.PortAudioError:
        default = -1
    return [
        AudioInput(
            int(one["index"]),
            f"{one['name']}, {hosts[one['hostapi']]}",
            int(one["max_input_channels"]),
            float(one["default_samplerate"]),
            one["index"] == default,
        )
        for one in library.query_devices()
        if one["max_input_channels"] > 0
    ]


def chosen(inputs: list[AudioInput], wanted: str | int) -> AudioInput:
    """The input that is meant: by number, ``default``, or the first that has all words of ``wanted`` in its name."""
    there = ", ".join(map(str, inputs)) or "none"
    if isinstance(wanted, str) and wanted.strip().isdecimal():
        wanted = int(wanted)
    if isinstance(wanted, int):
        found = [one for one in inputs if one.number == wanted]
        missing = f"no audio input has the number {wanted}"
    elif wanted == DEFAULT:
        found = [one for one in inputs if one.is_default]
        missing = "the system has no default audio input"
    else:
        found = [one for one in inputs if all(word in one.name.lower() for word in wanted.lower().split())]
        missing = f"no audio input has {wanted!r} in its name"
    if not found:
        raise SoundMissingError(f"{missing}; there are {there}")
    return found[0]


class _Stream:
    """It is asked for what came: a callback would run Python in the driver's thread, which must not wait."""

    def __init__(self, chosen_input: AudioInput, channel: int) -> None:
        library = _portaudio()
        self.name, self.rate = chosen_input.name, chosen_input.rate
        self._error: type[Exception] = library.PortAudioError
        if channel > chosen_input.channels:
            raise SoundMissingError(
                f"{chosen_input.name} has {chosen_input.channels} channels; change sound.channel ({channel})"
            )
        self._channel = channel
        try:
            self._stream: Any = library.InputStream(
                samplerate=self.rate,
                device=chosen_input.number,
                channels=channel or min(2, chosen_input.channels),
                dtype="float32",
                latency=BUFFER_S,
            )
            self._stream.start()
        except self._error as error:
            raise SoundMissingError(f"{chosen_input.name} cannot be opened ({error})") from error

    def read(self) -> tuple[FloatArray, bool]:
        try:
            count = self._stream.read_available
            if count == 0:
                return _NONE, False
            samples, overflowed = self._stream.read(count)
        except self._error as error:
            raise OSError(f"{self.name} has gone ({error})") from error
        heard = samples[:, self._channel - 1] if self._channel else samples.mean(axis=1)
        return heard, overflowed

    def close(self) -> None:
        self._stream.close()


def _portaudio() -> Any:
    """The library; SoundMissingError says how to install it."""
    try:
        import sounddevice
    except ImportError as error:
        raise SoundMissingError("sound in is not installed; python3 run.py setup --with sound") from error
    except OSError as error:
        remedy = "sudo apt-get install libportaudio2" if sys.platform.startswith("linux") else "install PortAudio"
        raise SoundMissingError(f"PortAudio is missing ({error}); {remedy}") from error
    return sounddevice
