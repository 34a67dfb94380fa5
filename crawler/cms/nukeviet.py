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
from collections.abc import Mapping

from lxml import etree

from archive.article import Article
from crawler import clean
from crawler.cms import Links, Unreadable
from crawler.cms import nukeviet_address as address
from crawler.cms import nukeviet_fields as fields
from crawler.cms.nukeviet_layout import PANEL, chosen, container, locate, place
from crawler.finders import marks, text_of
from crawler.outcomes import Outcome
from crawler.page import Page
from crawler.text import squeeze
from crawler.urls import absolute

__all__ = ["DELAY", "READER", "SITEMAP", "address", "key", "kind", "links", "place", "read"]

READER = "nukeviet/1"
DELAY = 2.2  # seconds: the flood blocker allows 40 requests a minute and 150 in five minutes
SITEMAP = "/sitemap.xml"

FEEDS = etree.XPath("//link[@rel='alternate'][contains(@type, 'rss')]/@href")
HREFS = etree.XPath("//a/@href")
REFRESH = etree.XPath("//meta[translate(@http-equiv, 'REFSH', 'refsh')='refresh']")


def kind(page: Page) -> Outcome | None:
    """What the page says of itself where it is no article to read; None where it may be one."""
    text = page.text
    if "floodblocker" in text or ("secField" in text and "Hệ thống đang từ chối truy cập" in text):
        return Outcome.FLOOD
    function = page.variables.get("func_name", "")
    if function and function not in ("detail", "print", "savefile"):
        return Outcome.LISTING
    if container(page) is not None or PANEL(page.root):
        return Outcome.DRAFT if _is_draft(page) else None
    if "nv-infodie" in text or any("url=" in (tag.get("content") or "").lower() for tag in REFRESH(page.root)):
        return Outcome.SOFT_404
    if "không được phép xem" in text or "no_permission" in text:
        return Outcome.LOGIN_ONLY
    return None


def read(page: Page, portal: str, select: Mapping[str, str] | None = None) -> Article:
    """The article of a page. Raises Unreadable, with Outcome.NOT_ARTICLE or UNREADABLE, where there is none.

    `select`: CSS of the registry for fields that this portal's theme puts elsewhere; what it does not match on
    a page is found as usual.
    """
    select = select or {}
    parts = locate(page, select)
    date = chosen(page, select, "date")
    facts = squeeze(" ".join(fields.facts(parts.head))) if date is None else text_of(date)
    published, published_text, rest = fields.published(page, facts, parts)
    body = clean.clean(parts.body, page.url)
    lead = clean.text_paragraphs(parts.lead) if parts.lead is not None else []
    shown = fields.head_images(parts, page.url)
    byline = fields.byline(parts.tail) | {
        name: fields.without_label(text_of(node))
        for name in ("author", "source")
        if (node := chosen(page, select, name)) is not None
    }
    box = fields.file_box(parts.tail, page.url)
    views, comments = fields.counts(facts, rest)
    if not (body.paragraphs or body.images or body.files or body.embeds or lead or box):
        raise Unreadable(Outcome.UNREADABLE, "neither text, image nor document found")
    return Article(
        portal=portal,
        key=key(page),
        url=page.url,
        title=parts.title_text,
        lead="\n\n".join(lead),
        body=body.text,
        body_html=body.html,
        published=published,
        published_text=published_text,
        author=byline.get("author", ""),
        source=byline.get("source", ""),
        sections=fields.sections(page, parts.title_text),
        tags=fields.tags(page, parts.tail),
        views=views,
        comments=comments,
        image=shown[0].url if shown else fields.og_image(page),
        images=fields.merge(shown, body.images),
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


def key(page: Page) -> str:
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
