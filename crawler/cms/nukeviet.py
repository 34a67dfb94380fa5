"""NukeViet (VINADES): the largest family of the field, a fifth of its portals.

Editions: eGovernment 1.x on 4.4 (theme egov, the look of a provincial Ban Dân vận's page), 4.5 and 4.0 default
theme, 3.x (modern, default), mobile themes, and themes of webmasters' own. Evidenced by the templates of the CMS
and by recorded portals (eGovernment, 4.5); the custom themes by their templates only. Every field is found by
more than one sign, the stock ids first, then what stands where on the page.

What it gets wrong by itself, and is therefore not believed: article:published_time is malformed, the microdata's
datePublished is the time of the last edit, RSS minutes are the month, the meta author is the site, the meta
description is a cut lead, savefile pages name themselves canonical.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from archive.article import Article, File, Image
from archive.clock import stamp
from crawler import clean, dates
from crawler.cms import Links, Unreadable
from crawler.cms import nukeviet_address as address
from crawler.finders import HEADINGS, following, has_class, is_hidden, lines_of, main_block, marks, text_of
from crawler.outcomes import Outcome
from crawler.page import Page
from crawler.text import squeeze, whole_number
from crawler.urls import absolute

READER = "nukeviet/1"
DELAY = 2.2  # seconds: the flood blocker allows 40 requests a minute and 150 in five minutes
SITEMAP = "/sitemap.xml"

PANEL = etree.XPath("/descendant::*[contains(@itemtype, 'schema.org/NewsArticle')]")
# The body's container, stock themes first. The first in the page wins: an editor may paste a second into it.
BODY = (
    etree.XPath("id('news-bodyhtml')"),
    etree.XPath("id('bodytext')"),
    etree.XPath("/descendant::*[contains(concat(' ', normalize-space(@class), ' '), ' bodytext ')]"),
    etree.XPath("/descendant::*[contains(concat(' ', normalize-space(@class), ' '), ' details-content ')]"),
)
TITLES = etree.XPath("//h1 | //h2 | //h3 | //h4")
BREADCRUMBS = etree.XPath("(/descendant::*[contains(@class, 'breadcrumb')][descendant::a[@href]])[1]")
FEEDS = etree.XPath("//link[@rel='alternate'][contains(@type, 'rss')]/@href")
HREFS = etree.XPath("//a/@href")
REFRESH = etree.XPath("//meta[translate(@http-equiv, 'REFSH', 'refsh')='refresh']")

LEAD_MARKS = re.compile(r"\bhometext\b|sapo|\blead\b|descript|short-?desc|summary|\bintro", re.I)
IMAGE_HOLDER = re.compile(r"imghome|img|image|thumb|figure|photo|article", re.I)
NO_IMAGE = re.compile(r"no[-_]?image|/themes/|/assets/|/images/(?:icons?|logo)|logo\.(?:png|jpe?g|gif)$", re.I)
END_OF_ARTICLE = re.compile(r"\brelated|other-?(?:news|list)?\b|idcomment|showcomment|comment-list", re.I)
LABELS = (  # the longer first; what follows the colon is the value
    ("author", re.compile(r"(?:Tác giả bài viết|Tác giả)\s*:\s*(.*)", re.I)),
    ("source", re.compile(r"(?:Nguồn tin|Nguồn)\s*:\s*(.*)", re.I)),
)
TAG_LABEL = re.compile(r"(?:Tags?|Từ khóa|Từ khoá|Thẻ)\s*:?\s*", re.I)
COUNT = r"(\d+(?:[.,]\d{3})*)"
VIEWS = re.compile(rf"(?:Đã xem|Lượt xem|Số lần đọc|Xem)\s*:?\s*{COUNT}\b|{COUNT}\s*lượt xem(?!\s*:)", re.I)
COMMENTS = re.compile(rf"(?:Phản hồi|Bình luận|Ý kiến)\s*:?\s*{COUNT}\b", re.I)
BARE_COUNTS = re.compile(rf"\s*{COUNT}\s+{COUNT}(?!\S)")
AFTER_BODY = 400  # elements looked at behind the body for byline, files and tags


@dataclass(slots=True)
class Parts:
    """Where the parts of an article stand on its page."""

    title: HtmlElement
    body: HtmlElement
    lead: HtmlElement | None
    head: list[HtmlElement] = field(default_factory=list)  # between title and body, the lead's own left out
    tail: list[HtmlElement] = field(default_factory=list)  # behind the body, up to lists and comments
    inner_title: str = ""


def kind(page: Page) -> Outcome | None:
    """What the page says of itself where it is no article to read; None where it may be one."""
    text = page.text
    if "floodblocker" in text or ("secField" in text and "Hệ thống đang từ chối truy cập" in text):
        return Outcome.FLOOD
    function = page.variables.get("func_name", "")
    if function and function not in ("detail", "print", "savefile"):
        return Outcome.LISTING
    if _container(page) is not None or PANEL(page.root):
        return Outcome.DRAFT if _is_draft(page) else None
    if "nv-infodie" in text or any("url=" in (tag.get("content") or "").lower() for tag in REFRESH(page.root)):
        return Outcome.SOFT_404
    if "không được phép xem" in text or "no_permission" in text:
        return Outcome.LOGIN_ONLY
    return None


def read(page: Page, portal: str) -> Article:
    """The article of a page. Raises Unreadable, with Outcome.NOT_ARTICLE or UNREADABLE, where there is none."""
    parts = _locate(page)
    facts = squeeze(" ".join(_facts(parts.head)))
    published, published_text, rest = _published(page, facts, parts)
    body = clean.clean(parts.body, page.url)
    paragraphs = clean.text_paragraphs(parts.lead) if parts.lead is not None else []
    lead_images = _head_images(parts, page.url)
    byline = _byline(parts.tail)
    box = _file_box(parts.tail, page.url)
    views, comments = _counts(facts, rest)
    if not (body.paragraphs or body.images or body.files or body.embeds or paragraphs or box):
        raise Unreadable(Outcome.UNREADABLE, "neither text, image nor document found")
    return Article(
        portal=portal,
        key=_key(page),
        url=page.url,
        title=parts.inner_title,
        lead="\n\n".join(paragraphs),
        body=body.text,
        body_html=body.html,
        published=published,
        published_text=published_text,
        author=byline.get("author", ""),
        source=byline.get("source", ""),
        sections=_sections(page, parts.inner_title),
        tags=_tags(page, parts.tail),
        views=views,
        comments=comments,
        image=lead_images[0].url if lead_images else _og_image(page),
        images=_merge(lead_images, body.images),
        files=tuple({file.url: file for file in reversed([*box, *body.files])}.values())[::-1],
        reader=READER,
    )


def links(page: Page) -> Links:
    """Articles, sections and the next page that a page leads to, as addresses of this CMS."""
    here = address.parse(page.url)
    found = Links()
    for href in dict.fromkeys(HREFS(page.root)):
        url = absolute(page.url, href)
        target = address.parse(url) if url else None
        if target is None:
            continue
        if target.is_article:
            found.articles.append(url)
        elif target.page == 1:
            found.menu.append(url)
        elif here is not None and target.page == here.page + 1 and _stem(target) == _stem(here):
            found.next_page = url
    for href in FEEDS(page.root):
        feed = absolute(page.url, href)
        found.feeds.append(feed)
        # /rss/<section>/ is the feed of /<section>/: the list of feeds is a ready list of sections.
        found.sections.append(re.sub(r"/rss(?=/)", "", feed))
    return found


def _stem(here: address.Address) -> str:
    """The path of a listing's first page, without the slash at its end."""
    return here.path.rsplit("/", 2)[0] if here.page > 1 else here.path.rstrip("/")


