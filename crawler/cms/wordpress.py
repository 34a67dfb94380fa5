"""WordPress: a blog engine in PHP, free, and the newcomer of this field: young ward committees choose it.

Evidenced: one party portal, of a ward made in July 2025, told by uploads under /wp-content/uploads/<year>/<month>/;
the heading of the comment form in Vietnamese ("Email của bạn sẽ không được hiển thị công khai."), on a press site.
Known of WordPress itself, seen on no portal here: everything else in this file. Its default articles have no number in
their address (/<slug>/, /<section>/<slug>/, /<year>/<month>/<slug>/), so the path is the key; the short link /?p=<n> is
an article as well and has the path of the page's canonical link for a key.

Dates stand in <time datetime> with offset, which is the one to read: the visible day is written in any of a dozen ways
("24 Tháng Năm, 2024"). Two layouts are met side by side: classic themes (.entry-content) and block themes, whose
templates are built of .wp-block-* elements, .entry-content among them.

Traps: ?replytocom= and /comment-page-N/ (one address a comment), pages of pictures (/attachment/, ?attachment_id=,
class "attachment" on the body), archives by day and author, /embed/, /feed/ below each article.

/wp-json/ lists all articles, a hundred a page with the moment of the last change; many portals have it shut by a
plugin, with an error in JSON, a log-in page or a plain 404.
"""

from __future__ import annotations

import json
import re
from typing import Any

from crawler.cms import Unreadable
from crawler.cms.general import General, Traits
from crawler.discovery import Listed
from crawler.outcomes import Outcome
from crawler.portals import Portal

PER_PAGE = 100  # the most that the API gives at once

TRAITS = Traits(
    "wordpress",
    sitemap="/wp-sitemap.xml",  # since 5.5; plugins have /sitemap_index.xml, which robots.txt names
    signs={
        r'name=["\']generator["\'] content=["\']WordPress': "generator WordPress",
        r"/wp-content/(?:uploads|themes|plugins)/": "/wp-content/",
        r"/wp-includes/": "/wp-includes/",
        r'rel=["\']https://api\.w\.org/["\']': "link to the REST API",
        r"\bwp-block-": "blocks of the editor",
    },
    article=(r"^/\?p=\d+$", r"^/archives/\d+/?$"),
    listing=(r"/(?:category|tag|chuyen-muc|chu-de)/", r"/page/\d+/?(?:\?|$)", r"^/\?(?:cat|tag|m|paged)="),
    denied=(
        r"[?&](?:replytocom|attachment_id|like_comment|doing_wp_cron|preview_id)=",
        r"/comment-page-\d+|/attachment/|/wp-[a-z-]+\.php|/embed/?$",
    ),
    select={
        "title": ("h1.entry-title", "h1.wp-block-post-title"),
        "body": ("article .entry-content", ".wp-block-post-content", ".entry-content"),
        "date": ("time.entry-date.published", "time.entry-date", ".wp-block-post-date time"),
        "author": (".byline .author a", ".byline .author", ".wp-block-post-author__name", ".wp-block-post-author-name"),
    },
    evidence="/wp-content/uploads/ on one portal; all else is known of WordPress 5 and 6 with their own themes",
)


class WordPress(General):
    """The general reader, with the list of articles that WordPress keeps for machines."""

    API = f"/wp-json/wp/v2/posts?per_page={PER_PAGE}&page=1&_fields=id,link,date_gmt,modified_gmt"

    def read_api(self, url: str, body: bytes) -> tuple[list[Listed], str]:
        """The articles of one page of the list, and the next page's address. Raises Unreadable where it is shut."""
        try:
            posts = json.loads(body)
        except ValueError as error:
            raise Unreadable(Outcome.NOT_ARTICLE, "the API does not answer in JSON: it is shut") from error
        if isinstance(posts, dict):
            if posts.get("code") == "rest_post_invalid_page_number":  # one past the last: a whole number of hundreds
                return [], ""
            raise Unreadable(Outcome.NOT_ARTICLE, f"the API is shut: {posts.get('code') or 'an error'}")
        if not isinstance(posts, list):
            raise Unreadable(Outcome.NOT_ARTICLE, "the API answers with something else")
        found = [Listed(post["link"], _modified(post)) for post in posts if _is_post(post)]
        return found, _next(url) if len(posts) >= PER_PAGE else ""


def _is_post(post: Any) -> bool:
    return isinstance(post, dict) and isinstance(post.get("link"), str) and post["link"].startswith("http")


def _modified(post: dict[str, Any]) -> str:
    """The last change as ISO 8601; the API gives it in Greenwich time and without saying so."""
    said = post.get("modified_gmt") or post.get("date_gmt")
    known = isinstance(said, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", said)
    return f"{said}+00:00" if known and not str(said).startswith("0000") else ""


def _next(url: str) -> str:
    return re.sub(r"(?<=[?&]page=)\d+", lambda match: str(int(match[0]) + 1), url)


def family(portal: Portal) -> WordPress:
    """The reader of one portal."""
    return WordPress(TRAITS, portal)
