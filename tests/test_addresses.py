"""One article, many addresses: which page an address of NukeViet names, and how addresses are made one."""

from __future__ import annotations

import pytest

from crawler.cms import nukeviet_address as address
from crawler.urls import absolute, at_origin, netloc

HOST = "https://danvan.example"
SLUG = "Be-Tong-hoa-duong-lang"

# address -> (language, module, number)
ARTICLES = {
    "/dan-van-kheo/be-tong-hoa-duong-lang-12.html": ("", "", "12"),
    "/news/dan-van-kheo/be-tong-hoa-duong-lang-12.html": ("", "news", "12"),
    "/tin-tuc/dan-van-kheo/be-tong-hoa-duong-lang-1093.html": ("", "tin-tuc", "1093"),
    "/vi/news/Dan-van-kheo/Be-Tong-hoa-duong-lang-12.html": ("vi", "news", "12"),
    "/en/news/Dan-van-kheo/Be-Tong-hoa-duong-lang-12.html": ("en", "news", "12"),
    "/cong-tac-dan-van/be-tong-hoa-duong-lang-951/": ("", "", "951"),
    "/index.php/dan-van-kheo/be-tong-hoa-duong-lang-88.html": ("", "", "88"),
    "/index.php/vi/news/Dan-van-kheo/Be-Tong-hoa-duong-lang-88.html": ("vi", "news", "88"),
    "/index.php?language=vi&nv=news&op=Dan-van-kheo/Be-Tong-hoa-duong-lang-12": ("vi", "news", "12"),
    "/index.php?nv=news&op=Dan-van-kheo/Be-Tong-hoa-duong-lang-12": ("", "news", "12"),
    "/vi/news/Dan-van-kheo/ban-th-ng-v-t-nh-y-7.html": ("vi", "news", "7"),
    "/vi/news/Dan-van-kheo/Ky-hop-25-2015-QD-TTg-301.html": ("vi", "news", "301"),
    "/vi/news/Dan-van-kheo/Be-Tong-hoa-duong-lang-12.html?utm_source=zalo": ("vi", "news", "12"),
    "/vi/news/Dan-van-kheo/Be-Tong-hoa-duong-lang-12.html#binh-luan": ("vi", "news", "12"),
}

THE_SAME = [
    f"{HOST}/vi/news/Dan-van-kheo/{SLUG}-12.html",
    f"{HOST}/vi/news/Dan-van-kheo/{SLUG}-12/",
    f"{HOST}/vi/news/Dan-van-kheo/{SLUG}-12",
    f"{HOST}/vi/news/Dan-van-kheo/{SLUG}-12.htm",
    f"{HOST}/vi/news/dan-van-kheo/{SLUG.lower()}-12.html",
    f"{HOST}/vi/news/Cong-tac-dan-van/{SLUG}-12.html",
    f"{HOST}/vi/news/print/Dan-van-kheo/{SLUG}-12.html",
    f"{HOST}/vi/news/savefile/Dan-van-kheo/{SLUG}-12.html",
    f"{HOST}/vi/news/sendmail/Dan-van-kheo/{SLUG}-12.html",
    f"{HOST}/print/Dan-van-kheo/{SLUG}-12.html",
    f"{HOST}/savefile/Dan-van-kheo/{SLUG}-12.html",
    f"{HOST}/news/Dan-van-kheo/{SLUG}-12.html",
    f"{HOST}/Dan-van-kheo/{SLUG}-12.html",
    f"{HOST}/index.php/vi/news/Dan-van-kheo/{SLUG}-12.html",
    f"{HOST}/index.php?language=vi&nv=news&op=Dan-van-kheo/{SLUG}-12",
    f"{HOST}/index.php?nv=news&op=Dan-van-kheo/{SLUG}-12",
    f"{HOST}/vi/news/Dan-van-kheo/{SLUG}-12.html?utm_source=zalo",
    f"http://danvan.example/vi/news/Dan-van-kheo/{SLUG}-12.html",
    f"http://www.danvan.example/vi/news/Dan-van-kheo/{SLUG}-12.html",
    f"https://WWW.DANVAN.example/vi/news/Dan-van-kheo/{SLUG}-12.html",
]

NOTHING = [
    "/vi/users/login/",
    "/users/register/",
    "/vi/banners/click/?id=3&s=abc",
    "/index.php?second=cronjobs&p=abc",
    "/index.php?scaptcha=captcha&t=1",
    "/vi/seek/?q=dan+van",
    "/vi/news/search/?q=dan+van",
    "/vi/statistics/allreferers/",
    "/vi/comment/post/",
    "/vi/contact/",
    "/vi/feeds/",
    "/vi/news/rss/",
    "/vi/news/rss/Dan-van-kheo/",
    "/vi/news/tag/dan-van-kheo",
    "/vi/laws/Cong-van/Cong-van-27-CV-BDV-27.html",
    "/vi/faq/Hoi-dap-3.html",
    "/vi/about/Gioi-thieu-chung.html",
    "/vi/page/Lien-he-1.html",
    "/admin/",
    "/uploads/news/2021_05/anh-12.jpg",
    "/uploads/ke-hoach-12.pdf",
    "/themes/egov/css/style.css",
    "/vi/voting/",
    "/vi/videos/clip-12.html",
]

