"""What the piece and the desk's process say to each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.desk.wire import WireError, packed, packed_still, unpacked

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(value=json_values)
def test_values_arrive_as_they_left(value: object) -> None:
    assert unpacked(packed("set", value=value)) == {"kind": "set", "value": value}


@given(jpeg=st.binary())
def test_stills_arrive_as_they_left(jpeg: bytes) -> None:
    assert unpacked(packed_still(jpeg)) == {"kind": "still", "jpeg": jpeg}


@given(data=st.binary(max_size=40).filter(lambda data: data[:1] != b"s"))
def test_nonsense_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        unpacked(data)


def test_what_json_has_not_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        packed("set", value=float("nan"))
