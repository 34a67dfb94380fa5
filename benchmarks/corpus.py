"""A large synthetic corpus: `python -m benchmarks.corpus --articles N --data-dir DIR [--seed S]`.

The same seed gives the same articles on every machine, one by one, and more of them begin with the same ones. The
archive that it writes is one that `python -m archive publish` takes like any other.
"""

from __future__ import annotations

import argparse
import random
import re
import sqlite3
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from archive import search
from archive.article import Article, File, Image
from archive.clock import VIETNAM, stamp
from archive.store import Archive, StoreError
from benchmarks.vocabulary import LATE_TONES, PROVINCES, SECTIONS, TAGS, Pools, pools

PORTALS = 40
FIRST_DAY, DAYS = date(2009, 1, 1), 6_500  # to October 2026
CRAWLED = "2026-11-01T02:00:00+07:00"
SENTENCES = (2, 3, 4, 5, 6, 7, 8, 9, 9, 10, 11, 12, 13, 15, 17, 22, 30, 42)  # each as likely; of 48 words
A_REPRINT = 0.03  # share of articles that another portal had
REMEMBERED = 400  # articles back that a reprint may go
BATCH = 5_000
READER = "synthetic/1"


@dataclass(frozen=True, slots=True)
class _Portal:
    key: str
    origin: str
    late_tones: bool  # writes "uỷ" where others write "ủy"


def portals(count: int = PORTALS) -> list[dict[str, Any]]:
    """Rows for Archive.register_portals: two portals a province, the first of them its board's own."""
    rows = []
    for number in range(count):
        province = PROVINCES[number // 2 % len(PROVINCES)]
        key = f"{_ascii(province).lower().replace('-', '_')}_{number + 1}"
        name = f"Ban Dân vận Tỉnh ủy {province}" if number % 2 == 0 else f"Cổng thông tin {province} số {number + 1}"
        url = f"https://{key.replace('_', '-')}.example/"
        row = {"key": key, "name": name, "url": url, "cms": "nukeviet", "province": province}
        rows.append({**row, "keep": "all", "enabled": 1, "verified": 1})
    return rows


def articles(count: int, seed: int = 1) -> Iterator[Article]:
    """Articles of all portals in no order of time, about 600 words in the mean; made one by one."""
    chance, phrases = random.Random(seed), pools()
    sites = [_Portal(row["key"], row["url"].rstrip("/"), n % 5 == 1) for n, row in enumerate(portals())]
    earlier: deque[Article] = deque(maxlen=REMEMBERED)
    for number in range(1, count + 1):
        # The product of two: few portals have most of the articles.
        site = sites[int(chance.random() * chance.random() * len(sites))]
        if earlier and chance.random() < A_REPRINT:
            yield _reprint(earlier[int(chance.random() * len(earlier))], site, number)
            continue
        article = _article(chance, phrases, site, number)
        earlier.append(article)
        yield article


def _article(chance: random.Random, phrases: Pools, site: _Portal, number: int) -> Article:
    sentences = _sentences(chance, phrases, SENTENCES[int(chance.random() * len(SENTENCES))])
    title = _title(chance, phrases)
    if site.late_tones:
        title, *sentences = (_late(text) for text in (title, *sentences))
    lead, paragraphs = sentences[0], [" ".join(part) for part in _parts(sentences[1:], chance)]
    section = SECTIONS[int(chance.random() * chance.random() * len(SECTIONS))]
    when = _when(chance)
    pictures = int(chance.random() * 3)
    images = tuple(Image(f"{site.origin}/uploads/news/{number}-{i}.jpg", title if i else "") for i in range(pictures))
    return Article(
        portal=site.key,
        key=f"vi/news/{number}",
        url=_url(site, section, title, number),
        title=title,
        lead=lead,
        body="\n\n".join(paragraphs),
        body_html=f"<p>{'</p><p>'.join(paragraphs)}</p>",
        published=stamp(when),
        published_text=f"{when:%d/%m/%Y %H:%M}",
        author=phrases.people.draw(chance, 1)[0] if chance.random() < 0.4 else "",
        source="Bản tin nội bộ" if chance.random() < 0.3 else "",
        sections=(section,),
        tags=tuple(dict.fromkeys(chance.choices(TAGS, k=int(chance.random() * 4)))),
        views=int(4_000 * chance.random() ** 3),
        comments=0,
        image=images[0].url if images else "",
        images=images,
        files=(File(f"{site.origin}/uploads/{number}.pdf", f"Văn bản {number}.pdf"),) if number % 12 == 0 else (),
        reader=READER,
    )


def _reprint(first: Article, site: _Portal, number: int) -> Article:
    """The same text under another number, a paragraph shorter, some days later or the same day."""
    kept = first.body.split("\n\n")[: -1 if number % 2 else None] or [first.body]
    section = first.sections[0]
    return replace(
        first,
        portal=site.key,
        key=f"vi/news/{number}",
        url=_url(site, section, first.title, number),
        body="\n\n".join(kept),
        body_html=f"<p>{'</p><p>'.join(kept)}</p>",
        source="Ban Dân vận Tỉnh ủy",
        images=(),
        image="",
        files=(),
    )


def _sentences(chance: random.Random, phrases: Pools, number: int) -> list[str]:
    """So many sentences of three shapes in turn; each kind of phrase is drawn for all of them at once."""
    openings, actors = phrases.openings.draw(chance, number), phrases.actors.draw(chance, 2 * number)
    actions, objects = phrases.actions.draw(chance, 2 * number), phrases.objects.draw(chance, 2 * number)
    tails, people = phrases.tails.draw(chance, 2 * number), phrases.people.draw(chance, number)
    made = []
    for i in range(number):
        actor, action, thing, tail = actors[i], actions[i], objects[i], tails[i]
        other = f"{actors[i + number]} {actions[i + number]} {objects[i + number]} {tails[i + number]}"
        if i % 3 == 0:
            made.append(f"{openings[i]}, {actor} {action} {thing} {tail}; {other}.")
        elif i % 3 == 1:
            made.append(f"{actor[0].upper()}{actor[1:]} {action} {thing}, {tail}, trong khi {other}.")
        else:
            made.append(f"“{openings[i]}, chúng tôi {action} {thing} {tail}”, {people[i]} cho biết, còn {other}.")
    return made


def _title(chance: random.Random, phrases: Pools) -> str:
    actor, (action,), (thing,) = (pool.draw(chance, 1) for pool in (phrases.actors, phrases.actions, phrases.objects))
    return f"{actor[0][0].upper()}{actor[0][1:]} {action} {thing}"


def _parts(sentences: Sequence[str], chance: random.Random) -> Iterator[Sequence[str]]:
    start = 0
    while start < len(sentences):
        size = 1 + int(chance.random() * 4)
        yield sentences[start : start + size]
        start += size


def _when(chance: random.Random) -> datetime:
    """The larger of two: the portals grew over the years."""
    day = FIRST_DAY + timedelta(days=int(max(chance.random(), chance.random()) * DAYS))
    minute = 420 + int(chance.random() * 600)
    return datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=VIETNAM)


