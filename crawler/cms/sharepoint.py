"""SharePoint: Microsoft's portal server. Articles are rows of lists, or pages of a library that take a row's number.

Evidenced on five party and front portals and three government ones: /Lists/<List>/DispForm.aspx?ID=<n>&PageIndex=<p>
with its listing /Lists/<List>/TongQuat.aspx?PageIndex=<p>; below a sub-site /<organ>/Lists/<List>/View_Detail.aspx?
ItemID=<n>; /Pages/newsdetail.aspx?NewsId=<n>&CatId=<c>; /pages/Detail.aspx?newsid=<n>; /noidung/tintuc/Pages/
chi-tiet-tin-tuc.aspx?ItemID=<n>&l=<List>&lv=4, which without ItemID and with page= is a listing; /_layouts/LacVietBIO/,
a local maker's module. Dates on the twelve-hour clock: "09/05/2025 3:25 CH" (SA is the morning). One header has a
visitor's clock ("Thứ 6 - 26/02/2016" over an article of 2020).

Key: "list/number", since every list counts from 1; a list of a sub-site keeps the sub-site's path before it. PageIndex
on an article is where its listing was left, no page of it.

Known of SharePoint itself: all CSS below. A list's own form has one table row a column, with the cell's id naming the
column's type; of two long texts the first is the summary. Columns leak into listings: "| Tin | | <title> | ... | No |".

Traps: values padded with some eighty blanks (the general addresses strip them), AllItems.aspx and other views, forms
for editors, /_layouts/, /_catalogs/, sorting by column, ?Paged=TRUE&p_ID= (pages by the last row's values).
One listing is known to print whole articles: they are still asked for one by one, for their own pages have all fields.
"""

from __future__ import annotations

from crawler.cms.general import General, Traits
from crawler.portals import Portal

DETAIL = r"/(?:Pages|SitePages)/(?:(?:news|tin)?-?detail|chi-?tiet[\w-]*|newsview|xemtin)\.aspx"

TRAITS = Traits(
    "sharepoint",
    signs={
        r'name=["\']generator["\'] content=["\']Microsoft SharePoint': "generator Microsoft SharePoint",
        r"/_layouts/(?:1[456]/|LacVietBIO/|images/|styles/)|_layouts\\u002f": "/_layouts/15/",
        r"MSOWebPartPage|MSOLayout_|MSOTlPn_": "web part page",
        r"_spPageContextInfo|_spBodyOnLoad|SP\.SOD\.": "SharePoint's scripts",
        r"/Lists/\w+/(?:DispForm|View_Detail|TongQuat|AllItems)\.aspx": "list forms",
        r"class=[\"'][^\"']*\bms-(?:rtestate-field|formtable|formbody|core-)": "stock markup",
    },
    article=(
        r"^/Lists/(?P<within>[^/?]+)/(?:DispForm|View_?Detail|ChiTiet)\.aspx\?(?:.*&)?(?:Item)?ID=(?P<id>\d+)",
        r"^/(?P<within>(?:[^/?]+/)+Lists/[^/?]+)/(?:DispForm|View_?Detail|ChiTiet)\.aspx\?(?:.*&)?(?:Item)?ID=(?P<id>\d+)",
        rf"{DETAIL}\?(?=(?:.*&)?l=(?P<within>[^&]+))(?:.*&)?ItemID=(?P<id>\d+)",
        rf"{DETAIL}\?(?:.*&)?(?:NewsId|ItemID|ID)=(?P<id>\d+)",
    ),
    listing=(r"/TongQuat\.aspx", r"[?&](?:Paged=TRUE|PageFirstRow=\d)", rf"{DETAIL}(?:$|\?(?!.*(?:Id|ID)=\d))"),
    denied=(
        r"/(?:AllItems|NewForm|EditForm|Upload|MyItems|ByAuthor|calendar)\.aspx",
        r"/(?:_catalogs|_vti_bin|_forms|_api|SiteAssets|PublishingImages|FormServerTemplates)(?:/|$)|/Forms/",
        r"[?&](?:SortField|FilterField\d|View|ShowInGrid|IsDlg|InstanceID)=",
    ),
    select={
        "title": ("table.ms-formtable td#SPFieldText",),
        "lead": ("tr:has(~ tr > td#SPFieldNote) > td#SPFieldNote",),
        "body": ("tr:has(> td#SPFieldNote) ~ tr > td#SPFieldNote", "td#SPFieldNote", ".ms-rtestate-field"),
        "date": ("td#SPFieldDateTime",),
    },
    evidence="addresses, dates and padding on eight portals; CSS and the editors' forms are known of SharePoint 2010",
)


def family(portal: Portal) -> General:
    """The reader of one portal."""
    return General(TRAITS, portal)
