"""The fields of a NukeViet article, each read from where the layout says it stands."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from lxml.html import HtmlElement

from archive.article import File, Image
from archive.clock import stamp
from crawler import dates
from crawler.cms import Unreadable
from crawler.cms import nukeviet_address as address
from crawler.cms.nukeviet_layout import Parts
from crawler.finders import is_hidden, lines_of, marks, text_of
from crawler.outcomes import Outcome
from crawler.page import Page
from crawler.text import squeeze, whole_number
from crawler.urls import absolute

# What a breadcrumb stands in; looked for from the top, near which it is: an XPath goes over the whole page.
TYPING_ERROR = timedelta(days=30 * 365)  # ahead of the fetch: nobody writes an article for then
BARS = ("ol", "ul", "div", "nav", "p", "span", "section", "table", "td")
IMAGE_HOLDER = re.compile(r"imghome|img|image|thumb|figure|photo|article", re.I)
NO_IMAGE = re.compile(r"no[-_]?image|/themes/|/assets/|/images/(?:icons?|logo)|logo\.(?:png|jpe?g|gif)$", re.I)
LABELS = (  # the longer first; what follows the colon is the value
    ("author", re.compile(r"(?:Tác giả bài viết|Tác giả)\s*:\s*(.*)", re.I)),
    ("source", re.compile(r"(?:Nguồn tin|Nguồn)\s*:\s*(.*)", re.I)),
)
TAG_LABEL = re.compile(r"(?:Tags?|Từ khóa|Từ khoá|Thẻ)\s*:?\s*", re.I)
COUNT = r"(\d+(?:[.,]\d{3})*)"
VIEWS = re.compile(rf"(?:Đã xem|Lượt xem|Số lần đọc|Xem)\s*:?\s*{COUNT}\b|{COUNT}\s*lượt xem(?!\s*:)", re.I)
COMMENTS = re.compile(rf"(?:Phản hồi|Bình luận|Ý kiến)\s*:?\s*{COUNT}\b", re.I)
BARE_COUNTS = re.compile(rf"\s*{COUNT}\s+{COUNT}(?!\S)")


def facts(nodes: list[HtmlElement]) -> list[str]:
    """The words between title and body, in order. An eye or a bubble before a number says what it counts."""
    words: list[str] = []
    for node in nodes:
        # The microdata's dates are those of the last edit; a theme that hides them in its own way shows them to us.
        for_machines = node.get("itemprop") in ("datePublished", "dateModified")
        if not isinstance(node.tag, str) or node.tag in ("script", "style") or for_machines or is_hidden(node):
            words.append(node.tail or "")
            continue
        icon = node.get("class") or ""
        if node.tag in ("i", "em", "span", "svg") and len(node) == 0 and not (node.text or "").strip(" \xa0"):
            if "eye" in icon and not VIEWS.match(f"{node.tail or ''} "):
                words.append(" Đã xem: ")
            elif "comment" in icon:
                words.append(" Phản hồi: ")
        words += [node.text or "", " ", node.tail or ""]
    return words


def published(page: Page, facts: str, parts: Parts) -> tuple[str, str, str]:
    """(published, published_text, the facts behind the date). Raises Unreadable: no date, or one soon to come.

    The visible line first. The meta tag, malformed as it is, knows the minute: it decides where no line is found,
    or where the first date met is another (a lead that begins with the day of its event).
    """
    meta = dates.from_meta(page.first_meta("article:published_time"))
    found = dates.find(facts)
    if found is None and meta is None:
        found = _date_elsewhere(parts, page.fetched)
    moment = meta or (found.moment if found else None)
    if moment is None:
        raise Unreadable(Outcome.NOT_ARTICLE, "no publication date found")
    if moment > page.fetched + TYPING_ERROR:  # the year 2202: the article is out, and when is not known
        return "", found.text if found else "", facts.partition(found.text)[2] if found else facts
    if moment > page.fetched:
        raise Unreadable(Outcome.FUTURE_DATED, f"published {stamp(moment)}")
    if found is None or found.moment.date() != moment.date():
        return stamp(moment), "", facts
    return stamp(found.moment if found.has_time else moment), found.text, facts.partition(found.text)[2]


def _date_elsewhere(parts: Parts, fetched: datetime) -> dates.Found | None:
    """A date above the title in its own block, or behind the body; never today's, which is the visitor's clock."""
    above = (text_of(node) for node in parts.title.itersiblings(preceding=True))
    behind = (node.text or "" for node in parts.tail)
    for text in (*above, *behind):
        if (found := dates.find(text)) and found.moment.date() != fetched.date():
            return found
    return None


def counts(facts: str, rest: str) -> tuple[int | None, int | None]:
    views, comments = VIEWS.search(facts), COMMENTS.search(facts)
    if views or comments:
        return (
            whole_number(views[0]) if views else None,
            whole_number(comments[0]) if comments else None,
        )
    bare = BARE_COUNTS.match(rest)  # "Chủ nhật - 13/03/2022 08:50 424 0"
    return (whole_number(bare[1]), whole_number(bare[2])) if bare else (None, None)


def byline(nodes: list[HtmlElement]) -> dict[str, str]:
    """Author and source: the lines behind the body that say so, each without its label."""
    values: dict[str, str] = {}
    for node in nodes:
        own = squeeze(node.text or "")
        if not own or node.tag in ("script", "style", "option"):
            continue
        for name, label in LABELS:
            if name in values or not label.match(own if ":" in own else f"{own}:"):
                continue
            holder = node if label.match(line := text_of(node)) and label.match(line)[1] else node.getparent()  # type: ignore[index]
            for line in lines_of(holder):
                if name not in values and (found := label.match(line)) and found[1]:
                    values[name] = found[1]
    return values


def without_label(line: str) -> str:
    """A byline without "Tác giả:" or "Nguồn tin:" before it."""
    found = next((m for _, label in LABELS if (m := label.match(line))), None)
    return found[1] if found else line


def sections(page: Page, title: str) -> tuple[str, ...]:
    """The main section first, then those above it; the home page and the module's own page are no sections."""
    crumbs: list[str] = []
    here = address.parse(page.url)
    module = page.variables.get("module_name") or (here.module if here else "")
    for link in _breadcrumb(page):
        named, name = address.parse(absolute(page.url, link.get("href") or "")), text_of(link)
        if named is None or not name or named.is_article or name == title:
            continue
        path = [part for part in named.path.split("/") if part and part != "index.php" and part != named.lang]
        if path and path != [module] and name not in crumbs:
            crumbs.append(name)
    main = squeeze(page.first_meta("article:section"))
    names = [main, *reversed(crumbs)] if main else crumbs[::-1]
    return tuple(dict.fromkeys(names))


