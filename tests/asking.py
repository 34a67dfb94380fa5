"""The site asked in this very process, as readers ask it."""

from __future__ import annotations

import asyncio
from typing import Any

from datasette.app import Datasette


def answer_of(datasette: Datasette, path: str, method: str = "get", **options: Any) -> Any:
    """What the site answers to one request; `options` as httpx takes them: headers, cookies."""

    async def ask() -> Any:
        await datasette.invoke_startup()
        return await getattr(datasette.client, method)(path, **options)

    return asyncio.run(ask())
