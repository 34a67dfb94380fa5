"""An answer that is too large to hold: read piece by piece while it is sent, so that a slow reader costs no memory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from datasette.utils.asgi import Response

PIECE = 1 << 20  # bytes read and sent at once

Read = Callable[[int, int], bytes]  # where to begin and how many bytes; run in a thread


class Pieces(Response):  # type: ignore[misc]
    """The bytes from `start` to before `end`; none of them where it is `bare`, as to a HEAD."""

    def __init__(
        self,
        read: Read,
        start: int,
        end: int,
        headers: dict[str, str],
        kind: str,
        *,
        status: int = 200,
        bare: bool = False,
        close: Callable[[], None] | None = None,
    ) -> None:
        super().__init__("", status, {**headers, "content-length": str(end - start)}, kind)
        self.read, self.close = read, close
        self.start, self.end = start, start if bare else end

    async def asgi_send(self, send: Any) -> None:
        """Called by Datasette."""
        named = {**self.headers, "content-type": self.content_type}
        headers = [[name.encode(), value.encode()] for name, value in named.items()]
        at = self.start
        try:
            await send({"type": "http.response.start", "status": self.status, "headers": headers})
            while at < self.end and (piece := await asyncio.to_thread(self.read, at, min(PIECE, self.end - at))):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                at += len(piece)
            await send({"type": "http.response.body", "body": b""})
        finally:
            if self.close is not None:
                self.close()