def _key(page: Page) -> str:
    """lang/module/number. The page's own variables know what a short address leaves out."""
    named = address.parse(page.url)
    if named is None or not named.is_article:
        raise Unreadable(Outcome.NOT_ARTICLE, "the address has no article number")
    lang = page.variables.get("lang_data") or page.variables.get("sitelang") or named.lang or "vi"
    return f"{lang}/{page.variables.get('module_name') or named.module or 'news'}/{named.number}"


def _is_draft(page: Page) -> bool:
    return "chưa được xuất bản" in page.text and any(
        "chưa được xuất bản" in text_of(box) for box in page.root.iter("div") if "alert" in marks(box)
    )


def _container(page: Page) -> HtmlElement | None:
    return next((found[0] for find in BODY if (found := find(page.root))), None)


def _locate(page: Page) -> Parts:
    body = _container(page)
    panels = PANEL(page.root) if body is None else []
    scope = panels[0] if panels else None
    title = _title(page, scope, body)
    if title is None:
        raise Unreadable(Outcome.NOT_ARTICLE, "no title found")
    if body is None:
        guess = _lead([node for node in following(title) if not is_hidden(node)][:AFTER_BODY], page)
        body = main_block(title, scope, {guess} if guess is not None else set(), _is_article_href)
    if body is None:
        raise Unreadable(Outcome.NOT_ARTICLE, "no body found")
    parts = Parts(title, body, None, inner_title=text_of(title))
    for node in following(title):
        if node is body:
            break
        parts.head.append(node)
    parts.lead = _lead(parts.head, page)
    inside = set(parts.lead.iter()) if parts.lead is not None else set()
    parts.head = [node for node in parts.head if node not in inside]
    for node in following(body):
        if END_OF_ARTICLE.search(marks(node)) or len(parts.tail) >= AFTER_BODY:
            break
        parts.tail.append(node)
    return parts


