"""Reading the whole archive again, without network: after a reader or the rules of relevance were improved.

Every article is rebuilt from its snapshots, by all cores at once; the same ids, and so the same permalinks. What has no
snapshot (kept by an older version) is judged anew and else left as it is.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from archive import rows
from archive.article import Article
from archive.rebuilding import Rebuilt, rebuild
from archive.restoring import restore
from archive.snapshots import NAME, Observation, Snapshots
from archive.store import Archive
from crawler import cms
from crawler.cms import Unreadable
from crawler.cms.general import General
from crawler.judging import judged
from crawler.layouts import look_by
from crawler.page import Page
from crawler.portals import Portal
from crawler.reading import read_by_layout
from crawler.relevance import Rules
from crawler.template.model import Template
from crawler.template.shared import shared_lines

if TYPE_CHECKING:
    from crawler.cms import Family

CHUNK = 40  # articles that a process reads at a time
JUDGED = ("topic", "relevance", "relevance_why", "relevance_rules")  # what the rules of relevance say of an article
COMPARED = 40  # pages of a portal that are compared for the lines that they share

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Reparsed:
    """What came of one portal: how many articles, the fields that changed by name, and the topics."""

    portal: str
    articles: int = 0
    rebuilt: int = 0
    changed: int = 0
    unread: int = 0  # snapshots that give no article any more
    fields: Counter[str] = field(default_factory=Counter)
    topics: Counter[tuple[str, str]] = field(default_factory=Counter)  # (topic before, topic now) -> articles


def reparse(archive: Archive, rows: Iterable[Portal], rules: Rules, dry_run: bool = False) -> Iterator[Reparsed]:
    """Rebuild the articles of some portals, one portal after another; nothing is written in a dry run.

    Raises StoreError, and SnapshotError where a page cannot be unpacked.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count() or 1, mp_context=context) as pool:
        for row in rows:
            yield _portal(archive, row, rules, dry_run, pool)


def _portal(archive: Archive, row: Portal, rules: Rules, dry_run: bool, pool: ProcessPoolExecutor) -> Reparsed:
    done = Reparsed(row.key)
    keys = archive.snapshots.keys(row.key)
    if keys and not dry_run:
        with archive.transaction() as db:
            _restore_layouts(db, row.key)
    job = Job(archive.path.parent / NAME, row, _templates(archive, row.key))
    chunks = [keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK)]
    rebuilt_ids: set[int] = set()
    for results in pool.map(_read_chunk, [job] * len(chunks), chunks):
        with archive.transaction() as db:
            for result in results:
                done.unread += result.unread
                if result.article is not None:
                    rebuilt_ids.add(result.article.id)
                    _restore(archive, db, result, row, rules, dry_run, done)
    with archive.transaction():
        _judge_others(archive, row, rules, rebuilt_ids, dry_run, done)
    return done


def _restore(
    archive: Archive, db: sqlite3.Connection, result: Rebuilt, row: Portal, rules: Rules, dry_run: bool, done: Reparsed
) -> None:
    assert result.article is not None
    result.article = judged(result.article, row, rules)
    before = db.execute("select topic from articles where id = ?", [result.article.id]).fetchone()
    changed = restore(archive, result, dry_run)
    done.articles += 1
    done.rebuilt += 1
    done.changed += bool(changed)
    done.fields.update(changed - {"topic", "relevance"})
    if before is not None and (before[0] or "") != result.article.topic:
        done.topics[before[0] or "", result.article.topic] += 1


@dataclass(frozen=True)
class Job:
    """What a process needs to read pages of one portal."""

    snapshots: Path
    portal: Portal
    templates: tuple[str, ...]


def _read_chunk(job: Job, keys: list[str]) -> list[Rebuilt]:
    """Rebuild some articles of a portal; runs in a process of its own."""
    reader = Reader.of(job)
    return [rebuild(reader.snapshots.of(job.portal.key, key), reader.read) for key in keys]


