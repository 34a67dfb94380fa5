"""Whose turn it is to search: few at once, the others in the order in which they came.

A search asks the copy some eight questions. Were those of sixteen readers asked in turn about, each of them would wait
for all the others at every question, and whoever asks for the most would wait for seconds; and an article, which costs
next to nothing, would wait behind sixteen of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

MORE = 1  # searches than threads, so that none of these is idle while a page is written

_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


@asynccontextmanager
async def turn(threads: int) -> AsyncIterator[None]:
    """Wait for one's turn; within the block it is. `threads`: that ask the copy."""
    loop = asyncio.get_running_loop()
    async with _turns.setdefault(loop, asyncio.Semaphore(threads + MORE)):
        yield
