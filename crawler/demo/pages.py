"""The HTML pages, in the shape of NukeViet's eGovernment edition (theme `egov`)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from crawler.demo import dates
from crawler.demo.content import DemoArticle, Section, tag_alias
from crawler.demo.site import PER_PAGE, SITE_NAME, Site

SIGNS = {"/": "&#x002F;", ":": "&#x3A;", "(": "&#40;", ")": "&#41;", "%": "&#x25;"}
NO_IMAGE = "/uploads/no-image.jpg"
WINDOW = 2


@dataclass(frozen=True)
class Visit:
    """Who asks for a page: the session's cookie and the number of the request."""

    session: str
    fetch: int


def stored(text: str) -> Markup:
    """The CMS keeps titles already escaped, with numeric entities for signs that need none."""
    marked = str(escape(text))
    for sign, entity in SIGNS.items():
        marked = marked.replace(sign, entity)
    return Markup(marked)


def cut(text: str, length: int = 150) -> str:
    """The beginning of a lead, as it hangs in the tooltips of OTHER articles' links."""
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + "..."


def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(
        stored=stored,
        cut=cut,
        tag_alias=tag_alias,
        on_article=dates.on_article,
        in_list=dates.in_list,
        in_meta=dates.in_meta,
        in_feed=dates.in_feed,
    )
    env.globals.update(site_name=SITE_NAME, no_image=NO_IMAGE)
    return env


class Pages:
    """Renders one page after another; what a page says besides its article comes from `_around`."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.env = _environment()

    def template(self, name: str, **values: Any) -> str:
        return self.env.get_template(name).render(base=self.site.base.rstrip("/"), site=self.site, **values)

    def _around(self, visit: Visit, func: str, path: str, title: str, **more: Any) -> dict[str, Any]:
        """Header, menu, counter, banners; `token` changes with every fetch, as the CMS's own do."""
        token = hashlib.md5(f"token {visit.fetch}".encode(), usedforsecurity=False).hexdigest()
        counter = {
            "Đang truy cập": f"{5 + visit.fetch % 7}",
            "Hôm nay": f"{312 + visit.fetch:,}",
            "Tháng hiện tại": f"{9_846 + visit.fetch:,}",
            "Tổng lượt truy cập": f"{862_310 + visit.fetch:,}",
        }
        around = {"func": func, "module": "news", "path": path, "page_title": title, "crumbs": []}
        return around | {"token": token, "counter": counter} | more

    def home(self, visit: Visit, path: str) -> str:
        """Home and module home look alike: the hot news, then a box for each section."""
        newest = self.site.newest()
        boxes = [(section, self.site.newest(section.alias)[:4]) for section in self.site.sections.values()]
        around = self._around(visit, "main", path, SITE_NAME)
        return self.template("home.html", hot=newest[0], others=newest[1:4], boxes=boxes, **around)

    def section(self, visit: Visit, section: Section, page: int) -> str:
        articles = self.site.newest(section.alias)
        title = section.title if page == 1 else f"{section.title} - Trang {page}"
        around = self._around(visit, "viewcat", page_path(section.path, page), title, crumbs=[section])
        return self.template(
            "list.html",
            section=section,
            articles=articles[(page - 1) * PER_PAGE : page * PER_PAGE],
            others=articles[page * PER_PAGE :][:10],
            pager=pager(section.path, page, page_count(len(articles))),
            **around,
        )

    def tag(self, visit: Visit, alias: str, path: str, page: int) -> str:
        articles = self.site.tagged(alias)
        around = self._around(visit, "tag", path, f"Tag: {alias.replace('-', ' ')}")
        start = (page - 1) * PER_PAGE
        links = [(n, path if n == 1 else f"{path}/page-{n}") for n in range(1, page_count(len(articles)) + 1)]
        return self.template("tag.html", articles=articles[start : start + PER_PAGE], page=page, links=links, **around)

    def article(self, visit: Visit, article: DemoArticle) -> str:
        section = self.site.sections[article.section]
        around = self._around(visit, "detail", article.path, article.title, crumbs=[section])
        return self.template(
            "article.html",
            article=article,
            section=section,
            views=self.site.visit(article, visit.session),
            newer=self.site.newer(article),
            older=self.site.older(article),
            **around,
        )

    def variant(self, visit: Visit, article: DemoArticle, name: str) -> str:
        """The print and the save view: the whole body again, at another address."""
        around = self._around(visit, name, article.view(name), article.title)
        return self.template("variant.html", article=article, **around)

    def denied(self, visit: Visit, article: DemoArticle) -> str:
        section = self.site.sections[article.section]
        around = self._around(visit, "detail", article.path, article.title, crumbs=[section])
        return self.template("denied.html", **around)

    def plain(self, visit: Visit, template: str, path: str, title: str, module: str) -> str:
        """Pages that are no news: the list of feeds, and what the portal says about itself."""
        return self.template(template, **self._around(visit, "main", path, title) | {"module": module})

    def missing(self) -> str:
        return self.template("missing.html")


def page_count(articles: int) -> int:
    return max(1, -(-articles // PER_PAGE))


def page_path(path: str, page: int) -> str:
    return path if page == 1 else f"{path}page-{page}/"


def pager(path: str, page: int, last: int) -> dict[str, Any]:
    """A window of pages around this one: the last page is not always linked, `next` always is."""
    numbers = [n for n in range(1, last + 1) if n == 1 or abs(n - page) <= WINDOW]
    return {
        "page": page,
        "links": [(n, page_path(path, n)) for n in numbers],
        "previous": page_path(path, page - 1) if page > 1 else "",
        "next": page_path(path, page + 1) if page < last else "",
    }
