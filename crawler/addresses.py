"""Addresses of a portal whose CMS is unknown: one form a page, pages of a listing told, traps refused.

Evidenced paging: /page-N, /page/N, ?page=N, ?start=N, ?PageIndex=N, /trang-N. Evidenced traps: calendars, session ids,
sort orders, /c/portal/update_language, values padded with eighty blanks, relative links that nest for ever.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

from crawler.urls import SAFE

LONGEST = 400  # letters of a path with its query
DEEPEST = 12  # segments of a path
NESTED = 3  # times that one segment may stand in a path: /a/b/a/b/a/b is a relative link that nests

STATIC = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|bmp|tiff?|css|js|mjs|json|map|woff2?|ttf|eot|pdf|docx?|xlsx?|pptx?|odt|rtf|zip|rar|"
    r"7z|gz|mp[34]|m4a|avi|mov|wmv|flv|webm|wav|ogg|swf|apk|exe|ics|xsl|xml|txt|axd|asmx|ashx|bak)$",
    re.I,
)
# Parts of a path that never lead to an article or a list of them.
DENIED_PATH = re.compile(
    r"/(?:print|savefile|sendmail|wp-(?:admin|login|json|content|includes|comments-post)|xmlrpc\.php|cgi-bin|cdn-cgi|"
    r"log-?in|log-?out|dang-nhap|dang-ky|dang-xuat|register|user/(?:login|register|password)|users|account|cart|"
    r"search|tim-kiem|seek|c/portal|banners?/click|statistics|captcha|embed|amp|trackback|feed|feeds|rss|comment|comment-page-\d+|author|tac-gia|attachment|node/add|"
    r"administrator|_layouts|webresource|scriptresource|calendar|lich-lam-viec|ical|email-protection|mailto:)(?:[/?.]|$)",
    re.I,
)
# The articles of a day, a month, a year: they stand in the sections as well, and there are hundreds of such pages.
BY_DATE = re.compile(r"^/(?:index\.php/)?(?:date/|archives?/)?(?:19|20)\d\d(?:/\d{1,2}){0,2}(?:/page/\d+)?/?$")
# Queries that show the same page another way, or a form.
DENIED_QUERY = re.compile(
    r"(?:^|&)(?:print|tmpl|format|type=rss|replytocom|share|s|q|keyword|keywords|search|searchword|option=com_(?:users|mailto|search|finder)|"
    r"task|action|add-to-cart|download|pdf|lang|language|languageid|setlang|changelang|calendar|month|year|p_p_state|"
    r"p_p_lifecycle=[12]|returnurl|return|redirect|redirect_to|destination|captcha|scaptcha|second|nvvithemever|mode|preview)(?:=|&|$)",
    re.I,
)
# Parameters that say who asks or in which order, not which page it is.
DROPPED = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|zarsrc|mc_[ce]id|_ga|ref|from|sid|phpsessid|jsessionid|aspsessionid\w*|session_?id|token|"
    r"sort|sortby|order|order_?by|orderdir|dir|direction|filter_order\w*|limit|limitstart0|view_?as|theme|fontsize|"
    r"randid|rand|_|ts|time|nocache|v|ver)$",
    re.I,
)
PAGE_SEGMENT = re.compile(r"(?P<stem>.*?)/(?:page|trang|p)[-/](?P<number>\d{1,5})(?:\.html?)?/?$", re.I)
PAGE_PARAMETERS = frozenset(
    "page paged start limitstart pageindex trang p pg pagenumber currentpage offset cur".split()
)
NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Address:
    """What an address names as far as its form tells. `page` above 1: a further page of a listing."""

    path: str  # with its query
    key: str
    is_article: bool  # whether it has an article's form; only the page itself can tell
    page: int = 1

    @property
    def shape(self) -> str:
        """The form of the address, numbers and long words left out: what a trap repeats without end."""
        path, _, query = self.path.partition("?")
        names = "&".join(sorted(part.partition("=")[0] for part in query.split("&"))) if query else ""
        segments = ["W" if len(part) > 24 or part.count("-") > 2 else NUMBER.sub("N", part) for part in path.split("/")]
        return "/".join(segments) + ("?" + names if names else "")


@lru_cache(maxsize=16384)  # a portal's menu stands on each of its pages
def parse(url: str) -> Address | None:
    """The address in its one form; None where it names nothing to crawl. The host is not looked at."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    path = re.sub(r";jsessionid=[^/?]*", "", parts.path or "/", flags=re.I)
    path = re.sub(r"/{2,}", "/", path)
    query = _query(parts.query)
    if query is None or STATIC.search(path) or DENIED_PATH.search(path) or BY_DATE.match(path) or is_trap(path, query):
        return None
    path = quote(unquote(path), safe=SAFE.replace("%", "").replace("?", "")) if "%" in path else path
    whole = path + (f"?{query}" if query else "")
    page = page_number(path, query)
    # One page is met with a slash at the end and without, and as /index.php and /.
    key = (
        re.sub(r"/(?:index\.(?:php|html?|aspx)|default\.aspx)$", "/", path, flags=re.I).rstrip("/") or "/"
    ).casefold()
    return Address(whole, key + (f"?{query}" if query else ""), page == 1 and article_form(path, query), page)


