"""The results page: hits, filters beside them, the timeline, and how the query was read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from urllib.parse import quote_plus

from datasette.app import Datasette
from datasette.database import QueryInterrupted
from datasette.utils.asgi import Request, Response

from archive.site import counting, find, hits
from archive.site.counting import Value
from archive.site.find import Understood
from archive.site.narrowing import Narrowing
from archive.site.rendering import Routes, kept_language, render
from archive.site.state import FILTERS, State
from archive.site.timeline import Timeline, timeline, undated
from archive.site.turns import turn

FURTHER = 1_000  # articles with the words apart that are counted
FOLDED_AFTER = 8  # values of a filter; the further ones are a click away

# The groups beside the hits, in their order; year and month are the timeline's.
GROUPS = (
    *("province", "province_then", "province_named", "portal", "organisation", "section", "document"),
    *("edited", "withdrawn", "reprint"),
)


@dataclass(slots=True)
class Found:
    """What a results page shows. `n` is at most find.CAPPED; `more_than`: there are further hits."""

    understood: Understood | None = None
    n: int = 0
    more_than: bool = False
    divided_whole: bool = True
    rows: list[Mapping[str, Any]] = field(default_factory=list)
    further: bool = False  # whether a next page has hits
    facets: dict[str, list[Value]] = field(default_factory=dict)
    timeline: Timeline = field(default_factory=lambda: Timeline((), ()))
    apart: int = 0  # further articles that hold the words apart
    apart_more_than: bool = False
    too_slow: bool = False


async def results(datasette: Datasette, request: Request) -> Response:
    """Hits of ?q=, with filters beside them; without words, all articles of the filters. An address opens its
    article."""
    state = State.of(request.args)
    language = kept_language(request)
    to = _addresses(datasette, language)
    if (article := await find.address(datasette, state.typed)) is not None:
        lang = f"?lang={language}" if language else ""
        return Response.redirect(datasette.urls.path(f"/a/{article}") + lang)
    page = _page(request.args.get("page", "1"), hits.LAST_BEST_PAGE if state.best and state.typed else hits.LAST_PAGE)
    try:
        async with turn(datasette.setting("num_sql_threads")):
            found = await search(datasette, state, page)
    except QueryInterrupted:
        found = Found(too_slow=True)
    context = {
        "q": state.typed,
        "state": state,
        "found": found,
        "page": page,
        "to": to,
        "groups": GROUPS,
        "folded_after": FOLDED_AFTER,
        "capped": find.CAPPED,
        "divided": counting.DIVIDED,
        "chosen": _chosen(state, found),
        "meanings": _meanings(state, found),
        "replace": replace,
        "undated": undated(state),
        "several": _several(found.understood),
        "reading": found.understood.reading if found.understood else None,
        "expanded": found.understood.expanded if found.understood else None,
    }
    return await render(datasette, request, "site_search.html", context)


async def search(datasette: Datasette, state: State, page: int = 1) -> Found:
    """Everything on a page of results. Raises QueryInterrupted."""
    understood = await find.understand(datasette, state)
    found = Found(understood)
    if understood is not None and understood.reading is None:
        return found
    reading = understood.reading if understood else None
    narrowing = await find.narrowed(datasette, state)
    newest = await counting.newest(datasette, reading, narrowing)
    found.rows, found.further = await hits.page_of(datasette, state, understood, narrowing, newest.seqs, page)
    n = len(newest.seqs)
    found.n, found.more_than, found.divided_whole = min(n, find.CAPPED), n > find.CAPPED, newest.divided_whole
    found.facets = await counting.facets(datasette, state, reading, narrowing, newest)
    found.timeline = timeline(state, found.facets)
    if understood is not None and not found.more_than:
        await _count_apart(datasette, understood, narrowing, found)
    return found


async def _count_apart(datasette: Datasette, understood: Understood, narrowing: Narrowing, found: Found) -> None:
    """How many articles more have the words, but not as a phrase."""
    reading = understood.reading
    if reading is None or reading.apart:
        return
    loose = replace(reading, match=understood.query.match(accents=reading.accents, apart=True), apart=True)
    if loose.match != reading.match:
        most = min(found.n + FURTHER, find.CAPPED)
        n = await counting.count(datasette, loose, narrowing, most)
        found.apart, found.apart_more_than = max(0, min(n, most) - found.n), n > most


def _several(understood: Understood | None) -> bool:
    """Whether the words of a query can stand together and apart."""
    if understood is None:
        return False
    query = understood.query
    return query.match(folded=True, apart=True) != query.match(folded=True, apart=False)


def _page(asked: str, last: int) -> int:
    return min(max(int(asked), 1), last + 1) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def _addresses(datasette: Datasette, language: str) -> Callable[..., str]:
    path = str(datasette.urls.path("/search"))
    # A page links to some three hundred states that differ in one value.
    quoted = cache(lambda value: quote_plus(value, errors="replace"))

    def to(state: State, page: int = 1) -> str:
        """The address of a state, in the language of the page."""
        pairs = state.pairs() + ([("page", str(page))] if page > 1 else [])
        pairs += [("lang", language)] if language else []
        query = "&".join(f"{name}={quoted(value)}" for name, value in pairs)
        return f"{path}?{query}" if query else path

    return to


def _chosen(state: State, found: Found) -> list[dict[str, Any]]:
    """The filters that are set, each with the search that is left without it."""
    chosen = []
    for name in FILTERS:
        labels = {value.value: value.label for value in found.facets.get(name, ())}
        for value in state.filters.get(name, ()):
            label = labels.get(value) or value
            chosen.append({"name": name, "value": value, "label": label, "state": state.toggled(name, value)})
    if state.since:
        chosen.append({"name": "from", "value": state.since, "label": state.since, "state": replace(state, since="")})
    if state.until:
        chosen.append({"name": "to", "value": state.until, "label": state.until, "state": replace(state, until="")})
    return chosen


def _meanings(state: State, found: Found) -> dict[str, list[tuple[str, State]]]:
    """What ambiguous abbreviations may mean, each with the search that means it."""
    if found.understood is None:
        return {}
    meanings: dict[str, list[tuple[str, State]]] = {}
    for typed, phrases in found.understood.expanded.ambiguous.items():
        spot = re.compile(rf"(?<!\w){re.escape(typed)}(?!\w)")
        states = [replace(state, typed=spot.sub(f'"{phrase}"', state.typed, count=1)) for phrase in phrases]
        meanings[typed] = [pair for pair in zip(phrases, states, strict=True) if pair[1].typed != state.typed]
    return {typed: pairs for typed, pairs in meanings.items() if pairs}


ROUTES: Routes = [(r"^/search$", results)]
