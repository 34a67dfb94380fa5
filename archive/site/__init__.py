"""The site: a Datasette plugin with pages of its own, Vietnamese first, and the search on Datasette's tables.

Registered without an entry point, by serve.py; its static files are under /-/static-plugins/archive.site/.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import traceback
from collections.abc import Awaitable, Callable
from json import JSONDecodeError
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Base400, Request, Response
from datasette.views.base import DatasetteError
from jinja2 import Environment
from pluggy import HookimplMarker

from archive import search
from archive.i18n import Language
from archive.site import whole
from archive.site.guarding import guarded
from archive.site.health import stale_since
from archive.site.pages import register_routes
from archive.site.rendering import render
from archive.site.table import filters_from_request, render_cell

__all__ = ["filters_from_request", "register_routes", "render_cell"]  # hooks that Datasette looks up here

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
    env.globals["stale_since"] = lambda: stale_since(datasette)
    env.globals["whole_files"] = lambda: whole.listed(datasette)


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[Any], Any]:
    """One copy a request, and the headers of every answer, errors and files included."""
    return lambda app: guarded(app, datasette)


@hookimpl
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Callable[[], Awaitable[Response]]:
    """An error page in the site's own dress; takes the place of Datasette's handler (see serve.py)."""

    async def inner() -> Response:
        known = isinstance(exception, Base400 | DatasetteError | JSONDecodeError)
        status = int(getattr(exception, "status", 500)) if known else 500
        if known and status == 500:
            status = 400  # what Datasette raises by name, an unknown column and the like, is asked wrongly
        elif not known:
            # Where it happened, and not its message: that may repeat what a reader searched for.
            where = "".join(traceback.format_tb(exception.__traceback__))
            log.error("%s on a page of the site\n%s", type(exception).__name__, where)
        message = str(exception.args[0] if exception.args else exception) if known else "internal error"
        return await _refusal(datasette, request, status, message)

    return inner


@hookimpl
def forbidden(datasette: Datasette, request: Request, message: str) -> Callable[[], Awaitable[Response]]:
    """Closed pages look like the site's other errors."""

    async def inner() -> Response:
        return await _refusal(datasette, request, 403, "closed")

    return inner


async def _refusal(datasette: Datasette, request: Request, status: int, message: str) -> Response:
    """An error as who asked can read it: JSON for a program, a page for a person."""
    if request.path.split("?")[0].endswith(".json"):
        return Response.json({"ok": False, "error": message, "status": status}, status=status)
    return await render(datasette, request, "site_error.html", {"status": status}, status=status)
