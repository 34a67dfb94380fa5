"""What the plugin adds to Datasette's own table page of articles: the search, and titles that link."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from datasette.app import Datasette
from datasette.database import QueryInterrupted
from datasette.filters import FilterArguments
from datasette.utils import path_with_replaced_args
from datasette.utils.asgi import Request
from markupsafe import Markup
from pluggy import HookimplMarker

from archive import search
from archive.site import counting, find
from archive.site.narrowing import Narrowing
from archive.site.state import State

# The newest hits: the table is sorted, counted and faceted by Datasette, whose cost grows with them.
HITS = f"select rowid from articles_fts where articles_fts match :match order by rowid desc limit {find.CAPPED}"

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
        state = State(
            typed=typed, apart=request.args.get("_words") == "apart", folded=request.args.get("_accents") == "any"
        )
        try:
            understood = await find.understand(datasette, state)
            context |= {"search": typed, "notice": await _notice(datasette, request, understood)}
        except QueryInterrupted:
            understood = None
        reading = understood.reading if understood else None
        return FilterArguments(
            [f"seq in ({HITS})"],
            {"match": reading.match if reading else search.NOTHING},
            [_describe(typed, understood)],
            context,
        )

    return inner


async def _notice(datasette: Datasette, request: Request, understood: find.Understood | None) -> dict[str, Any]:
    """What the page says below its title: how the query was read, and the looser result one step away."""
    notice: dict[str, Any] = {"folded": False, "apart": 0, "url": ""}
    if understood is None or understood.reading is None:
        return notice
    query, reading = understood.query, understood.reading
    notice["folded"] = query.accented and reading.folded
    loose = replace(reading, match=query.match(accents=reading.accents, apart=True), apart=True)
    if not reading.apart and loose.match != reading.match:
        n = await counting.count(datasette, loose, Narrowing({}, {}))
        if n > await counting.count(datasette, reading, Narrowing({}, {})):
            arguments = {"_words": "apart", "_next": None}
            notice |= {"apart": min(n, find.CAPPED), "url": path_with_replaced_args(request, arguments)}
    return notice


def _describe(typed: str, understood: find.Understood | None) -> str:
    shown = " ".join(typed.split())[:100]
    if understood is None or understood.reading is None:
        return f"“{shown}”"
    query, reading = understood.query, understood.reading
    manner = "các từ rời nhau / words apart" if reading.apart else "cụm từ / phrase"
    if query.match(accents=reading.accents, apart=True) == query.match(accents=reading.accents, apart=False):
        manner = "từ / words"
    accents = ", không phân biệt dấu / accents ignored" if query.accented and reading.folded else ""
    return f"“{shown}” ({manner}{accents})"


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str, database: str, datasette: Datasette) -> Any:
    """A title on the table page leads to the article's own page."""
    if (database, table, column) == ("archive", "articles", "title") and "id" in list(row.keys()):
        return Markup('<a href="{}">{}</a>').format(datasette.urls.path(f"/a/{row['id']}"), value)
    return None
