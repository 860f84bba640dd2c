"""One bundle as the show makes it: plain lists, not yet encoded for any receiver."""

from __future__ import annotations

from dataclasses import dataclass

from installation.showcontrol.addresses import Message, tags_of
from installation.showcontrol.osc_out.encode import TypedMessage, bundled, pack
from installation.types import EmotionState, Person


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What joints and the other programs' formats are made from: one observation and what was understood of it.

    ``captured_s`` is the camera picture's time, ``since_s`` seconds since the show began. ``group`` is the group's state,
    None while nobody is there; ``frame_size`` (width, height) in pixels. ``emotions_read``: whether there are emotions in it.
    """

    seq: int
    captured_s: float
    since_s: float
    states: tuple[EmotionState, ...]
    people: tuple[Person, ...]
    group: EmotionState | None
    frame_size: tuple[int, int]
    emotions_read: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
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


def typed(message: Message) -> TypedMessage:
    """A message with its type tags from the table."""
    path, args = message
    return path, tags_of(path, args), args
