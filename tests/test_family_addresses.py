"""Addresses of the families: which are articles, which are one article, which are listings, which lead nowhere."""

from __future__ import annotations

import pytest

from tests.family_pages import LEARNING, reader

GUID = "C4E82A4F-6AD3-4F2B-A1D5-ABFB01064AC7"
PUBLISHER = "/web/btg/chi-tiet-bai-viet/-/asset_publisher/1mOzUrGkrdAE/content"
PADDED = "++" * 42

# family -> key -> the forms of one article
THE_SAME: dict[str, dict[str, list[str]]] = {
    "wordpress": {
        "/dan-van/cau-tre-ben-go-qua-mua-lu": [
            "/dan-van/cau-tre-ben-go-qua-mua-lu/",
            "/dan-van/cau-tre-ben-go-qua-mua-lu",
            "/dan-van/cau-tre-ben-go-qua-mua-lu/?utm_source=zalo",
        ],
        "/?p=4100": ["/?p=4100"],
    },
    "joomla": {
        "id:1430": [
            "/van-ban/moi/78-dai-hoi/1430-qua-chin-ky-hop.html",
            "/index.php/tin/80-tin-khac/1430-qua-chin-ky.html",
            "/index.php?option=com_content&view=article&id=1430:qua-chin-ky-hop&catid=78&Itemid=101",
        ],
        "id:item/4545": [
            "/home/index.php/thuc-tien/item/4545-hoat-dong-giam-sat.html",
            "/index.php/dien-dan/item/4545-hoat-dong",
            "/index.php?option=com_k2&view=item&id=4545:hoat-dong&Itemid=7",
        ],
    },
    "drupal": {"/node/301": ["/node/301", "/node/301/"], "/ron-rang-ngay-hoi-o-xa": ["/ron-rang-ngay-hoi-o-xa"]},
    "sharepoint": {
        "id:xaydungdang/3674": [
            "/Lists/XayDungDang/DispForm.aspx?ID=3674&PageIndex=0",
            "/Lists/XayDungDang/DispForm.aspx?ID=3674&PageIndex=9",
            "/lists/xaydungdang/dispform.aspx?id=3674",
            "/Lists/XayDungDang/DispForm.aspx?ID=3674&Source=%2FLists%2FXayDungDang&ContentTypeId=0x01",
        ],
        "id:tutuong/3674": ["/Lists/TuTuong/DispForm.aspx?ID=3674"],
        "id:tinhuy/lists/xaydungdang/307": ["/tinhuy/Lists/XayDungDang/View_Detail.aspx?ItemID=307"],
        "id:4465": ["/Pages/newsdetail.aspx?NewsId=4465&CatId=60", "/Pages/newsdetail.aspx?NewsId=4465&CatId=61"],
        "id:4534": ["/pages/Detail.aspx?newsid=4534"],
        "id:tintrongtinh/88": [
            "/noidung/tintuc/Pages/chi-tiet-tin-tuc.aspx?ItemID=88&l=Tintrongtinh&lv=4",
            f"/noidung/tintuc/Pages/chi-tiet-tin-tuc.aspx?ItemID=88&l=Tintrongtinh{PADDED}&lv=4",
        ],
    },
    "liferay": {
        "id:7337177": [
            f"{PUBLISHER}/id/7337177",
            f"{PUBLISHER}/id/7337177?plidlayout=99",
            f"{PUBLISHER}/id/7337177?inheritRedirect=false&redirect=%2Fweb%2Fbtg%3Fp_p_id%3D101",
            "/-/asset_publisher/KHAC00000001/content/id/7337177?_101_INSTANCE_KHAC_redirect=x&p_p_state=normal",
        ],
        "id:ngay-hoi-o-ban": [
            "/chi-tiet-tin-tuc/-/asset_publisher/ABC/content/ngay-hoi-o-ban/20181",
            "/trang-chu/-/asset_publisher/DEF/content/ngay-hoi-o-ban",
        ],
        "id:53031": [
            "/web/guest/chinh-tri/-/2018/53031/dang-bo.aspx",
            "/web/guest/hoat-dong/-/2018/53031/dang-bo.aspx",
        ],
    },
    "dotnetnuke": {
        "id:258236": [
            "/Tin-t%E1%BB%A9c/post/258236/giao-ban-quy-ii.aspx",
            "/Tin-tức/post/258236/giao-ban-quy-ii",
            "/Trang-chu/post/258236/giao-ban-quy-ii.aspx",
            "/Trang-chu/post/258236",
            "/Trang-chu/post/258236.aspx",
        ],
        "id:3120": ["/Default.aspx?tabid=1292&Group=210&NID=3120&tra-don-ra-mat", "/default.aspx?tabid=9&nid=3120"],
        "id:11738": ["/tin-tuc-su-kien/ndid/11738/key/default"],
        f"id:{GUID.lower()}": [f"/vi-vn/Thông-tin/tid/mot-bai/newsid/{GUID}/cid/94C0EBC4-0000-4F2B-A1D5-ABFB01064AC7"],
    },
    "hung_yen_c": {
        "id:222429": ["/muoi-tam-nam-c222429.html", "/muoi-tam-nam-c222429.html/", "/ten-moi-c222429.html?utm_source=x"]
    },
    "vnpt": {
        "/bandantoc/tin-tuc/co-16-ton-giao.html": ["/bandantoc/tin-tuc/co-16-ton-giao.html"],
        "/tinhuy/tin-tuc/co-16-ton-giao.html": ["/tinhuy/tin-tuc/co-16-ton-giao.html"],
    },
    "nghe_an": {
        "id:315009": [
            "/vi-vn/tin/ket-qua-de-an--nang-cao/231047-16570-315009",
            "/vi-vn/tin/ket-qua-de-an/783534-16571-315009",
            "/vi-vn/tin/%E2%80%9Cket-qua%E2%80%9D-%EF%BF%BD-de-an/231047-16570-315009",
        ]
    },
    "aspnet_mvc": {
        "id:15496": ["/Home/Tin-hoat-dong/Ban-dan-van/15496/He-thong", "/home/Thu-ban-doc/15496/He-thong"],
        "id:magazinestory/206": ["/Home/MagazineStory?ID=206", "/home/magazinestory?id=206"],
        "id:148090": ["/DetailView/148090/40/Tuyen---Noi-ghi-dau", "/DetailView/148090/12/Tuyen"],
        "id:7349": ["/tin-tuc/chitiet/7349/quan-tan-binh", "/tin-tuc/chitiet/7349"],
        "id:16861": ["/BaiViet/Index/16861"],
        "/bai-viet/dong-chi.aspx": ["/bai-viet/dong-chi.aspx", "/Bai-viet/Dong-chi.aspx"],
    },
    "mat_tran": {
        "id:46276": ["/dan-toc-ton-giao/phat-huy-vai-tro-46276.html", "/tin-hoat-dong/phat-huy-vai-tro-46276.html"]
    },
    "generic": {"/xa/mot-bai-viet-dai-123.html": ["/xa/mot-bai-viet-dai-123.html"]},
}  # fmt: skip