def _is_article_href(href: str) -> bool:
    named = address.parse(href)
    return named is not None and named.is_article


def _title(page: Page, scope: HtmlElement | None, body: HtmlElement | None) -> HtmlElement | None:
    """The article's heading: the microdata's, the one that says what the page's head says, the last before the body."""
    within = scope if scope is not None else page.root
    for node in within.iter(*HEADINGS):
        if node.get("itemprop") == "headline":
            return node
    head = page.first_meta("og:title") or (page.root.findtext(".//title") or "")
    wanted = squeeze(head).casefold()
    before: HtmlElement | None = None
    inside = set(body.iter(*HEADINGS)) if body is not None else set()
    for node in within.iter():
        if node is body:
            break
        if node.tag not in HEADINGS or node in inside or is_hidden(node):
            continue
        text = text_of(node).casefold()
        if text and (text == wanted or (len(text) > 3 and wanted.startswith(text))):
            return node
        before = node if text else before
    return before if body is not None else None


def _lead(nodes: list[HtmlElement], page: Page) -> HtmlElement | None:
    """The lead's element: by its stock id or class, by the microdata, by a telling class, by the meta description."""
    for wanted in ("hometext",):
        for node in nodes:
            if node.get("id") == wanted or has_class(node, wanted):
                return node
    for node in nodes:
        if node.get("itemprop") == "description" and not is_hidden(node):
            return node
    start = squeeze(page.first_meta("description")).rstrip(". …")[:60].casefold()
    for node in nodes:
        if node.tag in ("div", "p", "h2", "h3", "h4", "strong", "section", "blockquote") and not is_hidden(node):
            if LEAD_MARKS.search(marks(node)) and text_of(node):
                return node
            if len(start) > 20 and text_of(node).casefold().startswith(start):
                return node
    return None


def _facts(nodes: list[HtmlElement]) -> list[str]:
    """The words between title and body, in order. An eye or a bubble before a number says what it counts."""
    words: list[str] = []
    for node in nodes:
        if not isinstance(node.tag, str) or node.tag in ("script", "style") or is_hidden(node):
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


