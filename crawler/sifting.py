"""Telling what captured pages are by the very spider that crawls: articles, listings, copies, traps, new layouts.

The spider works on an archive of its own that is thrown away. So nothing of a half-done import is ever seen, the real
frontier stays as it is, and pages are held, judged and judged again exactly as in a crawl. What is kept of it: which
address is which article, and the layouts that were learned.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.http import HtmlResponse

from archive import clock
from archive.snapshots import Capture
from archive.store import Archive, StoreError
from crawler.capture_index import Captured, CaptureIndex
from crawler.cms import Family, Unreadable
from crawler.frontier import Entry, Kind
from crawler.learning_spider import LearningSpider, spider_for
from crawler.outcomes import Outcome
from crawler.page import by_name
from crawler.portals import Portal
from crawler.spider import PortalSpider
from crawler.urls import absolute, at_origin
from crawler.warc_files import Files

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sifted:
    """What the spider made of a portal's captures.

    `layouts`: rows of (number, learned, pages, template as JSON). `accepted`: time and SHA-256 of pages that are
    articles although they fit no layout. `failures`: pages on which the reader itself failed. `address`: gives the
    portal's own form of an address in the files.
    """

    layouts: tuple[tuple[int, str, int, str], ...]
    accepted: frozenset[tuple[str, str]]
    failures: int
    address: Callable[[str], str]


def address_of(portal: Portal, cms: Family, url: str) -> Any | None:
    """What an address names at a portal, as the crawl would ask for it; None for what it never asks for."""
    url = absolute(portal.url, url)
    if not url or any(part in url for part in portal.deny):
        return None
    named = cms.address.parse(at_origin(url, portal.url))
    return named if named is not None and named.path.startswith(urlsplit(portal.url).path or "/") else None


def sift(portal: Portal, index: CaptureIndex, files: Files, folder: Path, layouts: sqlite3.Connection) -> Sifted:
    """Show a portal's captures to its spider; the index learns what each address is. Raises StoreError, WarcError.

    `folder`: where the spider's own archive is made. `layouts`: the archive whose layouts it knows beforehand.
    """
    first, last = (datetime.fromisoformat(moment) for moment in index.times(portal.key) or ("", ""))
    with Archive(folder) as scratch:
        scratch.register_portals([portal.record()])
        _know(scratch, layouts, portal.key)
        with clock.at(first):
            spider: PortalSpider = spider_for(portal)(portal, scratch)
        for number in range(1, index.waves(portal.key) + 1):
            for captured in index.wave(portal.key, number, Outcome.LISTING):
                _show(spider, captured, files)
            with clock.at(last):
                spider.absences.forget()  # an old page that is missing says nothing of today
                spider.conclude()
            _tell(spider, index)
        return _sifted(scratch, portal.key, spider)


def _know(scratch: Archive, layouts: sqlite3.Connection, portal: str) -> None:
    names = "portal, number, learned, pages, template, recent"
    rows = layouts.execute(f"select {names} from layouts where portal = ?", [portal]).fetchall()
    with scratch.transaction() as db:
        for row in rows:
            db.execute(f"insert into layouts ({names}) values (?, ?, ?, ?, ?, '[]')", tuple(row)[:5])


def _show(spider: PortalSpider, captured: Captured, files: Files) -> None:
    """One page to the spider, on the day of its capture."""
    url = page_url(spider, captured.url)
    capture = files.read(captured.file, captured.offset, url, captured.fetched)
    with clock.at(datetime.fromisoformat(captured.fetched)):
        entry = _entry(spider, url)
        if entry is None:  # a session in its address is known by now, and with it that it is nothing to ask
            return
        try:
            spider.take_page(entry, _response(capture))
        except Unreadable as verdict:
            spider.settle(entry, verdict.outcome, capture.status)
        except StoreError:
            raise
        except Exception:
            # As in a crawl: one odd page must not cost the portal its import; the command says so and ends with 1.
            logger.exception("%s: the reader failed on %s", spider.portal.key, captured.url)
            spider.settle(entry, Outcome.READER_ERROR, capture.status)


def page_url(spider: PortalSpider, url: str) -> str:
    """An address in the file as the portal's own: its scheme, its host, without session."""
    url = at_origin(absolute(spider.portal.url, url), spider.portal.url)
    return spider.explorer.sessions.strip(url) if isinstance(spider, LearningSpider) else url


def _response(capture: Capture) -> HtmlResponse:
    return HtmlResponse(capture.url, status=capture.status, headers=by_name(capture.headers), body=capture.body)


def _entry(spider: PortalSpider, url: str) -> Entry | None:
    """The frontier's row of an address, made where no page before has led to it."""
    named = address_of(spider.portal, spider.cms, url)
    if named is None:
        return None
    frontier = spider.frontier
    by_form = Kind.SECTION if named.key == "/" else Kind.ARTICLE if named.is_article else Kind.PAGE
    kinds = (Kind.ARTICLE, Kind.SECTION, Kind.PAGE)
    kind = next((kind for kind in kinds if frontier.knows(kind, named.key)), by_form)
    with spider.archive.transaction() as db:
        frontier.add(kind, named.key, url)
        row = db.execute(
            "select article from frontier where portal = ? and kind = ? and key = ?",
            [spider.portal.key, kind, named.key],
        ).fetchone()
    return replace(Entry(kind, named.key, url), article=row[0])


def _tell(spider: PortalSpider, index: CaptureIndex) -> None:
    """What each address is by now, to the index."""
    portal = spider.portal.key
    sql = (
        "select f.outcome, a.key from frontier f left join articles a on a.id = f.article "
        "where f.portal = ? and f.key = ? and f.outcome is not null order by a.key is null"
    )
    for address, url in index.addresses(portal):
        named = address_of(spider.portal, spider.cms, page_url(spider, url))
        row = spider.archive.connection.execute(sql, [portal, named.key if named else address]).fetchone()
        if row is not None:
            index.came_to(portal, address, row[0], row[1])


def _sifted(scratch: Archive, portal: str, spider: PortalSpider) -> Sifted:
    names = "number, learned, pages, template"
    rows = scratch.connection.execute(f"select {names} from layouts where portal = ? order by number", [portal])
    kept = scratch.connection.execute("select fetched, sha256 from snap.snapshots where portal = ?", [portal])
    layouts, accepted = tuple(tuple(row) for row in rows), frozenset((row[0], row[1]) for row in kept)
    return Sifted(layouts, accepted, spider.outcomes[Outcome.READER_ERROR], partial(page_url, spider))
