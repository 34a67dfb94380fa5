"""What a reader does at the site, in a real Chromium: search, narrow, open, compare, download; by any means they have.

Skipped where no Chromium is: Debian's package `chromium` is one, CHROMIUM names another.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from reading_room import BACK, COPY, EDITED, GONE, REWRITTEN, fill, served

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (requirements-dev.txt)")
Axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
pytestmark = pytest.mark.skipif(not Path(CHROMIUM).is_file(), reason="there is no Chromium here (apt install chromium)")

PHONE = {"width": 360, "height": 720}
DOCUMENT = "/d/25-nq-tw-2013-06-03"
PAGES = {
    "front": "/",
    "results": "/search?q=dan+van",
    "nothing found": "/search?q=xyzzy",
    "downloads": "/export?q=dan+van",
    "article": f"/a/{EDITED.id}",
    "withdrawn": f"/a/{GONE.id}",
    "reprint": f"/a/{COPY.id}",
    "versions": f"/a/{EDITED.id}/diff",
    "captured page": f"/a/{EDITED.id}/raw/2",
    "document": DOCUMENT,
    "documents": "/documents",
    "portal": "/portal/binh_phuoc",
    "portals": "/portals",
    "province": "/province/dong-nai",
    "province of old": "/province/binh-phuoc?list=named",
    "provinces": "/provinces",
    "about": "/about",
    "no such page": "/nothing",
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("data")
    fill(folder)
    with served(folder) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=quiet)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Any, base: str) -> Iterator[Any]:
    """A fresh reader; what the browser complained of, and what it asked of other hosts, is an error in the end."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def asked(request: Any) -> None:
        if not request.url.startswith((base, "data:", "blob:")) and request.failure != "csp":
            complaints.append(f"asked {request.url}: {request.failure}")

    def said(message: Any) -> None:
        if message.type == "error" and "/raw/" not in message.location.get("url", ""):  # which says what it forbids
            complaints.append(message.text)

    def opened(path: str = "/", **options: Any) -> Any:
        context = chromium.new_context(base_url=base, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)  # a busy machine is no failure
        page.on("console", said)
        page.on("requestfinished", asked)
        page.on("requestfailed", asked)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [one for one in complaints if "404" not in one] == []


def test_a_search_is_typed_without_a_click_narrowed_opened_and_gone_back_from(open_page: Any) -> None:
    page = open_page()
    page.wait_for_function("document.activeElement.name === 'q'")  # a frame or two behind the load
    page.keyboard.type("hien dat")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=hien+dat*")
    assert page.locator("mark").first.inner_text() == "hiến đất"
    page.locator(".filters a:visible", has_text="Đồng Nai").first.click()
    assert re.search(r"[&?](province|portal|organisation)", page.url)
    page.locator("main h2 a", has_text=REWRITTEN.title).first.click()
    assert page.locator("h1").inner_text() == REWRITTEN.title
    page.go_back()
    assert page.locator("mark").first.inner_text() == "hiến đất"


def test_two_versions_are_chosen_and_compared(open_page: Any) -> None:
    page = open_page(f"/a/{EDITED.id}")
    page.get_by_role("link", name="Xem phần đã sửa").click()
    page.get_by_label("Phiên bản cũ").select_option("2")
    page.get_by_label("Phiên bản mới").select_option("1")
    page.get_by_role("button", name="So sánh").click()
    assert "from=2&to=1" in page.url
    deleted = page.locator(".diff del").first
    assert "lăm" in deleted.inner_text() and deleted.evaluate("e => getComputedStyle(e).textDecorationLine") != "none"
    folded = page.get_by_text("4 đoạn không đổi")
    assert not page.get_by_text("Đoạn thứ 3 kể chuyện").is_visible()
    folded.click()
    assert page.get_by_text("Đoạn thứ 3 kể chuyện").is_visible()


def test_a_citation_is_downloaded(open_page: Any) -> None:
    page = open_page(f"/a/{EDITED.id}")
    with page.expect_download() as download:
        page.get_by_role("link", name="BibTeX").click()
    saved = download.value
    assert saved.suggested_filename == f"danvan-{EDITED.id}.bib"
    assert REWRITTEN.title in Path(saved.path()).read_text("utf-8")


