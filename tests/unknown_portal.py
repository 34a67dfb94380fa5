"""A portal on this machine whose CMS nobody knows: addresses, themes and traps of no known content system.

/tin-tuc/<slug>-877.html  an article        /in/877                    its print version
/tin-tuc, /tin-tuc/trang-2  a listing       /anh/3                     the page of a picture
/but-danh/lan-thao  an author               /lich?thang=5&nam=2031     a month of a calendar that never ends
/gioi-thieu, /lien-he, /so-do, /tai-khoan   static pages and a log-in  /noi-bo/...  forbidden by robots.txt

Each visit gives the links another `?sid=`, listings offer `?sort=`; clock and counters are others on each visit.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from urllib.parse import parse_qs, urlsplit

from archive.clock import VIETNAM
from crawler.demo.content import slug
from tests import unknown_portal_texts as texts
from tests.small_server import Handler, SmallServer
from tests.unknown_portal_texts import DAYS, NAME, SECTIONS, STATIC, Invented

PER_PAGE, ON_HOME, IN_FEED, RELATED = 6, 10, 10, 5
PICTURES = 12


class UnknownPortal(SmallServer):
    """The portal while it runs. `requests`: the targets asked for, in order; `articles`: what it has to say.

    `sitemap`, `feed`, `prints`: whether it has a sitemap, a feed of its newest articles, versions for the printer.
    `titles`: whether the head of a page names what is on it, or the portal alone. `session`: the session's name.
    `days`: how far its clock is ahead, for rehearsing several nights in one hour.
    """

    days = 0

    def __init__(
        self,
        theme: str = "classes",
        articles: int = 45,
        *,
        sitemap: bool = True,
        feed: bool = False,
        prints: bool = True,
        titles: bool = True,
        session: str = "sid",
    ) -> None:
        self.theme = texts.THEMES[theme]
        self.sitemap, self.feed, self.prints, self.titles, self.session = sitemap, feed, prints, titles, session
        self.articles: dict[int, Invented] = {}
        self._add(0, articles)
        self.requests: list[str] = []
        self._lock = threading.Lock()
        super().__init__(_Handler)

    def redesign(self, theme: str) -> None:
        """The same articles, at the same addresses, look otherwise from now on."""
        self.theme = texts.THEMES[theme]

    def publish(self, count: int) -> list[Invented]:
        """So many new articles, newer than all others."""
        return self._add(-count, count)

    def edit(self, number: int) -> Invented:
        """An editor rewrites the second paragraph of an article."""
        first, _, *rest = self.articles[number].paragraphs
        said = f"Đoạn này người viết đã sửa lại, sau khi {number % 40} bạn đọc ở gần đó gửi thư nói rõ hơn."
        self.articles[number] = replace(self.articles[number], paragraphs=(first, said, *rest))
        return self.articles[number]

    def asked(self, since: int = 0) -> Counter[str]:
        """How often each target was asked for, from the request `since` on."""
        return Counter(self.requests[since:])

    def newest(self, section: str = "", author: str = "") -> list[Invented]:
        """What a listing shows."""
        found = [one for one in self.articles.values() if section in ("", one.section) and author in ("", one.author)]
        return sorted(found, key=lambda one: one.published, reverse=True)

    def answer(self, target: str) -> tuple[int, str, str]:
        """Status, content type and body of the answer to a request."""
        with self._lock:
            self.requests.append(target)
            visit = len(self.requests)
        parts = urlsplit(target)
        if parts.path in ("/robots.txt", "/sitemap.xml", "/tin-moi.xml"):
            return self._for_machines(parts.path)
        found = self._page(parts.path, parse_qs(parts.query))
        if found is None:
            return 404, "text/html", "<html><body><p>404</p></body></html>"
        title, main = found
        page = main if parts.path.startswith("/in/") else self._around(main, visit)
        return 200, "text/html", self._head(title) + _with_session(page, f"{self.session}={visit:x}f{visit * 7919:x}")

    def _head(self, title: str) -> str:
        said = escape(title if self.titles else NAME)
        feed = '<link rel="alternate" type="application/rss+xml" href="/tin-moi.xml">' if self.feed else ""
        return f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{said}</title>{feed}</head>"

    def _add(self, first: int, count: int) -> list[Invented]:
        added = list(texts.articles(count, first))
        self.articles |= {article.number: article for article in added}
        return added

    def _for_machines(self, path: str) -> tuple[int, str, str]:
        if path == "/robots.txt":
            named = f"Sitemap: {self.origin}/sitemap.xml\n" if self.sitemap else ""
            return 200, "text/plain", f"User-agent: *\nDisallow: /noi-bo\n{named}"
        if path == "/sitemap.xml" and self.sitemap:
            paths = ["/", *(f"/{name}" for name in (*SECTIONS, *STATIC)), *(one.path for one in self.newest())]
            found = "".join(f"<url><loc>{self.origin}{path}</loc></url>" for path in paths)
            kind = "http://www.sitemaps.org/schemas/sitemap/0.9"
            return 200, "text/xml", f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="{kind}">{found}</urlset>'
        if path == "/tin-moi.xml" and self.feed:
            found = "".join(
                f"<item><title>{escape(one.title)}</title><link>{self.origin}{one.path}</link>"
                f"<pubDate>{format_datetime(one.published)}</pubDate></item>"
                for one in self.newest()[:IN_FEED]
            )
            return 200, "text/xml", f'<rss version="2.0"><channel><title>{NAME}</title>{found}</channel></rss>'
        return 404, "text/plain", "404"

    def _page(self, path: str, query: dict[str, list[str]]) -> tuple[str, str] | None:
        """Title and main part of a page; None where there is none."""
        name, _, last = path.strip("/").partition("/")
        if path == "/":
            return NAME, self._listing(NAME, self.newest()[:ON_HOME])
        if name in STATIC:
            return self._static(*STATIC[name])
        if name == "so-do":
            return self._static("Sơ đồ", *(_link(f"/{one}", SECTIONS[one]) for one in SECTIONS))
        if name == "tai-khoan":
            return self._static("Tài khoản", "<form>Tên <input name=ten> Mật khẩu <input name=khoa></form>")
        if name == "lich":
            return self._calendar(int(query["thang"][0]), int(query["nam"][0]))
        if name == "anh" and last.isdigit() and int(last) < PICTURES:
            return self._static(f"Ảnh {last}", _picture(int(last)))
        if name == "in" and last.isdigit() and int(last) in self.articles:
            return _print_version(self.articles[int(last)])
        if name == "but-danh":
            return next((self._author(one) for one in texts.AUTHORS if _alias(one) == last), None)
        return self._in_section(name, last) if name in SECTIONS else None

    def _in_section(self, section: str, last: str) -> tuple[str, str] | None:
        """An article, or a page of a listing."""
        if match := re.search(r"-(\d+)\.html$", last):
            article = self.articles.get(int(match[1]))
            is_here = article is not None and article.path == f"/{section}/{last}"
            return self._article(article) if article is not None and is_here else None
        page = int(last.removeprefix("trang-")) if last.startswith("trang-") else 1
        found = self.newest(section)
        pages = -(-len(found) // PER_PAGE)
        if page > max(1, pages):
            return None
        shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
        return f"{SECTIONS[section]} - {NAME}", self._listing(SECTIONS[section], shown, _paging(section, page, pages))

    def _around(self, main: str, visit: int) -> str:
        """A whole page around its main part."""
        clock = datetime.now(VIETNAM) + timedelta(days=self.days)
        return self.theme.page.format(
            main=main,
            today=f"Hôm nay: {DAYS[clock.weekday()]}, {clock:%d/%m/%Y %H:%M}",
            menu="".join(self.theme.menu.format(link=_link(path, said)) for path, said in texts.MENU.items()),
            most_read_said=texts.MOST_READ,
            most_read="".join(self.theme.menu.format(link=one.link) for one in self.newest()[-RELATED:]),
            visits=f"Lượt truy cập: {48210 + visit}",
            online=f"Đang xem: {1 + visit % 9} người",
            licence=texts.LICENCE,
        )

    def _article(self, article: Invented) -> tuple[str, str]:
        theme = self.theme
        others = [one for one in self.newest(article.section) if one != article]
        nearest = sorted(others, key=lambda one: abs(one.published - article.published))[:RELATED]
        author = _link(f"/but-danh/{_alias(article.author)}", "Cùng người viết") if article.author else ""
        main = theme.article.format(
            title=escape(article.title),
            date=theme.date.format(weekday=DAYS[article.published.weekday()], at=article.published),
            tools=f"{_link(f'/in/{article.number}', texts.PRINT) if self.prints else ''} {author}",
            lead=theme.lead.format(said=escape(article.lead)) if article.lead else "",
            text="".join(theme.paragraph.format(said=said) for said in _with_picture(article)),
            signature=theme.signature.format(said=article.author) if article.author else "",
            read_on=texts.READ_ON,
            related="".join(
                theme.related.format(link=one.link, day=theme.day.format(at=one.published)) for one in nearest
            ),
        )
        return f"{article.title} - {NAME}", main

    def _listing(self, title: str, shown: Iterable[Invented], paging: str = "") -> str:
        items = (
            self.theme.item.format(link=one.link, day=self.theme.day.format(at=one.published), teaser=one.teaser)
            for one in shown
        )
        return self.theme.listing.format(title=title, items="".join(items), paging=paging)

    def _static(self, title: str, *paragraphs: str) -> tuple[str, str]:
        """A page that is neither article nor listing, dressed with the pieces of both."""
        text = "".join(self.theme.paragraph.format(said=said) for said in paragraphs)
        return f"{title} - {NAME}", self.theme.listing.format(title=title, items=text, paging="")

    def _author(self, author: str) -> tuple[str, str]:
        said = f"{author} viết cho trang từ những ngày đầu, phần lớn là chuyện đi chợ, đi đò và đi họp xóm."
        return self._static(author, said, *(one.link for one in self.newest(author=author)))

    def _calendar(self, month: int, year: int) -> tuple[str, str]:
        """A month, with links to the one before and the one after it."""
        ways = ((year * 12 + month - 2, "Tháng trước"), (year * 12 + month, "Tháng sau"))
        links = (_link(f"/lich?thang={at % 12 + 1}&amp;nam={at // 12}", said) for at, said in ways)
        return self._static(f"Tháng {month} năm {year}", *links, " ".join(str(day) for day in range(1, 29)))


class _Handler(Handler):
    portal: UnknownPortal

    def do_GET(self) -> None:
        status, kind, body = self.portal.answer(self.path)
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _with_session(page: str, session: str) -> str:
    """The page with a session id on each of its links."""
    return re.sub(
        r'<a href="([^"]*)"', lambda link: f'<a href="{link[1]}{"&amp;" if "?" in link[1] else "?"}{session}"', page
    )


def _link(path: str, said: str) -> str:
    return f'<a href="{path}">{said}</a>'


def _alias(name: str) -> str:
    return slug(name).lower()


def _picture(number: int) -> str:
    return f'<img src="/tep/anh-{number}.jpg" alt="">'


def _with_picture(article: Invented) -> list[str]:
    """The paragraphs of an article, in every third with a picture between them that leads to a page of its own."""
    first, *rest = [escape(said) for said in article.paragraphs]
    number = article.number // 3 % PICTURES
    return [first, _link(f"/anh/{number}", _picture(number)), *rest] if article.number % 3 == 0 else [first, *rest]


def _paging(section: str, page: int, pages: int) -> str:
    """Links to the neighbouring pages of a listing, and to the same in another order."""
    orders = [_link(f"/{section}?sort={order}", said) for order, said in (("cu", "Cũ nhất"), ("ten", "Theo tên"))]
    near = [number for number in range(1, pages + 1) if abs(number - page) < 2]
    return " ".join([*orders, *(_link(f"/{section}" + (f"/trang-{n}" if n > 1 else ""), f"Trang {n}") for n in near)])


def _print_version(article: Invented) -> tuple[str, str]:
    """The article alone, for the printer; nothing in it names the page that it is the print of."""
    text = "".join(f"<p>{escape(said)}</p>" for said in (article.lead, *article.paragraphs, article.author) if said)
    date = f"<p><i>{article.published:%d/%m/%Y %H:%M}</i></p>"
    return article.title, f"<body><h2>{escape(article.title)}</h2>{date}{text}</body></html>"
