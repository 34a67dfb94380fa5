"""Sections, tags, counts, lead images and attachments of a page whose CMS is unknown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.article import File, Image
from crawler.clean import DOCUMENT
from crawler.finders import text_of
from crawler.page import Page
from crawler.template import labels
from crawler.template.outline import Line, Outline
from crawler.template.parts import Parts, fold
from crawler.text import squeeze
from crawler.urls import absolute

CRUMBS = re.compile(r"breadcrumb|crumb|pathway|duong-?dan", re.I)
HOME = re.compile(r"^(?:trang chủ|trang nhất|home|bạn đang ở(?: đây)?:?|»|>|/|›)$", re.I)
IN_SECTION = re.compile(
    r"^(?:Danh mục|Chuyên mục|Chuyên đề|Xuất bản trong|Được đăng trong|Đăng trong|Được phân loại (?:như|dưới|trong|là))"
    r"\s*:?(?:\s|$)",
    re.I,
)
TAGGED = re.compile(r"(?:^|[\s_-])tags?(?:$|[\s_-](?:links?|list)\b|\s)", re.I)
FILE_HREF = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|odt|rtf|zip|rar|7z)(?:$|[?#])", re.I)
BARS = ("ol", "ul", "div", "nav", "p", "span", "section", "table", "td")
NO_PICTURE = re.compile(
    r"no[-_]?image|/themes?/|/templates/|/icons?/|logo|avatar|gravatar|banner|1x1|spacer|blank\.", re.I
)
LABEL_WORDS = 2  # "Từ khóa"
MOST_TAGS = 30
NEAR = 20  # lines behind the container in which labels are looked for


def sections(page: Page, parts: Parts, bar: HtmlElement | None) -> tuple[str, ...]:
    """The portal's sections of an article, the main one first. `bar`: the page's breadcrumb."""
    found = [squeeze(text) for text in page.meta.get("article:section", [])]
    for line in [*parts.between(), *parts.behind(NEAR)]:
        if IN_SECTION.match(line.text):
            found += _links_of(_before_tags(line), parts.outline)
    found += [text_of(link) for link in page.related if _is_category(link) and not _listed(link)]
    found += list(reversed(_crumbs(page, bar)))
    title = fold(parts.title)
    return tuple(dict.fromkeys(name for name in found if name and fold(name) != title and not HOME.match(name)))


def tags(page: Page, parts: Parts) -> tuple[str, ...]:
    """The tags of an article: the head's, those that links call tags, those behind the word "Từ khóa"."""
    found = [squeeze(tag) for tag in page.meta.get("article:tag", [])]
    found = found or _behind_label(parts) or _in_tag_list(parts)
    if not found:
        found = [
            text_of(link)
            for link in page.related
            if "tag" in (link.get("rel") or "").split() and not _is_category(link) and not _listed(link)
        ]
    return tuple(dict.fromkeys(filter(None, (tag.strip("#, ") for tag in found))))


def _behind_label(parts: Parts) -> list[str]:
    """The links behind "Từ khóa:", in its line or in the block around it; "Thẻ phổ biến" is no label of an article."""
    made = parts.outline
    lines = [*parts.in_container(), *parts.behind(NEAR)]
    for number, line in enumerate(lines):
        if not labels.TAGS.match(line.text) or line.words - line.link_words > LABEL_WORDS:
            continue
        around = made.parents[line.owner]
        here = [one for one in lines[number + 1 : number + MOST_TAGS] if made.inside(one.owner, around)]
        in_block = 0 < len(here) < MOST_TAGS - 1
        found = _links_of(line, made) or _linked(here if in_block else lines[number + 1 : number + 12], made)
        if found:
            return found
    return []


def _in_tag_list(parts: Parts) -> list[str]:
    """The links of the first element from the title to some lines behind the text that calls itself tags."""
    made = parts.outline
    start = made.lines[parts.title_line].owner if parts.title_line is not None else parts.end
    near = parts.behind(NEAR)
    last = near[-1].owner if near else parts.end
    for index in range(start, min(last + 1, len(made.elements))):
        element = made.elements[index]
        is_tags = element.tag != "a" and TAGGED.search(element.get("class") or "")
        if is_tags or (element.get("itemprop") == "keywords" and element.getparent() is not None):
            found = [text_of(link) for link in (element if is_tags else element.getparent()).iter("a")]
            if 0 < len(found) < MOST_TAGS:
                return found
    return []


def counts(parts: Parts) -> tuple[int | None, int | None]:
    """Views and comments as the lines around title and text state them."""
    first = max(0, (parts.title_line or 0) - 4)
    before = [line for line in parts.outline.lines[first : parts.title_line or 0] if line.words <= 20]
    inside = parts.in_container()
    lines = [*parts.between(), *before, *inside[:4], *inside[-8:], *parts.behind(12)]
    lines = [line for line in lines if line.words <= 30]
    views = next((count for line in lines if (count := labels.views_of(line.text)) is not None), None)
    comments = next((count for line in lines if (count := labels.comments_of(line.text)) is not None), None)
    return views, comments


