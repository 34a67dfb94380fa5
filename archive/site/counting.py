"""How many hits there are, and how they divide over filters and months: exact up to a bound that the page states."""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from datasette.app import Datasette

from archive.filtering import LETTERS
from archive.search import Reading
from archive.site import find, memory
from archive.site.narrowing import Narrowing
from archive.site.state import State

DIVIDED = 5_000  # hits that are divided over filters and months: the newest
SHOWN = {"document": 30, "section": 60}  # values of a filter, at most; of the others more
MOST_SHOWN = 100

_COUNT = """
    select count(*) as n from (select 1 from articles_fts
    where articles_fts match :match and rowid between :low and :high limit :most)
"""
# All that a page asks of the hits, in one walk: the rarer a phrase, the longer FTS5 looks for it, each time anew.
_NEWEST = """
    with hits as materialized (select rowid as seq from articles_fts
        where articles_fts match :match and rowid between :low and :high order by rowid desc limit :most)
    select (select group_concat(seq) from hits) as seqs, (select group_concat(f.tokens, ' ')
        from (select seq from hits limit :divided) h cross join article_filters f on f.seq = h.seq) as tokens
"""
_NAMES = {letter: name for name, letter in LETTERS.items()}


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a filter: `n` of the hits that were divided have it, and `all` articles of the copy."""

    value: str
    label: str
    n: int
    all: int
    given: str = ""  # as the address names it, where it is chosen: by its value or its label

    @property
    def chosen(self) -> bool:
        """Whether the search is narrowed to it."""
        return bool(self.given)


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest hits by their seq, the newest first; and the newest DIVIDED of them by the tokens of their articles.

    Of find.CAPPED hits and more there are one more than that.
    """

    seqs: Sequence[int]
    tokens: Mapping[str, int]

    @property
    def divided_whole(self) -> bool:
        """Whether all hits were divided."""
        return len(self.seqs) <= DIVIDED


async def count(datasette: Datasette, reading: Reading | None, narrowing: Narrowing, most: int = find.CAPPED) -> int:
    """How many hits pass the filters; `most` + 1 where there are more than `most`."""
    values = {**find.hits_of(reading, narrowing), "most": most + 1}
    question = (str(find.copy(datasette).path), "count", *values.values())
    known = memory.recall(*question)
    if known is None:
        known = memory.keep(int((await find.rows(datasette, _COUNT, values))[0]["n"]), *question)
    return int(known)


async def newest(
    datasette: Datasette, reading: Reading | None, narrowing: Narrowing, *, divided: bool = False
) -> Newest:
    """The newest hits that pass the filters, divided over all values of all filters; `divided`: these alone."""
    path, asked = str(find.copy(datasette).path), find.hits_of(reading, narrowing)
    known = memory.recall(path, "newest", *asked.values())
    if known is None and divided:
        known = memory.recall(path, "divided", *asked.values())
    if known is None:
        values = {**asked, "most": DIVIDED if divided else find.CAPPED + 1, "divided": DIVIDED}
        row = (await find.rows(datasette, _NEWEST, values))[0]
        seqs = array("q", map(int, row["seqs"].split(","))) if row["seqs"] else array("q")
        found = Newest(seqs, _largest(Counter((row["tokens"] or "").split())))
        known = memory.keep(found, path, "divided" if divided else "newest", *asked.values())
    return known  # type: ignore[no-any-return]


def _largest(tokens: Counter[str]) -> dict[str, int]:
    """The tokens with the most hits of each filter, those of months and years all: what a page may show."""
    kept: dict[str, int] = {}
    left = {letter: SHOWN.get(name, MOST_SHOWN) for letter, name in _NAMES.items()}
    left |= {LETTERS["month"]: len(tokens), LETTERS["year"]: len(tokens), LETTERS["cited"]: 0}
    for token, n in tokens.most_common():
        if left.get(token[0], 0) > 0:
            left[token[0]] -= 1
            kept[token] = n
    return kept


def taken_off(state: State, narrowing: Narrowing) -> dict[str, Narrowing]:
    """For each filter that is set, and for those of time where any is: the search without it."""
    others = {name: narrowing.without(name) for name in state.filters}
    if state.filters.keys() & {"year", "month"} or state.since or state.until:
        others |= dict.fromkeys(("year", "month"), narrowing.without_dates())
    return others


async def facets(
    datasette: Datasette, state: State, reading: Reading | None, narrowing: Narrowing, found: Newest
) -> dict[str, list[Value]]:
    """The values of every filter with their hits; of a filter that is set, as if it were not: the others stay in
    reach. Values that are set are there though they have no hit."""
    counted: dict[str, Mapping[str, int]] = {}
    others = taken_off(state, narrowing)
    for name in LETTERS:
        if name not in ("cited", "undated"):
            of = await newest(datasette, reading, others[name], divided=True) if name in others else found
            counted[name] = {token: n for token, n in of.tokens.items() if token[0] == LETTERS[name]}
    for name, values in state.filters.items():
        chosen = (narrowing.wanted.get(name) or (narrowing.unwanted.get(name),)) if values else ()
        counted[name] = {token: 0 for token in chosen if token} | dict(counted[name])
    described = await _described(datasette, [token for tokens in counted.values() for token in tokens])
    return {name: _values(state, name, tokens, described) for name, tokens in counted.items()}


async def _described(datasette: Datasette, tokens: list[str]) -> dict[str, Mapping[str, Any]]:
    sql = "select * from filter_values where token in (select value from json_each(:tokens))"
    return {row["token"]: row for row in await find.rows(datasette, sql, {"tokens": json.dumps(tokens)})}


def _values(
    state: State, name: str, tokens: Mapping[str, int], described: Mapping[str, Mapping[str, Any]]
) -> list[Value]:
    chosen = state.filters.get(name, ())
    values = [
        Value(
            row["value"], row["label"], n, row["n"], next((v for v in chosen if v in (row["value"], row["label"])), "")
        )
        for token, n in tokens.items()
        if (row := described.get(token))
    ]
    if name in ("year", "month"):
        return sorted(values, key=lambda value: value.value, reverse=True)
    return sorted(values, key=lambda value: (-value.n, value.label))
