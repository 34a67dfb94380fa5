"""Joomla: a content system in PHP, free, often with K2, an extension that has articles ("items") of its own.

Evidenced, one portal each: a province's propaganda board with Joomla's own articles, and a journal of the Centre with
K2. The number stands *before* the slug: /<menu>/<catid>-<cat>/<id>-<slug>.html and, below /home/ there,
/index.php/<cat>/item/<id>-<slug>.html. Dates have the month in words: "Được đăng: Thứ ba,
13 Tháng 10 2015 09:10", "Thứ hai, 24 Tháng 10 2022 14:50"; counts come as "Lượt xem: 24342" and, with K2, "1384 Lượt
xem". K2's breadcrumb repeats the title.

Known of Joomla itself: ?start=N counts articles, not pages; addresses without rewriting (?option=com_content&
view=article&id=<id>:<slug>); all the CSS below, of the stock layouts of 3.x, of 4.x/5.x and of K2.

Key: the number of the article; K2 counts for itself, so its numbers are kept apart ("item/4545"). One article stands
below several menu entries. /<menu>/<id>-<slug> with a single number may be an article or a section: its path is the
key, and the page itself must tell.

Traps: ?tmpl=component (the same page bare, for print and e-mail), format=feed, /component/users, /component/search,
K2's calendar (/itemlist/date/...) and its list of a user's items.
"""

from __future__ import annotations

from crawler.cms.general import General, Traits
from crawler.portals import Portal

TRAITS = Traits(
    "joomla",
    signs={
        r'name=["\']generator["\'] content=["\']Joomla': "generator Joomla!",
        r"/media/(?:system|jui|vendor/jquery|com_k2|k2)/": "/media/system/",
        r"/components/com_(?:k2|content)/|/modules/mod_\w+/|option=com_": "a component or module",
        r"com-content-article|itemprop=[\"']articleBody[\"']|id=[\"']k2Container": "stock markup",
        r"\bjoomla-script-options\b|/templates/[\w-]+/(?:css|js|images)/": "/templates/",
    },
    article=(
        r"/(?P<within>item)/(?P<id>\d+)(?:[-:/?.]|$)",
        r"/\d+-[^/?]+/(?P<id>\d+)-[^/?]+",
        r"\?(?=.*option=com_k2\b)(?=.*view=(?P<within>item)(?:&|$))(?:.*&)?id=(?P<id>\d+)",
        r"\?(?=.*view=article(?:&|$))(?:.*&)?id=(?P<id>\d+)",
    ),
    listing=(
        r"/itemlist/(?:category|tag)/",
        r"[?&](?:start|limitstart)=\d",
        r"\?.*view=(?:category|categories|featured)\b",
    ),
    denied=(
        r"/component/(?!content/|k2/item)\w+|/itemlist/(?:user|date|search)\b",
        r"[?&](?:option=com_(?!content|k2)\w+|view=(?:form|login|registration|remind|reset))",
    ),
    select={
        "title": (
            ".itemView .itemTitle",
            ".com-content-article h1",
            ".item-page [itemprop=headline]",
            ".item-page .page-header h1",
        ),
        "lead": (".itemView .itemIntroText",),
        "body": (
            ".itemView .itemFullText",
            ".com-content-article__body",
            ".item-page [itemprop=articleBody]",
            ".item-page .article-content",
        ),
        "date": (".itemView .itemDateCreated", "time[itemprop=datePublished]", ".published time", ".create time"),
        "author": (".itemView .itemAuthor a", ".createdby [itemprop=name]", ".createdby"),
    },
    evidence="addresses, dates and counts on two portals; CSS and traps are known of Joomla 3 to 5 and K2",
)


def family(portal: Portal) -> General:
    """The reader of one portal."""
    return General(TRAITS, portal)
