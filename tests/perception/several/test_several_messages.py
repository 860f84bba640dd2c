"""What a camera's machine tells comes back as it was, holds no picture, and what is none is refused in words."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from installation.capture.simulated.performer import PerformerScript
from installation.network.values import OtherVersionError
from installation.network.wire import WireError, pack, unpack
from installation.perception.several.messages import (
    KIND,
    MOST_BYTES,
    VERSION,
    Told,
    pack_observation,
    unpack_observation,
)
from installation.types import MAX_PEOPLE, Observation

ARRAYS = ("pose", "pose_world", "face", "blendshapes", "expression")


def seen(people: int = 2) -> Observation:
    found = PerformerScript(1, 3).observe(8.0, 5)
    crowd = tuple(replace(found.people[k % len(found.people)], id=k + 1) for k in range(people))
    labelled = replace(
        crowd[0], gestures=("Victory",), poses=(("arms_up", 0.75),), seen_s=7.5, face=None, face_box=None
    )
    return replace(found, people=(labelled, *crowd[1:]), depicted=np.linspace(0, 1, 6, dtype=np.float32))


def test_an_observation_comes_back_bit_for_bit() -> None:
    told = Told("one", 3, seen())
    found = unpack_observation(unpack(pack_observation(told)))
    assert (found.epoch, found.number) == ("one", 3)
    back, sent = found.observation, told.observation
    assert (back.t_s, back.seq, back.frame_size, back.compute_ms) == (
        sent.t_s,
        sent.seq,
        sent.frame_size,
        sent.compute_ms,
    )
    assert np.array_equal(back.depicted, sent.depicted)  # type: ignore[arg-type]
    for one, other in zip(back.people, sent.people, strict=True):
        for name in ARRAYS:
            mine, theirs = getattr(one, name), getattr(other, name)
            assert (mine is None) == (theirs is None), name
            assert mine is None or (np.array_equal(mine, theirs) and not mine.flags.writeable), name
        plain = ("id", "box", "confidence", "face_box", "face_quality", "gestures", "poses", "seen_s", "extent")
        assert all(getattr(one, name) == getattr(other, name) for name in plain)


def test_a_full_house_fits_and_a_picture_does_not() -> None:
    size = sum(len(part) for part in pack_observation(Told("one", 1, seen(MAX_PEOPLE + 3))))
    assert 0.5 * MOST_BYTES < size <= MOST_BYTES < 320 * 180 * 3


@pytest.mark.parametrize(
    "more",
    [
        {"picture": np.zeros((90, 160, 3), np.uint8)},
        {"rgb": np.zeros((4, 4), np.float32)},
        {"pose": np.zeros((2, 33, 5), np.float32)},
        {"pose": np.zeros((3, 33, 4), np.float32)},
        {"pose": np.zeros((2, 33, 4), np.uint8)},
        {"pose": np.full((2, 33, 4), np.nan, np.float32)},
    ],
    ids=["a picture", "floats that are no landmarks", "more of each", "one more", "bytes", "not finite"],
)
def test_nothing_travels_beside_landmarks(more: dict[str, Any]) -> None:
    message = unpack(pack_observation(Told("one", 1, seen())))
    forged = pack(KIND, VERSION, message.values, {**message.arrays, **more})
    with pytest.raises(WireError):
        unpack_observation(unpack(forged))


def test_no_field_of_a_message_can_hold_a_picture() -> None:
    head = json.loads(pack_observation(Told("one", 1, seen()))[0])
    assert {name for name, code, _ in head["arrays"] if code != "<f4"} == set()
    assert set(head["values"]["people"][0]) == {
        *("id", "box", "confidence", "face_box", "face_quality", "gestures", "poses", "seen_s", "extent", "has")
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("people", [{}]),
        ("people", None),
        ("people", [{"id": 1}] * 7),
        ("frame_size", [0, 720]),
        ("frame_size", "large"),
        ("t_s", "now"),
        ("t_s", True),
        ("number", -1),
        ("epoch", 5),
    ],
)
def test_what_is_no_observation_is_refused(name: str, value: object) -> None:
    message = unpack(pack_observation(Told("one", 1, seen())))
    with pytest.raises(WireError):
        unpack_observation(unpack(pack(KIND, VERSION, {**message.values, name: value}, message.arrays)))


def test_another_version_is_told_in_one_sentence() -> None:
    with pytest.raises(OtherVersionError, match=r"0-old.*install the same Mien on both"):
        unpack_observation(unpack(pack(KIND, "0-old", {})))
