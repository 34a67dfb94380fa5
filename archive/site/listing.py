"""The articles of a document, a portal or a province: a search by one filter, a page at a time, newest first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request

from archive.site import charts, find
from archive.site.state import State

PAGE_SIZE = 20
LAST_PAGE = find.CAPPED // PAGE_SIZE

_SEQS = (
    "select rowid as seq from articles_fts where articles_fts match :match and rowid between :low and :high "
    "order by rowid desc limit :limit offset :offset"
)


@dataclass(slots=True)
class Listing:
    """One page of a list. `n` counts the whole list, or the year that is chosen; `months` are all of its months."""

    n: int
    year: int | None
    page: int
    pages: int
    timeline: charts.Timeline
    months: dict[str, int]
    rows: list[Mapping[str, Any]] = field(default_factory=list)


async def listing(datasette: Datasette, request: Request, name: str, filters: Mapping[str, str]) -> Listing:
    """A page of what some filters of the search name, counted under `name`; ?year= and ?page= choose what of it."""
    counted = await find.rows(datasette, "select month, n from month_counts where list = :list", {"list": name})
    months = {row["month"]: row["n"] for row in counted}
    total = months.pop("", 0)
    timeline = charts.timeline(months)
    years = {year.year: year.n for year in timeline.years}
    asked = _number(request.args.get("year"))
    year = asked if asked in years else None
    n = years[year] if year is not None else total
    pages = min(LAST_PAGE, max(1, -(-n // PAGE_SIZE)))
    page = min(_number(request.args.get("page")) or 1, pages)
    found = Listing(n, year, page, pages, timeline, months)
    chosen = dict(filters) | ({"year": str(year)} if year is not None else {})
    found.rows = await some(datasette, chosen, offset=(page - 1) * PAGE_SIZE)
    return found


async def some(
    datasette: Datasette, filters: Mapping[str, str], *, limit: int = PAGE_SIZE, offset: int = 0
) -> list[Mapping[str, Any]]:
    """Articles that pass some filters of the search, newest first."""
    state = State(filters={name: (value,) for name, value in filters.items()})
    hits = find.hits_of(None, await find.narrowed(datasette, state))
    seqs = await find.rows(datasette, _SEQS, hits | {"limit": limit, "offset": offset})
    return await find.rows(
        datasette,
        f"select {find.LISTED}, a.revision_count from articles a "
        "where a.seq in (select value from json_each(:seqs)) order by a.seq desc",
        {"seqs": json.dumps([row["seq"] for row in seqs])},
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0
