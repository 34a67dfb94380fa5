"""Sections, tags, counts, images and files: each by the places that name it."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from archive.article import Article
from crawler.cms import nukeviet_fields
from crawler.explaining.container import Container, element_of
from crawler.explaining.model import Case, Explained, absent
from crawler.explaining.places import Places, css, is_linked
from crawler.finders import marks
from crawler.template import fields, labels
from crawler.template.parts import fold
from crawler.text import squeeze, whole_number
from crawler.urls import absolute

NAMED, IN_HEAD, IN_LIST, LINKED, COUNTED, ICON, BARE = 0.75, 0.7, 0.7, 0.5, 0.85, 0.75, 0.45
SHORT = 30  # words of a line that states a count
CLOSE = 100  # elements before the text among which its lead image stands
ONLINE = re.compile(r"(?:số người )?đang\b", re.I)  # "Đang xem: 12 người" counts the portal's visitors
TAG_LIST = re.compile(r"tag|keyword|tu-?khoa", re.I)
ICONS = {"views": re.compile(r"\beye", re.I), "comments": re.compile(r"\bcomment|\bbubble", re.I)}
COUNTERS: dict[str, tuple[Callable[[str], int | None], re.Pattern[str]]] = {
    "views": (labels.views_of, nukeviet_fields.VIEWS),
    "comments": (labels.comments_of, nukeviet_fields.COMMENTS),
}


def sections(places: Places, article: Article) -> Explained:
    """The sections: the breadcrumb's, the head's, those that links call categories."""
    bar = fields.crumb_bar(places.page)
    if not article.sections:
        names = [squeeze(link.text_content()) for link in bar.iter("a")] if bar is not None else []
        own = [name for name in names if name and not fields.HOME.match(name) and fold(name) != fold(article.title)]
        return absent("sections", 0.5 if own else 0.8, [f"the breadcrumb names {own[-1]}"] if own else [])
    case = Case("sections", ", ".join(article.sections))
    main = article.sections[0]
    if bar is not None and fold(main) in fold(squeeze(bar.text_content())):
        case.witness(NAMED, css(bar))
    if fold(main) in map(fold, places.page.meta.get("article:section", [])):
        case.witness(IN_HEAD, "meta article:section")
    if fold(str(places.linked.get("articleSection") or "")) == fold(main):
        case.witness(IN_HEAD, "JSON-LD articleSection")
    _linked_names(case, places, [main], lambda link: "category" in _said(link) or "tag" in _said(link))
    _shown_at_all(case, places, article.sections)
    return case.closed()


def tags(places: Places, article: Article) -> Explained:
    """The tags: the head's, those behind the word "Từ khóa", those in a list called so."""
    if not article.tags:
        lines = [line.text for line in places.lines() if labels.TAGS.match(line.text) and line.link_words]
        return absent("tags", 0.5 if lines else 0.85, [f"a line names some: {lines[0][:60]}"] if lines else [])
    case = Case("tags", ", ".join(article.tags))
    said = set(map(fold, places.page.meta.get("article:tag", [])))
    if said and said >= set(map(fold, article.tags)):
        case.witness(IN_HEAD, "meta article:tag")
    _linked_names(case, places, list(article.tags), _is_tag)
    _shown_at_all(case, places, article.tags)
    return case.closed()


def count(name: str, value: int | None, places: Places) -> Explained:
    """Views or comments: a number beside the word that says what it counts."""
    count_of, nukeviet = COUNTERS[name]
    lines = [line for line in places.lines() if line.words <= SHORT and not ONLINE.match(line.text)]
    if value is None:
        said = [line.text for line in lines if count_of(line.text) is not None]
        return absent(name, 0.6 if said else 0.85, [f"a line seems to state it: {said[0][:60]}"] if said else [])
    case = Case(name, str(value))
    for line in lines:
        named = count_of(line.text) == value or _count_by(nukeviet, line.text) == value
        if named:
            case.witness(COUNTED, css(places.made.elements[line.owner]))
            return case.closed()
    icon = _beside_icon(name, value, places)
    case.witness(ICON if icon else BARE, icon)
    if not icon:
        case.doubt("no word beside the number says what it counts")
    return case.closed()


def _beside_icon(name: str, value: int, places: Places) -> str:
    """The icon, an eye or a bubble, that a number stands behind; "" where there is none."""
    for element in places.page.root.iter("i", "em", "span", "svg"):
        own = next((one for one in (element.get("class") or "").split() if ICONS[name].search(one)), "")
        if own and not element.text_content().strip() and whole_number(squeeze(element.tail or "")[:20]) == value:
            return f"{css(element.getparent())} > {element.tag}.{own}"
    return ""


