"""One page of hits: newest first or best first, what matched marked, reprints folded under their originals."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from datasette.app import Datasette

from archive.search import COLUMNS, Query, Reading, is_folded
from archive.site import find
from archive.site.find import BEGIN, CAPPED, END, LISTED, Understood
from archive.site.narrowing import Narrowing
from archive.site.state import State

PAGE_SIZE = 20
LAST_PAGE = CAPPED // PAGE_SIZE
LAST_BEST_PAGE = 25  # best first must know all that ranks above
RANKED = 2_000  # titles; where more match, the newest of them come first
AT_ONCE = 100  # hits of which reprints are looked for

_RANGE = "match :match and rowid between :low and :high"
_NEWEST = f"select rowid as seq from articles_fts where articles_fts {_RANGE} order by rowid desc"
_REPRINTS = "select seq, original from reprints_by_seq where seq in (select value from json_each(:seqs))"
_REPRINTS_AMONG = """
    select r.seq from reprints_by_seq r where r.seq in (select value from json_each(:seqs)) and exists (
        select 1 from articles_fts o where o.articles_fts match :match and o.rowid = r.original
            and o.rowid between :low and :high)
"""
# Each row is asked for by itself, and its first answer is its only one: else FTS5 would look for the next hit behind
# each, which of a rare phrase may be far away.
_MARKED = """
    select h.value as seq, (
        select json_array(highlight(articles_fts, {title}, :begin, :end), {snippets}) from articles_fts
        where articles_fts match :match and rowid = h.value limit 1) as texts
    from json_each(:seqs) h
