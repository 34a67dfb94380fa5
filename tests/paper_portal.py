"""A portal on paper: many nights of the frontier in a moment, as the spider would spend them, without a network.

What is asked when is decided by the code of the crawl; what stands where is written here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from archive import clock
from archive.article import Article
from archive.clock import VIETNAM, stamp
from archive.store import Archive
from crawler.cms import load
from crawler.frontier import BY_TURN, Entry, Frontier, Kind, next_look
from crawler.night import Night
from crawler.outcomes import Outcome
from crawler.portals import Portal
from crawler.revisiting import next_try

FIRST = datetime(2026, 3, 1, 1, 15, tzinfo=VIETNAM)
KEY = "song_lam"
ORIGIN = "http://127.0.0.1:1"
PER_PAGE = 5


@dataclass
class PaperPortal:
    """`sections`: the articles of each, newest first. `sitemap`, `feed`: what they list, None where there is none."""

    archive: Archive
    sections: dict[str, list[int]]
    sitemap: list[int] | None = None
    feed: list[int] | None = None
    home: list[int] = field(default_factory=list)
    ages: dict[int, float] = field(default_factory=dict)  # days before the first night; 1000 where nothing is said
    gone: set[int] = field(default_factory=set)
    failing: set[str] = field(default_factory=set)
    rotation: int = 20

    def __post_init__(self) -> None:
        row = {"key": KEY, "name": "Sông Lam", "url": f"{ORIGIN}/", "cms": "nukeviet", "province": "x", "keep": "all"}
        self.archive.register_portals([row])
        self.portal = Portal(KEY, "Sông Lam", f"{ORIGIN}/", "nukeviet")
        self.purposes: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()

    def add(self, section: str, number: int, day: float) -> None:
        """An article of some day, in front of its section."""
        self.sections[section].insert(0, number)
        self.ages[number] = -day

    def night(self, day: float, *, at: datetime | None = None, recheck: str = "due", stop: int = 10**6) -> list[str]:
        """What is asked for on a night; `stop`: after so many answers the run is killed."""
        now = at or FIRST + timedelta(days=day)
        with clock.at(now):
            frontier = Frontier(self.archive.connection, KEY, now, recheck)
            night = Night(self._spider(frontier))
            night.rotation = self.rotation
            with self.archive.transaction():
                night.begin()
            asked: list[str] = []
            while (entry := night.next()) is not None:
                if len(asked) >= stop:
                    return asked
                asked.append(entry.key)
                self.purposes[entry.purpose] += 1
                self._answer(night, entry, now)
                assert len(asked) < 3000
            with self.archive.transaction():
                night.end()
        return asked

    def _spider(self, frontier: Frontier) -> Any:
        self.purposes.clear()
        self.outcomes.clear()
        return SimpleNamespace(
            frontier=frontier, archive=self.archive, portal=self.portal, cms=load(self.portal), full=False,
            outcomes=self.outcomes, seed=lambda: self._seed(frontier),
        )  # fmt: skip

    def _seed(self, frontier: Frontier) -> None:
        for kind, listed in ((Kind.SITEMAP, self.sitemap), (Kind.FEED, self.feed)):
            if listed is not None:
                frontier.add(kind, kind, f"{ORIGIN}/{kind}")
        frontier.add(Kind.SECTION, "/", f"{ORIGIN}/")

    def _answer(self, night: Night, entry: Entry, now: datetime) -> None:
        frontier = night.frontier
        with self.archive.transaction():
            frontier.listed_now = set()
            if entry.key in self.failing:
                frontier.failed(entry, Outcome.HTTP_ERROR, 503)
                return
            if entry.kind in (Kind.SITEMAP, Kind.FEED):
                self._list(night, entry)
            elif entry.kind is Kind.ARTICLE:
                self._read(frontier, entry, now)
            else:
                self._show(night, entry)
        night.dealt_with(entry)

    def _list(self, night: Night, entry: Entry) -> None:
        frontier = night.frontier
        for number in (self.sitemap if entry.kind is Kind.SITEMAP else self.feed) or []:
            frontier.listed_now.add(str(number))
            frontier.add(Kind.ARTICLE, str(number), f"{ORIGIN}/{number}")
        outcome = Outcome.SITEMAP if entry.kind is Kind.SITEMAP else Outcome.FEED
        frontier.done(entry, outcome, 200, BY_TURN)
        night.heard(entry)

    def _show(self, night: Night, entry: Entry) -> None:
        frontier, shown = night.frontier, self.home
        if entry.key == "/":
            for name in self.sections:
                frontier.add(Kind.SECTION, f"/{name}/", f"{ORIGIN}/{name}/")
        else:
            name, _, page = entry.key.strip("/").partition("/page-")
            number = int(page or 1)
            shown = self.sections[name][(number - 1) * PER_PAGE : number * PER_PAGE]
        for one in shown:
            frontier.add(Kind.ARTICLE, str(one), f"{ORIGIN}/{one}")
        if listing := night.listing(entry, entry.url):
            keys = [str(one) for one in shown]
            frontier.show(listing, keys)
            has_news = frontier.news_on(keys)
            if len(self.sections[name]) > number * PER_PAGE:
                key = f"/{name}/page-{number + 1}/"
                if not frontier.add(Kind.PAGE, key, ORIGIN + key) and has_news:
                    frontier.again(Kind.PAGE, key)
        frontier.done(entry, Outcome.LISTING, 200, BY_TURN)

    def _read(self, frontier: Frontier, entry: Entry, now: datetime) -> None:
        if int(entry.key) in self.gone:
            due = next_look(now, entry.found) if entry.article else next_try(now, entry.found)
            frontier.done(entry, Outcome.NOT_FOUND, 404, due)
            return
        published = stamp(FIRST - timedelta(days=self.ages.get(int(entry.key), 1000)))
        body = f"Chuyện số {entry.key}."
        article = Article(KEY, f"vi/news/{entry.key}", entry.url, f"Bài {entry.key}", "", body, published=published)
        saved = Outcome(self.archive.save(article))
        frontier.done(entry, saved, 200, next_look(now, published), article.id)
