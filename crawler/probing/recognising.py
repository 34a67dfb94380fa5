"""Which family made a page, in which edition, and by what sign; whether a page is made by scripts in the browser."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module

from lxml import etree
from tldextract import TLDExtract

from crawler.cms import FAMILIES
from crawler.page import Page
from crawler.probing.findings import Recognised
from crawler.text import squeeze
from crawler.urls import absolute, netloc

# NukeViet has a reader of its own, and so no Traits: these are its signs.
NUKEVIET = {
    r"name=[\"']generator[\"'] content=[\"']NukeViet": "generator NukeViet",
    r"\bnv_(?:base_siteurl|siteroot|sitelang|lang_\w+|name_variable|fc_variable|func_name)\s*=": "nv_ variables",
    r"[\"'](?:https?://[^\"'/]+)?/themes/[\w-]+/(?:css|js|images)/": "/themes/<theme>/",
    r"\bhttps?://(?:[\w-]+\.)?nukeviet\.vn\b": "a link to nukeviet.vn",
    r"[\"']/(?:[a-z]{2}/)?news/rss/": "/news/rss/",
}
TITLES = {
    "nukeviet": "NukeViet",
    "wordpress": "WordPress",
    "joomla": "Joomla",
    "drupal": "Drupal",
    "sharepoint": "SharePoint",
    "liferay": "Liferay",
    "dotnetnuke": "DotNetNuke",
    "hung_yen_c": "the system of Hưng Yên's portals",
    "vnpt": "VNPT's portal",
    "nghe_an": "the system of Nghệ An's portal",
    "aspnet_mvc": "ASP.NET MVC, made to order",
    "mat_tran": "the system of the Fatherland Front's portal",
    "generic": "no known family",
}
THEMES = {  # where a page's address of its style names the theme
    "nukeviet": r"/themes/([\w-]+)/",
    "wordpress": r"/wp-content/themes/([\w-]+)/",
    "joomla": r"/(?:media/)?templates/(?:site/)?([\w-]+)/",
    "drupal": r"/themes/(?:custom/|contrib/)?([\w-]+)/",
    "liferay": r"/o/([\w-]+-theme)/",
    "dotnetnuke": r"/portals/_default/skins/([\w-]+)/",
}
EGOV = re.compile(r"NukeViet eGovernment|/themes/(?:mobile_)?egov/", re.I)
# An address in an attribute: what points to another site's files says nothing of this one.
ELSEWHERE = re.compile(
    r"((?:href|src|data-src|srcset|action|content)\s*=\s*[\"']?)(?:https?:)?//([\w.-]+(?::\d+)?)([^\s\"'<>]*)", re.I
)
DOMAIN = TLDExtract(suffix_list_urls=(), cache_dir=None)  # the list that comes with it: asks nobody

FEW_WORDS, FEW_LINKS = 60, 5  # below both, a page with scripts has its content made in the browser
ROOTS = ("root", "app", "__next", "__nuxt", "___gatsby", "q-app", "main-app", "react-root")
ROOT_TAGS = ("app-root", "app-main", "main-app", "ion-app")
BUNDLES = re.compile(
    r"/_next/|/_nuxt/|/static/js/|(?:^|[/._-])(?:main|app|bundle|chunk|vendors?|runtime|index)\b[^/]*\.m?js", re.I
)
NOSCRIPT = re.compile(r"(?:enable|bật|kích hoạt) java ?script", re.I)
SCRIPT_MOVES = re.compile(r"(?:window\.|document\.|self\.|top\.)?location(?:\.href)?\s*=\s*[\"']([^\"'<>\s]+)[\"']")
WORDS = etree.XPath(
    "//body//text()[not(ancestor::script or ancestor::style or ancestor::noscript or ancestor::template)]"
)


@cache
def signs_of(family: str) -> Mapping[str, str]:
    """The signs of a family: pattern -> name."""
    if family == "nukeviet":
        return NUKEVIET
    signs: Mapping[str, str] = import_module(f"crawler.cms.{family}").TRAITS.signs
    return signs


def recognise(pages: Iterable[Page]) -> Recognised:
    """The family whose signs some pages of one portal show; of several the one with the most, generator first."""
    pages = list(pages)
    texts = [_own(page) for page in pages]
    shown = {
        family: tuple(
            dict.fromkeys(
                name for pattern, name in signs_of(family).items() if any(re.search(pattern, t, re.I) for t in texts)
            )
        )
        for family in FAMILIES
    }
    found = [family for family in FAMILIES if shown[family]]
    # A generator counts as much as two signs: it is the maker's own word, but a theme may have taken it out or over.
    best = max(found, key=lambda f: len(shown[f]) + 2 * _has_generator(shown[f]), default="generic")
    rivals = tuple((family, shown[family]) for family in found if family != best)
    edition = _edition(best, pages, texts)
    return Recognised(best, edition, shown[best], rivals, _has_generator(shown[best]))


def _has_generator(signs: tuple[str, ...]) -> bool:
    return any(name.startswith("generator") for name in signs)


def _edition(family: str, pages: list[Page], texts: list[str]) -> str:
    """What the pages say of the maker, its version and the theme."""
    generator = next((said for page in pages if (said := squeeze(page.first_meta("generator")))), "")
    known = TITLES[family].lower().split()[0] in generator.lower()
    plain = re.sub(r"\s*\(https?:[^)]*\)| - Open Source Content Management", "", generator)
    made = plain[:60] if known else TITLES[family]
    if family == "generic" and generator:
        made += f"; the page says of itself: {generator[:60]}"
    if family == "nukeviet" and any(EGOV.search(text) for text in texts):
        made += ", eGovernment edition"
    themes = Counter(name for text in texts for name in re.findall(THEMES.get(family, "(?!)"), text, re.I))
    return made + (f", theme {themes.most_common(1)[0][0]}" if themes else "")


def _own(page: Page) -> str:
    """A page's source without the addresses of other sites."""
    own = netloc(page.url)

    def blank(found: re.Match[str]) -> str:
        return found[0] if related(found[2], own) else found[1]

    return ELSEWHERE.sub(blank, page.text)


