"""VNPT's portals, as it seems: one installation for many organs, told by its upload folders.

Evidenced on three hosts (the Party's central portal with an organ a first folder, a propaganda board, a front's staging
host below vnptweb.vn): /<organ>/<section>/<slug>.html without a number, files below /upload/<siteid>/<yyyymmdd>/,
sections at /<section>. Files named "grab..." are of articles taken over from other sites. A tool bar of a portal that
looks alike has "Tăng tương phản" and "Giảm tương phản". That all this is one maker's is inferred from the folders.

Key: the whole path, organ and section with it. The slug alone collides: two organs have an article of one title. The
price is that an article moved to another section is a second one, unless its page names its canonical address.

Not known: paging, and how date, author and counts are marked. The layout is learned. A sub-site may be of another
family (one organ of the central portal runs on SharePoint lists): then it wants a row of its own.
"""

from __future__ import annotations

from crawler.cms.general import General, Traits
from crawler.portals import Portal

TRAITS = Traits(
    "vnpt",
    signs={
        r"/upload/\d{3,}/(?:19|20)\d{6}/": "/upload/<siteid>/<yyyymmdd>/",
        r"\bvnptweb\.vn\b|vnpt[-_]?portal": "named after VNPT",
    },
    article=(r"^/(?:[^/?]+/){1,3}[^/?]*-[^/?]*\.html$",),
    listing=(r"^/[^/?.]+/?$",),
    evidence="addresses and upload folders on three hosts; that they are one family is inferred",
)


def family(portal: Portal) -> General:
    """The reader of one portal."""
    return General(TRAITS, portal)
