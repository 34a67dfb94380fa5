"""Liferay: a portal server in Java, free in its community edition. Pages hold portlets; one of them shows articles.

Evidenced: a province's propaganda board and, by their server, three more party hosts, a journal of the Centre and a
government host. /web/<site>/<page>/-/asset_publisher/<inst>/content/id/<n>[?plidlayout=...]; /<page>/-/asset_publisher/
<inst>/content/<slug>/<groupId>; the journal's /web/guest/<sec>/-/<year>/<id>/<slug>.aspx; listings at
?p_p_id=<portlet>&...; dates "Đăng ngày 15-05-2022 10:48" and "21:30, ngày 06-11-2018"; a counter "Trực tuyến : 5814
Đã truy cập : 43584994"; portlet titles, "null" and portlet ids that leak into the text (boilerplate.toml).

Key: the number behind content/id/, which is the asset's on the whole installation; else the slug, which Liferay keeps
unique within a site. The portlet's instance is no part of it, for several show one article, and the number behind
the slug is the site's (groupId), the same for all its articles. The journal's key is the number behind the year. It
gives one article two numbers where it stands in two sections: these are two articles here, and near-duplicates at most.

Known of Liferay itself: the CSS below, of 6.x and 7.x. .journal-content-article alone would be the banner as well,
which is web content like any other; so it counts only within an asset.

Traps: /c/portal/update_language?...languageId=fi_FI (every page in every language), /c/ altogether, calendars and
search portlets by p_p_id, action and resource addresses. Links carry their way back (redirect=) and the portlet's
state; where that says no more than "as usual" it is left out here, since the general addresses would refuse them.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.addresses import Address
from crawler.cms.general import FamilyAddresses, General, Traits
from crawler.portals import Portal

# What a portlet's link has beside what it names: its state where that is the usual one, and the way back.
USUAL = {("p_p_state", "normal"), ("p_p_mode", "view"), ("p_p_lifecycle", "0")}
BESIDE = re.compile(
    r"^(?:p_p_col_\w+|p_auth|p_l_back_url|plidlayout|inheritRedirect|(?:_\w+_)?(?:redirect|delta|resetCur|keywords|"
    r"advancedSearch|andOperator|backURL)|p_r_p_\w*(?:resetCur|delta))$"
)

TRAITS = Traits(
    "liferay",
    signs={
        r"\bLiferay\.(?:currentURL|ThemeDisplay|Portlet|AUI|Browser)\b": "Liferay.currentURL",
        r"[?&;]p_p_id=\w": "p_p_id",
        r"/-/asset_publisher/": "asset_publisher",
        r"class=[\"'][^\"']*\b(?:journal-content-article|portlet-boundary|portlet-asset-publisher)\b": "portlets",
        r"/c/portal/(?:login|update_language|layout)|/combo/?\?browserId=|/html/js/liferay/": "/c/portal/",
        r"/o/[\w-]+-theme/": "/o/<name>-theme/",
    },
    article=(
        r"/-/asset_publisher/[^/?]+/content/id/(?P<id>\d+)",
        r"/-/asset_publisher/[^/?]+/content/(?P<id>[^/?]+)",
        r"/-/(?:19|20)\d\d/(?P<id>\d+)(?:/|\?|$)",
        r"/-/journal_content/[^/?]+/\d+/(?P<id>\d+)",
        r"[?&]_\w+_articleId=(?P<id>\d+)",
        r"^/(?:web/[^/?]+/)?w/(?P<id>[^/?]+)",
    ),
    listing=(
        r"[?&](?:_\w+_)?cur=\d",
        r"/-/asset_publisher/[^/?]+/?(?:\?|$)",
        r"[?&]_\w+_categoryId=\d+(?!.*articleId)",
    ),
    denied=(
        r"^/(?:vi/|en/)?c/|^/(?:documents|image|html|combo|o|api|group)/",
        r"[?&]p_p_id=(?:\w*[cC]alendar\w*|8|3|58|\w*(?:search|Search|login|Login)\w*)(?:&|$)",
    ),
    select={
        "title": (".asset-full-content .asset-title", "h1.header-title", ".header-title", ".component-title"),
        "body": (
            ".asset-full-content .journal-content-article",
            ".asset-content .journal-content-article",
            ".portlet-asset-publisher .journal-content-article",
        ),
        "date": (".asset-metadata .metadata-publish-date", ".metadata-publish-date"),
        "author": (".asset-metadata .metadata-author",),
    },
    evidence="addresses, dates and leaks on six hosts, some by their server's others; CSS is known of Liferay 6, 7",
)


class LiferayAddresses(FamilyAddresses):
    """The family's addresses, after the state of the portlet and the way back are left out."""

    def parse(self, url: str) -> Address | None:
        """What an address names; None where it names nothing to crawl."""
        return super().parse(plain(url))


class Liferay(General):
    """The general reader with Liferay's addresses."""

    def __init__(self, traits: Traits, portal: Portal) -> None:
        super().__init__(traits, portal)
        self.address = LiferayAddresses(traits)


def plain(url: str) -> str:
    """An address without what says only how the portlet looks and where its reader came from."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if not parts.query:
        return url
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [pair for pair in pairs if pair not in USUAL and not BESIDE.match(pair[0])]
    return url if kept == pairs else urlunsplit(parts._replace(query=urlencode(kept)))


def family(portal: Portal) -> Liferay:
    """The reader of one portal."""
    return Liferay(TRAITS, portal)