"""

_SHOWN = ("title", "lead", "body", "files")  # columns of the index

Row = Mapping[str, Any]


def folds_reprints(state: State) -> bool:
    """Whether reprints stand under their originals; who asks for reprints wants to see them."""
    return not state.unfolded and "reprint" not in state.filters


async def page_of(
    datasette: Datasette,
    state: State,
    understood: Understood | None,
    narrowing: Narrowing,
    newest: Sequence[int],
    page: int,
) -> tuple[list[Row], bool]:
    """The rows of a page, and whether there is a further one. `newest`: the newest hits, see counting.newest()."""
    reading = understood.reading if understood else None
    start = (page - 1) * PAGE_SIZE
    if state.best and understood is not None and reading is not None:
        seqs = await _best(datasette, state, understood.query, reading, narrowing, start + PAGE_SIZE + 1)
        seqs = seqs[start:]
    else:
        number = start + PAGE_SIZE + 1
        folds = folds_reprints(state)
        shown = await _unfolded(datasette, find.hits_of(reading, narrowing), newest, number) if folds else newest
        seqs = list(shown[start:number])
    listed = await _listed(datasette, seqs[:PAGE_SIZE])
    if reading is not None:
        marked = await _marked(datasette, reading.match, seqs[:PAGE_SIZE])
        listed = [{**row, **marked.get(row["seq"], {})} for row in listed]
    if folds_reprints(state):
        reprints = await _reprints_of(datasette, [row["seq"] for row in listed])
        listed = [{**row, "reprints": reprints.get(row["seq"], [])} for row in listed]
    return listed, len(seqs) > PAGE_SIZE and page < (LAST_BEST_PAGE if state.best else LAST_PAGE)


async def _unfolded(datasette: Datasette, asked: Row, newest: Sequence[int], number: int) -> list[int]:
    """So many of the hits, without the reprints whose original is a hit too: those stand with it."""
    hits, found = set(newest), []
    for start in range(0, len(newest), max(number, AT_ONCE)):
        some = newest[start : start + max(number, AT_ONCE)]
        originals = {
            row["seq"]: row["original"]
            for row in await find.rows(datasette, _REPRINTS, {"seqs": json.dumps(list(some))})
        }
        folded = {seq for seq, original in originals.items() if original in hits}
        # Of so many hits only the newest are at hand.
        further = [seq for seq, original in originals.items() if len(newest) > CAPPED and original < newest[-1]]
        if further:
            values = {**asked, "seqs": json.dumps(further)}
            folded |= {row["seq"] for row in await find.rows(datasette, _REPRINTS_AMONG, values)}
        found += [seq for seq in some if seq not in folded]
        if len(found) >= number:
            break
    return found[:number]


async def _best(
    datasette: Datasette, state: State, query: Query, reading: Reading, narrowing: Narrowing, number: int
) -> list[int]:
    """So many hits, the best first: the phrase in the title, the words in it, the phrase anywhere, the words anywhere.

    Within each the newest first, but for titles: where few match, those that are nearer to being just these words.
    """
    found: dict[int, None] = {}
    for table, apart in (("titles_fts", False), ("titles_fts", True), ("articles_fts", False), ("articles_fts", True)):
        if len(found) >= number or (state.apart and not apart):
            continue
        in_title = table == "titles_fts"
        match = narrowing.match(query.match(accents=reading.accents, apart=apart, title=in_title))
        values = {"match": match, "low": narrowing.low, "high": narrowing.high, "n": number + len(found)}
        where = f"from {table} where {table} {_RANGE}"
        order = "rowid desc"
        if in_title:
            counted = await find.rows(datasette, f"select count(*) as n from (select 1 {where} limit {RANKED})", values)
            order = "rank, rowid desc" if counted[0]["n"] < RANKED else order
        sql = f"select rowid as seq {where} order by {order} limit :n"
        seqs = [row["seq"] for row in await find.rows(datasette, sql, values)]
        found |= dict.fromkeys(await _among(datasette, query, reading, narrowing, seqs) if in_title else seqs)
    if folds_reprints(state) and found:
        values = {**find.hits_of(reading, narrowing), "seqs": json.dumps(list(found))}
        folded = {row["seq"] for row in await find.rows(datasette, _REPRINTS_AMONG, values)}
        return [seq for seq in found if seq not in folded][:number]
    return list(found)[:number]


async def _among(
    datasette: Datasette, query: Query, reading: Reading, narrowing: Narrowing, seqs: Sequence[int]
) -> Iterable[int]:
    """Those that are hits at all: an unwanted word may stand in the text, where the title does not know of it."""
    if not any(alternative.unwanted for alternative in query.alternatives):
        return seqs
    values = {**find.hits_of(reading, narrowing), "seqs": json.dumps(list(seqs))}
    sql = f"{_NEWEST.replace('order by', 'and rowid in (select value from json_each(:seqs)) order by')}"
    hits = {row["seq"] for row in await find.rows(datasette, sql, values)}
    return [seq for seq in seqs if seq in hits]


async def _listed(datasette: Datasette, seqs: Sequence[int]) -> list[Row]:
    """What a list shows of some articles, in their order."""
    sql = f"select {LISTED} from articles a where a.seq in (select value from json_each(:seqs))"
    held = {row["seq"]: row for row in await find.rows(datasette, sql, {"seqs": json.dumps(list(seqs))})}
    return [held[seq] for seq in seqs if seq in held]


async def _marked(datasette: Datasette, match: str, seqs: Sequence[int]) -> dict[int, Row]:
    """Title, lead and excerpts of body and files with what matched between BEGIN and END, in the text as written."""
    # The columns that matched; both show the original.
    title, *texts = (COLUMNS.index(f"{name}_f" if is_folded(match) else name) for name in _SHOWN)
    snippets = ", ".join(f"snippet(articles_fts, {column}, :begin, :end, '…', 40)" for column in texts)
    sql = _MARKED.format(title=title, snippets=snippets)
    values = {"match": match, "begin": BEGIN, "end": END, "seqs": json.dumps(list(seqs))}
    named = ("title", "lead", "excerpt", "attached")
    return {
        row["seq"]: dict(zip(named, json.loads(row["texts"]), strict=True))
        for row in await find.rows(datasette, sql, values)
        if row["texts"]
    }


async def _reprints_of(datasette: Datasette, seqs: Sequence[int]) -> dict[int, list[Row]]:
    """The reprints of some articles, the newest first."""
    sql = (
        f"select r.original, {LISTED} from reprints_by_seq r join articles a on a.seq = r.seq "
        "where r.original in (select value from json_each(:seqs)) order by a.seq desc"
    )
    found: dict[int, list[Row]] = {}
    for row in await find.rows(datasette, sql, {"seqs": json.dumps(list(seqs))}):
        found.setdefault(row["original"], []).append(row)
    return found