# family -> addresses of listings, their further pages among them
LISTINGS: dict[str, list[str]] = {
    "wordpress": ["/category/dan-van-kheo-trong-long-nhan-dan/", "/chuyen-muc/tin/page/2/", "/page/14/", "/?cat=7"],
    "joomla": ["/home/index.php/thuc-tien?start=20", "/index.php/tin/itemlist/category/12-dan-van-kheo", "/thuc-tien"],
    "drupal": ["/taxonomy/term/7", "/tin-tuc-su-kien-trong-xa?page=1", "/tin-tuc?page=0,3"],
    "sharepoint": [
        "/Lists/TuTuong/TongQuat.aspx?PageIndex=40",
        "/noidung/tintuc/Pages/chi-tiet-tin-tuc.aspx?l=Tintrongtinh&lv=4&page=57",
        f"/noidung/tintuc/Pages/chi-tiet-tin-tuc.aspx?l=Tintrongtinh{PADDED}&lv=4&page=2",
        "/Lists/XayDungDang/",
        "/Lists/Tin/Tin.aspx?Paged=TRUE&p_ID=90&PageFirstRow=31",
    ],
    "liferay": [
        "/web/btg",
        "/web/huyen/trang-chu?p_p_id=newsbycategory_WAR_x&_newsbycategory_WAR_x_categoryId=16429230",
        "/tin?p_p_id=101_INSTANCE_x&p_p_lifecycle=0&p_p_state=normal&p_p_mode=view&_101_INSTANCE_x_cur=3",
    ],
    "dotnetnuke": ["/Tin-tức", "/Default.aspx?tabid=1292&Group=210", "/Trang-chu"],
    "hung_yen_c": ["/dan-van-kheo?page=2", "/dan-van-kheo"],
    "vnpt": ["/cong-tac-dan-toc-va-ton-giao-tinh", "/tin-hoat-dong"],
    "nghe_an": ["/vi-vn/chuyen-muc/dan-van-kheo/405534-193312", "/vi-vn/chuyen-muc/dan-van-kheo/405534-193312?page=2"],
    "aspnet_mvc": ["/Home/Thu-ban-doc/", "/Home/Tin-hoat-dong/Ban-dan-van", "/Home/Tin-hoat-dong?page=3"],
    "mat_tran": ["/tin-hoat-dong/", "/tin-hoat-dong/?page=3", "/tags/ZMOibiB24bqtbg==/mo-hinh-dan-van-kheo.html"],
    "generic": ["/tin-tuc/page-3/", "/tin-tuc/trang-4", "/tin-tuc?PageIndex=5"],
}  # fmt: skip

