"""Attached files of stored articles: which are wanted, asked for when all pages of the night are done, kept once.

Only files on the portal's own hosts are asked for, each once, and again where the article that lists it was edited.
What goes wrong with a file stays with the file: its article is stored already, and the portal is not taken for sick.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from scrapy.http import Response

from archive import clock
from archive.article import Article
from archive.attachments import sha256_of
from archive.clock import stamp
from archive.files.reading import read_text
from archive.files.text import Extracted
from archive.files.types import is_whole, sniff
from archive.store import StoreError
from crawler.cms import Unreadable
from crawler.frontier import TRIES, Entry, Kind
from crawler.middlewares.unpacking import TRUNCATED
from crawler.outcomes import PASSING, Outcome
from crawler.urls import netloc
from crawler.verdicts import is_flood

if TYPE_CHECKING:
    from crawler.spider import PortalSpider

# Of a request for a file: 20 MB, in the time that a slow line takes for them.
LIMITS = {"download_maxsize": 20 * 1024 * 1024, "download_timeout": 180}
FILES_A_NIGHT = 200  # requests for files to a portal in one run; the rest waits for the next
FAILURES_IN_A_ROW = 8  # passing failures of files after which a run asks for no more of them
NEVER = "9999-12-31T00:00:00+07:00"  # when a file is due again that was kept, or is too large

logger = logging.getLogger(__name__)


class AttachedFiles:
    """The files of one portal in one run."""

    def __init__(self, spider: PortalSpider) -> None:
        self.spider = spider
        self.portal = spider.portal
        self.frontier = spider.frontier
        self.archive = spider.archive
        self.asked = 0
        self.failures = 0

    def want(self, article: Article, is_edited: bool = False) -> None:
        """The files of an article just stored, into the frontier; runs inside transaction().

        Under the addresses that the archive has of them: the page's may carry a session, another each night. An
        article that is not published for its topic brings none: should it be judged anew, it is read again.
        """
        if article.topic == "other":
            return
        sql = "select url from article_files where article = ? order by position"
        urls = [row[0] for row in self.archive.connection.execute(sql, [article.id])]
        if self.portal.keep_images:
            sql = "select image from articles where id = ? and image is not null"
            urls += [row[0] for row in self.archive.connection.execute(sql, [article.id])]
        for url in dict.fromkeys(urls):
            self._want(url, is_edited)

    def _want(self, url: str, is_edited: bool) -> None:
        if netloc(url) not in self.spider.hosts or any(part in url for part in self.portal.deny):
            return
        if self.frontier.knows(Kind.FILE, url):
            if is_edited:
                self.frontier.again(Kind.FILE, url)
        elif is_edited or self.archive.attachments.newest(url) is None:
            self.frontier.add(Kind.FILE, url, url)

    def catch_up(self) -> None:
        """The files of articles that were stored by an older version, or came back by reparse; in a transaction."""
        rows = self.archive.connection.execute(
            "select distinct f.url from articles a join article_files f on f.article = a.id "
            "where a.portal = ? and f.sha256 is null and coalesce(a.topic, '') != 'other'",
            [self.portal.key],
        ).fetchall()
        for (url,) in rows:
            self._want(url, False)

    async def fetch_all(self) -> None:
        """Ask for the files that are due, one at a time. Raises StoreError."""
        while self.spider.endurance.may_ask:
            if self.asked >= FILES_A_NIGHT or self.failures >= FAILURES_IN_A_ROW:
                logger.info("%s: the other files wait for the next run", self.portal.key)
                return
            entry = self.frontier.next_file()
            if entry is None:
                return
            self.asked += 1
            await self._visit(entry)

    async def _visit(self, entry: Entry) -> None:
        status, response = 0, None
        try:
            response = await self.spider.fetch(entry)
            status = response.status
            outcome = await self._take(entry, response)
        except Unreadable as refusal:
            outcome = refusal.outcome
            if self.spider.stopping and outcome is Outcome.NETWORK_ERROR:  # it was never asked
                return
            if response is not None:
                self.spider.endurance.heed(outcome, response)
            self._put_aside(entry, outcome, status)
        except StoreError:
            raise
        except Exception:
            logger.exception("%s: a file could not be kept: %s", self.portal.key, entry.url)
            outcome = Outcome.READER_ERROR
            self._put_aside(entry, outcome, status)
        self.spider.outcomes[outcome] += 1
        self.failures = self.failures + 1 if outcome in PASSING and outcome is not Outcome.FLOOD else 0

    async def _take(self, entry: Entry, response: Response) -> Outcome:
        """Keep the file of an answer. Raises Unreadable where it brings none."""
        self.spider.refuse_status(response.status)
        if is_flood(response) or self.spider.cms.kind(self.spider.page(response)) is Outcome.FLOOD:
            raise Unreadable(Outcome.FLOOD, "flood page instead of a file")
        body = response.body
        type = sniff(body)
        if type is None:
            raise Unreadable(Outcome.NOT_FILE, f"{entry.url} answers with no file")
        if (not is_whole(body, type) or TRUNCATED in response.flags) and entry.tries < TRIES - 1:
            raise Unreadable(Outcome.TRUNCATED, "the file has no end")  # thrice the same: it is kept as it is
        read = Extracted()
        if self.archive.attachments.of(sha256_of(body)) is None:
            read = await asyncio.to_thread(read_text, body, type)
        with self.archive.transaction():
            self.archive.attachments.keep(entry.url, stamp(clock.now()), type, body, read)
            self.frontier.done(entry, Outcome.FILE, response.status, NEVER)
        self.spider.endurance.floods = 0
        return Outcome.FILE

    def _put_aside(self, entry: Entry, outcome: Outcome, status: int) -> None:
        with self.archive.transaction():
            if outcome is Outcome.TOO_LARGE:
                self.frontier.done(entry, outcome, status, NEVER)
            else:
                self.spider.put_aside(entry, outcome, status)
