"""One article's captured pages among what the archive knows of it: what is new is kept, and its history told anew."""

from __future__ import annotations

import hashlib
import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from archive import parts, rows
from archive.article import Article, article_id
from archive.rebuilding import rebuild
from archive.restoring import restore
from archive.snapshots import RETURNED, Capture, Observation
from archive.store import Archive, IdTaken
from archive.warc import DAMAGED
from crawler.capture_index import Captured
from crawler.cms import Unreadable
from crawler.cms.general import General
from crawler.judging import judged
from crawler.layouts import IMPORTED, look_by
from crawler.page import Page
from crawler.portals import Portal
from crawler.relevance import Rules
from crawler.reparsing import Reader
from crawler.sifting import Sifted
from crawler.template.candidates import declared
from crawler.template.model import Template
from crawler.template.read import look
from crawler.twins import find_twin
from crawler.warc_files import Files

Filed = Literal["", "new", "changed", "unchanged"]


class Filing:
    """Files the captures of one portal. `pages`: how many were read as articles; `skipped`: the others, by reason."""

    def __init__(self, archive: Archive, portal: Portal, rules: Rules, files: Files, sifted: Sifted) -> None:
        self.archive = archive
        self.portal = portal
        self.rules = rules
        self.files = files
        self.accepted = sifted.accepted
        self.address = sifted.address
        self._last: tuple[int, tuple[Article, Capture] | None] = (0, None)
        self.pages = 0
        self.skipped: Counter[str] = Counter()
        db = archive.connection
        sql = "select template from layouts where portal = ? order by number"
        known = [row[0] for row in db.execute(sql, [portal.key])]
        self.spare = [row for row in sifted.layouts if row[3] not in known]
        self.reader = Reader(portal, archive.snapshots, map(Template.from_json, known))
        if not known and self.spare:
            with archive.transaction():
                for row in list(self.spare):
                    self.adopt(row, row[0])

    def adopt(self, row: tuple[int, str, int, str], number: int) -> Template:
        """A layout that the import has learned becomes one of the archive's; inside transaction()."""
        db, template = self.archive.connection, Template.from_json(row[3])
        values = [self.portal.key, number, *row[1:]]
        names, marks = "portal, number, learned, pages, template", "?, ?, ?, ?, ?"
        db.execute(f"insert into layouts ({names}, recent) values ({marks}, '[]')", values)
        db.execute(f"insert or replace into snap.layouts ({names}) values ({marks})", values)
        self.spare.remove(row)
        self.reader.templates.append(template)
        return template

    def file(self, key: str, captures: Sequence[Captured]) -> Filed:
        """File an article's captures, in time order; what came of it, "" where none is an article. In transaction().

        Raises StoreError, SnapshotError, WarcError, IdTaken.
        """
        readable = [one for one in captures if not one.how]
        first = next((found for one in readable if (found := self.read(one)) is not None), None)
        if first is not None and not readable[0].named and not self._knows(key):
            twin = None if not isinstance(self.reader.family, General) else find_twin(self.archive.connection, first[0])
            key = twin.key if twin is not None else key
        return _Article(self, key).file(captures)

    def _knows(self, key: str) -> bool:
        sql = "select 1 from articles where portal = ? and key = ?"
        return self.archive.connection.execute(sql, [self.portal.key, key]).fetchone() is not None

    def read(self, captured: Captured) -> tuple[Article, Capture] | None:
        """The article of a captured page, and the page; None where it has none, as after a withdrawal."""
        if self._last[0] != captured.id:
            self._last = (captured.id, self._read(captured))
        return self._last[1]

    def _read(self, captured: Captured) -> tuple[Article, Capture] | None:
        capture = self.files.read(captured.file, captured.offset, self.address(captured.url), captured.fetched)
        page, family = Page.of(capture), self.reader.family
        if family.kind(page) is not None:
            return None
        is_accepted = (capture.fetched, hashlib.sha256(capture.body).hexdigest()) in self.accepted
        if isinstance(family, General) and not is_accepted and (declared(page) is False or not self.fits(page)):
            return None
        try:
            return self.reader.read_page(page), capture
        except Unreadable:
            return None

    def fits(self, page: Page) -> bool:
        """Whether a page fits a layout of the archive, or one that the import has learned, which then becomes one."""
        family = self.reader.family
        assert isinstance(family, General)
        reading = look_by(page, self.reader.templates, family.known)
        if reading is not None and reading.fit.fits:
            return True
        for row in self.spare:
            if look(page, Template.from_json(row[3]), family.known).fit.fits:
                self.adopt(row, self._next_number())
                return True
        return False

    def _next_number(self) -> int:
        sql = "select coalesce(max(number), 0) from snap.layouts where portal = ?"
        highest = self.archive.connection.execute(sql, [self.portal.key]).fetchone()[0]
        return max(IMPORTED, int(highest) + 1)


