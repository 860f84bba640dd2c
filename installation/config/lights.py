"""The sections ``lights`` and ``midi`` of config.yaml. docs/lights.md is their guide."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from installation.config.hosts import HostName, max_bytes
from installation.config.look import Colour
from installation.config.section import ARTIST, NOT_FROM_NETWORK, Section

CHANNELS = 512
"""Of a DMX universe, counted from 1."""
MULTICAST = "multicast"
SACN_UNIVERSES, ART_NET_UNIVERSES = (1, 63999), (0, 32767)
SACN_SOURCE_BYTES = 63
"""Of the source's name, which has 64 with the zero at its end."""
# ANSI E1.31-2018, 5.1, 6.2.2 and 8.2; Art-Net 4, "Universe Addressing".

Name = Annotated[str, StringConstraints(min_length=1, max_length=32, pattern=r"^[\w][\w .\-]*$")]
Role = Literal["background", "deep", "middle", "accent"]
"""Of a palette, in the order of SceneState.palette."""
ROLES: tuple[str, ...] = get_args(Role)
Mood = Literal["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral", "nobody"]
Whose = Literal["group", "left", "right", "visitor 1", "visitor 2", "visitor 3", "visitor 4", "visitor 5", "visitor 6"]

PARTS = ("off", "full", "dimmer", "red", "green", "blue", "white")
"""What a channel can be; each but the first two also with _fine, the lower byte of a 16-bit pair."""
CHANNEL_NAMES = (*PARTS, *(f"{part}_fine" for part in PARTS[2:]))
LAYOUTS: dict[str, tuple[str, ...]] = {
    "dimmer": ("dimmer",),
    "rgb": ("red", "green", "blue"),
    "rgbw": ("red", "green", "blue", "white"),
    "dimmer+rgb": ("dimmer", "red", "green", "blue"),
    "dimmer+rgbw": ("dimmer", "red", "green", "blue", "white"),
}
"""Layouts that have a name, and their channels."""


def _layout(value: str | list[str]) -> str | list[str]:
    if isinstance(value, str):
        if value not in LAYOUTS:
            raise PydanticCustomError("layout", f"there is no such layout; there are {', '.join(LAYOUTS)}, or a list")
        return value
    unknown = [name for name in value if name not in CHANNEL_NAMES]
    if unknown:
        near = get_close_matches(unknown[0], CHANNEL_NAMES, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(CHANNEL_NAMES)}"
        raise PydanticCustomError("layout", f"{unknown[0]!r} is no channel; {hint}")
    if not value:
        raise PydanticCustomError("layout", "a fixture has one channel at least; take it out if it has none")
    twice = next((name for name in value if name not in ("off", "full") and value.count(name) > 1), None)
    if twice is not None:
        raise PydanticCustomError("layout", f"{twice!r} stands twice; a second one is a fixture of its own")
    alone = next((name for name in value if name.endswith("_fine") and name.removesuffix("_fine") not in value), None)
    if alone is not None:
        raise PydanticCustomError("layout", f"{alone!r} stands without its {alone.removesuffix('_fine')!r}")
    return value


def _interface(value: str) -> str:
    if value:
        try:
            ipaddress.IPv4Address(value)
        except ValueError as error:
            raise PydanticCustomError(
                "interface", "the card's own IPv4 address is meant, as ip addr shows it"
            ) from error
    return value


class UniverseConfig(Section):
    """512 channels, and where they go."""

    name: Name = Field(description="fixtures name their universe by this")
    protocol: Literal["sacn", "artnet"] = Field("sacn", description="sacn (E1.31) or artnet")
    number: int = Field(
        1, ge=0, le=63999, description="universe: sACN 1 to 63999, Art-Net 0 to 32767 (net, subnet, universe in one)"
    )
    host: HostName = Field(
        MULTICAST,
        description="name or IPv4 address of the receiver; multicast (sACN only); 255.255.255.255 for all of Art-Net",
    )
    port: int = Field(0, ge=0, le=65535, description="UDP port; 0: the protocol's own, 5568 or 6454")
    per_second: float = Field(40.0, ge=1, le=44, description="packets a second; DMX itself carries 44 at most")
    priority: int = Field(100, ge=0, le=200, description="of sACN: of two senders, the higher one is obeyed")

    @property
    def wire(self) -> tuple[str, int, str, int]:
        """Where it goes; two universes must not go to the same place."""
        return self.protocol, self.number, self.host, self.port


