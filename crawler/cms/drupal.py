"""Drupal: a content system in PHP, free; here behind the sites of communes.

Inferred on one government host of a commune from the words "Skip to main content" before everything else, with
articles at /<slug> and no number; "Bạn đang ở đây" before the breadcrumb was seen on a site of another field.
Known of Drupal itself: all CSS below, for 8 to 11 and for 7; /node/<n> beside the slug; ?page=N counts from 0, so
that ?page=1 is the second page; "Được gửi bởi <name> vào T3, 12/05/2020 - 09:15" under the title.

Key: the canonical path. /node/<n> is an article's address too, and its page names the slug as canonical: with the
number for a key the two forms would be two articles.

Traps: /user and /node/add, the feed of each term (/taxonomy/term/<n>/feed), tables sorted by a click (?order=&sort=),
/filter/tips, /print/<n>, the same page in another language (/en/...), not denied since some portals have no other.
"""

from __future__ import annotations

from crawler.cms.general import General, Traits
from crawler.portals import Portal

TRAITS = Traits(
    "drupal",
    signs={
        r'name=["\']generator["\'] content=["\']Drupal': "generator Drupal",
        r"\bDrupal\.settings\b|data-drupal-selector|drupal-settings-json": "Drupal.settings",
        r"/sites/(?:default|all|[\w.-]+)/(?:files|themes|modules)/|/core/(?:misc|themes|assets)/": "/sites/<site>/",
        r"\b(?:field--name-|field-name-|node--type-|node-type-)[\w-]+": "fields and nodes",
        r"data-history-node-id|about=[\"']/node/\d+": "a node's number",
    },
    article=(r"^/(?:vi/|en/)?node/\d+/?$",),
    listing=(r"/taxonomy/term/\d+/?(?:\?|$)", r"[?&]page=[\d,]+(?:&|$)"),
    denied=(
        r"^/(?:vi/|en/)?(?:user|admin|filter/tips|print|printpdf|printmail|comment/reply)(?:/|\?|$)",
        r"/node/(?:add|\d+/(?:edit|delete|revisions))\b|/feed/?$|/(?:rss|feed)\.xml$",
    ),
    select={
        "title": ("h1.page-header", "h1.page-title", "h1.page__title", "h1#page-title", "h1.title"),
        "body": (
            ".node--view-mode-full .field--name-body",
            ".node-full .field-name-body",
            "article .field--name-body",
            ".field-name-body",
            ".node--view-mode-full .node__content",
        ),
        "date": (".node__submitted time", ".node__meta time", ".node__submitted", ".node__meta", ".node .submitted"),
        "author": (".node__meta .username", ".node__submitted .username", ".submitted .username"),
    },
    evidence="one commune's host by 'Skip to main content' alone; everything else is known of Drupal 7 to 11",
)


def family(portal: Portal) -> General:
    """The reader of one portal."""
    return General(TRAITS, portal)
