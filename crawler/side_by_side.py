"""A night's crawls started: groups of portals side by side, the portals of a group one after another."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from scrapy.crawler import Crawler
from twisted.internet.error import ReactorNotRunning

from crawler.common import Common
from crawler.learning_spider import spider_for
from crawler.portals import Portal
from crawler.runs import Run

LOOK = 1.0  # seconds between two looks whether a portal was left alone for a while, so that the next may begin


class CrawlOfGroup:
    """The portals of one group, each with its settings: those that share a host share its pace (see pace.py)."""

    def __init__(self, run: Run, common: Common, options: dict[str, Any], rows: list[tuple[Portal, Any]]) -> None:
        self.run = run
        self.common = common
        self.options = options
        # Where a night is too short for all of a group, the next one begins with those that were not asked.
        asked = run.last_asked()
        self.rows = sorted(rows, key=lambda row: asked.get(row[0].key, ""))

    async def crawl(self, process: Any) -> None:
        """Crawl one after another; a sick portal that is left alone for a while keeps nobody waiting."""
        tasks: list[asyncio.Task[None]] = []
        for portal, settings in self.rows:
            if self.common.is_over:
                break
            task = self.begin(process, portal, settings)
            tasks.append(task)
            await self.until_done_or_away(portal.key, task)
        if tasks:
            await asyncio.wait(tasks)

    def begin(self, process: Any, portal: Portal, settings: Any) -> asyncio.Task[None]:
        """Start the crawl of one portal."""
        crawler = Crawler(spider_for(portal), settings)
        self.run.begin(portal.key, crawler)
        moment, is_resumed = self.run.moment()
        options = self.options | {"portal": portal, "moment": moment, "is_resumed": is_resumed}
        task: asyncio.Task[None] = process.crawl(crawler, **options)
        task.add_done_callback(lambda _: self.done(portal.key))
        return task

    def done(self, key: str) -> None:
        """A portal's crawl ended; where it was by Ctrl-C, or the archive failed, all end."""
        self.run.end(key)
        if self.run.stopped(key):
            self.common.interrupt()
        elif self.run.store_error is not None:
            self.common.end()

    async def until_done_or_away(self, key: str, task: asyncio.Task[None]) -> None:
        """Wait until the next portal of the group may begin."""
        while not task.done():
            spider = self.run.spiders().get(key)
            if spider is not None and spider.endurance.away.is_set():
                return
            await asyncio.wait({task}, timeout=LOOK)


def crawl_all(process: Any, groups: list[CrawlOfGroup], common: Common) -> None:
    """Crawl all groups at once, until all are done, the night's time is up, or a signal ends it."""
    from twisted.internet import reactor as chosen  # by Scrapy, by now

    reactor: Any = chosen

    async def crawl() -> None:
        timer = asyncio.get_running_loop().call_later(common.limits.night_hours * 3600, common.run_out)
        try:
            await asyncio.gather(*(group.crawl(process) for group in groups))
        finally:
            timer.cancel()
            with suppress(ReactorNotRunning):  # a signal has stopped it at the same moment
                reactor.stop()

    loop = asyncio.get_event_loop()
    task = loop.create_task(crawl())
    process.start(stop_after_crawl=False)
    if not task.done():  # a signal came first
        common.interrupt()
        task.cancel()
        return
    task.result()
