"""The addresses of NukeViet: which page an address names, in all the forms it is written.

Evidenced forms: /<cat>/<slug>-<id>.html, /<module>/<cat>/<slug>-<id>.html, /<lang>/<module>/<cat>/<slug>-<id>.html,
the same behind /index.php/ (rewriting off), with a trailing slash instead of .html (tuyengiaotiengiang.vn), as
index.php?language=vi&nv=news&op=<cat>/<slug>-<id>, and the print, savefile and sendmail views of each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs, urlsplit, urlunsplit

VIEWS = frozenset(("print", "savefile", "sendmail"))
# Parts of the CMS that hold no news, or are no page at all. "page" and "about" are static pages.
NO_NEWS = frozenset(
    [
        "users",
        "banners",
        "seek",
        "search",
        "statistics",
        "comment",
        "contact",
        "feeds",
        "rss",
        "admin",
        "data",
        "includes",
        "install",
        "modules",
        "uploads",
        "assets",
        "themes",
        "tag",
        "topic",
        "groups",
        "author",
        "instant-rss",
        "voting",
        "siteterms",
        "page",
        "about",
        "freecontent",
        "two-step-verification",
        "laws",
        "faq",
        "organs",
        "opinions",
        "download",
        "videos",
        "weblinks",
        "nvform",
        "inform",
        "myapi",
    ]
)
STATIC = re.compile(r"\.(?!html?$)[a-z0-9]{2,5}$", re.I)
LAST = re.compile(r"(?P<slug>.+)-(?P<number>\d{1,10})(?P<ending>\.html?|/)?", re.I)
PAGE = re.compile(r"page-(\d+)", re.I)
DEEPEST = 6  # segments of a path; stock addresses have four at most
NESTED = 3  # times that a segment may stand in it: /a/b/a/b/a/b is a relative link that nests without end


@dataclass(frozen=True, slots=True)
class Address:
    """What an address names. `module` is "" where the address leaves it out; `number` is "" for a listing."""

    path: str
    lang: str
    module: str
    slug: str = ""
    number: str = ""
    page: int = 1

    @property
    def is_article(self) -> bool:
        """Whether the address has an article's form; only the page itself can tell for sure."""
        return bool(self.number)

    @property
    def key(self) -> str:
        """The address reduced to what is the same for all its forms: views, second category, with or without .html."""
        return f"{self.lang or 'vi'}/{self.slug}-{self.number}".lower() if self.number else self.path


@lru_cache(maxsize=8192)  # a portal's menu stands on each of its pages
def parse(url: str) -> Address | None:
    """The address as this CMS means it; None where it names nothing to crawl. The host is not looked at."""
    parts = urlsplit(url)
    path = _from_query(parts.query) if parts.path.endswith("/index.php") else parts.path
    if path is None or STATIC.search(path):
        return None
    slash = "/" if path.endswith("/") else ""
    rest = [segment for segment in path.split("/") if segment]
    prefix = rest[:1] if rest[:1] == ["index.php"] else []
    rest = rest[len(prefix) :]
    lang = rest[0] if rest and re.fullmatch(r"[a-z]{2}", rest[0]) else ""
    names = rest[1:] if lang else rest
    if set(names[:2]) & NO_NEWS or len(names) > DEEPEST or any(names.count(name) >= NESTED for name in names):
        return None
    plain = [name for i, name in enumerate(names) if not (name in VIEWS and i < 2)]
    whole = "/" + "/".join([*prefix, *([lang] if lang else []), *plain])
    found = LAST.fullmatch(plain[-1]) if plain else None
    if found and not PAGE.fullmatch(plain[-1]) and (found["ending"] or len(plain) > 1):
        module = plain[0] if len(plain) > 2 else ""
        return Address(whole + slash, lang, module, found["slug"], found["number"])
    if len(plain) != len(names) or (plain and plain[-1].endswith((".html", ".htm"))):
        return None  # a view of something else, or a static page
    return _listing(plain, lang, whole)


def _listing(plain: list[str], lang: str, whole: str) -> Address:
    number = 1
    if plain and (found := PAGE.fullmatch(plain[-1])):
        number = int(found[1])
        whole = whole.rsplit("/", 1)[0] if number == 1 else whole
    module = plain[0] if len(plain) > 1 and not PAGE.fullmatch(plain[1]) else ""
    return Address(whole.rstrip("/") + "/", lang, module, page=number)


def _from_query(query: str) -> str | None:
    """index.php?language=vi&nv=news&op=<cat>/<slug>-<id> as a path; None for any other use of index.php."""
    values = {name: found[0] for name, found in parse_qs(query).items()}
    if "nv" not in values or set(values) - {"language", "nv", "op"}:
        return None
    return "/".join(["", *filter(None, (values.get("language"), values["nv"], values.get("op")))]) + "/"


def at(origin: str, address: Address) -> str:
    """The address at a portal's own scheme and host."""
    parts = urlsplit(origin)
    return urlunsplit((parts.scheme, parts.netloc.lower(), address.path, "", ""))