def _published(page: Page, facts: str, parts: Parts) -> tuple[str, str, str]:
    """(published, published_text, the facts behind the date). The visible line first; the meta tag knows the rest."""
    meta = dates.from_meta(page.first_meta("article:published_time"))
    found = dates.find(facts) or _date_elsewhere(parts)
    if found is not None and not (meta and not found.has_time):
        if found.moment > page.fetched:
            raise Unreadable(Outcome.FUTURE_DATED, f"published {found.text}")
        return stamp(found.moment), found.text, facts.partition(found.text)[2]
    if meta is None:
        raise Unreadable(Outcome.NOT_ARTICLE, "no publication date found")
    if meta > page.fetched:
        raise Unreadable(Outcome.FUTURE_DATED, f"published {stamp(meta)}")
    return stamp(meta), found.text if found else "", facts


def _date_elsewhere(parts: Parts) -> dates.Found | None:
    """A date above the title but in its own block, or behind the body; never the clock at the top of the page."""
    for node in parts.title.itersiblings(preceding=True):
        if found := dates.find(text_of(node)):
            return found
    for node in parts.tail:
        if found := dates.find(node.text or ""):
            return found
    return None


def _counts(facts: str, rest: str) -> tuple[int | None, int | None]:
    views, comments = VIEWS.search(facts), COMMENTS.search(facts)
    if views or comments:
        return (
            whole_number(views[0]) if views else None,
            whole_number(comments[0]) if comments else None,
        )
    bare = BARE_COUNTS.match(rest)  # "Chủ nhật - 13/03/2022 08:50 424 0"
    return (whole_number(bare[1]), whole_number(bare[2])) if bare else (None, None)


def _byline(nodes: list[HtmlElement]) -> dict[str, str]:
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


def _sections(page: Page, title: str) -> tuple[str, ...]:
    """The main section first, then those above it; the home page and the module's own page are no sections."""
    crumbs: list[str] = []
    here = address.parse(page.url)
    module = page.variables.get("module_name") or (here.module if here else "")
    for link in (link for bar in BREADCRUMBS(page.root) for link in bar.iter("a")):
        named, name = address.parse(absolute(page.url, link.get("href") or "")), text_of(link)
        if named is None or not name or named.is_article or name == title:
            continue
        path = [part for part in named.path.split("/") if part and part != "index.php" and part != named.lang]
        if path and path != [module] and name not in crumbs:
            crumbs.append(name)
    main = squeeze(page.first_meta("article:section"))
    names = [main, *reversed(crumbs)] if main else crumbs[::-1]
    return tuple(dict.fromkeys(names))


def _tags(page: Page, tail: list[HtmlElement]) -> tuple[str, ...]:
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


def _head_images(parts: Parts, base_url: str) -> list[Image]:
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
    return list(_merge(images, []))


def _caption(frames: list[HtmlElement]) -> str:
    """The words under a lead image: the figcaption, in older themes (3.x, 4.0, mobile) the line in italics."""
    for tag in ("figcaption", "em"):
        for frame in frames:
            if line := next(filter(None, map(text_of, frame.iter(tag))), ""):
                return line
    return ""


def _merge(first: list[Image], second: list[Image]) -> tuple[Image, ...]:
    """Both lists, each address once; a caption that one copy lacks comes from the other."""
    merged: dict[str, Image] = {}
    for image in [*first, *second]:
        if image.url not in merged or (image.caption and not merged[image.url].caption):
            merged[image.url] = image
    return tuple(merged.values())


def _og_image(page: Page) -> str:
    url = absolute(page.url, page.first_meta("og:image"))
    return "" if NO_IMAGE.search(url) else url


def _file_box(nodes: list[HtmlElement], base_url: str) -> list[File]:
    """The attachments below the text: links with ?download=1, named by what is in bold."""
    files = []
    for node in nodes:
        href = node.get("href") or ""
        if node.tag == "a" and "download=1" in href:
            bold = node.find(".//strong")
            name = text_of(bold) if bold is not None else text_of(node)
            files.append(File(absolute(base_url, href), name))
    return files