class FixtureConfig(Section):
    """One lamp, or several that are patched to the same channels."""

    name: Name = Field(description="for messages; each its own")
    universe: str = Field(description="name of the universe it hangs on")
    channel: int = Field(ge=1, le=CHANNELS, description="its first channel")
    layout: Annotated[str | list[str], AfterValidator(_layout)] = Field(
        "rgb", description="dimmer, rgb, rgbw, dimmer+rgb, dimmer+rgbw, or a list of channel names in their order"
    )
    colour: Role = Field("middle", description="which colour of the palette: background, deep, middle, accent")
    whose: Whose = Field(
        "group", description="group, left or right (who stands there), or visitor 1 to visitor 6 in order of arrival"
    )
    smoothing_s: float = Field(0.6, ge=0, le=60, description="63 % of a change in this time, seconds")
    dimmer: float = Field(1.0, ge=0, le=1, description="its own dimmer, times lights.master")
    gamma: float = Field(
        1.0, ge=0.5, le=4, description="the lamp's own curve: 1 LEDs without one, 2 or 2.2 lamps with a dimmer curve"
    )
    white: float = Field(
        1.0, ge=0, le=1, description="how much of what red, green and blue have in common the white LED takes over"
    )

    @property
    def channels(self) -> tuple[str, ...]:
        """The names of its channels in their order."""
        return LAYOUTS[self.layout] if isinstance(self.layout, str) else tuple(self.layout)

    @property
    def last(self) -> int:
        """Its last channel."""
        return self.channel + len(self.channels) - 1


Wrong = tuple[tuple[str | int, ...], str, Any]
"""(place within the section, what is wrong and how to fix it, the value)."""


class LightsConfig(Section):
    """Lamps over sACN (E1.31) or Art-Net, without a lighting desk. See docs/lights.md."""

    enabled: bool = Field(False, description="send light", json_schema_extra=ARTIST)
    master: float = Field(
        1.0, ge=0, le=1, description="dimmer of all lamps, multiplies each fixture's dimmer", json_schema_extra=ARTIST
    )
    blackout: bool = Field(False, description="all lamps dark at once", json_schema_extra=ARTIST)
    idle_level: float = Field(
        0.1,
        ge=0,
        le=1,
        description="factor: multiplies the light while nobody is there: 0 dark, 1 the same as while somebody is",
        json_schema_extra=ARTIST,
    )
    on_exit: Literal["blackout", "hold"] = Field(
        "blackout", description="what the lamps do when the piece ends: blackout, or hold the last light"
    )
    source: Annotated[str, AfterValidator(max_bytes(SACN_SOURCE_BYTES))] = Field(
        "Mien",
        min_length=1,
        max_length=60,
        description="name that sACN receivers show, at most 63 bytes",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    interface: Annotated[str, AfterValidator(_interface)] = Field(
        "",
        description="IPv4 address of the network card for multicast; empty: the system's choice",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    palettes: dict[Mood, dict[Role, Colour]] = Field(
        default_factory=dict,
        description="colours that an emotion (or nobody) gives the lamps instead of the picture's own",
        json_schema_extra=ARTIST,
    )
    universes: list[UniverseConfig] = Field(default_factory=list, max_length=64, description="where light goes")
    fixtures: list[FixtureConfig] = Field(default_factory=list, max_length=512, description="the lamps")

    @model_validator(mode="after")
    def _fits(self) -> LightsConfig:
        wrong = [*self._wrong_universes(), *self._wrong_fixtures(), *self._overlaps()]
        _raise("lights", wrong)
        return self

    def _wrong_universes(self) -> Iterator[Wrong]:
        wires: dict[Any, str] = {}
        for index, universe in enumerate(self.universes):
            at = ("universes", index)
            low, high = SACN_UNIVERSES if universe.protocol == "sacn" else ART_NET_UNIVERSES
            if not low <= universe.number <= high:
                yield (*at, "number"), f"a universe of {universe.protocol} is {low} to {high}", universe.number
            if universe.protocol == "artnet" and universe.host == MULTICAST:
                message = "Art-Net has no multicast; give the node's address, or 255.255.255.255 for all nodes"
                yield (*at, "host"), message, universe.host
            if universe.wire in wires:
                message = f"goes to the same place as universe {wires[universe.wire]!r}; another number or host"
                yield (*at, "number"), message, universe.number
            wires.setdefault(universe.wire, universe.name)
        yield from _same_names("universes", [universe.name for universe in self.universes])

    def _wrong_fixtures(self) -> Iterator[Wrong]:
        names = [universe.name for universe in self.universes]
        for index, fixture in enumerate(self.fixtures):
            if fixture.universe not in names:
                near = get_close_matches(fixture.universe, names, 1)
                there = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names) or 'none yet'}"
                yield ("fixtures", index, "universe"), f"there is no universe of this name; {there}", fixture.universe
            if fixture.last > CHANNELS:
                latest = CHANNELS - len(fixture.channels) + 1
                message = (
                    f"its {len(fixture.channels)} channels would end at {fixture.last}, beyond {CHANNELS}; "
                    f"{latest} is the last that fits"
                )
                yield ("fixtures", index, "channel"), message, fixture.channel
        yield from _same_names("fixtures", [fixture.name for fixture in self.fixtures])

    def _overlaps(self) -> Iterator[Wrong]:
        taken: dict[tuple[str, int], FixtureConfig] = {}
        for index, fixture in enumerate(self.fixtures):
            span = [(fixture.universe, channel) for channel in range(fixture.channel, fixture.last + 1)]
            other = next((taken[key] for key in span if key in taken), None)
            if other is not None:
                message = (
                    f"channels {fixture.channel} to {fixture.last} meet those of {other.name!r} "
                    f"({other.channel} to {other.last}); {other.last + 1} is free of it"
                )
                yield ("fixtures", index, "channel"), message, fixture.channel
            for key in span:
                taken.setdefault(key, fixture)