def test_english_is_at_a_click_and_stays_and_so_does_the_page(open_page: Any) -> None:
    page = open_page("/portal/binh_phuoc?year=2024")
    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en" and "/portal/binh_phuoc?year=2024" in page.url
    page.locator(".listed h3 a").first.click()
    assert page.locator("html").get_attribute("lang") == "en" and "lang=" not in page.url
    assert [cookie["name"] for cookie in page.context.cookies()] == ["lang"], "the only cookie"
    page.get_by_role("link", name="Tiếng Việt").click()
    assert page.locator("html").get_attribute("lang") == "vi" and page.context.cookies() == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_phone(open_page: Any, name: str) -> None:
    page = open_page(PAGES[name], viewport=PHONE, is_mobile=True, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    small = page.evaluate(
        "[...document.querySelectorAll('main p, main li, main dd, main td')]"
        ".filter(e => !e.closest('.bars') && e.innerText.trim() && "
        "parseFloat(getComputedStyle(e).fontSize) < 11).length"
    )
    assert small == 0, "no text but the labels of a chart is too small to read"


def test_all_of_it_works_without_scripts(open_page: Any) -> None:
    page = open_page(java_script_enabled=False)
    page.locator("#q").fill("hiến đất")
    page.get_by_role("button", name="Tìm").click()
    page.locator(".filters a:visible", has_text="Đồng Nai").first.click()
    page.locator("main h2 a", has_text=REWRITTEN.title).first.click()
    page.get_by_role("link", name="Xem phần đã sửa").click()
    page.get_by_label("Phiên bản mới").select_option("1")
    page.get_by_role("button", name="So sánh").click()
    assert "giống hệt nhau" in page.content()
    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"


def test_the_keyboard_is_enough_and_shows_where_it_is(open_page: Any) -> None:
    page = open_page(f"/a/{EDITED.id}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0, "it comes into sight"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e);"
            "return [e.tagName, (e.innerText || e.name || '').trim(), s.outlineStyle, s.outlineWidth] })()"
        )
        if here[0] == "BODY":
            break
        assert here[2] != "none" and here[3] != "0px", here
        seen.add(here[1])
    assert {"Xem phần đã sửa", "BibTeX", "English"} & seen == {"Xem phần đã sửa", "BibTeX"}
    assert any(text.startswith("http") for text in seen), "the permalink and the original"


def test_a_year_of_the_timeline_and_a_tile_of_the_map_are_chosen_by_keyboard(open_page: Any) -> None:
    page = open_page()
    page.locator(".chart a", has=page.locator("rect")).last.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search\?year=\d{4}"))
    page.go_back()
    page.locator('.map a[aria-label^="Đồng Nai"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/province/dong-nai")


def test_the_captured_page_is_shown_and_nothing_of_it_runs_or_asks_anyone(open_page: Any) -> None:
    page = open_page(f"/a/{EDITED.id}")
    page.get_by_role("link", name="Trang gốc đã lưu").last.click()
    page.get_by_role("link", name="Xem trang").click()
    assert page.locator("h1").inner_text() == REWRITTEN.title
    page.wait_for_timeout(300)
    assert page.title() == REWRITTEN.title, "no script gave it another"
    assert page.url.endswith("/raw/2.html"), "no refresh led away"
    assert page.locator("a").evaluate("a => a.href") == EDITED.url.split("/vi/")[0] + "/vi/news/khac.html"


@pytest.mark.parametrize("manner", ["light", "dark", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_keeps_anyone_out(open_page: Any, name: str, manner: str) -> None:
    """axe finds nothing serious: contrast, names, roles, landmarks, headings."""
    options: dict[str, Any] = {"color_scheme": "dark" if manner == "dark" else "light"}
    if manner == "phone":
        options |= {"viewport": PHONE, "is_mobile": True}
    page = open_page(PAGES[name], **options)
    found = Axe().run(page).response["violations"]
    serious = [
        (one["id"], [node["html"][:160] for node in one["nodes"]][:3])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert serious == []


def test_each_page_has_its_landmarks_and_one_first_heading(open_page: Any) -> None:
    for path in PAGES.values():
        page = open_page(path)
        assert page.locator("h1").count() == 1, path
        for landmark in ("header", "nav", "main", "footer"):
            assert page.locator(landmark).count() >= 1, (path, landmark)
        levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(e => +e.tagName[1])")
        assert levels[0] == 1 and all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_a_printed_article_is_the_article(open_page: Any) -> None:
    page = open_page(f"/a/{BACK.id}")
    page.emulate_media(media="print")
    assert not page.locator(".top nav").is_visible() and not page.locator(".search").first.is_visible()
    assert page.locator("h1").is_visible() and page.locator(".address").first.is_visible()


def test_a_result_is_downloaded_with_its_texts(open_page: Any) -> None:
    page = open_page("/search?q=dan+van", accept_downloads=True)
    count = re.search(r"\d+", page.locator(".downloads p").first.inner_text())
    page.get_by_role("link", name="Tải về").first.click()
    page.get_by_label("Kèm toàn văn từng bài").check()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV").click()
    download = waiting.value
    assert count and download.suggested_filename.endswith(f"_{count[0]}-bai.csv")
    with open(download.path(), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == int(count[0]) and all(row["Toàn văn"] for row in rows)
