"""The mailbox keeps order, the last put wins, and nothing waits for ever."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.base.mailbox import Closed, Latest


@given(st.lists(st.integers(), min_size=1))
def test_last_put_wins_and_every_other_counts_as_dropped(values: list[int]) -> None:
    box: Latest[int] = Latest()
    for value in values:
        box.put(value)
    assert box.wait_newer(0, 0.0) == (len(values), values[-1])
    assert box.drops == len(values) - 1


@given(st.lists(st.booleans()))
def test_reader_sees_rising_numbers_and_no_value_twice(takes: list[bool]) -> None:
    box: Latest[int] = Latest()
    seen: list[int] = []
    seq = 0
    for number, take in enumerate(takes, start=1):
        box.put(number)
        if take:
            got = box.wait_newer(seq, 0.0)
            assert got is not None
            seq = got[0]
            seen.append(got[1])
    assert seen == sorted(set(seen))
    assert box.drops == len(takes) - len(seen) - (1 if takes and not takes[-1] else 0)


def test_peek_neither_waits_nor_takes() -> None:
    box: Latest[str] = Latest()
    assert box.peek() == (0, None)
    box.put("a")
    assert box.peek() == (1, "a")
    box.put("b")
    assert box.drops == 1


def test_waiting_reader_is_woken_by_put_and_by_close() -> None:
    box: Latest[int] = Latest()
    got: list[object] = []

    def read() -> None:
        got.append(box.wait_newer(0, 60.0))
        try:
            box.wait_newer(1, 60.0)
        except Closed:
            got.append("closed")

    reader = threading.Thread(target=read)
    reader.start()
    box.put(7)
    while not got:
        reader.join(0.01)
    box.close()
    reader.join(20)
    assert not reader.is_alive()
    assert got == [(1, 7), "closed"]


def test_after_close_the_last_value_can_still_be_taken_but_none_put() -> None:
    box: Latest[int] = Latest("frames")
    box.put(1)
    box.close()
    assert box.wait_newer(0, 0.0) == (1, 1)
    with pytest.raises(Closed):
        box.wait_newer(1, 0.0)
    with pytest.raises(Closed, match="frames"):
        box.put(2)


def test_timeout_gives_none() -> None:
    assert Latest[int]().wait_newer(0, 0.001) is None


def test_order_is_kept_between_threads() -> None:
    box: Latest[int] = Latest()
    seen: list[int] = []

    def write() -> None:
        for number in range(2000):
            box.put(number)
        box.close()

    writer = threading.Thread(target=write)
    writer.start()
    seq = 0
    while True:
        try:
            got = box.wait_newer(seq, 60.0)
        except Closed:
            break
        assert got is not None
        seq = got[0]
        seen.append(got[1])
    writer.join(60)
    assert seen == sorted(set(seen))
    assert seen[-1] == 1999
    assert box.drops == 2000 - len(seen)
