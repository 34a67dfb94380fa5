"""What the portal knows while it runs: articles, who saw what, and how often it was asked."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

from crawler.demo.content import DemoArticle, Section, load, sections, tag_alias

HANOI = timezone(timedelta(hours=7))
PER_PAGE = 8
SITE_NAME = "Ban Dân vận Tỉnh ủy Thạch Giang"


def now() -> datetime:
    return datetime.now(HANOI)


class Site:
    """The state behind the pages; what moves is counted from requests, so two runs look the same."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.sections: dict[str, Section] = {section.alias: section for section in sections()}
        self.articles: dict[int, DemoArticle] = {article.id: article for article in load()}
        self.fetches = 0
        self._sessions = 0
        self._seen: set[tuple[str, int]] = set()
        self._views: dict[int, int] = {}
        self._lock = threading.Lock()

    def count_fetch(self) -> int:
        """The number of this request; the visitor counter at the foot of every page moves with it."""
        with self._lock:
            self.fetches += 1
            return self.fetches

    def new_session(self) -> str:
        with self._lock:
            self._sessions += 1
            number = self._sessions
        return hashlib.md5(f"session {number}".encode(), usedforsecurity=False).hexdigest()[:26]

    def views(self, article: DemoArticle) -> int:
        return article.views + self._views.get(article.id, 0)

    def visit(self, article: DemoArticle, session: str) -> int:
        """The views to print: the number before this visit; it grows once per session and article."""
        with self._lock:
            shown = self.views(article)
            if (session, article.id) not in self._seen:
                self._seen.add((session, article.id))
                self._views[article.id] = self._views.get(article.id, 0) + 1
            return shown

    def newest(self, alias: str = "") -> list[DemoArticle]:
        """What lists, feeds and sitemap show: all but drafts, even what a visitor cannot open."""
        return _newest_first(
            article
            for article in self.articles.values()
            if not article.draft and (not alias or alias in article.sections)
        )

    def tagged(self, alias: str) -> list[DemoArticle]:
        return [article for article in self.newest() if alias in map(tag_alias, article.tags)]

    def newer(self, article: DemoArticle) -> list[DemoArticle]:
        """Up to ten articles published after this one in its section, the nearest first."""
        line = self.newest(article.section)
        return line[: line.index(article)][::-1][:10]

    def older(self, article: DemoArticle) -> list[DemoArticle]:
        line = self.newest(article.section)
        return line[line.index(article) + 1 :][:10]


def _newest_first(articles: Iterable[DemoArticle]) -> list[DemoArticle]:
    return sorted(articles, key=lambda article: (article.published, article.id), reverse=True)
