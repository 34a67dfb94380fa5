"""How well and at what cost reprints are found: `python -m benchmarks.reprints [--scale 500000] [--json FILE]`.

20,000 articles of the synthetic corpus, which share stock phrases, and 250 near-duplicates of each kind are added one
by one, in no order. Recall: of the planted ones (and of the corpus's own that are at most 15 % shorter), how many are
in one cluster with the article they were made from. Precision: of all rows of the table reprints, how many name an
article of the same descent. Beside it, in the same run, datasketch's MinHashLSH in memory on the same shingles, where
it is installed.

`--scale N` fills the index up to N with the sketches of further corpus articles (some ten minutes for 500,000), then
adds 200 new ones and 200 near-duplicates, a transaction each. Times are CPU, of the transaction with all that SQLite
does; storing the article itself is left out. A benchmark is no test: the exit code is 0 whatever comes out.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from archive import likeness, reprints
from archive.article import Article
from archive.reprints import Reprints
from archive.store import Archive
from benchmarks import corpus
from benchmarks.planting import IN_RUNS, KINDS, planted

ARTICLES, EACH = 20_000, 250
TRIED = 200  # at scale, of new ones and of near-duplicates
OWN = "the corpus's own"
SPENT = ("mean", "median", "p95", "most")
AIMS = {"recall": 0.98, "precision": 0.99, "ms": 5.0}

Times = list[float]
Wanted = list[tuple[str, int, int]]  # kind, a copy, what it was made from


def gathered(count: int, each: int) -> tuple[list[Article], Wanted, dict[int, str]]:
    """The corpus and what was planted in it, shuffled; what must be found; and each one's descent, by the lead."""
    made = list(corpus.articles(count))
    wanted: Wanted = []
    heads: dict[str, Article] = {}
    for article in made:
        first = heads.setdefault(article.lead, article)
        kept = len(article.body.split()) / len(first.body.split())
        if article is not first and 1 - IN_RUNS <= kept <= 1 / (1 - IN_RUNS):
            wanted.append((OWN, article.id, first.id))
    descent = {article.id: article.lead for article in made}
    chance = random.Random(11)
    bases = [article for article in heads.values() if len(f"{article.lead} {article.body}".split()) >= reprints.SHORT]
    for kind in KINDS:
        for number in range(each):
            base, stranger = chance.sample(bases, 2)
            copy = planted(base, stranger, kind, number)
            made.append(copy)
            wanted.append((kind, copy.id, base.id))
            descent[copy.id] = base.lead
    chance.shuffle(made)
    return made, wanted, descent


def add_all(archive: Archive, articles: Iterable[Article]) -> Times:
    """Store and add them, a transaction each; CPU milliseconds of the adding, with the commit of what it wrote."""
    index, times = Reprints(archive.connection), []
    for article in articles:
        with archive.transaction():
            archive.save(article)
        started = time.process_time()
        with archive.transaction():
            index.add(article.id, article.title, article.lead, article.body, article.published, corpus.CRAWLED)
        times.append((time.process_time() - started) * 1000)
    return times


def judged(found: dict[int, int], wanted: Wanted, descent: dict[int, str]) -> dict[str, Any]:
    """Recall by kind and in all, and precision; `found` is article to original."""
    kinds: dict[str, list[bool]] = {}
    for kind, copy, base in wanted:
        kinds.setdefault(kind, []).append(found.get(copy, copy) == found.get(base, base))
    right = sum(descent[article] == descent[original] for article, original in found.items())
    return {
        "kinds": {kind: (sum(hits), len(hits)) for kind, hits in kinds.items()},
        "recall": sum(map(sum, kinds.values())) / len(wanted),
        "precision": right / max(1, len(found)),
        "rows": len(found),
    }


def peer(articles: Sequence[Article], wanted: Wanted, descent: dict[int, str]) -> dict[str, Any] | None:
    """datasketch, by its manual: ask, take what is likest by the sketches, insert. Nobody looks at the texts."""
    try:
        from datasketch import MinHash, MinHashLSH
    except ImportError:
        return None
    lsh = MinHashLSH(threshold=0.5, num_perm=128)
    sketches: dict[int, Any] = {}
    found: dict[int, int] = {}
    times = []
    for article in articles:
        started = time.process_time()
        said = likeness.words(f"{article.lead}\n{article.body}")
        sketch = MinHash(num_perm=128)
        sketch.update_batch([b" ".join(said[at : at + 4]) for at in range(len(said) - 3)])
        met = lsh.query(sketch)
        lsh.insert(article.id, sketch)
        times.append((time.process_time() - started) * 1000)
        sketches[article.id] = sketch
        if met:
            best = max(met, key=lambda other: sketch.jaccard(sketches[other]))
            found[article.id] = found.get(best, best)
    return {**judged(found, wanted, descent), **spent(times)}


