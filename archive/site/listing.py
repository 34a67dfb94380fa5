"""Lists of articles made at publishing (archive/counting.py), read a page at a time, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request

from archive.build import EPOCH, SEQ_PER_DAY
from archive.site import charts, find

PAGE_SIZE = 20
LAST_PAGE = 1_000

_LISTED = "select seq from listed where list = :list"
_OF_A_PORTAL = "select seq from articles where portal = :key"


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


async def listing(datasette: Datasette, request: Request, name: str) -> Listing:
    """A page of a list by its name ("document/ID", "from/KEY", ...): ?year= and ?page= choose what of it."""
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
    found.rows = await some(datasette, name, year=year, offset=(page - 1) * PAGE_SIZE)
    return found


async def some(
    datasette: Datasette, name: str, *, year: int | None = None, limit: int = PAGE_SIZE, offset: int = 0
) -> list[Mapping[str, Any]]:
    """Articles of a list, newest first."""
    kind, _, key = name.partition("/")
    source = _OF_A_PORTAL if kind == "from" else _LISTED
    values = {"list": name, "key": key, "limit": limit, "offset": offset, "year": year}
    dated = ""
    if year is not None:
        source += " and seq >= :low and seq < :high"
        values |= {"low": _first_seq(year), "high": _first_seq(year + 1)}
        dated = "where a.year = :year"  # an undated article stands where it was first seen
    return await find.rows(
        datasette,
        f"select {find.LISTED}, a.revision_count from ({source} order by seq desc limit :limit offset :offset) l "
        f"join articles a on a.seq = l.seq {dated} order by a.seq desc",
        values,
    )


def _first_seq(year: int) -> int:
    return (date(min(max(year, 1), 9999), 1, 1) - EPOCH).days * SEQ_PER_DAY


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0