# family -> addresses that lead to nothing, or without end
TRAPS: dict[str, list[str]] = {
    "wordpress": [
        "/dan-van/cau-tre/?replytocom=41", "/dan-van/cau-tre/comment-page-2/", "/?attachment_id=77",
        "/dan-van/cau-tre/attachment/anh-1/", "/wp-login.php", "/author/bbt/", "/2023/05/", "/dan-van/cau-tre/feed/",
        "/dan-van/cau-tre/embed/", "/wp-json/wp/v2/posts", "/?s=dan+van", "/dan-van/cau-tre/?share=facebook",
    ],
    "joomla": [
        "/tin/78-a/1430-b.html?tmpl=component&print=1", "/thuc-tien?format=feed&type=rss",
        "/component/users/?view=login",
        "/component/mailto/?link=abc", "/index.php/itemlist/date/2019/5", "/index.php/itemlist/user/62-ban-bien-tap",
        "/index.php?option=com_users&view=login", "/component/search/",
    ],
    "drupal": [
        "/user", "/user/12", "/user/login?destination=/a", "/node/add/article", "/node/12/edit", "/filter/tips",
        "/taxonomy/term/7/feed", "/print/301", "/comment/reply/301", "/rss.xml",
    ],
    "sharepoint": [
        "/Lists/XayDungDang/AllItems.aspx", "/Lists/XayDungDang/EditForm.aspx?ID=3", "/_layouts/15/Authenticate.aspx",
        "/_catalogs/masterpage/x.aspx", "/Lists/Lich/calendar.aspx", "/Lists/Tin/Tin.aspx?SortField=Title&SortDir=Asc",
        "/Docs/Forms/Thumbnails.aspx",
    ],
    "liferay": [
        "/c/portal/update_language?p_l_id=20&redirect=x&languageId=fi_FI", "/c/portal/login", "/c/journal/get_article",
        "/lich?p_p_id=8&p_p_lifecycle=0&_8_day=3", "/lich?p_p_id=calendar_WAR_x&day=4", "/x?p_p_id=3&p_p_lifecycle=1",
        "/x?p_p_id=101_INSTANCE_x&p_p_state=pop_up", "/documents/20181/0/ke-hoach",
    ],
    "dotnetnuke": [
        "/Trang-chu/ctl/Login", "/Default.aspx?tabid=12&ctl=Login", "/LinkClick.aspx?fileticket=abc&tabid=12",
        "/Login?returnurl=/", "/Trang-chu/language/en-US", "/Default.aspx?tabid=9&popUp=true",
        "/Activity-Feed/userId/3",
    ],
    "hung_yen_c": ["/dang-nhap", "/tim-kiem?q=x", "/ckfinder/userfiles/files/ke-hoach.pdf"],
    "vnpt": ["/tim-kiem?keyword=a", "/upload/64711/20250221/ke-hoach.pdf"],
    "nghe_an": ["/vi-vn/tim-kiem?q=a", "/vi-vn/dang-nhap"],
    "aspnet_mvc": ["/Account/Login", "/Home/ChangeLanguage?lang=en", "/Home/Search?q=a", "/Admin"],
    "mat_tran": ["/tin-hoat-dong/?bydate=12-05-2019&page=1", "/tim-kiem/?q=a"],
    "generic": ["/lich-lam-viec/?month=5", "/c/portal/update_language?languageId=fi_FI", "/a/b/a/b/a/b/"],
}  # fmt: skip


