"""What is remembered of a visitor who left, colours of the clothes and number, is gone after remember_s (a made-up clock)."""

import gc
import weakref

import numpy as np
import pytest

from installation.perception.tracker import Tracker
from installation.types import Box, FloatArray
from tests.privacy import marked

BOX = Box(0.35, 0.1, 0.65, 0.95)
CONFIRM_S, FORGET_S, STEP_S = 0.25, 0.7, 1 / 30


def pose() -> FloatArray:
    return marked.visitor().pose.copy()


class Room:
    """The tracker, and a visitor in marked clothes who may be there; ``t_s`` is the time."""

    def __init__(self, remember_s: float) -> None:
        self.tracker = Tracker(6, CONFIRM_S, FORGET_S, remember_s)
        self.t_s = 100.0

    def show(self, seconds: float, here: bool) -> None:
        """Pictures for so long."""
        for _ in range(round(seconds / STEP_S)):
            self.t_s += STEP_S
            self.tracker.detected(self.t_s, [(0.9, BOX)] if here else [], 0.3)
            for track in self.tracker.all if here else []:
                self.tracker.posed(track, self.t_s, pose(), marked.visitor().world.copy(), marked.picture())
                self.tracker.agree(track, self.t_s, 0.9)
            if not here:
                for track in self.tracker.all:
                    track.lose_body()
            self.tracker.settle(self.t_s)

    def colours(self) -> list[weakref.ref[FloatArray]]:
        """The colours that are known of whoever is here."""
        found = [one for track in self.tracker.all for one in (track.colours, track.wears) if one is not None]
        return [weakref.ref(one) for one in found]

    def ids(self) -> list[int]:
        return [track.id for track in self.tracker.all if track.id is not None]


@pytest.mark.parametrize("remember_s", [0.0, 2.0, 6.0])
def test_colours_and_number_die_with_remember_s(remember_s: float) -> None:
    room = Room(remember_s)
    room.show(2.0, here=True)
    assert room.ids() == [1]
    kept = room.colours()
    assert kept
    room.show(FORGET_S + remember_s + 1.0, here=False)
    gc.collect()
    assert [one() for one in kept if one() is not None] == []
    room.show(2.0, here=True)
    assert room.ids() == [2], "the same clothes were known again"


def test_within_remember_s_the_visitor_is_the_same() -> None:
    room = Room(6.0)
    room.show(2.0, here=True)
    kept = room.colours()
    room.show(FORGET_S + 1.0, here=False)
    assert any(one() is not None for one in kept)
    room.show(2.0, here=True)
    assert room.ids() == [1]


def test_the_marked_clothes_are_seen() -> None:
    """That the colours are gone says something only where there were some."""
    room = Room(6.0)
    room.show(2.0, here=True)
    colours = room.tracker.all[0].colours
    assert colours is not None
    assert float(np.abs(colours - marked.numbers()["clothes 0"]).max()) < 0.02


def test_where_no_picture_comes_any_more_everybody_is_forgotten() -> None:
    """What the perception process then asks for (child_process.py)."""
    room = Room(6.0)
    room.show(2.0, here=True)
    kept = room.colours()
    room.tracker.forget()
    gc.collect()
    assert [one() for one in kept if one() is not None] == []
    room.show(2.0, here=True)
    assert room.ids() == [2]
