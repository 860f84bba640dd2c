"""Of many wishes for one setting the newest counts."""

import asyncio
from typing import Any

import pytest

from installation.desk.newest import Newest, SilentError


class Slow:
    """A piece that answers when it is told to; what is no number it refuses."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.value: Any = None
        self._answers = asyncio.Semaphore(0)

    async def ask(self, value: Any) -> Any:
        self.asked.append(value)
        await self._answers.acquire()
        if not isinstance(value, int):
            raise ValueError(f"not {value}")
        self.value = value
        return value

    def answer(self, times: int) -> None:
        for _ in range(times):
            self._answers.release()


async def wishes(newest: Newest, values: list[Any]) -> list[asyncio.Task[Any]]:
    """All of them, the first of which is on its way."""
    found = []
    for value in values:
        found.append(asyncio.create_task(newest.wish(value)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    return found


def run(values: list[Any], answers: int) -> tuple[Slow, list[Any], Newest]:
    async def work() -> tuple[Slow, list[Any], Newest]:
        slow = Slow()
        newest = Newest(slow.ask)
        tasks = await wishes(newest, values)
        slow.answer(answers)
        found = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 60)
        await asyncio.sleep(0)
        return slow, [repr(one) if isinstance(one, Exception) else one for one in found], newest

    return asyncio.run(work())


def test_a_piece_that_is_slow_is_asked_for_the_first_and_the_last() -> None:
    slow, found, newest = run(list(range(100)), 2)
    assert slow.asked == [0, 99]
    assert found == [0] + [99] * 99
    assert slow.value == 99
    assert newest.rests


def test_one_after_the_other_are_all_asked_for() -> None:
    async def work() -> None:
        slow = Slow()
        newest = Newest(slow.ask)
        slow.answer(3)
        assert [await newest.wish(value) for value in (1, 2, 3)] == [1, 2, 3]
        assert slow.asked == [1, 2, 3]

    asyncio.run(work())


def test_where_the_newest_is_refused_the_one_before_counts() -> None:
    slow, found, _ = run([1, 2, "nonsense", "more"], 4)
    assert slow.asked == [1, "more", "nonsense", 2]
    assert slow.value == 2
    assert found == [1, 2, "ValueError('not nonsense')", "ValueError('not more')"]


def test_who_waits_no_more_takes_nothing_from_the_others() -> None:
    async def work() -> None:
        slow = Slow()
        newest = Newest(slow.ask)
        first, second, third = await wishes(newest, [1, 2, 3])
        third.cancel()
        first.cancel()
        await asyncio.sleep(0)
        slow.answer(2)
        assert await asyncio.wait_for(second, 60) == 3
        assert slow.value == 3
        with pytest.raises(asyncio.CancelledError):
            await first

    asyncio.run(work())


def test_where_nobody_answers_all_are_told_at_once() -> None:
    async def work() -> None:
        async def ask(_: Any) -> Any:
            await asyncio.sleep(0.01)
            raise SilentError

        newest = Newest(ask)
        found = await asyncio.wait_for(asyncio.gather(*map(newest.wish, range(1000)), return_exceptions=True), 60)
        assert all(isinstance(one, SilentError) for one in found)
        assert newest.rests

    asyncio.run(work())