def flat(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(family, path) for family, paths in table.items() for path in paths]


FORMS = [(family, key, path) for family, keys in THE_SAME.items() for key, paths in keys.items() for path in paths]


@pytest.mark.parametrize("table", [THE_SAME, LISTINGS, TRAPS], ids=["articles", "listings", "traps"])
def test_every_family_is_in_the_tables(table: dict[str, object]) -> None:
    assert set(table) == set(LEARNING)


@pytest.mark.parametrize(("family", "key", "path"), FORMS)
def test_all_forms_of_an_article_have_one_key(family: str, key: str, path: str) -> None:
    address = reader(family).address.parse(f"https://portal.example{path}")
    assert address is not None
    assert (address.key, address.page) == (key, 1)
    assert address.is_article or key == "/ron-rang-ngay-hoi-o-xa"


@pytest.mark.parametrize(("family", "path"), flat(LISTINGS))
def test_a_listing_is_told_from_an_article(family: str, path: str) -> None:
    address = reader(family).address.parse(f"https://portal.example{path}")
    assert address is not None and not address.is_article


@pytest.mark.parametrize(("family", "path"), flat(TRAPS))
def test_a_trap_is_refused(family: str, path: str) -> None:
    assert reader(family).address.parse(f"https://portal.example{path}") is None


@pytest.mark.parametrize(
    ("family", "path", "page"),
    [
        ("wordpress", "/chuyen-muc/tin/page/2/", 2),
        ("joomla", "/thuc-tien?start=20", 21),
        ("sharepoint", "/Lists/TuTuong/TongQuat.aspx?PageIndex=40", 40),
        ("mat_tran", "/tin-hoat-dong/?page=3", 3),
        ("generic", "/tin-tuc/trang-4", 4),
    ],
)
def test_a_further_page_of_a_listing_says_which(family: str, path: str, page: int) -> None:
    address = reader(family).address.parse(f"https://portal.example{path}")
    assert address is not None and address.page == page


@pytest.mark.parametrize(("family", "key", "path"), FORMS)
def test_what_is_asked_for_is_read_as_the_same_address(family: str, key: str, path: str) -> None:
    addresses = reader(family).address
    address = addresses.parse(f"https://portal.example{path}")
    assert address is not None
    again = addresses.parse(addresses.at("http://www.portal.example/", address))
    assert again == address