def _breadcrumb(page: Page) -> list[HtmlElement]:
    """The links of the first breadcrumb that has any."""
    for bar in page.root.iter(*BARS):
        if "breadcrumb" in (bar.get("class") or "") and (found := list(bar.iter("a"))):
            return found
    return []


def tags(page: Page, tail: list[HtmlElement]) -> tuple[str, ...]:
    """The tags by the head's article:tag, else the links behind the words "Tags:" or "Từ khóa:"."""
    if "article:tag" in page.meta:
        return tuple(dict.fromkeys(squeeze(tag) for tag in page.meta["article:tag"]))
    for node in tail:
        if not TAG_LABEL.fullmatch(squeeze(node.text or "")):
            continue
        holder = node.getparent()
        for _ in range(2):
            names = [text_of(link) for link in holder.iter("a")]
            if names or holder.getparent() is None:
                return tuple(dict.fromkeys(filter(None, names)))
            holder = holder.getparent()
    return ()


def head_images(parts: Parts, base_url: str) -> list[Image]:
    """The images shown between title and body: the lead image, with its caption."""
    images: list[Image] = []
    for node in [*parts.head, *(parts.lead.iter("img") if parts.lead is not None else ())]:
        url = absolute(base_url, node.get("data-src") or node.get("src") or "") if node.tag == "img" else ""
        if not url.startswith("http") or NO_IMAGE.search(url):
            continue
        frames = [frame for frame in node.iterancestors() if frame.tag in ("figure", "div", "p", "a")][:3]
        frames = [frame for frame in frames if frame.tag == "figure" or IMAGE_HOLDER.search(marks(frame))]
        if frames or (parts.lead is not None and parts.lead in node.iterancestors()):
            images.append(Image(url, _caption(frames)))
    return list(merge(images, []))


def _caption(frames: list[HtmlElement]) -> str:
    """The words under a lead image: the figcaption, in older themes (3.x, 4.0, mobile) the line in italics."""
    for tag in ("figcaption", "em"):
        for frame in frames:
            if line := next(filter(None, map(text_of, frame.iter(tag))), ""):
                return line
    return ""


def merge(first: list[Image], second: list[Image]) -> tuple[Image, ...]:
    """Both lists, each address once; a caption that one copy lacks comes from the other."""
    merged: dict[str, Image] = {}
    for image in [*first, *second]:
        if image.url not in merged or (image.caption and not merged[image.url].caption):
            merged[image.url] = image
    return tuple(merged.values())


def og_image(page: Page) -> str:
    url = absolute(page.url, page.first_meta("og:image"))
    return "" if NO_IMAGE.search(url) else url


def file_box(nodes: list[HtmlElement], base_url: str) -> list[File]:
    """The attachments below the text: links with ?download=1, named by what is in bold."""
    files = []
    for node in nodes:
        href = node.get("href") or ""
        if node.tag == "a" and "download=1" in href:
            bold = node.find(".//strong")
            name = text_of(bold) if bold is not None else text_of(node)
            files.append(File(absolute(base_url, href), name))
    return files