def at(origin: str, address: Address) -> str:
    """The address at a portal's own scheme and host."""
    parts = urlsplit(origin)
    path, _, query = address.path.partition("?")
    return urlunsplit((parts.scheme, parts.netloc.lower(), path, query, ""))


def is_trap(path: str, query: str) -> bool:
    """An address of a kind that has no end: too long, too deep, nesting in itself."""
    segments = [part for part in path.split("/") if part]
    if len(path) + len(query) > LONGEST or len(segments) > DEEPEST:
        return True
    return any(segments.count(part) >= NESTED for part in set(segments))


def page_number(path: str, query: str) -> int:
    """Which page of a listing an address names; 1 where it names none. Offsets count as pages."""
    if (match := PAGE_SEGMENT.match(path)) is not None:
        return max(1, int(match["number"]))
    for name, value in parse_qsl(query):
        if path == "/" and name == "p":  # WordPress's short link to an article
            continue
        if name.lower() in PAGE_PARAMETERS and value.isdigit() and len(value) <= 6:
            return max(1, int(value) + (name.lower() in ("start", "limitstart", "offset")))
    return 1


def article_form(path: str, query: str) -> bool:
    """Whether the last part of a path is long or numbered, as articles' are: `/<cat>/<slug>-123.html`, `?ItemID=7`."""
    last = unquote(path.rstrip("/").rsplit("/", 1)[-1])
    stem = re.sub(r"\.(?:html?|aspx?|php)$", "", last, flags=re.I)
    words = [part for part in re.split(r"[-_+ ]", stem) if part]
    if len(words) >= 5 or (len(words) > 1 and NUMBER.fullmatch(words[-1]) and len(words[-1]) > 1):
        return True
    if len(words) > 1 and (words[0].isdigit() or re.fullmatch(r"[a-z]{1,4}\d{2,}", words[-1])):
        return True
    if words and NUMBER.fullmatch(words[0]) and len(words) == 1 and len(words[0]) > 2 and path.count("/") > 1:
        return not re.fullmatch(r"(?:19|20)\d\d", words[0])
    return bool(re.search(r"(?:^|&)(?:id|itemid|newsid|nid|articleid|baiviet|ddocname|storyid)=\w", query, re.I))


def denied(path: str, patterns: Sequence[str]) -> bool:
    """Whether a row's own list refuses a path: a part of it as it stands."""
    return any(part in path for part in patterns)


def _query(query: str) -> str | None:
    """The query with its parameters in order, blanks stripped, those that name no page left out; None if refused."""
    if not query:
        return ""
    if DENIED_QUERY.search(query):
        return None
    pairs = [(name.strip(), value.strip()) for name, value in parse_qsl(query, keep_blank_values=True)]
    kept = sorted((name, value) for name, value in pairs if name and not DROPPED.match(name))
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='/:,')}" for name, value in kept)
