"""What is packed arrives as it was, and what is no message is refused in words, whatever the bytes."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.network.wire import WireError, pack, unpack

VALUES = {
    "name": "Zoë",
    "share": 0.1,
    "seed": 0.8444218515250481,
    "count": 3,
    "on": True,
    "nothing": None,
    "row": [1.5, 2.0],
}
ARRAYS = {
    "shapes": np.arange(24, dtype=np.float32).reshape(2, 12),
    "rgba": np.arange(48, dtype=np.uint8).reshape(3, 4, 4),
    "none": np.zeros((0, 12), np.float32),
    "exact": np.array([1 / 3, 2e300]),
}


def test_it_arrives_bit_for_bit() -> None:
    found = unpack(pack("state", "1-abc", VALUES, ARRAYS))
    assert (found.kind, found.version, found.values) == ("state", "1-abc", VALUES)
    assert set(found.arrays) == set(ARRAYS)
    for name, array in ARRAYS.items():
        assert found.arrays[name].dtype == array.dtype
        np.testing.assert_array_equal(found.arrays[name], array)
        assert not found.arrays[name].flags.writeable


def test_a_view_that_is_not_in_one_piece_arrives_as_it_is_seen() -> None:
    mirrored = ARRAYS["rgba"][::-1, ::2]
    np.testing.assert_array_equal(unpack(pack("picture", "1", {}, {"rgba": mirrored})).arrays["rgba"], mirrored)


def test_numbers_that_are_none_do_not_leave() -> None:
    with pytest.raises(ValueError, match="JSON"):
        pack("state", "1", {"share": float("nan")})
    with pytest.raises(TypeError, match="complex"):
        pack("state", "1", {}, {"wave": np.zeros(3, np.complex64)})


@given(st.lists(st.binary(max_size=200), max_size=4))
def test_any_bytes_are_refused_in_words(parts: list[bytes]) -> None:
    with pytest.raises(WireError):
        unpack(parts)


@given(st.data())
def test_a_message_that_is_cut_or_changed_is_refused_or_still_one(data: st.DataObject) -> None:
    head, block = pack("state", "1", VALUES, ARRAYS)
    at = data.draw(st.integers(0, len(head) - 1))
    damaged = head[:at] + bytes([data.draw(st.integers(0, 255))]) + head[at + 1 :]
    try:
        found = unpack([damaged, block])
    except WireError:
        return
    assert sum(array.nbytes for array in found.arrays.values()) == len(block)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([["a", "<f4", [3]]], "cut off"),
        ([["a", "<f4", [1]]], "left over"),
        ([["a", "<c8", [1]]], "no array"),
        ([["a", "<f4", [-1]]], "no array"),
        ([["a", "<f4", [2**30, 2**30]]], "no array"),
        ([["a", "<f4", [1, 1, 1, 1, 2]]], "no array"),
        ("a", "list"),
    ],
)
def test_an_array_that_cannot_be_says_why(rows: object, says: str) -> None:
    head = json.dumps({"kind": "state", "version": "1", "values": {}, "arrays": rows}).encode()
    with pytest.raises(WireError, match=says):
        unpack([head, bytes(8)])


def test_infinity_by_its_name_is_refused() -> None:
    with pytest.raises(WireError, match="Infinity"):
        unpack([b'{"kind":"a","version":"1","values":{"x":Infinity},"arrays":[]}', b""])
