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

AT_ONCE = 3  # one more than there are threads, so that none is idle while a page is written

_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


@asynccontextmanager
async def turn() -> AsyncIterator[None]:
    """Wait for one's turn; within the block it is."""
    loop = asyncio.get_running_loop()
    async with _turns.setdefault(loop, asyncio.Semaphore(AT_ONCE)):
        yield
