"""The portal of Nghệ An's party organs: a maker's own system on .NET, several organs on one host.

Evidenced on that host, for the province's committee and for its mass-mobilization board: articles at
/vi-vn/tin/<slug>/<a>-<site>-<id>, sections at /vi-vn/chuyen-muc/<slug>/<a>-<b>. Slugs keep curly quotes, double hyphens
and at times broken bytes (U+FFFD). No date was found in the texts seen: what the layout has of one is to be learned.

Key: the last number of the three. The first changes with the place that links, and the middle one, which looks like
the site's, is the same on both organs' pages.

The organs are told apart by the text of a placeholder in the banner alone ("Banner Ban dân vận tỉnh ủy sub-site-1"
against "Banner Tỉnh ủy Nghệ An (Home-latest-1)", both in boilerplate.toml). Nothing is done about it here: a row of
the registry for one organ names that organ's `sections`, and is no promise that nothing of the other comes in.
"""

from __future__ import annotations

from crawler.cms.general import General, Traits
from crawler.portals import Portal

TRAITS = Traits(
    "nghe_an",
    signs={
        r"/vi-vn/chuyen-muc/[^\"'?#]+/\d+-\d+": "/vi-vn/chuyen-muc/",
        r"/vi-vn/tin/[^\"'?#]+/\d+-\d+-\d+": "/vi-vn/tin/",
        r"\(Home-latest-\d+\)|sub-site-\d+": "placeholder of a banner",
    },
    article=(r"/tin/[^/?]+/\d+-\d+-(?P<id>\d+)/?(?:\?|$)",),
    listing=(r"/chuyen-muc/",),
    evidence="addresses and placeholders on the one host; nothing is known of its pages beyond that",
)


def family(portal: Portal) -> General:
    """The reader of one portal."""
    return General(TRAITS, portal)
