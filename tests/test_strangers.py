"""Pages that stand in the place of a portal's own under status 200 are known by what they are, and never stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.demo.routes import Answer
from crawler.health.challenges import stands_in_the_way
from crawler.outcomes import Outcome
from crawler.page import Page
from tests.loopback import Nightly, SickPortal
from tests.site_of_pages import FETCHED, HOST, Site

WALL = """<html><body><script>document.cookie="D1N=9f2c"+"; expires=Fri, 31-Dec-2037 23:55:55 GMT; path=/";
window.location.reload(true);</script></body></html>"""
PAGES = {
    "a wall of cookies": (WALL, Outcome.CHALLENGE),
    "a wall with arithmetic": (
        "<html><body><script>var a=toNumbers('f6');document.cookie='__test='+toHex(slowAES.decrypt(c,2,a,b));"
        "location.href='/?i=1';</script><noscript>Trang này cần JavaScript</noscript></body></html>",
        Outcome.CHALLENGE,
    ),
    "Cloudflare": (
        "<html><head><title>Just a moment...</title></head><body><noscript>Enable JavaScript</noscript>"
        "<script src='/cdn-cgi/challenge-platform/h/g/orchestrate'></script></body></html>",
        Outcome.CHALLENGE,
    ),
    "F5": (
        "<html><body>The requested URL was rejected. Your support ID is: 1234<br><a href='javascript:history.back();'>"
        "[Go Back]</a></body></html>",
        Outcome.CHALLENGE,
    ),
    "for sale": ("<html><body><h1>portal.example</h1><p>This domain is for sale!</p></body></html>", Outcome.PARKED),
    "expired": ("<html><body><p>Tên miền đã hết hạn sử dụng</p></body></html>", Outcome.PARKED),
    "suspended": ("<html><body><h1>Account has been suspended</h1></body></html>", Outcome.PARKED),
    "moved": (
        "<html><body><p>Trang thông tin đã chuyển sang địa chỉ <a href='https://moi.example/'>moi.example</a>"
        "</p></body></html>",
        Outcome.PARKED,
    ),
    "a note of moving to nowhere": (
        "<html><body><p>Văn phòng đã chuyển sang địa chỉ 12 phố Cũ</p></body></html>",
        None,
    ),
    "a small page": ("<html><body><p>Đang cập nhật</p></body></html>", None),
}


@pytest.mark.parametrize(("text", "outcome"), PAGES.values(), ids=PAGES)
def test_a_page_in_the_place_of_the_portals_is_known_by_what_it_is(text: str, outcome: Outcome | None) -> None:
    assert stands_in_the_way(Page(f"{HOST}/", text, FETCHED)) is outcome


@pytest.mark.parametrize(
    "said", ["Tên miền đã hết hạn", "verify you are human", "<script>document.cookie='a=1';location.reload()</script>"]
)
def test_an_article_that_speaks_of_such_things_is_an_article(said: str) -> None:
    page = Site().page(3)
    text = page.text.replace("</body>", f"<p>{said}</p></body>")
    assert text != page.text
    assert stands_in_the_way(Page(page.url, text, FETCHED)) is None


@pytest.mark.parametrize("cms", ["nukeviet", "generic"])
def test_a_portal_behind_a_wall_is_blocked_and_nothing_of_the_wall_is_stored(tmp_path: Path, cms: str) -> None:
    def mood(path: str, n: int) -> Answer | None:
        return Answer(WALL.encode()) if path != "/robots.txt" else None

    with SickPortal(mood) as portal:
        nightly = Nightly(tmp_path).register(url=portal.url, cms=cms)
        assert nightly.run().returncode == 1
    ((verdict, health),) = nightly.archived.rows("select verdict, health from run_portals")
    assert verdict == "blocked" and "a challenge for browsers stood in place of the page" in health
    assert nightly.archived.count() == 0 and len(portal.requests) <= 10