def image(places: Places, article: Article) -> Explained:
    """The main image: the head's, and shown on the page."""
    said = places.page.first_meta("og:image")
    if not article.image:
        doubts = [f"og:image looks like the portal's own sign: {said[-60:]}"] if said else []
        return absent("image", 0.7 if said else 0.85, doubts)
    case = Case("image", article.image)
    for name in ("og:image", "twitter:image"):
        if absolute(places.page.url, places.page.first_meta(name)) == article.image:
            case.witness(IN_HEAD, f"meta {name}")
    shown = _by_address(places, "img", ("data-src", "src"), article.image)
    if shown is not None:
        case.witness(IN_LIST, css(shown))
    else:
        case.doubt("the page does not show it")
    return case.closed()


def images(places: Places, article: Article, container: Container) -> Explained:
    """The images of the text and above it."""
    holder = element_of(places, container)
    within = sum(1 for _ in holder.iter("img")) if holder is not None else 0
    if not article.images:
        return absent(
            "images", 0.6 if within else 0.85, [f"the text's element holds {within} images"] if within else []
        )
    lines = (f"{one.url} ({one.caption})" if one.caption else one.url for one in article.images)
    case = Case("images", "\n".join(lines))
    urls = [one.url for one in article.images]
    _found(case, places, "img", ("data-src", "src"), urls, holder)
    return case.closed()


def files(places: Places, article: Article, container: Container) -> Explained:
    """The documents that the text or the box below it links to."""
    if not article.files:
        links = places.page.root.iter("a")
        near = [link for link in links if fields.FILE_HREF.search(link.get("href") or "")]
        return absent("files", 0.7 if near else 0.9, [f"the page links to {len(near)} documents"] if near else [])
    case = Case("files", "\n".join(f"{one.url} ({one.name})" if one.name else one.url for one in article.files))
    _found(case, places, "a", ("href",), [one.url for one in article.files], element_of(places, container))
    return case.closed()


def _found(
    case: Case, places: Places, tag: str, names: tuple[str, ...], urls: list[str], holder: HtmlElement | None
) -> None:
    """Addresses that elements of the page have; within the text's element they are the article's for sure."""
    shown = [element for url in urls if (element := _by_address(places, tag, names, url)) is not None]
    if not shown:
        case.witness(LINKED)
        case.doubt("the page does not show their addresses as they are given here")
        return
    for element in shown:
        if css(element) not in case.places:
            inside = holder is not None and holder in element.iterancestors()
            case.witness(COUNTED if inside else IN_LIST if _is_above(element, places, holder) else LINKED, css(element))
    if urls[0] == absolute(places.page.url, places.page.first_meta("og:image")):
        case.witness(IN_HEAD, "meta og:image")
    if len(shown) < len(urls):
        case.doubt(f"{len(urls) - len(shown)} of {len(urls)} stand nowhere on the page", 0.8)


def _is_above(element: HtmlElement, places: Places, holder: HtmlElement | None) -> bool:
    """Whether an element stands among the last hundred before the one that holds the text."""
    made = places.made.elements
    end = next((n for n, one in enumerate(made) if one is holder), 0)
    return any(one is element for one in made[max(0, end - CLOSE) : end])


def _by_address(places: Places, tag: str, names: tuple[str, ...], url: str) -> HtmlElement | None:
    for element in places.page.root.iter(tag):
        if any(absolute(places.page.url, element.get(name) or "") == url for name in names):
            return element
    return None


def _linked_names(case: Case, places: Places, names: list[str], wanted: Callable[[HtmlElement], bool]) -> None:
    """A link of a kind that shows the first of some names."""
    for element in places.holding(names[0]):
        link = element if element.tag == "a" else next(element.iterancestors("a"), None)
        if link is not None and wanted(link):
            case.witness(IN_LIST, css(link))
            return


def _shown_at_all(case: Case, places: Places, names: tuple[str, ...]) -> None:
    """Where nothing names what a word is: a link that shows it, the address that spells it, or nothing."""
    if case.witnesses:
        return
    shown = next((element for element in places.holding(names[0]) if is_linked(element)), None)
    if shown is not None:
        case.witness(LINKED, css(shown))
        case.doubt("only a link shows it, which may be the menu's")
    elif names[0].casefold().replace(" ", "-") in unquote(urlsplit(places.page.url).path).casefold():
        case.witness(LINKED, "address")
    else:
        case.witness(BARE)
        case.doubt("no place on the page could be found that says it")


def _is_tag(link: HtmlElement) -> bool:
    """A link that calls itself a tag, or stands in a list called so, or behind the word."""
    around = list(link.iterancestors())[:3]
    if "tag" in _said(link) or any(TAG_LIST.search(f"{marks(one)} {one.get('href') or ''}") for one in (link, *around)):
        return True
    return any(labels.TAGS.match(squeeze(one.text_content())[:40]) for one in around)


def _said(link: HtmlElement) -> list[str]:
    return (link.get("rel") or "").split()


def _count_by(pattern: re.Pattern[str], text: str) -> int | None:
    found = pattern.search(text)
    digits = re.sub(r"\D", "", found[0]) if found else ""
    return int(digits) if digits else None
