"""The article of one page, by all that is known of its portal: its row, its learned layout, its family, or nothing."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from archive.article import Article
from crawler.cms import FAMILIES, Family, Unreadable, load
from crawler.cms.general import General
from crawler.explaining import container, left_out
from crawler.explaining.leading import is_confirmed, overlooked
from crawler.explaining.places import places_of
from crawler.layouts import Layouts
from crawler.outcomes import Outcome
from crawler.page import Page
from crawler.portals import Portal
from crawler.reading import read_by_layout
from crawler.single.opening import WrongArgument
from crawler.template.candidates import declared, looks_like_article
from crawler.template.read import Reading
from crawler.urls import netloc

logger = logging.getLogger(__name__)

FALLBACK = " fallback"  # how the reader of what fits no layout is named, at the end
LONE = "page"  # the key of the portal of a page without address


class LayoutsUnknown(Exception):
    """The archive's learned layouts cannot be read; the message is a sentence."""


@dataclass(slots=True)
class Single:
    """What was read of one page. `by`: in words, by what; `dropped`: lines beside the text that were left out."""

    page: Page
    article: Article
    by: str
    dropped: list[str] = field(default_factory=list)


def portal_of(url: str, portals: Mapping[str, Portal]) -> Portal | None:
    """The row whose hosts an address is at; of several on one host the one whose own address begins it furthest."""
    rows = [row for row in portals.values() if netloc(url) in row.all_hosts]
    path = urlsplit(url).path
    begun = [row for row in rows if path.startswith(urlsplit(row.url).path.rstrip("/"))]
    return max(begun or rows, key=lambda row: len(urlsplit(row.url).path), default=None)


def portal_for(url: str, cms: str) -> Portal:
    """A row made for a page that no registry knows. Raises WrongArgument for an unknown family."""
    if cms not in FAMILIES:
        raise WrongArgument(f"--cms {cms} is unknown; known are {', '.join(FAMILIES)}")
    parts = urlsplit(url)
    host = netloc(url) or LONE
    origin = f"{parts.scheme}://{host}/" if parts.scheme in ("http", "https") else f"http://{host}/"
    return Portal(key=host, name=host, url=origin, cms=cms)


def read(page: Page, portal: Portal, archive_db: Path | None = None) -> Single:
    """The article of a page. `archive_db`: where layouts are kept, None for a page to be read without.

    Raises Unreadable by name, READER_ERROR among them; LayoutsUnknown where archive_db is damaged.
    """
    cms = load(portal)
    with bugs_named(page.url):
        _refuse(page, cms)
        if isinstance(cms, General) and archive_db is not None and archive_db.exists():
            found = _by_layout(page, portal, cms, archive_db)
            if found is not None:
                return found
        article = with_lead(cms.read(page, portal.key, portal.select), page)
        return Single(page, article, _by(article, cms, portal), left_out(page, article))


def with_lead(article: Article, page: Page) -> Article:
    """What the fallback read, with the lead that it passes over where the lead stands in an element of its own.

    Only one that its element's name or the page's description confirms. Other readers have looked for it already.
    """
    if article.lead or not article.reader.endswith(FALLBACK):
        return article
    places = places_of(page)
    lines = overlooked(places, article, container.find(places, article))
    lead = [line.text for line in lines if is_confirmed(line, places)]
    return replace(article, lead="\n\n".join(lead))


@contextmanager
def bugs_named(url: str) -> Iterator[None]:
    """A bug of our own on one odd page becomes Unreadable with READER_ERROR; its traceback goes to the log."""
    try:
        yield
    except (Unreadable, LayoutsUnknown):
        raise
    except Exception as error:
        logger.exception("the reader failed on %s", url)
        raise Unreadable(Outcome.READER_ERROR, f"the reader failed: {error!r}; --loglevel ERROR shows where") from error


def by_status(status: int) -> Outcome | None:
    """What an answer's status says of its page; None where it says that there is one."""
    if status == 200:
        return None
    named = {404: Outcome.NOT_FOUND, 410: Outcome.NOT_FOUND, 401: Outcome.LOGIN_ONLY, 403: Outcome.LOGIN_ONLY}
    return named.get(status, Outcome.FLOOD if status == 429 else Outcome.HTTP_ERROR)


def _refuse(page: Page, cms: Family) -> None:
    """Raises Unreadable for a page that is none to read, by its status or its own words."""
    if (outcome := by_status(page.status)) is not None:
        raise Unreadable(outcome, f"the portal answers with status {page.status}")
    if (kind := cms.kind(page)) is not None:
        raise Unreadable(kind, "the page says so itself")


def _by_layout(page: Page, portal: Portal, cms: General, archive_db: Path) -> Single | None:
    """By the layout that nightly has learned, as nightly reads it; None while none is learned. Raises Unreadable."""
    reading = _look(page, portal, cms, archive_db)
    if reading is None:
        return None
    missing = ", ".join(reading.fit.missing)
    if missing and not declared(page) and not looks_like_article(page):
        why = f"it does not fit the layout learned of {portal.key}: no {missing}"
        raise Unreadable(cms.excuse(page) or Outcome.NOT_ARTICLE, why)
    article, _ = read_by_layout(page, reading, cms, False, _no_furniture)
    if article.reader.endswith(FALLBACK):
        article = with_lead(article, page)
        by = f"by the general extractor, since it does not fit the layout learned of {portal.key}: no {missing}"
        return Single(page, article, by, left_out(page, article))
    by = f"by the layout learned of {portal.key}, from {reading.template.pages} pages"
    if missing:
        by += f"; not where the others have it: {missing}"
    return Single(page, article, by, _dropped(reading, article))


def _no_furniture() -> frozenset[str]:
    """The lines that a lone page shares with others: there are none to compare it with."""
    return frozenset()


def _look(page: Page, portal: Portal, cms: General, archive_db: Path) -> Reading | None:
    try:
        # Not "mode=ro": who may only read leaves the files of the write-ahead log behind.
        with closing(sqlite3.connect(f"{archive_db.resolve().as_uri()}?mode=rw", uri=True)) as db:
            db.execute("pragma query_only = on")
            return Layouts(db, portal.key, cms.known).look(page)
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):  # of an archive from before layouts were learned
            return None
        raise LayoutsUnknown(f"{archive_db} cannot be read: {error}") from error
    except (sqlite3.DatabaseError, ValueError, KeyError) as error:
        raise LayoutsUnknown(f"{archive_db} holds no layout that can be read: {error}") from error


def _dropped(reading: Reading, article: Article) -> list[str]:
    """The lines of the container that the layout left out, as far as they became no field."""
    taken = {*article.lead.split("\n\n"), article.author, article.source}
    trimmed = reading.trimmed
    return [line.text for line in trimmed.dropped if line.text not in taken] if trimmed is not None else []


def _by(article: Article, cms: Family, portal: Portal) -> str:
    """By what a page was read alone, in words."""
    if not isinstance(cms, General):
        return f"by the reader of {portal.cms}"
    if article.reader.endswith(FALLBACK):
        return "by the general extractor: no layout of the portal is known"
    return f"by the CSS of {'its row' if 'body' in portal.select else portal.cms}"
