"""What the plugin adds to Datasette's own table page of articles: the search, and titles that link."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from datasette.app import Datasette
from datasette.database import QueryInterrupted
from datasette.filters import FilterArguments
from datasette.utils import path_with_replaced_args
from datasette.utils.asgi import Request
from markupsafe import Markup
from pluggy import HookimplMarker

from archive import search
from archive.site import find

hookimpl = HookimplMarker("datasette")


@hookimpl(trylast=True)  # after Datasette's own search filter, whose "no search here" it overrules
def filters_from_request(
    request: Request, database: str, table: str, datasette: Datasette
) -> Callable[[], Awaitable[FilterArguments | None]]:
    """?_search= takes the queries of /search; ?_words=apart and ?_accents=any skip the stricter readings."""

    async def inner() -> FilterArguments | None:
        if (database, table) != ("archive", "articles"):
            return None
        context: dict[str, Any] = {"supports_search": True}
        typed = request.args.get("_search", "")
        if not typed.strip():
            return FilterArguments([], extra_context=context)
        query = search.parse(typed)
        apart, folded = request.args.get("_words") == "apart", request.args.get("_accents") == "any"
        try:
            reading = await find.reading(datasette, query, apart=apart, folded=folded)
            context |= {"search": typed, "notice": await _notice(datasette, request, query, reading)}
        except QueryInterrupted:
            reading = None
        return FilterArguments(
            [f"seq in ({find.HITS})"],
            {"match": reading.match if reading else search.NOTHING},
            [_describe(typed, query, reading)],
            context,
        )

    return inner


async def _notice(
    datasette: Datasette, request: Request, query: search.Query, reading: search.Reading | None
) -> dict[str, Any]:
    """What the page says below its title: how the query was read, and the looser result one step away."""
    notice: dict[str, Any] = {"folded": False, "apart": 0, "url": ""}
    if reading is None:
        return notice
    notice["folded"] = query.accented and reading.folded
    loose = query.match(folded=reading.folded, apart=True)
    if not reading.apart and loose != reading.match:
        n = await find.count(datasette, loose, {})
        if n > await find.count(datasette, reading.match, {}):
            arguments = {"_words": "apart", "_next": None}
            notice |= {"apart": n, "url": path_with_replaced_args(request, arguments)}
    return notice


def _describe(typed: str, query: search.Query, reading: search.Reading | None) -> str:
    shown = " ".join(typed.split())[:100]
    if reading is None:
        return f"“{shown}”"
    manner = "các từ rời nhau / words apart" if reading.apart else "cụm từ / phrase"
    if query.match(folded=reading.folded, apart=True) == query.match(folded=reading.folded, apart=False):
        manner = "từ / words"
    accents = ", không phân biệt dấu / accents ignored" if query.accented and reading.folded else ""
    return f"“{shown}” ({manner}{accents})"


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str, database: str, datasette: Datasette) -> Any:
    """A title on the table page leads to the article's own page."""
    if (database, table, column) == ("archive", "articles", "title") and "id" in list(row.keys()):
        return Markup('<a href="{}">{}</a>').format(datasette.urls.path(f"/a/{row['id']}"), value)
    return None
