"""The system of the Fatherland Front's central portal and of its journal: made to order for a news desk.

Evidenced on both hosts: /<section>/<slug>-<id>.html, though it is no NukeViet; a mobile host with the same numbers,
a host for pictures (static., /zoom/648/uploaded/), tags at /tags/<base64>/<slug>.html. Public crawlers name the classes
story__heading (in lists), article__meta, article__body and pagination__pages. Articles begin with the house's mark,
"(Mặt trận) -", which boilerplate.toml knows as a lead-in.

Key: the number, the same on the desktop's and the mobile's host. The same form of address at the Party newspaper's
provincial editions is another system's, and at other portals a listing's or NukeViet's: the form proves nothing.

Trap: ?bydate=DD-MM-YYYY&page=1 makes every day of every section a listing of its own, without end. Tags are listings
with the address of an article.
"""

from __future__ import annotations

from crawler.cms.general import General, Traits
from crawler.portals import Portal

TRAITS = Traits(
    "mat_tran",
    signs={
        r"\bstory__heading\b": "story__heading",
        r"\barticle__(?:body|meta)\b": "article__body",
        r"\bpagination__pages\b": "pagination__pages",
        r"/zoom/\d+/uploaded/": "/zoom/<n>/uploaded/",
        r"href=[\"'][^\"']*/tags/[\w=-]{8,}/[\w-]+\.html": "tags in base64",
    },
    article=(r"^/[^/?]+/[^/?]*-(?P<id>\d+)\.html(?:\?|$)",),
    listing=(r"^/tags/",),
    denied=(r"[?&]bydate=",),
    select={
        "body": (".article__body",),
        "date": (".article__meta",),
    },
    evidence="addresses and class names on two hosts; the title's and the lead's elements are not known",
)


def family(portal: Portal) -> General:
    """The reader of one portal."""
    return General(TRAITS, portal)
