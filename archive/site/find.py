"""The questions that the pages put to the published copy, each bounded whatever was typed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from datasette.app import Datasette
from datasette.database import Database, QueryInterrupted

from archive.search import Query, Reading
from archive.site.state import FILTERS, State

CAPPED = 20_000  # hits that are counted, filtered and paged through: the newest
PAGE_SIZE = 20
FACETS = ("province", "portal", "section", "year")
FACET_SIZE = 100  # values of a filter; the page folds up those after the first few

# Around what matched; replaced by <mark> after escaping. No text of the archive holds control characters.
BEGIN, END = "\x02", "\x03"

HITS = f"select rowid from articles_fts where articles_fts match :match order by rowid desc limit {CAPPED}"
LISTED = "a.id, a.seq, a.title, a.lead, a.published, a.portal, a.portal_name, a.province, a.section, a.gone"


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one filter among the hits, with the filter itself taken off: the others stay in reach."""

    name: str
    values: list[Mapping[str, Any]]


@dataclass(slots=True)
class Found:
    """One page of results. `bounded`: there are more hits than the newest CAPPED, which alone are counted."""

    n: int = 0
    bounded: bool = False
    reading: Reading | None = None
    rows: list[Mapping[str, Any]] = field(default_factory=list)
    facets: list[Facet] = field(default_factory=list)
    apart: int = 0  # further articles that hold the words apart
    too_slow: bool = False


def copy(datasette: Datasette) -> Database:
    """The published copy."""
    return datasette.get_database("archive")


async def rows(datasette: Datasette, sql: str, values: Mapping[str, Any] | None = None) -> list[Mapping[str, Any]]:
    """Rows as mappings. SQL errors are not printed with their values: no query of a reader is logged."""
    result = await copy(datasette).execute(sql, dict(values or {}), log_sql_errors=False)
    return [dict(row) for row in result.rows]


async def reading(datasette: Datasette, query: Query, *, apart: bool = False, folded: bool = False) -> Reading | None:
    """The strictest reading of a query that has a hit in the whole archive; None if none has."""
    for candidate in query.readings(apart=apart, folded=folded):
        sql = "select 1 from articles_fts where articles_fts match :match limit 1"
        if await rows(datasette, sql, {"match": candidate.match}):
            return candidate
    return None


@dataclass(frozen=True, slots=True)
class Selection:
    """All articles that a state names. `where`: an SQL condition on `articles a`; `values`: its parameters."""

    reading: Reading | None
    where: str
    values: Mapping[str, Any]


async def selection(datasette: Datasette, state: State) -> Selection | None:
    """What feeds, exports and alerts take: every hit, not the newest alone. None where the words find nothing.

    Raises QueryInterrupted where that takes longer than the site allows.
    """
    conditions = [f"a.{name} in (select value from json_each(:{name}))" for name in FILTERS if name in state.filters]
    values: dict[str, Any] = {name: json.dumps(values) for name, values in state.filters.items()}
    query, chosen = state.query, None
    if query is not None:
        chosen = await reading(datasette, query, apart=state.apart, folded=state.folded)
        if chosen is None:
            return None
        conditions.append("a.seq in (select rowid from articles_fts where articles_fts match :match)")
        values["match"] = chosen.match
    return Selection(chosen, " and ".join(conditions) or "1", values)


async def search(
    datasette: Datasette,
    query: Query | None,
    filters: Mapping[str, str],
    *,
    page: int = 1,
    apart: bool = False,
    folded: bool = False,
) -> Found:
    """One page of the newest hits; without a query, of all articles that pass the filters."""
    found = Found()
    try:
        if query is not None:
            found.reading = await reading(datasette, query, apart=apart, folded=folded)
            if found.reading is None:
                return found
        await _fill(datasette, query, filters, page, found)
    except QueryInterrupted:
        return Found(too_slow=True)
    return found


async def _fill(datasette: Datasette, query: Query | None, filters: Mapping[str, str], page: int, found: Found) -> None:
    match = found.reading.match if found.reading else None
    found.n = await count(datasette, match, filters)
    everything = await count(datasette, match, {}) if match and filters else found.n
    found.bounded = match is not None and everything >= CAPPED
    found.rows = await _page(datasette, match, filters, page)
    found.facets = [await _facet(datasette, match, filters, name) for name in FACETS]
    if query is not None and found.reading and not found.reading.apart:
        loose = query.match(folded=found.reading.folded, apart=True)
        if loose != match:
            found.apart = await count(datasette, loose, filters) - found.n


async def count(datasette: Datasette, match: str | None, filters: Mapping[str, str]) -> int:
    """How many of the newest CAPPED hits pass the filters; without a match, how many articles."""
    where, values = _where(match, filters)
    counted = await rows(datasette, f"select count(*) as n from articles a where {where}", values)
    return int(counted[0]["n"])


async def _page(
    datasette: Datasette, match: str | None, filters: Mapping[str, str], page: int
) -> list[Mapping[str, Any]]:
    where, values = _where(match, filters)
    listed = await rows(
        datasette,
        f"select {LISTED} from articles a where {where} order by a.seq desc "
        f"limit {PAGE_SIZE} offset {(page - 1) * PAGE_SIZE}",
        values,
    )
    if match is None:
        return listed
    marked = await _marked(datasette, match, [row["seq"] for row in listed])
    return [{**row, **marked.get(row["seq"], {})} for row in listed]


async def _marked(datasette: Datasette, match: str, seqs: list[int]) -> dict[int, Mapping[str, Any]]:
    """Title, lead and excerpts of body and files with what matched between BEGIN and END, in the text as written."""
    first = 4 if "title_f" in match else 0  # the column that matched; both show the original
    sql = (
        f"select rowid as seq, highlight(articles_fts, {first}, :begin, :end) as title, "
        f"snippet(articles_fts, {first + 1}, :begin, :end, '…', 40) as lead, "
        f"snippet(articles_fts, {first + 2}, :begin, :end, '…', 40) as excerpt, "
        f"snippet(articles_fts, {first + 3}, :begin, :end, '…', 40) as attached "
        f"from articles_fts where articles_fts match :match and rowid in (select value from json_each(:seqs))"
    )
    values = {"match": match, "begin": BEGIN, "end": END, "seqs": json.dumps(seqs)}
    found = await rows(datasette, sql, values)
    return {row["seq"]: row for row in found}


async def _facet(datasette: Datasette, match: str | None, filters: Mapping[str, str], name: str) -> Facet:
    others = {key: value for key, value in filters.items() if key != name}
    where, values = _where(match, others)
    label = "(select name from portals where key = value)" if name == "portal" else "value"
    order = "value desc" if name == "year" else "n desc, value"
    counted = await rows(
        datasette,
        f"select value, {label} as label, n from (select a.{name} as value, count(*) as n from articles a "
        f"where {where} and a.{name} is not null group by a.{name}) order by {order}",
        values,
    )
    chosen = filters.get(name)
    shown = [row for i, row in enumerate(counted) if i < FACET_SIZE or str(row["value"]) == chosen]
    return Facet(name, [{**row, "chosen": str(row["value"]) == chosen} for row in shown])


def _where(match: str | None, filters: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """The condition on articles `a`, and its values. Names of filters come from FACETS alone."""
    conditions = [f"a.{name} = :{name}" for name in FACETS if name in filters]
    values: dict[str, Any] = {name: filters[name] for name in FACETS if name in filters}
    if match is not None:
        conditions.append(f"a.seq in ({HITS})")
        values["match"] = match
    return " and ".join(conditions) or "1", values
