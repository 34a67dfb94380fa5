"""DotNetNuke (DNN): a content system on ASP.NET. Its core has pages and modules; articles come from some module.

Evidenced: one installation of a province with a sub-host for every board and district, /<Page>/post/<id>/<slug>[.aspx],
the page's name in Vietnamese letters ("/Tin-tức/"); a district's /Default.aspx?tabid=<t>&Group=<g>&NID=<id>&<slug>; a
city's /<page>/ndid/<id>/key/default; a government's /vi-vn/<page>/tid/<slug>/newsid/<GUID>/cid/<GUID>; files below
/portals/<n>/. In the texts seen the date stands in the article's own words alone; how modules mark one is not known.

Key: the number alone. The installation counts its articles in one row over all its sub-hosts; the same one stands
below /Trang-chu/ and /Tin-tức/, with ".aspx" and without, with its slug and without. A row of the registry that has
the sub-hosts in `hosts` so keeps each article once.

Known of DNN itself: pagers and tabs that work by postback alone (the listing ends at its first page; the general
reader counts such links), ctl/Login, LinkClick.aspx for files, /language/<code>/, SkinSrc= and popUp=.

No CSS is given: each module has its own, and DNN's frame (.DNNModuleContent, dnn_ctr<n>_) surrounds everything alike.
"""

from __future__ import annotations

from crawler.cms.general import General, Traits
from crawler.portals import Portal

NUMBER_OR_GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+"

TRAITS = Traits(
    "dotnetnuke",
    signs={
        r'name=["\']generator["\'] content=["\']DotNetNuke': "generator DotNetNuke",
        r"/DesktopModules/": "/DesktopModules/",
        r"\bdnn_(?:ctr\d+|dnn[A-Z]|\w+Pane)|\bdnnVariable\b": "dnn_ctr",
        r"[\"'(/]portals/(?:\d+|_default)/": "/portals/<n>/",
        r"\bDNNModuleContent\b|\bDnnModule\b": "DnnModule",
    },
    article=(
        r"/post/(?P<id>\d+)(?:[/?.]|$)",
        r"[?&]nid=(?P<id>\d+)(?:&|$)",
        r"/ndid/(?P<id>\d+)(?:/|$)",
        rf"/newsid/(?P<id>{NUMBER_OR_GUID})(?:[/?.]|$)",
        rf"/(?:articletype/articleview/)?articleid/(?P<id>{NUMBER_OR_GUID})(?:[/?.]|$)",
    ),
    listing=(r"/default\.aspx\?(?!(?:.*&)?nid=\d)(?:.*&)?tabid=\d", r"/pgrid/\d+|/(?:pageid|currentpage)/\d+"),
    denied=(
        r"(?:/|[?&])ctl(?:/|=)|/(?:login|register|user-?profile|terms|privacy)(?:\.aspx)?(?:/|\?|$)",
        r"/linkclick\.aspx|/language/\w\w-\w\w(?:/|$)|/userid/\d+|/rss\.aspx",
        r"[?&](?:popup|skinsrc|containersrc|mid|moduleid)=|/mid/\d+",
    ),
    evidence="addresses and /portals/<n>/ on seven party hosts of three makings; traps are known of DNN 6 to 9",
)


def family(portal: Portal) -> General:
    """The reader of one portal."""
    return General(TRAITS, portal)