class Reader:
    """Reads kept pages of one portal, by its family or by the layouts that were learned of it."""

    _last: tuple[Job, Reader] | None = None

    def __init__(self, portal: Portal, snapshots: Snapshots, templates: Iterable[Template]) -> None:
        self.portal = portal
        self.snapshots = snapshots
        self.family: Family = cms.load(portal)
        self.templates = list(templates)
        self._furniture: frozenset[str] | None = None

    @classmethod
    def of(cls, job: Job) -> Reader:
        """The reader of a process; the last one is kept, since chunks of one portal follow one another."""
        if cls._last is None or cls._last[0] != job:
            connection = sqlite3.connect(":memory:", isolation_level=None, uri=True)
            connection.row_factory = sqlite3.Row
            connection.execute("attach ? as snap", [f"{job.snapshots.resolve().as_uri()}?mode=ro"])
            templates = map(Template.from_json, job.templates)
            cls._last = (job, cls(job.portal, Snapshots(connection), templates))
        return cls._last[1]

    def read(self, seen: Observation) -> Article | None:
        """The article of a snapshot under the key that it is known by; None where the page gives none."""
        page = Page.of(self.snapshots.read(seen.id))
        try:
            article = self.read_page(page)
        except Unreadable as refusal:
            logger.warning("%s: snapshot %d of %s: %s", self.portal.key, seen.id, seen.url, refusal)
            return None
        return replace(article, key=seen.key)

    def read_page(self, page: Page) -> Article:
        """The article of a page. Raises Unreadable."""
        if not isinstance(self.family, General):
            return self.family.read(page, self.portal.key, self.portal.select)
        reading = look_by(page, self.templates, self.family.known)
        article, _ = read_by_layout(page, reading, self.family, False, self.furniture)
        return article

    def furniture(self) -> frozenset[str]:
        """The lines that the portal's pages share, from some of them."""
        if self._furniture is None:
            sql = "select max(id) from snap.snapshots where portal = ? and body is not null group by key limit ?"
            numbers = [row[0] for row in self.snapshots.db.execute(sql, [self.portal.key, COMPARED])]
            self._furniture = shared_lines([Page.of(self.snapshots.read(number)) for number in numbers])
        return self._furniture


def _restore_layouts(db: sqlite3.Connection, portal: str) -> None:
    """The layouts that stand beside the snapshots, where archive.db has none: it is new."""
    if db.execute("select 1 from layouts where portal = ?", [portal]).fetchone() is None:
        db.execute(
            "insert into layouts (portal, number, learned, pages, template, recent) "
            "select portal, number, learned, pages, template, '[]' from snap.layouts where portal = ?",
            [portal],
        )


def _templates(archive: Archive, portal: str) -> tuple[str, ...]:
    for table in ("layouts", "snap.layouts"):
        sql = f"select template from {table} where portal = ? order by number"
        if found := tuple(row[0] for row in archive.connection.execute(sql, [portal])):
            return found
    return ()


def _judge_others(
    archive: Archive, row: Portal, rules: Rules, rebuilt: set[int], dry_run: bool, done: Reparsed
) -> None:
    """Judge what has no snapshot by what the archive has of it."""
    db = archive.connection
    columns = ", ".join(("id, key, url, title, lead, body, published", *JUDGED))
    for held in db.execute(f"select {columns} from articles where portal = ?", [row.key]).fetchall():
        if held["id"] in rebuilt:
            continue
        done.articles += 1
        article = Article(
            row.key, held["key"], held["url"], held["title"], lead=held["lead"] or "", body=held["body"] or "",
            published=held["published"] or "",
            sections=_names(db, "section", held["id"]), tags=_names(db, "tag", held["id"]),
        )  # fmt: skip
        article = judged(article, row, rules)
        if (held["topic"] or "") != article.topic:
            done.changed += 1
            done.topics[held["topic"] or "", article.topic] += 1
        if not dry_run:
            archive.relate(article)
            values = rows.read_values(article)
            rows.update_article(db, held, {name: values[name] for name in JUDGED})


def _names(db: sqlite3.Connection, column: str, article: int) -> tuple[str, ...]:
    sql = f"select {column} from article_{column}s where article = ? order by position"
    return tuple(row[0] for row in db.execute(sql, [article]))
