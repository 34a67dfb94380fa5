"""How a query is understood in a copy, and what it selects. Each question is bounded whatever was typed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from datasette.app import Datasette
from datasette.database import Database

from archive import abbreviations
from archive.search import Grams, Query, Reading
from archive.search.addresses import address_key, is_address
from archive.search.expanding import BEGINNINGS, CitedCode, Expanded, expand, wanted
from archive.site import memory
from archive.site.narrowing import Narrowing, narrow
from archive.site.state import State

CAPPED = 10_000  # hits that are counted and paged through: the newest

# Around what matched; replaced by <mark> after escaping. No text of the archive holds control characters.
BEGIN, END = "\x02", "\x03"

_grams_of: dict[str, Grams] = {}  # by the path of their copy

LISTED = "a.id, a.seq, a.title, a.lead, a.published, a.portal, a.portal_name, a.province, a.section, a.gone"
_LONGEST_ADDRESS = 8  # parameters, of which any one may be a session of an unknown name


def copy(datasette: Datasette) -> Database:
    """The published copy."""
    return datasette.get_database("archive")


async def rows(datasette: Datasette, sql: str, values: Mapping[str, Any] | None = None) -> list[Mapping[str, Any]]:
    """Rows as mappings. SQL errors are not printed with their values: no query of a reader is logged."""
    result = await copy(datasette).execute(sql, dict(values or {}), log_sql_errors=False)
    return [dict(row) for row in result.rows]


@dataclass(frozen=True, slots=True)
class Understood:
    """A query with what may stand for its words, and the reading that is the answer; None where none has a hit."""

    expanded: Expanded
    reading: Reading | None

    @property
    def query(self) -> Query:
        """The query, expanded."""
        return self.expanded.query


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
    understood = await understand(datasette, state)
    if understood is not None and understood.reading is None:
        return None
    reading = understood.reading if understood else None
    narrowing = await narrowed(datasette, state)
    if reading is None and not state.narrowed:
        return Selection(None, "1", {})
    where = "a.seq in (select rowid from articles_fts where articles_fts match :match and rowid between :low and :high)"
    return Selection(reading, where, hits_of(reading, narrowing))


async def understand(datasette: Datasette, state: State) -> Understood | None:
    """How what was typed is read in this copy; None where nothing was. Raises QueryInterrupted."""
    query = state.query
    if query is None:
        return None
    expanded = await expansion(datasette, query, literal=state.literal)
    # Best first ranks phrases above words apart, so that it holds both.
    chosen = await reading(datasette, expanded.query, apart=state.apart or state.best, folded=state.folded)
    return Understood(expanded, chosen)


async def expansion(datasette: Datasette, query: Query, *, literal: bool = False) -> Expanded:
    """The query with what else may stand for its words; `literal`: abbreviations are left as typed."""
    needed = wanted(query)
    beginnings = {
        beginning: [row["word"] for row in await rows(datasette, _BEGINNING, {"beginning": beginning})]
        for beginning in sorted(needed.beginnings)
    }
    codes = {}
    if needed.codes:
        sql = (
            "select value, label, token from filter_values where filter = 'cited' "
            "and value in (select value from json_each(:codes))"
        )
        found = await rows(datasette, sql, {"codes": json.dumps(sorted(needed.codes))})
        codes = {row["value"]: CitedCode(row["label"], row["token"]) for row in found}
    expanded = expand(query, beginnings, codes, None if literal else abbreviations.load())
    return replace(expanded, query=replace(expanded.query, grams=await _grams(datasette)))


async def _grams(datasette: Datasette) -> Grams:
    """The common words of the copy and their common rows, which never change."""
    path = str(copy(datasette).path)
    if path not in _grams_of:
        words = await rows(datasette, "select word, code from common_words")
        common = await rows(datasette, "select codes from common_rows")
        _grams_of.clear()  # of the copy before
        _grams_of[path] = Grams({row["word"]: row["code"] for row in words}, frozenset(row["codes"] for row in common))
    return _grams_of[path]


_BEGINNING = f"""
    select word from vocabulary where word >= :beginning and word < :beginning || char(1114111)
    order by n desc, word limit {BEGINNINGS + 1}
"""


async def reading(datasette: Datasette, query: Query, *, apart: bool = False, folded: bool = False) -> Reading | None:
    """The strictest reading of a query that has a hit in the whole archive; None if none has."""
    for candidate in query.readings(apart=apart, folded=folded):
        if await _has_a_hit(datasette, candidate):
            return candidate
    return None


async def _has_a_hit(datasette: Datasette, candidate: Reading) -> bool:
    question = (str(copy(datasette).path), "hit", candidate.match)
    known = memory.recall(*question)
    if known is None:
        sql = "select 1 from articles_fts where articles_fts match :match limit 1"
        known = memory.keep(bool(await rows(datasette, sql, {"match": candidate.match})), *question)
    return bool(known)


async def narrowed(datasette: Datasette, state: State) -> Narrowing:
    """The filters of a state."""

    async def ask(sql: str, values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        return await rows(datasette, sql, values)

    return await narrow(ask, state)


def hits_of(reading: Reading | None, narrowing: Narrowing) -> dict[str, Any]:
    """The parameters `match`, `low` and `high` of the hits of a reading that pass the filters."""
    match = narrowing.match(reading.match if reading else None)
    return {"match": match, "low": narrowing.low, "high": narrowing.high}


async def address(datasette: Datasette, typed: str) -> int | None:
    """The article of an address in any form it was ever seen in; None for what is no address, or of no article."""
    if not is_address(typed):
        return None
    key = address_key(typed)
    host, _, parameters = key.partition("?")
    parts = parameters.split("&")[:_LONGEST_ADDRESS] if parameters else []
    # As it is; then without any one of its parameters, which may be a session.
    forms = [key, *("?".join(filter(None, (host, "&".join(p for p in parts if p != left_out)))) for left_out in parts)]
    for form in dict.fromkeys(forms):
        if found := await rows(datasette, "select article from addresses where address = :form", {"form": form}):
            return int(found[0]["article"])
    return None
