"""A state arrives bit for bit, is small, and one that cannot be drawn, or is of another version, is refused in words."""

import json
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from installation.network.values import OtherVersionError
from installation.network.wire import Message, WireError, unpack
from installation.record.show_log import scene_digest
from installation.types import SceneState
from installation.wall import messages
from installation.wall.messages import pack_state, unpack_state
from tests.wall.scenes import scenes, told

MOST_BYTES = 6144


def test_a_state_arrives_bit_for_bit() -> None:
    for people in (0, 1, 4):
        scene = scenes(60, people)[-1]
        sent = told(scene, 7, "e", pictures={"texture": 3}, face=(0.5, 0.25, 0.1), fades=(True, 0.5, 4.0), level=2)
        found = unpack_state(unpack(pack_state(sent)))
        assert scene_digest(found.scene) == scene_digest(scene)
        for one in fields(SceneState):
            was, came = getattr(scene, one.name), getattr(found.scene, one.name)
            assert np.array_equal(was, came) if isinstance(was, np.ndarray) else was == came, one.name
        assert (found.number, found.epoch, found.pictures, found.level) == (7, "e", {"texture": 3}, 2)
        assert (found.face, found.fades) == ((0.5, 0.25, 0.1), (True, 0.5, 4.0))


def test_a_state_is_small() -> None:
    sizes = {people: sum(map(len, pack_state(told(scenes(30, people)[-1], 1)))) for people in (0, 1, 6)}
    assert sizes[0] < sizes[1] < sizes[6] < MOST_BYTES, sizes


def changed(where: str, value: Any) -> Message:
    head, block = pack_state(told(scenes(3)[-1], 1))
    found = json.loads(head)
    at = found["values"]
    *way, name = where.split(".")
    for step in way:
        at = at[step]
    at[name] = value
    return unpack([json.dumps(found).encode(), block])


@pytest.mark.parametrize(
    ("where", "value", "says"),
    [
        ("number", -1, "whole number"),
        ("number", True, "whole number"),
        ("period_s", 0.0, "between"),
        ("period_s", "x", "no number"),
        ("epoch", 5, "no text"),
        ("face", [1.0], "no state"),
        ("scene.scene", 3, "no str"),
        ("scene.blend", "half", "no number"),
        ("scene.look", [1, 2], "no dict"),
        ("scene.look.phase", None, "no number"),
        ("pictures", {"texture": "3"}, "whole number"),
    ],
)
def test_a_state_that_cannot_be_is_refused_in_words(where: str, value: Any, says: str) -> None:
    with pytest.raises(WireError, match=says):
        unpack_state(changed(where, value))


def test_a_look_without_what_is_drawn_with_is_refused() -> None:
    message = unpack(pack_state(told(scenes(3)[-1], 1)))
    assert unpack_state(message, {"phase", "speed"}).number == 1
    with pytest.raises(WireError, match="lacks sparkle"):
        unpack_state(message, {"phase", "sparkle"})


def test_arrays_of_other_forms_are_refused() -> None:
    message = unpack(pack_state(told(scenes(3)[-1], 1)))
    for name in ("joints", "palette", "moods"):
        arrays = {**message.arrays, name: np.zeros((2, 2), np.float32)}
        with pytest.raises(WireError, match=name):
            unpack_state(Message(message.kind, message.version, message.values, arrays))
    for shapes in (0, 100):
        arrays = {**message.arrays, "shapes": np.zeros((shapes, 12), np.float32)}
        with pytest.raises(WireError, match="cannot be"):
            unpack_state(Message(message.kind, message.version, message.values, arrays))


def test_another_version_is_refused_with_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = pack_state(told(scenes(3)[-1], 1))
    monkeypatch.setattr(messages, "VERSION", "9-other")
    with pytest.raises(OtherVersionError) as raised:
        unpack_state(unpack(sent))
    said = str(raised.value)
    assert "9-other" in said
    assert "\n" not in said
    assert said.count(". ") == 0