def spent(times: Times) -> dict[str, float]:
    """Mean, median and 95th percentile of milliseconds."""
    ordered = sorted(times)
    return {
        "mean": statistics.mean(ordered),
        "median": statistics.median(ordered),
        "p95": ordered[int(len(ordered) * 0.95)],
        "most": ordered[-1],
    }


def fill(db: sqlite3.Connection, number: int, told: Callable[[int], None]) -> None:
    """Sketches of that many further articles, without their texts; sorted by SQLite, then written in order."""
    db.execute("create temp table filling (key integer, number integer)")
    db.execute("begin")
    (last,) = db.execute("select max(number) from reprint_texts").fetchone()
    for at, article in enumerate(corpus.articles(number, seed=2), 1):
        said = likeness.words(f"{article.lead}\n{article.body}")
        sketch = likeness.sketch(likeness.shingles(said))
        row = [last + at, -at, article.published, likeness.digest(said), sketch]
        db.execute("insert into reprint_texts (number, article, first, digest, sketch) values (?, ?, ?, ?, ?)", row)
        db.executemany("insert into filling values (?, ?)", [(key, last + at) for key in reprints.bands(sketch)])
        if at % 50_000 == 0:
            told(at)
    db.execute(
        "insert or ignore into reprint_bands select key, number from (select key, number, row_number() over "
        "(partition by key order by number) as place from filling) where place <= ? order by key, number",
        [reprints.FULL],
    )
    db.execute("commit")
    db.execute("drop table filling")


def at_scale(archive: Archive, stored: Sequence[Article], scale: int) -> dict[str, Any]:
    """What adding costs among so many: of new articles, and of near-duplicates of stored ones."""
    db = archive.connection
    fill(db, scale - len(stored), lambda done: print(f"  {done} sketches", file=sys.stderr))
    new = list(corpus.articles(TRIED, seed=3))
    new = [planted(article, article, "exact", 100_000 + at) for at, article in enumerate(new)]  # keys of their own
    chance, kinds = random.Random(5), list(KINDS)
    long = [article for article in stored if len(article.body.split()) >= reprints.SHORT]
    pairs = [chance.sample(long, 2) for _ in range(TRIED)]
    near = [planted(one, other, kinds[at % len(kinds)], 200_000 + at) for at, (one, other) in enumerate(pairs)]
    figures: dict[str, Any] = {"articles": scale, "new": spent(add_all(archive, new))}
    figures["near"] = spent(add_all(archive, near))
    rows = {row[0] for row in db.execute("select article from reprints union select original from reprints")}
    figures["near_found"] = sum(article.id in rows for article in near)
    figures["megabytes"] = archive.path.stat().st_size / 1e6
    return figures


def _line(name: str, row: dict[str, Any]) -> str:
    return (
        f"  {name:<28}mean {row['mean']:.2f}, median {row['median']:.2f}, p95 {row['p95']:.2f}, most {row['most']:.1f}"
    )


def table(figures: dict[str, Any]) -> str:
    """The figures for a person."""
    lines = [f"{figures['articles']} articles, planted ones among them"]
    for name in ("ours", "datasketch"):
        if (row := figures[name]) is None:
            lines.append(f"{name}: not installed, left out")
            continue
        lines.append(f"{name}: recall {row['recall']:.4f}, precision {row['precision']:.4f} of {row['rows']} rows")
        lines += [f"  {kind:<28}{hits} of {of}" for kind, (hits, of) in row["kinds"].items()]
        lines.append(_line("CPU ms an article", row))
    lines.append(_line("ours, the last 2,000", figures["last"]))
    if scale := figures.get("scale"):
        lines.append(f"among {scale['articles']} articles ({scale['megabytes']:.0f} MB with the texts of the first)")
        lines += [_line("CPU ms of a new one", scale["new"]), _line("CPU ms of a near-duplicate", scale["near"])]
        lines.append(f"  near-duplicates found       {scale['near_found']} of {TRIED}")
    lines.append(f"aims: recall {AIMS['recall']}, precision {AIMS['precision']}, {AIMS['ms']:g} ms among 500,000")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; always 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reprints", description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES, help=f"default: {ARTICLES}")
    parser.add_argument("--each", type=int, default=EACH, help=f"planted of each kind; default: {EACH}")
    parser.add_argument("--scale", type=int, metavar="N", help="and the cost among so many, such as 500000")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args(arguments)
    articles, wanted, descent = gathered(options.articles, options.each)
    with tempfile.TemporaryDirectory() as folder, Archive(Path(folder)) as archive:
        archive.register_portals(corpus.portals())
        times = add_all(archive, articles)
        found = {row[0]: row[1] for row in archive.connection.execute("select article, original from reprints")}
        figures: dict[str, Any] = {
            "articles": len(articles),
            "ours": {**judged(found, wanted, descent), **spent(times)},
            "last": spent(times[-2000:]),
            "datasketch": peer(articles, wanted, descent),
            "aims": AIMS,
        }
        if options.scale:
            figures["scale"] = at_scale(archive, articles, options.scale)
    print(table(figures))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
