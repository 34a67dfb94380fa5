"""What stands around every page: one copy a request, safe headers, and what is closed to strangers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Forbidden, Request, Response

from archive.site.copies import NAME, Published
from archive.site.rendering import Routes

PLUGIN = "archive.site"  # under which the plugin is registered and configured

OWN_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Datasette's own pages carry inline style; their inline scripts stand in files of ours (static/datasette-*.js).
DATASETTE_POLICY = OWN_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
FORWARDED = (b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip", b"via")

# Datasette's pages about itself (versions, settings, threads, plugins, permissions ...), whatever comes to be added.
OF_DATASETTE_ITSELF = r"^/-/(?!static/|static-plugins/).*$"


async def closed(datasette: Datasette, request: Request) -> Response:
    """A page that is not for strangers. Raises Forbidden."""
    raise Forbidden("closed")


def closed_routes(datasette: Datasette) -> Routes:
    """What strangers do not see; to be tried after the site's own pages, before Datasette's."""
    return [] if is_operators(datasette) else [(OF_DATASETTE_ITSELF, closed)]


def is_operators(datasette: Datasette) -> bool:
    """Whether this is the operator's own site, with SQL and Datasette's pages about itself."""
    return bool((datasette.plugin_config(PLUGIN) or {}).get("operator"))


def guarded(app: Any, datasette: Datasette) -> Callable[..., Any]:
    """The ASGI application with all of it around."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        published: Published = datasette.databases[NAME]  # Datasette wraps before serve.py has put it there
        if scope["type"] == "lifespan":
            await _live(app, scope, receive, send, published)
            return

        async def send_with_headers(event: dict[str, Any]) -> None:
            if event["type"] == "http.response.start":
                event = {**event, "headers": _with_safe_ones(event["headers"], scope["path"], datasette)}
            await send(event)

        if is_operators(datasette) and not _from_this_machine(scope["headers"]):
            await Response.text("This site is for the operator of this machine only.", 403).asgi_send(send_with_headers)
            return
        with published.pinned():
            await app(scope, receive, send_with_headers)

    return wrapped


async def _live(app: Any, scope: dict[str, Any], receive: Any, send: Any, published: Published) -> None:
    """From start to shutdown of the server. A task begun in Datasette's startup hook would be on another event loop."""
    watching: list[asyncio.Task[None]] = []

    async def send_and_watch(event: dict[str, Any]) -> None:
        if event["type"] == "lifespan.startup.complete":
            watching.append(asyncio.create_task(published.watch()))
        await send(event)

    try:
        await app(scope, receive, send_and_watch)
    finally:
        for task in watching:
            task.cancel()


def _from_this_machine(headers: list[tuple[bytes, bytes]]) -> bool:
    """Neither through a web server in front, nor under a stranger's name for this address (DNS rebinding)."""
    given = {name.lower(): value.decode("latin-1") for name, value in headers}
    host = given.get(b"host", "")
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    return name in LOOPBACK and not any(name in given for name in FORWARDED)


def _with_safe_ones(headers: list[tuple[bytes, bytes]], path: str, datasette: Datasette) -> list[tuple[bytes, bytes]]:
    """Added where the page did not say its own: strict for our pages, as strict as they bear it for Datasette's."""
    base_url = str(datasette.setting("base_url")).rstrip("/")
    of_datasette = path.removeprefix(base_url).startswith(("/archive", "/-/", "/_"))
    policy = DATASETTE_POLICY if of_datasette else OWN_POLICY
    said = {name.lower() for name, _ in headers}
    safe = ((b"content-security-policy", policy.encode()), *HEADERS)
    return [*headers, *(header for header in safe if header[0] not in said)]