def _same_names(group: str, names: list[str]) -> Iterator[Wrong]:
    for index, name in enumerate(names):
        if name in names[:index]:
            yield (group, index, "name"), "this name is taken; each has its own", name


def _raise(title: str, wrong: Iterable[Wrong]) -> None:
    """Raise a ValidationError with the exact place of all that is wrong, if anything is."""
    errors = [
        InitErrorDetails(type=PydanticCustomError(title, message), loc=place, input=value)
        for place, message, value in wrong
    ]
    if errors:
        raise ValidationError.from_exception_data(title, errors)


Control = Literal[
    "valence", "arousal", "energy", "presence",
    "angry", "disgust", "fear", "happy", "sad", "surprise", "neutral",
]  # fmt: skip
CONTROLS: tuple[str, ...] = get_args(Control)
Moment = Literal[
    "arrived", "left", "emotion", "onset",
    "angry", "disgust", "fear", "happy", "sad", "surprise", "neutral",
]  # fmt: skip


class NoteConfig(Section):
    """A note, and when it sounds."""

    event: Moment = Field(
        description="arrived, left, emotion (any change), the name of the emotion that it changes to, or onset (a beat)"
    )
    note: int = Field(ge=0, le=127, description="60 is middle C")
    velocity: int = Field(96, ge=1, le=127, description="how hard")
    channel: int = Field(1, ge=1, le=16, description="MIDI channel")
    length_s: float = Field(0.5, ge=0.01, le=60, description="how long, seconds")


def _default_controls() -> dict[Control, int]:
    # 20 to 31 and 102 to 119 are what the MIDI 1.0 specification leaves undefined; eleven fit from 20 on.
    return {name: 20 + at for at, name in enumerate(get_args(Control))}


def _default_notes() -> list[NoteConfig]:
    return [
        NoteConfig(event="arrived", note=60),
        NoteConfig(event="left", note=48, velocity=64),
        NoteConfig(event="emotion", note=67),
        NoteConfig(event="onset", note=36, length_s=0.1),
    ]


class MidiControlConfig(Section):
    """A fader, knob or pad of a controller, and what it does."""

    kind: Literal["control", "note", "bend", "program"] = Field(
        "control", description="control (a control change), note, bend (a motor fader that sends pitch bend) or program"
    )
    channel: int = Field(1, ge=1, le=16, description="MIDI channel")
    number: int = Field(0, ge=0, le=127, description="of the control change, note or program; a bend has none")
    does: str = Field(
        min_length=1,
        max_length=200,
        description="the setting it turns, such as scene.pace, or the command it gives, such as next_scene or preset 3",
    )


class MidiConfig(Section):
    """Control changes and notes for synthesizers and music programs, and what a controller turns. See docs/lights.md."""

    enabled: bool = Field(False, description="send MIDI", json_schema_extra=ARTIST)
    port: str = Field(
        "",
        max_length=120,
        description="part of an output port's name; empty: a port of its own, Mien, to connect to (not on Windows)",
    )
    system: Literal["auto", "jack"] = Field("auto", description="auto (ALSA, CoreMIDI, Windows) or jack")
    channel: int = Field(1, ge=1, le=16, description="MIDI channel of the control changes")
    per_second: float = Field(
        30.0, ge=1, le=200, description="a control is sent at most this often a second, and on change"
    )
    controls: dict[Control, Annotated[int, Field(ge=0, le=119)]] = Field(
        default_factory=_default_controls,
        description="control change number of each value (0 to 127; valence, arousal: 64 is 0); not sent if left out",
    )
    notes: list[NoteConfig] = Field(
        default_factory=_default_notes, max_length=128, description="which note sounds at what"
    )
    port_in: str = Field(
        "",
        max_length=120,
        description="part of the controller's name, as an input port; empty: a port of its own, Mien, to connect to (not on "
        "Windows)",
    )
    inputs: list[MidiControlConfig] = Field(
        default_factory=list,
        max_length=256,
        description="what a controller's faders, knobs and pads do; the command midi_learn adds to it",
    )
    on_exit: Literal["rest", "hold"] = Field(
        "rest",
        description="controls when the piece ends: rest (as with nobody there), or hold their last value; notes always end",
    )

    @model_validator(mode="after")
    def _one_number_each(self) -> MidiConfig:
        numbers = list(self.controls.values())
        wrong: list[Wrong] = [
            (("controls", name), "another value has this number already; each has its own", number)
            for at, (name, number) in enumerate(self.controls.items())
            if number in numbers[:at]
        ]
        _raise("midi", wrong)
        return self