def head_images(page: Page, parts: Parts) -> list[Image]:
    """Images between title and container, with their captions: the lead image."""
    made = parts.outline
    if parts.container is None or parts.title_line is None:
        return []
    start = made.lines[parts.title_line].owner
    images = []
    for index in range(start, parts.container):
        element = made.elements[index]
        if element.tag != "img":
            continue
        url = absolute(page.url, element.get("data-src") or element.get("src") or "")
        if url.startswith("http") and not NO_PICTURE.search(url):
            images.append(Image(url, _caption(element)))
    return images


def og_image(page: Page) -> str:
    """The picture that the page's head names, unless it is the portal's logo."""
    url = absolute(page.url, page.first_meta("og:image"))
    return "" if NO_PICTURE.search(url) else url


def box_files(page: Page, parts: Parts) -> list[File]:
    """Documents linked behind the text: the box of attachments."""
    files = []
    made = parts.outline
    lines = parts.behind(NEAR)
    last = lines[-1].owner if lines else parts.end
    for index in range(parts.end, last + 1):
        element = made.elements[index] if index < len(made.elements) else None
        if element is not None and element.tag == "a" and FILE_HREF.search(element.get("href") or ""):
            url = absolute(page.url, element.get("href") or "")
            if url and DOCUMENT.search(urlsplit(url).path):
                files.append(File(url, text_of(element) or urlsplit(url).path.rsplit("/", 1)[-1]))
    return files


def _links_of(line: Line, made: Outline) -> list[str]:
    """The words of the links in a line, a link each."""
    links: dict[int, list[str]] = {}
    for piece in line.pieces:
        if piece.in_link:
            links.setdefault(made.link_around(piece.holder), []).append(piece.text)
    return [squeeze("".join(words)) for words in links.values()]


def _before_tags(line: Line) -> Line:
    """A line up to where it goes on with tags: "Chuyên mục: <a>Tin</a> Thẻ: <a>hội</a>"."""
    at = next((n for n, piece in enumerate(line.pieces) if n and labels.TAGS.match(piece.text.strip())), None)
    return line if at is None else replace(line, pieces=line.pieces[:at])


def _linked(lines: list[Line], made: Outline) -> list[str]:
    """The links of the lines that follow, as long as they hold nothing else."""
    found: list[str] = []
    for line in lines:
        if line.link_words < line.words or line.words > 12:
            break
        found += _links_of(line, made)
    return found


def _is_category(link: HtmlElement) -> bool:
    """A link to a section by its rel; WordPress's block themes call sections tags, and only the address tells."""
    rel = (link.get("rel") or "").split()
    return "category" in rel or (
        "tag" in rel and bool(re.search(r"/(?:category|chuyen-muc|danh-muc)/", link.get("href") or ""))
    )


def _listed(link: HtmlElement) -> bool:
    """Whether a link stands in a list of other articles or of the portal's sections, not with this article."""
    around = next(link.iterancestors("article", "aside", "nav", "footer", "header"), None)
    return around is not None and around.tag in ("aside", "nav")


def is_crumb_bar(element: HtmlElement) -> bool:
    """Whether an element is a breadcrumb, by its class, id or label, and has links."""
    marks = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('aria-label') or ''}"
    return len(marks) > 2 and bool(CRUMBS.search(marks)) and element.find(".//a") is not None


def crumb_bar(page: Page) -> HtmlElement | None:
    """The first breadcrumb of a page."""
    return next(filter(is_crumb_bar, page.root.iter(*BARS)), None)


def _crumbs(page: Page, bar: HtmlElement | None) -> list[str]:
    """The names of a breadcrumb's links, outermost first; without one, those that the page's JSON-LD has."""
    if bar is None:
        return list(_linked_data_crumbs(page))
    names = [text_of(link) for link in bar.iter("a")]
    return [name for name in names if name and not HOME.match(name)]


def _linked_data_crumbs(page: Page) -> Iterator[str]:
    for script in page.root.iter("script"):
        if "BreadcrumbList" not in (script.text or ""):
            continue
        try:
            data = json.loads(script.text or "")
        except ValueError:  # a template that writes its JSON by hand
            continue
        for node in data if isinstance(data, list) else [data]:
            if isinstance(node, dict) and node.get("@type") == "BreadcrumbList":
                for item in node.get("itemListElement") or []:
                    name = item.get("name") or (item.get("item") or {}).get("name") if isinstance(item, dict) else ""
                    if isinstance(name, str) and name and not HOME.match(name):
                        yield squeeze(name)


def _caption(image: HtmlElement) -> str:
    figure = next(image.iterancestors("figure"), None)
    return next(map(text_of, figure.iter("figcaption")), "") if figure is not None else ""