def _late(text: str) -> str:
    for early, late in LATE_TONES:
        text = text.replace(early, late)
    return text


def _url(site: _Portal, section: str, title: str, number: int) -> str:
    return f"{site.origin}/vi/news/{_ascii(section)}/{_ascii(title)}-{number}.html"


def _ascii(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", search.fold(text)).strip("-")


def write(data_dir: Path, number: int, seed: int = 1) -> Path:
    """Fill a new DATA_DIR/archive.db. Raises StoreError; FileExistsError where there is one already.

    Not by Archive.save, for speed: that looks for what each table holds of an article and writes row by row, as is
    right for a crawl, and takes two and a half times as long as thousands of rows a statement, without a journal.
    """
    path = data_dir / "archive.db"
    if path.exists():
        raise FileExistsError(f"{path} is there already: name an empty --data-dir")
    with Archive(data_dir) as archive:
        archive.register_portals(portals())
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for pragma in ("journal_mode = off", "synchronous = off", "cache_size = -200000"):
            db.execute(f"pragma {pragma}")
        made = articles(number, seed)
        while batch := list(islice(made, BATCH)):
            db.execute("begin")
            _insert(db, sorted(batch, key=lambda article: article.id))  # in the order of the file: fewer pages touched
            db.execute("commit")
        db.execute("pragma journal_mode = wal")
    return path


def _insert(db: sqlite3.Connection, batch: Sequence[Article]) -> None:
    ids = {article.key: article.id for article in batch}  # a number is given once in the whole corpus
    _rows(db, "articles", (_article_row(article, ids[article.key]) for article in batch))
    _rows(db, "revisions", (_revision_row(article, ids[article.key]) for article in batch))
    _rows(db, "urls", ({"url": article.url, "article": ids[article.key]} for article in batch))
    parts: dict[str, Callable[[Article], list[dict[str, str]]]] = {
        "article_sections": lambda a: [{"section": section} for section in a.sections],
        "article_tags": lambda a: [{"tag": tag} for tag in a.tags],
        "article_images": lambda a: [{"url": image.url, "caption": image.caption} for image in a.images],
        "article_files": lambda a: [{"url": file.url, "name": file.name} for file in a.files],
    }
    for table, of in parts.items():
        _rows(db, table, ({"article": ids[a.key], **row, "position": i} for a in batch for i, row in enumerate(of(a))))


def _article_row(article: Article, number: int) -> dict[str, Any]:
    texts = ("portal", "key", "url", "title", "lead", "body", "body_html", "published", "published_text", "author")
    values = {name: getattr(article, name) for name in (*texts, "source", "views", "comments", "reader")}
    return {
        "id": number,
        **values,
        "section": article.sections[0],
        "image": article.image or None,
        "first_seen": article.published,
        "last_seen": CRAWLED,
        "revision_count": 1,
        "text_sha256": article.text_sha256,
    }


def _revision_row(article: Article, number: int) -> dict[str, Any]:
    values = {name: getattr(article, name) for name in ("title", "lead", "body", "text_sha256")}
    return {"article": number, "number": 1, "seen": article.published, **values}


def _rows(db: sqlite3.Connection, table: str, rows: Iterable[dict[str, Any]]) -> None:
    rows = iter(rows)
    if (first := next(rows, None)) is None:
        return
    sql = f"insert into {table} ({', '.join(first)}) values ({', '.join('?' * len(first))})"
    db.execute(sql, list(first.values()))
    db.executemany(sql, (list(row.values()) for row in rows))


def main(arguments: Sequence[str] | None = None) -> int:
    """Write a corpus; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpus", description=__doc__)
    parser.add_argument("--articles", type=int, required=True, metavar="N")
    parser.add_argument("--data-dir", type=Path, required=True, metavar="DIR")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    try:
        path = write(options.data_dir, options.articles, options.seed)
    except (FileExistsError, StoreError) as error:
        print(error, file=sys.stderr)
        return 3 if isinstance(error, FileExistsError) else 2
    seconds = time.monotonic() - started
    size = path.stat().st_size / 1e6
    print(f"{options.articles} articles in {path}, {size:.0f} MB, {seconds:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
