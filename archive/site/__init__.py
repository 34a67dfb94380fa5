"""The site: a Datasette plugin with pages of its own, Vietnamese first, and the search on Datasette's tables.

Registered without an entry point, by serve.py; its static files are under /-/static-plugins/archive.site/.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Base400, Request, Response
from datasette.views.base import DatasetteError
from jinja2 import Environment
from pluggy import HookimplMarker

from archive import search
from archive.site.i18n import Language
from archive.site.pages import register_routes
from archive.site.rendering import render
from archive.site.table import filters_from_request, render_cell

__all__ = ["filters_from_request", "register_routes", "render_cell"]  # hooks that Datasette looks up here

OWN_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# Datasette's own pages carry inline style and three small inline scripts.
DATASETTE_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; "
    "connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

hookimpl = HookimplMarker("datasette")
log = logging.getLogger(__name__)


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """vn_norm() and vn_fold() in every connection."""
    search.register(conn)


@hookimpl
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    """What the templates that Datasette renders itself need as well: both languages, and the style sheets."""
    folder = Path(__file__).parent / "static"
    versions = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12] for path in folder.iterdir()}
    at = datasette.urls.path("/-/static-plugins/archive.site/")
    env.globals["static"] = lambda name: f"{at}{name}?{versions[name]}"
    env.globals["vi"], env.globals["en"] = Language("vi"), Language("en")


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[Any], Any]:
    """Headers of every answer, errors and files included."""
    return lambda app: _with_headers(app, str(datasette.setting("base_url")))


def _with_headers(app: Any, base_url: str) -> Any:
    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        async def send_with_headers(event: dict[str, Any]) -> None:
            if event["type"] == "http.response.start":
                own = {name.lower() for name, _ in event["headers"]}  # a page that knows better keeps its own
                added = [pair for pair in _headers(scope["path"], base_url) if pair[0] not in own]
                event = {**event, "headers": [*event["headers"], *added]}
            await send(event)

        await app(scope, receive, send_with_headers)

    return wrapped


def _headers(path: str, base_url: str) -> list[tuple[bytes, bytes]]:
    """Strict for the site's own pages, as strict as they bear it for Datasette's."""
    of_datasette = path.removeprefix(base_url.rstrip("/")).startswith(("/archive", "/-/", "/_"))
    policy = DATASETTE_POLICY if of_datasette else OWN_POLICY
    return [
        (b"content-security-policy", policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
    ]


@hookimpl
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Callable[[], Awaitable[Response]]:
    """An error page in the site's own dress; takes the place of Datasette's handler (see serve.py)."""

    async def inner() -> Response:
        known = isinstance(exception, Base400 | DatasetteError)
        status = int(getattr(exception, "status", 500)) if known else 500
        if known and status == 500:
            status = 400  # what Datasette raises by name, an unknown column and the like, is asked wrongly
        elif not known:
            log.error("%s on a page of the site", type(exception).__name__, exc_info=exception)
        if request.path.split("?")[0].endswith(".json"):
            message = str(exception.args[0] if exception.args else exception) if known else "internal error"
            return Response.json({"ok": False, "error": message, "status": status}, status=status)
        return await render(datasette, request, "site_error.html", {"status": status}, status=status)

    return inner


@hookimpl
def forbidden(datasette: Datasette, request: Request, message: str) -> Callable[[], Awaitable[Response]]:
    """Closed pages look like the site's other errors."""

    async def inner() -> Response:
        return await render(datasette, request, "site_error.html", {"status": 403}, status=403)

    return inner
