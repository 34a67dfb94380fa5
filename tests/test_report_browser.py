"""The report as an operator opens it in a real Chromium: on a phone, in the dark, printed, read aloud, without scripts.

Skipped where no Chromium is: Debian's package `chromium` is one, CHROMIUM names another.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_report_parts import NIGHT

from crawler.reporting import page

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (requirements-dev.txt)")
Axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
pytestmark = pytest.mark.skipif(not Path(CHROMIUM).is_file(), reason="there is no Chromium here (apt install chromium)")

PHONE = {"width": 360, "height": 720}
MANNERS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": PHONE, "is_mobile": True},
}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=quiet)
        yield browser
        browser.close()


@pytest.fixture(params=MANNERS)
def report(chromium: Any, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The page, opened as a file in one manner; whatever it asks for, and whatever the browser minds, is an error."""
    path = tmp_path / "2026-03-01.html"
    path.write_text(page.write(NIGHT, "vi", "2026-03-01.json"), encoding="utf-8")
    complaints: list[str] = []
    context = chromium.new_context(**MANNERS[request.param])
    opened = context.new_page()
    opened.on("request", lambda asked: complaints.append(asked.url) if asked.url != path.as_uri() else None)
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    opened.goto(path.as_uri())
    yield opened
    context.close()
    assert complaints == []


def test_it_keeps_nobody_out_fits_and_can_be_printed(report: Any) -> None:
    found = Axe().run(report).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    assert report.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    levels = report.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(e => +e.tagName[1])")
    assert levels[0] == 1 and levels.count(1) == 1 and set(levels) == {1, 2, 3}
    chart = report.locator("svg[role=img]")
    assert chart.count() == 1 and "28 ngày" in chart.get_attribute("aria-label")
    assert "1 ngày không đọc được" in chart.get_attribute("aria-label")
    assert [link.get_attribute("href") for link in report.locator("a").all()] == [
        "http://127.0.0.1:1/bai-1.html",
        "http://127.0.0.1:2/bai.html",
    ], "what is no address of the web is no link"
    report.emulate_media(media="print")
    assert report.locator("h1").is_visible() and report.locator(".ill li").is_visible()
    assert report.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_the_night_of_the_picture_in_the_documents_can_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent.parent / "tools"))
    from report_picture import night

    for code in ("vi", "en"):
        assert "song_doc" in page.write(night(), code, "")
