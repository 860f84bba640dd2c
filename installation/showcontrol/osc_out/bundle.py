"""What the show tells sound and light at one moment: plain lists, not yet encoded for anybody."""

from __future__ import annotations

from dataclasses import dataclass

from installation.showcontrol.addresses import Message, tags_of
from installation.showcontrol.osc_out.encode import Wire, bundled, pack
from installation.types import EmotionState, Person


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the compatibility sets and joints are made of: one observation and what was understood of it.

    ``captured_s`` is the camera picture's time, ``since_s`` seconds since the show began. ``lead`` is the visitor who leads
    the group, None where nobody does; ``frame_size`` (width, height) in pixels.
    """

    seq: int
    captured_s: float
    since_s: float
    states: tuple[EmotionState, ...]
    people: tuple[Person, ...]
    group: EmotionState | None
    frame_size: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """One bundle below ``prefix``. ``messages`` come first, then ``events`` (number, message), then ``last``.

    ``seen`` is None in a health bundle.
    """

    prefix: str
    messages: tuple[Message, ...]
    events: tuple[tuple[int, Message], ...] = ()
    last: tuple[Message, ...] = ()
    seen: Seen | None = None

    def packets(self) -> list[bytes]:
        """All of it as OSC packets, as a target without a rate or a selection of its own gets it."""
        return bundled(pack(self.prefix + path, tags_of(path, args), args) for path, args in self.all_messages())

    def all_messages(self) -> list[Message]:
        """All of it in order, below the prefix."""
        return [*self.messages, *(message for _, message in self.events), *self.last]


def wire(message: Message) -> Wire:
    """A message with its type tags from the table."""
    path, args = message
    return path, tags_of(path, args), args
