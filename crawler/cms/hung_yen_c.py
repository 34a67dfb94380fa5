"""The portals of Hưng Yên with "-c<id>.html": a maker's own system on one server of the province.

Evidenced on four party and front hosts (the province's committee, its propaganda board, a district; the front's by its
parent domain) and on the provincial police's: /<slug>-c<id>.html at the root, also met with a slash behind it; files
below /ckfinder/userfiles/, ckFinder being the file browser of the editor. Numbers are high and seem common to the
hosts; the letter looks like a kind of page, of which only "c" was seen. An older site of the same board has another
system (/bai-viet/<slug>.aspx, see aspnet_mvc).

Not known: listings and their paging, how date, author and counts are marked. The layout is learned.

Key: the number behind "c": an editor changes the slug with the title.
"""

from __future__ import annotations

from crawler.cms.general import General, Traits
from crawler.portals import Portal

TRAITS = Traits(
    "hung_yen_c",
    signs={
        r"href=[\"'][^\"'?#]*-c\d{2,}\.html": "articles -c<id>.html",
        r"/ckfinder/userfiles/": "/ckfinder/userfiles/",
    },
    article=(r"-c(?P<id>\d+)\.html(?:/?$|/?\?)",),
    evidence="addresses and upload folder on four hosts; nothing is known of its pages beyond that",
)


def family(portal: Portal) -> General:
    """The reader of one portal."""
    return General(TRAITS, portal)
