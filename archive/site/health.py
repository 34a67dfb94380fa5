"""Is the archive fresh? /-/health for programs, and a banner for readers, when the last good night is too long ago."""

from __future__ import annotations

from datetime import datetime

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archive import clock
from archive.site.copies import NAME, Copy
from archive.site.rendering import Routes

LIMIT = 36  # hours: one night may be missed by half, not two


def hours_since(copy: Copy) -> float | None:
    """Hours since the last good night; None of an archive that never saw a crawl."""
    if copy.night is None:
        return None
    return (clock.now() - datetime.fromisoformat(copy.night)).total_seconds() / 3600


def stale_since(datasette: Datasette) -> str:
    """When the last good night ended (ISO 8601), where that is too long ago; else ""."""
    copy = datasette.databases[NAME].copy
    hours = hours_since(copy)
    return copy.night or "" if hours is not None and hours > LIMIT else ""


async def health(datasette: Datasette, request: Request) -> Response:
    """200 and how fresh the archive is; 503 where it is stale. For monitoring, so never cached."""
    copy = datasette.databases[NAME].copy
    hours = hours_since(copy)
    stale = bool(stale_since(datasette))
    said = {
        "status": "stale" if stale else "ok",
        "last_good_night": copy.night,
        "hours": None if hours is None else round(hours, 1),
        "limit_hours": LIMIT,
        "copy": copy.hash,
        "built": copy.built,
        "articles": copy.counts["articles"],
    }
    return Response.json(said, status=503 if stale else 200, headers={"cache-control": "no-store"})


ROUTES: Routes = [(r"^/-/health$", health)]
