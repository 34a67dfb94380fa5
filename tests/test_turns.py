"""Few searches are made at once; the others wait in the order in which they came."""

from __future__ import annotations

import asyncio

import pytest

from archive.site.turns import MORE, turn

THREADS = 2


def test_few_search_at_once_and_whoever_came_first_goes_first() -> None:
    begun: list[int] = []
    at_work: set[int] = set()
    most = 0

    async def reader(number: int) -> None:
        nonlocal most
        async with turn(THREADS):
            begun.append(number)
            at_work.add(number)
            most = max(most, len(at_work))
            for _ in range(5 - number % 3):
                await asyncio.sleep(0)
            at_work.remove(number)

    async def all_readers() -> None:
        await asyncio.gather(*map(reader, range(16)))

    asyncio.run(all_readers())
    assert begun == list(range(16)) and most == THREADS + MORE
    asyncio.run(all_readers())  # another server in the same process


def test_a_search_that_fails_or_is_given_up_leaves_its_turn_to_the_next() -> None:
    async def fails() -> None:
        async with turn(THREADS):
            await asyncio.sleep(0)
            raise LookupError

    async def is_given_up() -> None:
        async with turn(THREADS):
            await asyncio.Event().wait()

    async def all_readers() -> None:
        waiting = [asyncio.create_task(is_given_up()) for _ in range(2 * THREADS)]
        await asyncio.sleep(0)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        for _ in range(2 * THREADS):
            with pytest.raises(LookupError):
                await fails()
        async with asyncio.timeout(5), turn(THREADS):
            pass

    asyncio.run(all_readers())
