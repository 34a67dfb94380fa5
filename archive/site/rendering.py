"""How every page of the site is wrapped and rendered: who may read, which language, which headers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from datasette.app import Datasette
from datasette.utils.asgi import Forbidden, Request, Response

from archive.site.html import marked
from archive.site.i18n import DEFAULT, Language

MAX_TYPED = 400  # characters of a query that a page repeats

Handler = Callable[[Datasette, Request], Awaitable[Response]]
Routes = list[tuple[str, Handler]]  # what a module of pages exports as ROUTES


def readable(page: Handler) -> Handler:
    """What Datasette does for its own pages alone: permission to view, and reading as the only method."""

    async def handler(datasette: Datasette, request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            return await render(datasette, request, "site_error.html", {"status": 405}, status=405)
        for action, resource in (("view-instance", None), ("view-table", ("archive", "articles"))):
            if not await datasette.permission_allowed(request.actor, action, resource, default=True):
                raise Forbidden("closed")
        return await page(datasette, request)

    return handler


async def render(
    datasette: Datasette, request: Request, template: str, context: dict[str, Any], status: int = 200
) -> Response:
    """One of the site's own templates, in the language that the address asks for."""
    language = Language(request.args.get("lang", DEFAULT))

    def link(path: str, **values: object) -> str:
        """An address within the site that keeps the language; what is empty is left out."""
        if language.code != DEFAULT:
            values["lang"] = language.code
        query = urlencode({name: value for name, value in values.items() if value not in (None, "", 0)})
        return str(datasette.urls.path(path)) + (f"?{query}" if query else "")

    shared = {
        "t": language,
        "link": link,
        "marked": marked,
        "q": "",
        "other_url": _other_language(datasette, request, language),
    }
    html = await datasette.render_template(template, shared | context, request=request, view_name="site")
    age = datasette.setting("default_cache_ttl") if status == 200 else 0
    return Response.html(html, status=status, headers={"cache-control": f"max-age={age}"})


def _other_language(datasette: Datasette, request: Request, language: Language) -> str:
    pairs = [
        (name, value[:MAX_TYPED]) for name in request.args if name != "lang" for value in request.args.getlist(name)
    ]
    pairs += [("lang", language.other)] if language.other != DEFAULT else []
    query = urlencode(pairs, errors="replace")
    path = request.path if request.path.startswith("/") and not request.path.startswith("//") else "/"
    return path + (f"?{query}" if query else "")
