"""The search page, and the routes of all pages of the site."""

from __future__ import annotations

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from pluggy import HookimplMarker

from archive import search
from archive.site import about, article, cite, document, downloads, find, front, places, rendering, versions
from archive.site.rendering import MAX_TYPED, Routes, readable, render

hookimpl = HookimplMarker("datasette")


async def results(datasette: Datasette, request: Request) -> Response:
    """Hits of ?q=, newest first, with filters beside them; without words, all articles of the filters."""
    typed = request.args.get("q", "").strip()[:MAX_TYPED]
    filters = {name: value for name in find.FACETS if (value := request.args.get(name))}
    apart, folded = request.args.get("words") == "apart", request.args.get("accents") == "any"
    last = find.CAPPED // find.PAGE_SIZE
    asked = request.args.get("page", "1")
    page = min(max(int(asked), 1), last) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    query = search.parse(typed) if typed else None
    found = await find.search(datasette, query, filters, page=page, apart=apart, folded=folded)
    state = {"q": typed, **filters, "words": "apart" if apart else "", "accents": "any" if folded else ""}
    context = {
        "q": typed,
        "query": query,
        "found": found,
        "filters": filters,
        "state": state,
        "page": page,
        "pages": min(last, max(1, -(-found.n // find.PAGE_SIZE))),
        "several": query is not None and query.match(folded=True, apart=True) != query.match(folded=True, apart=False),
        "capped": find.CAPPED,
    }
    return await render(datasette, request, "site_search.html", context)


ROUTES: Routes = [(r"^/search$", results)]
MODULES = (
    ROUTES,
    front.ROUTES,
    article.ROUTES,
    versions.ROUTES,
    cite.ROUTES,
    document.ROUTES,
    places.ROUTES,
    about.ROUTES,
    downloads.ROUTES,
    rendering.ROUTES,
)


@hookimpl
def register_routes() -> Routes:
    """The routes of every module of pages; those of a plugin are tried before Datasette's own."""
    return [(path, readable(page)) for routes in MODULES for path, page in routes]
