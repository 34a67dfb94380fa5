"""Which address answers what: the CMS's rules for slugs, sections, paging and everything it does not know."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit

from crawler.demo import uploads
from crawler.demo.content import NEWS, DemoArticle, tag_alias
from crawler.demo.pages import Pages, Visit, page_count, page_path
from crawler.demo.site import PER_PAGE, Site, now

HTML = "text/html; charset=utf-8"
XML = "text/xml; charset=utf-8"
STYLE = Path(__file__).parent / "templates" / "style.css"
ROBOTS = """User-agent: *
Disallow: /admin/
Disallow: /data/
Disallow: /includes/
Disallow: /install/
Disallow: /modules/
Disallow: /robots.php
Disallow: /users/
Disallow: /statistics/
Sitemap: {base}sitemap.xml
"""


@dataclass(frozen=True)
class Answer:
    """A response before it goes out."""

    body: bytes = b""
    kind: str = HTML
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def page(text: str, kind: str = HTML, status: int = 200) -> Answer:
    return Answer(text.encode(), kind, status)


class Routes:
    """Finds the answer to a path: patterns are tried in order, what matches none goes to the home page."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.pages = Pages(site)
        handlers: list[tuple[str, Callable[..., Answer]]] = [
            (r"/(?:vi/(?:news/)?)?", self.home),
            (r"/vi|/vi/news|/vi/feeds|/vi/about|/vi/news/rss(?:/[^/]+)?", self.add_slash),
            (r"/vi/news/tag/([^/]+)(?:/page-(\d+))?", self.tag),
            (r"/vi/news/rss/(?:([^/]+)/)?", self.rss),
            (r"/vi/news/([^/]+)/?", self.section),
            (r"/vi/news/([^/]+)/page-(\d+)/?", self.section),
            (r"/vi/news/(?:(print|savefile)/)?([^/]+)/([^/]*?)-(\d+)(?:\.html)?/?", self.article),
            (r"/vi/feeds/", self.feeds),
            (r"/vi/about/(?:Gioi-thieu-chung\.html)?", self.about),
            (r"/sitemap\.xml|/sitemap-vi\.(?:news|about)\.xml", self.sitemap),
            (r"/robots\.txt", self.robots),
            (r"/(?:uploads|themes|favicon\.ico).*", self.file),
        ]
        self.handlers = [(re.compile(pattern), handler) for pattern, handler in handlers]

    def answer(self, target: str, visit: Visit) -> Answer:
        split = urlsplit(target)
        path, query = unquote(split.path), parse_qs(split.query)
        for pattern, handler in self.handlers:
            if found := pattern.fullmatch(path):
                return handler(path, query, visit, *found.groups())
        if re.fullmatch(r"/vi/news/tag/.*", path):
            return self.missing()
        return self.moved(NEWS if path.startswith(NEWS) else "/vi/")

    def moved(self, path: str) -> Answer:
        return Answer(b"", HTML, 301, {"Location": self.site.base.rstrip("/") + quote(path, safe="/")})

    def missing(self) -> Answer:
        return page(self.pages.missing(), status=404)

    def home(self, path: str, query: object, visit: Visit) -> Answer:
        return page(self.pages.home(visit, path))

    def add_slash(self, path: str, query: object, visit: Visit) -> Answer:
        return self.moved(path + "/")

    def section(self, path: str, query: dict[str, list[str]], visit: Visit, alias: str, number: str = "1") -> Answer:
        """Page 1 has one address only; beyond the last page, or with `?page=`, one lands on page 1."""
        section = self.site.sections.get(alias)
        if section is None:
            return self.moved(NEWS)
        last = page_count(len(self.site.newest(alias)))
        wanted = int(number)
        right = page_path(section.path, wanted if 1 <= wanted <= last else 1)
        if path != right or "page" in query:
            return self.moved(right)
        return page(self.pages.section(visit, section, wanted))

    def article(
        self,
        path: str,
        query: dict[str, list[str]],
        visit: Visit,
        view: str | None,
        alias: str,
        slug: str,
        number: str,
    ) -> Answer:
        """The number is the key: a wrong slug or the second section leads to the one canonical address."""
        article = self.site.articles.get(int(number))
        if article is None or article.draft or article.is_future(now()) or alias not in article.sections:
            return self.missing()
        if article.external:
            return Answer(b"", HTML, 301, {"Location": article.external})
        if path != article.view(view or ""):
            return self.moved(article.view(view or ""))
        if self.site.sections[article.section].login_only:
            return page(self.pages.denied(visit, article))
        if "download" in query or "pdf" in query:
            return self.attachment(article, query)
        return page(self.pages.variant(visit, article, view) if view else self.pages.article(visit, article))

    def attachment(self, article: DemoArticle, query: dict[str, list[str]]) -> Answer:
        number = query.get("id", ["0"])[0]
        if not number.isdigit() or int(number) >= len(article.files):
            return self.missing()
        name = article.files[int(number)]
        headers = {"Content-Disposition": f'attachment; filename="{name}"'} if "download" in query else {}
        return Answer(uploads.pdf(name), "application/pdf", 200, headers)

    def tag(self, path: str, query: object, visit: Visit, alias: str, number: str | None) -> Answer:
        articles = self.site.tagged(tag_alias(alias))
        wanted = int(number or 1)
        if not articles or (wanted - 1) * PER_PAGE >= len(articles):
            return self.missing()
        first = f"/vi/news/tag/{alias}"
        return page(self.pages.tag(visit, tag_alias(alias), first, wanted))

    def rss(self, path: str, query: object, visit: Visit, alias: str | None) -> Answer:
        """The thirty newest; a feed of no known section leads to the module."""
        if alias and alias not in self.site.sections:
            return self.moved(NEWS)
        section = self.site.sections[alias] if alias else None
        articles = self.site.newest(alias or "")[:30]
        return page(self.pages.template("rss.xml", section=section, articles=articles), XML)

    def sitemap(self, path: str, query: object, visit: Visit) -> Answer:
        """The news part names every article that is not a draft, even those whose page answers otherwise."""
        if path == "/sitemap.xml":
            return page(self.pages.template("sitemap_index.xml"), XML)
        articles = self.site.newest() if "news" in path else []
        return page(self.pages.template("sitemap.xml", articles=articles), XML)

    def robots(self, path: str, query: object, visit: Visit) -> Answer:
        return page(ROBOTS.format(base=self.site.base), "text/plain; charset=utf-8")

    def feeds(self, path: str, query: object, visit: Visit) -> Answer:
        return page(self.pages.plain(visit, "feeds.html", path, "RSS", "feeds"))

    def about(self, path: str, query: object, visit: Visit) -> Answer:
        return page(self.pages.plain(visit, "about.html", path, "Giới thiệu chung", "about"))

    def file(self, path: str, query: object, visit: Visit) -> Answer:
        """Static files are small and made on the spot; what has no known ending does not exist."""
        ending = path.rsplit(".", 1)[-1].lower()
        if ending == "css":
            return Answer(STYLE.read_bytes(), "text/css; charset=utf-8")
        if ending in ("jpg", "jpeg"):
            return Answer(uploads.jpeg(path), "image/jpeg")
        if ending in ("png", "gif", "ico"):
            return Answer(uploads.png(path), "image/png")
        if ending in ("pdf", "doc", "docx"):
            return Answer(uploads.pdf(path.rsplit("/", 1)[-1]), "application/pdf")
        return self.missing()
