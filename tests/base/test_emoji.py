"""The table of emoji: every emotion has some, all different, one character each."""

import pytest

from installation.base.emoji import EMOJI, emoji_of
from installation.render.hud_face import FACES
from installation.types import EMOTIONS


def test_every_emotion_has_its_own_emoji() -> None:
    assert set(EMOJI) == set(EMOTIONS)
    every = [one for steps in EMOJI.values() for one in steps]
    assert len(set(every)) == len(every)
    assert all(len(one) == 1 and ord(one) > 0xFFFF for one in every), "one code point, no selector after it"
    assert all(len(steps) in (2, 3) for name, steps in EMOJI.items() if name != "neutral")


def test_a_level_beyond_the_last_is_the_last() -> None:
    for name, steps in EMOJI.items():
        assert [emoji_of(name, level) for level in range(len(steps))] == list(steps)
        assert emoji_of(name, 9) == steps[-1]
        assert emoji_of(name, -1) == steps[0]
    with pytest.raises(KeyError):
        emoji_of("bored", 0)


def test_the_operator_sees_as_many_faces() -> None:
    assert {name: len(steps) for name, steps in FACES.items()} == {name: len(steps) for name, steps in EMOJI.items()}
