"""Portals made to order on ASP.NET (MVC): not one system, but five kinds of address that local makers chose.

Evidenced, one portal each: the magazine of the central mass-mobilization board, /Home/<Sec>/<Sub>/<id>/<Title-Slug>
and /Home/MagazineStory?ID=<n>; a province's committee, /DetailView/<id>/<cat>/<Slug> with pictures below /Image/Large/;
a city's front, /tin-tuc/chitiet/<id>/<slug>; a province's youth union, /BaiViet/Index/<id>; a propaganda board's older
site, /bai-viet/<slug>.aspx without a number.

Dates: that older site has all in one line, "Đăng ngày: 20/01/2020 - 8:28:04 AM | Lượt xem: 1231 | <author>", and a
clock in its header ("Thứ Bảy, ngày 29 tháng 2 năm 2020 - 8:28:19 PM"); the magazine's header has "Thứ Sáu, 10/1/2025"
over articles of any year. A clock taken for the date would date the archive by its own crawl.

Key: the number; of a MagazineStory with that word before it, for it counts apart; the path where there is no number.
The category behind /DetailView/<id>/ is not part of it. Nothing is known of the pages' markup: no CSS.
"""

from __future__ import annotations

from crawler.cms.general import General, Traits
from crawler.portals import Portal

TRAITS = Traits(
    "aspnet_mvc",
    signs={
        r"href=[\"'](?:https?://[^/\"']+)?/Home/[\w-]+/(?:[\w-]+/)*\d+/[\w-]+": "/Home/ controller",
        r"/Home/MagazineStory\?ID=\d+": "/Home/MagazineStory",
        r"/DetailView/\d+/\d+|/Image/(?:Large|Small|Medium)/\d": "/DetailView/",
        r"/tin-tuc/chitiet/\d+": "/tin-tuc/chitiet/",
        r"/BaiViet/Index/\d+": "/BaiViet/Index/",
        r"/bai-viet/[\w-]+\.aspx": "/bai-viet/<slug>.aspx",
    },
    article=(
        r"/Home/(?P<within>MagazineStory)\?(?:.*&)?ID=(?P<id>\d+)",
        r"^/Home/(?:[^/?]+/){1,3}(?P<id>\d+)(?:/[^/?]+)?/?$",
        r"/DetailView/(?P<id>\d+)(?:/|$)",
        r"/chi-?tiet/(?P<id>\d+)(?:/|\?|$)",
        r"/BaiViet/(?:Index|ChiTiet|Details?)/(?P<id>\d+)(?:/|\?|$)",
        r"^/bai-viet/[^/?]+\.aspx$",
    ),
    listing=(r"^/Home/(?:[A-Za-z][^/?]*/?){0,2}(?:\?page=\d+)?$",),
    denied=(r"^/(?:Account|Admin|Manage|Elmah)(?:/|\?|$)", r"/Home/(?:ChangeLanguage|Search|Error|Print\w*)\b"),
    evidence="addresses of five portals, dates of two; nothing else is known",
)


def family(portal: Portal) -> General:
    """The reader of one portal."""
    return General(TRAITS, portal)