LISTINGS = {
    "/": ("/", 1),
    "/vi/": ("/vi/", 1),
    "/vi/news/": ("/vi/news/", 1),
    "/vi/news/Dan-van-kheo/": ("/vi/news/Dan-van-kheo/", 1),
    "/vi/news/Dan-van-kheo": ("/vi/news/Dan-van-kheo/", 1),
    "/vi/news/Dan-van-kheo/page-1/": ("/vi/news/Dan-van-kheo/", 1),
    "/vi/news/Dan-van-kheo/page-2/": ("/vi/news/Dan-van-kheo/page-2/", 2),
    "/vi/news/Dan-van-kheo/page-2": ("/vi/news/Dan-van-kheo/page-2/", 2),
    "/dan-van-kheo/page-117/": ("/dan-van-kheo/page-117/", 117),
    "/index.php/dan-van-kheo/page-3/": ("/index.php/dan-van-kheo/page-3/", 3),
}


@pytest.mark.parametrize(("path", "names"), ARTICLES.items())
def test_every_form_of_an_article_s_address_is_known(path: str, names: tuple[str, str, str]) -> None:
    found = address.parse(HOST + path)
    assert found is not None and found.is_article
    assert (found.lang, found.module, found.number) == names


@pytest.mark.parametrize("url", THE_SAME)
def test_all_addresses_of_an_article_have_one_key(url: str) -> None:
    found = address.parse(at_origin(url, f"{HOST}/"))
    assert found is not None and found.key == f"vi/{SLUG.lower()}-12"


def test_other_articles_and_other_languages_have_other_keys() -> None:
    keys = [
        found.key
        for path in (f"/vi/news/A/{SLUG}-12.html", f"/vi/news/A/{SLUG}-13.html", f"/en/news/A/{SLUG}-12.html",
                     "/vi/news/A/Bai-khac-12.html", "/vi/news/A/", "/vi/news/A/page-12/")
        if (found := address.parse(HOST + path))
    ]  # fmt: skip
    assert len(set(keys)) == 6


@pytest.mark.parametrize("view", ["print", "savefile", "sendmail"])
def test_the_views_of_an_article_are_asked_as_the_article_itself(view: str) -> None:
    found = address.parse(f"{HOST}/vi/news/{view}/Dan-van-kheo/{SLUG}-12.html")
    assert found is not None
    assert address.at("http://127.0.0.1:8080/", found) == f"http://127.0.0.1:8080/vi/news/Dan-van-kheo/{SLUG}-12.html"


@pytest.mark.parametrize("path", NOTHING)
def test_what_holds_no_news_is_never_an_address_to_ask(path: str) -> None:
    assert address.parse(HOST + path) is None


@pytest.mark.parametrize(("path", "whole"), LISTINGS.items())
def test_a_listing_and_its_pages_are_told_apart(path: str, whole: tuple[str, int]) -> None:
    found = address.parse(HOST + path)
    assert found is not None and not found.is_article
    assert (found.path, found.page) == whole


# ---------------------------------------------------------------- addresses of any kind


BASE = "http://portal.example/vi/news/Muc/Bai-1.html"
ABSOLUTE = {
    "/vi/news/": "http://portal.example/vi/news/",
    "Bai-2.html": "http://portal.example/vi/news/Muc/Bai-2.html",
    "../": "http://portal.example/vi/news/",
    "/a/../b.html": "http://portal.example/b.html",
    "?page=2": "http://portal.example/vi/news/Muc/Bai-1.html?page=2",
    "//cdn.example/a.jpg": "http://cdn.example/a.jpg",
    "https://OTHER.example/A": "https://other.example/A",
    "https://other.example": "https://other.example/",
    "/a.html#cuoi": "http://portal.example/a.html",
    " /a.html\n": "http://portal.example/a.html",
    "/vi/news/tag/dân-vận": "http://portal.example/vi/news/tag/d%C3%A2n-v%E1%BA%ADn",
    "/vi/news/tag/d%C3%A2n": "http://portal.example/vi/news/tag/d%C3%A2n",
    "/a b.html": "http://portal.example/a%20b.html",
    "/a?q=dân vận": "http://portal.example/a?q=d%C3%A2n%20v%E1%BA%ADn",
    "mailto:bien.tap@portal.example": "mailto:bien.tap@portal.example",
}
NO_ADDRESS = [
    "", "#", "#cuoi", " ", "javascript:void(0)", "JavaScript:x()", "java\nscript:x()", "data:text/html,x", "tel:+84",
    "ftp://portal.example/a", "file:///etc/passwd", "http://[", "http://[::1", "http://", "https:///",
]  # fmt: skip


@pytest.mark.parametrize(("href", "url"), ABSOLUTE.items())
def test_a_link_is_made_absolute(href: str, url: str) -> None:
    assert absolute(BASE, href) == url


@pytest.mark.parametrize("href", NO_ADDRESS)
def test_what_is_no_address_is_none(href: str) -> None:
    assert absolute(BASE, href) == ""


def test_making_absolute_twice_changes_nothing() -> None:
    for url in ABSOLUTE.values():
        assert absolute(BASE, url) == url


def test_http_https_and_www_come_to_the_portal_s_own_form() -> None:
    forms = ["http://portal.example/a?b=c", "https://portal.example/a?b=c", "https://www.portal.example/a?b=c#d"]
    assert {at_origin(url, "https://portal.example/") for url in forms} == {"https://portal.example/a?b=c"}
    assert at_origin("http://portal.example", "http://portal.example:8080/") == "http://portal.example:8080/"


def test_host_and_port_of_an_address() -> None:
    assert netloc("http://Portal.Example:8080/a") == "portal.example:8080"
    assert netloc("/a") == "" and netloc("http://[") == ""