def related(host: str, other: str) -> bool:
    """Whether two hosts are one, one below the other, or of one registered domain ("cdn.x.gov.vn", "m.x.gov.vn")."""
    host = host.lower()
    if host == other or host.endswith(f".{other}") or other.endswith(f".{host}"):
        return True
    mine, its = (DOMAIN(one).top_domain_under_public_suffix for one in (host, other))
    return bool(mine) and mine == its


def browser_sign(page: Page) -> str:
    """By what a page shows that its content is made by scripts; "" where it has content of its own."""
    words = len(" ".join(WORDS(page.root)).split())
    links = len({href for href in page.root.xpath("//a/@href") if not href.startswith(("#", "javascript:"))})
    scripts = page.root.xpath("//script/@src")
    if words >= FEW_WORDS or links >= FEW_LINKS:
        return ""
    signs = [
        f'a root element <{e.tag} id="{e.get("id")}">' for e in page.root.iter("div", "main") if e.get("id") in ROOTS
    ]
    signs += [f"a root element <{element.tag}>" for element in page.root.iter(*ROOT_TAGS)]
    signs += [f"scripts such as {src.rsplit('/', 1)[-1][:40]}" for src in scripts if BUNDLES.search(src)][:1]
    signs += (
        ["a notice to switch JavaScript on"]
        if any(NOSCRIPT.search(t) for t in page.root.xpath("//noscript//text()"))
        else []
    )
    if not signs and scripts and not words and not links:
        signs = ["nothing but scripts"]
    return f"{words} words and {links} links in the page itself, {', '.join(signs[:3])}" if signs else ""


def sends_on(page: Page) -> str:
    """Where a page of hardly any words sends a browser: by a meta refresh, or by script; "" where it stays."""
    for content in page.root.xpath("//meta[translate(@http-equiv, 'REFSH', 'refsh')='refresh']/@content"):
        if found := re.search(r"url\s*=\s*[\"']?([^\"'\s]+)", content, re.I):
            return absolute(page.url, found[1])
    if len(" ".join(WORDS(page.root)).split()) < FEW_WORDS:
        for script in page.root.iter("script"):
            if found := SCRIPT_MOVES.search(script.text or ""):
                return absolute(page.url, found[1])
    return ""