class _Article:
    """One article while its captures are filed among what was observed of it before."""

    def __init__(self, filing: Filing, key: str) -> None:
        self.filing = filing
        self.archive = filing.archive
        self.portal, self.key = filing.portal.key, key
        self.id = article_id(self.portal, key)
        self.readings: dict[int, Article | None] = {}  # by number of the snapshot
        self.before: Article | None = None  # what the page before says
        self.absent = False
        self.seen: list[tuple[str, Article]] = []  # time and reading of each captured page
        self.urls: set[str] = set()
        self.added = 0

    def file(self, captures: Sequence[Captured]) -> Filed:
        """Keep what says something new, then tell the article's history by all that is kept."""
        row = self.archive.connection.execute(
            "select portal, key, last_seen, (select max(seen) from revisions where article = id and snapshot is null) "
            "from articles where id = ?",
            [self.id],
        ).fetchone()
        if row is not None and (row[0], row[1]) != (self.portal, self.key):
            raise IdTaken(f"id {self.id} of {self.portal} {self.key} is held by {row[0]} {row[1]}")
        held = list(self.archive.snapshots.of(self.portal, self.key))
        known = {(one.fetched, one.how or one.sha256) for one in held}
        unproved = (row[3] or "") if row is not None else ""
        by_time: Iterable[Observation | Captured] = heapq.merge(held, captures, key=_fetched)
        for one in by_time:
            if isinstance(one, Observation):
                self._pass(one)
            elif one.how:
                self._note(one, known)
            else:
                self._page(one, known, unproved)
        if not self.seen and not self.added:
            return ""
        if self.added:
            self._tell()
        self._count(row[2] if row is not None else "")
        return "new" if row is None else "changed" if self.added else "unchanged"

    def _pass(self, seen: Observation) -> None:
        """What the archive has already."""
        if seen.how:
            self.absent = seen.how != RETURNED
        elif (article := self._reading(seen)) is not None:
            self.before, self.absent = article, False

    def _reading(self, seen: Observation) -> Article | None:
        if seen.id not in self.readings:
            self.readings[seen.id] = self.filing.reader.read(seen)
        return self.readings[seen.id]

    def _note(self, one: Captured, known: set[tuple[str, str | None]]) -> None:
        """What an archive like this one saw instead of a page."""
        if one.how == DAMAGED or self.before is None:
            self.filing.skipped["damaged" if one.how == DAMAGED else "unknown_article"] += 1
            return
        if (one.fetched, one.how) not in known:
            url = self.filing.address(one.url)
            self.archive.snapshots.note(self.portal, self.key, url, one.fetched, one.status, one.how)
            self.added += 1
        self.absent = one.how != RETURNED

    def _page(self, one: Captured, known: set[tuple[str, str | None]], unproved: str) -> None:
        found = self.filing.read(one)
        if found is None:
            self.filing.skipped["not_article"] += 1
            return
        if one.fetched <= unproved:  # versions that no page proves, from before pages were kept, could not be told anew
            self.filing.skipped["before_pages"] += 1
            return
        article, capture = replace(found[0], key=self.key), found[1]
        self.filing.pages += 1
        self.seen.append((one.fetched, article))
        if (one.fetched, hashlib.sha256(capture.body).hexdigest()) in known:
            return
        if self.before is None or self.absent or _says(article) != _says(self.before):
            number = self.archive.snapshots.keep(self.portal, self.key, capture)
            self.readings[number] = article
            self.urls.add(one.url)
            self.added += 1
            self.before, self.absent = article, False

    def _tell(self) -> None:
        """The article's history by all that is kept of it now."""
        rebuilt = rebuild(self.archive.snapshots.of(self.portal, self.key), self._reading)
        assert rebuilt.article is not None  # a page was read, or a note stands behind one
        rebuilt.article = judged(rebuilt.article, self.filing.portal, self.filing.rules)
        restore(self.archive, rebuilt)
        self.archive.add_addresses(self.id, self.urls)

    def _count(self, last_seen: str) -> None:
        """Views, comments and the last time it was seen, which need no page to be kept."""
        for fetched, article in self.seen:
            self.archive.count_views(article, fetched)
        if self.seen and self.seen[-1][0] > last_seen:
            fetched, article = self.seen[-1]
            self.archive.connection.execute(
                "update articles set last_seen = max(last_seen, ?), views = ?, comments = ? where id = ?",
                [fetched, article.views, article.comments, self.id],
            )


def _fetched(one: Observation | Captured) -> str:
    return one.fetched


def _says(article: Article) -> tuple[object, ...]:
    """What makes a page worth keeping; the same as Archive.save() goes by."""
    return tuple(getattr(article, name) or None for name in (*rows.SAID, *parts.SAID))
